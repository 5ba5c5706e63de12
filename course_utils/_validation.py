"""The one place that judges arguments and words the errors."""

import numbers
import os
import re

import numpy as np

SHAPES = {
    "gray": "(height, width)",
    "RGB": "(height, width, 3)",
    "gray or RGB": "(height, width) or (height, width, 3)",
}
COUNT_OTHERWISE = (np.ma.MaskedArray, getattr(np, "matrix", ()))  # NumPy may drop matrices
NO_NUMBERS = (bool, np.timedelta64)  # though Python and NumPy say they are


def in_short(value, write=repr):
    """Write a value in one line of at most 60 characters."""
    if isinstance(value, (str, bytes)):
        value = value[:99]  # to write all of a huge one takes seconds
    try:
        text = write(value)
    except ValueError:  # Python writes no integer of more than 4300 digits
        return "a huge number"
    text = re.sub(r"\s*\n\s*", " ", text)
    return text if len(text) <= 60 else text[:57] + "..."


def describe(value):
    """Name what came, as errors do: ``a float64 array of shape (2, 3)`` or ``'7' (str)``."""
    if isinstance(value, np.ndarray):
        article = "an" if value.dtype.kind in "iO" else "a"
        kind = "array" if is_array(value) else type(value).__name__
        return f"{article} {value.dtype} {kind} of shape {value.shape}"
    is_list = isinstance(value, (list, tuple)) and len(value)
    if is_list and all(isinstance(part, np.ndarray) for part in value):
        return f"a {type(value).__name__} of {len(value)} array{'s' * (len(value) > 1)}"
    text = in_short(value, str if isinstance(value, np.number) else repr)
    return f"{text} ({type(value).__name__})"


def is_array(value):
    """Whether `value` is an array, and none with a mask or a matrix: those count otherwise."""
    return isinstance(value, np.ndarray) and not isinstance(value, COUNT_OTHERWISE)


def check_type(value, name, types, wanted):
    """Raise TypeError unless `value` is of one of the types, `wanted` in words."""
    if not isinstance(value, types):
        raise TypeError(f"{name} must be {wanted}, not {describe(value)}")


def check_path(value, name, wanted="a str or a path"):
    """Raise unless `value` can name a file."""
    check_type(value, name, (str, os.PathLike), wanted)
    if "\0" in str(value):
        raise ValueError(f"{name} must hold no NUL character, which {in_short(str(value))} does")


def check_flag(value, name):
    """Raise TypeError unless `value` is True or False."""
    check_type(value, name, (bool, np.bool_), "True or False")


def check_shape(array, name, kind):
    """Raise ValueError unless `array` is not empty and of the `kind`, a key of SHAPES."""
    is_gray = array.ndim == 2
    is_rgb = array.ndim == 3 and array.shape[2] == 3
    if not ((is_gray and kind != "RGB") or (is_rgb and kind != "gray")):
        hint = ""
        if is_rgb:
            hint = "; take one channel, image[..., 0], or load the picture with gray=True"
        elif array.ndim == 3 and array.shape[2] == 4 and kind != "gray":
            hint = "; drop the alpha channel with image[..., :3]"
        raise ValueError(f"{name} must have shape {SHAPES[kind]}, not {array.shape}{hint}")
    if array.size == 0:
        raise ValueError(f"{name} must hold at least one pixel, but its shape is {array.shape}")


def check_image(image, name="image", *, kind="gray or RGB"):
    """Raise unless `image` is a uint8 image of the `kind`, a key of SHAPES."""
    if not is_array(image) or image.dtype != np.uint8:
        raise TypeError(f"{name} must be a uint8 array {SHAPES[kind]}, not {describe(image)}")
    check_shape(image, name, kind)


def check_values(array, name, *, kind="gray"):
    """Raise unless `array` is uint8, float32 or float64, finite, and of the `kind`."""
    types = (np.uint8, np.float32, np.float64)
    if not is_array(array) or array.dtype.type not in types:
        wanted = f"a uint8, float32 or float64 array {SHAPES[kind]}"
        raise TypeError(f"{name} must be {wanted}, not {describe(array)}")
    check_shape(array, name, kind)
    check_finite(array, name)


def check_finite(array, name):
    """Raise ValueError if `array` holds NaN or infinity."""
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise ValueError(f"{name} must hold finite numbers, but it holds NaN or infinity")


def check_kernel(kernel, name="kernel", *, odd=False):
    """Raise unless `kernel` is a 2-D array of numbers that float32 holds (with odd sides)."""
    if not is_array(kernel) or kernel.dtype.kind not in "iuf":
        raise TypeError(f"{name} must be a 2-D array of real numbers, not {describe(kernel)}")
    if kernel.ndim != 2 or kernel.size == 0:
        raise ValueError(
            f"{name} must have shape (rows, columns), at least 1 x 1, not {kernel.shape}"
        )
    if odd and not (kernel.shape[0] % 2 and kernel.shape[1] % 2):
        raise ValueError(f"{name} must have odd sides, so that it has a centre, not {kernel.shape}")
    with np.errstate(over="ignore"):
        check_finite(kernel.astype(np.float32), name)


def check_integer(value, name, *, minimum, maximum=None, odd=False):
    """Raise unless `value` is an integer in minimum … maximum (and odd)."""
    wanted = f"{'an odd' if odd else 'an'} integer, at least {minimum}"
    wanted += "" if maximum is None else f" and at most {maximum}"
    if not isinstance(value, numbers.Integral) or isinstance(value, NO_NUMBERS):
        raise TypeError(f"{name} must be {wanted}, not {describe(value)}")
    if value < minimum or (maximum is not None and value > maximum) or (odd and value % 2 == 0):
        raise ValueError(f"{name} must be {wanted}, not {in_short(value, str)}")


def check_number(value, name, *, minimum, maximum):
    """Raise unless `value` is a real number in minimum … maximum."""
    wanted = f"a number from {minimum:g} to {maximum:g}"
    if isinstance(value, np.number) and not isinstance(value, NO_NUMBERS):
        value = value.item()  # a float16 cannot hold 1e6
    if not isinstance(value, (int, float)) or isinstance(value, NO_NUMBERS):
        raise TypeError(f"{name} must be {wanted}, not {describe(value)}")
    if not minimum <= value <= maximum:  # also false for NaN
        raise ValueError(f"{name} must be {wanted}, not {in_short(value, str)}")


def random_generator(rng):
    """Return the generator that `rng` stands for: an int seeds it, None draws a fresh seed."""
    if isinstance(rng, np.random.Generator):
        return rng
    if rng is not None:
        if not isinstance(rng, numbers.Integral) or isinstance(rng, NO_NUMBERS):
            raise TypeError(
                f"rng must be an int, a numpy.random.Generator or None, not {describe(rng)}"
            )
        if rng < 0:
            raise ValueError(f"rng must not be negative, but it is {in_short(rng, str)}")
    return np.random.default_rng(rng)
