"""Four models of image noise: the helpers of notebook 03."""

import math

import numpy as np

from course_utils._validation import check_image, check_number, random_generator
from course_utils.convolution import STRIP, to_uint8


def add_gaussian_noise(image, sigma, *, rng=None):
    """Add noise of one strength everywhere: image + sigma * N(0, 1).

    Parameters
    ----------
    image : uint8 array, shape (height, width) or (height, width, 3)
    sigma : float, 0 … 1e6
        Standard deviation (not the variance) in grey levels.
    rng : int, numpy.random.Generator or None
        Seed or generator of the noise.

    Returns
    -------
    uint8 array of the same shape
        Rounded, then clipped to 0 … 255. Channels of an RGB image get independent noise.

    Raises
    ------
    TypeError, ValueError
        If `image` is not an image, or `sigma` or `rng` not as above.

    Notes
    -----
    Additive noise: Gonzalez & Woods, 4th ed., 5.2.

    Examples
    --------
    >>> flat = np.full((100, 100), 128, np.uint8)
    >>> add_gaussian_noise(flat, sigma=10, rng=0).std().round()
    np.float64(10.0)
    """
    check_image(image)
    check_number(sigma, "sigma", minimum=0, maximum=1e6)
    noise = random_generator(rng).standard_normal(image.shape, np.float32)
    noise *= sigma
    noise += image
    return to_uint8(noise)


def add_salt_and_pepper_noise(image, amount, *, salt_fraction=0.5, rng=None):
    """Turn a fraction of the pixels white (salt) or black (pepper).

    Parameters
    ----------
    image : uint8 array, shape (height, width) or (height, width, 3)
    amount : float, 0 … 1
        Probability that a pixel is hit; a pixel of an RGB image is hit as a whole.
    salt_fraction : float, 0 … 1
        Fraction of salt among the hit pixels.
    rng : int, numpy.random.Generator or None
        Seed or generator of the noise.

    Returns
    -------
    uint8 array of the same shape

    Raises
    ------
    TypeError, ValueError
        If `image` is not an image, or another argument not as above.

    Notes
    -----
    Impulse noise: Gonzalez & Woods, 4th ed., 5.2.

    Examples
    --------
    >>> gray = np.full((100, 100), 128, np.uint8)
    >>> noisy = add_salt_and_pepper_noise(gray, amount=0.5, rng=0)
    >>> np.unique(noisy, return_counts=True)
    (array([  0, 128, 255], dtype=uint8), array([2439, 5030, 2531]))
    """
    check_image(image)
    check_number(amount, "amount", minimum=0, maximum=1)
    check_number(salt_fraction, "salt_fraction", minimum=0, maximum=1)
    draw = random_generator(rng).random(image.shape[:2], np.float32)
    noisy = image.copy()
    noisy[draw < amount] = 0
    noisy[draw < amount * salt_fraction] = 255
    return noisy


def add_speckle_noise(image, sigma, *, rng=None):
    """Add noise in proportion to the brightness: image * (1 + sigma * N(0, 1)).

    Parameters
    ----------
    image : uint8 array, shape (height, width) or (height, width, 3)
    sigma : float, 0 … 1e6
        Standard deviation (not the variance) of the factor: 0.1 is a tenth of the brightness.
    rng : int, numpy.random.Generator or None
        Seed or generator of the noise.

    Returns
    -------
    uint8 array of the same shape
        Rounded, then clipped to 0 … 255. Black stays black.

    Raises
    ------
    TypeError, ValueError
        If `image` is not an image, or `sigma` or `rng` not as above.

    Notes
    -----
    Multiplicative noise; the Gaussian factor is the lecture's model of speckle.

    Examples
    --------
    >>> flat = np.full((100, 100), 100, np.uint8)
    >>> add_speckle_noise(flat, sigma=0.2, rng=0).std().round()
    np.float64(20.0)
    """
    check_image(image)
    check_number(sigma, "sigma", minimum=0, maximum=1e6)
    factor = random_generator(rng).standard_normal(image.shape, np.float32)
    factor *= sigma
    factor += 1
    factor *= image
    return to_uint8(factor)


def add_poisson_noise(image, gain, *, rng=None):
    """Count photons: gain * Poisson(image / gain).

    Parameters
    ----------
    image : uint8 array, shape (height, width) or (height, width, 3)
    gain : float, 1e-6 … 1e6
        Grey levels per photon; the larger, the fewer photons and the stronger the noise.
    rng : int, numpy.random.Generator or None
        Seed or generator of the noise.

    Returns
    -------
    uint8 array of the same shape
        Rounded, then clipped to 0 … 255. Before that, the mean is `image` and the variance
        gain * image.

    Raises
    ------
    TypeError, ValueError
        If `image` is not an image, or `gain` or `rng` not as above.

    Notes
    -----
    Photon shot noise: Szeliski, Computer Vision, 2nd ed., 2.3.

    Examples
    --------
    >>> flat = np.full((100, 100), 100, np.uint8)
    >>> add_poisson_noise(flat, gain=4, rng=0).std().round()
    np.float64(20.0)
    """
    check_image(image)
    check_number(gain, "gain", minimum=1e-6, maximum=1e6)
    rng = random_generator(rng)
    strips = np.array_split(image, math.ceil(image.size / STRIP))  # a count takes 8 bytes
    return np.concatenate([to_uint8(gain * rng.poisson(strip / gain)) for strip in strips])
