"""Run code that nobody has checked yet: silenced, seeded, timed, and never fatal."""

import builtins
import contextlib
import copy
import ctypes
import io
import linecache
import random
import signal
import sys
import threading
from dataclasses import dataclass
from typing import Any
from unittest import mock

import numpy as np

SECONDS = 3  # for one call


class TimeIsUp(BaseException):
    """Raised inside code that runs too long; no ``except Exception`` catches it."""


@dataclass(frozen=True)
class Outcome:
    """What one call did: a value, or the error it raised, or neither in time."""

    value: Any = None
    error: BaseException | None = None
    line: str = ""
    is_slow: bool = False
    changed: str = ""  # name of the argument that it changed


def _stop(frame, event, argument):
    """Trace function that stops code wherever it is, in an ``except: pass`` as well."""
    raise TimeIsUp


def _on_alarm(signal_number, frame):
    """Make every further line of the running code raise, up to `run`."""
    running = frame
    while running is not None and running.f_code is not run.__code__:
        running.f_trace = _stop
        running = running.f_back
    sys.settrace(_stop)
    raise TimeIsUp


@contextlib.contextmanager
def _time_limit(seconds):
    """Raise TimeIsUp in this thread after `seconds`."""
    if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
        traced, handler = sys.gettrace(), signal.signal(signal.SIGALRM, _on_alarm)
        signal.setitimer(signal.ITIMER_REAL, seconds, 0.1)  # again, should an except catch it
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, handler)
            sys.settrace(traced)
    else:  # Windows, or another thread: takes effect at the next line of Python
        thread = ctypes.c_ulong(threading.get_ident())
        raise_in_thread = ctypes.pythonapi.PyThreadState_SetAsyncExc
        timer = threading.Timer(seconds, raise_in_thread, (thread, ctypes.py_object(TimeIsUp)))
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


@contextlib.contextmanager
def _seeded():
    """Give the same random numbers to the same code; leave the generators as they were."""
    python_state, numpy_state = random.getstate(), np.random.get_state()  # noqa: NPY002
    make = np.random.default_rng
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002
    try:
        with mock.patch.object(
            np.random, "default_rng", lambda seed=None: make(0 if seed is None else seed)
        ):
            yield
    finally:
        random.setstate(python_state)
        np.random.set_state(numpy_state)  # noqa: NPY002


def _no_input(*_):
    raise RuntimeError("input() waits for somebody to type; a check cannot")


def _own_line(function, error):
    """Return the last line of the traceback that lies in the file of `function`."""
    file = getattr(getattr(function, "__code__", None), "co_filename", None)
    line, step = "", error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == file:
            text = linecache.getline(file, step.tb_lineno).strip()
            line = f"line {step.tb_lineno}: {text}" if text else f"line {step.tb_lineno}"
        step = step.tb_next
    return line


def _differ(before, after):
    if isinstance(before, np.ndarray):
        return before.shape != after.shape or not np.array_equal(before, after)
    return isinstance(before, (list, dict)) and repr(before) != repr(after)


def run(function, arguments, seconds=SECONDS):
    """Call `function` with copies of the arguments, a dict from name to value."""
    given = copy.deepcopy(arguments)
    silence = io.StringIO()
    try:
        with (
            contextlib.redirect_stdout(silence),
            contextlib.redirect_stderr(silence),
            mock.patch.object(builtins, "input", _no_input),
            np.errstate(all="ignore"),
            _seeded(),
            _time_limit(seconds),
        ):
            value = function(*given.values())
    except TimeIsUp:
        return Outcome(is_slow=True)
    except KeyboardInterrupt:  # the reader pressed stop
        raise
    except BaseException as error:
        return Outcome(error=error, line=_own_line(function, error))
    changed = [name for name in arguments if _differ(arguments[name], given[name])]
    return Outcome(value=value, changed=changed[0] if changed else "")
