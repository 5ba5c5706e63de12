"""Compress the contrast.

Pull each pixel toward the mean by a random rate; rng is a seed.
"""

import numpy as np

from course_utils import equalization
from exercises import ideas
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import arguments

TWO_LEVELS = np.tile(np.array([10, 10, 10, 50], np.uint8), (200, 50))  # the mean is 20
ROWS = np.repeat(TWO_LEVELS[0], 4)[:, np.newaxis].repeat(50, axis=1)  # the mean of none is 20
CONSTANT = np.full((200, 220), 7, np.uint8)


def my_compress_contrast(image, low, high, rng):
    rates = np.random.default_rng(rng).uniform(low, high, image.shape)
    return np.rint(rates * image.mean() + (1 - rates) * image).astype(np.uint8)


def compress(image, low, high, rng):
    return equalization.compress_contrast(image, pull=(low, high), rng=rng)


def compression_statistics(value, arguments):
    image = arguments["image"]
    dark, bright = value[image == image.min()], value[image == image.max()]
    return {
        "mean where it was dark": dark.mean(),
        "standard deviation where it was dark": dark.std(),
        "smallest level where it was dark": int(dark.min()),
        "largest level where it was dark": int(dark.max()),
        "mean where it was bright": bright.mean(),
        "fraction of pixels equal to the next in the row": (value[:, 1:] == value[:, :-1]).mean(),
        "fraction of pixels equal to the next in the column": (value[1:] == value[:-1]).mean(),
    }


def pull(image, rates, target=None, rounding=np.rint):
    """Compress, with rates and target as given."""
    target = image.mean() if target is None else target
    return rounding(rates * target + (1 - rates) * image).clip(0, 255).astype(np.uint8)


def uniform(low, high, rng, shape):
    return np.random.default_rng(rng).uniform(low, high, shape)


def gaussian_rates(image, low, high, rng):
    rates = np.random.default_rng(rng).normal((low + high) / 2, (high - low) / 4, image.shape)
    return pull(image, rates)


EXERCISE = Exercise(
    section="2.6 Take the contrast away and win it back",
    solution=my_compress_contrast,
    reference=compress,
    inputs=arguments(
        image=st.just(TWO_LEVELS),
        low=st.sampled_from([0.2, 0.5]),
        high=st.sampled_from([0.6, 1.0]),
        rng=st.just(0),
    ),
    examples={
        "a constant image": {"image": CONSTANT, "low": 0.2, "high": 0.6, "rng": 0},
        "one fixed rate": {"image": TWO_LEVELS, "low": 0.9, "high": 0.9, "rng": 0},
        "equal pixels in each row": {"image": ROWS, "low": 0.2, "high": 0.6, "rng": 0},
        "the rate 0": {"image": TWO_LEVELS, "low": 0.0, "high": 0.0, "rng": 0},
    },
    observe=compression_statistics,
    tolerance=0.02,
    larger="statistics need many pixels",
    is_new=True,
    misconceptions=(
        Misconception(
            "draws one rate for the whole picture",
            lambda image, low, high, rng: pull(image, uniform(low, high, rng, ())),
            "All pixels are pulled alike. Draw a rate for each, with one generator that goes on.",
        ),
        Misconception(
            "draws one rate for each row",
            lambda image, low, high, rng: pull(image, uniform(low, high, rng, (len(image), 1))),
            "The pixels of a row are pulled alike. Draw a rate for each pixel.",
        ),
        Misconception(
            "draws one rate for each column",
            lambda image, low, high, rng: pull(image, uniform(low, high, rng, image.shape[1])),
            "The pixels of a column are pulled alike. Draw a rate for each pixel.",
        ),
        Misconception(
            "exchanges r and 1 - r",
            lambda image, low, high, rng: pull(image, 1 - uniform(low, high, rng, image.shape)),
            "Your rate 0 makes every pixel the mean. The rate 0 leaves it as it is.",
        ),
        Misconception(
            "cuts off the decimals",
            lambda image, low, high, rng: pull(
                image, uniform(low, high, rng, image.shape), rounding=np.floor
            ),
            "A cut darkens by half a level on average. Round first, then convert to uint8.",
        ),
        Misconception(
            "pulls toward the mean of the column",
            lambda image, low, high, rng: pull(
                image, uniform(low, high, rng, image.shape), target=image.mean(axis=0)
            ),
            "Each column gets a mean of its own. The whole image has one: image.mean().",
        ),
        Misconception(
            "pulls toward the mean of the row",
            lambda image, low, high, rng: pull(
                image,
                uniform(low, high, rng, image.shape),
                target=image.mean(axis=1, keepdims=True),
            ),
            "Each row has a mean of its own. All pixels are pulled toward that of the picture.",
        ),
        Misconception(
            "pulls toward the middle of all levels",
            lambda image, low, high, rng: pull(
                image, uniform(low, high, rng, image.shape), target=128
            ),
            "That middle is the same for every picture. Pull toward the mean of this one.",
        ),
        Misconception(
            "pulls toward the middle between darkest and brightest",
            lambda image, low, high, rng: pull(
                image,
                uniform(low, high, rng, image.shape),
                target=(int(image.min()) + int(image.max())) / 2,
            ),
            "The mean depends on how many pixels are dark. Use image.mean().",
        ),
        Misconception(
            "draws Gaussian rates",
            gaussian_rates,
            "Some of your rates lie outside low … high. Draw them evenly, with uniform.",
        ),
        Misconception(
            "draws rates between 0 and 1",
            lambda image, low, high, rng: pull(image, uniform(0, 1, rng, image.shape)),
            "Your rates do not depend on low and high. Use uniform(low, high, image.shape).",
        ),
        Misconception(
            "exchanges height and width",
            lambda image, low, high, rng: pull(image, uniform(low, high, rng, image.shape[::-1])),
            "image.shape is (height, width), in this order. Draw rates of exactly that shape.",
        ),
        ideas.does_not_use_rng(lambda image, low, high, rng: compress(image, low, high, 0)),
    ),
    hints=(
        "An array of rates has the shape of the image.",
        "np.random.default_rng(rng).uniform(low, high, image.shape) draws them all.",
        "np.rint(rates * image.mean() + (1 - rates) * image), as uint8.",
    ),
    then="Compress `camera` and equalize it. How does the noise grow from low to high?",
)
