"""OpenCV's map.

Equalize a grey image with T_CV, computed exactly.
"""

from functools import partial

import cv2
import numpy as np

from course_utils import equalization
from exercises import ideas
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import arguments, gray_images, random_image
from exercises.ex02_equalization.shared import (
    GRAY_IMAGES,
    OPENCV,
    applied,
    cumulative_counts,
    rounded_map,
    stretching,
)


def my_equalize_full_range(image):
    counts = np.bincount(image.ravel(), minlength=256)
    darkest = counts[image.min()]
    if darkest == image.size:
        return image.copy()
    levels = 255 * (counts.cumsum() - darkest) / (image.size - darkest)
    return np.rint(levels.clip(0)).astype(np.uint8)[image]


def full_range(image, rounding=np.rint, constant=None, all_pixels=False, black=False):
    """OpenCV's map with one detail changed."""
    if np.ptp(image) == 0:
        return image.copy() if constant is None else np.full_like(image, constant)
    darkest = np.count_nonzero(image == (0 if black else image.min()))
    pixels = image.size if all_pixels else image.size - darkest
    levels = 255 * (cumulative_counts(image) - darkest) / pixels
    return rounding(levels.clip(0)).astype(np.uint8)[image]


def scaled_from(image, lowest):
    """OpenCV's map with another C_min, and without its exception for a constant image."""
    counts = cumulative_counts(image)
    with np.errstate(all="ignore"):
        levels = np.rint(255 * (counts - float(lowest)) / (image.size - float(lowest)))
        return levels[image].astype(np.uint8)


EXERCISE = Exercise(
    section=OPENCV,
    solution=my_equalize_full_range,
    reference=equalization.equalize_full_range,
    # OpenCV multiplies in single precision; from 16 pixels on, that can move a half.
    inputs=arguments(image=gray_images(max_side=3)),
    examples={
        **GRAY_IMAGES,
        "halves": {"image": np.array([[0, 0, 1, 2], [2, 2, 2, 2]], np.uint8)},
    },
    more=(
        {"image": random_image(4, 6)},
        {"image": random_image(41, 31) // 8},
        {"image": np.repeat(np.arange(4, dtype=np.uint8), [97, 1, 1, 1]).reshape(10, 10)},
    ),
    is_new=True,
    misconceptions=(
        Misconception(
            "uses the floor map",
            equalization.equalize,
            "Your map counts the darkest level like any other. OpenCV's leaves it out.",
            "2.1 A map for grey levels",
        ),
        Misconception(
            "takes the floor",
            partial(full_range, rounding=np.floor),
            "You cut off the decimals. OpenCV's map rounds to the nearest level.",
        ),
        ideas.rounds_halves_up(
            partial(full_range, rounding=lambda levels: np.floor(levels + 0.5)),
            "You round 42.5 to 43. OpenCV and np.rint send a half to the even level, 42.",
        ),
        Misconception(
            "subtracts nothing from the counts",
            applied(rounded_map),
            "Your darkest level does not become 0. Subtract C_min, above and below; "
            "counts.min() is 0, because it counts levels that are not in use, too.",
        ),
        Misconception(
            "divides by the number of all pixels",
            partial(full_range, all_pixels=True),
            "You divide by N, and levels come out too dark. Divide by N - C_min.",
        ),
        Misconception(
            "takes the count of level 0 for the darkest",
            partial(full_range, black=True),
            "C_min belongs to the darkest level in use. If no pixel is black, C(0) is 0.",
        ),
        Misconception(
            "makes a constant image black",
            partial(full_range, constant=0),
            "With a constant image N - C_min and C - C_min are both 0. Return a copy of the image.",
        ),
        Misconception(
            "makes a constant image white",
            partial(full_range, constant=255),
            "So does the floor map. OpenCV leaves a constant image as it is.",
        ),
        ideas.stretches_instead_of_equalizing(stretching),
        ideas.changes_its_argument(lambda image: cv2.equalizeHist(image, image)),
        Misconception(
            "takes the darkest level for its count",
            lambda image: scaled_from(image, image.min()),
            "image.min() is a level, and C_min a number of pixels. It is C at that level.",
        ),
        Misconception(
            "takes the smallest of all 256 sums",
            lambda image: scaled_from(image, cumulative_counts(image).min()),
            "Below the darkest level of the image all C(k) are 0, so the smallest is 0. And a "
            "constant image comes back as it is.",
        ),
    ),
    hints=(
        "Two numbers change: what you subtract from C(k), and what you divide by.",
        "C_min is counts[image.min()]. When is N - C_min zero? Return a copy then.",
        "np.rint(255 * (C - C_min) / (N - C_min)); clip below at 0, then as uint8.",
    ),
    then="Compare it with cv2.equalizeHist on your photographs.",
)
