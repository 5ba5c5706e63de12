"""Exercises of notebook 06."""

from functools import cache, partial

import cv2
import numpy as np
from hypothesis import strategies as st

from course_utils import convolution
from course_utils.exercises.checking import Exercise, Misconception
from course_utils.exercises.inputs import arguments, arrays, gray_images
from course_utils.exercises.quizzes import Question

NOTEBOOK = "06_convolution"
PLACES = "6.4 Output size, padding, stride"
ZEROS = "Pitfall: zeros outside are black"
BRIGHTNESS = "6.5 Random kernels and the brightness"
EDGES = "6.6 Blur, sharpen, find edges"

BOX = np.ones((3, 3))
BLUR = np.array([[1.0, 2, 1], [2, 4, 2], [1, 2, 1]])
SHARPEN = np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])
SOBEL_X = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
NINE = np.arange(1.0, 10).reshape(3, 3)
IMAGES = gray_images()
SHAPES = st.tuples(st.integers(1, 3), st.integers(1, 3))  # of kernels


# What several exercises share -------------------------------------------------------------------


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


# Output size


def my_output_size(size, kernel, stride, padding):
    return (size + 2 * padding - kernel) // stride + 1


def output_size(size, kernel, stride, padding):
    return convolution.output_size(size, kernel, stride=stride, padding=padding)


def ceiling_output_size(size, kernel, stride, padding):
    return -(-(size + 2 * padding - kernel) // stride) + 1


def rounded_output_size(size, kernel, stride, padding):
    return round((size + 2 * padding - kernel) / stride) + 1


def sizes(size, kernel, stride, padding):
    return {"size": size, "kernel": kernel, "stride": stride, "padding": padding}


# A kernel that keeps the brightness


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


# Mirrored padding


def my_pad_reflect(image, amount):
    indices = []
    for size in image.shape:
        places = np.abs(np.arange(-amount, size + amount))  # mirrored at pixel 0
        indices.append(size - 1 - np.abs(size - 1 - places))  # and at the last one
    return image[np.ix_(*indices)]


@st.composite
def images_and_amounts(draw):
    """Strategy: an image, and a padding that its mirror image can fill."""
    image = draw(IMAGES)
    return {"image": image, "amount": draw(st.integers(0, min(image.shape) - 1))}


def black_corners(image, amount):
    height, width = image.shape
    out = np.pad(image, amount)
    out[amount : amount + height] = np.pad(image, ((0, 0), (amount, amount)), mode="reflect")
    out[:, amount : amount + width] = np.pad(image, ((amount, amount), (0, 0)), mode="reflect")
    return out


def not_reversed(image, amount):
    for _ in range(2):
        end = len(image) - 1
        image = np.concatenate([image[1 : amount + 1], image, image[end - amount : end]]).T
    return image


def minus_zero(image, amount):
    out = np.zeros(np.add(image.shape, 2 * amount), np.uint8)
    out[amount:-amount, amount:-amount] = image
    return np.pad(image, amount, mode="reflect") if amount else out


# Correlation


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


# A kernel that moves the picture


def my_shift_kernel(down, right):
    kernel = np.zeros((3, 3))
    kernel[1 + down, 1 + right] = 1
    return kernel


def shift_kernel(down, right):
    identity = np.zeros((3, 3))
    identity[1, 1] = 1
    return np.roll(identity, (down, right), axis=(0, 1))


def counted_from_1(down, right):
    kernel = np.zeros((3, 3))
    kernel[2 + down, 2 + right] = 1
    return kernel


def middle_at_0(down, right):
    kernel = np.zeros((3, 3))
    kernel[down, right] = 1
    return kernel


# Find the fault: a "convolution" that does not turn the kernel


def shows_missing_turn(answer, arguments):
    """Say what an image and a kernel show about a "convolution" that only correlates."""
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        return "return two arrays, the image and the kernel"
    image, kernel = answer
    if np.size(kernel) > np.size(image):
        return "the kernel is larger than the image; the image comes first"
    right, unturned = convolution.convolve2d(image, kernel), convolution.correlate2d(image, kernel)
    if max(image.shape) > 4:
        return "take a smaller image: 4 x 4 pixels are enough"
    if not np.allclose(right, unturned):
        return "the two results differ"
    if kernel.size == 1:
        return "the results agree: a kernel of one weight stays as it is when it is turned"
    if np.ptp(kernel) == 0:
        return "the results agree: all weights are equal, wherever the turn takes them"
    if np.array_equal(kernel, kernel[::-1, ::-1]):
        return "the results agree: turned by 180 degrees, this kernel is the same as before"
    if np.ptp(image) == 0:
        return "the results agree: all pixels are equal, whichever weight they meet"
    if np.array_equal(image, image[::-1, ::-1]):
        return "the results agree: turned by 180 degrees, this image is the same as before"
    return "the results agree: this kernel can show the fault, but not on this image"


def my_find_turn_fault():
    image = np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]], np.uint8)
    kernel = np.array([[1, 0], [0, 0]])
    return image, kernel


# Convolution


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


# Strength of edges


def my_sobel_magnitude(image):
    f = image.astype(float)
    columns = f[:-2] + 2 * f[1:-1] + f[2:]  # each column's weighted sum of three rows
    rows = f[:, :-2] + 2 * f[:, 1:-1] + f[:, 2:]
    gx = columns[:, 2:] - columns[:, :-2]
    gy = rows[2:] - rows[:-2]
    return np.sqrt(gx**2 + gy**2)


def gradient(image):
    """Return gx and gy at the inner pixels, by OpenCV."""
    return [cv2.Sobel(image, cv2.CV_64F, *order)[1:-1, 1:-1] for order in [(1, 0), (0, 1)]]


def sobel_magnitude(image):
    return np.hypot(*gradient(image))


def magnitude_of(change):
    """Make an answer that changes gx and gy before it takes the magnitude."""
    return lambda image: np.hypot(*map(change, gradient(image)))


def uint8_gradient(image):
    columns = image[:-2] + 2 * image[1:-1] + image[2:]
    rows = image[:, :-2] + 2 * image[:, 1:-1] + image[:, 2:]
    return columns[:, 2:] - columns[:, :-2], rows[2:] - rows[:-2]


def squares_in_uint8(image):
    gx, gy = uint8_gradient(image)
    return np.sqrt(gx**2 + gy**2)


def prewitt_magnitude(image):
    prewitt = np.array([[-1, 0, 1]] * 3)
    return np.hypot(correlate(image, prewitt), correlate(image, prewitt.T))


# Two steps instead of one


def my_separable_convolve(image, column, row):
    down = np.array([np.convolve(line, column, mode="valid") for line in image.T]).T
    return np.array([np.convolve(line, row, mode="valid") for line in down])


def separable_convolve(image, column, row):
    return convolve(image, np.outer(column, row))


@st.composite
def images_and_lines(draw):
    """Strategy: an image, a column kernel and a row kernel; each fits along both axes."""
    image = draw(IMAGES)
    length = st.integers(1, min(3, *image.shape))
    return {
        "image": image,
        "column": draw(weights(draw(length))),
        "row": draw(weights(draw(length))),
    }


def lines(image, column, row):
    return {
        "image": np.array(image, np.uint8),
        "column": np.array(column, float),
        "row": np.array(row, float),
    }


def in_two_steps(mode):
    """Make an answer that hands `mode` to np.convolve."""

    def function(image, column, row):
        down = np.apply_along_axis(np.convolve, 0, image, column, mode=mode)
        return np.apply_along_axis(np.convolve, 1, down, row, mode=mode)

    return function


def step_in_uint8(image, column, row):
    down = convolution.to_uint8(convolve(image, column[:, None]))
    return convolve(down, row[None])


EXERCISES = [
    Exercise(
        name="output_size",
        notebook=NOTEBOOK,
        section=PLACES,
        solution=my_output_size,
        reference=output_size,
        inputs=arguments(
            size=st.integers(1, 12),
            kernel=st.integers(1, 5),
            stride=st.integers(1, 4),
            padding=st.integers(0, 3),
        ).filter(lambda drawn: drawn["kernel"] <= drawn["size"] + 2 * drawn["padding"]),
        examples={
            "a kernel of 1": sizes(1, 1, 1, 0),
            "a kernel as large as the image": sizes(3, 3, 1, 0),
            "a stride larger than the image": sizes(2, 1, 3, 0),
            "a last step that does not fit": sizes(4, 3, 2, 0),
            "a kernel that fits only with padding": sizes(1, 3, 1, 1),
        },
        misconceptions=(
            Misconception(
                "forgets the + 1",
                lambda size, kernel, stride, padding: (size + 2 * padding - kernel) // stride,
                "You count the steps from place to place. There is one more place than steps.",
            ),
            Misconception(
                "rounds up",
                ceiling_output_size,
                "You count a last step that reaches over the end. Such a step is not taken.",
            ),
            Misconception(
                "rounds to the nearest integer",
                rounded_output_size,
                "You count a last step if half of it fits. It has to fit as a whole: round down.",
            ),
            Misconception(
                "does not round",
                lambda size, kernel, stride, padding: (size + 2 * padding - kernel) / stride + 1,
                "Your division leaves a fraction of a place. Round down, with //.",
            ),
            Misconception(
                "adds the padding once",
                lambda size, kernel, stride, padding: (size + padding - kernel) // stride + 1,
                "You add p pixels in all. They are added at each of the two ends: 2p.",
            ),
            Misconception(
                "ignores the padding",
                lambda size, kernel, stride, padding: (size - kernel) // stride + 1,
                "Your result does not depend on p. Padding adds 2p pixels to the n that are there.",
            ),
            Misconception(
                "ignores the stride",
                lambda size, kernel, stride, padding: size + 2 * padding - kernel + 1,
                "You count the places of a stride of 1. With stride s only every s-th is taken.",
            ),
            Misconception(
                "divides before it subtracts",
                lambda size, kernel, stride, padding: (size + 2 * padding) // stride - kernel + 1,
                "You divide n + 2p alone. The kernel covers k pixels, not k steps: subtract first.",
            ),
            Misconception(
                "adds 1 before it divides",
                lambda size, kernel, stride, padding: (size + 2 * padding - kernel + 1) // stride,
                "You divide the + 1, too. It counts the first place, which needs no step.",
            ),
            Misconception(
                "divides the size by the stride",
                lambda size, kernel, stride, padding: -(-size // stride),
                "You assume a padding that makes up for the kernel. Here k and p are given.",
            ),
            Misconception(
                "stops the range one place early",
                lambda size, kernel, stride, padding: len(
                    range(0, size + 2 * padding - kernel, stride)
                ),
                "The last place is size + 2 * padding - kernel itself, and range ends before its "
                "end. Add 1 to the end.",
            ),
            Misconception(
                "returns a float",
                lambda size, kernel, stride, padding: (
                    np.floor((size + 2 * padding - kernel) / stride) + 1
                ),
                "np.floor rounds, but its result is a float, which np.zeros takes for no size. "
                "Divide with //, or convert with int.",
            ),
        ),
        hints=(
            "How many pixels can the kernel still move after its first place?",
            "With n + 2p pixels it can move n + 2p - k. How many steps of s fit into that?",
            "The steps that fit are (size + 2 * padding - kernel) // stride. The first place is "
            "one more.",
        ),
        then="Which padding keeps the size of an image under a kernel of 7 with stride 1?",
    ),
    Exercise(
        name="normalize_kernel",
        notebook=NOTEBOOK,
        section=BRIGHTNESS,
        solution=my_normalize_kernel,
        reference=normalize_kernel,
        inputs=arguments(kernel=arrays(np.int64, SHAPES, elements=st.integers(-3, 5))),
        examples={
            "a single weight": {"kernel": np.array([[4]])},
            "a sum of 0": {"kernel": np.array([[-1, 1]])},
            "a negative sum": {"kernel": np.array([[1, -3]])},
            "a kernel of zeros": {"kernel": np.zeros((2, 2), int)},
            "a kernel with the sum 1": {"kernel": SHARPEN},
        },
        misconceptions=(
            Misconception(
                "divides by the number of weights",
                divided_by(np.size),
                "Your result has the sum 1 only if the mean weight is 1. Divide by the sum.",
            ),
            Misconception(
                "divides by the largest weight",
                divided_by(np.max),
                "Your largest weight is 1. It is the sum that should be 1.",
            ),
            Misconception(
                "divides by the sum of the absolute values",
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
                "0 / 0 is NaN and 1 / 0 is infinity. Return a kernel with the sum 0 as it is.",
                EDGES,
            ),
            Misconception(
                "returns zeros for a sum of 0",
                zeros_for_sum_0,
                "You replace a kernel with the sum 0 by one that does nothing. Return it as it is.",
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
                "A sum of 0 becomes a tiny one, and the weights become huge. Ask whether the sum "
                "is 0.",
            ),
            Misconception(
                "leaves negative sums alone",
                lambda kernel: (
                    normalize_kernel(kernel) if kernel.sum() > 0 else kernel.astype(float)
                ),
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
    ),
    Exercise(
        name="pad_reflect",
        notebook=NOTEBOOK,
        section=ZEROS,
        solution=my_pad_reflect,
        reference=partial(np.pad, mode="reflect"),
        inputs=images_and_amounts(),
        examples={
            "a single pixel and no padding": {"image": np.array([[7]], np.uint8), "amount": 0},
            "no padding": {"image": np.array([[1, 2], [3, 4]], np.uint8), "amount": 0},
            "a padding of 1": {"image": np.array([[1, 2], [3, 4]], np.uint8), "amount": 1},
            "a constant image": {"image": np.full((2, 3), 9, np.uint8), "amount": 1},
            "the largest padding": {
                "image": np.arange(1, 10, dtype=np.uint8).reshape(3, 3),
                "amount": 2,
            },
        },
        misconceptions=(
            Misconception(
                "repeats the edge in the mirror",
                partial(np.pad, mode="symmetric"),
                "Your mirror stands beside the last pixel, so that this pixel comes twice. It "
                "stands on the last pixel: the first padded pixel is the one before the last.",
            ),
            Misconception(
                "pads with zeros",
                np.pad,
                "Zeros are black, and a blur pulls them in. Mirror the image instead.",
            ),
            Misconception(
                "repeats the pixel at the edge",
                partial(np.pad, mode="edge"),
                "You continue with copies of the last pixel. Mirror what lies before it.",
            ),
            Misconception(
                "wraps round",
                partial(np.pad, mode="wrap"),
                "You continue with the pixels of the other end. Mirror those of the same end.",
            ),
            Misconception(
                "does not reverse the pixels",
                not_reversed,
                "You copy the pixels next to the edge in their old order. In a mirror, the one "
                "nearest to the edge comes first.",
            ),
            Misconception(
                "pads the rows only",
                lambda image, amount: np.pad(image, ((amount, amount), (0, 0)), mode="reflect"),
                "You add rows above and below. Add columns at the left and right as well.",
            ),
            Misconception(
                "pads the columns only",
                lambda image, amount: np.pad(image, ((0, 0), (amount, amount)), mode="reflect"),
                "You add columns at the left and right. Add rows above and below as well.",
            ),
            Misconception(
                "pads one end of each axis",
                lambda image, amount: np.pad(image, (0, amount), mode="reflect"),
                "You add pixels below and at the right. Add as many above and at the left.",
            ),
            Misconception(
                "leaves the corners black",
                black_corners,
                "You mirror the four sides of the image, and the corners stay 0. Mirror the rows "
                "first, then the columns of the result.",
            ),
            Misconception(
                "cuts with [amount:-amount]",
                minus_zero,
                "With an amount of 0 this is [0:-0], which is empty. Use [amount : amount + size].",
            ),
        ),
        hints=(
            "Do it for the rows first. The columns are the same, on the transposed image.",
            "Which row comes just above row 0? Row 1, then row 2: row -i is row i.",
            "Make a list of the row numbers, np.abs(np.arange(-amount, height + amount)), and "
            "mirror those above height - 1 likewise. Then index: image[rows][:, columns].",
        ),
        then="Which amount is too large for an image of 4 x 4? What does np.pad do then?",
    ),
    Exercise(
        name="correlate2d",
        notebook=NOTEBOOK,
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
        misconceptions=(
            Misconception(
                "turns the kernel",
                convolve,
                "You turn the kernel by 180 degrees, which is a convolution. Correlation lays the "
                "kernel on the image as it is.",
                "6.3 Convolution turns the kernel",
            ),
            Misconception(
                "loses a row and a column",
                partial(one_too_few, correlate),
                "Your kernel stops one place too early, at n - k places. It has n - k + 1.",
                PLACES,
            ),
            Misconception(
                "pads with zeros to keep the size",
                partial(same_size, correlate),
                "Your kernel reaches over the edge, on zeros that nobody measured. Here it stays "
                "inside the image.",
                PLACES,
            ),
            Misconception(
                "lets the kernel reach over the edge",
                partial(full_size, correlate),
                "You keep each place at which one weight touches the image, the output called "
                "full. Here the kernel stays inside the image.",
                PLACES,
            ),
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
                "cuts the sums to 0 … 255",
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
                "You normalize while you sum. A kernel is applied as it is; whoever wants to keep "
                "the brightness normalizes the kernel before.",
                BRIGHTNESS,
            ),
            Misconception(
                "divides by the number of weights",
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
            Misconception(
                "multiplies matrices",
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
                "cv2.filter2D mirrors the image at its edge, and returns as many pixels as came "
                "in. Here the kernel stays inside the image.",
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
    ),
    Exercise(
        name="shift_kernel",
        notebook=NOTEBOOK,
        section="6.3 Convolution turns the kernel",
        solution=my_shift_kernel,
        reference=shift_kernel,
        inputs=arguments(down=st.integers(-1, 1), right=st.integers(-1, 1)),
        examples={
            "no shift": {"down": 0, "right": 0},
            "down": {"down": 1, "right": 0},
            "to the right": {"down": 0, "right": 1},
            "up and to the left": {"down": -1, "right": -1},
        },
        misconceptions=(
            Misconception(
                "moves the picture the other way",
                lambda down, right: shift_kernel(-down, -right),
                "Your kernel is right for a correlation. A convolution puts a copy of the kernel "
                "at each pixel, so the 1 lies where the pixel should go.",
            ),
            Misconception(
                "exchanges rows and columns",
                lambda down, right: shift_kernel(right, down),
                "You use the shift to the right as a row. The first index is the row, and it "
                "counts downward.",
            ),
            Misconception(
                "counts rows upward",
                lambda down, right: shift_kernel(-down, right),
                "Your picture moves up where it should move down. Row numbers grow downward.",
            ),
            Misconception(
                "counts columns from the right",
                lambda down, right: shift_kernel(down, -right),
                "Your picture moves to the left where it should move to the right. Column numbers "
                "grow to the right.",
            ),
            Misconception(
                "takes 2 for the middle",
                counted_from_1,
                "Your middle is row 2 and column 2, the corner. Indices start at 0: it is (1, 1).",
            ),
            Misconception(
                "takes 0 for the middle",
                middle_at_0,
                "You index with the shift itself, and -1 is the last row. The middle is (1, 1): "
                "add 1.",
            ),
            Misconception(
                "keeps the picture where it was as well",
                lambda down, right: np.maximum(shift_kernel(0, 0), shift_kernel(down, right)),
                "With two weights the picture comes twice. A shift has one weight that is not 0.",
            ),
            Misconception(
                "divides by 9",
                lambda down, right: shift_kernel(down, right) / 9,
                "The picture becomes nine times too dark. The sum of these weights is 1 already.",
                BRIGHTNESS,
            ),
            Misconception(
                "makes a kernel of integers",
                lambda down, right: shift_kernel(down, right).astype(int),
                "The weights are right, and of the wrong type. Return float64.",
            ),
        ),
        hints=(
            "Which kernel leaves the picture where it is?",
            "A convolution turns one bright point into a copy of the kernel, with the kernel's "
            "middle on the point. Where should the 1 lie for the point to move?",
            "Start from np.zeros((3, 3)). The middle is (1, 1); move the 1 from there.",
        ),
        then="Which kernel makes the same move under correlation? Compare the two.",
    ),
    Exercise(
        name="find_turn_fault",
        notebook=NOTEBOOK,
        section="Pitfall: a *convolution* that does not turn the kernel",
        solution=my_find_turn_fault,
        shows="the two results differ",
        inputs=None,
        examples={"your image and kernel": {}},
        observe=shows_missing_turn,
        misconceptions=(
            Misconception(
                "takes a kernel of ones",
                lambda: (NINE.astype(np.uint8), BOX),
                "A mean does not care which weight meets which pixel. Take different weights.",
            ),
            Misconception(
                "takes a symmetric kernel",
                lambda: (NINE.astype(np.uint8), BLUR),
                "Most kernels that blur look the same after the turn, and hide it. Take one that "
                "is heavier on one side.",
            ),
            Misconception(
                "takes a kernel of one weight",
                lambda: (NINE.astype(np.uint8), np.array([[5]])),
                "One weight has no other side. Take at least two.",
            ),
            Misconception(
                "takes a constant image",
                lambda: (np.full((3, 3), 7, np.uint8), SOBEL_X),
                "If all pixels are equal, it does not matter which weight they meet. Take an image "
                "with one bright point.",
            ),
            Misconception(
                "takes an image that looks the same after a turn",
                lambda: (np.array([[1, 2, 1]], np.uint8), np.array([[1, 0, 0]])),
                "To turn the kernel is to turn the image under it, and yours does not change. "
                "Make one side brighter.",
            ),
            Misconception(
                "takes a large image",
                lambda: (np.arange(36, dtype=np.uint8).reshape(6, 6), SOBEL_X),
                "A test that can be checked by hand is worth more. One bright point is enough.",
            ),
            Misconception(
                "does not return two arrays",
                lambda: SOBEL_X,
                "The check needs the image as well. Write return image, kernel.",
            ),
            Misconception(
                "returns the kernel first",
                lambda: (SOBEL_X, np.arange(16, dtype=np.uint8).reshape(4, 4)),
                "The first array is taken as the image. Write return image, kernel.",
            ),
        ),
        hints=(
            "Which kernels stay the same when they are turned by 180 degrees? Avoid them.",
            "Two weights, such as 1 and 0, are enough for the kernel.",
            "Take an image of 3 x 3 zeros with a single 1 in the middle: where does the kernel's "
            "copy lie, and is it turned?",
        ),
        then="Does the kernel [[1, 2], [2, 1]] show it? And [[1, 2], [2, 3]]?",
    ),
    Exercise(
        name="convolve2d",
        notebook=NOTEBOOK,
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
        misconceptions=(
            Misconception(
                "does not turn the kernel",
                correlate,
                "You lay the kernel on the image as it is, which is a correlation. Turn it by 180 "
                "degrees first: kernel[::-1, ::-1].",
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
                "turns the image instead",
                lambda image, kernel: correlate(image[::-1, ::-1], kernel),
                "The sums are right, and in reverse order: your output is turned. Turn the kernel.",
            ),
            Misconception(
                "turns image and kernel",
                lambda image, kernel: correlate(image[::-1, ::-1], kernel[::-1, ::-1]),
                "Turned both, they lie on each other as before: a correlation, in reverse order. "
                "Turn the kernel only.",
            ),
            Misconception(
                "reads the image at (y - i, x - j)",
                negative_indices,
                "At the edge your index is negative, and NumPy counts it from the other end. With "
                "the output's corner at (0, 0) it is (y + h - 1 - i, x + w - 1 - j).",
            ),
            Misconception(
                "turns the kernel in place",
                turned_in_place,
                "kernel[:] = … changes the array that you were given, and the next call turns it "
                "back. Make a new one: turned = kernel[::-1, ::-1].",
            ),
            Misconception(
                "loses a row and a column",
                partial(one_too_few, convolve),
                "Your kernel stops one place too early, at n - k places. It has n - k + 1.",
                PLACES,
            ),
            Misconception(
                "pads with zeros to keep the size",
                partial(same_size, convolve),
                "Your kernel reaches over the edge, on zeros that nobody measured. Here it stays "
                "inside the image.",
                PLACES,
            ),
            Misconception(
                "lets the kernel reach over the edge",
                partial(full_size, convolve),
                "You keep each place at which one weight touches the image, the output called "
                "full. Here the kernel stays inside the image.",
                PLACES,
            ),
        ),
        hints=(
            "You have a correlation already. What is to be done to the kernel?",
            "Half a turn reverses the order of the rows and the order of the columns.",
            "return my_correlate2d(image, kernel[::-1, ::-1])",
        ),
        then="Convolve an image with one bright point. What do you see in the output?",
    ),
    Exercise(
        name="sobel_magnitude",
        notebook=NOTEBOOK,
        section=EDGES,
        solution=my_sobel_magnitude,
        reference=sobel_magnitude,
        inputs=arguments(image=gray_images(min_side=3)),
        examples={
            "a constant image": {"image": np.full((3, 3), 9, np.uint8)},
            "a bright point in the corner": {"image": np.diag([0, 0, 1]).astype(np.uint8)},
            "an edge to the right": {"image": np.array([[0, 0, 1]] * 3, np.uint8)},
            "an edge downward": {"image": np.array([[0] * 3, [0] * 3, [1] * 3], np.uint8)},
            "an edge from bright to dark": {"image": np.array([[5, 5, 2]] * 3, np.uint8)},
            "black and white": {"image": np.array([[0, 0, 255]] * 3, np.uint8)},
        },
        tolerance=1e-3,  # a magnitude in float16 is as good
        misconceptions=(
            Misconception(
                "subtracts in uint8",
                lambda image: np.hypot(*uint8_gradient(image)),
                "In uint8, 2 - 5 is 253, and 255 + 1 is 0. Start with image.astype(float).",
            ),
            Misconception(
                "subtracts and squares in uint8",
                squares_in_uint8,
                "In uint8, 2 - 5 is 253, and 16 squared is 0. Start with image.astype(float).",
            ),
            Misconception(
                "cuts gx and gy to 0 … 255",
                magnitude_of(lambda values: convolution.to_uint8(values).astype(float)),
                "An edge from bright to dark has a negative gx or gy, which you cut at 0. Keep the "
                "sign until you square.",
            ),
            Misconception(
                "adds the absolute values",
                lambda image: np.abs(gradient(image)).sum(axis=0),
                "|gx| + |gy| makes oblique edges too strong. The length of an arrow is "
                "√(gx² + gy²).",
            ),
            Misconception(
                "adds gx and gy before it squares",
                lambda image: np.abs(np.sum(gradient(image), axis=0)),
                "gx and gy of opposite sign cancel in your sum. Square each of them first.",
            ),
            Misconception(
                "looks in one direction: gx only",
                lambda image: np.abs(gradient(image)[0]),
                "You do not see edges that lie flat, where gx is 0. Take gy as well.",
            ),
            Misconception(
                "looks in one direction: gy only",
                lambda image: np.abs(gradient(image)[1]),
                "You do not see edges that stand upright, where gy is 0. Take gx as well.",
            ),
            Misconception(
                "takes the weights 1, 1, 1 of Prewitt",
                prewitt_magnitude,
                "Your kernels weigh the three lines alike. Sobel's count the middle one twice.",
            ),
            Misconception(
                "forgets the root",
                lambda image: sobel_magnitude(image) ** 2,
                "You return gx² + gy², the squared length. Take the square root.",
            ),
            Misconception(
                "divides by 8",
                lambda image: sobel_magnitude(image) / 8,
                "You return the slope per pixel. That is useful, but here the kernels are applied "
                "as they are.",
            ),
            Misconception(
                "cuts the result to 0 … 255",
                partial(cut_to_uint8, sobel_magnitude),
                "A magnitude can be above 1000, and yours ends at 255. Return float64.",
            ),
            Misconception(
                "keeps the size of the image",
                lambda image: np.hypot(
                    *(cv2.Sobel(image, cv2.CV_64F, *d) for d in [(1, 0), (0, 1)])
                ),
                "You pad the image at its edge. Here the kernels stay inside, and the output has "
                "two rows and two columns less.",
                PLACES,
            ),
            Misconception(
                "turns the kernel upside down for gy",
                lambda image: np.sqrt(2) * abs(gradient(image)[0]),
                "Upside down, this kernel is the same as before, so you take gx twice. gy needs "
                "the transpose: kernel.T.",
            ),
        ),
        hints=(
            "Compute gx and gy first, each with its own kernel, in floating point.",
            "gx is the correlation with [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], gy that with its "
            "transpose.",
            "Your own correlate2d does it twice; then return np.sqrt(gx**2 + gy**2).",
        ),
        then="Would it change if you convolved instead of correlated? Try it, then say why.",
    ),
    Exercise(
        name="separable_convolve",
        notebook=NOTEBOOK,
        section="Two rules that correlation breaks",
        solution=my_separable_convolve,
        reference=separable_convolve,
        inputs=images_and_lines(),
        examples={
            "kernels of one weight": lines([[7]], [2], [3]),
            "a column of one weight": lines([[1, 2], [3, 4]], [1], [1, 2]),
            "a row of one weight": lines([[1, 2], [3, 4]], [1, 2], [1]),
            "an image higher than wide": lines([[1, 2], [3, 4], [5, 6]], [1, 2], [3, 1]),
            "a sum above 255": lines([[200, 0], [100, 0]], [1, 1], [1, 0]),
            "a negative sum": lines([[5, 9], [0, 0]], [1, 1], [-2, 1]),
        },
        misconceptions=(
            Misconception(
                "exchanges column and row",
                lambda image, column, row: separable_convolve(image, row, column),
                "You convolve the columns with `row` and the rows with `column`. The column "
                "kernel runs down, along axis 0.",
            ),
            Misconception(
                "does not turn the kernels",
                lambda image, column, row: correlate(image, np.outer(column, row)),
                "You correlate twice. Turn both: column[::-1] and row[::-1].",
                "6.3 Convolution turns the kernel",
            ),
            Misconception(
                "turns the column only",
                lambda image, column, row: correlate(image, np.outer(column[::-1], row)),
                "You turn one kernel of two. Half a turn reverses the column and the row.",
                "6.3 Convolution turns the kernel",
            ),
            Misconception(
                "turns the row only",
                lambda image, column, row: correlate(image, np.outer(column, row[::-1])),
                "You turn one kernel of two. Half a turn reverses the column and the row.",
                "6.3 Convolution turns the kernel",
            ),
            Misconception(
                "starts the second step from the image",
                lambda image, column, row: convolve(image, row[None]),
                "Your result does not depend on the column kernel. The second step takes the "
                "result of the first.",
            ),
            Misconception(
                "leaves out the second step",
                lambda image, column, row: convolve(image, column[:, None]),
                "Your result does not depend on the row kernel. Convolve the result with it.",
            ),
            Misconception(
                "adds the kernels instead of multiplying them",
                lambda image, column, row: convolve(image, column[:, None] + row),
                "Two steps multiply: a pixel meets a weight of the column and then one of the row. "
                "As one kernel they are np.outer(column, row).",
            ),
            Misconception(
                "rounds to uint8 between the steps",
                step_in_uint8,
                "After the first step, values below 0, above 255 or between levels are lost. Round "
                "after the last step, if at all.",
                EDGES,
            ),
            Misconception(
                "cuts the result to 0 … 255",
                partial(cut_to_uint8, separable_convolve),
                "You round and clip to grey levels. Return float64.",
            ),
            Misconception(
                "pads with zeros to keep the size",
                in_two_steps("same"),
                'mode="same" lets the kernels reach over the edge. Here they stay inside: '
                'mode="valid".',
                PLACES,
            ),
            Misconception(
                "lets the kernels reach over the edge",
                in_two_steps("full"),
                "np.convolve returns the full output unless you ask for another. Here the kernels "
                'stay inside: mode="valid".',
                PLACES,
            ),
        ),
        hints=(
            "A convolution with a column kernel treats each column of the image alone.",
            'np.convolve(line, weights, mode="valid") turns the weights, and stays inside.',
            "Convolve each column, image[:, x], with `column`, and put the results side by side. "
            "Then convolve each row of that with `row`.",
        ),
        then="Which of the kernels of section 6.6 can be split like this? Count what it saves.",
    ),
]


def is_same_when_turned(kernel):
    return np.array_equal(kernel, np.rot90(kernel, 2))


QUIZ_BEFORE = (
    Question(
        "A window of 3 pixels slides along a line of 10 pixels, one pixel at a time, and never "
        "leaves it. At how many places can it stand?",
        right=("8", "It can start at pixel 0, 1, … 7. That is 10 - 3 + 1."),
        wrong=(
            ("7", "10 - 3 is the number of steps. There is one more place than steps."),
            ("9", "That is the number of places for a window of 2 pixels."),
            ("10", "At the last two of them the window would reach over the end."),
        ),
        proof=lambda: len([k for k in range(10) if len(range(10)[k : k + 3]) == 3]) == 8,
    ),
    Question(
        "In a large area all pixels are 20. Each is replaced by the sum of the 3 × 3 pixels "
        "around it, itself included. What are the pixels now, in the middle of the area?",
        right=("180", "Nine pixels of 20 are added, so the area is nine times as bright."),
        wrong=(
            ("20", "That would be their mean. A sum is not divided by anything."),
            ("60", "You added one row of three. The square has nine pixels."),
            ("160", "You left out the pixel itself. It is one of the nine."),
        ),
        proof=lambda: np.all(correlate(np.full((5, 5), 20), BOX) == 180),
    ),
    Question(
        "`a` and `b` are arrays of type `uint8`. A pixel of `a` is 100, and the same pixel of `b` "
        "is 150. What is it in `a - b`?",
        right=("206", "A `uint8` has no negative numbers: -50 wraps round to 256 - 50."),
        wrong=(
            ("-50", "The type of the result is `uint8` again, and it has no sign."),
            ("0", "OpenCV's `cv2.subtract` cuts at 0. NumPy's minus does not."),
            ("50", "That is the absolute difference. A minus does not drop the sign."),
        ),
        proof=lambda: (np.array([100], np.uint8) - np.array([150], np.uint8))[0] == 206,
    ),
    Question(
        "The table `[[1, 2], [3, 4]]` is turned by 180 degrees. What is it then?",
        right=(
            "[[4, 3], [2, 1]]",
            "Half a turn reverses the order of the rows and of the columns.",
        ),
        wrong=(
            ("[[3, 4], [1, 2]]", "Only the order of the rows is reversed: an image in a lake."),
            ("[[2, 1], [4, 3]]", "Only the order of the columns is reversed: a mirror on a wall."),
            ("[[1, 3], [2, 4]]", "Rows and columns are exchanged. That is the transpose."),
            ("[[3, 1], [4, 2]]", "That is a quarter turn, by 90 degrees."),
        ),
        proof=lambda: np.rot90([[1, 2], [3, 4]], 2).tolist() == [[4, 3], [2, 1]],
    ),
    Question(
        "A row of pixels begins with 10, 20, 30, 40. A mirror stands exactly on the first pixel, "
        "the 10. Which three pixels lie to the left of the 10, read from left to right?",
        right=("40, 30, 20", "The nearest is the neighbour of the 10, and the order is reversed."),
        wrong=(
            ("20, 30, 40", "You copied them in their old order. A mirror reverses it."),
            ("30, 20, 10", "That mirror stands beside the first pixel, which then comes twice."),
            ("10, 10, 10", "You repeated the first pixel. A mirror shows what lies before it."),
        ),
        proof=lambda: np.pad([10, 20, 30, 40], 3, mode="reflect")[:3].tolist() == [40, 30, 20],
    ),
)
QUIZ_AFTER = (
    Question(
        "An image of 28 × 28 pixels passes two layers. Each has a kernel of 3, a stride of 2 and "
        "a padding of 1. How large is the output?",
        right=("7 × 7", "floor((28 + 2 - 3) / 2) + 1 is 14, and the same again gives 7."),
        wrong=(
            ("6 × 6", "Without the + 1, the sizes are 13 and then 6. Count the first place."),
            ("8 × 8", "Rounded up, the sizes are 15 and then 8. A step that does not fit is left."),
            ("14 × 14", "That is the output of the first layer, and the input of the second."),
        ),
        proof=lambda: output_size(output_size(28, 3, 2, 1), 3, 2, 1) == 7,
    ),
    Question(
        "The kernel `[[0, -1, 0], [-1, 5, -1], [0, -1, 0]]` is applied to an area in which all "
        "pixels are 50. What are they afterwards?",
        right=("50", "The weights add up to 1, so a constant area keeps its brightness."),
        wrong=(
            ("0", "That is the answer of a kernel with the sum 0, such as Sobel's."),
            ("250", "The four neighbours are subtracted from the five times 50."),
            ("450", "The weights add up to 1, and not to 9 as nine ones do."),
            ("5.6", "Nobody divides by the number of weights: a kernel is applied as it is."),
        ),
        proof=lambda: np.all(correlate(np.full((5, 5), 50), SHARPEN) == 50),
    ),
    Question(
        "`image` is of type `uint8`, and each of its rows is 0, 0, 0, 200, 200, 200, 0, 0, 0. "
        "Which edges does `cv2.filter2D(image, -1, kernel)` find with the kernel `[[-1, 0, 1]]`?",
        right=("The left edge only", "At the right edge the result is -200, which is cut at 0."),
        wrong=(
            ("The right edge only", "OpenCV correlates: right minus left is positive at the left."),
            ("Both edges", "The result is `uint8` as the input is, and cannot hold -200."),
            ("Neither of them", "The weights add up to 0, but only a constant area gives 0."),
        ),
        proof=lambda: np.array_equal(
            cv2.filter2D(
                np.array([[0] * 3 + [200] * 3 + [0] * 3] * 3, np.uint8),
                -1,
                np.array([[-1.0, 0, 1]]),
            )[0],
            [0, 0, 200, 200, 0, 0, 0, 0, 0],
        ),
    ),
    Question(
        "With which of these kernels do correlation and convolution agree on every image?",
        right=("[[1, 2], [2, 1]]", "Turned by 180 degrees, it is the same as before."),
        wrong=(
            ("[[1, 2], [2, 3]]", "Symmetric as a matrix. But the turn exchanges the 1 and the 3."),
            ("[[1, 1], [2, 2]]", "Left and right are alike. But the turn exchanges the two rows."),
            ("[[1, 2], [-2, -1]]", "The turn changes all signs: the results are negatives."),
        ),
        proof=lambda: (
            is_same_when_turned([[1, 2], [2, 1]])
            and not is_same_when_turned([[1, 2], [2, 3]])
            and not is_same_when_turned([[1, 1], [2, 2]])
            and not is_same_when_turned([[1, 2], [-2, -1]])
        ),
    ),
    Question(
        'What does `np.pad` with `mode="reflect"` make of the line 5, 6, 7, with two pixels at '
        "each end?",
        right=("7, 6, 5, 6, 7, 6, 5", "The mirror stands on the last pixel at each end."),
        wrong=(
            ("6, 5, 5, 6, 7, 7, 6", "This mirror repeats the edge: NumPy calls it `symmetric`."),
            ("5, 5, 5, 6, 7, 7, 7", "The pixels at the edge are repeated: NumPy's mode `edge`."),
            ("6, 7, 5, 6, 7, 5, 6", "The line starts again at its other end: the mode `wrap`."),
            ("0, 0, 5, 6, 7, 0, 0", "Zeros come with the mode `constant`, which is the default."),
        ),
        proof=lambda: np.pad([5, 6, 7], 2, mode="reflect").tolist() == [7, 6, 5, 6, 7, 6, 5],
    ),
)
