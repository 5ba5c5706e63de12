"""The two quizzes of notebook 04."""

import numpy as np

from course_utils import filtering
from course_utils.convolution import to_uint8
from course_utils.filtering import filter_image
from course_utils.images import load_image
from course_utils.metrics import psnr
from course_utils.noise import add_gaussian_noise, add_salt_and_pepper_noise
from exercises.checker.quizzes import Question
from exercises.ex04_filtering.kernel_gains import gains
from exercises.ex04_filtering.median_filter import median_with_border

NINE = [12, 10, 11, 250, 13, 10, 12, 14, 11]
NINE_TAMED = [25 if level == 250 else level for level in NINE]
WHITE_WITH_LINE = np.full((7, 7), 255, np.uint8)
WHITE_WITH_LINE[3] = 0
WHITE_SQUARE = np.zeros((7, 7), np.uint8)
WHITE_SQUARE[2:5, 2:5] = 255


def eye():
    """The piece of a photograph that the notebook shows before its quizzes."""
    return load_image("chelsea")[80:180, 110:210]


def salted():
    return add_salt_and_pepper_noise(eye(), 0.05, rng=1)


def b_is_spotted_and_c_is_not():
    """The mean of salt and pepper lies farther from the photograph than the median."""
    mean = psnr(filter_image(salted(), filtering.box_kernel(3)), eye())
    return psnr(filtering.median_filter(salted(), 3), eye()) > mean + 5


def c_is_closest():
    sent = to_uint8(0.4 * eye() + 70)
    arrived = add_gaussian_noise(sent, 8, rng=3)
    stretched = to_uint8(2.5 * (arrived - 70.0))
    restored = filter_image(arrived, filtering.binomial_kernel(3))
    return psnr(stretched, sent) < psnr(arrived, sent) < psnr(restored, sent)


QUIZ_BEFORE = (
    Question(
        "Nine pixels have the levels 12, 10, 11, 250, 13, 10, 12, 14 and 11. Now 250 becomes 25. "
        "Which changes, their mean or their median?",
        section="4.4",
        right=("the mean only", "The mean falls from 38 to 13. The median is 12 before and after."),
        wrong=(
            (
                "the median only",
                "The order stays: 25 is still the largest. So does the middle, 12.",
            ),
            ("both of them", "The median depends on the order, and 25 is still the largest."),
            ("neither of them", "The sum falls by 225, so the mean falls by 25."),
        ),
        proof=lambda: (
            np.mean(NINE) != np.mean(NINE_TAMED) and np.median(NINE) == np.median(NINE_TAMED) == 12
        ),
    ),
    Question(
        "Each pixel of a flat area of level 100 is replaced by this sum: itself and its eight "
        "neighbours, each times 0.1. Which level does the area get?",
        section="4.3",
        right=(
            "90",
            "Nine times 0.1 times 100 is 90. The level stays only if the factors add to 1.",
        ),
        wrong=(
            ("10", "This is one of the nine products. The sum has nine of them."),
            ("100", "So it would be with a mean, nine times 1/9. These factors add up to 0.9."),
            ("255", "It would be 900, and clipped, if nobody multiplied by 0.1."),
        ),
        proof=lambda: filter_image(np.full((5, 5), 100, np.uint8), np.full((3, 3), 0.1))[2, 2],
    ),
    Question(
        "A flat patch has independent noise of standard deviation 20. Each pixel is replaced by "
        "the mean of the 5 × 5 pixels around it. Which standard deviation remains, about?",
        section="4.5",
        right=("4", "The variance is divided by 25, so the standard deviation is divided by 5."),
        wrong=(
            ("0.8", "That is 20 / 25. Divide the variance by 25, and then take the root."),
            ("9", "That is 20 / √5. There are 25 pixels in the mean, and √25 is 5."),
            ("20", "The noises differ from pixel to pixel, so in a mean they partly cancel."),
        ),
        proof=lambda: 20 * np.linalg.norm(filtering.box_kernel(5)),
    ),
    Question(
        "A black line, one pixel wide, crosses a white image. Each pixel is replaced by the median "
        "of the 3 × 3 pixels around it. What becomes of the line?",
        section="4.4",
        right=("it disappears", "The line has 3 pixels of 9 in each window. The white ones win."),
        wrong=(
            ("it stays as it is", "The median keeps edges of large areas. A line is a minority."),
            (
                "it becomes grey and wider",
                "That is what a mean does. The median makes no new grey.",
            ),
            ("it becomes three pixels wide", "That is what the minimum does, not the median."),
        ),
        proof=lambda: (filtering.median_filter(WHITE_WITH_LINE, 3) == 255).all(),
    ),
    Question(
        "A is a photograph with salt and pepper. B and C were made from it, one with means and one "
        "with medians of 3 × 3 pixels. Which one was made with medians?",
        section="4.6",
        has_pictures=True,
        right=("C", "The median drops a single outlier. A mean spreads it over its neighbours."),
        wrong=(
            ("B", "A mean takes each grain in and makes a pale spot of nine pixels of it."),
            ("both look as medians do", "The spots in B are levels that no pixel had: means."),
            ("neither of them", "Look for the salt in C: it has left no trace."),
        ),
        proof=lambda: b_is_spotted_and_c_is_not(),
    ),
)
QUIZ_AFTER = (
    Question(
        "A window of 3 × 3 lies in a flat area of level 50, but some of its pixels are salt. How "
        "many pixels of salt can it hold and still have a median of 50?",
        section="4.4",
        right=("up to 4", "Then 5 of the 9 levels are 50, and so is the one in the middle."),
        wrong=(
            ("only 1", "The mean suffers from the first one. The median stays up to 4."),
            ("up to 3", "With 4 the level 50 is still the majority, 5 of 9."),
            ("up to 5", "With 5 salt is the majority, and the median is 255."),
        ),
        proof=lambda: max(n for n in range(10) if np.median([255] * n + [50] * (9 - n)) == 50),
    ),
    Question(
        "The kernel `[0 -1 0; -1 5 -1; 0 -1 0]` sharpens. What does it do to independent noise?",
        section="4.5",
        right=("its variance grows 29 times", "Square each weight and add: 25 + 4 × 1 = 29."),
        wrong=(
            ("its variance stays the same", "The weights add up to 1. That keeps the brightness."),
            ("its variance grows 9 times", "That is the sum without signs. Square the weights."),
            (
                "its variance falls to 1/9",
                "So it does with equal weights of 1/9. These are larger.",
            ),
        ),
        proof=lambda: gains(np.array([[0.0, -1, 0], [-1, 5, -1], [0, -1, 0]]))[1],
    ),
    Question(
        "A white square of 3 × 3 pixels lies on black. How many of its 9 pixels are white after a "
        "median of 3 × 3?",
        section="4.4",
        right=("5", "At the corners white has 4 of 9 pixels and loses. Elsewhere it has 6 or 9."),
        wrong=(
            ("9", "Straight edges are kept, but at a corner white is a minority, 4 of 9."),
            ("8", "It has four corners, and they all have the same window."),
            ("1", "At the middle of a side white has 6 of 9 pixels, and stays."),
            ("0", "So it goes with a line of one pixel. In the middle all 9 are white."),
        ),
        proof=lambda: (filtering.median_filter(WHITE_SQUARE, 3) == 255).sum(),
    ),
    Question(
        "A flat patch of level 180, 10 × 10 pixels, goes through a median of 3 × 3. Zeros are put "
        "where the image ends. Which pixels change?",
        section="4.7",
        right=("the four corners", "There 5 of 9 are zeros, and win. At the sides only 3 are."),
        wrong=(
            ("all pixels at the border", "So it is with a mean. At the sides 180 has 6 of 9."),
            ("no pixel at all", "Zeros are outliers, but in a corner they are the majority."),
            ("all pixels of the image", "Inside, the windows hold nothing but 180."),
        ),
        proof=lambda: np.array_equal(
            np.argwhere(median_with_border(np.full((10, 10), 180, np.uint8), 3, "constant") == 0),
            [[0, 0], [0, 9], [9, 0], [9, 9]],
        ),
    ),
    Question(
        "A is a photograph as it arrived, pale and with noise. B is A with its contrast "
        "stretched, C is A after a binomial kernel. Which one has the highest PSNR, measured "
        "against the photograph as it was sent?",
        section="4.1",
        has_pictures=True,
        right=("C", "It was restored: the noise is weaker, and the levels are where they were."),
        wrong=(
            ("A", "Nothing was done to its noise. C has less of it."),
            ("B", "It was enhanced: it looks best, and its levels moved far from the original."),
            ("B and C have the same", "PSNR measures the distance from the original. B left it."),
        ),
        proof=lambda: c_is_closest(),
    ),
)
