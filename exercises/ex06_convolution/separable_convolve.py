"""Two steps instead of one.

Convolve with the column, from top to bottom, then with the row; float64.
"""

from functools import partial

import numpy as np

from course_utils import convolution
from exercises import ideas
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import random_floats, random_image
from exercises.ex06_convolution.shared import (
    EDGES,
    IMAGES,
    PLACES,
    convolve,
    correlate,
    cut_to_uint8,
    weights,
)


def my_separable_convolve(image, column, row):
    down = np.array([np.convolve(line, column, mode="valid") for line in image.T]).T
    return np.array([np.convolve(line, row, mode="valid") for line in down])


def separable_convolve(image, column, row):
    return convolve(image, np.outer(column, row))


@st.composite
def images_and_lines(draw):
    """Strategy: an image, a column kernel and a row kernel; each fits along both axes."""
    image = draw(IMAGES)
    length = st.integers(1, min(3, *image.shape))
    return {
        "image": image,
        "column": draw(weights(draw(length))),
        "row": draw(weights(draw(length))),
    }


def lines(image, column, row):
    return {
        "image": np.array(image, np.uint8),
        "column": np.array(column, float),
        "row": np.array(row, float),
    }


def in_two_steps(mode):
    """Make an answer that hands `mode` to np.convolve."""

    def function(image, column, row):
        down = np.apply_along_axis(np.convolve, 0, image, column, mode=mode)
        return np.apply_along_axis(np.convolve, 1, down, row, mode=mode)

    return function


def adding_steps(image, column, row):
    down, across = convolve(image, column[:, None]), convolve(image, row[None])
    return down[:, : across.shape[1]] + across[: len(down)]


def step_in_uint8(image, column, row):
    down = convolution.to_uint8(convolve(image, column[:, None]))
    return convolve(down, row[None])


EXERCISE = Exercise(
    section="To go deeper: Two rules that correlation breaks",
    solution=my_separable_convolve,
    reference=separable_convolve,
    inputs=images_and_lines(),
    examples={
        "kernels of one weight": lines([[7]], [2], [3]),
        "a column of one weight": lines([[1, 2], [3, 4]], [1], [1, 2]),
        "a row of one weight": lines([[1, 2], [3, 4]], [1, 2], [1]),
        "an image higher than wide": lines([[1, 2], [3, 4], [5, 6]], [1, 2], [3, 1]),
        "a sum above 255": lines([[200, 0], [100, 0]], [1, 1], [1, 0]),
        "a negative sum": lines([[5, 9], [0, 0]], [1, 1], [-2, 1]),
    },
    more=tuple(
        {"image": image, "column": column, "row": row}
        for image in (random_image(3, 3), random_image(5, 7), random_image(41, 31))
        for column, row in (
            (random_floats(3), random_floats(2)),
            (random_floats(3), np.array([2.0, -1.0])),
            (np.array([1.0, 3.0, -2.0]), random_floats(2)),
        )
    ),
    is_exact=True,
    misconceptions=(
        Misconception(
            "exchanges column and row",
            lambda image, column, row: separable_convolve(image, row, column),
            "You convolve the columns with `row` and the rows with `column`. The column "
            "kernel runs down, along axis 0.",
        ),
        Misconception(
            "does not turn the kernels",
            lambda image, column, row: correlate(image, np.outer(column, row)),
            "Your result is that of two correlations. Turn each kernel once, and not twice.",
            "6.3 Convolution turns the kernel",
        ),
        Misconception(
            "turns the column only",
            lambda image, column, row: correlate(image, np.outer(column[::-1], row)),
            "You turn one kernel of two. Half a turn reverses the column and the row.",
            "6.3 Convolution turns the kernel",
        ),
        Misconception(
            "turns the row only",
            lambda image, column, row: correlate(image, np.outer(column, row[::-1])),
            "You turn one kernel of two. Half a turn reverses the column and the row.",
            "6.3 Convolution turns the kernel",
        ),
        Misconception(
            "adds the results of two steps from the image",
            adding_steps,
            "Both steps start from the image. The second one works on the result of the first.",
        ),
        Misconception(
            "starts the second step from the image",
            lambda image, column, row: convolve(image, row[None]),
            "Your result does not depend on the column kernel. The second step takes the "
            "result of the first.",
        ),
        Misconception(
            "leaves out the second step",
            lambda image, column, row: convolve(image, column[:, None]),
            "Your result does not depend on the row kernel. Convolve the result with it.",
        ),
        Misconception(
            "adds the kernels instead of multiplying them",
            lambda image, column, row: convolve(image, column[:, None] + row),
            "Two steps multiply: a pixel meets a weight of the column and then one of the row. "
            "As one kernel they are np.outer(column, row).",
        ),
        Misconception(
            "cuts to 0 … 255 between the steps",
            lambda image, column, row: convolve(
                np.clip(convolve(image, column[:, None]), 0, 255), row[None]
            ),
            "After the first step, values below 0 and above 255 are lost. Keep them, as large as "
            "they come.",
            EDGES,
        ),
        Misconception(
            "makes levels of an image between the steps",
            step_in_uint8,
            "After the first step, fractions are lost, and values below 0 and above 255. Keep "
            "floats, as large as they come.",
            EDGES,
        ),
        ideas.cuts_the_result_to_0_255(
            partial(cut_to_uint8, separable_convolve),
            "You round and clip to grey levels. Return float64.",
        ),
        ideas.pads_with_zeros_to_keep_the_size(
            in_two_steps("same"),
            'mode="same" lets the kernels reach over the border. Here they stay inside: '
            'mode="valid".',
            PLACES,
        ),
        Misconception(
            "lets the kernels reach over the border",
            in_two_steps("full"),
            "np.convolve returns the full output unless you ask for another. Here the kernels "
            'stay inside: mode="valid".',
            PLACES,
        ),
    ),
    hints=(
        "A convolution with a column kernel treats each column of the image alone.",
        'np.convolve(line, weights, mode="valid") turns the weights, and stays inside.',
        "Convolve each column, image[:, x], with `column`, and put the results side by side. "
        "Then convolve each row of that with `row`.",
    ),
    then="Which of the kernels of section 6.6 can be split like this? Count what it saves.",
)
