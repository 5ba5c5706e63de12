"""Histograms: counts of grey levels, their shares, and the cumulative distribution."""

import cv2
import numpy as np
import pytest
from conftest import gray_images, rgb_images
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from skimage import exposure

from course_utils._validation import to_uint8
from course_utils.histograms import (
    channel_histograms,
    cumulative_distribution,
    histogram,
    normalized_histogram,
)
from course_utils.images import load_image

ON_GRAY = [histogram, normalized_histogram, cumulative_distribution]
on_gray = pytest.mark.parametrize("function", ON_GRAY)
on_photographs = pytest.mark.parametrize("name", ["camera", "moon", "coins", "web_light_on_dark"])
on_color_photographs = pytest.mark.parametrize("name", ["coffee", "astronaut", "meadow"])


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
def test_a_negative_reverses_the_histogram(image):
    np.testing.assert_array_equal(histogram(255 - image), histogram(image)[::-1])


@given(gray_images(), gray_images())
def test_counts_of_two_images_add_up(left, right):
    both = np.concatenate([left.ravel(), right.ravel()])[None]
    np.testing.assert_array_equal(histogram(both), histogram(left) + histogram(right))


@given(gray_images())
def test_shares_do_not_depend_on_the_size_of_the_picture(image):
    np.testing.assert_array_equal(
        normalized_histogram(np.tile(image, (2, 3))), normalized_histogram(image)
    )


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


@given(rgb_images())
def test_a_channel_counts_like_a_grey_image(image):
    counts = channel_histograms(image)
    for channel in range(3):
        np.testing.assert_array_equal(counts[channel], histogram(image[..., channel].copy()))


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


@on_color_photographs
def test_channel_counts_agree_with_opencv(name):
    image = load_image(name)
    for channel, counts in enumerate(channel_histograms(image)):
        reference = cv2.calcHist([image], [channel], None, [256], [0, 256])
        np.testing.assert_array_equal(counts, reference.ravel())


# --- bad input ----------------------------------------------------------------------------------


@on_gray
def test_a_value_above_the_levels_is_refused(function):
    with pytest.raises(ValueError, match="image must hold values below levels=2, but it holds 2"):
        function(SMALL, levels=2)


# --- pitfalls -----------------------------------------------------------------------------------


def rendered(image, **scale):
    """Pixels of `image` as Matplotlib's imshow paints them."""
    figure = Figure(figsize=(1, 1), dpi=50)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.axis("off")
    axes.imshow(image, interpolation="nearest", **scale)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.array(canvas.buffer_rgba())[..., :3]


def test_imshow_stretches_a_grey_image_unless_it_is_given_limits():
    dull = np.array([[100, 110], [110, 100]], np.uint8)
    stretched = rendered(dull, cmap="gray")
    assert (stretched.min(), stretched.max()) == (0, 255)
    right = rendered(dull, cmap="gray", vmin=0, vmax=255)
    assert set(np.unique(right)) == {100, 110}


def test_limits_have_no_effect_on_an_rgb_image():
    image = load_image("coffee")
    np.testing.assert_array_equal(rendered(image), rendered(image, vmin=100, vmax=110))


def test_opencv_reads_blue_first(tmp_path):
    path = tmp_path / "red.png"
    red = np.zeros((2, 2, 3), np.uint8)
    red[..., 0] = 200
    cv2.imwrite(str(path), red[..., ::-1])
    assert channel_histograms(cv2.imread(str(path)))[2, 200] == 4  # "blue", says the wrong order
    assert channel_histograms(load_image(path))[0, 200] == 4


def test_256_edges_make_255_bins():
    nearly_white = np.array([[254, 254, 254, 255]], np.uint8)
    counts, _ = np.histogram(nearly_white, bins=range(256))
    assert len(counts) == 255
    assert counts[254] == 4  # 254 and 255 together
    assert histogram(nearly_white)[254:].tolist() == [3, 1]


def test_bins_without_a_range_do_not_fit_the_levels():
    crowded = (load_image("camera") // 5 + 100).astype(np.uint8)
    counts, edges = np.histogram(crowded, bins=256)
    assert edges[1] - edges[0] < 0.25
    assert np.count_nonzero(counts) < 60
    assert counts[100] != histogram(crowded)[100]
    assert np.array_equal(np.flatnonzero(histogram(crowded)), np.unique(crowded))


def test_bins_that_do_not_divide_256_have_teeth():
    flat = np.arange(256, dtype=np.uint8)[None]
    assert set(np.histogram(flat, bins=100, range=(0, 256))[0]) == {2, 3}
    assert set(histogram(flat)) == {1}


def test_uint8_wraps_around():
    image = np.array([[200, 100]], np.uint8)
    assert np.flatnonzero(histogram(image + np.uint8(100))).tolist() == [44, 200]
    assert np.flatnonzero(histogram(to_uint8(image.astype(int) + 100))).tolist() == [200, 255]
    darker = np.abs(image - np.uint8(150))
    assert darker.tolist() == [[50, 206]]  # |100 - 150| is 50
    assert np.abs(image.astype(int) - 150).tolist() == [[50, 50]]


def test_the_histogram_forgets_the_place():
    image = load_image("camera")
    shuffled = np.random.default_rng(2022).permutation(image.ravel()).reshape(image.shape)
    assert np.mean(shuffled != image) > 0.9
    np.testing.assert_array_equal(histogram(shuffled), histogram(image))


def test_three_histograms_are_not_the_histogram_of_colours():
    yellow_black = np.array([[[255, 255, 0], [0, 0, 0]]], np.uint8)
    red_green = np.array([[[255, 0, 0], [0, 255, 0]]], np.uint8)
    assert not {*map(tuple, yellow_black[0])} & {*map(tuple, red_green[0])}  # no colour in common
    np.testing.assert_array_equal(channel_histograms(yellow_black), channel_histograms(red_green))
