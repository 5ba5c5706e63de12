"""Slides: what of a notebook becomes a slide, in which order, and what a click shows."""

import base64
import re
from pathlib import Path

import cv2
import make_slides
import nbformat
import numpy as np
import pytest
from nbformat import v4

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))

OPENING = "# 9 · Light\n\n**What is light?**\n\nAfter this notebook you can\n\n* see."
OPENING += "\n\nRunning time: about 1 second."
NOTES = "# Notes\n\nBring a lamp.\n\n## 9.1 First\n\n5 minutes\n\n## Summary\n\nAsk $1 < 2$."


def text(source, slide_type=None):
    metadata = {"slideshow": {"slide_type": slide_type}} if slide_type else {}
    return v4.new_markdown_cell(source, metadata=metadata)


def code(source, *outputs, **metadata):
    return v4.new_code_cell(source, outputs=list(outputs), metadata=metadata)


def printed(lines):
    return v4.new_output("stream", name="stdout", text=lines)


def picture(pixels, twin="[left]\nimage\n[untitled] x\n[right]\nimage"):
    png = cv2.imencode(".png", pixels)[1].tobytes()
    data = {"image/png": base64.b64encode(png).decode(), "text/plain": twin}
    return v4.new_output("display_data", data=data)


def figures(count, height, width):
    return [picture(np.zeros((height, width), np.uint8))] * count


def deck_of(*cells):
    return make_slides.Deck(v4.new_notebook(cells=[text(OPENING), *cells]), ROOT / "notebooks")


def kinds(deck):
    """Kinds of the parts of each slide, section by section, without the opening."""
    return [
        ["+".join(part.kind for part in slide.parts) for slide in section.slides]
        for section in deck.sections[1:]
    ]


def words(slide):
    return re.sub("<[^>]*>", "", slide.title + " " + " ".join(part.html for part in slide.parts))


def shape_of(html):
    """Height and width of the picture inside HTML."""
    data = base64.b64decode(re.search(r'base64,([^"]+)"', html)[1])
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE).shape


def write(folder, *cells):
    path = folder / "09_light.ipynb"
    nbformat.write(v4.new_notebook(cells=[text(OPENING), *cells]), path)
    return path


def test_opening_has_title_question_and_aims_but_no_running_time():
    (section,) = deck_of().sections
    (slide,) = section.slides
    assert " ".join(words(slide).split()) == (
        "9 · Light What is light? After this notebook you can see."
    )


def test_sections_run_to_the_right_and_cells_downward():
    deck = deck_of(
        text("## 9.1 First\n\nOne."),
        code("1 + 1", printed("2")),
        text("Two.\n\n### Pitfall: three\n\nThree."),
        code("3", printed("3")),
        text("## 9.2 Second\n\nFour."),
    )
    assert [one.heading for one in deck.sections] == ["9 · Light", "9.1 First", "9.2 Second"]
    assert kinds(deck) == [["text+code+result+text", "text+code+result"], ["text"]]
    assert [slide.kind for slide in deck.sections[1].slides] == ["", "pitfall"]


BARE, TWO = code("assert 1 < 2"), code("1 + 1", printed("2"))
ALSO_BARE = code('if source == "MNIST":\n    assert 1 < 2')
SIX, THIRTEEN = "a\n" * 6, "a\n" * 13
PROSE, LONG_PROSE = ("\n\n".join(["word " * 40] * count) for count in (3, 10))
SENTENCE = "word " * 110 + "\n\nSo\n\n$$ a $$\n\nis small, because:\n\n* b\n* c"
LAYOUTS = {
    "assertions stay only beside text": (
        [text("One."), BARE, TWO, BARE, ALSO_BARE],
        ["text+code+code+result"],
    ),
    "code that only draws gives way": (
        [code("figure, (panel,) = panels()\nshow_figure(figure)", *figures(1, 100, 300))],
        ["figure"],
    ),
    "a figure stays where there is room": ([code(SIX, *figures(1, 100, 400))], ["code+figure"]),
    "or has a slide of its own": ([code(SIX, *figures(1, 400, 400))], ["code", "figure"]),
    "narrow figures side by side": ([code("f()", *figures(2, 200, 400))], ["code+figure"]),
    "wide ones are two": ([code("f()", *figures(2, 200, 500))], ["code+figure+figure"]),
    "a result stays with its code": (
        [text(PROSE), code(SIX, printed("b\n" * 5))],
        ["text+text", "text+code+result"],
    ),
    "long text is split evenly": (
        [text(LONG_PROSE)],
        ["text+text+text", "text+text+text", "text+text+text+text"],
    ),
    "a last word stays with the result": (
        [code(SIX, printed("b")), text("word " * 80)],
        ["code+result+text"],
    ),
    "too little joins its neighbour": (
        [TWO, TWO, text("Now train it."), code(THIRTEEN, printed("3\n3"))],
        ["code+result+code+result+text", "code+result"],
    ),
    "a sentence is not torn at its formula, nor a list from what announces it": (
        [text(SENTENCE)],
        ["text", "text+formula+text+text+text"],
    ),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_layout(name):
    cells, slides = LAYOUTS[name]
    assert kinds(deck_of(text("## A"), *cells)) == [slides]


def test_code_and_results_are_cut_to_what_a_room_can_read():
    deck = deck_of(text("## A"), code("a = 1\n" * 30, printed("b\n" * 30)))
    for part, most in zip(deck.sections[1].slides[0].parts, (15, 20)):
        assert part.html.count("\n") <= most + 1
        assert "…" in part.html


def test_setup_quizzes_cards_widgets_and_references_are_left_out():
    card = v4.new_output("display_data", data={"text/html": "<b>no</b>", "text/plain": "no"})
    widget = v4.new_output(
        "display_data", data={"application/vnd.jupyter.widget-view+json": {}, "text/plain": "no"}
    )
    deck = deck_of(
        code("from a import (\n    b,\n)\nimport c"),
        text("**Before you start.** Five questions."),
        code('quiz("x", "before")', card),
        text("## A\n\nOne."),
        code("explore(f, a=(0, 1))", widget),
        text("Two."),
        code("1 + 1", printed("2")),
        code("assert f(1)"),
        text("## Exercises\n\nWrite.\n\n### Exercise 9.1 · Shine\n\n5 minutes. Do it."),
        code('check("shine", my_shine)', card),
        text("### Quiz\n\nAgain."),
        text("## Summary\n\n* Light.\n\n## References\n\n* A book."),
    )
    assert kinds(deck) == [["text+text+code+result"], ["text"], ["text"]]
    shown = " ".join(words(section.slides[0]) for section in deck.sections[2:])
    assert " ".join(shown.split()) == "Exercises 9.1 · Shine · 5 minutes Summary Light."


def test_metadata_overrides_the_rule():
    types = ["subslide", "-", "fragment", "skip", "notes", "slide"]
    deck = deck_of(text("## A\n\nOne."), *(text(f"By {kind}.", kind) for kind in types))
    assert kinds(deck) == [["text", "text+text+text"], ["text"]]
    second = deck.sections[1].slides[1]
    assert [clicks for _, clicks in make_slides.in_steps(second)] == [0, 0, 1]
    assert "By notes." in second.notes
    assert "By skip." not in make_slides.render(deck, "")


def test_formulas_and_results_wait_for_a_click_and_bring_what_follows():
    derivation = deck_of(text("## A\n\nSo\n\n$$ a $$\n\nand\n\n$$ b $$\n\ndone."))
    (slide,) = derivation.sections[1].slides
    assert [clicks for _, clicks in make_slides.in_steps(slide)] == [0, 1, 1, 2, 2]
    experiment = deck_of(text("## A\n\nGuess."), code("1 + 1", printed("2")), text("It is 2."))
    (slide,) = experiment.sections[1].slides
    assert [clicks for _, clicks in make_slides.in_steps(slide)] == [0, 0, 1, 2]


def test_figures_have_the_authors_words_or_the_titles_of_their_panels():
    own = code("f()", *figures(1, 90, 300), mystnb={"image": {"alt": 'A "lamp"'}})
    deck = deck_of(text("## A"), own, code("f()", *figures(1, 90, 300)))
    html = make_slides.render(deck, "")
    assert 'alt="A &quot;lamp&quot;"' in html
    assert 'alt="Figure: left, right"' in html
    assert "[left]" not in html


def test_notes_come_to_the_first_slide_of_their_section(tmp_path):
    path = write(
        tmp_path,
        text("## 9.1 First\n\nOne."),
        code("1", printed("1")),
        text("### B\n\nTwo.\n\n## Summary\n\n* Three."),
    )
    (tmp_path / "09_light.md").write_text(NOTES, encoding="utf-8")
    slides = make_slides.make_deck(path, tmp_path).split('<div class="slide">')[1:]
    notes = [re.findall('<aside class="notes">(.*?)</aside>', slide, re.S) for slide in slides]
    assert [len(found) for found in notes] == [1, 1, 0, 1]
    assert "Bring a lamp." in notes[0][0]
    assert "5 minutes" in notes[1][0]
    assert "$1 &lt; 2$" in notes[3][0]


def test_notes_for_no_section_are_refused_by_name(tmp_path):
    path = write(tmp_path, text("## 9.1 First\n\nOne."))
    (tmp_path / "09_light.md").write_text("## 9.1 Frist\n\nAsk.", encoding="utf-8")
    with pytest.raises(ValueError, match=r"09_light.md has notes for '9.1 Frist'(.|\n)*9.1 First"):
        make_slides.make_deck(path, tmp_path)


def test_settings_of_explore_take_turns_at_a_click():
    rows = np.full((90, 100), 255, np.uint8)
    rows[10:20, 10:90], rows[45:50, 30:40], rows[65:85, 20:30] = 0, 100, 200
    twin = "a = 1, b = 2\n[left]\nimage\na = 3, b = 2\n[left]\nimage\na = 5, b = 2\n[left]\nimage"
    deck = deck_of(text("## A\n\nDrag it."), code("explore(f)", picture(rows, twin)), text("End."))
    (slide,) = deck.sections[1].slides
    assert "Change it." in slide.parts[0].html
    assert [clicks for _, clicks in make_slides.in_steps(slide)] == [0, 1, 4]
    settings = [slide.parts[1].html, *slide.parts[1].instead]
    assert [shape_of(html) for html in settings] == [(20, 80)] * 3  # cut alike: nothing jumps
    html = make_slides.render(deck, "")
    assert 'alt="a = 5, b = 2"' in html
    assert re.findall(r'"instead fragment" data-fragment-index="(\d)"', html) == ["2", "3"]


def test_a_lead_in_shares_the_slide_of_the_first_subsection():
    deck = deck_of(text("## A\n\nTwo questions.\n\n### B\n\nOne.\n\n### C\n\nTwo."))
    assert [slide.title for slide in deck.sections[1].slides] == ["A · B", "C"]
    assert "Two questions." in words(deck.sections[1].slides[0])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_decks_name_no_other_host(path):
    html = make_slides.make_deck(path)
    assert "://" not in html
    assert set(re.findall(r'(?:src|href)="(\w+)[:/]', html)) == {"shared", "data"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_slide_is_a_lonely_sentence(path):
    deck = make_slides.Deck(nbformat.read(path, as_version=4), path.parent)
    for slide in (slide for section in deck.sections for slide in section.slides):
        assert make_slides.height_of(slide.parts) > 2 * make_slides.LINE, words(slide)


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
    make_slides.build([write(tmp_path, text("## A\n\nOne."))], folder)
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    shared = {f"shared/{name}" for name in [*make_slides.VENDORED, "slides.css"]}
    assert found == {"09_light.html"} | shared
    html = (folder / "09_light.html").read_text(encoding="utf-8")
    loaded = set(re.findall(r'(?:src|href)="(shared/[^"]+)"', html))
    css = (folder / "shared" / "slides.css").read_text(encoding="utf-8")
    loaded |= {f"shared/{name}" for name in re.findall(r'url\("([^"]+)"\)', css)}
    assert loaded <= found
    assert {name for name in found - loaded if "LICENSE" not in name} == {"09_light.html"}
