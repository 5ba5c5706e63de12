"""The loss.

Mean squared error of what the network returned, on the scale 0…1.
"""

import numpy as np
import torch
from torch.nn import functional

from exercises import ideas
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import arguments, arrays, gray, random_image


def my_denoising_loss(clean, noisy, restored):
    return np.mean((restored / 255 - clean / 255) ** 2)


def torch_loss(clean, noisy, restored):
    restored, clean = torch.from_numpy(restored / 255), torch.from_numpy(clean / 255)
    return functional.mse_loss(restored, clean).item()


def loss_of_difference(measure):
    """An answer that takes the right difference and then does something else with it."""
    return lambda clean, noisy, restored: measure(restored / 255 - clean / 255)


def loss_with_wrap_around(clean, noisy, restored):
    return np.mean((restored - clean) ** 2) / 255**2


def images_of_one_shape(*names):
    """Strategy: grey images of one shape."""
    shapes = st.tuples(st.integers(1, 4), st.integers(1, 4))
    return shapes.flatmap(
        lambda shape: arguments(**{name: arrays(np.uint8, shape) for name in names})
    )


EXERCISE = Exercise(
    section="5.1 Squeeze and restore",
    solution=my_denoising_loss,
    reference=torch_loss,
    inputs=images_of_one_shape("clean", "noisy", "restored"),
    examples={
        "a single pixel": {
            "clean": gray([100]),
            "noisy": gray([160]),
            "restored": gray([110]),
        },
        "a perfect answer": {
            "clean": gray([7, 9]),
            "noisy": gray([0, 99]),
            "restored": gray([7, 9]),
        },
    },
    more=(
        {
            name: random_image(41, 31, seed=n)
            for n, name in enumerate(("clean", "noisy", "restored"))
        },
    ),
    misconceptions=(
        Misconception(
            "compares with the noisy image",
            lambda clean, noisy, restored: torch_loss(noisy, clean, restored),
            "A network that copies its input, noise and all, would make this loss 0. Compare"
            " the restored image with the clean one.",
        ),
        Misconception(
            "compares the noisy image with the clean one",
            lambda clean, noisy, restored: torch_loss(clean, restored, noisy),
            "This is the error of doing nothing; the network has no part in it. Compare what"
            " the network returned.",
        ),
        ideas.stays_on_the_scale_0_255(
            lambda *images: 255**2 * torch_loss(*images),
            "Your number is 255² times too large. Divide both images by 255 before you subtract.",
            "Pitfall: two scales",
        ),
        ideas.subtracts_uint8_images_which_wrap_around(
            loss_with_wrap_around,
            "In uint8, 40 - 50 is 246, and squares wrap around as well. Make floats of the"
            " images first; dividing by 255 does it.",
        ),
        Misconception(
            "adds up instead of averaging",
            loss_of_difference(lambda difference: np.sum(difference**2)),
            "A sum grows with the number of pixels. The loss is the mean over the pixels.",
        ),
        Misconception(
            "divides by the number of rows, not of pixels",
            lambda clean, noisy, restored: torch_loss(clean, noisy, restored) * clean.shape[1],
            "len(image) counts the rows. The mean is over all pixels: np.mean, or image.size.",
        ),
        Misconception(
            "takes absolute values instead of squares",
            loss_of_difference(lambda difference: np.mean(np.abs(difference))),
            "This is the mean absolute error. The loss of this notebook squares.",
        ),
        Misconception(
            "takes the root",
            loss_of_difference(lambda difference: np.sqrt(np.mean(difference**2))),
            "This is the root of the mean squared error. The loss has no root.",
        ),
        Misconception(
            "squares the mean instead of averaging the squares",
            loss_of_difference(lambda difference: np.mean(difference) ** 2),
            "Errors of opposite sign cancel in your mean. Square first, then average.",
        ),
        Misconception(
            "subtracts in uint8, and divides then",
            lambda clean, noisy, restored: np.mean(((restored - clean) / 255) ** 2),
            "The difference of two uint8 images wraps around before you divide it. Divide each "
            "image first.",
        ),
        Misconception(
            "divides the squares by 255 once",
            lambda clean, noisy, restored: np.mean((restored - clean.astype(float)) ** 2) / 255,
            "On the scale 0…1 each difference is 255 times smaller, and its square 255² times. "
            "Divide before you square.",
        ),
        ideas.divides_by_256(
            loss_of_difference(lambda change: np.mean((change * 255 / 256) ** 2)),
            "White is 255, and must become 1. There are 256 levels, but the first is 0.",
        ),
        Misconception(
            "averages over the rows only",
            loss_of_difference(lambda change: np.mean(change**2, axis=0)),
            "The sum of an array runs over its rows, and one number for each column is left. "
            "np.mean without an axis averages over all.",
        ),
        Misconception(
            "does not square",
            lambda clean, noisy, restored: np.mean(restored / 255 - clean / 255),
            "Errors of both signs cancel in your mean. Square each before you average.",
        ),
        Misconception(
            "does not average",
            lambda clean, noisy, restored: (restored / 255 - clean / 255) ** 2,
            "You return a number for each pixel. The loss is one number: their mean.",
        ),
        Misconception(
            "takes the length of the difference",
            lambda clean, noisy, restored: np.linalg.norm(restored / 255 - clean / 255),
            "The norm is the root of a sum. The loss is a mean of squares, without a root.",
        ),
        Misconception(
            "subtracts in uint8 and stays on the scale 0…255",
            lambda clean, noisy, restored: np.mean((restored - clean) ** 2),
            "Differences and squares wrap around in uint8. Divide both images by 255 first.",
        ),
    ),
    hints=(
        "Which two of the three images should be alike if the network is good?",
        "Divide by 255 first: that makes floats, which do not wrap around.",
        "The mean over all pixels of (restored / 255 - clean / 255) ** 2.",
    ),
    then="Which of the three images could you leave out of the arguments?",
)
