"""Slide a kernel over an image: the helpers of notebook 06."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from course_utils._validation import (
    check_image,
    check_integer,
    check_kernel,
    check_values,
    describe,
    in_short,
    is_array,
    random_generator,
)

STRIP = 2**15  # pixels that are summed at a time: few enough for the processor's cache
PRODUCTS = 2**17  # values that a matrix product holds at a time
FEW = 25  # terms that single precision adds up without a loss that 8 bits could show


def output_size(size, kernel, *, stride=1, padding=0):
    """Number of places a kernel takes along one axis.

    Parameters
    ----------
    size, kernel : int
        Pixels of the image and of the kernel along the axis.
    stride : int
        Pixels from one place to the next.
    padding : int
        Pixels added at each of the two ends.

    Returns
    -------
    int
        floor((size + 2 * padding - kernel) / stride) + 1

    Raises
    ------
    TypeError
        If an argument is not an integer.
    ValueError
        If one is negative (or zero, but for `padding`), or the kernel does not fit.

    Notes
    -----
    Dumoulin & Visin, A guide to convolution arithmetic for deep learning, 2016, relationship 6.

    Examples
    --------
    >>> output_size(489, 3)
    487
    >>> output_size(489, 3, padding=1)
    489
    """
    check_integer(size, "size", minimum=1)
    check_integer(kernel, "kernel", minimum=1)
    check_integer(stride, "stride", minimum=1)
    check_integer(padding, "padding", minimum=0)
    pixels = int(size) + 2 * int(padding)  # a NumPy integer has few bits and would overflow
    if kernel > pixels:
        came = f"{in_short(kernel, str)} is more than {in_short(pixels, str)} pixels"
        raise ValueError(f"kernel must fit, but {came}")
    return (pixels - int(kernel)) // int(stride) + 1


def correlate2d(image, kernel):
    """Cross-correlation: at each place, the sum of pixels weighted by the kernel as it stands.

    Parameters
    ----------
    image : uint8, float32 or float64 array, shape (H, W)
    kernel : array of real numbers, shape (h, w), at most (H, W)

    Returns
    -------
    float32 array (float64 where `image` is float64), shape (H - h + 1, W - w + 1)
        Only the places where the kernel lies inside the image ("valid").

    Raises
    ------
    TypeError, ValueError
        If `image` or `kernel` is not as above, or holds NaN or infinity.

    Notes
    -----
    out[y, x] = sum over i, j of kernel[i, j] * image[y + i, x + j]: Szeliski, 2nd ed., eq. 3.12.
    More than 25 terms are added up in double precision, and rounded once.

    Examples
    --------
    >>> image = np.array([[1, 2, 3], [4, 5, 6]], np.uint8)
    >>> correlate2d(image, np.array([[1, 0], [0, 10]]))
    array([[51., 62.]], dtype=float32)
    """
    check_values(image, "image")
    check_kernel(kernel)
    height = output_size(image.shape[0], kernel.shape[0])
    width = output_size(image.shape[1], kernel.shape[1])
    dtype = np.float64 if image.dtype.type is np.float64 else np.float32
    if kernel.size <= FEW:
        add_up, precise, rows = _term_by_term, dtype, STRIP // width
    else:
        add_up, precise, rows = _by_products, np.float64, PRODUCTS // (width * min(kernel.shape))
    result, kernel, rows = np.empty((height, width), dtype), kernel.astype(precise), max(1, rows)
    for top in range(0, height, rows):
        strip = result[top : top + rows]
        pixels = image[top : top + len(strip) + len(kernel) - 1].astype(precise, copy=False)
        strip[...] = add_up(pixels, kernel, strip.shape)  # rounded here, once
    return result


def _term_by_term(pixels, kernel, shape):
    """Add up shifted images, one for each weight, as the formula does."""
    height, width = shape
    total = np.zeros(shape, kernel.dtype)
    for (i, j), weight in np.ndenumerate(kernel):
        total += weight * pixels[i : i + height, j : j + width]
    return total


def _by_products(pixels, kernel, shape):
    """The same, quicker for many weights: a matrix product does the sum over i.

    It weighs each column of pixels, as high as the kernel, with each column of the kernel. What is
    left is the sum over j.
    """
    if len(kernel) < kernel.shape[1]:  # on its side, the kernel has fewer columns
        return _by_products(pixels.T, kernel.T, shape[::-1]).T
    columns = sliding_window_view(pixels, len(kernel), axis=0)  # y, x, i
    weighed = kernel.T @ columns.swapaxes(1, 2)  # y, j, x
    return sum(weighed[:, j, j : j + shape[1]] for j in range(kernel.shape[1]))


def convolve2d(image, kernel):
    """Convolution: cross-correlation with the kernel turned by 180 degrees.

    Parameters
    ----------
    image : uint8, float32 or float64 array, shape (H, W)
    kernel : array of real numbers, shape (h, w), at most (H, W)

    Returns
    -------
    float32 array (float64 where `image` is float64), shape (H - h + 1, W - w + 1)

    Raises
    ------
    TypeError, ValueError
        If `image` or `kernel` is not as above, or holds NaN or infinity.

    Notes
    -----
    out[y, x] = sum over i, j of kernel[i, j] * image[y + h - 1 - i, x + w - 1 - j]:
    Szeliski, 2nd ed., eq. 3.14.

    Examples
    --------
    >>> image = np.array([[1, 2, 3], [4, 5, 6]], np.uint8)
    >>> convolve2d(image, np.array([[1, 0], [0, 10]]))
    array([[15., 26.]], dtype=float32)
    """
    check_kernel(kernel)
    return correlate2d(image, kernel[::-1, ::-1])


def convolve_channels(image, kernels):
    """Convolve red, green and blue, each with a kernel of its own.

    Parameters
    ----------
    image : uint8 array, shape (H, W, 3)
    kernels : sequence of three arrays of real numbers, each of shape (h, w)

    Returns
    -------
    float32 array, shape (H - h + 1, W - w + 1, 3)

    Raises
    ------
    TypeError, ValueError
        If `image` is not an RGB image, or `kernels` not three kernels of one shape.

    Examples
    --------
    >>> image = np.array([[[10, 20, 30]]], np.uint8)
    >>> convolve_channels(image, [np.array([[2]]), np.array([[1]]), np.array([[0]])])
    array([[[20., 20.,  0.]]], dtype=float32)
    """
    check_image(image, kind="RGB")
    if not isinstance(kernels, (list, tuple)) and np.ndim(kernels) == 0:
        raise TypeError(f"kernels must be a sequence of three kernels, not {describe(kernels)}")
    if len(kernels) != 3:
        raise ValueError(f"kernels must be three, one a channel, not {len(kernels)}")
    for number, kernel in enumerate(kernels):
        check_kernel(kernel, f"kernels[{number}]")
    shapes = [kernel.shape for kernel in kernels]
    if len(set(shapes)) > 1:
        raise ValueError(f"kernels must have one shape, not {shapes}")
    return np.dstack([convolve2d(image[..., c], kernel) for c, kernel in enumerate(kernels)])


def random_kernel(size, *, rng=None):
    """Kernel of independent weights, uniform between -0.5 and 2.5.

    Parameters
    ----------
    size : int, 1 … 1001
    rng : int, numpy.random.Generator or None
        Seed or generator of the weights.

    Returns
    -------
    float64 array, shape (size, size)
        The weights have mean 1, so they add up to about size x size.

    Raises
    ------
    TypeError, ValueError
        If `size` or `rng` is not as above.

    Examples
    --------
    >>> random_kernel(3, rng=0).shape
    (3, 3)
    """
    check_integer(size, "size", minimum=1, maximum=1001)
    return random_generator(rng).uniform(-0.5, 2.5, (size, size))


def to_uint8(values):
    """Round to the nearest grey level, then clip to 0 … 255.

    Parameters
    ----------
    values : array of real numbers, any shape

    Returns
    -------
    uint8 array of the same shape
        A value halfway between two levels goes to the even one, as IEEE 754 and OpenCV round.

    Raises
    ------
    TypeError
        If `values` is not an array of real numbers.
    ValueError
        If `values` holds NaN, which is no grey level.

    Examples
    --------
    >>> to_uint8(np.array([-7.0, 99.4, 99.6, 300.0]))
    array([  0,  99, 100, 255], dtype=uint8)
    """
    if not is_array(values) or values.dtype.kind not in "iuf":
        raise TypeError(f"values must be an array of real numbers, not {describe(values)}")
    if values.dtype.kind == "f" and np.isnan(values).any():
        raise ValueError("values must be numbers, but some are NaN")
    rounded = np.asarray(np.rint(values))  # of a 0-D array, rint makes a number
    return np.clip(rounded, 0, 255, out=rounded).astype(np.uint8)
