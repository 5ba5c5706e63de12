"""One kernel for two filters.

The kernel that filters like first, and then second.
"""

import numpy as np

from course_utils import convolution, filtering
from exercises import ideas
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import arguments, random_floats
from exercises.ex04_filtering.shared import kernels


def my_combined_kernel(first, second):
    rows, columns = first.shape
    shape = rows + second.shape[0] - 1, columns + second.shape[1] - 1
    combined = np.zeros(shape)
    for (i, j), weight in np.ndenumerate(second):
        combined[i : i + rows, j : j + columns] += weight * first
    return combined


def slide(second, first, apply=convolution.convolve2d):
    """Slide the second kernel over the first, with zeros around."""
    rows, columns = second.shape[0] - 1, second.shape[1] - 1
    return apply(np.pad(first, ((rows, rows), (columns, columns))), second)


def combined_kernel(first, second):
    return slide(second, first)


def combined_as_large_as_first(first, second):
    rows, columns = second.shape[0] // 2, second.shape[1] // 2
    full = combined_kernel(first, second)
    return full[rows : rows + first.shape[0], columns : columns + first.shape[1]]


def overwriting(first, second):
    combined = np.zeros_like(combined_kernel(first, second))
    for i, j in np.ndindex(second.shape):
        combined[i : i + len(first), j : j + first.shape[1]] = second[i, j] * first
    return combined


def combined_and_normalized(first, second):
    kernel = combined_kernel(first, second)
    return kernel / kernel.sum() if kernel.sum() else kernel


EXERCISE = Exercise(
    section="4.3 Box, Gaussian and binomial kernels",
    solution=my_combined_kernel,
    reference=combined_kernel,
    inputs=arguments(first=kernels([0.0, 1.0, 2.0, -1.0]), second=kernels([0.0, 1.0, 3.0, -1.0])),
    examples={
        "two kernels of 1 × 1": {"first": np.array([[2.0]]), "second": np.array([[3.0]])},
        "a row and a column": {
            "first": np.array([[1.0, 2.0, 1.0]]),
            "second": np.array([[1.0], [2.0], [1.0]]),
        },
        "two binomial kernels": {
            "first": filtering.binomial_kernel(3),
            "second": filtering.binomial_kernel(3),
        },
    },
    more=(
        {"first": random_floats(3, 3), "second": random_floats(3, 3, seed=1)},
        {"first": random_floats(1, 3), "second": random_floats(3, 1)},
    ),
    is_exact=True,
    misconceptions=(
        Misconception(
            "multiplies weight by weight",
            lambda first, second: first * second,
            "The second filter sees sums, not single pixels. Two windows of 3 reach over 5.",
        ),
        Misconception(
            "overwrites what is there",
            overwriting,
            "Blocks overlap, and each one adds to what is there. Write += in place of =.",
        ),
        Misconception(
            "adds the kernels",
            lambda first, second: first + second,
            "A sum of kernels adds two filtered images. Here one filter works on the other's "
            "result.",
        ),
        ideas.multiplies_matrices(
            lambda first, second: first @ second,
            "The matrix product combines rows with columns. A kernel is moved over the other.",
        ),
        Misconception(
            "always takes the outer product",
            lambda first, second: np.outer(first, second),
            "The outer product fits a column and a row. Other kernels overlap when moved.",
        ),
        Misconception(
            "keeps the size of the first kernel",
            combined_as_large_as_first,
            "You cut the result off. Two windows of 3 pixels in a row reach over 5.",
        ),
        Misconception(
            "takes the second kernel as if it were turned by half a turn",
            lambda first, second: slide(second, first, convolution.correlate2d),
            "Weight (i, j) of the second puts the first at (i, j). You put it opposite.",
        ),
        Misconception(
            "normalizes the result",
            combined_and_normalized,
            "You divide by the sum of the weights. Two filters that double make one that "
            "quadruples.",
        ),
    ),
    hints=(
        "The second filter adds results of the first, each moved and with a weight.",
        "Rows add up to h1 + h2 - 1. Start with zeros of that shape.",
        "For each weight at (i, j) of the second, add weight * first to the block that starts "
        "at (i, j).",
    ),
    then="Combine binomial_kernel(3) with itself. Which kernel is it? What is its variance?",
)
