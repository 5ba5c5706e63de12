"""The notebooks' anatomy, and the proof that a stale stored output is refused.

nbval (see pyproject.toml) runs every notebook and compares its text outputs. What nbval does not
look at is held here: that every cell was run, in order, and that each stored PNG belongs to the
text twin beside it.
"""

import base64
import copy
import io
import re
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from execute_notebooks import NOTEBOOKS, execute
from PIL import Image, PngImagePlugin

from course_utils.explorers import WIDGET
from course_utils.twins import digest

PATHS = sorted(NOTEBOOKS.glob("[0-9]*.ipynb"))
every_notebook = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def text_of(notebook):
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def is_ignored(cell):
    return "nbval-ignore-output" in cell.metadata.get("tags", [])


def stale_outputs(notebook):
    """List what is wrong with the stored outputs and what nbval would not notice."""
    problems = []
    for number, cell in enumerate(code_cells(notebook), 1):
        if cell.execution_count != number:
            problems.append(f"cell {number} has the execution count {cell.execution_count}")
        for output in cell.outputs:
            if output.output_type == "error" and "raises-exception" not in cell.metadata.tags:
                problems.append(f"cell {number} shows the error {output.ename}")
            if output.get("name") == "stderr" and not is_ignored(cell):
                problems.append(f"cell {number} writes to stderr: {output.text[:60]}")
            if WIDGET in output.get("data", {}):
                problems.append(f"cell {number} holds a widget, which needs a kernel")
            if "image/png" in output.get("data", {}):
                problems += [f"cell {number}: {fault}" for fault in picture_faults(output.data)]
    return problems


def picture_faults(data):
    """List what is wrong with a stored PNG: it carries its text twin and its own digest."""
    picture = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
    if picture.text.get("Description") != data["text/plain"]:
        yield "the picture does not belong to the text beside it"
    if picture.text.get("Digest") != digest(np.asarray(picture)):
        yield "the picture was changed after it was drawn"


GENERIC = re.compile(r"(figure|image|picture|plot|output|screenshot|diagram|alt)( of)?\b", re.I)


def alternative_text_faults(notebook):
    """List the figures without a text that says what there is to see, for who cannot see them."""
    faults, texts = [], []
    for number, cell in enumerate(code_cells(notebook), 1):
        if any("image/png" in output.get("data", {}) for output in cell.outputs):
            text = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
            texts.append((f"cell {number}", text, 40))
    for text in re.findall(r"!\[(.*?)\]\(", text_of(notebook), re.S):
        texts.append(("a picture in the text", " ".join(text.split()), 20))
    seen = {}
    for place, text, shortest in texts:
        if not shortest <= len(text) <= 400:
            faults.append(f"{place}: {len(text)} characters of alternative text")
        elif GENERIC.match(text) or len(set(text.lower().split())) < 5:
            faults.append(f"{place}: {text!r} says nothing")
        elif text in seen:
            faults.append(f"{place}: the same text as {seen[text]}")
        seen[text] = place
    return faults


# Every notebook ---------------------------------------------------------------------------------


def test_there_are_notebooks():
    assert len(PATHS) >= 6


@every_notebook
def test_stored_outputs_are_complete(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert stale_outputs(notebook) == []


@every_notebook
def test_figures_have_alternative_texts(path):
    assert alternative_text_faults(nbformat.read(path, as_version=4)) == []


@every_notebook
def test_opening(path):
    notebook = nbformat.read(path, as_version=4)
    opening, setup = notebook.cells[:2]
    number = int(path.stem[:2])
    assert re.match(rf"# {number} · \w", opening.source), "the title"
    assert re.search(r"\n\*\*[^*]+\?\*\*\n", opening.source), "the question it answers"
    bullets = re.findall(r"^\* ", opening.source.split("After this notebook you can")[1], re.M)
    assert 3 <= len(bullets) <= 5, "what the reader can do afterwards"
    assert re.search(r"Running time: .*\d+ (seconds|minutes)", opening.source)
    assert setup.cell_type == "code"
    lines = [line for line in setup.source.splitlines() if line.strip()]
    assert len(lines) <= 8
    assert all(re.match(r"(import|from) |rng = ", line) for line in lines)


@every_notebook
def test_closing(path):
    headings = re.findall(r"^## (.*)$", text_of(nbformat.read(path, as_version=4)), re.M)
    assert headings[-3:] == ["Exercises", "Summary", "References"]


@every_notebook
def test_sections_are_numbered(path):
    number = int(path.stem[:2])
    headings = re.findall(r"^## (.*)$", text_of(nbformat.read(path, as_version=4)), re.M)[:-3]
    assert [h.split()[0] for h in headings] == [
        f"{number}.{k}" for k in range(1, len(headings) + 1)
    ]


@every_notebook
def test_code_cells_are_short(path):
    lengths = [len(c.source.splitlines()) for c in code_cells(nbformat.read(path, as_version=4))]
    assert statistics.median(lengths) <= 4
    assert np.quantile(lengths, 0.9) <= 10
    assert max(lengths) <= 15


@every_notebook
def test_no_tricks(path):
    code = "\n".join(cell.source for cell in code_cells(nbformat.read(path, as_version=4)))
    for trick in (r"import \*", r"sys\.path", r"^\s*[%!]", r";$", r"np\.random\.(seed|rand)"):
        assert not re.search(trick, code, re.M), trick
    for seed in re.findall(r"^rng = (.*)$", code, re.M):
        assert seed == "np.random.default_rng(2022)"


@every_notebook
def test_no_line_of_text_begins_like_a_numbered_list(path):
    """JupyterLab breaks a sentence before "180." at the beginning of a line."""
    assert not re.findall(r"^ *\d\d+\.(?:\s|$)", text_of(nbformat.read(path, as_version=4)), re.M)


@every_notebook
def test_linked_files_exist(path):
    text = text_of(nbformat.read(path, as_version=4))
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
        if not target.startswith("https://"):
            assert (path.parent / target).exists(), target


@every_notebook
def test_no_path_of_a_machine(path):
    assert not re.search(r"/(home|root|work|Users|tmp)/\w", path.read_text(encoding="utf-8"))


@every_notebook
def test_torch_is_loaded_late(path):
    cells = code_cells(nbformat.read(path, as_version=4))
    uses = [n for n, cell in enumerate(cells) if re.search(r"(import|from) torch", cell.source)]
    if path.stem[:2] in ("01", "02", "03", "04"):
        assert uses == []
    if path.stem[:2] in ("06", "07"):
        assert uses
        assert min(uses) > 0


# The guards themselves --------------------------------------------------------------------------


SAMPLE = [
    "import numpy as np\nfrom course_utils.display import show_images",
    "image = np.arange(48, dtype=np.uint8).reshape(6, 8)",
    "show_images(image, 'a ramp')",
    "image.sum()",
    "image.max();",
]


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """A notebook, executed and stored as the course's own are."""
    path = tmp_path_factory.mktemp("sample") / "sample.ipynb"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in SAMPLE])
    nbformat.write(notebook, path)
    execute(path)
    return nbformat.read(path, as_version=4)


# The cells of a notebook share a kernel, and so a process. loadgroup does not work with pytest 9.2.
IN_PARALLEL = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")


def run_nbval(folder, notebooks, *options):
    """Store the notebooks in `folder`, run nbval as CI does, return the names of those refused."""
    for name, notebook in notebooks.items():
        nbformat.write(notebook, folder / f"{name}.ipynb")
    for name in ("conftest.py", "budgets.py"):
        shutil.copy(Path(__file__).with_name(name), folder)
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-q", "-rf"]
    options += ("-c", str(folder / "none.ini"), "--rootdir", str(folder), "-p", "no:cacheprovider")
    (folder / "none.ini").touch()
    result = subprocess.run([*command, *options, str(folder)], capture_output=True, text=True)
    assert result.returncode in (0, 1), result.stdout + result.stderr
    return set(re.findall(r"^FAILED (?:.*/)?(\w+)\.(?:ipynb|py)", result.stdout, re.M))


@pytest.mark.parametrize("options", [(), IN_PARALLEL], ids=["one process", "as make test does"])
def test_nbval_refuses_what_changed(sample, tmp_path, options):
    # The figure of a picture in which one pixel is one grey level brighter, stored in its place.
    one_pixel = copy.deepcopy(sample)
    one_pixel.cells[1].source += "\nimage[2, 3] += 1"
    nbformat.write(one_pixel, tmp_path / "one_pixel.ipynb")
    execute(tmp_path / "one_pixel.ipynb")
    one_pixel = nbformat.read(tmp_path / "one_pixel.ipynb", as_version=4)
    one_pixel.cells[1].source = sample.cells[1].source
    one_pixel.cells[3].outputs = sample.cells[3].outputs

    number = copy.deepcopy(sample)
    number.cells[3].outputs[0].data["text/plain"] = "np.uint64(1129)"
    assert number.cells[3].outputs != sample.cells[3].outputs

    no_output = copy.deepcopy(sample)
    no_output.cells[2].outputs = []

    fails = copy.deepcopy(sample)
    fails.cells[1].source += "\nassert image.sum() == 0"

    changed = {"one_pixel": one_pixel, "number": number, "no_output": no_output, "fails": fails}
    (tmp_path / "test_wrong.py").write_text("def test_sum():\n    assert 1 + 1 == 3")
    refused = run_nbval(tmp_path, {"unchanged": sample, **changed}, *options)
    assert refused == {*changed, "test_wrong"}


def test_notebook_over_its_budget_is_refused(sample, tmp_path):
    """The README states what each may cost; a notebook that it does not list is not judged."""
    row = "| [1](notebooks/{}.ipynb) | Why? | {} s and {} MB | |"
    stated = [("within", 30, 500), ("too_slow", 0, 500), ("too_large", 30, 1)]
    (tmp_path / "README.md").write_text("\n".join(row.format(*budget) for budget in stated))
    notebooks = dict.fromkeys(["within", "too_slow", "too_large", "not_listed"], sample)
    assert run_nbval(tmp_path, notebooks, *IN_PARALLEL) == {"too_slow", "too_large"}


def test_make_test_runs_as_tried_here():
    makefile = (NOTEBOOKS.parent / "Makefile").read_text(encoding="utf-8")
    assert f"-m pytest {' '.join(IN_PARALLEL)}\n" in makefile


def test_cleared_cell_is_refused(sample):
    assert stale_outputs(sample) == []
    cleared = copy.deepcopy(sample)
    cleared.cells[3].update(execution_count=None, outputs=[])
    assert stale_outputs(cleared) == ["cell 4 has the execution count None"]


def test_cells_run_out_of_order_are_refused(sample):
    disordered = copy.deepcopy(sample)
    disordered.cells[3].execution_count = 7
    assert stale_outputs(disordered) == ["cell 4 has the execution count 7"]


def test_changed_png_is_refused(sample):
    """One grey level in one pixel of the stored PNG itself, its notes kept."""
    changed = copy.deepcopy(sample)
    data = changed.cells[2].outputs[0].data
    picture = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
    notes = PngImagePlugin.PngInfo()
    notes.add_itxt("Description", picture.text["Description"])
    notes.add_text("Digest", picture.text["Digest"])
    pixels = np.array(picture)
    pixels[100, 100, 0] ^= 1
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "png", pnginfo=notes)
    data["image/png"] = base64.b64encode(buffer.getvalue()).decode()
    assert stale_outputs(changed) == ["cell 3: the picture was changed after it was drawn"]


def test_png_of_another_figure_is_refused(sample):
    changed = copy.deepcopy(sample)
    changed.cells[2].outputs[0].data["text/plain"] += " and more"
    assert stale_outputs(changed) == ["cell 3: the picture does not belong to the text beside it"]


ALT = "A ramp of six rows, which grows lighter from row to row."


def with_alternative_texts(sample, *texts, markdown=""):
    """The sample, with figures that have these texts (None: no text), and some markdown."""
    changed = copy.deepcopy(sample)
    figure = changed.cells[2]
    changed.cells[2:3] = [copy.deepcopy(figure) for _ in texts]
    for cell, text in zip(changed.cells[2:], texts):
        if text is not None:
            cell.metadata["mystnb"] = {"image": {"alt": text}}
    changed.cells.append(nbformat.v4.new_markdown_cell(markdown))
    return changed


@pytest.mark.parametrize(
    ("texts", "markdown", "faults"),
    [
        ([ALT], f"![{ALT[:-1]}, image[2, 3] too](a.svg)", 0),
        ([None], "", 1),
        ([ALT, None], "", 1),
        ([""], "", 1),
        (["A ramp from dark to light."], "", 1),  # too short
        ([ALT * 8], "", 1),
        (["Figure of a ramp that runs from dark to light in six rows."], "", 1),
        (["Output: a ramp that runs from dark to light in six rows."], "", 1),
        (["ramp ramp ramp ramp ramp ramp ramp ramp ramp ramp"], "", 1),
        ([ALT, ALT], "", 1),
        ([ALT], "![](a.svg)", 1),
        ([ALT], "![a ramp](a.svg)", 1),
        ([ALT], f"![{ALT}](a.svg)", 1),
        ([], "no figure", 0),
    ],
)
def test_missing_and_generic_alternative_texts_are_refused(sample, texts, markdown, faults):
    changed = with_alternative_texts(sample, *texts, markdown=markdown)
    assert len(alternative_text_faults(changed)) == faults


def test_stored_widget_is_refused(sample):
    changed = copy.deepcopy(sample)
    changed.cells[2].outputs[0].data[WIDGET] = {"model_id": "7"}
    assert stale_outputs(changed) == ["cell 3 holds a widget, which needs a kernel"]


def test_sliders_are_stored_without_a_widget_and_compared(tmp_path):
    """What is stored is the picture of three settings; a changed one is refused."""
    cells = [
        "import numpy as np\nfrom course_utils.display import explore, show_images",
        "def gray(level):\n    show_images(np.full((2, 3), level, np.uint8))",
        "explore(gray, level=(0, 200))",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbformat.write(notebook, tmp_path / "sliders.ipynb")
    execute(tmp_path / "sliders.ipynb")
    stored = nbformat.read(tmp_path / "sliders.ipynb", as_version=4)
    (output,) = stored.cells[2].outputs
    assert set(output.data) == {"image/png", "text/plain"}
    assert stale_outputs(stored) == []
    assert "widgets" not in stored.metadata

    changed = copy.deepcopy(stored)
    changed.cells[1].source = cells[1].replace("level, np", "level // 2, np")
    assert run_nbval(tmp_path, {"sliders": stored, "changed": changed}) == {"changed"}


def test_failing_notebook_is_left_as_it_was(tmp_path):
    path = tmp_path / "failing.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 / 0")]), path)
    before = path.read_bytes()
    with pytest.raises(Exception, match="ZeroDivisionError"):
        execute(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
