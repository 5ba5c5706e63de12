"""Show a verdict: a small HTML card in the notebook, and its twin in plain text."""

import html

import numpy as np

from course_utils._validation import describe
from course_utils.exercises.checking import brief

TITLES = {
    "unwritten": "not written yet",
    "correct": "correct",
    "wrong": "wrong here",
    "raised": "raised an error",
    "slow": "too slow or endless",
}
COLORS = {"unwritten": "#0072B2", "correct": "#009E73"}  # as in display.py
WRONG = "#D55E00"
LARGEST = 12  # rows and columns of an array that are shown


def _is_grid(value):
    """Whether a value is drawn as a grid of cells."""
    is_array = isinstance(value, np.ndarray) and value.size > 0
    return is_array and (value.ndim in (1, 2) or (value.ndim == 3 and value.shape[2] == 3))


def _rows(array):
    """List the rows of cells of a grid, as far as they are shown."""
    return [row[:LARGEST] for row in (array[None] if array.ndim == 1 else array)[:LARGEST]]


def _is_cut(array):
    return max(array.shape[:2]) > LARGEST


def _describe_cut(array):
    """Say what a grid too large to be shown holds."""
    size = " × ".join(map(str, array.shape))
    if np.ptp(array) == 0:
        return f"{size}, all {brief(array.flat[0])}"
    shown = " × ".join(str(min(LARGEST, side)) for side in array.shape[: 1 + (array.ndim > 1)])
    return f"{size}, of which you see {shown}"


def _text(value):
    """Write any value in plain text; a grid gets one line a row."""
    if isinstance(value, tuple) and all(np.ndim(part) == 0 for part in value):
        return ", ".join(map(brief, value))
    if isinstance(value, tuple):
        return "\n".join(map(_text, value))
    if isinstance(value, dict):
        return "\n".join(f"  {name}: {brief(number)}" for name, number in value.items())
    if not _is_grid(value):
        if isinstance(value, np.ndarray) and value.size > LARGEST**2:
            return describe(value)
        return brief(value) if np.ndim(value) == 0 else str(value)
    if _is_cut(value) and np.ptp(value) == 0:
        return _describe_cut(value)
    rows = [[brief(cell) for cell in row] for row in _rows(value)]
    width = max(len(text) for row in rows for text in row)
    lines = ["  " + " ".join(text.rjust(width) for text in row) for row in rows]
    return "\n".join(([_describe_cut(value)] if _is_cut(value) else []) + lines)


def _shade(cell, low, high):
    """Background and ink of a cell."""
    if np.ndim(cell) and np.asarray(cell).dtype == np.uint8:
        back = [int(level) for level in cell]
    else:
        share = (float(np.mean(cell)) - low) / ((high - low) or 1)
        back = [int(255 * min(max(share if np.isfinite(share) else 0, 0), 1))] * 3
    ink = "black" if 0.3 * back[0] + 0.59 * back[1] + 0.11 * back[2] > 115 else "white"
    return f"background:rgb({back[0]},{back[1]},{back[2]});color:{ink};"


def _table(array, other):
    """Draw a grid shaded like an image; cells that differ from those of `other` get a frame."""
    is_image = array.dtype == np.uint8
    comparable = isinstance(other, np.ndarray) and other.shape == array.shape
    shown = np.concatenate([array.ravel(), other.ravel()]) if comparable else array
    finite = shown[np.isfinite(shown)] if shown.dtype.kind == "f" else shown
    low, high = (0, 255) if is_image or not finite.size else (finite.min(), finite.max())
    others = _rows(other if comparable else array)
    lines = []
    for row, other_row in zip(_rows(array), others):
        cells = []
        for cell, other_cell in zip(row, other_row):
            differs = not np.allclose(cell, other_cell, equal_nan=True)
            frame = f"outline:3px solid {WRONG};outline-offset:-3px;" if differs else ""
            style = f"{_shade(cell, low, high)}{frame}padding:4px 8px;text-align:right"
            cells.append(f'<td style="{style}">{html.escape(brief(cell))}</td>')
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return f'<table style="border-collapse:collapse;margin:0">{"".join(lines)}</table>'


def _html(value, other=None):
    """Draw any value in HTML."""
    if isinstance(value, tuple) and any(map(np.ndim, value)):
        others = other if isinstance(other, tuple) and len(other) == len(value) else value
        return "".join(_html(*pair) for pair in zip(value, others))
    if not _is_grid(value) or (_is_cut(value) and np.ptp(value) == 0):
        return f'<pre style="margin:0">{html.escape(_text(value))}</pre>'
    note = f"<div>{_describe_cut(value)}</div>" if _is_cut(value) else ""
    return note + _table(value, other)


def anchor(section):
    """Address of a section within its notebook, as JupyterLab makes it from the heading."""
    return "#" + section.replace(" ", "-")


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
        if verdict.kind == "correct":
            if exercise.inputs is None:
                return [exercise.then]
            cases = ", ".join(exercise.examples)
            return [f"It agrees on {verdict.tried} inputs, among them {cases}.", exercise.then]
        return [
            verdict.says[:1].upper() + verdict.says[1:] + "." * (verdict.says[-1:] not in ".?!")
        ]

    def _values(self):
        """List what there is to see: (label, value, value to compare it with)."""
        verdict = self.verdict
        values = [(name, value, None) for name, value in verdict.arguments.items()]
        is_said = isinstance(verdict.got, str) and verdict.got in verdict.says
        if verdict.kind != "wrong" or verdict.got is None or is_said:
            return values
        if not isinstance(verdict.expected, str):
            values.append(("expected", verdict.expected, verdict.got))
        return [*values, ("yours", verdict.got, verdict.expected)]

    def _why(self):
        """Name of the misconception, two sentences about it, and the section to read again."""
        wrong = self.verdict.misconception
        return wrong and (wrong.name, wrong.why, wrong.section or self.exercise.section)

    def __repr__(self):
        lines = [self._title(), *self._sentences()]
        for label, value, _ in self._values():
            text = _text(value)
            lines.append(f"{label} ={chr(10) if text.startswith('  ') else ' '}{text}")
        if self._why():
            name, why, section = self._why()
            lines += [f"This is what happens when code {name}. {why}", f"Read again: {section}"]
        return "\n".join(lines)

    def _repr_html_(self):
        color = COLORS.get(self.verdict.kind, WRONG)
        parts = [f'<b style="color:{color}">{html.escape(self._title())}</b>']
        parts += [f"<div>{html.escape(text)}</div>" for text in self._sentences()]
        values = [
            f"<div>{html.escape(label)}{_html(value, other)}</div>"
            for label, value, other in self._values()
        ]
        style = "display:flex;flex-wrap:wrap;gap:1.5em;margin:6px 0"
        parts += [f'<div style="{style}">{"".join(values)}</div>'] if values else []
        if self._why():
            name, why, section = map(html.escape, self._why())
            parts.append(f"<div>This is what happens when code <b>{name}</b>. {why}</div>")
            parts.append(f'<div>Read again: <a href="{anchor(section)}">{section}</a></div>')
        style = f"border-left:6px solid {color};padding:2px 12px;max-width:60em;line-height:1.5"
        return f'<div style="{style}">{"".join(parts)}</div>'
