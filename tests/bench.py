"""Speed and memory, measured: ``make bench`` prints tables, and stores them beside a plot.

``python tests/bench.py helpers`` measures one part only; the others are ``start``, ``notebooks``,
``training`` and ``website``. Tables and plot go to docs/build/bench: bench.md and bench.png.
"""

import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import timeit
import tracemalloc
from pathlib import Path
from unittest import mock

import cv2
import nbformat
import torch
from bench_helpers import AT_LEAST, LOOP, OWN, ROWS, WHY, arguments
from budgets import TOLERANCE, budgets, cost_of, over_budget
from execute_notebooks import NOTEBOOKS, client_for
from matplotlib.figure import Figure
from tqdm import tqdm

from course_utils.mnist import data_root, load_mnist

ROOT = NOTEBOOKS.parent
FOLDER = ROOT / "docs" / "build" / "bench"
SIDES = SMALL, MEDIUM, LARGE = 256, 1024, 4096  # each with 16 times as many pixels
PATIENCE = 2  # seconds of the processor for the turns of one row at one size
BUILD = 240  # seconds for the website on two cores
LONGEST = 8  # seconds; a peer that would take longer at the next size is left out there
STYLES = {  # how a code begins: its library, a colour of Okabe & Ito, a marker
    OWN: ("this course", "black", "o"),
    LOOP: (f"a loop, at {SMALL} x {SMALL}", "#999999", "*"),
    "np": ("NumPy", "#E69F00", "s"),
    "scipy": ("SciPy", "#0072B2", "^"),
    "skimage": ("scikit-image", "#D55E00", "v"),
    "cv2": ("OpenCV", "#009E73", "D"),
    "torch": ("PyTorch", "#CC79A7", "X"),
}
TRAINING = NOTEBOOKS / "05_denoising_autoencoder.ipynb"
TARGETS = {  # of notebook 05 on MNIST: its code that tells the value, and the most it may be
    "held-out loss below that of the best simple method, seconds": ("first_below(to_beat)", 15),
    "residual network, test error": ("residual_error", 0.0020),
    "residual network, seconds": ("residual_history.seconds[-1]", 60),
    "the lecture's network, seconds": ("dense_history.seconds[-1]", 60),
}
QUESTION = f"""
import json

def first_below(limit):
    pairs = zip(residual_history.seconds, residual_history.held_out)
    return min((seconds for seconds, loss in pairs if loss < limit), default=float("inf"))

values = [{", ".join(code for code, _ in TARGETS.values())}]
costs = {{name: [float(yardsticks[name]), seconds[name]] for name in yardsticks}}
costs["the lecture's network"] = [float(dense_error), dense_history.seconds[-1]]
costs["residual network"] = [float(residual_error), residual_history.seconds[-1]]
print(json.dumps([list(map(float, values)), costs]))
"""


def markdown(*rows):
    """Table in Markdown, the header first, its columns as wide as their widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    lines = [rows[0], ["-" * width for width in widths], *rows[1:]]
    padded = ([cell.ljust(width) for cell, width in zip(line, widths)] for line in lines)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in padded)


def short(value):
    return f"{float(f'{value:.3g}'):g}"


def judged(kept, promise):
    return f"{'met' if kept else 'MISSED'} ({promise})"


# Helpers ----------------------------------------------------------------------------------------


def best_times(calls):
    """Least processor time of each call, in seconds.

    They take turns, so that a busy moment of the machine hits all alike; three times a turn, so
    that none pays for the cache that its neighbour emptied.
    """
    times = [[] for _ in calls]
    stop = time.process_time() + PATIENCE
    while not times[0] or time.process_time() < stop:
        for call, taken in zip(calls, times):
            repeat = 3 if taken and taken[0] < 0.1 else 1
            taken += timeit.repeat(call, timer=time.process_time, number=1, repeat=repeat)
    return [min(taken) for taken in times]


def measure(codes, images):
    """Seconds of each code by side: loops at the smallest only, and no peer that takes too long."""
    seconds, chosen = {code: {} for code in codes}, list(codes)
    for side in SIDES:
        calls = [functools.partial(codes[code], *images[side]) for code in chosen]
        for code, taken in zip(chosen, best_times(calls)):
            seconds[code][side] = taken
        quick = [code for code in chosen if 16 * seconds[code][side] < LONGEST]
        chosen = [code for code in chosen if code == OWN or (code in quick and code != LOOP)]
    return seconds


def extra_memory(function, *images):
    """Most that a call holds at a time, in images of float32; what Python and NumPy allocate."""
    tracemalloc.start()
    try:
        function(*images)
        return tracemalloc.get_traced_memory()[1] / (4 * images[0].size)
    finally:
        tracemalloc.stop()


def verdict(helper, code, ratios):
    """Say whether a peer takes as many times as long as the helper as it should, by side; or why.

    At the middle side AT_LEAST says how many; SciPy and scikit-image are never as fast, but for
    what WHY names.
    """
    limit = AT_LEAST.get((helper, code), 0)
    kept = ratios.get(MEDIUM, ratios[SMALL]) >= limit
    promises = [f">= {limit:g} x"] if limit else []
    if code.startswith(("scipy", "skimage")) and (helper, code) not in WHY:
        kept = kept and min(ratios.values()) > 1
        promises.append("> 1 x at all sizes")
    said = [judged(kept, ", ".join(promises))] if promises else []
    reason = WHY.get((helper, code), WHY.get(code.split(".")[0].split()[0]))
    if reason and min(ratios.values()) < 1:
        said.append(f"faster: {reason}")
    return "; ".join(said)


def helpers():
    """How long each helper and its peers take, and how many times as long as the helper."""
    images = {side: arguments(side) for side in SIDES}
    header = "helper, and its peers", *(f"{side} x {side}" for side in SIDES), "memory", "target"
    lines, dots = [header], {prefix: [] for prefix in STYLES}
    rows = [(kind, *row) for kind, group in ROWS.items() for row in group.items()]
    for kind, helper, codes in tqdm(rows, leave=False):
        memory = {OWN: f"{extra_memory(codes[OWN], *images[MEDIUM][kind]):.1f} x"}
        seconds = measure(codes, {side: images[side][kind] for side in SIDES})
        for code, taken in seconds.items():
            ratios = {side: taken[side] / seconds[OWN][side] for side in taken}
            ratio = ratios.get(MEDIUM, ratios[SMALL])
            cells = {
                side: f"{short(1e3 * taken[side])} ms = {short(ratios[side])} x" for side in taken
            }
            name = f"**{helper}**" if code == OWN else code
            said = memory.get(code, ""), verdict(helper, code, ratios)
            lines.append((name, *(cells.get(side, "") for side in SIDES), *said))
            library = next(prefix for prefix in STYLES if code.startswith(prefix))
            dots[library].append((ratio, helper))
    draw(dots)
    return markdown(*lines)


def draw(dots):
    """Plot how many times as long as the helper its peers take."""
    figure = Figure(figsize=(11, 10), layout="constrained")
    axes = figure.subplots()
    for prefix, (library, color, marker) in STYLES.items():
        axes.plot(*zip(*dots[prefix]), marker, color=color, markersize=9, label=library)
    axes.invert_yaxis()
    axes.grid(alpha=0.3)
    axes.set(xscale="log", xlabel="times as long as the helper; on the right, the helper is faster")
    axes.set_title(f"Processor time of one thread, {MEDIUM} x {MEDIUM}")
    figure.legend(loc="outside upper center", ncols=len(STYLES))
    figure.savefig(FOLDER / "bench.png", dpi=90)


# Kernels and notebooks --------------------------------------------------------------------------


def run(path, first=None, question="0"):
    """Run (the first) code cells in a fresh kernel: seconds on the clock, Cost, outputs at the end.

    Its data root holds MNIST, if it is here, and nothing else: networks are trained from the start,
    and checkpoints go with it.
    """
    notebook = nbformat.read(path, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"][:first]
    notebook.cells = [*cells, nbformat.v4.new_code_cell(question)]
    client = client_for(notebook, path)
    with tempfile.TemporaryDirectory() as root, mock.patch.dict(os.environ):
        if load_mnist("test").source == "MNIST":
            (Path(root) / "MNIST").symlink_to((data_root(None) / "MNIST").resolve())
        os.environ["COURSE_DATA"] = root
        start = time.perf_counter()
        with client.setup_kernel():
            for index, cell in enumerate(tqdm(notebook.cells, leave=False, desc=path.stem)):
                client.execute_cell(cell, index)
            took = time.perf_counter() - start
            return took, cost_of(client.km.provisioner.pid), notebook.cells[-1].outputs


@functools.cache
def run_training():
    return run(TRAINING, question=QUESTION if load_mnist("test").source == "MNIST" else "0")


def start():
    """What a student waits for before anything happens, the best of three."""
    waits = {"a kernel answers": (TRAINING, 0)}
    for path in (NOTEBOOKS / "01_histograms.ipynb", TRAINING):
        waits[f"and has run the first cell of {path.stem}"] = (path, 1)
    best = {name: min(run(*what)[0] for _ in range(3)) for name, what in waits.items()}
    return markdown(("start", "here"), *((name, f"{took:.1f} s") for name, took in best.items()))


def notebooks():
    """What each notebook costs, beside the README's budget."""
    lines = [
        ("notebook", "on the clock", "processor", "memory", f"within {TOLERANCE} x its budget")
    ]
    for name, budget in budgets(ROOT / "README.md").items():
        path = NOTEBOOKS / name
        took, cost, _ = run_training() if path == TRAINING else run(path)
        figures = f"{took:.0f} s", f"{cost.seconds:.0f} s", f"{cost.megabytes:.0f} MB"
        promise = "{:.0f} s, {:.0f} MB".format(*budget)
        lines.append((path.stem, *figures, judged(not over_budget(cost, budget), promise)))
    return markdown(*lines)


def training():
    """What notebook 05 reaches on MNIST, beside what it should; and all its methods."""
    *_, (output,) = run_training()
    if output.output_type != "stream":
        return "The targets of training are for MNIST, which is not here."
    values, costs = json.loads(output.text)
    lines = [(TRAINING.stem, "here", "target")]
    for (name, (_, limit)), value in zip(TARGETS.items(), values):
        lines.append((name, short(value), judged(value <= limit, f"<= {limit}")))
    ranked = sorted(costs.items(), key=lambda item: item[1], reverse=True)
    rows = ((name, f"{error:.4f}", f"{took:.1f} s") for name, (error, took) in ranked)
    return f"{markdown(*lines)}\n\n{markdown(('method', 'test error', 'seconds'), *rows)}"


def website():
    """How long slides and pages take to build, with nothing kept from an earlier build."""
    if not (ROOT / "docs" / "node_modules").is_dir():
        return "The website needs npm: run `make site` once."
    for built in FOLDER.parent.iterdir():
        if built != FOLDER:
            shutil.rmtree(built)
    start = time.perf_counter()
    for script in ("make_slides.py", "make_site.py"):
        command = [sys.executable, ROOT / "docs" / script]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    took = time.perf_counter() - start
    figures = f"{took:.0f} s", judged(took <= BUILD, f"<= {BUILD} s")
    return markdown(("website", "here", "target"), ("slides and pages", *figures))


PARTS = {part.__name__: part for part in (helpers, start, notebooks, training, website)}


def main(names):
    if unknown := set(names) - set(PARTS):
        sys.exit(f"{', '.join(unknown)}: the parts are {', '.join(PARTS)}")
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    FOLDER.mkdir(parents=True, exist_ok=True)
    tables = []
    for name in names or PARTS:
        tables.append(PARTS[name]())
        print(tables[-1], end="\n\n", flush=True)
    (FOLDER / "bench.md").write_text("\n\n".join(tables) + "\n", encoding="utf-8")
    print(f"stored in {FOLDER.relative_to(ROOT)}")


if __name__ == "__main__":
    main(sys.argv[1:])
