"""Tests of `course_utils.noise`.

Statistical claims use fixed seeds and allow FIVE standard errors: a right helper passes with any
seed but about one in a million, and a wrong law is many more standard errors away.
"""

import warnings

import cv2
import numpy as np
import pytest
import skimage
from conftest import images
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from course_utils.metrics import psnr
from course_utils.noise import (
    add_gaussian_noise,
    add_poisson_noise,
    add_salt_and_pepper_noise,
    add_speckle_noise,
)

FIVE = 5
HELPERS = {  # each helper with a value of its parameter that makes visible noise
    add_gaussian_noise: 20,
    add_salt_and_pepper_noise: 0.3,
    add_speckle_noise: 0.2,
    add_poisson_noise: 4,
}
EACH = pytest.mark.parametrize(
    ("add", "strength"), HELPERS.items(), ids=lambda v: getattr(v, "__name__", str(v))
)


def flat(level, *, shape=(400, 500)):
    return np.full(shape, level, np.uint8)


def noise_of(noisy, image):
    return noisy.astype(int) - image


def assert_mean(values, expected):
    """Compare a mean with its expected value; the sd of a mean of n values is sd / sqrt(n)."""
    assert abs(values.mean() - expected) <= FIVE * values.std() / np.sqrt(values.size)


class Draws(np.random.Generator):
    """A generator that draws the numbers it was given, and notes what it was asked for."""

    def __init__(self, values):
        super().__init__(np.random.PCG64(0))
        self.values = values
        self.expected = None

    def _next(self, size, dtype):
        return np.array(self.values, dtype).reshape(size)

    def standard_normal(self, size, dtype=float):
        return self._next(size, dtype)

    def random(self, size, dtype=float):
        return self._next(size, dtype)

    def poisson(self, lam):
        self.expected = lam
        return self._next(lam.shape, int)


# --- by hand ------------------------------------------------------------------------------------


def test_gaussian_adds_sigma_times_the_draw_and_clips():
    image = np.array([[100, 100, 250, 3]], np.uint8)
    noisy = add_gaussian_noise(image, 10, rng=Draws([1, -2, 1, -1]))
    np.testing.assert_array_equal(noisy, [[110, 80, 255, 0]])


def test_gaussian_rounds_to_the_nearest_level():
    noisy = add_gaussian_noise(flat(100, shape=(1, 4)), 1, rng=Draws([0.4, 0.6, -0.4, -0.6]))
    np.testing.assert_array_equal(noisy, [[100, 101, 100, 99]])


def test_salt_and_pepper_splits_the_draws():
    draws = Draws([0.0, 0.09, 0.11, 0.39, 0.41, 0.99])
    noisy = add_salt_and_pepper_noise(flat(7, shape=(2, 3)), 0.4, salt_fraction=0.25, rng=draws)
    np.testing.assert_array_equal(noisy, [[255, 255, 0], [0, 7, 7]])


def test_salt_and_pepper_hits_whole_pixels():
    image = np.array([[[1, 2, 3], [4, 5, 6], [7, 8, 9]]], np.uint8)
    noisy = add_salt_and_pepper_noise(image, 0.4, rng=Draws([0.1, 0.3, 0.5]))
    np.testing.assert_array_equal(noisy, [[[255] * 3, [0] * 3, [7, 8, 9]]])


def test_speckle_multiplies():
    image = np.array([[100, 200, 0, 250, 10]], np.uint8)
    noisy = add_speckle_noise(image, 0.2, rng=Draws([0.5, -0.5, 2, 1, -9]))
    np.testing.assert_array_equal(noisy, [[110, 180, 0, 255, 0]])


def test_poisson_expects_image_over_gain_and_multiplies_the_count():
    draws = Draws([2, 0, 30])
    noisy = add_poisson_noise(np.array([[40, 0, 200]], np.uint8), 10, rng=draws)
    np.testing.assert_allclose(draws.expected, [[4, 0, 20]])
    np.testing.assert_array_equal(noisy, [[20, 0, 255]])


def test_poisson_rounds_to_the_nearest_level():
    noisy = add_poisson_noise(flat(9, shape=(1, 2)), 1.3, rng=Draws([2, 3]))  # 2.6 and 3.9
    np.testing.assert_array_equal(noisy, [[3, 4]])


@pytest.mark.parametrize(("salt_fraction", "level"), [(0, 0), (1, 255)])
def test_amount_one_leaves_no_pixel(salt_fraction, level):
    noisy = add_salt_and_pepper_noise(flat(9), 1, salt_fraction=salt_fraction, rng=0)
    assert (noisy == level).all()


# --- properties ---------------------------------------------------------------------------------

SEEDS = st.integers(0, 2**32)


@EACH
@given(image=images(), seed=SEEDS)
def test_result_is_a_new_image_and_the_argument_stays(add, strength, image, seed):
    before = image.copy()
    noisy = add(image, strength, rng=seed)
    assert (noisy.shape, noisy.dtype) == (image.shape, np.uint8)
    assert not np.shares_memory(noisy, image)
    noisy[:] = 1  # writable
    np.testing.assert_array_equal(image, before)


@EACH
@given(image=images(), seed=SEEDS)
def test_a_seed_stands_for_its_generator(add, strength, image, seed):
    noisy = add(image, strength, rng=seed)
    np.testing.assert_array_equal(noisy, add(image, strength, rng=seed))
    np.testing.assert_array_equal(noisy, add(image, strength, rng=np.random.default_rng(seed)))


@pytest.mark.parametrize("add", [add_gaussian_noise, add_salt_and_pepper_noise, add_speckle_noise])
@given(image=images(), seed=SEEDS)
def test_no_strength_no_noise(add, image, seed):
    noisy = add(image, 0, rng=seed)
    np.testing.assert_array_equal(noisy, image)
    assert not np.shares_memory(noisy, image)


@given(image=images(), seed=SEEDS, amount=st.floats(0, 1), salt_fraction=st.floats(0, 1))
def test_salt_and_pepper_replaces_whole_pixels_or_none(image, seed, amount, salt_fraction):
    noisy = add_salt_and_pepper_noise(image, amount, salt_fraction=salt_fraction, rng=seed)
    rows = noisy.reshape(image.shape[0] * image.shape[1], -1)
    clean = (rows == image.reshape(rows.shape)).all(axis=1)
    assert (clean | (rows == 0).all(axis=1) | (rows == 255).all(axis=1)).all()


@given(seed=SEEDS, amounts=st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_more_salt_and_pepper_hits_the_same_pixels_and_more(seed, amounts):
    image = flat(128, shape=(9, 9))
    few, many = (add_salt_and_pepper_noise(image, a, rng=seed) != 128 for a in sorted(amounts))
    assert (many | ~few).all()


@pytest.mark.parametrize("add", [add_speckle_noise, add_poisson_noise])
@given(seed=SEEDS, strength=st.floats(1e-6, 1e6))
def test_black_stays_black(add, seed, strength):
    assert (add(flat(0, shape=(5, 5)), strength, rng=seed) == 0).all()


@given(image=images(), seed=SEEDS, gain=st.integers(1, 300))
def test_poisson_gives_whole_photons(image, seed, gain):
    noisy = add_poisson_noise(image, gain, rng=seed).astype(int)
    assert ((noisy % gain == 0) | (noisy == 255)).all()


@EACH
def test_a_generator_goes_on(add, strength):
    rng = np.random.default_rng(1)
    image = flat(128)
    assert not np.array_equal(add(image, strength, rng=rng), add(image, strength, rng=rng))


@EACH
def test_no_seed_means_a_fresh_one(add, strength):
    assert not np.array_equal(add(flat(128), strength), add(flat(128), strength))


@EACH
def test_numpy_s_global_seed_plays_no_part(add, strength):
    state = np.random.get_state()[1].copy()  # noqa: NPY002
    add(flat(128), strength, rng=1)
    np.testing.assert_array_equal(np.random.get_state()[1], state)  # noqa: NPY002


# --- agreement with independent references ------------------------------------------------------

PHOTO = skimage.data.camera()


def test_gaussian_agrees_with_opencv_to_the_last_bit():
    # OpenCV adds in float32 and saturates, given the same draws.
    draws = np.random.default_rng(3).standard_normal(PHOTO.shape, np.float32)
    expected = cv2.add(PHOTO.astype(np.float32), np.float32(40) * draws, dtype=cv2.CV_8U)
    np.testing.assert_array_equal(add_gaussian_noise(PHOTO, 40, rng=3), expected)


def test_speckle_agrees_with_opencv_to_the_last_bit():
    draws = np.random.default_rng(3).standard_normal(PHOTO.shape, np.float32)
    factor = 1 + np.float32(0.35) * draws
    expected = cv2.multiply(PHOTO.astype(np.float32), factor, dtype=cv2.CV_8U)
    np.testing.assert_array_equal(add_speckle_noise(PHOTO, 0.35, rng=3), expected)


def test_poisson_agrees_with_scikit_image_to_the_last_bit():
    # An image with all 256 levels makes scikit-image take 256 photons for white, on its scale 0…1.
    assert len(np.unique(PHOTO)) == 256
    expected = np.rint(255 * skimage.util.random_noise(PHOTO, "poisson", rng=3))
    np.testing.assert_array_equal(add_poisson_noise(PHOTO, 255 / 256, rng=3), expected)


@pytest.mark.parametrize(
    ("add", "strength", "mode"),
    [
        (add_gaussian_noise, 20, {"mode": "gaussian", "var": (20 / 255) ** 2}),
        (add_speckle_noise, 0.2, {"mode": "speckle", "var": 0.2**2}),
        (add_salt_and_pepper_noise, 0.3, {"mode": "s&p", "amount": 0.3}),
    ],
)
def test_histogram_agrees_with_scikit_image(add, strength, mode):
    # The draws differ (scikit-image takes 64 bits a number), the law is the same: a chi-squared
    # test on the two histograms of one grey level (a rarely hit level joins its neighbours).
    image = flat(150)
    ours = add(image, strength, rng=4)
    theirs = np.rint(255 * skimage.util.random_noise(image, rng=5, **mode)).astype(np.uint8)
    edges = [0, 1, *range(90, 211, 5), 255, 256]
    table = np.array([np.histogram(i, edges)[0] for i in (ours, theirs)])
    table = table[:, table.sum(axis=0) > 0]
    assert table.sum() == 2 * image.size
    assert stats.chi2_contingency(table).pvalue > 1e-4


def assert_follows(noisy, probabilities):
    """Chi-squared test of a histogram against 256 probabilities; rare levels are pooled."""
    counts = np.bincount(noisy.ravel(), minlength=256)
    expected = probabilities * noisy.size
    rare = expected < 20
    assert probabilities.sum() == pytest.approx(1)
    observed, expected = (np.append(v[~rare], v[rare].sum()) for v in (counts, expected))
    used = expected > 0
    assert (observed[~used] == 0).all()
    assert stats.chisquare(observed[used], expected[used]).pvalue > 1e-4


def rounded_and_clipped(law):
    """Probabilities of the levels 0…255 of a continuous law."""
    limits = np.concatenate([[-np.inf], np.arange(255) + 0.5, [np.inf]])
    return np.diff(law.cdf(limits))


@pytest.mark.parametrize("level", [0, 10, 128, 255])
def test_gaussian_density(level):
    noisy = add_gaussian_noise(flat(level), 25, rng=level)
    assert_follows(noisy, rounded_and_clipped(stats.norm(level, 25)))


@pytest.mark.parametrize("level", [20, 128, 240])
def test_speckle_density(level):
    noisy = add_speckle_noise(flat(level), 0.25, rng=level)
    assert_follows(noisy, rounded_and_clipped(stats.norm(level, 0.25 * level)))


@pytest.mark.parametrize(("level", "gain"), [(3, 1), (128, 1), (250, 1), (100, 20), (128, 7)])
def test_poisson_density(level, gain):
    probabilities = np.zeros(256)
    m = np.arange(255 // gain + 1)
    probabilities[gain * m] = stats.poisson(level / gain).pmf(m)
    probabilities[255] += 1 - probabilities.sum()
    assert_follows(add_poisson_noise(flat(level), gain, rng=level), probabilities)


@pytest.mark.parametrize("salt_fraction", [0, 0.3, 0.5, 1])
@pytest.mark.parametrize("amount", [0.001, 0.07, 0.9])
def test_salt_and_pepper_density(amount, salt_fraction):
    probabilities = np.zeros(256)
    probabilities[[0, 90, 255]] = amount * (1 - salt_fraction), 1 - amount, amount * salt_fraction
    noisy = add_salt_and_pepper_noise(flat(90), amount, salt_fraction=salt_fraction, rng=6)
    assert_follows(noisy, probabilities)


LEVELS = np.arange(60, 151, 10)  # far enough from 0 and 255 that nothing is clipped


@pytest.mark.parametrize(
    ("add", "strength", "variance"),
    [
        (add_gaussian_noise, 10, np.full(LEVELS.size, 10**2) + 1 / 12),  # 1/12: rounding
        (add_speckle_noise, 0.1, (0.1 * LEVELS) ** 2 + 1 / 12),
        (add_poisson_noise, 3, 3 * LEVELS),
        (add_salt_and_pepper_noise, 0.1, 0.1 * 127.5**2 + 0.1 * 0.9 * (LEVELS - 127.5) ** 2),
    ],
)
def test_variance_follows_the_brightness(add, strength, variance):
    rows = np.repeat(LEVELS[:, None], 40_000, axis=1).astype(np.uint8)
    for row, expected in zip(add(rows, strength, rng=7).astype(float), variance):
        assert_mean((row - row.mean()) ** 2, expected)


@pytest.mark.parametrize("add", [add_gaussian_noise, add_speckle_noise, add_poisson_noise])
def test_channels_get_independent_noise(add):
    noisy = add(flat(128, shape=(200, 200, 3)), HELPERS[add], rng=8)
    correlation = np.corrcoef(noisy.reshape(-1, 3).T)
    assert abs(correlation[[0, 0, 1], [1, 2, 2]]).max() <= FIVE / 200  # 1 / sqrt(pixels) = 1 / 200


@EACH
@pytest.mark.parametrize("step", [(0, 1), (1, 0), (1, 1)])
def test_neighbours_get_independent_noise(add, strength, step):
    noisy = add(flat(128, shape=(200, 200)), strength, rng=9)
    moved = np.roll(noisy, step, axis=(0, 1))
    assert abs(np.corrcoef(noisy.ravel(), moved.ravel())[0, 1]) <= FIVE / 200


# --- bad input ----------------------------------------------------------------------------------

GRAY = flat(100, shape=(6, 8))


@EACH
def test_seed_is_given_by_name(add, strength):
    with pytest.raises(TypeError, match="positional"):
        add(GRAY, strength, 0)


@pytest.mark.parametrize(
    ("add", "limits"),
    [
        (add_gaussian_noise, (0, 1e6)),
        (add_salt_and_pepper_noise, (0, 1)),
        (add_speckle_noise, (0, 1e6)),
        (add_poisson_noise, (1e-6, 1e6)),
    ],
)
def test_limits_are_legal_and_warn_of_nothing(add, limits):
    image = np.arange(256, dtype=np.uint8).reshape(16, 16)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        weak, strong = (add(image, limit, rng=1) for limit in limits)
    np.testing.assert_array_equal(weak, image)
    assert np.isin(strong, [0, 255]).mean() > 0.99


# --- pitfalls -----------------------------------------------------------------------------------


def values_hit(image, amount, rng, end):
    """Salt and pepper on single values, at places drawn up to `end` before each axis' end."""
    noisy = image.copy()
    for value in (0, 255):
        count = int(amount / 2 * image.size)
        noisy[tuple(rng.integers(0, n - end, count) for n in image.shape)] = value
    return noisy != image


def edges_and_channels(hit):
    return np.array([hit[-1].mean(), hit[:, -1].mean(), *hit.mean(axis=(0, 1))])


def test_exclusive_end_spares_the_last_row_column_and_channel():
    image = flat(128, shape=(1000, 1000, 3))
    common = edges_and_channels(values_hit(image, 0.07, np.random.default_rng(0), end=1))
    assert (common[[0, 1, 4]] == 0).all()
    assert (common[2:4] > 0.09).all()
    course = edges_and_channels(add_salt_and_pepper_noise(image, 0.07, rng=0) != 128)
    # A row has 1000 draws: the standard error of its share is sqrt(0.07 * 0.93 / 1000) = 0.008.
    np.testing.assert_allclose(course, 0.07, atol=FIVE * np.sqrt(0.07 * 0.93 / 1000))


def test_noise_on_values_touches_nearly_three_times_the_pixels():
    image = flat(128, shape=(300, 300, 3))
    tolerance = FIVE * np.sqrt(0.2 * 0.8 / 300**2)
    common = skimage.util.random_noise(image, mode="s&p", amount=0.07, rng=0) != 128 / 255
    assert common.any(axis=2).mean() == pytest.approx(1 - 0.93**3, abs=tolerance)
    course = add_salt_and_pepper_noise(image, 0.07, rng=0) != 128
    assert course.any(axis=2).mean() == pytest.approx(0.07, abs=tolerance)
    np.testing.assert_array_equal(course.any(axis=2), course.all(axis=2))


@pytest.mark.parametrize(
    ("add", "sigma", "sd"), [(add_gaussian_noise, 20, 20), (add_speckle_noise, 0.2, 20)]
)
def test_sigma_is_the_standard_deviation_and_not_the_variance(add, sigma, sd):
    course = add(flat(100), sigma, rng=0).astype(float)
    assert_mean((course - 100) ** 2, sd**2 + 1 / 12)
    as_variance = add(flat(100), np.sqrt(sigma), rng=0).astype(float)
    assert abs(as_variance.std() - sd) > 10


def test_variance_of_scikit_image_is_on_the_scale_from_0_to_1():
    right, unsquared = (
        255 * skimage.util.random_noise(flat(128), var=var, rng=0)
        for var in ((20 / 255) ** 2, 20 / 255)
    )
    assert_mean((right - 128) ** 2, 20**2)
    assert unsquared.std() > 3 * 20


@pytest.mark.parametrize(
    ("add", "strength"),
    [(add_gaussian_noise, 10), (add_speckle_noise, 0.1), (add_poisson_noise, 0.7)],
)
def test_cutting_the_decimals_off_darkens_by_half_a_level(add, strength):
    common = np.random.default_rng(0).normal(128, 10, 200_000).astype(np.uint8)
    assert_mean(common, 127.5)
    assert_mean(add(flat(128), strength, rng=0), 128)


def test_eight_bits_wrap_around():
    image = np.array([[10, 250]], np.uint8)
    common = (image + np.array([[-20, 20]])).astype(np.uint8)
    np.testing.assert_array_equal(common, [[246, 14]])
    course = add_gaussian_noise(image, 20, rng=Draws([-1, 1]))
    np.testing.assert_array_equal(course, [[0, 255]])


def test_noise_clipped_at_zero_hides_its_negative_half():
    noise = noise_of(add_gaussian_noise(flat(128), 20, rng=0), 128)
    assert (np.clip(noise, 0, 255) < 0).sum() == 0
    below, above = (noise < 0).mean(), (noise > 0).mean()
    assert below == pytest.approx(above, abs=FIVE / np.sqrt(noise.size))
    assert below + above > 0.95


def test_poisson_noise_does_not_depend_on_the_rest_of_the_picture():
    patch, other = flat(128, shape=(101, 256)), flat(128, shape=(101, 256))
    other[0] = np.arange(256)
    common = [255 * skimage.util.random_noise(i, "poisson", rng=0)[1:] for i in (patch, other)]
    assert common[0].std() > 5 * common[1].std()
    for image in (patch, other):
        assert_mean(noise_of(add_poisson_noise(image, 2, rng=0), image)[1:] ** 2, 2 * 128)


@pytest.mark.parametrize("level", [0, 20, 128, 240, 255])
def test_clipping_shifts_the_mean_as_the_formula_says(level):
    z0, z1 = (0 - level) / 30, (255 - level) / 30
    inside = level * (stats.norm.cdf(z1) - stats.norm.cdf(z0))
    inside -= 30 * (stats.norm.pdf(z1) - stats.norm.pdf(z0))
    expected = inside + 255 * stats.norm.sf(z1)
    noisy = add_gaussian_noise(flat(level), 30, rng=level)
    assert_mean(noisy, expected)
    if level in (0, 255):
        assert abs(expected - level) == pytest.approx(30 / np.sqrt(2 * np.pi))


def test_psnr_with_the_wrong_data_range_is_48_decibels_off():
    noisy = add_gaussian_noise(PHOTO, 32, rng=0)
    measure = skimage.metrics.peak_signal_noise_ratio
    right, wrong = (measure(PHOTO / 255, noisy / 255, data_range=r) for r in (1, 255))
    assert wrong - right == pytest.approx(20 * np.log10(255))
    assert psnr(noisy, PHOTO) == pytest.approx(right)
    with pytest.raises(TypeError, match="image must be a uint8"):
        psnr(noisy / 255, PHOTO / 255)
