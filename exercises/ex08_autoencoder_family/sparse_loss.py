"""The sparse loss, with atoms of length 1.

Squared error + weight * L1 norm of the code; atoms get length 1.
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
    LONG_ATOMS,
    MEAN_OVER_PIXELS,
    SIDE,
    SPARSE,
    floats,
)


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


EXERCISE = Exercise(
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
    more=(
        {
            "image": random_floats(9, low=0),
            "code": random_floats(4, low=-3, high=3),
            "atoms": random_floats(4, 9, low=-5, high=5),
            "weight": 0.13,
        },
        {
            "image": random_floats(5, low=0),
            "code": random_floats(3),
            "atoms": random_floats(3, 5, low=-0.3, high=0.3),  # shorter than 1
            "weight": 0.13,
        },
        {
            "image": random_floats(5, low=0),
            "code": random_floats(3),
            "atoms": random_floats(3, 5, low=-1e-3, high=1e-3),
            "weight": 0.13,
        },
    ),
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
            "You take one norm of the whole array. Each atom has its own length: axis=1, "
            "keepdims=True.",
            LONG_ATOMS,
        ),
        Misconception(
            "divides by the length of the columns",
            partial(sparse_loss_with, scale=lambda a: a / np.linalg.norm(a, axis=0)),
            "An atom is a row of atoms. You measured the columns: axis=1, keepdims=True.",
            LONG_ATOMS,
        ),
        ideas.divides_by_the_sum_of_the_absolute_values(
            partial(sparse_loss_with, scale=lambda a: a / np.abs(a).sum(axis=1, keepdims=True)),
            "That is the L1 norm of an atom. Its length is the root of the sum of squares.",
            LONG_ATOMS,
        ),
        ideas.takes_the_mean_over_the_pixels(
            partial(sparse_loss_with, error=lambda change: (change**2).mean()),
            "The squared error is added up over the pixels. A mean makes λ weigh more.",
            MEAN_OVER_PIXELS,
        ),
        ideas.takes_the_root_of_the_squared_error(
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
        ideas.divides_along_the_wrong_axis(
            partial(sparse_loss_with, scale=lambda atoms: atoms / np.linalg.norm(atoms, axis=1)),
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
)
