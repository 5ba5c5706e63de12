"""The corruption.

Gaussian: image + 42 n; speckle: image times (1 + 0.42 n). A new uint8 image.
"""

import cv2
import numpy as np

from exercises import ideas
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import arguments, arrays, gray, random_floats, random_image
from exercises.ex05_denoising_autoencoder.shared import levels


def my_corrupt(image, kind, n):
    noisy = image + 42 * n if kind == "Gaussian" else image * (1 + 0.42 * n)
    return np.clip(np.rint(noisy), 0, 255).astype(np.uint8)


def opencv_corrupt(image, kind, n):
    if kind == "Gaussian":
        return cv2.add(image, 42 * n, dtype=cv2.CV_8U)
    return cv2.multiply(image, 1 + 0.42 * n, dtype=cv2.CV_8U)


def exact_corruption(image, kind, n, sigmas=(42, 0.42)):
    """What the formulas say, before it is made an image."""
    return image + sigmas[0] * n if kind == "Gaussian" else image * (1 + sigmas[1] * n)


def corrupt_with(speckle):
    """An answer with another formula for speckle."""
    return lambda image, kind, n: (
        opencv_corrupt(image, kind, n) if kind == "Gaussian" else levels(speckle(image, n))
    )


def corrupt_truncated(image, kind, n):
    return np.clip(exact_corruption(image, kind, n), 0, 255).astype(np.uint8)


def corrupt_wrapped(image, kind, n):
    return np.rint(exact_corruption(image, kind, n)).astype(int).astype(np.uint8)


def corrupt_in_place(image, kind, n):
    image[...] = opencv_corrupt(image, kind, n)
    return image


def is_clear(arguments):
    """Whether no value lies halfway between two levels, where right answers may differ."""
    return np.all(np.abs(exact_corruption(**arguments) % 1 - 0.5) > 0.001)


def noise_and_image(shape):
    """Strategy: an image, a noise, and a number n for each pixel."""
    n = arrays(np.int64, shape, elements=st.integers(-30, 30)).map(lambda tenths: tenths / 10)
    kind = st.sampled_from(["Gaussian", "speckle"])
    return arguments(image=arrays(np.uint8, shape), kind=kind, n=n)


EXERCISE = Exercise(
    section="5.3 The corruption",
    solution=my_corrupt,
    reference=opencv_corrupt,
    inputs=st.tuples(st.integers(1, 4), st.integers(1, 4))
    .flatmap(noise_and_image)
    .filter(is_clear),
    examples={
        "a mid-grey pixel": {
            "image": gray([100]),
            "kind": "Gaussian",
            "n": np.array([[0.3]]),
        },
        "Gaussian noise below black and above white": {
            "image": gray([3, 250]),
            "kind": "Gaussian",
            "n": np.array([[-1.0, 1.0]]),
        },
        "speckle on black and on white": {
            "image": gray([0, 255]),
            "kind": "speckle",
            "n": np.array([[1.3, 1.3]]),
        },
    },
    more=(
        *(
            {"image": random_image(3, 5), "kind": kind, "n": random_floats(3, 5, low=-4, high=4)}
            for kind in ("Gaussian", "speckle")
        ),
        {  # tenths, so that no value lies halfway
            "image": random_image(41, 31),
            "kind": "Gaussian",
            "n": random_floats(41, 31, low=-4, high=4).round(1),
        },
    ),
    is_new=True,
    misconceptions=(
        Misconception(
            "adds speckle to the image instead of multiplying",
            corrupt_with(lambda image, n: image + 0.42 * n),
            "0.42 n is less than one or two grey levels. Speckle multiplies: the factor is"
            " 1 + 0.42 n.",
        ),
        Misconception(
            "forgets the 1 in the factor of speckle",
            corrupt_with(lambda image, n: image * 0.42 * n),
            "You return the noise alone. The factor 1 + 0.42 n keeps the image.",
        ),
        Misconception(
            "gives both kinds Gaussian noise",
            lambda image, kind, n: opencv_corrupt(image, "Gaussian", n),
            "Speckle grows with the grey level, and leaves black as it is. Look at kind.",
        ),
        Misconception(
            "cuts off the fraction instead of rounding",
            corrupt_truncated,
            "A cut darkens by half a grey level on average. Round to the nearest level.",
        ),
        ideas.does_not_clip(
            corrupt_wrapped,
            "What is below 0 or above 255 wraps around, and black becomes white. Keep noise and"
            " sum in floats; round, clip and convert the sum last.",
        ),
        ideas.takes_sigma_for_the_variance(
            lambda image, kind, n: levels(exact_corruption(image, kind, n, np.sqrt([42, 0.42]))),
            "You multiply n by the root of 42 or 0.42. Both are standard deviations.",
        ),
        Misconception(
            "loses the negative half of the noise",
            lambda image, kind, n: opencv_corrupt(image, kind, np.maximum(n, 0)),
            "Your noise only brightens. Add it before you clip, so that it darkens as well.",
        ),
        ideas.changes_its_argument(
            corrupt_in_place,
            "You write into the image you were given: the clean one is lost, and the network"
            " has nothing to aim at. Return a new array.",
        ),
        Misconception(
            "compares with another spelling",
            lambda image, kind, n: opencv_corrupt(image, kind, n) if kind == "Gaussian" else None,
            "No branch of your code is taken for this kind, so nothing is returned. The kinds "
            'are "Gaussian" and "speckle"; capitals count.',
        ),
        Misconception(
            "gives both kinds speckle",
            lambda image, kind, n: opencv_corrupt(image, "speckle", n),
            'Your branch for Gaussian noise is never taken. The word is "Gaussian"; capitals '
            "count.",
        ),
        Misconception(
            "adds 0.42 on the scale 0…1",
            lambda image, kind, n: levels(exact_corruption(image, kind, n, (0.42 * 255, 0.42))),
            "Gaussian noise has 42 grey levels, which are 42 / 255 on the scale 0…1. Only the "
            "factor of speckle is 0.42.",
        ),
    ),
    hints=(
        "First compute in floats what the formula says, for either kind. Then make an image.",
        "To make an image: np.rint, then np.clip, then astype(np.uint8).",
        'image + 42 * n if kind == "Gaussian" else image * (1 + 0.42 * n), then the last hint.',
    ),
    then="Which of the two kinds leaves a black image as it is?",
)
