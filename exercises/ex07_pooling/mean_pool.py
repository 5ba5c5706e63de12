"""The mean of each block.

Mean of each block of a grey uint8 image, in floats.
"""

import cv2
import numpy as np

from course_utils import pooling
from exercises import ideas
from exercises.checker.exercise import Exercise, Misconception
from exercises.ex07_pooling.shared import (
    INSIDE,
    MORE_POOL_INPUTS,
    POOL_EXAMPLES,
    POOL_INPUTS,
    filled_up,
    pool_ideas,
    windows,
)


def my_mean_pool(image, size):
    height, width = image.shape[0] // size, image.shape[1] // size
    whole = image[: height * size, : width * size].astype(np.float64)
    return whole.reshape(height, size, width, size).mean(axis=(1, 3))


def mean_of_what_is_left(image, size):
    return np.nanmean(filled_up(image.astype(float), size, np.nan), INSIDE)


def middle_of_extremes(image, size):
    return (pooling.min_pool(image, size) + 1.0 * pooling.max_pool(image, size)) / 2


def cut_between(image, size):
    return windows(image, size, size).mean(axis=2).astype(np.uint8).mean(axis=2)


def resized(image, size):
    height, width = (side // size for side in image.shape)
    return cv2.resize(image.astype(float), (width, height), interpolation=cv2.INTER_AREA)


EXERCISE = Exercise(
    section="7.5 Pitfall: a mean is not an integer",
    solution=my_mean_pool,
    reference=pooling.mean_pool,
    inputs=POOL_INPUTS,
    examples={
        **POOL_EXAMPLES,
        "a sum above 255": {"image": np.array([[200, 100], [0, 0]], np.uint8), "size": 2},
    },
    more=MORE_POOL_INPUTS,
    misconceptions=(
        Misconception(
            "stores the mean in a uint8",
            lambda image, size: pooling.mean_pool(image, size).astype(np.uint8),
            "A uint8 loses what comes after the decimal point. Keep float64.",
        ),
        Misconception(
            "stores the mean in an array of integers",
            lambda image, size: pooling.mean_pool(image, size).astype(int),
            "The mean of integers need not be an integer, and // loses the remainder. "
            "Divide with / and keep float64.",
        ),
        Misconception(
            "cuts off what comes after the decimal point",
            lambda image, size: np.floor(pooling.mean_pool(image, size)),
            "//, int and an array of integers lose up to nearly a whole level. Keep floats all "
            "along.",
        ),
        ideas.rounds_to_the_nearest_level(
            lambda image, size: np.rint(pooling.mean_pool(image, size)),
            "You round too early: the next step needs the exact mean. "
            "Leave the rounding to the caller.",
        ),
        Misconception(
            "adds up in uint8",
            lambda image, size: windows(image, size, size).sum(INSIDE, np.uint8) / size**2,
            "Sums above 255 wrap around: 200 + 100 is 44. Add in float64.",
            "7.2 From a loop to arrays",
        ),
        Misconception(
            "cuts to integers between rows and columns",
            cut_between,
            "You lose a fraction once the rows are combined. Cut nothing on the way.",
        ),
        Misconception(
            "divides by the size",
            lambda image, size: windows(image, size, size).sum(INSIDE) / size,
            "A block has size rows and size columns. Divide by size ** 2.",
            "7.1 One number for each block",
        ),
        Misconception(
            "takes the middle between the smallest and the largest",
            middle_of_extremes,
            "You ignore the other pixels of the block. A mean gives all of them the same weight.",
            "7.1 One number for each block",
        ),
        Misconception(
            "averages what is left at the edge as well",
            mean_of_what_is_left,
            "You keep the incomplete blocks. This exercise drops them, as the helpers do.",
            "7.4 Edges that do not fit",
        ),
        Misconception(
            "spreads the blocks over the whole image",
            resized,
            "cv2.resize fits its areas to the image, so they are larger than size where a side "
            "does not fit. Cut the image first.",
            "7.4 Edges that do not fit",
        ),
        Misconception(
            "does not divide",
            lambda image, size: size**2 * pooling.mean_pool(image, size),
            "You return the sum of each block. Divide it by size**2; to divide by size and "
            "multiply by it again is no division.",
        ),
        *pool_ideas(np.mean, float),
    ),
    hints=(
        "Cutting into blocks is as before. Which type must hold the sum, and which the mean?",
        "np.mean of integers computes in float64 and returns it. A sum by + stays in uint8.",
        "Reshape to (rows, size, columns, size), take .mean(axis=(1, 3)), and do not cast it.",
    ),
    then="By how much does camera darken if you cut each mean to an integer?",
)
