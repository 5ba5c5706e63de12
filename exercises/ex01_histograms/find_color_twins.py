"""Colour twins.

A grey and a colourful image with the same channel histograms.
"""

import numpy as np

from course_utils import histograms
from exercises.checker.comparing import parts
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import gray


def shows_color_twins(images, arguments):
    """Say what two images have in common."""
    if len(parts(images) or ()) != 2:
        return "return two images: return first, second"
    first, second = map(histograms.channel_histograms, images)
    first_is_gray, second_is_gray = ((image == image[..., :1]).all(axis=2) for image in images)
    if not first_is_gray.all():
        return "the first image holds a pixel that is not grey"
    if second_is_gray.all():
        return "the second image is grey all over"
    if first.sum() != second.sum():
        return "the two images do not have the same number of pixels"
    if np.ptp(images[0]) == 0:
        return "the first image has one level only: nothing can change places"
    if not np.array_equal(first, second):
        return "the channel histograms differ"
    if second_is_gray.any():
        return "the second image still holds a grey pixel"
    return "one is grey, one is colourful, and the channel histograms are the same"


def my_find_color_twins():
    black, white = [0, 0, 0], [255, 255, 255]
    red, cyan = [255, 0, 0], [0, 255, 255]
    return np.array([[black, white]], np.uint8), np.array([[red, cyan]], np.uint8)


BLACK_WHITE, RED_CYAN = my_find_color_twins()


EXERCISE = Exercise(
    section="1.5 Colour histograms",
    solution=my_find_color_twins,
    shows="one is grey, one is colourful, and the channel histograms are the same",
    inputs=None,
    examples={"your images": {}},
    observe=shows_color_twins,
    misconceptions=(
        Misconception(
            "moves whole pixels",
            lambda: (BLACK_WHITE, BLACK_WHITE[:, ::-1]),
            "A grey pixel stays grey wherever it goes. Move the values of one channel only, "
            "each to a pixel of another level.",
            "Pitfall: the histogram forgets the place",
        ),
        Misconception(
            "does not return a grey image first",
            lambda: (gray([[255, 255, 0], [0, 0, 0]]), gray([[255, 0, 0], [0, 255, 0]])),
            "A pixel is grey where its three values are equal. The first image must hold no "
            "others.",
            "1.1 An image is an array",
        ),
        Misconception(
            "paints new colours",
            lambda: (BLACK_WHITE, gray([[255, 0, 0], [0, 0, 255]])),
            "Each channel must keep its values. Only their places may change.",
        ),
        Misconception(
            "leaves a grey pixel in the second image",
            lambda: (
                gray([[0] * 3, [9] * 3, [5] * 3]),
                gray([[9, 0, 0], [0, 9, 9], [5] * 3]),
            ),
            "One pixel or more is grey there. "
            "Every pixel needs a partner of another level, with which it changes one value.",
        ),
        Misconception(
            "starts from one level",
            lambda: (
                np.full((1, 2, 3), 128, np.uint8),
                gray([[127, 128, 128], [129, 128, 128]]),
            ),
            "All its values are the same, so no other image has its histograms. Take two levels.",
        ),
        Misconception(
            "makes images of different size",
            lambda: (BLACK_WHITE, RED_CYAN[:, :1]),
            "Each histogram adds up to the number of pixels. Make both images the same size.",
            "1.3 What a histogram counts",
        ),
        Misconception(
            "leaves out the third axis",
            lambda: (gray([0, 255]), RED_CYAN),
            "A grey RGB image has three channels, too, and they are equal. "
            "Write each pixel as [level, level, level].",
            "1.1 An image is an array",
        ),
        Misconception(
            "returns one image",
            lambda: RED_CYAN,
            "The check compares two images. Return both, with a comma between.",
        ),
    ),
    hints=(
        "What is the red histogram of one black and one white pixel?",
        "Exchange the red values of the two pixels, and leave green and blue as they are.",
        "Black with the red of white is [255, 0, 0]. What is white with the red of black?",
    ),
    then="Exchange one channel at random in a photograph of yours, and show it.",
)
