"""Every slide of every deck, as a room sees it: `make slides` comes first."""

import re
import zlib
from pathlib import Path

import pytest

SLIDES = Path(__file__).resolve().parents[2] / "docs" / "build" / "slides"
NOTEBOOKS = sorted((SLIDES.parents[2] / "notebooks").glob("[0-9]*.ipynb"))
DECKS = [
    path.stem for path in NOTEBOOKS if '"slide_type": "slide"' in path.read_text(encoding="utf-8")
]

# Faults of the slide shown: what sticks out, is too small, scrolls, or is a formula not set.
FAULTS = """() => {
  const faults = [], slide = Reveal.getCurrentSlide();
  const say = (what, node) => faults.push(
    `${slide.dataset.number} (${slide.querySelector("h1, h2").textContent}): ${what}: `
    + (node.textContent.trim() || node.outerHTML).slice(0, 60));
  for (const node of slide.querySelectorAll(".slide *")) {
    if (node.closest("svg, mjx-assistive-mml")) continue;
    const box = node.getBoundingClientRect(), style = getComputedStyle(node);
    if (box.left < 24 || box.right > 1256 || box.bottom > 690) say("sticks out", node);
    if (/auto|scroll/.test(style.overflowX + style.overflowY)) say("can scroll", node);
    if (node.scrollWidth > node.clientWidth + 1 && style.display !== "inline") say("is cut", node);
    const own = [...node.childNodes].filter((child) => child.nodeType === Node.TEXT_NODE);
    const text = own.map((child) => child.textContent).join("").trim();
    if (text && parseFloat(style.fontSize) < 24) say("is small", node);
    if (!node.closest("pre, code") && /[$\\\\]/.test(text)) say("formula is not set", node);
    if (node.matches("mjx-merror")) say("formula is wrong", node);
    if (node.matches("img")) {
      if (!node.naturalWidth || !node.alt) say("has no picture or no words", node);
      const scale = Math.min(box.width / node.naturalWidth, box.height / node.naturalHeight);
      const wide = scale * node.naturalWidth, high = scale * node.naturalHeight;
      if (wide < 600 && high < 220) say("figure is small", node);
      if (scale > 1.21 && !node.src.includes("svg")) say("figure is blurred", node);
      const drawn = node.getAttribute("width");  // a title of Matplotlib has 14 pixels there
      if (wide / drawn < 0.79 && high < 600) say("lettering is small", node);
    }
  }
  const root = document.scrollingElement;
  if (root.scrollHeight > 720 || root.scrollWidth > 1280) say("page scrolls", root);
  return faults;
}"""

# Goes through the deck click by click, aside, too; a fault that stays counts once.
WALK = f"""() => {{
  const faults = new Set(), seen = new Set(), check = {FAULTS};
  for (let more = true; more; ) {{
    check().forEach((fault) => faults.add(fault));
    seen.add(Reveal.getCurrentSlide());
    const routes = Reveal.availableRoutes();
    more = Reveal.availableFragments().next || routes.down || routes.right;
    if (!Reveal.nextFragment()) routes.down ? Reveal.down() : Reveal.right();
  }}
  return {{ faults: [...faults], unseen: Reveal.getTotalSlides() - seen.size }};
}}"""

DRAWING = (
    "data:image/svg+xml,<svg xmlns=%22http://www.w3.org/2000/svg%22 viewBox=%220 0 400 300%22/>"
)
PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="


def open_deck(page, address):
    """Open a deck; the list returned collects what the console complains about."""
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: message.type in ("error", "warning") and complaints.append(message.text),
    )
    page.goto(address)
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    return complaints


@pytest.fixture(scope="module")
def address(serve):
    missing = [name for name in DECKS if not (SLIDES / f"{name}.html").exists()]
    assert not missing, f"run `make slides` first; there are no slides of {missing}"
    return serve(SLIDES)


@pytest.mark.parametrize("name", DECKS)
def test_every_slide_is_whole(page, address, name):
    complaints = open_deck(page, f"{address}{name}.html")
    walk = page.evaluate(WALK)
    assert walk["faults"] == []
    assert walk["unseen"] == 0
    assert complaints == []
    assert page.elsewhere == []


@pytest.mark.parametrize("name", DECKS)
def test_pdf_has_a_page_for_each_slide_and_none_is_blank(page, address, name):
    open_deck(page, f"{address}{name}.html")
    slides = page.evaluate("Reveal.getTotalSlides()")
    open_deck(page, f"{address}{name}.html?print-pdf")
    page.wait_for_selector(".pdf-page")
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    contents = re.findall(rb"/Type /Page\b(?:(?!endobj).)*/Contents (\d+) 0 R", pdf, re.S)
    assert len(contents) == slides
    for number in contents:
        drawn = re.search(rb"\n%s 0 obj\n.*?stream\n(.*?)\nendstream" % number, pdf, re.S)[1]
        assert re.search(rb"\bTj|\bTJ|\bDo", zlib.decompress(drawn))


def test_space_stays_on_the_path_and_arrows_leave_it(page, address):
    open_deck(page, f"{address}07_pooling.html")
    shown = "Reveal.getCurrentSlide().dataset.number"
    wanted = page.evaluate(
        "document.querySelectorAll('.slides section section:not(.aside)').length"
    )
    numbers, last = [], None
    for _ in range(300):
        if (number := page.evaluate(shown)) != last:
            numbers.append(number)
            last = number
        page.keyboard.press("Space")
    assert numbers == [str(number) for number in range(1, wanted + 1)]
    for _ in range(300):
        page.keyboard.press("PageUp")
    assert page.evaluate(shown) == "1"
    page.evaluate("location.hash = '#/72-from-a-loop-to-arrays'")
    for _ in range(10):  # results first, then the slide below
        page.keyboard.press("ArrowRight" if page.evaluate(shown) == "11" else "ArrowDown")
    assert page.evaluate(shown).startswith("below ")


def test_answers_of_a_quiz_unfold(page, address):
    open_deck(page, f"{address}07_pooling.html#/1")
    question = page.locator(".stack.present > .present .quiz")
    mark = "node => getComputedStyle(node, '::before').content"
    assert question.locator(".right").evaluate(mark) == "none"
    assert not question.locator("td").first.is_visible()
    page.keyboard.press("Space")
    question.locator("td").first.wait_for(state="visible")
    assert "✓" in question.locator(".right").evaluate(mark)


@pytest.mark.parametrize("place", ["on disk", "served"])
def test_speaker_sees_notes_next_slide_and_time(page, address, place):
    start = address if place == "served" else f"{SLIDES.as_uri()}/"
    open_deck(page, f"{start}07_pooling.html#/72-from-a-loop-to-arrays")
    shown = "Reveal.getCurrentSlide().dataset.number"
    number = int(page.evaluate(shown))
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    speaker = opened.value
    speaker.get_by_text("Time:").wait_for()
    preview = speaker.frame_locator("#upcoming-slide iframe")
    following = preview.locator(".slides .present > .present")
    following.wait_for()
    assert following.get_attribute("data-number") in (f"{number}", f"{number + 1}")
    time = speaker.locator(".speaker-controls-time .seconds-value")
    time.get_by_text(":02").wait_for()
    for _ in range(20):  # results first, then the next slide
        if page.evaluate(shown) == f"{number}":
            speaker.keyboard.press("Space")
            speaker.wait_for_timeout(600)
    assert page.evaluate(shown) == f"{number + 1}"
    assert page.elsewhere == []


def test_formulas_have_text_for_screen_readers(page, address):
    open_deck(page, f"{address}02_equalization.html")
    formulas = page.locator(".slide mjx-container").count()
    assert formulas == page.locator(".slide mjx-container mjx-assistive-mml math").count() > 40


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<div class=text style='height: 700px'>a</div>", "sticks out"),
        ("<div class=text style='white-space: nowrap'>" + "long " * 99 + "</div>", "is cut"),
        ("<div class=text style='overflow: auto'>a</div>", "can scroll"),
        ("<div class=code><pre style='font-size: 23px'>a</pre></div>", "is small"),
        ("<div class=text>$x$</div>", "formula is not set"),
        ("<mjx-merror>a</mjx-merror>", "formula is wrong"),
        ("<div class=figure><img src='data:,' alt=''></div>", "has no picture or no words"),
        (
            f"<div class=figure style='flex: none; height: 90px'><img src='{DRAWING}'></div>",
            "small",
        ),
        (f"<div class=figure><img src='{PIXEL}'></div>", "figure is blurred"),
        (f"<div class=figure><img src='{DRAWING}' width=2000></div>", "lettering is small"),
    ],
)
def test_the_check_sees(page, address, html, fault):
    open_deck(page, f"{address}07_pooling.html#/75-pitfall-a-mean-is-not-an-integer")
    assert page.evaluate(FAULTS) == []
    slide = page.locator(".slides section.present:not(.stack) > .slide")
    slide.evaluate("(slide, html) => slide.insertAdjacentHTML('beforeend', html)", html)
    page.wait_for_function("[...document.images].every((image) => image.complete)")
    assert any(fault in found for found in page.evaluate(FAULTS))
