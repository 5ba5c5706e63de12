"""Turn every notebook into slides: docs/build/slides/NN_topic.html.

Nothing is run: the slides show the stored outputs. What becomes a slide follows from the structure
of the notebook; `docs/presenting.md` says how, and how the metadata of a cell overrides it.
reveal.js and MathJax come from `npm ci` in docs/ and are copied beside the slides, so that these
need no network.
"""

import base64
import io
import re
import shutil
import sys
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path

import jinja2
import nbformat
from nbconvert.filters import markdown2html
from PIL import Image, ImageOps
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

DEEPER = "To go deeper: "
CONDENSED = ("Exercises", "References")  # of the first, the titles stay; of the second, nothing

# Measures of slides.css, in pixels of a slide of 1280 x 720.
ROOM = 580  # below the title
TEXT_ROOM = 480  # that text alone may fill
THIN = 150  # what is less high than this joins its neighbour, if there is room
LINE, CHARACTERS = 37, 88  # a line of text: its height, and how many characters it holds
GAP = 14  # below each part but figures
MOST_LINES = {"code": 15, "result": 20}
MOST_COLUMNS = 105  # of code or a printed result
LARGER = 1.25  # type of slides with little on them
LONG_FORMULA = 160  # characters of TeX that may not fit in large type
ENLARGED = 1.05  # a figure is at least so many times as large as it is stored,
FIGURE_HEIGHT = 440  # or at least so high,
GIVES_WAY = 0.12  # but gives this share to a few words above or below
FIGURE_WIDTH = 850  # figures of one cell that are together not wider stand side by side


@dataclass
class Part:
    """A piece of a slide that is never taken apart."""

    kind: str  # text, formula, code, result or figure
    html: str
    height: float  # an estimate; of a figure, the least height
    style: str = ""
    step: bool = False  # appears at a click
    width: float = 0  # of a figure
    instead: list = field(default_factory=list)  # pictures that take its place, one a click


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
        room = ROOM - 70 * (self.kind == "opening")  # its title is larger
        roomy = not tight and LARGER**2 * height_of(self.parts) < room
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
    html = re.sub(r"<a [^>]*>(.*?)</a>", r"\1", markdown2html(markdown), flags=re.S)
    return re.sub(r"(?<!\$)\$[^$]+\$[,.;:)?]?", r'<span class="unbroken">\g<0></span>', html)


def title_html(heading):
    return re.sub(r"^<p>|</p>$", "", to_html(heading).strip())


def text_part(block):
    """Part for a block of markdown that is neither heading nor picture."""
    if block.startswith("$$"):
        return Part("formula", to_html(block), 40 + 50 * (block.count(r"\\") + 1))
    if block.startswith("|"):
        return Part("text", to_html(block), 48 * block.count("\n"))
    block = block.replace("Drag ", "Change ").replace("drag it", "change it")  # at a click
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


def image_of(mime, data, alt, width):
    """HTML of a picture, given as bytes."""
    address = f"data:{mime};base64,{base64.b64encode(data).decode()}"
    return f'<img src="{address}" alt="{escape(alt)}" style="flex: {width:.0f}">'


def picture_part(block, folder):
    """Part for a drawing (SVG) in markdown, whose path is relative to `folder`."""
    alt, path = re.fullmatch(r"!\[(.*)\]\(([^)]+)\)", block, re.S).groups()
    data = (folder / path).read_bytes()
    width, height = map(float, re.search(rb'viewBox="0 0 (\S+) (\S+)"', data).groups())
    html = image_of("image/svg+xml", data, " ".join(alt.split()), width)
    return Part("figure", html, min(FIGURE_WIDTH * height / width, FIGURE_HEIGHT), width=width)


def figure_part(png, twin, alt):
    """Part for a stored figure, without its white margins.

    Where `explore` stored several settings one below the other, each gets the whole slide at a
    click. Their captions in the text twin begin alike: ``sigma = 1``, ``sigma = 41``.
    """
    control = re.match(r"([^\n\[=]*) = ", twin)
    captions = re.findall(rf"^{re.escape(control[0])}.*", twin, re.M) if control else [""]
    whole = Image.open(io.BytesIO(png)).convert("RGB")
    high = whole.height // len(captions)
    rows = [whole.crop((0, top, whole.width, top + high)) for top in range(0, whole.height, high)]
    boxes = zip(*(ImageOps.invert(row).getbbox() or (0, 0, *row.size) for row in rows))
    left, top, right, bottom = (end(side) for end, side in zip((min, min, max, max), boxes))
    images = []
    for row, words in zip(rows, [alt, *captions[1:]]):
        file = io.BytesIO()
        row.crop((left, top, right, bottom)).save(file, "png")
        images.append(image_of("image/png", file.getvalue(), words, right - left))
    height = bottom - top
    return Part(
        "figure",
        images[0],
        min(ENLARGED * height, FIGURE_HEIGHT),
        f"flex-grow: {height}",
        width=right - left,
        instead=images[1:],
    )


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
            twin = data.get("text/plain", "")
            png = base64.b64decode(data["image/png"])
            yield figure_part(png, twin, alternative_text(cell, twin))
        elif output.get("name") == "stdout":
            yield lines_part("result", output.text)
        elif set(data) == {"text/plain"}:
            yield lines_part("result", data["text/plain"])


def side_by_side(parts):
    """Put figures that follow each other into one part, where they are narrow enough."""
    joined = []
    for part in parts:
        last = joined[-1] if joined else None
        if last and last.width and part.width and last.width + part.width <= FIGURE_WIDTH:
            html, width = last.html + part.html, last.width + part.width
            joined[-1] = replace(last, html=html, height=max(last.height, part.height), width=width)
        else:
            joined.append(part)
    return joined


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
    return code + side_by_side(result_parts(cell))


# --- from parts to slides -------------------------------------------------------------------------


def height_of(parts):
    return sum(part.height + GAP * (part.kind != "figure") for part in parts)


def room_for_words(parts):
    """Room on a slide whose figures give way."""
    return ROOM + GIVES_WAY * sum(part.height for part in parts if part.kind == "figure")


def is_thin(parts):
    return height_of(parts) < THIN and all(part.kind != "figure" for part in parts)


def is_text(parts):
    return all(part.kind in ("text", "formula") for part in parts)


def sentences(parts):
    """Group parts of text: what shows stays with what announces it and with what goes on."""
    groups = [parts[:1]]
    for last, part in zip(parts, parts[1:]):
        shown = part.kind == "formula" or part.html.startswith("<table")
        goes_on = last.kind == "formula" and re.match(r"<p>[a-z]", part.html)
        listed = all(re.match("<[uo]l>", item.html) for item in (last, part))
        announced = last.html.rstrip().endswith(":</p>") or (listed and len(groups[-1]) > 1)
        if (shown or goes_on or announced) and height_of([*groups[-1], part]) <= ROOM:
            groups[-1].append(part)
        else:
            groups.append([part])
    return groups


def text_pages(parts):
    """Distribute text over slides; a paragraph that begins in bold begins a slide."""
    total = height_of(parts)
    room = total / -(-total // TEXT_ROOM) + LINE if parts else TEXT_ROOM  # about as much on each
    pages = [[]]
    for group in sentences(parts) if parts else []:
        used = height_of(pages[-1])
        bold = group[0].html.startswith("<p><strong>") and used > 3 * LINE
        full = used + group[0].height > room or used + height_of(group) > ROOM
        if pages[-1] and (bold or full):
            pages.append([])
        pages[-1] += group
    return [page for page in pages if page]


def lay_out(parts):
    """Distribute text, and the code and results after it, over as few slides as they need."""
    if height_of(parts) <= (TEXT_ROOM if is_text(parts) else ROOM):
        return [parts]
    figures = 0  # that end the parts: on a slide of their own, and as large as it allows
    while figures < len(parts) and parts[-1 - figures].kind == "figure":
        if height_of(parts[-1 - figures :]) > ROOM:
            break
        figures += 1
    if figures and is_thin(parts[:-figures]) and height_of(parts) <= room_for_words(parts):
        return [parts]
    if 0 < figures < len(parts):
        return [*lay_out(parts[:-figures]), parts[-figures:]]
    first = next((n for n, part in enumerate(parts) if not is_text([part])), len(parts))
    pages, shown = text_pages(parts[:first]), []
    for part in reversed(parts[first:]):  # from the end, so that a result stays with its code
        if shown and height_of([part, *shown[0]]) <= ROOM:
            shown[0].insert(0, part)
        else:
            shown.insert(0, [part])
    if pages and shown:
        last = sentences(pages[-1])[-1]
        if height_of(pages[-1] + shown[0]) <= ROOM:
            shown[0] = pages.pop() + shown[0]
        elif len(pages[-1]) > len(last) and height_of(last + shown[0]) <= ROOM:
            shown[0] = last + shown[0]
            del pages[-1][-len(last) :]
    return pages + shown


def belongs(page, shown, last_word):
    """Whether a page goes on what a slide shows: one of both is thin, or it is a last word."""
    follows = last_word and not is_text(shown)
    thin = is_thin(shown) or (is_thin(page) and page[-1].kind != "code")  # code announces a result
    room = room_for_words(shown) if follows else ROOM
    return (follows or thin) and height_of(shown + page) <= room


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
                cell.source = ""
        for deeper in (False, True):  # what goes deeper stands behind the last slide of the lecture
            for cell in notebook.cells:
                if deeper == ("deeper" in cell.metadata.get("tags", [])):
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
                re.match(r" *assert |if .*:$", line) for line in cell.source.splitlines()
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
        lead_in = self.waiting and is_text(self.waiting) and is_thin(self.waiting)
        if len(level) > 2 and lead_in and self.title == self.sections[-1].heading:
            if not self.sections[-1].slides:
                self.title += f" · {text}"
                return
        self.flush()
        self.title, self.joins = text, False
        if len(level) <= 2 or text.startswith(DEEPER):
            self.sections.append(Section(text))

    def flush(self):
        """Put what waits on slides."""
        waiting, self.waiting = self.waiting, []
        kind = (
            "opening" if len(self.sections) == 1 else "pitfall" if "Pitfall" in self.title else ""
        )
        for page in lay_out(waiting) if waiting else []:
            slides = self.sections[-1].slides
            if self.joins and belongs(page, slides[-1].parts, last_word=is_text(waiting)):
                page[0].step = True
                slides[-1].parts += page
            else:
                slides.append(Slide(title_html(self.title), page, kind=kind))
            self.joins = True


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
        clicks += len(part.instead)


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
