"""What an answer does in the copy of the process does not reach the notebook."""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace

import numpy as np
import psutil
import pytest
from answers import EQUALIZE, endless_and_deaf

import exercises
from exercises import check
from exercises.checker import apart, running
from exercises.checker.apart import Failed, Impossible, work_apart

resource = pytest.importorskip("resource")  # Windows has none
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux makes such copies")


def told(function, capfd):
    """What `check` says of an answer."""
    check("equalize", function)
    return capfd.readouterr().out


@pytest.fixture
def _impatient(monkeypatch):
    """Give answers less time, in the same order: first the call ends itself, then its copy ends."""
    monkeypatch.setattr(running, "SECONDS", 0.5)
    monkeypatch.setattr(running, "SECONDS_IN_C", 1)
    monkeypatch.setattr(apart, "COMPUTING", 1.5)
    monkeypatch.setattr(apart, "WAITING", 2)


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize(
    ("function", "says"),
    [
        (lambda image: sum(iter(int, 1)), "equalize: too slow or endless"),
        (lambda image: os._exit(7), "raised an error\nIt ended Python itself (exit code 7)"),
        (lambda image: [0] * 10**10, "equalize: raised an error\nMemoryError"),
    ],
)
def test_answer_may_ruin_the_copy(function, says, capfd):
    assert says in told(function, capfd)


def deaf_to_all_signals(image):
    for number in (signal.SIGALRM, signal.SIGPROF, signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    while True:
        pass


def sleeps_deaf(image):
    while True:
        try:
            signal.setitimer(signal.ITIMER_REAL, 0)
            time.sleep(60)
        except:  # noqa: E722
            pass


def sorts_deaf(image):
    while True:
        try:
            sorted(range(10**6), key=lambda number: -number)
        except:  # noqa: E722
            pass


def ever_deeper(image):
    sys.setrecursionlimit(10**6)
    return ever_deeper(image)


def works_in_a_thread(image):
    def work():
        while True:
            pass

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def forks(image):
    """It returns twice, though for one input only: copies that went on would fork again."""
    if image.shape == (2, 2) and os.fork() == 0:
        return image + 1
    return image


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize(
    ("function", "says"),
    [
        pytest.param(deaf_to_all_signals, "too slow or endless", marks=pytest.mark.slow),
        pytest.param(sleeps_deaf, "too slow or endless", marks=pytest.mark.slow),
        (sorts_deaf, "too slow or endless"),
        (ever_deeper, "equalize: "),
        pytest.param(works_in_a_thread, "too slow or endless", marks=pytest.mark.slow),
        (forks, "wrong here"),
    ],
)
def test_answer_that_does_not_stop_is_ended_from_outside(function, says, capfd):
    before = psutil.Process().children(recursive=True)
    assert says in told(function, capfd)
    assert set(psutil.Process().children(recursive=True)) <= set(before)  # none is left


def interrupts(image):
    raise KeyboardInterrupt


def test_cards_of_odd_answers_are_true(capfd):
    assert "raised an error\nKeyboardInterrupt" in told(interrupts, capfd)
    huge = told(lambda image: "x" * 10**8, capfd)
    assert "it must return" in huge.lower()
    assert len(huge) < 2000


def test_answer_that_breaks_numpy_is_told_so(capfd):
    def breaks(image):
        np.bincount = np.isclose = np.equal = None
        return image

    says = told(breaks, capfd)
    assert "the check itself failed, with TypeError" in says
    assert "Does it change NumPy" in says
    assert np.bincount is not None


BUSY = """
import sys, threading, time, warnings
import numpy as np, torch
from exercises.checker.apart import work_apart

is_done = threading.Event()

def compute(make):
    matrix = make((400, 400))
    while not is_done.is_set():
        matrix @ matrix
        time.sleep(0.01)

threads = [threading.Thread(target=compute, args=(make,)) for make in (np.ones, torch.ones)]
for thread in threads:
    thread.start()
for number in range(int(sys.argv[1])):
    assert work_apart(lambda: float((np.ones((300, 300)) @ np.ones((300, 300)))[0, 0])) == 300
    assert work_apart(lambda: (torch.ones(300, 300) @ torch.ones(300, 300))[0, 0].item()) == 300
is_done.set()
"""


CHECKED = """
import sys, threading, time
import numpy as np
from exercises import check

size, count = map(int, sys.argv[1:])
matrix, small, is_done = np.ones((size, size)), np.ones((500, 500)), threading.Event()

def compute():
    while not is_done.is_set():
        matrix @ matrix

def answer():
    return np.full((1, 1), (small @ small)[0, 0] % 256, np.uint8)

thread = threading.Thread(target=compute)
thread.start()
time.sleep(0.5)
for number in range(count):
    check("find_lost_level", answer)
is_done.set()
thread.join()
"""


@pytest.mark.parametrize(
    ("size", "count"),
    [
        (500, 3),
        pytest.param(2000, 1, marks=pytest.mark.slow),
        pytest.param(500, 500, marks=pytest.mark.slow),
    ],
)
def test_checks_in_a_kernel_with_threads_of_openblas_do_not_hang(size, count):
    """As in a kernel that VS Code or Colab has started: OpenBLAS has threads, and computes."""
    pytest.importorskip("threadpoolctl")
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "4"}
    command = [sys.executable, "-c", CHECKED, str(size), str(count)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("find_lost_level: ") == count
    assert "slow" not in done.stdout


@pytest.mark.parametrize("count", [5, pytest.param(250, marks=pytest.mark.slow)])
def test_copies_of_a_busy_process_with_threads_do_not_hang(count):
    """OpenBLAS and PyTorch compute in other threads while the process is copied.

    With several threads, OpenBLAS waits for ever in fork; `course lab` gives it one at once.
    """
    threads = {"OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-W", "always", "-c", BUSY, str(count)]
    done = subprocess.run(command, env=os.environ | threads, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, ""), "no warning of threads either"


def test_answer_may_change_everything_in_the_copy(capfd):
    def answer(image):
        np.bincount = None
        os.write(1, b"printed by C code")
        return image

    assert told(answer, capfd).startswith("equalize: ")
    assert np.bincount is not None


def test_copy_is_limited():
    numbers = resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC
    limits = work_apart(lambda: [resource.getrlimit(number)[1] for number in numbers])
    assert all(0 < limit <= most for limit, most in zip(limits, (apart.FILE, apart.PROCESSES)))


def test_nothing_of_c_is_printed(capfd):
    work_apart(lambda: os.write(1, b"out") + os.write(2, b"err"))
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("platform", ["linux", "win32"])
def test_reader_who_stops_a_check_sees_one_sentence(platform, monkeypatch):
    """Jupyter sends the signal to all processes of a kernel; here the notebook's gets it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored if started in the background
    monkeypatch.setattr(sys, "platform", platform)
    notebook = os.getpid()

    def stops(image):
        os.kill(notebook, signal.SIGINT)
        while True:
            pass

    with pytest.raises(KeyboardInterrupt, match="stopped the check of equalize") as stopped:
        check("equalize", stops)
    assert stopped.value._render_traceback_() == [str(stopped.value)]


def test_copy_does_not_end_by_the_readers_signal():
    assert work_apart(lambda: signal.raise_signal(signal.SIGINT) or 7) == 7


def test_copy_that_waits_for_ever_is_given_up(monkeypatch):
    monkeypatch.setattr(apart, "WAITING", 1)
    with pytest.raises(Impossible):
        work_apart(signal.pause)


def test_computing_is_work():
    before = apart.times(os.getpid())[0]
    while apart.times(os.getpid())[0] == before:
        pass


def test_without_copies_the_check_works_here(monkeypatch, capfd):
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(Impossible):
        work_apart(int)
    assert told(EQUALIZE.solution, capfd).startswith("equalize: correct")


def test_check_without_what_unix_has(monkeypatch, capfd):
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(running, "SECONDS", 0.5)
    for name in ("SIGALRM", "SIGPROF", "SIGKILL", "setitimer", "ITIMER_REAL", "ITIMER_PROF"):
        monkeypatch.delattr(signal, name)
    for name in ("fork", "killpg", "setsid", "getuid", "sched_getaffinity"):
        monkeypatch.delattr(os, name)
    monkeypatch.setitem(sys.modules, "resource", None)
    assert told(EQUALIZE.solution, capfd).startswith("equalize: correct")
    assert told(endless_and_deaf, capfd).startswith("equalize: too slow or endless")
    assert "ZeroDivisionError" in told(lambda image: 1 // 0, capfd)


# Faults of ours ---------------------------------------------------------------------------------


@pytest.mark.parametrize("work", [lambda: 1 / 0, lambda: (_ for _ in ())], ids=["error", "pickle"])
def test_error_of_the_work_is_no_death(work):
    with pytest.raises(Failed, match="Error: "):
        work_apart(work)


@pytest.mark.parametrize("platform", ["linux", "win32"])
def test_card_that_cannot_be_drawn_is_our_fault(platform, monkeypatch, capfd):
    nameless = replace(EQUALIZE, examples=dict(enumerate(EQUALIZE.examples.values())))
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(exercises, "find", lambda name: nameless)
    says = told(EQUALIZE.solution, capfd)
    assert says.startswith("equalize: the check itself failed")
    assert "please report it: TypeError" in says


def test_copy_that_cannot_be_limited_is_our_fault(monkeypatch, capfd):
    monkeypatch.setattr(apart, "be_expendable", lambda: 1 / 0)
    says = told(EQUALIZE.solution, capfd)
    assert says.startswith("equalize: the check itself failed")
    assert "please report it: ZeroDivisionError" in says
