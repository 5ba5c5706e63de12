"""A box kernel.

Equal weights, which add up to 1.
"""

import numpy as np

from course_utils import filtering
from exercises import ideas
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import arguments
from exercises.ex04_filtering.shared import ODD_SIZES


def my_box_kernel(size):
    return np.full((size, size), 1 / size**2)


def ring(size):
    kernel = np.ones((size, size))
    kernel[size // 2, size // 2] = 0
    return kernel / kernel.sum()


EXERCISE = Exercise(
    section="4.3 Box, Gaussian and binomial kernels",
    solution=my_box_kernel,
    reference=filtering.box_kernel,
    inputs=arguments(size=ODD_SIZES),
    examples={"1 × 1": {"size": 1}, "3 × 3": {"size": 3}},
    more=({"size": 9}, {"size": 15}, {"size": 33}),
    is_exact=True,
    misconceptions=(
        Misconception(
            "does not divide by the number of weights",
            lambda size: np.ones((size, size)),
            "Your weights are all 1, so the filter adds levels. A mean divides by their count.",
            "4.2 A template slides over the image",
        ),
        Misconception(
            "divides by the size of one side",
            lambda size: np.full((size, size), 1 / size),
            "Each row of your kernel adds up to 1. All weights together must.",
        ),
        Misconception(
            "divides whole numbers",
            lambda size: np.ones((size, size)) // size**2,
            "The operator // drops the fraction, and 1/9 becomes 0. Divide with /.",
        ),
        Misconception(
            "leaves out the centre",
            ring,
            "You take the mean of the neighbours. The pixel itself belongs to its window.",
        ),
        ideas.returns_one_row(
            lambda size: np.full(size, 1 / size),
            "You return the weights of a row. The kernel has as many rows as columns.",
        ),
        Misconception(
            "takes the size for the reach to each side",
            lambda size: filtering.box_kernel(2 * size + 1),
            "Your kernel has 2 size + 1 rows. `size` counts its rows, centre and both sides.",
        ),
    ),
    hints=(
        "How many weights are there, and what must they add up to?",
        "np.full(shape, value) fills an array; the shape is (size, size).",
        "There are size**2 weights, so each is 1 / size**2.",
    ),
    then="How much of the noise's variance does this kernel leave? See section 4.5.",
)
