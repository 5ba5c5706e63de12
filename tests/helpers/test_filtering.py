"""Filtering: box, Gaussian and binomial kernels, weighted sums, and the median."""

import math

import cv2
import numpy as np
import pytest
from conftest import assert_pure, gray_images, images
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import ndimage

from course_utils.convolution import correlate2d, to_uint8
from course_utils.filtering import (
    binomial_kernel,
    box_kernel,
    filter_image,
    gaussian_kernel,
    median_filter,
)
from course_utils.images import load_image
from course_utils.metrics import psnr, ssim
from course_utils.noise import add_gaussian_noise, add_salt_and_pepper_noise

KERNELS = {
    "box": box_kernel,
    "Gaussian": lambda size: gaussian_kernel(size, 1.1),
    "binomial": binomial_kernel,
}
every_kernel = pytest.mark.parametrize("make", KERNELS.values(), ids=KERNELS)
every_filter = pytest.mark.parametrize(
    "smooth",
    [lambda image: filter_image(image, binomial_kernel(3)), lambda image: median_filter(image, 3)],
    ids=["filter_image", "median_filter"],
)
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


@given(sigma=st.floats(0.8, 3))
def test_a_large_gaussian_has_its_own_variance(sigma):
    # The window ends beyond 6.6 sigma. Sampling itself costs, at sigma = 0.8, at most
    # 8 pi^2 sigma^2 exp(-2 pi^2 sigma^2) = 2e-4 of the variance.
    assert variance(gaussian_kernel(41, sigma)) == pytest.approx(sigma**2, rel=2e-4)


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


@given(first=odd, second=odd)
def test_two_binomial_kernels_make_a_larger_one(first, second):
    padded = np.pad(binomial_kernel(first), second - 1)
    both = correlate2d(padded, binomial_kernel(second))
    np.testing.assert_allclose(both, binomial_kernel(first + second - 1), rtol=1e-14)


def whole_kernels():
    """Strategy: kernels of whole numbers, whose weighted sums are exact."""
    return st.tuples(odd, odd).flatmap(
        lambda shape: arrays(np.int64, shape, elements=st.integers(-3, 3))
    )


def mirrored(position, size):
    """Where a mirror at the edge pixels of 0 … size - 1 shows the position."""
    while not 0 <= position < size:
        position = -position if position < 0 else 2 * (size - 1) - position
        if size == 1:
            return 0
    return position


@given(image=gray_images(max_side=6), kernel=whole_kernels())
def test_filter_definition(image, kernel):
    (height, width), (h, w) = image.shape, kernel.shape
    expected = np.zeros(image.shape, int)
    for (i, j), weight in np.ndenumerate(kernel):
        rows = [mirrored(y + i - h // 2, height) for y in range(height)]
        columns = [mirrored(x + j - w // 2, width) for x in range(width)]
        expected += weight * image[np.ix_(rows, columns)]
    np.testing.assert_array_equal(filter_image(image, kernel), np.clip(expected, 0, 255))


@given(image=images(), size=odd)
def test_median_definition(image, size):
    k = size // 2
    padded = np.pad(image, [(k, k), (k, k), (0, 0)][: image.ndim], mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(0, 1))
    values = np.sort(windows.reshape(*image.shape, size**2), axis=-1)
    expected = values[..., size**2 // 2]
    np.testing.assert_array_equal(median_filter(image, size), expected, strict=True)


@every_filter
@given(image=images())
def test_the_shape_and_the_type_stay(smooth, image):
    result = smooth(image)
    assert result.shape == image.shape
    assert result.dtype == np.uint8


@given(image=images())
def test_a_window_of_one_pixel_changes_nothing(image):
    np.testing.assert_array_equal(median_filter(image, 1), image)
    for make in KERNELS.values():
        np.testing.assert_array_equal(filter_image(image, make(1)), image)


@given(level=st.integers(0, 255), size=odd)
def test_a_flat_image_stays_flat(level, size):
    flat = np.full((4, 5), level, np.uint8)
    np.testing.assert_array_equal(median_filter(flat, size), flat)
    for make in KERNELS.values():
        np.testing.assert_array_equal(filter_image(flat, make(size)), flat)


@every_filter
@given(image=images())
def test_smoothing_adds_no_extremes(smooth, image):
    assert image.min() <= smooth(image).min()
    assert smooth(image).max() <= image.max()


@every_filter
@given(image=images(), axis=st.integers(0, 1))
def test_a_flipped_image_gives_a_flipped_result(smooth, image, axis):
    np.testing.assert_array_equal(smooth(np.flip(image, axis)), np.flip(smooth(image), axis))


@given(image=gray_images(), kernel=whole_kernels())
def test_a_turned_image_needs_a_turned_kernel(image, kernel):
    turned = filter_image(np.rot90(image), np.rot90(kernel))
    np.testing.assert_array_equal(turned, np.rot90(filter_image(image, kernel)))


@given(image=gray_images(max_level=14), kernel=whole_kernels().map(abs))
def test_linear_where_nothing_is_clipped(image, kernel):
    kernel = np.minimum(kernel, 1)[:3, :3]  # at most 9 * 28 levels
    other = image[::-1]
    both = filter_image(image + other, kernel)
    np.testing.assert_array_equal(both, filter_image(image, kernel) + filter_image(other, kernel))


@given(image=images(), size=odd, seed=st.integers(0, 99))
def test_the_median_commutes_with_every_rising_map(image, size, seed):
    rising = np.sort(np.random.default_rng(seed).integers(0, 256, 256)).astype(np.uint8)
    np.testing.assert_array_equal(
        median_filter(rising[image], size), rising[median_filter(image, size)]
    )


@given(image=images(), size=odd)
def test_the_median_of_the_negative_is_the_negative(image, size):
    np.testing.assert_array_equal(
        median_filter(255 - image, size), 255 - median_filter(image, size)
    )


@given(row=arrays(np.uint8, (1, 9)), size=odd)
def test_the_median_keeps_every_slope(row, size):
    slope = np.sort(row)
    np.testing.assert_array_equal(median_filter(slope, size), slope)


# --- agreement with independent references ------------------------------------------------------

ON_PHOTOGRAPHS = ["camera", "coffee"]
on_photographs = pytest.mark.parametrize("name", ON_PHOTOGRAPHS)


@pytest.mark.parametrize("size", [3, 5, 9])
@on_photographs
def test_opencv_blur(name, size):
    # Bit for bit: a sum of an odd number of pixels is never halfway between two levels, and
    # the nearest it comes, 1 / (2 size^2), is far more than float32 loses.
    image = load_image(name)
    result = filter_image(image, box_kernel(size))
    np.testing.assert_array_equal(result, cv2.blur(image, (size, size)), strict=True)


@pytest.mark.parametrize("size", [3, 5, 7])
@on_photographs
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


@given(image=gray_images(), kernel=whole_kernels())
def test_scipy_correlate(image, kernel):
    sums = ndimage.correlate(image.astype(float), kernel / 8, mode="mirror")
    np.testing.assert_array_equal(filter_image(image, kernel / 8), to_uint8(sums))


@pytest.mark.parametrize("sigma", [0.3, 0.85, 1.1, 2.0, 7.5])
@pytest.mark.parametrize("size", [1, 3, 5, 7, 9, 31])
def test_opencv_gaussian_kernel(size, sigma):
    row = cv2.getGaussianKernel(size, sigma)
    np.testing.assert_allclose(gaussian_kernel(size, sigma), row @ row.T, rtol=0, atol=1e-15)


@pytest.mark.parametrize("sigma", [0.5, 1.1, 3.0])
@pytest.mark.parametrize("size", [3, 5, 9])
def test_scipy_gaussian(size, sigma):
    dot = np.zeros((size, size))
    dot[size // 2, size // 2] = 1
    painted = ndimage.gaussian_filter(dot, sigma, mode="constant", radius=size // 2)
    np.testing.assert_allclose(gaussian_kernel(size, sigma), painted, rtol=1e-12)


@pytest.mark.parametrize("size", [3, 5])
@on_photographs
def test_opencv_gaussian_blur(name, size):
    # Within one level: OpenCV rounds the kernel and the sums to fixed point.
    image = load_image(name)
    expected = cv2.GaussianBlur(image, (size, size), 1.1)
    difference = cv2.absdiff(filter_image(image, gaussian_kernel(size, 1.1)), expected)
    assert difference.max() <= 1
    assert (difference > 0).mean() < 0.05


@pytest.mark.parametrize("n", [0, 2, 4, 10, 30, 60, 1000])
def test_binomial_coefficients(n):
    # A row of Pascal's triangle is the distribution of the heads among n coins.
    k = np.arange(n + 1)
    logarithms = [math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1) for i in k]
    expected = np.exp(np.array(logarithms) - n * math.log(2))
    np.testing.assert_allclose(binomial_kernel(n + 1).sum(axis=0), expected, rtol=1e-9)


@pytest.mark.parametrize("size", [1, 3, 5, 15, 17])  # 17 x 17 values need more than 8 bits
@on_photographs
def test_opencv_median(name, size):
    image = load_image(name)[:120, :150]
    expected = cv2.medianBlur(image, size)
    np.testing.assert_array_equal(median_filter(image, size), expected, strict=True)


@given(image=images(), size=odd)
def test_opencv_median_on_small_images(image, size):
    expected = cv2.medianBlur(image, size).reshape(image.shape)
    np.testing.assert_array_equal(median_filter(image, size), expected)


@given(image=gray_images(), size=odd)
def test_scipy_median(image, size):
    expected = ndimage.median_filter(image, size, mode="nearest")
    np.testing.assert_array_equal(median_filter(image, size), expected)


# --- bad input ----------------------------------------------------------------------------------

IMAGE = np.arange(30, dtype=np.uint8).reshape(5, 6)


@every_kernel
def test_the_largest_kernel(make):
    assert make(1001).shape == (1001, 1001)
    assert np.isfinite(make(1001)).all()
    with pytest.raises(ValueError, match="^size must .* at most 1001, not 1003"):
        make(1003)


def test_a_median_larger_than_opencv_allows():
    with pytest.raises(ValueError, match="^size must .* at most 255, not 257"):
        median_filter(IMAGE, 257)


@every_filter
@pytest.mark.parametrize("shape", [(7, 8), (1, 1), (1, 9), (6, 9, 3)])
def test_pure(smooth, shape):
    assert_pure(smooth, np.random.default_rng(2022).integers(0, 256, shape, np.uint8))


def test_a_median_of_one_pixel_is_a_copy():
    assert_pure(lambda image: median_filter(image, 1), IMAGE)


@every_kernel
def test_every_call_makes_a_new_kernel(make):
    make(3)[...] = 0
    assert make(3).sum() == pytest.approx(1)


# --- pitfalls -----------------------------------------------------------------------------------


def test_sigma_0_3_is_no_filter_and_not_the_binomial_kernel():
    kernel = gaussian_kernel(3, 0.3)
    assert kernel[1, 1] == pytest.approx(0.985, abs=5e-4)
    assert np.abs(kernel - binomial_kernel(3)).max() > 0.7
    camera = load_image("camera")
    assert psnr(filter_image(camera, kernel), camera) > 60
    assert psnr(filter_image(camera, binomial_kernel(3)), camera) < 35


def test_the_sigma_of_the_binomial_kernel_is_0_85():
    sigmas = np.arange(0.3, 2, 0.01)
    differences = [np.abs(gaussian_kernel(3, s) - binomial_kernel(3)).max() for s in sigmas]
    assert sigmas[np.argmin(differences)] == pytest.approx(0.85)
    assert min(differences) < 1e-3
    assert variance(binomial_kernel(3)) == 0.5
    # From 5 x 5 on, no Gaussian has the binomial weights.
    differences = [np.abs(gaussian_kernel(5, s) - binomial_kernel(5)).max() for s in sigmas]
    assert min(differences) > 1e-3


def test_indices_from_one_belong_to_a_centre_at_k_plus_one():
    k, sigma = 2, 1.1
    from_one = np.arange(1, 2 * k + 2)
    profile = np.exp(-((from_one - k - 1) ** 2) / (2 * sigma**2))
    expected = np.outer(profile, profile)
    np.testing.assert_allclose(gaussian_kernel(5, sigma), expected / expected.sum(), rtol=1e-12)
    # The same formula with indices from zero: the hill stands off the centre and moves pictures.
    from_zero = np.arange(2 * k + 1)
    profile = np.exp(-((from_zero - k - 1) ** 2) / (2 * sigma**2))
    wrong = np.outer(profile, profile) / profile.sum() ** 2
    dot = np.zeros((11, 11), np.uint8)
    dot[5, 5] = 255
    assert np.unravel_index(filter_image(dot, wrong).argmax(), dot.shape) == (4, 4)
    right = filter_image(dot, gaussian_kernel(5, sigma))
    assert np.unravel_index(right.argmax(), dot.shape) == (5, 5)


@pytest.mark.parametrize(("size", "sigma", "total"), [(3, 0.3, 1.796), (3, 1.0, 0.779)])
def test_the_factor_of_the_bell_is_not_the_sum_of_its_samples(size, sigma, total):
    offset = np.arange(size) - size // 2
    bell = np.exp(-np.add.outer(offset**2, offset**2) / (2 * sigma**2)) / (2 * np.pi * sigma**2)
    assert bell.sum() == pytest.approx(total, abs=5e-4)
    flat = np.full((4, 4), 100, np.uint8)
    assert (filter_image(flat, bell) == round(100 * total)).all()
    assert (filter_image(flat, gaussian_kernel(size, sigma)) == 100).all()


def test_opencv_takes_sigma_0_as_binomial_at_3_and_5_and_not_as_documented():
    for size in (3, 5):
        documented = 0.3 * ((size - 1) / 2 - 1) + 0.8
        row = cv2.getGaussianKernel(size, 0)
        np.testing.assert_array_equal(row @ row.T, binomial_kernel(size))
        assert np.abs(row @ row.T - gaussian_kernel(size, documented)).max() > 3e-3
    row = cv2.getGaussianKernel(11, 0)
    np.testing.assert_allclose(row @ row.T, gaussian_kernel(11, 2.0), rtol=0, atol=1e-15)


@on_photographs
def test_opencv_blur_with_sigma_0_is_binomial(name):
    # OpenCV rounds halves up and NumPy to even, so they may differ by one level, but no more.
    image = load_image(name)
    by_opencv = cv2.GaussianBlur(image, (5, 5), 0)
    assert cv2.absdiff(by_opencv, filter_image(image, binomial_kernel(5))).max() <= 1
    assert cv2.absdiff(by_opencv, filter_image(image, gaussian_kernel(5, 1.1))).max() > 1


@on_photographs
def test_blur_and_box_filter_are_one_filter(name):
    image = load_image(name)
    blurred = cv2.blur(image, (5, 5))
    np.testing.assert_array_equal(cv2.boxFilter(image, -1, (5, 5)), blurred)
    np.testing.assert_array_equal(filter_image(image, box_kernel(5)), blurred)
    added = cv2.boxFilter(image, -1, (5, 5), normalize=False)
    np.testing.assert_array_equal(added, filter_image(image, np.ones((5, 5))))
    assert added.mean() > 1.5 * blurred.mean()


def test_casting_without_clipping_wraps_and_without_rounding_darkens():
    bright = np.full((5, 5), 100, np.uint8)
    sums = correlate2d(bright, np.ones((3, 3)))
    assert (sums.astype(int).astype(np.uint8) == 900 % 256).all()
    assert (filter_image(bright, np.ones((3, 3))) == 255).all()
    camera = load_image("camera")
    exact = correlate2d(np.pad(camera, 2, mode="reflect"), box_kernel(5)).mean(dtype=float)
    cut = correlate2d(np.pad(camera, 2, mode="reflect"), box_kernel(5)).astype(np.uint8).mean()
    assert 0.4 < exact - cut < 0.5
    # The rounding error is nearly uniform (sd 0.29); over 512 x 512 pixels, 0.01 is 18 standard
    # errors, since neighbours are alike.
    assert filter_image(camera, box_kernel(5)).mean() == pytest.approx(exact, abs=0.01)


def test_zeros_outside_make_a_dark_frame():
    flat = np.full((4, 5), 180, np.uint8)
    with_zeros = to_uint8(correlate2d(np.pad(flat, 1), box_kernel(3)))
    assert with_zeros[0].tolist() == [80, 120, 120, 120, 80]
    assert with_zeros[1].tolist() == [120, 180, 180, 180, 120]
    assert (filter_image(flat, box_kernel(3)) == 180).all()
    assert (median_filter(flat, 3) == 180).all()


@pytest.mark.parametrize(
    ("numpy_name", "opencv_flag", "scipy_name"),
    [
        ("constant", cv2.BORDER_CONSTANT, "constant"),
        ("edge", cv2.BORDER_REPLICATE, "nearest"),
        ("symmetric", cv2.BORDER_REFLECT, "reflect"),
        ("reflect", cv2.BORDER_REFLECT_101, "mirror"),
        ("wrap", cv2.BORDER_WRAP, "wrap"),
    ],
)
def test_names_of_borders(numpy_name, opencv_flag, scipy_name):
    row = np.array([1, 2, 3, 4])
    padded = np.pad(row, 3, mode=numpy_name)
    by_opencv = cv2.copyMakeBorder(row[np.newaxis], 0, 0, 3, 3, opencv_flag)[0]
    np.testing.assert_array_equal(by_opencv, padded)
    digits = 10 ** np.arange(7)
    by_scipy = ndimage.correlate1d(row, digits, mode=scipy_name)
    np.testing.assert_array_equal(by_scipy, np.correlate(padded, digits, mode="valid"))


def test_reflect_is_not_reflect():
    image = np.array([[1, 2, 3, 4]] * 3, np.uint8)
    kernel = np.array([[1, 0, 0]])  # picks the pixel to the left
    assert filter_image(image, kernel)[0, 0] == 2
    assert ndimage.correlate(image, kernel, mode="mirror")[0, 0] == 2
    assert ndimage.correlate(image, kernel, mode="reflect")[0, 0] == 1


def test_the_median_is_not_linear():
    a, b = np.array([[1, 0, 0]] * 3, np.uint8), np.array([[0, 0, 1]] * 3, np.uint8)
    assert median_filter(a + b, 3)[1, 1] == 1
    assert median_filter(a, 3)[1, 1] + median_filter(b, 3)[1, 1] == 0


def test_the_median_keeps_a_step_that_the_mean_ramps():
    step = np.repeat(np.array([[50, 200]], np.uint8), 8, axis=1)
    np.testing.assert_array_equal(median_filter(step, 5), step)
    ramp = filter_image(step, np.full((1, 5), 0.2))[0]
    assert ramp[5:11].tolist() == [50, 80, 110, 140, 170, 200]


def test_the_median_deletes_lines_and_corners():
    shapes = np.full((9, 9), 200, np.uint8)
    shapes[1] = 40
    shapes[4:8, 3:7] = 40
    expected = np.full((9, 9), 200, np.uint8)
    expected[4:8, 3:7] = 40
    expected[[4, 4, 7, 7], [3, 6, 3, 6]] = 200
    np.testing.assert_array_equal(median_filter(shapes, 3), expected)


def test_the_median_breaks_the_threads_of_a_web():
    web = load_image("web_dark_on_light")[300:500, 500:700]
    threads = web < 120
    assert (filter_image(web, box_kernel(5))[threads] < 180).mean() > 0.99
    assert (median_filter(web, 5)[threads] < 180).mean() < 0.7


@pytest.mark.parametrize(
    "kernel",
    [box_kernel(3), box_kernel(5), gaussian_kernel(5, 1.1), binomial_kernel(3), binomial_kernel(5)],
)
def test_noise_falls_by_the_sum_of_the_squared_weights(kernel):
    flat = np.full((500, 500), 128, np.uint8)
    noisy = add_gaussian_noise(flat, 20, rng=2022)
    # Neighbours in the result share noise. For the worst kernel, box 5 x 5, the squared
    # autocorrelations add up to 3.4^2, and the standard error of the ratio is
    # sqrt(2 * 3.4^2 / 250000) = 1 %. Rounding adds 1/12 to a variance of 16: another 0.5 %.
    ratio = filter_image(noisy, kernel).var() / noisy.var()
    assert ratio == pytest.approx((kernel**2).sum(), rel=0.04)


def test_the_median_leaves_more_gaussian_noise_than_the_mean():
    noisy = add_gaussian_noise(np.full((500, 500), 128, np.uint8), 20, rng=2022)
    mean, median = filter_image(noisy, box_kernel(5)), median_filter(noisy, 5)
    assert 1.4 * mean.var() < median.var() < 1.65 * mean.var()  # pi / 2 for large windows


def scores(name, add_noise):
    """PSNR and SSIM (rows) of box, Gaussian, binomial and median of 5 x 5 (columns)."""
    image = load_image(name, gray=True)
    noisy = add_noise(image)
    results = [filter_image(noisy, make(5)) for make in KERNELS.values()]
    results.append(median_filter(noisy, 5))
    return np.array([[judge(r, image) for r in results] for judge in (psnr, ssim)])


# Limits: over several seeds a lead varies by less than 0.1 dB and 0.01 SSIM.
def test_where_the_rule_of_thumb_holds():
    impulses = scores("camera", lambda image: add_salt_and_pepper_noise(image, 0.07, rng=2022))
    lead = impulses[:, 3] - impulses[:, :3].max(axis=1)
    assert (lead > [2.5, 0.2]).all()
    gaussian = scores("camera", lambda image: add_gaussian_noise(image, 32, rng=2022))
    lead = gaussian[:, 3] - gaussian[:, :3].max(axis=1)
    assert (lead < [-0.5, -0.04]).all()


def test_where_the_rule_of_thumb_fails():
    # Fine texture: the median is no better than a blur, even for salt and pepper.
    impulses = scores("gravel", lambda image: add_salt_and_pepper_noise(image, 0.07, rng=2022))
    lead = impulses[:, 3] - impulses[:, :3].max(axis=1)
    assert abs(lead[0]) < 0.3
    assert lead[1] < 0
    # Judged by SSIM, the median is the best for Gaussian noise on this photograph.
    gaussian = scores("astronaut", lambda image: add_gaussian_noise(image, 32, rng=2022))
    assert gaussian[1].argmax() == 3
    assert gaussian[0].argmax() != 3
