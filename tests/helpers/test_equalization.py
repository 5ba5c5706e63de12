"""Equalization: the maps by hand, their properties, and OpenCV, SciPy, scikit-image as judges."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.stats import rankdata
from skimage.exposure import equalize_hist

from course_utils import equalization
from course_utils.equalization import (
    compress_contrast,
    equalization_map,
    equalize,
    equalize_channels,
    equalize_full_range,
    equalize_luminance,
)
from course_utils.images import load_image

SIDES = hnp.array_shapes(min_dims=2, max_dims=2, max_side=6)
gray_images = hnp.arrays(np.uint8, SIDES)
rgb_images = hnp.arrays(np.uint8, SIDES.map(lambda shape: (*shape, 3)))
# Few levels, so that levels are shared by many pixels.
crowded_images = hnp.arrays(np.uint8, SIDES, elements=st.integers(100, 104))
any_gray_images = gray_images | crowded_images


# By hand ---------------------------------------------------------------------------------------


SMALL = np.array([[100, 101, 101, 102], [100, 101, 102, 102], [100, 100, 102, 102]], np.uint8)


def test_map_by_hand():
    # Counts 4, 3, 5; cumulative 4, 7, 12; 255 * 7 / 12 = 148.75 is floored.
    T = equalization_map(SMALL)
    assert T.dtype == np.uint8
    assert T.shape == (256,)
    assert T[:100].tolist() == [0] * 100
    assert T[100:103].tolist() == [85, 148, 255]
    assert T[103:].tolist() == [255] * 153


def test_equalize_by_hand():
    expected = [[85, 148, 148, 255], [85, 148, 255, 255], [85, 85, 255, 255]]
    assert equalize(SMALL).tolist() == expected
    assert equalize(SMALL).dtype == np.uint8


def test_full_range_by_hand():
    # Without the four darkest: 0, 3, 8 of 8; 255 * 3 / 8 = 95.625 is rounded.
    expected = [[0, 96, 96, 255], [0, 96, 255, 255], [0, 0, 255, 255]]
    assert equalize_full_range(SMALL).tolist() == expected
    assert equalize_full_range(SMALL).dtype == np.uint8


def test_channels_by_hand():
    image = np.array([[[1, 9, 5], [2, 8, 5]]], np.uint8)
    assert equalize_channels(image).tolist() == [[[127, 255, 255], [255, 127, 255]]]


def test_luminance_by_hand():
    # Y is 100 and 50 (greys, so Cr and Cb are neutral); T(50) = 127, T(100) = 255.
    image = np.array([[[100, 100, 100], [50, 50, 50]]], np.uint8)
    assert equalize_luminance(image).tolist() == [[[255, 255, 255], [127, 127, 127]]]


def test_compress_by_hand():
    # The mean is 100: 0.75 * 100 + 0.25 * (0, 100, 200).
    image = np.array([[0, 100], [100, 200]], np.uint8)
    assert compress_contrast(image, pull=(0.75, 0.75)).tolist() == [[75, 100], [100, 125]]


def test_compress_uses_the_mean_of_each_channel():
    image = np.array([[[0, 100, 7], [40, 200, 7]]], np.uint8)
    result = compress_contrast(image, pull=(0.5, 0.5))
    assert result.tolist() == [[[10, 125, 7], [30, 175, 7]]]


@pytest.mark.parametrize("level", [0, 100, 255])
def test_constant_image(level):
    image = np.full((2, 3), level, np.uint8)
    assert (equalize(image) == 255).all()
    assert (equalize_full_range(image) == level).all()
    assert not np.shares_memory(equalize_full_range(image), image)
    assert (compress_contrast(image, rng=0) == level).all()


# Properties ------------------------------------------------------------------------------------


@given(any_gray_images)
def test_map_rises_and_ends_at_white(image):
    T = equalization_map(image)
    assert (np.diff(T.astype(int)) >= 0).all()
    assert T[image.max()] == 255
    assert (T[: image.min()] == 0).all()


@given(any_gray_images)
def test_equalizing_twice_changes_nothing(image):
    once = equalize(image)
    assert np.array_equal(equalize(once), once)


@given(any_gray_images)
def test_only_the_order_of_levels_counts(image):
    ranks = np.unique(image, return_inverse=True)[1].reshape(image.shape).astype(np.uint8)
    assert np.array_equal(equalize(image), equalize(ranks))
    if len(np.unique(image)) > 1:  # OpenCV leaves a constant image as it is
        assert np.array_equal(equalize_full_range(image), equalize_full_range(ranks))


@pytest.mark.parametrize("equalizer", [equalize, equalize_full_range])
@given(image=any_gray_images)
def test_levels_merge_but_never_split_or_swap(equalizer, image):
    before, after = image.ravel().astype(int), equalizer(image).ravel().astype(int)
    order = np.argsort(before, kind="stable")
    same = np.diff(before[order]) == 0
    steps = np.diff(after[order])
    assert (steps >= 0).all()
    assert (steps[same] == 0).all()
    assert np.bincount(after).max() >= np.bincount(before).max()


@given(any_gray_images)
def test_grey_pictures_in_rgb_are_equalized_as_grey_ones(image):
    image_rgb, expected = np.dstack([image] * 3), np.dstack([equalize(image)] * 3)
    assert np.array_equal(equalize_channels(image_rgb), expected)
    assert np.array_equal(equalize_luminance(image_rgb), expected)


@given(gray_images | rgb_images, st.floats(0, 1), st.floats(0, 1))
def test_compression_stays_between_pixel_and_mean(image, low, high):
    low, high = sorted([low, high])
    result = compress_contrast(image, pull=(low, high), rng=0)
    mean = image.mean(axis=(0, 1))
    nearest, farthest = high * mean + (1 - high) * image, low * mean + (1 - low) * image
    assert result.dtype == np.uint8
    assert result.shape == image.shape
    # Half a level of rounding, and a little for the last bit.
    assert (result >= np.minimum(nearest, farthest) - 0.5 - 1e-9).all()
    assert (result <= np.maximum(nearest, farthest) + 0.5 + 1e-9).all()


@given(gray_images | rgb_images)
def test_compression_ends_at_the_picture_and_at_its_mean(image):
    assert np.array_equal(compress_contrast(image, pull=(0, 0)), image)
    flat = np.rint(image.mean(axis=(0, 1)))
    assert (compress_contrast(image, pull=(1, 1)) == flat).all()


def test_compression_rates_are_uniform():
    # Half 0, half 255, mean 127.5: a black pixel becomes 127.5 * rate. The rate has the mean 0.9
    # and the standard deviation 0.05 / sqrt(12); rounding adds the variance 1/12 of a level.
    image = np.zeros((100, 200), np.uint8)
    image[50:] = 255
    values = compress_contrast(image, pull=(0.875, 0.925), rng=2022)[:50].astype(float)
    spread = np.sqrt((127.5 * 0.05) ** 2 / 12 + 1 / 12)
    assert abs(values.mean() - 127.5 * 0.9) < 4 * spread / np.sqrt(values.size)
    # The variance of a uniform sample has a relative standard error of about 0.9 / sqrt(n).
    assert abs(values.var() / spread**2 - 1) < 4 * 0.9 / np.sqrt(values.size)
    # A rate for each pixel: neighbours are independent, their correlation is 0 within 4 / sqrt(n).
    correlation = np.corrcoef(values[:, 1:].ravel(), values[:, :-1].ravel())[0, 1]
    assert abs(correlation) < 4 / np.sqrt(values.size)


def test_compression_defaults_are_those_of_the_lecture():
    image = load_image("moon")
    expected = compress_contrast(image, pull=(0.875, 0.925), rng=5)
    assert np.array_equal(compress_contrast(image, rng=5), expected)


def test_strips_are_compressed_as_the_whole_image(monkeypatch):
    image = load_image("coffee")[:40, :50]
    rates = np.random.default_rng(5).uniform(0.2, 0.8, image.shape)
    expected = np.rint(rates * image.mean(axis=(0, 1)) + (1 - rates) * image)
    assert np.array_equal(compress_contrast(image, pull=(0.2, 0.8), rng=5), expected)
    monkeypatch.setattr(equalization, "STRIP", 99)
    assert np.array_equal(compress_contrast(image, pull=(0.2, 0.8), rng=5), expected)


def test_seeds_and_generators():
    image = load_image("moon")[:30, :40]
    assert np.array_equal(compress_contrast(image, rng=1), compress_contrast(image, rng=1))
    assert not np.array_equal(compress_contrast(image, rng=1), compress_contrast(image, rng=2))
    generator = np.random.default_rng(1)
    first, second = compress_contrast(image, rng=generator), compress_contrast(image, rng=generator)
    assert np.array_equal(first, compress_contrast(image, rng=1))
    assert not np.array_equal(first, second)
    # A fresh seed each time: 1200 pixels agree by chance with a probability far below 1e-100.
    assert not np.array_equal(compress_contrast(image), compress_contrast(image))


# Agreement with an independent reference -------------------------------------------------------


@given(any_gray_images)
def test_textbook_map_agrees_with_scipys_ranks(image):
    # The largest rank among equals is the number of pixels at or below: C(k).
    ranks = rankdata(image, method="max").astype(int).reshape(image.shape)
    assert np.array_equal(equalize(image), 255 * ranks // image.size)


@pytest.mark.parametrize("name", ["moon", "meadow"])
def test_textbook_map_agrees_with_scikit_image(name):
    image = load_image(name, gray=True)
    # scikit-image returns C(k) / N as floats in 0…1; the last bit must not cost a level.
    assert np.array_equal(equalize(image), np.floor(255 * equalize_hist(image) + 1e-9))


@given(any_gray_images)
def test_full_range_is_opencvs_equalize_hist(image):
    assert np.array_equal(equalize_full_range(image), cv2.equalizeHist(image))


@pytest.mark.parametrize("name", ["moon", "meadow"])
def test_full_range_is_opencvs_on_photographs(name):
    image = load_image(name, gray=True)
    assert np.array_equal(equalize_full_range(image), cv2.equalizeHist(image))


@pytest.mark.parametrize("total", [50, 510])
def test_full_range_rounds_halves_as_opencv_does(total):
    # Many values end in .5, or would, if the scale were not rounded: the hardest cases of the map.
    for count in range(1, total):
        image = np.full((1, total + 1), 2, np.uint8)
        image[0, 0], image[0, 1 : count + 1] = 0, 1
        assert np.array_equal(equalize_full_range(image), cv2.equalizeHist(image)), count


def test_luminance_agrees_with_bt601_in_floats():
    image = load_image("astronaut")
    exact = image @ [0.299, 0.587, 0.114]
    y = np.rint(exact).astype(np.uint8)
    # With R - Y and B - Y kept, every channel moves as Y does.
    moved = image + (equalize(y).astype(float) - y)[..., np.newaxis]
    difference = np.abs(equalize_luminance(image) - moved.clip(0, 255))
    # OpenCV computes in integers of 14 bits: it may round a Y near a half to the other side, and T
    # is steep there. Elsewhere only the rounding of Cr, Cb and the result is left, one level.
    clear = np.abs(exact % 1 - 0.5) > 0.01
    assert clear.mean() > 0.95
    assert difference[clear].max() <= 1


@given(hnp.arrays(np.uint8, (3, 4), elements=st.integers(0, 200)))
def test_compression_with_one_rate_agrees_with_opencv(half):
    # Paired with its mirror at 100 the mean is 100, so OpenCV's single precision is exact.
    image = np.hstack([half, 200 - half])
    expected = cv2.convertScaleAbs(image, alpha=0.25, beta=75)
    assert np.array_equal(compress_contrast(image, pull=(0.75, 0.75)), expected)
