"""Smooth an image: the helpers of notebook 04."""

import math

import numpy as np

from course_utils._validation import check_image, check_integer, check_kernel, check_number
from course_utils.convolution import correlate2d, to_uint8


def box_kernel(size):
    """Kernel of equal weights: the mean of the window.

    Parameters
    ----------
    size : int, odd, 1 … 1001

    Returns
    -------
    float64 array, shape (size, size)
        Every weight is 1 / size**2; they sum to 1.

    Raises
    ------
    TypeError, ValueError
        If `size` is not an odd integer in 1 … 1001.

    Notes
    -----
    Gonzalez & Woods, 4th ed., 3.5.

    Examples
    --------
    >>> box_kernel(3) * 9
    array([[1., 1., 1.],
           [1., 1., 1.],
           [1., 1., 1.]])
    """
    check_integer(size, "size", minimum=1, maximum=1001, odd=True)
    return np.full((size, size), 1 / int(size) ** 2)


def gaussian_kernel(size, sigma):
    """Kernel of samples of a two-dimensional Gaussian.

    Parameters
    ----------
    size : int, odd, 1 … 1001
    sigma : float, 1e-3 … 1e6
        Standard deviation in pixels.

    Returns
    -------
    float64 array, shape (size, size)
        exp(-(x**2 + y**2) / (2 * sigma**2)), x and y counted from the centre, divided by its sum.

    Raises
    ------
    TypeError, ValueError
        If `size` or `sigma` is not as above.

    Notes
    -----
    Dividing by the sum replaces the factor 1 / (2 pi sigma**2), which makes the sum 1 only for a
    large kernel and a large sigma. Gonzalez & Woods, 4th ed., 3.5.

    Examples
    --------
    >>> gaussian_kernel(3, sigma=0.85).round(3)
    array([[0.063, 0.125, 0.063],
           [0.125, 0.25 , 0.125],
           [0.063, 0.125, 0.063]])
    """
    check_integer(size, "size", minimum=1, maximum=1001, odd=True)
    check_number(sigma, "sigma", minimum=1e-3, maximum=1e6)
    offset = np.arange(size) - size // 2
    profile = np.exp(-(offset**2) / (2 * float(sigma) ** 2))
    kernel = np.outer(profile, profile)
    return kernel / kernel.sum()


def binomial_kernel(size):
    """Kernel of binomial coefficients, such as 1/16 [1 2 1; 2 4 2; 1 2 1].

    Parameters
    ----------
    size : int, odd, 1 … 1001

    Returns
    -------
    float64 array, shape (size, size)
        The outer product of row size - 1 of Pascal's triangle with itself; sums to 1. Its variance
        is (size - 1) / 4 along each axis.

    Raises
    ------
    TypeError, ValueError
        If `size` is not an odd integer in 1 … 1001.

    Notes
    -----
    Szeliski, 2nd ed., 3.2.

    Examples
    --------
    >>> binomial_kernel(3) * 16
    array([[1., 2., 1.],
           [2., 4., 2.],
           [1., 2., 1.]])
    """
    check_integer(size, "size", minimum=1, maximum=1001, odd=True)
    n = int(size) - 1
    row = np.array([math.comb(n, k) / 2**n for k in range(n + 1)])
    return np.outer(row, row)


def filter_image(image, kernel):
    """Correlate each channel with the kernel; the result has the size of the image.

    Parameters
    ----------
    image : uint8 array, shape (height, width) or (height, width, 3)
    kernel : array of real numbers, shape (h, w), both odd
        Used as it stands (cross-correlation), as in ``cv2.filter2D``.

    Returns
    -------
    uint8 array of the same shape
        Rounded, then clipped to 0 … 255.

    Raises
    ------
    TypeError, ValueError
        If `image` is not an image, or `kernel` not as above.

    Notes
    -----
    Beyond the border the image is mirrored without repeating the edge (dcb|abcd|cba): ``reflect``
    in NumPy, ``BORDER_REFLECT_101`` (the default) in OpenCV, ``mirror`` in SciPy.

    Examples
    --------
    >>> image = np.array([[0, 0, 0], [0, 90, 0], [0, 0, 0]], np.uint8)
    >>> filter_image(image, box_kernel(3))
    array([[40, 20, 40],
           [20, 10, 20],
           [40, 20, 40]], dtype=uint8)
    """
    check_image(image)
    check_kernel(kernel, odd=True)
    if image.ndim == 3:
        return np.dstack([filter_image(image[..., c], kernel) for c in range(3)])
    rows, columns = kernel.shape[0] // 2, kernel.shape[1] // 2
    padded = np.pad(image, ((rows, rows), (columns, columns)), mode="reflect")
    return to_uint8(correlate2d(padded, kernel))


def median_filter(image, size):
    """Replace each pixel by the median of the window around it.

    Parameters
    ----------
    image : uint8 array, shape (height, width) or (height, width, 3)
    size : int, odd, 1 … 255
        Side of the square window. Beyond the border the edge pixel is repeated (aaa|abcd|ddd).

    Returns
    -------
    uint8 array of the same shape
        Equal to ``cv2.medianBlur(image, size)``.

    Raises
    ------
    TypeError, ValueError
        If `image` is not an image, or `size` not as above.

    Notes
    -----
    The median of n values is the largest level t with at most n // 2 values below it. The loop
    finds t bit by bit, from 128 down to 1, for all pixels at once: it compares and counts, and
    never sorts. Gonzalez & Woods, 4th ed., 3.5 and 5.3.

    Examples
    --------
    >>> image = np.array([[0, 0, 0], [0, 255, 0], [0, 0, 0]], np.uint8)
    >>> median_filter(image, 3).max()
    np.uint8(0)
    """
    check_image(image)
    check_integer(size, "size", minimum=1, maximum=255, odd=True)
    size = int(size)  # the square of a NumPy integer may overflow
    if image.ndim == 3:
        return np.dstack([median_filter(image[..., c], size) for c in range(3)])
    height, width = image.shape
    padded = np.pad(image, size // 2, mode="edge")
    median = np.zeros_like(image)
    is_below = np.empty(image.shape, bool)
    count_type = np.uint8 if size**2 < 256 else np.uint16
    for bit in np.array([128, 64, 32, 16, 8, 4, 2, 1], np.uint8):
        trial = median + bit
        below = np.zeros(image.shape, count_type)
        for i, j in np.ndindex(size, size):
            np.less(padded[i : i + height, j : j + width], trial, out=is_below)
            below += is_below.view(np.uint8)
        median += bit * (below <= size**2 // 2)
    return median
