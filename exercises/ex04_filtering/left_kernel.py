"""Move a picture.

A 3 x 3 array.
"""

from functools import partial

import numpy as np

from course_utils.filtering import filter_image
from exercises import ideas
from exercises.checker.exercise import Exercise, Misconception

PICTURE = np.random.default_rng(2022).integers(0, 256, (8, 8), np.uint8)
MOVES = {
    "stays where it is": (0, 0),
    "moves one pixel to the left": (0, -1),
    "moves one pixel to the right": (0, 1),
    "moves one pixel up": (-1, 0),
    "moves one pixel down": (1, 0),
    "moves left and up": (-1, -1),
    "moves left and down": (1, -1),
    "moves right and up": (-1, 1),
    "moves right and down": (1, 1),
}


def my_left_kernel():
    return np.array([[0, 0, 0], [0, 0, 1], [0, 0, 0]])


def says_how_it_moves(kernel, arguments):
    """Say what a kernel does to a picture."""
    filtered = filter_image(PICTURE, kernel)[1:-1, 1:-1]  # refuses what is no kernel
    if kernel.shape != (3, 3):
        return "the kernel must have 3 rows and 3 columns"
    for words, step in MOVES.items():
        if np.array_equal(filtered, np.roll(PICTURE, step, axis=(0, 1))[1:-1, 1:-1]):
            return f"the picture {words}"
    flat = filter_image(np.full((3, 3), 100, np.uint8), kernel)[1, 1]
    if flat != 100:
        becomes = "black" if flat == 0 else "darker" if flat < 100 else "brighter"
        return f"a flat area becomes {becomes} (of level 100, {flat})"
    return "the levels of several pixels are mixed"


def one_at(row, column):
    kernel = np.zeros((3, 3))
    kernel[row, column] = 1
    return kernel


EXERCISE = Exercise(
    section="4.2 A template slides over the image",
    solution=my_left_kernel,
    shows="the picture moves one pixel to the left",
    inputs=None,
    examples={"your kernel": {}},
    observe=says_how_it_moves,
    misconceptions=(
        Misconception(
            "puts the 1 on the left",
            partial(one_at, 1, 0),
            "Each pixel takes the level of its left neighbour, so all levels move right. "
            "A weight says where a level comes from.",
        ),
        ideas.swaps_rows_and_columns(
            partial(one_at, 2, 1),
            "The first index is the row, so your 1 lies below the centre. "
            "The pixel on the right has the same row.",
        ),
        Misconception(
            "puts the 1 at the top",
            partial(one_at, 0, 1),
            "Each pixel takes the level of the one above it, and the picture moves down. The first "
            "index counts rows, the second one columns.",
        ),
        Misconception(
            "keeps the pixel in the middle",
            partial(one_at, 1, 1),
            "The middle weight is the pixel itself, and nothing moves. Take it from beside.",
        ),
        Misconception(
            "uses weights that add up to more than 1",
            lambda: one_at(1, 1) + one_at(1, 2),
            "Then the picture becomes brighter. The weights together must be 1, and one pixel "
            "alone counts.",
        ),
        Misconception(
            "uses weights that add up to less than 1",
            lambda: one_at(1, 2) / 2,
            "Then the picture becomes darker. The weights together must be 1, and one pixel alone "
            "counts.",
        ),
        Misconception(
            "mixes several pixels",
            lambda: (one_at(1, 1) + one_at(1, 2)) / 2,
            "Several weights differ from 0, so levels are mixed. One weight is enough.",
        ),
        Misconception(
            "uses weights that add up to 0 or less",
            lambda: one_at(1, 2) - one_at(1, 0),
            "Where the picture is flat, nothing remains of it. "
            "One weight of 1, and 0 for all others, adds up to 1.",
        ),
        Misconception(
            "returns a kernel of another size",
            lambda: np.array([[0, 0, 1]]),
            "The task asks for three rows and three columns. Fill up with zeros.",
        ),
    ),
    hints=(
        "When the picture has moved, whose level does the pixel in the middle have?",
        "It has the level of its right neighbour, and of no other pixel.",
        "All weights are 0 but one, which is 1: in the middle row, in the last column.",
    ),
    then="What does filter_image write into the last column, and why?",
)
