"""Code that nobody has checked is stopped in time and leaves no trace."""

import os
import random
import signal
import sys
import threading
import time
import warnings

import numpy as np
import pytest
import torch
from answers import endless_and_deaf

from exercises.checker import running
from exercises.checker.running import contained, run

DEFAULT_RNG = np.random.default_rng  # as an answer holds it that imported it by name


def change_settings():
    np.seterr(all="raise")
    np.set_printoptions(precision=1)
    warnings.simplefilter("error")
    os.environ["COURSE_DATA"] = "nowhere"
    os.chdir("/")
    sys.setrecursionlimit(5000)


def draw():
    return random.random() + np.random.rand() + torch.rand(1).item()  # noqa: NPY002


def close_streams():
    print("here I am")
    sys.stdout.close()
    sys.stderr.close()


def settings():
    generators = random.getstate(), np.random.get_state()[1].tolist()  # noqa: NPY002
    of_torch = torch.get_rng_state().tolist()
    filters, environment = list(warnings.filters), dict(os.environ)
    of_system = os.getcwd(), sys.getrecursionlimit(), sys.stdout, sys.gettrace()
    of_numpy = np.geterr(), np.get_printoptions()
    return generators, of_torch, filters, environment, of_system, of_numpy


@pytest.mark.parametrize("harm", [change_settings, draw, close_streams])
def test_no_trace_is_left(harm, capsys):
    before = settings()
    with contained():
        assert run(harm, {}).error is None
        assert sys.getrecursionlimit() == before[4][1], "each call starts from the same settings"
    assert settings() == before
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    "draw",
    [
        draw,
        lambda: np.random.Generator(np.random.PCG64()).integers(0, 99),
        lambda: DEFAULT_RNG().integers(0, 99),
    ],
)
def test_chance_is_the_same_each_time(draw):
    with contained():
        first, second = (run(draw, {}).value for _ in range(2))
    assert first == second


@pytest.mark.parametrize("value", [np.zeros(2), [0, 0], {0: 0, 1: 1}])
def test_changed_argument_is_a_copy_and_named(value):
    given = {"more": 3, "values": value}

    def write(more, values):
        values[1] = 7

    assert run(write, given).changed == "values"
    assert run(lambda more, values: more, given).changed == ""


def helper(levels):
    return levels[3]


def test_last_of_the_students_lines_is_shown():
    def answer():
        return helper(np.float64(1))

    assert run(answer, {}).line.endswith("return levels[3]")


# Time -------------------------------------------------------------------------------------------


def test_sleeping_answer_is_stopped(monkeypatch):
    monkeypatch.setattr(running, "PATIENCE", 0.5)
    assert run(lambda: time.sleep(60), {}, seconds=0.2).is_slow


def sleeps_and_catches():
    while True:
        try:
            time.sleep(60)
        except:  # noqa: E722
            pass


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_clock_is_set_aside_after_a_call_that_was_stopped():
    for _ in range(2):
        assert run(sleeps_and_catches, {}, seconds=0.1).is_slow
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert sys.gettrace() is None


def compute(seconds):
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def test_waiting_for_the_processor_is_no_fault(monkeypatch):
    """Two threads that share one interpreter: each waits half of the time."""
    monkeypatch.setattr(running, "PATIENCE", 1000)
    is_done = threading.Event()

    def disturb():
        while not is_done.is_set():
            pass

    disturbing = threading.Thread(target=disturb)
    disturbing.start()
    try:
        outcome = run(compute, {"seconds": 0.3}, seconds=0.5)
    finally:
        is_done.set()
        disturbing.join()
    assert 0.25 < outcome.seconds < 0.5


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_waiting_for_other_programs_is_free(monkeypatch, tmp_path):
    """As if the time on the wall were all waiting."""
    monkeypatch.setattr(running, "PATIENCE", 0.01)
    started = time.monotonic()
    told = type("Told", (), {"__init__": lambda self, path: None, "read_text": lambda self: text()})

    def text():
        return f"0 {int((time.monotonic() - started) * 1e9)} 1"

    monkeypatch.setattr(running, "Path", told)
    assert not run(compute, {"seconds": 0.3}, seconds=0.5).is_slow


def test_import_is_free(tmp_path, monkeypatch):
    work = "import time\nend = time.thread_time() + 0.6\nwhile time.thread_time() < end: pass\n"
    (tmp_path / "takes_long.py").write_text(work)
    monkeypatch.syspath_prepend(tmp_path)

    def answer():
        import takes_long

        return takes_long.end > 0

    outcome = run(answer, {}, seconds=0.3)
    assert outcome.value is True
    assert outcome.seconds < 0.3
    sys.modules.pop("takes_long")
    assert run(lambda: exec(work), {}, seconds=0.3).is_slow


def test_answer_is_stopped_where_signals_do_not_reach():
    found = []
    judging = threading.Thread(
        target=lambda: found.append(run(endless_and_deaf, {"image": np.ones(1)}, 0.3))
    )
    judging.start()
    judging.join()
    assert found[0].is_slow
