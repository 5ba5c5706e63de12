"""docs/conventions.md says what the installed libraries do, row by row."""

import re
from dataclasses import replace

import nbformat
import pytest
from execute_notebooks import NOTEBOOKS
from make_conventions import BORDERS, PAGE, TOPICS, page
from myst_parser.slugs import github_slugify

ROWS = [(topic, *call) for topic in TOPICS for call in topic.calls]
each_row = pytest.mark.parametrize(
    ("topic", "library", "call"), ROWS, ids=[f"{t.title}: {who}: {call}" for t, who, call in ROWS]
)
TEXT = PAGE.read_text(encoding="utf-8")


def stale(topic, library, call, text=TEXT):
    """Say what the installed library does otherwise than the page says; empty if nothing."""
    line = topic.row(library, call)
    if "**?**" in line:
        return f"nobody has said yet what this means: {line}"
    return "" if line in text.splitlines() else f"the page does not say: {line}"


@each_row
def test_library_does_what_the_page_says(topic, library, call):
    assert not stale(topic, library, call)


def test_page_is_as_the_script_writes_it():
    assert page() == TEXT


def test_notebooks_point_to_every_table_and_to_nothing_else():
    cells = [
        cell for path in NOTEBOOKS.glob("[0-9]*.ipynb") for cell in nbformat.read(path, 4).cells
    ]
    texts = [cell.source for cell in cells if cell.cell_type == "markdown"]
    links = re.findall(r"\]\(\.\./docs/conventions\.md#([^)]*)\)", "\n".join(texts))
    assert set(links) == {github_slugify(topic.title) for topic in TOPICS}


def test_changed_mind_is_noticed():
    edge = ("NumPy", "np.pad(row[0], 2, 'edge')")
    other = TEXT.replace("1 1 1 2 3 3 3", "2 3 1 2 3 1 2")  # as if "edge" had meant "wrap"
    assert "the page does not say" in stale(BORDERS, *edge, text=other)
    assert "nobody has said yet" in stale(replace(BORDERS, meaning={}), *edge)
