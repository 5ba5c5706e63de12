"""What several exercises of notebook 04 use."""

import numpy as np
from hypothesis import strategies as st

from course_utils import convolution
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
