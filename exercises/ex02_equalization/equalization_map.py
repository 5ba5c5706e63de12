"""Mend the map.

Return T(0) to T(255), without a fault.
"""

import cv2
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
    cumulative_counts,
    fractions_map,
    map_counting_below,
    map_dividing_first,
    map_of_256,
    map_without_sum,
    raised_map,
    rounded_map,
)


def map_of_used_levels(image):
    counts = np.unique(image, return_counts=True)[1]
    return (255 * counts.cumsum() // image.size).astype(np.uint8)


def opencv_map(image):
    above = (cumulative_counts(image) - np.count_nonzero(image == image.min())).clip(0)
    return np.rint(255 * above / max(above[255], 1)).astype(np.uint8)


def my_equalization_map(image):
    counts = np.bincount(image.ravel(), minlength=256)
    return (255 * counts.cumsum() // image.size).astype(np.uint8)


EXERCISE = Exercise(
    section="2.1 A map for grey levels",
    solution=my_equalization_map,
    reference=equalization.equalization_map,
    inputs=arguments(image=gray_images()),
    examples=GRAY_IMAGES,
    more=MORE_GRAY_IMAGES,
    misconceptions=(
        ideas.adds_up_float_fractions(fractions_map, section=SUM_OF_FRACTIONS),
        ideas.rounds_to_the_nearest_level(rounded_map),
        ideas.counts_only_the_pixels_below(map_counting_below),
        ideas.multiplies_by_256(map_of_256),
        Misconception("computes OpenCV's map", opencv_map, DARKEST_TO_0, OPENCV),
        ideas.forgets_to_add_up_the_counts(
            map_without_sum,
            "You map k to its own fraction h(k) / N. C(k) counts the darker pixels as well.",
        ),
        ideas.divides_before_it_multiplies(
            map_dividing_first,
            "C(k) // N is 0 until C(k) reaches N. Multiply by 255 first, then divide.",
        ),
        Misconception(
            "maps only the levels in use",
            map_of_used_levels,
            "Your map has one entry for each level in use. T[image] needs all 256.",
        ),
        Misconception(
            "applies the map",
            equalization.equalize,
            "You return the equalized image. Return the map itself, T[0] to T[255].",
        ),
        ideas.rounds_up(
            raised_map, "Your map rounds 255 C(k) / N up. The map of this exercise takes the floor."
        ),
        ideas.stops_at_the_brightest_pixel(
            lambda image: equalization.equalization_map(image)[: int(image.max()) + 1],
            "np.bincount ends at the brightest pixel. minlength=256 asks for all levels.",
        ),
        Misconception(
            "returns fractions",
            lambda image: cumulative_counts(image) / image.size,
            "These are the C(k) / N. Multiply by 255, take the floor, and convert to uint8.",
        ),
        Misconception(
            "takes the brightest level for 255",
            lambda image: (cumulative_counts(image) * int(image.max()) // image.size).astype(
                np.uint8
            ),
            "The brightest pixel becomes 255, whatever it was. Multiply by 255.",
        ),
        Misconception(
            "divides by the number of rows",
            lambda image: (255 * cumulative_counts(image) // len(image)).astype(np.uint8),
            "len(image) counts the rows. The number of pixels is image.size.",
        ),
        Misconception(
            "equalizes the image",
            lambda image: cv2.equalizeHist(image),
            "You return an image. The map has 256 entries, one for each level.",
        ),
    ),
    hints=(
        "The faulty function divides each count by N. When should it divide?",
        "Add up the counts themselves: integers have no rounding error.",
        "255 * counts.cumsum() // image.size, as uint8.",
    ),
    then="Compare your map with the faulty one on `meadow`: at how many levels do they differ?",
)
