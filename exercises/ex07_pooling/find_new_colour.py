"""A colour that was not there.

RGB uint8 image of 2 x 2 pixels.
"""

import numpy as np

from course_utils import pooling
from course_utils._validation import check_image
from exercises import ideas
from exercises.checker.exercise import Exercise, Misconception
from exercises.ex07_pooling.shared import BLOCK


def shows_new_colour(image, arguments):
    """Say whether the maximum of an RGB block is the colour of one of its pixels."""
    check_image(image, kind="RGB")
    if image.shape != (2, 2, 3):
        return f"the image must have the shape (2, 2, 3), not {image.shape}"
    largest = pooling.max_pool(image, 2)
    if not (image == largest).all(axis=2).any():
        return "the maximum has a colour that no pixel has"
    if len(np.unique(image.reshape(4, 3), axis=0)) == 1:
        return "the colour is not new: all four pixels have it"
    if (np.ptp(image, axis=2) == 0).all():
        return "the colour is not new: all pixels are grey, and the lightest wins in each channel"
    return "the colour is not new: one pixel is the largest in all three channels"


def my_find_new_colour():
    red, green, black = (255, 0, 0), (0, 255, 0), (0, 0, 0)
    return np.array([[red, green], [black, black]], np.uint8)


def rgb(*colours):
    """Build an image of 2 x 2 pixels."""
    return np.array(colours, np.uint8).reshape(2, 2, 3)


EXERCISE = Exercise(
    section="7.1 One number for each block",
    solution=my_find_new_colour,
    shows="the maximum has a colour that no pixel has",
    inputs=None,
    examples={"your image": {}},
    observe=shows_new_colour,
    misconceptions=(
        Misconception(
            "takes one colour for all pixels",
            lambda: rgb(*[(200, 100, 0)] * 4),
            "The maximum of equal numbers is that number. Let at least two colours be left in the "
            "uint8, whose levels end at 255.",
        ),
        Misconception(
            "takes grey pixels",
            lambda: rgb((0, 0, 0), (50, 50, 50), (90, 90, 90), (255, 255, 255)),
            "Grey has the same number in all channels, so one pixel wins in all of them. "
            "Take pure colours.",
        ),
        Misconception(
            "lets one pixel win in all channels",
            lambda: rgb((0, 0, 0), (10, 0, 0), (0, 20, 0), (200, 150, 100)),
            "The maximum is the colour of that pixel. No pixel alone may have the largest red, "
            "green and blue.",
        ),
        Misconception(
            "returns a grey image",
            lambda: BLOCK,
            "A grey image has one number a pixel. A colour has three: red, green, blue.",
        ),
        Misconception(
            "returns the colour",
            lambda: np.array([255, 255, 0], np.uint8),
            "The check wants the four pixels. It takes the maximum itself.",
        ),
        Misconception(
            "returns the maximum",
            lambda: pooling.max_pool(my_find_new_colour(), 2),
            "The check wants the image before pooling. It takes the maximum itself.",
        ),
        ideas.returns_floats(lambda: my_find_new_colour() / 255),
    ),
    hints=(
        "The maximum takes each channel alone. From how many pixels can its numbers come?",
        "Which colour do you see where red light and green light fall together?",
        "Let one pixel be (255, 0, 0), another (0, 255, 0), and the rest black.",
    ),
    then="Find such a pixel in the coffee picture. Do the minimum and the mean do it, too?",
)
