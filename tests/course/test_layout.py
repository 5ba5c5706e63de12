"""The house: each notebook has its rooms, no arrow runs up, and no fact is stated in two ways."""

import ast
import importlib
import re
import subprocess
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from budgets import budgets
from write_facts import NOTEBOOKS, ROOT, facts, read, readme

MODULES = sorted((ROOT / "course_utils").glob("*.py"))
WINGS = [*MODULES, *sorted((ROOT / "exercises").rglob("*.py"))]
SCRIPTS = sorted([*ROOT.glob("class/*.py"), *ROOT.glob("docs/*.py"), *ROOT.glob("tests/**/*.py")])
ROOMS_OF_THE_HOUSE = {
    "_validation",
    "_files",
    "_decoding",
}  # shared by all, though hidden from students


def name_of(path):
    """Name to import the file at `path` by."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(path):
    """Yield module and name for all that a file imports; the name is empty for a whole module."""
    for node in ast.walk(ast.parse(read(path))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module, alias.name) for alias in node.names)


def modules_of(path):
    """Names of all modules that a file imports, whole or in part."""
    return {name for module, part in imports(path) for name in (module, f"{module}.{part}")}


# Rooms ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_has_its_rooms(notebook):
    topic = notebook.stem[3:]
    assert (ROOT / "course_utils" / f"{topic}.py").exists()
    assert (ROOT / "exercises" / f"ex{notebook.stem}" / "quiz.py").exists()
    assert notebook.name in budgets(ROOT / "README.md"), "the table in README.md"


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_module_is_short_and_has_its_test(module):
    assert len(read(module).splitlines()) <= 430
    if module.stem not in ("__init__", "_files", "exercises"):
        assert (ROOT / "tests" / "helpers" / f"test_{module.stem.lstrip('_')}.py").exists()


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_heavy_libraries_stay_in_their_rooms(module):
    roots = {name.split(".")[0] for name in modules_of(module)}
    assert "matplotlib" not in roots or module.stem in ("display", "twins")
    networks = ("training", "denoising_autoencoder", "autoencoder_family", "diffusion")
    assert not roots & {"torch", "torchvision"} or module.stem in networks


@pytest.mark.parametrize(
    "line",
    [
        "from course_utils.exercises import check, hint, quiz, solution",
        "from course_utils.display import explore, show_figure",
        "from course_utils.mnist import draw_digits",
        "from course_utils.denoising_autoencoder import checkpoint_folder, kaiming, train",
    ],
)
def test_notebooks_of_the_first_year_find_their_names(line):
    _, module, _, *names = line.replace(",", "").split()
    assert all(callable(getattr(importlib.import_module(module), name)) for name in names)


# Arrows -----------------------------------------------------------------------------------------


def test_no_arrow_runs_up():
    arrows = {name_of(path): modules_of(path) for path in WINGS}
    TopologicalSorter(arrows).prepare()  # an import in a circle raises CycleError
    for name, targets in arrows.items():
        if name.startswith("course_utils.") and name != "course_utils.exercises":
            assert not any(re.match(r"exercises\b", target) for target in targets), name
        if name.startswith("exercises.checker"):
            assert not any(re.match(r"exercises\.ex\d", target) for target in targets), name
    for asks in ("exercises", "exercises.grading.judging"):
        assert "exercises.checker.judge" in arrows[asks]


@pytest.mark.parametrize("path", [*WINGS, *SCRIPTS], ids=name_of)
def test_nothing_imports_what_another_module_hides(path):
    """But a test may reach into its own module, and PyTorch keeps its sample inputs hidden."""
    for module, part in imports(path):
        hidden = {name for name in [*module.split("."), part] if re.match("_[^_]", name)}
        if hidden - ROOMS_OF_THE_HOUSE and not module.startswith("torch.testing."):
            assert path.stem == f"test_{module.split('.')[-1]}", f"{module}.{part}"


def test_to_uint8_has_one_home():
    homes = [name_of(path) for path in WINGS if re.search(r"\bdef _?to_uint8\b", read(path))]
    assert homes == ["course_utils.convolution"]


# Facts ------------------------------------------------------------------------------------------


def test_facts_are_up_to_date():
    stale = [path.name for path, text in facts() if read(path) != text]
    assert not stale, "make facts writes them again"


def test_questions_lead_to_the_website_once_it_has_an_address():
    text = read(ROOT / "README.md")
    linked = readme(text, "https://example.org/course/")
    for path in NOTEBOOKS:
        assert f"?](https://example.org/course/notebooks/{path.stem}.html) |" in linked
    assert readme(linked, "https://example.org/course") == linked
    assert readme(linked, "") == readme(text, "")


def tracked_files(*folders):
    """Files that belong to the project."""
    command = ["git", "ls-files", *folders]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [file for name in listed.stdout.splitlines() if (file := ROOT / name).is_file()]


def test_every_picture_is_described():
    described = read(ROOT / "images" / "README.md")
    for file in tracked_files("images"):
        assert f"`{file.name}`" in described or file.suffix in (".md", ".py"), file.name


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "images/README.md"])
def test_links_lead_to_files(page):
    """But those to ../../ lead to pages of GitHub about the repository."""
    for target in re.findall(r"\]\((?!https?:|\.\./\.\./)([^)#]+)\)", read(ROOT / page)):
        assert ((ROOT / page).parent / target).exists(), target


def test_no_path_or_host_of_a_machine():
    """But images of repo2docker have the same home everywhere."""
    path = r"(?<![\w.])/(home(?!/jovyan)|root|work|Users)/\w"
    for file in tracked_files():
        if file.suffix not in (".png", ".gif") and file.name != Path(__file__).name:
            assert not re.search(path, read(file)), file
    for lock in ("requirements.lock", "requirements-light.lock"):
        assert "://" not in read(ROOT / lock)
