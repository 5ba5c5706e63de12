"""A Gaussian kernel.

Samples of a Gaussian around the centre, divided by their sum.
"""

import numpy as np

from course_utils import filtering
from exercises import ideas
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import arguments
from exercises.ex04_filtering.shared import ODD_SIZES


def my_gaussian_kernel(size, sigma):
    offset = np.arange(size) - size // 2
    profile = np.exp(-(offset**2) / (2 * sigma**2))
    kernel = np.outer(profile, profile)
    return kernel / kernel.sum()


def bell(size, factor, move=0):
    """exp(-factor * r**2), with the centre moved."""
    offset = np.arange(size) - size // 2 - move
    return np.exp(-factor * np.add.outer(offset**2, offset**2))


def normalized_bell(size, factor, move=0):
    kernel = bell(size, factor, move)
    return kernel / kernel.sum()


def bell_by_row_sum(size, sigma):
    kernel = bell(size, 1 / (2 * sigma**2))
    return kernel / kernel[size // 2].sum()


def centred_places(size):
    k = size // 2
    return np.mgrid[-k : k + 1, -k : k + 1]


def peak_by_distance(size, sigma):
    i, j = centred_places(size)
    kernel = np.exp(-np.hypot(i, j) / (2 * sigma**2))
    return kernel / kernel.sum()


def ridge(size, sigma):
    i, j = centred_places(size)
    kernel = np.exp(-((i + j) ** 2) / (2 * sigma**2))
    return kernel / kernel.sum()


def bell_without_end(size, sigma):
    kernel = bell(size, 1 / (2 * sigma**2))[:-1, :-1]
    return kernel / kernel.sum()


def bell_in_a_row(size, sigma):
    return filtering.gaussian_kernel(size, sigma).sum(axis=0)


EXERCISE = Exercise(
    section="4.3 Box, Gaussian and binomial kernels",
    solution=my_gaussian_kernel,
    reference=filtering.gaussian_kernel,
    inputs=arguments(size=ODD_SIZES, sigma=st.sampled_from([1.0, 2.0, 0.7, 3.0])),
    examples={
        "1 × 1": {"size": 1, "sigma": 1.0},
        "sigma = 0.7": {"size": 3, "sigma": 0.7},
        "a kernel that cuts the bell off": {"size": 3, "sigma": 2.0},
    },
    more=(
        {"size": 9, "sigma": 0.3},
        {"size": 41, "sigma": 7.0},
        {"size": 11, "sigma": 1.0},
        {"size": 15, "sigma": 2.34},
        {"size": 5, "sigma": 40.0},
    ),
    is_exact=True,
    misconceptions=(
        Misconception(
            "leaves the centre at 1",
            lambda size, sigma: bell(size, 1 / (2 * sigma**2)),
            "The exponential is 1 in the middle, and the sum is more. Divide by the sum.",
            "4.2 A template slides over the image",
        ),
        Misconception(
            "divides by 2 pi sigma²",
            lambda size, sigma: bell(size, 1 / (2 * sigma**2)) / (2 * np.pi * sigma**2),
            "This factor makes the volume under the whole bell 1. Samples need their own sum.",
        ),
        ideas.divides_by_the_sum_of_one_row(
            bell_by_row_sum, "You divide by the sum of a row. Divide by the sum of all weights."
        ),
        ideas.takes_sigma_for_the_variance(
            lambda size, sigma: normalized_bell(size, 1 / (2 * sigma)),
            "You divide by 2 sigma. Sigma is the standard deviation: square it.",
        ),
        Misconception(
            "leaves out the factor 2",
            lambda size, sigma: normalized_bell(size, 1 / sigma**2),
            "You divide by sigma². Without the 2 the bell is narrower than sigma says.",
        ),
        Misconception(
            "multiplies by sigma²",
            lambda size, sigma: normalized_bell(size, sigma**2 / 2),
            "Python reads a / 2 * b as (a / 2) * b. Put 2 * sigma**2 in parentheses.",
        ),
        Misconception(
            "forgets the minus sign",
            lambda size, sigma: normalized_bell(size, -1 / (2 * sigma**2)),
            "Your weights grow toward the corners. The exponent is negative.",
        ),
        Misconception(
            "puts the centre between two pixels",
            lambda size, sigma: normalized_bell(size, 1 / (2 * sigma**2), move=0.5),
            "size / 2 is 1.5 for a size of 3, but the middle index is 1. Take size // 2.",
        ),
        Misconception(
            "puts the centre in a corner",
            lambda size, sigma: normalized_bell(size, 1 / (2 * sigma**2), move=-(size // 2)),
            "Your offsets start at 0, so the largest weight is first. Count from the middle.",
        ),
        Misconception(
            "puts the centre one pixel off",
            lambda size, sigma: normalized_bell(size, 1 / (2 * sigma**2), move=-1),
            "The centre of your bell is not the centre of the kernel. Indices from 0 have it "
            "at k, indices from 1 at k + 1.",
        ),
        ideas.returns_one_row(bell_in_a_row),
        Misconception(
            "returns one column",
            lambda size, sigma: bell_in_a_row(size, sigma)[:, None],
            "cv2.getGaussianKernel gives one column. The kernel has as many columns as rows: "
            "the column times its own row, np.outer.",
        ),
        Misconception(
            "takes the distance instead of its square",
            peak_by_distance,
            "i² + j² is the squared distance already, without a root. With the root you get a "
            "peak, not a bell.",
        ),
        Misconception(
            "squares the sum i + j",
            ridge,
            "(i + j)² is not i² + j²: it is 0 along a whole diagonal. Square first, then add.",
        ),
        Misconception(
            "stops at k - 1",
            bell_without_end,
            "np.arange(-k, k) and np.mgrid[-k:k] end before k. Write k + 1.",
        ),
    ),
    hints=(
        "First the offsets of a row from the centre: -k, …, 0, …, k.",
        "exp(-(i² + j²) / (2 sigma²)) is a product of two rows: np.outer(profile, profile).",
        "profile = np.exp(-(offset**2) / (2 * sigma**2)); then divide the outer product by its "
        "sum.",
    ),
    then="For which sigma does your kernel of size 5 come closest to binomial_kernel(5)?",
)
