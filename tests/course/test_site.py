"""What the website is made of: every page has its source, and every correction its evidence."""

import ast
import io
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import divide
import draw_frames
import make_site
import nbformat
import numpy as np
import pytest
from docutils.nodes import make_id
from myst_parser.slugs import github_slugify
from PIL import Image

from course_utils import explorers
from course_utils.display import show_images
from exercises.checker.cards import anchor
from exercises.checker.catalogue import find, names_of

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
    start, end = (
        re.search(rf':{side}: "(.*)"', index)[1] for side in ("start-after", "end-before")
    )
    shown, rest = sources["README.md"].decode().split(start)[1].split(end)
    assert rest
    for path in (ROOT / "notebooks").glob("[0-9]*.ipynb"):
        assert f"](/notebooks/{path.name})" in shown
    assert "make lab" not in index.partition("## ")[0]  # a welcome comes first


def test_links_of_the_repository_become_links_of_the_site():
    anchors = {
        "b": {"What-200-+-100-is": ("11-sums", "what-200--100-is"), "11-sums": ("11-sums", "")}
    }
    for text, folder, expected in [
        ("../notebooks/b.ipynb", "docs", "/notebooks/b.ipynb"),
        ("../../notebooks/b.ipynb#c", "docs/teach", "/notebooks/b.ipynb#c"),
        ("b.ipynb#11-sums", "notebooks", "/notebooks/b/11-sums.ipynb"),
        ("b.ipynb#What-200-+-100-is", "notebooks", "/notebooks/b/11-sums.ipynb#what-200--100-is"),
        ("../docs/conventions.ipynb#A-B,-or-C", "notebooks", "/conventions.ipynb#a-b-or-c"),
        ("../instructors.md", "docs/teach", "/instructors.md"),
        ("teach/b.md#c", "docs", "/teach/b.md#c"),
        ("course_utils/noise.py", "", "/api/noise.md"),
        ("../course_utils", "docs", "/api/index.md"),
        ("../exercises", "notebooks", "/api/exercises.md"),
        ("exercises/checker/exercise.py", "", "/api/exercises.checker.exercise.md"),
        ("exercises/ex07_pooling/", "", "/api/index.md"),
        ("../images/pooling.svg", "notebooks", "/images/pooling.svg"),
        ("../README.md#start", "docs", "/index.md#start"),
        ("https://a.org/b.md", "docs", "https://a.org/b.md"),
        ("noisy", "notebooks", "noisy"),  # as in filters[name](noisy)
    ]:
        converted = make_site.with_links_of_site(f"[a]({text})", folder, anchors)
        assert converted == f"[a]({expected})"


# Notebooks, divided -----------------------------------------------------------------------------


def markdown(text):
    return nbformat.v4.new_markdown_cell(text)


def code(text):
    return nbformat.v4.new_code_cell(text)


@pytest.fixture(scope="module")
def small():
    """A notebook with all that the site treats in its own way."""
    cells = [
        markdown("# 1 · Title\n\nA question."),
        code("from course_utils.noise import add_gaussian_noise\nfrom exercises import check"),
        markdown("The end of the first page.\n\n## 1.1 One\n\nText.\n\n### Part `a`"),
        code("noisy = add_gaussian_noise(1)"),
        markdown("## Exercises\n\n### Exercise 1.1 · Do it"),
        code('def my_blend(a, b): ...\n\n\ncheck("blend", my_blend)'),
        markdown("## Summary\n\n* It works.\n\n## References\n\n* A book."),
    ]
    return nbformat.v4.new_notebook(cells=cells)


def test_a_section_is_a_page(small, tmp_path):
    nbformat.write(small, tmp_path / "01_small.ipynb")
    pages = {
        name: "\n".join(cell.source for cell in notebook.cells)
        for name, notebook in divide.divided(tmp_path / "01_small.ipynb")
    }
    first, one, exercises, summary = pages.values()
    names = ["11-one", "exercises", "summary"]
    assert list(pages) == ["01_small", *(f"01_small/{name}" for name in names)]
    assert first.startswith("# 1 · Title")
    assert "The end of the first page." in first
    assert all(f"01_small/{name}\n" in first for name in names)
    assert one.startswith("# 1.1 One")
    assert "\n## Part `a`" in one
    assert '_modules/course_utils/noise.html#add_gaussian_noise"' in one
    assert "## References" in summary
    for hint in find("blend").hints:
        assert divide.with_code(hint) in exercises
    assert exercises.count("<details") == 4
    assert "_modules" not in exercises


def test_old_addresses_lead_to_the_pages(small, tmp_path):
    """As GitHub, JupyterLab and Sphinx name the headings."""
    places = divide.places_of(divide.pages_of(small, tmp_path))
    assert places["11-one"] == places["1.1-One"] == places["one"] == ("11-one", "")
    assert places["part-a"] == places["Part-a"] == ("11-one", "part-a")
    exercise = ("exercises", "exercise-11--do-it")
    assert places["Exercise-1.1-·-Do-it"] == places["exercise-11--do-it"] == exercise
    assert places["references"] == ("summary", "references")
    assert divide.address(exercise) == "exercises.html#exercise-11--do-it"


@pytest.mark.parametrize("path", make_site.NOTEBOOKS, ids=lambda path: path.stem)
def test_nothing_of_a_notebook_is_lost(path, tmp_path):
    notebook = nbformat.read(path, as_version=4)
    expected = "".join("".join(cell.source.split()) for cell in notebook.cells)
    cells = [cell for page in divide.pages_of(notebook, tmp_path) for cell in page.cells]
    kept = [cell.source for cell in cells if not cell.source.startswith("``````{raw}")]
    assert "".join("".join(source.split()) for source in kept) == expected
    checks = re.findall(r'^check\("(\w+)"', "\n".join(kept), re.M)
    answered = re.findall(r'id="answers-(\w+)"', "\n".join(cell.source for cell in cells))
    assert answered == checks


@pytest.mark.parametrize("path", make_site.NOTEBOOKS, ids=lambda path: path.stem)
def test_a_page_asks_nobody_to_run_a_cell(path):
    """In the notebook the first cell does; a page has no kernel."""
    first = nbformat.read(path, as_version=4).cells[0].source
    _, page = next(divide.divided(path))
    assert "Shift + Enter" in first
    assert page.cells[0].source == first.partition("\n\nClick")[0]


@pytest.mark.parametrize("path", make_site.NOTEBOOKS, ids=lambda path: path.stem)
def test_cards_lead_to_sections_of_the_site(path, tmp_path):
    places = divide.places_of(divide.pages_of(nbformat.read(path, as_version=4), tmp_path))
    for name in names_of(path.stem):
        exercise = find(name)
        for section in {exercise.section, *(wrong.section for wrong in exercise.misconceptions)}:
            assert not section or anchor(section)[1:] in places


# Sliders ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sources", "kept"),
    [
        (["a = 1", "b = 2", "f(a)"], [0, 2]),
        (["a = 1", "a = 2", "f(a)"], [1, 2]),
        (["a = 1", "a += 1", "f(a)"], [0, 1, 2]),
        (["a = []", "a.append(1)", "f(a)"], [0, 1, 2]),
        (["a = {}", "for i in 1, 2:\n    a[i] = i", "i = 9", "f(a)"], [0, 1, 3]),
        (["import a", "a.seed(1)", "f(a)"], [0, 2]),
        (["rng = np.random.default_rng(1)", "x = rng.random()", "f(rng)"], [0, 1, 2]),
        (["b = 1", "def g(a):\n    return a + b", "a = 1", "f(g)"], [0, 1, 3]),
        (["i = 1", "for i in range(3):\n    x = i", "f(x)"], [1, 2]),
        (["def g(): ...", "y = [a for a in z]", "z = 1", "f(g())"], [0, 3]),
    ],
)
def test_only_cells_that_matter_run(sources, kept):
    assert draw_frames.needed(sources, len(sources) - 1) == kept


def test_frames_are_drawn_again_when_what_is_behind_them_changes():
    behind = draw_frames.modules_behind("from course_utils.pooling import max_pool")
    names = {file.stem for file in behind}
    assert {"pooling", "_validation"} <= names
    assert not names & {"noise", "training"}
    key = draw_frames.key_of(["a = 1", "b = 2", "f(a)"], [0, 2])
    assert key == draw_frames.key_of(["a = 1", "b = 3", "f(a)"], [0, 2])
    assert key != draw_frames.key_of(["a = 2", "b = 2", "f(a)"], [0, 2])


def explorer_of(function, monkeypatch, **controls):
    shown = []
    monkeypatch.setattr(explorers, "display", shown.append)
    explorers.explore(function, examples=[{}], **controls)
    return shown[0]


def test_a_frame_is_what_the_function_draws(tmp_path, monkeypatch):
    def flat(level=100, kind="left"):
        image = np.zeros((8, 9), np.uint8)
        image[:, : (4 if kind == "left" else 9)] = level
        show_images(image, f"{kind} {level}")

    explorer = explorer_of(flat, monkeypatch, level=(0, 250, 10), kind=["left", "all"])
    draw_frames.write_frames(explorer, tmp_path / "1", "key")
    manifest = draw_frames.manifest_in(tmp_path / "1")
    level, kind = manifest["controls"]
    assert len(manifest["frames"]) == 9 * 2
    assert level["values"][0] == "0"
    assert level["values"][-1] == "250"
    assert level["values"][level["start"]] == "100"
    for control in explorer.controls.values():
        control.unobserve_all()
    for setting, frame in manifest["frames"].items():
        chosen, which = map(int, setting.split(","))
        assert frame["words"] == f"{kind['values'][which]} {level['values'][chosen]}"
        explorer.controls["level"].value = int(level["values"][chosen])
        explorer.controls["kind"].value = kind["values"][which]
        explorer.draw()
        expected = np.asarray(Image.open(io.BytesIO(explorer.image.value)).convert("RGB"))
        drawn = np.asarray(Image.open(tmp_path / "1" / frame["file"]).convert("RGB"))
        assert np.array_equal(drawn, expected)


def test_where_many_controls_are_one_moves_at_a_time():
    settings, is_grid = draw_frames.settings_of([[0, 1, 2]] * 4, (1, 1, 1, 1))
    assert not is_grid
    assert len(settings) == 1 + 4 * 2
    assert all(sum(index != 1 for index in setting) <= 1 for setting in settings)


def test_frames_lose_no_more_than_they_must(monkeypatch):
    frames = [np.random.default_rng(1).integers(0, 256, (64, 64, 3), np.uint8)] * 2
    exact = sum(map(len, draw_frames.encode(frames)))
    monkeypatch.setattr(draw_frames, "LARGEST", exact - 1)
    assert sum(map(len, draw_frames.encode(frames))) < exact
    monkeypatch.setattr(draw_frames, "LARGEST", 100)
    assert draw_frames.encode(frames) is None


# The rest ---------------------------------------------------------------------------------------


def test_archive_holds_the_course(tmp_path):
    make_site.write_archive(tmp_path / "course.zip")
    with zipfile.ZipFile(tmp_path / "course.zip") as archive:
        archive.extractall(tmp_path)
    home = tmp_path / "course"
    assert {path.name for path in home.iterdir()} == set(make_site.COURSE)
    assert not list(home.rglob("*.pyc"))
    lines = "import exercises; from course_utils.images import *; load_image(picture_names()[0])"
    command = [sys.executable, "-c", f"{lines}; print(exercises.__file__)"]
    environment = os.environ | {"PYTHONPATH": str(home)}
    ran = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True)
    assert str(home) in ran.stdout, ran.stderr


@pytest.mark.slow
def test_first_cells_run_where_only_the_course_is_installed(tmp_path):
    """As on Colab, where the page says what to install: the wheel alone has what notebooks need."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(tmp_path / "installed")
    cells = [
        next(cell.source for cell in nbformat.read(path, as_version=4).cells if is_code(cell))
        for path in make_site.NOTEBOOKS
    ]
    script = "\n".join(
        [*cells, "from course_utils.images import load_image", 'print(load_image("city").shape)']
        + ["import course_utils", "print(course_utils.__file__)"]
    )
    ran = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path / "installed")},
        capture_output=True,
        text=True,
    )
    assert str(tmp_path / "installed") in ran.stdout, ran.stderr


@pytest.mark.slow
def test_first_cell_says_what_to_run_where_the_course_is_not(tmp_path):
    """As on Colab and Kaggle, which open the notebook and nothing else of the course."""
    cells = [
        next(cell.source for cell in nbformat.read(path, as_version=4).cells if is_code(cell))
        for path in make_site.NOTEBOOKS
    ]
    script = f"""
import sys
from IPython.core.interactiveshell import InteractiveShell
sys.modules["course_utils"] = None  # import says that there is none
for source in {cells!r}:
    InteractiveShell.instance(colors="NoColor").run_cell(source)
"""
    ran = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=os.environ | {"IPYTHONDIR": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert ran.stdout.count("Run first: %pip install git+https://") == len(cells), ran.stdout


def is_code(cell):
    return cell.cell_type == "code"


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
