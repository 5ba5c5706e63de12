"""The same inputs come each time, whatever modules are loaded."""

import numpy as np
import pytest
from answers import EQUALIZE

from exercises.checker.searching import draw_all, find_small, smaller

draw_anew = draw_all.__wrapped__


def listed(sample):
    return [arguments["image"].tolist() for arguments in sample]


def test_sample_is_the_same_each_time():
    sample = listed(draw_anew(EQUALIZE.inputs))
    assert sample == listed(draw_anew(EQUALIZE.inputs))
    assert [[0]] in sample
    assert any(level == 255 for image in sample for row in image for level in row)


def test_shrinking_ends_at_the_smallest():
    found = []

    def is_bright(arguments):
        if (arguments["image"] > 100).any():
            found.append(arguments["image"])
            return True

    find_small(EQUALIZE.inputs, is_bright)
    assert min(found, key=lambda image: (image.size, image.sum())).tolist() == [[101]]


@pytest.mark.parametrize("search", [draw_anew, lambda inputs: find_small(inputs, lambda _: True)])
def test_numbers_in_loaded_modules_are_not_asked_for(search, monkeypatch):
    """Hypothesis by itself favours them: an edit elsewhere would change the sample."""

    def fail():
        raise AssertionError("asked for the numbers in loaded modules")

    monkeypatch.setattr("hypothesis.internal.conjecture.providers._get_local_constants", fail)
    search(EQUALIZE.inputs)


def test_large_input_is_cut_and_made_simple():
    tried = []

    def fails(arguments):
        tried.append(arguments)
        return arguments["image"].shape[1] > 6

    image = np.arange(40 * 30, dtype=np.uint8).reshape(40, 30)
    smaller({"image": image, "kernel": np.full((3, 3), 1.26)}, fails)
    least = min((case for case in list(tried) if fails(case)), key=lambda case: case["image"].size)
    assert least["image"].shape == (4, 7), "short sides are read as they are"
    assert all(case["kernel"].shape == (3, 3) for case in tried)
    assert any(not case["image"].any() and (case["kernel"] == 1).all() for case in tried)


def test_arrays_of_one_shape_are_cut_together():
    pairs = []
    smaller({"a": np.ones(9), "b": np.ones(9)}, lambda case: pairs.append(case) or True)
    assert {case["a"].shape == case["b"].shape for case in pairs} == {True}
    assert pairs[-1]["a"].size == 4
