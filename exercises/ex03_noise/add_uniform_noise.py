"""Uniform noise.

image + a number between -width and width; rng is a seed.
"""

import numpy as np

from course_utils.convolution import to_uint8
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
    normal,
    one_number,
    positive,
    see_noise,
    uniform,
    wrap,
)


def my_add_uniform_noise(image, width, rng):
    rng = np.random.default_rng(rng)
    noisy = image + rng.uniform(-width, width, image.shape)
    return np.clip(np.rint(noisy), 0, 255).astype(np.uint8)


def of_that_range(rng, width, shape):
    return rng.uniform(-width / 2, width / 2, shape)


def of_that_deviation(rng, width, shape):
    return rng.uniform(-np.sqrt(3) * width, np.sqrt(3) * width, shape)


def whole_numbers(rng, width, shape):
    return rng.integers(-width, width, shape)


def whole_numbers_to_the_end(rng, width, shape):
    return rng.integers(-width, width, shape, endpoint=True)


UNIFORM_CASES = {
    "a dark patch": {"image": flat((200, 200), 10), "width": 4, "rng": 1},
    "a width of 2.5": {"image": flat((200, 200), 100), "width": 2.5, "rng": 8},
    "a grey patch": {"image": flat((200, 200), 128), "width": 40, "rng": 2},
    "two rows": {"image": flat((2, 20_000), 128), "width": 7, "rng": 3},
    "two columns": {"image": flat((20_000, 2), 128), "width": 7, "rng": 4},
    "two levels": {"image": halves(60, 180), "width": 20.5, "rng": 9},
    "sums below 0": {"image": flat((400, 200), 20), "width": 40, "rng": 5},
    "sums above 255": {"image": flat((400, 200), 245), "width": 40, "rng": 6},
}


EXERCISE = Exercise(
    section="3.4 Gaussian noise",
    solution=my_add_uniform_noise,
    reference=lambda image, width, rng: to_uint8(
        image + width * (2 * np.random.default_rng(rng).random(image.shape) - 1)
    ),
    inputs=st.sampled_from(list(UNIFORM_CASES.values())),
    examples=UNIFORM_CASES,
    observe=see_noise,
    tolerance=0.03,
    larger="statistics need many pixels",
    is_new=True,
    misconceptions=(
        Misconception(
            "takes the width for the whole range",
            add(of_that_range),
            "You draw between -width / 2 and width / 2. The noise reaches width on both sides.",
        ),
        Misconception(
            "takes the width for the standard deviation",
            add(of_that_deviation),
            "Your noise goes beyond width. width is the largest noise, not a typical one.",
        ),
        ideas.adds_only_positive_noise(
            add(positive(uniform)),
            "You brighten the image. Half of the noise lies between -width and 0.",
        ),
        Misconception(
            "draws whole numbers from -width to width - 1",
            add(whole_numbers),
            "The end of integers is exclusive, so the mean is too low. Use uniform.",
            "To go deeper: the last row never gets noise",
        ),
        Misconception(
            "draws whole numbers from -width to width",
            add(whole_numbers_to_the_end),
            "The noise takes all real values, and the width need not be whole. Use uniform.",
        ),
        Misconception(
            "draws Gaussian noise",
            add(normal),
            "Gaussian numbers have no largest value. Here all in the range are equally likely.",
        ),
        ideas.draws_one_number_for_the_whole_image(
            add(one_number(uniform)), section="3.1 What noise is"
        ),
        ideas.cuts_the_decimals_off(add(uniform, cut_off), section=CUTS_OFF),
        ideas.does_not_clip(add(uniform, wrap), section=WRAPS),
        ideas.neither_rounds_nor_clips(
            add(uniform, cut_off_and_wrap), section="3.3 To go deeper: Back to grey levels"
        ),
        ideas.draws_once_for_each_level(
            from_a_table(my_add_uniform_noise), section="3.1 What noise is"
        ),
        ideas.does_not_use_rng(deaf(my_add_uniform_noise)),
    ),
    hints=(
        "Only the line that draws the numbers differs from Gaussian noise.",
        "A generator's method uniform(low, high, shape) draws them. What is low here?",
        "image + np.random.default_rng(rng).uniform(-width, width, image.shape)",
    ),
    then="The variance should be width² / 3. Measure it on flat patches of several levels.",
)
