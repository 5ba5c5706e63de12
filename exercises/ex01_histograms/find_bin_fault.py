"""Find the fault: 256 edges.

A grey uint8 image with a level that is counted wrongly.
"""

import numpy as np

from course_utils import histograms
from exercises import ideas
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import gray
from exercises.ex01_histograms.shared import FITTING_BINS


def padded_histogram(image):
    counts, _ = np.histogram(image, bins=range(256))
    return np.append(counts, 0)  # 255 counts came back: add the missing one


def shows_padding(image, arguments):
    """Say what an image shows about `padded_histogram`."""
    if not np.array_equal(padded_histogram(image), histograms.histogram(image)):
        return "a level is counted wrongly"
    if image.max() == 254:
        return "no level is counted wrongly: 254 has the last bin to itself in this image"
    if image.max() == 0:
        return "no level is counted wrongly: black has a bin of its own"
    if np.ptp(image) == 0:
        return "no level is counted wrongly: this one level has a bin of its own"
    if image.min() == 0:
        return "no level is counted wrongly: from black up to here, each level has its own bin"
    return "no level is counted wrongly: each level of this image has a bin of its own"


def my_find_bin_fault():
    return np.array([[255]], np.uint8)


EXERCISE = Exercise(
    section=FITTING_BINS,
    solution=my_find_bin_fault,
    shows="a level is counted wrongly",
    inputs=None,
    examples={"your image": {}},
    observe=shows_padding,
    misconceptions=(
        Misconception(
            "returns the counts",
            lambda: padded_histogram(gray([254, 255])),
            "The check wants an image, with rows, columns and the dtype uint8. It makes the "
            "counts itself.",
        ),
        Misconception(
            "takes an image that is black all over",
            lambda: gray([0, 0], [0, 0]),
            "Bin 0 runs from edge 0 to edge 1, and holds black alone. Look at the other end; "
            "a 256 becomes 0.",
        ),
        Misconception(
            "tries one level between",
            lambda: gray([100, 100]),
            "Between two edges of a range lies one level. Where does the list of edges end?",
        ),
        ideas.starts_at_black_and_stops_short(
            lambda: np.arange(16, dtype=np.uint8).reshape(4, 4),
            "Each of your levels has a bin of its own. Which level has none?",
        ),
        Misconception(
            "tries levels between",
            lambda: gray([100, 101], [102, 103]),
            "Each of your levels has a bin of its own. One level shares its bin with another.",
        ),
        Misconception(
            "stops one level short",
            lambda: gray([253, 254]),
            "The last bin is for 254 and one more level. With 254 alone its count is right.",
        ),
        ideas.takes_white_for_1_0(lambda: np.ones((2, 2)), section="1.1 An image is an array"),
        ideas.forgets_the_dtype(lambda: np.array([[254, 255]]), section="1.1 An image is an array"),
        Misconception(
            "returns a row instead of an image",
            lambda: gray(254, 255),
            "An image has rows and columns. Write two pairs of brackets: [[…]].",
            "1.1 An image is an array",
        ),
    ),
    hints=(
        "range(256) ends at 255. How many bins lie between 256 edges?",
        "The 0 at the end is appended whatever the image holds. Which level is it meant for?",
        "A single pixel is enough. Compare its count in the last and the last but one entry.",
    ),
    then="Which fault stays if you leave out the line with np.append?",
)
