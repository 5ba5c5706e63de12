"""The two quizzes of notebook 06."""

import cv2
import numpy as np

from exercises.checker.quizzes import Question
from exercises.ex06_convolution.find_turn_fault import BOX
from exercises.ex06_convolution.normalize_kernel import SHARPEN
from exercises.ex06_convolution.output_size import output_size
from exercises.ex06_convolution.shared import correlate

KERNELS = [[1, 2], [2, 1]], [[1, 2], [2, 3]], [[1, 1], [2, 2]], [[1, 2], [-2, -1]]


QUIZ_BEFORE = (
    Question(
        "A window of 3 pixels slides along a line of 10 pixels, one pixel at a time, and never "
        "leaves it. At how many places can it stand?",
        right=("8", "It can start at pixel 0, 1, … 7. That is 10 - 3 + 1."),
        wrong=(
            ("7", "10 - 3 is the number of steps. There is one more place than steps."),
            ("9", "That is the number of places for a window of 2 pixels."),
            ("10", "At the last two of them the window would reach over the end."),
        ),
        proof=lambda: correlate(np.zeros((3, 10)), BOX).size,
    ),
    Question(
        "In a large area all pixels are 20. Each is replaced by the sum of the 3 × 3 pixels "
        "around it, itself included. What are the pixels now, in the middle of the area?",
        right=("180", "Nine pixels of 20 are added, so the area is nine times as bright."),
        wrong=(
            ("20", "That would be their mean. A sum is not divided by anything."),
            ("60", "You added one row of three. The square has nine pixels."),
            ("160", "You left out the pixel itself. It is one of the nine."),
        ),
        proof=lambda: np.unique(correlate(np.full((5, 5), 20), BOX)),
    ),
    Question(
        "`a` and `b` are arrays of type `uint8`. A pixel of `a` is 100, and the same pixel of `b` "
        "is 150. What is it in `a - b`?",
        right=("206", "A `uint8` has no negative numbers: -50 wraps round to 256 - 50."),
        wrong=(
            ("-50", "The type of the result is `uint8` again, and it has no sign."),
            ("0", "OpenCV's `cv2.subtract` cuts at 0. NumPy's minus does not."),
            ("50", "That is the absolute difference. A minus does not drop the sign."),
        ),
        proof=lambda: (np.array([100], np.uint8) - np.array([150], np.uint8))[0],
    ),
    Question(
        "The table `[[1, 2], [3, 4]]` is turned by 180 degrees. What is it then?",
        right=(
            "[[4, 3], [2, 1]]",
            "Half a turn reverses the order of the rows and of the columns.",
        ),
        wrong=(
            ("[[3, 4], [1, 2]]", "Only the order of the rows is reversed: an image in a lake."),
            ("[[2, 1], [4, 3]]", "Only the order of the columns is reversed: a mirror on a wall."),
            ("[[1, 3], [2, 4]]", "Rows and columns are exchanged. That is the transpose."),
            ("[[3, 1], [4, 2]]", "That is a quarter turn, by 90 degrees."),
        ),
        proof=lambda: np.rot90([[1, 2], [3, 4]], 2),
    ),
    Question(
        "A row of pixels begins with 10, 20, 30, 40. A mirror stands exactly on the first pixel, "
        "the 10. Which three pixels lie to the left of the 10, read from left to right?",
        right=("40, 30, 20", "The nearest is the neighbour of the 10, and the order is reversed."),
        wrong=(
            ("20, 30, 40", "You copied them in their old order. A mirror reverses it."),
            ("30, 20, 10", "That mirror stands beside the first pixel, which then comes twice."),
            ("10, 10, 10", "You repeated the first pixel. A mirror shows what lies before it."),
        ),
        proof=lambda: np.pad([10, 20, 30, 40], 3, mode="reflect")[:3],
    ),
)
QUIZ_AFTER = (
    Question(
        "An image of 28 × 28 pixels passes two layers. Each has a kernel of 3, a stride of 2 and "
        "a padding of 1. How large is the output?",
        right=("7 × 7", "floor((28 + 2 - 3) / 2) + 1 is 14, and the same again gives 7."),
        wrong=(
            ("6 × 6", "Without the + 1, the sizes are 13 and then 6. Count the first place."),
            ("8 × 8", "Rounded up, the sizes are 15 and then 8. A step that does not fit is left."),
            ("14 × 14", "That is the output of the first layer, and the input of the second."),
        ),
        proof=lambda: 2 * [output_size(output_size(28, 3, 2, 1), 3, 2, 1)],
    ),
    Question(
        "The kernel `[[0, -1, 0], [-1, 5, -1], [0, -1, 0]]` is applied to an area in which all "
        "pixels are 50. What are they afterwards?",
        right=("50", "The weights add up to 1, so a constant area keeps its brightness."),
        wrong=(
            ("0", "That is the answer of a kernel with the sum 0, such as Sobel's."),
            ("250", "The four neighbours are subtracted from the five times 50."),
            ("450", "The weights add up to 1, and not to 9 as nine ones do."),
            ("5.6", "Nobody divides by the number of weights: a kernel is applied as it is."),
        ),
        proof=lambda: np.unique(correlate(np.full((5, 5), 50), SHARPEN)),
    ),
    Question(
        "`image` is of type `uint8`, and each of its rows is 0, 0, 0, 200, 200, 200, 0, 0, 0. "
        "Which edges does `cv2.filter2D(image, -1, kernel)` find with the kernel `[[-1, 0, 1]]`?",
        right=("The left edge only", "At the right edge the result is -200, which is cut at 0."),
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
        right=("[[1, 2], [2, 1]]", "Turned by 180 degrees, it is the same as before."),
        wrong=(
            ("[[1, 2], [2, 3]]", "Symmetric as a matrix. But the turn exchanges the 1 and the 3."),
            ("[[1, 1], [2, 2]]", "Left and right are alike. But the turn exchanges the two rows."),
            ("[[1, 2], [-2, -1]]", "The turn changes all signs: the results are negatives."),
        ),
        proof=lambda: [kernel for kernel in KERNELS if np.array_equal(kernel, np.rot90(kernel, 2))],
    ),
    Question(
        'What does `np.pad` with `mode="reflect"` make of the line 5, 6, 7, with two pixels at '
        "each end?",
        right=("7, 6, 5, 6, 7, 6, 5", "The mirror stands on the last pixel at each end."),
        wrong=(
            ("6, 5, 5, 6, 7, 7, 6", "This mirror repeats the edge: NumPy calls it `symmetric`."),
            ("5, 5, 5, 6, 7, 7, 7", "The pixels at the edge are repeated: NumPy's mode `edge`."),
            ("6, 7, 5, 6, 7, 5, 6", "The line starts again at its other end: the mode `wrap`."),
            ("0, 0, 5, 6, 7, 0, 0", "Zeros come with the mode `constant`, which is the default."),
        ),
        proof=lambda: np.pad([5, 6, 7], 2, mode="reflect"),
    ),
)
