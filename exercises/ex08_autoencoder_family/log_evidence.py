"""The probability of an image.

log of the mean of p(x, z) / q(z), for draws z from q.
"""

import numpy as np
import torch

from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import arguments, random_floats
from exercises.ex08_autoencoder_family.shared import SIDE, VARIATIONAL, floats


def my_log_evidence(log_joint, log_q):
    log_ratio = log_joint - log_q
    largest = log_ratio.max()  # so that no exp is too large or too small for a float
    return largest + np.log(np.exp(log_ratio - largest).mean())


def added_by_torch(log_joint, log_q):
    log_ratio = torch.from_numpy(log_joint - log_q)
    return (log_ratio.logsumexp(dim=0) - np.log(len(log_ratio))).item()


def log_mean(values, taken_out=np.max):
    number = taken_out(values)
    return number + np.log(np.exp(values - number).mean())


def evidence_without_largest(log_joint, log_q):
    log_ratio = log_joint - log_q
    return np.log(np.exp(log_ratio - log_ratio.max()).mean())


def logarithm_to_base_10(log_joint, log_q):
    log_ratio = log_joint - log_q
    return log_ratio.max() + np.log10(np.exp(log_ratio - log_ratio.max()).mean())


EXERCISE = Exercise(
    section=VARIATIONAL,
    solution=my_log_evidence,
    reference=added_by_torch,
    inputs=SIDE.flatmap(lambda count: arguments(log_joint=floats(count), log_q=floats(count))),
    examples={
        "a single draw": {"log_joint": np.array([-1.0]), "log_q": np.array([-0.5])},
        "equal draws": {"log_joint": np.array([-1.0, -1.0]), "log_q": np.zeros(2)},
        "very small probabilities": {
            "log_joint": np.array([-1000.0, -1002.0]),
            "log_q": np.array([-1.0, -2.0]),
        },
        "draws far apart": {"log_joint": np.array([0.0, -1000.0]), "log_q": np.zeros(2)},
        "draws very far apart": {"log_joint": np.array([0.0, -3000.0]), "log_q": np.zeros(2)},
    },
    more=(
        {
            "log_joint": random_floats(50, low=-1900, high=-1800),
            "log_q": random_floats(50, low=-90),
        },
        {
            "log_joint": random_floats(5, low=-10, high=0),
            "log_q": random_floats(5, low=-900, high=-800),
        },
    ),
    misconceptions=(
        Misconception(
            "takes the mean of the logarithms",
            lambda log_joint, log_q: (log_joint - log_q).mean(),
            "That estimates the ELBO, which is lower. Take the logarithm after the mean.",
        ),
        Misconception(
            "adds up instead of taking the mean",
            lambda log_joint, log_q: log_mean(log_joint - log_q) + np.log(len(log_q)),
            "More draws would make the image likelier. Divide the sum by their number.",
        ),
        Misconception(
            "forgets to divide by q",
            lambda log_joint, log_q: log_mean(log_joint),
            "The codes were drawn from q, not evenly. So each p(x, z) is divided by q(z).",
        ),
        Misconception(
            "divides by q the wrong way",
            lambda log_joint, log_q: log_mean(log_joint + log_q),
            "You add log q, which multiplies by q. Dividing subtracts it.",
        ),
        Misconception(
            "divides the means",
            lambda log_joint, log_q: log_mean(log_joint) - log_mean(log_q),
            "A mean of ratios is not the ratio of the means. Divide draw by draw.",
        ),
        Misconception(
            "lets exp run out of range",
            lambda log_joint, log_q: np.log(np.exp(log_joint - log_q).mean()),
            "exp(-999) is 0 in a float. Take the largest difference of the logarithms out before "
            "exp, and add it back after the logarithm.",
        ),
        Misconception(
            "does not add the largest back",
            evidence_without_largest,
            "You subtract the largest log-ratio to keep exp in range. Add it back at the end.",
        ),
        Misconception(
            "keeps the largest only",
            lambda log_joint, log_q: (log_joint - log_q).max(),
            "One draw does not stand for all. Take the mean of all ratios.",
        ),
        Misconception(
            "forgets the logarithm",
            lambda log_joint, log_q: np.exp(log_mean(log_joint - log_q)),
            "You return p(x) itself, which is 0 in a float for an image. Return log p(x).",
        ),
        Misconception(
            "subtracts the mean",
            lambda log_joint, log_q: log_mean(log_joint - log_q, np.mean),
            "Of draws far apart, exp of the largest can still run out of range. Take the largest "
            "out: the rest is then at most 1.",
        ),
        Misconception(
            "subtracts the smallest",
            lambda log_joint, log_q: log_mean(log_joint - log_q, np.min),
            "With the smallest taken out, exp of the others can still run out of range. Take "
            "the largest out: the rest is then at most 1.",
        ),
        Misconception(
            "turns the fraction round",
            lambda log_joint, log_q: log_mean(log_q - log_joint),
            "You have q in the numerator. The fraction is p / q: log_joint - log_q.",
        ),
        Misconception(
            "divides by K after the logarithm",
            lambda log_joint, log_q: (
                (log_mean(log_joint - log_q) + np.log(log_q.size)) / log_q.size
            ),
            "You divide the logarithm by K. K belongs inside: outside, that is to subtract log K.",
        ),
        Misconception(
            "adds log K",
            lambda log_joint, log_q: log_mean(log_joint - log_q) + 2 * np.log(log_q.size),
            "The mean divides by K, so its logarithm has a minus: - log K.",
        ),
        Misconception(
            "adds up and lets exp run out of range",
            lambda log_joint, log_q: np.log(np.exp(log_joint - log_q).sum()),
            "Two faults: a mean is wanted and not a sum, and exp of -1000 is 0. Take the largest "
            "out first.",
        ),
        Misconception(
            "divides the logarithms",
            lambda log_joint, log_q: np.log((log_joint / log_q).mean()),
            "The logarithm of p / q is log p - log q, and not their quotient.",
        ),
        Misconception(
            "takes the logarithm to the base 10",
            logarithm_to_base_10,
            "np.log10 is smaller by the factor log 10. The natural logarithm is np.log.",
        ),
    ),
    hints=(
        "A ratio p / q has the logarithm log p - log q. What does step 2 do with the ratios?",
        "log(mean(exp(r))), with r = log_joint - log_q, is right until exp(r) becomes 0.",
        "With m = r.max(), it is m + log(mean(exp(r - m))): no exp runs out of range.",
    ),
    then="Estimate log p(x) of a test digit from 1, 10 and 1000 draws. Which way does it go?",
)
