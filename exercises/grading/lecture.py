"""What a lecture says to a wrong idea: the section that explains it, and a question of its quiz."""

import json
import random
import re
from dataclasses import dataclass, field
from functools import cache

from course_utils._files import REPOSITORY
from exercises.checker.catalogue import all_names, find, find_questions, names_of
from exercises.grading.notebooks import exercises_in

QUIZ = re.compile(r"""\bquiz\(.*["'](before|after)["']\)""")


@dataclass
class _Lesson:
    """What is looked up in a notebook as it is stored; a picture is its address and its text.

    Attributes
    ----------
    numbers : dict
        From a heading to the number of its section.
    titles : dict
        From an exercise to its heading.
    pictures : dict
        From a heading to the first picture below it, and from a quiz to the one above it.
    """

    numbers: dict = field(default_factory=dict)
    titles: dict = field(default_factory=dict)
    pictures: dict = field(default_factory=dict)


@cache
def _read(notebook):
    lesson, path = _Lesson(), REPOSITORY / "notebooks" / f"{notebook}.ipynb"
    if not path.exists():  # the course stands without its notebooks
        return lesson
    number, heading, picture = "", "", None
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            for exercise in exercises_in(source) if heading.startswith("Exercise ") else ():
                lesson.titles.setdefault(exercise, heading)
            for when in QUIZ.findall(source):
                lesson.pictures[when] = picture
            for picture in _pictures(cell):
                lesson.pictures.setdefault(heading, picture)
            continue
        for heading in re.findall("^##+ (.*)", source, re.M):
            number = (re.findall(r"^\d+\.\d+(?= )", heading) or [number])[0]
            lesson.numbers.setdefault(heading, number)
    return lesson


def _pictures(cell):
    """Yield address and text of each picture in the outputs of a cell."""
    text = cell["metadata"].get("mystnb", {}).get("image", {}).get("alt", "")
    for output in cell["outputs"]:
        for kind, data in output.get("data", {}).items():
            if kind.startswith("image/") and kind != "image/svg+xml":  # that is text, not base64
                yield f"data:{kind};base64,{''.join(data).strip()}", text


def title_of(exercise, notebook):
    """Heading of an exercise in its notebook, such as "Exercise 1.2 · Count the levels".

    Parameters
    ----------
    exercise, notebook : str

    Returns
    -------
    str
        The name of the exercise where it has none.
    """
    return _read(notebook).titles.get(exercise, exercise)


def in_order(names):
    """List exercises as they stand in their notebooks, one notebook after the other.

    Parameters
    ----------
    names : set of str

    Returns
    -------
    list of str
    """
    books = {name: book for name, book in all_names().items() if name in names}
    titled = [name for book in dict.fromkeys(books.values()) for name in _read(book).titles]
    untitled = [name for name in books if name not in titled]
    return [name for name in titled + untitled if name in books]


def picture_of(notebook, place):
    """Find the first stored picture under a heading, or the one that a quiz is about.

    Parameters
    ----------
    notebook : str
    place : str
        A heading, or "before" or "after".

    Returns
    -------
    (str, str) or None
        The picture as the address of an image in HTML, and what it shows, in words.
    """
    return _read(notebook).pictures.get(place)


def question_about(notebook, heading):
    """Find a question of a notebook's quizzes about what stands under one of its headings.

    Parameters
    ----------
    notebook, heading : str

    Returns
    -------
    (str, int, Question) or None
        Which quiz, number of the question, and the question itself. One that needs no pictures
        comes first, and of these one that is asked after the notebook, when the section is known.
    """
    section = _read(notebook).numbers.get(heading)
    found = [
        (when, number, question)
        for when in ("after", "before")
        for number, question in enumerate(find_questions(notebook, when), 1)
        if question.section == section
    ]
    return min(found, key=lambda one: one[2].has_pictures, default=None)


def lessons(notebook):
    """All that a lecture says to the wrong ideas of a notebook, as plain data.

    Parameters
    ----------
    notebook : str

    Returns
    -------
    dict of str to dict
        From the name of an exercise to its title, its notebook, and its ideas.
    """
    found = {}
    for name in names_of(notebook):
        exercise = find(name)  # None if it belongs to an exam
        ideas = exercise.misconceptions if exercise else ()
        found[name] = {
            "title": title_of(name, notebook),
            "notebook": notebook,
            "ideas": {idea.name: _lesson(exercise, idea) for idea in ideas},
        }
    return found


def _lesson(exercise, idea):
    notebook, section = exercise.notebook, exercise.section_of(idea)
    lesson = {"why": idea.why, "section": section, "picture": picture_of(notebook, section)}
    if not (found := question_about(notebook, section)):
        return lesson | {"question": None}
    when, number, question = found
    asked = {
        "quiz": f'quiz("{notebook}", "{when}")',
        "number": number,
        "text": question.text,
        "answers": question.answers(random.Random(question.text)),
        "has_pictures": question.has_pictures,
        "picture": picture_of(notebook, when) if question.has_pictures else None,
    }
    return lesson | {"question": asked}
