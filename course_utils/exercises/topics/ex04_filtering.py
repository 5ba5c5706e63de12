"""Exercises of notebook 04."""

import math
from functools import partial

import cv2
import numpy as np
from hypothesis import strategies as st
from numpy.lib.stride_tricks import sliding_window_view

from course_utils import convolution, filtering
from course_utils.exercises.checking import Exercise, Misconception
from course_utils.exercises.inputs import arguments, arrays, gray_images
from course_utils.exercises.quizzes import Question
from course_utils.filtering import filter_image

NOTEBOOK = "04_filtering"
ODD_SIZES = st.integers(0, 3).map(lambda k: 2 * k + 1)
SALT = np.array([[50, 50, 50], [50, 255, 50], [50, 50, 50]], np.uint8)
STEP = np.array([[10, 10, 200, 200]] * 3, np.uint8)


def kernels(weights):
    """Strategy: kernels of one or three rows and columns."""
    sides = st.sampled_from([1, 3])
    return st.tuples(sides, sides).flatmap(
        lambda shape: arrays(np.float64, shape, elements=st.sampled_from(weights))
    )


# What the quizzes compute with
NINE = [12, 10, 11, 250, 13, 10, 12, 14, 11]
NINE_TAMED = [25 if level == 250 else level for level in NINE]
WHITE_WITH_LINE = np.full((7, 7), 255, np.uint8)
WHITE_WITH_LINE[3] = 0
WHITE_SQUARE = np.zeros((7, 7), np.uint8)
WHITE_SQUARE[2:5, 2:5] = 255


# A box kernel


def my_box_kernel(size):
    return np.full((size, size), 1 / size**2)


def ring(size):
    kernel = np.ones((size, size))
    kernel[size // 2, size // 2] = 0
    return kernel / kernel.sum()


# A kernel that moves the picture

PICTURE = np.random.default_rng(2022).integers(0, 256, (8, 8), np.uint8)
MOVES = {
    "stays where it is": (0, 0),
    "moves one pixel to the left": (0, -1),
    "moves one pixel to the right": (0, 1),
    "moves one pixel up": (-1, 0),
    "moves one pixel down": (1, 0),
    "moves left and up": (-1, -1),
    "moves left and down": (1, -1),
    "moves right and up": (-1, 1),
    "moves right and down": (1, 1),
}


def my_left_kernel():
    return np.array([[0, 0, 0], [0, 0, 1], [0, 0, 0]])


def says_how_it_moves(kernel, arguments):
    """Say what a kernel does to a picture."""
    filtered = filter_image(PICTURE, kernel)[1:-1, 1:-1]  # refuses what is no kernel
    if kernel.shape != (3, 3):
        return "the kernel must have 3 rows and 3 columns"
    for words, step in MOVES.items():
        if np.array_equal(filtered, np.roll(PICTURE, step, axis=(0, 1))[1:-1, 1:-1]):
            return f"the picture {words}"
    flat = filter_image(np.full((3, 3), 100, np.uint8), kernel)[1, 1]
    if flat != 100:
        return f"a flat area of level 100 becomes {flat}"
    return "the levels of several pixels are mixed"


def one_at(row, column):
    kernel = np.zeros((3, 3))
    kernel[row, column] = 1
    return kernel


# What a kernel does to brightness and noise


def my_kernel_gains(kernel):
    return kernel.sum(), (kernel**2).sum()


def gains(kernel):
    """Filter ones for the first; the squared norm is the second."""
    return convolution.correlate2d(np.ones(kernel.shape), kernel).item(), np.vdot(kernel, kernel)


def of_normalized(kernel):
    total = kernel.sum()
    return gains(kernel / total if total else kernel)


# A binomial kernel


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


# A Gaussian kernel


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


# A median filter


def my_median_filter(image, size):
    padded = np.pad(image, size // 2, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size))
    return np.median(windows, axis=(2, 3)).astype(np.uint8)


def median_with_border(image, size, mode):
    windows = sliding_window_view(np.pad(image, size // 2, mode=mode), (size, size))
    return np.median(windows, axis=(2, 3)).astype(np.uint8)


def mean_of_windows(image, size):
    windows = sliding_window_view(np.pad(image, size // 2, mode="edge"), (size, size))
    return convolution.to_uint8(windows.mean(axis=(2, 3)))


def median_of_medians(image, size):
    windows = sliding_window_view(np.pad(image, size // 2, mode="edge"), (size, size))
    return np.median(np.median(windows, axis=3), axis=2).astype(np.uint8)


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
    windows = sliding_window_view(np.pad(image, size // 2, mode="edge"), (size, size))
    result = np.zeros_like(image)
    for y in range(len(image)):
        for x in range(len(image)):
            result[y, x] = np.median(windows[y, x])
    return result


def median_of_shifted_windows(image, size):
    k, result = size // 2, image.copy()
    padded = np.pad(image, k, mode="edge")
    for y, x in np.ndindex(image.shape):
        window = padded[y - k : y + k + 1, x - k : x + k + 1]
        result[y, x] = np.median(window) if window.size else 0
    return result


def middle_of_one_side(image, size):
    windows = sliding_window_view(np.pad(image, size // 2, mode="edge"), (size, size))
    pixels = np.sort(windows.reshape(*image.shape, -1))
    return pixels[..., size // 2]


def median_in_the_argument(image, size):
    image[...] = filtering.median_filter(image, size)
    return image


# Find the fault: a median filter that reads what it has written


def median_in_place(image):
    padded = np.pad(image, 1, mode="edge")
    for y, x in np.ndindex(image.shape):
        padded[y + 1, x + 1] = np.median(padded[y : y + 3, x : x + 3])
    return padded[1:-1, 1:-1]


def shows_early_write(image, arguments):
    """Say what an image shows about `median_in_place`."""
    if np.ndim(image) != 2:
        return "a grey image has two dimensions, rows and columns"
    if getattr(image, "dtype", None) != np.uint8:
        return "an image is an array of dtype uint8"
    if max(image.shape) > 5:
        return "the image is larger than 5 × 5"
    right = filtering.median_filter(image, 3)
    changed = right != image
    if not np.array_equal(median_in_place(image), right):
        return "a pixel gets a wrong level"
    if np.ptp(image) == 0:
        return "no pixel gets a wrong level: with one level there is nothing to filter"
    if not changed.any():
        return "no pixel gets a wrong level: a right median leaves this image as it is"
    if changed.sum() == 1:
        return "no pixel gets a wrong level: only one pixel changes"
    if (convolution.correlate2d(np.pad(changed * 1.0, 1), np.ones((3, 3)))[changed] == 1).all():
        return "no pixel gets a wrong level: those that change are not neighbours"
    return "no pixel gets a wrong level: neighbours change, but their medians stay the same"


def my_find_early_write():
    return np.array([[0, 9, 0], [0, 0, 9]], np.uint8)


def checkerboard(shape):
    return (np.indices(shape).sum(axis=0) % 2 * 9).astype(np.uint8)


def flat_with(*places):
    image = np.full((5, 5), 50, np.uint8)
    for place in places:
        image[place] = 255
    return image


# Filter an image


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


def sums_with_border(image, kernel, mode="reflect"):
    rows, columns = kernel.shape[0] // 2, kernel.shape[1] // 2
    padded = np.pad(image.astype(float), ((rows, rows), (columns, columns)), mode=mode)
    return convolution.correlate2d(padded, kernel)


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


# Unsharp masking

AMOUNTS = (1.0, 0.0, 2.0, 0.4, 1.6, 5.0)  # fifths are never halfway between two levels
BLURS = (
    np.full((1, 3), 1 / 3),
    np.full((3, 3), 1 / 9),
    np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]]) / 5,
)


def my_unsharp_mask(image, kernel, amount):
    blurred = filter_image(image, kernel)
    sharpened = image + amount * (image.astype(float) - blurred)
    return np.clip(np.rint(sharpened), 0, 255).astype(np.uint8)


def unsharp_mask(image, kernel, amount):
    """OpenCV's weighted sum of two images; it rounds and clips."""
    blurred = filter_image(image, kernel)
    return cv2.addWeighted(image, 1 + amount, blurred, -amount, 0)


def detail(image, kernel):
    return image.astype(float) - filter_image(image, kernel)


def unsharp_in_uint8(image, kernel, amount):
    return convolution.to_uint8(image + amount * (image - filter_image(image, kernel)))


def unsharp_brighter_only(image, kernel, amount):
    return convolution.to_uint8(image + amount * np.maximum(detail(image, kernel), 0))


def unsharp_unclipped(image, kernel, amount):
    return np.rint(image + amount * detail(image, kernel)).astype(int).astype(np.uint8)


def unsharp_cut(image, kernel, amount):
    return np.clip(image + amount * detail(image, kernel), 0, 255).astype(np.uint8)


def unsharp_backwards(image, kernel, amount):
    return convolution.to_uint8(image - amount * detail(image, kernel))


def detail_only(image, kernel, amount):
    return convolution.to_uint8(amount * detail(image, kernel))


def minus_blurred(image, kernel, amount):
    return convolution.to_uint8(image - amount * filter_image(image, kernel))


def unsharp_once(image, kernel, amount):
    return convolution.to_uint8(image + detail(image, kernel))


def unsharp_unrounded(image, kernel, amount):
    return convolution.to_uint8(image + amount * (image - sums_with_border(image, kernel)))


# One kernel for two


def my_combined_kernel(first, second):
    rows, columns = first.shape
    shape = rows + second.shape[0] - 1, columns + second.shape[1] - 1
    combined = np.zeros(shape)
    for (i, j), weight in np.ndenumerate(second):
        combined[i : i + rows, j : j + columns] += weight * first
    return combined


def slide(second, first, apply=convolution.convolve2d):
    """Slide the second kernel over the first, with zeros around."""
    rows, columns = second.shape[0] - 1, second.shape[1] - 1
    return apply(np.pad(first, ((rows, rows), (columns, columns))), second)


def combined_kernel(first, second):
    return slide(second, first)


def combined_as_large_as_first(first, second):
    rows, columns = second.shape[0] // 2, second.shape[1] // 2
    full = combined_kernel(first, second)
    return full[rows : rows + first.shape[0], columns : columns + first.shape[1]]


def combined_and_normalized(first, second):
    kernel = combined_kernel(first, second)
    return kernel / kernel.sum() if kernel.sum() else kernel


# A median that spares clean pixels


def my_adaptive_median(image):
    result = image.copy()
    for y, x in np.argwhere((image == 0) | (image == 255)):
        window = image[max(y - 1, 0) : y + 2, max(x - 1, 0) : x + 2]
        clean = np.sort(window[(window > 0) & (window < 255)])
        if clean.size:
            result[y, x] = clean[(clean.size - 1) // 2]
    return result


def adaptive_median(image):
    """No loop over pixels. The zeros beyond the border count as pepper, so they drop out."""
    windows = sliding_window_view(np.pad(image, 1), (3, 3)).reshape(*image.shape, 9)
    is_clean = (windows > 0) & (windows < 255)
    clean_first = np.sort(np.where(is_clean, windows, 255), axis=2)
    count = is_clean.sum(axis=2)
    middle = np.maximum(count - 1, 0) // 2
    medians = np.take_along_axis(clean_first, middle[..., None], axis=2)[..., 0]
    is_hit = (image == 0) | (image == 255)
    return np.where(is_hit & (count > 0), medians, image)


def noisy_images():
    """Strategy: grey images in which every other pixel, on average, is black or white."""
    side, pixels = st.integers(1, 4), st.sampled_from([0, 255]) | st.integers(1, 254)
    return st.tuples(side, side).flatmap(lambda shape: arrays(np.uint8, shape, elements=pixels))


def lower_middle(values):
    return np.sort(values)[(values.size - 1) // 2]


def upper_middle(values):
    return np.sort(values)[values.size // 2]


def replace(image, *, hit=(0, 255), left_out=(0, 255), by=lower_middle, pad=0, if_empty=None):
    """Replace the levels `hit` by what `by` makes of the window without the levels `left_out`."""
    result, padded = image.copy(), np.pad(image, pad, mode="edge")
    for y, x in np.argwhere(np.isin(image, hit)):
        window = padded[max(y + pad - 1, 0) : y + pad + 2, max(x + pad - 1, 0) : x + pad + 2]
        values = window[~np.isin(window, left_out)]
        if values.size:
            result[y, x] = by(values)
        elif if_empty is not None:
            result[y, x] = if_empty
    return result


def replace_by_plain_median(image):
    is_hit = (image == 0) | (image == 255)
    return np.where(is_hit, filtering.median_filter(image, 3), image)


def replace_with_negative_indices(image):
    result = image.copy()
    for y, x in np.argwhere((image == 0) | (image == 255)):
        window = image[y - 1 : y + 2, x - 1 : x + 2]
        clean = window[(window > 0) & (window < 255)]
        if clean.size:
            result[y, x] = lower_middle(clean)
    return result


def replace_in_place(image):
    result = image.copy()
    for y, x in np.argwhere((image == 0) | (image == 255)):
        result[y, x] = adaptive_median(result)[y, x]
    return result


def replace_in_the_argument(image):
    image[...] = adaptive_median(image)
    return image


EXERCISES = [
    Exercise(
        name="box_kernel",
        notebook=NOTEBOOK,
        section="4.3 Box, Gaussian and binomial kernels",
        solution=my_box_kernel,
        reference=filtering.box_kernel,
        inputs=arguments(size=ODD_SIZES),
        examples={"1 × 1": {"size": 1}, "3 × 3": {"size": 3}},
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
                lambda size: np.ones((size, size), int) // size**2,
                "The operator // drops the fraction, and 1/9 becomes 0. Divide with /.",
            ),
            Misconception(
                "leaves out the centre",
                ring,
                "You take the mean of the neighbours. The pixel itself belongs to its window.",
            ),
            Misconception(
                "returns one row",
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
    ),
    Exercise(
        name="left_kernel",
        notebook=NOTEBOOK,
        section="4.2 A template slides over the image",
        solution=my_left_kernel,
        shows="the picture moves one pixel to the left",
        inputs=None,
        examples={"your kernel": {}},
        observe=says_how_it_moves,
        misconceptions=(
            Misconception(
                "puts the 1 on the left",
                partial(one_at, 1, 0),
                "Each pixel takes the level of its left neighbour, so all levels move right. "
                "A weight says where a level comes from.",
            ),
            Misconception(
                "swaps rows and columns",
                partial(one_at, 2, 1),
                "The first index is the row, so your 1 lies below the centre. "
                "The pixel on the right has the same row.",
            ),
            Misconception(
                "keeps the pixel in the middle",
                partial(one_at, 1, 1),
                "The middle weight is the pixel itself, and nothing moves. Take it from beside.",
            ),
            Misconception(
                "uses weights that add up to 2",
                lambda: one_at(1, 1) + one_at(1, 2),
                "Then all levels are doubled. One pixel alone counts, with the weight 1.",
            ),
            Misconception(
                "mixes several pixels",
                lambda: (one_at(1, 1) + one_at(1, 2)) / 2,
                "Several weights differ from 0, so levels are mixed. One weight is enough.",
            ),
            Misconception(
                "uses weights that add up to 0 or less",
                lambda: one_at(1, 2) - one_at(1, 0),
                "Where the picture is flat, nothing remains of it. "
                "A weight of 0 suffices to leave a pixel out.",
            ),
            Misconception(
                "returns a kernel of another size",
                lambda: np.array([[0, 0, 1]]),
                "The task asks for three rows and three columns. Fill up with zeros.",
            ),
        ),
        hints=(
            "When the picture has moved, whose level does the pixel in the middle have?",
            "It has the level of its right neighbour, and of no other pixel.",
            "All weights are 0 but one, which is 1: in the middle row, in the last column.",
        ),
        then="What does filter_image write into the last column, and why?",
    ),
    Exercise(
        name="kernel_gains",
        notebook=NOTEBOOK,
        section="4.5 What smoothing buys, and what it costs",
        solution=my_kernel_gains,
        reference=gains,
        inputs=arguments(kernel=kernels([0.0, 1.0, 2.0, 0.5, -1.0])),
        examples={
            "a kernel of 1 × 1": {"kernel": np.array([[2.0]])},
            "a kernel with the sum 0": {"kernel": np.array([[-1.0, 0.0, 1.0]])},
            "a box": {"kernel": np.full((3, 3), 1 / 9)},
        },
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
            Misconception(
                "divides by the number of weights",
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
                "In Python ^ compares bits, and floats have none to compare. A power is **: "
                "kernel**2.",
            ),
        ),
        hints=(
            "On a flat area all levels in the window are equal. Take that level out of the sum.",
            "Section 4.5 has a formula for the variance of a weighted sum of noises.",
            "Return two sums: of kernel, and of kernel**2.",
        ),
        then="What does [0 -1 0; -1 5 -1; 0 -1 0] do to a flat area and to noise? Measure it, too.",
    ),
    Exercise(
        name="binomial_kernel",
        notebook=NOTEBOOK,
        section="4.3 Box, Gaussian and binomial kernels",
        solution=my_binomial_kernel,
        reference=filtering.binomial_kernel,
        inputs=arguments(size=ODD_SIZES),
        examples={"1 × 1": {"size": 1}, "3 × 3": {"size": 3}, "5 × 5": {"size": 5}},
        misconceptions=(
            Misconception(
                "does not divide by the sum",
                lambda size: np.outer(pascal_row(size - 1), pascal_row(size - 1)),
                "Your whole numbers add up to a power of 4. Divide them by it.",
            ),
            Misconception(
                "divides by the sum of one row",
                lambda size: np.outer(pascal_row(size - 1), pascal_row(size - 1)) / 2 ** (size - 1),
                "2 ** (size - 1) normalizes a row. The product of two rows needs its square.",
            ),
            Misconception(
                "takes one row too far down",
                lambda size: normalized_square(pascal_row(size)),
                "Row n of Pascal's triangle has n + 1 entries. Take row size - 1.",
            ),
            Misconception(
                "doubles from entry to entry",
                lambda size: normalized_square(2.0 ** (up_and_down(size) - 1)),
                "1 2 4 2 1 starts like a binomial row. In Pascal's triangle each entry is the sum "
                "of the two above it: 1 4 6 4 1.",
            ),
            Misconception(
                "counts up and down",
                lambda size: normalized_square(up_and_down(size)),
                "1 2 3 2 1 is a tent, the product of two boxes. The binomial row is 1 4 6 4 1.",
            ),
            Misconception(
                "repeats the row instead of multiplying",
                lambda size: np.tile(pascal_row(size - 1), (size, 1)) / size / 2 ** (size - 1),
                "All your rows are equal, so vertically the kernel is a box. "
                "Weigh the rows as you weigh the columns.",
            ),
            Misconception(
                "returns one row",
                lambda size: pascal_row(size - 1) / 2 ** (size - 1),
                "You return the row. The kernel is its outer product with itself.",
            ),
            Misconception(
                "samples the Gaussian of OpenCV's manual",
                by_the_manual,
                "The manual's sigma gives other weights. The binomial ones come from Pascal's "
                "triangle.",
                "Pitfall: OpenCV's sigma = 0",
            ),
        ),
        hints=(
            "Which row of Pascal's triangle has `size` entries?",
            "Start with [1], and size - 1 times take np.convolve(row, [1, 1]).",
            "np.outer(row, row), divided by its sum.",
        ),
        then="What is its variance for sizes 3, 5 and 7? Compare with (size - 1) / 4.",
    ),
    Exercise(
        name="gaussian_kernel",
        notebook=NOTEBOOK,
        section="4.3 Box, Gaussian and binomial kernels",
        solution=my_gaussian_kernel,
        reference=filtering.gaussian_kernel,
        inputs=arguments(size=ODD_SIZES, sigma=st.sampled_from([1.0, 2.0, 0.7, 3.0])),
        examples={
            "1 × 1": {"size": 1, "sigma": 1.0},
            "sigma = 0.7": {"size": 3, "sigma": 0.7},
            "a kernel that cuts the bell off": {"size": 3, "sigma": 2.0},
        },
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
                "This factor makes the area under the bell 1. Samples need their own sum.",
            ),
            Misconception(
                "divides by the sum of one row",
                bell_by_row_sum,
                "You divide by the sum of a row. Divide by the sum of all weights.",
            ),
            Misconception(
                "takes sigma for the variance",
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
            Misconception(
                "returns one row",
                bell_in_a_row,
                "You return the row. The kernel is its outer product with itself.",
            ),
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
    ),
    Exercise(
        name="median_filter",
        notebook=NOTEBOOK,
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
            Misconception(
                "puts zeros around the image",
                partial(median_with_border, mode="constant"),
                "In the corners your zeros are the majority. This filter repeats the edge pixels.",
                "Pitfall: a dark frame",
            ),
            Misconception(
                "takes the mean",
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
                "It is not linear",
            ),
            Misconception(
                "reads pixels that it has filtered",
                median_of_filtered,
                "You write into the array that you read. Later windows then hold new levels: "
                "write into another array.",
            ),
            Misconception(
                "shrinks the image",
                median_inside,
                "You keep only windows that lie inside the image. Repeat the edge pixels first.",
                "4.7 What lies beyond the border?",
            ),
            Misconception(
                "leaves the border black",
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
                "A slice excludes its end. To hold y + k it must stop at y + k + 1.",
                "4.2 A template slides over the image",
            ),
            Misconception(
                "always takes a window of 3 × 3",
                lambda image, size: filtering.median_filter(image, 3),
                "Your window does not depend on `size`. Its rows and columns number `size`.",
            ),
            Misconception(
                "changes its argument",
                median_in_the_argument,
                "You write into the image you were given. Return a new array and leave it alone.",
            ),
            Misconception(
                "returns floats",
                lambda image, size: filtering.median_filter(image, size).astype(float),
                "np.zeros makes floats unless you tell it otherwise, and np.median returns them. "
                "Levels are uint8: np.zeros_like(image), or .astype(np.uint8).",
            ),
            Misconception(
                "takes every image for a square",
                median_of_a_square,
                "len(image) is the number of rows. The columns are image.shape[1].",
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
            Misconception(
                "takes the middle without sorting",
                lambda image, size: image.copy(),
                "Unsorted, the one in the middle is the pixel itself, so nothing changes. Sort the "
                "pixels of the window first.",
            ),
        ),
        hints=(
            "Repeat the edge pixels first: np.pad(image, size // 2, mode='edge').",
            "The window of pixel (y, x) is padded[y : y + size, x : x + size].",
            "np.median of each window, written into a new array of dtype uint8.",
        ),
        then="Filter a picture again and again: does it ever stop changing?",
    ),
    Exercise(
        name="find_early_write",
        notebook=NOTEBOOK,
        section="4.4 The median filter",
        solution=my_find_early_write,
        shows="a pixel gets a wrong level",
        inputs=None,
        examples={"your image": {}},
        observe=shows_early_write,
        misconceptions=(
            Misconception(
                "takes a constant image",
                lambda: np.full((3, 5), 7, np.uint8),
                "The median of equal levels is that level. The image must change when filtered.",
            ),
            Misconception(
                "takes an image that the median keeps",
                lambda: STEP,
                "The median keeps steps and ramps, so the new levels equal the old ones. "
                "Take something that it removes.",
                "It keeps edges",
            ),
            Misconception(
                "takes an image in which one pixel changes",
                lambda: flat_with((2, 2)),
                "Its neighbours have the same median before and after. "
                "Take several such pixels, close together.",
            ),
            Misconception(
                "takes pixels that lie apart",
                lambda: flat_with((1, 1), (3, 3)),
                "A pixel that changes matters only to its neighbours. Move the pixels together.",
            ),
            Misconception(
                "takes pixels whose neighbours do not need them",
                lambda: flat_with((2, 2), (2, 3)),
                "Neighbours change, but the majority of each window is the same before and after. "
                "Find a window in which one pixel decides.",
            ),
            Misconception(
                "takes a large image",
                partial(checkerboard, (20, 20)),
                "A large image shows it, too, but nobody can follow it by hand. "
                "Take 5 × 5 pixels at most.",
            ),
            Misconception(
                "does not choose the dtype",
                lambda: checkerboard((4, 4)) / 9,
                "An image is an array of uint8. NumPy takes another type if you do not say so.",
            ),
            Misconception(
                "returns something other than rows and columns",
                lambda: np.array([0, 9, 0, 9, 0], np.uint8),
                "A grey image has two dimensions. For a single row write two pairs of brackets.",
            ),
        ),
        hints=(
            "Take two levels only. Then the median is the level that at least 5 of 9 pixels have.",
            "One pixel must change, and a later window must need its old level for its 5.",
            "Try a checkerboard of 4 × 4.",
        ),
        then="Filter a photograph with both functions. In which direction does the fault reach?",
    ),
    Exercise(
        name="filter_image",
        notebook=NOTEBOOK,
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
        misconceptions=(
            Misconception(
                "puts zeros around the image",
                partial(filter_with_border, mode="constant"),
                "Zeros are black, and darken the border. This filter mirrors the image.",
                "Pitfall: a dark frame",
            ),
            Misconception(
                "repeats the edge",
                partial(filter_with_border, mode="edge"),
                "One pixel outside, you show the edge pixel again. This filter mirrors without "
                "repeating it: the second pixel comes first.",
            ),
            Misconception(
                "continues at the other side",
                partial(filter_with_border, mode="wrap"),
                "You treat the picture as a tile that repeats. This filter mirrors it.",
            ),
            Misconception(
                "leaves the border black",
                filter_with_black_frame,
                "You filter only where the kernel lies inside the image. Mirror the image first.",
                "4.2 A template slides over the image",
            ),
            Misconception(
                "shrinks the image",
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
            Misconception(
                "cuts the fraction off",
                filter_and_cut,
                "The cast to uint8 drops the fraction, and 99.7 becomes 99. Round first.",
            ),
            Misconception(
                "casts to uint8 and no more",
                filter_and_cast,
                "The cast drops fractions and turns 256 into 0. First round, then clip.",
            ),
            Misconception(
                "lets large values wrap around",
                filter_and_wrap,
                "256 becomes 0, and -1 becomes 255. Clip to 0 … 255 before the cast.",
            ),
            Misconception(
                "divides by the sum of the weights",
                filter_with_normalized,
                "You normalize the kernel. A filter applies the weights that it is given.",
                "4.2 A template slides over the image",
            ),
            Misconception(
                "changes its argument",
                filter_in_the_argument,
                "You write into the image you were given. Return a new array and leave it alone.",
            ),
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
    ),
    Exercise(
        name="unsharp_mask",
        notebook=NOTEBOOK,
        section="4.1 Two ways to improve a picture",
        solution=my_unsharp_mask,
        reference=unsharp_mask,
        inputs=arguments(
            image=gray_images(min_side=3),
            kernel=st.sampled_from(BLURS),
            amount=st.sampled_from(AMOUNTS),
        ),
        examples={
            "a constant image": {
                "image": np.full((3, 3), 9, np.uint8),
                "kernel": BLURS[0],
                "amount": 1.0,
            },
            "a step": {"image": STEP, "kernel": BLURS[0], "amount": 1.0},
            "an amount of 0": {"image": STEP, "kernel": BLURS[1], "amount": 0.0},
        },
        misconceptions=(
            Misconception(
                "subtracts in uint8",
                unsharp_in_uint8,
                "Where the blurred level is higher, the difference wraps around: 10 - 12 is 254. "
                "Turn the image into floats first.",
            ),
            Misconception(
                "loses the negative differences",
                unsharp_brighter_only,
                "You clip the difference at 0, and only bright sides get brighter. "
                "The dark side of an edge must get darker.",
            ),
            Misconception(
                "lets large values wrap around",
                unsharp_unclipped,
                "Sharpening overshoots: 256 becomes 0, and -1 becomes 255. Clip before the cast.",
            ),
            Misconception(
                "cuts the fraction off",
                unsharp_cut,
                "The cast to uint8 drops the fraction, and 99.7 becomes 99. Round first.",
            ),
            Misconception(
                "subtracts the wrong way round",
                unsharp_backwards,
                "blurred - image takes detail away, and the picture gets softer. Turn it round.",
            ),
            Misconception(
                "returns the detail alone",
                detail_only,
                "image - blurred is what the blur took away. Add it to the image.",
            ),
            Misconception(
                "subtracts the blurred image itself",
                minus_blurred,
                "image - amount * blurred makes flat areas darker. "
                "On a flat area nothing may change.",
            ),
            Misconception(
                "does not use the amount",
                unsharp_once,
                "You add the detail once. Multiply it by the amount.",
            ),
            Misconception(
                "blurs without rounding",
                unsharp_unrounded,
                "You keep the fractions of the blurred image. Take what filter_image returns: "
                "whole levels.",
            ),
        ),
        hints=(
            "filter_image(image, kernel) is the blurred image. What is 10 - 12 in uint8?",
            "image.astype(float) - blurred may be negative, as it should be.",
            "Round and clip image + amount * difference once, at the end.",
        ),
        then="Sharpen camera with amounts 1, 2, 5. When do bright and dark fringes get ugly?",
    ),
    Exercise(
        name="combined_kernel",
        notebook=NOTEBOOK,
        section="4.3 Box, Gaussian and binomial kernels",
        solution=my_combined_kernel,
        reference=combined_kernel,
        inputs=arguments(
            first=kernels([0.0, 1.0, 2.0, -1.0]), second=kernels([0.0, 1.0, 3.0, -1.0])
        ),
        examples={
            "two kernels of 1 × 1": {"first": np.array([[2.0]]), "second": np.array([[3.0]])},
            "a row and a column": {
                "first": np.array([[1.0, 2.0, 1.0]]),
                "second": np.array([[1.0], [2.0], [1.0]]),
            },
            "two binomial kernels": {
                "first": filtering.binomial_kernel(3),
                "second": filtering.binomial_kernel(3),
            },
        },
        misconceptions=(
            Misconception(
                "multiplies weight by weight",
                lambda first, second: first * second,
                "The second filter sees sums, not single pixels. Two windows of 3 reach over 5.",
            ),
            Misconception(
                "adds the kernels",
                lambda first, second: first + second,
                "A sum of kernels adds two filtered images. Here one filter works on the other's "
                "result.",
            ),
            Misconception(
                "multiplies matrices",
                lambda first, second: first @ second,
                "The matrix product combines rows with columns. A kernel is moved over the other.",
            ),
            Misconception(
                "always takes the outer product",
                lambda first, second: np.outer(first, second),
                "The outer product fits a column and a row. Other kernels overlap when moved.",
            ),
            Misconception(
                "keeps the size of the first kernel",
                combined_as_large_as_first,
                "You cut the result off. Two windows of 3 pixels in a row reach over 5.",
            ),
            Misconception(
                "turns the second kernel",
                lambda first, second: slide(second, first, convolution.correlate2d),
                "Weight (i, j) of the second puts the first at (i, j). You put it opposite.",
            ),
            Misconception(
                "normalizes the result",
                combined_and_normalized,
                "You divide by the sum of the weights. Two filters that double make one that "
                "quadruples.",
            ),
        ),
        hints=(
            "The second filter adds results of the first, each moved and with a weight.",
            "Rows add up to h1 + h2 - 1. Start with zeros of that shape.",
            "For each weight at (i, j) of the second, add weight * first to the block that starts "
            "at (i, j).",
        ),
        then="Combine binomial_kernel(3) with itself. Which kernel is it? What is its variance?",
    ),
    Exercise(
        name="adaptive_median",
        notebook=NOTEBOOK,
        section="4.4 The median filter",
        solution=my_adaptive_median,
        reference=adaptive_median,
        inputs=arguments(image=noisy_images()),
        examples={
            "a single black pixel": {"image": np.array([[0]], np.uint8)},
            "an image without noise": {"image": STEP},
            "a pixel of salt": {"image": SALT},
            "only salt and pepper": {"image": np.array([[0, 255], [255, 0]], np.uint8)},
        },
        misconceptions=(
            Misconception(
                "replaces every pixel",
                partial(replace, hit=np.arange(256)),
                "You filter pixels that were not hit. They keep their level, and so the detail.",
                "Pitfall: thin lines and corners",
            ),
            Misconception(
                "counts salt and pepper in the median",
                partial(replace, left_out=()),
                "Your window holds the levels 0 and 255. Take the median of the others.",
            ),
            Misconception(
                "takes the plain median for them",
                replace_by_plain_median,
                "median_filter counts salt and pepper, too, and repeats the edge. "
                "Take the median of the clean pixels in the image.",
            ),
            Misconception(
                "replaces salt only",
                partial(replace, hit=(255,)),
                "You leave the pixels of level 0. Pepper is replaced, too.",
            ),
            Misconception(
                "replaces pepper only",
                partial(replace, hit=(0,)),
                "You leave the pixels of level 255. Salt is replaced, too.",
            ),
            Misconception(
                "takes the mean",
                partial(replace, by=np.mean),
                "You take the mean of the clean pixels. Take their median.",
            ),
            Misconception(
                "averages the two in the middle",
                partial(replace, by=np.median),
                "np.median averages when the number of values is even. Here the lower one counts.",
            ),
            Misconception(
                "takes the upper one of two",
                partial(replace, by=upper_middle),
                "values[n // 2] is the upper one when n is even. The lower one has index "
                "(n - 1) // 2.",
            ),
            Misconception(
                "makes pixels without clean neighbours black",
                partial(replace, if_empty=0),
                "Without a clean pixel in the window you write 0. The pixel keeps its level.",
            ),
            Misconception(
                "repeats the edge",
                partial(replace, pad=1),
                "Edge pixels count twice or more in your window. Here it ends at the border.",
                "4.7 What lies beyond the border?",
            ),
            Misconception(
                "lets indices become negative",
                replace_with_negative_indices,
                "In the first row the slice -1 : 2 starts at the last one, and holds nothing. "
                "Start it at max(y - 1, 0).",
                "4.7 What lies beyond the border?",
            ),
            Misconception(
                "reads pixels that it has replaced",
                replace_in_place,
                "You write into the array that you read, and later windows hold new levels. "
                "Read the image, write into a copy.",
            ),
            Misconception(
                "changes its argument",
                replace_in_the_argument,
                "You write into the image you were given. Return a new array and leave it alone.",
            ),
        ),
        hints=(
            "np.argwhere((image == 0) | (image == 255)) lists the pixels to replace.",
            "image[max(y - 1, 0) : y + 2, max(x - 1, 0) : x + 2] is the window within the image.",
            "Sort the n clean values of the window. If n > 0, the answer has index (n - 1) // 2.",
        ),
        then="Add 40 % salt and pepper to camera. By how much does this filter beat median_filter?",
    ),
]

QUIZ_BEFORE = (
    Question(
        "Nine pixels have the levels 12, 10, 11, 250, 13, 10, 12, 14 and 11. Now 250 becomes 25. "
        "Which changes, their mean or their median?",
        right=("the mean only", "The mean falls from 38 to 13. The median is 12 before and after."),
        wrong=(
            (
                "the median only",
                "The order stays: 25 is still the largest. So does the middle, 12.",
            ),
            ("both of them", "The median depends on the order, and 25 is still the largest."),
            ("neither of them", "The sum falls by 225, so the mean falls by 25."),
        ),
        proof=lambda: (
            np.mean(NINE) != np.mean(NINE_TAMED) and np.median(NINE) == np.median(NINE_TAMED) == 12
        ),
    ),
    Question(
        "Each pixel of a flat area of level 100 is replaced by this sum: itself and its eight "
        "neighbours, each times 0.1. Which level does the area get?",
        right=(
            "90",
            "Nine times 0.1 times 100 is 90. The level stays only if the factors add to 1.",
        ),
        wrong=(
            ("10", "This is one of the nine products. The sum has nine of them."),
            ("100", "So it would be with a mean, nine times 1/9. These factors add up to 0.9."),
            ("255", "It would be 900, and clipped, if nobody multiplied by 0.1."),
        ),
        proof=lambda: (
            filter_image(np.full((5, 5), 100, np.uint8), np.full((3, 3), 0.1))[2, 2] == 90
        ),
    ),
    Question(
        "A flat image has independent noise of standard deviation 20. Each pixel is replaced by "
        "the mean of the 5 × 5 pixels around it. Which standard deviation remains, about?",
        right=("4", "The variance is divided by 25, so the standard deviation is divided by 5."),
        wrong=(
            ("0.8", "That is 20 / 25. Divide the variance by 25, and then take the root."),
            ("9", "That is 20 / √5. There are 25 pixels in the mean, and √25 is 5."),
            ("20", "The noises differ from pixel to pixel, so in a mean they partly cancel."),
        ),
        proof=lambda: math.isclose(20 * np.linalg.norm(filtering.box_kernel(5)), 4),
    ),
    Question(
        "A black line, one pixel wide, crosses a white image. Each pixel is replaced by the median "
        "of the 3 × 3 pixels around it. What becomes of the line?",
        right=("it disappears", "The line has 3 pixels of 9 in each window. The white ones win."),
        wrong=(
            ("it stays as it is", "The median keeps edges of large areas. A line is a minority."),
            (
                "it becomes grey and wider",
                "That is what a mean does. The median makes no new grey.",
            ),
            ("it becomes three pixels wide", "That is what the minimum does, not the median."),
        ),
        proof=lambda: (filtering.median_filter(WHITE_WITH_LINE, 3) == 255).all(),
    ),
    Question(
        "Each pixel of a flat image of level 180 becomes the mean of the 3 × 3 pixels around "
        "it. Zeros are put where the image ends. Which level does a corner get?",
        right=("80", "Four of the nine pixels are in the image, and 4 × 180 / 9 is 80."),
        wrong=(
            ("60", "That is a third. Two rows and two columns of three are in the image: 4 of 9."),
            ("120", "This level is at the sides, where 6 of 9 pixels are in the image."),
            ("180", "The zeros count as black pixels. They pull the mean down."),
        ),
        proof=lambda: (
            convolution.correlate2d(
                np.pad(np.full((4, 4), 180.0), 1), filtering.box_kernel(3)
            ).round()[0, 0]
            == 80
        ),
    ),
)

QUIZ_AFTER = (
    Question(
        "In a flat area of level 50, some pixels of a 3 × 3 window are salt. How many may be, so "
        "that the median of the window is still 50?",
        right=("up to 4", "Then 5 of the 9 levels are 50, and so is the one in the middle."),
        wrong=(
            ("only 1", "The mean suffers from the first one. The median stays up to 4."),
            ("up to 3", "With 4 the level 50 is still the majority, 5 of 9."),
            ("up to 5", "With 5 salt is the majority, and the median is 255."),
        ),
        proof=lambda: (
            [np.median([255] * n + [50] * (9 - n)) == 50 for n in (4, 5)] == [True, False]
        ),
    ),
    Question(
        "You sample a Gaussian of sigma 3 in a window of 5 × 5, and divide by 2πσ² instead of by "
        "the sum. What does the kernel do to a picture?",
        right=(
            "it darkens it much",
            "The window cuts most of the bell off: the sum is about 0.36.",
        ),
        wrong=(
            (
                "it keeps the brightness",
                "Only the whole bell has the area 1. A part has less.",
            ),
            (
                "it brightens it",
                "The weights add up to less than 1. At sigma 0.3 it would brighten.",
            ),
            (
                "it only blurs less",
                "A common factor changes the brightness, not the blur.",
            ),
        ),
        proof=lambda: 0.35 < (bell(5, 1 / 18) / (2 * np.pi * 9)).sum() < 0.37,
    ),
    Question(
        "The kernel `[0 -1 0; -1 5 -1; 0 -1 0]` sharpens. What does it do to independent noise?",
        right=("its variance grows 29 times", "Square each weight and add: 25 + 4 × 1 = 29."),
        wrong=(
            ("its variance stays the same", "The weights add up to 1. That keeps the brightness."),
            ("its variance grows 9 times", "That is the sum without signs. Square the weights."),
            (
                "its variance falls to 1/9",
                "So it does with equal weights of 1/9. These are larger.",
            ),
        ),
        proof=lambda: gains(np.array([[0.0, -1, 0], [-1, 5, -1], [0, -1, 0]]))[1] == 29,
    ),
    Question(
        "A white square of 3 × 3 pixels lies on black. How many of its 9 pixels are white after a "
        "median of 3 × 3?",
        right=("5", "At the corners white has 4 of 9 pixels and loses. Elsewhere it has 6 or 9."),
        wrong=(
            ("9", "Straight edges are kept, but at a corner white is a minority, 4 of 9."),
            ("8", "It has four corners, and they all have the same window."),
            ("1", "At the middle of a side white has 6 of 9 pixels, and stays."),
            ("0", "So it goes with a line of one pixel. In the middle all 9 are white."),
        ),
        proof=lambda: (filtering.median_filter(WHITE_SQUARE, 3) == 255).sum() == 5,
    ),
    Question(
        "A flat image of level 180, 10 × 10 pixels, goes through a median of 3 × 3. Zeros are put "
        "where the image ends. Which pixels change?",
        right=("the four corners", "There 5 of 9 are zeros, and win. At the sides only 3 are."),
        wrong=(
            ("all pixels at the border", "So it is with a mean. At the sides 180 has 6 of 9."),
            ("no pixel at all", "Zeros are outliers, but in a corner they are the majority."),
            ("all pixels of the image", "Inside, the windows hold nothing but 180."),
        ),
        proof=lambda: np.array_equal(
            np.argwhere(median_with_border(np.full((10, 10), 180, np.uint8), 3, "constant") == 0),
            [[0, 0], [0, 9], [9, 0], [9, 9]],
        ),
    ),
)
