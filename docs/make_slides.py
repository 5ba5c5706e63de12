"""Turn notebooks into slides: docs/build/slides/NN_topic.html.

Nothing is run: the slides show the stored outputs. A slide is what the author of a notebook has
tagged as one, with the slide types of Jupyter; `docs/presenting.md` says how. reveal.js and MathJax
come from `npm ci` in docs/ and are copied beside the slides, so that these need no network.
"""

import base64
import io
import re
import shutil
import sys
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import jinja2
import nbformat
import yaml
from divide import with_code
from myst_parser.slugs import github_slugify
from nbconvert.filters import markdown2html
from PIL import Image, ImageOps
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from exercises.checker.catalogue import find_questions
from exercises.checker.quizzes import Quiz

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

WHOLE = "whole-on-slide"  # tag of a cell that shows all of its text, or its code
ENLARGED = 1.2  # a picture is at most so many times as large as it is stored
TALL = 360  # a figure higher than that would be shrunk below its words: it stands beside them
ITEM = r"(?:[*-]|\d+\.) "  # how one of a list begins
# A sentence goes up to its end mark, which none in a formula, in code, in bold or in brackets is.
SENTENCE = re.compile(
    rf"(?:{ITEM})?(?:\$[^$]+\$|`[^`]+`|\*\*.+?\*\*|\([^)]*\)|[^.?!]|[.?!](?!\s|$))+[.?!]?", re.S
)
PICTURED = re.compile(r"\b(first|second|third|fourth|last)\b[\w ]* is about these")


@dataclass
class Part:
    """A piece of a slide."""

    kind: str  # text, code, result, figure or quiz
    html: str
    step: bool = False  # appears at a click
    instead: list = field(default_factory=list)  # pictures that take its place, one a click


@dataclass
class Slide:
    title: str
    section: str  # the heading of level 1 or 2 above it
    kind: str = ""  # "opening", "pitfall", or nothing
    parts: list = field(default_factory=list)
    notes: list = field(default_factory=list)  # markdown
    words: str = ""  # the text that it shows, as it is read
    below: bool = False  # below the slide before it, not to the right
    aside: bool = False  # off the path of the lecture
    anchor: str = ""  # of its heading, where the heading is new
    number: int = 0  # on the path; an aside has that of the slide above

    def shows(self, kind):
        return any(part.kind == kind for part in self.parts)

    def steps(self):
        """Yield each part and the number of clicks that show it.

        What follows a step comes with it.
        """
        clicks = 0
        for part in self.parts:
            clicks += part.step
            yield part, clicks
            clicks += len(part.instead)


# --- text -----------------------------------------------------------------------------------------


def to_html(markdown):
    """HTML of markdown; links would lead away from the slides, so only their text stays."""
    html = re.sub(r"<a [^>]*>(.*?)</a>", r"\1", markdown2html(markdown), flags=re.S)
    return re.sub(r"(?<!\$)\$[^$]+\$[,.;:)?]?", r'<span class="unbroken">\g<0></span>', html)


def inline_html(markdown):
    return re.sub(r"^<p>|</p>$", "", to_html(markdown).strip())


def as_read(markdown):
    """Text without the signs of markdown and TeX, to look for words in it."""
    text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", markdown)
    return " ".join(re.sub(r"[*`\\$]", "", text).split())


def blocks_of(markdown):
    """Split markdown at blank lines, below headings, and between the items of a list."""
    for block in re.split(r"\n\s*\n", re.sub(r"(?m)^(#+ .*)", r"\1\n", markdown.strip())):
        if re.match(ITEM, block):
            yield from re.split(rf"\n(?={ITEM})", block)
        else:
            yield block


def abridged(block):
    """The first sentence of a paragraph or an item, and its questions; all of anything else."""
    if block.startswith(("$$", "|")):
        return block
    sentences = SENTENCE.findall(block)
    return "".join(one for n, one in enumerate(sentences) if n == 0 or one.endswith("?"))


# --- from cells to parts --------------------------------------------------------------------------


def code_part(code):
    """Part for code; a line that is too long goes on farther to the right than it begins."""
    code = re.sub(r"\n{3,}", "\n\n", code)
    lines = highlight(code, PythonLexer(), HtmlFormatter(nowrap=True)).splitlines()
    for number, (plain, line) in enumerate(zip(code.splitlines(), lines)):
        hang = len(plain) - len(plain.lstrip()) + 4
        style = f"padding-left: {hang}ch; text-indent: -{hang}ch"
        lines[number] = f'<span class="line" style="{style}">{line}\n</span>'
    return Part("code", f'<div class="highlight"><pre>{"".join(lines)}</pre></div>')


def image_of(mime, data, alt, size, drawn):
    """HTML of a picture of `size` pixels, given as bytes; its lettering is for the size `drawn`."""
    address = f"data:{mime};base64,{base64.b64encode(data).decode()}"
    wide, high = (f"{ENLARGED * side:.0f}px" for side in size)
    tall = ' class="tall"' if drawn[1] > TALL else ""
    return (
        f'<img src="{address}" alt="{escape(alt)}" width="{drawn[0]}" height="{drawn[1]}"{tall}'
        f' style="max-width: {wide}; max-height: {high}">'
    )


def drawing_part(block, folder):
    """Part for a drawing (SVG) in markdown, whose path is relative to `folder`."""
    alt, path = re.fullmatch(r"!\[(.*)\]\(([^)]+)\)", block, re.S).groups()
    data = (folder / path).read_bytes()
    drawn = [int(side) for side in re.search(rb'viewBox="0 0 (\d+) (\d+)"', data).groups()]
    large = 2000, 2000  # a drawing has no pixels
    return Part("figure", image_of("image/svg+xml", data, " ".join(alt.split()), large, drawn))


def figure_part(png, twin, alt, shown=None):
    """Part for a stored figure, without its white margins.

    In a notebook it is `shown` pixels wide, however many are stored. Where `explore` stored several
    settings one below the other, each gets the whole slide at a click. Their captions in the text
    twin begin alike: ``sigma = 1``, ``sigma = 41``.
    """
    control = re.match(r"([^\n\[=]*) = ", twin)
    captions = re.findall(rf"^{re.escape(control[0])}.*", twin, re.M) if control else [""]
    whole = Image.open(io.BytesIO(png))
    high = whole.height // len(captions)
    tops = [high * number for number in range(len(captions))]
    rows = [whole.crop((0, top, whole.width, top + high)) for top in tops]
    inks = [ImageOps.invert(row.convert("RGB")).getbbox() or (0, 0, *row.size) for row in rows]
    box = [end(side) for end, side in zip((min, min, max, max), zip(*inks))]  # the same for all
    images, dense = [], whole.width / (shown or whole.width)
    for row, words in zip(rows, [alt, *captions[1:]]):
        file, cut = io.BytesIO(), row.crop(box)
        cut.save(file, "png")
        drawn = [round(side / dense) for side in cut.size]
        images.append(image_of("image/png", file.getvalue(), words, cut.size, drawn))
    return Part("figure", images[0], instead=images[1:])


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
            shown = output.metadata.get("image/png", {}).get("width")
            yield figure_part(png, twin, alternative_text(cell, twin), shown)
        elif output.get("name") == "stdout" or set(data) == {"text/plain"}:
            text = (output.get("text") or data["text/plain"]).strip("\n").rstrip()
            yield Part("result", f"<pre>{escape(text)}</pre>")


def code_parts(cell):
    """Parts of a code cell: its figures, or what it prints; if it is tagged, all, and its code."""
    results = list(result_parts(cell))
    if WHOLE not in cell.metadata.get("tags", []):
        return [result for result in results if result.kind == "figure"] or results
    if results:
        results[0].step = True  # let the class predict it
    return [code_part(cell.source), *results]


# --- from parts to slides -------------------------------------------------------------------------


class Deck:
    """The slides of a notebook, in their order.

    Parameters
    ----------
    notebook : notebook
    folder : Path
        Where the notebook lies: the paths of its drawings start there.
    name : str
    """

    def __init__(self, notebook, folder, name):
        self.slides, self.folder, self.name = [], folder, name
        self.exercises = exercises_of(notebook)
        left_out = True
        for cell in notebook.cells:
            kind = cell.metadata.get("slideshow", {}).get("slide_type", "")
            heading = cell.cell_type == "markdown" and re.match(r"#+ ", cell.source)
            if kind in ("slide", "subslide"):
                left_out = False
                self.begin(cell, below=kind == "subslide")
            elif heading and not kind:
                left_out = True
            if kind == "notes":
                self.slides[-1].notes.append(cell.source)
            elif kind != "skip" and not left_out:
                self.add(cell, step=kind == "fragment")
        number = 0
        for slide in self.slides:
            number += not slide.aside
            slide.number = number

    def begin(self, cell, below):
        found = re.match(r"(#+) (.*)", cell.source) if cell.cell_type == "markdown" else None
        last = self.slides[-1] if self.slides else Slide("", "", kind="opening")
        level, title = (len(found[1]), found[2]) if found else (9, last.title)
        section = title if level <= 2 else last.section
        slide = Slide(title, section, below=below, aside=below)
        if not self.slides:
            slide.kind = "opening"
        elif "Pitfall" in title:
            slide.kind = "pitfall"
        if found and all(github_slugify(title) != other.anchor for other in self.slides):
            slide.anchor = github_slugify(title)
        slide.words = as_read(title)
        self.slides.append(slide)

    def add(self, cell, step):
        """Put a cell on the last slide."""
        if cell.cell_type == "markdown":
            parts = self.text_parts(cell)
        elif quiz := re.match(r'quiz\("\w+", "(\w+)"\)', cell.source):
            return self.add_quiz(quiz[1])
        else:
            parts = code_parts(cell)
        if parts:
            parts[0].step |= step
        self.slides[-1].parts += parts

    def text_parts(self, cell):
        """Parts of a text: its first sentences. The paragraphs that they begin become notes."""
        slide, shown, parts = self.slides[-1], [], []
        heading, *blocks = blocks_of(cell.source)
        if not heading.startswith("#"):
            blocks.insert(0, heading)
        for block in blocks:
            if block.startswith("#"):
                raise ValueError(f"{self.name}: cut the cell before its heading {block!r}")
            if block.startswith("!["):
                parts.append(drawing_part(block, self.folder))
                continue
            words = block if WHOLE in cell.metadata.get("tags", []) else abridged(block)
            shown.append(words)
            if words != block:
                slide.notes.append(block)
        if slide.kind == "opening":
            slide.notes, shown = ["\n".join(blocks[1:-2])], blocks[:1]  # the aims; not how to run
        if slide.title == "Exercises":
            shown += self.exercises
        slide.words += " " + as_read(" ".join(shown))
        return [Part("text", to_html("\n\n".join(shown)))] * bool(shown) + parts

    def add_quiz(self, when):
        """Make each question of a quiz a slide, the first of them the slide that announces it.

        The pictures of that slide come to the question that it names: "The last one is about …".
        """
        intro = self.slides.pop()
        pictures = [part for part in intro.parts if part.kind == "figure"]
        questions = Quiz(self.name, when, find_questions(self.name, when)).questions
        named = PICTURED.search(" ".join([intro.words, *map(as_read, intro.notes)]))
        if bool(named) != bool(pictures):
            raise ValueError(f"{self.name}: of quiz {when}, which question is about the pictures?")
        order = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": len(questions)}
        for number, (question, answers) in enumerate(questions, 1):
            what = "Before you start" if when == "before" else "Quiz"
            slide = Slide(f"{what}: question {number} of {len(questions)}", intro.section)
            if number == 1:
                slide.notes, slide.anchor = intro.notes, intro.anchor
            slide.below = number > 1
            slide.parts.append(Part("text", f"<p>{with_code(question)}</p>"))
            if pictures and number == order[named[1]]:
                slide.parts += pictures
            slide.parts.append(Part("quiz", quiz_html(answers)))
            slide.words = f"{slide.title} {question}"
            self.slides.append(slide)

    def columns(self):
        """Lists of slides: each begins to the right of the one before, and goes down."""
        columns = []
        for slide in self.slides:
            if slide.below:
                columns[-1].append(slide)
            else:
                columns.append([slide])
        return columns

    def path(self):
        """The slides that the lecture shows, one after the other."""
        return [slide for slide in self.slides if not slide.aside]


def exercises_of(notebook):
    """List of the exercises with their minutes, in markdown."""
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    found = re.findall(r"^### Exercise (.*)\n\n(\d+ minutes)", text, re.M)
    return [f"* {title} · {minutes}" for title, minutes in found]


def quiz_html(answers):
    """The answers of a question; at a click the right one is marked, and each gets its reason."""
    rows = ""
    for answer, why, is_right in answers:
        mark = ' class="right fragment custom" data-fragment-index="0"' if is_right else ""
        reason = f'<td class="fragment" data-fragment-index="0">{with_code(why)}</td>'
        rows += f"<tr><th{mark}>{with_code(answer)}</th>{reason}</tr>"
    return f"<table>{rows}</table>"


# --- notes of the teacher -------------------------------------------------------------------------


def add_notes(deck, text, file):
    """Bring the notes in `text` to the slides that they belong to.

    What comes before the first section goes to the first slide, the minutes of a section to its
    first slide. The rest goes to the slide that shows the words after "At:", else there as well.
    """
    opening, *sections = re.split(r"^## ", text, flags=re.M)
    deck.slides[0].notes.insert(0, re.sub(r"^(# |\|).*\n", "", opening, flags=re.M))
    for section in sections:
        heading, *items = re.split(r"^(?=\* \*\*)", section, flags=re.M)
        slides = [slide for slide in deck.slides if slide.section == heading.strip()]
        place = slides[:1]
        for item in items:
            if at := re.fullmatch(r'\* \*\*At:\*\* "(.*)"\s*', item, re.S):
                place = [slide for slide in slides if as_read(at[1]) in slide.words]
                items.remove(item)
        if len(place) != 1:
            known = "\n  ".join(slide.words for slide in slides) or "the section has no slide"
            raise ValueError(
                f"{file}, {heading.strip()}: each note belongs to one slide, which shows the words"
                f" after At, but {len(place)} do. Slides are:\n  {known}"
            )
        place[0].notes.insert(0, "".join(items[1:]))
        slides[0].notes.insert(0, items[0])


# --- from slides to files -------------------------------------------------------------------------


def page_of(slide, name):
    """Address of the page of the website that a slide belongs to; `docs/divide.py` makes pages."""
    section = "" if slide.section.startswith(f"{int(name[:2])} · ") else slide.section
    return (
        f"../notebooks/{name}/{github_slugify(section)}.html"
        if section
        else (f"../notebooks/{name}.html")
    )


def render(deck):
    """HTML of a deck."""
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(DOCS / "slides"))
    environment.filters |= {"html": to_html, "inline": inline_html}
    citation = yaml.safe_load((DOCS.parent / "CITATION.cff").read_text(encoding="utf-8"))
    template = environment.get_template("deck.html.j2")
    return template.render(deck=deck, citation=citation, page_of=page_of)


def make_deck(path, teach=TEACH):
    """Deck of the notebook at `path`, with the notes in the folder `teach`."""
    deck = Deck(nbformat.read(path, as_version=4), path.parent, path.stem)
    notes = teach / f"{path.stem}.md"
    if deck.slides and notes.exists():
        add_notes(deck, notes.read_text(encoding="utf-8"), notes.name)
    return deck


def build(paths, folder):
    """Write the decks of the notebooks at `paths`, and what they load, into a new `folder`.

    A notebook without any slide type has no deck.
    """
    if not all((MODULES / name).exists() for name in VENDORED):
        sys.exit(
            "The slides need reveal.js and MathJax, which npm brings. "
            "Install Node.js, run `npm ci` in docs/, and try again."
        )
    decks = {path.stem: deck for path in paths if (deck := make_deck(path)).slides}
    shutil.rmtree(folder, ignore_errors=True)
    for name in VENDORED:
        target = folder / "shared" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(MODULES / name, target)
    colors = HtmlFormatter(style="xcode").get_style_defs(".highlight")
    css = (DOCS / "slides" / "slides.css").read_text(encoding="utf-8")
    (folder / "shared" / "slides.css").write_text(f"{css}\n{colors}\n", encoding="utf-8")
    for name, deck in decks.items():
        (folder / f"{name}.html").write_text(render(deck), encoding="utf-8")
        print(folder / f"{name}.html")


if __name__ == "__main__":
    build(sorted(NOTEBOOKS.glob("[0-9]*.ipynb")), DOCS / "build" / "slides")
