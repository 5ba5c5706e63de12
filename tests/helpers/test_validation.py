"""The judges: what is wrong is refused by name, with what came and what is accepted."""

import datetime
import decimal
import fractions
import random
import re

import numpy as np
import pytest
import torch
from PIL import Image

from course_utils import _validation as judge

NAN, INF, HUGE = float("nan"), float("inf"), 10**5000  # Python refuses to write the last one
GRAY, RGB = np.zeros((2, 3), np.uint8), np.zeros((2, 3, 3), np.uint8)


def refuse(error, message, check, *args, **options):
    """Assert that the check raises exactly this error with exactly this message."""
    with pytest.raises(error, match=f"^{re.escape(message)}$") as caught:
        check(*args, **options)
    assert caught.type is error


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("7", "'7' (str)"),
        (None, "None (NoneType)"),
        (np.float32(7), "7.0 (float32)"),
        ([1, 2], "[1, 2] (list)"),
        (list(range(1000)), f"{str(list(range(1000)))[:57]}... (list)"),
        (GRAY, "a uint8 array of shape (2, 3)"),
        (np.zeros(4, int), "an int64 array of shape (4,)"),
        (np.array(None), "an object array of shape ()"),
        (np.ma.zeros(4), "a float64 MaskedArray of shape (4,)"),
        ([np.zeros(2), np.zeros(3)], "a list of 2 arrays"),
        ((np.eye(2),), "a tuple of 1 array"),
        ((), "() (tuple)"),
        ((np.eye(2), 1), "(array([[1., 0.], [0., 1.]]), 1) (tuple)"),
    ],
)
def test_values_are_named(value, words):
    assert judge.describe(value) == words


def test_a_number_that_python_does_not_write_is_huge():
    assert judge.describe(HUGE) == "a huge number (int)"


# --- arrays -------------------------------------------------------------------------------------

NO_ARRAYS = ["coffee", None, 7, [[0, 1]], Image.new("L", (4, 4)), torch.ones(3, 3)]
NO_ARRAYS += [np.ma.ones((3, 3), np.uint8), np.ones((3, 3), np.uint8).view(np.matrix)]
NO_REALS = [np.zeros((3, 3), dtype) for dtype in (bool, complex, object, "U1", "M8[s]", "m8[s]")]


@pytest.mark.parametrize(
    "value",
    NO_ARRAYS + NO_REALS,
    ids=lambda value: type(value).__name__ + str(getattr(value, "dtype", "")),
)
def test_what_is_no_array_of_real_numbers_is_refused(value):
    came = f"not {judge.describe(value)}"
    for check, wanted in (
        (judge.check_image, f"uint8 array {judge.SHAPES['gray or RGB']}"),
        (judge.check_values, "uint8, float32 or float64 array (height, width)"),
        (judge.check_kernel, "2-D array of real numbers"),
    ):
        refuse(TypeError, f"weights must be a {wanted}, {came}", check, value, "weights")


@pytest.mark.parametrize("dtype", ["u1", "i1", "u2", "i8", "f2", "f4", ">f4", "f8", "g"])
def test_which_numbers_are_legal(dtype):
    array = np.ones((3, 3), dtype)
    legal = {"u1"}, {"u1", "f4", ">f4", "f8"}, {dtype}
    for check, types in zip((judge.check_image, judge.check_values, judge.check_kernel), legal):
        if dtype in types:
            check(array, "array")
        else:
            with pytest.raises(
                TypeError, match=f"^array must be .*, not {judge.describe(array)}"[:40]
            ):
                check(array, "array")


NO_ALPHA = "; drop the alpha channel with image[..., :3]"
ONE = "; take one channel, image[..., 0], or load the picture with gray=True"


@pytest.mark.parametrize(
    ("shape", "kinds", "hints"),
    [
        ((2, 3), ["gray", "gray or RGB"], {}),
        ((2, 3, 3), ["RGB", "gray or RGB"], {"gray": ONE}),
        ((2, 3, 4), [], {"RGB": NO_ALPHA, "gray or RGB": NO_ALPHA}),
        *((shape, [], {}) for shape in [(), (3,), (2, 3, 1), (2, 3, 2), (3, 4, 5), (2, 4, 4, 3)]),
    ],
)
def test_which_shapes_are_legal(shape, kinds, hints):
    for kind in judge.SHAPES:
        for check in (judge.check_image, judge.check_values):
            if kind in kinds:
                check(np.zeros(shape, np.uint8), "image", kind=kind)
            else:
                message = f"image must have shape {judge.SHAPES[kind]}, not {shape}"
                message += hints.get(kind, "")
                refuse(ValueError, message, check, np.zeros(shape, np.uint8), "image", kind=kind)


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 3, 3), (3, 0, 3)])
def test_an_image_without_pixels_is_refused(shape):
    message = f"image must hold at least one pixel, but its shape is {shape}"
    refuse(ValueError, message, judge.check_image, np.zeros(shape, np.uint8))


@pytest.mark.parametrize("number", [NAN, INF, -INF])
def test_what_is_not_finite_is_refused(number):
    array = np.array([[1, number]])
    message = "array must hold finite numbers, but it holds NaN or infinity"
    refuse(ValueError, message, judge.check_values, array, "array")
    refuse(ValueError, message, judge.check_kernel, array, "array")


@pytest.mark.filterwarnings("error")
def test_a_kernel_is_refused_that_is_infinite_in_the_type_in_which_images_are_filtered():
    message = "kernel must hold finite numbers, but it holds NaN or infinity"
    refuse(ValueError, message, judge.check_kernel, np.array([[1e39]]))
    judge.check_kernel(np.array([[1e38]]))


@pytest.mark.parametrize("shape", [(), (3,), (3, 3, 1), (0, 3), (3, 0)])
def test_a_kernel_has_rows_and_columns(shape):
    message = f"kernel must have shape (rows, columns), at least 1 x 1, not {shape}"
    refuse(ValueError, message, judge.check_kernel, np.ones(shape))


@pytest.mark.parametrize("shape", [(2, 2), (3, 2), (2, 3)])
def test_a_kernel_of_odd_sides_has_a_centre(shape):
    judge.check_kernel(np.ones(shape))
    message = f"kernel must have odd sides, so that it has a centre, not {shape}"
    refuse(ValueError, message, judge.check_kernel, np.ones(shape), odd=True)
    judge.check_kernel(np.ones((3, 1)), odd=True)


# --- numbers ------------------------------------------------------------------------------------

NO_NUMBERS = [None, True, np.True_, "3", b"3", 3j, [3], (3, 3), np.array([3]), np.array(3), int]
NO_NUMBERS += [
    torch.tensor(3),
    fractions.Fraction(3),
    decimal.Decimal(3),
    datetime.date(2022, 3, 3),
]
NO_NUMBERS += [np.timedelta64(3)]
ODD = {"minimum": 1, "maximum": 9, "odd": True}


@pytest.mark.parametrize("value", NO_NUMBERS, ids=str)
def test_what_is_no_number_is_refused(value):
    came = f"not {judge.describe(value)}"
    wanted = "size must be an odd integer, at least 1 and at most 9"
    refuse(TypeError, f"{wanted}, {came}", judge.check_integer, value, "size", **ODD)
    wanted = "size must be a number from 0 to 1"
    refuse(TypeError, f"{wanted}, {came}", judge.check_number, value, "size", minimum=0, maximum=1)


@pytest.mark.parametrize("value", [3.0, np.float64(3), NAN, INF])
def test_a_float_is_no_integer(value):
    wanted = "count must be an integer, at least 0"
    came = judge.describe(value)
    refuse(TypeError, f"{wanted}, not {came}", judge.check_integer, value, "count", minimum=0)


def test_integers_from_minimum_to_maximum():
    for value in (1, 3, 9, np.int64(3), np.uint8(9)):
        judge.check_integer(value, "size", **ODD)
    judge.check_integer(10**30, "size", minimum=0)
    wanted = "size must be an odd integer, at least 1 and at most 9"
    for value in (0, 4, 10, 11, -3, np.int64(-3), 10**30 + 1):
        refuse(ValueError, f"{wanted}, not {value}", judge.check_integer, value, "size", **ODD)
    refuse(ValueError, f"{wanted}, not a huge number", judge.check_integer, HUGE, "size", **ODD)


def test_numbers_from_minimum_to_maximum():
    million = {"minimum": -0.5, "maximum": 1e6}
    for value in (-0.5, 0, 1e6, 10**6, np.float16(0.5), np.float32(1e6), np.uint8(1)):
        judge.check_number(value, "sigma", **million)
    for value in (-0.501, 1000001, NAN, INF, -INF, np.float16(-1)):
        message = f"sigma must be a number from -0.5 to 1e+06, not {value}"
        refuse(ValueError, message, judge.check_number, value, "sigma", **million)
    for value in (10**400, HUGE):  # no float is as large
        with pytest.raises(
            ValueError, match=r"^sigma must be .*, not (1000+\.\.\.|a huge number)$"
        ):
            judge.check_number(value, "sigma", **million)


# --- flags, paths, random generators ------------------------------------------------------------


def test_flags():
    judge.check_flag(True, "gray")
    judge.check_flag(np.False_, "gray")
    for value in (None, 0, 1, 1.0, "", [True], np.array(True)):
        message = f"gray must be True or False, not {judge.describe(value)}"
        refuse(TypeError, message, judge.check_flag, value, "gray")


def test_paths():
    for value in (7, None, b"a.png", ["a.png"], np.array("a.png")):
        message = f"path must be a str or a path, not {judge.describe(value)}"
        refuse(TypeError, message, judge.check_path, value, "path")
    message = r"path must hold no NUL character, which 'a\x00b' does"
    refuse(ValueError, message, judge.check_path, "a\0b", "path")


def test_an_int_seeds_a_generator_and_a_generator_goes_on():
    drawn = judge.random_generator(7).random(3)
    np.testing.assert_array_equal(drawn, np.random.default_rng(7).random(3))
    np.testing.assert_array_equal(drawn, judge.random_generator(np.uint8(7)).random(3))
    judge.random_generator(0)
    judge.random_generator(10**400)
    rng = np.random.default_rng(7)
    assert judge.random_generator(rng) is rng


def test_none_draws_a_fresh_seed():
    assert judge.random_generator(None).random() != judge.random_generator(None).random()


NO_SEEDS = [7.0, "7", b"7", True, np.False_, [7], NAN, np.array([1, 2]), np.timedelta64(7)]
NO_SEEDS += [np.random, np.random.RandomState(7), np.random.PCG64(7), random.Random(7)]


@pytest.mark.parametrize("rng", [*NO_SEEDS, torch.Generator()], ids=lambda rng: type(rng).__name__)
def test_what_is_no_seed_is_refused(rng):
    message = f"rng must be an int, a numpy.random.Generator or None, not {judge.describe(rng)}"
    refuse(TypeError, message, judge.random_generator, rng)


def test_a_negative_seed_is_refused():
    for rng, came in ((-1, "-1"), (-HUGE, "a huge number")):
        message = f"rng must not be negative, but it is {came}"
        refuse(ValueError, message, judge.random_generator, rng)
