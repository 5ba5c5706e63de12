"""Filtering: box, Gaussian and binomial kernels, weighted sums, and the median."""

import math

import cv2
import numpy as np
import pytest
from conftest import gray_images, images
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import ndimage

from course_utils import filtering
from course_utils.filtering import (
    binomial_kernel,
    box_kernel,
    filter_image,
    gaussian_kernel,
    median_filter,
)
from course_utils.images import load_image

KERNELS = {
    "box": box_kernel,
    "Gaussian": lambda size: gaussian_kernel(size, 1.1),
    "binomial": binomial_kernel,
}
every_kernel = pytest.mark.parametrize("make", KERNELS.values(), ids=KERNELS)
odd = st.integers(0, 3).map(lambda k: 2 * k + 1)


def variance(kernel):
    """Variance across the columns of a kernel that adds up to 1."""
    offset = np.arange(kernel.shape[1]) - kernel.shape[1] // 2
    return kernel.sum(axis=0) @ offset**2


# --- by hand ------------------------------------------------------------------------------------

FIVE = np.full((5, 5), 20, np.uint8)
FIVE[:, :2] = 10
FIVE[2, 2] = 95


def test_small_kernels():
    assert (box_kernel(3) * 9 == 1).all()
    assert (binomial_kernel(3) * 16).tolist() == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]
    assert (binomial_kernel(5)[0] * 256).tolist() == [1, 4, 6, 4, 1]
    # exp(-1 / (2 sigma^2)) = 1/2 and exp(-2 / (2 sigma^2)) = 1/4
    halves = gaussian_kernel(3, 1 / math.sqrt(2 * math.log(2)))
    np.testing.assert_allclose(halves * 16, [[1, 2, 1], [2, 4, 2], [1, 2, 1]], rtol=1e-14)


@every_kernel
def test_a_kernel_of_one_pixel(make):
    assert make(1).tolist() == [[1]]


def test_the_mean_of_nine():
    # Inside, columns of 3 x 10, 3 x 20 and once 95 in place of 20; outside, a mirror.
    result = filter_image(FIVE, box_kernel(3))
    assert result[1:4, 1:4].tolist() == [[22, 25, 28]] * 3  # 195, 225 and 255 divided by 9
    assert result[0].tolist() == [10, 13, 17, 20, 20]  # 90, 120, 150 and 180 divided by 9


def test_the_border_is_a_mirror_that_shows_the_edge_once():
    row = np.array([[1, 2, 3, 4]], np.uint8)
    for shift, expected in [
        (-3, [4, 3, 2, 1]),
        (-1, [2, 1, 2, 3]),
        (0, [1, 2, 3, 4]),
        (1, [2, 3, 4, 3]),
        (3, [4, 3, 2, 1]),
    ]:
        kernel = np.zeros((1, 7))
        kernel[0, 3 + shift] = 1  # picks the pixel at this offset
        assert filter_image(row, kernel).tolist() == [expected]


def test_weights_are_used_as_they_stand():
    dot = np.zeros((5, 5), np.uint8)
    dot[2, 2] = 1
    kernel = np.arange(1, 10).reshape(3, 3)  # correlation: the dot paints the kernel turned
    assert filter_image(dot, kernel)[1:4, 1:4].tolist() == [[9, 8, 7], [6, 5, 4], [3, 2, 1]]


def test_results_are_rounded_then_clipped():
    gray = np.full((2, 2), 100, np.uint8)
    for weight, expected in [(-1, 0), (0.014, 1), (0.016, 2), (0.025, 2), (2.55, 255), (9, 255)]:
        assert (filter_image(gray, np.array([[weight]])) == expected).all()


def test_median_of_five():
    row = np.array([[80, 90, 200, 110, 120]], np.uint8)
    assert median_filter(np.tile(row, (5, 1)), 5)[2, 2] == 110
    assert np.array([80, 90, 200, 110, 120]).mean() == 120


def test_median_repeats_the_edge():
    row = np.array([[1, 5, 2, 9, 9]], np.uint8)  # each value counts three times, in three rows
    assert median_filter(row, 3).tolist() == [[1, 2, 5, 9, 9]]
    assert median_filter(row, 5).tolist() == [[1, 2, 5, 9, 9]]


def test_a_single_grain_of_salt():
    salted = np.full((5, 5), 50, np.uint8)
    salted[2, 2] = 255
    assert (median_filter(salted, 3) == 50).all()
    assert (filter_image(salted, box_kernel(3))[1:4, 1:4] == 73).all()  # (8 * 50 + 255) / 9


def test_channels_keep_to_themselves():
    image = np.zeros((5, 5, 3), np.uint8)
    image[2, 2] = [90, 180, 0]
    image[..., 2] = 7
    assert filter_image(image, box_kernel(3))[2, 2].tolist() == [10, 20, 7]
    assert median_filter(image, 3)[2, 2].tolist() == [0, 0, 7]


# --- properties ---------------------------------------------------------------------------------


@every_kernel
@given(size=st.integers(0, 20).map(lambda k: 2 * k + 1))
def test_smoothing_kernels(make, size):
    kernel = make(size)
    assert kernel.shape == (size, size)
    assert kernel.dtype == np.float64
    assert kernel.sum() == pytest.approx(1, abs=1e-13)
    assert (kernel >= 0).all()
    assert kernel.max() == kernel[size // 2, size // 2]
    np.testing.assert_array_equal(kernel, kernel.T)
    np.testing.assert_array_equal(kernel, kernel[::-1])
    across, down = kernel.sum(axis=0), kernel.sum(axis=1)
    np.testing.assert_allclose(np.outer(down, across), kernel, rtol=1e-12)


@given(size=st.integers(0, 20).map(lambda k: 2 * k + 1))
def test_variances(size):
    assert variance(box_kernel(size)) == pytest.approx((size**2 - 1) / 12)
    assert variance(binomial_kernel(size)) == pytest.approx((size - 1) / 4)


@given(size=odd, sigma=st.floats(0.3, 10))
def test_gaussian_definition(size, sigma):
    k = size // 2
    weights = [
        [math.exp(-(i**2 + j**2) / (2 * sigma**2)) for j in range(-k, k + 1)]
        for i in range(-k, k + 1)
    ]
    expected = np.array(weights) / math.fsum(sum(weights, []))
    np.testing.assert_allclose(gaussian_kernel(size, sigma), expected, rtol=1e-12)


@given(size=odd)
def test_gaussians_from_a_dot_to_a_box(size):
    dot = np.zeros((size, size))
    dot[size // 2, size // 2] = 1
    np.testing.assert_array_equal(gaussian_kernel(size, 1e-3), dot)
    np.testing.assert_allclose(gaussian_kernel(size, 1e6), box_kernel(size), rtol=1e-10)


def whole_kernels():
    """Strategy: kernels of whole numbers, whose weighted sums are exact."""
    return st.tuples(odd, odd).flatmap(
        lambda shape: arrays(np.int64, shape, elements=st.integers(-3, 3))
    )


@given(image=images())
def test_a_window_of_one_pixel_changes_nothing(image):
    np.testing.assert_array_equal(median_filter(image, 1), image)
    assert not np.shares_memory(median_filter(image, 1), image)
    for make in KERNELS.values():
        np.testing.assert_array_equal(filter_image(image, make(1)), image)


@given(level=st.integers(0, 255), size=odd)
def test_a_flat_image_stays_flat(level, size):
    flat = np.full((4, 5), level, np.uint8)
    np.testing.assert_array_equal(median_filter(flat, size), flat)
    for make in KERNELS.values():
        np.testing.assert_array_equal(filter_image(flat, make(size)), flat)


@given(image=images(), size=odd, seed=st.integers(0, 99))
def test_the_median_commutes_with_every_rising_map(image, size, seed):
    rising = np.sort(np.random.default_rng(seed).integers(0, 256, 256)).astype(np.uint8)
    np.testing.assert_array_equal(
        median_filter(rising[image], size), rising[median_filter(image, size)]
    )


# --- agreement with independent references ------------------------------------------------------


@pytest.mark.parametrize(("name", "size"), [("camera", 5), ("coffee", 9), ("camera", 151)])
def test_opencv_blur(name, size):
    # Bit for bit: a sum of an odd number of pixels is never halfway between two levels, and
    # the nearest it comes, 1 / (2 size^2), is more than one rounding to float32 loses.
    image = load_image(name)[:256, :256]
    result = filter_image(image, box_kernel(size))
    np.testing.assert_array_equal(result, cv2.blur(image, (size, size)), strict=True)


@pytest.mark.parametrize(("name", "size"), [("camera", 7), ("coffee", 5)])
def test_opencv_filter2d(name, size):
    # Bit for bit: the weights are multiples of 2^-12 at most, so that every sum is exact.
    image = load_image(name)
    kernel = binomial_kernel(size)
    result = filter_image(image, kernel)
    np.testing.assert_array_equal(result, cv2.filter2D(image, -1, kernel), strict=True)


@given(image=images(), kernel=whole_kernels())
def test_opencv_filter2d_on_small_images(image, kernel):
    # Weights are multiples of 1/8 (exact), and some kernels are larger than the image.
    expected = cv2.filter2D(image, -1, kernel / 8).reshape(image.shape)
    np.testing.assert_array_equal(filter_image(image, kernel / 8), expected)


@pytest.mark.parametrize(("size", "sigma"), [(5, 1.1), (31, 7.5)])
def test_opencv_gaussian_kernel(size, sigma):
    row = cv2.getGaussianKernel(size, sigma)
    np.testing.assert_allclose(gaussian_kernel(size, sigma), row @ row.T, rtol=0, atol=1e-15)


@pytest.mark.parametrize("n", [4, 60, 1000])
def test_binomial_coefficients(n):
    # A row of Pascal's triangle is the distribution of the heads among n coins.
    k = np.arange(n + 1)
    logarithms = [math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1) for i in k]
    expected = np.exp(np.array(logarithms) - n * math.log(2))
    np.testing.assert_allclose(binomial_kernel(n + 1).sum(axis=0), expected, rtol=1e-9)


# 15 x 15 values can be counted in 8 bits, 17 x 17 cannot.
@pytest.mark.parametrize(("name", "size"), [("camera", 15), ("camera", 17), ("coffee", 5)])
def test_opencv_median(name, size):
    image = load_image(name)[:120, :150]
    expected = cv2.medianBlur(image, size)
    np.testing.assert_array_equal(median_filter(image, size), expected, strict=True)


def test_every_window_of_zeros_and_ones():
    """Minima and maxima commute with thresholds: who is right on these is right on all levels."""
    bits = np.arange(512)[:, np.newaxis] >> np.arange(9) & 1
    tiles = bits.reshape(512, 3, 3).transpose(1, 0, 2).reshape(3, 3 * 512).astype(np.uint8)
    assert (median_filter(tiles, 3)[1, 1::3] == (bits.sum(axis=1) > 4)).all()


@pytest.mark.parametrize("ones", [12, 13])
def test_windows_of_25_with_nearly_as_many_zeros_as_ones(ones):
    row = np.arange(25) < ones
    bits = np.random.default_rng(2022).permuted(np.tile(row, (20_000, 1)), axis=1)
    tiles = bits.reshape(-1, 5, 5).transpose(1, 0, 2).reshape(5, -1).astype(np.uint8)
    assert (median_filter(tiles, 5)[2, 2::5] == (ones > 12)).all()


@pytest.mark.parametrize("pixels", [1, 100])
@pytest.mark.parametrize("size", [3, 5])
def test_strips_leave_no_seam(monkeypatch, pixels, size):
    monkeypatch.setattr(filtering, "STRIP", pixels)
    image = load_image("camera")[200:237, 200:220]
    np.testing.assert_array_equal(median_filter(image, size), cv2.medianBlur(image, size))


@given(image=images(), size=odd)
def test_opencv_median_on_small_images(image, size):
    expected = cv2.medianBlur(image, size).reshape(image.shape)
    np.testing.assert_array_equal(median_filter(image, size), expected)


@given(image=gray_images(), size=odd)
def test_scipy_median(image, size):
    expected = ndimage.median_filter(image, size, mode="nearest")
    np.testing.assert_array_equal(median_filter(image, size), expected)


@every_kernel
def test_the_largest_kernel(make):
    assert make(1001).shape == (1001, 1001)
    assert np.isfinite(make(1001)).all()


@every_kernel
def test_every_call_makes_a_new_kernel(make):
    make(3)[...] = 0
    assert make(3).sum() == pytest.approx(1)
