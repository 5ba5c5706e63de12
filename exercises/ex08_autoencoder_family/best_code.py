"""The best code of one unit.

The h >= 0 for which (t - h)**2 + weight * h is smallest.
"""

from functools import partial

import numpy as np
import torch

from exercises import ideas
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import arguments, random_floats
from exercises.ex08_autoencoder_family.shared import POSITIVE, SIDE, SPARSE, floats

HALVES = st.integers(-4, 8).map(lambda k: k / 2)


def my_best_code(t, weight):
    return np.maximum(t - weight / 2, 0)


def shrunk_by_torch(t, weight):
    return torch.nn.functional.softshrink(torch.from_numpy(t).clamp(min=0), weight / 2).numpy()


def best_code_in_place(t, weight):
    t -= weight / 2
    t[t < 0] = 0
    return t


def best_code_by_if(t, weight):
    code = t - weight / 2
    return 0 if code < 0 else code


def best_code_on_a_grid(t, weight):
    grid = np.linspace(0, 5, 501)
    costs = (t[:, None] - grid) ** 2 + weight * grid
    return grid[costs.argmin(axis=1)]


EXERCISE = Exercise(
    section=SPARSE,
    solution=my_best_code,
    reference=shrunk_by_torch,
    inputs=arguments(t=SIDE.flatmap(partial(floats, elements=HALVES)), weight=POSITIVE),
    examples={
        "one input": {"t": np.array([1.5]), "weight": 1.0},
        "the three inputs of section 8.2": {"t": np.array([0.3, 0.5, 1.5]), "weight": 1.0},
        "weight 0": {"t": np.array([0.5, 2.0]), "weight": 0.0},
        "a third, and a large input": {"t": np.array([1 / 3, 20.0]), "weight": 0.5},
    },
    more=(
        {"t": random_floats(50, low=-9, high=9), "weight": 0.3},
        {"t": random_floats(3), "weight": 40.0},
    ),
    misconceptions=(
        Misconception(
            "subtracts the whole weight",
            lambda t, weight: np.maximum(t - weight, 0),
            "You subtract λ. The derivative is 2 (h - t) + λ, so it is half of λ.",
        ),
        Misconception(
            "lets the code become negative",
            lambda t, weight: t - weight / 2,
            "You return t - λ / 2 for every t. Where it is negative, the best h ≥ 0 is 0.",
        ),
        Misconception(
            "keeps large inputs whole",
            lambda t, weight: np.where(t > weight / 2, t, 0),
            "You set small t to 0 and keep the others. The penalty takes λ / 2 off these, too.",
        ),
        Misconception(
            "shrinks negative inputs toward 0",
            lambda t, weight: np.sign(t) * np.maximum(np.abs(t) - weight / 2, 0),
            "You give a negative t a negative code. Codes after a ReLU are 0 or more.",
        ),
        Misconception(
            "ignores the weight",
            lambda t, weight: np.maximum(t, 0),
            "max(t, 0) is the best code without a penalty. The penalty takes λ / 2 off.",
        ),
        Misconception(
            "has a squared penalty in mind",
            lambda t, weight: np.maximum(t / (1 + weight), 0),
            "You divide t: that minimises (t - h)² + λ h², and never gives an exact 0 for "
            "t > 0. The L1 penalty subtracts.",
        ),
        Misconception(
            "takes the absolute value instead of the larger one",
            lambda t, weight: np.abs(t - weight / 2),
            "You turn negative results positive. They must become 0.",
        ),
        ideas.changes_its_argument(
            best_code_in_place,
            "You write into the array you were given. Compute a new one, t - weight / 2.",
        ),
        Misconception(
            "asks if for a whole array",
            best_code_by_if,
            "if wants one answer, and an array gives one for each number. np.maximum decides "
            "for each.",
        ),
        Misconception(
            "takes np.max for np.maximum",
            lambda t, weight: np.max(t - weight / 2, 0),
            "np.max finds the largest number of an array, and its second argument is an axis. "
            "np.maximum compares number by number.",
        ),
        Misconception(
            "searches on a grid",
            best_code_on_a_grid,
            "Between the numbers of your grid and beyond its end you miss the best one. Where "
            "is the derivative 0?",
        ),
    ),
    hints=(
        "Set the derivative of (t - h)² + λ h by h to zero.",
        "The derivative is 2 (h - t) + λ. It is zero at h = t - λ / 2: may h have that value?",
        "np.maximum(a, 0) replaces the negative numbers of a by 0.",
    ),
    then="The atom has length 2 instead of 1: what is the best code now?",
)
