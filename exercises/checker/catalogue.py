"""Find exercises and quizzes: a file is an exercise, its folder is the notebook's."""

import difflib
import importlib
from pathlib import Path

from course_utils._validation import check_type, describe

FOLDER = Path(__file__).resolve().parent.parent
NO_EXERCISES = ("__init__", "quiz", "shared")


def notebooks():
    """List the notebooks that have exercises, in order.

    Returns
    -------
    list of str
        Such as "02_equalization".
    """
    return sorted(folder.name.removeprefix("ex") for folder in FOLDER.glob("ex[0-9]*"))


def names_of(notebook):
    """List the exercises of a notebook, in the order of the alphabet; nothing is loaded.

    Parameters
    ----------
    notebook : str

    Returns
    -------
    list of str
    """
    files = sorted(file.stem for file in (FOLDER / f"ex{notebook}").glob("*.py"))
    return [name for name in files if name not in NO_EXERCISES]


def all_names():
    """Notebook of each exercise.

    Returns
    -------
    dict of str to str
        From the name of the exercise, in the order of the notebooks.
    """
    return {name: notebook for notebook in notebooks() for name in names_of(notebook)}


def _load(notebook, file):
    return importlib.import_module(f"exercises.ex{notebook}.{file}")


def find(name):
    """Return an exercise; only its own file is loaded, since those of late notebooks need PyTorch.

    Parameters
    ----------
    name : str

    Returns
    -------
    Exercise

    Raises
    ------
    TypeError, ValueError
        If there is no exercise of that name.
    """
    check_type(name, "name", str, "the name of an exercise, a str")
    known = all_names()
    if name not in known:
        close = ", ".join(difflib.get_close_matches(name, known) or known)
        raise ValueError(f"name must be that of an exercise, such as {close}, not {name!r}")
    return _load(known[name], name).EXERCISE


def find_questions(notebook, when):
    """Return the questions of a quiz.

    Parameters
    ----------
    notebook : str
    when : {"before", "after"}

    Returns
    -------
    tuple of Question

    Raises
    ------
    TypeError, ValueError
        If there is no such quiz.
    """
    check_type(notebook, "notebook", str, "the name of a notebook, a str")
    check_type(when, "when", str, '"before" or "after"')
    if notebook not in notebooks():
        known = ", ".join(notebooks())
        raise ValueError(f"notebook must be one of {known}, not {describe(notebook)}")
    if when not in ("before", "after"):
        raise ValueError(f'when must be "before" or "after", not {describe(when)}')
    quiz = _load(notebook, "quiz")
    return quiz.QUIZ_BEFORE if when == "before" else quiz.QUIZ_AFTER
