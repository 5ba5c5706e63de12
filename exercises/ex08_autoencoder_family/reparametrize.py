"""A draw with a slope.

z = mean + standard deviation * noise, elementwise.
"""

import math

import numpy as np
import torch

from exercises import ideas
from exercises.checker.exercise import Exercise, Misconception
from exercises.ex08_autoencoder_family.shared import VARIATIONAL, more_of_one_shape, same_shape


def my_reparametrize(mean, log_variance, noise):
    return mean + np.exp(log_variance / 2) * noise


def drawn_by_torch(mean, log_variance, noise):
    """Shift and stretch by PyTorch, with the deviation as root of the variance."""
    mean, log_variance, noise = map(torch.from_numpy, (mean, log_variance, noise))
    move = torch.distributions.AffineTransform(mean, log_variance.exp().sqrt())
    return move(noise).numpy()


def reparametrize_in_place(mean, log_variance, noise):
    noise *= np.exp(log_variance / 2)
    noise += mean
    return noise


EXERCISE = Exercise(
    section=VARIATIONAL,
    solution=my_reparametrize,
    reference=drawn_by_torch,
    inputs=same_shape("mean", "log_variance", "noise"),
    examples={
        "the prior": {
            "mean": np.array([[0.0]]),
            "log_variance": np.array([[0.0]]),
            "noise": np.array([[1.0]]),
        },
        "variance e²": {
            "mean": np.array([[0.0]]),
            "log_variance": np.array([[2.0]]),
            "noise": np.array([[1.0]]),
        },
        "no noise": {
            "mean": np.array([[0.5, -1.0]]),
            "log_variance": np.array([[1.0, -2.0]]),
            "noise": np.array([[0.0, 0.0]]),
        },
    },
    more=more_of_one_shape("mean", "log_variance", "noise"),
    misconceptions=(
        Misconception(
            "multiplies the noise by the variance",
            lambda mean, v, noise: mean + np.exp(v) * noise,
            "exp(log-variance) is the variance. The noise is scaled by its root, s.",
        ),
        ideas.takes_the_log_variance_for_the_standard_deviation(
            lambda mean, v, noise: mean + v * noise,
            "You multiply by the logarithm itself. Half of it, and exp, give s.",
        ),
        ideas.takes_the_log_variance_for_the_variance(
            lambda mean, v, noise: mean + np.sqrt(v) * noise,
            "You take the root of a logarithm, which may be negative. Apply exp first.",
        ),
        Misconception(
            "halves after exp",
            lambda mean, v, noise: mean + np.exp(v) / 2 * noise,
            "exp(a) / 2 is not exp(a / 2). The root of exp(a) is the second one.",
        ),
        Misconception(
            "does not scale the noise",
            lambda mean, v, noise: mean + noise,
            "Your draws have variance 1 whatever the encoder says. Multiply the noise by s.",
        ),
        Misconception(
            "scales the mean as well",
            lambda mean, v, noise: (mean + noise) * np.exp(v / 2),
            "You add before you scale, so that the mean is scaled too. Scale the noise alone.",
        ),
        Misconception(
            "forgets the mean",
            lambda mean, v, noise: np.exp(v / 2) * noise,
            "Your draws lie around 0. Those of q lie around its mean.",
        ),
        Misconception(
            "divides by the standard deviation",
            lambda mean, v, noise: mean + noise / np.exp(v / 2),
            "Dividing by s turns draws into standard noise. Here noise becomes a draw: multiply "
            "by s.",
        ),
        Misconception(
            "draws noise of its own",
            lambda mean, v, noise: (
                mean + np.exp(v / 2) * np.random.default_rng().standard_normal(mean.shape)
            ),
            "Here the noise is an argument. So the result can be compared, and has a slope.",
        ),
        ideas.changes_its_argument(
            reparametrize_in_place, "You write into an array you were given. Return a new one."
        ),
        Misconception(
            "uses math.exp",
            lambda mean, log_variance, noise: mean + math.exp(log_variance / 2) * noise,
            "math.exp takes a single number. np.exp takes arrays.",
        ),
        ideas.multiplies_matrices(
            lambda mean, log_variance, noise: mean + np.exp(log_variance / 2) @ noise,
            "@ is the product of matrices. Each number has its own noise: *.",
        ),
        Misconception(
            "multiplies the noise by the squared variance",
            lambda mean, log_variance, noise: mean + np.exp(2 * log_variance) * noise,
            "The standard deviation is the root of the variance: halve log_variance before exp.",
        ),
        Misconception(
            "halves the standard deviation",
            lambda mean, log_variance, noise: mean + np.exp(log_variance / 2) / 2 * noise,
            "The half is in the exponent already: exp(log_variance / 2) is the standard deviation.",
        ),
    ),
    hints=(
        "What is the standard deviation, if v is the logarithm of the variance?",
        "The variance is exp(v), and its root is exp(v / 2).",
        "z = mean + (the root of the variance) * noise, elementwise.",
    ),
    then="Differentiate z by log_variance. When is the slope large?",
)
