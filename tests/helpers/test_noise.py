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

from course_utils import noise
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
    # The draws lie in 0 … 1 without 1: an amount of 0 hits none, an amount of 1 all.
    assert add_salt_and_pepper_noise(flat(7, shape=(1, 1)), 0, rng=Draws([0.0])) == 7


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


@pytest.mark.parametrize("add", [add_speckle_noise, add_poisson_noise])
@given(seed=SEEDS, strength=st.floats(1e-6, 1e6))
def test_black_stays_black(add, seed, strength):
    assert (add(flat(0, shape=(5, 5)), strength, rng=seed) == 0).all()


@EACH
def test_a_generator_goes_on(add, strength):
    rng = np.random.default_rng(1)
    image = flat(128)
    assert not np.array_equal(add(image, strength, rng=rng), add(image, strength, rng=rng))


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


def test_strips_of_poisson_noise_draw_what_the_whole_image_would(monkeypatch):
    image = PHOTO[:40, :50]
    whole = add_poisson_noise(image, 4, rng=3)
    monkeypatch.setattr(noise, "STRIP", 99)
    np.testing.assert_array_equal(add_poisson_noise(image, 4, rng=3), whole)


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


@pytest.mark.parametrize("level", [10, 128])
def test_gaussian_density(level):
    noisy = add_gaussian_noise(flat(level), 25, rng=level)
    assert_follows(noisy, rounded_and_clipped(stats.norm(level, 25)))


def test_speckle_density():
    noisy = add_speckle_noise(flat(128), 0.25, rng=128)
    assert_follows(noisy, rounded_and_clipped(stats.norm(128, 0.25 * 128)))


@pytest.mark.parametrize(("level", "gain"), [(3, 1), (128, 7)])
def test_poisson_density(level, gain):
    probabilities = np.zeros(256)
    m = np.arange(255 // gain + 1)
    probabilities[gain * m] = stats.poisson(level / gain).pmf(m)
    probabilities[255] += 1 - probabilities.sum()
    assert_follows(add_poisson_noise(flat(level), gain, rng=level), probabilities)


@pytest.mark.parametrize(("amount", "salt_fraction"), [(0.001, 0.5), (0.9, 0.3)])
def test_salt_and_pepper_density(amount, salt_fraction):
    probabilities = np.zeros(256)
    probabilities[[0, 90, 255]] = amount * (1 - salt_fraction), 1 - amount, amount * salt_fraction
    noisy = add_salt_and_pepper_noise(flat(90), amount, salt_fraction=salt_fraction, rng=6)
    assert_follows(noisy, probabilities)


@pytest.mark.parametrize("add", [add_gaussian_noise, add_speckle_noise, add_poisson_noise])
def test_channels_get_independent_noise(add):
    noisy = add(flat(128, shape=(200, 200, 3)), HELPERS[add], rng=8)
    correlation = np.corrcoef(noisy.reshape(-1, 3).T)
    assert abs(correlation[[0, 0, 1], [1, 2, 2]]).max() <= FIVE / 200  # 1 / sqrt(pixels) = 1 / 200


@EACH
def test_neighbours_get_independent_noise(add, strength):
    noisy = add(flat(128, shape=(200, 200)), strength, rng=9)
    for step in [(0, 1), (1, 0)]:
        moved = np.roll(noisy, step, axis=(0, 1))
        assert abs(np.corrcoef(noisy.ravel(), moved.ravel())[0, 1]) <= FIVE / 200


# --- bad input ----------------------------------------------------------------------------------


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
