"""The course in JupyterLab, on copies of the notebooks that are yours: the command ``course``.

``course lab`` lays copies into my_notebooks/ and opens them; ``course fresh`` gives a clean one.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import sys
from itertools import chain, count
from pathlib import Path

from course_utils._files import repository, write_atomically

FOLDER = "my_notebooks"  # git ignores it; ../images and ../docs lead from here where they should
CONVENTIONS = "conventions.ipynb"  # notebooks link to it, so it is copied as well
LINK = rf"\]\(\.\./docs/{CONVENTIONS}(?:#([^)]*))?\)"
SETTINGS = {  # of JupyterLab; what readers set themselves goes before
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/filebrowser-extension:browser": {"showLastModifiedColumn": False},  # whole names
}
LAYOUT = {  # the side bar wide enough for the names of the notebooks
    "metadata": {"id": "default"},
    "data": {
        "layout-restorer:data": {
            "left": {"collapsed": False, "visible": True, "current": "filebrowser"},
            "relativeSizes": [0.23, 0.77, 0],
        }
    },
}
FIRST_CELL = (
    "The notebook's first cell of code, which imports what the others use, has not run yet. "
    "Click it and press Shift + Enter, and then run this cell again."
)
NO_TORCH = (
    "This needs PyTorch, which the light set-up leaves out. Close JupyterLab and run make lab; "
    "without make, run: python -m pip install --require-hashes -r requirements.lock"
)


# Copies -----------------------------------------------------------------------------------------


def _digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def _read(path):
    return path.read_text(encoding="utf-8")  # Windows may have written its own ends of lines


def _names(stem, word):
    """Yield ``stem_word.ipynb``, ``stem_word2.ipynb`` and so on."""
    yield f"{stem}_{word}.ipynb"
    yield from (f"{stem}_{word}{number}.ipynb" for number in count(2))


class Copies:
    """The reader's copies of the notebooks, and what is known of those that were laid.

    A copy that is as it was laid follows the course; one that was changed is the reader's alone.

    Parameters
    ----------
    course : path
        The repository.
    home : path, optional
        The copies lie in my_notebooks/ in it; by default in the repository.
    """

    def __init__(self, course, home=None):
        self.course, self.home = course, home or course
        self.folder = self.home / FOLDER
        self.notebooks = sorted((course / "notebooks").glob("[0-9]*.ipynb"))
        self.conventions = course / "docs" / CONVENTIONS
        self.own = self.folder / ".course"  # what the course keeps for itself
        self.own.mkdir(parents=True, exist_ok=True)
        self.path = self.own / "laid.json"
        self.laid = json.loads(_read(self.path)) if self.path.exists() else {}

    def source(self, number):
        """The course's notebook of that number."""
        for path in self.notebooks:
            if int(path.stem.split("_")[0]) == number:
                return path
        raise ValueError(f"there is no notebook {number}, but 1 to {len(self.notebooks)}")

    def last_changed(self):
        """The notebook whose copy the reader has changed last, or else the first."""
        changed = [path for path in self.notebooks if self.is_changed(path.name)]
        times = {path: (self.folder / path.name).stat().st_mtime for path in changed}
        return max(changed, key=times.get, default=self.notebooks[0])

    def is_changed(self, name):
        """Whether the copy called `name` is no longer as it was laid."""
        path = self.folder / name
        return path.exists() and _digest(_read(path)) != self.laid.get(name, {}).get("copy")

    def lay(self, source):
        """Lay a copy of the notebook at `source` where one is missing or has grown old.

        Returns
        -------
        str or None
            The name of a newer version that was laid beside a copy that the reader has changed.
        """
        original = _digest(_read(source) + sys.version)
        text = None
        for name in chain([source.name], _names(source.stem, "new")):
            path, record = self.folder / name, self.laid.get(name, {})
            if path.exists() and record.get("original") == original:
                return None
            if text is None:
                text, cells = self._prepare(source)
            if self.is_changed(name) and _read(path) != text:
                if record.get("cells") == cells:
                    return None  # no more than its outputs are newer
                continue
            write_atomically(path, text.encode())
            self.laid[name] = {"original": original, "copy": _digest(text), "cells": cells}
            write_atomically(self.path, json.dumps(self.laid, indent=1).encode())
            return None if name == source.name else name

    def _prepare(self, source):
        """Return the text of a copy that JupyterLab trusts, and the digest of its cells."""
        import nbformat  # here, since most of the time there is nothing to lay
        from ipykernel.ipkernel import IPythonKernel
        from nbformat.sign import NotebookNotary

        notebook = nbformat.read(source, as_version=4)
        # JupyterLab writes here what the kernel says, and calls that a change if it is new.
        notebook.metadata.language_info = IPythonKernel.language_info
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = re.sub(LINK, self._link_to_copy, cell.source)
        NotebookNotary(**self.signatures).sign(notebook)
        cells = "\n".join(f"{cell.cell_type}: {cell.source}" for cell in notebook.cells)
        return nbformat.writes(notebook).rstrip() + "\n", _digest(cells)

    def _link_to_copy(self, link):
        """Let a link to the conventions lead to their copy, and to the cell instead of its heading.

        JupyterLab cannot find a heading in a notebook that is not open yet.
        """
        for cell in json.loads(_read(self.conventions))["cells"]:
            if "".join(cell["source"]).split("\n")[0] == f"## {(link[1] or '').replace('-', ' ')}":
                return f"]({CONVENTIONS}#cell-id={cell['id']})"
        return f"]({CONVENTIONS})"

    @property
    def signatures(self):
        """Files that say which notebooks are trusted, so that their stored outputs show."""
        return {
            "db_file": str(self.own / "signatures.db"),
            "secret_file": str(self.own / "secret"),
        }

    def lay_all(self):
        """Lay copies of all notebooks, and print what the reader has to know."""
        for source in [*self.notebooks, self.conventions]:
            if name := self.lay(source):
                print(f"{source.name} is newer than yours, which stays. The new one is {name}.")

    def start_afresh(self, source):
        """Lay a clean copy of the notebook at `source`; one that was changed is kept as old."""
        for name in chain([source.name], _names(source.stem, "new")):
            path = self.folder / name
            if not path.exists():
                break
            if not self.is_changed(name):
                path.unlink()
                continue
            olds = (self.folder / old for old in _names(source.stem, "old"))
            old = next(old for old in olds if not old.exists())
            path.rename(old)
            print(f"{name} is kept as {old.name}.")
        self.lay(source)
        print(f"{FOLDER}/{source.name} is new.")


# On a class server --------------------------------------------------------------------------------


def move_in(home, model):
    """Make a student's folder on a class server; what is there already stays as it is.

    Parameters
    ----------
    home : path
        The folder.
    model : path
        A folder like it. Copies that have been laid there are copied, which is faster than to make
        them; pictures and data, which are large and never change, are only linked.
    """
    home.mkdir(parents=True, exist_ok=True)
    if (model / FOLDER).exists() and not (home / FOLDER).exists():
        draft = home / f".{FOLDER}"  # renamed when it is whole
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(model / FOLDER, draft)
        draft.rename(home / FOLDER)
    for path in chain(*map(model.glob, ("images", "data/MNIST", "data/checkpoints/*.pt"))):
        link = home / path.relative_to(model)
        if not os.path.lexists(link):
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(path)


# JupyterLab -------------------------------------------------------------------------------------


def _set_up(folder):
    """Write into `folder` what makes JupyterLab the course's, and let JupyterLab look there."""
    from ipykernel.kernelspec import get_kernel_dict
    from jupyterlab_server.workspaces_handler import WorkspacesManager

    aid = ["--IPKernelApp.extra_extensions=course_utils.lab"]
    kernel = get_kernel_dict(extra_arguments=aid) | {"display_name": "Python 3"}
    # A process in which another thread multiplies matrices on several threads of OpenBLAS can't be
    # copied, which `check` does: it would hang in fork.
    kernel["env"] = {"OPENBLAS_NUM_THREADS": "1"}
    for name, content in (
        ("labconfig/default_setting_overrides.json", SETTINGS),
        ("kernels/python3/kernel.json", kernel),
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_atomically(folder / name, json.dumps(content, indent=1).encode())
    for variable in ("JUPYTER_CONFIG_PATH", "JUPYTER_PATH"):
        others = os.environ.get(variable)
        os.environ[variable] = os.pathsep.join(filter(None, [str(folder), others]))
    workspaces = folder / "workspaces"  # what was open: not to be mixed with your other work
    os.environ["JUPYTERLAB_WORKSPACES_DIR"] = str(workspaces)
    if not workspaces.exists():
        WorkspacesManager(str(workspaces)).save("default", json.dumps(LAYOUT))


def _open_lab(copies, source, options=()):
    """Open JupyterLab on the reader's copy of the notebook at `source`, once all are up to date."""
    # jsonschema does without; it takes half a second, to know addresses that no notebook has.
    sys.modules.setdefault("rfc3987_syntax", None)
    copies.lay_all()
    _set_up(copies.own)
    if "JUPYTERHUB_SERVICE_URL" in os.environ:
        from jupyterhub.singleuser import main as jupyter_lab

        app = "ServerApp"
    else:
        from jupyterlab.labapp import main as jupyter_lab

        app = "LabApp"
    own = {
        "ServerApp.root_dir": copies.home,
        f"{app}.default_url": f"/lab/tree/{FOLDER}/{source.name}",
        **{f"NotebookNotary.{name}": path for name, path in copies.signatures.items()},
    }
    as_root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    jupyter_lab([*(f"--{name}={value}" for name, value in own.items()), *as_root, *options])


# First aid --------------------------------------------------------------------------------------


def _advise(shell, kind, error, trace, tb_offset=None):
    """Show an error as always, and say what to do if it is one of two that everybody meets."""
    if kind is NameError and "check" not in shell.user_ns:
        error.add_note(FIRST_CELL)
    if kind is ModuleNotFoundError and error.name in ("torch", "torchvision"):
        error._render_traceback_ = lambda: [NO_TORCH]
    shell.showtraceback((kind, error, trace), tb_offset=tb_offset)


def load_ipython_extension(shell):
    """Let a kernel give first aid; ``course lab`` starts its kernels with this."""
    shell.set_custom_exc((NameError, ModuleNotFoundError), _advise)


# The command ------------------------------------------------------------------------------------


def main():
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="course", description="The course, on your own copies.")
    commands = parser.add_subparsers(dest="command", required=True)
    lab = commands.add_parser("lab", help="open JupyterLab, whose options may follow")
    lab.add_argument("--notebook", type=int, help="its number; by default the one you changed last")
    lab.add_argument("--home", type=Path, help="on a class server: where the copies shall lie")
    lab.add_argument("--model", type=Path, help="on a class server: a folder like it")
    fresh = commands.add_parser("fresh", help="give a clean copy, and keep the one you changed")
    fresh.add_argument("notebook", type=int, help="its number")
    wanted, options = parser.parse_known_args()
    if options and wanted.command == "fresh":
        fresh.error(f"unrecognized arguments: {' '.join(options)}")
    try:
        course, home = repository(), None
        if wanted.command == "lab" and wanted.home:
            home = wanted.home.absolute()
            move_in(home, wanted.model or course)
            os.environ["COURSE_DATA"] = str(home / "data")
        copies = Copies(course, home)
        number = wanted.notebook
        source = copies.last_changed() if number is None else copies.source(number)
    except (FileNotFoundError, ValueError) as error:
        parser.error(str(error))
    if wanted.command == "fresh":
        copies.start_afresh(source)
    else:
        _open_lab(copies, source, options)


if __name__ == "__main__":
    main()
