"""What the website is made of: every page has its source, and every correction its evidence."""

import ast
import functools
import http.server
import os
import re
import runpy
import shutil
import subprocess
import threading
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


def sections(path):
    """Anchors of a notebook's headings: MyST's, and those of Sphinx."""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            for heading in re.findall(r"^#+ (.*)$", cell.source, re.M):
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


def test_settings_can_be_loaded_and_name_no_other_host():
    settings = runpy.run_path(make_site.DOCS / "conf.py")
    assert settings["nb_execution_mode"] == "off"
    assert settings["mathjax_path"] == "mathjax/tex-svg.js"
    assert "://" not in (make_site.DOCS / "conf.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry[2:40] for entry in ENTRIES])
def test_errata_point_to_their_evidence(entry):
    assert "](../notebooks/" in entry
    assert not dead_links(entry)


def test_dead_links_are_found():
    assert dead_links("[a](../notebooks/01_histograms.ipynb#no-such-section)")
    assert dead_links("[a](../notebooks/09_none.ipynb#11-an-image-is-an-array)")
    assert not dead_links("[a](../notebooks/01_histograms.ipynb#11-an-image-is-an-array)")


def test_start_page_lists_every_notebook(sources):
    index = sources["index.md"].decode()
    end = re.search(r':end-before: "(.*)"', index)[1]
    shown, rest = sources["README.md"].decode().split(end)
    assert rest
    for path in (ROOT / "notebooks").glob("[0-9]*.ipynb"):
        assert f"](notebooks/{path.name})" in shown
        assert sources[f"notebooks/{path.name}"] == path.read_bytes().replace(
            b"](../docs/", b"](../"
        )


def test_links_of_the_repository_become_links_of_the_site():
    convert = make_site.with_links_of_site
    assert convert("[a](../notebooks/b.ipynb#c)", 1) == "[a](notebooks/b.ipynb#c)"
    assert convert("[a](../../notebooks/b.ipynb)", 2) == "[a](../notebooks/b.ipynb)"
    assert convert("[a](../instructors.md)", 2) == "[a](../instructors.md)"
    assert convert("[a](teach/b.md)", 1) == "[a](teach/b.md)"
    assert convert("[a](course_utils/noise.py)", 0) == "[a](api/noise.md)"
    assert convert("[a](../course_utils)", 1) == "[a](api/index.md)"
    assert convert("![a](../README.md#start)", 1) == "![a](index.md#start)"


def test_every_module_has_a_page_and_solutions_have_none(sources):
    modules = {path.stem for path in (ROOT / "course_utils").glob("[a-z]*.py")}
    pages = {name[4:-3] for name in sources if name.startswith("api/")}
    assert modules | {"exercises", "exercises.checker.exercise", "index"} <= pages
    assert not any("topics" in page for page in pages)


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


@pytest.mark.parametrize("answers", [True, False])
def test_addresses_that_do_not_answer_are_found(tmp_path, monkeypatch, answers):
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/{'' if answers else 'none'}"
        page = f"# One\n\n[a]({address})\n".encode()
        monkeypatch.setattr(make_site, "sources", lambda: [("index.md", page)])
        assert (make_site.check_links(tmp_path) == 0) == answers
        server.shutdown()


def test_missing_mathjax_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(make_site, "MATHJAX", tmp_path / "none")
    with pytest.raises(SystemExit, match="npm ci"):
        make_site.build(tmp_path)
    assert not list(tmp_path.iterdir())


def test_missing_npm_is_named():
    command = [shutil.which("make"), "--always-make", "docs/node_modules"]
    made = subprocess.run(command, cwd=ROOT, env={"PATH": ""}, capture_output=True, text=True)
    assert made.returncode
    assert "install Node.js" in made.stdout
