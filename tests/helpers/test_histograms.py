"""Histograms: counts of grey levels, their shares, and the cumulative distribution."""

import cv2
import numpy as np
import pytest
from conftest import gray_images
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from skimage import exposure

from course_utils.histograms import (
    channel_histograms,
    cumulative_distribution,
    histogram,
    normalized_histogram,
)
from course_utils.images import load_image

on_photographs = pytest.mark.parametrize("name", ["moon", "web_light_on_dark"])


# --- by hand ------------------------------------------------------------------------------------

SMALL = np.array([[0, 0, 1, 2], [2, 1, 2, 0], [2, 0, 1, 2]], np.uint8)  # no 3


def test_counts_of_a_small_image():
    counts = histogram(SMALL, levels=4)
    assert counts.dtype == np.int64
    assert counts.tolist() == [4, 3, 5, 0]


def test_shares_of_a_small_image():
    shares = normalized_histogram(SMALL, levels=4)
    assert shares.dtype == np.float64
    assert shares.tolist() == [4 / 12, 3 / 12, 5 / 12, 0]


def test_cumulative_shares_of_a_small_image():
    shares = cumulative_distribution(SMALL, levels=4)
    assert shares.dtype == np.float64
    assert shares.tolist() == [4 / 12, 7 / 12, 1, 1]


def test_black_and_white_are_the_first_and_the_last_level():
    counts = histogram(np.array([[0, 255, 255]], np.uint8))
    assert counts.shape == (256,)
    assert (counts[0], counts[255], counts.sum()) == (1, 2, 3)


def test_channels_come_in_the_order_red_green_blue():
    counts = channel_histograms(np.array([[[255, 128, 0], [255, 128, 7]]], np.uint8))
    assert counts.dtype == np.int64
    assert counts.shape == (3, 256)
    assert (counts[0, 255], counts[1, 128], counts[2, 0], counts[2, 7]) == (2, 2, 1, 1)


# --- properties ---------------------------------------------------------------------------------


@given(gray_images())
def test_every_pixel_is_counted_once(image):
    counts = histogram(image)
    assert counts.sum() == image.size
    assert counts.min() >= 0
    assert counts[image[0, 0]] == np.count_nonzero(image == image[0, 0])


@given(gray_images())
def test_the_cumulative_distribution_never_falls_and_ends_at_one(image):
    shares = cumulative_distribution(image)
    assert (np.diff(shares) >= 0).all()
    assert shares[-1] == 1  # exactly
    level = np.median(image).astype(np.uint8)
    assert shares[level] == np.count_nonzero(image <= level) / image.size


@given(st.integers(1, 256), st.data())
def test_any_number_of_levels(levels, data):
    image = data.draw(arrays(np.uint8, (3, 4), elements=st.integers(0, levels - 1)))
    counts = histogram(image, levels)
    np.testing.assert_array_equal(counts, histogram(image)[:levels])
    assert counts.sum() == image.size


# --- agreement with independent references: bit for bit -----------------------------------------


@on_photographs
def test_counts_agree_with_numpy_opencv_and_scikit_image(name):
    image = load_image(name)
    counts = histogram(image)
    np.testing.assert_array_equal(counts, np.histogram(image, bins=256, range=(0, 256))[0])
    # calcHist counts in float32, which is exact up to 2**24 pixels of one level.
    np.testing.assert_array_equal(counts, cv2.calcHist([image], [0], None, [256], [0, 256]).ravel())
    reference, levels = exposure.histogram(image, source_range="dtype")
    np.testing.assert_array_equal(levels, np.arange(256))
    np.testing.assert_array_equal(counts, reference)


@on_photographs
def test_shares_agree_with_scikit_image(name):
    image = load_image(name)
    reference, _ = exposure.histogram(image, source_range="dtype", normalize=True)
    np.testing.assert_array_equal(normalized_histogram(image), reference)


@on_photographs
def test_cumulative_shares_agree_with_scikit_image(name):
    image = load_image(name)
    reference, levels = exposure.cumulative_distribution(image)  # from darkest to brightest pixel
    np.testing.assert_array_equal(cumulative_distribution(image)[levels], reference)


def test_channel_counts_agree_with_opencv():
    image = load_image("coffee")
    for channel, counts in enumerate(channel_histograms(image)):
        reference = cv2.calcHist([image], [channel], None, [256], [0, 256])
        np.testing.assert_array_equal(counts, reference.ravel())


# --- bad input ----------------------------------------------------------------------------------


@pytest.mark.parametrize("function", [histogram, normalized_histogram, cumulative_distribution])
def test_a_value_above_the_levels_is_refused(function):
    with pytest.raises(ValueError, match="image must hold values below levels=2, but it holds 2"):
        function(SMALL, levels=2)
