"""Every quiz is complete, and the right answers are right, word and number."""

import random
import re
from fractions import Fraction

import numpy as np
import pytest

from course_utils._files import REPOSITORY
from exercises.checker.catalogue import find_questions, notebooks
from exercises.checker.quizzes import COLORS, Question, Quiz

QUIZZES = {
    f"{notebook}-{when}": find_questions(notebook, when)
    for notebook in notebooks()
    for when in ("before", "after")
}
each_quiz = pytest.mark.parametrize("questions", QUIZZES.values(), ids=QUIZZES)
NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+|/\d+)?")


def numbers_in(text):
    return [Fraction(number) for number in NUMBER.findall(text)]


def states(text, values):
    """Whether a text states these numbers, each to the last digit that it gives."""
    digits = [3 if "/" in n else len(n.partition(".")[2]) for n in NUMBER.findall(text)]
    values = np.ravel(values).tolist()
    return len(digits) == len(values) and all(
        abs(number - value) <= 10.0**-digit / 2
        for number, value, digit in zip(numbers_in(text), values, digits)
    )


@each_quiz
def test_quiz_is_complete(questions):
    assert len(questions) == 5
    for question in questions:
        answers = [question.right, *question.wrong]
        assert 3 <= len(answers) <= 5
        assert len({answer for answer, _ in answers}) == len(answers)
        assert all(len(why.split()) >= 4 for _, why in answers), question.text
        assert "$" not in repr(question), "no formula: jupyterquiz cannot draw one"


def test_each_question_belongs_to_a_section_of_its_notebook():
    for name, questions in QUIZZES.items():
        path = REPOSITORY / "notebooks" / f"{name.partition('-')[0]}.ipynb"
        headings = re.findall(r'"## (\d+\.\d+) ', path.read_text(encoding="utf-8"))
        for question in questions:
            assert question.section in headings, question.text


@each_quiz
def test_right_answers_are_right(questions):
    for question in questions:
        value, numbers = question.proof(), numbers_in(question.right[0])
        is_told_apart = numbers and numbers not in [numbers_in(text) for text, _ in question.wrong]
        if isinstance(value, (bool, np.bool_)):
            assert value, question.text
            assert not is_told_apart, f"the proof must return the numbers: {question.text}"
        else:
            assert states(question.right[0], value), (question.text, value)
            assert is_told_apart, f"a wrong answer is right: {question.text}"


def test_no_question_is_asked_twice():
    texts = [question.text for questions in QUIZZES.values() for question in questions]
    assert len(set(texts)) == len(texts)


def test_right_answers_stand_anywhere():
    places = set()
    for name, questions in QUIZZES.items():
        for _, answers in Quiz(*name.rsplit("-", 1), questions).questions:
            places |= {place for place, (*_, is_right) in enumerate(answers) if is_right}
    assert places >= {0, 1, 2, 3}


def test_quiz_needs_no_network_and_is_the_same_each_time():
    question = Question(
        "Is `a < b`?", ("yes", "It is."), (("no & never", "It is not."),), bool, "1"
    )
    quiz = Quiz("01_histograms", "before", [question])
    state = random.getstate()
    page = quiz._repr_html_()
    assert random.getstate() == state
    assert page == quiz._repr_html_()
    assert "://" not in page
    assert "MathJax != " not in page
    assert "<code>a &lt; b</code>" in page
    assert "no &amp; never" in page
    assert all(f"var({name}" in page for name in COLORS)


def test_quiz_tells_the_right_answers_from_the_wrong_ones():
    questions = find_questions("07_pooling", "after")
    quiz = Quiz("07_pooling", "after", questions)
    page, text = quiz._repr_html_(), repr(quiz)
    assert page.count('"correct": true') == len(questions)
    assert page.count('"correct": false') == sum(len(question.wrong) for question in questions)
    for number, question in enumerate(questions, 1):
        assert f"{number}. {question.text}" in text
        assert f"( ) {question.right[0]}" in text
