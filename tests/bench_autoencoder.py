"""The targets of notebook 05 on real MNIST, for ``make bench``: it is run without checkpoints."""

import json
import os
import tempfile
import time
from pathlib import Path
from unittest import mock

import nbformat
from execute_notebooks import NOTEBOOKS, client_for
from tqdm import tqdm

from course_utils.mnist import _data_root, load_mnist

REPORT = """
import json, resource
json.dumps({
    "threads": torch.get_num_threads(),
    "device": str(dae.best_device()),
    "seconds": residual_history.seconds,
    "held_out": residual_history.held_out,
    "best filter": float(to_beat),
    "residual": [float(residual_error), residual_history.seconds[-1]],
    "dense": [float(dense_error), dense_history.seconds[-1]],
    "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
})
"""


def run_notebook(path):
    """Run the notebook from a fresh kernel; return what REPORT finds there, and the seconds."""
    notebook = nbformat.read(path, as_version=4)
    client = client_for(notebook, path)
    start = time.perf_counter()
    with client.setup_kernel():
        for index, cell in enumerate(tqdm(notebook.cells, leave=False, desc=path.stem)):
            client.execute_cell(cell, index)
        took = time.perf_counter() - start
        notebook.cells.append(nbformat.v4.new_code_cell(REPORT))
        cell = client.execute_cell(notebook.cells[-1], len(notebook.cells) - 1)
    text = cell.outputs[-1]["data"]["text/plain"]
    return json.loads(text[1:-1]), took


def first_below(limit, report):
    """Seconds of training after which the held-out loss was below the limit for the first time."""
    times = [s for s, loss in zip(report["seconds"], report["held_out"]) if loss < limit]
    return min(times, default=float("inf"))


def benchmark():
    """Print the targets and what this machine reaches."""
    if load_mnist("test").source != "MNIST":
        print("\nnotebook 05: no MNIST here, nothing to measure")
        return
    data = _data_root(None)
    with tempfile.TemporaryDirectory() as root:
        (Path(root) / "MNIST").symlink_to((data / "MNIST").resolve(), target_is_directory=True)
        with mock.patch.dict(os.environ, {"COURSE_DATA": root}):
            report, took = run_notebook(NOTEBOOKS / "05_denoising_autoencoder.ipynb")
    (residual, residual_time), (dense, dense_time) = report["residual"], report["dense"]
    rows = [
        ("held-out loss below the lecture's 0.024 after", first_below(0.024, report), 3, "s"),
        ("held-out loss below 0.0091 after", first_below(0.0091, report), 15, "s"),
        (
            "held-out loss below the best filter's after",
            first_below(report["best filter"], report),
            15,
            "s",
        ),
        ("residual network, test MSE", residual, 0.0026, ""),
        ("residual network, time", residual_time, 60, "s"),
        ("the lecture's network, test MSE", dense, 0.0075, ""),
        ("the lecture's network, time", dense_time, 90, "s"),
        ("whole notebook, time", took, 180, "s"),
        ("whole notebook, peak memory", report["megabytes"], 2048, "MB"),
    ]
    print(f"\n{'notebook 05, no checkpoints, ' + report['device']:46}{'here':>9}  target")
    for name, value, limit, unit in rows:
        figure = f"{value:.4f}" if unit == "" else f"{value:.1f} {unit}"
        verdict = "met" if value <= limit else "MISSED"
        print(f"{name:46}{figure:>9}  {verdict} (<= {limit} {unit}".rstrip() + ")")


if __name__ == "__main__":
    benchmark()
