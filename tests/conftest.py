"""What all tests share: images to try, where checkpoints go, and how nbval runs cells."""

import os
from pathlib import Path

import hypothesis
import numpy as np
import pytest
from budgets import budgets, cost_of, over_budget
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from nbval.kernel import RunningKernel
from nbval.plugin import IPyNbCell

from course_utils._files import data_root
from course_utils.mnist import load_mnist

# No deadline: CI machines are busy. Derandomized: the same code gets the same answer each time.
hypothesis.settings.register_profile("course", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("course")


# Checkpoints: what tests train is kept in data/, and not in a data root that they are given.
if (given := os.environ.get("COURSE_DATA")) and "PYTEST_XDIST_WORKER" not in os.environ:
    own = Path(__file__).resolve().parent.parent / "data" / "tests"
    own.mkdir(parents=True, exist_ok=True)
    (own / "MNIST").unlink(missing_ok=True)
    (own / "MNIST").symlink_to((data_root(None) / "MNIST").resolve())
    os.environ["COURSE_DATA"] = str(own)


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
