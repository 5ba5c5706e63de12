"""What is said of a value that is not the expected one."""

from fractions import Fraction

import numpy as np
import pytest

from exercises.checker.comparing import difference, fault_of_form
from exercises.checker.inputs import gray

PIXEL = gray([255])


@pytest.mark.parametrize(
    ("expected", "got", "says"),
    [
        (PIXEL, [[255]], "returned [[255]] (list)"),
        (PIXEL, PIXEL * 1.0, "dtype is float64, but must be uint8"),
        (PIXEL, PIXEL.astype(int), "dtype is int64, but must be uint8"),
        (PIXEL, PIXEL[0], "its shape is (1,), but must be (1, 1)"),
        (PIXEL, "white", "returned 'white' (str)"),
        (PIXEL, [PIXEL[0]], "returned a list of 1 array; np.array turns"),
        (PIXEL, (row for row in PIXEL), "is there a yield in place of a return?"),
        (PIXEL, np.ma.array(PIXEL), "returned a uint8 MaskedArray of shape (1, 1)"),
        (PIXEL, None, "it returned nothing; is the return missing?"),
        (gray([1, 2], [3, 4]), gray([1, 2], [9, 9]), "difference at [1, 0]: expected 3, got 9"),
        ((1.0, 2.0), [1.0, 3], "value 2: expected 2"),
        ((1.0, 2.0), [1.0], "must return 2 values"),
        ((1.0, 2.0), np.array([1.0, 2.5]), "value 2: expected 2, got 2.5"),
        ((1.0, 2.0), np.array([[1.0, 2.0]]), "must return 2 values, but returned a float64 array"),
        ((1.0, 2.0), 1.0, "must return 2 values, but returned 1.0 (float)"),
        (0.5, Fraction(1, 3), "expected 0.5, got 0.3333"),
        (0.5, 10**400, "expected 0.5, got inf"),
        (3, 3.0, "it must return an integer, but returned 3.0 (float)"),
        (3, PIXEL, "it must return one number"),
        ({"mean": 1.0, "sum": 2.0}, {"mean": 1.0, "sum": 3.0}, "the sum is wrong: expected 2"),
        (1.41421, 1.41444, "expected 1.4142, got 1.4144"),
        (1.0, 1.0001, "expected 1, got 1.0001"),
        (0.0, 1e-3, "expected 0, got 0.001"),
        (-0.0, 2.0, "expected 0, got 2"),
    ],
)
def test_difference_is_said(expected, got, says):
    assert says in difference(expected, got, 1e-6)


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        ((1.0, 2.0), [1, 2]),
        ((1.0, 2.0), np.array([1, 2])),
        ((np.zeros(2), np.ones(2)), [np.zeros(2), np.ones(2)]),
        ((np.zeros(2), np.ones(2)), np.array([[0.0, 0.0], [1.0, 1.0]])),
        (0.5, Fraction(1, 2)),
        (3, Fraction(3)),
        (3, np.int32(3)),
        (np.array([3]), np.array([3], np.int32)),
        (0.0, 1e-9),
        (1e9, 1e9 + 1),
        (np.array([np.nan, 1]), np.array([np.nan, 1])),
    ],
)
def test_what_is_as_good(expected, got):
    assert difference(expected, got, 1e-6) == ""


def test_float32_is_no_float64_where_the_text_says_so():
    says = "its dtype is float32, but must be float64"
    assert fault_of_form(np.ones(2), np.ones(2, np.float32), is_exact=True) == says
    assert fault_of_form(np.ones(2), np.ones(2, np.float32)) == ""
    assert fault_of_form(np.ones(2, int), np.ones(2, np.int32), is_exact=True) == ""
