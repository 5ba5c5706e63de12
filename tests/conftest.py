"""What all tests share: images to try, what every helper must keep, and how nbval runs cells."""

import hypothesis
import numpy as np
import pytest
from budgets import budgets, cost_of, over_budget
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from nbval.kernel import RunningKernel
from nbval.plugin import IPyNbCell
from PIL import Image

from course_utils.mnist import load_mnist

# No deadline: CI machines are busy. Derandomized: the same code gets the same answer each time.
hypothesis.settings.register_profile("course", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("course")


# Images for hypothesis: small, so that a counterexample can be read -----------------------------


def gray_images(*, min_side=1, max_side=8, max_level=255):
    """Strategy: grey images, mostly with many levels, some with few or one."""
    side = st.integers(min_side, max_side)
    levels = st.sampled_from([max_level, min(3, max_level)])
    return st.tuples(side, side, levels).flatmap(
        lambda drawn: arrays(np.uint8, drawn[:2], elements=st.integers(0, drawn[2]))
    )


def rgb_images(*, min_side=1, max_side=8):
    """Strategy: RGB images."""
    side = st.integers(min_side, max_side)
    return st.tuples(side, side, st.just(3)).flatmap(lambda shape: arrays(np.uint8, shape))


def images(*, min_side=1, max_side=8):
    """Strategy: grey or RGB images."""
    sides = {"min_side": min_side, "max_side": max_side}
    return gray_images(**sides) | rgb_images(**sides)


# What every helper must refuse and what it must keep --------------------------------------------


def bad_images(kind="gray or RGB"):
    """Table of what is no image of the `kind` ("gray", "RGB", "gray or RGB"), and the error."""
    table = {
        "none": (None, TypeError),
        "path": ("coffee", TypeError),
        "list": ([[0, 1], [2, 3]], TypeError),
        "float": (np.zeros((4, 4)), TypeError),
        "NaN": (np.full((4, 4), np.nan), TypeError),
        "signed": (np.full((4, 4), -1), TypeError),
        "16 bits": (np.zeros((4, 4), np.uint16), TypeError),
        "bool": (np.zeros((4, 4), bool), TypeError),
        "complex": (np.zeros((4, 4), complex), TypeError),
        "object": (np.zeros((4, 4), object), TypeError),
        "letters": (np.array([["a"]]), TypeError),
        "masked": (np.ma.zeros((4, 4), np.uint8), TypeError),
        "matrix": (np.zeros((4, 4), np.uint8).view(np.matrix), TypeError),
        "picture of Pillow": (Image.new("L", (4, 4)), TypeError),
        "0-D": (np.array(7, np.uint8), ValueError),
        "1-D": (np.zeros(4, np.uint8), ValueError),
        "one channel": (np.zeros((4, 4, 1), np.uint8), ValueError),
        "two channels": (np.zeros((4, 4, 2), np.uint8), ValueError),
        "RGBA": (np.zeros((4, 4, 4), np.uint8), ValueError),
        "channels first": (np.zeros((3, 4, 4), np.uint8), ValueError),
        "stack": (np.zeros((2, 4, 4, 3), np.uint8), ValueError),
        "no rows": (np.zeros((0, 4), np.uint8), ValueError),
        "no columns": (np.zeros((4, 0, 3), np.uint8), ValueError),
    }
    if kind == "gray":
        table["RGB"] = (np.zeros((4, 4, 3), np.uint8), ValueError)
    if kind == "RGB":
        table["gray"] = (np.zeros((4, 4), np.uint8), ValueError)
    return [pytest.param(value, error, id=name) for name, (value, error) in table.items()]


class Mapped(np.ndarray):
    """An array by another name, as those are that NumPy maps from files."""


def layouts(array):
    """Return the same values as `array`, each time laid out otherwise in memory, by name."""
    locked = array.copy()
    locked.flags.writeable = False
    return {
        "Fortran order": np.asfortranarray(array),
        "strided": np.repeat(np.repeat(array, 2, axis=0), 3, axis=1)[::2, ::3],
        "read backwards": array[::-1, ::-1].copy()[::-1, ::-1],
        "read-only": locked,
        "mapped": array.copy().view(Mapped),
        "other byte order": array.astype(array.dtype.newbyteorder()),
    }


def assert_pure(function, image):
    """Assert that `function` leaves its image alone and minds its values only, not their layout.

    `function` takes one image (wrap it for more arguments and a fixed seed) and returns an array.
    """
    kept = image.copy()
    result = function(image)
    np.testing.assert_array_equal(image, kept, err_msg="the argument was changed")
    assert not np.shares_memory(result, image), "the result shares memory with the argument"
    assert result.flags.writeable, "the result is read-only"
    for layout in layouts(image).values():
        np.testing.assert_array_equal(function(layout), result, strict=True)
        np.testing.assert_array_equal(layout, kept, err_msg="the argument was changed")
        assert not np.shares_memory(function(layout), layout), "the result shares memory"


# nbval ------------------------------------------------------------------------------------------


def _execute_with_history(self, cell_input, allow_stdin=None):
    """Run a cell with history, as Jupyter does; without it a trailing ``;`` hides nothing."""
    return self.kc.execute(
        cell_input, store_history=True, allow_stdin=allow_stdin, stop_on_error=False
    )


RunningKernel.execute_cell_input = _execute_with_history


def pytest_collection_modifyitems(config, items):
    """Compare no outputs of MNIST without MNIST; let several processes begin with what takes long.

    Notebooks that show MNIST then run on drawn digits. Their assertions must hold for both.
    """
    cells = [item for item in items if isinstance(item, IPyNbCell)]
    readers = {cell.parent for cell in cells if "load_mnist(" in cell.cell.source}
    if readers and load_mnist("test").source != "MNIST":
        for cell in cells:
            if cell.parent in readers:
                cell.options["check"] = False
    if hasattr(config, "workerinput"):  # a process of xdist: what takes longest comes first
        items.sort(key=lambda item: (not isinstance(item, IPyNbCell), item.parent not in readers))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """After a notebook's last cell, fail if the notebook was over its budget."""
    yield
    if not isinstance(item, IPyNbCell):
        return
    *_, last = (cell for cell in item.parent.nb.cells if cell.cell_type == "code")
    if item.cell is last:
        budget = budgets(item.config.rootpath / "README.md").get(item.path.name)
        faults = budget and over_budget(cost_of(item.parent.kernel.km.provisioner.pid), budget)
        assert not faults, f"{item.path.name} is over its budget in README.md: {faults}"
