"""Poisson noise.

gain * Poisson(image / gain); rng is a seed.
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
    cut_off,
    cut_off_and_wrap,
    deaf,
    flat,
    from_a_table,
    halves,
    spread,
    wrap,
)


def my_add_poisson_noise(image, gain, rng):
    photons = np.random.default_rng(rng).poisson(image / gain)
    return np.clip(np.rint(gain * photons), 0, 255).astype(np.uint8)


def right_poisson(image, gain, rng):
    return noise.add_poisson_noise(image, gain, rng=rng)


def count(expect, develop, to_levels=to_uint8):
    """Make an answer from the photons to expect and from what becomes of those counted."""

    def answer(image, gain, rng):
        photons = np.random.default_rng(rng).poisson(expect(image, gain))
        return to_levels(develop(photons, gain))

    return answer


def divide(image, gain):
    return image / gain


def times(number, gain):
    return number * float(gain)


def unchanged(number, gain):
    return number


def add_photons(image, gain, rng):
    photons = np.random.default_rng(rng).poisson(image / gain)
    return to_uint8(image + gain * photons)


def bell(image, gain, rng):
    return to_uint8(np.random.default_rng(rng).normal(image, np.sqrt(image, dtype=float)))


def bell_with_gain(image, gain, rng):
    return to_uint8(np.random.default_rng(rng).normal(image, np.sqrt(gain * image.astype(float))))


def one_count(image, gain, rng):
    photons = np.random.default_rng(rng).poisson(image.mean() / gain)
    return to_uint8(np.full(image.shape, gain * photons))


def see_photons(value, arguments):
    """Mean, spread, and whether the levels are whole numbers of photons."""
    seen = spread(value, arguments)
    if isinstance(seen, str):
        return seen
    gain = arguments["gain"]
    levels = gain * np.arange(int(256 / gain) + 2)
    levels = np.concatenate([to_uint8(levels), to_uint8(np.floor(levels + 0.5))])  # halves go up
    others = 100 * (~np.isin(value, levels)).mean()
    return {**seen, "percentage of pixels at levels that no number of photons gives": others}


POISSON_CASES = {
    "few photons": {"image": flat((200, 200), 20), "gain": 8, "rng": 1},
    "many photons": {"image": flat((200, 200), 200), "gain": 0.5, "rng": 2},  # more than 255
    "one photon": {"image": flat((200, 200), 1), "gain": 1, "rng": 9},
    "a gain of 1": {"image": flat((200, 200), 60), "gain": 1, "rng": 3},
    "a gain of 1.6": {"image": flat((200, 200), 50), "gain": 1.6, "rng": 4},
    "two rows": {"image": flat((2, 20_000), 100), "gain": 10, "rng": 5},
    "two columns": {"image": flat((20_000, 2), 100), "gain": 10, "rng": 6},
    "levels above 255": {"image": flat((200, 201), 240), "gain": 8, "rng": 7},
    "two levels": {"image": halves(20, 100), "gain": 2.5, "rng": 10},
    "a black patch": {"image": flat((200, 201), 0), "gain": 8, "rng": 8},
}


EXERCISE = Exercise(
    section="3.7 Poisson noise",
    solution=my_add_poisson_noise,
    reference=right_poisson,
    inputs=st.sampled_from(list(POISSON_CASES.values())),
    examples=POISSON_CASES,
    observe=see_photons,
    tolerance=0.03,
    larger="statistics need many pixels",
    is_new=True,
    misconceptions=(
        Misconception(
            "ignores the gain",
            count(unchanged, unchanged),
            "You count one photon a grey level. A pixel of level f expects f / gain photons.",
        ),
        Misconception(
            "uses the gain the wrong way round",
            count(times, divide),
            "gain is grey levels per photon. Divide to get photons, multiply to come back.",
        ),
        Misconception(
            "uses the gain the wrong way round, in uint8",
            count(lambda image, gain: image * gain, divide),
            "gain is grey levels per photon: divide to get photons, multiply to come back. And "
            "image * gain wraps around in a uint8.",
        ),
        Misconception(
            "returns the photons",
            count(divide, unchanged),
            "You return the counts. Multiply them by the gain to get grey levels.",
        ),
        Misconception(
            "does not divide by the gain",
            count(unchanged, times),
            "Your image is gain times too bright. Expect f / gain photons.",
        ),
        Misconception(
            "expects whole photons only",
            count(lambda image, gain: image // gain, times),
            "A pixel counts whole photons, but the expected number may have decimals. Leave them.",
        ),
        Misconception(
            "adds the photons to the image",
            add_photons,
            "The counted photons are the image; nothing is left to add them to.",
        ),
        Misconception(
            "draws Gaussian noise whose variance is the level",
            bell,
            "The variance is gain · f, and only whole numbers of photons can occur.",
        ),
        Misconception(
            "draws Gaussian noise of the right variance",
            bell_with_gain,
            "Mean and variance fit, but photons come whole: only gain × 0, 1, 2, … occur.",
        ),
        ideas.does_not_clip(
            count(divide, times, wrap),
            "Levels above 255 wrap around to dark ones. Clip before you convert.",
            WRAPS,
        ),
        ideas.cuts_the_decimals_off(
            count(divide, times, cut_off),
            "3 photons at a gain of 1.6 are 4.8 levels, nearest to 5. Round with np.rint.",
            CUTS_OFF,
        ),
        ideas.neither_rounds_nor_clips(
            count(divide, times, cut_off_and_wrap), section="3.3 To go deeper: Back to grey levels"
        ),
        ideas.draws_one_number_for_the_whole_image(
            one_count,
            "All pixels count the same photons. Give the whole array to poisson.",
            "3.1 What noise is",
        ),
        ideas.draws_once_for_each_level(
            from_a_table(my_add_poisson_noise), section="3.1 What noise is"
        ),
        ideas.does_not_use_rng(deaf(my_add_poisson_noise)),
    ),
    hints=(
        "How many photons does a pixel of level f expect? What does each photon become?",
        "A generator's method poisson(expected) takes an array and counts for each pixel.",
        "photons = np.random.default_rng(rng).poisson(image / gain), then gain * photons",
    ),
    then="How many different levels remain at a gain of 64? Try it on a photograph.",
)
