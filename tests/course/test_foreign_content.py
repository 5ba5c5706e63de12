"""Stored notebooks show only what the course wrote: nothing else runs in a reader's browser."""

import re

import nbformat
import pytest
from execute_notebooks import NOTEBOOKS

from exercises.checker.catalogue import find_questions
from exercises.checker.quizzes import Quiz

PATHS = sorted(NOTEBOOKS.glob("[0-9]*.ipynb"))
PLAIN = {"text/plain", "image/png", "text/latex"}
ACTIVE = re.compile(
    r"<(script|iframe|object|embed|link|meta|form|base|svg)\b|\bon\w+\s*=|javascript:"
)
ELSEWHERE = re.compile(r"""(src|href)\s*=\s*["']?(https?:)?//""")


def foreign(notebook):
    """List what a browser would run or fetch and the course did not write."""
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type != "code":
            text = re.sub(r"```.*?```|`[^`]*`", "", cell.source, flags=re.S)
            if ACTIVE.search(text) or cell.get("attachments"):
                yield f"cell {number} is text and holds active content"
            continue
        for output in cell.outputs:
            data = output.get("data", {})
            page = data.get("text/html", "")
            if set(data) - PLAIN - {"text/html"}:
                yield f"cell {number} shows {sorted(set(data) - PLAIN)}"
            elif found := re.match(r'quiz\("(\w+)", "(\w+)"\)', cell.source):
                if page != Quiz(*found.groups(), find_questions(*found.groups()))._repr_html_():
                    yield f"cell {number} shows a quiz that is not the course's"
            elif ACTIVE.search(page) or ELSEWHERE.search(page):
                yield f"cell {number} shows a page with active content"


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_notebooks_show_only_what_the_course_wrote(path):
    assert list(foreign(nbformat.read(path, as_version=4))) == []


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("text/html", "<div>right</div><script>alert(1)</script>"),
        ("text/html", '<img src="x" onerror="alert(1)">'),
        ("text/html", '<img src="//example.org/x.png">'),
        ("text/html", '<a href="javascript:alert(1)">'),
        ("image/svg+xml", "<svg/>"),
    ],
)
@pytest.mark.parametrize("source", ["1 + 1", 'quiz("01_histograms", "before")'])
def test_foreign_content_is_noticed(source, kind, content):
    cell = nbformat.v4.new_code_cell(source)
    cell.outputs = [nbformat.v4.new_output("display_data", {"text/plain": "", kind: content})]
    assert len(list(foreign(nbformat.v4.new_notebook(cells=[cell])))) == 1
