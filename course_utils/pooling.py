"""Summarize blocks of pixels: the helpers of notebook 07."""

from functools import partial, reduce

import numpy as np

from course_utils._validation import check_integer, check_values


def _pool(image, size, combine):
    """Combine the rows of each block, then its columns: two short loops over whole arrays."""
    check_values(image, "image", kind="gray or RGB")
    check_integer(size, "size", minimum=1, maximum=min(image.shape[:2]))
    size = int(size)  # a NumPy integer has few bits and would overflow
    height, width = (side // size * size for side in image.shape[:2])
    rows = reduce(combine, [image[i:height:size, :width] for i in range(size)])
    result = reduce(combine, [rows[:, j::size] for j in range(size)])
    return np.array(result, result.dtype.newbyteorder("="))  # a copy, in this machine's byte order


def min_pool(image, size):
    """Smallest value of each size x size block: keeps dark detail.

    Parameters
    ----------
    image : uint8, float32 or float64 array, shape (H, W) or (H, W, 3)
    size : int, 1 … min(H, W)
        Side of the square blocks, which do not overlap.

    Returns
    -------
    array of the same dtype, shape (H // size, W // size) or (H // size, W // size, 3)
        Incomplete blocks at the bottom and the right edge are dropped.

    Raises
    ------
    TypeError, ValueError
        If `image` or `size` is not as above, or `image` holds NaN or infinity.

    Examples
    --------
    >>> min_pool(np.array([[1, 2, 3, 4], [5, 6, 7, 8]], np.uint8), 2)
    array([[1, 3]], dtype=uint8)
    """
    return _pool(image, size, np.minimum)


def max_pool(image, size):
    """Largest value of each size x size block: keeps light detail.

    Parameters
    ----------
    image : uint8, float32 or float64 array, shape (H, W) or (H, W, 3)
    size : int, 1 … min(H, W)
        Side of the square blocks, which do not overlap.

    Returns
    -------
    array of the same dtype, shape (H // size, W // size) or (H // size, W // size, 3)
        Incomplete blocks at the bottom and the right edge are dropped.

    Raises
    ------
    TypeError, ValueError
        If `image` or `size` is not as above, or `image` holds NaN or infinity.

    Examples
    --------
    >>> max_pool(np.array([[1, 2, 3, 4], [5, 6, 7, 8]], np.uint8), 2)
    array([[6, 8]], dtype=uint8)
    """
    return _pool(image, size, np.maximum)


def mean_pool(image, size):
    """Mean of each size x size block: shrinks without aliasing, blurs thin detail.

    Parameters
    ----------
    image : uint8, float32 or float64 array, shape (H, W) or (H, W, 3)
    size : int, 1 … min(H, W)
        Side of the square blocks, which do not overlap.

    Returns
    -------
    float64 array, shape (H // size, W // size) or (H // size, W // size, 3)
        Incomplete blocks at the bottom and the right edge are dropped.

    Raises
    ------
    TypeError, ValueError
        If `image` or `size` is not as above, or `image` holds NaN or infinity.

    Examples
    --------
    >>> mean_pool(np.array([[1, 2, 3, 4], [5, 6, 7, 8]], np.uint8), 2)
    array([[3.5, 5.5]])
    """
    add = partial(np.add, dtype=np.float64)
    return _pool(image, size, add) / np.float64(size) ** 2
