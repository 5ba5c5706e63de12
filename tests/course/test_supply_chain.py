"""What the course trusts: packages by their hashes, data that is no code, pages that it wrote."""

import ast
import hashlib
import re
import subprocess
import sys
import zipfile

import nbformat
import pytest
from execute_notebooks import NOTEBOOKS

from exercises.checker.catalogue import find_questions
from exercises.checker.quizzes import Quiz

ROOT = NOTEBOOKS.parent
PATHS = sorted(NOTEBOOKS.glob("[0-9]*.ipynb"))
every_notebook = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)

# Packages ---------------------------------------------------------------------------------------


def test_make_installs_by_hash():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    installs = re.findall(r"pip .*\binstall\b.*", makefile)
    locked = [line for line in installs if "--require-hashes -r requirements.lock" in line]
    own = [
        line for line in installs if line.endswith("--no-deps --no-build-isolation --editable .")
    ]
    assert len(locked) == len(own) == 1
    assert installs == locked + own


@pytest.fixture
def wheel(tmp_path):
    """A package without anything in it, made by hand."""
    path = tmp_path / "tiny-1.0-py3-none-any.whl"
    info = "tiny-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("tiny.py", "")
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        tags = "Wheel-Version: 1.0\nGenerator: hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        archive.writestr(f"{info}/WHEEL", tags)
        archive.writestr(f"{info}/RECORD", f"tiny.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n")
    return path


def install(wheel, digest):
    """Install the wheel into a folder of its own as make does, and without a network."""
    lock = wheel.with_name("requirements.lock")
    lock.write_text(f"tiny==1.0 --hash=sha256:{digest}\n")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--no-index"]
    folders = ["--find-links", wheel.parent, "--target", wheel.parent / "installed"]
    command = [*pip, *folders, "--require-hashes", "-r", lock]
    return subprocess.run(list(map(str, command)), capture_output=True, text=True)


def test_a_wrong_hash_is_refused(wheel):
    if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True).returncode:
        pytest.skip("pip is not installed here")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    refused = install(wheel, "0" * 64)
    assert refused.returncode != 0
    assert "DO NOT MATCH THE HASHES" in refused.stderr
    assert not (wheel.parent / "installed").exists()
    assert install(wheel, digest).returncode == 0
    assert (wheel.parent / "installed" / "tiny.py").exists()


# Data that is no code ---------------------------------------------------------------------------

RUN_WHAT_THEY_LOAD = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "shelve"}
RUN_WHAT_THEY_LOAD |= {"marshal", "jsonpickle"}


def loads_code(source):
    """List the lines of Python that load files which may run code."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names]
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else names
            if {module.split(".")[0] for module in modules} & RUN_WHAT_THEY_LOAD:
                yield ast.unparse(node)
        elif isinstance(node, ast.Call):
            function = ast.unparse(node.func)
            options = {option.arg: ast.unparse(option.value) for option in node.keywords}
            is_torch = function.split(".")[-1] == "load" and "torch" in function
            if is_torch and options.get("weights_only") != "True":
                yield ast.unparse(node)
            if options.get("allow_pickle", "False") != "False" or function.endswith("read_pickle"):
                yield ast.unparse(node)


@pytest.mark.parametrize(
    "line",
    [
        "import pickle",
        "from joblib import load",
        "import torch; torch.load(path)",
        "torch.load(path, weights_only=False)",
        "np.load(path, allow_pickle=True)",
        "pandas.read_pickle(path)",
    ],
)
def test_what_loads_code_is_noticed(line):
    assert list(loads_code(line))
    assert not list(loads_code("torch.load(path, weights_only=True); np.load(path); json.load(f)"))


@pytest.mark.parametrize(
    "path", sorted((ROOT / "course_utils").rglob("*.py")), ids=lambda path: path.stem
)
def test_the_package_loads_no_code(path):
    assert list(loads_code(path.read_text(encoding="utf-8"))) == []


@every_notebook
def test_notebooks_load_no_code(path):
    cells = nbformat.read(path, as_version=4).cells
    for cell in cells:
        if cell.cell_type == "code":
            assert list(loads_code(cell.source)) == []


# Pages that the course wrote --------------------------------------------------------------------

PLAIN = {"text/plain", "image/png", "text/latex"}
ACTIVE = re.compile(
    r"<(script|iframe|object|embed|link|meta|form|base|svg)\b|\bon\w+\s*=|javascript:"
)
ELSEWHERE = re.compile(r"""(src|href)\s*=\s*["']?(https?:)?//""")


def is_quiz(cell):
    return re.match(r'quiz\("(\w+)", "(\w+)"\)', cell.source)


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
            elif found := is_quiz(cell):
                name, when = found.groups()
                questions = find_questions(name, when)
                if page != Quiz(name, when, questions)._repr_html_():
                    yield f"cell {number} shows a quiz that is not the course's"
            elif ACTIVE.search(page) or ELSEWHERE.search(page):
                yield f"cell {number} shows a page with active content"


@every_notebook
def test_notebooks_show_only_what_the_course_wrote(path):
    assert list(foreign(nbformat.read(path, as_version=4))) == []


FAULTS = {
    "script beside a card": ("text/html", "<div>right</div><script>alert(1)</script>"),
    "handler": ("text/html", '<img src="x" onerror="alert(1)">'),
    "address": ("text/html", '<img src="//example.org/x.png">'),
    "link": ("text/html", '<a href="javascript:alert(1)">'),
    "program": ("application/javascript", "alert(1)"),
    "drawing": ("image/svg+xml", "<svg/>"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_foreign_content_is_noticed(fault):
    kind, content = FAULTS[fault]
    notebook = nbformat.read(PATHS[0], as_version=4)
    cell = next(cell for cell in notebook.cells if cell.cell_type == "code" and cell.outputs)
    cell.outputs = [nbformat.v4.new_output("display_data", {"text/plain": "", kind: content})]
    assert len(list(foreign(notebook))) == 1


def test_changed_quiz_and_active_text_are_noticed():
    notebook = nbformat.read(PATHS[0], as_version=4)
    quiz = next(cell for cell in notebook.cells if is_quiz(cell))
    quiz.outputs[0].data["text/html"] += "<script>alert(1)</script>"
    text = next(cell for cell in notebook.cells if cell.cell_type == "markdown")
    text.source += "<script>alert(1)</script>"
    assert len(list(foreign(notebook))) == 2
