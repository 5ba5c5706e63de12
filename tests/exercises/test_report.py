"""The instructor's report: one student's fault costs that student's row, and nothing else."""

import csv
import io
import subprocess
import sys
import time

import nbformat
import numpy as np
import pytest

from exercises.checker import apart, report
from exercises.checker.catalogue import names_of
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


def verdicts_of(path, *names):
    verdicts = {row.exercise: row.verdict for row in rows_of(path)}
    return [verdicts[name] for name in names or ["equalize"]]


# By hand ----------------------------------------------------------------------------------------


def test_right_wrong_and_missing(tmp_path):
    path = write_notebook(
        tmp_path / "ada.ipynb",
        EQUALIZE.format("return np.rint(255 * (image[..., None, None] >= image).mean((2, 3)))"),
        EQUALIZE.format(RIGHT),  # the last answer counts
        OTHER,
    )
    rows = {row.exercise: row for row in rows_of(path)}
    assert rows["equalize"] == Row("ada.ipynb", "equalize", "correct")
    assert rows["find_lost_level"].verdict == "correct"
    of_notebook = names_of("02_equalization")
    assert list(rows) == of_notebook
    assert {rows[name].verdict for name in of_notebook[2:]} <= {"missing", "correct"}


def test_misconception_is_named(tmp_path):
    body = (
        "t = 255 * (image[..., None, None] >= image).mean((2, 3)); return np.rint(t).astype('u1')"
    )
    rows = rows_of(write_notebook(tmp_path / "bob.ipynb", EQUALIZE.format(body)))
    assert ("wrong here", "rounds to the nearest level") in [
        (row.verdict, row.misconception) for row in rows
    ]


def test_helpers_of_the_notebook_are_there(tmp_path):
    path = write_notebook(
        tmp_path / "helpers.ipynb",
        "%matplotlib inline\n!true",
        "def below(image, level):\n    return (image <= level).sum()",
        "WHITE = 255\n" + EQUALIZE.format(RIGHT.replace("255", "(WHITE + 0 * below(image, 0))")),
    )
    assert verdicts_of(path) == ["correct"]


# One student's fault ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ("...", "not written yet"),
        ("return image[", "syntax error"),
        ("return image[99, 99]", "raised an error"),
        ("return np.ones(10**11)", "raised an error"),
        ("open('f', 'wb').truncate(10**9); return image", "raised an error"),
        ("import os; os._exit(0)", "crashed"),
        ("import ctypes; ctypes.string_at(0)", "crashed"),
        ("print('{}'); import os; os.write(1, b'{}'); return image", "wrong here"),
        ("raise SystemExit", "raised an error"),
    ],
)
def test_fault_costs_one_row(tmp_path, body, verdict):
    path = write_notebook(tmp_path / "eve.ipynb", EQUALIZE.format(body), OTHER)
    assert verdicts_of(path, "equalize", "find_lost_level") == [verdict, "correct"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
def test_files_and_processes_are_limited(tmp_path):
    limits = f"r.RLIMIT_FSIZE: {apart.FILE}, r.RLIMIT_NPROC: {apart.PROCESSES}"
    body = f"assert all(0 < r.getrlimit(n)[1] <= m for n, m in {{{limits}}}.items()); {RIGHT}"
    path = write_notebook(tmp_path / "l.ipynb", "import resource as r\n" + EQUALIZE.format(body))
    assert verdicts_of(path) == ["correct"]


def test_endless_loop_within_c(tmp_path):
    path = write_notebook(tmp_path / "c.ipynb", EQUALIZE.format("sum(iter(int, 1))"), OTHER)
    assert verdicts_of(path, "equalize", "find_lost_level") == ["too slow or endless", "correct"]


def test_process_that_heeds_nothing_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "SECONDS", 6)
    body = "import signal, time; signal.pthread_sigmask(signal.SIG_BLOCK, [14]); time.sleep(900)"
    names = names_of("02_equalization")[1:]
    others = [f'check("{name}", lambda *_: None)' for name in names]
    start = time.monotonic()
    rows = rows_of(write_notebook(tmp_path / "d.ipynb", EQUALIZE.format(body), *others))
    assert [row.verdict for row in rows] == ["too slow or endless", *["not written yet"] * 8]
    assert time.monotonic() - start < 9 * report.SECONDS, "one answer waits, not nine"


def test_answer_that_closes_all_files_costs_one_row(tmp_path):
    path = write_notebook(
        tmp_path / "f.ipynb", EQUALIZE.format("import os; os.closerange(0, 99)"), OTHER
    )
    assert verdicts_of(path, "equalize", "find_lost_level") == ["crashed", "correct"]


def test_name_that_was_never_defined(tmp_path):
    path = write_notebook(tmp_path / "n.ipynb", 'check("equalize", my_equalize)')
    assert verdicts_of(path) == ["not defined"]


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
