"""Divide a notebook into pages of the website: one that opens the chapter, and one a section.

Under each exercise stand its hints and its solution, and on each page links to the source of the
helpers that it calls. Nothing is run.
"""

import ast
import inspect
import json
import pkgutil
import posixpath
import re
from dataclasses import dataclass, field
from html import escape

import draw_frames
import nbformat
from docutils.nodes import make_id
from myst_parser.slugs import github_slugify
from nbformat.v4 import new_markdown_cell
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from exercises.checker.catalogue import find

SECTION = re.compile(r"^## (?!References$)", re.M)  # those stay below what comes before them
HEADING = re.compile(r"^#+ (.*)$", re.M)
LONG = 12  # lines of code that are shown unfolded
TO_RUN = re.compile(r"\n\nClick the cell below and press[^#]*\Z")  # nothing runs on a page


@dataclass
class Page:
    """A page: its name within the folder of the notebook, empty for the first, and its cells."""

    name: str
    title: str
    cells: list = field(default_factory=list)


def raw(html):
    """A cell that puts HTML on the page as it is."""
    return new_markdown_cell(f"``````{{raw}} html\n{html}\n``````")


def pages_of(notebook, folder):
    """Divide a notebook at its headings of the second level; frames of its figures lie in `folder`.

    Returns
    -------
    list of Page
        All cells of the notebook in their order; below each exercise what answers it, below each
        figure with sliders the sliders.
    """
    pages = [Page("", HEADING.search(notebook.cells[0].source)[1])]
    for number, cell in enumerate(notebook.cells):
        cells = [cell]
        if cell.cell_type == "markdown":
            starts = [0, *(match.start() for match in SECTION.finditer(cell.source)), None]
            texts = [cell.source[start:end].strip() for start, end in zip(starts, starts[1:])]
            cells = [new_markdown_cell(text, metadata=cell.metadata) for text in texts if text]
        elif "check(" in cell.source:
            cells = [cell, *map(answers, re.findall(r'^check\("(\w+)"', cell.source, re.M))]
        elif draw_frames.EXPLORE.search(cell.source):
            cells = [cell, *explorer(cell, folder / str(number))]
        for one in cells:
            if one.cell_type == "markdown" and SECTION.match(one.source):
                heading = HEADING.match(one.source)[1]
                pages.append(Page(github_slugify(heading), heading))
            pages[-1].cells.append(one)
    return pages


def places_of(pages):
    """Map each heading's anchor, as GitHub, JupyterLab and Sphinx make it, to its page and anchor.

    Of two headings of the same words, the first counts.
    """
    places = {}
    for page in pages:
        for cell in page.cells:
            for heading in HEADING.findall(cell.source) if cell.cell_type == "markdown" else []:
                plain = re.sub(r"[`*$]", "", heading)
                words = re.sub(r"\$[^$]*\$", "", heading)  # MyST skips formulas
                place = (page.name, "" if heading == page.title else github_slugify(words))
                for anchor in (github_slugify(heading), plain.replace(" ", "-"), make_id(heading)):
                    places.setdefault(anchor, place)
    return places


def address(place):
    """Address of a place on a page from the folder of the notebooks' pages."""
    name, anchor = place
    return f"{name}.html" + (f"#{anchor}" if anchor else "")


def answers(name):
    """Hints, solution and what to try next of an exercise, each to unfold."""
    exercise = find(name)
    count = len(exercise.hints)
    parts = [
        (f"Hint {number} of {count}", f"<p>{with_code(hint)}</p>")
        for number, hint in enumerate(exercise.hints, 1)
    ]
    code = inspect.getsource(exercise.solution)
    solution = highlight(code, PythonLexer(), HtmlFormatter(cssclass="highlight"))
    then = f"<p>What next? {with_code(exercise.then)}</p>"
    parts.append(("Solution", f'<div class="highlight-python notranslate">{solution}</div>{then}'))
    unfold = "\n".join(
        f'<details class="answer"><summary>{title}</summary>{text}</details>'
        for title, text in parts
    )
    return raw(f'<div class="answers" id="answers-{name}">\n{unfold}\n</div>')


def with_code(text):
    """Turn plain text into HTML; what stands in backticks is code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))


def explorer(cell, folder):
    """The sliders of a figure, if its frames are drawn; without JavaScript, its picture stays."""
    manifest = draw_frames.manifest_in(folder)
    if manifest is None:
        return []
    cell.metadata["tags"] = [*cell.metadata.get("tags", []), "explored"]
    alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
    place = "/".join(folder.parts[-2:])
    rows = ""
    for number, control in enumerate(manifest["controls"]):
        label, values = escape(control["label"]), control["values"]
        name = make_id(f"explore-{place}-{number}")
        if control["is_list"]:
            options = "".join(
                f"<option{' selected' * (index == control['start'])}>{escape(value)}</option>"
                for index, value in enumerate(values)
            )
            tool = f'<select id="{name}">{options}</select>'
        else:
            start = escape(values[control["start"]])
            tool = (
                f'<input type="range" id="{name}" min="0" max="{len(values) - 1}" step="1"'
                f' value="{control["start"]}" aria-valuetext="{start}">'
                f'<span class="value" aria-hidden="true">{start}</span>'
            )
        rows += f'<div><label for="{name}">{label}</label>{tool}</div>\n'
    data = json.dumps({key: manifest[key] for key in ("controls", "frames")})
    data = data.replace("<", r"\u003c")
    start = ",".join(str(control["start"]) for control in manifest["controls"])
    first = manifest["frames"][start]
    source = f"../../_frames/{place}/"
    note = (
        ""
        if manifest["is_grid"]
        else "<p>Here, one moves at a time; the others return to where they start.</p>\n"
    )
    return [
        raw(
            f'<form class="explorer" data-frames="{source}" autocomplete="off"'
            f' aria-label="Try it: move the controls">\n{rows}{note}'
            f'<img src="{source}{first["file"]}" width="{manifest["width"]}"'
            f' height="{manifest["height"]}" alt="{escape(alt)}">\n'
            f'<p role="status" class="unseen"></p>\n'
            f'<script type="application/json">{data}</script>\n</form>\n'
            "<noscript><style>.explorer { display: none; }"
            " .bd-article .tag_explored .cell_output { display: block; }</style></noscript>"
        )
    ]


def helpers_of(notebook):
    """Map each name that the notebook imports from the course to the module where it is written."""
    helpers = {}
    for cell in notebook.cells:
        for node in ast.walk(ast.parse(code_of(cell))):
            if isinstance(node, ast.ImportFrom) and node.module.startswith("course_utils"):
                for alias in node.names:
                    helper = pkgutil.resolve_name(f"{node.module}.{alias.name}")
                    home = getattr(helper, "__module__", helper.__name__)  # it may be a module
                    helpers[alias.asname or alias.name] = home, alias.name
    return helpers


def code_of(cell):
    """Python code of a cell, without magics."""
    return re.sub(r"^[%!].*$", "", cell.source, flags=re.M) if cell.cell_type == "code" else ""


def source_links(page, helpers):
    """Links to the source of the helpers that a page calls."""
    called = {
        node.id
        for cell in page.cells
        for node in ast.walk(ast.parse(code_of(cell)))
        if isinstance(node, ast.Name)
    }
    up = "../../" if page.name else "../"
    links = []
    for shown in sorted(called & set(helpers)):
        home, name = helpers[shown]
        anchor = "" if home.endswith(f".{name}") else f"#{name}"
        address = f"{up}_modules/{home.replace('.', '/')}.html{anchor}"
        links.append(f'<a href="{address}"><code>{shown}</code></a>')
    return f'<p class="sources">Source of the helpers: {", ".join(links)}</p>' if links else ""


def prepare(cell, is_first):
    """A cell as the site shows it: headings one level up, long code folded, nothing to run."""
    cell = nbformat.from_dict(cell)
    if cell.cell_type == "markdown":
        if not is_first:
            cell.source = re.sub(r"^#(#+ (?!References$))", r"\1", cell.source, flags=re.M)
        cell.source = TO_RUN.sub("", cell.source)
        return cell
    tags = cell.metadata.get("tags", [])
    if cell.source.count("\n") >= LONG and "check(" not in cell.source:
        tags = [*tags, "hide-input"]
    if re.match(r"quiz\(", cell.source):
        tags = [*tags, "remove-input"]
    if re.search(r"^check\(", cell.source, re.M):
        cell.outputs = []
    cell.metadata["tags"] = tags
    return cell


def contents(folder, pages, places):
    """List of the sections, and a script for addresses of the notebook as one page."""
    names = "\n".join(f"{folder}/{page.name}" for page in pages[1:])
    moved = {
        anchor: posixpath.join(folder, address(place))
        for anchor, place in places.items()
        if place[0]
    }
    data = json.dumps(moved, ensure_ascii=False).replace("<", r"\u003c")
    yield new_markdown_cell(f"## Sections\n\n```{{toctree}}\n:maxdepth: 1\n\n{names}\n```")
    yield raw(f'<script type="application/json" id="moved">{data}</script>')


def divided(path):
    """Yield name and notebook of each page of a notebook; names begin with that of the notebook."""
    notebook = nbformat.read(path, as_version=4)
    pages = pages_of(notebook, draw_frames.FRAMES / path.stem)
    helpers = helpers_of(notebook)
    for page in pages:
        cells = [prepare(cell, not page.name) for cell in page.cells]
        if not page.name:
            cells[1:1] = contents(path.stem, pages, places_of(pages))
        if links := source_links(page, helpers):
            cells.append(raw(links))
        for number, cell in enumerate(cells):
            cell.id = f"cell-{number}"
        made = nbformat.v4.new_notebook(cells=cells, metadata=notebook.metadata)
        yield f"{path.stem}/{page.name}" if page.name else path.stem, made
