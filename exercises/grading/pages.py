"""Results as pages that open without a network: one for the class, one for each student."""

import io
import re
import zipfile
from collections import defaultdict
from pathlib import Path

import jinja2

from exercises.checker.cards import TITLES
from exercises.checker.catalogue import all_names
from exercises.grading.collecting import key_of
from exercises.grading.judging import CORRECT, MISSING, UNWRITTEN
from exercises.grading.lecture import question_about, title_of
from exercises.grading.results import SAME_CODE

TALKED_ABOUT = 3  # ideas on top of the page
COLORS = {  # of the parts of a bar, told apart by lightness, too
    "correct": "#009E73",
    "idea": "#D55E00",
    "unnamed": "#E69F00",
    "raised": "#0072B2",
    "empty": "#D9D9D9",
}
WORDS = {
    "correct": "correct",
    "idea": "a known wrong idea",
    "unnamed": "wrong, without a name",
    "raised": "raised an error, or did not end",
    "empty": "not written or missing",
}
TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)


def _without_links(page):
    """A card without its link into the notebook, which is elsewhere."""
    return re.sub(r'<a href="#[^"]*">([^<]*)</a>', r"\1", page)


TEMPLATES.filters["without_links"] = _without_links


def _part(row):
    """Which part of the bar a row belongs to."""
    if row.verdict == CORRECT:
        return "correct"
    if row.verdict in (UNWRITTEN, MISSING):
        return "empty"
    if row.misconception:
        return "idea"
    return "unnamed" if row.verdict == TITLES["wrong"] else "raised"


def _groups(entries):
    """Group the entries of one exercise: (part, title, entries), the largest group first."""
    groups = defaultdict(list)
    for entry in entries:
        part, row = _part(entry.row), entry.row
        title = {"idea": row.misconception, "raised": row.verdict}.get(part, WORDS[part])
        groups[part, title].append(entry)
    order = list(WORDS)
    ranked = sorted(groups.items(), key=lambda item: (order.index(item[0][0]), -len(item[1])))
    return [(part, title, members) for (part, title), members in ranked]


def class_page(results):
    """Write the page of a class.

    Parameters
    ----------
    results : Results

    Returns
    -------
    bytes
        HTML, with all that it needs in it.
    """
    best = results.best()
    by_exercise = defaultdict(list)
    for (_, exercise), entry in sorted(best.items()):
        by_exercise[exercise].append(entry)
    exercises = [
        {
            "name": name,
            "title": title_of(name, all_names()[name]),
            "notebook": all_names()[name],
            "groups": _groups(by_exercise[name]),
            "count": len(by_exercise[name]),
        }
        for name in results.exercises()
    ]
    ideas = [
        {"name": title, "exercise": exercise, "members": members, "row": members[0].row}
        for exercise in exercises
        for part, title, members in exercise["groups"]
        if part == "idea"
    ]
    ideas.sort(key=lambda idea: -len(idea["members"]))
    page = TEMPLATES.get_template("class.html.j2").render(
        results=results,
        exercises=exercises,
        ideas=ideas[:TALKED_ABOUT],
        question_about=question_about,
        remarks=[pair for entry in results.entries if (pair := _other_remarks(entry))[1]],
        attendance={what: names for what, names in results.attendance().items() if names},
        colors=COLORS,
        words=WORDS,
        key_of=key_of,
    )
    return page.encode("utf-8", "replace")


def _other_remarks(entry):
    """An entry, and the remarks on it but for those on equal code, which the page says once."""
    return entry, [text for text in entry.row.remarks if not text.startswith(SAME_CODE)]


# Feedback ---------------------------------------------------------------------------------------


def feedback_page(results, student):
    """Write the page that a student gets back, with the cards as `check` shows them."""
    best, points = results.best(), results.points()
    key = key_of(student)
    rows = [best[key, name].row for name in results.exercises() if (key, name) in best]
    unread = [e for e in results.unreadable if key_of(e.student) == key]
    page = TEMPLATES.get_template("feedback.html.j2").render(
        student=student,
        rows=rows,
        unread=unread,
        weight=results.weight,
        total=sum(points[place] for place in points if place[0] == key),
        possible=results.possible(),
        correct=CORRECT,
        title=lambda row: title_of(row.exercise, all_names()[row.exercise]),
        color=lambda row: COLORS[_part(row)],
    )
    return page.encode("utf-8", "replace")


def feedback_zip(results):
    """Pack a page for each student who has handed in, named as Moodle takes files back.

    Returns
    -------
    bytes
    """
    places = {}  # student: where the page lies in the zip
    for entry in results.entries:
        places.setdefault(key_of(entry.student), (entry.student, _place(entry.submission)))
    data, taken = io.BytesIO(), set()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for student, place in places.values():
            name, number = place, 1
            while name in taken:
                number += 1
                name = place.replace(".html", f"-{number}.html")
            taken.add(name)
            archive.writestr(name, feedback_page(results, student))
    return data.getvalue()


def _place(submission):
    """Path of a student's page: beside the notebook in Moodle's folder, or after its prefix."""
    for part in submission.path.split("/"):
        if match := re.match(r".+?_\d+_assignsubmission_file_?", part):
            is_folder = match[0] == part
            return f"{part}/feedback.html" if is_folder else f"{match[0]}feedback.html"
    name = re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", submission.student).strip(" .") or "student"
    return f"{name}/feedback.html"
