"""Read the notebooks of students, and know the cells of the course in them."""

import re
import warnings
from dataclasses import dataclass
from functools import cache

import nbformat

from course_utils._files import REPOSITORY
from exercises.checker.catalogue import all_names, names_of

BYTES = 100 * 2**20  # of a notebook; larger ones are not read
CHECK = re.compile(r"""\bcheck\s*\(\s*(?:name\s*=\s*)?["'](\w+)["']""")
# No ends of lines among the blanks: at each of a million empty lines a search would pass the rest.
ANSWER = re.compile(r"^[ \t]*(?:async[ \t]+)?def[ \t]+my_(\w+)|^[ \t]*my_(\w+)[ \t]*=", re.M)


@dataclass(frozen=True)
class Notebook:
    """What is judged of a notebook.

    Attributes
    ----------
    cells : list of (str, bool)
        Code, and whether the cell is the course's as it is.
    names : list of str
        Exercises that occur in it, in its order.
    """

    cells: list
    names: list


def code_cells(data):
    """Read the code of a notebook.

    Parameters
    ----------
    data : bytes
        The file.

    Returns
    -------
    list of str

    Raises
    ------
    Exception
        Of many kinds, if the file is not a notebook.
    """
    with warnings.catch_warnings(
        action="ignore"
    ):  # of cells without a name, or with one of another
        notebook = nbformat.reads(data.decode("utf-8-sig"), as_version=4)
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


@cache
def _cells_of_course(name):
    """Cells of one of the course's notebooks; none where the course stands without them."""
    file = REPOSITORY / "notebooks" / f"{name}.ipynb"
    return code_cells(file.read_bytes()) if file.exists() else []


def exercises_in(source):
    """List the exercises that a text checks, or answers, each once."""
    found = CHECK.findall(source) + [a or b for a, b in ANSWER.findall(source)]
    known = all_names()
    return list(dict.fromkeys(name for name in found if name in known))


def read_notebook(data):
    """Read a notebook; what it lacks of the course's own cells comes first.

    Students delete cells that an answer needs, such as the first one, and do not notice as long as
    the kernel runs.

    Parameters
    ----------
    data : bytes

    Returns
    -------
    Notebook
    """
    sources = code_cells(data)
    names = exercises_in("\n".join(sources))
    books = dict.fromkeys(all_names()[name] for name in names)
    of_course = [source for book in books for source in _cells_of_course(book)]
    present = set(sources)
    lacking = [s for s in of_course if s not in present and not CHECK.search(s)]
    known = {source for source in of_course if not CHECK.search(source)}
    cells = [(source, True) for source in lacking] + [(s, s in known) for s in sources]
    return Notebook(cells, names)


def missing_names(names):
    """List the exercises of the same notebooks that are not among the names."""
    books = dict.fromkeys(all_names()[name] for name in names)
    return [name for book in books for name in names_of(book) if name not in names]
