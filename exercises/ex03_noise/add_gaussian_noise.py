"""Gaussian noise.

image + sigma * N(0, 1); rng is a seed.
"""

import numpy as np

from course_utils import noise
from exercises import ideas
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.ex03_noise.shared import (
    CUTS_OFF,
    WRAPS,
    add,
    cut_off,
    cut_off_and_wrap,
    deaf,
    flat,
    from_a_table,
    halves,
    in_place,
    normal,
    of_that_variance,
    one_number,
    positive,
    see_noise,
    uniform,
    wrap,
)


def my_add_gaussian_noise(image, sigma, rng):
    rng = np.random.default_rng(rng)
    noisy = image + sigma * rng.standard_normal(image.shape)
    return np.clip(np.rint(noisy), 0, 255).astype(np.uint8)


def around_that_mean(rng, sigma, shape):
    return rng.normal(sigma, 1, shape)


def of_that_square(rng, sigma, shape):
    return rng.normal(0, sigma**2, shape)


def without_negatives(draw):
    return lambda rng, strength, shape: np.maximum(draw(rng, strength, shape), 0)


def one_row(draw):
    return lambda rng, strength, shape: draw(rng, strength, shape[1])


def in_whole_numbers(draw):
    return lambda rng, strength, shape: draw(rng, strength, shape).astype(int)


def as_uint8(draw):
    return lambda rng, strength, shape: cut_off_and_wrap(draw(rng, strength, shape))


def spare_the_end(image, sigma, rng):
    noisy = add(normal)(image, sigma, rng)
    noisy[-1], noisy[:, -1] = image[-1], image[:, -1]
    return noisy


GAUSSIAN_CASES = {
    "a dark patch": {"image": flat((200, 200), 10), "sigma": 2, "rng": 1},
    "a grey patch": {"image": flat((200, 200), 128), "sigma": 20, "rng": 2},
    "two rows": {"image": flat((2, 20_000), 128), "sigma": 4, "rng": 3},
    "two columns": {"image": flat((20_000, 2), 128), "sigma": 8, "rng": 4},
    "sums below 0": {"image": flat((400, 200), 20), "sigma": 20, "rng": 5},
    "sums above 255": {"image": flat((400, 200), 245), "sigma": 20, "rng": 6},
    "two levels": {"image": halves(60, 180), "sigma": 10.5, "rng": 8},
    "strong noise": {"image": flat((200, 202), 128), "sigma": 60, "rng": 9},
    "no noise": {"image": flat((200, 201), 128), "sigma": 0, "rng": 7},
}


def cut_at_sigma(rng, sigma, shape):
    return rng.normal(0, sigma, shape).clip(-sigma, sigma)


EXERCISE = Exercise(
    section="3.4 Gaussian noise",
    solution=my_add_gaussian_noise,
    reference=lambda image, sigma, rng: noise.add_gaussian_noise(image, sigma, rng=rng),
    inputs=st.sampled_from(list(GAUSSIAN_CASES.values())),
    examples=GAUSSIAN_CASES,
    observe=see_noise,
    tolerance=0.03,
    larger="statistics need many pixels",
    is_new=True,
    misconceptions=(
        ideas.takes_sigma_for_the_variance(
            add(of_that_variance),
            "You take the square root of sigma. sigma is the standard deviation itself.",
            "To go deeper: sigma is not the variance",
        ),
        Misconception(
            "squares sigma",
            add(of_that_square),
            "sigma² is the variance. Generators want the standard deviation: sigma itself.",
            "To go deeper: sigma is not the variance",
        ),
        Misconception(
            "leaves the last row and the last column alone",
            spare_the_end,
            "The end of range is exclusive: range(height) ends with the last row already.",
            "To go deeper: the last row never gets noise",
        ),
        ideas.does_not_clip(add(normal, wrap), section=WRAPS),
        ideas.cuts_the_decimals_off(add(normal, cut_off), section=CUTS_OFF),
        ideas.neither_rounds_nor_clips(
            add(normal, cut_off_and_wrap), section="3.3 To go deeper: Back to grey levels"
        ),
        Misconception(
            "makes the noise uint8 before adding it",
            add(as_uint8(normal), cut_off_and_wrap),
            "uint8 holds no negative numbers and no decimals. Add in floating point first.",
            WRAPS,
        ),
        ideas.draws_one_number_for_the_whole_image(
            add(one_number(normal)), section="3.1 What noise is"
        ),
        Misconception(
            "draws one row of noise for all rows",
            add(one_row(normal)),
            "Every row gets the same noise. Draw an array of the shape of the image.",
            "3.1 What noise is",
        ),
        ideas.draws_uniform_numbers(add(uniform)),
        ideas.adds_only_positive_noise(
            add(positive(normal)),
            "You brighten the image. Half of all Gaussian numbers are negative; leave them so.",
        ),
        Misconception(
            "cuts the negative half of the noise off",
            add(without_negatives(normal)),
            "Noise is negative as often as positive. Clip nothing but the sum.",
        ),
        ideas.changes_its_argument(
            in_place(add(normal)),
            "You write into the image that you were given. Leave it alone; return a new one.",
        ),
        Misconception(
            "takes sigma for the mean",
            add(around_that_mean),
            "The first argument of rng.normal is the mean, the second the standard deviation. "
            "Write rng.normal(0, sigma, image.shape).",
        ),
        Misconception(
            "cuts the decimals off the noise",
            add(in_whole_numbers(normal)),
            "astype(int) moves every number toward 0, so the noise gets weaker. Round the sum, "
            "once.",
            CUTS_OFF,
        ),
        ideas.draws_once_for_each_level(
            from_a_table(my_add_gaussian_noise), section="3.1 What noise is"
        ),
        ideas.does_not_use_rng(deaf(my_add_gaussian_noise)),
        Misconception(
            "cuts the noise off at sigma",
            add(cut_at_sigma),
            "One number in three lies farther out than sigma. Clip the sum to 0 … 255, and not "
            "the noise.",
        ),
    ),
    hints=(
        "Two steps: an array of random numbers, and the way back to grey levels.",
        "np.random.default_rng(rng).standard_normal(image.shape) draws from N(0, 1).",
        "np.clip(np.rint(image + sigma * …), 0, 255).astype(np.uint8)",
    ),
    then="Subtract one noisy copy from another: what is the standard deviation, and why?",
)
