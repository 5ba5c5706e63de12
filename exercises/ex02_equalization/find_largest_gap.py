"""As far apart as possible.

Return an image on which the two maps differ as much as they can.
"""

import numpy as np

from course_utils import equalization
from exercises.checker.exercise import Exercise, Misconception
from exercises.ex02_equalization.shared import OPENCV


def _says_of_the_darkest(image):
    """Say how many pixels have the darkest level."""
    name = "black" if image.min() == 0 else "grey"
    others = np.count_nonzero(image > image.min())
    if others == 0:
        name = "white" if image.min() == 255 else name
        return (
            f"the image is {name} all over: the floor map makes it white, OpenCV's changes nothing"
        )
    if others == 1 < image.size - 1:
        return f"all pixels but one are {name}"
    if others == image.size / 2:
        return f"half of the pixels are {name}"
    if np.unique(image).size == image.size:
        return f"no two pixels have the same level, and the darkest is {name}"
    return f"the darkest level is {name}, and there are many brighter pixels"


def shows_largest_gap(image, arguments):
    """Say how far apart the two maps are."""
    floored = equalization.equalize(image).astype(int)
    gap = np.abs(floored - equalization.equalize_full_range(image)).max()
    if gap == 255:
        return "the gap is 255"
    return f"{_says_of_the_darkest(image)} (the largest gap is {gap})"


def my_find_largest_gap():
    return np.zeros((2, 2), np.uint8)


EXERCISE = Exercise(
    section=OPENCV,
    solution=my_find_largest_gap,
    shows="the gap is 255",
    inputs=None,
    examples={"your image": {}},
    observe=shows_largest_gap,
    misconceptions=(
        Misconception(
            "takes a constant image that is white",
            lambda: np.full((2, 2), 255, np.uint8),
            "The floor map makes it white, and OpenCV's leaves it white. Darken it.",
        ),
        Misconception(
            "takes a constant image that is grey",
            lambda: np.full((2, 2), 100, np.uint8),
            "The floor map makes it white, OpenCV's leaves it as it is. Darken it.",
        ),
        Misconception(
            "takes an image that is half black",
            lambda: np.array([[0, 1]], np.uint8),
            "Black becomes floor(255 / 2) and 0. Make more of the image black.",
        ),
        Misconception(
            "leaves one pixel that is not black",
            lambda: np.array([[0, 0, 0], [0, 0, 0], [0, 0, 1]], np.uint8),
            "Black becomes 0, and floor(255 (N - 1) / N), which is below 255. Must any be bright?",
        ),
        Misconception(
            "leaves many pixels that are not black",
            lambda: np.array([[0, 0, 5, 9], [0, 0, 0, 9]], np.uint8),
            "The gap is that of the darkest level: one map gives it 0, the other its fraction of "
            "255. Which fraction is the largest?",
        ),
        Misconception(
            "takes every level once",
            lambda: np.arange(256, dtype=np.uint8).reshape(16, 16),
            "The darkest level is rare, and the maps agree nearly. Make it frequent.",
        ),
        Misconception(
            "returns the gap",
            lambda: 255,
            "The check wants the image. It computes both results itself.",
        ),
    ),
    hints=(
        "OpenCV sends the darkest level to 0. Where does the floor map send it?",
        "The more pixels have the darkest level, the brighter the floor map makes it.",
        "Let all pixels have the darkest level. Which level should that be?",
    ),
    then="Now without a constant image. How many pixels do you need for 254?",
)
