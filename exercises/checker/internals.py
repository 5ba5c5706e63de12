"""What other projects do not promise to keep, all of it in one place.

A newer version may lack these; then the course goes on without, and each function says what is
lost. Nothing here is touched when a notebook starts, but when an answer is checked or a quiz shown.
"""

from contextlib import contextmanager, nullcontext
from functools import cache
from unittest import mock

import numpy as np


@cache
def steady_provider():
    """Make hypothesis draw the same inputs whatever modules are loaded.

    By itself, hypothesis favours the numbers that it reads in the source code of all modules that
    happen to be loaded, so that an edit elsewhere changes the sample. This provider favours the
    ends of the range instead: black and white.

    Returns
    -------
    type, or None
        None if this version of hypothesis has no such class: samples then depend on what is loaded.
    """
    try:
        from hypothesis.internal.conjecture import engine, providers

        engine.HypothesisProvider  # noqa: B018  what steady_while_shrinking replaces

        class Steady(providers.HypothesisProvider):
            def _maybe_draw_constant(self, choice_type, constraints, *, p=0.05):
                low, high = constraints.get("min_value"), constraints.get("max_value")
                is_range = choice_type == "integer" and None not in (low, high)
                if not is_range or self._random.random() > p:
                    return None
                return self._random.choice([low, high])

        providers.AVAILABLE_PROVIDERS["steady"] = Steady
    except (ImportError, AttributeError):
        return None
    return Steady


@contextmanager
def steady_while_shrinking():
    """Let hypothesis shrink with `steady_provider`: whatever the backend, it takes its own."""
    steady = steady_provider()
    if steady is None:
        yield
        return
    with mock.patch("hypothesis.internal.conjecture.engine.HypothesisProvider", steady):
        yield


def no_entropy():
    """Context in which every generator of NumPy without a seed starts from the same numbers.

    Where NumPy asks another source, an answer without a seed differs from check to check.
    """
    source = getattr(np.random, "bit_generator", None)
    if source is None:
        return nullcontext()
    return mock.patch.object(source, "randbits", return_value=0, create=True)


def drawn_by_jupyterquiz(questions, **options):
    """Return the page of a quiz and its script, which jupyterquiz can only display.

    Both keep to the page: MathJax is not loaded from the web, since no formula needs it. None if
    this version of jupyterquiz works otherwise: the quiz is shown as text.
    """
    try:
        import jupyterquiz

        with mock.patch("jupyterquiz.dynamic.display.display") as display:
            jupyterquiz.display_quiz(questions, **options)
        page, script = (call.args[0].data for call in display.call_args_list)
    except (ImportError, AttributeError, TypeError, ValueError):
        return None
    script = script.replace("typeof MathJax != 'undefined'", "false")
    return page, script.replace("https://cdn.jsdelivr.net/npm/mathjax@3/es5/tex-svg.js", "")
