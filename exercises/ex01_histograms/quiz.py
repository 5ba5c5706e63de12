"""The two quizzes of notebook 01."""

from itertools import permutations

import cv2
import numpy as np

from course_utils import histograms
from exercises.checker.inputs import gray
from exercises.checker.quizzes import Question
from exercises.ex01_histograms.darkest_share import distribution
from exercises.ex01_histograms.find_color_twins import my_find_color_twins

TEN_PIXELS = np.repeat([99, 100, 101], [2, 5, 3]).astype(np.uint8)[None]
COLUMN = TEN_PIXELS.T


def share_of_100_or_more():
    assert distribution(TEN_PIXELS)[[99, 100]].tolist() == [0.2, 0.7]
    return np.mean(TEN_PIXELS >= 100)


QUIZ_BEFORE = (
    Question(
        "Each number of an image array is stored in 8 bits, which hold 0 to 255. "
        "All pixels of `image` are 200. Which value have the pixels of `image + image`?",
        right=("144", "400 does not fit. NumPy keeps the remainder after dividing by 256."),
        wrong=(
            ("255", "255 is the largest number that fits, but NumPy does not stop there."),
            ("400", "400 needs 9 bits. The sum of two such arrays still has 8 for each number."),
            ("200", "This would be the mean. It is a sum, and the sum does not fit."),
        ),
        proof=lambda: (gray([200]) + gray([200]))[0, 0],
    ),
    Question(
        "You count how many pixels of a photograph have each grey level. Then you turn the "
        "photograph upside down and count again. What happens to the counts?",
        right=("All of them stay the same", "You move the pixels, and each keeps its level."),
        wrong=(
            (
                "They come in reverse order",
                "Exchanging dark and bright does that, not exchanging top and bottom.",
            ),
            (
                "Those of sky and ground swap",
                "The sky has moved, but it has as many pixels as before, and they are as bright.",
            ),
            (
                "Only the largest stays the same",
                "Counting does not depend on where the pixels are, whether they are many or few.",
            ),
        ),
        proof=lambda: np.array_equal(*map(histograms.histogram, (COLUMN, COLUMN[::-1]))),
    ),
    Question(
        "A pixel on your screen shines with full red, full green and no blue. What do you see?",
        right=("Yellow", "Light adds up: the eye takes red and green together for yellow."),
        wrong=(
            ("Brown", "Paints mix to brown, since each swallows light. On a screen light adds up."),
            ("Orange", "Orange has less green than red. Here both are full."),
            ("White", "White needs blue as well, and as much of it."),
        ),
        proof=lambda: 2 * cv2.cvtColor(gray([[255, 255, 0]]), cv2.COLOR_RGB2HSV)[0, 0, 0] == 60,
    ),
    Question(
        "The grey levels 0, 1, …, 255 are sorted into 100 boxes of equal width. How many levels "
        "land in each box?",
        right=(
            "Two in some, three in others",
            "256 levels cannot be shared out evenly: 44 boxes get two, and 56 get three.",
        ),
        wrong=(
            ("2.56 in every one of them", "Each box is 2.56 wide, but levels are whole numbers."),
            (
                "Two, and 56 levels are left over",
                "The boxes cover the whole range, so each level lands in one of them.",
            ),
            (
                "Three, and fewer in the last ones",
                "The boxes are 2.56 wide, too narrow for three each; those with two lie all over.",
            ),
        ),
        proof=lambda: (
            np.bincount(np.histogram(range(256), bins=100, range=(0, 256))[0]).tolist()
            == [0, 0, 44, 56]
        ),
    ),
    Question(
        "A quarter of the pixels has level 10, a quarter level 20, and half of them level 200. "
        "You collect pixels, the darkest first, until you have at least half of all. "
        "Which level has the last one?",
        right=("20", "With the levels 10 and 20 you have exactly half, and that is enough."),
        wrong=(
            ("105", "This lies midway between 10 and 200, however many pixels there are of each."),
            ("110", "This lies midway between 20 and 200, and no pixel has this level."),
            ("200", "You have half of the pixels before you come to the first of these."),
        ),
        proof=lambda: np.quantile([10, 20, 200, 200], 0.5, method="inverted_cdf"),
    ),
)
QUIZ_AFTER = (
    Question(
        "All pixels of the uint8 image `a` are 10, and those of `b` are 20. What is in `a - b`?",
        right=("246", "-10 does not fit into a uint8. NumPy starts again at the top: 256 - 10."),
        wrong=(
            ("-10", "A uint8 has no sign. Convert to int16 before you subtract."),
            ("0", "OpenCV's `subtract` stops at 0. NumPy wraps around."),
            ("10", "This is the distance between the two. OpenCV's `absdiff` computes it."),
        ),
        proof=lambda: (gray([10]) - gray([20]))[0, 0],
    ),
    Question(
        "How many different images of 2 × 3 pixels have the histogram [2, 2, 2]?",
        right=("90", "6! = 720 orders of six pixels; divide by 2 for each pair that looks alike."),
        wrong=(
            ("1", "The histogram does not say where the pixels are. Move them, and it stays."),
            ("6", "You exchange whole levels. But each pixel can move by itself."),
            ("720", "Exchanging two pixels of the same level makes no other image."),
        ),
        proof=lambda: len(set(permutations([0, 0, 1, 1, 2, 2]))),
    ),
    Question(
        "An RGB image has one black and one white pixel. Which of these has the same three "
        "channel histograms?",
        right=(
            "One red and one cyan pixel",
            "Cyan is [0, 255, 255]. So each channel has one 0 and one 255, as before.",
        ),
        wrong=(
            ("One red and one green pixel", "Blue would be 0 twice, and 255 is missing there."),
            ("One yellow and one cyan pixel", "Green would be 255 twice, and 0 is missing there."),
            ("Two pixels of middle grey", "The means are the same, but the levels are not."),
        ),
        proof=lambda: np.array_equal(*map(histograms.channel_histograms, my_find_color_twins())),
    ),
    Question(
        "How many counts does `np.histogram(image, bins=range(0, 256, 4))` return?",
        right=("63", "The edges 0, 4, …, 252 are 64, and between them lie 63 bins."),
        wrong=(
            ("64", "There are 64 edges, and one bin less. Levels above 252 are not even counted."),
            ("65", "There is one bin less than there are edges, not one more."),
            ("256", "The step is 4, so that a bin holds four levels."),
        ),
        proof=lambda: len(np.histogram(TEN_PIXELS, bins=range(0, 256, 4))[0]),
    ),
    Question(
        "The cumulative distribution of an image is 0.2 at level 99 and 0.7 at level 100. "
        "Which share of the pixels has level 100 or more?",
        right=("0.8", "0.2 of the pixels are at level 99 or below, and all others are not."),
        wrong=(
            ("0.7", "This is the share at level 100 or less."),
            ("0.5", "This is the share at level 100 alone, the difference of the two."),
            ("0.3", "This is the share above level 100. Those at 100 belong to it, too."),
        ),
        proof=share_of_100_or_more,
    ),
)
