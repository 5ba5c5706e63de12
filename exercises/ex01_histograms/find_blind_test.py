"""A test that is blind.

A grey uint8 image whose levels are all counted rightly.
"""

import numpy as np

from course_utils import histograms
from exercises import ideas
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import gray
from exercises.ex01_histograms.shared import FITTING_BINS


def unranged_histogram(image):
    counts, _ = np.histogram(image, bins=256)
    return counts


def hides_missing_range(image, arguments):
    """Say what an image shows about `unranged_histogram`."""
    if np.array_equal(unranged_histogram(image), histograms.histogram(image)):
        return "all counts are right, although the bins have no range"
    if np.ptp(image) == 0:
        return "the fault shows: a single level always lands in bin 128, the middle one"
    if image.min() == 0:
        return "the fault shows: the brightest level lands in bin 255, and is not 255"
    if image.max() == 255:
        return "the fault shows: the darkest level lands in bin 0, and is not 0"
    return "the fault shows: the darkest level lands in bin 0, the brightest in bin 255"


def my_find_blind_test():
    return np.array([[0, 255]], np.uint8)


EXERCISE = Exercise(
    section=FITTING_BINS,
    solution=my_find_blind_test,
    shows="all counts are right, although the bins have no range",
    inputs=None,
    examples={"your image": {}},
    observe=hides_missing_range,
    misconceptions=(
        Misconception(
            "tests a single level",
            lambda: gray([0, 0], [0, 0]),
            "NumPy takes half a level to each side of a single one, and puts it in the middle. "
            "One is right only if that is its place. Or take more levels.",
        ),
        ideas.starts_at_black_and_stops_short(
            lambda: np.arange(16, dtype=np.uint8).reshape(4, 4),
            "256 bins share the levels from black to your brightest one. How bright must that be?",
        ),
        Misconception(
            "ends at white and starts too late",
            lambda: gray([240, 245], [250, 255]),
            "White is where it should be, and your darkest level lands in bin 0, not its own. "
            "How dark must the darkest be?",
        ),
        Misconception(
            "has neither black nor white",
            lambda: gray([100, 101], [102, 103]),
            "256 bins share the levels between your darkest and your brightest. "
            "Move both: where do 256 bins fit?",
        ),
        ideas.forgets_the_dtype(lambda: np.array([[0, 255]]), section="1.1 An image is an array"),
        ideas.takes_white_for_1_0(
            lambda: np.array([[0.0, 1.0]]), section="1.1 An image is an array"
        ),
        Misconception(
            "returns a row of whole numbers",
            lambda: unranged_histogram(gray([0, 255])),
            "The check wants an image, with rows, columns and the dtype uint8. It makes the "
            "counts itself.",
        ),
    ),
    hints=(
        "Without a range, where does the first bin start, and where does the last one end?",
        "The darkest level always lands in bin 0. For which level is that right?",
        "The brightest level always lands in bin 255. Two pixels are enough.",
    ),
    then="There is an image of one level that hides the fault, too. Which level is it?",
)
