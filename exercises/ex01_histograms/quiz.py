"""The two quizzes of notebook 01."""

from itertools import permutations

import cv2
import numpy as np

from course_utils import histograms
from course_utils.images import load_image
from exercises.checker.inputs import gray
from exercises.checker.quizzes import Question
from exercises.ex01_histograms.darkest_share import distribution
from exercises.ex01_histograms.find_color_twins import my_find_color_twins

TEN_PIXELS = np.repeat([99, 100, 101], [2, 5, 3]).astype(np.uint8)[None]
COLUMN = TEN_PIXELS.T


PHOTOGRAPHS = {"A": "text", "B": "hubble_deep_field", "C": "coins"}


def photograph(name):
    """Load one of the photographs before the first quiz."""
    image = load_image(PHOTOGRAPHS[name], gray=True)
    return image[300:530, 500:800] if name == "B" else image


def near_the_middle(image):
    """Fraction of the pixels that are less than 25 levels from middle grey."""
    return np.mean(np.abs(image.astype(int) - 128) < 25)


def fraction_of_100_or_more():
    assert distribution(TEN_PIXELS)[[99, 100]].tolist() == [0.2, 0.7]
    return np.mean(TEN_PIXELS >= 100)


QUIZ_BEFORE = (
    Question(
        "Each number of an image array is stored in 8 bits, which hold 0 to 255. "
        "All pixels of `image` are 200. What value do the pixels of `image + image` have?",
        section="1.1",
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
        section="1.4",
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
        section="1.5",
        right=("Yellow", "Light adds up: the eye takes red and green together for yellow."),
        wrong=(
            ("Brown", "Paints mix to brown, since each swallows light. On a screen light adds up."),
            ("Orange", "Orange has less green than red. Here both are full."),
            ("White", "White needs blue as well, and as much of it."),
        ),
        proof=lambda: 2 * cv2.cvtColor(gray([[255, 255, 0]]), cv2.COLOR_RGB2HSV)[0, 0, 0] == 60,
    ),
    Question(
        "Look at the three photographs. In which of them do most pixels have a level near the "
        "middle grey, 128?",
        section="1.3",
        has_pictures=True,
        right=("in A", "The paper is in the shade, and ink and paper differ little: all is grey."),
        wrong=(
            ("in B", "A night sky is nearly black. Most levels are below 30."),
            (
                "in C",
                "Some coins are, but their levels reach from dark to bright, and most of the "
                "ground is darker than 128.",
            ),
            ("in all of them alike", "Compare A with B: most of B is much darker than 128."),
        ),
        proof=lambda: np.argmax([near_the_middle(image) for image in map(photograph, "ABC")]) == 0,
    ),
    Question(
        "A quarter of the pixels has level 10, a quarter level 20, and half of them level 200. "
        "You collect pixels, the darkest first, until you have at least half of all. "
        "Which level does the last one have?",
        section="1.7",
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
        "The three histograms belong to the night sky, to the page of handwriting and to the "
        "coins. Which is which?",
        section="1.4",
        has_pictures=True,
        right=(
            "A the coins, B the page, C the sky",
            "Dark ground and bright coins: high contrast. Grey ink on grey paper: low contrast. "
            "The night sky is dark.",
        ),
        wrong=(
            (
                "A the sky, B the page, C the coins",
                "C has dark levels only, but coins are bright. They belong to the wide range of A.",
            ),
            (
                "A the page, B the coins, C the sky",
                "B has one narrow hill, so its contrast is low. The coins stand out clearly.",
            ),
            (
                "A the coins, B the sky, C the page",
                "C is the darker one of the two, and the page is a middle grey.",
            ),
        ),
        proof=lambda: (
            np.argmax([photograph(name).std() for name in "ABC"]) == 2
            and np.argmin([photograph(name).mean() for name in "ABC"]) == 1
        ),
    ),
    Question(
        "How many different images of 2 × 3 pixels have the histogram [2, 2, 2]?",
        section="1.4",
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
        section="1.5",
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
        "White is level 255. About how much of the light of white comes from a pixel of level 128?",
        section="1.8",
        right=("22 %", "Levels follow a power of the light: (128 / 255) to the power of 2.2."),
        wrong=(
            ("50 %", "The level is half of 255. But a level is not proportional to the light."),
            ("73 %", "You took the power 1 / 2.2, which leads from the light to the level."),
            ("25 %", "This is the square. The power is 2.2, and a little less light is left."),
        ),
        proof=lambda: 100 * (128 / 255) ** 2.2,
    ),
    Question(
        "The cumulative distribution of an image is 0.2 at level 99 and 0.7 at level 100. "
        "What fraction of the pixels has level 100 or more?",
        section="1.7",
        right=("0.8", "0.2 of the pixels are at level 99 or below, and all others are not."),
        wrong=(
            ("0.7", "This is the fraction at level 100 or less."),
            ("0.5", "This is the fraction at level 100 alone, the difference of the two."),
            ("0.3", "This is the fraction above level 100. Those at 100 belong to it, too."),
        ),
        proof=fraction_of_100_or_more,
    ),
)
