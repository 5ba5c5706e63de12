"""In focus.

Number of the shot in focus, counted from 0.
"""

from functools import cache

import cv2
import numpy as np

from course_utils.convolution import correlate2d, to_uint8
from course_utils.images import load_image
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.ex06_convolution.shared import BRIGHTNESS, EDGES
from exercises.ex06_convolution.sobel_magnitude import sobel_magnitude

LAPLACE = np.array([[0, -1, 0], [-1, 4, -1], [0, -1, 0]])
SCENES = {  # a piece of a photograph, and of each shot: how soft it is, and how bright
    "a cat": ("chelsea", 70, 150, [(1.5, 0.9), (0, 0.4), (0.8, 1)]),
    "a cup": ("coffee", 60, 160, [(0, 0.5), (0.8, 1), (2, 0.6)]),
    "coins": ("coins", 170, 80, [(1, 1), (2, 0.8), (1.5, 0.3), (0, 0.6)]),
    "bricks": ("brick", 100, 100, [(2, 0.4), (1, 0.7), (0, 0.5)]),
    "a face": ("astronaut", 60, 190, [(2, 1), (0, 0.8), (1, 0.3)]),
    "print": ("page", 80, 100, [(0, 0.7), (1.5, 1)]),
}


def my_sharpest(shots):
    kernel = np.array([[0, -1, 0], [-1, 4, -1], [0, -1, 0]])
    sharpness = []
    for shot in shots:
        response = correlate2d(shot, kernel)
        sharpness.append(np.abs(response).mean() / shot.mean())
    return int(np.argmax(sharpness))


def rows(*shots):
    """Make shots of three equal rows."""
    return {"shots": np.array([[row] * 3 for row in shots], np.uint8)}


@cache
def scene(name):
    file, row, column, settings = SCENES[name]
    piece = load_image(file, gray=True)[row : row + 48, column : column + 48]
    soft = [cv2.GaussianBlur(piece, (0, 0), sigma) if sigma else piece for sigma, _ in settings]
    return {
        "shots": np.stack([to_uint8(f * one.astype(float)) for one, (_, f) in zip(soft, settings)])
    }


def most(measure):
    """Make an answer that takes the shot with the largest measure."""
    return lambda shots: int(np.argmax([measure(shot) for shot in shots]))


def response(shot):
    return correlate2d(shot.astype(float), LAPLACE)


def sharpness(shot):
    return sobel_magnitude(shot).mean() / shot.mean()


def wrapped(shot):
    """Neighbours subtracted in uint8."""
    return (shot[:, 1:] - shot[:, :-1]).mean() / shot.mean()


EXERCISE = Exercise(
    section=EDGES,
    solution=my_sharpest,
    reference=most(sharpness),
    inputs=st.sampled_from(list(SCENES)).map(scene),
    examples={
        "a line and a soft line": rows([0, 90, 0, 0], [30, 30, 30, 0]),
        "a soft line first": rows([20, 60, 20, 0], [0, 100, 0, 0]),
        "the sharp shot under a cloud": rows([20, 60, 20, 0], [0, 25, 0, 0]),
        "the soft shot under a cloud": rows([0, 120, 0, 0], [5, 20, 5, 0]),
        "sunshine on the soft shot": rows([0, 40, 0, 0], [60, 80, 60, 50]),
        "nearly dark where it is sharp": rows([40, 120, 40, 0], [0, 6, 0, 0]),
        "level stripes": {"shots": rows([20, 60, 20, 0], [0, 100, 0, 0])["shots"].swapaxes(1, 2)},
        "a dark line": rows([100, 0, 100, 100], [80, 60, 80, 80]),
    }
    | {name: scene(name) for name in SCENES},
    misconceptions=(
        Misconception(
            "takes the brightest shot",
            most(np.mean),
            "You measure the light. A blur does not change the mean, and a cloud does.",
            BRIGHTNESS,
        ),
        Misconception(
            "forgets the brightness",
            most(lambda shot: np.abs(response(shot)).mean()),
            "In a shot twice as bright, each response is twice as large, and its square four "
            "times. Divide the shot by its mean before you measure.",
            BRIGHTNESS,
        ),
        Misconception(
            "measures what grows with the brightness",
            most(np.std),
            "A standard deviation, say, grows with the brightness as the levels do. Divide the "
            "shot by its mean before you measure.",
            BRIGHTNESS,
        ),
        Misconception(
            "adds the response with its signs",
            most(lambda shot: response(shot).mean() / shot.mean()),
            "Positive and negative responses of the two sides of an edge cancel. Take absolute "
            "values before you add.",
        ),
        Misconception(
            "subtracts in uint8",
            most(wrapped),
            "In uint8, 0 - 90 is 166. Compute in floats, and take absolute values before "
            "you average.",
            "Pitfall: edges in `uint8`",
        ),
        Misconception(
            "takes the softest shot",
            lambda shots: int(np.argmin([sharpness(shot) for shot in shots])),
            "argmin gives the shot with the weakest edges. In focus, they are strongest.",
        ),
        Misconception(
            "counts from 1",
            lambda shots: most(sharpness)(shots) + 1,
            "The first shot has the number 0, as np.argmax counts.",
        ),
        Misconception(
            "returns the sharpness",
            lambda shots: float(max(sharpness(shot) for shot in shots)),
            "You return how sharp the best shot is. Return its number: np.argmax.",
        ),
        Misconception(
            "takes the first shot",
            lambda shots: 0,
            "You do not look at the shots. Compute a number for each, and compare.",
        ),
    ),
    hints=(
        "What happens to the response of a kernel that finds edges when a picture gets soft?",
        "Take the mean of the absolute response. What happens to it if all levels are halved, and "
        "which other number is halved, too?",
        "Of each shot take np.abs(correlate2d(shot, kernel)).mean() / shot.mean(), with a kernel "
        "whose weights add up to 0. Return int(np.argmax(…)) of these numbers.",
    ),
    then="Add noise to the soft shots only. Who wins now, and which kernel is harder to fool?",
)
