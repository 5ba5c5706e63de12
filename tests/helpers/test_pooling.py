"""Tests of course_utils.pooling."""

import numpy as np
import pytest
import torch
from conftest import gray_images, images
from hypothesis import given
from hypothesis import strategies as st
from skimage.measure import block_reduce

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
        turned = TINY.astype(np.dtype(dtype).newbyteorder())  # as some files store it
        assert min_pool(turned, size).dtype == dtype


@every_pool
def test_size_may_be_a_numpy_integer(pool):
    # 16 squared is 0 in 8 bits, and 300 does not fit into them.
    image = np.tile(TINY, (75, 4))
    np.testing.assert_array_equal(pool(image, np.uint8(16)), pool(image, 16), strict=True)


# Properties -------------------------------------------------------------------------------------


@every_pool
@given(image=images(min_side=4, max_side=9), size=sizes)
def test_definition(pool, image, size):
    np.testing.assert_array_equal(pool(image, size), by_definition(image, size, POOLS[pool]))


@every_pool
@given(image=images())
def test_blocks_of_one_pixel_change_nothing(pool, image):
    np.testing.assert_array_equal(pool(image, 1), image)
    assert not np.shares_memory(pool(image, 1), image)


@every_pool
@given(image=gray_images(min_side=6, max_side=9), first=sizes, second=sizes)
def test_pooling_twice_is_pooling_by_the_product(pool, image, first, second):
    image = np.tile(image, (3, 3))  # at least 18 x 18, so that blocks of 16 fit
    once, twice = pool(image, first * second), pool(pool(image, first), second)
    np.testing.assert_allclose(twice, once, rtol=1e-12)


# Agreement with references ----------------------------------------------------------------------


@every_pool
@pytest.mark.parametrize(("name", "size"), [("coffee", 7), ("web_dark_on_light", 4)])
def test_scikit_image(pool, name, size):
    # block_reduce fills incomplete blocks up with zeros, so it gets whole ones only.
    image = load_image(name)
    block = (size, size, 1)[: image.ndim]
    expected = block_reduce(whole_blocks(image, size), block, POOLS[pool])
    np.testing.assert_array_equal(pool(image, size), expected)


@pytest.mark.parametrize(("name", "size"), [("coffee", 7), ("web_dark_on_light", 4)])
def test_pytorch(name, size):
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
