"""Find the fault.

A grey uint8 image, at most 5 x 5.
"""

from functools import partial

import numpy as np

from course_utils import convolution, filtering
from exercises import ideas
from exercises.checker.exercise import Exercise, Misconception
from exercises.ex04_filtering.shared import STEP


def median_in_place(image):
    padded = np.pad(image, 1, mode="edge")
    for y, x in np.ndindex(image.shape):
        padded[y + 1, x + 1] = np.median(padded[y : y + 3, x : x + 3])
    return padded[1:-1, 1:-1]


def shows_early_write(image, arguments):
    """Say what an image shows about `median_in_place`."""
    if isinstance(image, tuple):
        return "one image is asked for, and you return several values"
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


EXERCISE = Exercise(
    section="4.4 The median filter",
    solution=my_find_early_write,
    shows="a pixel gets a wrong level",
    inputs=None,
    examples={"your image": {}},
    observe=shows_early_write,
    misconceptions=(
        ideas.takes_a_constant_image(
            lambda: np.full((3, 5), 7, np.uint8),
            "The median of equal levels is that level. The image must change when filtered.",
        ),
        Misconception(
            "takes an image that the median keeps",
            lambda: STEP,
            "Each pixel is the median of its window already, so nothing changes. "
            "Take something that it removes.",
            "It keeps edges",
        ),
        Misconception(
            "takes an image in which one pixel changes",
            lambda: flat_with((2, 2)),
            "Its neighbours have the same median before and after. "
            "Take so many, close together, that they are most of some window.",
        ),
        Misconception(
            "takes pixels that lie apart",
            lambda: flat_with((1, 1), (3, 3)),
            "A pixel that changes matters only to its neighbours. Take more of one level, close "
            "together.",
        ),
        Misconception(
            "takes pixels whose neighbours do not need them",
            lambda: flat_with((2, 2), (2, 3)),
            "Neighbours change, but the median of each window is the same before and after. "
            "Find a window in which one pixel decides.",
        ),
        ideas.takes_a_large_image(
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
            "returns several values",
            lambda: (np.zeros((3, 3), np.uint8),) * 2,
            "One image is asked for: that on which the two filters differ.",
        ),
        Misconception(
            "returns something other than rows and columns",
            lambda: np.array([0, 9, 0, 9, 0], np.uint8),
            "A grey image has two axes, rows and columns; a single row has two pairs of brackets.",
        ),
    ),
    hints=(
        "Take two levels only. Then the median is the level that at least 5 of 9 pixels have.",
        "One pixel must change, and a later window must need its old level for its 5.",
        "Try a checkerboard of 4 × 4.",
    ),
    then="Filter a photograph with both functions. In which direction does the fault reach?",
)
