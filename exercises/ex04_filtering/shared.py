"""What several exercises of notebook 04 use."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from course_utils import convolution
from course_utils.images import load_image
from exercises.checker import strategies as st
from exercises.checker.inputs import arrays

ODD_SIZES = st.integers(0, 3).map(lambda k: 2 * k + 1)
SALT = np.array([[50, 50, 50], [50, 255, 50], [50, 50, 50]], np.uint8)
STEP = np.array([[10, 10, 200, 200]] * 3, np.uint8)


def kernels(weights):
    """Strategy: kernels of one or three rows and columns."""
    sides = st.sampled_from([1, 3])
    return st.tuples(sides, sides).flatmap(
        lambda shape: arrays(np.float64, shape, elements=st.sampled_from(weights))
    )


def sums_with_border(image, kernel, mode="reflect"):
    rows, columns = kernel.shape[0] // 2, kernel.shape[1] // 2
    padded = np.pad(image.astype(float), ((rows, rows), (columns, columns)), mode=mode)
    return convolution.correlate2d(padded, kernel)


def windows(image, size, mode="edge"):
    """The size x size window around each pixel: shape (height, width, size, size)."""
    return sliding_window_view(np.pad(image, size // 2, mode=mode), (size, size))


def pieces():
    """Pieces of photographs, from fine texture to soft: dict of name to grey image."""
    return {
        "gravel": load_image("gravel")[100:164, 100:164],
        "a cup": load_image("coffee", gray=True)[60:140, 140:220],
        "a cat": load_image("chelsea", gray=True)[90:170, 120:200],
        "a brick wall": load_image("brick")[100:180, 100:180],
    }
