"""Write the students' version of the course: no outputs, and no answers of an exam."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat

from course_utils._files import repository
from exercises.checker.catalogue import NO_EXERCISES, all_names, names_of

COPIED = ("course_utils", "exercises", "images", "notebooks")
FILES = ("README.md", "LICENSE", "CITATION.cff", "pyproject.toml", "requirements.lock")
FILES += ("environment.yml", "Makefile", "docs/conventions.ipynb")
FOR_TEACHERS = ("exercises/grading", "exercises/__main__.py")
SKIPPED = shutil.ignore_patterns("__pycache__", ".*", "*.pyc")
EXAM = '''"""An exercise of the exam: it is judged when you have handed in your notebook."""

EXERCISE = None
'''


def release(target, exam=()):
    """Write the students' version.

    Parameters
    ----------
    target : path
        A folder that does not exist.
    exam : list of str
        Exercises of which nothing is released but their text: no solution, no hint, no reference.

    Returns
    -------
    list of str
        Exercises of the exam whose answer is a helper of the course, which students have.

    Raises
    ------
    FileExistsError, FileNotFoundError, OSError
        If the folder exists, or cannot be written.
    ValueError
        If a name is no exercise's, or another exercise needs its answer.
    """
    root, target = repository(), Path(target)
    if target.exists():
        raise FileExistsError(f"{target} exists already; remove it, or name another")
    _check_names(exam)
    with tempfile.TemporaryDirectory(dir=target.absolute().parent, prefix=".release-") as folder:
        draft = Path(folder, "course")
        for name in COPIED:
            shutil.copytree(root / name, draft / name, ignore=SKIPPED)
        for name in filter(lambda name: (root / name).exists(), FILES):
            (draft / name).parent.mkdir(exist_ok=True)
            shutil.copy(root / name, draft / name)
        for name in FOR_TEACHERS:
            path = draft / name
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        for notebook in [*draft.glob("notebooks/*.ipynb"), *draft.glob("docs/*.ipynb")]:
            _clear(notebook)
        for name in exam:
            _remove_answer(draft / "exercises" / f"ex{all_names()[name]}", name)
        if exam:
            _try(draft, exam)
        os.rename(draft, target)
    helpers = "\n".join(path.read_text("utf-8") for path in root.glob("course_utils/*.py"))
    return [name for name in exam if re.search(rf"^def {name}\(", helpers, re.M)]


def _check_names(exam):
    for name in exam:
        if name not in all_names():
            raise ValueError(f"exam must name exercises, and {name!r} is none")


def _clear(path):
    """Remove outputs and execution counts."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    nbformat.write(notebook, path)


def _remove_answer(folder, name):
    """Remove an exercise's file, and what only it used of those around."""
    file = folder / f"{name}.py"
    needed = _imported(ast.parse(file.read_text("utf-8")), "shared")
    file.write_text(EXAM, "utf-8")
    others = [path for path in folder.glob("*.py") if path.stem != name]
    for path in others:
        tree = ast.parse(path.read_text("utf-8"))
        if not _imported(tree, name):
            continue
        if path.stem not in NO_EXERCISES:
            raise ValueError(f"{name} cannot be in the exam: {path.stem} uses its answer")
        _rewrite(path, lambda node: _as_none(node) if _is_from(node, name) else None)
    trees = [ast.parse(path.read_text("utf-8")) for path in others if path.stem != "shared"]
    alone = needed.difference(*(_imported(tree, "shared") for tree in trees))
    if alone:
        used = _used_in(folder / "shared.py", alone)
        _rewrite(folder / "shared.py", lambda node: [] if _name(node) in alone - used else None)


def _is_from(node, module):
    return isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[-1] == module


def _imported(tree, module):
    """Names that a file imports from a module of its folder."""
    nodes = [node for node in ast.walk(tree) if _is_from(node, module)]
    return {alias.name for node in nodes for alias in node.names}


def _as_none(node):
    """What stands in for an import: a quiz needs it for its proofs only, which tests run."""
    names = [alias.asname or alias.name for alias in node.names]
    return [f"{name} = None\n" for name in names]


def _name(node):
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    return getattr(node, "name", "")


def _used_in(path, names):
    """Which of the names other definitions of a file use."""
    body = ast.parse(path.read_text("utf-8")).body
    rest = [node for node in body if _name(node) not in names]
    return {n.id for node in rest for n in ast.walk(node) if isinstance(n, ast.Name)}


def _rewrite(path, change):
    """Put other lines in place of some statements; `change` returns these lines, or None."""
    text = path.read_text("utf-8")
    lines = text.splitlines(keepends=True)
    for node in reversed(ast.parse(text).body):
        if (new := change(node)) is not None:
            first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
            lines[first - 1 : node.end_lineno] = new
    path.write_text("".join(lines), "utf-8")


def _try(draft, exam):
    """Load what is left of the notebooks that the exam touches, as students will."""
    books = dict.fromkeys(all_names()[name] for name in exam)
    modules = [f"exercises.ex{book}.{name}" for book in books for name in [*names_of(book), "quiz"]]
    code = f"import importlib\nfor name in {modules!r}: importlib.import_module(name)"
    environment = {**os.environ, "PYTHONPATH": str(draft), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise ValueError(f"exam: another file needs an answer: {done.stderr.splitlines()[-1]}")
