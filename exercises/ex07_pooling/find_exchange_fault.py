"""Find the fault: a guess about minimum and maximum.

Grey uint8 image of 4 x 4 pixels.
"""

import numpy as np

from course_utils import pooling
from course_utils._validation import check_image
from exercises import ideas
from exercises.checker.exercise import Exercise, Misconception
from exercises.ex07_pooling.shared import BLOCK


def shows_exchange(image, arguments):
    """Say whether the minimum of the blocks' maxima is darker than the maximum of the minima."""
    check_image(image, kind="gray")
    if image.shape != (4, 4):
        return f"the image must have the shape (4, 4), not {image.shape}"
    largest, smallest = pooling.max_pool(image, 2), pooling.min_pool(image, 2)
    if largest.min() < smallest.max():
        return "the minimum of the maxima is darker than the maximum of the minima"
    if np.ptp(image) == 0:
        return "both are the same: all pixels are equal"
    flat = (largest == smallest).sum()
    if flat > 1:
        return "both are the same: your constant blocks all have one level"
    if flat == 1:
        return "both are the same: they are the level of your constant block"
    if largest.min() == smallest.max():
        return "both are the same: the darkest maximum just meets the lightest minimum"
    return "the minimum of the maxima is lighter, as the guess says: each block is too mixed"


def my_find_exchange_fault():
    image = np.full((4, 4), 100, np.uint8)
    image[:2, :2], image[2:, 2:] = 0, 255
    return image


EXERCISE = Exercise(
    section="7.3 Two webs: what has to survive?",
    solution=my_find_exchange_fault,
    shows="the minimum of the maxima is darker than the maximum of the minima",
    inputs=None,
    examples={"your image": {}},
    observe=shows_exchange,
    misconceptions=(
        ideas.takes_a_constant_image(
            lambda: np.full((4, 4), 9, np.uint8),
            "All minima and maxima are that one level. Use at least two levels.",
        ),
        Misconception(
            "mixes dark and light in each block",
            lambda: np.tile(np.array([[0, 255], [255, 0]], np.uint8), (2, 2)),
            "No block is light throughout, and none is dark throughout: that confirms the guess. "
            "Let one block be dark and another one light.",
        ),
        Misconception(
            "takes one constant block among mixed ones",
            lambda: np.array([[0, 9, 0, 9], [9, 0, 9, 0], [0, 9, 5, 5], [9, 0, 5, 5]], np.uint8),
            "Both numbers are the level of that block. Make a second one constant, and "
            "darker or lighter.",
        ),
        Misconception(
            "gives all constant blocks one level",
            lambda: np.array([[255, 0, 0, 0]] + [[0] * 4] * 3, np.uint8),
            "Then both numbers are that level. Make one of these blocks darker, or lighter, than "
            "the others.",
        ),
        Misconception(
            "lets the two meet",
            lambda: np.array([[0, 9, 9, 20]] * 2 + [[0, 20, 0, 20]] * 2, np.uint8),
            "The darkest maximum and the lightest minimum are one level. Make one block darker, "
            "or the other lighter.",
        ),
        ideas.takes_a_single_block(
            lambda: BLOCK,
            "In one block the maximum is never darker than the minimum. You need 4 x 4 pixels.",
        ),
        ideas.returns_the_result(
            lambda: np.array([[0]], np.uint8),
            "The check wants the image before pooling. It pools it itself.",
        ),
        ideas.returns_floats(lambda: my_find_exchange_fault().astype(float)),
    ),
    hints=(
        "When is the minimum of four maxima dark? When is the maximum of four minima light?",
        "One block with a dark maximum is enough for the first. What is enough for the second?",
        "Make one block black throughout and another one white.",
    ),
    then="Try the pictures camera and moon. How often is the guess wrong there, and why?",
)
