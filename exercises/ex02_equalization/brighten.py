"""Bring light into the dark.

Brighten a dark photograph, and do not spoil it.
"""

import cv2
import numpy as np

from course_utils import equalization
from course_utils.images import load_image
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import arguments

STRETCH = "2.2 Why not simply stretch?"


def rounded(levels):
    return np.rint(levels).clip(0, 255).astype(np.uint8)


def with_less_light(name, part):
    """Load the middle of a photograph, grey, as if only a part of the light had come in."""
    light = (load_image(name, gray=True)[50:290, 100:380] / 255) ** 2.2
    return rounded(255 * (part * light) ** (1 / 2.2))


PHOTOGRAPHS = {
    "coins with a tenth of the light": with_less_light("coins", 0.1),
    "the motorcycle with a fifth of the light": with_less_light("motorcycle_left", 0.2),
    "the cat with a sixth of the light": with_less_light("chelsea", 1 / 6),
    "the rocket": load_image("rocket", gray=True)[100:, 150:500],
    "the night sky": load_image("hubble_deep_field", gray=True)[200:600, 300:700],
}
for photograph in PHOTOGRAPHS.values():
    photograph[0, 0] = 0  # so that each holds black


def my_brighten(image):
    low, high = 0.05, 1
    for _ in range(20):  # halve the range in which gamma lies
        gamma = (low + high) / 2
        result = np.rint(255 * (image / 255) ** gamma).astype(np.uint8)
        if result.mean() > 100:  # too bright: gamma must be larger
            low = gamma
        else:
            high = gamma
    return result


def by_trial(image):
    """Take the power out of many that brings the mean closest to 100."""
    results = [rounded(255 * (image / 255) ** gamma) for gamma in np.linspace(0.1, 1, 46)]
    return min(results, key=lambda result: abs(result.mean() - 100))


def grain(image, result):
    """How many times as strong the small differences between neighbours are."""
    before, after = (np.abs(np.diff(levels.astype(int))) for levels in (image, result))
    is_small = (before > 0) & (before <= 4)
    return after[is_small].mean() / before[is_small].mean() if is_small.any() else 1


def keeps_the_order(image, result):
    darkest, brightest = (
        [f(result[image == k]) for k in np.unique(image)] for f in (np.min, np.max)
    )
    return all(low <= high for low, high in zip(brightest, darkest[1:]))


def judges_the_result(result, given):
    """Say the first thing that is wrong with a brightened image."""
    image = given["image"]
    if result.shape != image.shape or result.dtype != np.uint8:
        return "it must return a uint8 image of the same shape"
    if not keeps_the_order(image, result):
        return "a brighter pixel has become darker than a darker one"
    if result[image == 0].max() > 0:
        return f"black has become {result[image == 0].max()}"
    burnt = np.mean((result == 255) & (image < 255))
    if burnt > 0.01:
        return f"{burnt:.0%} of the pixels have become white; at most 1 % is right"
    if grain(image, result) > 4:
        return f"the grain is {grain(image, result):.1f} times as strong; at most 4 times is right"
    if not 90 <= result.mean() <= 110:
        return f"the mean is {result.mean():.0f}; from 90 to 110 is right"
    return "it is brighter and not spoilt"


def log_curve(image):
    return rounded(255 * np.log1p(image.astype(float)) / np.log(256))


def stretched(image):
    low, high = int(image.min()), int(image.max())
    return rounded(255 * (image.astype(float) - low) / (high - low))


EXERCISE = Exercise(
    section=STRETCH,
    solution=my_brighten,
    reference=by_trial,
    inputs=arguments(image=st.sampled_from(list(PHOTOGRAPHS.values()))),
    examples={name: {"image": image} for name, image in PHOTOGRAPHS.items()},
    observe=judges_the_result,
    larger="they are photographs",
    misconceptions=(
        Misconception(
            "equalizes",
            equalization.equalize,
            "You raise the mean to the middle of the range, whatever the picture shows, and give "
            "the noise of a dark sky nearly the whole range. A curve of your choice is gentler.",
        ),
        Misconception(
            "equalizes with OpenCV",
            lambda image: cv2.equalizeHist(image),
            "cv2.equalizeHist keeps black, but the mean goes to the middle of the range, and the "
            "noise grows with the contrast.",
        ),
        Misconception(
            "adds a constant",
            lambda image: rounded(image + (100 - image.mean())),
            "You lift all levels alike, and black becomes grey: a veil lies over the picture. Use "
            "a curve that keeps 0.",
        ),
        Misconception(
            "multiplies",
            lambda image: rounded(image * (100 / image.mean())),
            "What is bright already becomes white and loses all detail. Use a curve that keeps 0 "
            "and 255 and bends between them.",
        ),
        Misconception(
            "multiplies in uint8",
            lambda image: image * np.uint8(round(100 / image.mean())),
            "The product of two uint8 wraps around: what is bright becomes dark. Compute in "
            "floats, round, clip to 0 … 255, then convert.",
        ),
        Misconception(
            "stretches to the whole range",
            stretched,
            "The brightest pixel alone decides by how much: some photographs hardly change, others "
            "become too bright. Bend the curve instead.",
        ),
        Misconception(
            "takes the root for every picture",
            lambda image: rounded(255 * np.sqrt(image / 255)),
            "One power does not suit all: with 0.5 the rocket becomes too bright, and the night "
            "sky stays too dark. Choose gamma from the image.",
        ),
        Misconception(
            "takes the logarithm for every picture",
            log_curve,
            "It makes all of these too bright, a night sky least. Choose the curve from the image.",
        ),
        Misconception(
            "turns the power upside down",
            lambda image: rounded(255 * (image / 255) ** (1 / 0.6)),
            "A power above 1 darkens, since the levels as fractions of 255 are below 1. Use one "
            "below 1.",
        ),
        Misconception(
            "uses CLAHE",
            lambda image: cv2.createCLAHE(clipLimit=4, tileGridSize=(2, 2)).apply(image),
            "CLAHE has a map for each region: of two pixels the brighter one may become the darker "
            "one. Use one curve for all.",
            "2.9 One map for each region",
        ),
    ),
    hints=(
        "Which curve of section 2.2 keeps 0 and 255 and lifts what is between them?",
        "A smaller gamma makes a brighter picture. Which gamma brings the mean to 100?",
        "Halve the range of gamma again and again: too bright means larger, too dark smaller.",
    ),
    then="Brighten a colour photograph, each channel by the same curve. Do the colours stay?",
)
