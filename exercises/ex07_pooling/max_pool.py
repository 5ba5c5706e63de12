"""The largest of each block.

Largest level of each block of a grey uint8 image.
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
    filled_up,
    pool_ideas,
    windows,
)


def my_max_pool(image, size):
    height, width = (side // size * size for side in image.shape)
    pooled = image[:height:size, :width:size]
    for a in range(size):
        for b in range(size):
            pooled = np.maximum(pooled, image[a:height:size, b:width:size])
    return pooled


def stopping_early(image, size):
    height, width = image.shape
    pooled = np.zeros((height // size, width // size), np.uint8)
    for i in range(0, height - size, size):
        for j in range(0, width - size, size):
            pooled[i // size, j // size] = image[i : i + size, j : j + size].max()
    return pooled


def from_the_other_corner(image, size):
    height, width = image.shape
    return pooling.max_pool(image[height % size :, width % size :], size)


def without_cutting(image, size):
    height, width = image.shape
    return image.reshape(height // size, size, width // size, size).max(axis=(1, 3))


def axis_that_is_gone(image, size):
    height, width = (side // size for side in image.shape)
    whole = image[: height * size, : width * size]
    return whole.reshape(height, size, width, size).max(axis=1).max(axis=3)


def last_block_moved_inwards(image, size):
    rows, columns = (np.minimum(np.arange(0, n, size), n - size) for n in image.shape)
    return windows(image, size, 1)[np.ix_(rows, columns)].max(INSIDE)


def max_in_place(image, size):
    pooled = pooling.max_pool(image, size)
    rows, columns = pooled.shape
    image[: rows * size : size, : columns * size : size] = pooled
    return pooled


EXERCISE = Exercise(
    section="7.4 Edges that do not fit",
    solution=my_max_pool,
    reference=pooling.max_pool,
    inputs=POOL_INPUTS,
    examples=POOL_EXAMPLES,
    more=MORE_POOL_INPUTS,
    is_new=True,
    misconceptions=(
        ideas.keeps_the_incomplete_blocks(
            lambda image, size: filled_up(image, size, 0).max(INSIDE)
        ),
        Misconception(
            "stops one block too early",
            stopping_early,
            "range(0, H - size, size) ends before H - size, where the last block may start. "
            "Write range(0, H - size + 1, size).",
        ),
        Misconception(
            "drops the first rows and columns instead of the last",
            from_the_other_corner,
            "Your blocks end in the lower right corner. They start in the upper left one.",
        ),
        Misconception(
            "reshapes before it cuts",
            without_cutting,
            "reshape fails if a row or a column is left over. Cut the image first.",
        ),
        Misconception(
            "moves the last block inwards until it fits",
            last_block_moved_inwards,
            "Your last blocks overlap the ones before. Incomplete blocks are dropped.",
        ),
        Misconception(
            "summarizes over the wrong axes",
            lambda image, size: windows(image, size, size).max((0, 1)),
            "You compare the blocks with each other. Summarize over the axes within a block.",
            "7.2 From a loop to arrays",
        ),
        ideas.changes_its_argument(
            max_in_place,
            "A slice such as image[::2] shares its memory with the image. "
            "Write into a new array, or let np.maximum make one.",
            "7.2 From a loop to arrays",
        ),
        Misconception(
            "counts the axes as they were before",
            axis_that_is_gone,
            "The first max takes an axis away, so the old axis 3 is now number 2. Give both at "
            "once: axis=(1, 3).",
            "7.2 From a loop to arrays",
        ),
        ideas.returns_floats(
            lambda image, size: pooling.max_pool(image, size).astype(np.float32),
            "np.zeros, astype(float) and PyTorch make floats. The largest of some levels is a "
            "level, and stays a uint8.",
        ),
        *pool_ideas(
            np.max,
            np.uint8,
            but=(
                "summarizes over the wrong axes",
                "reshapes before it cuts",
                "stops one block too early",
            ),
        ),
    ),
    hints=(
        "What is left over when 7 rows are cut into blocks of 3? It does not count.",
        "image[a:height:size] takes row a of every block, if height is a multiple of size.",
        "Combine the rows of all blocks with np.maximum, then their columns in the same way.",
    ),
    then="Try a picture with 7 rows and a lamp in the last one. Should it be dropped?",
)
