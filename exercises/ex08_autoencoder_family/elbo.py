"""The bound.

Evidence lower bound of one image, with its constant.
"""

from functools import partial

import numpy as np
import torch

from course_utils import autoencoder_family as family
from exercises import ideas
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import random_floats
from exercises.ex08_autoencoder_family.shared import (
    FLOAT32,
    MEAN_OVER_PIXELS,
    POSITIVE,
    SIDE,
    VARIATIONAL,
    floats,
    kl_terms,
)

LEVELS = st.sampled_from([0.0, 0.5, 1.0])  # of pixels on the scale 0 … 1


def my_elbo(image, reconstruction, mean, log_variance, sigma):
    fit = -((image - reconstruction) ** 2).sum() / (2 * sigma**2)
    fit -= image.size / 2 * np.log(2 * np.pi * sigma**2)
    kl = (mean**2 + np.exp(log_variance) - 1 - log_variance).sum() / 2
    return fit - kl


def elbo_by_torch(image, reconstruction, mean, log_variance, sigma):
    """Minus the loss of the notebook, for a batch of one."""
    parts = (image, reconstruction, mean, log_variance)
    image, *output = (torch.from_numpy(part[None]) for part in parts)
    return -family.negative_elbo(sigma)(output, image).item()


def elbo_with(
    image,
    reconstruction,
    mean,
    log_variance,
    sigma,
    fit=lambda change, sigma: -(change**2).sum() / (2 * sigma**2),
    constant=lambda size, sigma: size / 2 * np.log(2 * np.pi * sigma**2),
    kl=lambda mean, v: kl_terms(mean, np.exp(v), v).sum(),
):
    """The bound with one of its parts replaced."""
    likelihood = fit(image - reconstruction, sigma) - constant(image.size, sigma)
    return likelihood - kl(mean, log_variance)


@st.composite
def descriptions(draw):
    shape, dimensions = draw(st.tuples(st.integers(1, 2), st.integers(1, 2))), draw(SIDE)
    return {
        "image": draw(floats(*shape, elements=LEVELS)),
        "reconstruction": draw(floats(*shape, elements=LEVELS)),
        "mean": draw(floats(dimensions)),
        "log_variance": draw(floats(dimensions)),
        "sigma": draw(POSITIVE),
    }


ONE_PIXEL = {
    "image": np.array([[1.0]]),
    "reconstruction": np.array([[0.5]]),
    "mean": np.array([0.0]),
    "log_variance": np.array([0.0]),
    "sigma": 1.0,
}


EXERCISE = Exercise(
    section=MEAN_OVER_PIXELS,
    solution=my_elbo,
    reference=elbo_by_torch,
    tolerance=FLOAT32,
    inputs=descriptions(),
    examples={
        "one pixel": ONE_PIXEL,
        "a perfect copy": ONE_PIXEL | {"reconstruction": np.array([[1.0]])},
        "a code that says something": {
            **ONE_PIXEL,
            "mean": np.array([1.0, 0.0]),
            "log_variance": np.array([0.0, -1.0]),
        },
    },
    more=tuple(
        {
            "image": random_floats(7, 5, low=0),
            "reconstruction": random_floats(7, 5, low=0, seed=1),
            "mean": random_floats(6, low=-3, high=3),
            "log_variance": random_floats(6, low=-9, high=9),
            "sigma": sigma,
        }
        for sigma in (0.07, 3.1)
    ),
    misconceptions=(
        ideas.takes_the_mean_over_the_pixels(
            partial(elbo_with, fit=lambda change, s: -(change**2).mean() / (2 * s**2)),
            "You divide the first term by the number of pixels, and then no code pays. Sum.",
        ),
        ideas.forgets_the_2(
            partial(elbo_with, fit=lambda change, s: -(change**2).sum() / s**2),
            "The exponent of a normal density is divided by 2 σ². You divide by σ².",
            VARIATIONAL,
        ),
        Misconception(
            "divides by sigma instead of its square",
            partial(elbo_with, fit=lambda change, s: -(change**2).sum() / (2 * s)),
            "The exponent of a normal density is divided by 2 σ². You divide by 2 σ.",
            VARIATIONAL,
        ),
        Misconception(
            "ignores sigma",
            partial(elbo_with, fit=lambda change, s: -(change**2).sum()),
            "The balance of the two terms follows from σ. Divide by 2 σ².",
        ),
        Misconception(
            "multiplies by half of sigma squared",
            partial(elbo_with, fit=lambda change, s: -(change**2).sum() / 2 * s**2),
            "x / 2 * σ**2 multiplies by σ². Put 2 * σ**2 in parentheses.",
        ),
        ideas.takes_the_root_of_the_squared_error(
            partial(elbo_with, fit=lambda change, s: -np.linalg.norm(change) / (2 * s**2)),
            "You take the norm of x - g(z). The bound has its square.",
            VARIATIONAL,
        ),
        Misconception(
            "rewards a bad reconstruction",
            partial(elbo_with, fit=lambda change, s: (change**2).sum() / (2 * s**2)),
            "log p(x|z) is minus the squared error. You lost its sign.",
            VARIATIONAL,
        ),
        Misconception(
            "leaves out the constant",
            partial(elbo_with, constant=lambda size, sigma: 0),
            "Without -log(2 π σ²) / 2 a pixel, bounds for different σ cannot be compared.",
            VARIATIONAL,
        ),
        Misconception(
            "counts the constant once",
            partial(elbo_with, constant=lambda size, s: np.log(2 * np.pi * s**2) / 2),
            "Every pixel has a density, and each brings the constant. Multiply by their number.",
            VARIATIONAL,
        ),
        Misconception(
            "adds the constant",
            partial(elbo_with, constant=lambda size, s: -size / 2 * np.log(2 * np.pi * s**2)),
            "The density is divided by √(2 π) σ. Its logarithm is subtracted.",
            VARIATIONAL,
        ),
        Misconception(
            "returns the loss",
            lambda *arguments: -elbo_with(*arguments),
            "You return what is minimised. The bound is minus that.",
        ),
        Misconception(
            "adds the KL",
            partial(elbo_with, kl=lambda mean, v: -kl_terms(mean, np.exp(v), v).sum()),
            "The bound wants codes like the prior. So the KL is subtracted.",
            VARIATIONAL,
        ),
        Misconception(
            "forgets the KL",
            partial(elbo_with, kl=lambda mean, v: 0),
            "You return the first term only. Subtract the KL of q from the prior.",
            VARIATIONAL,
        ),
        Misconception(
            "takes the KL's mean over the dimensions",
            partial(elbo_with, kl=lambda mean, v: kl_terms(mean, np.exp(v), v).mean()),
            "Independent numbers add their divergences. Sum over the dimensions.",
            VARIATIONAL,
        ),
        Misconception(
            "forgets the one half of the KL",
            partial(elbo_with, kl=lambda mean, v: 2 * kl_terms(mean, np.exp(v), v).sum()),
            "Your KL is twice too large. Its closed form begins with 1/2.",
            VARIATIONAL,
        ),
        ideas.takes_the_spectral_norm(
            partial(
                elbo_with,
                fit=lambda change, sigma: -(np.linalg.norm(change, 2) ** 2) / (2 * sigma**2),
            ),
            "Of a matrix, np.linalg.norm(…, 2) is the largest factor by which it stretches. "
            "Square the differences and add them up.",
            VARIATIONAL,
        ),
    ),
    hints=(
        "Two terms: log p(x|z), which adds up over the pixels, and the KL.",
        "A pixel has -(its change)**2 / (2 * sigma**2) - np.log(2 * np.pi * sigma**2) / 2.",
        "Subtract (mean**2 + np.exp(log_variance) - 1 - log_variance).sum() / 2.",
    ),
    then="Take the mean over pixels instead: which σ would give the same number?",
)
