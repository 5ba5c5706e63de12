"""Count the levels.

Number of pixels of each level 0 ... levels - 1.
"""

import numpy as np

from course_utils import histograms
from exercises import ideas
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import gray, large_images, many_pixels
from exercises.ex01_histograms.shared import FITTING_BINS, images_with_levels


def my_histogram(image, levels):
    return np.bincount(image.ravel(), minlength=levels)


def counting_each_level_once(image, levels):
    counts = np.zeros(levels, dtype=int)
    counts[image] += 1
    return counts


def counting_each_level_once_a_row(image, levels):
    counts = np.zeros(levels, dtype=int)
    for row in image:
        counts[row] += 1
    return counts


def swapping_rows_and_columns(image, levels):
    height, width = image.shape
    pixels = [image[x, y] for x in range(width) for y in range(height)]
    return np.bincount(pixels, minlength=levels)


def stopping_one_level_early(image, levels):
    counts = np.zeros(levels, dtype=int)
    for level in range(levels - 1):
        counts[level] = np.sum(image == level)
    return counts


EXERCISE = Exercise(
    section="1.3 What a histogram counts",
    solution=my_histogram,
    reference=histograms.histogram,
    inputs=images_with_levels(),
    examples={
        "a single pixel": {"image": gray([0]), "levels": 1},
        "an empty level": {"image": gray([0, 2]), "levels": 4},
        "more rows than columns": {"image": gray([0], [1], [1]), "levels": 2},
        "256 pixels of one level": {"image": np.zeros((16, 16), np.uint8), "levels": 2},
        "256 levels": {"image": gray(range(0, 256, 5)), "levels": 256},
    },
    more=(
        {"image": np.arange(200, dtype=np.uint8).reshape(10, 20), "levels": 200},
        *large_images(levels=256),
        *many_pixels(levels=5),
    ),
    misconceptions=(
        ideas.leaves_out_the_empty_levels(
            lambda image, levels: np.unique(image, return_counts=True)[1],
            "np.unique lists only levels that occur. Entry k must belong to level k, even if "
            "it is 0.",
        ),
        ideas.stops_at_the_brightest_pixel(
            lambda image, levels: np.bincount(image.ravel()),
            "np.bincount ends at the largest value it meets. Give it minlength=levels.",
        ),
        Misconception(
            "counts each level once",
            counting_each_level_once,
            "counts[image] += 1 adds 1 to a level once, however many pixels have it. "
            "Use np.bincount, np.add.at or a loop.",
        ),
        Misconception(
            "takes rows for columns",
            swapping_rows_and_columns,
            "The shape is (rows, columns), and so is the index: image[row, column]. "
            "You run out of the image unless it is square.",
            "1.1 An image is an array",
        ),
        Misconception(
            "stops one level early",
            stopping_one_level_early,
            "range(levels - 1) leaves out its end, and so the brightest level. "
            "range(levels) is 0 … levels - 1.",
        ),
        Misconception(
            "divides by the number of pixels",
            lambda image, levels: my_histogram(image, levels) / image.size,
            "These are fractions, the normalized histogram. A histogram counts.",
        ),
        Misconception(
            "adds the counts up",
            lambda image, levels: my_histogram(image, levels).cumsum(),
            "Entry k counts the pixels at level k or darker. Here it is level k alone.",
        ),
        ideas.lets_np_histogram_choose_the_range(
            lambda image, levels: np.histogram(image, bins=levels)[0],
            "The bins run from the darkest to the brightest pixel. Give range=(0, levels).",
            FITTING_BINS,
        ),
        Misconception(
            "gives np.histogram an edge too few",
            lambda image, levels: np.histogram(image, bins=range(levels))[0],
            "As many edges as levels make one bin too few. Use range(levels + 1).",
            FITTING_BINS,
        ),
        Misconception(
            "returns the edges, too",
            lambda image, levels: np.histogram(image, bins=levels, range=(0, levels)),
            "np.histogram returns counts and edges. Return the first of them only.",
            FITTING_BINS,
        ),
        Misconception(
            "counts in uint8",
            lambda image, levels: my_histogram(image, levels).astype(np.uint8),
            "There can be more than 255 pixels of a level, and a uint8 would start again at 0. "
            "Count with dtype=int.",
            "Pitfall: 200 + 100 = 44",
        ),
        ideas.returns_the_counts_as_floats(
            lambda image, levels: my_histogram(image, levels).astype(float),
            "np.zeros makes floats unless you tell it otherwise, and cv2.calcHist always. "
            "Counts are integers: np.zeros(levels, dtype=int), or .astype(int).",
        ),
        Misconception(
            "always returns 256 counts",
            lambda image, levels: np.bincount(image.ravel(), minlength=256),
            "The image has the levels 0 … levels - 1. The result has as many entries.",
        ),
        Misconception(
            "counts each level once a row",
            counting_each_level_once_a_row,
            "counts[row] += 1 adds 1 to a level, however often it stands in the row. np.add.at "
            "or a second loop adds them all.",
        ),
        Misconception(
            "starts at level 1",
            lambda image, levels: np.array([np.sum(image == k) for k in range(1, levels + 1)]),
            "The darkest level is 0, not 1. range(levels) runs from 0 to levels - 1.",
        ),
        Misconception(
            "spreads the bins over 256 levels",
            lambda image, levels: np.histogram(image, levels, (0, 256))[0],
            "These bins are 256 / levels wide, so several levels share one. The range is (0, "
            "levels).",
            FITTING_BINS,
        ),
        Misconception(
            "spreads the bins over 0 … 255",
            lambda image, levels: np.histogram(image, levels, (0, 255))[0],
            "These bins are 255 / levels wide, so several levels share one. The range is (0, "
            "levels).",
            FITTING_BINS,
        ),
        Misconception(
            "forgets to flatten the image",
            lambda image, levels: np.bincount(image, minlength=levels),
            "np.bincount takes one row of numbers, and an image has two axes. image.ravel() is "
            "that row.",
        ),
    ),
    hints=(
        "How many entries has the result, and what do they add up to?",
        "A loop over the levels will do: np.sum(image == level) counts one of them.",
        "np.bincount counts a flat array: image.ravel(). What does minlength do?",
    ),
    then="Without bincount, can you get all counts from one comparison? "
    "Compare image[..., None] with np.arange(levels).",
)
