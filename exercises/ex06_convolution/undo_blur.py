"""Undo a blur.

The photograph before the blur; uint8, same size.
"""

from functools import cache

import cv2
import numpy as np

from course_utils.convolution import correlate2d, to_uint8
from course_utils.images import load_image
from course_utils.metrics import psnr
from exercises import ideas
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.ex06_convolution.find_turn_fault import BLUR
from exercises.ex06_convolution.shared import EDGES

PIECES = {  # of photographs: rows and columns where they begin
    "a cat": ("chelsea", 70, 150),
    "a cup": ("coffee", 60, 160),
    "coins": ("coins", 170, 80),
    "bricks": ("brick", 100, 100),
    "a face": ("astronaut", 60, 190),
    "print": ("page", 80, 100),
    "the shade of a cup": ("coffee", 351, 230),  # black, where an answer that is not clipped wraps
    "a space suit": ("astronaut", 231, 157),
}
ENOUGH = 0.5  # decibels above the kernel that sharpens


def my_undo_blur(blurred):
    kernel = np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16
    estimate = blurred.astype(float)
    for _ in range(5):
        padded = np.pad(estimate, 1, mode="reflect")
        estimate = estimate + (blurred - correlate2d(padded, kernel))
    return to_uint8(estimate)


def blur(image, border=cv2.BORDER_DEFAULT):
    """Blur by OpenCV, in floating point."""
    return cv2.filter2D(image.astype(float), -1, BLUR / 16, borderType=border)


@cache
def original(name):
    file, row, column = PIECES[name]
    return load_image(file, gray=True)[row : row + 48, column : column + 48]


@cache
def blurred(name):
    return to_uint8(blur(original(name)))


def sharpened(image, strength=2):
    return image + strength * (image - blur(image))


def compares_with_sharpening(restored, arguments):
    """Say how many decibels an answer is above the kernel that sharpens."""
    given = arguments["blurred"]
    name = next(name for name in PIECES if np.array_equal(blurred(name), given))
    gain = psnr(restored, original(name)) - psnr(to_uint8(sharpened(given)), original(name))
    if gain >= ENOUGH:
        return f"it is at least {ENOUGH} dB above the kernel that sharpens"
    side = "above" if gain > 0 else "below"
    gain = f"{abs(gain):.2f} dB {side}" if abs(gain) > 0.005 else "equal to"
    return (
        f"on {name}, its PSNR is {gain} that of the kernel that sharpens, and must be at least "
        f"{ENOUGH} dB above"
    )


def restored(image, steps, blur=blur, sign=1):
    """Add what is missing, step by step, and round at the end."""
    estimate = image.astype(float)
    for _ in range(steps):
        estimate = estimate + sign * (image - blur(estimate))
    return to_uint8(np.nan_to_num(estimate))


def sharpened_again(image):
    for _ in range(3):
        image = to_uint8(sharpened(image, 1))
    return image


def stretched(image):
    return cv2.normalize(image, None, 0, 255, cv2.NORM_MINMAX)


EXERCISE = Exercise(
    section=EDGES,
    solution=my_undo_blur,
    reference=lambda blurred: restored(blurred, 4),
    inputs=st.sampled_from(list(PIECES)).map(lambda name: {"blurred": blurred(name)}),
    examples={name: {"blurred": blurred(name)} for name in PIECES},
    observe=compares_with_sharpening,
    larger="a PSNR of a photograph needs a piece of a photograph",
    misconceptions=(
        Misconception(
            "returns the blurred photograph",
            lambda blurred: blurred.copy(),
            "You return what you were given. The kernel that sharpens already brings more back.",
        ),
        Misconception(
            "sharpens once",
            lambda blurred: to_uint8(sharpened(blurred)),
            "That is the kernel of the notebook, to be beaten by 0.5 dB. Blur your answer: what "
            "still differs from the picture that you were given?",
        ),
        Misconception(
            "sharpens once, and harder",
            lambda blurred: to_uint8(sharpened(blurred, 4)),
            "Twice as strong, the kernel makes bright and dark seams along the edges. Take "
            "several small steps, each checked against the picture that you were given.",
        ),
        Misconception(
            "sharpens what is sharpened already",
            sharpened_again,
            "You compare each result with its own blur, and the seams grow. Compare the blur of "
            "your estimate with the picture that you were given.",
        ),
        Misconception(
            "goes on for too long",
            lambda blurred: restored(blurred, 40),
            "Each step also makes the rounding errors of the blurred picture stronger, and after "
            "40 they drown it. Stop after a few.",
        ),
        Misconception(
            "blurs once more",
            lambda blurred: to_uint8(blur(blurred)),
            "You take away what the blur has left. Add what it took.",
        ),
        Misconception(
            "subtracts what is missing",
            lambda blurred: restored(blurred, 5, sign=-1),
            "Where the blur of your estimate is too dark, the estimate must become brighter: add "
            "the given picture minus the blur.",
        ),
        ideas.does_not_clip(
            lambda blurred: np.rint(sharpened(blurred)).astype(int).astype(np.uint8),
            "Values beyond 0 … 255 wrap around, and white dots appear in the dark. to_uint8 rounds "
            "and clips.",
        ),
        ideas.puts_zeros_around_the_image(
            lambda blurred: restored(blurred, 5, lambda image: blur(image, cv2.BORDER_CONSTANT)),
            'Your blur darkens the border, and each step makes up for it. Mirror: mode="reflect".',
            "Pitfall: zeros outside are black",
        ),
        Misconception(
            "stretches the contrast",
            stretched,
            "You spread the levels over 0 … 255, which changes constant areas, too. A blur leaves "
            "those alone; only the detail has to come back.",
        ),
    ),
    hints=(
        "If your answer were the original, what would you get by blurring it?",
        "Blur your estimate, and compare it with the picture that you were given. Add the "
        "difference to the estimate. Then do it again.",
        "Start with estimate = blurred.astype(float). Five times, pad it by 1, blur it with "
        "correlate2d, and add blurred minus the result. Round with to_uint8 at the end.",
    ),
    then="Add noise of 3 levels before you restore. How many steps are best now, and why fewer?",
)
