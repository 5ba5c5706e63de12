"""Small images, so that a counterexample can be read, and others that nobody reads."""

import numpy as np

from exercises.checker.strategies import arrays, builds, integers, tuples


def arguments(**strategies):
    """Strategy: a dict of arguments, in this order.

    Parameters
    ----------
    **strategies : Strategy
        One for each argument, by its name.
    """
    return builds(dict, **strategies)


def gray(*rows):
    """Make a small grey image of rows of levels.

    Parameters
    ----------
    *rows : lists of int

    Returns
    -------
    uint8 array, shape (height, width)
    """
    return np.array(rows, np.uint8)


def gray_images(*, min_side=1, max_side=4, max_level=255):
    """Strategy: grey images of min_side to max_side rows and columns.

    Parameters
    ----------
    min_side, max_side : int
    max_level : int
        The brightest level.
    """
    side, pixels = integers(min_side, max_side), integers(0, max_level)
    return tuples(side, side).flatmap(lambda shape: arrays(np.uint8, shape, pixels))


def rgb_images(*, min_side=1, max_side=3):
    """Strategy: RGB images of min_side to max_side rows and columns.

    Parameters
    ----------
    min_side, max_side : int
    """
    side = integers(min_side, max_side)
    return tuples(side, side).flatmap(lambda shape: arrays(np.uint8, (*shape, 3)))


def spans(cases):
    """Say in words between which ends each argument lies; a seed needs no words.

    Parameters
    ----------
    cases : sequence of dict

    Returns
    -------
    str
        Such as "image uint8, 1 × 1 to 41 × 31, from 0 to 255; size from 1 to 5".
    """
    values = {name: [case[name] for case in cases] for name in cases[0] if name != "rng"}
    known = {n: v for n, v in values.items() if isinstance(v[0], (np.ndarray, int, float, str))}
    return "; ".join(f"{name} {_span(values)}" for name, values in known.items())


def _span(values):
    if all(isinstance(value, str) for value in values):
        return " or ".join(map(repr, dict.fromkeys(values)))
    arrays = [value for value in values if isinstance(value, np.ndarray)]
    numbers = [end for value in values for end in (np.min(value), np.max(value))]
    span = f"from {min(numbers):.4g} to {max(numbers):.4g}"
    if not arrays:
        return span
    dtypes = " or ".join(dict.fromkeys(str(array.dtype) for array in arrays))
    ends = (f(arrays, key=np.size) for f in (min, max))
    sizes = " to ".join(dict.fromkeys(" × ".join(map(str, array.shape)) for array in ends))
    return f"{dtypes}, {sizes}{' long' if arrays[0].ndim == 1 else ''}, {span}"


# What students do not read: inputs for the field `more` of an exercise ------------------------


def random_image(*shape, seed=0):
    """Draw a uint8 image, the same one each time.

    Parameters
    ----------
    *shape : int
    seed : int
    """
    return np.random.default_rng([seed, *shape]).integers(0, 256, shape, np.uint8)


def random_floats(*shape, low=-1.0, high=1.0, seed=0):
    """Draw floats that are not round, the same ones each time.

    Parameters
    ----------
    *shape : int
    low, high : float
    seed : int
    """
    return np.random.default_rng([seed, *shape]).uniform(low, high, shape)


def large_images(**others):
    """List inputs with grey images that no one reads, and these other arguments.

    Parameters
    ----------
    **others : any
    """
    images = random_image(5, 6), random_image(41, 31)
    return tuple({"image": image, **others} for image in images)


def many_pixels(**others):
    """List inputs with so many pixels of one level that 16 bits cannot count them.

    Parameters
    ----------
    **others : any
    """
    return ({"image": np.full((257, 257), 3, np.uint8), **others},)
