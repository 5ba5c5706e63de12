"""What several exercises of notebook 06 use."""

from functools import cache

import numpy as np

from course_utils import convolution
from exercises.checker import strategies as st
from exercises.checker.inputs import arrays, gray_images, random_floats, random_image

PLACES = "6.4 Output size, padding, stride"
BRIGHTNESS = "6.5 Random kernels and the brightness"
EDGES = "6.6 Blur, sharpen, find edges"
IMAGES = gray_images()


@cache  # to make a strategy takes longer than to draw from it
def weights(shape):
    """Strategy: weights of a few small numbers, so that sums are exact in any order.

    Their sum is not 0: dividing by it is then a mistake like any other, and no error.
    """
    numbers = st.integers(-3, 3).map(float)
    return arrays(np.float64, shape, elements=numbers).filter(lambda array: array.sum() != 0)


@st.composite
def images_and_kernels(draw, square=False):
    """Strategy: an image, and a kernel that fits on it."""
    image = draw(IMAGES)
    height, width = (draw(st.integers(1, min(side, 3))) for side in image.shape)
    shape = (min(height, width),) * 2 if square else (height, width)
    return {"image": image, "kernel": draw(weights(shape))}


MORE_KERNELS = tuple(
    {"image": image, "kernel": random_floats(side, side)}
    for image, side in (
        (random_image(3, 3), 3),
        (random_image(5, 7), 3),
        (random_image(9, 8), 5),
        (random_image(41, 31), 3),
    )
)


def image_and_kernel(image, kernel):
    return {"image": np.array(image, np.uint8), "kernel": np.array(kernel, float)}


def correlate(image, kernel):
    return convolution.correlate2d(image.astype(float), kernel)


def convolve(image, kernel):
    return correlate(image, kernel[::-1, ::-1])


def same_size(operation, image, kernel):
    (height, width), (h, w) = image.shape, kernel.shape
    padded = np.pad(image, ((h // 2, h // 2), (w // 2, w // 2)))
    return operation(padded, kernel)[:height, :width]


def full_size(operation, image, kernel):
    h, w = kernel.shape
    return operation(np.pad(image, ((h - 1, h - 1), (w - 1, w - 1))), kernel)


def one_too_few(operation, image, kernel):
    return operation(image, kernel)[:-1, :-1]


def cut_to_uint8(operation, *arguments):
    return convolution.to_uint8(operation(*arguments))
