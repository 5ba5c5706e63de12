"""A student's evening in a real JupyterLab; then all cells of all notebooks, and every slider."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest

from course_utils import lab
from course_utils._files import data_root

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
MINUTES = 60_000  # milliseconds
EVERY_CELL = {"windowingMode": "none"}  # in the page, whether it is in sight or not
ERRORS = """
Array.from(jupyterapp.shell.currentWidget.content.model.cells)
    .flatMap(cell => cell.type === "code" ? cell.outputs.toJSON() : [])
    .filter(output => output.output_type === "error")
    .map(output => output.ename)
"""
CHANGED = "([image, before]) => !image.isConnected || image.src !== before"
NAMED = "([handle, image]) => handle.ariaLabel && image.alt"
PYTHON = {"display_name": "Python 3", "language": "python", "name": "python3"}
FAULTY = """
import numpy as np
from course_utils.display import explore, show_images
def picture(level=6):
    if level == 7:
        raise ValueError("too bright")
    show_images(np.full((4, 4), level, np.uint8))
explore(picture, level=(0, 10))
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def api(address, path):
    with urllib.request.urlopen(f"{address}api/{path}") as answer:
        return json.load(answer)


def git(course, *arguments):
    identity = ("-c", "user.name=A student", "-c", "user.email=student@example.org")
    command = ["git", *identity, *arguments]
    return subprocess.run(command, cwd=course, capture_output=True, text=True, check=True).stdout


def clone(folder):
    """The course as it is now, in a repository of its own; return its folder."""
    course = folder / "course"
    for name in git(ROOT, "ls-files").splitlines():
        if (ROOT / name).is_file():
            (course / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, course / name)
    git(course, "init", "--quiet")
    git(course, "add", ".")
    git(course, "commit", "--quiet", "--message", "The course")
    return course


@contextlib.contextmanager
def started(course, home):
    """Run ``course lab`` in `course` for somebody whose settings are in `home`."""
    port = free_port()
    command = [sys.executable, "-m", "course_utils.lab", "lab", "--no-browser", f"--port={port}"]
    command += ["--IdentityProvider.token=", "--LabApp.expose_app_in_browser=True"]
    command += ["--ServerApp.port_retries=0", "--Application.log_level=ERROR"]
    own = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data"}
    own |= {"JUPYTERLAB_SETTINGS_DIR": "settings", "IPYTHONDIR": "ipython"}
    environment = os.environ | {name: str(home / value) for name, value in own.items()}
    # What other tests have trained, and the digits, are not fetched again.
    environment |= {"PYTHONPATH": str(course), "COURSE_DATA": str(data_root(None))}
    server = subprocess.Popen(command, env=environment, cwd=course)
    address = f"http://127.0.0.1:{port}/"
    try:
        for _ in range(600):
            with contextlib.suppress(OSError):
                api(address, "status")
                break
            assert server.poll() is None, "JupyterLab did not start"
            time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait()


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Address of a JupyterLab on a clone, with a notebook that fails."""
    folder = tmp_path_factory.mktemp("lab")
    course = clone(folder)
    cells = [nbformat.v4.new_code_cell(source) for source in (FAULTY, "1 / 0")]
    faulty = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": PYTHON})
    (course / "my_notebooks").mkdir()
    nbformat.write(faulty, course / "my_notebooks" / "faulty.ipynb")
    settings = folder / "settings" / "@jupyterlab" / "notebook-extension"
    settings.mkdir(parents=True)
    (settings / "tracker.jupyterlab-settings").write_text(json.dumps(EVERY_CELL))
    with started(course, folder) as running:
        yield running


@contextlib.contextmanager
def opened(page, address, name, *, reset=True):
    """Open a notebook and wait for its kernel; end the kernel afterwards."""
    page.goto(f"{address}lab/tree/{lab.FOLDER}/{name}{'?reset' if reset else ''}")
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=MINUTES)
    page.wait_for_function(
        "jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'",
        timeout=2 * MINUTES,
    )
    try:
        yield
    finally:
        page.evaluate("jupyterapp.shell.currentWidget.sessionContext.shutdown()")


def run_all(page):
    """Run all cells; return the errors that the outputs show."""
    page.set_default_timeout(15 * MINUTES)
    page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
    return page.evaluate(ERRORS)


def move_sliders(page):
    """Press an arrow key on every slider, and see its picture change; return how many there are.

    Each has a name for who cannot see it, and its picture has the size that it was drawn for.
    """
    sliders = page.locator(".jupyter-widgets .noUi-handle").all()
    for slider in sliders:
        box = slider.locator("xpath=ancestor::*[contains(@class, 'widget-vbox')][1]")
        picture = box.locator("img.widget-image").element_handle()
        before = picture.get_attribute("src")
        page.wait_for_function(NAMED, arg=[slider.element_handle(), picture], timeout=MINUTES)
        assert picture.evaluate("image => image.width / image.naturalWidth") <= 1
        value = slider.get_attribute("aria-valuenow")
        slider.press("ArrowRight")
        if slider.get_attribute("aria-valuenow") == value:  # it stood at its right end
            slider.press("ArrowLeft")
        page.wait_for_function(CHANGED, arg=[picture, before], timeout=MINUTES)
    return len(sliders)


# The evening ------------------------------------------------------------------------------------

CELLS = "Array.from(jupyterapp.shell.currentWidget.content.model.cells)"
IS_CHANGED = "jupyterapp.shell.currentWidget.context.model.dirty"
SHOW = """async text => {
    const notebook = jupyterapp.shell.currentWidget.content;
    const sources = Array.from(notebook.model.cells).map(cell => cell.sharedModel.source);
    notebook.activeCellIndex = sources.findIndex(source => source.includes(text));
    await notebook.scrollToItem(notebook.activeCellIndex);
}"""
IN_SIGHT = """text => Array.from(document.querySelectorAll("h2")).some(heading => {
    const { top, bottom } = heading.getBoundingClientRect();
    return heading.checkVisibility() && heading.textContent.startsWith(text)
        && top > 0 && bottom < window.innerHeight;
})"""
EXERCISE = 'check("channel_histograms"'
ANSWER = """def my_channel_histograms(image):
    return np.stack([np.bincount(image[..., k].ravel(), minlength=256) for k in range(3)])

check("channel_histograms", my_channel_histograms)"""


def write(page, text, source):
    """Replace the source of the first cell that holds `text`."""
    page.evaluate(SHOW, text)
    change = "source => jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel"
    page.evaluate(f"{change}.setSource(source)", source)


def run(page, text):
    """Run the first cell that holds `text` as a reader does; return its output."""
    page.evaluate(SHOW, text)
    cell = page.locator(".jp-Notebook .jp-mod-active.jp-CodeCell")
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    page.wait_for_function(
        "() => jupyterapp.shell.currentWidget.content.activeCell.model.executionState === 'idle'",
        timeout=MINUTES,
    )
    return cell.locator(".jp-OutputArea").inner_text()


def test_a_students_evening(page, tmp_path):
    """From a fresh clone to the first solved exercise; the course is updated in the middle."""
    course = clone(tmp_path)
    mine = course / "my_notebooks" / "01_histograms.ipynb"
    with (
        started(course, tmp_path / "home") as address,
        opened(page, address, mine.name, reset=False),
    ):
        # Nothing that is stored is missing, and nothing counts as changed.
        assert page.evaluate(f"{CELLS}.every(cell => cell.type !== 'code' || cell.trusted)")
        page.evaluate(SHOW, '"before")')
        page.locator(".jp-Notebook .Answer label").first.click()
        assert page.locator(".jp-Notebook .Feedback").first.inner_text()
        assert not page.evaluate(IS_CHANGED)
        names = page.locator(".jp-DirListing-itemText")
        assert names.count() == len(NOTEBOOKS) + 1
        assert names.evaluate_all("all => all.every(one => one.scrollWidth <= one.clientWidth)")
        # An exercise before the first cell, and after it.
        assert lab.FIRST_CELL in run(page, EXERCISE)
        run(page, "import numpy as np")
        write(page, EXERCISE, ANSWER)
        assert "correct" in run(page, EXERCISE)
        page.evaluate("jupyterapp.commands.execute('docmanager:save')")
        # A link leads to its section of another notebook.
        page.evaluate(SHOW, f"({lab.CONVENTIONS}#cell-id=")
        link = page.locator(f".jp-Notebook a[href*='{lab.CONVENTIONS}']").first
        cell = link.get_attribute("href").split("cell-id=")[1]
        link.click()
        cells = {
            cell.id: cell.source for cell in nbformat.read(mine.with_name(lab.CONVENTIONS), 4).cells
        }
        page.wait_for_function(IN_SIGHT, arg=cells[cell].split("\n")[0][3:], timeout=MINUTES)
        assert not page.evaluate(IS_CHANGED)
        assert page.elsewhere == []
    assert git(course, "status", "--porcelain") == ""

    answered = mine.read_bytes()
    for path in (course / "notebooks").glob("0[12]_*.ipynb"):
        path.write_text(path.read_text().replace("After this notebook you can", "You will"))
    git(course, "commit", "--quiet", "--all", "--message", "An update")
    with (
        started(course, tmp_path / "home") as address,
        opened(page, address, mine.name, reset=False),
    ):
        sources = page.evaluate(f"{CELLS}.map(cell => cell.sharedModel.source)")
        assert ANSWER in sources
    assert mine.read_bytes() == answered
    for name in ("01_histograms_new.ipynb", "02_equalization.ipynb"):
        assert "You will" in (mine.parent / name).read_text()
    assert git(course, "status", "--porcelain") == ""


# Every notebook ---------------------------------------------------------------------------------


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs_and_every_slider_moves_its_picture(page, address, path):
    source, complaints = path.read_text(encoding="utf-8"), []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    with opened(page, address, path.name):
        assert run_all(page) == []
        assert bool(move_sliders(page)) == ("explore(" in source)
        assert page.locator("[role=alert]").count() == 0
        assert page.elsewhere == complaints == []


def test_faults_are_noticed(page, address):
    """A cell that raises, and a slider whose function raises."""
    with opened(page, address, "faulty.ipynb"):
        (error,) = run_all(page)
        assert error == "ZeroDivisionError"
        move_sliders(page)
        page.wait_for_selector("[role=alert]")
        assert "too bright" in page.locator("[role=alert]").inner_text()
