"""Output size.

Number of places; size is n, kernel k, stride s and padding p.
"""

import numpy as np

from course_utils import convolution
from exercises import ideas
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import arguments
from exercises.ex06_convolution.shared import PLACES


def my_output_size(size, kernel, stride, padding):
    return (size + 2 * padding - kernel) // stride + 1


def output_size(size, kernel, stride, padding):
    return convolution.output_size(size, kernel, stride=stride, padding=padding)


def ceiling_output_size(size, kernel, stride, padding):
    return -(-(size + 2 * padding - kernel) // stride) + 1


def rounded_output_size(size, kernel, stride, padding):
    return round((size + 2 * padding - kernel) / stride) + 1


def sizes(size, kernel, stride, padding):
    return {"size": size, "kernel": kernel, "stride": stride, "padding": padding}


EXERCISE = Exercise(
    section=PLACES,
    solution=my_output_size,
    reference=output_size,
    inputs=arguments(
        size=st.integers(1, 12),
        kernel=st.integers(1, 5),
        stride=st.integers(1, 4),
        padding=st.integers(0, 3),
    ).filter(lambda drawn: drawn["kernel"] <= drawn["size"] + 2 * drawn["padding"]),
    examples={
        "a kernel of 1": sizes(1, 1, 1, 0),
        "a kernel as large as the image": sizes(3, 3, 1, 0),
        "a stride larger than the image": sizes(2, 1, 3, 0),
        "a last step that does not fit": sizes(4, 3, 2, 0),
        "a kernel that fits only with padding": sizes(1, 3, 1, 1),
    },
    more=(sizes(1000, 31, 7, 15), sizes(28, 28, 30, 0), sizes(7, 2, 1, 40)),
    misconceptions=(
        ideas.forgets_the_plus_1(
            lambda size, kernel, stride, padding: (size + 2 * padding - kernel) // stride,
            "You count the steps from place to place. There is one more place than steps.",
        ),
        ideas.rounds_up(
            ceiling_output_size,
            "You count a last step that reaches over the end. Such a step is not taken.",
        ),
        Misconception(
            "rounds to the nearest integer",
            rounded_output_size,
            "You count a last step where only about half of it fits, or more. It has to fit "
            "wholly: round down.",
        ),
        Misconception(
            "does not round",
            lambda size, kernel, stride, padding: (size + 2 * padding - kernel) / stride + 1,
            "Your division leaves a fraction of a place. Round down, with //.",
        ),
        Misconception(
            "adds the padding once",
            lambda size, kernel, stride, padding: (size + padding - kernel) // stride + 1,
            "You add p pixels in all. They are added at each of the two ends: 2p.",
        ),
        Misconception(
            "ignores the padding",
            lambda size, kernel, stride, padding: (size - kernel) // stride + 1,
            "Your result does not depend on p. Padding adds 2p pixels to the n that are there.",
        ),
        Misconception(
            "ignores the stride",
            lambda size, kernel, stride, padding: size + 2 * padding - kernel + 1,
            "You count the places of a stride of 1. With stride s only every s-th is taken.",
        ),
        Misconception(
            "divides the kernel alone",
            lambda size, kernel, stride, padding: size + 2 * padding - kernel // stride + 1,
            "Without brackets only k is divided. Write (n + 2p - k) // s.",
        ),
        Misconception(
            "divides before it subtracts",
            lambda size, kernel, stride, padding: (size + 2 * padding) // stride - kernel + 1,
            "You divide n + 2p alone. The kernel covers k pixels, not k steps: subtract first.",
        ),
        Misconception(
            "adds 1 before it divides",
            lambda size, kernel, stride, padding: (size + 2 * padding - kernel + 1) // stride,
            "You divide the + 1, too. It counts the first place, which needs no step.",
        ),
        Misconception(
            "divides the size by the stride",
            lambda size, kernel, stride, padding: -(-size // stride),
            "You assume a padding that makes up for the kernel. Here k and p are given.",
        ),
        Misconception(
            "stops the range one place early",
            lambda size, kernel, stride, padding: len(
                range(0, size + 2 * padding - kernel, stride)
            ),
            "The last place is size + 2 * padding - kernel itself, and range ends before its "
            "end. Add 1 to the end.",
        ),
        Misconception(
            "returns a float",
            lambda size, kernel, stride, padding: (
                np.floor((size + 2 * padding - kernel) / stride) + 1
            ),
            "np.floor rounds, but its result is a float, which np.zeros does not accept as a size. "
            "Divide with //, or convert with int.",
        ),
    ),
    hints=(
        "How many pixels can the kernel still move after its first place?",
        "With n + 2p pixels it can move n + 2p - k. How many steps of s fit into that?",
        "The steps that fit are (size + 2 * padding - kernel) // stride. The first place is "
        "one more.",
    ),
    then="Which padding keeps the size of an image under a kernel of 7 with stride 1?",
)
