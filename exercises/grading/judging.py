"""Judge a notebook: its answers run in another process, and what they return is judged here."""

import contextlib
import json
import os
import secrets
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import SimpleNamespace

import psutil

from exercises.checker.apart import Died, times
from exercises.checker.cards import TITLES, Card
from exercises.checker.catalogue import all_names, find
from exercises.checker.judge import Verdict, fault_of_ours, judge
from exercises.checker.running import PATIENCE, Outcome
from exercises.grading import wire
from exercises.grading.notebooks import exercises_in, missing_names, read_notebook

SECONDS = 30  # of computing, for one call or cell that cannot be stopped from within
NOTEBOOK_SECONDS = 600  # of computing, for a whole notebook, with what its judge computes
END_SECONDS = 60  # on the wall, to end a notebook with all that it has started
TICK = 0.5  # seconds between two looks at the clock
TOKENS = ("JUPYTERHUB_", "JPY_")
RESTARTS = 20  # of a notebook that ends Python
CHECKS = 1000  # of a notebook; who calls `check` more often does not want to know
BYTES = 2**28  # of one message
CHARACTERS = 20_000  # of a text that a notebook sends
PLAIN = {f.name: type(f.default) for f in fields(Outcome) if f.name not in ("value", "error")}
PROGRAM = Path(__file__).with_name("student.py")
CORRECT, UNWRITTEN, BROKEN = TITLES["correct"], TITLES["unwritten"], TITLES["broken"]
MISSING, SYNTAX, UNDEFINED = "missing", "syntax error", "not defined"
NOT_JUDGED = "not judged"


@dataclass(frozen=True)
class Row:
    """What is found about one exercise of one notebook.

    Attributes
    ----------
    exercise : str
        Empty where there is nothing to judge.
    verdict : str
        As the card's title says it, or why there is none.
    misconception, section : str
        The idea that the answer follows, and the heading where it is explained.
    reason : str
        What is wrong, in words: type, message and line of an error, for instance.
    remarks : list of str
        What a teacher may want to look at.
    code, text, page : str
        The answer; what the card says; the card in HTML.
    """

    exercise: str
    verdict: str
    misconception: str = ""
    section: str = ""
    reason: str = ""
    remarks: list = field(default_factory=list)
    code: str = ""
    text: str = ""
    page: str = ""


# The process that runs the answers --------------------------------------------------------------


def _times(process):
    """Seconds that a process has computed, and has waited for a processor, as far as is known."""
    computed, waited = times(process)
    if not computed:  # not on Linux
        with contextlib.suppress(psutil.Error):
            computed = sum(psutil.Process(process).cpu_times()[:2])
    return computed, waited


class _Watch:
    """How long a process takes while it is waited for.

    It is what the process computes; but at least a part of the time on the wall, since a process
    that sleeps computes nothing. To wait for a processor is free.
    """

    def __init__(self, process):
        self.process, self.began, self.before = process, time.monotonic(), _times(process)

    def seconds(self):
        computed, waited = map(max, _times(self.process), self.before)  # it may be gone
        awake = time.monotonic() - self.began - (waited - self.before[1])
        return max(computed - self.before[0], awake / PATIENCE)


class _Budget:
    """The time of a whole notebook: that of its processes, and of this thread, which judges it."""

    def __init__(self, seconds):
        self.left, self.judged = seconds, time.thread_time()

    def spend(self, seconds):
        """Note that a process of the notebook took so long, or raise _UsedUp."""
        now = time.thread_time()
        self.left -= seconds + now - self.judged
        self.judged = now
        if self.left < 0:
            raise _UsedUp


class _UsedUp(BaseException):
    """A notebook has used up its time; no ``except Exception`` of the judge takes it for ours."""


class _Gone(Exception):
    """The process ended, or was silent for too long (`is_slow`)."""

    def __init__(self, is_slow, is_by_answer=False):
        self.is_slow, self.is_by_answer = is_slow, is_by_answer


def _without_tokens():
    """The environment without what lets an instructor act on a hub."""
    return {name: text for name, text in os.environ.items() if not name.startswith(TOKENS)}


class _Runner:
    """The program `student`, which on Linux runs one notebook after the other."""

    def __init__(self):
        resources = contextlib.ExitStack()  # closed with the thread that judges
        weakref.finalize(self, resources.close)
        self.resources = resources
        self.server = resources.enter_context(socket.create_server(("127.0.0.1", 0)))
        self.server.settimeout(0.05)
        self.program, self.connection, self.folder = None, None, None
        self.seconds, self.budget = SECONDS, _Budget(NOTEBOOK_SECONDS)

    def _start(self):
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        is_apart = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)  # from Ctrl-C, on Windows
        self.program = subprocess.Popen(
            [sys.executable, "-P", str(PROGRAM)],
            bufsize=0,
            start_new_session=True,
            creationflags=is_apart,
            env={**_without_tokens(), "OMP_NUM_THREADS": "1", "PYTHONPATH": ""},
            cwd=tempfile.gettempdir(),
            **pipes,
        )
        self.resources.enter_context(self.program)  # closes its pipes and waits for it
        self.resources.callback(self.program.kill)

    def begin(self, task, needs_torch):
        """Start a notebook."""
        if self.program is None or self.program.poll() is not None:
            self._start()
        self.folder = tempfile.mkdtemp(prefix="notebook-")
        key = secrets.token_hex(16)
        port = self.server.getsockname()[1]
        request = {"port": port, "key": key, "folder": self.folder, "needs_torch": needs_torch}
        self.program.stdin.write(json.dumps(request).encode() + b"\n")
        self.process, self.buffer = self.program.pid, bytearray()
        self._accept(key)
        self.tell(task)

    def _accept(self, key):
        """Wait for the notebook's connection, which gives the key first."""
        while True:
            try:
                connection, _ = self.server.accept()
            except TimeoutError:
                if self.program.poll() is not None:
                    raise _Gone(False) from None
                continue
            connection.settimeout(TICK)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connection = connection
            with contextlib.suppress(_Gone):
                if self.hear(self.program.pid).get("key") == key:
                    return
            connection.close()

    def tell(self, message):
        """Send a message; if nobody is there, the next `hear` notices."""
        with contextlib.suppress(OSError):
            self.connection.settimeout(SECONDS)
            self.connection.sendall(json.dumps(message).encode() + b"\n")
        self.connection.settimeout(TICK)

    def hear(self, process):
        """Wait for a message while a process computes, for `seconds` at most."""
        watch = _Watch(process)
        try:
            self._wait_for_line(watch)
        finally:
            self.budget.spend(watch.seconds())
        line, _, self.buffer = self.buffer.partition(b"\n")
        try:
            message = json.loads(line)
            if isinstance(message, dict):
                return message
        except (ValueError, RecursionError):  # an answer has written there
            pass
        raise _Gone(False)

    def _wait_for_line(self, watch):
        """Receive until a line is whole, and look at the clock all the while: it may drip."""
        is_whole, look = b"\n" in self.buffer, time.monotonic() + TICK
        while not is_whole:
            if time.monotonic() > look:
                look = time.monotonic() + TICK
                if (seconds := watch.seconds()) > self.seconds:
                    raise _Gone(True)
                if seconds > self.budget.left:
                    return  # `hear` raises
            try:
                data = self.connection.recv(2**16)
            except TimeoutError:
                continue
            except OSError:
                data = b""
            self.buffer += data
            if not data or len(self.buffer) > BYTES:
                raise _Gone(False)
            is_whole = b"\n" in data

    def end(self):
        """End the notebook with all that it started, and remove its folder."""
        if self.connection:
            self.connection.close()
        if not (sys.platform == "linux" and self._has_ended()):
            with contextlib.suppress(psutil.NoSuchProcess):
                for process in psutil.Process(self.program.pid).children(recursive=True):
                    process.kill()
            self.program.kill()
            self.program.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _has_ended(self):
        """Whether the program has ended the notebook; else an answer has killed or stopped it."""
        with contextlib.suppress(OSError):
            self.program.stdin.write(b'"end"\n')
            if select.select([self.program.stdout], [], [], END_SECONDS)[0]:
                return bool(self.program.stdout.readline())
        return False


class _Answer:
    """An answer in another process; `judge` takes it for a function."""

    def __init__(self, runner, head):
        self.runner, self.head, self.process = runner, head, int(head["process"])
        self.death = None
        if head.get("code"):
            code, is_none = head["code"]
            constants = [None if none else ... for none in is_none]
            self.__code__ = SimpleNamespace(co_code=bytes.fromhex(code), co_consts=constants)

    def __call__(self, *arguments):
        raise NotImplementedError("running.run calls run_elsewhere")

    def run_elsewhere(self, arguments, seconds):
        """Do what `running.run` does."""
        if self.death:
            raise self.death
        sent = [(name, *_sent(value)) for name, value in arguments.items()]
        request = {"place": self.head["place"], "arguments": sent, "seconds": seconds}
        self.runner.tell(request)
        try:
            while "call" in (message := self._hear()):
                self._reply(message, arguments)
            value, error = wire.from_bytes(message["value"]), wire.decoded_error(message["error"])
            plain = {name: kind(message[name]) for name, kind in PLAIN.items()}
            return Outcome(value=value, error=error, **plain)
        except (KeyError, TypeError, ValueError):  # the answer has written there
            self.death = Died("unknown")
            raise self.death from None

    def _hear(self):
        """Wait for a message of the answer's; raise Died if it ends instead."""
        try:
            message = self.runner.hear(self.process)
            if "ended" not in message:
                return message
            self.death = Died(message["ended"])
        except _Gone as gone:
            self.death = Died("unknown", is_slow=gone.is_slow)
            self._end()
        raise self.death

    def _reply(self, message, arguments):
        """Call a function that is an argument, for the answer."""
        reply = {"place": self.head["place"], "value": None, "error": None}
        try:
            value = arguments[message["call"]](wire.from_bytes(message["value"]))
            reply["value"] = wire.to_bytes(value).decode()
        except Exception as error:
            reply["error"] = wire.encoded_error(error)
        self.runner.tell(reply)

    def stop(self):
        """Tell the answer that this is enough, and wait for its end; raise _Gone if it has none."""
        if self.death and self.process == self.runner.process:
            raise _Gone(self.death.is_slow)
        self.runner.tell({"place": self.head["place"], "is_enough": True})
        with contextlib.suppress(Died):
            self._hear()

    def _end(self):
        """End the answer; the process of the notebook says so, or raise _Gone."""
        if self.process == self.runner.process:  # where there are no copies
            raise _Gone(self.death.is_slow)
        with contextlib.suppress(psutil.Error, ValueError):
            process = psutil.Process(self.process)
            if self.runner.program.pid in [parent.pid for parent in process.parents()]:
                process.kill()
        while "ended" not in self.runner.hear(self.runner.process):
            pass


def _sent(value):
    """What is sent of an argument: a function stays here, and is called from there."""
    if callable(value):
        return "function", repr(value)
    return "value", wire.to_bytes(value).decode()


# Judging ----------------------------------------------------------------------------------------


_of_thread = threading.local()


def _runner():
    if not hasattr(_of_thread, "runner"):
        _of_thread.runner = _Runner()
    return _of_thread.runner


class _Run:
    """What is found out about one notebook."""

    def __init__(self, notebook, seconds, most):
        self.notebook, self.seconds, self.most = notebook, seconds, most
        self.found = {name: [] for name in notebook.names}  # rows, in the order of the checks
        self.instead = {}  # name: row, where no check was reached
        self.judged, self.deadly, self.looked_up = [], [], set()
        self.unfinished = ""  # why the rest was not judged

    def run(self):
        """Run the notebook; again, without the cell that ended it, a few times."""
        budget = _Budget(self.most)
        for _ in range(RESTARTS):
            runner = _runner()
            runner.seconds, runner.budget = self.seconds, budget
            try:
                if self._is_run_to_its_end(runner):
                    return
            except _UsedUp:
                self.unfinished = f"the notebook has used up its {self.most:g} seconds"
                return
            finally:
                runner.end()
        self.unfinished = f"the notebook has ended Python {RESTARTS} times"

    def _is_run_to_its_end(self, runner):
        """Run the notebook once; return whether to run it again is of no use."""
        cell, sources = None, [source for source, _ in self.notebook.cells]
        task = {
            "cells": self.notebook.cells,
            "names": list(all_names()),
            "deadly": self.deadly,
            "judged": self.judged,
        }
        try:
            runner.begin(task, any("torch" in source for source in sources))
            while "done" not in (message := runner.hear(runner.process)):
                if "check" in message and len(self.judged) >= CHECKS:
                    self.unfinished = f"the notebook calls check more than {CHECKS} times"
                    return True
                if message.get("cell") in range(len(sources)):
                    cell = message["cell"]
                try:
                    self._take(message, runner)
                except (LookupError, TypeError, ValueError):  # a cell has written there
                    raise _Gone(False) from None
        except _Gone as gone:
            if not gone.is_by_answer and cell is not None:
                self.deadly.append(cell)
                says = "was stopped: it took too long" if gone.is_slow else "ended Python itself"
                self._note(cell, TITLES["slow" if gone.is_slow else "raised"], f"its cell {says}")
            if cell is None and gone.is_slow:
                self.unfinished = "to read its cells takes too long"
            return bool(self.unfinished)
        return True

    def _take(self, message, runner):
        """Do what a message asks for."""
        if "started" in message:
            runner.process = int(message["started"])
        elif "solution" in message:
            self.looked_up.add(message["solution"])
        elif "unreadable" in message:
            self._note(message["unreadable"], SYNTAX, message["reason"])
        elif "failed" in message:
            self._note(message["failed"], UNDEFINED, message["reason"])
        elif message.get("check") in all_names():
            self._judge(message, runner)

    def _note(self, cell, verdict, reason):
        """Note why the checks in a cell were not reached."""
        source = self.notebook.cells[cell][0]
        for name in exercises_in(source):
            self.instead[name] = Row(
                name, verdict, reason=str(reason)[:CHARACTERS], code=source[:CHARACTERS]
            )

    def _judge(self, head, runner):
        """Judge an answer, while its process serves."""
        name, answer = head["check"], _Answer(runner, head)
        rows = self.found.setdefault(name, [])
        is_settled = head["cell"] is None and any(row.verdict == CORRECT for row in rows)
        if head["is_again"]:
            is_settled = is_settled or not rows or rows[-1].verdict != TITLES["raised"]
        if not is_settled:
            value = wire.from_bytes(head["value"]) if head["value"] else answer
            row = self._row(find(name), answer, value, head)
            rows[len(rows) - bool(head["is_again"]) :] = [row]
        self.judged.append(head["place"])
        try:
            answer.stop()
        except _Gone as gone:
            raise _Gone(gone.is_slow, is_by_answer=True) from None

    def _row(self, exercise, answer, value, head):
        verdict = judge(exercise, value)
        if answer.death:
            verdict = Verdict("slow" if answer.death.is_slow else "raised", str(answer.death))
        try:
            card = Card(exercise, verdict).drawn()
        except Exception as error:
            verdict = fault_of_ours(error)
            card = Card(exercise, verdict).drawn()
        idea = verdict.misconception
        return Row(
            exercise.name,
            TITLES[verdict.kind],
            idea.name if idea else "",
            exercise.section_of(idea) if idea else "",
            verdict.says,
            code=str(head["source"])[:CHARACTERS] or self._source_of(head["cell"]),
            text=repr(card),
            page=card._repr_html_(),
        )

    def _source_of(self, cell):
        return "" if cell is None else self.notebook.cells[cell][0][:CHARACTERS]

    def rows(self):
        """List the rows: what the notebook checks, in its order, then what it misses."""
        rows = [self._best(name, rows) for name, rows in self.found.items()]
        return rows + [Row(name, MISSING) for name in missing_names(list(self.found))]

    def _best(self, name, rows):
        """The row that counts: a correct answer, or the last one that was written."""
        if not rows and name not in self.instead and self.unfinished:
            return Row(name, NOT_JUDGED, reason=self.unfinished)
        if not rows:
            return self.instead.get(name, Row(name, "not reached"))
        written = [row for row in rows if row.verdict != UNWRITTEN] or rows
        best = next((row for row in rows if row.verdict == CORRECT), written[-1])
        if best.verdict == UNWRITTEN and name in self.instead:
            best = self.instead[name]
        remarks = [f"the best of {len(written)} checks"] if len(written) > 1 else []
        if name in self.looked_up:
            remarks.append("the notebook shows the solution")
        if self.unfinished and best.verdict != CORRECT:
            remarks.append(f"a later answer may not have been judged: {self.unfinished}")
        return replace(best, remarks=remarks)


def judge_notebook(data, seconds=SECONDS, most=NOTEBOOK_SECONDS):
    """Judge all answers of one notebook.

    Parameters
    ----------
    data : bytes
        The file.
    seconds : float
        Of computing, for a call or a cell that cannot be stopped from within.
    most : float
        Of computing, for the whole notebook; then the rest is not judged.

    Returns
    -------
    list of Row
        One an exercise: those that the notebook checks, in its order, then those that it misses.
        One row only, without an exercise, if there is nothing to judge.
    """
    try:
        notebook = read_notebook(data)
    except Exception as error:  # damaged in any way
        return [Row("", "unreadable", reason=f"{type(error).__name__}: {error}"[:200])]
    run = _Run(notebook, seconds, most)
    run.run()
    return run.rows() or [Row("", "no exercises")]
