"""The two quizzes of notebook 03."""

import numpy as np
from skimage.util import random_noise

from course_utils.images import load_image
from course_utils.metrics import psnr
from course_utils.noise import (
    add_gaussian_noise,
    add_poisson_noise,
    add_salt_and_pepper_noise,
    add_speckle_noise,
)
from exercises.checker.quizzes import Question


def gain_of_sixteen_shots():
    """How much higher the PSNR of a mean of 16 shots is than that of one."""
    image = np.full((200, 200), 128, np.uint8)
    shots = [add_gaussian_noise(image, 20, rng=number) for number in range(16)]
    return psnr(np.rint(np.mean(shots, axis=0)).astype(np.uint8), image) - psnr(shots[0], image)


def relative_noise(level):
    """Standard deviation of Poisson noise, divided by the level."""
    return add_poisson_noise(np.full((300, 300), level, np.uint8), 1, rng=2022).std() / level


def coffee():
    """The piece of a photograph that the notebook shows before its quizzes."""
    return load_image("coffee")[60:150, 150:270]


def growth(noisy):
    """How many times as strong the noise on `coffee` is in bright values as in dark ones."""
    noise, original = noisy.astype(float) - coffee(), coffee()
    bright, dark = (original > 150) & (original < 200), (original > 30) & (original < 60)
    return noise[bright].std() / noise[dark].std()


def b_grows_and_c_does_not():
    grainy = add_speckle_noise(coffee(), 0.2, rng=1), add_gaussian_noise(coffee(), 25, rng=2)
    return growth(grainy[0]) > 2 and abs(growth(grainy[1]) - 1) < 0.2


def a_is_poisson():
    poisson, gaussian = (
        add_poisson_noise(coffee(), 12, rng=3),
        add_gaussian_noise(coffee(), 35, rng=4),
    )
    dots = add_salt_and_pepper_noise(coffee(), 0.1, rng=5)
    untouched = (dots == coffee()).mean() > 0.8
    return 1.5 < growth(poisson) < 2.5 and growth(gaussian) < 1.2 and untouched


def whole_pixels():
    """Per cent of pixels that scikit-image's salt and pepper leaves alone."""
    noisy = random_noise(np.full((300, 300, 3), 0.5), "s&p", amount=0.2, rng=2022)
    return 100 * (noisy == 0.5).all(axis=2).mean()


QUIZ_BEFORE = (
    Question(
        "A is a photograph, and B and C are the same photograph with noise. In which of them does "
        "the noise grow with the brightness?",
        section="3.8",
        has_pictures=True,
        right=("in B only", "On the white rim the grain is strong, on the dark coffee weak."),
        wrong=(
            ("in C only", "There the grain on the dark coffee is as strong as on the white rim."),
            ("in both of them", "Compare the dark coffee in B and in C: C has more grain there."),
            ("in neither of them", "Compare the white rim and the dark coffee in B."),
        ),
        proof=lambda: b_grows_and_c_does_not(),
    ),
    Question(
        "An array holds a million numbers, spread evenly between 90 and 110, with mean 100. Which "
        "mean does it have after `.astype(np.uint8)`?",
        section="3.3",
        right=("about 99.5", "The decimals are cut off, and on average they are worth a half."),
        wrong=(
            ("about 100", "So it would be if `astype` rounded. It cuts the decimals off."),
            ("about 100.5", "Decimals are cut off, not rounded up: every number gets smaller."),
            ("about 99", "A number loses between 0 and 1, and not always nearly 1."),
        ),
        proof=lambda: np.linspace(90, 110, 10**6).astype(np.uint8).mean(),
    ),
    Question(
        "A camera on a tripod: each shot of a pixel differs by chance, with a standard deviation "
        "of 20 levels. You average four shots. Which standard deviation does the mean have?",
        section="3.10",
        right=(
            "10",
            "The variance falls to a quarter, the standard deviation to its root, a half.",
        ),
        wrong=(
            ("5", "The variance falls to a quarter. The standard deviation is its square root."),
            ("20", "Chance deviations cancel in part. Averaging does help."),
            ("80", "Sums of shots spread more; but you divide the sum by four."),
        ),
        proof=lambda: np.random.default_rng(0).normal(0, 20, (4, 10**5)).mean(axis=0).std(),
    ),
    Question(
        "During the exposure, 100 photons reach a pixel on average. They arrive independently of "
        "each other. By how much does the number typically differ from 100?",
        section="3.7",
        right=("10", "The variance of such a count is its mean, and the square root of 100 is 10."),
        wrong=(
            (
                "0, if the camera is perfect",
                "The light itself is random. No camera can change that.",
            ),
            ("1", "1 % would need 10 000 photons: their typical deviation is 100."),
            ("100", "100 is the variance. The typical deviation is its square root."),
        ),
        proof=lambda: np.random.default_rng(0).poisson(100, 10**5).std(),
    ),
    Question(
        "In an RGB image, 10 % of all values turn white or black, each by chance and independently "
        "of the others. Which fraction of the pixels is damaged?",
        section="3.5",
        right=("about 27 %", "A pixel stays clean if all three values do: 1 - 0.9³ is 27 %."),
        wrong=(
            ("10 %", "That is the fraction of the values. A pixel has three chances to be hit."),
            ("30 %", "Adding up counts pixels twice in which two values are hit."),
            ("about 3 %", "A pixel is damaged as soon as one of its three values is."),
        ),
        proof=lambda: 100 * (np.random.default_rng(0).random((10**6, 3)) < 0.1).any(axis=1).mean(),
    ),
)
QUIZ_AFTER = (
    Question(
        "You add Gaussian noise with σ = 0.1 to a flat patch of level 100 and convert the sum with "
        "`astype(np.uint8)` alone. What do you get?",
        section="3.3",
        right=(
            "half of the pixels are 99, the others 100",
            "Every negative number, and be it -0.01, costs a whole level.",
        ),
        wrong=(
            ("all pixels are 100", "So it is after rounding. `astype` cuts 99.99 down to 99."),
            ("a tenth of the pixels are 99", "How far below 100 does not matter, only whether."),
            ("all pixels are 99", "Half of the noise is positive, and 100.1 becomes 100."),
        ),
        proof=lambda: np.quantile(
            np.random.default_rng(0).normal(100, 0.1, 10**5).astype(np.uint8), [0.49, 0.51]
        ),
    ),
    Question(
        "The mean of 16 shots, compared with one shot with the same Gaussian noise: by how much is "
        "its PSNR higher?",
        section="3.9",
        right=("12 dB", "The MSE falls to a sixteenth, and 10 log10(16) is 12.04."),
        wrong=(
            ("16 dB", "Decibels count powers of ten, not shots: take 10 log10(16)."),
            (
                "24 dB",
                "20 log10 would be right for a ratio of deviations. That ratio is 4, not 16.",
            ),
            ("6 dB", "6 dB is the gain of four shots. Sixteen shots give twice as many decibels."),
        ),
        proof=lambda: gain_of_sixteen_shots(),
    ),
    Question(
        "With Poisson noise, one patch is four times as bright as another. Compare the standard "
        "deviation of the noise, divided by the brightness of the patch.",
        section="3.7",
        right=(
            "it is half as large in the bright patch",
            "The standard deviation only doubles, and the brightness is four times as large.",
        ),
        wrong=(
            (
                "it is the same in both patches",
                "So it is with speckle. Here the variance is gain · f.",
            ),
            ("it is twice as large in the bright patch", "The noise doubles, but four divides it."),
            ("it is a quarter in the bright patch", "So it is with Gaussian noise of constant σ."),
        ),
        proof=lambda: abs(relative_noise(200) / relative_noise(50) - 0.5) < 0.01,
    ),
    Question(
        "scikit-image's salt and pepper noise hits 20 % of the values of an RGB image, each "
        "independently. Which fraction of the pixels keeps its colour?",
        section="3.5",
        right=("about 51 %", "All three values must survive: 0.8³ is 0.512."),
        wrong=(
            ("80 %", "So it is if whole pixels are hit, as `add_salt_and_pepper_noise` does."),
            ("40 %", "1 - 3 × 0.2 counts pixels twice in which two values are hit."),
            ("about 99 %", "0.2³ is the fraction of pixels that lose all three values."),
        ),
        proof=lambda: whole_pixels(),
    ),
    Question(
        "A, B and C show one photograph with three different noises. Which noise does A have?",
        section="3.8",
        has_pictures=True,
        right=(
            "Poisson noise",
            "The grain is stronger on the white rim than on the dark coffee, which is not spared.",
        ),
        wrong=(
            (
                "Gaussian noise",
                "That is B: the same grain everywhere, in the coffee and on the rim.",
            ),
            (
                "salt-and-pepper noise",
                "That is C: most pixels are clean, the others black or white.",
            ),
            ("no noise", "Look at the white rim, which is smooth in the photograph."),
        ),
        proof=lambda: a_is_poisson(),
    ),
)
