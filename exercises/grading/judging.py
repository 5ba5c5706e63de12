"""Judge a notebook: its answers run in another process, and what they return is judged here."""

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
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
TOKENS = ("JUPYTERHUB_", "JPY_")
RESTARTS = 20  # of a notebook that ends Python
CHECKS = 1000  # of a notebook; who calls `check` more often does not want to know
BYTES = 2**28  # of one message
CHARACTERS = 20_000  # of a text that a notebook sends
PLAIN = {f.name: type(f.default) for f in fields(Outcome) if f.name not in ("value", "error")}
PROGRAM = Path(__file__).with_name("student.py")
CORRECT, UNWRITTEN, BROKEN = TITLES["correct"], TITLES["unwritten"], TITLES["broken"]
MISSING, SYNTAX, UNDEFINED = "missing", "syntax error", "not defined"


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
        self.server = socket.create_server(("127.0.0.1", 0))
        self.server.settimeout(0.05)
        self.program, self.connection, self.folder = None, None, None
        self.seconds = SECONDS

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

    def begin(self, task, needs_torch):
        """Start a notebook."""
        if self.program is None or self.program.poll() is not None:
            self._start()
        self.folder = tempfile.mkdtemp(prefix="notebook-")
        key = secrets.token_hex(16)
        port = self.server.getsockname()[1]
        request = {"port": port, "key": key, "folder": self.folder, "needs_torch": needs_torch}
        self.program.stdin.write(json.dumps(request).encode() + b"\n")
        self.process, self.buffer = self.program.pid, b""
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
            connection.settimeout(0.5)
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
        self.connection.settimeout(0.5)

    def hear(self, process):
        """Wait for a message while a process computes, for `seconds` at most.

        A part of the time on the wall counts, too, since a process that sleeps computes nothing;
        to wait for a processor is free.
        """
        began, (computed_before, waited_before) = time.monotonic(), _times(process)
        while b"\n" not in self.buffer:
            try:
                data = self.connection.recv(2**16)
            except TimeoutError:
                computed, waited = _times(process)
                awake = time.monotonic() - began - (waited - waited_before)
                if max(computed - computed_before, awake / PATIENCE) > self.seconds:
                    raise _Gone(True) from None
                continue
            except OSError:
                data = b""
            self.buffer += data
            if not data or len(self.buffer) > BYTES:
                raise _Gone(False)
        line, _, self.buffer = self.buffer.partition(b"\n")
        try:
            message = json.loads(line)
            if isinstance(message, dict):
                return message
        except (ValueError, RecursionError):  # an answer has written there
            pass
        raise _Gone(False)

    def end(self):
        """End the notebook with all that it started, and remove its folder."""
        if self.connection:
            self.connection.close()
        if sys.platform == "linux":
            with contextlib.suppress(OSError):
                self.program.stdin.write(b'"end"\n')
                if not self.program.stdout.readline():  # an answer has killed it
                    self.program.wait()
        else:
            with contextlib.suppress(psutil.NoSuchProcess):
                for process in psutil.Process(self.program.pid).children(recursive=True):
                    process.kill()
            self.program.kill()
            self.program.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


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
            self.death = Died(-signal.SIGPROF if gone.is_slow else "unknown")
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
        """Tell the answer that this is enough, and wait for its end."""
        self.runner.tell({"place": self.head["place"], "is_enough": True})
        with contextlib.suppress(Died):
            self._hear()

    def _end(self):
        """End the answer; the process of the notebook says so, or raise _Gone."""
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

    def __init__(self, notebook, seconds):
        self.notebook, self.seconds = notebook, seconds
        self.found = {name: [] for name in notebook.names}  # rows, in the order of the checks
        self.instead = {}  # name: row, where no check was reached
        self.judged, self.deadly, self.looked_up = [], [], set()

    def run(self):
        """Run the notebook; again, without the cell that ended it, a few times."""
        sources = [source for source, _ in self.notebook.cells]
        for _ in range(RESTARTS):
            cell, runner = None, _runner()
            runner.seconds = self.seconds
            task = {
                "cells": self.notebook.cells,
                "names": list(all_names()),
                "deadly": self.deadly,
                "judged": self.judged,
            }
            try:
                runner.begin(task, any("torch" in source for source in sources))
                while "done" not in (message := runner.hear(runner.process)):
                    if len(self.judged) > CHECKS:
                        break
                    if message.get("cell") in range(len(sources)):
                        cell = message["cell"]
                    try:
                        self._take(message, runner)
                    except (LookupError, TypeError, ValueError):  # a cell has written there
                        raise _Gone(False) from None
                return
            except _Gone as gone:
                if not gone.is_by_answer and cell is not None:
                    self.deadly.append(cell)
                    says = (
                        "was stopped: it took too long" if gone.is_slow else "ended Python itself"
                    )
                    verdict = TITLES["slow" if gone.is_slow else "raised"]
                    self._note(cell, verdict, f"its cell {says}")
            finally:
                runner.end()

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
            self.instead[name] = Row(name, verdict, reason=str(reason)[:CHARACTERS], code=source)

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
        return "" if cell is None else self.notebook.cells[cell][0]

    def rows(self):
        """List the rows: what the notebook checks, in its order, then what it misses."""
        rows = [self._best(name, rows) for name, rows in self.found.items()]
        return rows + [Row(name, MISSING) for name in missing_names(list(self.found))]

    def _best(self, name, rows):
        """The row that counts: a correct answer, or the last one that was written."""
        if not rows:
            return self.instead.get(name, Row(name, "not reached"))
        written = [row for row in rows if row.verdict != UNWRITTEN] or rows
        best = next((row for row in rows if row.verdict == CORRECT), written[-1])
        if best.verdict == UNWRITTEN and name in self.instead:
            best = self.instead[name]
        remarks = [f"the best of {len(written)} checks"] if len(written) > 1 else []
        if name in self.looked_up:
            remarks.append("the notebook shows the solution")
        return replace(best, remarks=remarks)


def judge_notebook(data, seconds=SECONDS):
    """Judge all answers of one notebook.

    Parameters
    ----------
    data : bytes
        The file.
    seconds : float
        Of computing, for a call or a cell that cannot be stopped from within.

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
    run = _Run(notebook, seconds)
    run.run()
    return run.rows() or [Row("", "no exercises")]
