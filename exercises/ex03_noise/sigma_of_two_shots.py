"""Sigma from two shots.

The standard deviation of the noise, whatever the scene shows.
"""

import numpy as np

from course_utils.convolution import correlate2d
from course_utils.images import load_image
from course_utils.noise import add_gaussian_noise
from exercises import ideas
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception

MASK = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]])


def my_sigma_of_two_shots(first, second):
    difference = first.astype(int) - second
    return difference.std() / np.sqrt(2)


def right_sigma(first, second):
    """Root of half the mean square of the differences, around their mean."""
    difference = first.astype(float) - second
    squares = np.square(difference - difference.mean())
    return float(np.sqrt(squares.mean() / 2))


def see_sigma(value, arguments):
    """The right value, if an estimate comes within a tenth of it; else the estimate."""
    right = right_sigma(**arguments)
    return right if abs(value - right) <= right / 10 else float(value)


def difference(first, second):
    return first.astype(float) - second


def by_mask(first, second):
    return float(np.median(abs(correlate2d(first, MASK))) / 0.6745 / 6)


def cases():
    """Two shots of pieces of photographs, smooth and full of texture; the smallest comes first."""
    crops = {
        "grass": load_image("grass")[100:164, 100:164],
        "a piece of the moon": load_image("moon")[60:130, 60:130],
        "a brick wall": load_image("brick")[100:180, 100:180],
        "gravel": load_image("gravel")[100:190, 100:190],
        "a cat": load_image("chelsea", gray=True)[100:200, 150:250],
    }
    made = {}
    for seed, (what, scene) in enumerate(crops.items()):
        for sigma in (4, 12):
            shots = [add_gaussian_noise(scene, sigma, rng=10 * seed + n) for n in (sigma, 1)]
            made[f"{what} with sigma {sigma}"] = {"first": shots[0], "second": shots[1]}
    return made


CASES = cases()

EXERCISE = Exercise(
    section="3.10 What can you do about noise?",
    solution=my_sigma_of_two_shots,
    reference=right_sigma,
    inputs=st.sampled_from(list(CASES.values())),
    examples=CASES,
    observe=see_sigma,
    larger="statistics need many pixels",
    misconceptions=(
        Misconception(
            "forgets the root of 2",
            lambda first, second: difference(first, second).std(),
            "The difference holds the noise of both shots, and variances add up: its variance is "
            "twice that of one shot.",
        ),
        Misconception(
            "takes half the deviation of the difference",
            lambda first, second: difference(first, second).std() / 2,
            "The variance of the difference is twice as large, so the standard deviation is the "
            "root of 2 times as large.",
        ),
        Misconception(
            "returns the variance",
            lambda first, second: difference(first, second).var() / 2,
            "That is the variance of the noise. Take its square root.",
            "To go deeper: sigma is not the variance",
        ),
        ideas.subtracts_in_uint8(
            lambda first, second: (first - second).std() / np.sqrt(2),
            "A uint8 has no sign: -1 wraps around to 255. Convert to int before you subtract.",
        ),
        Misconception(
            "measures the spread of one shot",
            lambda first, second: first.std(),
            "A shot holds the scene, too, and its levels differ much. Take the difference of the "
            "two shots: the scene cancels.",
        ),
        Misconception(
            "uses the mask",
            by_mask,
            "On fine texture the mask takes the scene for noise. The difference of two shots has "
            "no scene in it.",
        ),
        Misconception(
            "takes the mean size of the difference",
            lambda first, second: abs(difference(first, second)).mean() / np.sqrt(2),
            "The mean size of a Gaussian noise is 0.8 times its standard deviation. Take std.",
        ),
        Misconception(
            "takes the mean of the difference",
            lambda first, second: abs(difference(first, second).mean()),
            "Positive and negative differences cancel in the mean. Ask for their spread.",
        ),
        Misconception(
            "averages the two shots",
            lambda first, second: ((first.astype(int) + second) / 2).std(),
            "In the mean the noise gets weaker and the scene stays. Subtract instead.",
        ),
    ),
    hints=(
        "What do the two shots have in common, and how do you get rid of it?",
        "Subtract the shots as ints. The scene is gone, and the noise of both is left.",
        "The variance of the difference is 2 sigma². Divide its standard deviation by the root "
        "of 2.",
    ),
    then="Compare it with estimate_sigma on grass, on brick and on the moon.",
)
