"""The notes for teaching keep up with the notebooks, and the plans of the instructors add up.

What they only repeat from elsewhere is written by `make facts`.
"""

import re

import pytest
from write_facts import GUIDE, NOTEBOOKS, cells_of, goes_deeper, notes_of, read, sections_of

from exercises.checker.cards import TITLES
from exercises.checker.catalogue import find

ASK = ["Ask", "Usual wrong answer"]
DECIMAL = re.compile(r"\d+\.\d+")
every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def minutes_by_rule(path):
    """Estimate the minutes of each numbered section: dict of heading to two floats, in order.

    The first is for the main path, the second for what goes deeper.
    """
    minutes, heading = {}, None
    for cell, deeper in zip(cells_of(path), goes_deeper(cells_of(path))):
        parts = re.split(r"(?m)^(?=## )", cell.source) if cell.cell_type == "markdown" else [""]
        for part in parts:
            if found := re.match(r"## (.*)", part):
                heading = found[1] if re.match(r"\d+\.\d+ ", found[1]) else None
                if heading:
                    minutes[heading] = [0, 0]
                    minutes[heading][deeper] = 2  # for the question, and the class's answers
            if heading:
                minutes[heading][deeper] += minutes_of(cell, part)
    return minutes


def minutes_of(cell, text):
    """Apply the rule that docs/instructors.md explains to a code cell, or to a piece of text."""
    if cell.cell_type == "code":
        figures = sum("image/png" in output.get("data", {}) for output in cell.outputs)
        return 1 / 3 + figures / 2
    words, formulas = re.subn(r"\$\$.*?\$\$", "", text, flags=re.S)
    return len(words.split()) / 100 + formulas


def measured_in(path):
    """Set of all decimal numbers in the source and in the stored outputs of a notebook."""
    outputs = [output for cell in cells_of(path) for output in cell.get("outputs", [])]
    texts = [cell.source for cell in cells_of(path)]
    texts += [output.get("text", "") for output in outputs]
    texts += [output.get("data", {}).get("text/plain", "") for output in outputs]
    return set(DECIMAL.findall("\n".join(texts)))


@every_notebook
def test_notes_fit_the_notebook(path):
    notes, rule = read(notes_of(path)), minutes_by_rule(path)
    said = sections_of(notes)
    assert re.findall(r"^## (.*)", notes, re.M) == list(rule)
    assert list(said) == [heading.split()[0] for heading in rule]
    for heading, estimates in rule.items():
        for stated, minutes in zip(said[heading.split()[0]], estimates):
            assert abs(stated - minutes) <= max(3, minutes / 4), heading
    bodies = notes.split("\n## ")[1:]
    for body in bodies:
        items = re.findall(r"^\* \*\*(.+?):\*\* \S", body, re.M)
        assert items in (["Time", *ASK], ["Time", "At", *ASK]), body
    assert set(DECIMAL.findall("\n".join(bodies))) - set(said) <= measured_in(path)


def plans_of(text):
    """Yield title, minutes, and sections of each plan in a piece of the guide, and its last words.

    A section "in part" is listed without these words.
    """
    plans = re.split(r"^### (.+) \((\d+) minutes\)$", text, flags=re.M)[1:]
    for title, total, body in zip(plans[::3], plans[1::3], plans[2::3]):
        rows = re.findall(r"^\| \d+ \| (.+?)(?: in part)? \|", body, re.M)
        yield (
            title,
            int(total),
            rows,
            re.search(r"^When time is short, leave out .*", body, re.M)[0],
        )


def test_plans_fit_and_leave_out_what_is_in_them():
    for title, total, rows, last in plans_of(read(GUIDE)):
        assert total <= 90, title
        names = re.findall(r"(?:exercise )?\d+\.\d+", last.split(". ")[0])
        assert names, title
        assert set(names) <= set(rows), title


def test_three_lectures_hold_the_main_path_of_the_first_four_notebooks():
    part = read(GUIDE).split("\n## Three lectures")[1].split("\n## ")[0]
    planned = [row for _, _, rows, _ in plans_of(part) for row in rows]
    assert len(list(plans_of(part))) == 3
    for number, path in enumerate(NOTEBOOKS[:4], 1):
        sections = sections_of(read(notes_of(path)))
        on_path = [section for section, (main, _) in sections.items() if main]
        expected = [f"quiz {number} before", *on_path, f"quiz {number} after"]
        assert [row for row in planned if row in expected] == expected


def test_report_in_the_guide_speaks_of_what_exists():
    table = re.search(r"^student +exercise +verdict +why\n(.*?)^```", read(GUIDE), re.M | re.S)
    for line in table[1].splitlines():
        _, name, verdict, *why = re.split(r"  +", line)
        assert verdict in [*TITLES.values(), "syntax error"]
        known = [idea.name for idea in find(name).misconceptions]
        assert why == [] or why[0] in known or re.match(r"it |SyntaxError: ", why[0])
