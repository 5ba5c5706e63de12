"""Filter, but do no harm.

Remove Gaussian noise of a known sigma from a photograph.
"""

from functools import partial

import cv2
import numpy as np

from course_utils.filtering import (
    binomial_kernel,
    box_kernel,
    filter_image,
    gaussian_kernel,
    median_filter,
)
from course_utils.metrics import psnr
from course_utils.noise import add_gaussian_noise
from exercises import ideas
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.ex04_filtering.shared import pieces

WANTED = {4: 0, 8: 1, 16: 3, 32: 5}  # dB above doing nothing, for each sigma
ENOUGH = "it gains enough"


def my_do_no_harm(noisy, sigma):
    width = {4: 0.4, 8: 0.5, 16: 0.6, 32: 0.7}[sigma]
    return filter_image(noisy, gaussian_kernel(5, width))


def do_no_harm(noisy, sigma):
    """The same with a formula for the width, which grows with the noise."""
    return filter_image(noisy, gaussian_kernel(7, 0.24 + 0.08 * np.log2(sigma)))


def smooth(kernel, noisy, sigma):
    return filter_image(noisy, kernel)


def as_wide_as_the_noise(noisy, sigma):
    return cv2.GaussianBlur(noisy, (0, 0), sigma)


def wide_for_weak_noise(noisy, sigma):
    return filter_image(noisy, gaussian_kernel(9, 8 / sigma))


def subtract_new_noise(noisy, sigma):
    noise = np.random.default_rng(0).normal(0, sigma, noisy.shape)
    return np.clip(np.rint(noisy - noise), 0, 255).astype(np.uint8)


def cases():
    """Each piece with each noise, the smallest first, and the original of each."""
    made, originals = {}, {}
    for what, clean in pieces().items():
        for sigma in WANTED:
            noisy = add_gaussian_noise(clean, sigma, rng=sigma)
            made[f"{what} with sigma {sigma}"] = {"noisy": noisy, "sigma": sigma}
            originals[noisy.tobytes()] = clean, what
    return made, originals


CASES, ORIGINALS = cases()


def see_gain(value, arguments):
    """Say whether a result is closer to the original than the noisy image, and by how much."""
    noisy, sigma = arguments.values()
    original, what = ORIGINALS[noisy.tobytes()]
    score, nothing = psnr(value, original), psnr(noisy, original)
    if score >= nothing + WANTED[sigma]:
        return ENOUGH
    wanted = nothing + WANTED[sigma]
    reached = f"on {what} it comes to {score:.1f} dB, and doing nothing to {nothing:.1f}"
    return f"{reached}; {wanted:.1f} are wanted"


EXERCISE = Exercise(
    section="4.6 Four filters, four noises",
    solution=my_do_no_harm,
    reference=do_no_harm,
    inputs=st.sampled_from(list(CASES.values())),
    examples=CASES,
    observe=see_gain,
    larger="a filter is judged on photographs",
    misconceptions=(
        Misconception(
            "takes a box of 5 × 5, whatever the noise",
            partial(smooth, box_kernel(5)),
            "A box of 5 × 5 takes more detail than weak noise is worth. Let the strength of the "
            "filter follow sigma.",
            "Pitfall: a filter can do harm",
        ),
        Misconception(
            "takes a binomial kernel of 5 × 5, whatever the noise",
            partial(smooth, binomial_kernel(5)),
            "This kernel is good for strong noise only. Let the strength of the filter follow "
            "sigma.",
            "Pitfall: a filter can do harm",
        ),
        Misconception(
            "takes a binomial kernel of 3 × 3, whatever the noise",
            partial(smooth, binomial_kernel(3)),
            "Against strong noise this is good. Where the noise is weaker, or the texture fine, it "
            "costs more than it brings.",
            "Pitfall: a filter can do harm",
        ),
        Misconception(
            "takes a median of 3 × 3",
            lambda noisy, sigma: median_filter(noisy, 3),
            "The median is for outliers. Gaussian noise has hardly any, and fine texture suffers.",
        ),
        Misconception(
            "hardly changes the image",
            lambda noisy, sigma: noisy.copy(),
            "For a sigma of 4 that is allowed. Stronger noise is worth a stronger filter.",
        ),
        Misconception(
            "takes sigma of the noise for that of the filter",
            as_wide_as_the_noise,
            "One is counted in grey levels, the other in pixels. A Gaussian of 4 pixels leaves "
            "nothing of fine detail.",
            "4.5 What smoothing buys, and what it costs",
        ),
        Misconception(
            "blurs weak noise more than strong noise",
            wide_for_weak_noise,
            "The stronger the noise, the more detail you may give for it. Turn it round.",
            "4.5 What smoothing buys, and what it costs",
        ),
        Misconception(
            "subtracts noise that it draws anew",
            subtract_new_noise,
            "Your noise is another realization than that of the image. Both add up.",
        ),
        ideas.returns_floats(lambda noisy, sigma: do_no_harm(noisy, sigma).astype(float)),
    ),
    hints=(
        "Try Gaussians of several widths on a piece of gravel, once for each sigma of the noise.",
        "The table of section 4.5 has the best width for each noise. Gravel wants 0.4 to 0.9.",
        "Widths of 0.4, 0.5, 0.6 and 0.7 pixels are enough for sigma 4, 8, 16 and 32.",
    ),
    then="Let the non-local means of section 4.5 try this exercise. Where does it fail? Tune it.",
)
