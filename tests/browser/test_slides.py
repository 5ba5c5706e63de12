"""Every slide of every deck, as a room sees it: `make slides` comes first."""

from pathlib import Path

import pytest

SLIDES = Path(__file__).resolve().parents[2] / "docs" / "build" / "slides"
NOTEBOOKS = sorted((SLIDES.parents[2] / "notebooks").glob("[0-9]*.ipynb"))

# Faults of the slide shown: what sticks out, is too small, scrolls, or is a formula not set.
FAULTS = """() => {
  const faults = [], slide = Reveal.getCurrentSlide();
  const say = (what, node) => faults.push(
    `${Reveal.getSlidePastCount() + 1} (${slide.querySelector("h1, h2").textContent}): ${what}: `
    + (node.textContent.trim() || node.outerHTML).slice(0, 60));
  for (const node of slide.querySelectorAll(".slide *")) {
    if (node.closest("svg, mjx-assistive-mml")) continue;
    const box = node.getBoundingClientRect(), style = getComputedStyle(node);
    if (box.left < 24 || box.right > 1256 || box.bottom > 696) say("sticks out", node);
    if (/auto|scroll/.test(style.overflowX + style.overflowY)) say("can scroll", node);
    if (node.scrollWidth > node.clientWidth + 1 && style.display !== "inline") say("is cut", node);
    const own = [...node.childNodes].filter((child) => child.nodeType === Node.TEXT_NODE);
    const text = own.map((child) => child.textContent).join("").trim();
    const code = node.closest("pre, code");
    if (text && parseFloat(style.fontSize) < (node.closest("pre") ? 18 : 24)) say("is small", node);
    if (!code && /[$\\\\]/.test(text)) say("formula is not set", node);
    if (node.matches("mjx-merror")) say("formula is wrong", node);
    if (node.matches("img")) {
      if (!node.naturalWidth || !node.alt) say("has no picture or no words", node);
      const wide = Math.min(box.width, (box.height * node.naturalWidth) / node.naturalHeight);
      if (wide < 0.9 * node.naturalWidth && box.height < 360) say("figure is small", node);
    }
  }
  const root = document.scrollingElement;
  if (root.scrollHeight > 720 || root.scrollWidth > 1280) say("page scrolls", root);
  return faults;
}"""

# Goes through the deck click by click; a fault that stays for several clicks counts once.
WALK = f"""async () => {{
  const faults = new Set(), check = {FAULTS};
  let clicks = 0;
  for (let more = true; more; clicks++) {{
    check().forEach((fault) => faults.add(fault));
    more = Reveal.availableRoutes().right || Reveal.availableRoutes().down
      || Reveal.availableFragments().next;
    Reveal.next();
  }}
  const seen = Reveal.getSlidePastCount() + 1;
  return {{ faults: [...faults], clicks, unseen: Reveal.getTotalSlides() - seen }};
}}"""

DRAWING = (
    "data:image/svg+xml,<svg xmlns=%22http://www.w3.org/2000/svg%22 viewBox=%220 0 400 300%22/>"
)
LOW = "flex: none; height: 100px"  # a figure grows where a slide has room


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
    missing = [path.stem for path in NOTEBOOKS if not (SLIDES / f"{path.stem}.html").exists()]
    assert not missing, f"run `make slides` first; there are no slides of {missing}"
    return serve(SLIDES)


@pytest.mark.parametrize("name", [path.stem for path in NOTEBOOKS])
def test_every_slide_is_whole(page, address, name):
    complaints = open_deck(page, f"{address}{name}.html")
    walk = page.evaluate(WALK)
    assert walk["faults"] == []
    assert walk["unseen"] == 0
    assert walk["clicks"] >= page.evaluate("Reveal.getTotalSlides()") > 20
    assert complaints == []
    assert page.elsewhere == []


def test_formulas_have_text_for_screen_readers(page, address):
    open_deck(page, f"{address}02_equalization.html")
    formulas = page.locator(".slide mjx-container").count()
    assert formulas == page.locator(".slide mjx-container mjx-assistive-mml math").count() > 50


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<div class=text style='height: 700px'>a</div>", "sticks out"),
        ("<div class=text style='white-space: nowrap'>" + "long " * 99 + "</div>", "is cut"),
        ("<div class=text style='overflow: auto'>a</div>", "can scroll"),
        ("<div class=text style='font-size: 23px'>a</div>", "is small"),
        ("<div class=code><pre style='font-size: 17px'>a</pre></div>", "is small"),
        ("<div class=text>$x$</div>", "formula is not set"),
        ("<mjx-merror>a</mjx-merror>", "formula is wrong"),
        ("<div class=figure><img src='data:,' alt=''></div>", "has no picture or no words"),
        (f"<div class=figure style='{LOW}'><img src='{DRAWING}'></div>", "figure is small"),
    ],
)
def test_the_check_sees(page, address, html, fault):
    open_deck(page, f"{address}01_histograms.html#/1")
    assert page.evaluate(FAULTS) == []
    slide = page.locator(".slides section.present:not(.stack) > .slide")
    slide.evaluate("(slide, html) => slide.insertAdjacentHTML('beforeend', html)", html)
    page.wait_for_function("[...document.images].every((image) => image.complete)")
    assert any(fault in found for found in page.evaluate(FAULTS))
