"""Find the fault.

An image and a kernel that show the fault.
"""

import numpy as np

from course_utils import convolution
from course_utils._validation import is_array
from exercises import ideas
from exercises.checker.comparing import parts
from exercises.checker.exercise import Exercise, Misconception

BOX = np.ones((3, 3))
BLUR = np.array([[1.0, 2, 1], [2, 4, 2], [1, 2, 1]])
SOBEL_X = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
NINE = np.arange(1.0, 10).reshape(3, 3)


def shows_missing_turn(answer, arguments):
    """Say what an image and a kernel show about a "convolution" that only correlates."""
    if len(parts(answer) or ()) != 2:
        return "return two arrays, the image and the kernel"
    image, kernel = answer
    if np.size(kernel) > np.size(image):
        return "the image comes first, and then the kernel, which fits on it"
    if is_array(image) and image.dtype != np.uint8 == getattr(kernel, "dtype", None):
        return "the image comes first, and then the kernel, which fits on it"
    if is_array(image) and image.dtype != np.uint8:
        return f"the image must be a uint8 array, not an {image.dtype} array"
    right, unturned = convolution.convolve2d(image, kernel), convolution.correlate2d(image, kernel)
    if max(image.shape) > 4:
        return "take a smaller image: 4 x 4 pixels are enough"
    if not np.allclose(right, unturned):
        return "the two results differ"
    if kernel.size == 1:
        return "the results agree: a kernel of one weight stays as it is when it is turned"
    if np.ptp(kernel) == 0:
        return "the results agree: all weights are equal, wherever the turn takes them"
    if np.array_equal(kernel, kernel[::-1, ::-1]):
        return "the results agree: turned by 180 degrees, this kernel is the same as before"
    if np.ptp(image) == 0:
        return "the results agree: all pixels are equal, whichever weight they meet"
    if np.array_equal(image, image[::-1, ::-1]):
        return "the results agree: turned by 180 degrees, this image is the same as before"
    return "the results agree: this kernel can show the fault, but not on this image"


def my_find_turn_fault():
    image = np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]], np.uint8)
    kernel = np.array([[1, 0], [0, 0]])
    return image, kernel


EXERCISE = Exercise(
    section="Pitfall: a *convolution* that does not turn the kernel",
    solution=my_find_turn_fault,
    shows="the two results differ",
    inputs=None,
    examples={"your image and kernel": {}},
    observe=shows_missing_turn,
    misconceptions=(
        Misconception(
            "takes a kernel of ones",
            lambda: (NINE.astype(np.uint8), BOX),
            "A mean does not care which weight meets which pixel. Take different weights.",
        ),
        Misconception(
            "takes a symmetric kernel",
            lambda: (NINE.astype(np.uint8), BLUR),
            "Your kernel looks the same after the turn, as most do that blur or sharpen, and hides "
            "it. Take one that is heavier on one side.",
        ),
        Misconception(
            "takes a kernel of one weight",
            lambda: (NINE.astype(np.uint8), np.array([[5]])),
            "One weight has no other side. Take at least two.",
        ),
        ideas.takes_a_constant_image(
            lambda: (np.full((3, 3), 7, np.uint8), SOBEL_X),
            "If all pixels are equal, it does not matter which weight they meet. Take an image "
            "with one bright point.",
        ),
        Misconception(
            "takes an image that looks the same after a turn",
            lambda: (np.array([[1, 2, 1]], np.uint8), np.array([[1, 0, 0]])),
            "Then one result is the other one turned by 180 degrees, and yours is the same either "
            "way. Make one corner brighter.",
        ),
        ideas.takes_a_large_image(
            lambda: (np.arange(36, dtype=np.uint8).reshape(6, 6), SOBEL_X),
            "A test that can be checked by hand is worth more. At most 4 × 4 pixels are allowed.",
        ),
        Misconception(
            "does not return two arrays",
            lambda: SOBEL_X,
            "The check needs the image as well. Write return image, kernel.",
        ),
        Misconception(
            "returns the kernel first",
            lambda: (SOBEL_X, np.arange(16, dtype=np.uint8).reshape(4, 4)),
            "The first array is taken as the image. Write return image, kernel.",
        ),
    ),
    hints=(
        "Which kernels stay the same when they are turned by 180 degrees? Avoid them.",
        "Two weights, such as 1 and 0, are enough for the kernel.",
        "Take an image of 3 x 3 zeros with a single 1 in the middle: where does the kernel's "
        "copy lie, and is it turned?",
    ),
    then="Does the kernel [[1, 2], [2, 1]] show it? And [[1, 2], [2, 3]]?",
)
