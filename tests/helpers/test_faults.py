"""What goes wrong around the course: nothing is lost, and a clear sentence.

Elsewhere: a training killed, stopped, damaged or of other code is in test_denoising_autoencoder.py,
a download broken off in test_mnist.py, a picture that does not fit on the disk in test_images.py.
"""

import ast
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
import torch
from execute_notebooks import NOTEBOOKS, client_for
from jupyter_client import KernelManager

from course_utils import mnist
from course_utils.denoising_autoencoder import denoising_batches
from course_utils.training import train

ROOT = NOTEBOOKS.parent
PATHS = sorted(NOTEBOOKS.glob("[0-9]*.ipynb"))
DIGITS = np.random.default_rng(0).integers(0, 256, (20, 28, 28), np.uint8)


def python(code, folder, *arguments, **variables):
    """Start Python in a folder, with this course on its path and other environment variables."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
    command = [sys.executable, "-c", code, *map(str, arguments)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, cwd=folder, env=environment, text=True, **pipes)


def finish(process):
    """Wait for a process that must succeed; return what it wrote to both streams."""
    output, errors = process.communicate(timeout=900)
    assert process.returncode == 0, errors
    return output, errors


def train_small(folder, make_batch=None, *, steps=12):
    """Train a small network with a checkpoint in the folder; return weights and history."""
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(784, 784), torch.nn.Sigmoid())
    model.append(torch.nn.Unflatten(1, (28, 28)))
    make_batch = make_batch or denoising_batches(DIGITS, 4)
    history = train(model, make_batch, steps=steps, every=2, checkpoint=folder / "small")
    return torch.cat([tensor.flatten() for tensor in model.state_dict().values()]), history


# A full disk ------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such limit")
def test_disk_gets_full_in_the_midst_of_a_training(tmp_path, capsys):
    """The system cuts each file at 100 kB, a fraction of a checkpoint."""
    resource = pytest.importorskip("resource")
    whole, _ = train_small(tmp_path / "elsewhere")
    draw, drawn = denoising_batches(DIGITS, 4), []

    def stop_at_8(rng):
        drawn.append(1)
        if len(drawn) == 8 + 1:  # the first batch goes into the fingerprint
            signal.raise_signal(signal.SIGINT)
        return draw(rng)

    train_small(tmp_path, stop_at_8)
    (checkpoint,) = tmp_path.glob("*.pt")
    before = checkpoint.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        weights, history = train_small(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert history.finished
    assert torch.equal(weights, whole)
    complaint = "no checkpoint can be kept ([Errno 27] File too large"
    assert capsys.readouterr().err.count(complaint) == 1
    assert checkpoint.read_bytes() == before
    assert sorted(tmp_path.iterdir()) == sorted([checkpoint, tmp_path / "elsewhere"])


# A clock that jumps -----------------------------------------------------------------------------


def test_nothing_reads_the_clock_on_the_wall():
    for path in [*(ROOT / "course_utils").rglob("*.py"), *(ROOT / "exercises").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute):
                assert ast.unparse(node) not in ("time.time", "datetime.now"), path.name


# Places -----------------------------------------------------------------------------------------

SESSION = """
from course_utils.display import show_images
from exercises import check, hint, quiz
from course_utils.images import load_image, picture_names, save_image

coins = load_image("coins")
show_images([coins, load_image("web_dark_on_light")], ["coins", "web"])

def my_histogram(image):
    return [int((image == level).sum()) for level in range(256)]

check("histogram", my_histogram)
hint("histogram")
quiz("01_histograms", "before")
save_image(coins, "mine.png")
assert (load_image("mine.png") == coins).all()
"""


def test_home_that_cannot_be_written_to(tmp_path):
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    home = str(tmp_path / "file" / "home")  # below a file there is no folder, for root either
    variables = {"HOME": home, "USERPROFILE": home, "IPYTHONDIR": home, "XDG_CONFIG_HOME": home}
    variables |= {"XDG_CACHE_HOME": home, "MPLCONFIGDIR": home, "JUPYTER_CONFIG_DIR": home}
    output, _ = finish(python(SESSION, tmp_path / "folder", **variables))
    assert "[coins]" in output
    assert "histogram: " in output
    assert "Hint 1 of 3" in output
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["mine.png"]


@pytest.mark.slow
def test_course_at_a_path_with_spaces_and_foreign_letters(tmp_path):
    course = tmp_path / "Übung 1 – 图像 & é"
    for folder in ("course_utils", "exercises", "images"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / folder, course / folder, ignore=ignored)
    (course / "notebooks").mkdir()
    code = "from course_utils.mnist import data_root\nprint(data_root(None))\n"
    variables = {"PYTHONPATH": str(course), "PYTHONIOENCODING": "utf-8", "COURSE_DATA": ""}
    output, errors = finish(python(code + SESSION, course, **variables))
    assert output.splitlines()[0] == str(course / "data")
    assert "[web]" in output
    assert errors == ""


# Without a network ------------------------------------------------------------------------------

NO_NETWORK = """
import os, sys

def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo"):
        address = arguments[event == "socket.connect"]
        host = str(address[0] if isinstance(address, tuple) else address or "")
        is_here = host.startswith(("127.", "/", "\\0")) or host in ("", "localhost", "::1")
        if not is_here:  # a path is a Unix socket
            with open(os.environ["ATTEMPTS"], "a") as file:
                print(host, file=file)
            raise OSError(101, f"there is no network, and so no {host}")

sys.addaudithook(refuse)
"""


@pytest.fixture
def no_network(tmp_path):
    """Environment of a Python that reaches this machine only, and notes what it wanted."""
    (tmp_path / "sitecustomize.py").write_text(NO_NETWORK, encoding="utf-8")
    paths = os.pathsep.join([str(tmp_path), str(ROOT)])
    return {"PYTHONPATH": paths, "ATTEMPTS": str(tmp_path / "attempts")}


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.org", 443)])
def test_network_is_forbidden(no_network, tmp_path, address):
    code = f"import socket; socket.create_connection({address}, timeout=1)"
    process = python(code, tmp_path, **no_network)
    assert "there is no network" in process.communicate()[1]
    assert address[0] in Path(no_network["ATTEMPTS"]).read_text()


@pytest.mark.slow
@pytest.mark.parametrize("path", PATHS)
def test_a_notebook_needs_no_network(path, no_network):
    """Nor does it ask for anything but MNIST, where that is missing."""
    notebook = nbformat.read(path, as_version=4)
    client_for(notebook, path).execute(env={**os.environ, **no_network})
    reads_mnist = any("load_mnist(" in cell.source for cell in notebook.cells)
    has_mnist = all((mnist.data_root(None) / "MNIST" / "raw" / f).exists() for f in mnist.FILES)
    assert not Path(no_network["ATTEMPTS"]).exists() or (reads_mnist and not has_mnist)


# A kernel started again -------------------------------------------------------------------------


def run_cell(client, code):
    """Run a cell; return the name of its error, or None."""
    reply = client.execute_interactive(code, timeout=300, output_hook=lambda message: None)
    return reply["content"].get("ename")


@pytest.mark.slow
def test_kernel_started_again_in_the_midst_of_a_notebook():
    """A cell that needs what is gone says so; after the setup cell an exercise works again."""
    path = PATHS[0]
    codes = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    setup, *others = [cell.source for cell in codes]
    exercise = next(source for source in others if "\ncheck(" in source)
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(path.parent), env={**os.environ, "PYTHONPATH": str(ROOT)})
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=300)
        for source in [setup, *others[: len(others) // 2]]:
            assert run_cell(client, source) is None
        manager.restart_kernel(now=True)
        client.wait_for_ready(timeout=300)
        assert run_cell(client, exercise) == "NameError"
        assert run_cell(client, setup) is None
        assert run_cell(client, exercise) is None
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
