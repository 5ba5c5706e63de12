"""What several exercises of notebook 07 use."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from exercises.checker import strategies as st
from exercises.checker.exercise import Misconception
from exercises.checker.inputs import gray_images, large_images

PIXEL = np.array([[7]], np.uint8)
BLOCK = np.array([[4, 1], [2, 3]], np.uint8)
WIDE = np.array([[9, 4, 6, 1], [2, 8, 3, 7]], np.uint8)
RAGGED = np.array([[5, 2, 9], [7, 1, 4], [6, 8, 3]], np.uint8)
TALL = np.array([[3, 1, 8], [9, 5, 2], [4, 7, 6], [0, 12, 11]], np.uint8)
TINY = np.array([[12, 20, 30, 0], [8, 112, 2, 0], [34, 70, 37, 4], [112, 100, 25, 12]], np.uint8)
POOL_EXAMPLES = {
    "a single pixel": {"image": PIXEL, "size": 1},
    "a single block": {"image": BLOCK, "size": 2},
    "a wide image": {"image": WIDE, "size": 2},
    "a row and a column too many": {"image": RAGGED, "size": 2},
    "a tall image": {"image": TALL, "size": 2},
    "a block of 3 x 3": {"image": TALL, "size": 3},
    "the notebook's tiny": {"image": TINY, "size": 2},
}


def fit(drawn):
    """Name an image and a size, cut to the largest block that fits."""
    image, size = drawn
    return {"image": image, "size": min(size, *image.shape)}


POOL_INPUTS = st.tuples(gray_images(), st.integers(1, 4)).map(fit)

MORE_POOL_INPUTS = (
    *(case for size in (1, 2, 5, 3) for case in large_images(size=size)),
    {"image": np.full((20, 20), 255, np.uint8), "size": 20},  # whose sum no uint16 holds
)


def windows(image, size, stride):
    """Cut out windows: axes (window row, window column, row in it, column in it)."""
    return sliding_window_view(image, (size, size))[::stride, ::stride]


def filled_up(image, size, fill):
    """Cut out blocks, the incomplete ones filled up."""
    missing = [(0, -side % size) for side in image.shape]
    return windows(np.pad(image, missing, constant_values=fill), size, size)


INSIDE = (2, 3)  # the axes of `windows` that run through one of them


SUMMARIES = {
    "takes the smallest level": np.min,
    "takes the largest level": np.max,
    "takes the mean": np.mean,
    "takes the median": np.median,
}


def pool_ideas(right, dtype, *, but=()):
    """Wrong ideas of every kind of pooling.

    Parameters
    ----------
    right : function
        What is taken of each block.
    dtype : type
        That of the result.
    but : tuple of str
        Names of those that an exercise tells in its own words.
    """

    def pool(summary, step=None, axis=INSIDE):
        return lambda image, size: summary(windows(image, size, step or size), axis).astype(dtype)

    def of_slices(start, stop, count=lambda side, size: side // size):
        """Pool image[start : stop] for each number of a block."""

        def answer(image, size):
            rows, columns = (range(count(side, size)) for side in image.shape)
            at = [
                [slice(start(m, size), stop(m, size)) for m in places] for places in (rows, columns)
            ]
            values = [[right(image[down, across]) for across in at[1]] for down in at[0]]
            return np.array(values, dtype).reshape(len(rows), len(columns))

        return answer

    def uncut(image, size):
        height, width = image.shape
        return right(image.reshape(height // size, size, width // size, size), axis=(1, 3))

    name_of = {summary: name.removeprefix("takes ") for name, summary in SUMMARIES.items()}

    def runs(image, size):
        height, width = image.shape[0] // size, image.shape[1] // size
        whole = image[: height * size, : width * size]
        return right(whole.reshape(height, width, size, size), axis=INSIDE).astype(dtype)

    def as_if_square(image, size):
        side = len(image) // size
        whole = image[: side * size, : side * size]
        return right(whole.reshape(side, size, side, size), axis=(1, 3)).astype(dtype)

    ideas = [
        Misconception(
            name, pool(summary), f"Each block gets another number. Here it gets {name_of[right]}."
        )
        for name, summary in SUMMARIES.items()
        if summary is not right
    ]
    ideas += [
        Misconception(
            "keeps the first pixel of each block",
            lambda image, size: windows(image, size, size)[:, :, 0, 0].astype(dtype),
            "A step of size skips the other pixels of the block. Take all of them.",
        ),
        Misconception(
            "slides its window by one pixel",
            pool(right, step=1),
            "Your blocks overlap. The next one begins size pixels further on.",
        ),
        Misconception(
            "summarizes over the wrong axes",
            pool(right, axis=(0, 1)),
            "You join pixels of all blocks. A block's own pixels lie along the other two axes.",
        ),
        Misconception(
            "looks along the rows of each block only",
            pool(right, axis=3),
            "You get a number for each row of a block. Go on along its columns.",
        ),
        Misconception(
            "takes the number of a block for its place",
            of_slices(lambda m, size: m, lambda m, size: m + size),
            "Your block m starts at row m, one pixel after the one before. "
            "It starts at row size * m, and the columns likewise.",
        ),
        Misconception(
            "leaves out the last row and column of each block",
            of_slices(lambda m, size: m * size, lambda m, size: m * size + size - 1),
            "The end of a slice, or of a range, is excluded already. A block has size rows and "
            "columns.",
        ),
        Misconception(
            "stops its slices one pixel late",
            of_slices(lambda m, size: m * size, lambda m, size: m * size + size + 1),
            "The end of a slice is excluded, so y + size is no part of image[y : y + size].",
        ),
        Misconception(
            "stops one block too early",
            of_slices(
                lambda m, size: m * size,
                lambda m, size: m * size + size,
                lambda side, size: (side - 1) // size,
            ),
            "range(0, H - size, size) ends before H - size, where the last block may start. "
            "Write range(0, H - size + 1, size).",
        ),
        Misconception(
            "takes pixels that follow each other in memory for a block",
            runs,
            "Your reshape reads along the rows, so its blocks are not squares of the image. "
            "The four axes are (block row, row in it, block column, column in it).",
        ),
        Misconception(
            "takes every image for a square",
            as_if_square,
            "You count rows and use the number for columns as well. Count each on its own.",
        ),
        Misconception(
            "reshapes before it cuts",
            uncut,
            "reshape fails if a row or a column is left over. Cut the image first.",
        ),
    ]
    return tuple(idea for idea in ideas if idea.name not in but)
