"""Find the lost level.

Return an image for which fractions_map is wrong.
"""

import numpy as np

from course_utils import equalization
from exercises import ideas
from exercises.checker.exercise import Exercise, Misconception
from exercises.ex02_equalization.shared import SIX_LEVELS, SUM_OF_FRACTIONS, fractions_map


def shows_lost_level(image, arguments):
    """Say what an image shows about `fractions_map`."""
    right = equalization.equalization_map(image)[image]
    if not np.array_equal(fractions_map(image)[image], right):
        return "a pixel gets a wrong level"
    if np.ptp(image) == 0:
        return "no pixel gets a wrong level: with one level there is nothing to add up"
    if image.size in 2 ** np.arange(24):
        return "no pixel gets a wrong level: the fractions are exact in binary"
    if len(np.unique(image)) == 2:
        return "no pixel gets a wrong level: there are only two fractions to add up"
    return f"no pixel gets a wrong level: these sums come out well (of {image.size} pixels)"


def my_find_lost_level():
    return np.array([[0, 1, 2, 3, 4, 5]], np.uint8)


EXERCISE = Exercise(
    section=SUM_OF_FRACTIONS,
    solution=my_find_lost_level,
    shows="a pixel gets a wrong level",
    inputs=None,
    examples={"your image": {}},
    observe=shows_lost_level,
    misconceptions=(
        ideas.takes_a_constant_image(
            lambda: np.full((3, 5), 7, np.uint8),
            "One level has the fraction 1, and no sum can go wrong. Use several levels.",
        ),
        Misconception(
            "takes a power of two",
            lambda: np.arange(16, dtype=np.uint8).reshape(4, 4),
            "Halves, quarters and eighths have an exact binary form. Sixths have none.",
        ),
        ideas.takes_two_levels(
            lambda: np.array([[0, 0, 255]], np.uint8),
            "Two rounding errors rarely make a wrong sum. Use more levels.",
        ),
        Misconception(
            "takes counts whose fractions come out well",
            lambda: np.array([[0, 1, 2]], np.uint8),
            "With these counts the rounded sum is right by chance; with 3 pixels it always is. Try "
            "other numbers of pixels, all of different levels.",
        ),
        ideas.returns_the_map(
            lambda: fractions_map(SIX_LEVELS),
            "The check wants the image. It computes both maps itself.",
        ),
        ideas.returns_floats(lambda: np.linspace(0, 1, 6)[None]),
    ),
    hints=(
        "Which fractions can a computer not store exactly? Think of 0.1.",
        "If all pixels differ, each level has the fraction 1 / N. Try several N.",
        "np.arange(N, dtype=np.uint8)[None] has N levels. Some N below 10 does it.",
    ),
    then="Which other numbers of pixels do it? Is there one for which white survives?",
)
