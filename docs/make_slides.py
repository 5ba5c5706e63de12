"""Turn every notebook into slides: docs/build/slides/NN_topic.html.

Nothing is run: the slides show the stored outputs. What becomes a slide follows from the structure
of the notebook; `docs/presenting.md` says how, and how the metadata of a cell overrides it.
reveal.js and MathJax come from `npm ci` in docs/ and are copied beside the slides, so that these
need no network.
"""

import base64
import re
import shutil
import struct
import sys
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import jinja2
import nbformat
from nbconvert.filters import markdown2html
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

DOCS = Path(__file__).resolve().parent
NOTEBOOKS = DOCS.parent / "notebooks"
TEACH = DOCS / "teach"
MODULES = DOCS / "node_modules"
FONTS = "reveal.js/dist/theme/fonts/source-sans-pro"
VENDORED = [
    "mathjax/LICENSE",
    "mathjax/es5/tex-svg.js",
    "reveal.js/LICENSE",
    "reveal.js/dist/reveal.css",
    "reveal.js/dist/reveal.js",
    "reveal.js/plugin/notes/notes.js",
    f"{FONTS}/LICENSE",
    f"{FONTS}/source-sans-pro-italic.woff",
    f"{FONTS}/source-sans-pro-regular.woff",
    f"{FONTS}/source-sans-pro-semibold.woff",
    f"{FONTS}/source-sans-pro-semibolditalic.woff",
]

CONDENSED = ("Exercises", "References")  # of the first, the titles stay; of the second, nothing

# Measures of slides.css, in pixels of a slide of 1280 x 720.
ROOM = 580  # below the title
TEXT_ROOM = 480  # that text alone may fill
LINE, CHARACTERS = 37, 88  # a line of text: its height, and how many characters it holds
GAP = 14  # below each part
MOST_LINES = {"code": 15, "result": 20}
MOST_COLUMNS = 105  # of code or a printed result
LARGER = 1.25  # type of slides with little on them
LONG_FORMULA = 160  # characters of TeX that may not fit in large type
FIGURE = (850, 480)  # a figure gets at least this width, or this height


@dataclass
class Part:
    """A piece of a slide that is never taken apart."""

    kind: str  # text, formula, code, result or figure
    html: str
    height: float  # an estimate; of a figure, the least height
    style: str = ""
    step: bool = False  # appears at a click


@dataclass
class Slide:
    title: str
    parts: list = field(default_factory=list)
    notes: str = ""
    kind: str = ""  # "opening", "pitfall" or nothing

    def looks(self):
        """Class of the slide in slides.css: its kind, and large type where there is room for it."""
        tight = any(
            part.kind == "figure" or (part.kind == "formula" and len(part.html) > LONG_FORMULA)
            for part in self.parts
        )
        roomy = not tight and LARGER**2 * height_of(self.parts) < ROOM
        return f"{self.kind} roomy" if roomy else self.kind


@dataclass
class Section:
    """A heading of the notebook, as it stands there, and its slides from top to bottom."""

    heading: str
    slides: list = field(default_factory=list)


# --- from cells to parts --------------------------------------------------------------------------


def blocks_of(markdown):
    """Split markdown at blank lines, headings and the items of lists."""
    block = []
    for line in markdown.splitlines():
        begins = not line.strip() or re.match(r"#+ |[*-] |\d+\. ", line)
        if block and (begins or block[-1].startswith("#")):
            yield "\n".join(block)
            block = []
        if line.strip():
            block.append(line)
    if block:
        yield "\n".join(block)


def to_html(markdown):
    """HTML of markdown; links would lead away from the slides, so only their text stays."""
    return re.sub(r"<a [^>]*>(.*?)</a>", r"\1", markdown2html(markdown), flags=re.S)


def title_html(heading):
    return re.sub(r"^<p>|</p>$", "", to_html(heading).strip())


def text_part(block):
    """Part for a block of markdown that is neither heading nor picture."""
    if block.startswith("$$"):
        return Part("formula", to_html(block), 40 + 50 * (block.count(r"\\") + 1))
    if block.startswith("|"):
        return Part("text", to_html(block), 48 * block.count("\n"))
    read = re.sub(r"\\[a-z]+|[\\*`${}]", "", block)  # without the signs of markdown and TeX
    return Part("text", to_html(block), LINE * (len(read) // CHARACTERS + 1))


def lines_part(kind, text):
    """Part for code or a printed result; slides.css sets long and many lines smaller."""
    lines = re.sub(r"\n{3,}", "\n\n", text.strip("\n")).splitlines()
    if len(lines) > MOST_LINES[kind]:
        lines = [*lines[: MOST_LINES[kind] - 1], "…"]
    columns = min(max(map(len, lines)), MOST_COLUMNS)
    rows = sum(len(line) // (MOST_COLUMNS + 1) + 1 for line in lines)
    size = max(18, min(1150 / 0.602 / columns, 500 / 1.35 / rows, 24))
    text = "\n".join(lines)
    if kind == "code":
        html = highlight(text, PythonLexer(), HtmlFormatter())
    else:
        html = f"<pre>{escape(text)}</pre>"
    return Part(kind, html, 24 + 1.35 * size * rows, f"--columns: {columns}; --rows: {rows}")


def figure_part(mime, data, alt):
    """Part for a picture, given as bytes."""
    if mime == "image/png":
        width, height = struct.unpack(">II", data[16:24])
    else:
        width, height = map(float, re.search(rb'viewBox="0 0 (\S+) (\S+)"', data).groups())
    address = f"data:{mime};base64,{base64.b64encode(data).decode()}"
    html = f'<img src="{address}" alt="{escape(alt)}">'
    least = min(FIGURE[0] * height / width, FIGURE[1])
    return Part("figure", html, least, f"flex-grow: {1000 * height / width:.0f}")


def picture_part(block, folder):
    """Part for a picture in markdown, whose path is relative to `folder`."""
    alt, path = re.fullmatch(r"!\[(.*)\]\(([^)]+)\)", block, re.S).groups()
    mime = "image/svg+xml" if path.endswith(".svg") else "image/png"
    return figure_part(mime, (folder / path).read_bytes(), " ".join(alt.split()))


def alternative_text(cell, twin):
    """The author's words for a figure, else the titles of its panels, from its text twin."""
    titles = [title for title in re.findall(r"^\[(.*)\]", twin, re.M) if title != "untitled"]
    image = cell.metadata.get("mystnb", {}).get("image", {})
    return image.get("alt") or "Figure: " + ", ".join(titles)


def result_parts(cell):
    """Yield parts for the figures and printed results of a cell; cards and widgets have none."""
    for output in cell.outputs:
        data = output.get("data", {})
        if "image/png" in data:
            alt = alternative_text(cell, data.get("text/plain", ""))
            yield figure_part("image/png", base64.b64decode(data["image/png"]), alt)
        elif output.get("name") == "stdout":
            yield lines_part("result", output.text)
        elif set(data) == {"text/plain"}:
            yield lines_part("result", data["text/plain"])


def calls(cell, *names):
    pattern = rf"^({'|'.join(names)})\("
    return cell.cell_type == "code" and re.search(pattern, cell.source, re.M)


def cell_parts(cell):
    """Parts of a code cell: its code without imports, then its results.

    Setup and cards have none. Code that only draws gives way to what it draws.
    """
    if calls(cell, "quiz", "check"):
        return []
    source = re.sub(r"^(from|import) [^(\n]*(\([^)]*\))?.*$", "", cell.source, flags=re.M).strip(
        "\n"
    )
    hidden = not source or re.search(r"\b(show_figure|explore)\(|\b(axes|panel)\.", source)
    code = [] if hidden else [lines_part("code", source)]
    return code + list(result_parts(cell))


# --- from parts to slides -------------------------------------------------------------------------


def height_of(parts):
    return sum(part.height + GAP for part in parts)


def is_text(parts):
    return all(part.kind in ("text", "formula") for part in parts)


def text_pages(parts):
    """Distribute text over slides.

    A formula or table stays with what announces it; a paragraph that begins in bold begins a slide.
    """
    total = height_of(parts)
    room = total / -(-total // TEXT_ROOM) + LINE if parts else TEXT_ROOM  # about as much on each
    pages = [[]]
    for part in parts:
        used = height_of(pages[-1])
        bold = part.html.startswith("<p><strong>") and used > 3 * LINE
        stays = part.kind == "formula" or part.html.startswith("<table")
        if pages[-1] and (bold or used + part.height > (ROOM if stays else room)):
            announced = stays and len(pages[-1]) > 1
            pages.append([pages[-1].pop()] if announced else [])
        pages[-1].append(part)
    return [page for page in pages if page]


def lay_out(parts):
    """Distribute text, and the code and results after it, over as few slides as they need."""
    if height_of(parts) <= (TEXT_ROOM if is_text(parts) else ROOM):
        return [parts]
    if parts[-1].kind == "figure" and len(parts) > 1:  # alone, and as large as the slide
        return [*lay_out(parts[:-1]), parts[-1:]]
    first = next((n for n, part in enumerate(parts) if not is_text([part])), len(parts))
    pages, shown = text_pages(parts[:first]), []
    for part in reversed(parts[first:]):  # from the end, so that a result stays with its code
        if shown and height_of([part, *shown[0]]) <= ROOM:
            shown[0].insert(0, part)
        else:
            shown.insert(0, [part])
    if pages and shown:
        if height_of(pages[-1] + shown[0]) <= ROOM:
            shown[0] = pages.pop() + shown[0]
        else:  # at least the last paragraph, or the last formula and what announces it
            last = -2 if pages[-1][-1].kind == "formula" else -1
            if len(pages[-1]) > -last and height_of(pages[-1][last:] + shown[0]) <= ROOM:
                shown[0] = pages[-1][last:] + shown[0]
                del pages[-1][last:]
    return pages + shown


class Deck:
    """The slides of a notebook.

    Parts wait until it is known what comes with them: a cell with results ends a slide, and so does
    a heading. What still waits before a heading is a last word on the results, if there is room.
    """

    def __init__(self, notebook, folder):
        self.sections, self.waiting, self.title = [], [], ""
        self.folder, self.exercise, self.joins = folder, "", False
        for cell, after in zip(notebook.cells, [*notebook.cells[1:], None]):
            announces_quiz = after is not None and calls(after, "quiz")
            if cell.cell_type == "markdown" and announces_quiz and "#" not in cell.source:
                continue
            self.add_cell(cell, cell.metadata.get("slideshow", {}).get("slide_type", ""))
        self.flush()
        self.sections = [section for section in self.sections if section.slides]

    def add_cell(self, cell, slide_type):
        if slide_type == "skip":
            return
        if slide_type:
            self.flush()
            self.joins = False
        if slide_type == "slide":
            self.sections.append(Section(""))
        if slide_type == "notes":
            self.sections[-1].slides[-1].notes += to_html(cell.source)
        elif slide_type in ("-", "fragment"):
            blocks = [] if cell.cell_type == "code" else blocks_of(cell.source)
            parts = [text_part(block) for block in blocks] or cell_parts(cell)
            parts[0].step = slide_type == "fragment"
            self.sections[-1].slides[-1].parts += parts
        elif cell.cell_type == "markdown":
            for block in blocks_of(cell.source):
                self.add_block(block)
        elif self.sections and self.sections[-1].heading not in CONDENSED:
            bare = not self.waiting and all(
                line.startswith("assert ") for line in cell.source.splitlines()
            )
            parts = [] if bare else cell_parts(cell)
            self.waiting += parts
            if any(part.kind in ("result", "figure") for part in parts):
                self.flush()

    def add_block(self, block):
        heading = re.match("(#+) (.*)", block)
        if heading:
            self.add_heading(*heading.groups())
        elif self.sections[-1].heading in CONDENSED:
            minutes = re.match(r"\d+ minutes", block)
            if self.exercise and minutes:
                self.waiting.append(text_part(f"* {self.exercise} · {minutes[0]}"))
                self.exercise = ""
        elif block.startswith("!["):
            self.waiting.append(picture_part(block, self.folder))
        elif not block.startswith("Running time"):
            if not is_text(self.waiting):
                self.flush()
            self.waiting.append(text_part(block))

    def add_heading(self, level, text):
        if len(level) > 2 and self.sections[-1].heading in CONDENSED:
            self.exercise = text.removeprefix("Exercise ") if text.startswith("Exercise ") else ""
            return
        self.flush()
        self.title, self.joins = text, False
        if len(level) <= 2:
            self.sections.append(Section(text))

    def flush(self):
        """Put what waits on slides."""
        waiting, self.waiting = self.waiting, []
        slides = self.sections[-1].slides if self.sections else []
        if not waiting:
            return
        if self.joins and is_text(waiting) and height_of(slides[-1].parts + waiting) <= ROOM:
            waiting[0].step = True
            slides[-1].parts += waiting
            return
        kind = (
            "opening" if len(self.sections) == 1 else "pitfall" if "Pitfall" in self.title else ""
        )
        slides += [Slide(title_html(self.title), page, kind=kind) for page in lay_out(waiting)]
        self.joins = not is_text(slides[-1].parts)


# --- from slides to files -------------------------------------------------------------------------


def add_notes(deck, text, name):
    """Attach each section of `text` to the first slide of the deck's section of the same heading.

    What comes before the first heading of level 2 belongs to the opening slide.
    """
    opening, *sections = re.split(r"^## ", text, flags=re.M)
    deck.sections[0].slides[0].notes += to_html(re.sub(r"^# .*", "", opening, flags=re.M))
    for section in sections:
        heading, _, notes = section.partition("\n")
        found = [one for one in deck.sections if one.heading == heading.strip()]
        if not found:
            known = "\n  ".join(one.heading for one in deck.sections[1:])
            raise ValueError(
                f"{name} has notes for {heading.strip()!r}, which is no section with slides. "
                f"Sections are:\n  {known}"
            )
        found[0].slides[0].notes += to_html(notes)


def in_steps(slide):
    """Yield each part of a slide and the number of clicks that show it.

    A result waits until the class has predicted it, and a derivation unfolds formula by formula.
    """
    clicks = 0
    for number, part in enumerate(slide.parts):
        waits = part.step or part.kind in ("formula", "result", "figure")
        clicks += waits and number > 0
        yield part, clicks


def render(deck, title):
    """HTML of a deck."""
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(DOCS / "slides"))
    environment.filters["in_steps"] = in_steps
    return environment.get_template("deck.html.j2").render(sections=deck.sections, title=title)


def make_deck(path, teach=TEACH):
    """HTML of the slides of the notebook at `path`, with the notes in the folder `teach`."""
    deck = Deck(nbformat.read(path, as_version=4), path.parent)
    notes = teach / f"{path.stem}.md"
    if notes.exists():
        add_notes(deck, notes.read_text(encoding="utf-8"), notes.name)
    return render(deck, deck.sections[0].heading)


def build(paths, folder):
    """Write the decks of the notebooks at `paths`, and what they load, into a new `folder`."""
    if not all((MODULES / name).exists() for name in VENDORED):
        sys.exit(
            "The slides need reveal.js and MathJax, which npm brings. "
            "Install Node.js, run `npm ci` in docs/, and try again."
        )
    decks = {path.stem: make_deck(path) for path in paths}
    shutil.rmtree(folder, ignore_errors=True)
    for name in VENDORED:
        target = folder / "shared" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(MODULES / name, target)
    colors = HtmlFormatter(style="xcode").get_style_defs(".highlight")
    css = (DOCS / "slides" / "slides.css").read_text(encoding="utf-8")
    (folder / "shared" / "slides.css").write_text(f"{css}\n{colors}\n", encoding="utf-8")
    for name, html in decks.items():
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
        print(folder / f"{name}.html")


if __name__ == "__main__":
    build(sorted(NOTEBOOKS.glob("[0-9]*.ipynb")), DOCS / "build" / "slides")
