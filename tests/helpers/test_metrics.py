"""Tests of course_utils.metrics."""

import math
import re

import cv2
import numpy as np
import pytest
import skimage.metrics
from conftest import gray_images
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from course_utils import metrics
from course_utils.images import load_image
from course_utils.metrics import mse, psnr, ssim

every_metric = pytest.mark.parametrize("metric", [mse, psnr, ssim], ids=lambda m: m.__name__)


def pairs(**sides):
    """Strategy: two grey images of one shape."""
    return gray_images(**sides).flatmap(
        lambda image: st.tuples(st.just(image), arrays(np.uint8, image.shape))
    )


# By hand ----------------------------------------------------------------------------------------


def test_mse():
    image = np.array([[0, 10], [20, 255]], np.uint8)
    reference = np.array([[3, 10], [16, 0]], np.uint8)
    assert mse(image, reference) == (3**2 + 0 + 4**2 + 255**2) / 4


def test_mse_of_rgb_is_the_mean_over_the_channels():
    black = np.zeros((1, 1, 3), np.uint8)
    assert mse(np.array([[[3, 0, 6]]], np.uint8), black) == (9 + 0 + 36) / 3


def test_psnr():
    gray = np.full((3, 4), 100, np.uint8)
    assert psnr(gray + np.uint8(5), gray) == pytest.approx(20 * math.log10(255 / 5), rel=1e-14)
    white, black = np.full((2, 2), 255, np.uint8), np.zeros((2, 2), np.uint8)
    assert psnr(white, black) == 0
    nearly_black = np.array([[0, 0], [0, 1]], np.uint8)  # an MSE of 1/4
    assert psnr(nearly_black, black) == pytest.approx(10 * math.log10(255**2 * 4))


def test_equal_images():
    image = load_image("coffee")
    assert mse(image, image.copy()) == 0
    assert psnr(image, image.copy()) == math.inf
    assert ssim(image, image.copy()) == 1


@pytest.mark.parametrize(("a", "b"), [(0, 255), (100, 120), (0, 1)])
def test_ssim_of_flat_images_compares_their_means(a, b):
    # Without variance the second factor is 1; the first has the constant (0.01 * 255)^2.
    constant = (0.01 * 255) ** 2
    expected = (2 * a * b + constant) / (a**2 + b**2 + constant)
    flat = [np.full((9, 8), level, np.uint8) for level in (a, b)]
    assert ssim(*flat) == pytest.approx(expected, rel=1e-12)


@every_metric
def test_result_is_a_python_float(metric):
    image = load_image("camera")[:20, :20]
    assert type(metric(image, image)) is float
    assert type(metric(image, image.T.copy())) is float


# Properties -------------------------------------------------------------------------------------


@every_metric
@given(pair=pairs(min_side=7, max_side=9))
def test_symmetric(metric, pair):
    image, reference = pair
    assert metric(image, reference) == pytest.approx(metric(reference, image), rel=1e-12)


@given(pair=pairs())
def test_mse_is_zero_only_for_equal_images(pair):
    image, reference = pair
    assert (mse(image, reference) == 0) == np.array_equal(image, reference)
    assert 0 <= mse(image, reference) <= 255**2


@given(pair=pairs(min_side=7, max_side=9))
def test_ssim_is_at_most_one(pair):
    assert -1 <= ssim(*pair) <= 1
    assert ssim(*pair) < 1 - 1e-9 or np.abs(np.subtract(*pair, dtype=float)).max() <= 1


# Agreement with references ----------------------------------------------------------------------


def distorted():
    """Pairs of a picture and what noise, a filter or a shift in brightness make of it."""
    rng = np.random.default_rng(2022)
    for name in ("camera", "coffee"):
        image = load_image(name)
        noisy = np.clip(image + rng.normal(0, 20, image.shape), 0, 255).astype(np.uint8)
        for title, other in {
            "noise": noisy,
            "blur": cv2.blur(image, (5, 5)),
        }.items():
            yield pytest.param(other, image, id=f"{name}, {title}")


every_pair = pytest.mark.parametrize(("image", "reference"), list(distorted()))


@every_pair
def test_scikit_image(image, reference):
    assert mse(image, reference) == skimage.metrics.mean_squared_error(image, reference)
    expected = skimage.metrics.peak_signal_noise_ratio(reference, image, data_range=255)
    assert psnr(image, reference) == pytest.approx(expected, rel=1e-14)
    axis = 2 if image.ndim == 3 else None
    expected = skimage.metrics.structural_similarity(image, reference, channel_axis=axis)
    assert ssim(image, reference) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("values", [1, 2000])
def test_strips_of_ssim_leave_no_seam(monkeypatch, values):
    image, reference = load_image("coffee")[:60, :80], load_image("coffee")[1:61, :80]
    whole = ssim(image, reference)
    monkeypatch.setattr(metrics, "STRIP", values)
    assert ssim(image, reference) == pytest.approx(whole, rel=1e-12)


def ssim_as_published(image, reference):
    """SSIM of two grey images, formula (13) of Wang et al. over all windows of 7 x 7."""
    x, y = (
        np.lib.stride_tricks.sliding_window_view(array.astype(float), (7, 7)).reshape(-1, 49)
        for array in (image, reference)
    )
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    mean_x, mean_y = x.mean(axis=1), y.mean(axis=1)
    covariance = ((x - mean_x[:, None]) * (y - mean_y[:, None])).sum(axis=1) / 48
    luminance = (2 * mean_x * mean_y + c1) / (mean_x**2 + mean_y**2 + c1)
    structure = (2 * covariance + c2) / (x.var(axis=1, ddof=1) + y.var(axis=1, ddof=1) + c2)
    return (luminance * structure).mean()


@every_pair
def test_ssim_as_published(image, reference):
    # A piece suffices; the running sums of scikit-image differ in the last digits.
    image, reference = (np.atleast_3d(array[100:160, 200:270]) for array in (image, reference))
    channels = range(image.shape[2])
    expected = np.mean([ssim_as_published(image[..., c], reference[..., c]) for c in channels])
    result = ssim(image.squeeze(), reference.squeeze())
    assert result == pytest.approx(expected, abs=1e-9)


# Bad input --------------------------------------------------------------------------------------


@every_metric
def test_images_of_two_shapes_are_refused(metric):
    image = np.zeros((9, 8), np.uint8)
    for shape in [(8, 9), (9, 7), (9, 8, 3)]:
        words = (
            rf"^image and reference must have one shape, not \(9, 8\) and {re.escape(str(shape))}$"
        )
        with pytest.raises(ValueError, match=words):
            metric(image, np.zeros(shape, np.uint8))


@pytest.mark.parametrize("shape", [(6, 7), (7, 6, 3)])
def test_ssim_needs_room_for_its_window(shape):
    image = np.zeros(shape, np.uint8)
    with pytest.raises(ValueError, match="^image must be at least 7 x 7"):
        ssim(image, image)
    assert mse(image, image) == 0


@pytest.mark.parametrize("shape", [(7, 7), (7, 7, 3), (7, 9)])
def test_ssim_of_the_smallest_images(shape):
    image = np.arange(np.prod(shape), dtype=np.uint8).reshape(shape)
    assert ssim(image, image) == 1
