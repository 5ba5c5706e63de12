"""Read a kernel.

Return brightness factor, variance factor.
"""

import numpy as np

from course_utils import convolution
from exercises import ideas
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import arguments, random_floats
from exercises.ex04_filtering.shared import kernels


def my_kernel_gains(kernel):
    return kernel.sum(), (kernel**2).sum()


def gains(kernel):
    """Filter ones for the first; the squared norm is the second."""
    return convolution.correlate2d(np.ones(kernel.shape), kernel).item(), np.vdot(kernel, kernel)


def of_normalized(kernel):
    total = kernel.sum()
    return gains(kernel / total if total else kernel)


EXERCISE = Exercise(
    section="4.5 What smoothing buys, and what it costs",
    solution=my_kernel_gains,
    reference=gains,
    inputs=arguments(kernel=kernels([0.0, 1.0, 2.0, 0.5, -1.0])),
    examples={
        "a kernel of 1 × 1": {"kernel": np.array([[2.0]])},
        "a kernel with the sum 0": {"kernel": np.array([[-1.0, 0.0, 1.0]])},
        "a box": {"kernel": np.full((3, 3), 1 / 9)},
    },
    more=({"kernel": random_floats(3, 3)}, {"kernel": 9 * random_floats(5, 7)}),
    misconceptions=(
        Misconception(
            "returns the numbers in the other order",
            lambda kernel: gains(kernel)[::-1],
            "You return the factor of the variance first. First comes that of the brightness.",
        ),
        Misconception(
            "takes the standard deviation of the noise",
            lambda kernel: (kernel.sum(), np.sqrt((kernel**2).sum())),
            "The root is the factor of the standard deviation. The variance has no root.",
        ),
        Misconception(
            "squares the sum",
            lambda kernel: (kernel.sum(), kernel.sum() ** 2),
            "You square after adding. For independent noise, square each weight, then add.",
        ),
        Misconception(
            "drops the signs",
            lambda kernel: (np.abs(kernel).sum(), (kernel**2).sum()),
            "On a flat area a negative weight takes away. Only squares lose their signs.",
        ),
        ideas.divides_by_the_number_of_weights(
            lambda kernel: (kernel.mean(), (kernel**2).mean()),
            "You return means. The filter adds the products and divides by nothing.",
        ),
        Misconception(
            "normalizes the kernel first",
            of_normalized,
            "You divide by the sum of the weights. The filter takes the kernel as it is.",
        ),
        Misconception(
            "treats every kernel as a box",
            lambda kernel: (1.0, 1 / kernel.size),
            "1 and 1/N belong to N equal weights that add up to 1. Use the weights you get.",
        ),
        Misconception(
            "forgets to square",
            lambda kernel: (kernel.sum(), kernel.sum()),
            "Twice the noise has four times the variance. Square the weights.",
        ),
        Misconception(
            "takes the mean and the variance of the weights",
            lambda kernel: (kernel.mean(), kernel.var()),
            "The image is multiplied by each weight, and the products are added up. So sums "
            "decide: that of the weights, and that of their squares.",
        ),
        Misconception(
            "writes ^ for a power",
            lambda kernel: (kernel.sum(), (kernel ^ 2).sum()),
            "In Python ^ compares bits, and floats have none to compare. A power is **: kernel**2.",
        ),
        Misconception(
            "takes the variance of the weights",
            lambda kernel: (kernel.sum(), kernel.var()),
            "The weights themselves do not vary by chance. Each one squared multiplies the "
            "variance of its pixel.",
        ),
        Misconception(
            "expects the brightness to stay",
            lambda kernel: (1.0, (kernel**2).sum()),
            "Only a kernel whose weights add up to 1 keeps the brightness. Add them up.",
        ),
        Misconception(
            "takes 1/n for the second number",
            lambda kernel: (kernel.sum(), 1 / kernel.size),
            "The first number is right, and 1/n is the second for n equal weights that add up to "
            "1. For any weights, add up their squares.",
        ),
    ),
    hints=(
        "On a flat area all levels in the window are equal. Take that level out of the sum.",
        "Section 4.5 has a formula for the variance of a weighted sum of noises.",
        "Return two sums: of kernel, and of kernel**2.",
    ),
    then="What does [0 -1 0; -1 5 -1; 0 -1 0] do to a flat area and to noise? Measure it, too.",
)
