"""Tests of course_utils.pooling."""

import cv2
import numpy as np
import pytest
import torch
from conftest import assert_pure, gray_images, images
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from skimage.measure import block_reduce

from course_utils.convolution import to_uint8
from course_utils.images import load_image
from course_utils.pooling import max_pool, mean_pool, min_pool

POOLS = {min_pool: np.min, max_pool: np.max, mean_pool: np.mean}
every_pool = pytest.mark.parametrize("pool", POOLS, ids=lambda pool: pool.__name__)
sizes = st.integers(1, 4)


def by_definition(image, size, summary):
    """Pool in a loop over the blocks, as the formula says."""
    rows, columns = image.shape[0] // size, image.shape[1] // size
    blocks = [
        [image[size * m : size * (m + 1), size * n : size * (n + 1)] for n in range(columns)]
        for m in range(rows)
    ]
    return np.array([[summary(block, axis=(0, 1)) for block in row] for row in blocks])


def whole_blocks(image, size):
    """Cut off what does not fit into blocks."""
    height, width = (side // size * size for side in image.shape[:2])
    return image[:height, :width]


# By hand ----------------------------------------------------------------------------------------

TINY = np.array(
    [[12, 20, 30, 0], [8, 112, 2, 0], [34, 70, 37, 4], [112, 100, 25, 12]], dtype=np.uint8
)


@pytest.mark.parametrize(
    ("pool", "expected", "dtype"),
    [
        (min_pool, [[8, 0], [34, 4]], np.uint8),
        (max_pool, [[112, 30], [112, 37]], np.uint8),
        (mean_pool, [[38, 8], [79, 19.5]], np.float64),
    ],
)
def test_the_diagram(pool, expected, dtype):
    np.testing.assert_array_equal(pool(TINY, 2), np.array(expected, dtype), strict=True)


@pytest.mark.parametrize(
    ("pool", "expected"), [(min_pool, 0), (max_pool, 112), (mean_pool, 36.125)]
)
def test_one_block_for_everything(pool, expected):
    np.testing.assert_array_equal(pool(TINY, 4), [[expected]])


def test_channels_are_pooled_alone():
    image = np.array([[[1, 90, 5], [3, 10, 5]], [[7, 50, 5], [9, 70, 5]]], np.uint8)
    np.testing.assert_array_equal(min_pool(image, 2), [[[1, 10, 5]]])
    np.testing.assert_array_equal(max_pool(image, 2), [[[9, 90, 5]]])
    np.testing.assert_array_equal(mean_pool(image, 2), [[[5, 55, 5]]])


@every_pool
def test_what_does_not_fit_is_dropped_below_and_at_the_right(pool):
    image = np.pad(TINY, ((0, 1), (0, 1)), constant_values=255)
    np.testing.assert_array_equal(pool(image, 2), pool(TINY, 2))
    assert pool(np.zeros((7, 11), np.uint8), 3).shape == (2, 3)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_dtype(dtype):
    for size in (1, 2):
        assert min_pool(TINY.astype(dtype), size).dtype == dtype
        assert max_pool(TINY.astype(dtype), size).dtype == dtype
        assert mean_pool(TINY.astype(dtype), size).dtype == np.float64


@every_pool
@pytest.mark.parametrize("kind", [np.uint8, np.int8, np.int64])
def test_size_may_be_a_numpy_integer(pool, kind):
    # 16 squared is 0 in 8 bits, and 300 does not fit into them.
    image = np.tile(TINY, (75, 4))
    np.testing.assert_array_equal(pool(image, kind(16)), pool(image, 16), strict=True)


# Properties -------------------------------------------------------------------------------------


@every_pool
@given(image=images(min_side=4, max_side=9), size=sizes)
def test_definition(pool, image, size):
    np.testing.assert_array_equal(pool(image, size), by_definition(image, size, POOLS[pool]))


@every_pool
@given(
    image=arrays(np.float64, (5, 6), elements=st.floats(-1000, 1000)),
    size=sizes,
)
def test_definition_for_floats(pool, image, size):
    # Sums of floats depend on their order: 16 numbers up to 1000 differ by less than 1e-11.
    expected = by_definition(image, size, POOLS[pool])
    np.testing.assert_allclose(pool(image, size), expected, rtol=0, atol=1e-11)
    if pool is not mean_pool:
        np.testing.assert_array_equal(pool(image, size), expected)


@every_pool
@given(image=images())
def test_blocks_of_one_pixel_change_nothing(pool, image):
    np.testing.assert_array_equal(pool(image, 1), image)


@every_pool
@given(level=st.integers(0, 255), size=sizes)
def test_a_flat_image_stays_flat(pool, level, size):
    flat = np.full((8, 9), level, np.uint8)
    assert (pool(flat, size) == level).all()


@given(image=images(min_side=4), size=sizes)
def test_mean_lies_between_the_extremes(image, size):
    mean = mean_pool(image, size)
    assert (min_pool(image, size) <= mean).all()
    assert (mean <= max_pool(image, size)).all()


@given(image=images(min_side=4), size=sizes)
def test_minimum_is_the_maximum_of_the_negative(image, size):
    np.testing.assert_array_equal(min_pool(image, size), 255 - max_pool(255 - image, size))


@given(image=images(min_side=4), size=sizes)
def test_mean_keeps_the_sum(image, size):
    kept = whole_blocks(image, size)
    np.testing.assert_allclose(mean_pool(image, size).sum() * size**2, kept.sum(), rtol=1e-12)


@every_pool
@given(image=gray_images(min_side=6, max_side=9), first=sizes, second=sizes)
def test_pooling_twice_is_pooling_by_the_product(pool, image, first, second):
    image = np.tile(image, (3, 3))  # at least 18 x 18, so that blocks of 16 fit
    once, twice = pool(image, first * second), pool(pool(image, first), second)
    np.testing.assert_allclose(twice, once, rtol=1e-12)


@given(image=gray_images(min_side=4), size=sizes, seed=st.integers(0, 99))
def test_extremes_commute_with_every_rising_map(image, size, seed):
    rising = np.sort(np.random.default_rng(seed).integers(0, 256, 256)).astype(np.uint8)
    for pool in (min_pool, max_pool):
        np.testing.assert_array_equal(pool(rising[image], size), rising[pool(image, size)])


@every_pool
@given(image=images(min_side=5), size=st.integers(1, 2))
def test_a_shift_by_one_block_shifts_by_one_pixel(pool, image, size):
    np.testing.assert_array_equal(pool(image[size:], size), pool(image, size)[1:])
    np.testing.assert_array_equal(pool(image[:, size:], size), pool(image, size)[:, 1:])


# Agreement with references ----------------------------------------------------------------------

PICTURES = ["camera", "coffee", "web_dark_on_light"]


@every_pool
@pytest.mark.parametrize("size", [1, 2, 3, 4, 7, 8])
@pytest.mark.parametrize("name", PICTURES)
def test_scikit_image(pool, size, name):
    # block_reduce fills incomplete blocks up with zeros, so it gets whole ones only.
    image = load_image(name)
    block = (size, size, 1)[: image.ndim]
    expected = block_reduce(whole_blocks(image, size), block, POOLS[pool])
    np.testing.assert_array_equal(pool(image, size), expected)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7, 8])
@pytest.mark.parametrize("name", PICTURES)
def test_pytorch(size, name):
    image = load_image(name)
    tensor = torch.from_numpy(np.atleast_3d(image).astype(np.float64).transpose(2, 0, 1))[None]
    results = {
        max_pool: torch.nn.MaxPool2d(size)(tensor),
        min_pool: -torch.nn.MaxPool2d(size)(-tensor),
        mean_pool: torch.nn.AvgPool2d(size)(tensor),  # sums of integers: exact in any order
    }
    for pool, result in results.items():
        expected = result[0].numpy().transpose(1, 2, 0)
        np.testing.assert_array_equal(np.atleast_3d(pool(image, size)), expected)


@pytest.mark.parametrize("size", [3, 7, 8, 32])
def test_padding_first_is_ceil_mode_of_pytorch(size):
    image = load_image("web_dark_on_light")
    padded = np.pad(image, [(0, -side % size) for side in image.shape], mode="edge")
    layer = torch.nn.MaxPool2d(size, ceil_mode=True)
    expected = layer(torch.from_numpy(image.astype(np.float64))[None, None])[0, 0].numpy()
    np.testing.assert_array_equal(max_pool(padded, size), expected)


@pytest.mark.parametrize("size", [2, 3, 4, 8])
@pytest.mark.parametrize("name", PICTURES)
def test_opencv(size, name):
    # INTER_AREA is the mean when the size fits. It rounds 8-bit results to the nearest level (a
    # half may go up or down), and multiplies floats by 1 / size**2 in single precision.
    image = whole_blocks(load_image(name), size)
    smaller = image.shape[1] // size, image.shape[0] // size
    rounded = cv2.resize(image, smaller, interpolation=cv2.INTER_AREA)
    assert np.abs(mean_pool(image, size) - rounded).max() <= 0.5
    exact = cv2.resize(image.astype(np.float64), smaller, interpolation=cv2.INTER_AREA)
    np.testing.assert_allclose(mean_pool(image, size), exact, rtol=1e-7)


# Bad input --------------------------------------------------------------------------------------


@every_pool
def test_size_may_not_exceed_the_narrower_side(pool):
    image = np.zeros((6, 4, 3), np.uint8)
    assert pool(image, 4).shape == (1, 1, 3)
    with pytest.raises(ValueError, match="^size must .* at most 4, not 5"):
        pool(image, 5)


@every_pool
@pytest.mark.parametrize("size", [1, 2, 3])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_pure(pool, size, dtype):
    rng = np.random.default_rng(2022)
    for shape in ((7, 8), (6, 9, 3)):
        assert_pure(lambda image: pool(image, size), rng.integers(0, 256, shape).astype(dtype))


# Pitfalls ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [2, 4, 8])
def test_cutting_the_mean_darkens_by_nearly_half_a_level(size):
    camera = load_image("camera")
    cut = np.zeros((512 // size, 512 // size), np.int32)
    cut[:] = by_definition(camera, size, np.mean)  # an integer array cuts without a word
    exact = camera.mean()
    # The fraction is nearly even over 0, 1/s^2, ...: sd 0.3, so 0.005 for 4096 blocks. Parts of
    # the picture are even, which costs about as much again.
    assert exact - cut.mean() == pytest.approx(1 / 2 - 1 / (2 * size**2), abs=0.015)
    assert mean_pool(camera, size).mean() == pytest.approx(exact, abs=1e-9)
    assert to_uint8(mean_pool(camera, size)).mean() == pytest.approx(exact, abs=0.015)


def test_a_sum_in_8_bits_wraps():
    white = np.full((4, 4), 255, np.uint8)
    wrapped = white[0::2, 0::2] + white[0::2, 1::2] + white[1::2, 0::2] + white[1::2, 1::2]
    assert (wrapped / 4 == 63).all()
    assert (mean_pool(white, 2) == 255).all()


def test_a_light_at_the_lower_edge_vanishes_unless_the_image_is_padded():
    night = np.full((7, 6), 10, np.uint8)
    night[6, 2:4] = 250
    assert max_pool(night, 3).max() == 10
    padded = np.pad(night, ((0, -7 % 3), (0, 0)), mode="edge")
    np.testing.assert_array_equal(max_pool(padded, 3), [[10, 10], [10, 10], [250, 250]])


def test_filling_up_with_zeros_darkens_the_edge():
    flat = np.full((5, 5), 200, np.uint8)
    assert block_reduce(flat, (2, 2), np.min).min() == 0
    assert block_reduce(flat, (2, 2), np.mean).min() == 50
    assert min_pool(flat, 2).min() == mean_pool(flat, 2).min() == 200


def test_zeros_around_negative_values_win_every_maximum():
    negative = np.array([[-5.0, -3.0], [-4.0, -2.0]])
    assert (max_pool(np.pad(negative, 1), 2) == 0).all()
    lowest = np.finfo(np.float64).min  # as good as minus infinity, and finite
    np.testing.assert_array_equal(
        max_pool(np.pad(negative, 1, constant_values=lowest), 2), negative
    )
    layer = torch.nn.MaxPool2d(2, padding=1)
    np.testing.assert_array_equal(layer(torch.from_numpy(negative)[None])[0].numpy(), negative)


def test_skipping_makes_false_stripes_and_the_mean_does_not():
    stripes = np.tile(np.array([255, 0], np.uint8), (8, 4))
    assert (stripes[::2, ::2] == 255).all()
    assert (stripes[::2, 1::2] == 0).all()
    assert (mean_pool(stripes, 2) == 127.5).all()
    assert (mean_pool(stripes[:, 1:], 2) == 127.5).all()


@pytest.mark.parametrize("size", [4, 8])
@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [("web_dark_on_light", min_pool, max_pool), ("web_light_on_dark", max_pool, min_pool)],
)
def test_the_wrong_extreme_wipes_the_web_out(name, right, wrong, size):
    web = load_image(name)
    background = mean_pool(cv2.medianBlur(web, 51), size)
    contrast = {
        pool: np.percentile(np.abs(pool(web, size) - background), 95)
        for pool in (right, wrong, mean_pool)
    }
    before = np.percentile(np.abs(web - cv2.medianBlur(web, 51).astype(float)), 95)
    assert contrast[right] > before
    assert contrast[wrong] < 0.05 * before
    assert 0.2 * before < contrast[mean_pool] < 0.7 * before


def test_a_maximum_tolerates_most_small_shifts_but_not_all():
    places = []
    for column in range(8):
        dot = np.zeros((4, 12), np.uint8)
        dot[2, column] = 255
        places.append(int(max_pool(dot, 4)[0].argmax()))
    assert places == [0, 0, 0, 0, 1, 1, 1, 1]
