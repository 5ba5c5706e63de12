"""The two quizzes of notebook 02."""

import cv2
import numpy as np

from course_utils import equalization
from course_utils.images import load_image
from exercises.checker.quizzes import Question
from exercises.ex02_equalization.find_second_change import runs
from exercises.ex02_equalization.shared import SIX_LEVELS

BROWN = np.array([[[40, 20, 10], [80, 40, 20], [120, 60, 30], [160, 80, 40]]], np.uint8)
COLORS = np.array([[[9, 80, 30], [200, 7, 90]], [[50, 60, 200], [120, 3, 40]]], np.uint8)
EVENLY = (np.arange(1000) + 0.5) / 1000  # spread evenly between 0 and 1


def handwriting():
    """Return the three pictures before the first quiz."""
    image = load_image("text")
    low, high = np.percentile(image, [1, 99])
    stretched = np.clip(255 * (image - low) / (high - low), 0, 255).astype(np.uint8)
    return image, equalization.equalize(image), stretched


def has_even_thirds(image):
    thirds = np.histogram(image, bins=[0, 85, 170, 256])[0] / image.size
    return np.abs(thirds - 1 / 3).max() < 0.05


def results_of_page():
    """Return the three pictures before the second quiz."""
    page = load_image("page")
    clahe = cv2.createCLAHE(clipLimit=6, tileGridSize=(8, 8))
    gamma = np.rint(255 * (page / 255) ** 0.6).astype(np.uint8)
    return gamma, equalization.equalize(page), clahe.apply(page)


def is_a_map(result):
    """Whether all pixels of a level of the page have one level in the result."""
    page = load_image("page")
    return all(len(np.unique(result[page == level])) == 1 for level in np.unique(page))


def levels_in_use(image):
    return len(np.unique(image))


def counts_after_any_table():
    """Try all tables for four levels; list how many pixels may join those of level 1."""
    image = np.array([0, 1, 1, 2, 3])
    tables = np.indices((4, 4, 4, 4)).reshape(4, -1).T
    return {int(np.count_nonzero(table[image] == table[1])) for table in tables}


def is_right(formula):
    """Whether a formula for the map, given counts and N, is right on six pixels."""
    counts = np.bincount(SIX_LEVELS.ravel(), minlength=256)
    return np.array_equal(formula(counts, 6), equalization.equalization_map(SIX_LEVELS))


def keeps_result(equalize):
    """Whether 20 more levels of blue leave the result as it was."""
    return np.array_equal(equalize(COLORS + np.array([0, 0, 20], np.uint8)), equalize(COLORS))


QUIZ_BEFORE = (
    Question(
        "A table gives every grey level a new one. An image has 40 pixels of level 7, and the "
        "table sends 7 to 90. How many pixels of level 90 can the result have?",
        section="2.1",
        right=("40 or more", "All 40 move together, and other levels may be sent to 90 as well."),
        wrong=(
            ("exactly 40", "The table may send other levels to 90, too: levels can merge."),
            ("40 or fewer", "No pixel of level 7 can stay behind: a table never splits a level."),
            ("any number", "Fewer than 40 is impossible: equal pixels get equal new levels."),
        ),
        proof=lambda: counts_after_any_table() == {2, 3, 4, 5},
    ),
    Question(
        "Numbers x are spread evenly between 0 and 1. What fraction of their squares x² lies "
        "below 1/4?",
        section="2.3",
        right=("one half", "x² lies below 1/4 exactly when x lies below 1/2."),
        wrong=(
            ("one quarter", "That would be so if the squares were spread evenly. They crowd at 0."),
            ("one sixteenth", "This squares the bound. It is x that is squared: take the root."),
            (
                "three quarters",
                "Three quarters of the x lie below 3/4, and their squares below 9/16.",
            ),
        ),
        proof=lambda: np.mean(EVENLY**2 < 1 / 4) == 1 / 2,
    ),
    Question(
        "Look at the three pictures of the page. One of them has about as many dark pixels (level "
        "below 85) as middle ones and bright ones (170 or more). Which?",
        section="2.2",
        has_pictures=True,
        right=("B", "Dark corner, grey middle, bright corner: each takes about a third."),
        wrong=(
            ("A", "Paper and ink are middle greys. Hardly a pixel is bright."),
            ("C", "Ink is dark and paper bright, but there is far more paper than ink."),
            ("none: a photograph has its levels from nature", "Levels can be moved by a table."),
        ),
        proof=lambda: [has_even_thirds(page) for page in handwriting()] == [False, True, False],
    ),
    Question(
        "Half of a photograph is a black frame; nothing else in it is black. Each pixel gets a "
        "new level: 255 times the fraction of pixels as dark or darker, decimals cut off. "
        "What becomes of black?",
        section="2.1",
        right=("127", "Half of the pixels are black, and 255 / 2 is 127.5."),
        wrong=(
            ("0", "No pixel is darker, but black pixels are as dark as black: they count, too."),
            ("128", "255 / 2 is 127.5. The decimals are cut off, not rounded."),
            ("255", "Only the brightest level gets 255: all pixels are as dark or darker."),
        ),
        proof=lambda: equalization.equalize(np.array([[0, 0, 9, 30]], np.uint8))[0, 0],
    ),
    Question(
        "Four shades of brown: (40, 20, 10), (80, 40, 20), (120, 60, 30), (160, 80, 40). In each "
        "channel the smallest value becomes 63, the next 127, then 191, then 255. What do you see?",
        section="2.8",
        right=("four greys", "Red, green and blue have the same order, and become equal."),
        wrong=(
            ("four stronger browns", "Red was twice as much as green. Now both are the same."),
            ("four bright reds", "The channels get the same four values: red has no advantage."),
            ("four whites", "Only the brightest shade becomes (255, 255, 255)."),
        ),
        proof=lambda: np.ptp(equalization.equalize_channels(BROWN), axis=2).max() == 0,
    ),
)
QUIZ_AFTER = (
    Question(
        "The three pictures come from one photograph of a page, lit from the right: by gamma, by "
        "equalization with one map, and by CLAHE. Which is which?",
        section="2.9",
        has_pictures=True,
        right=(
            "A gamma, B one map, C CLAHE",
            "One map blackens the shadow. CLAHE has a map for it, and brings out grain.",
        ),
        wrong=(
            (
                "A CLAHE, B one map, C gamma",
                "A is smooth and C has grain. CLAHE raises the contrast of empty paper, too.",
            ),
            (
                "A gamma, B CLAHE, C one map",
                "In B the whole left side is dark. CLAHE has a map for that side, and uses the "
                "whole range there.",
            ),
            (
                "A one map, B gamma, C CLAHE",
                "A gamma below 1 brightens, and one above 1 darkens. It does not do both at once.",
            ),
        ),
        proof=lambda: (
            [is_a_map(result) for result in results_of_page()] == [True, True, False]
            and [has_even_thirds(result) for result in results_of_page()][:2] == [False, True]
        ),
    ),
    Question(
        "An image uses 100 grey levels. How many can its equalized image use?",
        section="2.5",
        right=("at most 100", "Levels can merge, but a map of levels never splits one."),
        wrong=(
            ("exactly 100", "Levels with few pixels may merge, because the map takes the floor."),
            ("at least 100", "New levels would need pixels of one level to get different ones."),
            ("all 256", "The levels spread over the range, with gaps between them."),
        ),
        proof=lambda: (
            levels_in_use(equalization.equalize(runs(*[1] * 100))) == 100
            and levels_in_use(equalization.equalize(runs(*[1] * 99, 901))) < 100
        ),
    ),
    Question(
        "X lies between 0 and 1, with P(X ≤ x) = x². Which of these is spread evenly between "
        "0 and 1?",
        section="2.3",
        right=("X²", "Put X into its own cumulative distribution, and the result is uniform."),
        wrong=(
            ("√X", "This is the inverse of the map: it crowds the values at 1 even more."),
            ("X / 2", "Halving only scales the values. They stay crowded at the upper end."),
            ("X itself", "X is crowded at 1: only a quarter of it lies below 1/2."),
        ),
        proof=lambda: all(
            # √ of an even spread has P(X ≤ x) = x².
            (np.abs(np.sort(f(np.sqrt(EVENLY))) - EVENLY).max() < 1e-9) == even
            for f, even in [
                (np.square, True),
                (np.sqrt, False),
                (lambda x: x / 2, False),
                (lambda x: x, False),
            ]
        ),
    ),
    Question(
        "`counts` is the histogram of an image of N pixels. Which formula gives the floor map "
        "for every image?",
        section="2.1",
        right=("`255 * counts.cumsum() // N`", "Integers throughout, and the division comes last."),
        wrong=(
            ("`255 * (counts.cumsum() // N)`", "The division comes first and leaves 0 or 1."),
            (
                "`255 * (counts // N).cumsum()`",
                "Each count is divided alone, and nearly all are 0.",
            ),
            (
                "`np.rint(255 * counts.cumsum() / N)`",
                "This rounds to the nearest level. The floor map cuts the decimals off.",
            ),
        ),
        proof=lambda: (
            is_right(lambda counts, N: 255 * counts.cumsum() // N)
            and not is_right(lambda counts, N: 255 * (counts.cumsum() // N))
            and not is_right(lambda counts, N: 255 * (counts // N).cumsum())
            and not is_right(lambda counts, N: np.rint(255 * counts.cumsum() / N))
        ),
    ),
    Question(
        "You add 20 to the blue of every pixel of an RGB image; no value exceeds 235 before. "
        "Which result is sure to stay exactly as it was?",
        section="2.8",
        right=(
            "that of `equalize_channels`",
            "The order of the blue values is the same, and equalization uses nothing else.",
        ),
        wrong=(
            (
                "that of `equalize_luminance`",
                "The change in blue is in Cb, which `equalize_luminance` keeps.",
            ),
            ("that of both", "`equalize_luminance` keeps the blue tint: it is in Cb."),
            ("that of neither", "`equalize_channels` uses only the order of the blue values."),
        ),
        proof=lambda: (
            keeps_result(equalization.equalize_channels)
            and not keeps_result(equalization.equalize_luminance)
        ),
    ),
)
