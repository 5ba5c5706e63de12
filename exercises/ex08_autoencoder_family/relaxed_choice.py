"""A relaxed choice.

Softmax of (logits + Gumbel noise) / temperature, along each row.
"""

import numpy as np
import torch

from exercises import ideas
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import arguments, random_floats
from exercises.ex08_autoencoder_family.shared import FLOAT32, POSITIVE, floats

CONCRETE = "8.4 Concrete: which pixels would you look at?"


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


EXERCISE = Exercise(
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
    more=tuple(
        {
            "logits": random_floats(3, 5, low=-8, high=4),
            "u": random_floats(3, 5, low=u[0], high=u[1]),
            "temperature": temperature,
        }
        for u, temperature in (
            ((0.1, 0.9), 0.1),
            ((0.002, 0.02), 1.0),
            ((0.99, 0.998), 20.0),
            ((1e-6, 1e-5), 1.0),
            ((0.998, 0.9995), 1.0),
        )
    ),
    misconceptions=(
        ideas.adds_no_noise(
            lambda logits, u, temperature: softmax(logits / temperature),
            "Without Gumbel noise all draws from the same logits are the same. Add -log(-log u) "
            "to the logits.",
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
            lambda logits, u, temperature: softmax((logits + gumbel_of(u)) / temperature, axis=0),
            "Each row is one draw, and must add up to 1. Divide it by its own sum: axis=1, "
            "keepdims=True.",
        ),
        Misconception(
            "takes the softmax of all rows together",
            lambda logits, u, temperature: softmax(
                (logits + gumbel_of(u)) / temperature, axis=None
            ),
            "Each row is one draw, and must add up to 1. Divide it by its own sum: axis=1, "
            "keepdims=True.",
        ),
        Misconception(
            "makes a hard choice",
            one_hot,
            "A one-hot row has no slope. The softmax keeps one, and hardens as T falls.",
        ),
        ideas.does_not_divide_by_the_sum(
            lambda logits, u, temperature: np.exp((logits + gumbel_of(u)) / temperature),
            "Your rows do not add up to 1. Divide each by its sum.",
        ),
        Misconception(
            "takes the logits for probabilities",
            lambda logits, u, temperature: softmax((np.log(logits) + gumbel_of(u)) / temperature),
            "You take a logarithm of logits, which are logarithms already. Use them as given.",
        ),
        ideas.changes_its_argument(
            relaxed_in_place, "You add the noise into the logits you were given. Make a new array."
        ),
        ideas.divides_along_the_wrong_axis(
            lambda logits, u, temperature: sums_in_a_row(
                np.exp((logits + gumbel_of(u)) / temperature)
            ),
            "Without keepdims=True the sums lie in a row, and NumPy divides column by column. "
            "Make a column of them.",
        ),
        Misconception(
            "forgets the softmax",
            lambda logits, u, temperature: (logits + gumbel_of(u)) / temperature,
            "These are the scores. Take exp of each, and divide by the sum of the row.",
        ),
    ),
    hints=(
        "Make the noise G from u first. Then follow the formula for w.",
        "G is -np.log(-np.log(u)); the scores are np.exp((logits + G) / temperature).",
        "Divide the scores by scores.sum(axis=1, keepdims=True).",
    ),
    then="Give it logits of 1000. What happens, and what can you subtract to prevent it?",
)
