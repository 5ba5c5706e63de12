"""Run notebooks from a fresh kernel and store them with their outputs: ``make notebooks``."""

import base64
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from tqdm import tqdm

from course_utils._files import write_atomically
from course_utils.explorers import WIDGET

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
CONVENTIONS = NOTEBOOKS.parent / "docs" / "conventions.ipynb"


def client_for(notebook, path):
    """Client that runs `notebook` in the folder of `path`, without the kernel's chatter."""
    return NotebookClient(
        notebook,
        timeout=900,
        resources={"metadata": {"path": str(path.parent)}},
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=["--log-level=ERROR"],
    )


def squeeze(data):
    """Store the PNG of an output in fewer bytes; its pixels and notes stay what they are."""
    if "image/png" in data:
        import oxipng  # here, since others take only names from this file

        smaller = oxipng.optimize_from_memory(base64.b64decode(data["image/png"]), level=6)
        data["image/png"] = base64.b64encode(smaller).decode()


def execute(path):
    """Run the notebook at `path` and store it there; a failing cell leaves the file as it was."""
    notebook = nbformat.read(path, as_version=4)
    for number, cell in enumerate(notebook.cells, 1):
        cell.id = f"cell-{number:03}"  # stable, so that a change shows only what changed
    client_for(notebook, path).execute()
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET, None)  # it lives in the kernel that has just ended
            squeeze(output.get("data", {}))
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    write_atomically(path, nbformat.writes(notebook).encode())


def main():
    paths = [Path(name) for name in sys.argv[1:]] or [
        *sorted(NOTEBOOKS.glob("[0-9]*.ipynb")),
        CONVENTIONS,
    ]
    progress = tqdm(paths, unit="notebook")
    for path in progress:
        progress.set_description(path.stem)
        progress.refresh()
        execute(path)
        progress.write(f"{path.stem}: stored")


if __name__ == "__main__":
    main()
