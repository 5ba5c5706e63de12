"""Arguments are judged: what is wrong is refused by name, with what came and what is accepted."""

import fractions
import re

import numpy as np
import pytest
from conftest import bad_images, images
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from course_utils import _validation as judge

NAN, INF = float("nan"), float("inf")
GRAY = np.zeros((2, 3), np.uint8)
RGB = np.zeros((2, 3, 3), np.uint8)


def zeros(*shape, dtype=np.uint8):
    return np.zeros(shape, dtype)


def refuse(error, message, check, *args, **options):
    """Assert that the check raises exactly this error with exactly this message."""
    with pytest.raises(error, match=f"^{re.escape(message)}$") as caught:
        check(*args, **options)
    assert caught.type is error


# --- what came ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("7", "'7' (str)"),
        (7, "7 (int)"),
        (None, "None (NoneType)"),
        ([1, 2], "[1, 2] (list)"),
        (np.zeros((2, 3)), "a float64 array of shape (2, 3)"),
        (np.zeros(4, int), "an int64 array of shape (4,)"),
        (GRAY, "a uint8 array of shape (2, 3)"),
        (np.array(None), "an object array of shape ()"),
        ([np.zeros(2), np.zeros(3)], "a list of 2 arrays"),
        ((np.zeros((2, 2)),), "a tuple of 1 array"),
        ((), "() (tuple)"),
        ((np.eye(2), 1), "(array([[1., 0.], [0., 1.]]), 1) (tuple)"),
    ],
)
def test_values_are_named(value, words):
    assert judge.describe(value) == words


def test_long_values_are_cut():
    words = judge.describe(list(range(1000)))
    assert words.startswith("[0, 1, 2")
    assert words.endswith("... (list)")
    assert len(words) < 80


# --- images -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("image", "kind"), [(GRAY, "gray"), (GRAY, "gray or RGB"), (RGB, "RGB"), (RGB, "gray or RGB")]
)
def test_good_images_pass(image, kind):
    judge.check_image(image, kind=kind)
    judge.check_values(image, "image", kind=kind)


@pytest.mark.parametrize("kind", judge.SHAPES)
def test_bad_images_are_refused_by_name(kind):
    for image, error in (case.values for case in bad_images(kind)):
        with pytest.raises(error, match=r"^picture must"):
            judge.check_image(image, "picture", kind=kind)


@pytest.mark.parametrize(
    ("image", "kind", "error", "message"),
    [
        (
            [[0]],
            "gray",
            TypeError,
            "image must be a uint8 array (height, width), not [[0]] (list)",
        ),
        (
            zeros(2, 3, dtype=float),
            "RGB",
            TypeError,
            "image must be a uint8 array (height, width, 3), not a float64 array of shape (2, 3)",
        ),
        (
            zeros(2, 3, dtype=np.int8),
            "gray or RGB",
            TypeError,
            "image must be a uint8 array (height, width) or (height, width, 3), "
            "not an int8 array of shape (2, 3)",
        ),
        (GRAY, "RGB", ValueError, "image must have shape (height, width, 3), not (2, 3)"),
        (
            RGB,
            "gray",
            ValueError,
            "image must have shape (height, width), not (2, 3, 3); "
            "take one channel, image[..., 0], or load the picture with gray=True",
        ),
        (
            zeros(2, 3, 4),
            "RGB",
            ValueError,
            "image must have shape (height, width, 3), not (2, 3, 4); "
            "drop the alpha channel with image[..., :3]",
        ),
        (
            zeros(2, 3, 4),
            "gray",
            ValueError,
            "image must have shape (height, width), not (2, 3, 4)",
        ),
        (
            zeros(0, 3),
            "gray",
            ValueError,
            "image must hold at least one pixel, but its shape is (0, 3)",
        ),
    ],
)
def test_messages_about_images(image, kind, error, message):
    refuse(error, message, judge.check_image, image, kind=kind)


# --- float images and kernels -------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_values_of_three_types_pass(dtype):
    judge.check_values(np.ones((2, 3), dtype), "image")


@pytest.mark.parametrize(
    ("array", "error", "message"),
    [
        (
            zeros(2, 3, dtype=np.int64),
            TypeError,
            "image must be a uint8, float32 or float64 array (height, width), "
            "not an int64 array of shape (2, 3)",
        ),
        (
            zeros(2, 3, dtype=np.float16),
            TypeError,
            "image must be a uint8, float32 or float64 array (height, width), "
            "not a float16 array of shape (2, 3)",
        ),
        (
            7.0,
            TypeError,
            "image must be a uint8, float32 or float64 array (height, width), not 7.0 (float)",
        ),
        (zeros(3), ValueError, "image must have shape (height, width), not (3,)"),
        (
            np.array([[1, NAN]]),
            ValueError,
            "image must hold finite numbers, but it holds NaN or infinity",
        ),
        (
            np.array([[-INF]]),
            ValueError,
            "image must hold finite numbers, but it holds NaN or infinity",
        ),
    ],
)
def test_messages_about_values(array, error, message):
    refuse(error, message, judge.check_values, array, "image")


@pytest.mark.parametrize("dtype", [bool, complex, object, "U1", "M8[s]"])
def test_arrays_of_no_real_numbers_are_refused(dtype):
    array = np.zeros((3, 3), dtype)
    for check in (judge.check_values, judge.check_kernel):
        with pytest.raises(TypeError, match=r"^weights must be .* array of shape \(3, 3\)$"):
            check(array, "weights")


@pytest.mark.parametrize(
    "kernel", [np.ones((2, 3)), np.ones((1, 1), int), np.ones((3, 3), np.uint8)]
)
def test_good_kernels_pass(kernel):
    judge.check_kernel(kernel)


@pytest.mark.parametrize(
    ("kernel", "options", "error", "message"),
    [
        (
            [[1, 2]],
            {},
            TypeError,
            "kernel must be a 2-D array of real numbers, not [[1, 2]] (list)",
        ),
        (
            np.ones(3),
            {},
            ValueError,
            "kernel must have shape (rows, columns), at least 1 x 1, not (3,)",
        ),
        (
            np.ones((0, 3)),
            {},
            ValueError,
            "kernel must have shape (rows, columns), at least 1 x 1, not (0, 3)",
        ),
        (
            np.ones((3, 2)),
            {"odd": True},
            ValueError,
            "kernel must have odd sides, so that it has a centre, not (3, 2)",
        ),
        (
            np.ones((2, 3)),
            {"odd": True},
            ValueError,
            "kernel must have odd sides, so that it has a centre, not (2, 3)",
        ),
        (
            np.array([[INF]]),
            {},
            ValueError,
            "kernel must hold finite numbers, but it holds NaN or infinity",
        ),
        (
            np.array([[1e39]]),  # infinite as a float32, in which images are filtered
            {},
            ValueError,
            "kernel must hold finite numbers, but it holds NaN or infinity",
        ),
    ],
)
def test_messages_about_kernels(kernel, options, error, message):
    refuse(error, message, judge.check_kernel, kernel, **options)


# --- numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [1, 9, np.int64(3), np.uint8(3)])
def test_integers_pass(value):
    judge.check_integer(value, "size", minimum=1, maximum=9)


@pytest.mark.parametrize(
    ("value", "error", "came"),
    [
        (0, ValueError, "0"),
        (11, ValueError, "11"),
        (4, ValueError, "4"),  # even
        (-3, ValueError, "-3"),
        (10**30 + 1, ValueError, str(10**30 + 1)),
        (3.0, TypeError, "3.0 (float)"),
        (np.float64(3), TypeError, "3.0 (float64)"),
        (NAN, TypeError, "nan (float)"),
        (True, TypeError, "True (bool)"),
        (np.True_, TypeError, "np.True_ (bool)"),
        ("3", TypeError, "'3' (str)"),
        (None, TypeError, "None (NoneType)"),
        (np.array([3]), TypeError, "an int64 array of shape (1,)"),
        (np.array(3), TypeError, "an int64 array of shape ()"),
    ],
)
def test_messages_about_integers(value, error, came):
    message = f"size must be an odd integer, at least 1 and at most 9, not {came}"
    refuse(error, message, judge.check_integer, value, "size", minimum=1, maximum=9, odd=True)


def test_integers_without_an_upper_limit():
    judge.check_integer(10**30, "count", minimum=0)
    message = "count must be an integer, at least 0, not -1"
    refuse(ValueError, message, judge.check_integer, -1, "count", minimum=0)


@pytest.mark.parametrize("value", [0, 1, 0.5, np.float16(0.5), np.float32(0.5), np.uint8(1)])
def test_numbers_pass(value):
    judge.check_number(value, "amount", minimum=0, maximum=1e6)


@pytest.mark.parametrize(
    ("value", "error", "came"),
    [
        (-0.001, ValueError, "-0.001"),
        (1.001, ValueError, "1.001"),
        (NAN, ValueError, "nan"),
        (INF, ValueError, "inf"),
        (-INF, ValueError, "-inf"),
        (10**400, ValueError, f"{10**56}..."),  # no float is as large
        (1j, TypeError, "1j (complex)"),
        ("0.5", TypeError, "'0.5' (str)"),
        (None, TypeError, "None (NoneType)"),
        (fractions.Fraction(1, 3), TypeError, "Fraction(1, 3) (Fraction)"),  # NumPy cannot use it
        (True, TypeError, "True (bool)"),
        (np.False_, TypeError, "np.False_ (bool)"),
        ([0.5], TypeError, "[0.5] (list)"),
        (np.array([0.5]), TypeError, "a float64 array of shape (1,)"),
    ],
)
def test_messages_about_numbers(value, error, came):
    message = f"amount must be a number from 0 to 1, not {came}"
    refuse(error, message, judge.check_number, value, "amount", minimum=0, maximum=1)


# --- random generators --------------------------------------------------------------------------


def test_an_int_seeds_a_generator_and_a_generator_is_taken_as_it_is():
    drawn = judge.random_generator(7).random(3)
    np.testing.assert_array_equal(drawn, np.random.default_rng(7).random(3))
    np.testing.assert_array_equal(drawn, judge.random_generator(np.int64(7)).random(3))
    rng = np.random.default_rng(7)
    assert judge.random_generator(rng) is rng


def test_none_draws_a_fresh_seed():
    first, second = (judge.random_generator(None).random(4) for _ in range(2))
    assert (first != second).any()


def test_the_global_generator_is_left_alone():
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    judge.random_generator(7).random(3)
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


@pytest.mark.parametrize("rng", [7.0, "7", True, [7], np.random, NAN, np.array([1, 2])])
def test_what_is_no_generator_is_refused(rng):
    message = f"rng must be an int, a numpy.random.Generator or None, not {judge.describe(rng)}"
    refuse(TypeError, message, judge.random_generator, rng)


def test_a_negative_seed_is_refused():
    refuse(ValueError, "rng must not be negative, but it is -1", judge.random_generator, -1)


# --- rounding to grey levels --------------------------------------------------------------------


def test_rounding_by_hand():
    values = np.array([-INF, -7.0, -0.5, 0.5, 1.5, 99.4, 99.6, 254.5, 255.5, 300.0, INF])
    levels = judge.to_uint8(values)
    assert levels.dtype == np.uint8
    assert levels.tolist() == [0, 0, 0, 0, 2, 99, 100, 254, 255, 255, 255]


@given(images())
def test_grey_levels_stay(image):
    for dtype in (np.uint8, np.int16, np.int64, np.float16, np.float32, np.float64):
        levels = judge.to_uint8(image.astype(dtype))
        np.testing.assert_array_equal(levels, image, strict=True)
        assert not np.shares_memory(levels, image)


@given(arrays(np.float64, (3, 4), elements=st.floats(-1e9, 1e9)))
def test_rounding_goes_to_the_nearest_level(values):
    kept = values.copy()
    levels = judge.to_uint8(values).astype(float)
    np.testing.assert_array_equal(values, kept)
    assert (np.abs(levels - np.clip(values, 0, 255)) <= 0.5).all()


@pytest.mark.parametrize("value", [np.iinfo(np.int64).min, -1, 256, np.iinfo(np.int64).max])
def test_large_integers_are_clipped_and_do_not_wrap(value):
    assert judge.to_uint8(np.array([value])) == (0 if value < 0 else 255)


def test_casting_without_rounding_cuts_and_wraps():
    values = np.array([99.9, 256.0])
    wrong = values.astype(np.int64).astype(np.uint8)
    assert wrong.tolist() == [99, 0]
    assert judge.to_uint8(values).tolist() == [100, 255]


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        (99.6, TypeError, "values must be an array of real numbers, not 99.6 (float)"),
        ([1.0], TypeError, "values must be an array of real numbers, not [1.0] (list)"),
        (
            np.array([True]),
            TypeError,
            "values must be an array of real numbers, not a bool array of shape (1,)",
        ),
        (
            np.array([1j]),
            TypeError,
            "values must be an array of real numbers, not a complex128 array of shape (1,)",
        ),
        (np.array([1.0, NAN]), ValueError, "values must be numbers, but some are NaN"),
    ],
)
def test_what_is_no_grey_level_is_refused(values, error, message):
    refuse(error, message, judge.to_uint8, values)
