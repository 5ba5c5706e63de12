"""Restore a photograph with two noises.

Remove Gaussian noise, and salt and pepper on top of it.
"""

import numpy as np

from course_utils.filtering import binomial_kernel, box_kernel, filter_image, median_filter
from course_utils.metrics import psnr
from course_utils.noise import add_gaussian_noise, add_salt_and_pepper_noise
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.ex04_filtering.adaptive_median import adaptive_median
from exercises.ex04_filtering.shared import pieces

ENOUGH = "it beats each single filter by half a decibel"


def my_restore(noisy):
    is_hit = (noisy == 0) | (noisy == 255)
    clean = np.where(is_hit, median_filter(noisy, 3), noisy)
    return filter_image(clean, binomial_kernel(3))


def restore(noisy):
    """Switching median, then a narrow blur."""
    return smooth(adaptive_median(noisy))


def smooth(image):
    return filter_image(image, binomial_kernel(3))


def box(size):
    return lambda noisy: filter_image(noisy, box_kernel(size))


def median(size):
    return lambda noisy: median_filter(noisy, size)


SINGLE = (box(3), box(5), smooth, median(3), median(5))


def mean_of_clean_pixels(noisy):
    """Replace hit pixels by the mean of the window, which holds salt and pepper, too."""
    is_hit = (noisy == 0) | (noisy == 255)
    return smooth(np.where(is_hit, box(3)(noisy), noisy))


def cases():
    """Each piece, the smallest first, with weaker and stronger noise, and what must be reached."""
    made, goals = {}, {}
    for what, clean in pieces().items():
        for sigma, amount in ((10, 0.1), (15, 0.2)):
            noisy = add_gaussian_noise(clean, sigma, rng=sigma)
            noisy = add_salt_and_pepper_noise(noisy, amount, rng=1)
            made[f"{what} with {amount:.0%} hit"] = {"noisy": noisy}
            best = max(psnr(smoothed(noisy), clean) for smoothed in SINGLE)
            goals[noisy.tobytes()] = clean, best, what
    return made, goals


CASES, GOALS = cases()


def see_quality(value, arguments):
    """Say whether a result beats the best single filter, and by which numbers."""
    original, best, what = GOALS[arguments["noisy"].tobytes()]
    score = psnr(value, original)
    if score >= best + 0.5:
        return ENOUGH
    return f"on {what} it comes to {score:.1f} dB, and {best + 0.5:.1f} dB are wanted"


EXERCISE = Exercise(
    section="4.6 Four filters, four noises",
    solution=my_restore,
    reference=restore,
    inputs=st.sampled_from(list(CASES.values())),
    examples=CASES,
    observe=see_quality,
    larger="a filter is judged on photographs",
    misconceptions=(
        Misconception(
            "takes a median of 3 × 3 alone",
            median(3),
            "The median changes pixels that were not hit, and leaves much of the Gaussian noise. "
            "Give it the pixels of 0 and 255 only, and then blur a little.",
            "4.5 What smoothing buys, and what it costs",
        ),
        Misconception(
            "takes a median of 5 × 5 alone",
            median(5),
            "A large median takes detail with it. Replace the hit pixels only, then blur a little.",
            "Pitfall: thin lines and corners",
        ),
        Misconception(
            "blurs alone",
            smooth,
            "A blur turns each grain of salt into a spot. Remove the grains first.",
            "4.4 The median filter",
        ),
        Misconception(
            "blurs first",
            lambda noisy: median_filter(smooth(noisy), 3),
            "After the blur the salt is a spot of nine pixels, which no median of 3 × 3 removes. "
            "Replace the pixels of 0 and 255 first, and only those.",
            "4.4 The median filter",
        ),
        Misconception(
            "blurs after a median of all pixels",
            lambda noisy: smooth(median_filter(noisy, 3)),
            "The order is right. But the median of all pixels costs detail where nothing was hit. "
            "Replace only pixels of level 0 and 255.",
            "Pitfall: thin lines and corners",
        ),
        Misconception(
            "blurs too much in the end",
            lambda noisy: box(5)(adaptive_median(noisy)),
            "A box of 5 × 5 takes more detail than is needed. A binomial kernel of 3 × 3 is "
            "enough.",
            "Pitfall: a filter can do harm",
        ),
        Misconception(
            "leaves the Gaussian noise",
            adaptive_median,
            "Salt and pepper is gone, but the grain of all other pixels is still there. Blur.",
            "4.5 What smoothing buys, and what it costs",
        ),
        Misconception(
            "puts means in place of the hit pixels",
            mean_of_clean_pixels,
            "The mean of the window holds the salt itself. Take the median.",
            "4.4 The median filter",
        ),
        Misconception(
            "hardly changes the image",
            lambda noisy: noisy.copy(),
            "What you return is nearly the image as it came. Remove the salt and pepper first.",
        ),
    ),
    hints=(
        "Two noises, two filters. Which one has to come first?",
        "Nearly all pixels of level 0 or 255 were hit, and nearly all others were not. np.where "
        "chooses between two images.",
        "Put the median of 3 × 3 in place of the hit pixels only; then use a binomial kernel of "
        "3 × 3.",
    ),
    then="How much do you gain if hit pixels do not count in the median, as in exercise 4.11?",
)
