"""Speed and memory, shown: ``make bench`` prints one table, and stores it beside a plot.

They go to docs/build/bench: bench.md and bench.png.
"""

from pathlib import Path

import cv2
import torch
from bench_helpers import LOOP, SIDES, library_of, measure_helpers
from bench_notebooks import (
    FILTER_ERROR,
    LECTURE_ERROR,
    TRAINING,
    measure_notebooks,
    measure_start,
    training_targets,
)
from budgets import TOLERANCE, budgets, over_budget
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from course_utils.mnist import load_mnist

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "build" / "bench"
STYLES = {  # of Okabe & Ito, and a marker each, for colour-blind readers
    "course_utils": ("black", "o"),
    LOOP: ("#999999", "*"),
    "NumPy": ("#E69F00", "s"),
    "SciPy": ("#0072B2", "^"),
    "scikit-image": ("#D55E00", "v"),
    "OpenCV": ("#009E73", "D"),
    "PyTorch": ("#CC79A7", "X"),
}
COLUMNS = 5


# The table --------------------------------------------------------------------------------------


def markdown(header, rows):
    """Table in Markdown, its columns as wide as their widest cell."""
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(header, *rows)]
    lines = [header, ["-" * width for width in widths], *rows]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |"
        for line in lines
    )


def judged(value, limit, unit=""):
    return f"{'met' if value <= limit else 'MISSED'} (<= {limit} {unit}".rstrip() + ")"


def helper_table(rows):
    """Milliseconds of each code, and how many times as long as the helper it takes."""
    lines = []
    for row in rows:
        own = row.code == row.operation
        cells = []
        for side in SIDES:
            text = f"{1e3 * row.seconds[side]:.3g} ms" if side in row.seconds else ""
            text += f" = {row.ratios[side]:.2g} x" if side in row.ratios and not own else ""
            cells.append(text)
        memory = "" if row.memory is None else f"{row.memory:.1f} x"
        lines.append((f"**{row.code}**" if own else row.code, *cells, memory, row.verdict))
    header = ("helper, and its peers", *(f"{side} x {side}" for side in SIDES), "memory", "target")
    return markdown(header, lines)


def notebook_table(notebooks):
    allowed, lines = budgets(ROOT / "README.md"), []
    for name, (took, cost) in notebooks.items():
        faults = ", ".join(over_budget(cost, allowed[name]))
        figures = f"{took:.0f} s", f"{cost.seconds:.0f} s", f"{cost.megabytes:.0f} MB"
        budget = "{:.0f} s, {:.0f} MB".format(*allowed[name])
        lines.append((name, *figures, budget, faults and f"MISSED: {faults}" or "met"))
    header = ("notebook", "on the clock", "processor", "memory", "budget", f"within {TOLERANCE} x")
    return markdown(header, lines)


def training_table(report, took, cost):
    lines = []
    for name, value, limit, unit in training_targets(report, took, cost):
        figure = f"{value:.1f} {unit}" if unit else f"{value:.4f}"
        lines.append((name, figure, judged(value, limit, unit)))
    return markdown((f"{TRAINING}, no checkpoints, {report['device']}", "here", "target"), lines)


# The plot ---------------------------------------------------------------------------------------


def draw_operation(axes, rows):
    """Milliseconds against the side, one line a code; a library's second function is dashed."""
    drawn = set()
    for row in rows:
        library = "course_utils" if row.code == row.operation else library_of(row.code)
        color, marker = STYLES[library]
        times = [1e3 * row.seconds[side] for side in row.seconds]
        axes.loglog(
            list(row.seconds),
            times,
            color=color,
            marker=marker,
            markersize=8 if library == LOOP else 5,
            linestyle="--" if library in drawn else "-",
            linewidth=2.5 if library == "course_utils" else 1.2,
            zorder=3 if library == "course_utils" else 2,
            label=library,
        )
        drawn.add(library)
    axes.set_title(f"{rows[0].operation}   (memory {rows[0].memory:.1f} ×)", fontsize=10)
    axes.set_xticks(list(SIDES), [f"{side}²" for side in SIDES])
    axes.minorticks_off()
    axes.grid(alpha=0.3)


def draw_notebooks(axes, notebooks):
    allowed = budgets(ROOT / "README.md")
    names = [name.removesuffix(".ipynb") for name in notebooks]
    axes.barh(names, [took for took, _ in notebooks.values()], color="#56B4E9", label="here")
    budget = [allowed[name].seconds for name in notebooks]
    axes.plot(budget, names, "k|", markersize=14, markeredgewidth=2.5, label="README")
    axes.invert_yaxis()
    axes.set(title="seconds a notebook takes", xlabel="s")
    axes.legend()


def draw_start(axes, waits):
    bars = axes.barh(list(waits), list(waits.values()), color="#56B4E9")
    axes.bar_label(bars, fmt=" %.1f s")
    axes.invert_yaxis()
    axes.margins(x=0.2)
    axes.set(title="seconds until the course answers", xlabel="s")


def draw_training(axes, report):
    for name, color in [("dense", "#D55E00"), ("residual", "#0072B2")]:
        axes.loglog(report[name]["seconds"], report[name]["held_out"], color=color, label=name)
    for error, name in [(LECTURE_ERROR, "the lecture's"), (FILTER_ERROR, "best filter")]:
        axes.axhline(error, color="black", linestyle=":")
        axes.text(axes.get_xlim()[0], error, f" {name}: {error}", va="bottom", fontsize=9)
    axes.set(title="held-out error of the autoencoders", xlabel="s of training", ylabel="MSE")
    axes.legend()


def draw(rows, notebooks, report, waits):
    """All in one figure: a panel each for the helpers, and below them the notebooks."""
    operations = {}
    for row in rows:
        operations.setdefault(row.operation, []).append(row)
    lines = -(-len(operations) // COLUMNS)
    figure = Figure(figsize=(20, 3 * lines + 6), layout="constrained")
    above, below = figure.subfigures(2, 1, height_ratios=(3 * lines, 5))
    panels = above.subplots(lines, COLUMNS, sharex=True, squeeze=False)
    for axes, of_one in zip(panels.flat, operations.values()):
        draw_operation(axes, of_one)
    for axes in panels.flat[len(operations) :]:
        axes.axis("off")
    for axes in panels[:, 0]:
        axes.set_ylabel("ms")
    keys = [Line2D([], [], color=color, marker=marker) for color, marker in STYLES.values()]
    above.legend(
        keys,
        list(STYLES),
        ncols=len(STYLES),
        loc="outside upper center",
        fontsize=12,
        title="Processor time of one thread. In brackets: the most extra memory at 4096², "
        "as a multiple of the image in float32. Dashed: another function of that library.",
        title_fontsize=12,
    )
    panels = below.subplots(1, 3)
    draw_notebooks(panels[0], notebooks)
    draw_start(panels[1], waits)
    if report:
        draw_training(panels[2], report)
    return figure


def main():
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    tables = []

    def show(table):
        print(table, end="\n\n", flush=True)
        tables.append(table)

    rows = measure_helpers()
    show(helper_table(rows))
    waits = measure_start()
    show(markdown(("start", "here"), [(name, f"{took:.1f} s") for name, took in waits.items()]))
    notebooks, report = measure_notebooks()
    show(notebook_table(notebooks))
    if load_mnist("test").source == "MNIST":
        show(training_table(report, *notebooks[f"{TRAINING}.ipynb"]))
    else:
        report = None  # the targets are for MNIST
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "bench.md").write_text("\n\n".join(tables) + "\n", encoding="utf-8")
    draw(rows, notebooks, report, waits).savefig(FOLDER / "bench.png", dpi=90)
    print(f"stored in {FOLDER.relative_to(ROOT)}: bench.md and bench.png")


if __name__ == "__main__":
    main()
