"""A binomial kernel.

Products of binomial coefficients, which add up to 1.
"""

import math

import numpy as np

from course_utils import filtering
from exercises import ideas
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import arguments
from exercises.ex04_filtering.shared import ODD_SIZES


def my_binomial_kernel(size):
    row = np.array([1.0])
    for _ in range(size - 1):
        row = np.convolve(row, [1, 1])
    return np.outer(row, row) / row.sum() ** 2


def pascal_row(n):
    return np.array([float(math.comb(n, k)) for k in range(n + 1)])


def normalized_square(row):
    kernel = np.outer(row, row)
    return kernel / kernel.sum()


def up_and_down(size):
    """Distance from the edge: 1 2 3 2 1."""
    return size // 2 + 1 - np.abs(np.arange(size) - size // 2)


def by_the_manual(size):
    return filtering.gaussian_kernel(size, 0.3 * ((size - 1) / 2 - 1) + 0.8)


EXERCISE = Exercise(
    section="4.3 Box, Gaussian and binomial kernels",
    solution=my_binomial_kernel,
    reference=filtering.binomial_kernel,
    inputs=arguments(size=ODD_SIZES),
    examples={"1 × 1": {"size": 1}, "3 × 3": {"size": 3}, "5 × 5": {"size": 5}},
    more=({"size": 9}, {"size": 15}, {"size": 41}),  # products of 41 are too large for int64
    is_exact=True,
    misconceptions=(
        ideas.does_not_divide_by_the_sum(
            lambda size: np.outer(pascal_row(size - 1), pascal_row(size - 1)),
            "Your whole numbers add up to a power of 4. Divide them by it.",
        ),
        ideas.divides_by_the_sum_of_one_row(
            lambda size: np.outer(pascal_row(size - 1), pascal_row(size - 1)) / 2 ** (size - 1),
            "2 ** (size - 1) normalizes a row. The product of two rows needs its square.",
        ),
        Misconception(
            "takes one row too far down",
            lambda size: normalized_square(pascal_row(size)),
            "Row n of Pascal's triangle has n + 1 entries. Take row size - 1.",
        ),
        Misconception(
            "doubles up to the middle and halves after it",
            lambda size: normalized_square(2.0 ** (up_and_down(size) - 1)),
            "1 2 1 is a binomial row, and 1 2 4 2 1 is none. In Pascal's triangle each entry is "
            "the sum of the two above it: 1 4 6 4 1.",
        ),
        Misconception(
            "counts up and down",
            lambda size: normalized_square(up_and_down(size)),
            "1 2 3 2 1 is a tent, a box filtered with a box. The binomial row is 1 4 6 4 1.",
        ),
        Misconception(
            "repeats the row instead of multiplying",
            lambda size: np.tile(pascal_row(size - 1), (size, 1)) / size / 2 ** (size - 1),
            "All your rows are equal, so vertically the kernel is a box. "
            "Weigh the rows as you weigh the columns.",
        ),
        ideas.returns_one_row(lambda size: pascal_row(size - 1) / 2 ** (size - 1)),
        Misconception(
            "samples the Gaussian of OpenCV's manual",
            by_the_manual,
            "The manual's sigma gives other weights. The binomial ones come from Pascal's "
            "triangle.",
            "To go deeper: OpenCV's sigma = 0",
        ),
    ),
    hints=(
        "Which row of Pascal's triangle has `size` entries?",
        "Start with [1], and size - 1 times take np.convolve(row, [1, 1]).",
        "np.outer(row, row), divided by its sum.",
    ),
    then="What is its variance for sizes 3, 5 and 7? Compare with (size - 1) / 4.",
)
