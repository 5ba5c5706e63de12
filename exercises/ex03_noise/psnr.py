"""PSNR on any scale.

Peak signal-to-noise ratio in decibels.
"""

import math

import numpy as np
import skimage.metrics

from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import arguments, arrays, random_floats, random_image
from exercises.ex03_noise.shared import WRAPS


def my_psnr(image, reference, data_range):
    if np.array_equal(image, reference):
        return np.inf
    difference = image.astype(float) - reference.astype(float)
    return 10 * np.log10(data_range**2 / (difference**2).mean())


def right_psnr(image, reference, data_range):
    with np.errstate(divide="ignore"):  # equal images
        return skimage.metrics.peak_signal_noise_ratio(reference, image, data_range=data_range)


def error(image, reference):
    return ((image.astype(float) - reference) ** 2).mean()


def natural_logarithm(image, reference, data_range):
    return 10 * np.log(data_range**2 / error(image, reference))


def twenty(image, reference, data_range):
    return 20 * np.log10(data_range**2 / error(image, reference))


def range_not_squared(image, reference, data_range):
    return 10 * np.log10(data_range / error(image, reference))


def square_uint8(image, reference, data_range):
    return 10 * np.log10(data_range**2 / ((image - reference) ** 2).mean())


def subtract_uint8(image, reference, data_range):
    return 10 * np.log10(data_range**2 / ((image - reference).astype(float) ** 2).mean())


def largest_level_is_range(image, reference, data_range):
    return right_psnr(image, reference, float(image.max()))


def always_255(image, reference, data_range):
    return right_psnr(image, reference, 255)


def absolute_error(image, reference, data_range):
    return 10 * np.log10(data_range**2 / abs(image.astype(float) - reference).mean())


def sum_of_squares(image, reference, data_range):
    return 10 * np.log10(data_range**2 / (error(image, reference) * image.size))


def tiny_number_added(image, reference, data_range):
    return 10 * np.log10(data_range**2 / (error(image, reference) + 1e-10))


def nothing_if_identical(image, reference, data_range):
    return 0.0 if np.array_equal(image, reference) else right_psnr(image, reference, data_range)


def hundred_for_identical(image, reference, data_range):
    return 100.0 if np.array_equal(image, reference) else right_psnr(image, reference, data_range)


def fraction_turned_round(image, reference, data_range):
    return -right_psnr(image, reference, data_range)


def divide_by_zero(image, reference, data_range):
    return 10 * math.log10(data_range**2 / float(error(image, reference)))


def pairs(levels, dtype, data_range):
    """Strategy: two images of one shape, and the range of their data."""
    sides = st.tuples(st.integers(1, 3), st.integers(1, 3))
    images = sides.map(lambda shape: arrays(dtype, shape, elements=levels))
    return images.flatmap(
        lambda image: arguments(image=image, reference=image, data_range=st.just(data_range))
    )


def pair(levels, reference_levels, dtype=np.uint8, data_range=255):
    image, reference = (np.atleast_2d(np.array(v, dtype)) for v in (levels, reference_levels))
    return {"image": image, "reference": reference, "data_range": data_range}


EXERCISE = Exercise(
    section="3.9 Four noises on one photograph",
    solution=my_psnr,
    reference=right_psnr,
    inputs=st.one_of(
        pairs(st.integers(0, 255), np.uint8, 255),
        pairs(st.integers(0, 4).map(lambda number: number / 4), np.float64, 1),
    ),
    examples={
        "identical images": pair([7], [7]),
        "black and white": pair([255], [0]),
        "a darker image": pair([100, 100], [105, 110]),
        "a scale of 0 … 1": pair([0.5, 1], [0.5, 0.75], np.float64, 1),
    },
    more=(
        pair(random_image(41, 31), random_image(41, 31, seed=1)),
        pair(random_image(2, 3, 3), random_image(2, 3, 3, seed=1)),
        pair(*random_floats(2, 5, 6, low=0), np.float64, 1),
        pair(*random_floats(2, 2, 3, low=0), np.float32, 1),
        pair([0.5, 0.25], [0.5, 0.250001], np.float64, 1),  # nearly identical
    ),
    misconceptions=(
        Misconception(
            "makes integers of both images",
            lambda image, reference, data_range: right_psnr(
                image.astype(int), reference.astype(int), data_range
            ),
            "Of floats between 0 and 1 only zeros and ones are left. Convert both images to float.",
        ),
        Misconception(
            "takes the natural logarithm",
            natural_logarithm,
            "log alone is the natural logarithm, in NumPy and in math. Decibels need log10.",
        ),
        Misconception(
            "squares uint8 numbers",
            square_uint8,
            "The square of 16 is 256 and wraps around to 0. Convert both images to float.",
            WRAPS,
        ),
        Misconception(
            "converts to float after the subtraction",
            subtract_uint8,
            "In uint8, 100 - 105 is 251 already. Convert both images before you subtract.",
            WRAPS,
        ),
        Misconception(
            "takes the largest level of the image for the range",
            largest_level_is_range,
            "The range belongs to the scale, not to the picture. Use data_range.",
            "To go deeper: PSNR needs the data range",
        ),
        Misconception(
            "takes 255 for every range",
            always_255,
            "255 is right for uint8 images only. Use data_range.",
            "To go deeper: PSNR needs the data range",
        ),
        Misconception(
            "multiplies by 20 instead of 10",
            twenty,
            "20 belongs to a ratio of levels. Here both are squared already, so it is 10.",
        ),
        Misconception(
            "does not square the range",
            range_not_squared,
            "The error is squared, so the range must be, too.",
        ),
        Misconception(
            "takes absolute errors",
            absolute_error,
            "The mean of |g - f| is another measure. Square the differences.",
        ),
        Misconception(
            "sums instead of averaging",
            sum_of_squares,
            "Your number depends on the size of the image. Divide the sum by N.",
        ),
        Misconception(
            "adds a tiny number to the error",
            tiny_number_added,
            "Identical images then get some finite number. Their PSNR is infinite.",
        ),
        Misconception(
            "returns 0 for identical images",
            nothing_if_identical,
            "0 dB stands for the worst images. The smaller the error, the larger the PSNR.",
        ),
        Misconception(
            "fails on identical images",
            divide_by_zero,
            "Their error is 0, and Python does not divide by 0. Return np.inf for them.",
        ),
        Misconception(
            "turns the fraction round",
            fraction_turned_round,
            "You divide the error by the squared range, and the logarithm changes its sign. A "
            "small error must give many decibels.",
        ),
        Misconception(
            "returns 100 for identical images",
            hundred_for_identical,
            "100 dB is a large number, and a good approximation can have more. Without an "
            "error the PSNR is infinite.",
        ),
        Misconception(
            "takes the root of the error",
            lambda a, b, r: 10 * np.log10(r**2 / np.sqrt(error(a, b))),
            "The fraction has squares above and below. Take the mean squared error as it is.",
        ),
        Misconception(
            "does not average",
            lambda a, b, r: 10 * np.log10(r**2 / (a.astype(float) - b) ** 2),
            "You get a number for each pixel. Average the squares before you divide.",
        ),
        Misconception(
            "divides uint8 and floats by 255",
            lambda a, b, r: right_psnr(a / 255, b / 255, r),
            "Your images are on another scale than data_range tells. Leave them as they are.",
        ),
        Misconception(
            "rounds to two decimals",
            lambda a, b, r: np.round(right_psnr(a, b, r), 2),
            "Round only where you print. Others may compute with the number.",
        ),
    ),
    hints=(
        "Mean squared error first. What must you do to uint8 images before subtracting?",
        "(image.astype(float) - reference) ** 2 cannot wrap around. Now average it.",
        "10 * np.log10(data_range**2 / error); if the error is 0, return np.inf.",
    ),
    then="By how many decibels does it fall if every error doubles? And if N doubles?",
)
