"""A border that never wins.

Largest value of each block of a float64 array with a border.
"""

import numpy as np

from exercises import ideas
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import arrays, random_floats
from exercises.ex07_pooling.shared import INSIDE, windows


def my_pad_and_max_pool(image, size, padding):
    padded = np.pad(image, padding, constant_values=-np.inf)
    height, width = padded.shape[0] // size, padded.shape[1] // size
    whole = padded[: height * size, : width * size]
    return whole.reshape(height, size, width, size).max(axis=(1, 3))


def pad_and_pool(image, size, padding, **border):
    """Pad in any way of np.pad, then take the maximum of each whole block, if there is one."""
    padded = np.pad(image, padding, **border)
    rows, columns = padded.shape[0] // size, padded.shape[1] // size
    whole = padded[: rows * size, : columns * size]
    return whole.reshape(rows, size, columns, size).max(axis=(1, 3))


def max_after_padding(image, size, padding):
    return windows(np.pad(image, padding, constant_values=-np.inf), size, size).max(INSIDE)


def not_below_zero(image, size, padding):
    return np.maximum(pad_and_pool(image, size, padding), 0)


def pad_inputs(drawn):
    """Name an image, a size and a padding, such that each block holds a pixel of the image."""
    image, size, padding = drawn
    largest = min(image.shape) + 2 * padding
    return {"image": image, "size": max(2 * padding, min(size, largest)), "padding": padding}


sides = st.tuples(st.integers(1, 3), st.integers(1, 3))
signed_images = sides.flatmap(
    lambda shape: arrays(np.float64, shape, elements=st.integers(-9, 9).map(float))
)
SIGNED = np.array([[-5.0, -3.0], [-4.0, -2.0]])
SIGNED_WIDE = np.array([[-7.0, 2.0, -1.0, -8.0], [3.0, -6.0, -9.0, -4.0], [-2.0, -5, 1, 4]])


EXERCISE = Exercise(
    section="To go deeper: Padding a maximum with zeros",
    solution=my_pad_and_max_pool,
    reference=max_after_padding,
    inputs=st.tuples(signed_images, st.integers(1, 3), st.integers(0, 1)).map(pad_inputs),
    examples={
        "a single pixel": {"image": np.array([[-7.0]]), "size": 2, "padding": 1},
        "no padding": {"image": SIGNED, "size": 2, "padding": 0},
        "negative values": {"image": SIGNED, "size": 2, "padding": 1},
        "a very small value": {"image": np.array([[-1e12]]), "size": 2, "padding": 1},
        "an incomplete block": {"image": SIGNED_WIDE, "size": 2, "padding": 1},
        "a block of 3 x 3": {"image": SIGNED_WIDE, "size": 3, "padding": 1},
    },
    more=tuple(
        {"image": scale * random_floats(9, 8), "size": size, "padding": padding}
        for scale, size, padding in ((1, 4, 2), (-1e300, 4, 2), (1e300, 5, 0), (9, 7, 3))
    )
    + tuple(
        {"image": np.array(image), "size": 2, "padding": 1}
        for image in ([[-1e300]], [[-1e300, 0.1], [0.3, -0.7]], [[0.1, 0.3], [0.2, -1e300]])
    ),
    misconceptions=(
        ideas.pads_with_zeros(
            pad_and_pool,
            "Where all values are negative, such a border wins. Pad with -np.inf, and pool by "
            "hand: the helper max_pool wants finite numbers.",
        ),
        Misconception(
            "pads with -1",
            lambda *arguments: pad_and_pool(*arguments, constant_values=-1),
            "Values may lie below -1, and then the border wins. Only -np.inf never does.",
        ),
        Misconception(
            "pads with NaN",
            lambda *arguments: pad_and_pool(*arguments, constant_values=np.nan),
            "The maximum of NaN and a number is NaN. Pad with -np.inf.",
        ),
        Misconception(
            "mirrors the image in the border",
            lambda *arguments: pad_and_pool(*arguments, mode="reflect"),
            "A mirror brings in values from the next block. The border must never win.",
        ),
        Misconception(
            "keeps the result at zero or above",
            not_below_zero,
            "Your search for the largest starts at 0, so nothing negative comes out. "
            "Start with a value of the block, or with -np.inf.",
        ),
        Misconception(
            "pads the upper and the left side only",
            lambda image, size, padding: pad_and_pool(
                image, size, ((padding, 0), (padding, 0)), constant_values=-np.inf
            ),
            "The border goes all around, and the last block may need it to be complete. "
            "Give np.pad one number, and it pads all four sides.",
        ),
        Misconception(
            "does not pad",
            lambda image, size, padding: pad_and_pool(image, size, 0),
            "Without the border the blocks start at the first pixel. "
            "With it they start `padding` pixels before.",
        ),
        ideas.slides_its_window_by_one_pixel(
            lambda image, size, padding: windows(
                np.pad(image, padding, constant_values=-np.inf), size, 1
            ).max(INSIDE),
            "Your blocks overlap. Unless you give it, the stride is the size of the block.",
            "To go deeper: Blocks that overlap",
        ),
        Misconception(
            "pads with -255",
            lambda image, size, padding: pad_and_pool(image, size, padding, constant_values=-255),
            "-255 is small for a level, but these values may be smaller still. Nothing is below "
            "-np.inf; pool by hand, as the helper max_pool wants finite numbers.",
        ),
    ),
    hints=(
        "Which number is smaller than all others, so that it never is the maximum?",
        "np.pad(image, padding, constant_values=...) adds the border on all four sides.",
        "Pad with -np.inf. The rest is my_max_pool, as you wrote it before; the helper max_pool "
        "wants finite numbers.",
    ),
    then="Which other ways to pad give the same? Think of mode='edge', and say why.",
)
