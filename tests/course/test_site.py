"""What the website is made of: every page has its source, and every correction its evidence."""

import ast
import os
import re
from pathlib import Path

import make_site
import nbformat
import pytest
from docutils.nodes import make_id
from myst_parser.slugs import github_slugify

ROOT = Path(__file__).resolve().parents[2]
ERRATA = (make_site.DOCS / "errata.md").read_text(encoding="utf-8")
ENTRIES = re.findall(r"^\* .*(?:\n  .*)*", ERRATA, re.M)


@pytest.fixture(scope="module")
def sources():
    return dict(make_site.sources())


def text_of(path):
    cells = nbformat.read(path, as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def sections(path):
    """Anchors of a notebook's headings: MyST's, and those of Sphinx."""
    for heading in re.findall(r"^#+ (.*)$", text_of(path), re.M):
        yield github_slugify(heading)
        yield make_id(heading)


def dead_links(text):
    """Links to a notebook that does not exist, or to a section that it does not have."""
    links = re.findall(r"\]\(\.\./(notebooks/\w+\.ipynb)#([^)]*)\)", text)
    return [
        f"{path}#{anchor}"
        for path, anchor in links
        if not (ROOT / path).exists() or anchor not in set(sections(ROOT / path))
    ]


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry[2:40] for entry in ENTRIES])
def test_errata_point_to_their_evidence(entry):
    assert "](../notebooks/" in entry
    assert not dead_links(entry)


def test_notebooks_point_to_every_convention_and_to_nothing_else():
    """By the anchors of JupyterLab, which the site translates."""
    headings = re.findall(r"^## (.*)$", text_of(make_site.DOCS / "conventions.ipynb"), re.M)
    texts = "".join(text_of(path) for path in make_site.NOTEBOOKS)
    links = re.findall(r"\]\(\.\./docs/conventions\.ipynb#([^)]*)\)", texts)
    assert set(links) == {heading.replace(" ", "-") for heading in headings}


def test_start_page_lists_every_notebook(sources):
    index = sources["index.md"].decode()
    end = re.search(r':end-before: "(.*)"', index)[1]
    shown, rest = sources["README.md"].decode().split(end)
    assert rest
    for path in (ROOT / "notebooks").glob("[0-9]*.ipynb"):
        assert f"](notebooks/{path.name})" in shown


def test_links_of_the_repository_become_links_of_the_site():
    convert = make_site.with_links_of_site
    assert convert("[a](../notebooks/b.ipynb#c)", 1) == "[a](notebooks/b.ipynb#c)"
    assert convert("[a](../../notebooks/b.ipynb)", 2) == "[a](../notebooks/b.ipynb)"
    assert convert("[a](../instructors.md)", 2) == "[a](../instructors.md)"
    assert convert("[a](teach/b.md)", 1) == "[a](teach/b.md)"
    assert convert("[a](course_utils/noise.py)", 0) == "[a](api/noise.md)"
    assert convert("[a](../course_utils)", 1) == "[a](api/index.md)"
    assert convert("[a](../exercises)", 0) == "[a](../api/exercises.md)"
    file = convert("[a](exercises/checker/exercise.py)", 0)
    assert file == "[a](api/exercises.checker.exercise.md)"
    assert convert("[a](exercises/ex07_pooling/)", 0) == "[a](api/index.md)"
    assert convert("[a](../b.ipynb#What-200-+-100-is)", 0) == "[a](../b.ipynb#what-200--100-is)"
    assert convert("[a](tests/course/b.py)", 0) == "a"
    assert convert("![a](../README.md#start)", 1) == "![a](index.md#start)"


def test_every_module_has_a_page_and_solutions_have_none(sources):
    helpers = {path.stem for path in (ROOT / "course_utils").glob("[a-z]*.py")}
    pages = {name[4:-3] for name in sources if name.startswith("api/")}
    assert pages == helpers | {"exercises", "exercises.checker.exercise", "index"}


@pytest.mark.parametrize("path", make_site.public_modules().values(), ids=lambda path: path.stem)
def test_every_public_function_is_described(path):
    """Autodoc leaves out what has no docstring."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), node.name


def test_unchanged_files_keep_their_time_and_old_ones_go(tmp_path, monkeypatch):
    monkeypatch.setattr(make_site, "sources", lambda: [("a/b.md", b"b"), ("c.md", b"c")])
    make_site.gather(tmp_path)
    os.utime(tmp_path / "a" / "b.md", (0, 0))
    monkeypatch.setattr(make_site, "sources", lambda: [("a/b.md", b"b"), ("d.md", b"d")])
    make_site.gather(tmp_path)
    assert (tmp_path / "a" / "b.md").stat().st_mtime == 0
    assert sorted(path.name for path in tmp_path.rglob("*.md")) == ["b.md", "d.md"]


def test_missing_mathjax_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(make_site, "MATHJAX", tmp_path / "none")
    with pytest.raises(SystemExit, match="npm ci"):
        make_site.build(tmp_path)
    assert not list(tmp_path.iterdir())
