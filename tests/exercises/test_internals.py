"""What is private elsewhere works as it is installed here, and may be missing."""

import subprocess
import sys

import numpy as np
from answers import EQUALIZE

from exercises.checker import internals
from exercises.checker.catalogue import find_questions
from exercises.checker.judge import judge
from exercises.checker.quizzes import Quiz

WRONG = EQUALIZE.misconceptions[0]
QUIZ = Quiz("02_equalization", "before", find_questions("02_equalization", "before"))


def test_nothing_private_is_touched_when_a_notebook_starts():
    lines = [
        "import sys, numpy",
        "from exercises import check, hint, quiz, solution",
        "assert 'jupyterquiz' not in sys.modules",
        "assert numpy.random.bit_generator.randbits.__self__.__class__.__name__ != 'MagicMock'",
    ]
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_numpy_asks_us_for_entropy():
    with internals.no_entropy():
        assert np.random.default_rng().random() == np.random.default_rng().random()
    assert np.random.default_rng().random() != np.random.default_rng().random()


def test_numpy_may_ask_elsewhere(monkeypatch):
    monkeypatch.delattr("numpy.random.bit_generator")
    assert judge(EQUALIZE, WRONG.function).misconception == WRONG


def test_jupyterquiz_is_heard():
    assert "<script>" in QUIZ._repr_html_()


def test_jupyterquiz_may_draw_otherwise(monkeypatch):
    monkeypatch.setattr("jupyterquiz.display_quiz", lambda questions, **options: None)
    assert QUIZ._repr_html_() is None, "the notebook shows the text"
    monkeypatch.setitem(sys.modules, "jupyterquiz", None)  # as if it were not installed
    assert QUIZ._repr_html_() is None
