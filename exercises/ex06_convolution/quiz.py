"""The two quizzes of notebook 06."""

import cv2
import numpy as np

from course_utils.convolution import to_uint8
from course_utils.images import load_image
from exercises.checker.quizzes import Question
from exercises.ex06_convolution.find_turn_fault import BOX
from exercises.ex06_convolution.normalize_kernel import SHARPEN
from exercises.ex06_convolution.output_size import output_size
from exercises.ex06_convolution.shared import correlate

OUTLINE = np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]])
KERNELS = [[1, 2], [2, 1]], [[1, 2], [2, 3]], [[1, 1], [2, 2]], [[1, 2], [-2, -1]]


def coffee_pictures():
    """Pictures B, C and D of the first quiz, from a grey A."""
    coffee = load_image("coffee", gray=True)[30:230, 150:450]
    return [to_uint8(correlate(coffee, k)) for k in (SHARPEN, np.full((9, 9), 1 / 81), OUTLINE)]


def is_smoothest(pictures, number):
    """Whether neighbours differ least in one of the pictures that are not black in the middle."""
    bright = [picture.mean() > 50 for picture in pictures]
    steps = [np.abs(np.diff(picture.astype(float))).mean() for picture in pictures]
    return bright == [True, True, False] and number == np.argmin(steps[:2])


def begins_bright(kernel):
    """Whether in a picture of the second quiz the rocket is brightest on its left side."""
    rocket = load_image("rocket", gray=True)[115:215, 275:365]
    columns = correlate(rocket, np.array(kernel)).mean(axis=0)
    return columns.argmax() < columns.argmin()


QUIZ_BEFORE = (
    Question(
        "A window of 3 pixels slides along a line of 10 pixels, one pixel at a time, and never "
        "leaves it. At how many places can it stand?",
        section="6.4",
        right=("8", "It can start at pixel 0, 1, … 7. That is 10 - 3 + 1."),
        wrong=(
            ("7", "10 - 3 is the number of steps. There is one more place than steps."),
            ("9", "That is the number of places for a window of 2 pixels."),
            ("10", "At the last two of them the window would stick out over the end."),
        ),
        proof=lambda: correlate(np.zeros((3, 10)), BOX).size,
    ),
    Question(
        "In a large area all pixels are 20. Each is replaced by the sum of the 3 × 3 pixels "
        "around it, itself included. What are the pixels now, in the middle of the area?",
        section="6.5",
        right=("180", "Nine pixels of 20 are added, so the area is nine times as bright."),
        wrong=(
            ("20", "That would be their mean. A sum is not divided by anything."),
            ("60", "You added one row of three. The square has nine pixels."),
            ("160", "You left out the pixel itself. It is one of the nine."),
        ),
        proof=lambda: np.unique(correlate(np.full((5, 5), 20), BOX)),
    ),
    Question(
        "The table `[[1, 2], [3, 4]]` is turned by 180 degrees. What is it then?",
        section="6.3",
        right=(
            "[[4, 3], [2, 1]]",
            "Half a turn reverses the order of the rows and of the columns.",
        ),
        wrong=(
            (
                "[[3, 4], [1, 2]]",
                "Only the order of the rows is reversed, like a reflection in a lake.",
            ),
            (
                "[[2, 1], [4, 3]]",
                "Only the order of the columns is reversed, like a mirror on a wall.",
            ),
            ("[[1, 3], [2, 4]]", "Rows and columns are exchanged. That is the transpose."),
            ("[[3, 1], [4, 2]]", "That is a quarter turn, by 90 degrees."),
        ),
        proof=lambda: np.rot90([[1, 2], [3, 4]], 2),
    ),
    Question(
        "A row of pixels begins with 10, 20, 30, 40. A mirror stands exactly on the first pixel, "
        "the 10. Which three pixels lie to the left of the 10, read from left to right?",
        section="6.4",
        right=("40, 30, 20", "The nearest is the neighbour of the 10, and the order is reversed."),
        wrong=(
            ("20, 30, 40", "You copied them in their old order. A mirror reverses the order."),
            ("30, 20, 10", "That mirror stands beside the first pixel, which then appears twice."),
            ("10, 10, 10", "You repeated the first pixel. A mirror shows what lies before it."),
        ),
        proof=lambda: np.pad([10, 20, 30, 40], 3, mode="reflect")[:3],
    ),
    Question(
        "A is a photograph. In which picture was each pixel replaced by the mean of the 9 × 9 "
        "pixels around it?",
        section="6.6",
        has_pictures=True,
        right=("In C", "A mean evens out what changes from pixel to pixel: fine lines are gone."),
        wrong=(
            ("In B", "Lines and grain became stronger there. A mean makes them weaker."),
            ("In D", "Constant areas are black there. Their mean is their own level."),
            ("In none of them", "C is such a mean. An object keeps its place and its colour."),
        ),
        proof=lambda: is_smoothest(coffee_pictures(), 1),
    ),
)
QUIZ_AFTER = (
    Question(
        "An image of 28 × 28 pixels passes two layers. Each has a kernel of 3, a stride of 2 and "
        "a padding of 1. How large is the output?",
        section="6.4",
        right=("7 × 7", "floor((28 + 2 - 3) / 2) + 1 is 14, and the same again gives 7."),
        wrong=(
            ("6 × 6", "Without the + 1, the sizes are 13 and then 6. Count the first place."),
            (
                "8 × 8",
                "Rounded up, the sizes are 15 and then 8. A step that does not fit is not taken.",
            ),
            ("14 × 14", "That is the output of the first layer, and the input of the second."),
        ),
        proof=lambda: 2 * [output_size(output_size(28, 3, 2, 1), 3, 2, 1)],
    ),
    Question(
        "The kernel `[[0, -1, 0], [-1, 5, -1], [0, -1, 0]]` is applied to an area in which all "
        "pixels are 50. What are they afterwards?",
        section="6.6",
        right=("50", "The weights add up to 1, so a constant area keeps its brightness."),
        wrong=(
            ("0", "That is the response of a kernel with the sum 0, such as Sobel's."),
            ("250", "The four neighbours are subtracted from the five times 50."),
            ("450", "The weights add up to 1. Nine ones would add up to 9."),
            ("5.6", "Nobody divides by the number of weights: a kernel is applied as it is."),
        ),
        proof=lambda: np.unique(correlate(np.full((5, 5), 50), SHARPEN)),
    ),
    Question(
        "`image` is of type `uint8`, and each of its rows is 0, 0, 0, 200, 200, 200, 0, 0, 0. "
        "Which edges does `cv2.filter2D(image, -1, kernel)` find with the kernel `[[-1, 0, 1]]`?",
        section="6.6",
        right=(
            "The left edge only",
            "At the right edge the result is -200, which is clipped to 0.",
        ),
        wrong=(
            ("The right edge only", "OpenCV correlates: right minus left is positive at the left."),
            ("Both edges", "The result is `uint8` as the input is, and cannot hold -200."),
            ("Neither of them", "The weights add up to 0, but only a constant area gives 0."),
        ),
        proof=lambda: np.array_equal(
            cv2.filter2D(
                np.array([[0] * 3 + [200] * 3 + [0] * 3] * 3, np.uint8),
                -1,
                np.array([[-1.0, 0, 1]]),
            )[0],
            [0, 0, 200, 200, 0, 0, 0, 0, 0],
        ),
    ),
    Question(
        "With which of these kernels do correlation and convolution agree on every image?",
        section="6.3",
        right=("[[1, 2], [2, 1]]", "Turned by 180 degrees, it is the same as before."),
        wrong=(
            (
                "[[1, 2], [2, 3]]",
                "It is symmetric as a matrix, but the turn exchanges the 1 and the 3.",
            ),
            ("[[1, 1], [2, 2]]", "Left and right are alike, but the turn exchanges the two rows."),
            ("[[1, 2], [-2, -1]]", "The turn changes all signs: the results are negatives."),
        ),
        proof=lambda: [kernel for kernel in KERNELS if np.array_equal(kernel, np.rot90(kernel, 2))],
    ),
    Question(
        "A is a photograph. Of B, C and D, which shows 128 + response of a correlation with "
        "`[[-1, 0, 1]]`?",
        section="6.6",
        has_pictures=True,
        right=(
            "C",
            "It is bright where the rocket begins, seen from the left, and dark where it ends.",
        ),
        wrong=(
            (
                "B",
                "Its edges are horizontal: this kernel compares what is below with what is above.",
            ),
            ("D", "The signs are reversed: that is `[[1, 0, -1]]`, or a convolution."),
            ("None: such a picture is black where A is constant", "128 + 0 is a middle grey."),
        ),
        proof=lambda: begins_bright([[-1, 0, 1]]) and not begins_bright([[1, 0, -1]]),
    ),
)
