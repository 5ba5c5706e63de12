"""The first weights.

Normal, mean 0, standard deviation sqrt(2 / n_in); shape (n_out, n_in).
"""

import numpy as np
import torch

from exercises import ideas
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception


def my_kaiming_weights(n_in, n_out, rng):
    rng = np.random.default_rng(rng)
    return rng.normal(0, np.sqrt(2 / n_in), (n_out, n_in))


def torch_weights(n_in, n_out, rng):
    rng, weights = torch.Generator().manual_seed(rng), torch.empty(n_out, n_in)
    return torch.nn.init.kaiming_normal_(weights, nonlinearity="relu", generator=rng).numpy()


def weights_with(sigma):
    """An answer with another standard deviation, a function of n_in and n_out."""
    return lambda n_in, n_out, rng: np.random.default_rng(rng).normal(
        0, sigma(n_in, n_out), (n_out, n_in)
    )


def weights_between(low, high):
    """An answer that draws uniformly between two multiples of 1 / sqrt(n_in)."""
    return lambda n_in, n_out, rng: np.random.default_rng(rng).uniform(
        low / np.sqrt(n_in), high / np.sqrt(n_in), (n_out, n_in)
    )


def statistics_of_weights(weights, arguments):
    """Measure mean, spread and shape of the distribution, in which all right answers agree."""
    if np.ptp(weights) == 0:
        return "all weights are the same"
    for name, lines in {"row": weights[:, :3], "column": weights[:3].T}.items():
        if len(np.unique(lines, axis=0)) < 0.9 * len(lines):
            return f"the {name}s repeat: no {name} of weights should be a copy of another"
    mean, sigma, root = weights.mean(), weights.std(), np.sqrt(arguments["n_in"])
    return {
        "mean (times √n_in)": float(mean * root),
        "standard deviation (times √n_in)": float(sigma * root),
        "share within one standard deviation": float(np.mean(np.abs(weights - mean) < sigma)),
        "fourth root of the mean fourth power (times √n_in)": float(
            (weights**4).mean() ** 0.25 * root
        ),
    }


LAYERS = [(200, 800), (800, 200), (100, 1600)]  # inputs, outputs


def layer(sizes):
    return {"n_in": sizes[0], "n_out": sizes[1], "rng": 2022}


EXERCISE = Exercise(
    section="Pitfall: the first weights",
    solution=my_kaiming_weights,
    reference=torch_weights,
    inputs=st.sampled_from(LAYERS).map(layer),
    examples={
        "more outputs than inputs": layer((200, 800)),
        "more inputs than outputs": layer((800, 200)),
    },
    observe=statistics_of_weights,
    tolerance=0.03,
    larger="statistics need many weights",
    misconceptions=(
        ideas.forgets_the_2(
            weights_with(lambda n_in, n_out: np.sqrt(1 / n_in)),
            "1 / n_in would do if all of the signal got through. ReLU throws half of its power"
            " away, and the 2 makes up for it.",
        ),
        Misconception(
            "takes the variance for the standard deviation",
            weights_with(lambda n_in, n_out: 2 / n_in),
            "2 / n_in is the variance. rng.normal takes the standard deviation, its root.",
        ),
        Misconception(
            "takes 1 / n_in for the standard deviation",
            weights_with(lambda n_in, n_out: 1 / n_in),
            "A sum of n_in random terms grows with the root of n_in. So the weights must shrink"
            " with the root, and there is a 2 in the rule.",
        ),
        Misconception(
            "counts the outputs instead of the inputs",
            weights_with(lambda n_in, n_out: np.sqrt(2 / n_out)),
            "Each output is a sum over the inputs. So their number decides how large it gets.",
        ),
        Misconception(
            "returns the shape (n_in, n_out)",
            lambda n_in, n_out, rng: my_kaiming_weights(n_in, n_out, rng).T,
            "A row holds the weights of one output: draw an array of the shape (n_out, n_in).",
        ),
        Misconception(
            "divides by the standard deviation",
            weights_with(lambda n_in, n_out: np.sqrt(n_in / 2)),
            "To give standard noise another deviation, multiply by it: by √(2 / n_in).",
        ),
        Misconception(
            "counts inputs and outputs",
            weights_with(lambda n_in, n_out: np.sqrt(2 / (n_in + n_out))),
            "This is the rule of Glorot, for layers without ReLU. Kaiming He's has n_in alone.",
        ),
        Misconception(
            "draws uniformly up to the standard deviation",
            weights_between(-np.sqrt(2), np.sqrt(2)),
            "A uniform distribution on -a … a has the standard deviation a / √3. Draw from the"
            " normal distribution.",
        ),
        Misconception(
            "draws PyTorch's default weights",
            weights_between(-1, 1),
            "nn.Linear draws uniformly up to 1 / √n_in. After a few layers with ReLU, little is"
            " left of the signal.",
        ),
        Misconception(
            "draws no negative weights",
            weights_between(0, np.sqrt(2)),
            "rng.random lies between 0 and 1, so all outputs would grow alike. The mean of the"
            " weights must be 0.",
        ),
        Misconception(
            "gives all weights the same value",
            lambda n_in, n_out, rng: np.full((n_out, n_in), np.sqrt(2 / n_in)),
            "Units with the same weights learn the same for ever. Make one generator, "
            "and draw all weights with it.",
        ),
        ideas.does_not_use_rng(lambda n_in, n_out, rng: my_kaiming_weights(n_in, n_out, 0)),
        Misconception(
            "draws uniformly with the right spread",
            weights_between(-np.sqrt(6), np.sqrt(6)),
            "Mean and standard deviation are right, but the weights are asked to be normal.",
        ),
        Misconception(
            "drops the signs of the weights",
            lambda *given: abs(my_kaiming_weights(*given)),
            "The mean must be 0: half of the weights are negative.",
        ),
        Misconception(
            "gives all units the same weights",
            lambda n_in, n_out, rng: np.tile(my_kaiming_weights(n_in, 1, rng), (n_out, 1)),
            "Units with the same weights learn the same. Draw an array of the whole shape.",
        ),
    ),
    hints=(
        "np.random.default_rng(rng) makes a generator; its method normal draws.",
        "Its arguments are the mean, the standard deviation and the shape.",
        "The standard deviation is np.sqrt(2 / n_in), the shape (n_out, n_in).",
    ),
    then="Multiply a batch by ten such layers with ReLU. What happens with 1 instead of 2?",
)
