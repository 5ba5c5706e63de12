"""Smooth an image: the helpers of notebook 04."""

import math

import numpy as np

from course_utils._validation import check_image, check_integer, check_kernel, check_number
from course_utils.convolution import correlate2d, to_uint8

STRIP = 2**17  # pixels whose medians are sought at a time: few enough for the processor's cache


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
    Windows of 3 x 3 and 5 x 5 put pairs of values in order, all pixels at once, until only the
    median is left; larger ones count how many values lie below a level. Gonzalez & Woods, 4th ed.,
    3.5 and 5.3.

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
    padded = np.pad(image, size // 2, mode="edge")
    if size not in MIDDLES:
        return _median_by_counting(padded, size)
    height, full = image.shape[0], padded.shape[1]
    rows = min(height, max(1, STRIP // full))
    planes = np.empty((size**2 + size + 2, rows * full), np.uint8)
    median = np.empty_like(image, order="C")
    for top in range(0, height, rows):
        strip = padded[top : top + rows + size - 1].ravel()
        found = _median_of_strip(strip, full, size, planes)
        median[top : top + rows] = found.reshape(-1, full)[:, : image.shape[1]]
    return median


def _median_by_counting(padded, size):
    """Median of all windows: the largest level t with at most size**2 // 2 values below it.

    The loop finds t bit by bit, from 128 down to 1, for all pixels at once.
    """
    height, width = (side - size + 1 for side in padded.shape)
    median = np.zeros((height, width), np.uint8)
    is_below = np.empty(median.shape, bool)
    count_type = np.uint8 if size**2 < 256 else np.uint16
    for bit in np.array([128, 64, 32, 16, 8, 4, 2, 1], np.uint8):
        trial = median + bit
        below = np.zeros(median.shape, count_type)
        for i, j in np.ndindex(size, size):
            np.less(padded[i : i + height, j : j + width], trial, out=is_below)
            below += is_below.view(np.uint8)
        median += bit * (below <= size**2 // 2)
    return median


def _median_of_strip(strip, width, size, planes):
    """Median of all windows of a strip, by minima and maxima of whole planes of pixels.

    The strip lies in one line, row after row: the pixel to the right is the next one, and the pixel
    below comes `width` later. The columns of a window are sorted first, since five windows, or
    three, share each. `planes` are room to work in.
    """
    count = len(strip) - (size - 1) * width
    free = list(planes[:, :count])
    columns = [free.pop() for _ in range(size)]
    for i, column in enumerate(columns):
        column[:] = strip[i * width :][:count]
    _sort(columns, free)
    result = free.pop()
    inside = count - size + 1  # the last window ends with the strip
    windows = [[column[j:][:inside] for j in range(size)] for column in columns]
    result[:inside] = MIDDLES[size](windows, [plane[:inside] for plane in free])
    return result


def _order(planes, i, j, free):
    """Let plane i hold the smaller of two values, pixel by pixel, and plane j the larger."""
    smaller = np.minimum(planes[i], planes[j], out=free.pop())
    np.maximum(planes[i], planes[j], out=planes[j])
    free.append(planes[i])
    planes[i] = smaller


def _sort(planes, free):
    """Sort planes: the largest value of a pixel rises to the last plane, and so on."""
    for last in range(len(planes) - 1, 0, -1):
        for k in range(last):
            _order(planes, k, k + 1, free)


def _middle_of_3(a, b, c, free):
    """The middle one of three values, which is max(min(a, b), min(max(a, b), c))."""
    smaller = np.minimum(a, b, out=free.pop())
    larger = np.maximum(a, b, out=free.pop())
    np.minimum(larger, c, out=larger)
    return np.maximum(smaller, larger, out=larger)


def _middle_of_9(windows, free):
    """Median of three sorted columns: the middle one of three that can be found at once.

    The largest of the smallest, the middle one of the middle, the smallest of the largest: four
    values at least are not below each of the others, or not above it.
    """
    smallest, middle, largest = windows
    low = np.maximum(smallest[0], smallest[1], out=free.pop())
    high = np.minimum(largest[0], largest[1], out=free.pop())
    np.maximum(low, smallest[2], out=low)
    np.minimum(high, largest[2], out=high)
    return _middle_of_3(low, _middle_of_3(*middle, free), high, free)


def _middle_of_25(windows, free):
    """Median of five sorted columns: sort the rows, too, and leave out what it cannot be.

    The value in row a and column b (from 1 to 5) is then not below a * b values, itself included,
    and not above (6 - a) * (6 - b). The median is the 13th: more than 13 of either rule it out.
    """
    chosen = []
    for views, (first, last) in zip(windows, [(4, 5), (3, 5), (2, 4), (1, 3), (1, 2)]):
        row = [free.pop() for _ in views]
        for plane, view in zip(row, views):
            plane[:] = view
        _sort(row, free)
        chosen += row[first - 1 : last]
    return _middle(chosen, free)


def _middle(planes, free):
    """Median of an odd number of planes.

    Neither the smallest nor the largest of more than half of the values is the median: forget both,
    take the next value in, and go on.
    """
    half = len(planes) // 2 + 2
    kept, rest = planes[:half], planes[half:]
    while len(kept) > 1:
        last = len(kept) - 1
        for k in range(len(kept) // 2):
            _order(kept, k, last - k, free)
        for k in range(1, (last + 2) // 2):
            _order(kept, 0, k, free)
        for k in range((last + 1) // 2, last):
            _order(kept, k, last, free)
        kept = [*kept[1:-1], *rest[:1]]
        rest = rest[1:]
    return kept[0]


MIDDLES = {3: _middle_of_9, 5: _middle_of_25}
