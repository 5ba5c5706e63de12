"""A mirror at the edge.

Image with `amount` mirrored pixels on each side; uint8.
"""

from functools import partial

import numpy as np

from exercises import ideas
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import large_images, random_image
from exercises.ex06_convolution.shared import IMAGES

ZEROS = "Pitfall: zeros outside are black"


def my_pad_reflect(image, amount):
    indices = []
    for size in image.shape:
        places = np.abs(np.arange(-amount, size + amount))  # mirrored at pixel 0
        indices.append(size - 1 - np.abs(size - 1 - places))  # and at the last one
    return image[np.ix_(*indices)]


@st.composite
def images_and_amounts(draw):
    """Strategy: an image, and a padding that its mirror image can fill."""
    image = draw(IMAGES)
    return {"image": image, "amount": draw(st.integers(0, min(image.shape) - 1))}


def black_corners(image, amount):
    height, width = image.shape
    out = np.pad(image, amount)
    out[amount : amount + height] = np.pad(image, ((0, 0), (amount, amount)), mode="reflect")
    out[:, amount : amount + width] = np.pad(image, ((amount, amount), (0, 0)), mode="reflect")
    return out


def not_reversed(image, amount):
    for _ in range(2):
        end = len(image) - 1
        image = np.concatenate([image[1 : amount + 1], image, image[end - amount : end]]).T
    return image


def minus_zero(image, amount):
    out = np.zeros(np.add(image.shape, 2 * amount), np.uint8)
    out[amount:-amount, amount:-amount] = image
    return np.pad(image, amount, mode="reflect") if amount else out


EXERCISE = Exercise(
    section=ZEROS,
    solution=my_pad_reflect,
    reference=partial(np.pad, mode="reflect"),
    inputs=images_and_amounts(),
    examples={
        "a single pixel and no padding": {"image": np.array([[7]], np.uint8), "amount": 0},
        "no padding": {"image": np.array([[1, 2], [3, 4]], np.uint8), "amount": 0},
        "a padding of 1": {"image": np.array([[1, 2], [3, 4]], np.uint8), "amount": 1},
        "a constant image": {"image": np.full((2, 3), 9, np.uint8), "amount": 1},
        "the largest padding": {
            "image": np.arange(1, 10, dtype=np.uint8).reshape(3, 3),
            "amount": 2,
        },
    },
    more=large_images(amount=3) + ({"image": random_image(41, 31), "amount": 30},),
    misconceptions=(
        Misconception(
            "repeats the edge in the mirror",
            partial(np.pad, mode="symmetric"),
            "Your mirror stands beside the last pixel, so this pixel appears twice. It "
            "stands on the last pixel: the first padded pixel is the one before the last.",
        ),
        ideas.pads_with_zeros(
            np.pad, "Zeros are black, and a blur pulls them in. Mirror the image instead."
        ),
        Misconception(
            "repeats the pixel at the edge",
            partial(np.pad, mode="edge"),
            "You continue with copies of the last pixel. Mirror what lies before it.",
        ),
        Misconception(
            "wraps round",
            partial(np.pad, mode="wrap"),
            "You continue with the pixels of the other end. Mirror those of the same end.",
        ),
        Misconception(
            "does not reverse the pixels",
            not_reversed,
            "You copy the pixels next to the edge in their old order. In a mirror, the one "
            "nearest to the edge comes first.",
        ),
        Misconception(
            "pads the rows only",
            lambda image, amount: np.pad(image, ((amount, amount), (0, 0)), mode="reflect"),
            "You add rows above and below. Add columns at the left and right as well.",
        ),
        Misconception(
            "pads the columns only",
            lambda image, amount: np.pad(image, ((0, 0), (amount, amount)), mode="reflect"),
            "You add columns at the left and right. Add rows above and below as well.",
        ),
        Misconception(
            "pads one end of each axis",
            lambda image, amount: np.pad(image, (0, amount), mode="reflect"),
            "You add pixels below and at the right. Add as many above and at the left.",
        ),
        Misconception(
            "leaves the corners black",
            black_corners,
            "You mirror the four sides of the image, and the corners stay 0. Mirror the rows "
            "first, then the columns of the result.",
        ),
        Misconception(
            "cuts with [amount:-amount]",
            minus_zero,
            "With an amount of 0 this is [0:-0], which is empty. Use [amount : amount + size].",
        ),
    ),
    hints=(
        "Do it for the rows first. The columns are the same, on the transposed image.",
        "Which row comes just above row 0? Row 1, then row 2: row -i is row i.",
        "Make a list of the row numbers, np.abs(np.arange(-amount, height + amount)), and "
        "mirror those above height - 1 likewise. Then index: image[rows][:, columns].",
    ),
    then="Which amount is too large for an image of 4 x 4? What does np.pad do then?",
)
