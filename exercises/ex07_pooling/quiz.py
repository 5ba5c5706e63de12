"""The two quizzes of notebook 07."""

import numpy as np

from course_utils import pooling
from course_utils.images import load_image
from exercises.checker.quizzes import Question
from exercises.ex07_pooling.max_pool_stride import max_of_windows
from exercises.ex07_pooling.shared import TINY

STRIPES = np.tile(np.array([255, 0], np.uint8), (4, 4))


def largest_from_zero():
    largest = 0
    for value in [-5, -3, -4]:
        largest = max(largest, value)
    return largest


def loss_of_four_halvings():
    """How many levels noise of all levels loses when each mean is cut to an integer."""
    image = halved = np.random.default_rng(2022).integers(0, 256, (512, 512), np.uint8)
    for _ in range(4):
        halved = pooling.mean_pool(halved, 2).astype(np.uint8)
    return image.mean() - halved.mean()


def period_of_every_fourth():
    """Smallest period of stripes with the period 5, once every fourth pixel is kept."""
    kept = np.tile(np.array([9, 7, 5, 3, 1]), 40)[::4]
    return next(p for p in range(1, 20) if np.array_equal(kept[p:], kept[:-p]))


def darkest_is_minimum(picture, size):
    """Whether the minimum is the darkest small copy, the maximum the lightest with least contrast.

    The contrast is how much rows and columns change from pixel to pixel.
    """
    ways = pooling.min_pool, pooling.mean_pool, pooling.max_pool
    copies = [way(picture, size).astype(float) for way in ways]
    darkest, middle, lightest = (copy.mean() for copy in copies)
    changes = [np.abs(np.diff(copy, axis=0)).mean() for copy in copies]
    return darkest < middle < lightest and changes[2] == min(changes)


QUIZ_BEFORE = (
    Question(
        "You cut an image of 10 × 7 pixels into blocks of 3 × 3, starting in a corner. "
        "How many whole blocks do you get?",
        section="7.4",
        right=("6", "Three fit along the 10 pixels and two along the 7. The rest is left over."),
        wrong=(
            ("7", "70 pixels hold 7 times 9, but blocks are squares: count along each side."),
            ("8", "70 / 9 is 7.8, but a block that is nearly whole is not whole."),
            ("12", "Rounding up gives 4 × 3, and the blocks at the edge are incomplete."),
            ("40", "That is the number of windows that may overlap. Blocks do not overlap."),
        ),
        proof=lambda: pooling.max_pool(np.zeros((10, 7), np.uint8), 3).size,
    ),
    Question(
        "The mean of four levels is 1.75. What does `np.array([1.75]).astype(np.uint8)` hold?",
        section="7.5",
        right=("1", "The conversion drops what comes after the decimal point, however much it is."),
        wrong=(
            ("2", "2 is nearer, but astype does not round. Use np.rint before it."),
            ("1.75", "A uint8 holds whole numbers from 0 to 255 only."),
            ("175", "The decimal point does not move; the fraction is lost."),
            ("An error", "There is no error and no warning: NumPy converts it silently."),
        ),
        proof=lambda: np.array([1.75]).astype(np.uint8)[0],
    ),
    Question(
        "Upright stripes, alternately white and black, each one pixel wide. You keep every second "
        "pixel of every second row. What do you see?",
        section="7.6",
        right=(
            "An even white or an even black",
            "You meet one kind only. Which one depends on where you start.",
        ),
        wrong=(
            (
                "An even grey, half of the white",
                "Grey comes from a mean. Skipping does not mix anything.",
            ),
            (
                "Stripes again, one pixel wide",
                "The pixels that you keep are two apart, and so all alike.",
            ),
            (
                "Stripes that are half a pixel wide",
                "No pixel holds half a stripe: it has a single level.",
            ),
        ),
        proof=lambda: (
            (STRIPES[::2, ::2] == 255).all() and (STRIPES[::2, 1::2] == 0).all()  # no third case
        ),
    ),
    Question(
        "`largest = 0`, then `for value in [-5, -3, -4]: largest = max(largest, value)`. "
        "What is `largest` in the end?",
        section="7.7",
        right=("0", "All values are smaller than the number you started with, so it stays."),
        wrong=(
            ("-3", "That is the largest of the list, but the 0 you started with is larger."),
            ("-4", "max keeps the larger of two numbers, not the one that came last."),
            ("-5", "-5 is the smallest of the list. Only its absolute value is the largest."),
            ("5", "max compares the numbers with their signs, not their absolute values."),
        ),
        proof=lambda: largest_from_zero(),
    ),
    Question(
        "A is a printed page. B, C and D are smaller: each block of 3 × 3 pixels became one. In "
        "which picture did each block keep its smallest level?",
        section="7.3",
        has_pictures=True,
        right=("In D", "One black pixel of a letter is enough to make the result black."),
        wrong=(
            ("In B", "The letters turned grey there: each pixel is the mean of its block."),
            (
                "In C",
                "Nearly every block holds some light paper. It is the largest level that wins.",
            ),
            ("In none of them", "The smallest level is the darkest one: look for the most black."),
        ),
        proof=lambda: darkest_is_minimum(load_image("page")[:96, :192], 3),
    ),
)
QUIZ_AFTER = (
    Question(
        "Blocks of 3 pixels start at every second pixel of a row of 8. Of each whole block the "
        "maximum is kept. How many numbers come out?",
        section="7.7",
        right=("3", "floor((8 - 3) / 2) + 1 is 3: the blocks start at 0, 2 and 4."),
        wrong=(
            ("2", "8 // 3 counts blocks that start at every third pixel. These overlap."),
            ("4", "8 // 2 counts a block that starts at 6 and sticks out over the end."),
            ("6", "8 - 3 + 1 blocks start at every pixel. These start at every second one."),
        ),
        proof=lambda: max_of_windows(np.zeros((8, 8), np.uint8), 3, 2).shape[0],
    ),
    Question(
        "Which one is always equal to `255 - max_pool(255 - image, 4)`?",
        section="7.3",
        right=("`min_pool(image, 4)`", "The lightest of the negative is the darkest of the image."),
        wrong=(
            (
                "`max_pool(image, 4)`",
                "The negative turns light into dark, so the other extreme wins.",
            ),
            ("`mean_pool(image, 4)`", "A mean weighs all pixels; here a single one decides."),
            ("`255 - min_pool(image, 4)`", "The second negative already turns the levels back."),
        ),
        proof=lambda: np.array_equal(
            pooling.min_pool(TINY, 4), 255 - pooling.max_pool(255 - TINY, 4)
        ),
    ),
    Question(
        "You halve a photograph four times by means of 2 × 2 pixels and cut each mean to an "
        "integer. If all remainders are equally frequent, how many levels does it lose on average?",
        section="7.5",
        right=("1.5", "A sum leaves 0, 1, 2 or 3 quarters: 0.375 on average, four times."),
        wrong=(
            ("0.375", "That is the loss of one halving. The next ones lose as much again."),
            ("0.5", "Half a level is the limit for a large block, and for one cut only."),
            ("2", "Half a level each time is the limit for large blocks, not for four pixels."),
            ("0", "Only rounding balances out on average. Cutting always goes down."),
        ),
        proof=lambda: loss_of_four_halvings(),
    ),
    Question(
        "Stripes repeat every 5 pixels. You keep every fourth pixel of a row. "
        "After how many pixels of the small row do the stripes repeat?",
        section="7.6",
        right=(
            "5",
            "You meet columns 0, 4, 8, 12, 16 and 20. Only 20 looks like 0 again: a false period.",
        ),
        wrong=(
            ("1.25", "5 / 4 would be the true one, but a period needs more than two samples."),
            ("2.5", "Two periods are 10 pixels, and 10 is no multiple of four."),
            ("4", "After 4 small pixels you are at column 16, which looks like column 1."),
            (
                "Never: an even grey",
                "Skipping does not mix anything, so the samples keep their contrast.",
            ),
        ),
        proof=lambda: period_of_every_fourth(),
    ),
    Question(
        "A is the back of an eye. B, C and D are smaller copies. Which number of each block was "
        "kept in B, channel by channel?",
        section="7.1",
        has_pictures=True,
        right=(
            "The largest one",
            "The veins are darker than what surrounds them, and they are gone.",
        ),
        wrong=(
            ("The smallest one", "That is C: the dark veins grew broad. In B they are gone."),
            ("The mean", "That is D: the veins are there, only fainter. In B they are gone."),
            ("The upper left one", "Pieces of veins would be left, wherever one meets a corner."),
        ),
        proof=lambda: darkest_is_minimum(load_image("retina")[380:620, 500:900], 8),
    ),
)
