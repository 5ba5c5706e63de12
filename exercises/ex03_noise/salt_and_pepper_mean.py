"""What salt and pepper does to the mean.

Expected mean of a flat patch after the noise.
"""

import numpy as np

from exercises import ideas
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import arguments


def my_salt_and_pepper_mean(level, amount, salt_fraction):
    return (1 - amount) * level + amount * salt_fraction * 255


def weighted_mean(level, amount, salt_fraction):
    fractions = [1 - amount, amount * salt_fraction, amount * (1 - salt_fraction)]
    return np.average([level, 255, 0], weights=fractions)


def add_white_to_all(level, amount, salt_fraction):
    return level + amount * salt_fraction * 255


def forget_pepper(level, amount, salt_fraction):
    return (1 - amount * salt_fraction) * level + amount * salt_fraction * 255


def subtract_pepper(level, amount, salt_fraction):
    return level + amount * salt_fraction * 255 - amount * (1 - salt_fraction) * 255


def swap_fractions(level, amount, salt_fraction):
    return weighted_mean(level, amount, 1 - salt_fraction)


def half_and_half(level, amount, salt_fraction):
    return weighted_mean(level, amount, 0.5)


def white_is_one(level, amount, salt_fraction):
    return (1 - amount) * level + amount * salt_fraction


def round_the_mean(level, amount, salt_fraction):
    return round(weighted_mean(level, amount, salt_fraction))


def tenths(highest=10):
    """Strategy: 0, 0.1, 0.2, …"""
    return st.integers(0, highest).map(lambda number: number / 10)


EXERCISE = Exercise(
    section="3.5 Salt-and-pepper noise",
    solution=my_salt_and_pepper_mean,
    reference=weighted_mean,
    inputs=arguments(level=st.integers(0, 255), amount=tenths(), salt_fraction=tenths()),
    examples={
        "no pixel is hit": {"level": 50, "amount": 0.0, "salt_fraction": 0.5},
        "every pixel is hit": {"level": 50, "amount": 1.0, "salt_fraction": 0.2},
        "only pepper": {"level": 50, "amount": 0.1, "salt_fraction": 0.0},
    },
    more=({"level": 201, "amount": 0.123, "salt_fraction": 0.456},),
    misconceptions=(
        Misconception(
            "leaves the mean alone",
            lambda level, amount, salt_fraction: level,
            "Salt and pepper balance at one level only. Weight each level by its fraction.",
        ),
        Misconception(
            "keeps the level of the hit pixels",
            add_white_to_all,
            "A hit pixel loses its level. Only the fraction 1 - amount keeps it.",
        ),
        Misconception(
            "forgets the pepper",
            forget_pepper,
            "Pepper adds nothing to the sum, but its pixels lose their level, too.",
        ),
        Misconception(
            "adds and subtracts 255",
            subtract_pepper,
            "Salt and pepper noise is not additive. It replaces the level by 255 or by 0.",
        ),
        ideas.swaps_salt_and_pepper(swap_fractions),
        ideas.ignores_the_fraction_of_salt(
            half_and_half,
            "Half and half is one case only. The salt has the fraction amount × salt_fraction.",
        ),
        Misconception(
            "counts salt as 1",
            white_is_one,
            "Your scale is 0 … 1. Here white is the level 255.",
        ),
        Misconception(
            "rounds the mean",
            round_the_mean,
            "Levels are whole numbers; their mean need not be. Return it as it is.",
        ),
        Misconception(
            "takes salt_fraction for a fraction of all pixels",
            lambda level, amount, salt_fraction: (1 - amount) * level + salt_fraction * 255,
            "salt_fraction is a fraction of the pixels that are hit. Salt covers "
            "amount * salt_fraction of the patch.",
        ),
        Misconception(
            "takes 256 for white",
            lambda level, amount, salt_fraction: (
                (1 - amount) * level + amount * salt_fraction * 256
            ),
            "There are 256 levels, but the first is 0. White is 255.",
        ),
    ),
    hints=(
        "Which three levels occur, and which fraction of the pixels has each?",
        "A mean is the sum of level × fraction. Black adds 0.",
        "(1 - amount) * level + … * 255",
    ),
    then="At which level does the mean stay? Set the formula equal to the level, and solve.",
)
