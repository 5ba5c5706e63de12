"""How far an image is from its reference: mean squared error, PSNR and SSIM."""

import math

import numpy as np
from skimage.metrics import structural_similarity

from course_utils._validation import check_image

WINDOW = 7  # pixels along each side, of those that SSIM compares
STRIP = 2**17  # values that SSIM compares at a time: scikit-image keeps 120 bytes for each


def _check_pair(image, reference):
    check_image(image)
    check_image(reference, "reference")
    if image.shape != reference.shape:
        raise ValueError(
            f"image and reference must have one shape, not {image.shape} and {reference.shape}"
        )


def mse(image, reference):
    """Mean squared error.

    Parameters
    ----------
    image, reference : uint8 arrays of one shape, (height, width) or (height, width, 3)

    Returns
    -------
    float
        In grey levels squared: 0 for equal images, at most 255**2.

    Raises
    ------
    TypeError, ValueError
        If an argument is not an image, or the shapes differ.

    Examples
    --------
    >>> black, white = np.zeros((2, 2), np.uint8), np.full((2, 2), 255, np.uint8)
    >>> mse(black, white)
    65025.0
    """
    _check_pair(image, reference)
    error = np.subtract(image, reference, dtype=np.float64).ravel()
    return float(error @ error / error.size)  # the squares are whole numbers: no sum is rounded


def psnr(image, reference):
    """Peak signal-to-noise ratio, 10 log10(255**2 / MSE).

    Parameters
    ----------
    image, reference : uint8 arrays of one shape, (height, width) or (height, width, 3)

    Returns
    -------
    float
        In decibels: the higher, the closer; infinite for equal images.

    Raises
    ------
    TypeError, ValueError
        If an argument is not an image, or the shapes differ.

    Examples
    --------
    >>> gray = np.full((2, 2), 100, np.uint8)
    >>> round(psnr(gray + np.uint8(5), gray), 2)
    34.15
    """
    error = mse(image, reference)
    return math.inf if error == 0 else 10 * math.log10(255**2 / error)


def ssim(image, reference):
    """Structural similarity: compares local means, contrasts and patterns.

    Parameters
    ----------
    image, reference : uint8 arrays of one shape, (height, width) or (height, width, 3)
        At least 7 pixels in each direction, the window's size.

    Returns
    -------
    float
        1 for equal images, 0 for unrelated ones; can be negative.

    Raises
    ------
    TypeError, ValueError
        If an argument is not an image, the shapes differ, or the images are too small.

    Notes
    -----
    Wang, Bovik, Sheikh & Simoncelli, IEEE Trans. Image Processing 13(4), 2004, as scikit-image
    computes it (uniform 7 x 7 window, data range 255, mean over the channels).

    Examples
    --------
    >>> gray = np.tile(np.arange(8, dtype=np.uint8), (8, 1))
    >>> ssim(gray, gray)
    1.0
    """
    _check_pair(image, reference)
    if min(image.shape[:2]) < WINDOW:
        raise ValueError(f"image must be at least 7 x 7 pixels for SSIM, not {image.shape}")
    channel_axis = 2 if image.ndim == 3 else None
    places, step = len(image) - WINDOW + 1, max(1, STRIP // image[0].size)
    means, rows = [], []
    for top in range(0, places, step):
        strip = slice(top, min(top + step, places) + WINDOW - 1)
        pair = image[strip], reference[strip]
        means.append(structural_similarity(*pair, data_range=255, channel_axis=channel_axis))
        rows.append(strip.stop - top - WINDOW + 1)
    return float(np.average(means, weights=rows))
