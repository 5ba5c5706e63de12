"""The strength of edges.

Length of the gradient at each inner pixel; float64.
"""

from functools import partial

import cv2
import numpy as np

from course_utils import convolution
from exercises import ideas
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import arguments, gray_images, large_images
from exercises.ex06_convolution.shared import EDGES, PLACES, correlate, cut_to_uint8

SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])


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


EXERCISE = Exercise(
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
    more=large_images(),
    is_exact=True,
    misconceptions=(
        ideas.subtracts_in_uint8(
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
            "|gx| + |gy| makes slanted edges too strong. The length of an arrow is √(gx² + gy²).",
        ),
        Misconception(
            "adds gx and gy before it squares",
            lambda image: np.abs(np.sum(gradient(image), axis=0)),
            "gx and gy of opposite sign cancel in your sum. Square each of them first.",
        ),
        Misconception(
            "looks in one direction: gx only",
            lambda image: np.abs(gradient(image)[0]),
            "You do not see horizontal edges, where gx is 0. Take gy as well.",
        ),
        Misconception(
            "looks in one direction: gy only",
            lambda image: np.abs(gradient(image)[1]),
            "You do not see vertical edges, where gy is 0. Take gx as well.",
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
        ideas.cuts_the_result_to_0_255(
            partial(cut_to_uint8, sobel_magnitude),
            "A magnitude can be above 1000, and yours ends at 255. Return float64.",
        ),
        Misconception(
            "keeps the size of the image",
            lambda image: np.hypot(*(cv2.Sobel(image, cv2.CV_64F, *d) for d in [(1, 0), (0, 1)])),
            "You pad the image at its edge. Here the kernels stay inside, and the output has "
            "two rows and two columns less.",
            PLACES,
        ),
        Misconception(
            "takes gx for gy",
            lambda image: np.sqrt(2) * abs(gradient(image)[0]),
            "You take gx twice. gy needs the transpose, kernel.T: to flip it, or to turn it "
            "by 180 degrees, changes its sign at most.",
        ),
        Misconception(
            "takes the larger one of gx and gy",
            lambda image: np.maximum(*map(abs, gradient(image))),
            "The longer side of a right triangle is not its hypotenuse. Add squares, and take the "
            "root.",
        ),
        Misconception(
            "adds gx and gy",
            lambda image: np.add(*gradient(image)),
            "gx and gy are the sides of a right triangle. Its hypotenuse is the root of the sum "
            "of squares.",
        ),
        Misconception(
            "forgets to square",
            lambda image: np.sqrt(np.add(*gradient(image))),
            "You take the root of gx + gy, which may be negative. Square both first.",
        ),
        Misconception(
            "filters what is filtered already",
            lambda image: correlate(correlate(np.pad(image, 1), SOBEL), SOBEL.T),
            "Your second kernel meets the result of the first. Apply both to the image itself.",
        ),
    ),
    hints=(
        "Compute gx and gy first, each with its own kernel, in floating point.",
        "gx is the correlation with [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], gy that with its "
        "transpose.",
        "Your own correlate2d does it twice; then return np.sqrt(gx**2 + gy**2).",
    ),
    then="Would it change if you convolved instead of correlated? Try it, then say why.",
)
