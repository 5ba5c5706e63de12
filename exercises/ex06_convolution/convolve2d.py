"""Convolution.

Correlation with the kernel turned by 180 degrees; float64.
"""

from functools import partial

import numpy as np

from exercises import ideas
from exercises.checker.exercise import Exercise, Misconception
from exercises.ex06_convolution.shared import (
    MORE_KERNELS,
    PLACES,
    convolve,
    correlate,
    full_size,
    image_and_kernel,
    images_and_kernels,
    one_too_few,
    same_size,
)


def my_convolve2d(image, kernel):
    h, w = kernel.shape
    turned = kernel[::-1, ::-1]
    out = np.zeros((image.shape[0] - h + 1, image.shape[1] - w + 1))
    for y in range(out.shape[0]):
        for x in range(out.shape[1]):
            out[y, x] = np.sum(turned * image[y : y + h, x : x + w])
    return out


def negative_indices(image, kernel):
    out = np.zeros(np.subtract(image.shape, kernel.shape) + 1)
    for y, x in np.ndindex(*out.shape):
        for i, j in np.ndindex(*kernel.shape):
            out[y, x] += kernel[i, j] * image[y - i, x - j]
    return out


def turned_in_place(image, kernel):
    kernel[:] = kernel[::-1, ::-1].copy()
    return correlate(image, kernel)


EXERCISE = Exercise(
    section="6.3 Convolution turns the kernel",
    solution=my_convolve2d,
    reference=convolve,
    inputs=images_and_kernels(square=True),
    examples={
        "a kernel of 1 x 1": image_and_kernel([[7]], [[2]]),
        "a symmetric kernel": image_and_kernel([[1, 2], [3, 4]], [[1, 2], [2, 1]]),
        "one weight that is not 0": image_and_kernel([[1, 2], [3, 4]], [[0, 1], [0, 0]]),
        "one bright point": image_and_kernel(np.diag([0, 1, 0]), [[1, 2], [3, 0]]),
        "a sum above 255": image_and_kernel([[200, 0], [100, 0]], [[0, 1], [0, 1]]),
    },
    more=MORE_KERNELS,
    is_exact=True,
    misconceptions=(
        Misconception(
            "does not turn the kernel",
            correlate,
            "The kernel lies on the image as it came, which is a correlation. It must be turned by "
            "180 degrees, once.",
            "Pitfall: a *convolution* that does not turn the kernel",
        ),
        Misconception(
            "reverses the rows only",
            lambda image, kernel: correlate(image, kernel[::-1]),
            "kernel[::-1] exchanges top and bottom, and left and right stay. Reverse both.",
        ),
        Misconception(
            "reverses the columns only",
            lambda image, kernel: correlate(image, kernel[:, ::-1]),
            "kernel[:, ::-1] exchanges left and right, and top and bottom stay. Reverse both.",
        ),
        Misconception(
            "turns by 90 degrees",
            lambda image, kernel: correlate(image, np.rot90(kernel)),
            "np.rot90 makes a quarter turn. A convolution needs half a turn: np.rot90(…, 2).",
        ),
        Misconception(
            "turns by 90 degrees clockwise",
            lambda image, kernel: correlate(image, np.rot90(kernel, -1)),
            "You make a quarter turn. A convolution needs half a turn: kernel[::-1, ::-1].",
        ),
        Misconception(
            "transposes the kernel",
            lambda image, kernel: correlate(image, kernel.T),
            "kernel.T exchanges rows and columns. Keep them, and reverse the order of each.",
        ),
        Misconception(
            "turns the image, or the result",
            lambda image, kernel: correlate(image[::-1, ::-1], kernel),
            "The sums are right, and in reverse order. Turn the kernel, and neither the image nor "
            "the result.",
        ),
        Misconception(
            "turns image and kernel",
            lambda image, kernel: correlate(image[::-1, ::-1], kernel[::-1, ::-1]),
            "If both are turned, they meet as before: a correlation, in reverse order. Turn the "
            "kernel only.",
        ),
        Misconception(
            "reads the image at (y - i, x - j)",
            negative_indices,
            "At the border your index is negative, and NumPy counts it from the other end. With "
            "the output's corner at (0, 0) it is (y + h - 1 - i, x + w - 1 - j).",
        ),
        Misconception(
            "turns the kernel in place",
            turned_in_place,
            "kernel[:] = … changes the array that you were given, and the next call turns it "
            "back. Make a new one: turned = kernel[::-1, ::-1].",
        ),
        ideas.loses_a_row_and_a_column(partial(one_too_few, convolve), section=PLACES),
        ideas.pads_with_zeros_to_keep_the_size(partial(same_size, convolve), section=PLACES),
        ideas.lets_the_kernel_reach_over_the_edge(partial(full_size, convolve), section=PLACES),
    ),
    hints=(
        "You have a correlation already. What must be done to the kernel?",
        "Half a turn reverses the order of the rows and the order of the columns.",
        "return my_correlate2d(image, kernel[::-1, ::-1])",
    ),
    then="Convolve an image with one bright point. What do you see in the output?",
)
