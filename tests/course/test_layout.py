"""The house: every notebook has its module and its test, and the files that must agree do."""

import ast
import os
import re
import subprocess
import tomllib
from pathlib import Path

import nbformat
import pytest
import yaml
from budgets import budgets

ROOT = Path(__file__).resolve().parents[2]
TOPICS = [path.stem.split("_", 1)[1] for path in (ROOT / "notebooks").glob("[0-9]*.ipynb")]
MODULES = {path.stem: path for path in (ROOT / "course_utils").glob("*.py")}

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"[\w/-]+@[0-9a-f]{40}")

MAY_IMPORT = {  # besides _validation and _files, which every module may use
    "equalization": {"histograms"},
    "filtering": {"convolution"},
    "denoising_autoencoder": {"mnist", "metrics", "noise"},
    "autoencoder_family": {"mnist", "metrics", "noise", "denoising_autoencoder"},
}


def imports(path):
    """Names of all modules that the file at `path` imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module


def locked_versions():
    """Version of each package in the lock file, for the newest Python."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    found = re.findall(r"^([a-z0-9_.-]+)==([^ ;\\]+)([^\\\n]*)", lock, re.M)
    return {name: version for name, version, when in found if "< '3.12'" not in when}


def tracked_files():
    """Text files that belong to the project."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    files = [ROOT / name for name in listed.stdout.splitlines()]
    return [f for f in files if f.is_file() and f.suffix not in (".png", ".ipynb")]


@pytest.mark.parametrize("topic", TOPICS)
def test_notebook_module_and_test_go_together(topic):
    assert topic in MODULES
    assert (ROOT / "tests" / f"test_{topic}.py").exists()


@pytest.mark.parametrize("module", sorted(set(MODULES) - {"__init__", "_files"}))
def test_every_module_has_a_test(module):
    assert (ROOT / "tests" / f"test_{module.lstrip('_')}.py").exists()


@pytest.mark.parametrize("module", sorted(MODULES))
def test_modules_import_only_what_lies_below_them(module):
    names = {name for name in imports(MODULES[module]) if name.startswith("course_utils.")}
    allowed = MAY_IMPORT.get(module, set()) | {"_validation", "_files"}
    assert names <= {f"course_utils.{name}" for name in allowed}


@pytest.mark.parametrize("module", sorted(MODULES))
def test_heavy_libraries_stay_in_their_rooms(module):
    roots = {name.split(".")[0] for name in imports(MODULES[module])}
    assert "matplotlib" not in roots or module == "display"
    rooms = ("mnist", "denoising_autoencoder", "autoencoder_family")
    assert not roots & {"torch", "torchvision"} or module in rooms


def test_lock_names_no_host_and_every_hash():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert "index-url" not in lock
    for entry in re.split(r"^(?=[a-z0-9])", lock, flags=re.M)[1:]:
        assert "--hash=sha256:" in entry, entry.splitlines()[0]


def test_lock_satisfies_pyproject():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    names = {re.match(r"[\w.-]+", line)[0].replace("_", "-") for line in wanted}
    assert names <= set(locked_versions())


def test_environment_has_the_locked_versions():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    *pinned, own = environment["dependencies"][-1]["pip"]
    assert own == "--editable ."
    locked = locked_versions()
    assert {name: locked[name] for name in dict(pin.split("==") for pin in pinned)} == dict(
        pin.split("==") for pin in pinned
    )
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {re.match(r"[\w.-]+", line)[0] for line in project["dependencies"]}
    assert needed <= {pin.split("==")[0] for pin in pinned}


def test_make_help_lists_every_target():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.search(r"^\.PHONY: (.*)$", makefile, re.M)[1].split()
    command = ["make", "--no-print-directory", "help"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout
    assert [line.split()[0] for line in listed.splitlines()] == targets


def test_ci_calls_the_same_targets():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    ours, theirs = (
        re.findall(r"^make (.*)$", script, re.M),
        re.findall(r"run: make (.*)$", workflow, re.M),
    )
    assert set(" ".join(ours).split()) == set(" ".join(theirs).split())


def workflow_faults(workflow):
    """List the actions that are not pinned, and the rights that are more than needed.

    Only a job that does nothing but deploy the website may write, and nothing but that.
    """
    faults = [] if workflow["permissions"] == {"contents": "read"} else ["workflow may write"]
    for name, job in workflow["jobs"].items():
        uses = [step.get("uses", "") for step in job["steps"]]
        faults += [f"{use} is not pinned" for use in uses if use and not PINNED.fullmatch(use)]
        rights = job.get("permissions", {"contents": "read"})
        deploys = len(uses) == 1 and uses[0].startswith("actions/deploy-pages@")
        allowed = {"pages": "write", "id-token": "write"} if deploys else {"contents": "read"}
        if rights != allowed:
            faults.append(f"{name} has the rights {rights}")
    return faults


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_workflows_are_pinned_and_have_few_rights(path):
    assert not workflow_faults(yaml.safe_load(path.read_text(encoding="utf-8")))


def test_workflow_faults_are_found():
    pinned, deploy = "actions/checkout@" + "0" * 40, "actions/deploy-pages@" + "0" * 40
    write, read = {"pages": "write", "id-token": "write"}, {"contents": "read"}
    for top, rights, *uses in [
        (write, None, pinned),
        (read, None, "actions/checkout@v5"),
        (read, write, pinned),
        (read, write, pinned, deploy),
        (read, {**write, "contents": "write"}, deploy),
    ]:
        job = {"steps": [{"uses": use} for use in uses]}
        if rights:
            job["permissions"] = rights
        assert workflow_faults({"permissions": top, "jobs": {"job": job}})


def test_readme_lists_every_notebook():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for path in (ROOT / "notebooks").glob("[0-9]*.ipynb"):
        assert f"(notebooks/{path.name})" in readme
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", readme):
        assert (ROOT / target).exists(), target


def test_readme_states_what_each_notebook_costs():
    stated = budgets(ROOT / "README.md")
    for path in (ROOT / "notebooks").glob("[0-9]*.ipynb"):
        opening = nbformat.read(path, as_version=4).cells[0].source
        seconds = re.search(r"Running time: about (\d+) seconds", opening)[1]
        assert stated[path.name].seconds == int(seconds), path.name


def test_images_readme_lists_every_file():
    readme = (ROOT / "images" / "README.md").read_text(encoding="utf-8")
    for path in tracked_files_in("images"):
        assert f"`{path.name}`" in readme or path.name == "README.md", path.name


def test_images_readme_knows_who_shows_what():
    readme = (ROOT / "images" / "README.md").read_text(encoding="utf-8")
    sources = {}
    for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        sources[path.stem[:2]] = "".join(cell.source for cell in cells)
    for name, ending, listed in re.findall(r"^\| `(\w+)(\.\w+)` \|.*\| ([^|]*) \|$", readme, re.M):
        shown = [f'"{name}"', f"images/{name}{ending}"]
        users = [number for number, text in sources.items() if any(s in text for s in shown)]
        assert listed == (", ".join(users) or "your own"), name


def tracked_files_in(folder):
    listed = subprocess.run(["git", "ls-files", folder], cwd=ROOT, capture_output=True, text=True)
    return [ROOT / name for name in listed.stdout.splitlines()]


def test_no_path_of_a_machine():
    for path in tracked_files():
        if path.name != Path(__file__).name:
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"(?<![\w.])/(home|root|work|Users)/\w", text), path
