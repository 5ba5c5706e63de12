"""Convolution: correlation and its turned kernel, output sizes, channels, random kernels."""

import inspect

import cv2
import numpy as np
import pytest
import torch
from conftest import assert_pure, rgb_images
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
SOBEL_X = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
BLUR = np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16


# --- by hand ------------------------------------------------------------------------------------


def test_correlation_uses_the_kernel_as_it_is():
    assert correlate2d(IMAGE, KERNEL).tolist() == [[-7, -2, 4], [1, -3, 6]]


def test_convolution_turns_the_kernel():
    assert convolve2d(IMAGE, KERNEL).tolist() == [[8, 3, -2], [-5, 7, 3]]


def test_a_kernel_that_is_not_square():
    row = np.array([[1, 10]])
    assert correlate2d(IMAGE, row)[0].tolist() == [21, 2, 30, 13]
    assert convolve2d(IMAGE, row)[0].tolist() == [12, 20, 3, 31]
    assert correlate2d(IMAGE, row.T).shape == (3, 5)


def test_a_kernel_as_large_as_the_image_gives_one_value():
    assert correlate2d(IMAGE, IMAGE).tolist() == [[(IMAGE.astype(int) ** 2).sum()]]


@both
def test_a_single_weight_scales_the_image(function):
    np.testing.assert_array_equal(function(IMAGE, np.array([[-3]])), -3.0 * IMAGE)


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


def test_results_are_rounded_then_clipped():
    assert to_uint8(np.array([-7.0, 99.4, 99.6, 300.0])).tolist() == [0, 99, 100, 255]


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


@given(small)
def test_an_impulse_gives_the_kernel_back(kernel):
    impulse = np.zeros((2 * kernel.shape[0] - 1, 2 * kernel.shape[1] - 1), np.uint8)
    impulse[kernel.shape[0] - 1, kernel.shape[1] - 1] = 1
    np.testing.assert_array_equal(convolve2d(impulse, kernel), kernel)
    np.testing.assert_array_equal(correlate2d(impulse, kernel), kernel[::-1, ::-1])


@given(small, small)
def test_convolution_commutes_and_correlation_comes_back_turned(a, b):
    np.testing.assert_array_equal(full(convolve2d, a, b), full(convolve2d, b, a))
    np.testing.assert_array_equal(full(correlate2d, a, b), full(correlate2d, b, a)[::-1, ::-1])


@given(whole_numbers(7, 9), small, small)
def test_convolution_is_associative(image, a, b):
    two_steps = convolve2d(convolve2d(image, a), b)
    np.testing.assert_array_equal(convolve2d(image, full(convolve2d, a, b)), two_steps)


@given(large, large, st.integers(-9, 9), small)
def test_linear_in_the_image(left, right, factor, kernel):
    height, width = np.minimum(left.shape, right.shape)
    left, right = left[:height, :width], right[:height, :width]
    expected = factor * convolve2d(left, kernel) + convolve2d(right, kernel)
    np.testing.assert_array_equal(convolve2d(factor * left + right, kernel), expected)


@given(large, whole_numbers(3, 3), whole_numbers(3, 3))
def test_linear_in_the_kernel(image, a, b):
    expected = convolve2d(image, a) + convolve2d(image, b)
    np.testing.assert_array_equal(convolve2d(image, a + b), expected)


@both
@given(st.integers(0, 255), small)
def test_a_constant_is_multiplied_by_the_sum_of_the_weights(function, level, kernel):
    flat = np.full((5, 6), level, np.uint8)
    assert (function(flat, kernel) == level * kernel.sum()).all()


@given(large, small)
def test_a_symmetric_kernel_hides_the_difference(image, kernel):
    symmetric = kernel + kernel[::-1, ::-1]
    np.testing.assert_array_equal(convolve2d(image, symmetric), correlate2d(image, symmetric))


@given(st.integers(1, 40), st.integers(1, 9), st.integers(1, 5), st.integers(0, 4))
def test_output_size_counts_the_places(size, kernel, stride, padding):
    starts = range(-padding, size + padding - kernel + 1, stride)
    if not starts:
        with pytest.raises(ValueError, match="kernel must fit"):
            output_size(size, kernel, stride=stride, padding=padding)
        return
    assert output_size(size, kernel, stride=stride, padding=padding) == len(starts)


@given(rgb_images(min_side=3), st.integers(1, 3), st.integers(0, 99))
def test_each_channel_is_convolved_alone(image, size, seed):
    kernels = np.random.default_rng(seed).integers(-9, 10, (3, size, size))
    result = convolve_channels(image, kernels)
    for channel in range(3):
        expected = convolve2d(image[..., channel], kernels[channel])
        np.testing.assert_array_equal(result[..., channel], expected, strict=True)
    np.testing.assert_array_equal(convolve_channels(image, list(kernels)), result)


@both
def test_the_type_of_the_result(function):
    for dtype, expected in [("u1", "f4"), ("f4", "f4"), ("f8", "f8"), (">f8", "f8")]:
        for weights in ("i1", "u8", "i8", "f2", "f4", "f8"):
            result = function(IMAGE.astype(dtype), np.array([[1, 2]], weights))
            assert result.dtype == np.dtype(expected)
            assert result.dtype.isnative


def test_random_weights_are_uniform():
    weights = random_kernel(1000, rng=2022)
    assert weights.shape == (1000, 1000)
    assert weights.dtype == np.float64
    # Uniform on a range of 3: standard deviation 3 / sqrt(12) = 0.866, so the mean of a million
    # has a standard error of 0.00087; a bin's share of 0.1 has one of 0.0003. Five of each.
    assert weights.mean() == pytest.approx(1, abs=0.0044)
    shares = np.histogram(weights, bins=10, range=(-0.5, 2.5))[0] / weights.size
    np.testing.assert_allclose(shares, 0.1, atol=0.0015)  # nothing lies outside: they add up to 1
    assert shares.sum() == 1


def test_seeds_of_random_kernels():
    np.testing.assert_array_equal(random_kernel(3, rng=7), random_kernel(3, rng=7))
    assert not np.array_equal(random_kernel(3, rng=7), random_kernel(3, rng=8))
    assert not np.array_equal(random_kernel(3), random_kernel(3))
    rng = np.random.default_rng(7)
    first, second = random_kernel(3, rng=rng), random_kernel(3, rng=rng)
    np.testing.assert_array_equal(first, random_kernel(3, rng=7))
    assert not np.array_equal(first, second)


@pytest.mark.parametrize("pixels", [1, 40, 100])
def test_strips_leave_no_seam(monkeypatch, pixels):
    rng = np.random.default_rng(0)
    image, kernel = rng.random((37, 20)), rng.random((4, 3))
    whole = correlate2d(image, kernel)
    monkeypatch.setattr(convolution, "STRIP", pixels)
    np.testing.assert_array_equal(correlate2d(image, kernel), whole, strict=True)


# --- agreement with independent references ------------------------------------------------------

WHOLE_KERNELS = {
    "the notebook's": KERNEL,
    "Sobel": SOBEL_X,
    "5 x 3": np.arange(-7, 8).reshape(5, 3),
    "1 x 7": np.array([[1, -2, 3, -4, 5, -6, 7]]),
    "sixteenths": BLUR,  # exact as well: the weights are sums of powers of two
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


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", [0, 1, 4])
@whole_kernels
def test_correlation_agrees_with_torch_bit_for_bit(kernel, stride, padding):
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


@pytest.mark.parametrize("stride", [np.int8(2), np.int64(2)])
def test_sizes_may_be_numpy_integers_of_few_bits(stride):
    size = output_size(np.uint8(250), np.uint8(5), stride=stride, padding=np.uint8(10))
    assert size == 133
    assert type(size) is int
    with pytest.raises(ValueError, match="kernel must fit, but 3 is more than 2 pixels"):
        output_size(np.uint8(2), np.uint8(3))


def test_stride_and_padding_are_named():
    kinds = [parameter.kind for parameter in inspect.signature(output_size).parameters.values()]
    assert kinds[2:] == [inspect.Parameter.KEYWORD_ONLY] * 2


@both
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_images_are_left_alone(function, dtype):
    assert_pure(lambda image: function(image, KERNEL), np.arange(42, dtype=dtype).reshape(6, 7))
    assert_pure(lambda image: function(image, np.array([[1]])), IMAGE.astype(dtype))


def test_rgb_images_and_their_kernels_are_left_alone():
    image = np.arange(105, dtype=np.uint8).reshape(5, 7, 3)
    assert_pure(lambda given: convolve_channels(given, [KERNEL] * 3), image)
    kernels = np.arange(27.0).reshape(3, 3, 3)
    assert_pure(lambda given: convolve_channels(image, given), kernels)


# --- pitfalls -----------------------------------------------------------------------------------


def common_convolution(image, size, kernel):
    """Convolution as it is often written: H - k places, no turn, always divided by k * k."""
    height, width = image.shape[0] - size, image.shape[1] - size
    out = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            out[y, x] = np.sum(kernel * image[y : y + size, x : x + size]) / size**2
    return out


def test_convolution_without_the_turn_is_correlation():
    common = 9 * common_convolution(IMAGE, 3, KERNEL)
    part = (slice(0, 1), slice(0, 2))  # the places that it visits
    np.testing.assert_allclose(common, correlate2d(IMAGE, KERNEL)[part], atol=1e-12)
    assert not np.allclose(common, convolve2d(IMAGE, KERNEL)[part])
    np.testing.assert_array_equal(convolve2d(IMAGE, SOBEL_X), -correlate2d(IMAGE, SOBEL_X))


def test_a_row_and_a_column_are_lost():
    lined = np.zeros((6, 6), np.uint8)
    lined[:, -1] = 90
    common = common_convolution(lined, 3, np.ones((3, 3)))
    assert common.shape == (3, 3)
    assert not common.any()  # it has not seen the line
    result = correlate2d(lined, np.ones((3, 3)))
    assert result.shape == (4, 4)
    assert (result[:, -1] == 270).all()
    assert common_convolution(IMAGE, 1, np.ones((1, 1))).shape == (3, 4)
    np.testing.assert_array_equal(correlate2d(IMAGE, np.ones((1, 1))), IMAGE)


def test_dividing_by_the_number_of_weights_darkens():
    flat = np.full((6, 6), 90, np.uint8)
    identity = np.zeros((3, 3))
    identity[1, 1] = 1
    halves = np.full((3, 3), 0.5)
    assert (common_convolution(flat, 3, identity) == 10).all()
    assert (common_convolution(flat, 3, halves) == 45).all()
    assert (correlate2d(flat, identity) == 90).all()
    assert (to_uint8(correlate2d(flat, halves / halves.sum())) == 90).all()


def test_brightness_grows_with_the_sum_of_the_kernel():
    image = load_image("city")
    kernels = [random_kernel(3, rng=seed) for seed in range(3)]
    result = convolve_channels(image, kernels)
    for channel, kernel in enumerate(kernels):
        # Only the outermost two rows and columns count less often than kernel.size times.
        expected = kernel.sum() * image[..., channel].mean()
        assert result[..., channel].mean(dtype=float) == pytest.approx(expected, rel=0.01)
    assert np.mean(result > 255) > 0.5
    balanced = convolve_channels(image, [kernel / kernel.sum() for kernel in kernels])
    assert np.mean((balanced < 0) | (balanced > 255)) < 0.01


def test_edges_in_uint8_lose_their_negative_half():
    bar = np.zeros((5, 7), np.uint8)
    bar[:, 2:5] = 20
    cut = inner(cv2.filter2D(bar, -1, SOBEL_X), SOBEL_X)
    assert cut[0].tolist() == [80, 80, 0, 0, 0]
    signed = correlate2d(bar, SOBEL_X)
    assert signed[0].tolist() == [80, 80, 0, -80, -80]
    np.testing.assert_array_equal(to_uint8(signed), cut)


def test_zeros_outside_darken_the_border():
    flat = np.full((9, 9), 160, np.uint8)
    mean = np.full((3, 3), 1 / 8)  # eighths: exact
    zeros = correlate2d(np.pad(flat, 1), mean)
    mirrored = correlate2d(np.pad(flat, 1, mode="reflect"), mean)
    assert (zeros[0, 0], zeros[0, 4], zeros[4, 4]) == (80, 120, 180)
    assert (mirrored == 180).all()


def test_a_layer_adds_its_input_channels_up():
    image = load_image("city")[:20, :30]
    layer = torch.nn.Conv2d(3, 1, 3, bias=False).double()
    with torch.no_grad():
        layer.weight.fill_(1)
        output = layer(torch.from_numpy(np.moveaxis(image, 2, 0).astype(float).copy())[None])
    apart = convolve_channels(image, [np.ones((3, 3))] * 3)
    assert output.shape == (1, 1, 18, 28)
    assert apart.shape == (18, 28, 3)
    np.testing.assert_array_equal(output[0, 0].numpy(), apart.sum(axis=2))


@pytest.mark.parametrize(
    ("turns", "function"),
    [
        (True, convolve2d),
        (True, lambda image, kernel: signal.convolve2d(image, kernel, mode="valid")),
        (True, lambda image, kernel: inner(ndimage.convolve(image, kernel), kernel)),
        (False, correlate2d),
        (False, lambda image, kernel: signal.correlate2d(image, kernel, mode="valid")),
        (False, lambda image, kernel: inner(ndimage.correlate(image, kernel), kernel)),
        (False, lambda image, kernel: inner(cv2.filter2D(image, -1, kernel), kernel)),
        (
            False,
            lambda image, kernel: torch.conv2d(
                torch.from_numpy(image)[None, None], torch.from_numpy(kernel)[None, None]
            )[0, 0].numpy(),
        ),
    ],
)
def test_who_turns_the_kernel(turns, function):
    impulse = np.zeros((5, 5))
    impulse[2, 2] = 1
    kernel = np.arange(1.0, 10).reshape(3, 3)
    expected = kernel if turns else kernel[::-1, ::-1]
    np.testing.assert_array_equal(function(impulse, kernel), expected)


def test_numpy_turns_in_one_dimension_under_the_same_names():
    impulse, kernel = np.array([0, 0, 1, 0, 0]), np.array([1, 2, 3])
    assert np.convolve(impulse, kernel, mode="valid").tolist() == [1, 2, 3]
    assert np.correlate(impulse, kernel, mode="valid").tolist() == [3, 2, 1]
