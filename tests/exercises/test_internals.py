"""What is private elsewhere works as it is installed here, and may be missing."""

import subprocess
import sys

import numpy as np
import pytest
from answers import EQUALIZE

from exercises.checker import internals, searching
from exercises.checker.catalogue import find_questions
from exercises.checker.judge import judge
from exercises.checker.quizzes import Quiz

WRONG = EQUALIZE.misconceptions[0]
QUIZ = Quiz("02_equalization", "before", find_questions("02_equalization", "before"))


def test_nothing_private_is_touched_when_a_notebook_starts():
    lines = [
        "import sys, numpy",
        "from exercises import check, hint, quiz, solution",
        "from hypothesis.internal.conjecture import providers",
        "assert 'steady' not in providers.AVAILABLE_PROVIDERS",
        "assert 'jupyterquiz' not in sys.modules",
        "assert numpy.random.bit_generator.randbits.__self__.__class__.__name__ != 'MagicMock'",
    ]
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def _providers_asked_anew():
    internals.steady_provider.cache_clear()
    yield
    internals.steady_provider.cache_clear()


@pytest.mark.usefixtures("_providers_asked_anew")
def test_hypothesis_takes_our_provider():
    from hypothesis.internal.conjecture import engine, providers

    assert issubclass(internals.steady_provider(), providers.HypothesisProvider)
    with internals.steady_while_shrinking():
        assert engine.HypothesisProvider is internals.steady_provider()


@pytest.mark.usefixtures("_providers_asked_anew")
@pytest.mark.parametrize("missing", ["engine.HypothesisProvider", "providers.AVAILABLE_PROVIDERS"])
def test_hypothesis_may_have_no_providers(missing, monkeypatch):
    with monkeypatch.context() as patch:
        patch.delattr(f"hypothesis.internal.conjecture.{missing}")
        assert internals.steady_provider() is None
    searching.draw_all.cache_clear()
    verdict = judge(EQUALIZE, WRONG.function)
    searching.draw_all.cache_clear()
    assert (verdict.kind, verdict.misconception) == ("wrong", WRONG)


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
