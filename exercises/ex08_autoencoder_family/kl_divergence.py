"""The divergence from the prior.

KL of N(mean, exp(log_variance)) from N(0, 1), one number a row.
"""

import numpy as np
import torch

from exercises import ideas
from exercises.checker.exercise import Exercise, Misconception
from exercises.ex08_autoencoder_family.shared import (
    FLOAT32,
    MEAN_OVER_PIXELS,
    VARIATIONAL,
    kl_terms,
    more_of_one_shape,
    same_shape,
)


def my_kl_divergence(mean, log_variance):
    terms = mean**2 + np.exp(log_variance) - 1 - log_variance
    return terms.sum(axis=1) / 2


def kl_by_torch(mean, log_variance):
    q = torch.distributions.Normal(*map(torch.from_numpy, (mean, np.sqrt(np.exp(log_variance)))))
    prior = torch.distributions.Normal(0.0, 1.0)
    return torch.distributions.kl_divergence(q, prior).sum(dim=1).numpy()


EXERCISE = Exercise(
    section=VARIATIONAL,
    solution=my_kl_divergence,
    reference=kl_by_torch,
    tolerance=FLOAT32,
    inputs=same_shape("mean", "log_variance"),
    examples={
        "the prior itself": {"mean": np.array([[0.0]]), "log_variance": np.array([[0.0]])},
        "variance 1": {"mean": np.array([[2.0]]), "log_variance": np.array([[0.0]])},
        "one code of two numbers": {
            "mean": np.array([[1.0, 0.0]]),
            "log_variance": np.array([[0.0, 1.0]]),
        },
    },
    more=more_of_one_shape("mean", "log_variance"),
    misconceptions=(
        ideas.takes_the_log_variance_for_the_variance(
            lambda mean, v: kl_terms(mean, v, np.log(v)).sum(axis=1),
            "You take the logarithm of a logarithm. The variance is exp(log_variance).",
        ),
        ideas.takes_the_log_variance_for_the_standard_deviation(
            lambda mean, v: kl_terms(mean, v**2, np.log(v**2)).sum(axis=1),
            "You square it to get a variance. The variance is exp(log_variance).",
        ),
        Misconception(
            "takes the log-variance for the logarithm of the standard deviation",
            lambda mean, v: kl_terms(mean, np.exp(2 * v), 2 * v).sum(axis=1),
            "Your variance is exp(2 v). Since v is the log of s², it is exp(v).",
        ),
        Misconception(
            "forgets the one half",
            lambda mean, v: 2 * kl_terms(mean, np.exp(v), v).sum(axis=1),
            "The densities have 2 in their exponents. So the sum is halved.",
        ),
        Misconception(
            "has the opposite sign",
            lambda mean, v: -kl_terms(mean, np.exp(v), v).sum(axis=1),
            "You return minus KL, as it stands in the bound. KL itself is 0 or more.",
        ),
        Misconception(
            "takes the mean over the dimensions",
            lambda mean, v: kl_terms(mean, np.exp(v), v).mean(axis=1),
            "Independent numbers add their divergences. A mean weakens a long code's KL.",
            MEAN_OVER_PIXELS,
        ),
        Misconception(
            "adds up over the codes",
            lambda mean, v: kl_terms(mean, np.exp(v), v).sum(axis=0),
            "axis=0 runs over the codes. Each code has its own KL: add up along axis=1.",
        ),
        Misconception(
            "returns one number for all codes",
            lambda mean, v: kl_terms(mean, np.exp(v), v).sum(),
            "You add up over all codes. Each code has its own KL: add up along axis=1.",
        ),
        Misconception(
            "forgets the 1",
            lambda mean, v: kl_terms(mean, np.exp(v) + 1, v).sum(axis=1),
            "Without the - 1, the prior itself has a KL of 1/2 a dimension. It must be 0.",
        ),
        Misconception(
            "adds the log-variance",
            lambda mean, v: kl_terms(mean, np.exp(v), -v).sum(axis=1),
            "You add log s². It is subtracted: a narrow q has a large KL.",
        ),
        Misconception(
            "does not square the mean",
            lambda mean, v: (mean + np.exp(v) - 1 - v).sum(axis=1) / 2,
            "A mean of -2 is as far from 0 as one of 2. It enters as its square.",
        ),
        Misconception(
            "turns the two distributions round",
            lambda mean, v: ((mean**2 + 1) / np.exp(v) - 1 + v).sum(axis=1) / 2,
            "This is the KL of the prior from q. The bound has that of q from the prior.",
        ),
        Misconception(
            "halves the first term only",
            lambda mean, v: (mean**2 / 2 + np.exp(v) - 1 - v).sum(axis=1),
            "The one half stands before the whole sum. Put all four terms in parentheses.",
        ),
        Misconception(
            "squares the variance",
            lambda mean, v: kl_terms(mean, np.exp(v) ** 2, v).sum(axis=1),
            "exp(log_variance) is s² already. Do not square it again.",
        ),
    ),
    hints=(
        "Take the closed form of step 6, number by number. Which of its parts are given?",
        "s² is np.exp(log_variance), and log s² is log_variance itself.",
        "(mean**2 + s2 - 1 - log_variance) / 2, added up with .sum(axis=1).",
    ),
    then="Which s² makes KL smallest if the mean is 2? Does the mean matter for that?",
)
