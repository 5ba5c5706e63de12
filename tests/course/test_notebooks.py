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

import nbformat
import numpy as np
import pytest
from execute_notebooks import CONVENTIONS, NOTEBOOKS, execute
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


def picture_of(data):
    return Image.open(io.BytesIO(base64.b64decode(data["image/png"])))


def picture_faults(data):
    """List what is wrong with a stored PNG: it carries its text twin and its own digest."""
    picture = picture_of(data)
    if picture.text.get("Description") != data["text/plain"]:
        yield "the picture does not belong to the text beside it"
    if picture.text.get("Digest") != digest(np.asarray(picture.convert("RGB"))):
        yield "the picture was changed after it was drawn"


def alternative_texts(notebook):
    """Yield the place of each figure, and the text for who cannot see it."""
    for number, cell in enumerate(code_cells(notebook), 1):
        if any("image/png" in output.get("data", {}) for output in cell.outputs):
            yield f"cell {number}", cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
    for text in re.findall(r"!\[(.*?)\]\(", text_of(notebook), re.S):
        yield "a picture in the text", " ".join(text.split())


# Every notebook ---------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*PATHS, CONVENTIONS], ids=lambda path: path.stem)
def test_stored_outputs_are_complete(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert stale_outputs(notebook) == []


def test_notebooks_are_light():
    """GitHub often fails to draw larger ones, and who reads on a phone pays for them."""
    sizes = {path.name: path.stat().st_size for path in PATHS}
    assert max(sizes.values()) <= 2_000_000, sizes
    assert sum(sizes.values()) <= 10_000_000, sizes


@every_notebook
def test_figures_say_how_large_they_are_shown(path):
    """They may have twice as many pixels: lettering is sharp on a fine screen, and on a wall."""
    for cell in code_cells(nbformat.read(path, as_version=4)):
        for output in cell.outputs:
            if "image/png" in output.get("data", {}):
                width, height = picture_of(output.data).size
                sizes = [{"width": width // n, "height": height // n} for n in (1, 2)]
                assert output.metadata["image/png"] in sizes


@every_notebook
def test_figures_have_alternative_texts(path):
    texts = list(alternative_texts(nbformat.read(path, as_version=4)))
    for place, text in texts:
        assert 20 <= len(text) <= 400, place
        assert not re.match("(figure|image|picture|plot|output)( of)? ", text, re.I), place
    assert len(dict(map(reversed, texts))) == len(texts), "two have the same text"


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
    assert len(lines) <= 9
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
def test_one_word_for_one_thing(path):
    """The last column of docs/terms.md holds the words that are not said."""
    terms = (NOTEBOOKS.parent / "docs" / "terms.md").read_text(encoding="utf-8")
    words = ", ".join(re.findall(r"\| ([^|]*) \|$", terms, re.M)[2:]).split(", ")
    text = re.sub(r"`[^`]*`", "", text_of(nbformat.read(path, as_version=4)))
    assert [word for word in words if word and re.search(rf"\b{word}\b", text, re.I)] == []


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
def test_torch_is_loaded_late(path):
    cells = code_cells(nbformat.read(path, as_version=4))
    uses = [n for n, cell in enumerate(cells) if re.search(r"(import|from) torch", cell.source)]
    if path.stem[:2] in ("06", "07"):
        assert min(uses) > 0
    elif path.stem[:2] not in ("05", "08"):
        assert uses == []


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


def run_nbval(folder, notebooks):
    """Store the notebooks in `folder`, run nbval as CI does, return the names of those refused.

    That is in two processes, though the cells of a notebook share a kernel.
    """
    for name, notebook in notebooks.items():
        nbformat.write(notebook, folder / f"{name}.ipynb")
    for name in ("conftest.py", "budgets.py"):
        shutil.copy(NOTEBOOKS.parent / "tests" / name, folder)
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-q", "-rf"]
    command += ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
    options = ("-c", str(folder / "none.ini"), "--rootdir", str(folder), "-p", "no:cacheprovider")
    (folder / "none.ini").touch()
    result = subprocess.run([*command, *options, str(folder)], capture_output=True, text=True)
    assert result.returncode in (0, 1), result.stdout + result.stderr
    return set(re.findall(r"^FAILED (?:.*/)?(\w+)\.(?:ipynb|py)", result.stdout, re.M))


@pytest.fixture(scope="module")
def sliders(tmp_path_factory):
    """A notebook with sliders, stored."""
    path = tmp_path_factory.mktemp("sliders") / "sliders.ipynb"
    cells = [
        "import numpy as np\nfrom course_utils.display import explore, show_images",
        "def gray(level):\n    show_images(np.full((2, 3), level, np.uint8))",
        "explore(gray, level=(0, 200))",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbformat.write(notebook, path)
    execute(path)
    return nbformat.read(path, as_version=4)


@pytest.mark.slow
def test_nbval_refuses_what_changed_and_what_is_over_its_budget(sample, sliders, tmp_path):
    """The README states what a notebook may cost; one that it does not list is not judged."""
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

    slider = copy.deepcopy(sliders)
    slider.cells[1].source = slider.cells[1].source.replace("level, np", "level // 2, np")

    refused = {"one_pixel": one_pixel, "number": number, "no_output": no_output, "fails": fails}
    refused |= {"slider": slider, "too_slow": sample, "too_large": sample}
    row = "| [1](notebooks/{}.ipynb) | Why? | {} s and {} MB | |"
    budgets = [("within", 30, 500), ("too_slow", 0, 500), ("too_large", 30, 1)]
    (tmp_path / "README.md").write_text("\n".join(row.format(*budget) for budget in budgets))
    assert run_nbval(tmp_path, {"within": sample, "sliders": sliders, **refused}) == {*refused}


def brighten_png(cell):
    """Make one pixel of the stored PNG itself one level brighter, and keep its notes."""
    data = cell.outputs[0].data
    picture = picture_of(data)
    notes = PngImagePlugin.PngInfo()
    for key, text in picture.text.items():
        notes.add_itxt(key, text)
    pixels = np.array(picture.convert("RGB"))
    pixels[100, 100, 0] ^= 1
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "png", pnginfo=notes)
    data["image/png"] = base64.b64encode(buffer.getvalue()).decode()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda cell: cell.update(execution_count=None, outputs=[]), "cell 3 has the execution"),
        (lambda cell: cell.update(execution_count=7), "cell 3 has the execution count 7"),
        (lambda cell: cell.outputs[0].data.update({WIDGET: {}}), "cell 3 holds a widget"),
        (lambda cell: cell.outputs[0].data.update({"text/plain": "another"}), "does not belong"),
        (brighten_png, "was changed after it was drawn"),
    ],
)
def test_what_nbval_does_not_notice_is_refused(sample, change, fault):
    assert stale_outputs(sample) == []
    changed = copy.deepcopy(sample)
    change(code_cells(changed)[2])
    (found,) = stale_outputs(changed)
    assert fault in found


@pytest.mark.slow
def test_sliders_are_stored_without_a_widget(sliders):
    """What is stored is the picture of three settings."""
    (output,) = sliders.cells[2].outputs
    assert set(output.data) == {"image/png", "text/plain"}
    assert stale_outputs(sliders) == []
    assert "widgets" not in sliders.metadata


def test_failing_notebook_is_left_as_it_was(tmp_path):
    path = tmp_path / "failing.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 / 0")]), path)
    before = path.read_bytes()
    with pytest.raises(Exception, match="ZeroDivisionError"):
        execute(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
