"""Judge the answers in students' notebooks, each in a process of its own with limits."""

import ast
import contextlib
import csv
import io
import json
import os
import queue
import re
import signal
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path

import nbformat
from IPython.core.inputtransformer2 import TransformerManager
from tqdm import tqdm

from exercises.checker.apart import Died, be_expendable, times, wait
from exercises.checker.cards import TITLES
from exercises.checker.catalogue import all_names, find, names_of
from exercises.checker.judge import judge
from exercises.checker.running import contained, run

SECONDS = 30  # for one answer; only one that cannot be stopped from within takes longer
BROKEN = TITLES["broken"]
OURS = ("check", "hint", "quiz", "solution")
DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
CHECK = re.compile(r"""^check\(\s*["'](\w+)["']""", re.M)


@dataclass(frozen=True)
class Row:
    """One line of the report."""

    notebook: str
    exercise: str
    verdict: str
    misconception: str = ""


# Reading a notebook -----------------------------------------------------------------------------


def code_cells(path):
    """Read the code of a notebook.

    Parameters
    ----------
    path : path

    Returns
    -------
    list of str
        IPython's own commands are turned into calls.

    Raises
    ------
    Exception
        Of many kinds, if the file is not a notebook.
    """
    notebook = nbformat.read(path, as_version=4)
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    return [TransformerManager().transform_cell(source) for source in sources]


def exercises_in(cells):
    """List the names of the exercises that the cells check, each once."""
    names = [name for cell in cells for name in CHECK.findall(cell)]
    return list(dict.fromkeys(names))


def _is_ours(statement):
    """Whether a statement is a call of `check` and its like."""
    call = getattr(statement, "value", None)
    return isinstance(call, ast.Call) and getattr(call.func, "id", "") in OURS


def statements(cell):
    """List what must be run of a cell before its answers can be judged.

    That is everything in a cell with a check, and the definitions in the others: they may hold a
    training of minutes. A cell that Python cannot read gives nothing.
    """
    try:
        tree = ast.parse(cell)
    except (SyntaxError, ValueError):
        return []
    has_check = bool(CHECK.search(cell))
    wanted = [step for step in tree.body if has_check or isinstance(step, DEFINITIONS)]
    return [compile(ast.Module([s], []), "answer", "exec") for s in wanted if not _is_ours(s)]


# In the process that runs the student's code ----------------------------------------------------


def judge_answers(path, names):
    """Write one line of JSON for each of the named exercises, as soon as it is judged."""
    lines = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    cells, space = code_cells(path), {}
    be_expendable()
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), contained():
        for cell in cells:
            for step in statements(cell):
                run(lambda step=step: exec(step, space), {})
            for name in CHECK.findall(cell):
                if name in names:
                    found = _judge_one(name, cell, space)
                    print(json.dumps([name, *found]), file=lines, flush=True)
                    if found[0] == BROKEN:  # perhaps by this answer: go on in a new process
                        return


def _judge_one(name, cell, space):
    """Return the verdict on one answer, and the name of the misconception."""
    try:
        tree = ast.parse(cell)
    except (SyntaxError, ValueError):
        return "syntax error", ""
    given = [call for call in ast.walk(tree) if _is_check_of(name, call)]
    outcome = run(lambda: eval(ast.unparse(given[-1].args[1]), space), {})
    if outcome.value is None:
        return "not defined", ""
    verdict = judge(find(name), outcome.value)
    return TITLES[verdict.kind], verdict.misconception.name if verdict.misconception else ""


def _is_check_of(name, node):
    """Whether a node is a call of `check` with this name and an answer."""
    is_check = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "check"
    return is_check and len(node.args) == 2 and getattr(node.args[0], "value", None) == name


# In the process that reports --------------------------------------------------------------------


def _end(process):
    """End a process and all that it has started."""
    if sys.platform == "win32":
        process.kill()
        return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _judged(path, names):
    """Start the process; return what it found about the first of the names, and how it ended."""
    command = [sys.executable, "-m", "exercises", "judge", str(path), *names]
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, text=True, start_new_session=True, **pipes)
    lines, judged = queue.SimpleQueue(), []
    threading.Thread(target=_pass_on, args=(process.stdout, lines), daemon=True).start()
    try:
        while line := _next_line(lines, process.pid):
            judged.append(json.loads(line))
        is_slow = Died(process.wait(SECONDS)).is_slow
    except (TimeoutError, subprocess.TimeoutExpired):
        is_slow = True
    finally:
        _end(process)
        process.wait()
    return judged, TITLES["slow"] if is_slow else "crashed"


def _pass_on(stream, lines):
    """Put the lines of a stream into a queue, which can be waited for with a limit."""
    for line in stream:
        lines.put(line)
    lines.put("")


def _next_line(lines, process_id):
    """Wait for a line, while the process computes, for SECONDS at most, or for a processor."""
    found, limit = [], times(process_id)[0] + SECONDS

    def poll(seconds):
        with contextlib.suppress(queue.Empty):
            found.append(lines.get(timeout=seconds))
        return bool(found)

    def work_done():
        computed, waited = times(process_id)
        return computed + waited if computed < limit else 0

    if not wait(poll, work_done, SECONDS):
        raise TimeoutError
    return found[0]


def rows_of(path):
    """Judge all answers of one notebook.

    Parameters
    ----------
    path : path

    Returns
    -------
    list of Row
        One an exercise: those that the notebook checks, in its order, then those that it misses.
        One row only if the file is no notebook.
    """
    path = Path(path).resolve()
    known = all_names()
    try:
        found = [name for name in exercises_in(code_cells(path)) if name in known]
    except Exception as error:  # damaged in any way
        return [Row(path.name, "", f"unreadable ({type(error).__name__})")]
    verdicts, left = {}, list(found)
    while left:
        judged, end = _judged(path, left)
        verdicts |= {name: (verdict, idea) for name, verdict, idea in judged}
        left = [name for name in left if name not in verdicts]
        if left and (not judged or judged[-1][1] != BROKEN):  # the process died of the first one
            verdicts[left.pop(0)] = (end, "")
    missing = [
        name for book in dict.fromkeys(known[name] for name in found) for name in names_of(book)
    ]
    wanted = list(dict.fromkeys(found + missing))
    if not wanted:
        return [Row(path.name, "", "no exercises")]
    return [Row(path.name, name, *verdicts.get(name, ("missing", ""))) for name in wanted]


def report(paths):
    """Judge the answers of many notebooks, as many at a time as there are processors.

    Parameters
    ----------
    paths : list of path

    Returns
    -------
    list of Row
        In the order of the paths. After Ctrl-C: of the notebooks that were done.
    """
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        futures = [pool.submit(rows_of, path) for path in paths]
        try:
            for _ in tqdm(as_completed(futures), total=len(futures), unit="notebook"):
                pass
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
    done = [future for future in futures if future.done() and not future.cancelled()]
    return [row for future in done for row in future.result()]


def as_table(rows):
    """Write rows as a table in plain text."""
    lines = [tuple(Row.__dataclass_fields__), *(tuple(asdict(row).values()) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines)]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)


def as_csv(rows):
    """Write rows as comma-separated values."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(Row.__dataclass_fields__))
    writer.writeheader()
    writer.writerows(map(asdict, rows))
    return text.getvalue()
