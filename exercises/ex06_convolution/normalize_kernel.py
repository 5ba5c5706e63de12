"""A kernel that keeps the brightness.

Kernel with the sum 1; the same weights if the sum is 0.
"""

import numpy as np

from exercises import ideas
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import arguments, arrays
from exercises.ex06_convolution.shared import BRIGHTNESS, EDGES, correlate

SHARPEN = np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])
SHAPES = st.tuples(st.integers(1, 3), st.integers(1, 3))  # of kernels
WEIGHTS = st.integers(-3, 5)


def my_normalize_kernel(kernel):
    total = kernel.sum()
    if total == 0:
        return kernel.astype(float)
    return kernel / total


def normalize_kernel(kernel):
    """Divide by what the kernel makes of an area of ones."""
    gain = correlate(np.ones(kernel.shape), kernel)[0, 0]
    return kernel / (gain or 1.0)


def divided_by(measure):
    """Make an answer that divides by something else, unless that is 0."""
    return lambda kernel: kernel / (measure(kernel) or 1.0)


def normalize_in_place(kernel):
    kernel /= kernel.sum()
    return kernel


def shifted_to_sum_1(kernel):
    return kernel + (1 - kernel.sum()) / kernel.size


def zeros_for_sum_0(kernel):
    return normalize_kernel(kernel) * (kernel.sum() != 0)


EXERCISE = Exercise(
    section=BRIGHTNESS,
    solution=my_normalize_kernel,
    reference=normalize_kernel,
    inputs=arguments(kernel=SHAPES.flatmap(lambda shape: arrays(np.int64, shape, WEIGHTS))),
    examples={
        "a single weight": {"kernel": np.array([[4]])},
        "a sum of 0": {"kernel": np.array([[-1, 1]])},
        "a negative sum": {"kernel": np.array([[1, -3]])},
        "a kernel of zeros": {"kernel": np.zeros((2, 2), int)},
        "a kernel with the sum 1": {"kernel": SHARPEN},
    },
    more=({"kernel": np.arange(25).reshape(5, 5) ** 2 - 9}, {"kernel": np.array([[40, -90, 20]])}),
    is_exact=True,
    misconceptions=(
        ideas.divides_by_the_number_of_weights(
            divided_by(np.size),
            "Your result has the sum 1 only if the mean weight is 1. Divide by the sum.",
        ),
        Misconception(
            "divides by 9, whatever the kernel",
            lambda kernel: kernel / 9,
            "9 is the sum of nine ones. Divide by the sum of the kernel that you were given.",
        ),
        Misconception(
            "divides by the largest weight",
            divided_by(np.max),
            "Your largest weight is 1. It is the sum that should be 1.",
        ),
        ideas.divides_by_the_sum_of_the_absolute_values(
            divided_by(lambda kernel: np.abs(kernel).sum()),
            "You add the weights without their signs. A negative weight takes brightness away.",
        ),
        Misconception(
            "divides by the absolute value of the sum",
            divided_by(lambda kernel: abs(kernel.sum())),
            "A negative sum becomes -1 in your code. Divided by itself, any sum becomes 1.",
        ),
        Misconception(
            "divides by the Euclidean norm",
            divided_by(np.linalg.norm),
            "Your squared weights add up to 1. The brightness is multiplied by the plain sum.",
        ),
        Misconception(
            "divides by a sum of 0",
            lambda kernel: kernel / kernel.sum(),
            "0 / 0 is NaN and 1 / 0 is infinity. Return the same weights if their sum is 0.",
            EDGES,
        ),
        Misconception(
            "returns zeros for a sum of 0",
            zeros_for_sum_0,
            "You replace a kernel with the sum 0 by one of zeros, which "
            "makes every image black. Return the same weights, as float64.",
            EDGES,
        ),
        Misconception(
            "divides in integers",
            lambda kernel: (kernel // (kernel.sum() or 1)).astype(float),
            "// rounds each weight down to an integer. Divide with /, and the weights are "
            "fractions.",
        ),
        Misconception(
            "shifts the weights instead of scaling them",
            shifted_to_sum_1,
            "You add the same number to each weight. That keeps their differences, not their "
            "ratios.",
        ),
        Misconception(
            "divides in place",
            normalize_in_place,
            "kernel /= … writes fractions into the integers that you were given. Make a new "
            "array: kernel / total.",
        ),
        Misconception(
            "adds a tiny number to the sum",
            lambda kernel: kernel / (kernel.sum() + 1e-8),
            "A sum of 0 becomes a tiny one, and the weights become huge. Ask whether the sum is 0.",
        ),
        Misconception(
            "leaves negative sums alone",
            lambda kernel: normalize_kernel(kernel) if kernel.sum() > 0 else kernel.astype(float),
            "Only a sum of 0 cannot be divided by. A negative one can.",
        ),
        Misconception(
            "returns whole numbers for a sum of 0",
            lambda kernel: normalize_kernel(kernel) if kernel.sum() else kernel.copy(),
            "The kernel came in whole numbers, and the result is of type float64 in both "
            "cases. Convert: .astype(float).",
        ),
    ),
    hints=(
        "By which factor does a kernel multiply the brightness of a constant area?",
        "The factor is kernel.sum(). What happens when you divide the kernel by it?",
        "Look at the sum first: if it is 0, return kernel.astype(float), else kernel / total.",
    ),
    then="Normalize the kernel that sharpens, and one of Sobel's. Why does neither change?",
)
