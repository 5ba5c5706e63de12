"""Every exercise: its solution is right, its wrong answers are known, its notebook holds it."""

import builtins
import difflib
import functools
import html
import inspect
import re
import symtable

import mistune
import nbformat
import numpy as np
import pytest
from answers import NOTEBOOKS, largest_side

from exercises.checker import judge as judging
from exercises.checker.cards import Card, anchor
from exercises.checker.catalogue import all_names, find, names_of, notebooks
from exercises.checker.judge import Verdict, judge
from exercises.checker.searching import draw_all
from exercises.grading.notebooks import read_notebook

ALL = {name: find(name) for name in all_names()}
QUICK = (  # one a notebook; all others are tried with the slow tests
    *("histogram", "equalize", "psnr", "filter_image"),
    *("denoising_loss", "convolve2d", "max_pool", "elbo"),
)
each_exercise = pytest.mark.parametrize("exercise", ALL.values(), ids=ALL)
each_notebook = pytest.mark.parametrize("notebook", notebooks())


@each_exercise
def test_solution_is_correct(exercise):
    verdict = judge(exercise, exercise.solution)
    assert verdict.kind == "correct", Card(exercise, verdict)


@pytest.mark.parametrize(
    "exercise",
    [pytest.param(ALL[name], marks=[pytest.mark.slow] * (name not in QUICK)) for name in ALL],
    ids=ALL,
)
def test_wrong_answers_are_known_by_their_names(exercise, monkeypatch):
    """On edge cases and sample alone: the inputs of a search could but tell more ideas apart."""
    monkeypatch.setattr(judging, "find_small", lambda inputs, fails: None)
    for wrong in exercise.misconceptions:
        verdict = judge(exercise, wrong.function)
        card = Card(exercise, verdict)
        right = f"{wrong.name!r} is right on all inputs: add an example on which it is wrong"
        assert verdict.kind in ("wrong", "raised"), f"{right}\n{card}"
        name = verdict.misconception and verdict.misconception.name
        alike = f"{wrong.name!r} is taken for {name!r}: add an example that tells them apart"
        assert name == wrong.name, f"{alike}\n{card}"
        is_small = exercise.larger or largest_side(verdict.arguments) <= 4
        assert is_small, f"{wrong.name!r} fails on large inputs only\n{card}"


@each_exercise
def test_data_are_complete(exercise):
    names = [wrong.name for wrong in exercise.misconceptions]
    for wrong in exercise.misconceptions:
        assert {type(text) for text in (wrong.name, wrong.why, wrong.section)} == {str}, wrong.name
    assert len(names) >= 6, f"{exercise.name} has {len(names)} misconceptions, and needs six"
    assert len(set(names)) == len(names), f"a misconception of {exercise.name} stands twice"
    assert len(exercise.hints) == 3, f"{exercise.name} has {len(exercise.hints)} hints, not three"
    assert exercise.solution.__name__ == f"my_{exercise.name}"
    assert list(exercise.examples), f"{exercise.name} needs an example"
    assert (exercise.inputs is None) == bool(exercise.shows) == (exercise.reference is None)


def inputs_of(exercise):
    """All inputs of a check, argument by argument."""
    drawn = () if exercise.inputs is None else draw_all(exercise.inputs)
    inputs = [*exercise.examples.values(), *drawn, *exercise.more]
    return {name: [case[name] for case in inputs] for name in inputs[0]}


@each_exercise
def test_inputs_reach_the_ends(exercise):
    """Black and white, numbers that are not round, images too large to be read: all are tried."""
    for name, values in inputs_of(exercise).items():
        arrays = [value for value in values if isinstance(value, np.ndarray)]
        images = [array for array in arrays if array.dtype == np.uint8]
        floats = [array for array in arrays if array.dtype.kind == "f"]
        if images and not exercise.larger and exercise.name != "sharpest":  # photographs
            assert min(image.min() for image in images) == 0, name
            assert max(image.max() for image in images) == 255, name
            assert max(max(image.shape) for image in images) > 4, f"{name} is never large"
        if floats:
            assert any((9 * array % 1).any() for array in floats), f"{name} holds round numbers"
        if isinstance(values[0], float):
            assert len(set(values)) > 2, f"{name} has two values only"


@functools.cache
def cells_of(notebook):
    return nbformat.read(NOTEBOOKS / f"{notebook}.ipynb", as_version=4).cells


def globals_of(table):
    """Names of globals that a function uses, and those within it."""
    names = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_global()}
    return names.union(*map(globals_of, table.get_children()))


@each_exercise
def test_solution_runs_in_its_notebook(exercise):
    """A student may paste it into the notebook, which imports less than our modules do."""
    known = set(dir(builtins))
    data = (NOTEBOOKS / f"{exercise.notebook}.ipynb").read_bytes()
    for cell, _ in read_notebook(data).cells:
        symbols = symtable.symtable(cell, "cell", "exec").get_symbols()
        known |= {s.get_name() for s in symbols if s.is_imported() or s.is_namespace()}
    source = inspect.getsource(exercise.solution)
    (function,) = symtable.symtable(source, "cell", "exec").get_children()
    unknown = globals_of(function) - known
    assert not unknown, f"{exercise.notebook} does not import {unknown}, which the solution uses"


ADDRESS = re.compile(r"#[!#-;=?-_a-~]+")  # what a browser leaves as it is


@each_notebook
def test_links_lead_to_headings(notebook):
    """JupyterLab makes the id of a heading from its text as shown, with - for each space."""
    text = "\n".join(cell.source for cell in cells_of(notebook) if cell.cell_type == "markdown")
    headings = re.findall(r"^#+ (.*)$", text, re.M)
    shown = [re.sub("<[^>]*>", "", mistune.html(heading)).strip() for heading in headings]
    ids = [html.unescape(heading).replace(" ", "-") for heading in shown]
    ours = [ALL[name] for name in names_of(notebook)]
    wrong = [wrong for exercise in ours for wrong in exercise.misconceptions if wrong.section]
    for section in {part.section for part in (*ours, *wrong)}:
        close = difflib.get_close_matches(section, headings, n=1)
        assert section in headings, f"no heading {section!r} in {notebook}; did you mean {close}?"
        assert ids.count(anchor(section).removeprefix("#")) == 1, section
        assert ADDRESS.fullmatch(anchor(section)), "the browser rewrites it, and nothing is found"


@each_notebook
def test_notebook_holds_its_exercises_unsolved(notebook):
    cells, number = cells_of(notebook), int(notebook[:2])
    code = [cell for cell in cells if cell.cell_type == "code"]
    for name in names_of(notebook):
        found = [cell for cell in code if f'check("{name}", my_{name})' in cell.source]
        assert len(found) == 1, f'{notebook} needs one cell with check("{name}", my_{name})'
        card = Card(ALL[name], Verdict("unwritten"))
        stored = [output.get("data", {}) for output in found[0].outputs]
        drawn = [{"text/plain": repr(card), "text/html": card._repr_html_()}]
        assert stored == drawn, f"{name}: let execute_notebooks.py run {notebook} again"
    tasks = [cell for cell in cells if re.search("^check|^### Exercise", cell.source, re.M)]
    kinds = ["markdown", "code"] * len(names_of(notebook))
    assert [cell.cell_type for cell in tasks] == kinds, "a task and its check, in turn"
    text = "\n".join(cell.source for cell in tasks[::2])
    titles = re.findall(r"^### Exercise (.*) · .*\n\n\d+ minutes", text, re.M)
    assert titles == [f"{number}.{n}" for n in range(1, len(tasks) // 2 + 1)]
    quizzes = [cell.source for cell in code if cell.source.startswith("quiz(")]
    assert quizzes == [f'quiz("{notebook}", "{when}")' for when in ("before", "after")]
