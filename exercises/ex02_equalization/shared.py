"""What several exercises of notebook 02 use."""

import numpy as np

from exercises.checker.inputs import large_images, many_pixels

SUM_OF_FRACTIONS = "To go deeper: a sum of fractions that misses 1"
OPENCV = "2.7 To go deeper: OpenCV's map is another map"
LOW_CONTRAST = np.array([[100, 101], [101, 103]], np.uint8)
SIX_LEVELS = np.array([[0, 1, 2], [3, 4, 5]], np.uint8)
GRAY_IMAGES = {
    "a single pixel": {"image": np.array([[7]], np.uint8)},
    "a constant image": {"image": np.full((2, 2), 9, np.uint8)},
    "low contrast": {"image": LOW_CONTRAST},
    "black and white": {"image": np.array([[0, 255, 0, 0]], np.uint8)},
    "six levels": {"image": SIX_LEVELS},
}

# of the first, a sum of fractions loses a level below the top
LOST = {"image": np.array([[0, 1, 1, 1, 1], [1, 1, 1, 2, 2]], np.uint8)}
# 255 / 105 is rounded, so that 21 times it misses 51; 255 * 550 / 1009 lies just below a level
TIGHT = tuple(
    {"image": np.repeat([[0, 1]], counts, axis=1).astype(np.uint8)}
    for counts in ((21, 84), (550, 459))
)
# of so many levels, a sum of numbers that are 255 / N, rounded, ends below 255 or between
SUMS = tuple({"image": np.arange(number, dtype=np.uint8)[None]} for number in (18, 35, 39))

MORE_GRAY_IMAGES = (LOST, *TIGHT, *SUMS, *large_images(), *many_pixels())


def cumulative_counts(image):
    return np.bincount(image.ravel(), minlength=256).cumsum()


def fractions_map(image):
    fractions = np.bincount(image.ravel(), minlength=256) / image.size
    return np.floor(255 * np.cumsum(fractions)).astype(np.uint8)


def rounded_map(image):
    return np.rint(255 * cumulative_counts(image) / image.size).astype(np.uint8)


def raised_map(image):
    return np.ceil(255 * cumulative_counts(image) / image.size).astype(np.uint8)


def map_of_256(image):
    return (256 * cumulative_counts(image) // image.size).astype(np.uint8)


def map_counting_below(image):
    below = cumulative_counts(image) - np.bincount(image.ravel(), minlength=256)
    return (255 * below // image.size).astype(np.uint8)


def map_without_sum(image):
    return (255 * np.bincount(image.ravel(), minlength=256) // image.size).astype(np.uint8)


def map_dividing_first(image):
    return (255 * (cumulative_counts(image) // image.size)).astype(np.uint8)


def applied(level_map):
    """Make the answer that gives each pixel its new level."""
    return lambda image: level_map(image)[image]


def stretching(image):
    low, high = int(image.min()), int(image.max())
    return (255 * (image.astype(int) - low) // max(high - low, 1)).astype(np.uint8)


DARKEST_TO_0 = "Your map sends the darkest level to 0. The floor map counts it like any other."
