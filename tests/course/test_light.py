"""The light set-up: without PyTorch, notebooks 01 to 04 run whole; the others say what to run."""

import os

import nbformat
import pytest
from execute_notebooks import client_for
from nbclient.exceptions import CellExecutionError
from write_facts import NOTEBOOKS, ROOT, locked_versions

from course_utils.lab import NO_TORCH

NO_SUCH_MODULE = 'raise ModuleNotFoundError(f"No module named {__name__!r}", name=__name__)'


@pytest.fixture
def without_torch(tmp_path, monkeypatch):
    """Let kernels find no PyTorch."""
    for name in ("torch", "torchvision"):
        (tmp_path / f"{name}.py").write_text(NO_SUCH_MODULE)
    folders = [str(tmp_path), str(ROOT), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(folders))


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_without_pytorch(path, without_torch):
    notebook = nbformat.read(path, as_version=4)
    client = client_for(notebook, path)
    client.extra_arguments = [*client.extra_arguments, "--ext", "course_utils.lab"]
    if path.stem[:2] <= "04":
        client.execute()
        return
    with pytest.raises(CellExecutionError):
        client.execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    (error,) = [output for output in outputs if output.output_type == "error"]
    assert error.traceback == [NO_TORCH]


def test_light_lock_is_a_part_of_the_other():
    everything, light = locked_versions(), locked_versions("requirements-light.lock")
    assert light.items() <= everything.items()
    assert not {"torch", "torchvision", "triton"} & light.keys()
    assert {"jupyterlab", "hatchling", "opencv-python-headless"} <= light.keys()
