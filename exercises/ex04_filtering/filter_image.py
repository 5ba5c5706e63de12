"""Filter an image.

Weighted sum of the window around each pixel, as uint8.
"""

from functools import partial

import numpy as np

from course_utils import convolution
from course_utils.filtering import filter_image
from exercises import ideas
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import arguments, gray_images, large_images, random_floats
from exercises.ex04_filtering.shared import SALT, STEP, kernels, sums_with_border


def kernels_with_a_third():
    """Strategy: kernels of whole numbers but for one weight in thirds.

    Their sums are exact, or a third away from a level: neither halfway nor nearly whole.
    """

    def put(kernel, weight):
        kernel[-1, -1] = weight
        return kernel

    return st.builds(put, kernels([0.0, 1.0, -1.0]), st.sampled_from([0.0, 1 / 3, 2 / 3, -1 / 3]))


def my_filter_image(image, kernel):
    height, width = image.shape
    rows, columns = kernel.shape[0] // 2, kernel.shape[1] // 2
    padded = np.pad(image, ((rows, rows), (columns, columns)), mode="reflect")
    sums = np.zeros(image.shape)
    for (i, j), weight in np.ndenumerate(kernel):
        sums += weight * padded[i : i + height, j : j + width]
    return np.clip(np.rint(sums), 0, 255).astype(np.uint8)


def filter_with_border(image, kernel, mode):
    return convolution.to_uint8(sums_with_border(image, kernel, mode))


def filter_with_black_frame(image, kernel):
    rows, columns = kernel.shape[0] // 2, kernel.shape[1] // 2
    result = np.zeros_like(image)
    inside = slice(rows, image.shape[0] - rows), slice(columns, image.shape[1] - columns)
    result[inside] = filter_image(image, kernel)[inside]
    return result


def filter_inside(image, kernel):
    return convolution.to_uint8(convolution.correlate2d(image, kernel))


def filter_and_cut(image, kernel):
    return np.clip(sums_with_border(image, kernel), 0, 255).astype(np.uint8)


def filter_and_wrap(image, kernel):
    return np.rint(sums_with_border(image, kernel)).astype(int).astype(np.uint8)


def filter_and_cast(image, kernel):
    return sums_with_border(image, kernel).astype(int).astype(np.uint8)


def filter_padded_alike(image, kernel):
    padded = np.pad(image, kernel.shape[0] // 2, mode="reflect")
    return convolution.to_uint8(convolution.correlate2d(padded, kernel))


def filter_with_normalized(image, kernel):
    total = kernel.sum()
    return filter_image(image, kernel / total if abs(total) > 1e-9 else kernel)


def as_if_3_by_3(image, kernel):
    padded = np.pad(image.astype(float), 1, mode="reflect")
    sums = np.zeros(image.shape)
    for y, x in np.ndindex(image.shape):
        for i, j in np.ndindex(3, 3):
            sums[y, x] += kernel[i, j] * padded[y + i, x + j]
    return convolution.to_uint8(sums)


def filter_in_the_argument(image, kernel):
    image[...] = filter_image(image, kernel)
    return image


EXERCISE = Exercise(
    section="4.7 What lies beyond the border?",
    solution=my_filter_image,
    reference=filter_image,
    inputs=arguments(image=gray_images(min_side=3), kernel=kernels_with_a_third()),
    examples={
        "a kernel of 1 × 1": {"image": SALT, "kernel": np.array([[1 / 3]])},
        "one row": {"image": STEP, "kernel": np.array([[1.0, 0.0, -1.0]])},
        "one column": {"image": STEP.T.copy(), "kernel": np.array([[-1.0], [0.0], [1.0]])},
        "a box": {"image": SALT, "kernel": np.full((3, 3), 1 / 9)},
    },
    more=large_images(kernel=random_floats(3, 3, low=-0.2, high=0.5)),
    is_new=True,
    misconceptions=(
        ideas.puts_zeros_around_the_image(
            partial(filter_with_border, mode="constant"),
            "Zeros are black, and enter the sums at the border. This filter mirrors the image.",
            "4.7 What lies beyond the border?",
        ),
        ideas.repeats_the_edge(
            partial(filter_with_border, mode="edge"),
            "One pixel outside, you show the edge pixel again. This filter mirrors without "
            "repeating it: the second pixel comes first.",
        ),
        Misconception(
            "continues at the other side",
            partial(filter_with_border, mode="wrap"),
            "You treat the picture as a tile that repeats. This filter mirrors it.",
        ),
        ideas.leaves_the_border_black(
            filter_with_black_frame,
            "You filter only where the kernel lies inside the image. Mirror the image first.",
            "4.2 A template slides over the image",
        ),
        ideas.shrinks_the_image(
            filter_inside,
            "You keep only the places where the kernel lies inside the image. "
            "Mirror the image first.",
        ),
        Misconception(
            "turns the kernel by half a turn",
            lambda image, kernel: filter_image(image, kernel[::-1, ::-1]),
            "That is a convolution. The weighted sum takes the kernel as it stands.",
            "4.2 A template slides over the image",
        ),
        Misconception(
            "pads rows and columns alike",
            filter_padded_alike,
            "A kernel of 1 × 3 reaches one pixel across and none down. Take half of each side.",
        ),
        Misconception(
            "swaps rows and columns of the kernel",
            lambda image, kernel: filter_image(image, kernel.T),
            "Your kernel is transposed. Its first index counts rows, like the image's.",
            "4.2 A template slides over the image",
        ),
        ideas.cuts_the_fraction_off(filter_and_cut),
        Misconception(
            "casts to uint8 and no more",
            filter_and_cast,
            "The cast drops fractions and turns 256 into 0. First round, then clip.",
        ),
        ideas.lets_large_values_wrap_around(
            filter_and_wrap, "256 becomes 0, and -1 becomes 255. Clip to 0 … 255 before the cast."
        ),
        Misconception(
            "divides by the sum of the weights",
            filter_with_normalized,
            "You normalize the kernel. A filter applies the weights that it is given.",
            "4.2 A template slides over the image",
        ),
        ideas.changes_its_argument(filter_in_the_argument),
        Misconception(
            "always takes a kernel of 3 × 3",
            as_if_3_by_3,
            "The kernel may have one row or one column. Ask for kernel.shape.",
        ),
    ),
    hints=(
        "Which mode of np.pad gives 3 2 | 1 2 3 4 | 3 2? Rows and columns may need different "
        "widths.",
        "For each weight, add weight * padded[i : i + height, j : j + width] to a float array.",
        "At the end np.rint, then np.clip to 0 … 255, then astype(np.uint8).",
    ),
    then="Count the products per pixel for a 9 × 9 kernel. How many does a separable one need?",
)
