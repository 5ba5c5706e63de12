"""Equalization: the maps by hand, their properties, and OpenCV, SciPy, scikit-image as judges."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.stats import rankdata
from skimage.color import rgb2lab
from skimage.exposure import equalize_hist

from course_utils.equalization import (
    compress_contrast,
    equalization_map,
    equalize,
    equalize_channels,
    equalize_full_range,
    equalize_luminance,
)
from course_utils.histograms import cumulative_distribution, histogram
from course_utils.images import load_image

GRAY = [equalization_map, equalize, equalize_full_range]
RGB = [equalize_channels, equalize_luminance]
SIDES = hnp.array_shapes(min_dims=2, max_dims=2, max_side=6)
gray_images = hnp.arrays(np.uint8, SIDES)
rgb_images = hnp.arrays(np.uint8, SIDES.map(lambda shape: (*shape, 3)))
# Few levels, so that levels are shared by many pixels.
crowded_images = hnp.arrays(np.uint8, SIDES, elements=st.integers(100, 104))
any_gray_images = gray_images | crowded_images


def noise_picture(*shape):
    return np.random.default_rng(2022).integers(0, 256, shape, dtype=np.uint8)


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
    assert (compress_contrast(image, rng=0) == level).all()


def test_one_pixel():
    assert equalize(np.array([[7]], np.uint8)).tolist() == [[255]]
    assert equalize_full_range(np.array([[7]], np.uint8)).tolist() == [[7]]


# Properties ------------------------------------------------------------------------------------


@given(any_gray_images)
def test_map_rises_and_ends_at_white(image):
    T = equalization_map(image)
    assert (np.diff(T.astype(int)) >= 0).all()
    assert T[image.max()] == 255
    assert (T[: image.min()] == 0).all()


@given(any_gray_images)
def test_equalize_applies_the_map(image):
    assert np.array_equal(equalize(image), equalization_map(image)[image])


@given(any_gray_images)
def test_staircase_meets_the_diagonal_at_each_level_in_use(image):
    result = equalize(image)
    used = np.unique(result)
    share_times_255 = 255 * histogram(result).cumsum()[used]
    assert (used * image.size <= share_times_255).all()
    assert (share_times_255 < (used + 1.0) * image.size).all()


@given(any_gray_images)
def test_distance_from_uniform_is_at_most_the_largest_share(image):
    # A level is never split, so its share is a step; the floor adds at most one level.
    result = equalize(image)
    distance = np.abs(cumulative_distribution(result) - np.arange(256) / 255).max()
    assert distance <= histogram(result).max() / image.size + 1 / 255


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


@pytest.mark.parametrize("equalizer", [equalize, equalize_full_range])
@given(image=any_gray_images)
def test_the_place_of_a_pixel_does_not_matter(equalizer, image):
    assert np.array_equal(equalizer(image.T), equalizer(image).T)
    assert np.array_equal(equalizer(image[::-1]), equalizer(image)[::-1])


@given(any_gray_images)
def test_full_range_uses_the_full_range(image):
    if image.min() < image.max():
        result = equalize_full_range(image)
        assert (result[image == image.min()] == 0).all()
        assert (result[image == image.max()] == 255).all()


@given(rgb_images)
def test_each_channel_is_equalized_on_its_own(image):
    result = equalize_channels(image)
    for channel in range(3):
        assert np.array_equal(result[..., channel], equalize(image[..., channel]))


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
    image = noise_picture(20, 30)
    expected = compress_contrast(image, pull=(0.875, 0.925), rng=5)
    assert np.array_equal(compress_contrast(image, rng=5), expected)


def test_seeds_and_generators():
    image = noise_picture(30, 40)
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


@pytest.mark.parametrize("name", ["camera", "moon", "coins", "page", "meadow"])
def test_textbook_map_agrees_with_scikit_image(name):
    image = load_image(name, gray=True)
    # scikit-image returns C(k) / N as floats in 0…1; the last bit must not cost a level.
    assert np.array_equal(equalize(image), np.floor(255 * equalize_hist(image) + 1e-9))


@given(any_gray_images)
def test_full_range_is_opencvs_equalize_hist(image):
    assert np.array_equal(equalize_full_range(image), cv2.equalizeHist(image))


@pytest.mark.parametrize("name", ["camera", "moon", "coins", "page", "meadow", "astronaut"])
def test_full_range_is_opencvs_on_photographs(name):
    image = load_image(name, gray=True)
    assert np.array_equal(equalize_full_range(image), cv2.equalizeHist(image))


@pytest.mark.parametrize("total", [14, 50, 510, 1530])
def test_full_range_rounds_halves_as_opencv_does(total):
    # Many values end in .5, or would, if the scale were not rounded: the hardest cases of the map.
    for count in range(1, total):
        image = np.full((1, total + 1), 2, np.uint8)
        image[0, 0], image[0, 1 : count + 1] = 0, 1
        assert np.array_equal(equalize_full_range(image), cv2.equalizeHist(image)), count


@pytest.mark.parametrize("name", ["astronaut", "coffee", "meadow"])
def test_luminance_agrees_with_bt601_in_floats(name):
    image = load_image(name)
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


# Bad input -------------------------------------------------------------------------------------


ALL = [*GRAY, *RGB, compress_contrast]


def test_pull_and_rng_are_keywords():
    with pytest.raises(TypeError, match="positional"):
        compress_contrast(SMALL, (0.9, 0.9))


LAYOUTS = {
    "contiguous": np.array,
    "Fortran order": np.asfortranarray,
    "strided": lambda image: np.repeat(np.repeat(image, 2, 0), 3, 1)[::2, ::3],
    "mirrored": lambda image: np.array(image[::-1, ::-1])[::-1, ::-1],
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("function", ALL)
@pytest.mark.parametrize("levels", [1, 256], ids=["constant", "varied"])
def test_any_layout_is_legal_and_left_alone(function, layout, levels):
    picture = np.random.default_rng(2022).integers(0, levels, (6, 7, 3), dtype=np.uint8)
    picture = picture[..., 0] if function in GRAY else picture
    options = {"rng": 3} if function is compress_contrast else {}
    image = layout(picture)
    image.flags.writeable = False
    result = function(image, **options)
    assert np.array_equal(image, picture)
    assert np.array_equal(result, function(picture.copy(), **options))
    assert not np.shares_memory(result, image)
    assert result.flags.writeable


# Pitfalls --------------------------------------------------------------------------------------


def test_pitfall_floor_of_a_sum_of_fractions_loses_white():
    image = load_image("meadow", gray=True)
    shares = histogram(image) / image.size
    wrong = np.floor(255 * shares.cumsum())
    assert wrong[255] == 254
    assert equalization_map(image)[255] == 255


def test_pitfall_opencvs_map_is_not_the_textbooks():
    shares = {}
    for name in ["camera", "moon"]:
        image = load_image(name)
        difference = np.abs(equalize(image).astype(int) - cv2.equalizeHist(image))
        assert difference.max() == 1
        shares[name] = round((difference == 0).mean(), 2)
    assert shares == {"camera": 0.56, "moon": 0.61}


def test_pitfall_rounding_alone_does_not_make_it_opencvs():
    shares = {}
    for name in ["camera", "moon"]:
        image = load_image(name)
        rounded = np.rint(255 * cumulative_distribution(image))[image]
        shares[name] = round((rounded == cv2.equalizeHist(image)).mean(), 2)
    assert shares == {"camera": 1.0, "moon": 0.87}


def test_pitfall_the_maps_are_far_apart_on_a_half_black_picture():
    image = load_image("camera").copy()
    image[:256] = 0
    assert equalize(image)[0, 0] >= 127
    assert equalize_full_range(image)[0, 0] == cv2.equalizeHist(image)[0, 0] == 0


def test_pitfall_equalizing_twice_can_change_opencvs_result():
    # Level 1 merges into black. Level 2 goes to 255 * 6/1020 = 1.5, rounded to 2, but then, with
    # two black pixels, to 255 * 5/1019 = 1.25, rounded to 1.
    image = np.repeat(np.arange(4, dtype=np.uint8), [1, 1, 5, 1014])[np.newaxis]
    once = equalize_full_range(image)
    assert not np.array_equal(equalize_full_range(once), once)
    assert np.array_equal(equalize(equalize(image)), equalize(image))


def test_pitfall_the_histogram_of_a_picture_does_not_become_flat():
    image = load_image("moon")
    before, after = histogram(image), histogram(equalize(image))
    flat = image.size / 256
    assert after.max() == before.max() > 20 * flat
    assert (after > 0).sum() < (before > 0).sum()


def test_continuous_levels_do_become_uniform_and_a_point_mass_does_not():
    # The theorem behind the map, on X with the density 2x / 255², so that T(x) = x² / 255. The
    # distance exceeds 2 / sqrt(n) with the probability 2 exp(-8) < 0.001.
    rng = np.random.default_rng(2022)
    x = rng.uniform(0, 255, (2, 10_000)).max(axis=0)  # the larger of two uniforms: this density
    steps = np.arange(1, 10_001) / 10_000
    y = np.sort(x**2 / 255)
    assert np.abs(steps - y / 255).max() < 2 / 100
    assert np.abs(steps - np.sort(x) / 255).max() > 0.2
    # With a quarter of the pixels black, T = 255/4 + 3/4 x²/255, and no level comes below 255/4.
    y_mass = np.sort(255 / 4 + 0.75 * np.where(rng.random(10_000) < 0.25, 0, x) ** 2 / 255)
    assert np.abs(steps - y_mass / 255).max() > 0.24


def test_pitfall_cutting_decimals_darkens_a_compressed_picture():
    image = load_image("meadow", gray=True)
    exact = 0.9 * image.mean() + 0.1 * image
    cut = exact.astype(np.uint8)
    rounded = compress_contrast(image, pull=(0.9, 0.9))
    # Decimals are spread over 0…1: cutting loses half a level, rounding nothing.
    assert cut.mean() - exact.mean() < -0.4
    assert abs(rounded.mean() - exact.mean()) < 0.1


@pytest.mark.parametrize("name", ["meadow", "camera", "coffee"])
def test_pitfall_random_rates_are_noise_that_equalization_amplifies(name):
    image = load_image(name, gray=True)
    fixed, noisy = compress_contrast(image, pull=(0.9, 0.9)), compress_contrast(image, rng=2022)
    before = (noisy - fixed.astype(float)).std()
    after = (equalize(noisy) - equalize(fixed).astype(float)).std()
    assert 9 < after / before < 17


def test_pitfall_a_jpeg_in_between_changes_the_levels():
    compressed = compress_contrast(load_image("meadow", gray=True), pull=(0.9, 0.9))
    jpeg = cv2.imdecode(cv2.imencode(".jpg", compressed)[1], cv2.IMREAD_GRAYSCALE)
    png = cv2.imdecode(cv2.imencode(".png", compressed)[1], cv2.IMREAD_GRAYSCALE)
    assert (jpeg != compressed).mean() > 0.3
    assert len(np.unique(jpeg)) > len(np.unique(compressed))
    assert np.array_equal(png, compressed)


def test_pitfall_a_loop_over_pixels_is_the_same_and_slow():
    image = noise_picture(9, 11)
    rng, mean, looped = np.random.default_rng(3), image.mean(), np.zeros_like(image)
    for row in range(9):
        for column in range(11):
            rate = rng.uniform(0.8, 0.9)
            looped[row, column] = round(rate * mean + (1 - rate) * image[row, column])
    assert np.array_equal(looped, compress_contrast(image, pull=(0.8, 0.9), rng=3))


def test_pitfall_equal_channels_turn_a_brown_picture_grey():
    brown = np.array([[[40, 20, 10], [80, 40, 20], [120, 60, 30], [160, 80, 40]]], np.uint8)
    grey = equalize_channels(brown)
    assert (grey == grey[..., :1]).all()
    red, green, blue = np.moveaxis(equalize_luminance(brown).astype(int), 2, 0)
    assert (red > green).all()
    assert (green > blue).all()


@pytest.mark.parametrize(
    ("name", "by_channel", "by_luminance"),
    [("astronaut", 17.1, 0.8), ("meadow", 19.2, 2.7), ("coffee", 42.1, 3.0)],
)
def test_pitfall_channels_shift_colours_and_luminance_hardly(name, by_channel, by_luminance):
    image = load_image(name)

    def shift(result):
        change = (rgb2lab(result) - rgb2lab(image))[..., 1:]
        return np.linalg.norm(change, axis=-1).mean()

    assert shift(equalize_channels(image)) == pytest.approx(by_channel, abs=0.06)
    assert shift(equalize_luminance(image)) == pytest.approx(by_luminance, abs=0.06)
