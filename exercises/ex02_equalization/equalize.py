"""Equalize a grey image.

Equalize a grey image with T(k) = floor(255 * C(k) / N).
"""

import numpy as np

from course_utils import equalization
from exercises import ideas
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import arguments, gray_images
from exercises.ex02_equalization.shared import (
    DARKEST_TO_0,
    GRAY_IMAGES,
    MORE_GRAY_IMAGES,
    OPENCV,
    SUM_OF_FRACTIONS,
    applied,
    cumulative_counts,
    fractions_map,
    map_counting_below,
    map_dividing_first,
    map_of_256,
    map_without_sum,
    raised_map,
    rounded_map,
    stretching,
)


def my_equalize(image):
    counts = np.bincount(image.ravel(), minlength=256)
    levels = 255 * counts.cumsum() // image.size
    return levels[image].astype(np.uint8)


def moving_pixels_again(image):
    result, level_map = image.copy(), equalization.equalization_map(image)
    for level in range(256):
        result[result == level] = level_map[level]
    return result


def in_place(image):
    image[...] = equalization.equalize(image)
    return image


EXERCISE = Exercise(
    section="2.1 A map for grey levels",
    solution=my_equalize,
    reference=equalization.equalize,
    inputs=arguments(image=gray_images()),
    examples=GRAY_IMAGES,
    more=MORE_GRAY_IMAGES,
    is_new=True,
    misconceptions=(
        ideas.rounds_to_the_nearest_level(applied(rounded_map)),
        ideas.uses_opencvs_map(equalization.equalize_full_range, DARKEST_TO_0, OPENCV),
        ideas.counts_only_the_pixels_below(applied(map_counting_below)),
        ideas.multiplies_by_256(applied(map_of_256)),
        ideas.adds_up_float_fractions(applied(fractions_map), section=SUM_OF_FRACTIONS),
        ideas.stretches_instead_of_equalizing(stretching),
        ideas.changes_its_argument(in_place),
        ideas.divides_before_it_multiplies(
            lambda image: map_dividing_first(image)[image],
            "C(k) // N is 0 but for the brightest level. Multiply first: 255 * C(k) // N.",
        ),
        ideas.forgets_to_add_up_the_counts(
            lambda image: map_without_sum(image)[image],
            "h(k) counts the pixels at level k. C(k) counts those at k or darker: np.cumsum.",
        ),
        Misconception(
            "takes the brightest level for 255",
            lambda image: (cumulative_counts(image)[image] * int(image.max()) // image.size).astype(
                np.uint8
            ),
            "255 is the largest level that a uint8 can have, not the largest in the image. So "
            "a dark image becomes bright.",
        ),
        Misconception(
            "counts pixels in uint8",
            lambda image: (
                255 * cumulative_counts(image).astype(np.uint8)[image] / image.size
            ).astype(np.uint8),
            "255 times a uint8 wraps around above 255, and so does a count. Keep counts in "
            "integers of 64 bits.",
        ),
        ideas.returns_floats(
            lambda image: np.floor(255 * cumulative_counts(image)[image] / image.size),
            "np.floor leaves floats, and levels are uint8. End with .astype(np.uint8).",
        ),
        ideas.returns_the_map(
            equalization.equalization_map,
            "You return the new level of each of the 256 levels. The image looks its pixels up "
            "in it: T[image].",
        ),
        Misconception(
            "moves pixels that it has moved already",
            moving_pixels_again,
            "Your loop writes into the array that it compares with the level: a pixel that has "
            "become brighter is found again. Write into another array.",
        ),
        ideas.rounds_up(
            applied(raised_map),
            "Your map rounds 255 C(k) / N up. The map of this exercise takes the floor.",
        ),
        Misconception(
            "returns fractions",
            lambda image: (cumulative_counts(image) / image.size)[image],
            "Your result lies between 0 and 1. Multiply by 255, take the floor, and convert to "
            "uint8.",
        ),
    ),
    hints=(
        "Count the levels first, then add the counts up.",
        "np.bincount(image.ravel(), minlength=256).cumsum() is C(k) for all k.",
        "Compute the map T for all 256 levels, in integers. Then index it: T[image].",
    ),
    then="Equalize the result once more. Why does nothing change?",
)
