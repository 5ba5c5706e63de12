"""What a lecture says to a wrong idea: the section that explains it, and a question of its quiz."""

import json
import re
from functools import cache

from course_utils._files import REPOSITORY
from exercises.checker.catalogue import find_questions
from exercises.grading.notebooks import exercises_in


@cache
def _headings(notebook):
    """Read a notebook: the number of each heading's section, and the heading of each exercise."""
    path = REPOSITORY / "notebooks" / f"{notebook}.ipynb"
    if not path.exists():  # the course stands without its notebooks
        return {}, {}
    numbers, titles, number, heading = {}, {}, "", ""
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            for exercise in exercises_in(source):
                titles.setdefault(exercise, heading)
            continue
        for heading in re.findall("^##+ (.*)", source, re.M):
            number = (re.findall(r"^\d+\.\d+(?= )", heading) or [number])[0]
            numbers.setdefault(heading, number)
    return numbers, titles


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
    return _headings(notebook)[1].get(exercise, exercise)


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
    section = _headings(notebook)[0].get(heading)
    found = [
        (when, number, question)
        for when in ("after", "before")
        for number, question in enumerate(find_questions(notebook, when), 1)
        if question.section == section
    ]
    return min(found, key=lambda one: one[2].has_pictures, default=None)
