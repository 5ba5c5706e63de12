"""Spread grey levels evenly: the helpers of notebook 02."""

import math

import cv2
import numpy as np

from course_utils._validation import check_image, check_number, describe, random_generator
from course_utils.convolution import STRIP, to_uint8
from course_utils.histograms import histogram


def _look_up(table, image):
    """Replace each level k by table[k], strip by strip: an index takes 8 bytes."""
    strips = np.array_split(image, math.ceil(image.size / STRIP))
    return np.concatenate([np.take(table, strip) for strip in strips])


def equalization_map(image):
    """Grey-level map of histogram equalization, T(k) = floor(255 * C(k) / N).

    Parameters
    ----------
    image : uint8 array, shape (height, width)

    Returns
    -------
    uint8 array, shape (256,)
        Entry k is the new level of every pixel of level k; non-decreasing, ends at 255.

    Raises
    ------
    TypeError, ValueError
        If `image` is not a grey image.

    Notes
    -----
    C(k) counts the N pixels at or below level k. Computed in integers, so no rounding error can
    drop a level. Gonzalez & Woods, 4th ed., eq. 3-15, with the floor of the lecture.

    Examples
    --------
    >>> equalization_map(np.array([[0, 1], [1, 3]], np.uint8))[:4]
    array([ 63, 191, 191, 255], dtype=uint8)
    """
    cumulative = histogram(image).cumsum()
    return (255 * cumulative // image.size).astype(np.uint8)


def equalize(image):
    """Equalize a grey image with the floor map, that of the lecture.

    Parameters
    ----------
    image : uint8 array, shape (height, width)

    Returns
    -------
    uint8 array, shape (height, width)
        Every pixel of level k becomes `equalization_map(image)[k]`.

    Raises
    ------
    TypeError, ValueError
        If `image` is not a grey image.

    Examples
    --------
    >>> equalize(np.array([[100, 101], [101, 103]], np.uint8))
    array([[ 63, 191],
           [191, 255]], dtype=uint8)
    """
    return _look_up(equalization_map(image), image)


def equalize_full_range(image):
    """Equalize a grey image with OpenCV's map, which sends the darkest level to 0.

    Parameters
    ----------
    image : uint8 array, shape (height, width)

    Returns
    -------
    uint8 array, shape (height, width)
        Equal to ``cv2.equalizeHist(image)``; a constant image comes back unchanged.

    Raises
    ------
    TypeError, ValueError
        If `image` is not a grey image.

    Notes
    -----
    T(k) = round(255 * (C(k) - C_min) / (N - C_min)), C_min the count at the darkest level present.
    OpenCV multiplies in single precision; so does this, to agree to the last bit.

    Examples
    --------
    >>> equalize_full_range(np.array([[100, 101], [101, 103]], np.uint8))
    array([[  0, 170],
           [170, 255]], dtype=uint8)
    """
    counts = histogram(image)
    darkest_count = counts[image.min()]
    if darkest_count == image.size:
        return image.copy()
    above_darkest = (counts.cumsum() - darkest_count).astype(np.float32)
    scale = np.float32(255) / np.float32(image.size - darkest_count)
    return _look_up(to_uint8(above_darkest * scale), image)


def equalize_channels(image):
    """Equalize red, green and blue each on its own, which shifts the colours.

    Parameters
    ----------
    image : uint8 array, shape (height, width, 3)

    Returns
    -------
    uint8 array, shape (height, width, 3)

    Raises
    ------
    TypeError, ValueError
        If `image` is not an RGB image.

    Examples
    --------
    >>> equalize_channels(np.array([[[10, 20, 30], [50, 20, 30]]], np.uint8))
    array([[[127, 255, 255],
            [255, 255, 255]]], dtype=uint8)
    """
    check_image(image, kind="RGB")
    return np.dstack([equalize(image[..., channel]) for channel in range(3)])


def equalize_luminance(image):
    """Equalize only the luminance, the Y of YCrCb, and keep the colour differences.

    Parameters
    ----------
    image : uint8 array, shape (height, width, 3)

    Returns
    -------
    uint8 array, shape (height, width, 3)

    Raises
    ------
    TypeError, ValueError
        If `image` is not an RGB image.

    Notes
    -----
    Y = 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), as OpenCV converts.

    Examples
    --------
    >>> equalize_luminance(np.array([[[10, 20, 30], [50, 60, 70]]], np.uint8))
    array([[[119, 129, 139],
            [247, 255, 255]]], dtype=uint8)
    """
    check_image(image, kind="RGB")
    ycrcb = cv2.cvtColor(image, cv2.COLOR_RGB2YCrCb)
    ycrcb[..., 0] = equalize(ycrcb[..., 0])
    return cv2.cvtColor(ycrcb, cv2.COLOR_YCrCb2RGB)


def compress_contrast(image, *, pull=(0.875, 0.925), rng=None):
    """Pull each pixel toward the mean, by a rate drawn for each value.

    Parameters
    ----------
    image : uint8 array, shape (height, width) or (height, width, 3)
        A channel of an RGB image is pulled toward its own mean.
    pull : (float, float), 0 <= low <= high <= 1
        The rates are uniform between these; 0 leaves a pixel as it is, 1 makes it the mean.
    rng : int, numpy.random.Generator or None
        Seed or generator of the rates.

    Returns
    -------
    uint8 array of the same shape
        round(rate * mean + (1 - rate) * image)

    Raises
    ------
    TypeError, ValueError
        If `image` is not an image, or `pull` not a pair as above.

    Examples
    --------
    >>> compress_contrast(np.array([[0, 100], [100, 200]], np.uint8), pull=(0.9, 0.9))
    array([[ 90, 100],
           [100, 110]], dtype=uint8)
    """
    check_image(image)
    if not isinstance(pull, (tuple, list)) or len(pull) != 2:
        raise TypeError(f"pull must be a pair of numbers (low, high), not {describe(pull)}")
    low, high = pull
    check_number(low, "pull[0]", minimum=0, maximum=1)
    check_number(high, "pull[1]", minimum=low, maximum=1)
    rng, mean, strips = random_generator(rng), image.mean(axis=(0, 1)), []
    for strip in np.array_split(image, math.ceil(image.size / STRIP)):  # a rate takes 8 bytes
        rate = rng.uniform(low, high, strip.shape)
        strips.append(to_uint8(rate * mean + (1 - rate) * strip))
    return np.concatenate(strips)
