"""Values pass between two processes as they are, and nothing that comes is run."""

import base64
import json
import pickle
import struct
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as of_numpy

from exercises.grading import wire

NUMBERS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
PLAIN = st.recursive(
    NUMBERS, lambda part: st.lists(part) | st.tuples(part, part) | st.dictionaries(st.text(), part)
)


def sent(value):
    return wire.from_bytes(wire.to_bytes(value))


def test_by_hand():
    assert sent((1, [2.5, {"a": None}])) == (1, [2.5, {"a": None}])
    assert sent(Fraction(1, 3)) == Fraction(1, 3)
    matrix = sent(np.ma.masked_array([1, 2], [True, False]))
    assert type(matrix) is np.ma.MaskedArray
    assert type(sent(np.float32(3))) is np.float32


@given(PLAIN)
def test_plain_data_is_the_same(value):
    assert repr(sent(value)) == repr(value)


@given(of_numpy.arrays(of_numpy.scalar_dtypes(), of_numpy.array_shapes(min_dims=0, min_side=0)))
def test_arrays_are_the_same(array):
    back = sent(array)
    assert (back.dtype, back.shape) == (array.dtype, array.shape)
    assert back.tobytes() == array.tobytes()


def test_what_cannot_be_sent_keeps_its_name():
    class Mine:
        def __repr__(self):
            return "mine"

    class Shy:
        def __repr__(self):
            raise RuntimeError

    assert (type(sent(Mine())).__name__, repr(sent(Mine()))) == ("Mine", "mine")
    assert type(sent(Shy())).__name__ == "Shy"
    assert len(repr(sent("x" * 10**6))) < 1000
    circle = []
    circle.append(circle)
    assert isinstance(sent(circle), list)
    assert sent(np.array([None, 1])).shape == (2,)
    large = sent(np.broadcast_to(np.uint8(7), (10**5, 10**4)))
    assert repr(large) == "a uint8 array of shape (100000, 10000)"


class Runs:
    def __reduce__(self):
        return exec, ("raise SystemExit('it ran')",)


def test_no_pickle_is_read():
    with pytest.raises(ValueError, match="no value"):
        wire.from_bytes(pickle.dumps(Runs()))
    assert repr(sent(Runs())).startswith("<")
    assert sent(np.array([Runs()])).tolist() == [0]


def array_of(header):
    header = (header + "\n").encode()
    return base64.b64encode(b"\x93NUMPY\1\0" + struct.pack("<H", len(header)) + header).decode()


@pytest.mark.parametrize(
    "message",
    [
        "[" * 10**5,
        '{"Fraction": ["1", "0"]}',
        '{"Fraction": "1e999999999"}',
        '{"exec": "1"}',
        '{"list": 3}',
        '{"other": ["a\\u0000", ""]}',
        '{"array": [[-1], ""]}',
        json.dumps({"array": [base64.b64encode(b"PK no archive").decode(), ""]}),
        json.dumps({"array": [array_of("{'descr':'<f8','fortran_order':False,'shape':(9,)}"), ""]}),
    ],
)
def test_what_nobody_wrote_is_refused(message):
    with pytest.raises(ValueError, match="no value"):
        wire.from_bytes(message)


@pytest.mark.parametrize(
    "array",
    [[10**6] * 9, array_of("{'descr':'|V0','fortran_order':False,'shape':(1000000000000,)}")],
)
def test_array_that_is_larger_than_its_message_is_nothing(array):
    assert wire.from_bytes(json.dumps({"array": [array, ""]})) == np.array(None)


class Strange(Exception):
    def __init__(self, a, b):
        super().__init__(f"{a} and {b}")


@pytest.mark.parametrize(
    "error",
    [ValueError("a"), KeyError("k"), OSError(2, "no"), np.linalg.LinAlgError("s"), Strange(1, 2)],
)
def test_errors_keep_their_name_and_words(error):
    back = wire.decoded_error(wire.encoded_error(error))
    assert (type(back).__name__, str(back)) == (type(error).__name__, str(error))
    assert type(back) is type(error) or isinstance(error, Strange)


def test_long_words_of_an_error_are_cut():
    back = wire.decoded_error(wire.encoded_error(ValueError("x" * 10**6)))
    assert (type(back), len(str(back))) == (ValueError, wire.COUNT)


def test_error_of_memory_stays_one():
    with pytest.raises(MemoryError) as numpys:
        np.ones((10**6, 10**9))
    back = wire.decoded_error(wire.encoded_error(numpys.value))
    assert isinstance(back, MemoryError)
    assert str(back) == str(numpys.value)
