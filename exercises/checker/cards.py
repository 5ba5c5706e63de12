"""Show a verdict: a small HTML card in the notebook, and its twin in plain text."""

import re
import types
from pathlib import Path

import jinja2
import numpy as np

from course_utils._validation import describe, is_array
from exercises.checker.comparing import agree, brief, difference, digits_between
from exercises.checker.inputs import spans
from exercises.checker.searching import draw_all

TITLES = {
    "unwritten": "not written yet",
    "correct": "correct",
    "wrong": "wrong here",
    "raised": "raised an error",
    "slow": "too slow or endless",
    "broken": "the check itself failed",
}
COLORS = {"unwritten": "#0072B2", "correct": "#009E73"}  # as in display.py
WRONG = "#D55E00"
LARGEST = 12  # rows and columns of an array that are shown
PLANES = 2  # images of a stack that are shown
PARTS = 4  # values of a tuple that are shown
TEMPLATE = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
).get_template("card.html.j2")


def _is_drawn(value):
    """Whether a value is an array of numbers."""
    return is_array(value) and value.size > 0 and value.dtype.kind in "biuf"


def _is_grid(value):
    """Whether a value is drawn as one grid of cells."""
    return _is_drawn(value) and (value.ndim in (1, 2) or value.ndim == 3 == value.shape[2])


def _is_stack(value):
    """Whether a value is drawn as several grids: small images one behind the other."""
    is_stack = _is_drawn(value) and value.ndim > 2 and not _is_grid(value)
    return is_stack and max(value.shape[-2:]) <= LARGEST


def _rows(array):
    """List the rows of cells of a grid, as far as they are shown."""
    return [row[:LARGEST] for row in (array[None] if array.ndim == 1 else array)[:LARGEST]]


def _is_cut(array):
    return max(array.shape[:2]) > LARGEST


def _is_flat(array):
    """Whether all numbers of an array are the same."""
    return (array == array.flat[0]).all()


def _describe_cut(array):
    """Say what a grid too large to be shown holds."""
    size = " × ".join(map(str, array.shape))
    if _is_flat(array):
        return f"{size}, all {brief(array.flat[0])}"
    shown = " × ".join(str(min(LARGEST, side)) for side in array.shape[: 1 + (array.ndim > 1)])
    return f"{size}, of which you see {shown}"


def _planes(stack, wrong, scale):
    """List the images of a stack that are shown, with a title: those that are wrong come first."""
    places = sorted(np.ndindex(stack.shape[:-2]), key=lambda place: not wrong[place].any())[:PLANES]
    size = " × ".join(map(str, stack.shape))
    return [(f"{list(place)} of {size}", stack[place], wrong[place], scale) for place in places]


def _parts(value, other, tolerance):
    """List what is drawn of a value, one below the other.

    A part is its title, itself, where it is wrong, and which numbers are black and white in it.
    """
    is_short = isinstance(value, (tuple, list)) and len(value) <= PARTS
    if is_short and any(isinstance(part, np.ndarray) for part in value):
        others = other if isinstance(other, tuple) and len(other) == len(value) else value
        return [part for pair in zip(value, others) for part in _parts(*pair, tolerance)]
    if not _is_drawn(value):
        return [("", value, None, None)]
    is_comparable = _is_drawn(other) and other.shape == value.shape
    other = other if is_comparable else value
    wrong, scale = ~agree(other, value, tolerance), _scale(value, other)
    if _is_stack(value):
        return _planes(value, wrong, scale)
    return [("", value, wrong, scale)]


def _scale(array, other):
    """Which numbers are drawn black and white, so that equal ones look equal in both arrays."""
    shown = np.concatenate([array.ravel(), other.ravel()])
    finite = shown[np.isfinite(shown)] if shown.dtype.kind == "f" else shown
    is_image = array.dtype == np.uint8
    return (0, 255) if is_image or not finite.size else (float(finite.min()), float(finite.max()))


def _text(value, digits):
    """Write a part in plain text; a grid gets one line a row."""
    if isinstance(value, tuple) and len(value) <= PARTS:
        return ", ".join(brief(number, digits) for number in value)
    if isinstance(value, dict):
        lines = (f"  {name}: {brief(number, digits)}" for name, number in value.items())
        return "\n".join(lines)
    if not _is_grid(value):
        is_large = isinstance(value, (tuple, list)) or np.ndim(value)
        return describe(value) if is_large else brief(value, digits)
    if _is_cut(value) and _is_flat(value):
        return _describe_cut(value)
    rows = [[brief(cell, digits) for cell in row] for row in _rows(value)]
    width = max(len(text) for row in rows for text in row)
    lines = ["  " + " ".join(text.rjust(width) for text in row) for row in rows]
    return "\n".join(([_describe_cut(value)] if _is_cut(value) else []) + lines)


def _shade(cell, low, high):
    """Red, green and blue behind a cell, and the ink that can be read there."""
    if np.ndim(cell) and np.asarray(cell).dtype == np.uint8:
        back = tuple(int(level) for level in cell)
    else:
        share = (float(np.mean(cell)) - low) / ((high - low) or 1)
        back = (int(255 * min(max(share if np.isfinite(share) else 0, 0), 1)),) * 3
    return back, "black" if 0.3 * back[0] + 0.59 * back[1] + 0.11 * back[2] > 115 else "white"


def _drawn(title, value, wrong, scale, digits):
    """Prepare a part for the template: a grid shaded like an image, or text."""
    if not _is_grid(value) or (_is_cut(value) and _is_flat(value)):
        return {"title": title, "text": _text(value, digits)}
    rows = [
        [(brief(cell, digits), *_shade(cell, *scale), np.any(fault)) for cell, fault in zip(*both)]
        for both in zip(_rows(value), _rows(wrong))
    ]
    return {"title": title, "note": _describe_cut(value) if _is_cut(value) else "", "rows": rows}


def plain(section):
    """A heading without the marks of Markdown."""
    return re.sub(r"[`*]", "", section)


def anchor(section):
    """Address of a section within its notebook, as JupyterLab makes it from the heading's text."""
    return "#" + plain(section).replace(" ", "-")


class Card:
    """What `check` shows.

    Parameters
    ----------
    exercise : Exercise
    verdict : Verdict
    """

    def __init__(self, exercise, verdict):
        self.exercise, self.verdict = exercise, verdict

    def _title(self):
        return f"{self.exercise.name}: {TITLES[self.verdict.kind]}"

    def _sentences(self):
        """Say the verdict in words."""
        exercise, verdict = self.exercise, self.verdict
        if verdict.kind == "unwritten":
            return [
                "Replace the dots by your code, and run the cell again.",
                f'If you are stuck: hint("{exercise.name}").',
            ]
        if verdict.kind == "broken":
            return [
                "This says nothing about your answer. Restart the kernel and check again.",
                f"If it happens again, the course is at fault; please report it: {verdict.says}",
            ]
        if verdict.kind == "correct":
            if exercise.inputs is None:
                return [exercise.then]
            cases, drawn = ", ".join(exercise.examples), draw_all(exercise.inputs)
            tried = spans([*exercise.examples.values(), *drawn, *exercise.more])
            return [
                f"It agrees on {verdict.tried} inputs, among them {cases}.",
                f"Tried were {tried}.",
                exercise.then,
            ]
        return [
            verdict.says[:1].upper() + verdict.says[1:] + "." * (verdict.says[-1:] not in ".?!")
        ]

    def _values(self):
        """List what there is to see: (label, its parts)."""
        tolerance = self.exercise.tolerance
        return [(label, _parts(*pair, tolerance)) for label, *pair in self._compared_values()]

    def _digits(self):
        return digits_between(self.verdict.expected, self.verdict.got, self.exercise.tolerance)

    def _compared_values(self):
        """List what there is to see: (label, value, value to compare it with)."""
        verdict = self.verdict
        values = [(name, value, None) for name, value in verdict.arguments.items()]
        if verdict.kind != "wrong" or verdict.got is None or self._is_right():
            return values
        if not isinstance(verdict.expected, str) and not isinstance(verdict.got, str):
            values.append(("expected", verdict.expected, verdict.got))
        return values if self._is_said() else [*values, ("yours", verdict.got, verdict.expected)]

    def _statistics(self):
        """Rows of two dicts of numbers side by side: name, numbers, whether they differ."""
        expected, got, digits = self.verdict.expected, self.verdict.got, self._digits()
        if not isinstance(expected, dict) or not isinstance(got, dict) or self._is_right():
            return []
        return [
            (
                name,
                brief(number, digits),
                brief(got[name], digits),
                difference(number, got[name], self.exercise.tolerance),
            )
            for name, number in expected.items()
        ]

    def _is_right(self):
        """Whether the results are the same, so that the fault is elsewhere."""
        expected, got = self.verdict.expected, self.verdict.got
        is_value = expected is not None and not isinstance(expected, str)
        return is_value and not difference(expected, got, self.exercise.tolerance)

    def _is_said(self):
        """Whether the sentences tell all about what came, so that it is not shown again."""
        got = self.verdict.got
        is_in_words = isinstance(got, (str, types.GeneratorType))
        return is_in_words or (not is_array(got) and describe(got) in self.verdict.says)

    def _why(self):
        """How the misconception is told, its name, two sentences, and the section to read again."""
        wrong = self.verdict.misconception
        if wrong is None:
            return None
        says = f"This is {'nearly ' * wrong.is_near}what happens when code"
        if wrong.function is None:  # no idea, but a fact about the answer
            says = "Your code"
        return says, wrong.name, wrong.why, plain(self.exercise.section_of(wrong))

    def __repr__(self):
        lines, digits = [self._title(), *self._sentences()], self._digits()
        for label, parts in self._values():
            titled = (f"{title}\n" * bool(title) + _text(part, digits) for title, part, *_ in parts)
            text = "\n".join(titled)
            is_long = "\n" in text or text.startswith("  ")
            lines.append(f"{label} ={chr(10) if is_long else ' '}{text}")
        if self._why():
            says, name, why, section = self._why()
            lines += [f"{says} {name}. {why}", f"Read again: {section}"]
        return "\n".join(lines)

    def _repr_html_(self):
        digits, statistics, why = self._digits(), self._statistics(), self._why()
        values = [
            (label, [_drawn(*part, digits) for part in parts])
            for label, parts in self._values()
            if not (statistics and label in ("expected", "yours"))
        ]
        return TEMPLATE.render(
            title=self._title(),
            sentences=self._sentences(),
            values=values,
            statistics=statistics,
            why=why,
            address=why and anchor(why[-1]),
            color=COLORS.get(self.verdict.kind, WRONG),
            wrong=WRONG,
        )

    @property
    def found(self):
        """Kind of the verdict, and name of the misconception if the exercise lists it, or None."""
        wrong, listed = self.verdict.misconception, {m.name for m in self.exercise.misconceptions}
        return self.verdict.kind, wrong.name if wrong and wrong.name in listed else None

    def drawn(self):
        """Draw the card now; the result goes to another process whatever the card shows."""
        return _Drawn(repr(self), self._repr_html_(), self.found)


class _Drawn:
    def __init__(self, text, page, found):
        self.text, self.page, self.found = text, page, found

    def __repr__(self):
        return self.text

    def _repr_html_(self):
        return self.page
