"""Salt and pepper noise.

Some pixels white, some black; rng is a seed.
"""

import math

import numpy as np

from course_utils import noise
from exercises import ideas
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.ex03_noise.shared import WRAPS, deaf, flat, halves, in_place


def my_add_salt_and_pepper_noise(image, amount, salt_fraction, rng):
    draw = np.random.default_rng(rng).random(image.shape[:2])
    noisy = image.copy()
    noisy[draw < amount] = 0
    noisy[draw < amount * salt_fraction] = 255
    return noisy


def right_salt_and_pepper(image, amount, salt_fraction, rng):
    return noise.add_salt_and_pepper_noise(image, amount, salt_fraction=salt_fraction, rng=rng)


def hit_values(image, amount, salt_fraction, rng):
    draw = np.random.default_rng(rng).random(image.shape)
    return np.where(draw < amount * salt_fraction, 255, np.where(draw < amount, 0, image)).astype(
        np.uint8
    )


def hit_places(end, *, axes=2):
    """Make an answer that draws indices up to the side minus `end`: of pixels, or of values."""

    def answer(image, amount, salt_fraction, rng):
        rng = np.random.default_rng(rng)
        noisy, sides = image.copy(), image.shape[:axes]
        for level, fraction in ((255, salt_fraction), (0, 1 - salt_fraction)):
            count = int(amount * fraction * math.prod(sides))
            noisy[tuple(rng.integers(0, side - end, count) for side in sides)] = level
        return noisy

    return answer


def amount_of_each(image, amount, salt_fraction, rng):
    draw = np.random.default_rng(rng).random(image.shape[:2])
    noisy = image.copy()
    noisy[draw > 1 - amount] = 255
    noisy[draw < amount] = 0
    return noisy


def draw_twice(image, amount, salt_fraction, rng):
    rng = np.random.default_rng(rng)
    noisy = image.copy()
    noisy[rng.random(image.shape[:2]) < amount * salt_fraction] = 255
    noisy[rng.random(image.shape[:2]) < amount * (1 - salt_fraction)] = 0
    return noisy


def pepper_over_salt(image, amount, salt_fraction, rng):
    draw = np.random.default_rng(rng).random(image.shape[:2])
    noisy = image.copy()
    noisy[draw < amount * salt_fraction] = 255
    noisy[draw < amount] = 0
    return noisy


def salt_is_one(image, amount, salt_fraction, rng):
    noisy = right_salt_and_pepper(image, amount, salt_fraction, rng)
    noisy[(noisy == 255) & (image != 255)] = 1
    return noisy


def swap_salt_and_pepper(image, amount, salt_fraction, rng):
    return right_salt_and_pepper(image, amount, 1 - salt_fraction, rng)


def ignore_salt_fraction(image, amount, salt_fraction, rng):
    return right_salt_and_pepper(image, amount, 0.5, rng)


def add_and_subtract_white(image, amount, salt_fraction, rng):
    draw = np.random.default_rng(rng).random(image.shape[:2])
    noisy = image.astype(int)
    noisy[draw < amount] -= 255
    noisy[draw < amount * salt_fraction] += 2 * 255
    return noisy.astype(np.uint8)


def see_hits(value, arguments):
    """Percent of the pixels of each kind; a pixel of an RGB image counts as a whole."""
    image = arguments["image"]
    pixels, before = (array.reshape(*image.shape[:2], -1) for array in (value, image))
    white, black = (pixels == 255).all(axis=2), (pixels == 0).all(axis=2)
    other = ~white & ~black & (pixels != before).any(axis=2)
    return {
        "percentage of white pixels": 100 * white.mean(),
        "percentage of black pixels": 100 * black.mean(),
        "percentage of white pixels in the upper half": 100 * white[: len(white) // 2].mean(),
        "percentage of pixels of a third level": 100 * other.mean(),
        "mean of those levels": pixels[other].mean() if other.any() else 0,
    }


SALT_AND_PEPPER_CASES = {
    "a grey patch": {"image": flat((200, 200), 128), "amount": 0.4, "salt_fraction": 0.3},
    "two rows": {"image": flat((2, 20_000), 128), "amount": 0.8, "salt_fraction": 0.3},
    "two columns": {"image": flat((20_000, 2), 128), "amount": 0.8, "salt_fraction": 0.7},
    "an RGB patch": {"image": flat((200, 200, 3), 128), "amount": 0.4, "salt_fraction": 0.3},
    "two levels": {"image": halves(60, 180), "amount": 0.4, "salt_fraction": 0.3},
    "only salt": {"image": flat((200, 201), 128), "amount": 0.3, "salt_fraction": 1},
    "only pepper": {"image": flat((200, 201), 129), "amount": 0.3, "salt_fraction": 0},
    "every pixel is hit": {"image": flat((200, 201), 128), "amount": 1, "salt_fraction": 0.3},
    "no pixel is hit": {"image": flat((200, 201), 128), "amount": 0, "salt_fraction": 0.5},
}
for number, case in enumerate(SALT_AND_PEPPER_CASES.values()):
    case["rng"] = number


def comparing_with_the_fraction(image, amount, salt_fraction, rng):
    draw = np.random.default_rng(rng).random(image.shape[:2])
    noisy = image.copy()
    noisy[draw < amount] = 0
    noisy[draw < salt_fraction] = 255
    return noisy


def one_draw_for_all(image, amount, salt_fraction, rng):
    rng = np.random.default_rng(rng)
    noisy = image.copy()
    noisy[rng.random(image.shape[:2]) < amount] = 255 if rng.random() < salt_fraction else 0
    return noisy


def the_amount_twice(image, amount, salt_fraction, rng):
    rng = np.random.default_rng(rng)
    noisy = image.copy()
    noisy[rng.random(image.shape[:2]) < amount] = 255
    noisy[rng.random(image.shape[:2]) < amount] = 0
    return noisy


def hits(image, amount, salt_fraction, rng):
    """Which pixels become salt, and which ones pepper."""
    draw = np.random.default_rng(rng).random(image.shape[:2])
    salt = draw < amount * salt_fraction
    return salt, (draw < amount) & ~salt


def extremes_for_white(image, *others):
    noisy, (salt, pepper) = image.copy(), hits(image, *others)
    noisy[salt], noisy[pepper] = image.max(), image.min()
    return noisy


def others_black(image, *others):
    noisy = np.zeros_like(image)
    noisy[hits(image, *others)[0]] = 255
    return noisy


EXERCISE = Exercise(
    section="3.5 Salt-and-pepper noise",
    solution=my_add_salt_and_pepper_noise,
    reference=right_salt_and_pepper,
    inputs=st.sampled_from(list(SALT_AND_PEPPER_CASES.values())),
    examples=SALT_AND_PEPPER_CASES,
    observe=see_hits,
    tolerance=0.1,
    larger="statistics need many pixels",
    is_new=True,
    misconceptions=(
        Misconception(
            "hits values instead of pixels",
            hit_values,
            "You draw one number per value, so pixels turn coloured. Draw one per pixel.",
            "Pitfall: salt and pepper in colour",
        ),
        Misconception(
            "gives the whole amount to each kind",
            amount_of_each,
            "The amount is the fraction of all pixels that is hit. Salt and pepper divide it.",
        ),
        Misconception(
            "hits some pixels twice",
            draw_twice,
            "The second draw blackens some of the salt. Draw once, and compare it twice.",
        ),
        Misconception(
            "draws places with replacement",
            hit_places(end=0),
            "Some places are drawn twice, so too few pixels are hit. Decide for each pixel.",
        ),
        Misconception(
            "never touches the last row and the last column",
            hit_places(end=1),
            "The end of integers is exclusive. Decide for each pixel instead.",
            "To go deeper: the last row never gets noise",
        ),
        Misconception(
            "draws places of single values with replacement",
            hit_places(end=0, axes=3),
            "Pixels turn coloured, and some places are drawn twice. Decide for each pixel.",
            "Pitfall: salt and pepper in colour",
        ),
        Misconception(
            "hits single values, but never the last row, column and channel",
            hit_places(end=1, axes=3),
            "The end of integers is exclusive, so blue stays clean. Decide for each pixel.",
            "To go deeper: the last row never gets noise",
        ),
        Misconception(
            "covers the salt with pepper",
            pepper_over_salt,
            "Every salted pixel is also below amount, and the later line wins. Salt last.",
        ),
        Misconception(
            "makes salt 1 instead of 255",
            salt_is_one,
            "White is 1 on the scale 0 … 1. In a uint8 image it is 255.",
        ),
        ideas.swaps_salt_and_pepper(swap_salt_and_pepper),
        ideas.ignores_the_fraction_of_salt(
            ignore_salt_fraction,
            "Half of the hit pixels turn white. It must be the fraction salt_fraction of them.",
        ),
        Misconception(
            "adds and subtracts 255 instead of replacing",
            add_and_subtract_white,
            "128 + 255 wraps around to 127. Write the level 255 or 0 in place of the old one.",
            WRAPS,
        ),
        ideas.changes_its_argument(
            in_place(right_salt_and_pepper),
            "You write into the image that you were given. Take image.copy() first.",
        ),
        ideas.does_not_use_rng(deaf(my_add_salt_and_pepper_noise)),
        Misconception(
            "compares the draw with salt_fraction itself",
            comparing_with_the_fraction,
            "salt_fraction counts among the hit pixels. Where one draw decides both, compare it "
            "with amount * salt_fraction.",
        ),
        Misconception(
            "draws once for all hit pixels",
            one_draw_for_all,
            "All your noisy pixels are of one kind. Draw for each whether it is salt.",
        ),
        Misconception(
            "draws for salt and again for pepper, each with the whole amount",
            the_amount_twice,
            "More pixels are hit than amount says. Salt gets amount * salt_fraction.",
        ),
        Misconception(
            "takes the brightest and the darkest pixel for white and black",
            extremes_for_white,
            "Salt is 255 and pepper 0, whatever levels the image has.",
        ),
        Misconception(
            "makes all other pixels black",
            others_black,
            "Pixels that are not hit keep their level. Start from a copy of the image.",
        ),
    ),
    hints=(
        "Draw one number between 0 and 1 for each pixel. Which of them become white?",
        "image.shape[:2] is the height and the width, with or without channels.",
        "noisy[draw < amount] = 0, and then noisy[draw < amount * salt_fraction] = 255",
    ),
    then="Hit exactly round(amount × N) pixels: rng.permutation helps. Which noise is truer?",
)
