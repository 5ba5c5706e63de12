"""The report's verdict is the one that the student saw, in awkward and honest notebooks."""

import re
import sys

import nbformat
import pytest
from awkward import cases, notebook, one_of_each
from nbclient import NotebookClient

from exercises.grading.judging import judge_notebook

needs_copies = pytest.mark.skipif(
    sys.platform != "linux", reason="answers are told apart by copies"
)
# What ends a kernel, or makes it wait for ever; and notebooks that were run in another order.
NOT_FROM_TOP_TO_BOTTOM = re.compile(
    "segmentation|endless|memory|input|exit|quit|interrupt|terms|below|above|dots, its check"
)
SECONDS = 10  # for what cannot be stopped from within


def verdict_of(cells, exercise):
    rows = judge_notebook(notebook(cells), SECONDS)
    return next((row.verdict for row in rows if row.exercise == exercise), "no row")


@pytest.mark.slow
@needs_copies
@pytest.mark.parametrize(("kind", "cells", "answer"), one_of_each(), ids=lambda x: str(x)[:40])
def test_verdict_on_each_kind(kind, cells, answer):
    assert verdict_of(cells, answer.exercise) == answer.verdict


@pytest.mark.monthly
@needs_copies
def test_nearly_all_agree():
    everything = cases()[::2]  # of each kind, two answers
    assert len(everything) >= 150
    found = [(kind, verdict_of(cells, a.exercise), a.verdict) for kind, cells, a in everything]
    wrong = [triple for triple in found if triple[1] != triple[2]]
    assert len(wrong) <= 0.02 * len(everything), wrong


@pytest.mark.monthly
@pytest.mark.parametrize("start", range(4))
def test_expected_verdict_is_what_a_kernel_shows(start):
    """The verdicts that are expected above are those of the notebooks themselves."""
    everything = one_of_each()[start::4]
    shown = [case for case in everything if not NOT_FROM_TOP_TO_BOTTOM.search(case[0])]
    wrong = []
    for kind, cells, answer in shown:
        made = nbformat.reads(notebook(cells).decode(), as_version=4)
        NotebookClient(made, timeout=60, allow_errors=True).execute()
        texts = [output.get("data", {}).get("text/plain", "") for output in outputs(made)]
        titles = [t.splitlines()[0] for t in texts if t.startswith(f"{answer.exercise}: ")]
        if titles and f"{answer.exercise}: {answer.verdict}" not in titles:
            wrong.append((kind, titles))
    assert not wrong


def outputs(made):
    return [output for cell in made.cells for output in cell.get("outputs", [])]
