"""The board of a class of thirty: read from the last row and on a phone, and renewed by itself."""

import contextlib
import time
from pathlib import Path

import pytest

pytest.importorskip("jupyterhub")

from boards import PREFIX, USERS, Board, Hub, serving

AXE = Path(__file__).resolve().parents[2] / "docs" / "node_modules" / "axe-core" / "axe.min.js"
AUDIT = """
() => axe.run({resultTypes: ["violations"]}).then(found => found.violations.flatMap(
  rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 200)}`)))
"""
SIZES = [(1920, 1080), (1024, 768), (390, 844)]
PROJECTORS = [size for size in SIZES if size[0] > size[1]]
IDEAS = ["stops at the brightest pixel"] * 7 + ["leaves out the empty levels"] * 5
IDEAS += ["gives np.histogram an edge too few", "lets np.histogram choose the range"]
IDEAS += ["takes rows for columns", "counts in uint8", "returns the edges, too"]
CORRECT, CLASS = 8, [f"student{number}" for number in range(30)]


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    """A board on which 30 students have checked an exercise: 8 are correct, 3 wrong in own ways."""
    USERS.update({f"token-of-{name}": {"kind": "user", "name": name} for name in CLASS})
    found = [("correct", None)] * CORRECT + [("wrong", idea) for idea in [*IDEAS, *[None] * 3]]
    with serving(Hub) as port:
        running = Board(f"http://127.0.0.1:{port}/hub/api", tmp_path_factory.mktemp("board"))
        for name, (verdict, idea) in zip(CLASS, found):
            assert running.tell(f"token-of-{name}", verdict, idea)[0] == 200
        yield running
        running.kill()


@pytest.fixture
def visit(browser, board):
    """Function that opens a page of the board for the teacher, at a size and in a colour scheme."""
    with contextlib.ExitStack() as stack:

        def visit(place, size=SIZES[0], scheme="light", **options):
            context = browser.new_context(
                viewport={"width": size[0], "height": size[1]},
                color_scheme=scheme,
                extra_http_headers={"Authorization": "token token-of-teacher"},
                **options,
            )
            page = stack.enter_context(contextlib.closing(context)).new_page()
            page.said = []
            page.on("pageerror", lambda error: page.said.append(str(error)))
            page.goto(board.address + PREFIX + place)
            page.wait_for_selector("h1")
            return page

        yield visit


def in_page(page, expression):
    return page.evaluate(f"() => {expression}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
@pytest.mark.parametrize("place", ["", "names", "idea?exercise=histogram&idea=counts+in+uint8"])
def test_page_is_sound(visit, place, size, scheme):
    page = visit(place, size, scheme, bypass_csp=True)  # the board lets no script in, axe neither
    assert in_page(page, "document.documentElement.scrollWidth") <= size[0]
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert not page.evaluate(AUDIT)
    assert not page.said


@pytest.mark.parametrize("size", PROJECTORS, ids=lambda size: str(size[0]))
def test_wall_is_read_from_the_last_row(visit, size):
    """Without scrolling, in letters of a thirtieth of the picture's height at least."""
    page = visit("", size)
    assert in_page(page, "document.documentElement.scrollHeight") <= size[1]
    for part in (".count", ".ideas a"):
        letters = in_page(page, f"getComputedStyle(document.querySelector('{part}')).fontSize")
        assert float(letters.removesuffix("px")) >= size[1] / 30
    counted = [int(text) for text in page.locator(".ideas b").all_inner_texts()]
    assert counted == [7, 5, 1, 1, 1]
    assert page.inner_text(".count") == f"{CORRECT} of 28 correct"
    assert not any(name in page.inner_text("body") for name in CLASS)


def test_wall_changes_while_it_is_looked_at_and_says_when_it_is_old(visit, board):
    page = visit("?exercise=blend")
    assert page.inner_text(".count") == "0 of 0 correct"
    board.tell("token-of-student3", exercise="blend")
    began = time.monotonic()
    while page.inner_text(".count") != "1 of 1 correct":
        assert time.monotonic() < began + 30  # one second on an idle machine
        page.wait_for_timeout(50)
    page.context.set_offline(True)
    page.wait_for_selector("#away", state="visible")
    page.context.set_offline(False)
    page.wait_for_selector("#away", state="hidden")


def test_exercise_is_chosen_and_theme_kept(visit):
    page = visit("", scheme="light")
    page.select_option("select", "valley")
    page.wait_for_url("**?exercise=valley")
    page.wait_for_selector("text=Exercise 1.10")
    page.click("#theme")
    page.reload()
    assert in_page(page, "document.documentElement.style.colorScheme") == "dark"


def test_idea_leads_to_a_picture_and_a_question(visit):
    page = visit("")
    page.click("text=stops at the brightest pixel")
    page.click("summary:has-text('1.3')")
    page.wait_for_selector("text=Open notebook 01_histograms")
    widths = "[...document.images].map(image => image.naturalWidth)"
    assert all(width > 100 for width in in_page(page, widths))
    page.click('text="in A"')
    assert page.locator("text=Right. The paper is in the shade").is_visible()
