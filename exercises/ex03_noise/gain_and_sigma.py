"""Read a camera's noise off flat patches.

The gain of the Poisson noise, and sigma of the Gaussian noise.
"""

import math

import numpy as np
import scipy.stats

from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import random_floats


def my_gain_and_sigma(brightness, variance):
    gain, squared_sigma = np.polyfit(brightness, variance, 1)
    return gain, np.sqrt(squared_sigma)


def right_gain_and_sigma(brightness, variance):
    line = scipy.stats.linregress(brightness, variance)
    return line.slope, math.sqrt(line.intercept)


def return_variance(brightness, variance):
    return tuple(np.polyfit(brightness, variance, 1))


def root_of_intercept(line):
    slope, intercept = line
    return slope, np.sqrt(max(intercept, 0))


def swap_results(brightness, variance):
    return right_gain_and_sigma(brightness, variance)[::-1]


def intercept_first(brightness, variance):
    squared_sigma, gain = np.polyfit(brightness, variance, 1)
    return gain, np.sqrt(squared_sigma)


def through_origin(brightness, variance):
    return (brightness * variance).sum() / (brightness**2).sum(), 0.0


def mean_ratio(brightness, variance):
    gain, sigma = right_gain_and_sigma(brightness, variance)
    return (variance / brightness).mean(), sigma


def fit_deviation(brightness, variance):
    return tuple(np.polyfit(brightness, np.sqrt(variance), 1))


def darkest_is_black(brightness, variance):
    gain, _ = right_gain_and_sigma(brightness, variance)
    return gain, math.sqrt(variance.min())


def root_of_slope(brightness, variance):
    gain, sigma = right_gain_and_sigma(brightness, variance)
    return math.sqrt(gain), sigma


def first_and_last(brightness, variance):
    gain = (variance[-1] - variance[0]) / (brightness[-1] - brightness[0])
    return gain, np.sqrt(variance[0] - gain * brightness[0])


def measure(start, step, number, gain, sigma, scatter=0):
    """Brightness levels and the variances that a camera shows there."""
    brightness = start + step * np.arange(number, dtype=float)
    variance = gain * brightness + sigma**2
    variance[1::2] += scatter
    return {"brightness": brightness, "variance": variance}


UNEVEN = np.array([3.0, 4.5, 9.0, 20.0, 21.0, 77.7, 130.0, 180.0, 181.0])

EXERCISE = Exercise(
    section="3.8 The variance gives them away",
    solution=my_gain_and_sigma,
    reference=right_gain_and_sigma,
    inputs=st.builds(
        measure,
        start=st.sampled_from([10, 20, 50]),
        step=st.sampled_from([10, 20, 50]),
        number=st.integers(2, 4),
        gain=st.integers(1, 4),
        sigma=st.integers(1, 10),
    ),
    examples={
        "two levels": measure(10, 10, 2, gain=2, sigma=3),
        "a black level": measure(0, 50, 4, gain=2, sigma=3),
        "variances that scatter": measure(10, 50, 4, gain=2, sigma=5, scatter=6),
    },
    more=(
        {"brightness": UNEVEN, "variance": 1.7 * UNEVEN + 3.3},
        {"brightness": UNEVEN, "variance": 0.4 * UNEVEN + 20 + random_floats(9)},
    ),
    misconceptions=(
        Misconception(
            "returns the variance instead of sigma",
            return_variance,
            "The line meets the axis at the variance sigma². Take its square root.",
            "To go deeper: sigma is not the variance",
        ),
        Misconception(
            "exchanges brightness and variance",
            lambda brightness, variance: root_of_intercept(np.polyfit(variance, brightness, 1)),
            "np.polyfit wants x first. The variance is what grows with the brightness: it is y.",
        ),
        Misconception(
            "swaps gain and sigma",
            swap_results,
            "The slope of the line is the gain, and is returned first. Sigma is the second number.",
        ),
        Misconception(
            "draws the line through the origin",
            through_origin,
            "At black only the Poisson noise is 0. The Gaussian noise stays: fit it, too.",
        ),
        Misconception(
            "divides the variance by the brightness",
            mean_ratio,
            "That is the gain of a camera without Gaussian noise. Take the slope of the line.",
        ),
        Misconception(
            "fits the standard deviation",
            fit_deviation,
            "Variances of independent noises add up, deviations do not. Fit the variance.",
        ),
        Misconception(
            "takes the darkest patch for black",
            darkest_is_black,
            "The darkest patch has Poisson noise as well. Extend the line to brightness 0.",
        ),
        Misconception(
            "takes the square root of the slope",
            root_of_slope,
            "The slope of the variance is the gain itself. Only sigma needs a root.",
        ),
        Misconception(
            "uses the first and the last patch only",
            first_and_last,
            "Measured variances scatter. Let all patches decide: np.polyfit.",
        ),
        Misconception(
            "swaps slope and intercept",
            intercept_first,
            "np.polyfit returns the highest power first: the slope, then the intercept. The "
            "slope is the gain.",
        ),
    ),
    hints=(
        "Write the variance of both noises as one formula in the brightness.",
        "variance = gain · k + sigma² is a straight line. np.polyfit(x, y, 1) finds it.",
        "gain, squared = np.polyfit(brightness, variance, 1); what is squared the square of?",
    ),
    then="Add Poisson, then Gaussian noise to flat patches, and get both parameters back.",
)
