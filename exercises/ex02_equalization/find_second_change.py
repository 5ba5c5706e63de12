"""OpenCV's map, twice.

Return an image that a second equalization changes again.
"""

import numpy as np

from course_utils import equalization
from exercises import ideas
from exercises.checker.exercise import Exercise, Misconception
from exercises.ex02_equalization.shared import OPENCV


def shows_second_change(image, arguments):
    """Say whether equalizing a second time changes the image, or why not."""
    once = equalization.equalize_full_range(image)
    if not np.array_equal(equalization.equalize_full_range(once), once):
        return "the second time changes a pixel"
    if np.ptp(image) == 0:
        return "the second time changes nothing: a constant image always comes back as it is"
    if len(np.unique(image)) == 2:
        return "the second time changes nothing: two levels become black and white and stay so"
    if np.array_equal(once, image):
        return "the second time changes nothing, nor does the first: it is equalized already"
    if np.count_nonzero(image > image.min()) < 510:
        return "the second time changes nothing: there are too few pixels for levels to merge"
    if len(np.unique(once)) == 2:
        return "the second time changes nothing: the first time has left but black and white"
    if np.count_nonzero(once == 0) == np.count_nonzero(image == image.min()):
        return "the second time changes nothing: black has the pixels of the darkest level only"
    return "the second time changes nothing: black has gained pixels, but rounding hides it"


def runs(*counts):
    """Make an image of one row: so many pixels of level 0, so many of level 1, …"""
    return np.repeat(np.arange(len(counts), dtype=np.uint8), counts)[None]


def my_find_second_change():
    # 255 · 1 / 511 rounds to 0: level 1 becomes black, and black then counts two pixels.
    levels = np.repeat([0, 1, 2, 3], [1, 1, 1, 509])
    return levels.astype(np.uint8)[None]


EXERCISE = Exercise(
    section=OPENCV,
    solution=my_find_second_change,
    shows="the second time changes a pixel",
    inputs=None,
    examples={"your image": {}},
    observe=shows_second_change,
    misconceptions=(
        ideas.takes_a_constant_image(
            lambda: np.full((2, 2), 100, np.uint8),
            "OpenCV leaves a constant image as it is. Take four levels or more.",
        ),
        ideas.takes_two_levels(
            lambda: runs(600, 1),
            "Two levels become 0 and 255, and those stay. Take four or more.",
        ),
        Misconception(
            "takes too few pixels",
            lambda: np.arange(16, dtype=np.uint8).reshape(4, 4),
            "A level joins black when 255 (C - C_min) / (N - C_min) is at most 1/2. "
            "That needs N - C_min of at least 510.",
        ),
        Misconception(
            "returns an image that is equalized already",
            lambda: np.arange(256, dtype=np.uint8).reshape(16, 16),
            "Its levels are spread evenly already. The check equalizes twice itself: return an "
            "image from before, or a less even one.",
        ),
        Misconception(
            "keeps black apart",
            lambda: runs(2, 300, 300, 300),
            "The second darkest level has too many pixels to join black. Give it one pixel, and "
            "the others more than 500.",
        ),
        Misconception(
            "takes three levels",
            lambda: runs(1, 1, 600),
            "One has joined black, and what is left are black and white, which stay. Take four or "
            "more.",
        ),
        Misconception(
            "lets rounding hide the change",
            lambda: runs(1, 1, 100, 410),
            "Black has more pixels now, and C_min is larger the second time. "
            "Try other counts for the levels between.",
        ),
        ideas.returns_floats(
            lambda: np.linspace(0, 1, 512)[None],
            "An image is an array of uint8. Use astype(np.uint8).",
        ),
    ),
    hints=(
        "The map depends on the counts only. Which count can be another the second time?",
        "C_min grows if a second level joins black. That needs 510 pixels or more for each.",
        "Levels 0 and 1 with one pixel each, 510 pixels above. Vary the count of level 2.",
    ),
    then="Can a third time change it again? Why does the floor map never do this?",
)
