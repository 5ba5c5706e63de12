"""Exercises of notebook 07."""

import cv2
import numpy as np
from hypothesis import strategies as st
from numpy.lib.stride_tricks import sliding_window_view

from course_utils import convolution, pooling
from course_utils._validation import check_image
from course_utils.convolution import to_uint8
from course_utils.exercises.checking import Exercise, Misconception
from course_utils.exercises.inputs import arrays, gray_images
from course_utils.exercises.quizzes import Question

NOTEBOOK = "07_pooling"

# What the exercises share

PIXEL = np.array([[7]], np.uint8)
BLOCK = np.array([[4, 1], [2, 3]], np.uint8)
WIDE = np.array([[9, 4, 6, 1], [2, 8, 3, 7]], np.uint8)
RAGGED = np.array([[5, 2, 9], [7, 1, 4], [6, 8, 3]], np.uint8)
TALL = np.array([[3, 1, 8], [9, 5, 2], [4, 7, 6], [0, 12, 11]], np.uint8)
TINY = np.array([[12, 20, 30, 0], [8, 112, 2, 0], [34, 70, 37, 4], [112, 100, 25, 12]], np.uint8)
POOL_EXAMPLES = {
    "a single pixel": {"image": PIXEL, "size": 1},
    "a single block": {"image": BLOCK, "size": 2},
    "a wide image": {"image": WIDE, "size": 2},
    "a row and a column too many": {"image": RAGGED, "size": 2},
    "a tall image": {"image": TALL, "size": 2},
    "a block of 3 x 3": {"image": TALL, "size": 3},
    "the notebook's tiny": {"image": TINY, "size": 2},
}


def fit(drawn):
    """Name an image and a size, cut to the largest block that fits."""
    image, size = drawn
    return {"image": image, "size": min(size, *image.shape)}


POOL_INPUTS = st.tuples(gray_images(), st.integers(1, 4)).map(fit)


def windows(image, size, stride):
    """Cut out windows: axes (window row, window column, row in it, column in it)."""
    return sliding_window_view(image, (size, size))[::stride, ::stride]


def filled_up(image, size, fill):
    """Cut out blocks, the incomplete ones filled up."""
    missing = [(0, -side % size) for side in image.shape]
    return windows(np.pad(image, missing, constant_values=fill), size, size)


INSIDE = (2, 3)  # the axes of `windows` that run through one of them

# min_pool: what a block is


def my_min_pool(image, size):
    height, width = image.shape[0] // size, image.shape[1] // size
    whole = image[: height * size, : width * size]
    return whole.reshape(height, size, width, size).min(axis=(1, 3))


def runs_of_pixels(image, size):
    height, width = image.shape[0] // size, image.shape[1] // size
    whole = image[: height * size, : width * size]
    return whole.reshape(height, width, size, size).min(axis=(2, 3))


def not_times_size(image, size):
    height, width = image.shape[0] // size, image.shape[1] // size
    return windows(image, size, 1)[:height, :width].min(INSIDE)


def rows_only(image, size):
    height = image.shape[0] // size
    return image[: height * size].reshape(height, size, -1).min(axis=1)


def short_slices(image, size):
    return windows(image, size, size)[..., : size - 1, : size - 1].min(INSIDE)


def width_first(image, size):
    width, height = image.shape
    pooled = np.zeros((height // size, width // size), np.uint8)
    for i, j in np.ndindex(pooled.shape):
        block = image[i * size : (i + 1) * size, j * size : (j + 1) * size]
        pooled[i, j] = block.min()
    return pooled


def collected_in_a_list(image, size):
    height, width = image.shape
    starts = [(y, x) for y in range(0, height, size) for x in range(0, width, size)]
    smallest = [image[y : y + size, x : x + size].min() for y, x in starts]
    return np.array(smallest).reshape(height // size, width // size)


# max_pool: what happens at the edge


def my_max_pool(image, size):
    height, width = (side // size * size for side in image.shape)
    pooled = image[:height:size, :width:size]
    for a in range(size):
        for b in range(size):
            pooled = np.maximum(pooled, image[a:height:size, b:width:size])
    return pooled


def stopping_early(image, size):
    height, width = image.shape
    pooled = np.zeros((height // size, width // size), np.uint8)
    for i in range(0, height - size, size):
        for j in range(0, width - size, size):
            pooled[i // size, j // size] = image[i : i + size, j : j + size].max()
    return pooled


def from_the_other_corner(image, size):
    height, width = image.shape
    return pooling.max_pool(image[height % size :, width % size :], size)


def as_if_square(image, size):
    side = len(image) // size
    whole = image[: side * size, : side * size]
    return whole.reshape(side, size, side, size).max(axis=(1, 3))


def without_cutting(image, size):
    height, width = image.shape
    return image.reshape(height // size, size, width // size, size).max(axis=(1, 3))


def axis_that_is_gone(image, size):
    height, width = (side // size for side in image.shape)
    whole = image[: height * size, : width * size]
    return whole.reshape(height, size, width, size).max(axis=1).max(axis=3)


def last_block_moved_inwards(image, size):
    rows, columns = (np.minimum(np.arange(0, n, size), n - size) for n in image.shape)
    return windows(image, size, 1)[np.ix_(rows, columns)].max(INSIDE)


def max_in_place(image, size):
    pooled = pooling.max_pool(image, size)
    rows, columns = pooled.shape
    image[: rows * size : size, : columns * size : size] = pooled
    return pooled


# mean_pool: what kind of number comes out


def my_mean_pool(image, size):
    height, width = image.shape[0] // size, image.shape[1] // size
    whole = image[: height * size, : width * size].astype(np.float64)
    return whole.reshape(height, size, width, size).mean(axis=(1, 3))


def mean_of_what_is_left(image, size):
    return np.nanmean(filled_up(image.astype(float), size, np.nan), INSIDE)


def middle_of_extremes(image, size):
    return (pooling.min_pool(image, size) + 1.0 * pooling.max_pool(image, size)) / 2


def cut_between(image, size):
    return windows(image, size, size).mean(axis=2).astype(np.uint8).mean(axis=2)


def resized(image, size):
    height, width = (side // size for side in image.shape)
    return cv2.resize(image.astype(float), (width, height), interpolation=cv2.INTER_AREA)


# Find the fault: rounding twice


def halve_twice(image):
    half = to_uint8(pooling.mean_pool(image, 2))
    return to_uint8(pooling.mean_pool(half, 2))


def shows_rounding_twice(image, arguments):
    """Say what an image shows about `halve_twice`."""
    check_image(image, kind="gray")
    if image.shape != (4, 4):
        return f"the image must have the shape (4, 4), not {image.shape}"
    once, twice = to_uint8(pooling.mean_pool(image, 4)), halve_twice(image)
    if once != twice:
        return "rounding twice gives another level than rounding once"
    means = pooling.mean_pool(image, 2)
    errors = to_uint8(means) - means
    if np.ptp(image) == 0:
        return "the levels agree: all pixels are equal, and so are all means"
    if not errors.any():
        return "the levels agree: the mean of each block of 2 x 2 is whole, nothing is rounded"
    if errors.sum() == 0:
        return "the levels agree: the rounding errors of the blocks cancel"
    return "the levels agree: what the blocks lose or gain does not carry the mean across a half"


def my_find_mean_fault():
    return np.array([[1, 1, 1, 1], [0, 0, 0, 0], [1, 1, 1, 1], [0, 0, 1, 0]], np.uint8)


# Find a colour that was not there


def shows_new_colour(image, arguments):
    """Say whether the maximum of an RGB block is the colour of one of its pixels."""
    check_image(image, kind="RGB")
    if image.shape != (2, 2, 3):
        return f"the image must have the shape (2, 2, 3), not {image.shape}"
    largest = pooling.max_pool(image, 2)
    if not (image == largest).all(axis=2).any():
        return "the maximum has a colour that no pixel has"
    if len(np.unique(image.reshape(4, 3), axis=0)) == 1:
        return "the colour is not new: all four pixels have it"
    if (np.ptp(image, axis=2) == 0).all():
        return "the colour is not new: all pixels are grey, and the lightest wins in each channel"
    return "the colour is not new: one pixel is the largest in all three channels"


def my_find_new_colour():
    red, green, black = (255, 0, 0), (0, 255, 0), (0, 0, 0)
    return np.array([[red, green], [black, black]], np.uint8)


def rgb(*colours):
    """Build an image of 2 x 2 pixels."""
    return np.array(colours, np.uint8).reshape(2, 2, 3)


# median_pool


def my_median_pool(image, size):
    height, width = image.shape[0] // size, image.shape[1] // size
    whole = image[: height * size, : width * size]
    return np.median(whole.reshape(height, size, width, size), axis=(1, 3))


def pool_pixels(image, size, summary):
    """Pool with a summary of the pixels of each block, floats that stand in a row."""
    blocks = windows(image, size, size)
    return summary(blocks.reshape(*blocks.shape[:2], -1).astype(float))


def median_by_wrapping(image, size):
    blocks = windows(image, size, size)
    pixels = np.sort(blocks.reshape(*blocks.shape[:2], -1))
    count = size * size
    return (pixels[..., (count - 1) // 2] + pixels[..., count // 2]) / 2


# Find the fault: the median of medians


def shows_median_fault(image, arguments):
    """Say whether the median of the rows' medians is another than that of all pixels."""
    check_image(image, kind="gray")
    if image.shape != (3, 3):
        return f"the image must have the shape (3, 3), not {image.shape}"
    medians = np.median(image, axis=1)
    if np.median(medians) != np.median(image):
        return "the median of the medians is not the median"
    both = "the medians agree"
    rows = image[np.argsort(medians)]
    if np.ptp(image) == 0:
        return f"{both}: all pixels are equal"
    if (image != np.median(image)).sum() == 1:
        return f"{both}: a single odd pixel is removed by every median"
    if (rows[:-1].max(axis=1) <= rows[1:].min(axis=1)).all():
        return f"{both}: the rows do not overlap, so the middle row holds both"
    if np.array_equal(np.sort(medians), np.sort(np.median(image, axis=0))):
        return f"{both}, and the columns have the same medians as the rows; break the symmetry"
    return f"{both}; rows whose median is large should hold as few large values as they can"


def my_find_median_fault():
    return np.array([[1, 1, 0], [1, 1, 0], [0, 0, 0]], np.uint8)


# pad_and_max_pool: what stands in the border


def my_pad_and_max_pool(image, size, padding):
    padded = np.pad(image, padding, constant_values=-np.inf)
    height, width = padded.shape[0] // size, padded.shape[1] // size
    whole = padded[: height * size, : width * size]
    return whole.reshape(height, size, width, size).max(axis=(1, 3))


def pad_and_pool(image, size, padding, **border):
    """Pad in any way of np.pad, then take the maximum of each whole block, if there is one."""
    padded = np.pad(image, padding, **border)
    rows, columns = padded.shape[0] // size, padded.shape[1] // size
    whole = padded[: rows * size, : columns * size]
    return whole.reshape(rows, size, columns, size).max(axis=(1, 3))


def max_after_padding(image, size, padding):
    return windows(np.pad(image, padding, constant_values=-np.inf), size, size).max(INSIDE)


def not_below_zero(image, size, padding):
    return np.maximum(pad_and_pool(image, size, padding), 0)


def pad_inputs(drawn):
    """Name an image, a size and a padding, such that each block holds a pixel of the image."""
    image, size, padding = drawn
    largest = min(image.shape) + 2 * padding
    return {"image": image, "size": max(2 * padding, min(size, largest)), "padding": padding}


sides = st.tuples(st.integers(1, 3), st.integers(1, 3))
signed_images = sides.flatmap(
    lambda shape: arrays(np.float64, shape, elements=st.integers(-9, 9).map(float))
)
SIGNED = np.array([[-5.0, -3.0], [-4.0, -2.0]])
SIGNED_WIDE = np.array([[-7.0, 2.0, -1.0, -8.0], [3.0, -6.0, -9.0, -4.0], [-2.0, -5, 1, 4]])

# max_pool_stride: where the windows stand


def my_max_pool_stride(image, size, stride):
    rows, columns = ((n - size) // stride + 1 for n in image.shape)
    pooled = np.zeros((rows, columns), np.uint8)
    for a in range(size):
        for b in range(size):
            shifted = image[a::stride, b::stride][:rows, :columns]
            pooled = np.maximum(pooled, shifted)
    return pooled


def max_of_windows(image, size, stride):
    return windows(image, size, stride).max(INSIDE)


def windows_over_the_edge(image, size, stride, count):
    """Place as many windows as `count` says; what lies outside the image is left out."""
    rows, columns = (count(n, size, stride) for n in image.shape)
    border = [(0, size * stride * n) for n in (rows, columns)]
    return max_of_windows(np.pad(image, border), size, stride)[:rows, :columns]


def stride_as_size(image, size, stride):
    rows, columns = ((n - size) // stride + 1 for n in image.shape)
    pooled = np.zeros((rows, columns), np.uint8)
    for i, j in np.ndindex(pooled.shape):
        y, x = i * stride, j * stride
        pooled[i, j] = image[y : y + stride, x : x + stride].max()
    return pooled


def rows_of_windows_only(image, size, stride):
    return windows(image, size, 1)[::stride].max(INSIDE)


def stride_inputs(drawn):
    """Name an image, a size that fits, and a stride that is no larger than the image."""
    image, size, stride = drawn
    side = min(image.shape)
    return {"image": image, "size": min(size, side), "stride": min(stride, side)}


# Find the picture: minimum of maxima, maximum of minima


def shows_exchange(image, arguments):
    """Say whether the minimum of the blocks' maxima is darker than the maximum of the minima."""
    check_image(image, kind="gray")
    if image.shape != (4, 4):
        return f"the image must have the shape (4, 4), not {image.shape}"
    largest, smallest = pooling.max_pool(image, 2), pooling.min_pool(image, 2)
    if largest.min() < smallest.max():
        return "the minimum of the maxima is darker than the maximum of the minima"
    if np.ptp(image) == 0:
        return "both are the same: all pixels are equal"
    flat = (largest == smallest).sum()
    if flat > 1:
        return "both are the same: your flat blocks all have one level"
    if flat == 1:
        return "both are the same: they are the level of your flat block"
    if largest.min() == smallest.max():
        return "both are the same: the darkest maximum just meets the lightest minimum"
    return "the minimum of the maxima is lighter, as the guess says: each block is too mixed"


def my_find_exchange_fault():
    image = np.full((4, 4), 100, np.uint8)
    image[:2, :2], image[2:, 2:] = 0, 255
    return image


# All of them

EXERCISES = [
    Exercise(
        name="min_pool",
        notebook=NOTEBOOK,
        section="7.1 One number for each block",
        solution=my_min_pool,
        reference=pooling.min_pool,
        inputs=POOL_INPUTS,
        examples=POOL_EXAMPLES,
        misconceptions=(
            Misconception(
                "slides its window by one pixel",
                lambda image, size: windows(image, size, 1).min(INSIDE),
                "Your blocks overlap, as the windows of a filter do. "
                "Pooling cuts the image: each pixel lies in one block at most.",
            ),
            Misconception(
                "takes the number of a block for its place",
                not_times_size,
                "Your block m starts at row m, one pixel after the one before. "
                "It starts at row size * m, and the columns likewise.",
            ),
            Misconception(
                "keeps the first pixel of each block",
                lambda image, size: image[::size, ::size],
                "You skip pixels and never look at them. The minimum needs all of a block.",
                "7.6 Pooling is not skipping",
            ),
            Misconception(
                "takes pixels that follow each other in memory for a block",
                runs_of_pixels,
                "Your reshape reads along the rows, so its blocks are no squares of the image. "
                "The four axes are (block row, row in it, block column, column in it).",
                "7.2 From a loop to arrays",
            ),
            Misconception(
                "combines the rows and forgets the columns",
                rows_only,
                "You take the minimum down each column of a block. Then combine the columns, too.",
                "7.2 From a loop to arrays",
            ),
            Misconception(
                "swaps rows and columns",
                lambda image, size: pooling.min_pool(image, size).T,
                "Your result is mirrored at its diagonal. Row m of it comes from row m of blocks.",
            ),
            Misconception(
                "starts the search for the smallest at 0",
                lambda image, size: np.zeros_like(pooling.min_pool(image, size)),
                "No grey level is smaller than 0, so 0 stays. Start with a pixel of the block.",
            ),
            Misconception(
                "fills incomplete blocks up with zeros",
                lambda image, size: filled_up(image, size, 0).min(INSIDE),
                "You invent black pixels, and the minimum picks them. Drop incomplete blocks.",
                "7.4 Edges that do not fit",
            ),
            Misconception(
                "keeps the incomplete blocks",
                lambda image, size: filled_up(image, size, 255).min(INSIDE),
                "Your number of blocks is rounded up. Only whole blocks count: H // size.",
                "7.4 Edges that do not fit",
            ),
            Misconception(
                "returns floats",
                lambda image, size: pooling.min_pool(image, size).astype(float),
                "np.zeros makes an array of float64 unless you say otherwise. "
                "The smallest of grey levels is a grey level: keep the dtype of the image.",
            ),
            Misconception(
                "stops its slices one pixel early",
                short_slices,
                "The end of a slice is excluded already. A block is image[y : y + size, x : x + "
                "size].",
            ),
            Misconception(
                "takes the height for the width",
                width_first,
                "image.shape is (height, width), in this order. Outside the image a slice is "
                "empty, and has no smallest pixel.",
            ),
            Misconception(
                "collects the incomplete blocks as well",
                collected_in_a_list,
                "range(0, height, size) starts a block wherever a pixel is left. Only height // "
                "size blocks fit.",
                "7.4 Edges that do not fit",
            ),
        ),
        hints=(
            "Block (m, n) starts at row size * m and column size * n. How many blocks fit?",
            "Cut the image to whole blocks first: image[: rows * size, : columns * size].",
            "Reshape what is left to (rows, size, columns, size), and take .min(axis=(1, 3)).",
        ),
        then="Pool with size 2 twice. With which size do you get the same at once?",
    ),
    Exercise(
        name="max_pool",
        notebook=NOTEBOOK,
        section="7.4 Edges that do not fit",
        solution=my_max_pool,
        reference=pooling.max_pool,
        inputs=POOL_INPUTS,
        examples=POOL_EXAMPLES,
        misconceptions=(
            Misconception(
                "keeps the incomplete blocks",
                lambda image, size: filled_up(image, size, 0).max(INSIDE),
                "Your number of blocks is rounded up. Only whole blocks count: H // size.",
            ),
            Misconception(
                "stops one block too early",
                stopping_early,
                "range(0, H - size, size) ends before H - size, where the last block may start. "
                "Write range(0, H - size + 1, size).",
            ),
            Misconception(
                "drops the first rows and columns instead of the last",
                from_the_other_corner,
                "Your blocks end in the lower right corner. They start in the upper left one.",
            ),
            Misconception(
                "takes every image for a square",
                as_if_square,
                "You count rows and use the number for columns as well. Count each on its own.",
            ),
            Misconception(
                "reshapes before it cuts",
                without_cutting,
                "reshape fails if a row or a column is left over. Cut the image first.",
            ),
            Misconception(
                "moves the last block inwards until it fits",
                last_block_moved_inwards,
                "Your last blocks overlap the ones before. Incomplete blocks are dropped.",
            ),
            Misconception(
                "summarizes over the wrong axes",
                lambda image, size: windows(image, size, size).max((0, 1)),
                "You compare the blocks with each other. Summarize over the axes within a block.",
                "7.2 From a loop to arrays",
            ),
            Misconception(
                "changes its argument",
                max_in_place,
                "A slice such as image[::2] shares its memory with the image. "
                "Write into a new array, or let np.maximum make one.",
                "7.2 From a loop to arrays",
            ),
            Misconception(
                "counts the axes as they were before",
                axis_that_is_gone,
                "The first max takes an axis away, so the old axis 3 is now number 2. Give both at "
                "once: axis=(1, 3).",
                "7.2 From a loop to arrays",
            ),
            Misconception(
                "returns floats",
                lambda image, size: pooling.max_pool(image, size).astype(np.float32),
                "np.zeros and PyTorch's layers make floats. The largest of some levels is a level: "
                "convert to uint8.",
            ),
        ),
        hints=(
            "What is left over when 7 rows are cut into blocks of 3? It does not count.",
            "image[a:height:size] takes row a of every block, if height is a multiple of size.",
            "Combine the rows of all blocks with np.maximum, then their columns in the same way.",
        ),
        then="Try a picture with 7 rows and a lamp in the last one. Should it be dropped?",
    ),
    Exercise(
        name="mean_pool",
        notebook=NOTEBOOK,
        section="7.5 Pitfall: a mean is not an integer",
        solution=my_mean_pool,
        reference=pooling.mean_pool,
        inputs=POOL_INPUTS,
        examples={
            **POOL_EXAMPLES,
            "a sum above 255": {"image": np.array([[200, 100], [0, 0]], np.uint8), "size": 2},
        },
        misconceptions=(
            Misconception(
                "stores the mean in a uint8",
                lambda image, size: pooling.mean_pool(image, size).astype(np.uint8),
                "A uint8 loses what is behind the point. Keep float64.",
            ),
            Misconception(
                "stores the mean in an array of integers",
                lambda image, size: pooling.mean_pool(image, size).astype(int),
                "The mean of integers is no integer, and // loses the remainder. "
                "Divide with / and keep float64.",
            ),
            Misconception(
                "cuts off what is behind the point",
                lambda image, size: np.floor(pooling.mean_pool(image, size)),
                "Up to nearly a level is lost, by // or int. Divide with / and cut nothing.",
            ),
            Misconception(
                "rounds to the nearest level",
                lambda image, size: np.rint(pooling.mean_pool(image, size)),
                "You round too early: who goes on computing needs the exact mean. "
                "Leave the rounding to the caller.",
            ),
            Misconception(
                "adds up in uint8",
                lambda image, size: windows(image, size, size).sum(INSIDE, np.uint8) / size**2,
                "Sums above 255 wrap around: 200 + 100 is 44. Add in float64.",
                "7.2 From a loop to arrays",
            ),
            Misconception(
                "cuts to integers between rows and columns",
                cut_between,
                "You lose a fraction once the rows are combined. Cut nothing on the way.",
            ),
            Misconception(
                "divides by the size",
                lambda image, size: windows(image, size, size).sum(INSIDE) / size,
                "A block has size rows and size columns. Divide by size ** 2.",
                "7.1 One number for each block",
            ),
            Misconception(
                "takes the middle between the smallest and the largest",
                middle_of_extremes,
                "The other pixels of the block do not count for you. A mean weighs all alike.",
                "7.1 One number for each block",
            ),
            Misconception(
                "averages what is left at the edge as well",
                mean_of_what_is_left,
                "You keep the incomplete blocks. This exercise drops them, as the helpers do.",
                "7.4 Edges that do not fit",
            ),
            Misconception(
                "spreads the blocks over the whole image",
                resized,
                "cv2.resize fits its areas to the image, so they are larger than size where a side "
                "does not fit. Cut the image first.",
                "7.4 Edges that do not fit",
            ),
        ),
        hints=(
            "Cutting into blocks is as before. Which type must hold the sum, and which the mean?",
            "np.mean of integers computes in float64 and returns it. A sum by + stays in uint8.",
            "Reshape to (rows, size, columns, size), take .mean(axis=(1, 3)), and do not cast it.",
        ),
        then="By how much does camera darken if you cut each mean to an integer?",
    ),
    Exercise(
        name="find_new_colour",
        notebook=NOTEBOOK,
        section="7.1 One number for each block",
        solution=my_find_new_colour,
        shows="the maximum has a colour that no pixel has",
        inputs=None,
        examples={"your image": {}},
        observe=shows_new_colour,
        misconceptions=(
            Misconception(
                "takes one colour for all pixels",
                lambda: rgb(*[(200, 100, 0)] * 4),
                "The maximum of equal numbers is that number. Use at least two colours.",
            ),
            Misconception(
                "takes grey pixels",
                lambda: rgb((0, 0, 0), (50, 50, 50), (90, 90, 90), (255, 255, 255)),
                "Grey has the same number in all channels, so one pixel wins in all of them. "
                "Take pure colours.",
            ),
            Misconception(
                "lets one pixel win in all channels",
                lambda: rgb((0, 0, 0), (10, 0, 0), (0, 20, 0), (200, 150, 100)),
                "The maximum is the colour of that pixel. Let the red come from one pixel "
                "and the green from another.",
            ),
            Misconception(
                "returns a grey image",
                lambda: BLOCK,
                "A grey image has one number a pixel. A colour has three: red, green, blue.",
            ),
            Misconception(
                "returns the colour",
                lambda: np.array([255, 255, 0], np.uint8),
                "The check wants the four pixels. It takes the maximum itself.",
            ),
            Misconception(
                "returns the maximum",
                lambda: pooling.max_pool(my_find_new_colour(), 2),
                "The check wants the image before pooling. It takes the maximum itself.",
            ),
            Misconception(
                "returns floats",
                lambda: my_find_new_colour() / 255,
                "An image is an array of uint8. Give np.uint8 to np.array.",
            ),
        ),
        hints=(
            "The maximum takes each channel alone. From how many pixels can its numbers come?",
            "Which colour do you see where red light and green light fall together?",
            "Let one pixel be (255, 0, 0), another (0, 255, 0), and the rest black.",
        ),
        then="Find such a pixel in the coffee picture. Do the minimum and the mean do it, too?",
    ),
    Exercise(
        name="median_pool",
        notebook=NOTEBOOK,
        section="7.2 From a loop to arrays",
        solution=my_median_pool,
        reference=lambda image, size: np.median(windows(image, size, size), axis=INSIDE),
        inputs=POOL_INPUTS,
        examples={
            **POOL_EXAMPLES,
            "a light block": {"image": np.array([[200, 100], [180, 250]], np.uint8), "size": 2},
            "nine different pixels": {  # the rows' medians give 4, the columns' 5
                "image": np.array([[1, 2, 9], [3, 8, 4], [7, 5, 6]], np.uint8),
                "size": 3,
            },
        },
        misconceptions=(
            Misconception(
                "takes the median of the rows' medians",
                lambda image, size: np.median(np.median(windows(image, size, size), 3), 2),
                "Minimum, maximum and mean allow that; the median does not. "
                "Sort all pixels of a block together.",
            ),
            Misconception(
                "takes the median of the columns' medians",
                lambda image, size: np.median(np.median(windows(image, size, size), 2), 2),
                "Minimum, maximum and mean allow that; the median does not. "
                "Sort all pixels of a block together.",
            ),
            Misconception(
                "takes the upper one of two middle values",
                lambda image, size: pool_pixels(
                    image, size, lambda pixels: np.sort(pixels)[..., size**2 // 2]
                ),
                "An even number of pixels has two in the middle. The median is their mean.",
            ),
            Misconception(
                "takes the lower one of two middle values",
                lambda image, size: pool_pixels(
                    image, size, lambda pixels: np.sort(pixels)[..., (size**2 - 1) // 2]
                ),
                "An even number of pixels has two in the middle. The median is their mean.",
            ),
            Misconception(
                "takes the middle without sorting",
                lambda image, size: pool_pixels(
                    image, size, lambda pixels: pixels[..., size**2 // 2]
                ),
                "You take the pixel that stands in the middle. "
                "The median is in the middle when the levels are sorted.",
            ),
            Misconception(
                "adds the two middle values in uint8",
                median_by_wrapping,
                "Sums above 255 wrap around. Turn the levels into floats before you add.",
            ),
            Misconception(
                "cuts the median to an integer",
                lambda image, size: my_median_pool(image, size).astype(np.uint8),
                "With four pixels the median can end in .5, and a uint8 loses that. Keep float64.",
                "7.5 Pitfall: a mean is not an integer",
            ),
            Misconception(
                "slides its window by one pixel",
                lambda image, size: np.median(windows(image, size, 1), axis=INSIDE),
                "That is a median filter without a border. Pooling takes one step a block.",
                "7.1 One number for each block",
            ),
            Misconception(
                "takes the mean",
                pooling.mean_pool,
                "One extreme pixel pulls the mean along. The median looks only at the order.",
            ),
        ),
        hints=(
            "The blocks are as before. Only the summary is another one.",
            "np.median takes several axes at once: np.median(array, axis=(1, 3)).",
            "Cut to whole blocks, reshape to (rows, size, columns, size), np.median over 1 and 3.",
        ),
        then="Add salt and pepper to camera (notebook 03). Pool with median and mean, and compare.",
    ),
    Exercise(
        name="find_median_fault",
        notebook=NOTEBOOK,
        section="7.2 From a loop to arrays",
        solution=my_find_median_fault,
        shows="the median of the medians is not the median",
        inputs=None,
        examples={"your image": {}},
        observe=shows_median_fault,
        misconceptions=(
            Misconception(
                "takes a constant block",
                lambda: np.full((3, 3), 7, np.uint8),
                "Every median of equal numbers is that number. Use at least two levels.",
            ),
            Misconception(
                "takes one odd pixel",
                lambda: np.array([[0, 0, 0], [0, 255, 0], [0, 0, 0]], np.uint8),
                "A median ignores one pixel of three, and one of nine. "
                "Let the odd ones be a majority in some rows.",
            ),
            Misconception(
                "counts upwards",
                lambda: np.arange(9, dtype=np.uint8).reshape(3, 3),
                "The middle row holds the middle values, and its median is that of all. "
                "Mix the levels between the rows.",
            ),
            Misconception(
                "takes a symmetric block",
                lambda: np.array([[2, 7, 6], [9, 5, 1], [4, 3, 8]], np.uint8),
                "Large and small values balance alike in rows and in columns. "
                "Put the large values where they win a row by two to one.",
            ),
            Misconception(
                "takes a block of 2 x 2",
                lambda: BLOCK,
                "This exercise is about 3 x 3 pixels, where each row has one middle value.",
            ),
            Misconception(
                "returns the medians",
                lambda: np.array([1, 1, 0], np.uint8),
                "The check wants the nine pixels. It takes the medians itself.",
            ),
            Misconception(
                "returns floats",
                lambda: my_find_median_fault().astype(float),
                "An image is an array of uint8. Give np.uint8 to np.array.",
            ),
        ),
        hints=(
            "Two levels are enough, 0 and 1. Then the median is the vote of a majority.",
            "A party can win two of three districts with fewer than half of all votes.",
            "Four ones are a minority of nine. Place them so that they win two rows.",
        ),
        then="How much can the two differ? What are the most extreme levels in nine pixels?",
    ),
    Exercise(
        name="find_mean_fault",
        notebook=NOTEBOOK,
        section="7.5 Pitfall: a mean is not an integer",
        solution=my_find_mean_fault,
        shows="rounding twice gives another level than rounding once",
        inputs=None,
        examples={"your image": {}},
        observe=shows_rounding_twice,
        misconceptions=(
            Misconception(
                "takes a constant image",
                lambda: np.full((4, 4), 9, np.uint8),
                "Every mean of equal levels is that level. Use at least two levels.",
            ),
            Misconception(
                "takes flat blocks",
                lambda: np.kron(np.array([[0, 1], [2, 3]], np.uint8), np.ones((2, 2), np.uint8)),
                "The first means are whole numbers, so only the second is rounded. "
                "The blocks of 2 x 2 must lose something.",
            ),
            Misconception(
                "lets the rounding errors cancel",
                lambda: np.array([[1, 0, 1, 1], [0, 0, 1, 0], [0] * 4, [0] * 4], np.uint8),
                "One block loses a quarter, another gains it. Let all lose, or all gain.",
            ),
            Misconception(
                "stays on one side of a half",
                lambda: np.array([[1, 0, 0, 0]] + [[0] * 4] * 3, np.uint8),
                "The exact mean is rounded to the same level, whatever the first step did to it. "
                "Let it lie right beside a half, as 0.5625 does.",
            ),
            Misconception(
                "takes a single block",
                lambda: BLOCK,
                "Two halvings need 4 x 4 pixels. Each makes a pixel of a block of 2 x 2.",
            ),
            Misconception(
                "returns the result",
                lambda: halve_twice(my_find_mean_fault()),
                "The check wants the image before pooling. It computes both means itself.",
            ),
            Misconception(
                "returns floats",
                lambda: my_find_mean_fault().astype(float),
                "An image is an array of uint8. Give np.uint8 to np.array.",
            ),
        ),
        hints=(
            "Two levels are enough, 0 and 1. Which means can a block of 2 x 2 have?",
            "A mean of 0.5 is rounded to 0, the even neighbour. Use that in several blocks.",
            "Let the exact mean lie just above a half: nine ones of sixteen. Now spread them.",
        ),
        then="Does your image show it, too, when the means are cut instead of rounded?",
    ),
    Exercise(
        name="pad_and_max_pool",
        notebook=NOTEBOOK,
        section="Pitfall: padding a maximum with zeros",
        solution=my_pad_and_max_pool,
        reference=max_after_padding,
        inputs=st.tuples(signed_images, st.integers(1, 3), st.integers(0, 1)).map(pad_inputs),
        examples={
            "a single pixel": {"image": np.array([[-7.0]]), "size": 2, "padding": 1},
            "no padding": {"image": SIGNED, "size": 2, "padding": 0},
            "negative values": {"image": SIGNED, "size": 2, "padding": 1},
            "a very small value": {"image": np.array([[-1e12]]), "size": 2, "padding": 1},
            "an incomplete block": {"image": SIGNED_WIDE, "size": 2, "padding": 1},
            "a block of 3 x 3": {"image": SIGNED_WIDE, "size": 3, "padding": 1},
        },
        misconceptions=(
            Misconception(
                "pads with zeros",
                pad_and_pool,
                "Where all values are negative, the zero of the border wins. Pad with -np.inf.",
            ),
            Misconception(
                "pads with -1",
                lambda *arguments: pad_and_pool(*arguments, constant_values=-1),
                "Values may lie below -1, and then the border wins. Only -np.inf never does.",
            ),
            Misconception(
                "pads with NaN",
                lambda *arguments: pad_and_pool(*arguments, constant_values=np.nan),
                "The maximum of NaN and a number is NaN. Pad with -np.inf.",
            ),
            Misconception(
                "mirrors the image in the border",
                lambda *arguments: pad_and_pool(*arguments, mode="reflect"),
                "A mirror brings in values from the next block. The border must never win.",
            ),
            Misconception(
                "keeps the result at zero or above",
                not_below_zero,
                "Your search for the largest starts at 0, so nothing negative comes out. "
                "Start with a value of the block, or with -np.inf.",
            ),
            Misconception(
                "pads the upper and the left side only",
                lambda image, size, padding: pad_and_pool(
                    image, size, ((padding, 0), (padding, 0)), constant_values=-np.inf
                ),
                "The border goes all around, and the last block may need it to be complete. "
                "Give np.pad one number, and it pads all four sides.",
            ),
            Misconception(
                "does not pad",
                lambda image, size, padding: pad_and_pool(image, size, 0),
                "Without the border the blocks start at the first pixel. "
                "With it they start `padding` pixels before.",
            ),
            Misconception(
                "slides its window by one pixel",
                lambda image, size, padding: windows(
                    np.pad(image, padding, constant_values=-np.inf), size, 1
                ).max(INSIDE),
                "Your blocks overlap. Without a word the stride is the size of the block.",
                "Blocks that overlap",
            ),
            Misconception(
                "pads with -255",
                lambda image, size, padding: pad_and_pool(
                    image, size, padding, constant_values=-255
                ),
                "-255 is small for a level, but these values may be smaller still. Nothing is "
                "below -np.inf.",
            ),
        ),
        hints=(
            "Which number is smaller than all others, so that it never is the maximum?",
            "np.pad(image, padding, constant_values=...) adds the border on all four sides.",
            "Pad with -np.inf. The rest is max_pool, as you wrote it before.",
        ),
        then="Which other ways to pad give the same? Think of mode='edge', and say why.",
    ),
    Exercise(
        name="max_pool_stride",
        notebook=NOTEBOOK,
        section="Blocks that overlap",
        solution=my_max_pool_stride,
        reference=max_of_windows,
        inputs=st.tuples(gray_images(), st.integers(1, 3), st.integers(1, 3)).map(stride_inputs),
        examples={
            "a single pixel": {"image": PIXEL, "size": 1, "stride": 1},
            "a single block": {
                "image": np.array([[1, 2], [3, 4]], np.uint8),
                "size": 2,
                "stride": 1,
            },
            "a stride of one": {"image": RAGGED, "size": 2, "stride": 1},
            "blocks that touch": {"image": WIDE, "size": 2, "stride": 2},
            "gaps between the blocks": {"image": TINY, "size": 1, "stride": 2},
            "a column too many": {"image": TINY, "size": 3, "stride": 2},
            "a tall image": {"image": TALL, "size": 2, "stride": 1},
            "large gaps": {"image": TINY, "size": 1, "stride": 3},
        },
        misconceptions=(
            Misconception(
                "takes the size for the stride",
                lambda image, size, stride: pooling.max_pool(image, size),
                "Your blocks always touch. Start them `stride` pixels apart.",
            ),
            Misconception(
                "moves on by one pixel",
                lambda image, size, stride: max_of_windows(image, size, 1),
                "Your blocks start at every pixel. Start them `stride` pixels apart.",
            ),
            Misconception(
                "confuses size and stride",
                lambda image, size, stride: max_of_windows(image, stride, size),
                "The size says how large a block is. The stride says how far the next one is away.",
            ),
            Misconception(
                "forgets the size when it counts the blocks",
                lambda image, size, stride: windows_over_the_edge(
                    image, size, stride, lambda n, size, stride: n // stride
                ),
                "n // stride takes no notice of how large a block is. "
                "The last one starts at n - size at the latest: (n - size) // stride + 1.",
            ),
            Misconception(
                "lets blocks hang over the edge",
                lambda image, size, stride: windows_over_the_edge(
                    image, size, stride, lambda n, size, stride: -(-n // stride)
                ),
                "range(0, H, stride) starts blocks that do not end within the image. "
                "Write range(0, H - size + 1, stride).",
                "7.4 Edges that do not fit",
            ),
            Misconception(
                "forgets the + 1",
                lambda image, size, stride: windows_over_the_edge(
                    image, size, stride, lambda n, size, stride: (n - size) // stride
                ),
                "(n - size) // stride counts the steps. There is one block more than steps.",
            ),
            Misconception(
                "rounds the number of blocks up",
                lambda image, size, stride: windows_over_the_edge(
                    image, size, stride, lambda n, size, stride: -((size - n) // stride) + 1
                ),
                "Your last block hangs over the edge. Round down, as the formula says.",
                "7.4 Edges that do not fit",
            ),
            Misconception(
                "pools first and skips then",
                lambda image, size, stride: pooling.max_pool(image, size)[::stride, ::stride],
                "You skip whole blocks: yours start size * stride pixels apart. "
                "The stride counts pixels of the image.",
            ),
            Misconception(
                "uses the stride for the rows only",
                rows_of_windows_only,
                "Down the image you go by the stride, across it by one pixel. Use it for both.",
            ),
            Misconception(
                "takes the stride for the size",
                stride_as_size,
                "Blocks start stride pixels apart, and each is size pixels wide. Both numbers are "
                "needed.",
            ),
        ),
        hints=(
            "At which rows do the blocks start? Which of them still fit?",
            "image[a::stride] takes row a of every block, whether the blocks overlap or not.",
            "Cut all image[a::stride, b::stride] to the same number of rows and columns, "
            "and combine them with np.maximum.",
        ),
        then="Compare it with torch.nn.MaxPool2d(size, stride=stride) on a photograph.",
    ),
    Exercise(
        name="find_exchange_fault",
        notebook=NOTEBOOK,
        section="7.3 Two webs: what has to survive?",
        solution=my_find_exchange_fault,
        shows="the minimum of the maxima is darker than the maximum of the minima",
        inputs=None,
        examples={"your image": {}},
        observe=shows_exchange,
        misconceptions=(
            Misconception(
                "takes a constant image",
                lambda: np.full((4, 4), 9, np.uint8),
                "All minima and maxima are that one level. Use at least two levels.",
            ),
            Misconception(
                "mixes dark and light in each block",
                lambda: np.tile(np.array([[0, 255], [255, 0]], np.uint8), (2, 2)),
                "Then every maximum is light and every minimum dark: that confirms the guess. "
                "Let a block be dark throughout.",
            ),
            Misconception(
                "takes one flat block among mixed ones",
                lambda: np.array(
                    [[0, 9, 0, 9], [9, 0, 9, 0], [0, 9, 5, 5], [9, 0, 5, 5]], np.uint8
                ),
                "Both numbers are the level of that block. Make a second one flat, but darker.",
            ),
            Misconception(
                "takes one light pixel",
                lambda: np.array([[255, 0, 0, 0]] + [[0] * 4] * 3, np.uint8),
                "The dark blocks make both numbers dark. Let a whole block be light.",
            ),
            Misconception(
                "takes a single block",
                lambda: BLOCK,
                "In one block the maximum is never darker than the minimum. You need 4 x 4 pixels.",
            ),
            Misconception(
                "returns the result",
                lambda: np.array([[0]], np.uint8),
                "The check wants the image before pooling. It pools it itself.",
            ),
            Misconception(
                "returns floats",
                lambda: my_find_exchange_fault().astype(float),
                "An image is an array of uint8. Give np.uint8 to np.array.",
            ),
        ),
        hints=(
            "When is the minimum of four maxima dark? When is the maximum of four minima light?",
            "One block with a dark maximum is enough for the first. What is enough for the second?",
            "Make one block black throughout and another one white.",
        ),
        then="Try the pictures camera and moon. How often is the guess wrong there, and why?",
    ),
]

# Quizzes

LINE = np.full((4, 4), 255, np.uint8)
LINE[:, 1] = 0
STRIPES = np.tile(np.array([255, 0], np.uint8), (4, 4))


def largest_from_zero():
    largest = 0
    for value in [-5, -3, -4]:
        largest = max(largest, value)
    return largest


def period_of_every_fourth():
    """Smallest period of stripes with the period 5, once every fourth pixel is kept."""
    kept = np.tile(np.array([9, 7, 5, 3, 1]), 40)[::4]
    return next(p for p in range(1, 20) if np.array_equal(kept[p:], kept[:-p]))


QUIZ_BEFORE = (
    Question(
        "You cut an image of 10 × 7 pixels into blocks of 3 × 3, starting in a corner. "
        "How many whole blocks do you get?",
        right=("6", "Three fit along the 10 pixels and two along the 7. The rest is left over."),
        wrong=(
            ("7", "70 pixels hold 7 times 9, but blocks are squares: count along each side."),
            ("8", "70 / 9 is 7.8, but a block that is nearly whole is not whole."),
            ("12", "Rounding up gives 4 × 3, and the blocks at the edge are incomplete."),
            ("40", "So many windows fit that may overlap. Blocks that are cut out do not."),
        ),
        proof=lambda: pooling.max_pool(np.zeros((10, 7), np.uint8), 3).size == 6,
    ),
    Question(
        "Thin black lines on white paper. You shrink the scan: each block of 4 × 4 pixels becomes "
        "one pixel. Which level of the block keeps the lines black?",
        right=("The smallest one", "If a single pixel of the block is black, the result is black."),
        wrong=(
            ("The largest one", "Nearly every block holds some white paper, and the white wins."),
            ("The mean of all", "A line of one pixel gets a quarter of the weight: it turns pale."),
            ("The upper left one", "It meets the line only by chance, and gaps come of that."),
        ),
        proof=lambda: (
            pooling.min_pool(LINE, 4)[0, 0] == 0
            and min(pooling.max_pool(LINE, 4)[0, 0], pooling.mean_pool(LINE, 4)[0, 0]) > 190
            and LINE[0, 0] == 255
        ),
    ),
    Question(
        "The mean of four levels is 1.75. What does `np.array([1.75]).astype(np.uint8)` hold?",
        right=("1", "The conversion cuts off what is behind the point, however much it is."),
        wrong=(
            ("2", "2 is nearer, but astype does not round. Use np.rint before it."),
            ("1.75", "A uint8 holds whole numbers from 0 to 255 only."),
            ("175", "The decimal point is not moved; the fraction is lost."),
            ("An error", "No error and no warning: NumPy converts it in silence."),
        ),
        proof=lambda: np.array([1.75]).astype(np.uint8)[0] == 1,
    ),
    Question(
        "Upright stripes, white and black in turn, each one pixel wide. You keep every second "
        "pixel of every second row. What do you see?",
        right=(
            "An even white or an even black",
            "You meet one kind only; which, depends on where.",
        ),
        wrong=(
            ("An even grey, half of the white", "Grey comes of a mean. You mix nothing, you skip."),
            ("Stripes again, one pixel wide", "Two neighbours that you keep are two apart: alike."),
            (
                "Stripes that are half a pixel wide",
                "No pixel holds half a stripe: it has one level.",
            ),
        ),
        proof=lambda: (
            (STRIPES[::2, ::2] == 255).all() and (STRIPES[::2, 1::2] == 0).all()  # no third case
        ),
    ),
    Question(
        "`largest = 0`, then `for value in [-5, -3, -4]: largest = max(largest, value)`. "
        "What is `largest` in the end?",
        right=("0", "All values are smaller than the number you started with, so it stays."),
        wrong=(
            ("-3", "That is the largest of the list, but the 0 you started with is larger."),
            ("-4", "max keeps the larger of two numbers, not the one that came last."),
            ("-5", "-5 is the smallest of the list, though 5 would be the largest size."),
            ("5", "max compares the numbers with their signs, not their sizes."),
        ),
        proof=lambda: largest_from_zero() == 0,
    ),
)
QUIZ_AFTER = (
    Question(
        "A row of 8 pixels, a maximum of size 3 with stride 2. How many numbers come out?",
        right=("3", "floor((8 - 3) / 2) + 1 is 3: the blocks start at 0, 2 and 4."),
        wrong=(
            ("2", "8 // 3 counts blocks that touch: that is stride 3."),
            ("4", "8 // 2 counts a block that starts at 6 and hangs over the edge."),
            ("6", "8 - 3 + 1 blocks start at every pixel: that is stride 1."),
        ),
        proof=lambda: (
            convolution.output_size(8, 3, stride=2)
            == max_of_windows(np.zeros((8, 8), np.uint8), 3, 2).shape[0]
            == 3
        ),
    ),
    Question(
        "Which one is always equal to `255 - max_pool(255 - image, 4)`?",
        right=("`min_pool(image, 4)`", "The lightest of the negative is the darkest of the image."),
        wrong=(
            ("`max_pool(image, 4)`", "The negative turns light into dark, so the other one wins."),
            ("`mean_pool(image, 4)`", "A mean weighs all pixels; here a single one decides."),
            ("`255 - min_pool(image, 4)`", "The second negative has turned the levels back."),
        ),
        proof=lambda: np.array_equal(
            pooling.min_pool(TINY, 4), 255 - pooling.max_pool(255 - TINY, 4)
        ),
    ),
    Question(
        "You halve a photograph four times by means of 2 × 2 pixels and cut each mean to an "
        "integer. If all remainders are equally frequent, how many levels darker is it on average?",
        right=("1.5", "A sum leaves 0, 1, 2 or 3 quarters: 0.375 on average, four times."),
        wrong=(
            ("0.375", "That is the loss of one halving. The next ones lose as much again."),
            ("0.5", "Half a level is the limit for a large block, and for one cut only."),
            ("2", "Half a level each time is the limit for large blocks, not for four pixels."),
            ("0", "Only rounding is even on average. Cutting always goes down."),
        ),
        proof=lambda: 4 * np.mean([0, 0.25, 0.5, 0.75]) == 1.5,
    ),
    Question(
        "Stripes repeat every 5 pixels. You keep every fourth pixel of a row. "
        "After how many pixels of the small row do the stripes repeat?",
        right=(
            "5",
            "You meet columns 0, 4, 8, 12, 16 and 20: only 20 is like 0 again. It is a false one.",
        ),
        wrong=(
            ("1.25", "5 / 4 would be true, but a period needs more than two samples."),
            ("2.5", "Two periods are 10 pixels, and 10 is no multiple of four."),
            ("4", "After 4 small pixels you are at column 16, which is like column 1."),
            ("Never: an even grey", "Skipping mixes nothing, so the samples keep their contrast."),
        ),
        proof=lambda: period_of_every_fourth() == 5,
    ),
    Question(
        "`torch.nn.MaxPool2d(2, padding=1)` gets the rows -5, -3 and -4, -2. "
        "What stands in the upper left corner of the result?",
        right=("-5", "The block holds -5 and three times -∞ of the border, which never wins."),
        wrong=(
            ("0", "It would be, with zeros in the border. A maximum is padded with -∞."),
            ("-2", "-2 is the largest of all four, but the border moves the blocks apart."),
            ("-∞", "The border stands in the block, but -5 is larger than it."),
        ),
        proof=lambda: pad_and_pool(SIGNED, 2, 1, constant_values=-np.inf)[0, 0] == -5,
    ),
)
