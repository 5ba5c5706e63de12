"""Find the fault: a divergence that passed three tests.

A mean and a log-variance for which hasty_kl is wrong by a nat or more.
"""

import numpy as np

from exercises import ideas
from exercises.checker.comparing import parts
from exercises.checker.exercise import Exercise, Misconception
from exercises.ex08_autoencoder_family.shared import VARIATIONAL, kl_terms


def hasty_kl(mean, log_variance):
    std = np.exp(log_variance)
    return 0.5 * (mean**2 + std**2 - 1 - np.log(std**2)).sum()


def shows_hasty_kl(answer, arguments):
    """Say what a mean and a log-variance show about `hasty_kl`."""
    if len(parts(answer) or ()) != 2:
        return "return two arrays: the mean, then the log-variance"
    mean, log_variance = (np.asarray(part, float) for part in answer)
    if mean.ndim == log_variance.ndim == 0:
        return "two numbers are no arrays; an array of one number is np.array([2.0])"
    if mean.ndim != 1 or log_variance.ndim != 1 or mean.size == 0:
        return "mean and log-variance must have the shape (dimensions,)"
    if mean.shape != log_variance.shape:
        return "mean and log-variance must have the same length"
    if np.isnan([mean, log_variance]).any():
        return "no number may be NaN"
    if np.isinf([mean, log_variance]).any():
        return "no number may be infinite"
    with np.errstate(over="ignore", invalid="ignore"):
        right = kl_terms(mean, np.exp(log_variance), log_variance).sum()
        hasty = hasty_kl(mean, log_variance)
    if not np.isfinite([right, hasty]).all():
        return "the divergence itself is infinite here; take smaller numbers"
    if hasty - right >= 1:
        return "this q shows it: hasty_kl is wrong by a nat or more"
    if not log_variance.any():
        tested = "any mean with variance 1" if mean.any() else "the prior itself"
        return f"this q does not show it: hasty_kl was tested with {tested}"
    return "this q shows too little: hasty_kl is wrong by less than a nat"


def my_find_kl_fault():
    return np.array([0.0]), np.array([1.0])


EXERCISE = Exercise(
    section=VARIATIONAL,
    solution=my_find_kl_fault,
    shows="this q shows it: hasty_kl is wrong by a nat or more",
    inputs=None,
    examples={"your q": {}},
    observe=shows_hasty_kl,
    misconceptions=(
        Misconception(
            "takes the prior",
            lambda: (np.zeros(2), np.zeros(2)),
            "For variance 1, variance, deviation and exp(0) are all 1. Change the variance.",
        ),
        Misconception(
            "changes the mean only",
            lambda: (np.array([3.0]), np.array([0.0])),
            "The mean is treated correctly. Ask what hasty_kl does to the log-variance.",
        ),
        Misconception(
            "stays below one nat",
            lambda: (np.array([0.0]), np.array([0.1])),
            "Near log-variance v = 0 the fault grows like v² only, and below 0 slowly. Go "
            "further away from 0.",
        ),
        Misconception(
            "returns arrays of two lengths",
            lambda: (np.zeros(1), np.ones(2)),
            "Each number of the code has one mean and one log-variance.",
        ),
        ideas.returns_one_value_instead_of_two(
            lambda: np.array([1.0]),
            "q has a mean and a log-variance. Return both, separated by a comma.",
        ),
        Misconception(
            "takes the logarithm of variance 0",
            lambda: (np.array([0.0]), np.array([-np.inf])),
            "A variance of 0 has no finite logarithm. A moderate number is enough.",
        ),
        Misconception(
            "goes too far",
            lambda: (np.array([0.0]), np.array([1000.0])),
            "exp(1000) is too large for a float. A moderate number is enough.",
        ),
    ),
    hints=(
        "Which line of hasty_kl contradicts the name of its argument?",
        "exp(log-variance) is the variance, not its root. For which log-variance does that matter?",
        "Leave the mean 0, and try the log-variances 0.5, 1 and 2.",
    ),
    then="Mend hasty_kl in one place. A network trained with it: is its q too wide or narrow?",
)
