"""Count grey levels: the helpers of notebook 01."""

import numpy as np

from course_utils._validation import check_image, check_integer

STRIP = 2**16  # pixels that are counted at a time: NumPy copies them to 8 bytes each


def histogram(image, levels=256):
    """Count the pixels of each grey level.

    Parameters
    ----------
    image : uint8 array, shape (height, width)
    levels : int, 1 … 256
        Number of grey levels L; values of `image` lie in 0 … L - 1.

    Returns
    -------
    int64 array, shape (levels,)
        Entry k is the number of pixels of level k; the entries add up to height x width.

    Raises
    ------
    TypeError
        If `image` is not a uint8 array or `levels` not an integer.
    ValueError
        If `image` is empty or not grey, or holds a value of `levels` or more.

    Notes
    -----
    h(k) = number of pixels with value k: Gonzalez & Woods, Digital Image Processing, 4th ed., 3.3.

    Examples
    --------
    >>> histogram(np.array([[0, 1], [1, 3]], np.uint8), levels=4)
    array([1, 2, 0, 1])
    """
    check_image(image, kind="gray")
    check_integer(levels, "levels", minimum=1, maximum=256)
    pixels, counts = image.ravel(), np.zeros(256, np.int64)
    for start in range(0, image.size, STRIP):
        counts += np.bincount(pixels[start : start + STRIP], minlength=256)
    if counts[levels:].any():
        largest = image.max()
        raise ValueError(f"image must hold values below levels={levels}, but it holds {largest}")
    return counts[:levels].copy()


def channel_histograms(image):
    """Count the pixels of each level in each channel.

    Parameters
    ----------
    image : uint8 array, shape (height, width, 3)

    Returns
    -------
    int64 array, shape (3, 256)
        One histogram a row: red, green, blue.

    Raises
    ------
    TypeError, ValueError
        If `image` is not an RGB image.

    Examples
    --------
    >>> pixel = np.array([[[255, 128, 0]]], np.uint8)
    >>> channel_histograms(pixel).argmax(axis=1)
    array([255, 128,   0])
    """
    check_image(image, kind="RGB")
    return np.stack([histogram(image[..., channel]) for channel in range(3)])


def normalized_histogram(image, levels=256):
    """Share of pixels at each grey level: an estimate of the probability p(k).

    Parameters
    ----------
    image : uint8 array, shape (height, width)
    levels : int, 1 … 256
        Number of grey levels L; values of `image` lie in 0 … L - 1.

    Returns
    -------
    float64 array, shape (levels,)
        In 0 … 1, sums to 1.

    Raises
    ------
    TypeError, ValueError
        As `histogram` does.

    Examples
    --------
    >>> normalized_histogram(np.array([[0, 1], [1, 3]], np.uint8), levels=4)
    array([0.25, 0.5 , 0.  , 0.25])
    """
    counts = histogram(image, levels)
    return counts / counts.sum()


def cumulative_distribution(image, levels=256):
    """Share of pixels at or below each grey level.

    Parameters
    ----------
    image : uint8 array, shape (height, width)
    levels : int, 1 … 256
        Number of grey levels L; values of `image` lie in 0 … L - 1.

    Returns
    -------
    float64 array, shape (levels,)
        Non-decreasing, in 0 … 1, last entry exactly 1.

    Raises
    ------
    TypeError, ValueError
        As `histogram` does.

    Examples
    --------
    >>> cumulative_distribution(np.array([[0, 1], [1, 3]], np.uint8), levels=4)
    array([0.25, 0.75, 0.75, 1.  ])
    """
    counts = histogram(image, levels)
    return counts.cumsum() / counts.sum()
