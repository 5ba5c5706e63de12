"""Find the fault: rounding twice.

Grey uint8 image of 4 x 4 pixels.
"""

import numpy as np

from course_utils import pooling
from course_utils._validation import check_image
from course_utils.convolution import to_uint8
from exercises import ideas
from exercises.checker.exercise import Exercise, Misconception
from exercises.ex07_pooling.shared import BLOCK


def halve_twice(image):
    half = to_uint8(pooling.mean_pool(image, 2))
    return to_uint8(pooling.mean_pool(half, 2))


def shows_rounding_twice(image, arguments):
    """Say what an image shows about `halve_twice`."""
    check_image(image, kind="gray")
    if image.shape != (4, 4):
        return f"the image must have the shape (4, 4), not {image.shape}"
    once, twice = to_uint8(pooling.mean_pool(image, 4)), halve_twice(image)
    if once != twice:
        return "rounding twice gives another level than rounding once"
    means = pooling.mean_pool(image, 2)
    errors = to_uint8(means) - means
    if np.ptp(image) == 0:
        return "the levels agree: all pixels are equal, and so are all means"
    if not errors.any():
        return "the levels agree: the mean of each block of 2 x 2 is whole, nothing is rounded"
    if errors.sum() == 0:
        return "the levels agree: the rounding errors of the blocks cancel"
    return "the levels agree: what the blocks lose or gain does not carry the mean across a half"


def my_find_mean_fault():
    return np.array([[1, 1, 1, 1], [0, 0, 0, 0], [1, 1, 1, 1], [0, 0, 1, 0]], np.uint8)


EXERCISE = Exercise(
    section="7.5 Pitfall: a mean is not an integer",
    solution=my_find_mean_fault,
    shows="rounding twice gives another level than rounding once",
    inputs=None,
    examples={"your image": {}},
    observe=shows_rounding_twice,
    misconceptions=(
        ideas.takes_a_constant_image(
            lambda: np.full((4, 4), 9, np.uint8),
            "Every mean of equal levels is that level. Use at least two levels.",
        ),
        Misconception(
            "takes blocks whose means are whole",
            lambda: np.kron(np.array([[0, 1], [2, 3]], np.uint8), np.ones((2, 2), np.uint8)),
            "The first means are whole numbers, so only the second is rounded. "
            "The blocks of 2 x 2 must lose something.",
        ),
        Misconception(
            "lets the rounding errors cancel",
            lambda: np.array([[1, 0, 1, 1], [0, 0, 1, 0], [0] * 4, [0] * 4], np.uint8),
            "What one block loses, another gains. Let all lose, or all gain.",
        ),
        Misconception(
            "does not cross a half",
            lambda: np.array([[1, 0, 0, 0]] + [[0] * 4] * 3, np.uint8),
            "The exact mean is rounded to the same level, whatever the first step did to it. "
            "Let the first rounding carry it to the other side "
            "of a half.",
        ),
        ideas.takes_a_single_block(
            lambda: BLOCK,
            "You return 2 x 2 pixels. The check halves twice: return the 4 x 4 pixels from before.",
        ),
        ideas.returns_the_result(
            lambda: halve_twice(my_find_mean_fault()),
            "The check wants the image before pooling. It computes both means itself.",
        ),
        ideas.returns_floats(
            lambda: my_find_mean_fault().astype(float),
            "A grey level is a whole number, and an image an array of uint8. Only a mean may lie "
            "between two levels.",
        ),
    ),
    hints=(
        "Two levels are enough, 0 and 1. Which means can a block of 2 x 2 have?",
        "A mean of 0.5 is rounded to 0, the even neighbour. Use that in several blocks.",
        "Let the exact mean lie just above a half: nine ones of sixteen. Now spread them.",
    ),
    then="Does your image show it, too, when the means are cut instead of rounded?",
)
