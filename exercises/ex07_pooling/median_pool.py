"""The median of each block.

Median of each block of a grey uint8 image, in floats.
"""

import numpy as np

from course_utils import pooling
from exercises import ideas
from exercises.checker.exercise import Exercise, Misconception
from exercises.ex07_pooling.shared import (
    INSIDE,
    MORE_POOL_INPUTS,
    POOL_EXAMPLES,
    POOL_INPUTS,
    pool_ideas,
    windows,
)


def my_median_pool(image, size):
    height, width = image.shape[0] // size, image.shape[1] // size
    whole = image[: height * size, : width * size]
    return np.median(whole.reshape(height, size, width, size), axis=(1, 3))


def pool_pixels(image, size, summary):
    """Pool with a summary of the pixels of each block, floats that stand in a row."""
    blocks = windows(image, size, size)
    return summary(blocks.reshape(*blocks.shape[:2], -1).astype(float))


def median_by_wrapping(image, size):
    blocks = windows(image, size, size)
    pixels = np.sort(blocks.reshape(*blocks.shape[:2], -1))
    count = size * size
    return (pixels[..., (count - 1) // 2] + pixels[..., count // 2]) / 2


EXERCISE = Exercise(
    section="7.2 From a loop to arrays",
    solution=my_median_pool,
    reference=lambda image, size: np.median(windows(image, size, size), axis=INSIDE),
    inputs=POOL_INPUTS,
    examples={
        **POOL_EXAMPLES,
        "a light block": {"image": np.array([[200, 100], [180, 250]], np.uint8), "size": 2},
        "nine different pixels": {  # the rows' medians give 4, the columns' 5
            "image": np.array([[1, 2, 9], [3, 8, 4], [7, 5, 6]], np.uint8),
            "size": 3,
        },
    },
    more=MORE_POOL_INPUTS,
    misconceptions=(
        Misconception(
            "takes the median of the rows' medians",
            lambda image, size: np.median(np.median(windows(image, size, size), 3), 2),
            "Minimum, maximum and mean allow that; the median does not. "
            "Sort all pixels of a block together.",
        ),
        Misconception(
            "takes the median of the columns' medians",
            lambda image, size: np.median(np.median(windows(image, size, size), 2), 2),
            "Minimum, maximum and mean allow that; the median does not. "
            "Sort all pixels of a block together.",
        ),
        Misconception(
            "takes the upper one of two middle values",
            lambda image, size: pool_pixels(
                image, size, lambda pixels: np.sort(pixels)[..., size**2 // 2]
            ),
            "An even number of pixels has two in the middle. The median is their mean.",
        ),
        Misconception(
            "takes the lower one of two middle values",
            lambda image, size: pool_pixels(
                image, size, lambda pixels: np.sort(pixels)[..., (size**2 - 1) // 2]
            ),
            "An even number of pixels has two in the middle. The median is their mean.",
        ),
        ideas.takes_the_middle_without_sorting(
            lambda image, size: pool_pixels(image, size, lambda pixels: pixels[..., size**2 // 2]),
            "You take the pixel that stands in the middle. "
            "The median is in the middle when the levels are sorted.",
        ),
        Misconception(
            "adds the two middle values in uint8",
            median_by_wrapping,
            "Sums above 255 wrap around. Turn the levels into floats before you add.",
        ),
        Misconception(
            "cuts the median to an integer",
            lambda image, size: my_median_pool(image, size).astype(np.uint8),
            "With four pixels the median can end in .5, and a uint8 loses that. Keep float64.",
            "7.5 Pitfall: a mean is not an integer",
        ),
        ideas.slides_its_window_by_one_pixel(
            lambda image, size: np.median(windows(image, size, 1), axis=INSIDE),
            "That is a median filter without a border. Pooling takes one step a block.",
            "7.1 One number for each block",
        ),
        ideas.takes_the_mean(
            pooling.mean_pool,
            "One extreme pixel pulls the mean along. The median looks only at the order.",
        ),
        *pool_ideas(np.median, float, but=("takes the mean", "slides its window by one pixel")),
    ),
    hints=(
        "The blocks are as before. Only the summary is another one.",
        "np.median takes several axes at once: np.median(array, axis=(1, 3)).",
        "Cut to whole blocks, reshape to (rows, size, columns, size), np.median over 1 and 3.",
    ),
    then="Add salt and pepper to camera (notebook 03). Pool with median and mean, and compare.",
)
