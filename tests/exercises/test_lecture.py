"""A wrong idea leads to what a lecture shows and asks: checked in every notebook."""

import base64
import io

import pytest
from PIL import Image

from exercises.checker.catalogue import all_names, find_questions, names_of, notebooks
from exercises.grading.lecture import in_order, picture_of, question_about, title_of


@pytest.mark.parametrize("notebook", notebooks())
def test_exercise_has_its_heading(notebook):
    for name in names_of(notebook):
        assert title_of(name, notebook).startswith(f"Exercise {int(notebook[:2])}."), name


def test_exercises_in_the_order_of_their_notebooks():
    numbers = [title_of(name, all_names()[name]).split()[1] for name in in_order(set(all_names()))]
    pairs = [tuple(map(int, number.split("."))) for number in numbers]
    assert len(pairs) == len(all_names())
    assert pairs == sorted(pairs), "1.2 before 1.10, the first notebook before the second"
    assert in_order({"psnr", "blend"}) == ["blend", "psnr"]


def test_question_without_pictures_comes_first_and_then_that_after_the_notebook():
    """Section 1.4 has two questions after the notebook, of which the first is about pictures."""
    heading = "1.4 Dark, bright, low contrast, high contrast"
    when, number, question = question_about("01_histograms", heading)
    assert (when, number, question.has_pictures) == ("after", 2, False)
    assert question_about("01_histograms", "Pitfall: 200 + 100 = 44")[:2] == ("before", 1)
    assert question_about("01_histograms", "nonsense") is None


@pytest.mark.parametrize("notebook", notebooks())
def test_questions_about_pictures_have_them(notebook):
    for when in ("before", "after"):
        for question in find_questions(notebook, when):
            if question.has_pictures:
                address, text = picture_of(notebook, when)
                assert text
                assert Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))).size
