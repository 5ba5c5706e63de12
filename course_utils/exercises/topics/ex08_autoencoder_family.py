"""Exercises of notebook 08."""

import math
from functools import partial

import numpy as np
import torch
from hypothesis import strategies as st

from course_utils import autoencoder_family as family
from course_utils.exercises.checking import Exercise, Misconception
from course_utils.exercises.inputs import arguments, arrays
from course_utils.exercises.quizzes import Question

NOTEBOOK = "08_autoencoder_family"
SPARSE = "8.2 Sparse: few units at a time"
LONG_ATOMS = "Pitfall: long atoms cheat"
CONTRACTIVE = "8.3 Contractive: a code that stays calm"
CONCRETE = "8.4 Concrete: which pixels would you look at?"
VARIATIONAL = "8.5 Variational: where do digits come from?"
MEAN_OVER_PIXELS = "Pitfall: the mean over pixels"

# Few digits, so that a counterexample can be checked in the head
WHOLE = st.integers(-3, 3).map(float)
HALVES = st.integers(-4, 8).map(lambda k: k / 2)
LEVELS = st.sampled_from([0.0, 0.5, 1.0])  # of pixels on the scale 0 … 1
POSITIVE = st.sampled_from([1.0, 0.5, 2.0])
SIDE = st.integers(1, 3)
FLOAT32 = 1e-5  # tolerance: an answer may compute in float32, as PyTorch does


def floats(*shape, elements=WHOLE):
    return arrays(float, shape, elements=elements)


def same_shape(*names):
    """Strategy: arrays of whole numbers by name, all of one shape (count, dimensions)."""
    return st.tuples(SIDE, SIDE).flatmap(
        lambda shape: arguments(**{name: floats(*shape) for name in names})
    )


# The best code of one unit


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


# A draw with a slope


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


# The divergence from the prior


def my_kl_divergence(mean, log_variance):
    terms = mean**2 + np.exp(log_variance) - 1 - log_variance
    return terms.sum(axis=1) / 2


def kl_by_torch(mean, log_variance):
    q = torch.distributions.Normal(*map(torch.from_numpy, (mean, np.sqrt(np.exp(log_variance)))))
    prior = torch.distributions.Normal(0.0, 1.0)
    return torch.distributions.kl_divergence(q, prior).sum(dim=1).numpy()


def kl_terms(mean, variance, log_variance):
    return (mean**2 + variance - 1 - log_variance) / 2


# Find the fault: a divergence that passes three tests


def hasty_kl(mean, log_variance):
    sd = np.exp(log_variance)
    return 0.5 * (mean**2 + sd**2 - 1 - np.log(sd**2)).sum()


def shows_hasty_kl(answer, arguments):
    """Say what a mean and a log-variance show about `hasty_kl`."""
    if not isinstance(answer, tuple) or len(answer) != 2:
        return "return two arrays: the mean, then the log-variance"
    mean, log_variance = (np.atleast_1d(np.asarray(part, float)) for part in answer)
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


# Find the fault: a penalty that long atoms cheat


ATOMS, CODE = np.array([[3.0, 4.0], [0.0, 5.0]]), np.array([2.0, 1.0])


def l1_penalty(atoms, code):
    return np.abs(code).sum()


def shows_cheat(answer, arguments):
    """Say whether atoms and code show the image [6, 13] at a hundredth of the penalty 3."""
    if not isinstance(answer, tuple) or len(answer) != 2:
        return "return two arrays: the atoms, then the code"
    atoms, code = (np.asarray(part, float) for part in answer)
    if atoms.shape == (2,) and code.shape == (2, 2):
        return "the atoms come first, then the code"
    if atoms.shape != (2, 2) or code.shape != (2,):
        return "the atoms must have the shape (2, 2), and the code the shape (2,)"
    if (code < 0).any():
        return "a number of the code is negative: both must be positive"
    if (code == 0).any():
        return "a unit is switched off: both numbers of the code must be positive"
    if not np.allclose(code @ atoms, [6, 13]):
        changed = "the image has changed: code @ atoms must be [6, 13]"
        if np.allclose(atoms, ATOMS):
            return f"{changed}, and you kept the atoms"
        return f"{changed}, and you kept the code" if np.allclose(code, CODE) else changed
    penalty = l1_penalty(atoms, code)
    if penalty > 3:
        return "the image is the same, but the penalty has grown"
    if np.isclose(penalty, 3):
        return "the image is the same, and so is the penalty"
    if penalty > 0.03 * (1 + 1e-9):
        return "the image is the same and the penalty smaller, but not a hundredth of 3"
    return "the same image, both units active, and a hundredth of the penalty"


def my_find_cheating_atoms():
    atoms, code = np.array([[3.0, 4.0], [0.0, 5.0]]), np.array([2.0, 1.0])
    return 100 * atoms, code / 100


def stretched(of_atoms, of_code):
    return of_atoms * ATOMS, of_code * CODE


# The sparse loss


def my_sparse_loss(image, code, atoms, weight):
    lengths = np.sqrt((atoms**2).sum(axis=1, keepdims=True))
    reconstruction = code @ (atoms / lengths)
    return ((image - reconstruction) ** 2).sum() + weight * np.abs(code).sum()


def sparse_loss_by_torch(image, code, atoms, weight):
    image, code, atoms = map(torch.from_numpy, (image, code, atoms))
    reconstruction = code @ torch.nn.functional.normalize(atoms)
    return family.sparse_loss(weight)((reconstruction[None], code[None]), image[None]).item()


def unit_rows(atoms):
    return atoms / np.linalg.norm(atoms, axis=1, keepdims=True)


def sparse_loss_with(
    image,
    code,
    atoms,
    weight,
    scale=unit_rows,
    error=lambda change: (change**2).sum(),
    penalty=lambda code: np.abs(code).sum(),
):
    """The loss with one of its parts replaced."""
    return error(image - code @ scale(atoms)) + weight * penalty(code)


@st.composite
def sparse_inputs(draw):
    units, pixels = draw(st.integers(1, 2)), draw(SIDE)
    atoms = floats(units, pixels, elements=st.integers(-4, 4).map(float))
    return {
        "image": draw(floats(pixels)),
        "code": draw(floats(units)),
        "atoms": draw(atoms.filter(lambda atoms: atoms.any(axis=1).all())),  # no atom is 0
        "weight": draw(st.sampled_from([1.0, 0.5, 2.0, 0.0])),
    }


# The penalty of the contractive autoencoder


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


# The relaxed choice


def my_relaxed_choice(logits, u, temperature):
    gumbel = -np.log(-np.log(u))
    scores = np.exp((logits + gumbel) / temperature)
    return scores / scores.sum(axis=1, keepdims=True)


def chosen_by_torch(logits, u, temperature):
    gumbel = torch.distributions.Gumbel(0.0, 1.0).icdf(torch.from_numpy(u))
    return ((torch.from_numpy(logits) + gumbel) / temperature).softmax(dim=1).numpy()


def gumbel_of(u):
    return -np.log(-np.log(u))


def softmax(values, axis=1):
    scores = np.exp(values)
    return scores / scores.sum(axis=axis, keepdims=True)


def sums_in_a_row(scores):
    return scores / scores.sum(axis=1)


def one_hot(logits, u, temperature):
    return np.eye(logits.shape[1])[(logits + gumbel_of(u)).argmax(axis=1)]


def relaxed_in_place(logits, u, temperature):
    logits += gumbel_of(u)
    return softmax(logits / temperature)


CHOICES = st.tuples(st.integers(1, 2), st.integers(2, 3)).flatmap(
    lambda shape: arguments(
        logits=floats(*shape),
        u=floats(*shape, elements=st.sampled_from([0.5, 0.25, 0.75, 0.125, 0.875])),
        temperature=POSITIVE,
    )
)


# The bound


def my_elbo(image, reconstruction, mean, log_variance, sigma):
    fit = -((image - reconstruction) ** 2).sum() / (2 * sigma**2)
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
    kl=lambda mean, v: kl_terms(mean, np.exp(v), v).sum(),
):
    """The bound with one of its parts replaced."""
    return fit(image - reconstruction, sigma) - kl(mean, log_variance)


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


# The probability of an image, from draws


def my_log_evidence(log_joint, log_q):
    log_ratio = log_joint - log_q
    largest = log_ratio.max()  # so that no exp is too large or too small for a float
    return largest + np.log(np.exp(log_ratio - largest).mean())


def added_by_torch(log_joint, log_q):
    log_ratio = torch.from_numpy(log_joint - log_q)
    return (log_ratio.logsumexp(dim=0) - np.log(len(log_ratio))).item()


def log_mean(values):
    return values.max() + np.log(np.exp(values - values.max()).mean())


def evidence_weighted_again(log_joint, log_q):
    """Add up q * ratio, as on a grid."""
    return log_mean(log_joint)


def subtracting_the_smallest(log_joint, log_q):
    log_ratio = log_joint - log_q
    return log_ratio.min() + np.log(np.exp(log_ratio - log_ratio.min()).mean())


def evidence_without_largest(log_joint, log_q):
    log_ratio = log_joint - log_q
    return np.log(np.exp(log_ratio - log_ratio.max()).mean())


EXERCISES = [
    Exercise(
        name="best_code",
        notebook=NOTEBOOK,
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
            Misconception(
                "changes its argument",
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
    ),
    Exercise(
        name="reparametrize",
        notebook=NOTEBOOK,
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
        misconceptions=(
            Misconception(
                "multiplies the noise by the variance",
                lambda mean, v, noise: mean + np.exp(v) * noise,
                "exp(log-variance) is the variance. The noise is scaled by its root, s.",
            ),
            Misconception(
                "takes the log-variance for the standard deviation",
                lambda mean, v, noise: mean + v * noise,
                "You multiply by the logarithm itself. Half of it, and exp, give s.",
            ),
            Misconception(
                "takes the log-variance for the variance",
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
                "Dividing by s turns draws into standard ones. Here you go the other way.",
            ),
            Misconception(
                "draws noise of its own",
                lambda mean, v, noise: (
                    mean + np.exp(v / 2) * np.random.default_rng().standard_normal(mean.shape)
                ),
                "Here the noise is an argument. So the result can be compared, and has a slope.",
            ),
            Misconception(
                "changes its argument",
                reparametrize_in_place,
                "You write into an array you were given. Return a new one.",
            ),
            Misconception(
                "uses math.exp",
                lambda mean, log_variance, noise: mean + math.exp(log_variance / 2) * noise,
                "math.exp takes a single number. np.exp takes arrays.",
            ),
            Misconception(
                "multiplies matrices",
                lambda mean, log_variance, noise: mean + np.exp(log_variance / 2) @ noise,
                "@ is the product of matrices. Each number has its own noise: *.",
            ),
        ),
        hints=(
            "What is the standard deviation, if v is the logarithm of the variance?",
            "The variance is exp(v), and its root is exp(v / 2).",
            "z = mean + (the root of the variance) * noise, elementwise.",
        ),
        then="Differentiate z by log_variance. When is the slope large?",
    ),
    Exercise(
        name="kl_divergence",
        notebook=NOTEBOOK,
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
        misconceptions=(
            Misconception(
                "takes the log-variance for the variance",
                lambda mean, v: kl_terms(mean, v, np.log(v)).sum(axis=1),
                "You take the logarithm of a logarithm. The variance is exp(log_variance).",
            ),
            Misconception(
                "takes the log-variance for the standard deviation",
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
    ),
    Exercise(
        name="find_kl_fault",
        notebook=NOTEBOOK,
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
                "stays close to variance 1",
                lambda: (np.array([0.0]), np.array([0.1])),
                "Near log-variance v = 0 the fault grows like v² only. Take a larger one.",
            ),
            Misconception(
                "returns arrays of two lengths",
                lambda: (np.zeros(1), np.ones(2)),
                "Each number of the code has one mean and one log-variance.",
            ),
            Misconception(
                "returns one value instead of two",
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
            "exp(log-variance) is the variance, not sd. For which log-variance does that matter?",
            "Leave the mean 0, and try the log-variances 0.5, 1 and 2.",
        ),
        then="Mend hasty_kl in one place. A network trained with it: is its q too wide or narrow?",
    ),
    Exercise(
        name="find_cheating_atoms",
        notebook=NOTEBOOK,
        section=LONG_ATOMS,
        solution=my_find_cheating_atoms,
        shows="the same image, both units active, and a hundredth of the penalty",
        inputs=None,
        examples={"your atoms and code": {}},
        observe=shows_cheat,
        misconceptions=(
            Misconception(
                "changes the code only",
                lambda: stretched(1, 0.01),
                "With the old atoms, another code makes another image. Change both.",
            ),
            Misconception(
                "changes the atoms only",
                lambda: stretched(100, 1),
                "With the old code, other atoms make another image. Change both.",
            ),
            Misconception(
                "keeps the penalty",
                lambda: stretched(1, 1),
                "The penalty is still 3. Make the code shorter, and the atoms longer.",
            ),
            Misconception(
                "goes the wrong way",
                lambda: stretched(0.1, 10),
                "Short atoms need a long code, and that is expensive. Do the opposite.",
            ),
            Misconception(
                "is too timid",
                lambda: stretched(10, 0.1),
                "Ten times longer atoms save nine tenths. Nothing stops you from going on.",
            ),
            Misconception(
                "switches a unit off",
                lambda: (np.array([[600.0, 1300.0], [0.0, 500.0]]), np.array([0.01, 0.0])),
                "That code is really sparser. The cheat is cheaper with both units active.",
            ),
            Misconception(
                "returns the code first",
                lambda: stretched(100, 0.01)[::-1],
                "The order matters here. Return the atoms, then the code.",
            ),
            Misconception(
                "returns one value instead of two",
                lambda: np.array([0.02, 0.01]),
                "The image depends on atoms and code. Return both, separated by a comma.",
            ),
        ),
        hints=(
            "Look at l1_penalty: which of its arguments does it never use?",
            "The image is a sum of products h_j d_j. What keeps a product as it is?",
            "Multiply all atoms by a number, and divide the code by it.",
        ),
        then="Mend l1_penalty: how must the length of an atom enter it?",
    ),
    Exercise(
        name="sparse_loss",
        notebook=NOTEBOOK,
        section=SPARSE,
        solution=my_sparse_loss,
        reference=sparse_loss_by_torch,
        tolerance=FLOAT32,
        inputs=sparse_inputs(),
        examples={
            "an atom of length 1": {
                "image": np.array([1.0]),
                "code": np.array([0.5]),
                "atoms": np.array([[1.0]]),
                "weight": 1.0,
            },
            "an atom of length 5": {
                "image": np.array([3.0, 4.0]),
                "code": np.array([5.0]),
                "atoms": np.array([[3.0, 4.0]]),
                "weight": 1.0,
            },
            "weight 0": {
                "image": np.array([1.0, 0.0]),
                "code": np.array([1.0, 2.0]),
                "atoms": np.array([[1.0, 0.0], [0.0, 2.0]]),
                "weight": 0.0,
            },
        },
        misconceptions=(
            Misconception(
                "leaves the atoms as long as they are",
                partial(sparse_loss_with, scale=lambda atoms: atoms),
                "With free lengths, long atoms make the penalty small. Divide each by its length.",
                LONG_ATOMS,
            ),
            Misconception(
                "divides by the squared length",
                partial(sparse_loss_with, scale=lambda a: a / (a**2).sum(axis=1, keepdims=True)),
                "The length is the root of the sum of squares. You left out the root.",
                LONG_ATOMS,
            ),
            Misconception(
                "divides all atoms by one length",
                partial(sparse_loss_with, scale=lambda atoms: atoms / np.linalg.norm(atoms)),
                "You take one norm of the whole array. Each atom has its own length: take axis=1.",
                LONG_ATOMS,
            ),
            Misconception(
                "divides by the length of the columns",
                partial(sparse_loss_with, scale=lambda a: a / np.linalg.norm(a, axis=0)),
                "An atom is a row of atoms. You measured the columns: take axis=1.",
                LONG_ATOMS,
            ),
            Misconception(
                "divides by the sum of the absolute values",
                partial(sparse_loss_with, scale=lambda a: a / np.abs(a).sum(axis=1, keepdims=True)),
                "That is the L1 norm of an atom. Its length is the root of the sum of squares.",
                LONG_ATOMS,
            ),
            Misconception(
                "takes the mean over the pixels",
                partial(sparse_loss_with, error=lambda change: (change**2).mean()),
                "The squared error is added up over the pixels. A mean makes λ weigh more.",
                MEAN_OVER_PIXELS,
            ),
            Misconception(
                "takes the root of the squared error",
                partial(sparse_loss_with, error=np.linalg.norm),
                "You return the norm of x - z. The loss has its square.",
            ),
            Misconception(
                "adds up the code with its signs",
                partial(sparse_loss_with, penalty=np.sum),
                "Negative numbers would be rewarded. The L1 norm adds absolute values.",
            ),
            Misconception(
                "squares the code",
                partial(sparse_loss_with, penalty=lambda code: (code**2).sum()),
                "A squared penalty hardly pushes small numbers, so they do not become 0. "
                "Take absolute values.",
            ),
            Misconception(
                "counts the active units",
                partial(sparse_loss_with, penalty=np.count_nonzero),
                "A count has no slope to follow. The loss adds up absolute values.",
            ),
            Misconception(
                "takes the mean over the units",
                partial(sparse_loss_with, penalty=lambda code: np.abs(code).mean()),
                "You divide the penalty by the number of units. The L1 norm is a sum.",
            ),
            Misconception(
                "forgets the weight",
                partial(sparse_loss_with, penalty=lambda code: 0),
                "This is the squared error alone. Add λ times the L1 norm of the code.",
            ),
            Misconception(
                "divides along the wrong axis",
                partial(
                    sparse_loss_with, scale=lambda atoms: atoms / np.linalg.norm(atoms, axis=1)
                ),
                "Without keepdims=True the lengths lie in a row, and NumPy divides column by "
                "column. Make a column of them.",
                "Pitfall: long atoms cheat",
            ),
        ),
        hints=(
            "Make the atoms first, then the image z, then the two terms of the loss.",
            "np.linalg.norm(atoms, axis=1, keepdims=True) has the length of each atom.",
            "z is code @ (atoms / lengths). Add up (image - z)**2, then weight * np.abs(code).",
        ),
        then="Double an atom: why does the loss stay the same?",
    ),
    Exercise(
        name="jacobian_penalty",
        notebook=NOTEBOOK,
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
        misconceptions=(
            Misconception(
                "does not square the slope",
                penalty_unsquared_slope,
                "You square W, but not h (1 - h). Each entry of J is their product, squared whole.",
            ),
            Misconception(
                "forgets the sigmoid",
                partial(penalty_with, slope=np.ones_like),
                "You return the norm of W. The chain rule multiplies row j by h_j (1 - h_j).",
            ),
            Misconception(
                "returns the norm without the square",
                lambda weight, bias, x: np.linalg.norm(jacobian(weight, bias, x)),
                "You take the root at the end. The wish is the squared Frobenius norm.",
            ),
            Misconception(
                "takes the spectral norm",
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
                partial(
                    penalty_with, slope=lambda a: sigmoid(sigmoid(a)) * (1 - sigmoid(sigmoid(a)))
                ),
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
    ),
    Exercise(
        name="relaxed_choice",
        notebook=NOTEBOOK,
        section=CONCRETE,
        solution=my_relaxed_choice,
        reference=chosen_by_torch,
        tolerance=FLOAT32,
        inputs=CHOICES,
        examples={
            "equal chances": {
                "logits": np.array([[0.0, 0.0]]),
                "u": np.array([[0.5, 0.5]]),
                "temperature": 1.0,
            },
            "a single category": {
                "logits": np.array([[1.0]]),
                "u": np.array([[0.25]]),
                "temperature": 0.5,
            },
            "two draws": {
                "logits": np.array([[1.0, 0.0], [1.0, 0.0]]),
                "u": np.array([[0.25, 0.5], [0.5, 0.25]]),
                "temperature": 0.5,
            },
        },
        misconceptions=(
            Misconception(
                "adds no noise",
                lambda logits, u, temperature: softmax(logits / temperature),
                "Without Gumbel noise all draws are the same. Add -log(-log u) to the logits.",
            ),
            Misconception(
                "multiplies by the temperature",
                lambda logits, u, temperature: softmax((logits + gumbel_of(u)) * temperature),
                "Cold must mean sharp. Divide by T: then a small T makes differences large.",
            ),
            Misconception(
                "forgets the temperature",
                lambda logits, u, temperature: softmax(logits + gumbel_of(u)),
                "You draw at T = 1 whatever T is. Divide logits and noise by T.",
            ),
            Misconception(
                "has the wrong sign in the Gumbel noise",
                lambda logits, u, temperature: softmax((logits - gumbel_of(u)) / temperature),
                "log(-log u) is large where u is small. The noise is -log(-log u).",
            ),
            Misconception(
                "takes one logarithm",
                lambda logits, u, temperature: softmax((logits - np.log(u)) / temperature),
                "-log u is exponential noise, and the largest is chosen with other chances. "
                "Gumbel noise has two logarithms.",
            ),
            Misconception(
                "adds the uniform numbers themselves",
                lambda logits, u, temperature: softmax((logits + u) / temperature),
                "Uniform noise does not give the chances p. Turn u into -log(-log u) first.",
            ),
            Misconception(
                "leaves the noise out of the division",
                lambda logits, u, temperature: softmax(logits / temperature + gumbel_of(u)),
                "You divide only the logits by T. Their sum with the noise is divided.",
            ),
            Misconception(
                "adds the noise after the softmax",
                lambda logits, u, temperature: softmax(logits / temperature) + gumbel_of(u),
                "Your weights can be negative, and do not add up to 1. The noise goes inside.",
            ),
            Misconception(
                "takes the softmax down the columns",
                lambda logits, u, temperature: softmax(
                    (logits + gumbel_of(u)) / temperature, axis=0
                ),
                "Each row is one draw, and must add up to 1. Add up along axis=1.",
            ),
            Misconception(
                "takes the softmax of all rows together",
                lambda logits, u, temperature: softmax(
                    (logits + gumbel_of(u)) / temperature, axis=None
                ),
                "Each row is one draw, and must add up to 1. Add up along axis=1, keepdims=True.",
            ),
            Misconception(
                "makes a hard choice",
                one_hot,
                "A one-hot row has no slope. The softmax keeps one, and hardens as T falls.",
            ),
            Misconception(
                "does not divide by the sum",
                lambda logits, u, temperature: np.exp((logits + gumbel_of(u)) / temperature),
                "Your rows do not add up to 1. Divide each by its sum.",
            ),
            Misconception(
                "takes the logits for probabilities",
                lambda logits, u, temperature: softmax(
                    (np.log(logits) + gumbel_of(u)) / temperature
                ),
                "You take a logarithm of logits, which are logarithms already. Use them as given.",
            ),
            Misconception(
                "changes its argument",
                relaxed_in_place,
                "You add the noise into the logits you were given. Make a new array.",
            ),
            Misconception(
                "divides along the wrong axis",
                lambda logits, u, temperature: sums_in_a_row(
                    np.exp((logits + gumbel_of(u)) / temperature)
                ),
                "Without keepdims=True the sums lie in a row, and NumPy divides column by column. "
                "Make a column of them.",
            ),
        ),
        hints=(
            "Make the noise G from u first. Then follow the formula for w.",
            "G is -np.log(-np.log(u)); the scores are np.exp((logits + G) / temperature).",
            "Divide the scores by scores.sum(axis=1, keepdims=True).",
        ),
        then="Give it logits of 1000. What happens, and what can you subtract to prevent it?",
    ),
    Exercise(
        name="elbo",
        notebook=NOTEBOOK,
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
        misconceptions=(
            Misconception(
                "takes the mean over the pixels",
                partial(elbo_with, fit=lambda change, s: -(change**2).mean() / (2 * s**2)),
                "You divide the first term by the number of pixels, and then no code pays. Sum.",
            ),
            Misconception(
                "forgets the 2",
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
                "multiplies only by half of sigma squared",
                partial(elbo_with, fit=lambda change, s: -(change**2).sum() / 2 * s**2),
                "x / 2 * σ**2 multiplies by σ². Put 2 * σ**2 in parentheses.",
            ),
            Misconception(
                "takes the root of the squared error",
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
            Misconception(
                "takes the spectral norm",
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
            "Two terms: the reconstruction, which is 0 or less, and the KL.",
            "The first is -((image - reconstruction)**2).sum() / (2 * sigma**2).",
            "Subtract (mean**2 + np.exp(log_variance) - 1 - log_variance).sum() / 2.",
        ),
        then="Take the mean over pixels instead: which σ would give the same number?",
    ),
    Exercise(
        name="log_evidence",
        notebook=NOTEBOOK,
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
        },
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
                "exp(-999) is 0 in a float. Subtract the largest log-ratio first, and add it back.",
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
                "subtracts the smallest",
                subtracting_the_smallest,
                "With the smallest taken out, exp of the others can still run out of range. Take "
                "the largest out: the rest is then at most 1.",
            ),
        ),
        hints=(
            "A ratio p / q has the logarithm log p - log q. What does step 2 do with the ratios?",
            "log(mean(exp(r))), with r = log_joint - log_q, is right until exp(r) becomes 0.",
            "With m = r.max(), it is m + log(mean(exp(r - m))): no exp runs out of range.",
        ),
        then="Estimate log p(x) of a test digit from 1, 10 and 1000 draws. Which way does it go?",
    ),
]


# Quizzes ----------------------------------------------------------------------------------------

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


QUIZ_BEFORE = (
    Question(
        "An image can be described by the numbers (1, 0) or by (0.5, 0.5), equally well. You pay "
        "the sum of the squares. Which description is cheaper?",
        right=("(0.5, 0.5)", "It costs 0.25 + 0.25 = 0.5, the other one 1. Squares like to share."),
        wrong=(
            ("(1, 0)", "A zero is free, but the 1 costs 1. Squares do not favour zeros."),
            ("both cost the same", "So it is with the sum of absolute values, not of squares."),
        ),
        proof=lambda: np.sum(np.square([0.5, 0.5])) < np.sum(np.square([1, 0])),
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
        proof=lambda: (
            np.isclose(np.gradient(sigmoid(Z), Z).max(), 1 / 4, atol=1e-4)
            and np.isclose(Z[np.gradient(sigmoid(Z), Z).argmax()], 0)
        ),
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
        proof=lambda: round(density(0, 0, 0.1), 1) == 4.0,
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
        proof=lambda: Z[Z >= 0][np.argmin((0.3 - Z[Z >= 0]) ** 2 + Z[Z >= 0])] < STEP,
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
        proof=lambda: np.isclose(784 / (2 * 4.2**2), 1 / (2 * 0.15**2)),
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
        proof=lambda: np.isclose(
            family.jacobian_penalty(torch.tensor([[0.9]]), torch.tensor([[3.0, 4.0]])).item(),
            0.2025,
        ),
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
        proof=lambda: round(np.log(density(0, 0, 0.1)), 2) == 1.38,
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
