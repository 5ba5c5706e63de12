"""Find the fault: a penalty that can be cheated.

Atoms and a code: the same image, at a hundredth of the penalty.
"""

import numpy as np

from exercises import ideas
from exercises.checker.comparing import parts
from exercises.checker.exercise import Exercise, Misconception
from exercises.ex08_autoencoder_family.shared import LONG_ATOMS

ATOMS, CODE = np.array([[3.0, 4.0], [0.0, 5.0]]), np.array([2.0, 1.0])


def l1_penalty(atoms, code):
    return np.abs(code).sum()


def shows_cheat(answer, arguments):
    """Say whether atoms and code show the image [6, 13] at a hundredth of the penalty 3."""
    if len(parts(answer) or ()) != 2:
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
        if (code >= CODE).any():
            return "the image is the same and the penalty smaller, but one number stays as large"
        return "the image is the same and the penalty smaller, but not a hundredth of 3"
    return "the same image, both units active, and a hundredth of the penalty"


def my_find_cheating_atoms():
    atoms, code = np.array([[3.0, 4.0], [0.0, 5.0]]), np.array([2.0, 1.0])
    return 100 * atoms, code / 100


def stretched(of_atoms, of_code):
    return of_atoms * ATOMS, of_code * CODE


EXERCISE = Exercise(
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
            "changes the image",
            lambda: (ATOMS.T * 100, CODE / 100),
            "code @ atoms adds up the rows of atoms: each row is an atom, and the code says how "
            "much of it. What one is multiplied by, divides the other.",
        ),
        Misconception(
            "makes a number of the code negative",
            lambda: (-ATOMS * 100, -CODE / 100),
            "The penalty takes absolute values, and a code tells how much of each atom there is. "
            "Keep both numbers above 0.",
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
            "The longer the atoms, the smaller the penalty. Nothing stops you from going on.",
        ),
        Misconception(
            "lengthens one atom only",
            lambda: (ATOMS * [[100], [1]], CODE / [100, 1]),
            "The other atom still needs its number of the code, which alone costs more than a "
            "hundredth of 3. Lengthen both.",
        ),
        Misconception(
            "switches a unit off",
            lambda: (np.array([[600.0, 1300.0], [0.0, 500.0]]), np.array([0.01, 0.0])),
            "Both numbers must stay above 0. Divide both of [2, 1] by one number, and let both "
            "atoms make up for it.",
        ),
        Misconception(
            "returns the code first",
            lambda: stretched(100, 0.01)[::-1],
            "The order matters here. Return the atoms, then the code.",
        ),
        ideas.returns_one_value_instead_of_two(
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
)
