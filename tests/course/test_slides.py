"""Slides: what of a notebook becomes a slide, in which order, and what a click shows."""

import base64
import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

import cv2
import nbformat
import numpy as np
import pytest
from nbformat import v4

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))

spec = importlib.util.spec_from_file_location("make_slides", ROOT / "docs" / "make_slides.py")
make_slides = importlib.util.module_from_spec(spec)
spec.loader.exec_module(make_slides)

OPENING = """# 9 · Light

**What is light?**

After this notebook you can

* see.

Running time: about 1 second."""
NOTES = """# Notes

Bring a lamp.

## 9.1 First

* **Time:** 5 minutes

## Summary

Ask $1 < 2$.
"""


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


def figure(height, width):
    return picture(np.zeros((height, width), np.uint8))


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


def shapes(html):
    """Height and width of the pictures inside HTML."""
    found = re.findall(r'base64,([^"]+)"', html)
    decoded = [np.frombuffer(base64.b64decode(data), np.uint8) for data in found]
    return [cv2.imdecode(data, cv2.IMREAD_GRAYSCALE).shape for data in decoded]


def write(folder, *cells):
    path = folder / "09_light.ipynb"
    nbformat.write(v4.new_notebook(cells=[text(OPENING), *cells]), path)
    return path


# --- structure ------------------------------------------------------------------------------------


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
    assert [section.heading for section in deck.sections] == [
        "9 · Light",
        "9.1 First",
        "9.2 Second",
    ]
    assert kinds(deck) == [["text+code+result+text", "text+code+result"], ["text"]]
    assert [slide.kind for slide in deck.sections[1].slides] == ["", "pitfall"]


@pytest.mark.parametrize("bare", ["assert 1 < 2", 'if source == "MNIST":\n    assert 1 < 2'])
def test_assertions_stay_only_beside_text(bare):
    deck = deck_of(text("## A\n\nOne."), code(bare), code("3", printed("3")), code(bare))
    assert kinds(deck) == [["text+code+code+result"]]


def test_a_figure_without_room_gets_a_slide_of_its_own():
    wide, tall = figure(100, 400), figure(400, 400)
    lines = code("a\n" * 6, wide), code("a\n" * 6, tall)
    deck = deck_of(text("## A\n\nOne."), lines[0], text("Two."), lines[1])
    assert kinds(deck) == [["text+code+figure", "text+code", "figure"]]


def test_a_long_result_stays_with_its_code_rather_than_with_all_text():
    prose = "\n\n".join(["word " * 50] * 3)
    deck = deck_of(text(f"## A\n\n{prose}"), code("a\n" * 6, printed("b\n" * 5)))
    assert kinds(deck)[0][-1].endswith("code+result")
    assert sum(kind.count("text") for kind in kinds(deck)[0]) == 3


def test_long_text_is_split_between_paragraphs_and_loses_none():
    prose = [f"{number} " + "word " * 60 for number in range(12)]
    deck = deck_of(text("## A\n\n" + "\n\n".join(prose)))
    assert len(kinds(deck)[0]) > 2
    assert sum(kind.count("text") for kind in kinds(deck)[0]) == 12
    assert all(make_slides.height_of(s.parts) <= make_slides.ROOM for s in deck.sections[1].slides)


def test_code_and_results_are_cut_to_what_a_room_can_read():
    deck = deck_of(text("## A"), code("a = 1\n" * 30, printed("b\n" * 30)))
    code_part, result = [part for slide in deck.sections[1].slides for part in slide.parts]
    assert code_part.html.count("\n") <= 16
    assert "…" in code_part.html
    assert result.html.count("\n") == 19
    assert "…" in result.html


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


def test_code_that_only_draws_gives_way_to_its_figure():
    drawing = code("figure, (panel,) = panels()\nshow_figure(figure)", figure(100, 300))
    assert kinds(deck_of(text("## A"), drawing)) == [["figure"]]


def test_metadata_overrides_the_rule():
    deck = deck_of(
        text("## A\n\nOne."),
        text("Two.", "subslide"),
        text("Three.", "-"),
        text("Four.", "fragment"),
        text("Five.", "skip"),
        text("Six.", "notes"),
        text("Seven.", "slide"),
    )
    assert kinds(deck) == [["text", "text+text+text"], ["text"]]
    second = deck.sections[1].slides[1]
    assert [clicks for _, clicks in make_slides.in_steps(second)] == [0, 0, 1]
    assert "Six." in second.notes
    assert "Five." not in make_slides.render(deck, "")


# --- clicks, pictures, notes ----------------------------------------------------------------------


def test_formulas_and_results_wait_for_a_click_and_bring_what_follows():
    derivation = deck_of(text("## A\n\nSo\n\n$$ a $$\n\nand\n\n$$ b $$\n\ndone."))
    (slide,) = derivation.sections[1].slides
    assert [clicks for _, clicks in make_slides.in_steps(slide)] == [0, 1, 1, 2, 2]
    experiment = deck_of(text("## A\n\nGuess."), code("1 + 1", printed("2")), text("It is 2."))
    (slide,) = experiment.sections[1].slides
    assert [clicks for _, clicks in make_slides.in_steps(slide)] == [0, 0, 1, 2]


def test_figures_have_the_authors_words_or_the_titles_of_their_panels():
    own = code("f()", figure(90, 300), mystnb={"image": {"alt": 'A "lamp"'}})
    deck = deck_of(text("## A"), own, code("f()", figure(90, 300)))
    html = make_slides.render(deck, "")
    assert 'alt="A &quot;lamp&quot;"' in html
    assert 'alt="Figure: left, right"' in html
    assert "[left]" not in html


def test_pictures_of_markdown_are_inside_the_deck():
    deck = deck_of(text("## A\n\n![An array, with a[1, 2]\nmarked](../images/pixel_grid.svg)"))
    html = make_slides.render(deck, "")
    assert 'src="data:image/svg+xml;base64,' in html
    assert 'alt="An array, with a[1, 2] marked"' in html


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


def test_white_margins_of_a_figure_are_cut():
    png = np.full((300, 800), 255, np.uint8)
    png[100:150, 200:400] = 0
    (_, slide) = [
        s
        for section in deck_of(text("## A"), code("f()", picture(png))).sections
        for s in section.slides
    ]
    (part,) = [part for part in slide.parts if part.kind == "figure"]
    assert shapes(part.html) == [(50, 200)]


def test_settings_of_explore_take_turns_at_a_click():
    rows = np.full((90, 100), 255, np.uint8)
    rows[10:20, 10:90], rows[45:50, 30:40], rows[65:85, 20:30] = 0, 100, 200
    twin = "a = 1, b = 2\n[left]\nimage\na = 3, b = 2\n[left]\nimage\na = 5, b = 2\n[left]\nimage"
    deck = deck_of(text("## A\n\nDrag it."), code("explore(f)", picture(rows, twin)), text("End."))
    (slide,) = deck.sections[1].slides
    assert "Change it." in slide.parts[0].html
    assert [clicks for _, clicks in make_slides.in_steps(slide)] == [0, 1, 4]
    first, second, third = (
        shapes(html)[0] for html in [slide.parts[1].html, *slide.parts[1].instead]
    )
    assert first == second == third == (20, 80)  # cut alike, so that nothing jumps
    html = make_slides.render(deck, "")
    assert 'alt="a = 5, b = 2"' in html
    assert re.findall(r'"instead fragment" data-fragment-index="(\d)"', html) == ["2", "3"]


def test_narrow_figures_of_a_cell_stand_side_by_side():
    deck = deck_of(text("## A"), code("f()", figure(300, 400), figure(200, 400)))
    _, part = deck.sections[1].slides[0].parts
    assert shapes(part.html) == [(300, 400), (200, 400)]
    assert kinds(deck_of(text("## A"), code("f()", figure(200, 500), figure(200, 500)))) == [
        ["code+figure+figure"]
    ]


def test_what_is_too_little_for_a_slide_joins_its_neighbour():
    deck = deck_of(
        text("## A"),
        code("1", printed("1")),
        code("2", printed("2")),
        text("Now train it."),
        code("a\n" * 13, printed("3\n3")),
    )
    assert kinds(deck) == [["code+result+code+result+text", "code+result"]]


def test_a_sentence_is_not_torn_at_its_formula_nor_a_list_from_its_announcement():
    filler = "word " * 110
    deck = deck_of(text(f"## A\n\n{filler}\n\nSo\n\n$$ a $$\n\nis small, because:\n\n* b\n* c"))
    assert kinds(deck) == [["text", "text+formula+text+text+text"]]


def test_a_lead_in_shares_the_slide_of_the_first_subsection():
    deck = deck_of(text("## A\n\nTwo questions.\n\n### B\n\nOne.\n\n### C\n\nTwo."))
    assert [slide.title for slide in deck.sections[1].slides] == ["A · B", "C"]
    assert "Two questions." in words(deck.sections[1].slides[0])


def test_a_formula_is_not_parted_from_its_comma():
    html = make_slides.to_html("Let $x$, and $y = 1$ with $$ z $$.")
    assert re.findall('unbroken">(.*?)</span>', html) == ["$x$,", "$y = 1$"]


# --- the course's own notebooks -------------------------------------------------------------------


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_decks_name_no_other_host(path):
    html = make_slides.make_deck(path)
    assert "://" not in html
    assert "<script src=" in html
    assert set(re.findall(r'(?:src|href)="(\w+)[:/]', html)) <= {"shared", "data"}


def test_links_keep_their_words_and_lose_their_address():
    html = make_slides.to_html("See [the *book*](https://example.org) and <https://example.org/>.")
    assert "the <em>book</em>" in html
    assert "href" not in html


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_slide_is_a_lonely_sentence(path):
    deck = make_slides.Deck(nbformat.read(path, as_version=4), path.parent)
    for section in deck.sections:
        for slide in section.slides:
            assert make_slides.height_of(slide.parts) > 2 * make_slides.LINE, words(slide)


def test_each_step_of_the_proof_is_a_slide_with_its_formula_at_a_click():
    notebook = nbformat.read(ROOT / "notebooks" / "02_equalization.ipynb", as_version=4)
    deck = make_slides.Deck(notebook, ROOT / "notebooks")
    slides = [slide for section in deck.sections for slide in section.slides]
    for step in "12345":
        (slide,) = [one for one in slides if f"<strong>Step {step}." in str(one.parts)]
        clicks = {part.kind: clicks for part, clicks in make_slides.in_steps(slide)}
        assert clicks["formula"] > 0


# --- what npm brings ------------------------------------------------------------------------------


def test_without_what_npm_brings_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(make_slides, "MODULES", tmp_path / "none")
    with pytest.raises(SystemExit, match=r"npm brings.*Install Node.js, run `npm ci` in docs/"):
        make_slides.build([], tmp_path / "slides")
    assert not (tmp_path / "slides").exists()


def test_make_says_that_npm_is_missing(tmp_path):
    for tool in ("make", "sh", "id", "sed", "grep"):
        (tmp_path / tool).symlink_to(shutil.which(tool))
    command = ["make", "--always-make", "docs/node_modules"]
    environment = {**os.environ, "PATH": str(tmp_path)}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert run.returncode != 0
    assert "npm is missing" in run.stdout
    assert "install Node.js" in run.stdout


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
