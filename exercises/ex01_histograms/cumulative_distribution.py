"""Add the counts up.

P(k) for k = 0 ... levels - 1: array of floats.
"""

import numpy as np

from course_utils import histograms
from exercises import ideas
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import gray, large_images, many_pixels
from exercises.ex01_histograms.histogram import my_histogram
from exercises.ex01_histograms.shared import adding_brightness, images_with_levels


def my_cumulative_distribution(image, levels):
    counts = np.bincount(image.ravel(), minlength=levels)
    return counts.cumsum() / image.size


def dividing_by(divisor):
    """A cumulative distribution that divides by something else."""

    def answer(image, levels):
        counts = my_histogram(image, levels)
        return counts.cumsum() / divisor(image, counts)

    return answer


def counting_below(image, levels):
    counts = my_histogram(image, levels)
    return (counts.cumsum() - counts) / image.size


def adding_from_the_bright_end(image, levels):
    counts = my_histogram(image, levels)
    return counts[::-1].cumsum()[::-1] / image.size


def scaled_between_extremes(image, levels):
    sums = my_histogram(image, levels).cumsum()
    return (sums - sums.min()) / (sums.max() - sums.min())


def starting_at_level_1(image, levels):
    counts = my_histogram(image, levels)
    return (counts.cumsum() - counts[0]) / image.size


def adding_neighbours(image, levels):
    counts = my_histogram(image, levels)
    return (counts + np.append(0, counts[:-1])) / image.size


EXERCISE = Exercise(
    section="1.7 The cumulative distribution",
    solution=my_cumulative_distribution,
    reference=histograms.cumulative_distribution,
    inputs=images_with_levels(),
    examples={
        "a single pixel": {"image": gray([0]), "levels": 1},
        "an empty level": {"image": gray([0, 2]), "levels": 4},
        "no black pixel": {"image": gray([1, 2], [2, 3]), "levels": 4},
        "256 levels": {"image": gray(range(0, 256, 5)), "levels": 256},
    },
    more=large_images(levels=256) + many_pixels(levels=5),
    misconceptions=(
        Misconception(
            "does not divide",
            lambda image, levels: my_histogram(image, levels).cumsum(),
            "C(k) is a number of pixels. The fraction P(k) is C(k) / N.",
        ),
        Misconception(
            "makes integers of the fractions",
            lambda image, levels: my_histogram(image, levels).cumsum() // image.size,
            "// drops the remainder, and so does an array of integers: a fraction below 1 becomes "
            "0. Divide with /, and keep floats.",
        ),
        Misconception(
            "does not add up",
            lambda image, levels: my_histogram(image, levels) / image.size,
            "This is the fraction at level k alone, the normalized histogram. P(k) adds those up.",
        ),
        ideas.counts_only_the_pixels_below(
            counting_below, "C(k) counts the pixels at level k or below. You left out those at k."
        ),
        Misconception(
            "adds up from the bright end",
            adding_from_the_bright_end,
            "You count the pixels at level k or brighter. The sum starts at black.",
        ),
        Misconception(
            "divides by the number of levels",
            dividing_by(lambda image, counts: len(counts)),
            "N is the number of pixels, and L the number of levels. "
            "Divide by N, and the curve ends at 1.",
        ),
        Misconception(
            "divides by the largest count",
            dividing_by(lambda image, counts: counts.max()),
            "The highest bar is not the number of pixels. Divide by the sum of all counts.",
        ),
        Misconception(
            "divides by the number of rows",
            dividing_by(lambda image, counts: len(image)),
            "len(image) is the number of rows. The number of pixels is image.size.",
            "1.1 An image is an array",
        ),
        Misconception(
            "returns percentages",
            dividing_by(lambda image, counts: image.size / 100),
            "A fraction lies in 0 … 1. Do not multiply it by 100.",
        ),
        ideas.stops_at_the_brightest_pixel(
            lambda image, levels: np.bincount(image.ravel()).cumsum() / image.size,
            "The brighter levels are missing, where the curve stays at 1. "
            "np.bincount takes minlength=levels.",
        ),
        ideas.leaves_out_the_empty_levels(
            lambda image, levels: np.unique(image, return_counts=True)[1].cumsum() / image.size,
            "np.unique lists only levels that occur. At an empty level the curve stays at the "
            "height it has.",
        ),
        ideas.adds_up_brightness(adding_brightness),
        Misconception(
            "scales from the smallest to the largest value",
            scaled_between_extremes,
            "P(0) is the fraction of black pixels, and need not be 0. Divide by the number of "
            "pixels, and subtract nothing.",
        ),
        Misconception(
            "starts at level 1",
            starting_at_level_1,
            "Every sum lacks the black pixels: it must begin at level 0.",
        ),
        Misconception(
            "adds only two neighbours",
            adding_neighbours,
            "You add h(k - 1) and h(k). P(k) holds all levels up to k: add to the sum before.",
        ),
        ideas.lets_np_histogram_choose_the_range(
            lambda image, levels: np.histogram(image, bins=levels)[0].cumsum() / image.size,
            "Without a range, np.histogram spreads its bins from the darkest to the brightest "
            "pixel.",
        ),
        Misconception(
            "spreads the bins over 0 … 255",
            lambda image, levels: np.histogram(image, levels, (0, 255))[0].cumsum() / image.size,
            "The levels end at levels - 1. With range=(0, 255) a bin holds several of them.",
        ),
        Misconception(
            "gives np.histogram an edge too few",
            lambda image, levels: np.histogram(image, range(levels))[0].cumsum() / image.size,
            "n bins have n + 1 edges. Yours share the last level with the one before.",
        ),
        Misconception(
            "divides by the brightest level",
            dividing_by(lambda image, counts: image.max()),
            "The fraction is one of all pixels: divide by their number, image.size.",
        ),
    ),
    hints=(
        "You need the counts of all levels first. What is the last entry of the result?",
        "np.cumsum adds up from the left: entry k is the sum of the entries 0 … k.",
        "np.bincount(image.ravel(), minlength=levels).cumsum() is C. What is N?",
    ),
    then="How do you get the histogram back from the curve? Look at np.diff and its prepend.",
)
