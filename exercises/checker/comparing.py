"""Say in words how what an answer returned differs from what is right."""

import numbers
import types

import numpy as np

from course_utils._validation import describe, in_short, is_array


def _sort(value):
    """Sort of number in which an answer must agree: uint8 is one of its own, other sizes not."""
    dtype = np.asarray(value).dtype
    return "uint8" if dtype == np.uint8 else dtype.kind.replace("u", "i")


def parts(value):
    """List the values of a tuple, a list or an array that stands for one; None for all else."""
    is_many = isinstance(value, (tuple, list)) or (is_array(value) and value.ndim > 0)
    return list(value) if is_many else None


def fault_of_form(expected, got, is_exact=False):
    """Say in words what is wrong with type, shape or dtype of `got`; empty if nothing is.

    `is_exact` tells whether floats of another size are wrong, too.
    """
    if got is None:
        return "it returned nothing; is the return missing?"
    if isinstance(expected, dict) and isinstance(got, str):
        return got
    is_list = isinstance(got, (tuple, list))
    if isinstance(got, types.GeneratorType):
        return "it returned a generator; is there a yield in place of a return?"
    if isinstance(expected, tuple):
        if parts(got) is None or len(got) != len(expected):
            return f"it must return {len(expected)} values, but returned {describe(got)}"
        faults = (fault_of_form(*pair, is_exact) for pair in zip(expected, got))
        return next((f"value {n}: {fault}" for n, fault in enumerate(faults, 1) if fault), "")
    if isinstance(expected, np.ndarray):
        if not is_array(got):
            is_array_like = is_list or type(got).__name__ == "Tensor"
            cure = "; np.array turns it into an array" if is_array_like else ""
            return f"it must return {describe(expected)}, but returned {describe(got)}{cure}"
        if got.shape != expected.shape:
            return f"its shape is {got.shape}, but must be {expected.shape}"
        is_other = got.dtype != expected.dtype and expected.dtype.kind == "f"
        if _sort(got) != _sort(expected) or (is_exact and is_other):
            return f"its dtype is {got.dtype}, but must be {expected.dtype}"
    elif isinstance(expected, numbers.Number):
        if not is_number(got):
            return f"it must return one number, but returned {describe(got)}"
        if isinstance(expected, numbers.Integral) and _sort(got) == "f":
            return f"it must return an integer, but returned {describe(got)}"
    return ""


def _as_numbers(value):
    """Make an array of what NumPy takes for objects, such as fractions; leave all else."""
    kind = np.asarray(value).dtype.kind
    if kind not in "biufcO":
        raise TypeError
    try:
        return np.asarray(value).astype(float) if kind == "O" else value
    except OverflowError:  # an integer too large for a float
        return np.inf


def is_number(value):
    """Whether a value is one number, be it in an array of its own.

    Parameters
    ----------
    value : object

    Returns
    -------
    bool
    """
    return isinstance(value, (numbers.Number, np.bool_)) or getattr(value, "shape", None) == ()


def difference(expected, got, tolerance):
    """Say in words how `got` differs from `expected`; empty if it does not.

    Parameters
    ----------
    expected, got
        Arrays, numbers, sentences, tuples of them, or dicts of numbers.
    tolerance : float
        Of float values, relative and absolute.

    Returns
    -------
    str
        Wrong type, shape or dtype come before wrong values.
    """
    fault = fault_of_form(expected, got)
    if fault:
        return fault
    if isinstance(expected, str):
        return "" if got == expected else str(got)
    if isinstance(expected, tuple):
        faults = (difference(e, g, tolerance) for e, g in zip(expected, got))
        return next((f"value {n}: {fault}" for n, fault in enumerate(faults, 1) if fault), "")
    if isinstance(expected, dict):
        faults = {name: difference(expected[name], got[name], tolerance) for name in expected}
        return next(
            (f"the {name} is wrong: {fault}" for name, fault in faults.items() if fault), ""
        )
    try:
        got = _as_numbers(got)
    except (TypeError, ValueError):  # no numbers, or lists of other lengths
        return f"it must return numbers, but returned {describe(got)}"
    is_right = agree(expected, got, tolerance)
    if np.all(is_right):
        return ""
    if np.ndim(expected) == 0:
        return _expected_and_got(expected, got, tolerance)
    place = tuple(int(k) for k in np.argwhere(~is_right)[0])
    expected, got = np.broadcast_arrays(expected, got)  # they may be lists
    values = _expected_and_got(expected[place], got[place], tolerance)
    return f"first difference at {list(place)}: {values}"


def _expected_and_got(expected, got, tolerance):
    digits = digits_between(expected, got, tolerance)
    return f"expected {brief(expected, digits)}, got {brief(got, digits)}"


def brief(value, digits=4):
    """Write a number, or the numbers of a pixel, with so many digits."""
    if isinstance(value, np.ndarray) and value.ndim:
        return " ".join(brief(number, digits) for number in value)
    is_float = isinstance(value, (float, np.floating))
    return f"{value + 0:.{digits}g}" if is_float else in_short(value, str)  # -0.0 + 0 is 0.0


def digits_between(expected, got, tolerance):
    """How many digits tell two values apart wherever they differ; at least four.

    Parameters
    ----------
    expected, got
        As those of `difference`.
    tolerance : float

    Returns
    -------
    int
    """
    if isinstance(expected, dict) and isinstance(got, dict):
        expected, got = tuple(expected.values()), tuple(got.values())
    if isinstance(expected, tuple) and isinstance(got, tuple):
        pairs = zip(expected, got)
        return max((digits_between(*pair, tolerance) for pair in pairs), default=4)
    floats = (float, np.floating, np.ndarray)
    if not isinstance(expected, floats) or not isinstance(got, floats):
        return 4
    expected, got = np.asarray(expected), np.asarray(got)
    if expected.shape != got.shape or expected.dtype.kind != "f" or got.dtype.kind != "f":
        return 4
    wrong = ~agree(expected, got, tolerance)
    pairs = list(zip(expected[wrong], got[wrong]))
    enough = (d for d in range(4, 17) if all(brief(e, d) != brief(g, d) for e, g in pairs))
    return next(enough, 17)


def agree(expected, got, tolerance):
    """Whether numbers are equal, floats within the tolerance; one answer for each place."""
    if np.asarray(expected).dtype.kind in "biu":
        return np.equal(expected, got)
    return np.isclose(got, expected, rtol=tolerance, atol=tolerance, equal_nan=True)
