"""Exercises that answer: ``check``, ``hint``, ``solution``, and ``quiz``."""

import difflib
import importlib
import inspect
import pkgutil
from pathlib import Path

from IPython.display import Code, display

from course_utils._validation import check_type, describe
from course_utils.exercises import topics
from course_utils.exercises.apart import Died, Impossible, work_apart
from course_utils.exercises.cards import Card
from course_utils.exercises.checking import Verdict, judge
from course_utils.exercises.quizzes import Quiz

_hints_given = {}


class _Stopped(KeyboardInterrupt):
    """The reader has stopped a check; a notebook shows this sentence and no traceback."""

    def _render_traceback_(self):
        return [str(self)]


def _notebooks():
    """List the notebooks that have exercises, in order."""
    return sorted(
        module.name.removeprefix("ex") for module in pkgutil.iter_modules(topics.__path__)
    )


def _topic(notebook):
    """Load the exercises of one notebook; those of the late ones need PyTorch."""
    return importlib.import_module(f"{topics.__name__}.ex{notebook}")


def exercises():
    """Return all exercises.

    Returns
    -------
    dict of str to Exercise
        By name, in the order of the notebooks.
    """
    return {e.name: e for notebook in _notebooks() for e in _topic(notebook).EXERCISES}


def _find(name):
    """Return the exercise called `name`; only the notebook that holds it is loaded."""
    check_type(name, "name", str, "the name of an exercise, a str")
    for notebook in _notebooks():
        source = Path(*topics.__path__, f"ex{notebook}.py").read_text(encoding="utf-8")
        if f'name="{name}",' in source:
            return next(e for e in _topic(notebook).EXERCISES if e.name == name)
    names = difflib.get_close_matches(name, exercises()) or exercises()
    raise ValueError(f"name must be that of an exercise, such as {', '.join(names)}, not {name!r}")


def _card(exercise, answer):
    """Judge an answer; on Linux in a copy of this process, which the answer may ruin."""
    try:
        return work_apart(lambda: Card(exercise, judge(exercise, answer)).drawn())
    except Impossible:
        return Card(exercise, judge(exercise, answer))
    except Died as death:
        return Card(exercise, Verdict("slow" if death.is_slow else "raised", str(death)))


def check(name, answer):
    """Try your answer to an exercise on many inputs, and show what is found.

    It is stopped after a few seconds. On macOS and Windows this fails within one endless call of
    C code, such as ``sum(iter(int, 1))``: restart the kernel then.

    Parameters
    ----------
    name : str
        Name of the exercise.
    answer : function
        Your function itself, without parentheses.

    Raises
    ------
    TypeError, ValueError
        If there is no exercise of that name.

    Examples
    --------
    >>> def my_histogram(image): ...
    >>> check("histogram", my_histogram)
    histogram: not written yet
    Replace the dots by your code, and run the cell again.
    If you are stuck: hint("histogram").
    """
    exercise = _find(name)
    try:
        card = _card(exercise, answer)
    except KeyboardInterrupt:
        text = f"You have stopped the check of {name}. The notebook works as before."
        raise _Stopped(text) from None
    display(card)


def hint(name):
    """Show the next hint to an exercise; three calls show all three.

    Parameters
    ----------
    name : str
        Name of the exercise.

    Raises
    ------
    TypeError, ValueError
        If there is no exercise of that name.
    """
    hints = _find(name).hints
    given = min(_hints_given.get(name, 0) + 1, len(hints))
    _hints_given[name] = given
    print(f"Hint {given} of {len(hints)}: {hints[given - 1]}")


def solution(name):
    """Show a good answer to an exercise.

    Parameters
    ----------
    name : str
        Name of the exercise.

    Raises
    ------
    TypeError, ValueError
        If there is no exercise of that name.
    """
    display(Code(inspect.getsource(_find(name).solution), language="python"))


def quiz(notebook, when):
    """Show five questions; each answer is explained when you click it.

    Parameters
    ----------
    notebook : str
        Such as "01_histograms".
    when : {"before", "after"}

    Raises
    ------
    TypeError, ValueError
        If there is no such quiz.
    """
    check_type(notebook, "notebook", str, "the name of a notebook, a str")
    check_type(when, "when", str, '"before" or "after"')
    if notebook not in _notebooks():
        names = ", ".join(_notebooks())
        raise ValueError(f"notebook must be one of {names}, not {describe(notebook)}")
    if when not in ("before", "after"):
        raise ValueError(f'when must be "before" or "after", not {describe(when)}')
    topic = _topic(notebook)
    display(Quiz(notebook, when, topic.QUIZ_BEFORE if when == "before" else topic.QUIZ_AFTER))
