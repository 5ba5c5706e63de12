"""Find the fault.

A grey uint8 image that guessing_scale does not bring to the scale 0…1.
"""

import numpy as np

from course_utils._validation import check_image
from exercises import ideas
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import gray
from exercises.ex05_denoising_autoencoder.shared import guessing_scale


def shows_wrong_guess(image, arguments):
    """Say what an image shows about `guessing_scale`."""
    check_image(image, kind="gray")
    brightest = image.max()
    if not np.allclose(guessing_scale(image), image / 255):
        return "the guess is wrong"
    if brightest == 0:
        return "the guess is wrong, but black is 0 on both scales, so nobody sees it"
    if brightest == 2:
        return "the guess is right: the brightest level, 2, is still more than 1"
    if (image == 1).any():
        return f"the guess is right: the code looks at the brightest pixel only (level {brightest})"
    if brightest == 255:
        return "the guess is right: 255 is more than 1, so the code divides, as it should"
    return f"the guess is right: the brightest level is more than 1 (level {brightest})"


def my_find_wrong_guess():
    return np.array([[0, 1]], np.uint8)


EXERCISE = Exercise(
    section="Pitfall: two scales",
    solution=my_find_wrong_guess,
    shows="the guess is wrong",
    inputs=None,
    examples={"your image": {}},
    observe=shows_wrong_guess,
    misconceptions=(
        Misconception(
            "takes a black image",
            lambda: gray([0, 0]),
            "The code does not divide it, which is wrong; but 0 / 255 is 0. Find an image that"
            " is not black.",
        ),
        Misconception(
            "takes a level above 2",
            lambda: np.array([[100, 128]], np.uint8),
            "The code divides whatever is above 1, and rightly. Besides black, only one level is "
            "dark enough to be taken for the other scale.",
        ),
        Misconception(
            "takes an image that holds white",
            lambda: gray([255, 255]),
            "255 is clearly a level of the scale 0…255. Think of darker images.",
        ),
        Misconception(
            "stops one level too early",
            lambda: gray([0, 2]),
            "Level 2 is dark, but no number of the scale 0…1. Go one level darker.",
        ),
        Misconception(
            "puts one bright pixel beside the dark ones",
            lambda: gray([1, 255]),
            "One bright pixel gives the scale away. All pixels must be dark.",
        ),
        ideas.returns_floats(
            lambda: np.array([[0.0, 1.0]]),
            "The guess is to fail on an image of uint8: np.array(..., np.uint8).",
        ),
        ideas.forgets_the_dtype(
            lambda: np.array([[0, 1]]),
            "Without a dtype, np.array makes 64-bit integers. Write np.uint8 after the rows.",
        ),
        Misconception(
            "returns an image of float32",
            lambda: guessing_scale(gray([0, 1])),
            "The check wants an image of uint8, whose levels are whole numbers, and divides it on "
            "its own.",
        ),
    ),
    hints=(
        "When does the code not divide? Which uint8 images are of that kind?",
        "The brightest level must be at most 1, and the image must not be black.",
        "np.array([[0, ...]], np.uint8): replace the dots by one number.",
    ),
    then="Where do such images come from? Think of masks. Then write the code without a guess.",
)
