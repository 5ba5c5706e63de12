"""Work in a copy of this process, so that nothing a student's code does reaches the notebook."""

import contextlib
import ctypes
import mmap
import multiprocessing
import os
import signal
import sys
import threading
import time
import warnings
from pathlib import Path

from exercises.checker import running

BYTES = 2 * 2**30  # of memory, beyond what the process has already
FILE = 100 * 2**20  # bytes of a file that it writes
PROCESSES = 4096  # of the user, with those that run already; root has no such limit
SETTLING = 10  # seconds at most, for a product of matrices that has begun on several threads
LOOKS, TICK = 4, 0.05  # so often in a row, after so many seconds, nobody is seen at work on it
COMPUTING, WAITING = 8, 20  # seconds after which a call is ended: more than `running` allows
KILLED_WITH_PARENT = 1  # prctl's PR_SET_PDEATHSIG


class Died(Exception):
    """The copy ended before its work; `is_slow` tells whether it was stopped for its time."""

    def __init__(self, exit_code, *, is_slow=False):
        slow = [-getattr(signal, name, 0) for name in ("SIGPROF", "SIGALRM")]  # Windows has none
        self.is_slow = is_slow or bool(exit_code) and exit_code in slow
        if self.is_slow:
            super().__init__("it was stopped: one of its calls took several seconds, or is endless")
        else:
            super().__init__(f"it ended Python itself (exit code {exit_code})")


class Failed(Exception):
    """The work itself raised an error, which the text names."""


class Impossible(Exception):
    """The work was not done, because no copy could do it."""


def be_expendable():
    """Prepare this process for code that nobody has checked: limits that may end it."""
    running.is_expendable = True
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return
    statistics = Path("/proc/self/statm")
    pages = int(statistics.read_text().split()[5]) if statistics.exists() else 0
    limit = pages * resource.getpagesize() + BYTES
    limits = {"DATA": limit, "FSIZE": FILE, "NPROC": PROCESSES, "CORE": 0}
    for name, limit in limits.items():
        number = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(number)[1]
        limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(number, (limit, limit))


def work_apart(work):
    """Return what `work()` returns, done in a copy of this process.

    Parameters
    ----------
    work : function without arguments
        What it returns is pickled.

    Raises
    ------
    Died
        If the copy ended before.
    Failed
        If the work raised an error, or returned what cannot be pickled.
    Impossible
        If the system makes no such copies (only Linux does, with all that is loaded), or if the
        copy waits for ever, as for a thread of PyTorch's that was not copied along.
    """
    if sys.platform != "linux":
        raise Impossible
    _let_openblas_use_one_thread()
    ours, theirs = multiprocessing.Pipe(duplex=False)
    fork = multiprocessing.get_context("fork")
    calls = memoryview(mmap.mmap(-1, 8)).cast("q")  # in memory that both processes see
    process = fork.Process(target=_in_copy, args=(work, theirs, calls), daemon=True)
    try:
        with warnings.catch_warnings(action="ignore"):  # of threads, which are not copied
            process.start()
    except OSError as error:  # out of memory
        raise Impossible from error
    theirs.close()
    try:
        _watch(ours, process.pid, calls)
        is_done, result = ours.recv()
    except EOFError:
        process.join()
        raise Died(process.exitcode) from None
    finally:
        _end(process)
        ours.close()
    if not is_done:
        raise Failed(result)
    return result


def _let_openblas_use_one_thread():
    """Let NumPy multiply matrices on one thread, from now on.

    With several threads, OpenBLAS waits for ever in fork while another thread of the notebook
    multiplies. Kernels of `course lab` are started with one; others have it from here on.
    """
    try:
        from threadpoolctl import ThreadpoolController
    except ImportError:  # an environment that is older than this
        return
    libraries = ThreadpoolController().select(internal_api="openblas")
    if any(library["num_threads"] > 1 for library in libraries.info()):
        libraries.limit(limits=1)
        end, idle = time.monotonic() + SETTLING, 0
        while idle < LOOKS and time.monotonic() < end:
            time.sleep(TICK)
            idle = 0 if _have_helpers_work() else idle + 1


def _have_helpers_work():
    """Whether a thread that is not Python's computes, such as one of OpenBLAS."""
    of_python = {thread.native_id for thread in threading.enumerate()}
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(OSError):  # it has just ended
            state = (task / "stat").read_text().rpartition(")")[2].split()[0]
            if state == "R" and int(task.name) not in of_python:
                return True
    return False


def _watch(pipe, process_id, calls):
    """Wait until there is something to read.

    Raises
    ------
    Died
        If one call takes too long. The copy itself stops most calls; but code that sets the signals
        aside, or catches whatever is raised, is ended only from here.
    Impossible
        If the copy waits for ever without a call.
    """
    while True:
        number, began, (computed, waited) = calls[0], time.monotonic(), times(process_id)

        def is_over(number=number, began=began, computed=computed, waited=waited):
            now = times(process_id)
            computing = now[0] - computed
            waiting = time.monotonic() - began - computing - (now[1] - waited)
            is_long = number % 2 and computing > COMPUTING
            return calls[0] != number or is_long or waiting > WAITING

        while not is_over():
            if pipe.poll(1):
                return
        if calls[0] == number:
            raise Died(-signal.SIGALRM) if number % 2 else Impossible


def _end(process):
    """End a copy and all that it has started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.join()


def _in_copy(work, pipe, calls):
    try:
        os.setsid()  # so that what it starts ends with it, and it ends with the kernel
        ctypes.CDLL(None).prctl(KILLED_WITH_PARENT, signal.SIGKILL)
        running.calls = calls
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Jupyter stops both; ours ends the copy
        be_expendable()
        for stream in (1, 2):  # what C code prints
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
        if "torch" in sys.modules:  # its threads are not copied
            sys.modules["torch"].set_num_threads(1)
        result = True, work()
    except Exception as error:
        result = False, f"{type(error).__name__}: {error}"
    try:
        pipe.send(result)
    except Exception as error:  # what cannot be pickled
        pipe.send((False, f"{type(error).__name__}: {error}"))
    os._exit(0)  # whatever the code has started


def times(process_id):
    """Seconds that a process has computed, and has waited for a processor; see ``man proc``.

    Both are 0 where the system does not tell, which only Linux does.
    """
    try:
        folder = Path(f"/proc/{process_id}")
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
        waited = int((folder / "schedstat").read_text().split()[1]) / 1e9
    except OSError:
        return 0, 0
    return (int(fields[11]) + int(fields[12])) / 100, waited
