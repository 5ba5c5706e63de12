"""The smallest of each block.

Smallest level of each block of a grey uint8 image.
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


def my_min_pool(image, size):
    height, width = image.shape[0] // size, image.shape[1] // size
    whole = image[: height * size, : width * size]
    return whole.reshape(height, size, width, size).min(axis=(1, 3))


def rows_only(image, size):
    height = image.shape[0] // size
    return image[: height * size].reshape(height, size, -1).min(axis=1)


def width_first(image, size):
    width, height = image.shape
    pooled = np.zeros((height // size, width // size), np.uint8)
    for i, j in np.ndindex(pooled.shape):
        block = image[i * size : (i + 1) * size, j * size : (j + 1) * size]
        pooled[i, j] = block.min()
    return pooled


def collected_in_a_list(image, size):
    height, width = image.shape
    starts = [(y, x) for y in range(0, height, size) for x in range(0, width, size)]
    smallest = [image[y : y + size, x : x + size].min() for y, x in starts]
    return np.array(smallest).reshape(height // size, width // size)


EXERCISE = Exercise(
    section="7.1 One number for each block",
    solution=my_min_pool,
    reference=pooling.min_pool,
    inputs=POOL_INPUTS,
    examples=POOL_EXAMPLES,
    more=MORE_POOL_INPUTS,
    is_new=True,
    misconceptions=(
        ideas.slides_its_window_by_one_pixel(
            lambda image, size: windows(image, size, 1).min(INSIDE),
            "Your blocks overlap, as the windows of a filter do. "
            "Pooling cuts the image: each pixel lies in one block at most.",
        ),
        Misconception(
            "keeps the first pixel of each block",
            lambda image, size: image[::size, ::size],
            "You skip pixels and never look at them. The minimum needs all of a block.",
            "7.6 Pooling is not skipping",
        ),
        Misconception(
            "combines the rows and forgets the columns",
            rows_only,
            "You take the minimum down each column of a block. Then combine the columns, too.",
            "7.2 From a loop to arrays",
        ),
        ideas.swaps_rows_and_columns(
            lambda image, size: pooling.min_pool(image, size).T,
            "Your result is mirrored along its diagonal. Its row m comes from row m of blocks.",
        ),
        Misconception(
            "starts the search for the smallest at 0",
            lambda image, size: np.zeros_like(pooling.min_pool(image, size)),
            "No grey level is smaller than 0, so 0 stays. Start with a pixel of the block.",
        ),
        Misconception(
            "fills incomplete blocks up with zeros",
            lambda image, size: filled_up(image, size, 0).min(INSIDE),
            "You invent black pixels, and the minimum picks them. Drop incomplete blocks.",
            "7.4 Edges that do not fit",
        ),
        ideas.keeps_the_incomplete_blocks(
            lambda image, size: filled_up(image, size, 255).min(INSIDE),
            section="7.4 Edges that do not fit",
        ),
        ideas.returns_floats(
            lambda image, size: pooling.min_pool(image, size).astype(float),
            "np.zeros makes an array of float64 unless you say otherwise. "
            "The smallest of grey levels is a grey level: keep the dtype of the image.",
        ),
        Misconception(
            "takes the height for the width",
            width_first,
            "image.shape is (height, width), in this order. Outside the image a slice is "
            "empty, and has no smallest pixel.",
        ),
        Misconception(
            "collects the incomplete blocks as well",
            collected_in_a_list,
            "range(0, height, size) starts a block wherever a pixel is left. Only height // "
            "size blocks fit.",
            "7.4 Edges that do not fit",
        ),
        *pool_ideas(
            np.min,
            np.uint8,
            but=("keeps the first pixel of each block", "slides its window by one pixel"),
        ),
    ),
    hints=(
        "Block (m, n) starts at row size * m and column size * n. How many blocks fit?",
        "Cut the image to whole blocks first: image[: rows * size, : columns * size].",
        "Reshape what is left to (rows, size, columns, size), and take .min(axis=(1, 3)).",
    ),
    then="Pool with size 2 twice. Which single size gives the same?",
)
