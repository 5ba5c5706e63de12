"""The two quizzes of notebook 08."""

import numpy as np
import torch

from course_utils import autoencoder_family as family
from exercises.checker.quizzes import Question

Z, STEP = np.linspace(-8, 8, 4001, retstep=True)


def density(x, mean, std):
    return np.exp(-(((x - mean) / std) ** 2) / 2) / (std * np.sqrt(2 * np.pi))


def bound_gap_is_kl_from_posterior():
    """In the smallest model of the notebook, on a grid."""
    joint, q = density(0.8, 1.5 * Z, 0.4) * density(Z, 0, 1), density(Z, 0.6, 0.4)
    evidence = joint.sum() * STEP
    gap = np.log(evidence) - (q * np.log(joint / q)).sum() * STEP
    from_posterior = (q * np.log(q * evidence / joint)).sum() * STEP
    from_prior = (q * np.log(q / density(Z, 0, 1))).sum() * STEP
    return np.isclose(gap, from_posterior) and not np.isclose(gap, from_prior, rtol=0.1)


def sigma_of_the_mean(sigma):
    """With which σ the loss weighs the sum of squared errors as with `sigma` their mean."""
    code, dark, light = torch.zeros(1, 2), torch.zeros(1, 784), torch.ones(1, 784)

    def weight(sigma):
        loss = family.negative_elbo(sigma)
        return loss((dark, code, code), light) - loss((light, code, code), light)

    return (weight(1) / (weight(sigma) / 784)).sqrt().item()


def mean_is_best_without_knowledge():
    """Two digits of three numbers: under strong noise the best denoiser answers with their mean."""
    digits, noisy = np.array([[0, 1, 1], [1, 1, 0]]), 1000 * np.array([1, -1, 0.5])
    weights = np.exp(-((noisy - digits) ** 2).sum(axis=1) / (2 * 1000**2) + 1.125)
    answer = weights @ digits / weights.sum()
    return np.allclose(answer, digits.mean(axis=0), atol=1e-2)


QUIZ_BEFORE = (
    Question(
        "An image can be described by the numbers (1, 0) or by (0.5, 0.5), equally well. You pay "
        "the sum of the squares. Which description is cheaper?",
        section="8.2",
        right=("(0.5, 0.5)", "It costs 0.25 + 0.25 = 0.5, the other one 1. Squares like to share."),
        wrong=(
            ("(1, 0)", "A zero is free, but the 1 costs 1. Squares do not favour zeros."),
            ("both cost the same", "So it is with the sum of absolute values, not of squares."),
        ),
        proof=lambda: min([(1, 0), (0.5, 0.5)], key=np.linalg.norm),
    ),
    Question(
        "A loss is the squared error, summed over the 784 pixels of an image, plus a second term "
        "A. Somebody replaces the sum by the mean. What must become of A, so that the best "
        "network stays the same?",
        section="8.5",
        right=("A / 784", "Then the whole loss is divided by 784, and its minimum stays."),
        wrong=(
            ("784 A", "That makes A heavier still: it weighs 784² times as much as before."),
            ("A / 28", "28 is the side of the image. The mean divides by all 784 pixels."),
            ("A as it is", "A then weighs 784 times as much against the error as before."),
        ),
        # smallest case: error 784 (t - h)² and A = h²; the best h is the same
        proof=lambda: np.isclose(
            np.argmin(784 * (1 - Z) ** 2 + 50 * Z**2), np.argmin((1 - Z) ** 2 + 50 / 784 * Z**2)
        ),
    ),
    Question(
        "A number is +1 with probability 0.7, and otherwise -1. You must name a number beforehand, "
        "and pay the squared distance. Which costs least on average?",
        section="8.8",
        right=(
            "0.4",
            "The mean, 0.7 - 0.3, makes the squared error least, though it never occurs.",
        ),
        wrong=(
            ("+1", "It is likelier, but three times out of ten you pay 4: 1.2, against 0.84."),
            ("0", "That would be the mean if both were equally likely. It costs 1."),
            ("0.7", "That is the probability of +1. The mean also counts the -1: 0.7 - 0.3."),
        ),
        proof=lambda: Z[np.argmin(0.7 * (1 - Z) ** 2 + 0.3 * (-1 - Z) ** 2)],
    ),
    Question(
        "A normal distribution has mean 0 and standard deviation 0.1. How large is its density "
        "at 0?",
        section="8.5",
        right=("4.0", "It is 1 / (0.1 √(2π)). A density may exceed 1; only its area is 1."),
        wrong=(
            ("1.0", "No probability exceeds 1, but a density is not a probability."),
            ("0.4", "That is the density for standard deviation 1. A narrower one is higher."),
            ("0.04", "You multiplied by the standard deviation. It is in the denominator."),
        ),
        proof=lambda: density(0, 0, 0.1),
    ),
    Question(
        "Take the numbers 1 and 100. Compare the logarithm of their mean with the mean of their "
        "logarithms.",
        section="8.5",
        right=(
            "the logarithm of the mean is larger",
            "With base 10, log 50.5 is 1.70, and the mean of 0 and 2 is 1.",
        ),
        wrong=(
            (
                "the mean of the logarithms is larger",
                "The logarithm bends downward: it pulls the 100 in before the mean is taken.",
            ),
            (
                "both are the same",
                "That holds for straight lines. The logarithm is bent, so the order matters.",
            ),
            (
                "it depends on the base",
                "Another base multiplies both by the same positive number, if it is above 1.",
            ),
        ),
        proof=lambda: np.log(np.mean([1, 100])) > np.mean(np.log([1, 100])),
    ),
)
QUIZ_AFTER = (
    Question(
        "An atom has length 1, the input is 0.3 times the atom, and λ = 1. Which code h ≥ 0 makes "
        "(0.3 - h)² + λ h smallest?",
        section="8.2",
        right=("0", "0.3 lies below λ / 2 = 0.5, so the penalty pushes the code down to 0."),
        wrong=(
            ("0.15", "That is the best code for the squared penalty λ h². It is never exactly 0."),
            ("0.3", "That is the best code without a penalty. Any h > 0 costs λ h more."),
            ("-0.2", "That is t - λ / 2, but the code may not be negative: stop at 0."),
        ),
        proof=lambda: Z[Z >= 0][np.argmin((0.3 - Z[Z >= 0]) ** 2 + Z[Z >= 0])],
    ),
    Question(
        "You train with σ = 0.15, but your program takes the mean over the 784 pixels instead of "
        "the sum. For which σ have you really trained?",
        section="8.5",
        right=("4.2", "σ² grows 784 times, so σ grows √784 = 28 times: 28 × 0.15 = 4.2."),
        wrong=(
            ("117.6", "It is σ² that grows 784 times. σ itself grows by the root of that."),
            ("0.15", "The first term is now 784 times weaker, as if the pixels were noisier."),
            ("0.005", "A smaller σ makes the first term stronger. The mean makes it weaker."),
        ),
        proof=lambda: sigma_of_the_mean(0.15),
    ),
    Question(
        "You start from pure noise, and ask a good denoiser of digits for its answer once. What do "
        "you get?",
        section="8.8",
        right=(
            "the mean digit",
            "Pure noise tells nothing, and then the mean of all has the least squared error.",
        ),
        wrong=(
            ("a digit that nobody wrote", "For that you walk down the noise levels, step by step."),
            (
                "the most frequent digit",
                "The squared error asks for the mean, not the likeliest.",
            ),
            ("a training digit", "It could be any of thousands. The mean of them all costs least."),
        ),
        proof=mean_is_best_without_knowledge,
    ),
    Question(
        "A pixel deviates from the decoder's image with σ = 0.1. What is the largest value that "
        "log p(x|z) of this pixel can have?",
        section="8.5",
        right=("1.38", "It is log(1 / (0.1 √(2π))). A log-density is positive where p > 1."),
        wrong=(
            ("0", "That is the limit for the log of a probability. p is a density here."),
            ("3.99", "That is the density itself. Its logarithm is 1.38."),
            ("it has no limit", "For a fixed σ the density is largest at g(z), and finite there."),
        ),
        proof=lambda: np.log(density(0, 0, 0.1)),
    ),
    Question(
        "For an image, the ELBO is 3 nats lower than log p(x). What are these 3 nats?",
        section="8.5",
        right=(
            "the KL of q from the posterior p(z|x)",
            "Step 4: the bound is tight if q is the true distribution of the codes of x.",
        ),
        wrong=(
            (
                "the KL of q from the prior p(z)",
                "That one is subtracted inside the ELBO. The gap remains outside.",
            ),
            (
                "the squared error of the copy",
                "That one is inside the ELBO too, as its first term, divided by 2 σ².",
            ),
            (
                "the error of using few draws",
                "Few draws make an estimate noisy. The gap remains with infinitely many.",
            ),
        ),
        proof=bound_gap_is_kl_from_posterior,
    ),
)
