"""A median filter.

Median of the size x size window around each pixel.
"""

from functools import partial

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from course_utils import convolution, filtering
from exercises import ideas
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import arguments, gray_images, large_images
from exercises.ex04_filtering.shared import SALT, STEP, windows


def my_median_filter(image, size):
    padded = np.pad(image, size // 2, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size))
    return np.median(windows, axis=(2, 3)).astype(np.uint8)


def median_with_border(image, size, mode):
    return np.median(windows(image, size, mode), axis=(2, 3)).astype(np.uint8)


def mean_of_windows(image, size):
    return convolution.to_uint8(windows(image, size).mean(axis=(2, 3)))


def median_of_medians(image, size):
    return np.median(np.median(windows(image, size), axis=3), axis=2).astype(np.uint8)


def median_inside(image, size):
    return np.median(sliding_window_view(image, (size, size)), axis=(2, 3)).astype(np.uint8)


def median_in_cut_windows(image, size):
    k, result = size // 2, image.copy()
    for y, x in np.ndindex(image.shape):
        window = image[max(y - k, 0) : y + k + 1, max(x - k, 0) : x + k + 1]
        result[y, x] = np.median(window)
    return result


def median_of_short_slices(image, size):
    k, result = size // 2, image.copy()
    padded = np.pad(image, k, mode="edge")
    for y, x in np.ndindex(image.shape):
        window = padded[y : y + max(2 * k, 1), x : x + max(2 * k, 1)]
        result[y, x] = np.median(window)
    return result


def median_but_for_the_border(image, size, border=1):
    k, result = size // 2, image * np.uint8(border)
    inside = slice(k, image.shape[0] - k), slice(k, image.shape[1] - k)
    result[inside] = filtering.median_filter(image, size)[inside]
    return result


def median_of_filtered(image, size):
    k = size // 2
    padded = np.pad(image, k, mode="edge")
    for y, x in np.ndindex(image.shape):
        padded[y + k, x + k] = np.median(padded[y : y + size, x : x + size])
    return padded[k : k + image.shape[0], k : k + image.shape[1]]


def median_of_a_square(image, size):
    result = np.zeros_like(image)
    window = windows(image, size)
    for y in range(len(image)):
        for x in range(len(image)):
            result[y, x] = np.median(window[y, x])
    return result


def median_of_shifted_windows(image, size):
    k, result = size // 2, image.copy()
    padded = np.pad(image, k, mode="edge")
    for y, x in np.ndindex(image.shape):
        window = padded[y - k : y + k + 1, x - k : x + k + 1]
        result[y, x] = np.median(window) if window.size else 0
    return result


def middle_of_one_side(image, size):
    pixels = np.sort(windows(image, size).reshape(*image.shape, -1))
    return pixels[..., size // 2]


def median_in_the_argument(image, size):
    image[...] = filtering.median_filter(image, size)
    return image


EXERCISE = Exercise(
    section="4.4 The median filter",
    solution=my_median_filter,
    reference=filtering.median_filter,
    inputs=arguments(image=gray_images(), size=st.sampled_from([3, 1, 5])),
    examples={
        "a single pixel": {"image": np.array([[7]], np.uint8), "size": 3},
        "a pixel of salt": {"image": SALT, "size": 3},
        "a step": {"image": STEP, "size": 3},
        "a window of 1 × 1": {"image": STEP, "size": 1},
        "a window larger than the image": {"image": SALT, "size": 5},
    },
    more=large_images(size=7) + large_images(size=3),
    is_new=True,
    misconceptions=(
        Misconception(
            "mirrors the image at the border",
            partial(median_with_border, mode="reflect"),
            "You mirror without repeating the edge, as filter_image does. "
            "This filter repeats the edge pixels.",
            "4.7 What lies beyond the border?",
        ),
        Misconception(
            "mirrors the image with its edge",
            partial(median_with_border, mode="symmetric"),
            "Two pixels outside, your border shows the second pixel. "
            "This filter repeats the edge pixel throughout.",
            "4.7 What lies beyond the border?",
        ),
        ideas.puts_zeros_around_the_image(
            partial(median_with_border, mode="constant"),
            "In the corners your zeros are the majority. This filter repeats the edge pixels.",
            "4.7 What lies beyond the border?",
        ),
        ideas.takes_the_mean(
            mean_of_windows,
            "The mean follows an outlier, however far it lies. Take the value in the middle.",
        ),
        Misconception(
            "takes the median of the whole image",
            lambda image, size: np.full_like(image, np.median(image)),
            "All pixels get one level. Each pixel has a window and a median of its own.",
        ),
        Misconception(
            "takes the median of the medians",
            median_of_medians,
            "You take the median of each row, and then of those. The median is not separable: "
            "it needs all values of the window at once.",
            "To go deeper: it is not linear",
        ),
        Misconception(
            "reads pixels that it has filtered",
            median_of_filtered,
            "You write into the array that you read. Later windows then hold new levels: "
            "write into another array.",
        ),
        ideas.shrinks_the_image(
            median_inside,
            "You keep only windows that lie inside the image. Repeat the edge pixels first.",
            "4.7 What lies beyond the border?",
        ),
        ideas.leaves_the_border_black(
            partial(median_but_for_the_border, border=0),
            "Where the window sticks out, you leave 0. Repeat the edge pixels to filter there.",
            "4.7 What lies beyond the border?",
        ),
        Misconception(
            "leaves the border as it was",
            median_but_for_the_border,
            "Pixels whose window sticks out keep their level. They are filtered, too.",
            "4.7 What lies beyond the border?",
        ),
        Misconception(
            "cuts the window off at the border",
            median_in_cut_windows,
            "At the border your window holds fewer pixels. This filter repeats the edge "
            "pixels, so that all windows are equally large.",
            "4.7 What lies beyond the border?",
        ),
        Misconception(
            "loses the last row and column of the window",
            median_of_short_slices,
            "A slice excludes its end: it must stop one place behind the last pixel of the window.",
            "4.2 A template slides over the image",
        ),
        Misconception(
            "always takes a window of 3 × 3",
            lambda image, size: filtering.median_filter(image, 3),
            "Your window does not depend on `size`. Its rows and columns number `size`.",
        ),
        ideas.changes_its_argument(median_in_the_argument),
        ideas.returns_floats(
            lambda image, size: filtering.median_filter(image, size).astype(float),
            "np.zeros makes floats unless you tell it otherwise, and np.median returns them. "
            "Levels are uint8: np.zeros_like(image), or .astype(np.uint8).",
        ),
        ideas.takes_every_image_for_a_square(
            median_of_a_square, "len(image) is the number of rows. The columns are image.shape[1]."
        ),
        Misconception(
            "forgets the border when it indexes",
            median_of_shifted_windows,
            "With k pixels of border, pixel (y, x) is padded[y + k, x + k], and its window "
            "starts at padded[y, x].",
        ),
        Misconception(
            "takes the middle of one side, not of all pixels",
            middle_of_one_side,
            "The sorted window has size² pixels, and its middle is number size * size // 2.",
        ),
        ideas.takes_the_middle_without_sorting(
            lambda image, size: image.copy(),
            "Unsorted, the one in the middle is the pixel itself, so nothing changes. Sort the "
            "pixels of the window first.",
        ),
        Misconception(
            "continues at the other side",
            partial(median_with_border, mode="wrap"),
            'Beyond the border you take pixels of the opposite side. Repeat the edge: mode="edge".',
        ),
        Misconception(
            "takes the mean and drops the decimals",
            lambda image, size: windows(image, size).mean(axis=(2, 3)).astype(np.uint8),
            "The mean is drawn along by a single grain of salt. Take the pixel in the middle.",
        ),
        Misconception(
            "takes the largest level",
            lambda image, size: windows(image, size).max(axis=(2, 3)),
            "That makes a grain of salt grow. Take the pixel in the middle of the sorted ones.",
        ),
    ),
    hints=(
        "Repeat the edge pixels first: np.pad(image, size // 2, mode='edge').",
        "The window of pixel (y, x) is padded[y : y + size, x : x + size].",
        "np.median of each window, written into a new array of dtype uint8.",
    ),
    then="Filter a picture again and again: does it ever stop changing?",
)
