"""Every exercise knows its solution and its wrong answers, and no answer harms the check."""

import functools
import os
import random
import re
import subprocess
import sys

import nbformat
import numpy as np
import pytest
from execute_notebooks import NOTEBOOKS

from course_utils.exercises import _notebooks, _topic, check, exercises, hint, solution
from course_utils.exercises.cards import Card
from course_utils.exercises.checking import judge
from course_utils.exercises.quizzes import Quiz

ALL = exercises()
each_exercise = pytest.mark.parametrize("name", ALL)
each_wrong_answer = pytest.mark.parametrize(
    ("name", "number"),
    [(name, number) for name in ALL for number in range(len(ALL[name].misconceptions))],
    ids=lambda value: str(value),
)


def largest_side(arguments):
    return max((max(np.shape(value), default=0) for value in arguments.values()), default=0)


# Every exercise ---------------------------------------------------------------------------------


@each_exercise
def test_stub_is_not_written_yet(name):
    assert judge(ALL[name], lambda *arguments: None).kind == "unwritten"


@each_exercise
def test_solution_is_correct(name):
    verdict = judge(ALL[name], ALL[name].solution)
    assert verdict.kind == "correct", Card(ALL[name], verdict)


@each_wrong_answer
def test_wrong_answer_is_known_by_its_name(name, number):
    exercise, wrong = ALL[name], ALL[name].misconceptions[number]
    verdict = judge(exercise, wrong.function)
    assert verdict.kind in ("wrong", "raised"), Card(exercise, verdict)
    assert verdict.misconception is not None, Card(exercise, verdict)
    assert verdict.misconception.name == wrong.name, Card(exercise, verdict)
    assert exercise.larger or largest_side(verdict.arguments) <= 4


@each_exercise
def test_data_are_complete(name):
    exercise = ALL[name]
    assert len(exercise.misconceptions) >= 6
    assert len({wrong.name for wrong in exercise.misconceptions}) == len(exercise.misconceptions)
    assert len(exercise.hints) == 3
    assert exercise.solution.__name__ == f"my_{name}"
    assert list(exercise.examples)
    sections = {exercise.section, *(w.section for w in exercise.misconceptions if w.section)}
    assert sections <= set(headings(exercise.notebook)), sections - set(headings(exercise.notebook))


# Every notebook ---------------------------------------------------------------------------------


@functools.cache
def cells_of(notebook):
    return nbformat.read(NOTEBOOKS / f"{notebook}.ipynb", as_version=4).cells


def headings(notebook):
    text = "\n".join(cell.source for cell in cells_of(notebook) if cell.cell_type == "markdown")
    return re.findall(r"^#+ (.*)$", text, re.M)


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("[0-9]*.ipynb")), ids=lambda path: path.stem)
def test_notebook_holds_its_exercises_unsolved(path):
    ours = [exercise.name for exercise in ALL.values() if exercise.notebook == path.stem]
    assert len(ours) >= 4
    cells = cells_of(path.stem)
    for name in ours:
        (cell,) = (cell for cell in cells if f'check("{name}", my_{name})' in cell.source)
        (output,) = cell.outputs
        assert f"{name}: not written yet" in output.data["text/plain"]
    assert sum(re.search("^check", cell.source, re.M) is not None for cell in cells) == len(ours)
    quizzes = [cell.source for cell in cells if cell.source.startswith("quiz(")]
    assert quizzes == [f'quiz("{path.stem}", "{when}")' for when in ("before", "after")]


def test_some_exercises_ask_for_a_fault():
    assert sum(exercise.inputs is None for exercise in ALL.values()) >= 4
    assert len(ALL) >= 32


# Quizzes ----------------------------------------------------------------------------------------


def quizzes():
    for topic in map(_topic, _notebooks()):
        for when, questions in (("before", topic.QUIZ_BEFORE), ("after", topic.QUIZ_AFTER)):
            yield pytest.param(topic.NOTEBOOK, when, questions, id=f"{topic.NOTEBOOK}-{when}")


each_quiz = pytest.mark.parametrize(("notebook", "when", "questions"), list(quizzes()))


@each_quiz
def test_quiz_is_complete(notebook, when, questions):
    assert len(questions) == 5
    for question in questions:
        answers = [question.right, *question.wrong]
        assert 3 <= len(answers) <= 5
        assert len({answer for answer, _ in answers}) == len(answers)
        assert all(len(why.split()) >= 4 for _, why in answers), question.text
        assert "$" not in repr(question), "no formula: jupyterquiz cannot draw one"


@each_quiz
def test_right_answers_are_right(notebook, when, questions):
    for question in questions:
        assert bool(question.proof()) is True, question.text


@pytest.mark.parametrize("notebook", _notebooks())
def test_no_question_is_asked_twice(notebook):
    topic = _topic(notebook)
    assert topic.NOTEBOOK == notebook
    texts = [question.text for question in (*topic.QUIZ_BEFORE, *topic.QUIZ_AFTER)]
    assert len(set(texts)) == len(texts) == 10


def test_quiz_needs_no_network_and_is_the_same_each_time():
    topic = _topic(_notebooks()[0])
    page = Quiz(topic.NOTEBOOK, "before", topic.QUIZ_BEFORE)._repr_html_()
    assert "://" not in page
    assert page == Quiz(topic.NOTEBOOK, "before", topic.QUIZ_BEFORE)._repr_html_()


# No answer harms the check ----------------------------------------------------------------------

EQUALIZE = ALL["equalize"]


def endless(image):
    while True:
        pass


def endless_and_deaf(image):
    while True:
        try:
            image = image.copy()
        except:  # noqa: E722
            pass


def for_ever_deeper(image):
    return for_ever_deeper(image)


@pytest.mark.parametrize("function", [endless, endless_and_deaf])
def test_endless_answer_is_stopped(function):
    verdict = judge(EQUALIZE, function)
    assert verdict.kind == "slow"
    assert largest_side(verdict.arguments) == 1


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (for_ever_deeper, "RecursionError"),
        (lambda image: sys.exit(3), "SystemExit"),
        (lambda image: image[9, 9], "IndexError"),
        (lambda image: input(), "RuntimeError: input"),
        (lambda image, more: image, "TypeError"),
    ],
)
def test_error_is_shown_on_the_smallest_input(function, says):
    verdict = judge(EQUALIZE, function)
    assert verdict.kind == "raised"
    assert verdict.says.startswith(says)
    assert largest_side(verdict.arguments) == 1


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (lambda image: EQUALIZE.reference(image).tolist(), "returned [[255]] (list)"),
        (lambda image: EQUALIZE.reference(image) * 1.0, "dtype is float64, and must be uint8"),
        (lambda image: EQUALIZE.reference(image)[0], "its shape is (1,), and must be (1, 1)"),
        (lambda image: "white", "returned 'white' (str)"),
    ],
)
def test_type_and_shape_come_before_values(function, says):
    assert says in judge(EQUALIZE, function).says


def test_answer_that_looks_at_another_image_is_told_so():
    says = judge(EQUALIZE, lambda image: np.zeros((5, 5), np.uint8)).says
    assert says.endswith("It returns the same for all inputs: does it use its arguments?")
    assert "same for all" not in judge(EQUALIZE, lambda image: image + 1.5).says


def test_list_of_the_values_will_do_for_a_tuple():
    gains = ALL["kernel_gains"]
    assert judge(gains, lambda kernel: [kernel.sum(), (kernel**2).sum()]).kind == "correct"
    assert judge(gains, lambda kernel: [kernel.sum(), 3]).says.startswith("value 2: expected")
    assert "must return 2 values" in judge(gains, lambda kernel: [kernel.sum()]).says


def test_error_without_any_value_is_known_by_its_words_only():
    gains = ALL["kernel_gains"]
    known = judge(gains, lambda kernel: (kernel.sum(), sum(kernel.ravel() ^ 2))).misconception
    assert known.name == "writes ^ for a power"
    assert judge(gains, lambda kernel: kernel.sum() + "").misconception is None


def test_large_arrays_are_described_and_no_sentence_comes_twice():
    better = ALL["better_denoiser"]
    text = repr(Card(better, judge(better, lambda network, noisy: network(noisy))))
    assert "noisy = a uint8 array of shape (30, 28, 28)" in text
    assert text.count("the network's own answer") == 1


def test_the_failing_line_is_the_students():
    def my_equalize(image):
        levels = image.max() / 0
        return levels[3]

    assert "levels[3]" in judge(EQUALIZE, my_equalize).says


def test_answer_that_is_wrong_on_few_inputs_is_caught_on_a_small_one():
    def forgets_white(image):
        return image if image.max() > 250 else EQUALIZE.reference(image)

    verdict = judge(EQUALIZE, forgets_white)
    assert verdict.kind == "wrong"
    assert verdict.arguments["image"].max() == 251
    assert verdict.misconception is None


def test_same_code_gets_same_answer():
    def by_chance(image):
        noise = np.random.default_rng().integers(0, 2, image.shape) + np.random.randint(2)  # noqa: NPY002
        return (EQUALIZE.reference(image) + noise + random.randint(0, 1)).astype(np.uint8)

    cards = [repr(Card(EQUALIZE, judge(EQUALIZE, by_chance))) for _ in range(2)]
    assert cards[0] == cards[1]


def test_check_leaves_no_trace(tmp_path, monkeypatch, capsys):
    def noisy(image):
        print("here I am")
        np.random.seed(7)  # noqa: NPY002
        return EQUALIZE.reference(image)

    monkeypatch.chdir(tmp_path)

    def states():
        numpy_state = np.random.get_state()[1].tolist()  # noqa: NPY002
        return random.getstate(), numpy_state, sys.gettrace()

    before = states()
    assert judge(EQUALIZE, noisy).kind == "correct"
    assert states() == before
    assert capsys.readouterr() == ("", "")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("notebook", [n for n in _notebooks() if n < "05"])
def test_early_notebooks_do_not_wait_for_torch(notebook):
    last = _topic(notebook).EXERCISES[-1].name
    lines = [
        "import sys",
        "from course_utils.exercises import check, hint, quiz, solution",
        f"quiz({notebook!r}, 'after'), check({last!r}, lambda *_: None), hint({last!r})",
        "sys.exit('torch' in sys.modules)",
    ]
    assert subprocess.run([sys.executable, "-c", "\n".join(lines)]).returncode == 0


# Cards, hints, solutions ------------------------------------------------------------------------


def test_card_shows_input_expected_and_answer():
    card = Card(EQUALIZE, judge(EQUALIZE, EQUALIZE.misconceptions[0].function))
    assert "expected =" in repr(card)
    assert EQUALIZE.misconceptions[0].name in repr(card)
    assert "<table" in card._repr_html_()
    assert EQUALIZE.misconceptions[0].name in card._repr_html_()


def test_card_escapes_what_the_answer_says():
    def says(image):
        raise ValueError("<script>alert(1)</script>")

    assert "<script" not in Card(EQUALIZE, judge(EQUALIZE, says))._repr_html_()


def test_function_called_by_mistake():
    assert "without parentheses" in judge(EQUALIZE, np.zeros((2, 2), np.uint8)).says


def test_hints_come_in_steps(capsys):
    for number in (1, 2, 3, 3):
        hint("equalize")
        assert capsys.readouterr().out.startswith(f"Hint {number} of 3: ")


@each_exercise
def test_solution_is_shown(name, capsys):
    solution(name)
    assert f"def my_{name}" in capsys.readouterr().out


@pytest.mark.parametrize("show", [hint, solution, lambda name: check(name, None)])
def test_unknown_name_is_answered(show):
    with pytest.raises(ValueError, match="name must be one of .*equalize"):
        show("no such exercise")
    with pytest.raises(TypeError, match="name"):
        show(7)
