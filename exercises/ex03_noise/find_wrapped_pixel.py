"""Find the fault: a pixel that wraps around.

Return image, noise for which clip_too_late is wrong.
"""

import numpy as np

from course_utils._validation import check_image
from exercises import ideas
from exercises.checker.comparing import parts
from exercises.checker.exercise import Exercise, Misconception
from exercises.ex03_noise.shared import WRAPS


def clip_too_late(image, noise):
    return np.clip(image + noise.astype(np.uint8), 0, 255)


def shows_wrapped_pixel(value, arguments):
    """Say what an image and its noise show about `clip_too_late`."""
    if len(parts(value) or ()) != 2:
        return "it must return two arrays: return image, noise"
    image, noise = value
    if getattr(noise, "dtype", None) == np.uint8 != getattr(image, "dtype", np.uint8):
        return "the image comes first, then the noise"
    check_image(image)
    if not isinstance(noise, np.ndarray) or noise.dtype.kind not in "iu":
        return "the noise must be an array of whole numbers, such as np.array([[3, -7]])"
    if noise.shape != image.shape:
        return "image and noise must have one shape"
    total = image.astype(int) + noise
    if not np.array_equal(clip_too_late(image, noise), np.clip(total, 0, 255)):
        return "a pixel wraps around"
    if not noise.any():
        return "no pixel wraps around: this noise is 0 everywhere"
    if total.max() == 255:
        return "no pixel wraps around: the largest sum is 255, and 255 is a level"
    if total.min() == 0:
        return "no pixel wraps around: the smallest sum is 0, and 0 is a level"
    if total.min() < 0 or total.max() > 255:
        return "no pixel goes wrong: what leaves 0 … 255 wraps to the end where clipping puts it"
    if noise.min() < 0:
        return "no pixel wraps around: negative noise alone does no harm"
    return "no pixel wraps around: no sum leaves 0 … 255"


def my_find_wrapped_pixel():
    image = np.array([[250]], np.uint8)
    noise = np.array([[10]])
    return image, noise


def one_pixel(level, number):
    """Make an answer of one pixel and its noise."""
    return lambda: (np.array([[level]], np.uint8), np.array([[number]]))


EXERCISE = Exercise(
    section=WRAPS,
    solution=my_find_wrapped_pixel,
    shows="a pixel wraps around",
    inputs=None,
    examples={"your image": {}},
    observe=shows_wrapped_pixel,
    misconceptions=(
        Misconception(
            "adds so little that every sum is a level",
            one_pixel(100, -5),
            "As a uint8, -5 is 251, and for example 100 + 251 - 256 is 95 again. The sum must "
            "leave 0 … 255.",
        ),
        Misconception(
            "wraps around to the level that clipping gives",
            one_pixel(10, -266),
            "A uint8 counts round and round, and this sum lands where clipping puts it. Take "
            "another number.",
        ),
        Misconception(
            "reaches white, and does not pass it",
            one_pixel(200, 55),
            "255 is the last level that fits. Go one further.",
        ),
        Misconception(
            "reaches black, and does not pass it",
            one_pixel(5, -5),
            "0 is the first level that fits. Go one further.",
        ),
        ideas.adds_no_noise(
            one_pixel(255, 0),
            "Even white stays as it is if nothing is added. Put a number into the noise.",
        ),
        Misconception(
            "adds too little",
            one_pixel(100, 50),
            "150 is a level, and there is nothing to clip. The sum must leave 0 … 255.",
        ),
        Misconception(
            "returns the noise first",
            lambda: (np.array([[10]]), np.array([[250]], np.uint8)),
            "The order matters. Write: return image, noise.",
        ),
        Misconception(
            "returns the image alone",
            lambda: np.array([[250]], np.uint8),
            "The check needs the noise, too. Write: return image, noise.",
        ),
        Misconception(
            "makes the noise an array of floats",
            lambda: (np.array([[250]], np.uint8), np.array([[9.5]])),
            "The noise must be an array of ints: astype(int), after rounding if it has decimals.",
        ),
        Misconception(
            "gives the noise another shape than the image",
            lambda: (np.array([[250, 250]], np.uint8), np.array([[10]])),
            "The noise has one number for each pixel. Give both arrays the same shape.",
        ),
    ),
    hints=(
        "uint8 counts like a clock with 256 hours. When is that right, and when is it wrong?",
        "uint8 arithmetic gives the sum minus 256 or plus 256. Which sums does that harm?",
        "One pixel is enough: a bright one and positive noise, or a dark one and negative.",
    ),
    then="Why is the result right for a pixel of 100 and noise of -5, which uint8 cannot hold?",
)
