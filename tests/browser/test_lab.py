"""Every notebook in a real JupyterLab: all cells run, every slider moves its picture."""

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

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
MINUTES = 60_000  # milliseconds
SETTINGS = {  # every cell in the page, whether it is in sight or not
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
}
ERRORS = """
Array.from(jupyterapp.shell.currentWidget.content.model.cells)
    .flatMap(cell => cell.type === "code" ? cell.outputs.toJSON() : [])
    .filter(output => output.output_type === "error")
    .map(output => output.ename)
"""
CHANGED = "([image, before]) => !image.isConnected || image.src !== before"
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


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Address of a JupyterLab on copies of the notebooks."""
    folder = tmp_path_factory.mktemp("course")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    (folder / "images").symlink_to(ROOT / "images")
    cells = [nbformat.v4.new_code_cell(source) for source in (FAULTY, "1 / 0")]
    faulty = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": PYTHON})
    nbformat.write(faulty, folder / "notebooks" / "faulty.ipynb")
    (folder / "settings").mkdir()
    (folder / "settings" / "overrides.json").write_text(json.dumps(SETTINGS))
    port = free_port()
    command = [sys.executable, "-m", "jupyterlab", f"--port={port}", "--no-browser"]
    command += ["--IdentityProvider.token=", f"--ServerApp.root_dir={folder}", "--allow-root"]
    command += [
        "--LabApp.expose_app_in_browser=True",
        f"--LabApp.app_settings_dir={folder}/settings",
    ]
    command += ["--ServerApp.port_retries=0", "--Application.log_level=ERROR"]
    own = {"JUPYTER_CONFIG_DIR": "config", "JUPYTERLAB_WORKSPACES_DIR": "workspaces"}
    own |= {"JUPYTERLAB_SETTINGS_DIR": "user", "JUPYTER_DATA_DIR": "jupyter"}
    environment = os.environ | {name: str(folder / value) for name, value in own.items()}
    server = subprocess.Popen(command, env=environment, cwd=folder)
    address = f"http://127.0.0.1:{port}/"
    try:
        for _ in range(300):
            with contextlib.suppress(OSError):
                api(address, "status")
                break
            assert server.poll() is None, "JupyterLab did not start"
            time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait()


@contextlib.contextmanager
def opened(page, lab, name):
    """Open a notebook and wait for its kernel; end the kernel afterwards."""
    page.goto(f"{lab}lab/tree/notebooks/{name}?reset")
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
    """Press an arrow key on every slider, and see its picture change; return how many there are."""
    sliders = page.locator(".jupyter-widgets .noUi-handle").all()
    for slider in sliders:
        box = slider.locator("xpath=ancestor::*[contains(@class, 'widget-vbox')][1]")
        picture = box.locator("img.widget-image").element_handle()
        before = picture.get_attribute("src")
        value = slider.get_attribute("aria-valuenow")
        slider.press("ArrowRight")
        if slider.get_attribute("aria-valuenow") == value:  # it stood at its right end
            slider.press("ArrowLeft")
        page.wait_for_function(CHANGED, arg=[picture, before], timeout=MINUTES)
    return len(sliders)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs_and_every_slider_moves_its_picture(page, lab, path):
    source, complaints = path.read_text(encoding="utf-8"), []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    with opened(page, lab, path.name):
        assert run_all(page) == []
        assert bool(move_sliders(page)) == ("explore(" in source)
        assert page.locator("[role=alert]").count() == 0
        assert page.elsewhere == complaints == []


def test_faults_are_noticed(page, lab):
    """A cell that raises, and a slider whose function raises."""
    with opened(page, lab, "faulty.ipynb"):
        (error,) = run_all(page)
        assert error == "ZeroDivisionError"
        move_sliders(page)
        page.wait_for_selector("[role=alert]")
        assert "too bright" in page.locator("[role=alert]").inner_text()
