"""What notebooks cost, how a kernel starts, and how notebook 05 learns: for ``make bench``.

Notebooks 05 and 08 are trained from the start, without checkpoints.
"""

import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from unittest import mock

import nbformat
from budgets import cost_of
from execute_notebooks import NOTEBOOKS, client_for
from jupyter_client.manager import start_new_kernel
from tqdm import tqdm

from course_utils.mnist import _data_root, load_mnist

TRAINING = "05_denoising_autoencoder"
LECTURE_ERROR, FILTER_ERROR = 0.024, 0.0091  # where the lecture ends; the best classical filter
REPORT = """
import json
json.dumps({
    "device": str(dae.best_device()),
    "best filter": float(to_beat),
    **{
        name: {"seconds": history.seconds, "held_out": history.held_out, "error": float(error)}
        for name, history, error in [
            ("residual", residual_history, residual_error),
            ("dense", dense_history, dense_error),
        ]
    },
})
"""


@contextlib.contextmanager
def no_checkpoints():
    """Point the notebooks to a data root that holds MNIST, if it is here, and nothing else."""
    data = _data_root(None)
    with tempfile.TemporaryDirectory() as root:
        if load_mnist("test").source == "MNIST":
            (Path(root) / "MNIST").symlink_to((data / "MNIST").resolve(), target_is_directory=True)
        with mock.patch.dict(os.environ, {"COURSE_DATA": root}):
            yield


def run_notebook(path, question=None):
    """Run the notebook from a fresh kernel: seconds on the clock, its Cost, the answer's text."""
    notebook = nbformat.read(path, as_version=4)
    client = client_for(notebook, path)
    start = time.perf_counter()
    with client.setup_kernel():
        for index, cell in enumerate(tqdm(notebook.cells, leave=False, desc=path.stem)):
            client.execute_cell(cell, index)
        took, cost, answer = time.perf_counter() - start, cost_of(client.km.provisioner.pid), None
        if question:
            notebook.cells.append(nbformat.v4.new_code_cell(question))
            cell = client.execute_cell(notebook.cells[-1], len(notebook.cells) - 1)
            answer = cell.outputs[-1]["data"]["text/plain"]
    return took, cost, answer


def measure_notebooks(paths=None):
    """Seconds on the clock and Cost of each notebook; what notebook 05 reports of its training."""
    measured, report = {}, None
    with no_checkpoints():
        for path in tqdm(paths or sorted(NOTEBOOKS.glob("[0-9]*.ipynb")), leave=False):
            question = REPORT if path.stem == TRAINING else None
            took, cost, answer = run_notebook(path, question)
            measured[path.name] = took, cost
            if answer:
                report = json.loads(answer[1:-1])
    return measured, report


def first_below(limit, history):
    """Seconds of training after which the held-out loss was below the limit for the first time."""
    times = [s for s, loss in zip(history["seconds"], history["held_out"]) if loss < limit]
    return min(times, default=float("inf"))


def training_targets(report, took, cost):
    """Rows of what notebook 05 should reach on real MNIST: name, value, limit, unit."""
    residual, dense = report["residual"], report["dense"]
    best = report["best filter"]
    return [
        ("held-out loss below the lecture's 0.024", first_below(LECTURE_ERROR, residual), 3, "s"),
        ("held-out loss below 0.0091", first_below(FILTER_ERROR, residual), 15, "s"),
        ("held-out loss below the best filter's", first_below(best, residual), 15, "s"),
        ("residual network, test MSE", residual["error"], 0.0026, ""),
        ("residual network, time", residual["seconds"][-1], 60, "s"),
        ("the lecture's network, test MSE", dense["error"], 0.0075, ""),
        ("the lecture's network, time", dense["seconds"][-1], 90, "s"),
        ("whole notebook, time", took, 180, "s"),
        ("whole notebook, peak memory", cost.megabytes, 2048, "MB"),
    ]


def first_answer(source):
    """Seconds from the start of a kernel until it has run a cell."""
    start = time.perf_counter()
    manager, client = start_new_kernel(cwd=NOTEBOOKS)
    reply = client.execute_interactive(source, output_hook=lambda message: None)
    took = time.perf_counter() - start
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    assert reply["content"]["status"] == "ok"
    return took


def setup_cell(path):
    """Source of the notebook's first code cell."""
    cells = nbformat.read(path, as_version=4).cells
    return next(cell.source for cell in cells if cell.cell_type == "code")


def import_seconds():
    """Seconds of a Python that imports all modules but those that load PyTorch."""
    rooms = ("mnist", "denoising_autoencoder", "autoencoder_family")
    modules = sorted(path.stem for path in (NOTEBOOKS.parent / "course_utils").glob("[a-z]*.py"))
    names = ", ".join(f"course_utils.{name}" for name in modules if name not in rooms)
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", f"import {names}"], check=True)
    return time.perf_counter() - start


def measure_start(rounds=3):
    """Medians of what a student waits for before anything happens, by name."""
    cells = {"a kernel answers 1 + 1": "1 + 1"}
    for name in ("01_histograms", TRAINING):
        cells[f"… the first cell of {name}"] = setup_cell(NOTEBOOKS / f"{name}.ipynb")
    calls = {name: lambda source=source: first_answer(source) for name, source in cells.items()}
    calls["import of all modules without PyTorch"] = import_seconds
    return {
        name: statistics.median(call() for _ in range(rounds))
        for name, call in tqdm(calls.items(), desc="start", leave=False)
    }
