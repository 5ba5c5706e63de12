"""Convolution: correlation and its turned kernel, output sizes, channels, random kernels."""

import cv2
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import ndimage, signal

from course_utils import convolution
from course_utils.convolution import (
    convolve2d,
    convolve_channels,
    correlate2d,
    output_size,
    random_kernel,
    to_uint8,
)
from course_utils.images import load_image

both = pytest.mark.parametrize("function", [correlate2d, convolve2d])

# Whole numbers, so that every sum is exact in float32 (below 2**24), in whatever order it is added.
IMAGE = np.array([[1, 2, 0, 3, 1], [0, 1, 4, 2, 2], [3, 0, 1, 1, 0], [2, 1, 0, 2, 3]], np.uint8)
KERNEL = np.array([[1, 0, -1], [2, 0, -2], [0, 1, 0]])


# --- by hand ------------------------------------------------------------------------------------


def test_correlation_uses_the_kernel_as_it_is():
    assert correlate2d(IMAGE, KERNEL).tolist() == [[-7, -2, 4], [1, -3, 6]]


def test_convolution_turns_the_kernel():
    assert convolve2d(IMAGE, KERNEL).tolist() == [[8, 3, -2], [-5, 7, 3]]


def test_channels_keep_to_themselves():
    image = np.array([[[10, 20, 30], [1, 2, 3]]], np.uint8)
    kernels = [np.array([[2, 0]]), np.array([[0, 2]]), np.array([[1, 1]])]
    assert convolve_channels(image, kernels).tolist() == [[[2, 40, 33]]]


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "padding", "expected"),
    [
        (7, 3, 1, 0, 5),
        (7, 3, 1, 1, 7),
        (7, 3, 2, 1, 4),
        (8, 3, 2, 0, 3),  # the last pixel is not reached
        (3, 3, 5, 0, 1),
        (1, 3, 1, 1, 1),  # fits only with its padding
        (489, 3, 1, 0, 487),
        (28, 3, 2, 1, 14),
    ],
)
def test_output_sizes(size, kernel, stride, padding, expected):
    assert output_size(size, kernel, stride=stride, padding=padding) == expected


def test_large_sums_lose_nothing():
    image = np.full((300, 300), 255, np.uint8)
    assert correlate2d(image, np.ones((300, 300))) == 255 * 300 * 300
    # 1.1 is no float32: in single precision, 26 times that of 100 is 2860.0002.
    assert correlate2d(image[:1, :26], np.full((1, 26), 1.1)) == np.float32(255 * 26 * 1.1)


def test_results_are_rounded_then_clipped():
    values = np.array([-np.inf, -7.0, -0.5, 0.5, 1.5, 99.4, 99.6, 254.5, 255.5, 300.0, np.inf])
    levels = to_uint8(values)
    assert levels.dtype == np.uint8
    assert levels.tolist() == [0, 0, 0, 0, 2, 99, 100, 254, 255, 255, 255]
    assert to_uint8(np.array([-(2**63), -1, 256, 2**63 - 1])).tolist() == [0, 0, 255, 255]
    assert to_uint8(np.array(99.6)) == 100


# --- properties ---------------------------------------------------------------------------------


def whole_numbers(min_side, max_side, low=-9, high=9):
    """Strategy: float64 arrays of whole numbers, whose sums of products are exact."""
    side = st.integers(min_side, max_side)
    values = st.integers(low, high).map(float)
    return st.tuples(side, side).flatmap(lambda shape: arrays(np.float64, shape, elements=values))


def full(operation, image, kernel):
    """Every place where the kernel touches the image, with zeros outside."""
    h, w = kernel.shape
    return operation(np.pad(image, ((h - 1, h - 1), (w - 1, w - 1))), kernel)


large, small = whole_numbers(4, 7), whole_numbers(1, 4)


@given(large, small)
def test_the_formula(image, kernel):
    (height, width), (h, w) = image.shape, kernel.shape
    expected = [
        [np.sum(kernel * image[y : y + h, x : x + w]) for x in range(width - w + 1)]
        for y in range(height - h + 1)
    ]
    np.testing.assert_array_equal(correlate2d(image, kernel), expected, strict=True)
    np.testing.assert_array_equal(convolve2d(image, np.rot90(kernel, 2)), expected, strict=True)


@given(small, small)
def test_convolution_commutes_and_correlation_comes_back_turned(a, b):
    np.testing.assert_array_equal(full(convolve2d, a, b), full(convolve2d, b, a))
    np.testing.assert_array_equal(full(correlate2d, a, b), full(correlate2d, b, a)[::-1, ::-1])


@given(st.integers(1, 40), st.integers(1, 9), st.integers(1, 5), st.integers(0, 4))
def test_output_size_counts_the_places(size, kernel, stride, padding):
    starts = range(-padding, size + padding - kernel + 1, stride)
    if not starts:
        with pytest.raises(ValueError, match="kernel must fit"):
            output_size(size, kernel, stride=stride, padding=padding)
        return
    assert output_size(size, kernel, stride=stride, padding=padding) == len(starts)


@both
def test_the_type_of_the_result(function):
    for dtype, expected in [("u1", "f4"), ("f4", "f4"), ("f8", "f8"), (">f8", "f8")]:
        for weights in ("i1", "u8", "i8", "f2", "f4", "f8"):
            result = function(IMAGE.astype(dtype), np.array([[1, 2]], weights))
            assert result.dtype == np.dtype(expected)
            assert result.dtype.isnative


def test_random_weights_are_uniform():
    weights = random_kernel(1000, rng=2022)
    np.testing.assert_array_equal(random_kernel(1000, rng=np.random.default_rng(2022)), weights)
    assert weights.shape == (1000, 1000)
    assert weights.dtype == np.float64
    # Uniform on a range of 3: standard deviation 3 / sqrt(12) = 0.866, so the mean of a million
    # has a standard error of 0.00087; a bin's share of 0.1 has one of 0.0003. Five of each.
    assert weights.mean() == pytest.approx(1, abs=0.0044)
    shares = np.histogram(weights, bins=10, range=(-0.5, 2.5))[0] / weights.size
    np.testing.assert_allclose(shares, 0.1, atol=0.0015)  # nothing lies outside: they add up to 1
    assert shares.sum() == 1


@pytest.mark.parametrize("values", [1, 100, 900])
@pytest.mark.parametrize("shape", [(4, 3), (9, 3), (3, 9)])  # few terms, and many
def test_strips_leave_no_seam(monkeypatch, values, shape):
    rng = np.random.default_rng(0)
    image, kernel = rng.integers(0, 256, (37, 20)).astype(float), rng.integers(-9, 9, shape)
    whole = correlate2d(image, kernel)
    monkeypatch.setattr(convolution, "STRIP", values)
    monkeypatch.setattr(convolution, "PRODUCTS", values)
    np.testing.assert_array_equal(correlate2d(image, kernel), whole, strict=True)


# --- agreement with independent references ------------------------------------------------------

WHOLE_KERNELS = {
    "the notebook's": KERNEL,
    "Sobel": np.outer([1, 2, 1], [-1, 0, 1]),
    "5 x 3": np.arange(-7, 8).reshape(5, 3),
    "1 x 7": np.array([[1, -2, 3, -4, 5, -6, 7]]),
    "7 x 5": np.arange(-17, 18).reshape(7, 5),
    "3 x 13": np.arange(-17, 22).reshape(3, 13),
    "1 x 27": np.arange(-9, 18).reshape(1, 27),
    "sixteenths": np.outer([1, 2, 1], [1, 2, 1])
    / 16,  # exact as well: the weights are sums of powers of two
}
whole_kernels = pytest.mark.parametrize("kernel", WHOLE_KERNELS.values(), ids=WHOLE_KERNELS)


def inner(result, kernel):
    """The part of a result of the image's size in which an odd kernel stays inside the image."""
    rows, columns = kernel.shape[0] // 2, kernel.shape[1] // 2
    return result[rows : result.shape[0] - rows, columns : result.shape[1] - columns]


@whole_kernels
def test_agrees_with_scipy_bit_for_bit(kernel):
    image = load_image("camera").astype(float)
    correlated, convolved = correlate2d(image, kernel), convolve2d(image, kernel)
    weights = kernel.astype(float)
    np.testing.assert_array_equal(inner(ndimage.correlate(image, weights), kernel), correlated)
    np.testing.assert_array_equal(inner(ndimage.convolve(image, weights), kernel), convolved)
    np.testing.assert_array_equal(signal.correlate2d(image, weights, mode="valid"), correlated)
    np.testing.assert_array_equal(signal.convolve2d(image, weights, mode="valid"), convolved)


@whole_kernels
def test_correlation_agrees_with_opencv_bit_for_bit(kernel):
    image = load_image("camera")
    reference = cv2.filter2D(image, cv2.CV_32F, kernel.astype(np.float32))
    np.testing.assert_array_equal(correlate2d(image, kernel), inner(reference, kernel), strict=True)


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 1), (3, 4)])
def test_correlation_agrees_with_torch_bit_for_bit(stride, padding):
    kernel = WHOLE_KERNELS["5 x 3"]
    image = load_image("coins")[:61, :80].astype(float)
    reference = torch.nn.functional.conv2d(
        torch.from_numpy(image)[None, None],
        torch.from_numpy(kernel.astype(float))[None, None],
        stride=stride,
        padding=padding,
    )[0, 0].numpy()
    result = correlate2d(np.pad(image, padding), kernel)[::stride, ::stride]
    np.testing.assert_array_equal(result, reference, strict=True)
    for axis in range(2):
        shape = image.shape[axis], kernel.shape[axis]
        assert output_size(*shape, stride=stride, padding=padding) == reference.shape[axis]


@both
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float32, 1e-6), (np.float64, 1e-14)])
def test_other_weights_agree_within_rounding(function, dtype, tolerance):
    # Products are rounded to the type's precision (6e-8 and 1e-16), and 49 of them are added in
    # another order: the error stays below 49 such steps of the sum of their magnitudes.
    image = load_image("camera").astype(dtype)
    kernel = random_kernel(7, rng=2022)
    reference = getattr(signal, function.__name__)(image.astype(float), kernel, mode="valid")
    bound = tolerance * np.abs(kernel).sum() * image.max()
    np.testing.assert_allclose(function(image, kernel), reference, rtol=0, atol=bound)


def test_channels_agree_with_torch_bit_for_bit():
    image = load_image("city")[:60, :80]
    kernels = np.random.default_rng(2022).integers(-9, 10, (3, 3, 3))
    batch = torch.from_numpy(np.moveaxis(image, 2, 0).astype(float).copy())[None]
    turned = torch.from_numpy(kernels[:, ::-1, ::-1].astype(float).copy())
    result = convolve_channels(image, kernels)
    apart = torch.nn.functional.conv2d(batch, turned[:, None], groups=3)[0].numpy()
    np.testing.assert_array_equal(result, np.moveaxis(apart, 0, 2))
    summed = torch.nn.functional.conv2d(batch, turned[None])[0, 0].numpy()
    np.testing.assert_array_equal(result.sum(axis=2), summed)


# --- bad input ----------------------------------------------------------------------------------


def test_sizes_may_be_numpy_integers_of_few_bits():
    size = output_size(np.uint8(250), np.uint8(5), stride=np.int8(2), padding=np.uint8(10))
    assert size == 133
    assert type(size) is int
    with pytest.raises(ValueError, match="kernel must fit, but 3 is more than 2 pixels"):
        output_size(np.uint8(2), np.uint8(3))
