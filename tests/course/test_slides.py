"""Slides: what the tags of a notebook put on a slide, and the decks of the course."""

import base64
import io
import re
from html import unescape
from pathlib import Path

import make_slides
import nbformat
import pytest
from divide import divided
from nbformat import v4
from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
every_deck = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)

OPENING = "# 7 · Light\n\n**What is light?**\n\nAfter this notebook you can\n\n* see.\n\n"
OPENING += "Running time: about 1 second.\n\nClick below."
WHOLE = [make_slides.WHOLE]


def text(source, kind="", **metadata):
    return v4.new_markdown_cell(source, metadata={"slideshow": {"slide_type": kind}} | metadata)


def code(source, *outputs, kind="", **metadata):
    metadata = {"slideshow": {"slide_type": kind}} | metadata
    return v4.new_code_cell(source, outputs=list(outputs), metadata=metadata)


def printed(lines):
    return v4.new_output("stream", name="stdout", text=lines)


def picture(image=None, twin="[left]\nimage\n[untitled] x\n[right]\nimage", **shown):
    file = io.BytesIO()
    (image or Image.new("L", (300, 90))).save(file, "png")
    png = base64.b64encode(file.getvalue()).decode()
    data, metadata = {"image/png": png, "text/plain": twin}, {"image/png": shown}
    return v4.new_output("display_data", data=data, metadata=metadata)


def deck_of(*cells, name="07_pooling"):
    notebook = v4.new_notebook(cells=[text(OPENING, "slide"), *cells])
    return make_slides.Deck(notebook, ROOT / "notebooks", name)


def kinds(deck):
    """Kinds of the parts of each slide but the first, with the click that shows them."""
    return [
        " ".join(f"{part.kind}{clicks or ''}" for part, clicks in slide.steps())
        for slide in deck.slides[1:]
    ]


def last_text(deck):
    (part,) = [part for part in deck.slides[-1].parts if part.kind == "text"]
    return " ".join(re.sub("<[^>]*>", "", part.html).split())


# One slide -----------------------------------------------------------------------------------


def test_slide_types_are_those_of_jupyter():
    deck = deck_of(
        text("## A\n\nOne.", "slide"),
        code("draw()", picture()),
        text("Two.", "fragment"),
        code("1", printed("1")),
        text("Left out.", "skip"),
        text("Say it.", "notes"),
        text("Below.", "subslide"),
        text("### B\n\nThree.", "slide"),
    )
    assert kinds(deck) == ["text figure text1 result1", "text", "text"]
    assert [slide.title for slide in deck.slides] == ["7 · Light", "A", "A", "B"]
    assert [slide.section for slide in deck.slides] == ["7 · Light", "A", "A", "A"]
    assert [slide.aside for slide in deck.slides] == [False, False, True, False]
    assert [slide.number for slide in deck.slides] == [1, 2, 2, 3]
    assert [len(column) for column in deck.columns()] == [1, 2, 1]
    assert len(deck.path()) == 3
    assert deck.slides[1].notes == ["Say it."]
    assert "Left out" not in make_slides.render(deck)


def test_a_heading_that_begins_no_slide_is_left_out_with_what_follows():
    out = text("### To go deeper\n\nNo."), code("1", printed("no"))
    cells = text("## A\n\nOne.", "slide"), *out, text("## B", "slide"), code("2", printed("2"))
    assert kinds(deck_of(*cells)) == ["text", "result"]


@pytest.mark.parametrize(
    ("paragraph", "shown"),
    [
        ("One. Two.", "One."),
        ("It is 1.75, as `a. b` says (see. there). Two.", "It is 1.75, as a. b says (see. there)."),
        ("**Step 2. Say it.** Fix $y$. Two.", "Step 2. Say it. Fix $y$."),
        ("One. Two. Which one? Three.", "One. Which one?"),
        ("* One. Two.\n* Three\n  goes on. Four.", "One. Three goes on."),
        ("A row of\n7. Two.", "A row of 7."),
        ("One. Two.\n\n$$ a. b $$\n\nThree. Four.", "One. $$ a. b $$ Three."),
        ("No end", "No end"),
    ],
)
def test_of_a_text_the_first_sentences_and_the_questions_are_shown(paragraph, shown):
    deck = deck_of(text(f"## A\n\n{paragraph}", "slide"))
    assert last_text(deck) == shown
    kept = [block for block in paragraph.split("\n\n") if block in ("One. Two.", "Three. Four.")]
    assert [note for note in deck.slides[-1].notes if note in kept] == kept


def test_a_tagged_text_is_shown_whole():
    deck = deck_of(text("## A\n\nOne. Two.", "slide", tags=WHOLE))
    assert last_text(deck) == "One. Two."
    assert deck.slides[-1].notes == []


def test_code_is_shown_where_it_is_tagged_and_cards_never():
    card = v4.new_output("display_data", data={"text/html": "<b>no</b>", "text/plain": "no"})
    shown = printed("1"), card, picture()
    bare, whole = (code("a = 1\nprint(a)", *shown, tags=tags) for tags in ([], WHOLE))
    deck = deck_of(text("## A", "slide"), bare, text("## B", "slide"), whole)
    assert kinds(deck) == ["figure", "code result1 figure1"]


def test_a_long_line_of_code_goes_on_farther_to_the_right():
    source = 'def f():\n    """One.\n\n    Two."""\n    return 1 < 2'
    html = make_slides.code_part(source).html
    assert re.findall(r"padding-left: (\d+)ch; text-indent: -(\d+)ch", html) == [
        (str(indent + 4),) * 2 for indent in (0, 4, 0, 4, 4)
    ]
    assert unescape(re.sub("<[^>]*>", "", html)) == source + "\n"


def test_a_heading_within_a_cell_is_refused():
    with pytest.raises(ValueError, match="07_pooling: cut the cell before its heading '### B'"):
        deck_of(text("## A\n\nOne.\n\n### B\n\nTwo.", "slide"))


def test_title_slide_has_question_course_author_and_licence():
    html = make_slides.render(deck_of())
    for words in ("What is light?", "Basic Image Processing", "Haodong Li", "CC-BY-4.0", "BSD-3"):
        assert words in html
    slide, notes = html.split('<aside class="notes">')
    assert "see." not in slide
    assert "see." in notes
    assert "Running time" not in html
    assert "Click below" not in html


def test_exercises_are_listed():
    deck = deck_of(
        text("## Exercises\n\nWrite. Do it.", "slide"),
        text("### Exercise 9.1 · Shine\n\n5 minutes. Do it."),
        code('check("shine", my_shine)', printed("not yet")),
    )
    assert last_text(deck) == "Write. 9.1 · Shine · 5 minutes"


# Pictures ------------------------------------------------------------------------------------


def test_pictures_have_words_no_margins_and_a_largest_size():
    image = Image.new("L", (400, 200), 255)
    ImageDraw.Draw(image).rectangle((100, 50, 299, 149), 0)
    own = code("f()", picture(image), mystnb={"image": {"alt": 'A "lamp"'}})
    deck = deck_of(text("## A", "slide"), own, code("f()", picture()))
    first, second = (part.html for part in deck.slides[1].parts)
    assert 'alt="A &quot;lamp&quot;"' in first
    assert "max-width: 240px; max-height: 120px" in first
    assert 'alt="Figure: left, right"' in second


@pytest.mark.parametrize(("shown", "size"), [({}, (800, 1000)), ({"width": 400}, (400, 500))])
def test_pictures_know_the_size_that_their_lettering_is_for(shown, size):
    high, low = (picture(Image.new("L", (800, height)), **shown) for height in (1000, 300))
    deck = deck_of(text("## A", "slide"), code("f()", high), code("f()", low))
    first, second = (part.html for part in deck.slides[1].parts)
    assert 'width="{}" height="{}" class="tall"'.format(*size) in first
    assert "tall" not in second


def test_settings_of_explore_take_turns_at_a_click():
    rows = Image.new("L", (100, 90), 255)
    for box in [(10, 10, 89, 19), (30, 45, 39, 49), (20, 65, 29, 84)]:
        ImageDraw.Draw(rows).rectangle(box, 100)
    twin = "a = 1, b = 2\n[left]\nimage\na = 3, b = 2\n[left]\nimage\na = 5, b = 2\n[left]\nimage"
    cells = code("explore(f)", picture(rows, twin)), text("End.", "fragment")
    deck = deck_of(text("## A\n\nTry.", "slide"), *cells)
    assert kinds(deck) == ["text figure text3"]
    html = make_slides.render(deck)
    assert 'alt="a = 5, b = 2"' in html
    assert re.findall(r'"instead fragment" data-fragment-index="(\d)"', html) == ["1", "2"]
    assert html.count("max-width: 96px; max-height: 24px") == 3  # cut alike: nothing jumps


# Quizzes -------------------------------------------------------------------------------------


def test_a_quiz_is_a_slide_a_question_and_its_answers_unfold():
    intro = text("**Before you start.** Five. The last question is about these pictures.", "slide")
    deck = deck_of(intro, code("show()", picture()), code('quiz("07_pooling", "before")'))
    assert kinds(deck) == ["text quiz"] * 4 + ["text figure quiz"]
    assert [len(column) for column in deck.columns()] == [1, 5]
    assert len(deck.path()) == 6
    html = deck.slides[1].parts[-1].html
    assert re.findall(r'<th class="right fragment custom"[^>]*>(.*?)</th>', html) == ["6"]
    assert html.count('<td class="fragment"') == html.count("<th") == 5
    with pytest.raises(ValueError, match="which question is about the pictures"):
        deck_of(text("Five.", "slide"), code("show()", picture()), code('quiz("x", "before")'))


# Notes ---------------------------------------------------------------------------------------

NOTES = """# Notes\n\nBring a lamp.\n\n| a | table |\n|---|---|\n\n## A

* **Time:** 5 minutes
* **At:** "the *second*
  slide"
* **Ask:** What?
"""


def test_notes_stand_on_the_slide_that_they_name():
    cells = [
        text(f"{start} slide. Say it.", "slide") for start in ("## A\n\nThe first", "The second")
    ]
    deck = deck_of(*cells)
    make_slides.add_notes(deck, NOTES.replace("the *s", "The *s"), "07.md")
    opening, first, second = ("\n".join(slide.notes) for slide in deck.slides)
    assert "Bring a lamp." in opening
    assert "|" not in opening
    assert "5 minutes" in first
    assert "Ask" not in first
    assert "What?" in second
    make_slides.add_notes(deck, re.sub(r"\* \*\*At(.|\n)*?(?=\* \*\*Ask)", "", NOTES), "07.md")
    assert "What?" in "\n".join(deck.slides[1].notes)


@pytest.mark.parametrize("notes", [NOTES, NOTES.replace("## A", "## B")])
def test_notes_that_belong_to_no_slide_are_refused_by_name(notes):
    with pytest.raises(ValueError, match=r"07.md, [AB]: each note belongs to one slide.* but 0 do"):
        make_slides.add_notes(deck_of(text("## A\n\nOne.", "slide")), notes, "07.md")


# The decks of the course ---------------------------------------------------------------------


@every_deck
def test_deck_is_a_lecture(path):
    path_of_lecture = make_slides.make_deck(path).path()
    assert 20 <= len(path_of_lecture) <= 45
    taught = [slide for slide in path_of_lecture if not slide.shows("quiz")]
    assert sum(slide.shows("figure") for slide in taught) >= 2 / 3 * len(taught)
    assert len(path_of_lecture) - len(taught) == 10  # questions of two quizzes
    for slide in path_of_lecture[1:]:
        shown = "".join(part.html for part in slide.parts)
        assert re.search(r"<img|<pre|<table|<li>|\$\$", shown), f"a lone sentence: {slide.words}"


@every_deck
def test_deck_and_pages_lead_to_each_other(path):
    deck = make_slides.make_deck(path)
    pages = {f"../notebooks/{name.rstrip('/')}.html" for name, _ in divided(path)}
    assert {make_slides.page_of(slide, path.stem) for slide in deck.slides} == pages
    anchors = [slide.anchor for slide in deck.slides if slide.anchor]
    assert {Path(page).stem for page in pages} - {path.stem} <= {*anchors}
    assert len(anchors) == len({*anchors})


@every_deck
def test_deck_names_no_other_host(path):
    html = make_slides.render(make_slides.make_deck(path))
    assert "://" not in html
    assert set(re.findall(r'(?:src|href)="([\w.]+)[:/]', html)) == {"shared", "data", ".."}


def test_without_what_npm_brings_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(make_slides, "MODULES", tmp_path / "none")
    with pytest.raises(SystemExit, match=r"npm brings.*Install Node.js, run `npm ci` in docs/"):
        make_slides.build([], tmp_path / "slides")
    assert not (tmp_path / "slides").exists()


def test_build_writes_decks_and_only_what_they_load(tmp_path, monkeypatch):
    for name in make_slides.VENDORED:
        (tmp_path / "modules" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "modules" / name).write_text(name, encoding="utf-8")
    monkeypatch.setattr(make_slides, "MODULES", tmp_path / "modules")
    folder = tmp_path / "slides"
    folder.mkdir()
    (folder / "00_gone.html").write_text("old", encoding="utf-8")
    paths = [tmp_path / "09_light.ipynb", tmp_path / "10_untagged.ipynb"]
    for path, kind in zip(paths, ["slide", ""]):
        nbformat.write(v4.new_notebook(cells=[text(OPENING, kind)]), path)
    make_slides.build(paths, folder)
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    shared = {f"shared/{name}" for name in [*make_slides.VENDORED, "slides.css"]}
    assert found == {"09_light.html"} | shared
    html = (folder / "09_light.html").read_text(encoding="utf-8")
    loaded = set(re.findall(r'(?:src|href)="(shared/[^"]+)"', html))
    css = (folder / "shared" / "slides.css").read_text(encoding="utf-8")
    loaded |= {f"shared/{name}" for name in re.findall(r'url\("([^"]+)"\)', css)}
    assert loaded <= found
    assert {name for name in found - loaded if "LICENSE" not in name} == {"09_light.html"}
