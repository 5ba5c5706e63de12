"""Judge many notebooks at a time, and lose nothing: what is judged stands in a journal at once."""

import contextlib
import hashlib
import json
import math
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict
from functools import cache
from pathlib import Path

import numpy as np
from tqdm import tqdm

from exercises.checker.cards import TITLES
from exercises.checker.catalogue import FOLDER
from exercises.grading.judging import Row, judge_notebook

FORMAT = "journal of python -m exercises report"
WINDOWS = 61  # processes that a pool can have there
QUEUE = 4  # notebooks that wait, for each that runs; more would fill the memory


# How much at a time -----------------------------------------------------------------------------


def processors():
    """How many processors this process may use: a container has fewer than its host.

    Returns
    -------
    int
    """
    count = os.cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        count = len(os.sched_getaffinity(0))
    return max(1, min(count, math.ceil(_quota() or count)))


def _quota(root="/sys/fs/cgroup"):
    """Processors that the control group grants (its version 2 or 1); None if there is no limit."""
    with contextlib.suppress(OSError, ValueError):
        quota, period = Path(root, "cpu.max").read_text().split()
        return int(quota) / int(period)  # "max" is none, a ValueError
    with contextlib.suppress(OSError, ValueError):
        quota = int(Path(root, "cpu", "cpu.cfs_quota_us").read_text())
        period = int(Path(root, "cpu", "cpu.cfs_period_us").read_text())
        return quota / period if quota > 0 else None
    return None


# The journal ------------------------------------------------------------------------------------


@cache
def _version():
    """A digest of the course's own code: another version may judge otherwise."""
    digest = hashlib.sha256(f"{np.__version__} {sys.version}".encode())
    for folder in (FOLDER, FOLDER.parent / "course_utils"):
        for file in sorted(folder.rglob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


class Journal:
    """What has been judged: a file with a line for each notebook, known by its content.

    Parameters
    ----------
    path : path
        Written to as soon as a notebook is judged. If it exists, what it holds is not judged again.
    limits : numbers
        Limits of time of `judge_notebook`: another limit may lead to another verdict.

    Raises
    ------
    ValueError
        If there is another file.
    OSError
        If it cannot be written.
    """

    def __init__(self, path, *limits):
        self.path, self.limits = Path(path), limits
        is_new = not self.path.exists() or self.path.stat().st_size == 0
        if not is_new:
            with self.path.open("rb") as file:
                if FORMAT.encode() not in file.readline():
                    raise ValueError(
                        f"{path} exists, and is no journal of this report; name another"
                    )
        self.rows = {} if is_new else dict(self._entries())
        self._write({"is": FORMAT} if is_new else None)

    def _entries(self):
        for line in self.path.read_bytes().splitlines()[1:]:
            with contextlib.suppress(ValueError, KeyError, TypeError):  # cut off by a power failure
                entry = json.loads(line)
                yield entry["key"], [Row(**row) for row in entry["rows"]]

    def key(self, data):
        """Name a notebook by its content, the version of the course, and the limits of time."""
        limits = "-".join(map(str, self.limits))
        return f"{_version()}-{limits}-{hashlib.sha256(data).hexdigest()}"

    def add(self, key, rows):
        """Note the rows of a notebook; unless the check itself failed, which may pass."""
        self.rows[key] = rows
        if not any(row.verdict in (TITLES["broken"], CRASHED) for row in rows):
            self._write({"key": key, "rows": [asdict(row) for row in rows]})

    def _write(self, entry):
        """Write a line; an empty one ends what may have been cut off before."""
        text = json.dumps(entry) if entry else ""
        with self.path.open("ab") as file:
            file.write(text.encode() + b"\n")


# The pool ---------------------------------------------------------------------------------------

CRASHED = "the judge itself ended"
TICK = 0.2  # seconds after which it looks whether to stop


def _begin_worker(lifeline, folder):
    """Prepare a process of the pool: it ends at once when the one that reports ends, or says so."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tempfile.tempdir = folder

    def watch():
        with contextlib.suppress(EOFError, OSError):
            lifeline.recv_bytes()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


class Pool(ProcessPoolExecutor):
    """Processes on this machine that judge."""

    def __init__(self, jobs):
        self.folder = tempfile.mkdtemp(prefix="grading-")
        os.environ["PYTHONSAFEPATH"] = "1"  # a student's random.py is not imported
        context = multiprocessing.get_context("spawn")
        receiver, self.lifeline = context.Pipe(duplex=False)
        jobs = min(jobs, WINDOWS) if sys.platform == "win32" else jobs
        super().__init__(jobs, context, _begin_worker, (receiver, self.folder))

    def submit(self, *work):
        """Do as the executor does; its processes hear no Ctrl-C, not even while they load."""
        with _handled([signal.SIGINT], signal.SIG_IGN):
            return super().submit(*work)

    def end(self):
        """End all processes, and remove what they have left."""
        self.lifeline.close()
        self.shutdown(wait=True, cancel_futures=True)
        for _ in range(50):  # what answers have started may take a moment to end
            shutil.rmtree(self.folder, ignore_errors=True)
            if not os.path.exists(self.folder):
                return
            time.sleep(0.1)


def judge_all(submissions, journal, make_pool, jobs):
    """Judge notebooks, as many at a time as there are jobs.

    Parameters
    ----------
    submissions : list of Submission
    journal : Journal
    make_pool : function without arguments
        Returns an executor of `concurrent.futures`, or of another engine.
    jobs : int

    Returns
    -------
    list of (Submission, list of Row)
        In the order of the submissions. After Ctrl-C: those that were done.
    bool
        Whether all were done.
    """
    keys, unread = {}, {}  # number of a submission: its key, or its rows
    stopped = threading.Event()  # an error in its place could leave a lock of an executor shut
    signals = [signal.SIGTERM, signal.SIGINT]
    with (
        _handled(signals, lambda *_: stopped.set()),
        tqdm(total=len(submissions), unit="notebook", disable=None) as bar,
    ):
        waiting = list(enumerate(submissions))
        while waiting and not stopped.is_set():
            pool = make_pool()
            try:
                waiting = _judge_some(waiting, journal, pool, jobs, (keys, unread), bar, stopped)
            finally:
                pool.end() if isinstance(pool, Pool) else pool.shutdown(wait=False)
            jobs = 1  # the pool broke: one at a time, to find the notebook that ends it
    done = []
    for number, submission in enumerate(submissions):
        rows = unread.get(number) or journal.rows.get(keys.get(number))
        if rows:
            done.append((submission, rows))
    return done, not stopped.is_set()


def _judge_some(waiting, journal, pool, jobs, noted, bar, stopped):
    """Judge until all is done, the pool breaks, or it shall stop; return what is left."""
    keys, unread = noted
    running, left = {}, list(waiting)  # future: (numbers and submissions, key)
    while (left or running) and not stopped.is_set():
        while left and len(running) < (jobs * QUEUE if jobs > 1 else 1):
            number, submission = left.pop(0)
            try:
                data = submission.read()
            except Exception as error:  # of many kinds; a zip may hold anything
                unread[number] = [Row("", "unreadable", reason=f"{type(error).__name__}: {error}")]
                bar.update()
                continue
            keys[number] = key = journal.key(data)
            if key in journal.rows:
                bar.update()
            elif same := next((f for f, (_, other) in running.items() if other == key), None):
                running[same][0].append((number, submission))
            else:
                running[pool.submit(judge_notebook, data, *journal.limits)] = (
                    [(number, submission)],
                    key,
                )
        for future in wait(running, TICK, return_when=FIRST_COMPLETED).done if running else ():
            group, key = running.pop(future)
            try:
                journal.add(key, future.result())
            except BrokenProcessPool:
                broken = [group, *(others for others, _ in running.values())]
                if jobs > 1:
                    return sorted([pair for pairs in broken for pair in pairs] + left, key=_first)
                journal.add(
                    key, [Row("", CRASHED, reason="its answers ended the report's process")]
                )
                bar.update(len(group))
                return left
            except Exception as error:
                journal.add(key, [Row("", CRASHED, reason=f"{type(error).__name__}: {error}")])
            bar.update(len(group))
    return []


def _first(pair):
    return pair[0]


@contextlib.contextmanager
def _handled(numbers, handler):
    """Let a handler take signals for a while, if this is the main thread: no other one may ask."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = [signal.signal(number, handler) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before):
            signal.signal(number, handler)
