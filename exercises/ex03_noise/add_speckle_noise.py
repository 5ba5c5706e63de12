"""Speckle noise.

image * (1 + sigma * N(0, 1)); rng is a seed.
"""

import numpy as np

from course_utils import noise
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
    of_that_variance,
    one_number,
    positive,
    see_noise,
    uniform,
    wrap,
)


def my_add_speckle_noise(image, sigma, rng):
    rng = np.random.default_rng(rng)
    noisy = image * (1 + sigma * rng.standard_normal(image.shape))
    return np.clip(np.rint(noisy), 0, 255).astype(np.uint8)


def multiply(draw, to_levels=to_uint8):
    """Make an answer that multiplies by 1 plus what `draw` draws."""

    def answer(image, sigma, rng):
        return to_levels(image * (1 + draw(np.random.default_rng(rng), sigma, image.shape)))

    return answer


def multiply_without_one(image, sigma, rng):
    return to_uint8(image * np.random.default_rng(rng).normal(0, sigma, image.shape))


def add_everywhere_the_same(image, sigma, rng):
    return add(normal)(image, 255 * sigma, rng)


SPECKLE_CASES = {
    "a dark patch": {"image": flat((200, 200), 10), "sigma": 0.2, "rng": 1},
    "a grey patch": {"image": flat((200, 200), 150), "sigma": 0.1, "rng": 2},
    "two rows": {"image": flat((2, 20_000), 100), "sigma": 0.04, "rng": 3},
    "two columns": {"image": flat((20_000, 2), 100), "sigma": 0.04, "rng": 4},
    "a white patch": {"image": flat((200, 201), 255), "sigma": 0.1, "rng": 5},
    "two levels": {"image": halves(40, 120), "sigma": 0.25, "rng": 8},
    "negative factors": {"image": flat((200, 201), 60), "sigma": 1, "rng": 6},
    "a black patch": {"image": flat((200, 201), 0), "sigma": 0.5, "rng": 7},
}


EXERCISE = Exercise(
    section="3.6 Speckle noise",
    solution=my_add_speckle_noise,
    reference=lambda image, sigma, rng: noise.add_speckle_noise(image, sigma, rng=rng),
    inputs=st.sampled_from(list(SPECKLE_CASES.values())),
    examples=SPECKLE_CASES,
    observe=see_noise,
    tolerance=0.03,
    larger="statistics need many pixels",
    is_new=True,
    misconceptions=(
        Misconception(
            "adds the noise instead of multiplying",
            add(normal),
            "sigma is a fraction here, and you add a fraction of a level. Multiply the image.",
            "How does it depend on the signal?",
        ),
        Misconception(
            "gives all levels noise of the same strength",
            add_everywhere_the_same,
            "255 sigma is right for white only. The standard deviation is sigma × level.",
            "How does it depend on the signal?",
        ),
        Misconception(
            "leaves out the 1",
            multiply_without_one,
            "f · σ n is the noise alone. The factor is 1 + σ n, close to 1.",
        ),
        ideas.takes_sigma_for_the_variance(
            multiply(of_that_variance),
            "Then the factor deviates by the root of sigma. sigma is its standard deviation, and "
            "sigma**2 the variance.",
            "To go deeper: sigma is not the variance",
        ),
        ideas.does_not_clip(
            multiply(normal, wrap),
            "Products above 255 wrap around to dark levels, and negative ones to bright. Clip "
            "before you convert.",
            WRAPS,
        ),
        ideas.cuts_the_decimals_off(multiply(normal, cut_off), section=CUTS_OFF),
        ideas.neither_rounds_nor_clips(
            multiply(normal, cut_off_and_wrap), section="3.3 To go deeper: Back to grey levels"
        ),
        Misconception(
            "draws one factor for the whole image",
            multiply(one_number(normal)),
            "All pixels change together. Draw an array of the shape of the image.",
            "3.1 What noise is",
        ),
        ideas.draws_uniform_numbers(multiply(uniform)),
        Misconception(
            "only brightens",
            multiply(positive(normal)),
            "Your factor is never below 1. Half of all Gaussian numbers are negative.",
        ),
        ideas.draws_once_for_each_level(
            from_a_table(my_add_speckle_noise), section="3.1 What noise is"
        ),
        ideas.does_not_use_rng(deaf(my_add_speckle_noise)),
    ),
    hints=(
        "Draw as for Gaussian noise. What do you multiply, and by what?",
        "The factor is 1 + sigma * n, where n is drawn from N(0, 1) for each pixel.",
        "image * (1 + sigma * np.random.default_rng(rng).standard_normal(image.shape))",
    ),
    then="Which pixels of an image never change, whatever sigma is? Try it on a photograph.",
)
