"""The instructor's report: one student's fault costs that student's row, and nothing else."""

import csv
import io
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import numpy as np
import pytest

from exercises.checker import report
from exercises.checker.catalogue import find, names_of
from exercises.checker.report import Row, as_csv, as_table, rows_of, statements

SETUP = "import numpy as np\nfrom exercises import check, hint, quiz, solution"
EQUALIZE = 'def my_equalize(image):\n    {}\n\n\ncheck("equalize", my_equalize)'
RIGHT = "return (255 * (image[..., None, None] >= image).sum((2, 3)) // image.size).astype('u1')"
OTHER = 'def six():\n    return np.arange(6, dtype=np.uint8)[None]\ncheck("find_lost_level", six)'


def write_notebook(path, *cells):
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(cell) for cell in (SETUP, *cells)]
    nbformat.write(notebook, path)
    return path


# By hand ----------------------------------------------------------------------------------------


def test_right_wrong_and_missing(tmp_path):
    path = write_notebook(
        tmp_path / "ada.ipynb",
        "%matplotlib inline\n!true",
        "def below(image, level):\n    return (image <= level).sum()",
        "class Mine:\n    def __call__(self, image):\n        " + RIGHT,
        EQUALIZE.format("return image"),  # the last answer counts
        EQUALIZE.format("return image") + "\nWHITE = 255\n\n"
        "def mine(image):\n    assert below(image, WHITE)\n    return Mine()(image)\n"
        'check("equalize", mine)\nhint("equalize")',
        "from exercises.checker.catalogue import find\n"
        'check("histogram", find("histogram").misconceptions[1].function)',
    )
    rows = rows_of(path)
    idea = find("histogram").misconceptions[1].name
    assert rows[0] == Row("ada.ipynb", "equalize", "correct")
    assert rows[1] == Row("ada.ipynb", "histogram", "wrong here", idea)
    both = names_of("01_histograms") + names_of("02_equalization")
    assert sorted(row.exercise for row in rows) == sorted(both)
    assert {row.verdict for row in rows[2:]} == {"missing"}


# One student's fault ----------------------------------------------------------------------------

FAULTS = {
    "histogram": ("...", "not written yet"),
    "blend": ("return image[", "syntax error"),
    "cumulative_distribution": ("return image[99, 99]", "raised an error"),
    "darkest_share": ("return np.ones(10**11)", "raised an error"),
    "channel_histograms": ("open('f', 'wb').truncate(10**9)", "raised an error"),
    "find_blind_test": ("import os; os._exit(0)", "crashed"),
    "find_bin_fault": ("import ctypes; ctypes.string_at(0)", "crashed"),
    "equalization_map": ("print('{}'); import os; os.write(1, b'{}'); return 0", "wrong here"),
    "equalize": ("import os; os.closerange(0, 99)", "crashed"),
    "equalize_full_range": ("raise SystemExit", "raised an error"),
    "match_histogram": ("return sum(iter(int, 1))", "too slow or endless"),
    "equalize_luminance": ("np.argmax = np.ndarray = None", "the check itself failed"),
    "find_lost_level": ("return np.arange(6, dtype=np.uint8)[None]", "correct"),
}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
def test_fault_costs_one_row(tmp_path):
    cells = [
        f"def answer(*image):\n    {body}\n\n\ncheck('{name}', answer)"
        for name, (body, _) in FAULTS.items()
    ]
    cells.append('check("compress_contrast", undefined)')
    rows = rows_of(write_notebook(tmp_path / "eve.ipynb", *cells))
    found = {row.exercise: row.verdict for row in rows if row.verdict != "missing"}
    expected = {name: verdict for name, (_, verdict) in FAULTS.items()}
    assert found == {**expected, "compress_contrast": "not defined"}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who waits")
def test_process_that_heeds_nothing_is_ended_with_what_it_started(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "SECONDS", 3)
    body = (
        "import signal, subprocess; signal.pthread_sigmask(signal.SIG_BLOCK, [14]); "
        f"child = subprocess.Popen(['sleep', '900']); open({str(tmp_path / 'child')!r}, 'w')"
        ".write(str(child.pid)); child.wait()"
    )
    others = [f'check("{name}", lambda *_: None)' for name in names_of("02_equalization")]
    cells = [other for other in others if '"equalize"' not in other]
    rows = rows_of(write_notebook(tmp_path / "d.ipynb", EQUALIZE.format(body), *cells))
    assert [row.verdict for row in rows] == [
        "too slow or endless",
        *["not written yet"] * len(cells),
    ]
    child = Path("/proc", (tmp_path / "child").read_text(), "stat")
    assert not child.exists() or child.read_text().split()[2] == "Z"


@pytest.mark.parametrize("content", [b"", b'{"cells": [', bytes(range(256)), b"[]"])
def test_damaged_notebook_is_a_row(tmp_path, content):
    (tmp_path / "x.ipynb").write_bytes(content)
    (row,) = rows_of(tmp_path / "x.ipynb")
    assert row.notebook == "x.ipynb"
    assert row.verdict.startswith("unreadable")


def test_absent_notebook_and_notebook_without_exercises(tmp_path):
    assert rows_of(tmp_path / "y.ipynb")[0].verdict == "unreadable (FileNotFoundError)"
    assert rows_of(write_notebook(tmp_path / "z.ipynb"))[0].verdict == "no exercises"


def test_long_work_elsewhere_in_the_notebook_is_not_run():
    assert len(statements("import time\ntime.sleep(1000)\nx = train()")) == 1
    assert len(statements('limit = 3\ncheck("equalize", f)\nhint("equalize")')) == 1


# The command ------------------------------------------------------------------------------------


def command(*arguments):
    line = [sys.executable, "-m", "exercises", "report", *map(str, arguments)]
    return subprocess.run(line, capture_output=True, text=True)


def test_command_prints_a_table_and_writes_csv(tmp_path):
    path = write_notebook(tmp_path / "ada, the first.ipynb", EQUALIZE.format(RIGHT))
    done = command(path, "--csv", tmp_path / "all.csv")
    assert done.returncode == 0, done.stderr
    with open(tmp_path / "all.csv", newline="") as file:
        first = next(row for row in csv.DictReader(file) if row["exercise"] == "equalize")
    assert first["notebook"] == "ada, the first.ipynb"
    assert first["verdict"] == "correct"
    again = command(path, "--csv", tmp_path / "all.csv")
    assert again.returncode == 1
    assert "exists already" in again.stderr


def test_rows_come_in_the_order_of_the_notebooks(tmp_path):
    names = [f"{number}.ipynb" for number in np.random.default_rng(0).permutation(4)]
    paths = [write_notebook(tmp_path / name) for name in names]
    assert [row.notebook for row in report.report(paths)] == names


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_reader_who_stops_gets_what_is_done(monkeypatch):
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored if started in the background
    stopped, begun = threading.Event(), []

    class Pool(ThreadPoolExecutor):
        def shutdown(self, wait=True, **options):
            super().shutdown(wait=False, **options)
            stopped.set()

    def rows(path):
        begun.append(path)
        if path == 1:
            os.kill(os.getpid(), signal.SIGINT)
            stopped.wait()
        return [path]

    monkeypatch.setattr(report, "ThreadPoolExecutor", Pool)
    monkeypatch.setattr(report, "rows_of", rows)
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    assert report.report(range(9))[:1] == [0]
    assert begun == [0, 1], "what was queued is not begun"


def test_table_and_csv():
    rows = [Row("a.ipynb", "equalize", "correct"), Row("long name.ipynb", "x", "wrong here", "why")]
    assert as_table(rows).splitlines() == [
        "notebook         exercise  verdict     misconception",
        "a.ipynb          equalize  correct",
        "long name.ipynb  x         wrong here  why",
    ]
    assert list(csv.reader(io.StringIO(as_csv(rows))))[2] == [
        "long name.ipynb",
        "x",
        "wrong here",
        "why",
    ]
