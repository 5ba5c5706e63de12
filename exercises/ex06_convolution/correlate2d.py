"""Correlation.

Sum of the pixels weighted by the kernel, at each place; float64.
"""

from functools import partial

import cv2
import numpy as np

from exercises import ideas
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import random_floats, random_image
from exercises.ex06_convolution.shared import (
    BRIGHTNESS,
    MORE_KERNELS,
    PLACES,
    convolve,
    correlate,
    cut_to_uint8,
    full_size,
    image_and_kernel,
    images_and_kernels,
    one_too_few,
    same_size,
)


def my_correlate2d(image, kernel):
    h, w = kernel.shape
    height, width = image.shape[0] - h + 1, image.shape[1] - w + 1
    out = np.zeros((height, width))
    for i in range(h):
        for j in range(w):
            out += kernel[i, j] * image[i : i + height, j : j + width]
    return out


def wrap_to_uint8(operation, image, kernel):
    return operation(image, kernel).astype(int).astype(np.uint8)


def zeros_at_the_end(image, kernel):
    sums = correlate(image, kernel)
    return np.pad(sums, [(0, h - 1) for h in kernel.shape])


def zeros_like_image(image, kernel):
    return wrap_to_uint8(zeros_at_the_end, image, kernel)


def rows_and_columns_of_kernel_exchanged(image, kernel):
    out = np.zeros(np.subtract(image.shape, kernel.shape) + 1)
    for y, x in np.ndindex(*out.shape):
        for i, j in np.ndindex(*kernel.shape):
            out[y, x] += kernel[j, i] * image[y + i, x + j]
    return out


def overwriting(image, kernel):
    h, w = kernel.shape
    height, width = np.subtract(image.shape, kernel.shape) + 1
    return kernel[-1, -1] * image[h - 1 : h - 1 + height, w - 1 : w - 1 + width].astype(float)


def without_the_last_weights(image, kernel):
    kernel = kernel.copy()
    kernel[-1], kernel[:, -1] = 0, 0
    return correlate(image, kernel)


def multiplying_matrices(image, kernel):
    out = np.zeros(np.subtract(image.shape, kernel.shape) + 1)
    for y, x in np.ndindex(*out.shape):
        window = image[y : y + kernel.shape[0], x : x + kernel.shape[1]]
        out[y, x] = np.sum(kernel @ window)
    return out


EXERCISE = Exercise(
    section="6.1 One output value by hand",
    solution=my_correlate2d,
    reference=correlate,
    inputs=images_and_kernels(),
    examples={
        "a kernel of 1 x 1": image_and_kernel([[7]], [[2]]),
        "a kernel as large as the image": image_and_kernel([[1, 2], [3, 4]], [[1, 0], [2, 0]]),
        "a sum above 255": image_and_kernel([[200, 100]], [[1, 1]]),
        "a negative sum": image_and_kernel([[5], [9]], [[1], [-2]]),
        "a kernel wider than high": image_and_kernel([[1, 2, 3], [4, 5, 6]], [[1, 2]]),
        "a kernel higher than wide": image_and_kernel([[1, 2], [3, 4], [5, 6]], [[1], [2]]),
    },
    more=MORE_KERNELS + ({"image": random_image(5, 7), "kernel": random_floats(2, 3)},),
    is_exact=True,
    misconceptions=(
        Misconception(
            "turns the kernel",
            convolve,
            "You turn the kernel by 180 degrees, which is a convolution. Correlation lays the "
            "kernel on the image as it is.",
            "6.3 Convolution turns the kernel",
        ),
        ideas.loses_a_row_and_a_column(partial(one_too_few, correlate), section=PLACES),
        ideas.pads_with_zeros_to_keep_the_size(partial(same_size, correlate), section=PLACES),
        ideas.lets_the_kernel_reach_over_the_edge(partial(full_size, correlate), section=PLACES),
        Misconception(
            "makes the output as large as the image",
            zeros_at_the_end,
            "Your last rows and columns are never filled. Make the output H - h + 1 rows high "
            "and W - w + 1 columns wide.",
            PLACES,
        ),
        Misconception(
            "starts from np.zeros_like(image)",
            zeros_like_image,
            "Your output has the size and the type of the image. Make it smaller, and of "
            "float64: np.zeros((H - h + 1, W - w + 1)).",
            PLACES,
        ),
        Misconception(
            "stores the sums in uint8",
            partial(wrap_to_uint8, correlate),
            "In uint8, 256 becomes 0 and -1 becomes 255. Keep the sums in floating point.",
        ),
        Misconception(
            "rounds the sums and cuts them to 0 … 255",
            partial(cut_to_uint8, correlate),
            "You round and clip to grey levels at once. That decision comes last: return the "
            "sums as they are.",
        ),
        Misconception(
            "stays in integers",
            lambda image, kernel: correlate(image, kernel).astype(int),
            "You return integers, which lose what a kernel of fractions gives. Return float64.",
        ),
        Misconception(
            "exchanges the rows and columns of the kernel",
            rows_and_columns_of_kernel_exchanged,
            "You read kernel[j, i] where the image is read at (y + i, x + j). The row comes "
            "first in both.",
        ),
        Misconception(
            "divides by the sum of the kernel",
            lambda image, kernel: correlate(image, kernel) / kernel.sum(),
            "You normalize the sums. A kernel is applied as it is; to keep the "
            "brightness, normalize the kernel first.",
            BRIGHTNESS,
        ),
        ideas.divides_by_the_number_of_weights(
            lambda image, kernel: correlate(image, kernel) / kernel.size,
            "You take the mean of the products. The formula has their sum.",
            BRIGHTNESS,
        ),
        Misconception(
            "overwrites the sum",
            overwriting,
            "= forgets the product before, and only the last one is left. += adds to it.",
        ),
        Misconception(
            "leaves out the last row and column of the kernel",
            without_the_last_weights,
            "range(h - 1) ends with h - 2. range(h) gives 0 … h - 1, all rows of the kernel.",
        ),
        ideas.multiplies_matrices(
            multiplying_matrices,
            "@ is the product of matrices: rows times columns. Each pixel is multiplied by its "
            "own weight with *.",
        ),
        Misconception(
            "exchanges rows and columns of the result",
            lambda image, kernel: correlate(image, kernel).T,
            "Height comes first: the result has H - h + 1 rows and W - w + 1 columns, and y is "
            "the row.",
        ),
        Misconception(
            "keeps the size with a mirrored border",
            lambda image, kernel: cv2.filter2D(image, cv2.CV_64F, kernel),
            "As many pixels come back as came in, and the image is mirrored at its edge. Here the "
            "kernel stays inside the image.",
            "6.4 Output size, padding, stride",
        ),
    ),
    hints=(
        "Write one value first: cut the window out of the image, multiply it by the kernel, "
        "add up.",
        "At (y, x) the window is image[y : y + h, x : x + w]. y runs from 0 to H - h.",
        "out = np.zeros((H - h + 1, W - w + 1)); in two loops, "
        "out[y, x] = np.sum(kernel * window).",
    ),
    then="Write it again in two lines, with np.lib.stride_tricks.sliding_window_view.",
)
