"""Results as text and as CSV: for a console, a spreadsheet, or Moodle's and Canvas' gradebook."""

import csv
import io
from itertools import chain

from exercises.grading.collecting import key_of, name_in, number_in, read_table

COLUMNS = ("student", "notebook", "exercise", "verdict", "misconception", "reason", "remarks")
SHOWN = ("student", "exercise", "verdict", "why", "remarks")  # in the console
WIDTH = 60  # of a column there
FORMULA = ("=", "+", "-", "@", "\t", "\r")
POSSIBLE = "points possible"  # the name in Canvas' row of maxima
MAXIMA = ("Maximum Grade", "Bestwertung", "Note maximale", "Calificación máxima")  # Moodle's column


def _cells(entry):
    row = entry.row
    return {
        "student": entry.student,
        "notebook": entry.submission.path,
        "exercise": row.exercise,
        "verdict": row.verdict,
        "misconception": row.misconception,
        "reason": row.reason,
        "remarks": "; ".join(row.remarks),
        "why": row.misconception or row.reason,
    }


def as_table(results):
    """Write all rows as a table in plain text."""
    lines = [SHOWN]
    for entry in results.entries:
        cells = _cells(entry)
        lines.append(tuple(_in_one_line(cells[column]) for column in SHOWN))
    widths = [max(map(len, column)) for column in zip(*lines)]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)


def _in_one_line(text):
    text = " ".join(text.split())
    return text if len(text) <= WIDTH else text[: WIDTH - 1] + "…"


def as_csv(results):
    """Write all rows as comma-separated values, a line for each notebook and exercise."""
    cells = ([_cells(entry)[column] for column in COLUMNS] for entry in results.entries)
    return to_csv([COLUMNS, *cells])


def as_wide_csv(results):
    """Write points as comma-separated values, a line for each student."""
    names, points = results.exercises(), results.points()
    lines = [["student", *names, "total", "of"]]
    for student in results.students():
        mine = [points.get((key_of(student), name), 0) for name in names]
        lines.append([student, *map(_number, mine), _number(sum(mine)), results.possible()])
    return to_csv(lines)


def _number(value):
    return int(value) if value == int(value) else round(value, 4)


def to_csv(lines, separator=","):
    """Write lines for spreadsheets: with a byte-order mark, and no cell that starts a formula.

    Returns
    -------
    bytes
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator)
    writer.writerows([_harmless(cell) for cell in line] for line in lines)
    return text.getvalue().encode("utf-8-sig", "replace")


def _harmless(cell):
    is_formula = isinstance(cell, str) and cell.startswith(FORMULA)
    return f"'{cell}" if is_formula else cell


# Gradebooks -------------------------------------------------------------------------------------


def fill_gradebook(results, path, column=""):
    """Write the points of a class into a gradebook that Moodle or Canvas has exported.

    Parameters
    ----------
    results : Results
    path : path
    column : str
        The one to fill; empty: "Grade", as in Moodle's grading worksheet. Where the gradebook
        states a maximum (Moodle's column "Maximum Grade", Canvas' row "Points Possible"), points
        are scaled to it. A student is known by Moodle's number, else by the name or a login.

    Returns
    -------
    bytes
        The gradebook, otherwise as it was.
    list of str
        What a teacher must know of it: students whom it does not have, or points not scaled.

    Raises
    ------
    OSError, ValueError
        If it cannot be read, or has no such column.
    """
    columns, rows = read_table(path)
    found = [name for name in columns if name.strip() == (column or "Grade")]
    if not found:
        raise ValueError(
            f"column must be one of {path}'s, {', '.join(map(repr, columns))}, "
            f"not {column or 'Grade'!r}"
        )
    grade = found[0]
    points, best = results.points(), results.best()
    keys = {key for key, _ in best}
    numbers = {entry.submission.number: key_of(entry.student) for entry in results.entries}
    totals = {key: sum(points[place] for place in points if place[0] == key) for key in keys}
    maximum, used, is_scaled = None, set(), True
    for row in rows:
        if name_in(row).lower().strip() == POSSIBLE:
            maximum = _as_float(row[grade])
            continue
        known = [numbers.get(number_in(row) or None), *_keys_in(row)]
        mine = next((key for key in known if key in totals), None)
        if mine is None:
            continue
        used.add(mine)
        own = next((_as_float(row[name]) for name in MAXIMA if name in row), maximum)
        is_scaled = is_scaled and bool(own)
        scale = own / results.possible() if own and results.possible() else 1
        row[grade] = _number(totals[mine] * scale)
    students = {key_of(entry.student): entry.student for entry in results.entries}
    absent = sorted(students[key] for key in keys - used)
    lines = [columns, *([row[name] for name in columns] for row in rows)]
    says = [f"not in {path}: {', '.join(absent)}"] if absent else []
    if not is_scaled:
        says.append(f"{path} states no maximum: its points are out of {results.possible()}")
    return _as_it_was(lines, path), says


def _keys_in(row):
    """Keys that may be the student's: the name, else any cell, such as a login."""
    return [key_of(text) for text in chain([name_in(row)], filter(None, row.values()))]


def _as_float(text):
    try:
        return float(str(text).replace(",", "."))
    except ValueError:
        return None


def _as_it_was(lines, path):
    """Write a gradebook back: its own cells are not touched, or it could not be imported."""
    with open(path, "rb") as file:
        head = file.read(4096)
    separator = max(",;\t", key=lambda mark: head.partition(b"\n")[0].count(mark.encode()))
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(lines)
    return text.getvalue().encode("utf-8-sig" if head[:3] == b"\xef\xbb\xbf" else "utf-8")
