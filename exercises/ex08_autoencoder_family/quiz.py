"""The two quizzes of notebook 08."""

import numpy as np
import torch

from course_utils import autoencoder_family as family
from exercises.checker.quizzes import Question
from exercises.ex08_autoencoder_family.jacobian_penalty import sigmoid

Z, STEP = np.linspace(-8, 8, 4001, retstep=True)


def density(x, mean, sd):
    return np.exp(-(((x - mean) / sd) ** 2) / 2) / (sd * np.sqrt(2 * np.pi))


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
    code, image = torch.zeros(1, 2), torch.ones(1, 784)
    output = torch.zeros(1, 784), code, code
    of_mean = family.negative_elbo(sigma)(output, image) / 784
    return (family.negative_elbo(1)(output, image) / of_mean).sqrt().item()


QUIZ_BEFORE = (
    Question(
        "An image can be described by the numbers (1, 0) or by (0.5, 0.5), equally well. You pay "
        "the sum of the squares. Which description is cheaper?",
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
        "The sigmoid is 1 / (1 + exp(-a)). Where is it steepest, and what is its slope there?",
        right=("at a = 0, slope 1/4", "The slope is s (1 - s), and at 0 both factors are 1/2."),
        wrong=(
            ("at a = 0, slope 1/2", "1/2 is the value of the sigmoid at 0, not its slope."),
            ("at a = 0, slope 1", "That is the slope of tanh, which rises from -1 to 1."),
            ("at large a, slope 1", "There the sigmoid is nearly flat: it cannot exceed 1."),
        ),
        proof=lambda: [
            Z[np.gradient(sigmoid(Z), Z).argmax()],
            np.gradient(sigmoid(Z), Z).max(),
        ],
    ),
    Question(
        "A normal distribution has mean 0 and standard deviation 0.1. How large is its density "
        "at 0?",
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
        right=("4.2", "σ² grows 784 times, so σ grows √784 = 28 times: 28 × 0.15 = 4.2."),
        wrong=(
            ("117.6", "It is σ² that grows 784 times. σ itself grows by the root of that."),
            ("0.15", "The first term is now 784 times weaker, as if the pixels were noisier."),
            ("0.005", "A smaller σ makes the first term stronger. The mean makes it weaker."),
        ),
        proof=lambda: sigma_of_the_mean(0.15),
    ),
    Question(
        "A single unit has W = (3, 4), and for your image h = 0.9. How large is the squared "
        "Frobenius norm of its Jacobian?",
        right=("0.2025", "The slope is 0.9 · 0.1 = 0.09, and 0.09² · 25 = 0.2025."),
        wrong=(
            ("2.25", "You did not square the slope: 0.09 · 25. It is squared like W."),
            ("0.45", "You took the root: 0.09 · 5 is the norm, not its square."),
            ("25", "That is the squared norm of W alone. The sigmoid's slope is missing."),
            ("1.5625", "That is its value for h = 1/2, where the slope is 1/4."),
        ),
        proof=lambda: family.jacobian_penalty(
            torch.tensor([[0.9]]), torch.tensor([[3.0, 4.0]])
        ).item(),
    ),
    Question(
        "A pixel deviates from the decoder's image with σ = 0.1. What is the largest value that "
        "log p(x|z) of this pixel can have?",
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
