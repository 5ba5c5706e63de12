"""Write what is stated in several places again, from the one place that knows: ``make facts``.

=====================================  ====================================================
stated again                           known from
=====================================  ====================================================
notebooks: running time                README.md, the table
notebooks: tag of cells to go deeper   their headings
notebooks: what to run if it is bare   pyproject.toml, urls, Repository
README.md: links to the website        pyproject.toml, urls, Website
docs/teach: minutes in all             their sections; exercises of the notebook
docs/teach: wrong answers explained    the quizzes
docs/instructors.md: all minutes       docs/teach, notebooks (but for sections "in part")
images/README.md: sizes, notebooks     the pictures; notebooks
environment.yml                        pyproject.toml, requirements.lock
.pre-commit-config.yaml: ruff          requirements.lock
CITATION.cff: version                  pyproject.toml
=====================================  ====================================================
"""

import re
import tomllib
from functools import cache
from pathlib import Path

import nbformat
from budgets import budgets
from packaging.markers import Marker
from packaging.requirements import Requirement
from PIL import Image

from course_utils._files import write_atomically
from exercises.checker.catalogue import find_questions

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
GUIDE = ROOT / "docs" / "instructors.md"
QUIZ_MINUTES = 5
DEEPER = "To go deeper: "
PYTHON = "3.13"  # of conda and Binder
ENVIRONMENT = """# For conda and Binder; `make facts` writes it.
name: basic-image-processing
channels:
  - conda-forge
  - nodefaults
dependencies:
  - python={python}
  - pip
  - pip:
{pins}      - --editable .
"""


def read(path):
    return path.read_text(encoding="utf-8")


@cache
def cells_of(path):
    return nbformat.read(path, as_version=4).cells


# What the notebooks and the notes on them know --------------------------------------------------


def notes_of(path):
    return ROOT / "docs" / "teach" / f"{path.stem}.md"


def exercises_of(path):
    """Minutes of each exercise of a notebook: dict of number to int."""
    text = "\n".join(cell.source for cell in cells_of(path) if cell.cell_type == "markdown")
    found = re.findall(r"^### Exercise (\d+\.\d+) ·.*\n\n(\d+) minutes", text, re.M)
    return {number: int(minutes) for number, minutes in found}


def sections_of(notes):
    """Minutes of each section in the text of notes on a notebook: dict of number to two int.

    The first is for the main path, the second for what goes deeper.
    """
    heading, main = r"^## (\d+\.\d+) .*\n\n\* \*\*Time:\*\* ", r"(?:(\d+) minutes?)?"
    found = re.findall(heading + main + r"(?:,? ?(\d+) to go deeper)?$", notes, re.M)
    return {number: (int(main or 0), int(deeper or 0)) for number, main, deeper in found}


def goes_deeper(cells):
    """Tell of each cell whether it is off the main path: under a heading that says so."""
    level = 0  # of the heading under which cells go deeper; 0: there is none
    for cell in cells:
        headings = re.findall(r"^(##+) (.*)", cell.source, re.M)
        for sign, text in headings if cell.cell_type == "markdown" else []:
            if level == 0 or len(sign) <= level:
                level = len(sign) if re.match(rf"([\d.]+ )?{DEEPER}", text) else 0
        yield level > 0


def notebooks_that_show(file):
    """Numbers of the notebooks that show a picture of images/, as a text."""
    shown = (f'"{Path(file).stem}"', f"images/{file}")
    sources = {p.stem[:2]: "".join(cell.source for cell in cells_of(p)) for p in NOTEBOOKS}
    users = [number for number, text in sources.items() if any(name in text for name in shown)]
    return ", ".join(users) or "your own"


# What is stated again ---------------------------------------------------------------------------


def notebook(path):
    seconds = budgets(ROOT / "README.md")[path.name].seconds
    text = re.sub(r"(Running time: about) \d+ seconds", rf"\1 {seconds} seconds", read(path))
    repository = urls().get("Repository", "https://github.com/OWNER/NAME")
    text = re.sub(r"(%pip install git\+)[^\s\"\\]+", rf"\1{repository}", text)
    notebook = nbformat.reads(text, as_version=4)
    for cell, deeper in zip(notebook.cells, goes_deeper(notebook.cells)):
        tags = [tag for tag in cell.metadata.get("tags", []) if tag != "deeper"]
        tags += ["deeper"] * deeper
        cell.metadata |= {"tags": tags} if tags else {}
        if not tags:
            cell.metadata.pop("tags", None)
    return nbformat.writes(notebook)


def notes(path):
    def explained(row):
        when, number, answer = row.groups()
        wrong = dict(find_questions(path.stem, when)[int(number) - 1].wrong)
        if answer not in wrong:
            raise ValueError(
                f"{notes_of(path).name}: no wrong answer to {when}, {number}: {answer}"
            )
        return f"| {when}, {number} | {answer} | {wrong[answer]} |"

    text = read(notes_of(path))
    main, deeper = map(sum, zip(*sections_of(text).values()))
    total = (
        f"**Time in all:** {2 * QUIZ_MINUTES + main} minutes: {2 * QUIZ_MINUTES} for the two "
        f"quizzes, {main} for the main path. What goes deeper takes another {deeper}, "
        f"the exercises {sum(exercises_of(path).values())}."
    )
    text = re.sub(r"^\*\*Time in all:.*$", total, text, flags=re.M)
    return re.sub(r"^\| (before|after), (\d) \| (.*?) \| .* \|$", explained, text, flags=re.M)


def guide():
    text, minutes = read(GUIDE), {}
    for path in NOTEBOOKS:
        sections, exercises = sections_of(read(notes_of(path))), exercises_of(path)
        main, deeper = map(sum, zip(*sections.values()))
        totals = 2 * QUIZ_MINUTES + main, deeper, sum(exercises.values())
        columns = r"\1 | {} | {} | {} |".format(*totals)
        text = re.sub(rf"(\]\(teach/{path.stem}\.md\)) \|.*", columns, text)
        minutes |= {number: main for number, (main, _) in sections.items()}
        minutes |= {f"{DEEPER}{number}": deeper for number, (_, deeper) in sections.items()}
        minutes |= {f"exercise {number}": time for number, time in exercises.items()}
        minutes |= {
            f"quiz {int(path.stem[:2])} {when}": QUIZ_MINUTES for when in ("before", "after")
        }

    def planned(row):
        if row[1] not in minutes:
            raise ValueError(f"{GUIDE.name}: a plan names {row[1]}, which does not exist")
        return f"| {minutes[row[1]]} | {row[1]} |"

    def added_up(plan):
        total = sum(map(int, re.findall(r"^\| (\d+) \|", plan[0], re.M)))
        return re.sub(r"\(\d+ minutes\)", f"({total} minutes)", plan[0], count=1)

    text = re.sub(
        r"^\| \d+ \| ((?:quiz |exercise )?[\d.]+(?: before| after)?) \|", planned, text, flags=re.M
    )
    return re.sub(r"^### .* \(\d+ minutes\)$(?s:.*?)(?=^#)", added_up, text, flags=re.M)


def pictures():
    def row(found):
        file, shows = found.groups()
        cells = [f"`{file}`", shows, notebooks_that_show(file)]
        if file.endswith(".png"):
            with Image.open(ROOT / "images" / file) as picture:
                kind = {"L": "grey"}.get(picture.mode, picture.mode)
                cells.insert(2, f"{picture.height} x {picture.width}, {kind}")
        return f"| {' | '.join(cells)} |"

    text = read(ROOT / "images" / "README.md")
    return re.sub(r"^\| `(\S+)` \| (.*?) \| .*\|$", row, text, flags=re.M)


def locked_versions(file="requirements.lock"):
    """Version of each package in a lock file, for Python `PYTHON`."""
    lock = read(ROOT / file)
    found = re.findall(r"^([a-z0-9_.-]+)==([^ ;\\]+)(?: ; ([^\\\n]+))?", lock, re.M)
    here = {"python_full_version": f"{PYTHON}.0", "python_version": PYTHON}
    return {
        name: version for name, version, when in found if not when or Marker(when).evaluate(here)
    }


def urls():
    return tomllib.loads(read(ROOT / "pyproject.toml"))["project"].get("urls", {})


def readme(text, site):
    """Let the question of each notebook lead to its page of the website, if that has an address."""

    def row(found):
        name, question = found.groups()
        page = f"{site.rstrip('/')}/notebooks/{name}.html"
        return f"](notebooks/{name}.ipynb) | {f'[{question}]({page})' if site else question} |"

    return re.sub(r"\]\(notebooks/(\w+)\.ipynb\) \| \[?(.+?\?.*?)(?:\]\(\S+\))? \|", row, text)


def environment():
    project = tomllib.loads(read(ROOT / "pyproject.toml"))["project"]
    wanted = sum(project["optional-dependencies"].values(), project["dependencies"])
    names, versions = [Requirement(line).name for line in wanted], locked_versions()
    pins = "".join(f"      - {name}=={versions[name]}\n" for name in names)
    return ENVIRONMENT.format(python=PYTHON, pins=pins)


def facts():
    """Yield each file that states something again, and the text that it should have."""
    for path in NOTEBOOKS:
        yield path, notebook(path)
        yield notes_of(path), notes(path)
    yield GUIDE, guide()
    yield ROOT / "README.md", readme(read(ROOT / "README.md"), urls().get("Website", ""))
    yield ROOT / "images" / "README.md", pictures()
    yield ROOT / "environment.yml", environment()
    hooks, citation = ROOT / ".pre-commit-config.yaml", ROOT / "CITATION.cff"
    yield hooks, re.sub(r"rev: .*", f"rev: v{locked_versions()['ruff']}", read(hooks))
    version = tomllib.loads(read(ROOT / "pyproject.toml"))["project"]["version"]
    yield citation, re.sub(r"^version: .*", f"version: {version}", read(citation), flags=re.M)


def main():
    for path, text in facts():
        if read(path) != text:
            write_atomically(path, text.encode())
            print(f"{path.relative_to(ROOT)} has changed")


if __name__ == "__main__":
    main()
