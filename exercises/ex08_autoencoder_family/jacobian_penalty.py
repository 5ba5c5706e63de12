"""The penalty of the contractive autoencoder.

Squared Frobenius norm of the Jacobian of sigmoid(weight @ x + bias).
"""

from functools import partial

import numpy as np
import torch

from exercises import ideas
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import random_floats
from exercises.ex08_autoencoder_family.shared import FLOAT32, SIDE, floats

CONTRACTIVE = "8.3 Contractive: a code that stays calm"


def my_jacobian_penalty(weight, bias, x):
    h = 1 / (1 + np.exp(-(weight @ x + bias)))
    jacobian = (h * (1 - h))[:, None] * weight
    return (jacobian**2).sum()


def differentiated(weight, bias, x):
    """PyTorch differentiates each unit by each pixel."""
    weight, bias, x = map(torch.from_numpy, (weight, bias, x))
    jacobian = torch.autograd.functional.jacobian(lambda x: (weight @ x + bias).sigmoid(), x)
    return jacobian.square().sum().item()


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def jacobian(weight, bias, x):
    h = sigmoid(weight @ x + bias)
    return (h * (1 - h))[:, None] * weight


def penalty_with(weight, bias, x, slope):
    """Squared norm of diag(slope) W, the slope computed from a = W x + b."""
    return ((slope(weight @ x + bias)[:, None] * weight) ** 2).sum()


def penalty_unsquared_slope(weight, bias, x):
    h = sigmoid(weight @ x + bias)
    return h * (1 - h) @ (weight**2).sum(axis=1)


def penalty_along_pixels(weight, bias, x):
    h = sigmoid(weight @ x + bias)
    return ((h * (1 - h) * weight) ** 2).sum()


def penalty_by_unit(weight, bias, x):
    return (jacobian(weight, bias, x) ** 2).sum(axis=1)


@st.composite
def layers(draw):
    units, pixels = draw(SIDE), draw(SIDE)
    weight = draw(floats(units, pixels))
    return {"weight": weight, "bias": draw(floats(units)), "x": draw(floats(pixels))}


EXERCISE = Exercise(
    section=CONTRACTIVE,
    solution=my_jacobian_penalty,
    reference=differentiated,
    tolerance=FLOAT32,
    inputs=layers(),
    examples={
        "one unit with h = 1/2": {
            "weight": np.array([[4.0]]),
            "bias": np.array([0.0]),
            "x": np.array([0.0]),
        },
        "W = (3, 4)": {
            "weight": np.array([[3.0, 4.0]]),
            "bias": np.array([0.0]),
            "x": np.array([0.0, 0.0]),
        },
        "two units": {
            "weight": np.array([[1.0, 0.0], [0.0, 2.0]]),
            "bias": np.array([0.0, 1.0]),
            "x": np.array([1.0, 0.5]),
        },
    },
    more=(
        {"weight": random_floats(5, 9), "bias": random_floats(5, low=-3), "x": random_floats(9)},
    ),
    misconceptions=(
        Misconception(
            "does not square the slope",
            penalty_unsquared_slope,
            "You square W, but not h (1 - h). An entry of J is their product, and the norm "
            "squares it.",
        ),
        Misconception(
            "forgets the sigmoid",
            partial(penalty_with, slope=np.ones_like),
            "You return the squared norm of W. The chain rule multiplies row j by h_j (1 - h_j).",
        ),
        Misconception(
            "returns the norm without the square",
            lambda weight, bias, x: np.linalg.norm(jacobian(weight, bias, x)),
            "You take the root at the end. The wish is the squared Frobenius norm.",
        ),
        ideas.takes_the_spectral_norm(
            lambda weight, bias, x: np.linalg.norm(jacobian(weight, bias, x), 2) ** 2,
            "Your norm looks at the strongest direction only. Frobenius adds up all entries.",
        ),
        Misconception(
            "adds absolute values",
            lambda weight, bias, x: np.abs(jacobian(weight, bias, x)).sum(),
            "You add up |J|. The squared Frobenius norm adds up squares.",
        ),
        Misconception(
            "squares the sums of the rows",
            lambda weight, bias, x: (jacobian(weight, bias, x).sum(axis=1) ** 2).sum(),
            "You add first and square then, so that signs cancel. Square each entry.",
        ),
        Misconception(
            "computes a (1 - a) without the sigmoid",
            partial(penalty_with, slope=lambda a: a * (1 - a)),
            "You put W x + b where h belongs. Apply the sigmoid first.",
        ),
        Misconception(
            "applies the sigmoid's slope to h",
            partial(penalty_with, slope=lambda a: sigmoid(sigmoid(a)) * (1 - sigmoid(sigmoid(a)))),
            "You apply the sigmoid twice. With h at hand, the slope is h (1 - h).",
        ),
        Misconception(
            "takes the slope of tanh",
            partial(penalty_with, slope=lambda a: 1 - sigmoid(a) ** 2),
            "1 - h² is the slope of tanh. The sigmoid's is h (1 - h).",
        ),
        Misconception(
            "forgets the bias",
            lambda weight, bias, x: (jacobian(weight, 0 * bias, x) ** 2).sum(),
            "You compute h without b. The slope depends on it.",
        ),
        Misconception(
            "multiplies the slopes along the pixels",
            penalty_along_pixels,
            "NumPy matches the last axis, which runs over the pixels. Write slope[:, None].",
        ),
        Misconception(
            "takes the mean of the entries",
            lambda weight, bias, x: (jacobian(weight, bias, x) ** 2).mean(),
            "You divide by the number of entries. The norm is a sum.",
        ),
        Misconception(
            "returns one number for each unit",
            penalty_by_unit,
            "You add up over the pixels only. Add up over the units as well.",
        ),
    ),
    hints=(
        "Compute h first. What is the slope of each unit?",
        "J is W with row j multiplied by h_j (1 - h_j).",
        "slope = h * (1 - h); then (slope[:, None] * weight)**2, added up.",
    ),
    then="Multiply W by 1000. Does the penalty grow without limit? Why is that a trap?",
)
