"""Exercises of notebook 03."""

import math

import numpy as np
import scipy.stats
import skimage.metrics
from hypothesis import strategies as st

from course_utils import noise
from course_utils._validation import check_image
from course_utils.convolution import to_uint8
from course_utils.exercises.checking import Exercise, Misconception
from course_utils.exercises.inputs import arguments, arrays
from course_utils.exercises.quizzes import Question

NOTEBOOK = "03_noise"
WRAPS = "Pitfall: without clipping, values wrap around"
CUTS_OFF = "Pitfall: without rounding, the image grows darker"


# Round and clip


def my_round_and_clip(values):
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def cut_off(values):
    return np.clip(values, 0, 255).astype(np.uint8)


def round_half_up(values):
    return np.clip(np.floor(values + 0.5), 0, 255).astype(np.uint8)


def round_up(values):
    return np.clip(np.ceil(values), 0, 255).astype(np.uint8)


def wrap(values):
    return np.rint(values).astype(int).astype(np.uint8)


def cut_off_and_wrap(values):
    return values.astype(int).astype(np.uint8)


def wrap_below(values):
    return wrap(np.minimum(values, 255))


def wrap_above(values):
    return wrap(np.maximum(values, 0))


def rescale(values):
    low, high = values.min(), values.max()
    return np.rint(255 * (values - low) / max(high - low, 1e-9)).astype(np.uint8)


def drop_the_sign(values):
    return to_uint8(abs(values))


def return_floats(values):
    return np.clip(np.rint(values), 0, 255)


def clip_in_place(values):
    return to_uint8(np.clip(values, 0, 255, out=values))


def value_arrays():
    """Strategy: whole numbers and quarters, below, within and above 0 … 255."""
    quarters = st.integers(-400, 2000).map(lambda number: number / 4)
    sides = st.tuples(st.integers(1, 3), st.integers(1, 3))
    return sides.flatmap(lambda shape: arrays(np.float64, shape, elements=quarters))


# Find the fault: a pixel that wraps around


def clip_too_late(image, noise):
    return np.clip(image + noise.astype(np.uint8), 0, 255)


def shows_wrapped_pixel(value, arguments):
    """Say what an image and its noise show about `clip_too_late`."""
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        return "it must return two arrays: return image, noise"
    image, noise = value
    check_image(image)
    if not isinstance(noise, np.ndarray) or noise.dtype.kind not in "iu":
        return "the noise must be an array of whole numbers, such as np.array([[3, -7]])"
    if noise.shape != image.shape:
        return "image and noise must have one shape"
    total = image.astype(int) + noise
    if not np.array_equal(clip_too_late(image, noise), np.clip(total, 0, 255)):
        return "a pixel wraps around"
    if not noise.any():
        return "no pixel wraps around: this noise is 0 everywhere"
    if total.max() == 255:
        return "no pixel wraps around: the largest sum is 255, and 255 is a level"
    if total.min() == 0:
        return "no pixel wraps around: the smallest sum is 0, and 0 is a level"
    if noise.min() < 0:
        return "no pixel wraps around: negative noise alone does no harm"
    return "no pixel wraps around: no sum leaves 0 … 255"


def my_find_wrapped_pixel():
    image = np.array([[250]], np.uint8)
    noise = np.array([[10]])
    return image, noise


def one_pixel(level, number):
    """Make an answer of one pixel and its noise."""
    return lambda: (np.array([[level]], np.uint8), np.array([[number]]))


# Additive noise: Gaussian and uniform. An answer is made of a way to draw the noise and a way
# back to grey levels.


def my_add_gaussian_noise(image, sigma, rng):
    rng = np.random.default_rng(rng)
    noisy = image + sigma * rng.standard_normal(image.shape)
    return np.clip(np.rint(noisy), 0, 255).astype(np.uint8)


def my_add_uniform_noise(image, width, rng):
    rng = np.random.default_rng(rng)
    noisy = image + rng.uniform(-width, width, image.shape)
    return np.clip(np.rint(noisy), 0, 255).astype(np.uint8)


def normal(rng, sigma, shape):
    return rng.normal(0, sigma, shape)


def around_that_mean(rng, sigma, shape):
    return rng.normal(sigma, 1, shape)


def of_that_variance(rng, sigma, shape):
    return rng.normal(0, np.sqrt(sigma), shape)


def of_that_square(rng, sigma, shape):
    return rng.normal(0, sigma**2, shape)


def uniform(rng, width, shape):
    return rng.uniform(-width, width, shape)


def of_that_range(rng, width, shape):
    return rng.uniform(-width / 2, width / 2, shape)


def of_that_deviation(rng, width, shape):
    return rng.uniform(-np.sqrt(3) * width, np.sqrt(3) * width, shape)


def whole_numbers(rng, width, shape):
    return rng.integers(-width, width, shape)


def whole_numbers_to_the_end(rng, width, shape):
    return rng.integers(-width, width, shape, endpoint=True)


def positive(draw):
    return lambda rng, strength, shape: abs(draw(rng, strength, shape))


def without_negatives(draw):
    return lambda rng, strength, shape: np.maximum(draw(rng, strength, shape), 0)


def one_number(draw):
    return lambda rng, strength, shape: draw(rng, strength, 1)


def one_row(draw):
    return lambda rng, strength, shape: draw(rng, strength, shape[1])


def in_whole_numbers(draw):
    return lambda rng, strength, shape: draw(rng, strength, shape).astype(int)


def as_uint8(draw):
    return lambda rng, strength, shape: cut_off_and_wrap(draw(rng, strength, shape))


def add(draw, to_levels=to_uint8):
    """Make an answer that adds what `draw` draws."""

    def answer(image, strength, rng):
        return to_levels(image + draw(np.random.default_rng(rng), strength, image.shape))

    return answer


def in_place(add_noise):
    """Make an answer that writes the noise into the image it was given."""

    def answer(image, *parameters):
        image[...] = add_noise(image, *parameters)
        return image

    return answer


def deaf(add_noise):
    """Make an answer that draws from one seed, whatever the argument says."""
    return lambda *parameters: add_noise(*parameters[:-1], 0)


def spare_the_end(image, sigma, rng):
    noisy = add(normal)(image, sigma, rng)
    noisy[-1], noisy[:, -1] = image[-1], image[:, -1]
    return noisy


def flat(shape, level):
    return np.full(shape, level, np.uint8)


def spread(value, arguments):
    """Mean and spread along each axis; a sentence if pixels do not differ although they should."""
    image, strength, _ = arguments.values()
    if strength > 0 and image.any():
        if np.ptp(value) == 0:
            return "all pixels have the same level, but noise differs from pixel to pixel"
        if (value == value[:1]).all():
            return "all rows are the same, but noise differs from pixel to pixel"
    return {
        "mean": value.mean(),
        "standard deviation along a row": value.std(axis=1).mean(),
        "standard deviation along a column": value.std(axis=0).mean(),
    }


def see_noise(value, arguments):
    """Mean, spread, and the mean change, which differs between laws of the same spread."""
    seen = spread(value, arguments)
    if isinstance(seen, str):
        return seen
    return {**seen, "mean size of the change": abs(value - arguments["image"].astype(float)).mean()}


GAUSSIAN_CASES = {
    "a dark patch": {"image": flat((200, 200), 10), "sigma": 2, "rng": 1},
    "a grey patch": {"image": flat((200, 200), 128), "sigma": 20, "rng": 2},
    "two rows": {"image": flat((2, 20_000), 128), "sigma": 4, "rng": 3},
    "two columns": {"image": flat((20_000, 2), 128), "sigma": 8, "rng": 4},
    "sums below 0": {"image": flat((400, 200), 20), "sigma": 20, "rng": 5},
    "sums above 255": {"image": flat((400, 200), 245), "sigma": 20, "rng": 6},
    "no noise": {"image": flat((200, 201), 128), "sigma": 0, "rng": 7},
}
UNIFORM_CASES = {
    "a dark patch": {"image": flat((200, 200), 10), "width": 4, "rng": 1},
    "a width of 2.5": {"image": flat((200, 200), 100), "width": 2.5, "rng": 8},
    "a grey patch": {"image": flat((200, 200), 128), "width": 40, "rng": 2},
    "two rows": {"image": flat((2, 20_000), 128), "width": 7, "rng": 3},
    "two columns": {"image": flat((20_000, 2), 128), "width": 7, "rng": 4},
    "sums below 0": {"image": flat((400, 200), 20), "width": 40, "rng": 5},
    "sums above 255": {"image": flat((400, 200), 245), "width": 40, "rng": 6},
}


# Speckle noise


def my_add_speckle_noise(image, sigma, rng):
    rng = np.random.default_rng(rng)
    noisy = image * (1 + sigma * rng.standard_normal(image.shape))
    return np.clip(np.rint(noisy), 0, 255).astype(np.uint8)


def multiply(draw, to_levels=to_uint8):
    """Make an answer that multiplies by 1 plus what `draw` draws."""

    def answer(image, sigma, rng):
        return to_levels(image * (1 + draw(np.random.default_rng(rng), sigma, image.shape)))

    return answer


def multiply_without_one(image, sigma, rng):
    return to_uint8(image * np.random.default_rng(rng).normal(0, sigma, image.shape))


def add_everywhere_the_same(image, sigma, rng):
    return add(normal)(image, 255 * sigma, rng)


SPECKLE_CASES = {
    "a dark patch": {"image": flat((200, 200), 10), "sigma": 0.2, "rng": 1},
    "a grey patch": {"image": flat((200, 200), 150), "sigma": 0.1, "rng": 2},
    "two rows": {"image": flat((2, 20_000), 100), "sigma": 0.04, "rng": 3},
    "two columns": {"image": flat((20_000, 2), 100), "sigma": 0.04, "rng": 4},
    "a white patch": {"image": flat((200, 201), 255), "sigma": 0.1, "rng": 5},
    "negative factors": {"image": flat((200, 201), 60), "sigma": 1, "rng": 6},
    "a black patch": {"image": flat((200, 201), 0), "sigma": 0.5, "rng": 7},
}


# The mean after salt and pepper noise


def my_salt_and_pepper_mean(level, amount, salt_fraction):
    return (1 - amount) * level + amount * salt_fraction * 255


def weighted_mean(level, amount, salt_fraction):
    shares = [1 - amount, amount * salt_fraction, amount * (1 - salt_fraction)]
    return np.average([level, 255, 0], weights=shares)


def add_white_to_all(level, amount, salt_fraction):
    return level + amount * salt_fraction * 255


def forget_pepper(level, amount, salt_fraction):
    return (1 - amount * salt_fraction) * level + amount * salt_fraction * 255


def subtract_pepper(level, amount, salt_fraction):
    return level + amount * salt_fraction * 255 - amount * (1 - salt_fraction) * 255


def swap_shares(level, amount, salt_fraction):
    return weighted_mean(level, amount, 1 - salt_fraction)


def half_and_half(level, amount, salt_fraction):
    return weighted_mean(level, amount, 0.5)


def white_is_one(level, amount, salt_fraction):
    return (1 - amount) * level + amount * salt_fraction


def round_the_mean(level, amount, salt_fraction):
    return round(weighted_mean(level, amount, salt_fraction))


def tenths(highest=10):
    """Strategy: 0, 0.1, 0.2, …"""
    return st.integers(0, highest).map(lambda number: number / 10)


# Salt and pepper noise


def my_add_salt_and_pepper_noise(image, amount, salt_fraction, rng):
    draw = np.random.default_rng(rng).random(image.shape[:2])
    noisy = image.copy()
    noisy[draw < amount] = 0
    noisy[draw < amount * salt_fraction] = 255
    return noisy


def right_salt_and_pepper(image, amount, salt_fraction, rng):
    return noise.add_salt_and_pepper_noise(image, amount, salt_fraction=salt_fraction, rng=rng)


def hit_values(image, amount, salt_fraction, rng):
    draw = np.random.default_rng(rng).random(image.shape)
    return np.where(draw < amount * salt_fraction, 255, np.where(draw < amount, 0, image)).astype(
        np.uint8
    )


def hit_places(end, *, axes=2):
    """Make an answer that draws indices up to the side minus `end`: of pixels, or of values."""

    def answer(image, amount, salt_fraction, rng):
        rng = np.random.default_rng(rng)
        noisy, sides = image.copy(), image.shape[:axes]
        for level, share in ((255, salt_fraction), (0, 1 - salt_fraction)):
            count = int(amount * share * math.prod(sides))
            noisy[tuple(rng.integers(0, side - end, count) for side in sides)] = level
        return noisy

    return answer


def amount_of_each(image, amount, salt_fraction, rng):
    draw = np.random.default_rng(rng).random(image.shape[:2])
    noisy = image.copy()
    noisy[draw > 1 - amount] = 255
    noisy[draw < amount] = 0
    return noisy


def draw_twice(image, amount, salt_fraction, rng):
    rng = np.random.default_rng(rng)
    noisy = image.copy()
    noisy[rng.random(image.shape[:2]) < amount * salt_fraction] = 255
    noisy[rng.random(image.shape[:2]) < amount * (1 - salt_fraction)] = 0
    return noisy


def pepper_over_salt(image, amount, salt_fraction, rng):
    draw = np.random.default_rng(rng).random(image.shape[:2])
    noisy = image.copy()
    noisy[draw < amount * salt_fraction] = 255
    noisy[draw < amount] = 0
    return noisy


def salt_is_one(image, amount, salt_fraction, rng):
    noisy = right_salt_and_pepper(image, amount, salt_fraction, rng)
    noisy[(noisy == 255) & (image != 255)] = 1
    return noisy


def swap_salt_and_pepper(image, amount, salt_fraction, rng):
    return right_salt_and_pepper(image, amount, 1 - salt_fraction, rng)


def ignore_salt_fraction(image, amount, salt_fraction, rng):
    return right_salt_and_pepper(image, amount, 0.5, rng)


def add_and_subtract_white(image, amount, salt_fraction, rng):
    draw = np.random.default_rng(rng).random(image.shape[:2])
    noisy = image.astype(int)
    noisy[draw < amount] -= 255
    noisy[draw < amount * salt_fraction] += 2 * 255
    return noisy.astype(np.uint8)


def see_hits(value, arguments):
    """Percent of the pixels of each kind; a pixel of an RGB image counts as a whole."""
    image = arguments["image"]
    pixels, before = (array.reshape(*image.shape[:2], -1) for array in (value, image))
    white, black = (pixels == 255).all(axis=2), (pixels == 0).all(axis=2)
    untouched = (pixels == before).all(axis=2)
    return {
        "percentage of white pixels": 100 * white.mean(),
        "percentage of black pixels": 100 * black.mean(),
        "percentage of pixels of other levels": 100 * (~white & ~black & ~untouched).mean(),
    }


SALT_AND_PEPPER_CASES = {
    "a grey patch": {"image": flat((200, 200), 128), "amount": 0.4, "salt_fraction": 0.3},
    "two rows": {"image": flat((2, 20_000), 128), "amount": 0.8, "salt_fraction": 0.3},
    "two columns": {"image": flat((20_000, 2), 128), "amount": 0.8, "salt_fraction": 0.7},
    "an RGB patch": {"image": flat((200, 200, 3), 128), "amount": 0.4, "salt_fraction": 0.3},
    "only salt": {"image": flat((200, 201), 128), "amount": 0.3, "salt_fraction": 1},
    "every pixel is hit": {"image": flat((200, 201), 128), "amount": 1, "salt_fraction": 0.3},
    "no pixel is hit": {"image": flat((200, 201), 128), "amount": 0, "salt_fraction": 0.5},
}
for number, case in enumerate(SALT_AND_PEPPER_CASES.values()):
    case["rng"] = number


# PSNR


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
    image, reference = np.array([levels], dtype), np.array([reference_levels], dtype)
    return {"image": image, "reference": reference, "data_range": data_range}


# Poisson noise


def my_add_poisson_noise(image, gain, rng):
    photons = np.random.default_rng(rng).poisson(image / gain)
    return np.clip(np.rint(gain * photons), 0, 255).astype(np.uint8)


def right_poisson(image, gain, rng):
    return noise.add_poisson_noise(image, gain, rng=rng)


def count(expect, develop, to_levels=to_uint8):
    """Make an answer from the photons to expect and from what becomes of those counted."""

    def answer(image, gain, rng):
        photons = np.random.default_rng(rng).poisson(expect(image, gain))
        return to_levels(develop(photons, gain))

    return answer


def divide(image, gain):
    return image / gain


def times(number, gain):
    return number * gain


def unchanged(number, gain):
    return number


def add_photons(image, gain, rng):
    photons = np.random.default_rng(rng).poisson(image / gain)
    return to_uint8(image + gain * photons)


def bell(image, gain, rng):
    return to_uint8(np.random.default_rng(rng).normal(image, np.sqrt(image)))


def bell_with_gain(image, gain, rng):
    return to_uint8(np.random.default_rng(rng).normal(image, np.sqrt(gain * image)))


def one_count(image, gain, rng):
    photons = np.random.default_rng(rng).poisson(image.mean() / gain)
    return to_uint8(np.full(image.shape, gain * photons))


def see_photons(value, arguments):
    """Mean, spread, and whether the levels are whole numbers of photons."""
    seen = spread(value, arguments)
    if isinstance(seen, str):
        return seen
    gain = arguments["gain"]
    levels = to_uint8(gain * np.arange(int(256 / gain) + 2))
    others = 100 * (~np.isin(value, levels)).mean()
    return {**seen, "percentage of pixels at levels that no number of photons gives": others}


POISSON_CASES = {
    "few photons": {"image": flat((200, 200), 20), "gain": 8, "rng": 1},
    "many photons": {"image": flat((200, 200), 30), "gain": 0.5, "rng": 2},
    "one photon": {"image": flat((200, 200), 1), "gain": 1, "rng": 9},
    "a gain of 1": {"image": flat((200, 200), 60), "gain": 1, "rng": 3},
    "a gain of 1.6": {"image": flat((200, 200), 50), "gain": 1.6, "rng": 4},
    "two rows": {"image": flat((2, 20_000), 100), "gain": 10, "rng": 5},
    "two columns": {"image": flat((20_000, 2), 100), "gain": 10, "rng": 6},
    "levels above 255": {"image": flat((200, 201), 240), "gain": 8, "rng": 7},
    "a black patch": {"image": flat((200, 201), 0), "gain": 8, "rng": 8},
}


# Gain and sigma of a camera


def my_gain_and_sigma(brightness, variance):
    gain, squared_sigma = np.polyfit(brightness, variance, 1)
    return gain, np.sqrt(squared_sigma)


def right_gain_and_sigma(brightness, variance):
    line = scipy.stats.linregress(brightness, variance)
    return line.slope, math.sqrt(line.intercept)


def return_variance(brightness, variance):
    return tuple(np.polyfit(brightness, variance, 1))


def swap_results(brightness, variance):
    return right_gain_and_sigma(brightness, variance)[::-1]


def intercept_first(brightness, variance):
    squared_sigma, gain = np.polyfit(brightness, variance, 1)
    return gain, np.sqrt(squared_sigma)


def through_origin(brightness, variance):
    return (brightness * variance).sum() / (brightness**2).sum(), 0.0


def mean_ratio(brightness, variance):
    gain, sigma = right_gain_and_sigma(brightness, variance)
    return (variance / brightness).mean(), sigma


def fit_deviation(brightness, variance):
    return tuple(np.polyfit(brightness, np.sqrt(variance), 1))


def darkest_is_black(brightness, variance):
    gain, _ = right_gain_and_sigma(brightness, variance)
    return gain, math.sqrt(variance.min())


def root_of_slope(brightness, variance):
    gain, sigma = right_gain_and_sigma(brightness, variance)
    return math.sqrt(gain), sigma


def first_and_last(brightness, variance):
    gain = (variance[-1] - variance[0]) / (brightness[-1] - brightness[0])
    return gain, np.sqrt(variance[0] - gain * brightness[0])


def measure(start, step, number, gain, sigma, scatter=0):
    """Brightness levels and the variances that a camera shows there."""
    brightness = start + step * np.arange(number, dtype=float)
    variance = gain * brightness + sigma**2
    variance[1::2] += scatter
    return {"brightness": brightness, "variance": variance}


EXERCISES = [
    Exercise(
        name="round_and_clip",
        notebook=NOTEBOOK,
        section="3.3 Back to grey levels",
        solution=my_round_and_clip,
        reference=to_uint8,
        inputs=arguments(values=value_arrays()),
        examples={
            "a half": {"values": np.array([[0.5]])},
            "a value below 0": {"values": np.array([[-1.0]])},
            "a value above 255": {"values": np.array([[256.0]])},
            "one of each": {"values": np.array([[-20.0, 99.4, 99.6, 270.0]])},
        },
        misconceptions=(
            Misconception(
                "cuts the decimals off",
                cut_off,
                "astype turns 99.6 into 99. Round with np.rint first.",
                CUTS_OFF,
            ),
            Misconception(
                "rounds halves up",
                round_half_up,
                "You send 0.5 to 1 and 2.5 to 3. A half goes to the even neighbour: to 0 and 2.",
            ),
            Misconception(
                "rounds up",
                round_up,
                "np.ceil turns 99.1 into 100. Take the nearest level instead.",
            ),
            Misconception(
                "does not clip",
                wrap,
                "256 wraps around to 0, and -1 to 255. Clip to 0 … 255 before the conversion.",
                WRAPS,
            ),
            Misconception(
                "neither rounds nor clips",
                cut_off_and_wrap,
                "astype alone cuts decimals off, and 256 wraps around to 0. Round, clip, convert.",
                WRAPS,
            ),
            Misconception(
                "clips at 255 only",
                wrap_below,
                "Negative values wrap around to bright ones. Clip at 0 as well.",
                WRAPS,
            ),
            Misconception(
                "clips at 0 only",
                wrap_above,
                "Values above 255 wrap around to dark ones. Clip at 255 as well.",
                WRAPS,
            ),
            Misconception(
                "stretches the values to 0 … 255",
                rescale,
                "You change every level. Only what lies outside 0 … 255 may move to the end.",
            ),
            Misconception(
                "drops the minus sign",
                drop_the_sign,
                "-20 is darker than black and becomes 0. You made it 20.",
            ),
            Misconception(
                "returns floats",
                return_floats,
                "The values are right, but an image is an array of uint8. Convert it with astype.",
            ),
            Misconception(
                "changes its argument",
                clip_in_place,
                "You write into the array that you were given. Leave it alone; return a new one.",
            ),
            Misconception(
                "clips at 256",
                lambda values: np.clip(np.rint(values), 0, 256).astype(int).astype(np.uint8),
                "There are 256 levels, but the first is 0, so the last is 255. Your 256 wraps "
                "around to black.",
            ),
        ),
        hints=(
            "Three steps: to the nearest whole number, into 0 … 255, to uint8.",
            "np.rint rounds, np.clip(…, 0, 255) clips, and .astype(np.uint8) converts.",
            "return np.clip(np.rint(values), 0, 255).astype(…)",
        ),
        then="Does it matter whether you round first or clip first? Try it, and say why.",
    ),
    Exercise(
        name="find_wrapped_pixel",
        notebook=NOTEBOOK,
        section=WRAPS,
        solution=my_find_wrapped_pixel,
        shows="a pixel wraps around",
        inputs=None,
        examples={"your image": {}},
        observe=shows_wrapped_pixel,
        misconceptions=(
            Misconception(
                "trusts that negative noise does harm",
                one_pixel(100, -5),
                "-5 becomes 251, and 100 + 251 - 256 is 95 again. The sum must leave 0 … 255.",
            ),
            Misconception(
                "adds up to white",
                one_pixel(200, 55),
                "255 is the last level that fits. Go one further.",
            ),
            Misconception(
                "subtracts down to black",
                one_pixel(5, -5),
                "0 is the first level that fits. Go one further.",
            ),
            Misconception(
                "adds no noise",
                one_pixel(255, 0),
                "Even white stays as it is if nothing is added. Put a number into the noise.",
            ),
            Misconception(
                "adds too little",
                one_pixel(100, 50),
                "150 is a level, and there is nothing to clip. The sum must leave 0 … 255.",
            ),
            Misconception(
                "returns the image alone",
                lambda: np.array([[250]], np.uint8),
                "The check needs the noise, too. Write: return image, noise.",
            ),
            Misconception(
                "takes noise with decimals",
                lambda: (np.array([[250]], np.uint8), np.array([[9.5]])),
                "The function promises only whole numbers. Take an array of ints.",
            ),
            Misconception(
                "takes one number for the noise of several pixels",
                lambda: (np.array([[250, 250]], np.uint8), np.array([[10]])),
                "The noise has one number for each pixel. Give both arrays the same shape.",
            ),
        ),
        hints=(
            "uint8 counts like a clock with 256 hours. When is that right, and when is it wrong?",
            "uint8 arithmetic gives the sum minus 256 or plus 256. Which sums does that harm?",
            "One pixel is enough: a bright one and positive noise, or a dark one and negative.",
        ),
        then="Why is the result right for a pixel of 100 and noise of -5, which uint8 cannot hold?",
    ),
    Exercise(
        name="add_gaussian_noise",
        notebook=NOTEBOOK,
        section="3.4 Gaussian noise",
        solution=my_add_gaussian_noise,
        reference=lambda image, sigma, rng: noise.add_gaussian_noise(image, sigma, rng=rng),
        inputs=st.sampled_from(list(GAUSSIAN_CASES.values())),
        examples=GAUSSIAN_CASES,
        observe=see_noise,
        tolerance=0.03,
        larger="statistics need many pixels",
        misconceptions=(
            Misconception(
                "takes sigma for the variance",
                add(of_that_variance),
                "You take the square root of sigma. sigma is the standard deviation itself.",
                "Pitfall: sigma is not the variance",
            ),
            Misconception(
                "squares sigma",
                add(of_that_square),
                "sigma² is the variance. Generators want the standard deviation: sigma itself.",
                "Pitfall: sigma is not the variance",
            ),
            Misconception(
                "leaves the last row and the last column alone",
                spare_the_end,
                "The end of range is exclusive: range(height) ends with the last row already.",
                "Pitfall: the last row never gets noise",
            ),
            Misconception(
                "does not clip",
                add(normal, wrap),
                "Sums above 255 wrap around to dark levels, negative ones to bright. Clip them.",
                WRAPS,
            ),
            Misconception(
                "cuts the decimals off",
                add(normal, cut_off),
                "astype lowers the mean by half a level. Round with np.rint before you convert.",
                CUTS_OFF,
            ),
            Misconception(
                "neither rounds nor clips",
                add(normal, cut_off_and_wrap),
                "astype alone cuts decimals off and wraps around. Round, clip, then convert.",
                "3.3 Back to grey levels",
            ),
            Misconception(
                "makes the noise uint8 before adding it",
                add(as_uint8(normal), cut_off_and_wrap),
                "uint8 holds no negative numbers and no decimals. Add in floating point first.",
                WRAPS,
            ),
            Misconception(
                "draws one number for the whole image",
                add(one_number(normal)),
                "All pixels move together. Draw an array of the shape of the image.",
                "3.1 What noise is",
            ),
            Misconception(
                "draws one row of noise for all rows",
                add(one_row(normal)),
                "Every row gets the same noise. Draw an array of the shape of the image.",
                "3.1 What noise is",
            ),
            Misconception(
                "draws uniform numbers",
                add(uniform),
                "Between -sigma and sigma you made all values equally likely. Draw from N(0, 1).",
            ),
            Misconception(
                "adds only positive noise",
                add(positive(normal)),
                "You brighten the image. Half of all Gaussian numbers are negative; leave them so.",
            ),
            Misconception(
                "clips the noise instead of the sum",
                add(without_negatives(normal)),
                "You lose the negative half of the noise. Add first, then clip the sum.",
            ),
            Misconception(
                "changes its argument",
                in_place(add(normal)),
                "You write into the image that you were given. Leave it alone; return a new one.",
            ),
            Misconception(
                "takes sigma for the mean",
                add(around_that_mean),
                "The first argument of rng.normal is the mean, the second the standard deviation. "
                "Write rng.normal(0, sigma, image.shape).",
            ),
            Misconception(
                "cuts the decimals off the noise",
                add(in_whole_numbers(normal)),
                "astype(int) moves every number toward 0, so the noise gets weaker. Round the sum, "
                "once.",
                CUTS_OFF,
            ),
            Misconception(
                "does not use rng",
                deaf(my_add_gaussian_noise),
                "Every seed gives you the same. Begin with rng = np.random.default_rng(rng), and "
                "draw with methods of rng, not with functions of np.random.",
            ),
        ),
        hints=(
            "Two steps: an array of random numbers, and the way back to grey levels.",
            "np.random.default_rng(rng).standard_normal(image.shape) draws from N(0, 1).",
            "np.clip(np.rint(image + sigma * …), 0, 255).astype(np.uint8)",
        ),
        then="Try the difference of two noisy copies: which standard deviation has it, and why?",
    ),
    Exercise(
        name="add_uniform_noise",
        notebook=NOTEBOOK,
        section="3.4 Gaussian noise",
        solution=my_add_uniform_noise,
        reference=lambda image, width, rng: to_uint8(
            image + width * (2 * np.random.default_rng(rng).random(image.shape) - 1)
        ),
        inputs=st.sampled_from(list(UNIFORM_CASES.values())),
        examples=UNIFORM_CASES,
        observe=see_noise,
        tolerance=0.03,
        larger="statistics need many pixels",
        misconceptions=(
            Misconception(
                "takes the width for the whole range",
                add(of_that_range),
                "You draw between -width / 2 and width / 2. The noise reaches width on both sides.",
            ),
            Misconception(
                "takes the width for the standard deviation",
                add(of_that_deviation),
                "Your noise goes beyond width. width is the largest noise, not a typical one.",
            ),
            Misconception(
                "adds only positive noise",
                add(positive(uniform)),
                "You brighten the image. Half of the noise lies between -width and 0.",
            ),
            Misconception(
                "draws whole numbers from -width to width - 1",
                add(whole_numbers),
                "The end of integers is exclusive, so the mean is too low. Use uniform.",
                "Pitfall: the last row never gets noise",
            ),
            Misconception(
                "draws whole numbers from -width to width",
                add(whole_numbers_to_the_end),
                "Whole numbers spread more: width itself counts like any other. Use uniform.",
            ),
            Misconception(
                "draws Gaussian noise",
                add(normal),
                "Gaussian numbers have no largest value. Here all values in the range are equal.",
            ),
            Misconception(
                "draws one number for the whole image",
                add(one_number(uniform)),
                "All pixels move together. Draw an array of the shape of the image.",
                "3.1 What noise is",
            ),
            Misconception(
                "cuts the decimals off",
                add(uniform, cut_off),
                "astype lowers the mean by half a level. Round with np.rint before you convert.",
                CUTS_OFF,
            ),
            Misconception(
                "does not clip",
                add(uniform, wrap),
                "Sums above 255 wrap around to dark levels, negative ones to bright. Clip them.",
                WRAPS,
            ),
            Misconception(
                "neither rounds nor clips",
                add(uniform, cut_off_and_wrap),
                "astype alone cuts decimals off and wraps around. Round, clip, then convert.",
                "3.3 Back to grey levels",
            ),
            Misconception(
                "does not use rng",
                deaf(my_add_uniform_noise),
                "Every seed gives you the same. Begin with rng = np.random.default_rng(rng), and "
                "draw with methods of rng, not with functions of np.random.",
            ),
        ),
        hints=(
            "Only the line that draws the numbers differs from Gaussian noise.",
            "A generator's method uniform(low, high, shape) draws them. What is low here?",
            "image + np.random.default_rng(rng).uniform(-width, width, image.shape)",
        ),
        then="The variance should be width² / 3. Measure it on flat patches of several levels.",
    ),
    Exercise(
        name="add_speckle_noise",
        notebook=NOTEBOOK,
        section="3.6 Speckle noise",
        solution=my_add_speckle_noise,
        reference=lambda image, sigma, rng: noise.add_speckle_noise(image, sigma, rng=rng),
        inputs=st.sampled_from(list(SPECKLE_CASES.values())),
        examples=SPECKLE_CASES,
        observe=see_noise,
        tolerance=0.03,
        larger="statistics need many pixels",
        misconceptions=(
            Misconception(
                "adds the noise instead of multiplying",
                add(normal),
                "sigma is a fraction here, and you add a fraction of a level. Multiply the image.",
                "How does it depend on the signal?",
            ),
            Misconception(
                "gives all levels noise of the same strength",
                add_everywhere_the_same,
                "255 sigma is right for white only. The standard deviation is sigma × level.",
                "How does it depend on the signal?",
            ),
            Misconception(
                "leaves out the 1",
                multiply_without_one,
                "f · σ n is the noise alone. The factor is 1 + σ n, close to 1.",
            ),
            Misconception(
                "takes sigma for the variance",
                multiply(of_that_variance),
                "You take the square root of sigma. sigma is the standard deviation of the factor.",
                "Pitfall: sigma is not the variance",
            ),
            Misconception(
                "does not clip",
                multiply(normal, wrap),
                "Bright pixels leave 0 … 255 and wrap around. Clip before you convert.",
                WRAPS,
            ),
            Misconception(
                "cuts the decimals off",
                multiply(normal, cut_off),
                "astype lowers the mean by half a level. Round with np.rint before you convert.",
                CUTS_OFF,
            ),
            Misconception(
                "neither rounds nor clips",
                multiply(normal, cut_off_and_wrap),
                "astype alone cuts decimals off and wraps around. Round, clip, then convert.",
                "3.3 Back to grey levels",
            ),
            Misconception(
                "draws one factor for the whole image",
                multiply(one_number(normal)),
                "All pixels change together. Draw an array of the shape of the image.",
                "3.1 What noise is",
            ),
            Misconception(
                "draws uniform numbers",
                multiply(uniform),
                "Between -sigma and sigma you made all values equally likely. Draw from N(0, 1).",
            ),
            Misconception(
                "only brightens",
                multiply(positive(normal)),
                "Your factor is never below 1. Half of all Gaussian numbers are negative.",
            ),
            Misconception(
                "does not use rng",
                deaf(my_add_speckle_noise),
                "Every seed gives you the same. Begin with rng = np.random.default_rng(rng), and "
                "draw with methods of rng, not with functions of np.random.",
            ),
        ),
        hints=(
            "Draw as for Gaussian noise. What do you multiply, and by what?",
            "The factor is 1 + sigma * n, where n is drawn from N(0, 1) for each pixel.",
            "image * (1 + sigma * np.random.default_rng(rng).standard_normal(image.shape))",
        ),
        then="Which pixels of an image never change, whatever sigma is? Try it on a photograph.",
    ),
    Exercise(
        name="salt_and_pepper_mean",
        notebook=NOTEBOOK,
        section="3.5 Salt and pepper noise",
        solution=my_salt_and_pepper_mean,
        reference=weighted_mean,
        inputs=arguments(level=st.integers(0, 255), amount=tenths(), salt_fraction=tenths()),
        examples={
            "no pixel is hit": {"level": 50, "amount": 0.0, "salt_fraction": 0.5},
            "every pixel is hit": {"level": 50, "amount": 1.0, "salt_fraction": 0.2},
            "only pepper": {"level": 50, "amount": 0.1, "salt_fraction": 0.0},
        },
        misconceptions=(
            Misconception(
                "leaves the mean alone",
                lambda level, amount, salt_fraction: level,
                "Salt and pepper balance at one level only. Weight each level by its share.",
            ),
            Misconception(
                "keeps the level of the hit pixels",
                add_white_to_all,
                "A hit pixel loses its level. Only the share 1 - amount keeps it.",
            ),
            Misconception(
                "forgets the pepper",
                forget_pepper,
                "Pepper adds nothing to the sum, but its pixels lose their level, too.",
            ),
            Misconception(
                "adds and subtracts 255",
                subtract_pepper,
                "Salt and pepper noise is not additive. It replaces the level by 255 or by 0.",
            ),
            Misconception(
                "swaps salt and pepper",
                swap_shares,
                "The share salt_fraction of the hit pixels is white. You made it black.",
            ),
            Misconception(
                "ignores the share of salt",
                half_and_half,
                "Half and half is one case only. The salt has the share amount × salt_fraction.",
            ),
            Misconception(
                "counts salt as 1",
                white_is_one,
                "Your scale is 0 … 1. Here white is the level 255.",
            ),
            Misconception(
                "rounds the mean",
                round_the_mean,
                "Levels are whole numbers; their mean need not be. Return it as it is.",
            ),
            Misconception(
                "makes salt of pixels that are not hit",
                lambda level, amount, salt_fraction: (1 - amount) * level + salt_fraction * 255,
                "salt_fraction is a share of the pixels that are hit, not of all. Salt covers "
                "amount * salt_fraction of the patch.",
            ),
            Misconception(
                "takes 256 for white",
                lambda level, amount, salt_fraction: (
                    (1 - amount) * level + amount * salt_fraction * 256
                ),
                "There are 256 levels, but the first is 0. White is 255.",
            ),
        ),
        hints=(
            "Which three levels occur, and which share of the pixels has each?",
            "A mean is the sum of level × share. Black adds 0.",
            "(1 - amount) * level + … * 255",
        ),
        then="At which level does the mean stay? Set the formula equal to the level, and solve.",
    ),
    Exercise(
        name="add_salt_and_pepper_noise",
        notebook=NOTEBOOK,
        section="3.5 Salt and pepper noise",
        solution=my_add_salt_and_pepper_noise,
        reference=right_salt_and_pepper,
        inputs=st.sampled_from(list(SALT_AND_PEPPER_CASES.values())),
        examples=SALT_AND_PEPPER_CASES,
        observe=see_hits,
        tolerance=0.1,
        larger="statistics need many pixels",
        misconceptions=(
            Misconception(
                "hits values instead of pixels",
                hit_values,
                "You draw one number a value, so pixels turn coloured. Draw one number a pixel.",
                "Pitfall: salt and pepper in colour",
            ),
            Misconception(
                "gives the whole amount to each kind",
                amount_of_each,
                "The amount is the share of all hit pixels. Salt and pepper divide it.",
            ),
            Misconception(
                "hits some pixels twice",
                draw_twice,
                "The second draw blackens some of the salt. Draw once, and compare it twice.",
            ),
            Misconception(
                "draws places with replacement",
                hit_places(end=0),
                "Some places are drawn twice, so too few pixels are hit. Decide for each pixel.",
            ),
            Misconception(
                "never touches the last row and the last column",
                hit_places(end=1),
                "The end of integers is exclusive. Decide for each pixel instead.",
                "Pitfall: the last row never gets noise",
            ),
            Misconception(
                "draws places of single values with replacement",
                hit_places(end=0, axes=3),
                "Pixels turn coloured, and some places are drawn twice. Decide for each pixel.",
                "Pitfall: salt and pepper in colour",
            ),
            Misconception(
                "hits single values, but never the last row, column and channel",
                hit_places(end=1, axes=3),
                "The end of integers is exclusive, so blue stays clean. Decide for each pixel.",
                "Pitfall: the last row never gets noise",
            ),
            Misconception(
                "covers the salt with pepper",
                pepper_over_salt,
                "Every salted pixel is also below amount, and the later line wins. Salt last.",
            ),
            Misconception(
                "makes salt 1 instead of 255",
                salt_is_one,
                "White is 1 on the scale 0 … 1. In a uint8 image it is 255.",
            ),
            Misconception(
                "swaps salt and pepper",
                swap_salt_and_pepper,
                "The share salt_fraction of the hit pixels is white. You made it black.",
            ),
            Misconception(
                "ignores the share of salt",
                ignore_salt_fraction,
                "Half of the hit pixels turn white. It must be the share salt_fraction of them.",
            ),
            Misconception(
                "adds and subtracts 255 instead of replacing",
                add_and_subtract_white,
                "128 + 255 wraps around to 127. Write the level 255 or 0 in place of the old one.",
                WRAPS,
            ),
            Misconception(
                "changes its argument",
                in_place(right_salt_and_pepper),
                "You write into the image that you were given. Take image.copy() first.",
            ),
            Misconception(
                "does not use rng",
                deaf(my_add_salt_and_pepper_noise),
                "Every seed gives you the same. Begin with rng = np.random.default_rng(rng), and "
                "draw with methods of rng, not with functions of np.random.",
            ),
        ),
        hints=(
            "Draw one number between 0 and 1 for each pixel. Which of them become white?",
            "image.shape[:2] is the height and the width, with or without channels.",
            "noisy[draw < amount] = 0, and then noisy[draw < amount * salt_fraction] = 255",
        ),
        then="Hit exactly round(amount × N) pixels: rng.permutation helps. Which noise is truer?",
    ),
    Exercise(
        name="psnr",
        notebook=NOTEBOOK,
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
        misconceptions=(
            Misconception(
                "takes the natural logarithm",
                natural_logarithm,
                "np.log is the natural logarithm. Decibels need np.log10.",
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
                "Pitfall: PSNR needs the data range",
            ),
            Misconception(
                "takes 255 for every range",
                always_255,
                "255 is right for uint8 images only. Use data_range.",
                "Pitfall: PSNR needs the data range",
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
        ),
        hints=(
            "Mean squared error first. What must you do to uint8 images before subtracting?",
            "(image.astype(float) - reference) ** 2 cannot wrap around. Now average it.",
            "10 * np.log10(data_range**2 / error); if the error is 0, return np.inf.",
        ),
        then="By how many decibels does it fall if every error doubles? And if N doubles?",
    ),
    Exercise(
        name="add_poisson_noise",
        notebook=NOTEBOOK,
        section="3.7 Poisson noise",
        solution=my_add_poisson_noise,
        reference=right_poisson,
        inputs=st.sampled_from(list(POISSON_CASES.values())),
        examples=POISSON_CASES,
        observe=see_photons,
        tolerance=0.03,
        larger="statistics need many pixels",
        misconceptions=(
            Misconception(
                "ignores the gain",
                count(unchanged, unchanged),
                "You count one photon a grey level. A pixel of level f expects f / gain photons.",
            ),
            Misconception(
                "uses the gain the wrong way round",
                count(times, divide),
                "gain is grey levels per photon. Divide to get photons, multiply to come back.",
            ),
            Misconception(
                "returns the photons",
                count(divide, unchanged),
                "You return the counts. Multiply them by the gain to get grey levels.",
            ),
            Misconception(
                "does not divide by the gain",
                count(unchanged, times),
                "Your image is gain times too bright. Expect f / gain photons.",
            ),
            Misconception(
                "expects whole photons only",
                count(lambda image, gain: image // gain, times),
                "A pixel counts whole photons, but the expected number may have decimals. Use /.",
            ),
            Misconception(
                "adds the photons to the image",
                add_photons,
                "The counted photons are the image; nothing is left to add them to.",
            ),
            Misconception(
                "draws Gaussian noise whose variance is the level",
                bell,
                "The variance is gain · f, and only whole numbers of photons can occur.",
            ),
            Misconception(
                "draws Gaussian noise of the right variance",
                bell_with_gain,
                "Mean and variance fit, but photons come whole: only gain × 0, 1, 2, … occur.",
            ),
            Misconception(
                "does not clip",
                count(divide, times, wrap),
                "Levels above 255 wrap around to dark ones. Clip before you convert.",
                WRAPS,
            ),
            Misconception(
                "cuts the decimals off",
                count(divide, times, cut_off),
                "3 photons at a gain of 1.6 are 4.8 levels, nearest to 5. Round with np.rint.",
                CUTS_OFF,
            ),
            Misconception(
                "neither rounds nor clips",
                count(divide, times, cut_off_and_wrap),
                "astype alone cuts decimals off and wraps around. Round, clip, then convert.",
                "3.3 Back to grey levels",
            ),
            Misconception(
                "draws one number for the whole image",
                one_count,
                "All pixels count the same photons. Give the whole array to poisson.",
                "3.1 What noise is",
            ),
            Misconception(
                "does not use rng",
                deaf(my_add_poisson_noise),
                "Every seed gives you the same. Begin with rng = np.random.default_rng(rng), and "
                "draw with methods of rng, not with functions of np.random.",
            ),
        ),
        hints=(
            "How many photons does a pixel of level f expect? What does each photon become?",
            "A generator's method poisson(expected) takes an array and counts for each pixel.",
            "photons = np.random.default_rng(rng).poisson(image / gain), then gain * photons",
        ),
        then="How many different levels remain at a gain of 64? Try it on a photograph.",
    ),
    Exercise(
        name="gain_and_sigma",
        notebook=NOTEBOOK,
        section="3.8 The variance gives them away",
        solution=my_gain_and_sigma,
        reference=right_gain_and_sigma,
        inputs=st.builds(
            measure,
            start=st.sampled_from([10, 20, 50]),
            step=st.sampled_from([10, 20, 50]),
            number=st.integers(2, 4),
            gain=st.integers(1, 4),
            sigma=st.integers(1, 10),
        ),
        examples={
            "two levels": measure(10, 10, 2, gain=2, sigma=3),
            "a black level": measure(0, 50, 4, gain=2, sigma=3),
            "variances that scatter": measure(10, 50, 4, gain=2, sigma=5, scatter=6),
        },
        misconceptions=(
            Misconception(
                "returns the variance instead of sigma",
                return_variance,
                "The line meets the axis at the variance sigma². Take its square root.",
                "Pitfall: sigma is not the variance",
            ),
            Misconception(
                "swaps gain and sigma",
                swap_results,
                "The slope is the gain and comes first. np.polyfit returns the slope first.",
            ),
            Misconception(
                "draws the line through the origin",
                through_origin,
                "At black only the Poisson noise is 0. The Gaussian noise stays: fit it, too.",
            ),
            Misconception(
                "divides the variance by the brightness",
                mean_ratio,
                "That is the gain of a camera without Gaussian noise. Take the slope of the line.",
            ),
            Misconception(
                "fits the standard deviation",
                fit_deviation,
                "Variances of independent noises add up, deviations do not. Fit the variance.",
            ),
            Misconception(
                "takes the darkest patch for black",
                darkest_is_black,
                "The darkest patch has Poisson noise as well. Extend the line to brightness 0.",
            ),
            Misconception(
                "takes the square root of the slope",
                root_of_slope,
                "The slope of the variance is the gain itself. Only sigma needs a root.",
            ),
            Misconception(
                "uses the first and the last patch only",
                first_and_last,
                "Measured variances scatter. Let all patches decide: np.polyfit.",
            ),
            Misconception(
                "reads the line from the wrong end",
                intercept_first,
                "np.polyfit returns the highest power first: the slope, then the intercept. The "
                "slope is the gain.",
            ),
        ),
        hints=(
            "Write the variance of both noises as one formula in the brightness.",
            "variance = gain · k + sigma² is a straight line. np.polyfit(x, y, 1) finds it.",
            "gain, squared = np.polyfit(brightness, variance, 1); what is squared the square of?",
        ),
        then="Add Poisson, then Gaussian noise to flat patches, and get both parameters back.",
    ),
]

QUIZ_BEFORE = (
    Question(
        "`image` is a uint8 array with a pixel of level 250. Which level does that pixel have in "
        "`image + np.uint8(20)`?",
        right=("14", "uint8 keeps the remainder after dividing by 256: 270 - 256 is 14."),
        wrong=(
            ("255", "uint8 does not stop at white. It goes on with black, like a clock."),
            ("270", "NumPy does not widen the type here: both are uint8, so the sum is, too."),
            ("15", "A clock of 255 hours would give 15. uint8 has 256 levels, 0 … 255."),
        ),
        proof=lambda: (np.array([250], np.uint8) + np.uint8(20))[0] == 14,
    ),
    Question(
        "An array holds a million numbers, spread evenly between 90 and 110, with mean 100. Which "
        "mean does it have after `.astype(np.uint8)`?",
        right=("about 99.5", "The decimals are cut off, and on average they are worth a half."),
        wrong=(
            ("about 100", "So it would be if `astype` rounded. It cuts the decimals off."),
            ("about 100.5", "Decimals are cut off, not rounded up: every number gets smaller."),
            ("about 99", "A number loses between 0 and 1, and not always nearly 1."),
        ),
        proof=lambda: abs(np.linspace(90, 110, 10**6).astype(np.uint8).mean() - 99.5) < 0.01,
    ),
    Question(
        "A camera on a tripod: each shot of a pixel differs by chance, with a standard deviation "
        "of 20 levels. You average four shots. Which standard deviation does the mean have?",
        right=(
            "10",
            "The variance falls to a quarter, the standard deviation to its root, a half.",
        ),
        wrong=(
            ("5", "The variance falls to a quarter. The standard deviation is its square root."),
            ("20", "Chance deviations cancel in part. Averaging does help."),
            ("80", "Sums of shots spread more; but you divide the sum by four."),
        ),
        proof=lambda: (
            abs(np.random.default_rng(0).normal(0, 20, (4, 10**5)).mean(0).std() - 10) < 0.2
        ),
    ),
    Question(
        "During the exposure, 100 photons reach a pixel on average. They arrive independently of "
        "each other. By how much does the number typically differ from 100?",
        right=("10", "The variance of such a count is its mean, and the square root of 100 is 10."),
        wrong=(
            (
                "0, if the camera is perfect",
                "The light itself is random. No camera can change that.",
            ),
            ("1", "1 % would need 10 000 photons: their typical deviation is 100."),
            ("100", "100 is the variance. The typical deviation is its square root."),
        ),
        proof=lambda: abs(np.random.default_rng(0).poisson(100, 10**5).std() - 10) < 0.1,
    ),
    Question(
        "In an RGB image, 10 % of all values turn white or black, each by chance and independently "
        "of the others. Which share of the pixels is damaged?",
        right=("about 27 %", "A pixel stays clean if all three values do: 1 - 0.9³ is 27 %."),
        wrong=(
            ("10 %", "That is the share of the values. A pixel has three chances to be hit."),
            ("30 %", "Adding up counts pixels twice in which two values are hit."),
            ("about 3 %", "A pixel is damaged as soon as one of its three values is."),
        ),
        proof=lambda: round(100 * (1 - 0.9**3)) == 27,
    ),
)

QUIZ_AFTER = (
    Question(
        "`a` holds a uint8 pixel of level 200, `b` one of 100. What does `np.clip(a + b, 0, 255)` "
        "give?",
        right=("44", "The uint8 sum has wrapped around before `np.clip` sees it: 300 - 256."),
        wrong=(
            ("255", "That needs a sum that is still 300. Convert to a wider type before adding."),
            ("300", "No uint8 holds 300, and `np.clip` lets nothing above 255 pass."),
            ("0", "Clipping never turns bright into black; and the sum is not above 255 any more."),
        ),
        proof=lambda: np.clip(np.uint8([200]) + np.uint8([100]), 0, 255)[0] == 44,
    ),
    Question(
        "You add Gaussian noise with σ = 0.1 to a flat patch of level 100 and convert the sum with "
        "`astype(np.uint8)` alone. What do you get?",
        right=(
            "half of the pixels are 99, the others 100",
            "Every negative number, and be it -0.01, costs a whole level.",
        ),
        wrong=(
            ("all pixels are 100", "So it is after rounding. `astype` cuts 99.99 down to 99."),
            ("a tenth of the pixels are 99", "How far below 100 does not matter, only whether."),
            ("all pixels are 99", "Half of the noise is positive, and 100.1 becomes 100."),
        ),
        proof=lambda: (
            abs((100 + np.random.default_rng(0).normal(0, 0.1, 10**5) < 100).mean() - 0.5) < 0.01
        ),
    ),
    Question(
        "The mean of 16 shots, compared with one shot with the same Gaussian noise: by how much is "
        "its PSNR higher?",
        right=("12 dB", "The MSE falls to a sixteenth, and 10 log10(16) is 12.04."),
        wrong=(
            ("16 dB", "Decibels count powers of ten, not shots: take 10 log10(16)."),
            (
                "24 dB",
                "20 log10 would be right for a ratio of deviations. That ratio is 4, not 16.",
            ),
            ("6 dB", "6 dB is the gain of four shots. Sixteen shots give twice as many decibels."),
        ),
        proof=lambda: round(10 * math.log10(16)) == 12,
    ),
    Question(
        "With Poisson noise, one patch is four times as bright as another. Compare the standard "
        "deviation of the noise, divided by the brightness of the patch.",
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
        proof=lambda: math.isclose(math.sqrt(4) / 4, 0.5),
    ),
    Question(
        "scikit-image's salt and pepper noise hits 20 % of the values of an RGB image, each "
        "independently. Which share of the pixels keeps its colour?",
        right=("about 51 %", "All three values must survive: 0.8³ is 0.512."),
        wrong=(
            ("80 %", "So it is if whole pixels are hit, as `add_salt_and_pepper_noise` does."),
            ("40 %", "1 - 3 × 0.2 counts pixels twice in which two values are hit."),
            ("about 99 %", "0.2³ is the share of pixels that lose all three values."),
        ),
        proof=lambda: round(100 * 0.8**3) == 51,
    ),
)
