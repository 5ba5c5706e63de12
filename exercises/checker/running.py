"""Run code that nobody has checked yet: silenced, seeded, timed, and never fatal."""

import builtins
import contextlib
import copy
import ctypes
import io
import itertools
import linecache
import os
import random
import signal
import sys
import threading
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from exercises.checker.internals import no_entropy

SECONDS = 3  # of computing, for one call
PATIENCE = 4  # a call that sleeps may take so many times longer
TICK = 0.1  # seconds between two looks at the clock
SECONDS_IN_C = 4  # of computing without a look at the clock; see `is_expendable`

# Whether this process may be killed. No error can be raised within one endless call of C code,
# such as sum(iter(int, 1)): only the end of the process ends it.
is_expendable = False

# Number of calls begun and ended so far, for a watchdog in another process: odd during a call.
calls = [0]


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
    shared: str = ""  # name of the argument whose memory the value is in
    seconds: float = 0.0


# Time -------------------------------------------------------------------------------------------


class _Clock:
    """Counts the time that a call uses, tick by tick.

    It is processor time; but at least a part of the time on the wall, since a call that sleeps
    uses no processor. To wait for a processor is free, so that a busy machine changes no verdict,
    and so are imports: the first one of PyTorch takes seconds, and must not be cut off halfway.
    """

    def __init__(self, processor_time):
        self.processor_time, self.used = processor_time, 0.0
        self.waits = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
        self.last = self._now()

    def _now(self):
        """Seconds computed, and seconds on the wall, as far as Linux knows without the waiting."""
        try:
            waited = int(self.waits.read_text().split()[1]) / 1e9
        except OSError:
            waited = 0
        return self.processor_time(), time.monotonic() - waited

    def tick(self, frame=None):
        """Count the time since the last tick; return whether `frame` is an import."""
        now = self._now()
        is_importing = _is_importing(frame)
        if not is_importing:
            self.used += max(now[0] - self.last[0], (now[1] - self.last[1]) / PATIENCE)
        self.last = now
        return is_importing


def _frames(frame):
    """Yield the running frames, from the inmost one up to `run`."""
    while frame is not None and frame.f_code is not run.__code__:
        yield frame
        frame = frame.f_back


def _is_importing(frame):
    inmost = itertools.islice(_frames(frame), 200)  # endless recursion has a million
    return any(f.f_code.co_filename.startswith("<frozen importlib") for f in inmost)


def _raise(frame, event, argument):
    """Trace function that stops code wherever it is, in an ``except: pass`` as well.

    It waits for a line: what it raised at the exception itself, the ``except`` would catch. And
    it spares what ends the call, which sets the clock aside.
    """
    if frame.f_code.co_filename in (__file__, contextlib.__file__):
        return None
    if event == "line":
        raise TimeIsUp
    return _raise


def _stop(frame):
    """Make every further line of the running code raise, up to `run`."""
    for running in _frames(frame):
        running.f_trace = _raise
    sys.settrace(_raise)
    raise TimeIsUp


@contextlib.contextmanager
def _time_limit(seconds):
    """Raise TimeIsUp in this thread after `seconds`; yield the clock."""
    in_main_thread = threading.current_thread() is threading.main_thread()
    if hasattr(signal, "setitimer") and in_main_thread:
        limit = _time_limit_by_signals
    else:  # Windows, or another thread
        limit = _time_limit_by_thread
    with limit(seconds) as clock:
        yield clock
        clock.tick()


@contextlib.contextmanager
def _time_limit_by_signals(seconds):
    clock = _Clock(time.thread_time)

    def on_tick(signal_number, frame):
        if is_expendable:  # SIGPROF, which nobody handles, ends the process
            signal.setitimer(signal.ITIMER_PROF, SECONDS_IN_C)
        if not clock.tick(frame) and clock.used > seconds:
            _stop(frame)

    traced, handler = sys.gettrace(), signal.signal(signal.SIGALRM, on_tick)
    if is_expendable:
        signal.setitimer(signal.ITIMER_PROF, SECONDS_IN_C)
    signal.setitimer(signal.ITIMER_REAL, TICK, TICK)
    try:
        yield clock
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGALRM, handler)
        sys.settrace(traced)


@contextlib.contextmanager
def _time_limit_by_thread(seconds):
    clock, is_done = _Clock(time.process_time), threading.Event()
    thread = threading.get_ident()

    def watch():
        while not is_done.wait(TICK):
            if not clock.tick(sys._current_frames().get(thread)) and clock.used > seconds:
                raise_in_thread(ctypes.c_ulong(thread), ctypes.py_object(TimeIsUp))

    raise_in_thread = ctypes.pythonapi.PyThreadState_SetAsyncExc
    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield clock
    finally:
        is_done.set()
        watcher.join()


# What an answer may change for everybody --------------------------------------------------------


def _torch_generator():
    """PyTorch's generator, if PyTorch is loaded."""
    return getattr(sys.modules.get("torch"), "default_generator", None)


@contextlib.contextmanager
def _generators_restored():
    python_state, numpy_state = random.getstate(), np.random.get_state()  # noqa: NPY002
    of_torch = _torch_generator()
    torch_state = of_torch and of_torch.get_state()
    try:
        yield
    finally:
        random.setstate(python_state)
        np.random.set_state(numpy_state)  # noqa: NPY002
        if of_torch:
            of_torch.set_state(torch_state)


@contextlib.contextmanager
def contained():
    """Leave no trace of what `run` runs: generators and settings are as before.

    Only an answer that puts functions of its own into other modules escapes.
    """
    with (
        _generators_restored(),
        no_entropy(),
        mock.patch.object(builtins, "input", _no_input),
        mock.patch.dict(os.environ),
        contextlib.chdir("."),
        np.printoptions(),
    ):
        yield


@contextlib.contextmanager
def _call_contained():
    """Swallow what one call prints, and keep what it sets from the calls that follow."""
    depth, silence = sys.getrecursionlimit(), io.StringIO()
    with (
        contextlib.redirect_stdout(silence),
        contextlib.redirect_stderr(silence),
        np.errstate(all="ignore"),
        warnings.catch_warnings(action="ignore"),
    ):
        try:
            yield
        finally:
            sys.setrecursionlimit(depth)


def _seed():
    """Give the same random numbers to the same code."""
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002
    if of_torch := _torch_generator():
        of_torch.manual_seed(0)


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


def _share_memory(value, given):
    """Whether two values are arrays in one place, so that to write into one changes the other."""
    are_arrays = isinstance(value, np.ndarray) and isinstance(given, np.ndarray)
    return are_arrays and np.may_share_memory(value, given)


def run(function, arguments, seconds=SECONDS):
    """Call `function` with copies of the arguments, a dict from name to value."""
    if hasattr(function, "run_elsewhere"):  # it is in another process
        return function.run_elsewhere(arguments, seconds)
    given = copy.deepcopy(arguments)
    _seed()
    calls[0] += 1
    process = os.getpid()
    try:
        with _call_contained(), _time_limit(seconds) as clock:
            value = function(*given.values())
    except TimeIsUp:
        return Outcome(is_slow=True, seconds=clock.used)
    except BaseException as raised:
        if isinstance(raised, KeyboardInterrupt) and not is_expendable:  # the reader pressed stop
            raise
        line = _own_line(function, raised)
        raised.__traceback__ = None  # of endless recursion it holds a thousand frames
        return Outcome(error=raised, line=line, seconds=clock.used)
    finally:
        if os.getpid() != process:  # the function has made a copy of this process: judge once only
            os._exit(0)
        calls[0] += 1
    changed = [name for name in arguments if _differ(arguments[name], given[name])]
    shared = [name for name in arguments if _share_memory(value, given[name])]
    first_names = ("".join(names[:1]) for names in (changed, shared))
    return Outcome(value, None, "", False, *first_names, seconds=clock.used)
