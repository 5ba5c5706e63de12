"""Find the fault: the median of medians.

Grey uint8 image of 3 x 3 pixels.
"""

import numpy as np

from course_utils._validation import check_image
from exercises import ideas
from exercises.checker.exercise import Exercise, Misconception
from exercises.ex07_pooling.shared import BLOCK


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
    if (rows[:-1].max(axis=1) < rows[1:].min(axis=1)).all():
        return f"{both}: the rows do not overlap, so the middle row holds both"
    return f"{both}; rows whose median is large should hold as few large values as they can"


def my_find_median_fault():
    return np.array([[1, 1, 0], [1, 1, 0], [0, 0, 0]], np.uint8)


EXERCISE = Exercise(
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
            "keeps the rows apart",
            lambda: np.arange(9, dtype=np.uint8).reshape(3, 3),
            "Your rows do not overlap: one holds the middle values, and its median is that of "
            "all. Mix the levels between the rows.",
        ),
        Misconception(
            "lets both medians agree",
            lambda: np.array([[8, 6, 9], [5, 6, 9], [7, 6, 5]], np.uint8),
            "The median of a row is large if two of its three values are. Let two rows be won by "
            "as few large values as can be, and the third one hold none.",
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
        ideas.returns_floats(
            lambda: my_find_median_fault().astype(float),
            "A grey level is a whole number from 0 to 255, and an image an array of uint8.",
        ),
    ),
    hints=(
        "Two levels are enough, 0 and 1. Then the median is the vote of a majority.",
        "A party can win two of three districts with fewer than half of all votes.",
        "Four ones are a minority of nine. Place them so that they win two rows.",
    ),
    then="How much can the two differ? What are the most extreme levels in nine pixels?",
)
