"""The same inputs come each time, whatever modules are loaded."""

import pytest
from answers import EQUALIZE

from exercises.checker.searching import draw_all, find_small

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
