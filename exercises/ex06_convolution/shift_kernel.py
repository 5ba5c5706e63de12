"""A kernel that moves the picture.

3 x 3 kernel whose convolution moves a picture; float64.
"""

import numpy as np

from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import arguments
from exercises.ex06_convolution.shared import BRIGHTNESS


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


EXERCISE = Exercise(
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
    is_exact=True,
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
            "You index with the shift itself, and -1 is the last row. The middle is (1, 1): add 1.",
        ),
        Misconception(
            "keeps the picture where it was as well",
            lambda down, right: np.maximum(shift_kernel(0, 0), shift_kernel(down, right)),
            "With two weights the picture appears twice. A shift has one weight that is not 0.",
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
            "The weights are right, but of the wrong type. Return float64.",
        ),
    ),
    hints=(
        "Which kernel leaves the picture where it is?",
        "A convolution turns one bright point into a copy of the kernel, with the kernel's "
        "middle on the point. Where should the 1 lie for the point to move?",
        "Start from np.zeros((3, 3)). The middle is (1, 1); move the 1 from there.",
    ),
    then="Which kernel makes the same move under correlation? Compare the two.",
)
