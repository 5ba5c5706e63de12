"""Exercises that answer: ``check``, ``hint``, ``solution``, ``quiz``; in a class, ``submit``."""

import os
import sys

# `python -m exercises` in a folder of students' files must not import their random.py.
if sys.orig_argv[1:3] == ["-m", "exercises"] and sys.path[0] == os.getcwd():
    if os.path.dirname(os.path.dirname(__file__)) != os.getcwd():
        del sys.path[0]

import inspect

from IPython.display import Code, display

from exercises.checker.apart import Died, Failed, Impossible, work_apart
from exercises.checker.cards import Card
from exercises.checker.catalogue import find, find_questions
from exercises.checker.judge import Verdict, fault_of_ours, judge
from exercises.checker.quizzes import Quiz

__all__ = ["check", "hint", "quiz", "solution", "submit"]

_hints_given = {}


def _address():
    """Where the board of the class is; empty without a class server, or where it is turned off."""
    address = os.environ.get("COURSE_BOARD", "off")
    has_owner = "JUPYTERHUB_API_TOKEN" in os.environ
    return address if has_owner and address.lower() != "off" else ""


_first_address = _address()  # who turns the board off can still hand in


class _Stopped(KeyboardInterrupt):
    """The reader has stopped a check; a notebook shows this sentence and no traceback."""

    def _render_traceback_(self):
        return [str(self)]


def _find(name):
    """The exercise of that name; None, and a sentence, if its answer is not in this copy."""
    exercise = find(name)
    if exercise is None:
        print(f"{name} belongs to the exam. It is judged when you have handed in your notebook.")
    return exercise


def _card(exercise, answer):
    """Judge an answer; on Linux in a copy of this process, which the answer may ruin."""

    def work():
        try:
            return Card(exercise, judge(exercise, answer)).drawn()
        except Exception as error:
            return Card(exercise, fault_of_ours(error)).drawn()

    try:
        return work_apart(work)
    except Impossible:
        return work()
    except Failed as failure:
        verdict = Verdict("broken", str(failure))
    except Died as death:
        verdict = Verdict("slow" if death.is_slow else "raised", str(death))
    return Card(exercise, verdict)


def check(name, answer):
    """Try your answer to an exercise on many inputs, and show what is found.

    It is stopped after a few seconds of computing, or 20 of sleeping. On macOS and Windows this
    fails within one endless call of C code, such as ``sum(iter(int, 1))``, and for code that
    catches every error: restart the kernel then. On Linux, NumPy multiplies matrices on one thread
    from the first check on; kernels of ``course lab`` always do.

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
    if exercise is None:
        return
    try:
        card = _card(exercise, answer)
    except KeyboardInterrupt:
        text = f"You have stopped the check of {name}. The notebook works as before."
        raise _Stopped(text) from None
    display(card)
    if address := _address():
        from exercises.board import report  # here: without a class server nothing sends

        report(address, name, *card.found)


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
    exercise = _find(name)
    if exercise is None:
        return
    hints = exercise.hints
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
    exercise = _find(name)
    if exercise is not None:
        display(Code(inspect.getsource(exercise.solution), language="python"))


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
    display(Quiz(notebook, when, find_questions(notebook, when)))


def submit(notebook=None):
    """Hand in a notebook on a class server: its file, as you have saved it. Each version is kept.

    Parameters
    ----------
    notebook : str or path, optional
        Its file; by default the notebook in which you call this.

    Raises
    ------
    board.NotHandedIn
        With the reason.

    Examples
    --------
    >>> submit()
    There is no class server here. Save the notebook, and give your teacher its file.
    """
    address = _address() or _first_address
    if not address and "JUPYTERHUB_API_TOKEN" not in os.environ:
        print("There is no class server here. Save the notebook, and give your teacher its file.")
        return
    from exercises.board import NotHandedIn, hand_in

    if not address:
        raise NotHandedIn(
            "COURSE_BOARD is off. If you turned it off, restart the kernel and call submit() "
            "first; else save the notebook, and give your teacher its file."
        )
    hand_in(address, notebook)
