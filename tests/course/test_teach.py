"""The notes for teaching keep up with the notebooks, and the plans of the instructors add up."""

import re
from functools import cache
from pathlib import Path

import nbformat
import pytest

from exercises.checker.cards import TITLES
from exercises.checker.catalogue import find, find_questions

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "instructors.md"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
QUIZ_MINUTES = 5
DECIMAL = re.compile(r"\d+\.\d+")
every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path):
    return path.read_text(encoding="utf-8")


def notes_of(path):
    return ROOT / "docs" / "teach" / f"{path.stem}.md"


# What the notebooks say -------------------------------------------------------------------------


@cache
def sections_of(path):
    """Estimate the minutes of each numbered section: dict of heading to float, in order."""
    minutes, heading = {}, None
    for cell in nbformat.read(path, as_version=4).cells:
        parts = re.split(r"(?m)^(?=## )", cell.source) if cell.cell_type == "markdown" else [""]
        for part in parts:
            if found := re.match(r"## (.*)", part):
                heading = found[1] if re.match(r"\d+\.\d+ ", found[1]) else None
                if heading:
                    minutes[heading] = 2  # for the question, and the answers of the class
            if heading:
                minutes[heading] += minutes_of(cell, part)
    return minutes


def minutes_of(cell, text):
    """Apply the rule that docs/instructors.md explains to a code cell, or to a piece of text."""
    if cell.cell_type == "code":
        figures = sum("image/png" in output.get("data", {}) for output in cell.outputs)
        return 1 / 3 + figures / 2
    words, formulas = re.subn(r"\$\$.*?\$\$", "", text, flags=re.S)
    return len(words.split()) / 100 + formulas


@cache
def exercises_of(path):
    """Minutes of each exercise, as the notebook says: dict of number to int."""
    cells = nbformat.read(path, as_version=4).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    found = re.findall(r"^### Exercise (\d+\.\d+) ·.*\n\n(\d+) minutes", text, re.M)
    return {number: int(minutes) for number, minutes in found}


@cache
def wrong_answers(stem):
    """List (quiz and number, answer, what is behind it) for all wrong answers of both quizzes."""
    return [
        (f"{when}, {number}", *wrong)
        for when in ("before", "after")
        for number, question in enumerate(find_questions(stem, when), 1)
        for wrong in question.wrong
    ]


@cache
def measured_in(path):
    """Set of all decimal numbers in the source and in the stored outputs of a notebook."""
    cells = nbformat.read(path, as_version=4).cells
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    texts = [cell.source for cell in cells] + [output.get("text", "") for output in outputs]
    texts += [output.get("data", {}).get("text/plain", "") for output in outputs]
    return set(DECIMAL.findall("\n".join(texts)))


# What the notes say -----------------------------------------------------------------------------


def table_rows(text):
    """Cells of each row of the Markdown tables in a text, without the rows of headings."""
    rows = [line.strip("| \n").split(" | ") for line in text.splitlines() if line[:1] == "|"]
    return [row for row in rows if row[0] not in ("quiz", "minutes") and "---" not in row[0]]


def faults_of_notes(text, path):
    """List what is wrong with the notes on the notebook at `path`."""
    opening, *parts = re.split(r"(?m)^## ", text)
    notes = dict(part.split("\n", 1) for part in parts)
    expected, faults = sections_of(path), []
    if [part.split("\n", 1)[0] for part in parts] != list(expected):
        faults.append("headings differ from the sections of the notebook")
    said = {heading: minutes_said(body) for heading, body in notes.items()}
    for heading, body in notes.items():
        items = re.findall(r"^\* \*\*(.+?):\*\* \S", body, re.M)
        if items != ["Time", "Ask", "Usual wrong answer"]:
            faults.append(f"{heading}: the items are {items}")
        if unknown := set(DECIMAL.findall(body)) - measured_in(path):
            faults.append(f"{heading}: the notebook has no {', '.join(sorted(unknown))}")
        rule = expected.get(heading, said[heading])
        if abs(said[heading] - rule) > max(3, rule / 4):
            faults.append(f"{heading}: {said[heading]} minutes, the rule gives {rule:.0f}")
    totals = [2 * QUIZ_MINUTES + sum(said.values()), 2 * QUIZ_MINUTES, sum(said.values())]
    totals.append(sum(exercises_of(path).values()))
    if totals_said(opening) != totals:
        faults.append(f"the totals are {totals}, not {totals_said(opening)}")
    known = wrong_answers(path.stem)
    faults += [
        f"no such wrong answer: {row}" for row in table_rows(text) if tuple(row) not in known
    ]
    whens = {row[0].split(",")[0] for row in table_rows(text)}
    return faults if whens == {"before", "after"} else [*faults, "not both quizzes are there"]


def minutes_said(body):
    found = re.search(r"\*\*Time:\*\* (\d+) minutes$", body, re.M)
    return int(found[1]) if found else 0


def totals_said(opening):
    """Minutes in all, of the quizzes, of the sections, of the exercises."""
    line = re.search(r"\*\*Time in all:\*\*.*", opening)
    return [int(number) for number in re.findall(r"\d+", line[0])] if line else []


def faults_of_plans(text, allowed):
    """List what is wrong with the plans; `allowed` holds the minutes of everything one can plan."""
    faults = []
    plans = re.findall(r"^### (.+) \((\d+) minutes\)\n(.*?)(?=^##|\Z)", text, re.M | re.S)
    for title, total, body in plans:
        rows = table_rows(body)
        if sum(int(minutes) for minutes, *_ in rows) != int(total):
            faults.append(f"{title}: the minutes do not add up to {total}")
        for minutes, what, _ in rows:
            name = what.removesuffix(" in part")
            if name not in allowed:
                faults.append(f"{title}: there is no {name}")
            elif name == what and int(minutes) != allowed[name]:
                faults.append(f"{title}: {name} takes {allowed[name]} minutes, not {minutes}")
            elif name != what and int(minutes) >= allowed[name]:
                faults.append(f"{title}: {what} takes no less than all of it")
        used = {what.removesuffix(" in part") for _, what, _ in rows}
        short = re.search(r"^When time is short, leave out (.*)", body, re.M)
        left_out = re.findall(r"(?:exercise )?\d+\.\d+", short[1] if short else "")
        if not left_out or not set(left_out) <= used:
            faults.append(f"{title}: leaves out what is not in it, or nothing: {left_out}")
    return faults if plans else ["no plans"]


@cache
def allowed_in_plans():
    """Minutes of all sections, exercises and quizzes, by the names that the plans use."""
    allowed = {}
    for path in NOTEBOOKS:
        parts = re.split(r"(?m)^## ", read(notes_of(path)))[1:]
        allowed |= {part.split(" ", 1)[0]: minutes_said(part) for part in parts}
        allowed |= {f"exercise {number}": time for number, time in exercises_of(path).items()}
        for when in ("before", "after"):
            allowed[f"quiz {int(path.stem[:2])} {when}"] = QUIZ_MINUTES
    return allowed


# The notes and the guide are right --------------------------------------------------------------


@every_notebook
def test_notes_fit_the_notebook(path):
    assert faults_of_notes(read(notes_of(path)), path) == []


def test_no_notes_without_a_notebook():
    stems = sorted(path.stem for path in (ROOT / "docs" / "teach").glob("[0-9]*.md"))
    assert stems == [path.stem for path in NOTEBOOKS]


def test_every_exercise_says_its_time():
    for path in NOTEBOOKS:
        assert len(exercises_of(path)) == path.read_text(encoding="utf-8").count("### Exercise ")


def test_plans_add_up():
    assert faults_of_plans(read(GUIDE), allowed_in_plans()) == []


@every_notebook
def test_guide_gives_the_totals_of_the_notes(path):
    row = re.search(
        rf"^\| \[.*\]\(teach/{path.stem}\.md\) \| (\d+) \| (\d+) \|$", read(GUIDE), re.M
    )
    in_all, _, _, exercising = totals_said(read(notes_of(path)))
    assert [int(number) for number in row.groups()] == [in_all, exercising]


def test_report_in_the_guide_speaks_of_what_exists():
    table = re.search(
        r"^notebook +exercise +verdict +misconception\n(.*?)^```", read(GUIDE), re.M | re.S
    )
    for line in table[1].splitlines():
        _, name, verdict, *misconception = re.split(r"  +", line)
        assert verdict in [*TITLES.values(), "syntax error"]
        known = [idea.name for idea in find(name).misconceptions]
        assert misconception == [] or misconception[0] in known


# A wrong file is refused ------------------------------------------------------------------------

NOTES, FIRST = read(notes_of(NOTEBOOKS[0])), NOTEBOOKS[0]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("## 1.2 Show it", "## 1.2 Display it", "headings differ"),
        ("## 1.7 The", "## 1.8 Extra\n\n## 1.7 The", "headings differ"),
        (
            "* **Ask:** How many bins",
            "How many bins",
            "1.6 Pitfall: bins that do not fit: the items",
        ),
        (
            "* **Ask:** How many",
            "* **Ask:**\n\nHow many",
            "1.6 Pitfall: bins that do not fit: the items",
        ),
        ("minutes\n* **Ask:** The levels", "min\n* **Ask:** The levels", "the totals are"),
        (
            "* **Time:** 12 minutes",
            "* **Time:** 30 minutes",
            "1.1 An image is an array: 30 minutes",
        ),
        ("61 minutes", "62 minutes", "the totals are"),
        ("another 60", "another 55", "the totals are"),
        ("before, 1 | 255 |", "before, 1 | 256 |", "no such wrong answer"),
        ("before, 1 | 255 |", "after, 1 | 255 |", "no such wrong answer"),
        ("surprises nearly", "surprises\nnearly", None),
    ],
)
def test_wrong_notes_are_refused(old, new, fault):
    assert old in NOTES
    faults = faults_of_notes(NOTES.replace(old, new), FIRST)
    assert not faults if fault is None else any(fault in found for found in faults)


def test_number_that_the_notebook_does_not_have_is_refused():
    path = NOTEBOOKS[2]
    wrong = read(notes_of(path)).replace("127.52", "127.51")
    assert "3.3 Back to grey levels: the notebook has no 127.51" in faults_of_notes(wrong, path)


def test_notes_on_one_quiz_only_are_refused():
    lines = [line for line in NOTES.splitlines() if not line.startswith("| after")]
    assert "not both quizzes are there" in faults_of_notes("\n".join(lines), FIRST)


PLAN = """### A plan (20 minutes)

| minutes | section | what to do |
|---:|---|---|
| 5 | quiz 1 before | all |
| 12 | 1.1 | all |
| 3 | 1.3 in part | some |

When time is short, leave out 1.3.
"""


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("A", "Another", None),
        ("(20", "(25", "do not add up"),
        ("| 1.1 |", "| 1.9 |", "there is no 1.9"),
        ("quiz 1", "quiz 9", "there is no quiz 9"),
        ("| 1.1 |", "| exercise 1.1 |", "exercise 1.1 takes 5 minutes, not 12"),
        ("| 1.1 |", "| 1.1 in part |", "1.1 in part takes no less"),
        ("leave out 1.3", "leave out 1.2", "leaves out what is not in it"),
        ("leave out 1.3", "hurry", "leaves out what is not in it"),
        ("### A plan", "A plan", "no plans"),
    ],
)
def test_wrong_plans_are_refused(old, new, fault):
    faults = faults_of_plans(PLAN.replace(old, new), allowed_in_plans())
    assert not faults if fault is None else any(fault in found for found in faults)
