"""Sharpen by blurring.

Image + amount * (image - blurred image), as uint8.
"""

import cv2
import numpy as np

from course_utils import convolution
from course_utils.filtering import filter_image
from exercises import ideas
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import arguments, gray_images, large_images
from exercises.ex04_filtering.shared import STEP, sums_with_border

AMOUNTS = (1.0, 0.0, 2.0, 0.4, 1.6, 5.0)  # fifths are never halfway between two levels
BLURS = (
    np.full((1, 3), 1 / 3),
    np.full((3, 3), 1 / 9),
    np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]]) / 5,
    np.array([[0, 0.2, 0], [0, 0, 0.6], [0, 0, 0]]),  # not symmetric, and its sum is not 1
)


def my_unsharp_mask(image, kernel, amount):
    blurred = filter_image(image, kernel)
    sharpened = image + amount * (image.astype(float) - blurred)
    return np.clip(np.rint(sharpened), 0, 255).astype(np.uint8)


def unsharp_mask(image, kernel, amount):
    """OpenCV's weighted sum of two images; it rounds and clips."""
    blurred = filter_image(image, kernel)
    return cv2.addWeighted(image, 1 + amount, blurred, -amount, 0)


def detail(image, kernel):
    return image.astype(float) - filter_image(image, kernel)


def unsharp_in_uint8(image, kernel, amount):
    return convolution.to_uint8(image + amount * (image - filter_image(image, kernel)))


def unsharp_brighter_only(image, kernel, amount):
    return convolution.to_uint8(image + amount * np.maximum(detail(image, kernel), 0))


def unsharp_unclipped(image, kernel, amount):
    return np.rint(image + amount * detail(image, kernel)).astype(int).astype(np.uint8)


def unsharp_cut(image, kernel, amount):
    return np.clip(image + amount * detail(image, kernel), 0, 255).astype(np.uint8)


def unsharp_backwards(image, kernel, amount):
    return convolution.to_uint8(image - amount * detail(image, kernel))


def detail_only(image, kernel, amount):
    return convolution.to_uint8(amount * detail(image, kernel))


def minus_blurred(image, kernel, amount):
    return convolution.to_uint8(image - amount * filter_image(image, kernel))


def unsharp_once(image, kernel, amount):
    return convolution.to_uint8(image + detail(image, kernel))


def unsharp_unrounded(image, kernel, amount):
    return convolution.to_uint8(image + amount * (image - sums_with_border(image, kernel)))


EXERCISE = Exercise(
    section="4.1 Two ways to improve a picture",
    solution=my_unsharp_mask,
    reference=unsharp_mask,
    inputs=arguments(
        image=gray_images(min_side=3),
        kernel=st.sampled_from(BLURS),
        amount=st.sampled_from(AMOUNTS),
    ),
    examples={
        "a constant image": {
            "image": np.full((3, 3), 9, np.uint8),
            "kernel": BLURS[0],
            "amount": 1.0,
        },
        "a step": {"image": STEP, "kernel": BLURS[0], "amount": 1.0},
        "an amount of 0": {"image": STEP, "kernel": BLURS[1], "amount": 0.0},
    },
    more=large_images(kernel=BLURS[1], amount=0.3137) + large_images(kernel=BLURS[2], amount=3.137),
    is_new=True,
    misconceptions=(
        ideas.subtracts_in_uint8(
            unsharp_in_uint8,
            "Where the blurred level is higher, the difference wraps around: 10 - 12 is 254. "
            "Turn the image into floats first.",
        ),
        Misconception(
            "loses the negative differences",
            unsharp_brighter_only,
            "You clip the difference at 0, and only bright sides get brighter. "
            "The dark side of an edge must get darker.",
        ),
        ideas.lets_large_values_wrap_around(
            unsharp_unclipped,
            "Sharpening overshoots: 256 becomes 0, and -1 becomes 255. Clip before the cast.",
        ),
        ideas.cuts_the_fraction_off(unsharp_cut),
        Misconception(
            "starts from the blurred image",
            lambda image, kernel, amount: convolution.to_uint8(
                filter_image(image, kernel) + amount * detail(image, kernel)
            ),
            "You add the detail to the blurred image, which has lost it. Add it to the image.",
        ),
        Misconception(
            "adds the blurred image",
            lambda image, kernel, amount: convolution.to_uint8(
                image + amount * filter_image(image, kernel)
            ),
            "You add what the blur has left over. The detail is image - blurred image.",
        ),
        Misconception(
            "drops the signs of the detail",
            lambda image, kernel, amount: convolution.to_uint8(
                image + amount * abs(detail(image, kernel))
            ),
            "What is darker than its surroundings must become darker still. Keep the sign.",
        ),
        Misconception(
            "subtracts the detail instead of adding it",
            unsharp_backwards,
            "So the detail becomes weaker, or turns round. Image - blurred is the detail: add it.",
        ),
        Misconception(
            "returns the detail alone",
            detail_only,
            "image - blurred is what the blur took away. Add it to the image.",
        ),
        Misconception(
            "subtracts the blurred image itself",
            minus_blurred,
            "image - amount * blurred makes flat areas darker. On a flat area nothing may change.",
        ),
        Misconception(
            "does not use the amount",
            unsharp_once,
            "You add the detail once. Multiply it by the amount.",
        ),
        Misconception(
            "blurs without rounding",
            unsharp_unrounded,
            "You keep the fractions of the blurred image. Take what filter_image returns: "
            "whole levels.",
        ),
    ),
    hints=(
        "filter_image(image, kernel) is the blurred image. What is 10 - 12 in uint8?",
        "image.astype(float) - blurred may be negative, as it should be.",
        "Round and clip image + amount * difference once, at the end.",
    ),
    then="Sharpen camera with amounts 1, 2, 5. When do bright and dark fringes get ugly?",
)
