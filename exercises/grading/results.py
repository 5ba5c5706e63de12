"""What a class did: one best row a student and exercise, points, and who handed in what."""

import ast
import tomllib
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from exercises.checker.catalogue import all_names
from exercises.grading.collecting import Submission, key_of
from exercises.grading.judging import CORRECT, MISSING, NOT_JUDGED, UNWRITTEN, Row
from exercises.grading.lecture import in_order

COPY_LINES = 4  # equal answers of fewer statements mean nothing
SAME_CODE = "same code as"
FEW = 10  # names in one remark
ORDER = ("wrong", "unwritten", "missing", "correct")


@dataclass(frozen=True)
class Entry:
    """A row and the notebook it came from."""

    submission: Submission
    row: Row

    @property
    def student(self):
        return self.submission.student


class Results:
    """All that is found about a class.

    Parameters
    ----------
    judged : list of (Submission, list of Row)
    roster : list of str
        Names of those who should hand in; empty if there is no list.
    weights : dict of str to float
        Points of an exercise; 1 where it says nothing.

    Attributes
    ----------
    entries, unreadable, unjudged : lists of Entry
        All; those of files that cannot be read; those that a notebook did not reach in its time.
    copies : list of (str, list of str)
        An exercise, and who has the same code there.
    """

    def __init__(self, judged, roster=(), weights=None):
        self.roster, self.weights = list(roster), weights or {}
        entries = [Entry(submission, row) for submission, rows in judged for row in rows]
        same_code = _same_code(entries)
        self.entries = [_with_remark(entry, same_code) for entry in entries]
        self.copies = sorted((exercise, names) for (exercise, _), names in same_code.items())
        self.unreadable = [entry for entry in self.entries if not entry.row.exercise]
        self.unjudged = [entry for entry in self.entries if entry.row.verdict == NOT_JUDGED]

    def students(self):
        """List the students, in the order of the alphabet, those on the roster included."""
        names = {}
        for name in [*self.roster, *(entry.student for entry in self.entries)]:
            names.setdefault(key_of(name), name)
        return sorted(names.values(), key=str.casefold)

    def exercises(self):
        """List the exercises that at least one notebook has, in the order of the course."""
        here = {entry.row.exercise for entry in self.entries}
        return in_order(here)

    def best(self):
        """Best entry of each student and exercise.

        Returns
        -------
        dict of (str, str) to Entry
            From `collecting.key_of` of the student, and the exercise.
        """
        found = {}
        for entry in self.entries:
            place = key_of(entry.student), entry.row.exercise
            if entry.row.exercise and _rank(entry) >= _rank(found.get(place)):
                found[place] = entry
        return found

    def points(self):
        """Points of each student and exercise, in the shape of `best`."""
        return {
            (student, exercise): self.weight(exercise) * (entry.row.verdict == CORRECT)
            for (student, exercise), entry in self.best().items()
        }

    def weight(self, exercise):
        return self.weights.get(exercise, 1)

    def possible(self):
        """Points of whoever has all exercises right."""
        return sum(map(self.weight, self.exercises()))

    def attendance(self):
        """Who handed in nothing, twice, without being asked, or what takes too long to judge.

        Returns
        -------
        dict of str to list of str
        """
        handed_in = {key_of(entry.student): entry.student for entry in self.entries}
        listed = {key_of(name) for name in self.roster}
        files = defaultdict(set)
        for entry in self.entries:
            if entry.row.exercise and entry.row.verdict != MISSING:
                files[key_of(entry.student), entry.row.exercise].add(entry.submission.path)
        kept = {
            entry.submission.path: f"{entry.student} ({len(entry.submission.earlier) + 1} versions)"
            for entry in self.entries
            if entry.submission.earlier
        }
        twice = [handed_in[student] for (student, _), paths in files.items() if len(paths) > 1]
        return {
            "handed in nothing": [n for n in self.roster if key_of(n) not in handed_in],
            "handed in twice": list(dict.fromkeys(twice)),
            "handed in again, the last version counts": list(kept.values()),
            "not on the roster": [
                name for key, name in handed_in.items() if listed and key not in listed
            ],
            "not judged to the end": list(dict.fromkeys(e.student for e in self.unjudged)),
        }


def _rank(entry):
    """Which of two entries counts: a correct one, else one that was written, else the later."""
    verdict = entry.row.verdict if entry else None
    return (
        [None, MISSING, UNWRITTEN].index(verdict)
        if verdict in (None, MISSING, UNWRITTEN)
        else (4 if verdict == CORRECT else 3)
    )


# Remarks ----------------------------------------------------------------------------------------


class _Anonymous(ast.NodeTransformer):
    """Names of variables by the order in which they come, and no docstrings."""

    def __init__(self):
        self.names = {}

    def _name(self, name):
        return self.names.setdefault(name, f"n{len(self.names)}")

    def visit_Name(self, node):
        return ast.Name(self._name(node.id))

    def visit_arg(self, node):
        return ast.arg(self._name(node.arg))

    def visit_FunctionDef(self, node):
        self.generic_visit(node)
        body = node.body[1:] if ast.get_docstring(node) else node.body
        return ast.FunctionDef(self._name(node.name), node.args, body, [], None, None)


@cache
def normalized(code):
    """Write code so that copies with other names, comments or spaces are equal.

    Parameters
    ----------
    code : str

    Returns
    -------
    str
        Empty if the code is too short to say anything, or cannot be read.
    """
    try:
        return _normalized(ast.parse(code))
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # a sum of thousands of terms
        return ""


def _normalized(tree):
    functions = [node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    count = sum(isinstance(node, ast.stmt) for function in functions for node in ast.walk(function))
    if count <= COPY_LINES:
        return ""
    return "\n".join(ast.dump(_Anonymous().visit(node)) for node in functions)


def _same_code(entries):
    """Who has the same code, several each: from the exercise and the code to the names."""
    groups = defaultdict(dict)
    for entry in entries:
        if code := normalized(entry.row.code):
            groups[entry.row.exercise, code].setdefault(key_of(entry.student), entry.student)
    return {place: sorted(names.values()) for place, names in groups.items() if len(names) > 1}


def _with_remark(entry, same_code):
    """Add who has the same code; it may be a coincidence, or the course's solution."""
    names = same_code.get((entry.row.exercise, normalized(entry.row.code)), [])
    others = [name for name in names if key_of(name) != key_of(entry.student)]
    more = f", and {len(others) - FEW} more" if len(others) > FEW else ""  # the page lists them all
    remarks = [f"{SAME_CODE} {', '.join(others[:FEW])}{more}"] if others else []
    return replace(entry, row=replace(entry.row, remarks=[*entry.row.remarks, *remarks]))


# Weights ----------------------------------------------------------------------------------------


def read_weights(path):
    """Read how many points an exercise gives: lines such as ``blend = 2``.

    Parameters
    ----------
    path : path

    Returns
    -------
    dict of str to float

    Raises
    ------
    OSError, ValueError
        If a line names no exercise, or gives no number of at least 0.
    """
    try:
        weights = tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path} must hold lines such as 'blend = 2': {error}") from None
    for name, weight in weights.items():
        if name not in all_names():
            raise ValueError(f"{path} must name exercises, and {name} is none")
        if type(weight) not in (int, float) or not weight >= 0:
            raise ValueError(f"{path} must give {name} a number of at least 0, not {weight!r}")
    return weights
