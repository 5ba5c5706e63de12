"""What other projects do not promise to keep, all of it in one place.

A newer version may lack these; then the course goes on without, and each function says what is
lost. Nothing here is touched when a notebook starts, but when an answer is checked or a quiz shown.
"""

import re
from contextlib import nullcontext
from unittest import mock

import numpy as np


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
    script = script.replace("https://cdn.jsdelivr.net/npm/mathjax@3/es5/tex-svg.js", "")
    # Each quiz brings the whole script: a third of that is indentation and comments.
    return [re.sub(r"^\s*(//.*\s*)*", "", part, flags=re.M) for part in (page, script)]
