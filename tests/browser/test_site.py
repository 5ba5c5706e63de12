"""The website as a browser shows it: wide and light, narrow and dark, by keyboard, alone.

The site is built once, from the stored notebooks, into a temporary folder.
"""

import gzip
import inspect
import os
import re
import subprocess
import sys
import urllib.parse
from html.parser import HTMLParser
from pathlib import Path

import draw_frames
import make_site
import nbformat
import pytest
from conftest import NARROW, WIDE

from exercises.checker.catalogue import find

AXE = make_site.DOCS / "node_modules" / "axe-core" / "axe.min.js"
GZIP_BUDGET, SHIFT_BUDGET, HEIGHT_BUDGET = 300_000, 0.1, 16_000
SOURCES = [Path(name) for name, _ in make_site.sources() if name != "README.md"]
PAGES = [str(path.with_suffix(".html")) for path in SOURCES if path.suffix in (".md", ".ipynb")]
PAGES += ["genindex.html", "search.html"]
each_page = pytest.mark.parametrize("name", PAGES)

LOOK = """
() => ({
  overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  language: document.documentElement.lang,
  title: document.title,
  headings: document.querySelectorAll("h1").length,
  theme: document.documentElement.dataset.theme,
  formulas: document.querySelectorAll(".math").length,
  drawn: document.querySelectorAll(".math svg[aria-hidden] + .unseen math").length,
  broken: [...document.images].filter(image => image.loading != "lazy" && !image.naturalWidth)
    .map(image => image.src),
  unsized: [...document.querySelectorAll("article img")].filter(
    one => !one.src.endsWith(".svg") && !(one.getAttribute("width") && one.getAttribute("height"))
  ).map(image => image.src),
  filtered: [...document.images].filter(image => getComputedStyle(image).filter != "none").length,
})
"""
AUDIT = """
(rules) => axe.run({resultTypes: ["violations"], ...rules}).then(found => found.violations.flatMap(
  rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 200)}`)))
"""
# What depends on the size of the window and on its colours.
SEEN = {"runOnly": ["color-contrast", "scrollable-region-focusable"]}


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Folder of the site, freshly built."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, str(make_site.DOCS / "make_site.py"), str(folder)]
    built = subprocess.run(command, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    return folder / "site"


@pytest.fixture(scope="session")
def address(site, serve):
    return serve(site)


@pytest.fixture
def visit(page):
    """Function that opens an address, and returns the page and what its console said."""
    said = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else 0)
    page.on("pageerror", lambda error: said.append(str(error)))

    def open_page(address, size=WIDE, scheme="light"):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        page.goto(address, wait_until="load")
        page.evaluate("() => document.fonts.ready")
        return page, said

    return open_page


def faults(page, said):
    """List what is wrong with an open page, in words."""
    look = page.evaluate(LOOK)
    found = [f"console: {text}" for text in said]
    found += [f"asked another host: {url}" for url in page.elsewhere]
    found += [f"picture not found: {url}" for url in look["broken"]]
    for value, expected, name in [
        (look["overflow"], 0, "pixels beyond the right edge"),
        (look["language"], "en", "language"),
        (bool(look["title"]), True, "title"),
        (look["headings"], 1, "headings of the first level"),
        (look["drawn"], look["formulas"], "formulas drawn, with MathML"),
        (look["unsized"], [], "pictures without width and height"),
        (look["filtered"], 0, "pictures with changed grey levels"),
    ]:
        if value != expected:
            found.append(f"{name}: {value}, not {expected}")
    return found


@each_page
def test_page_is_sound(address, visit, name):
    """With axe-core: contrast, names of links and buttons, order of headings, and more."""
    for size, scheme, rules in [(WIDE, "light", {}), (NARROW, "dark", SEEN)]:
        page, said = visit(address + name, size, scheme)
        assert page.evaluate(LOOK)["theme"] == scheme
        assert not faults(page, said)
        texts = page.eval_on_selector_all("article img", "all => all.map(image => image.alt)")
        assert not [text for text in texts if not text.strip() or text.endswith((".png", ".svg"))]
        page.evaluate(AXE.read_text(encoding="utf-8"))
        assert not page.evaluate(AUDIT, rules)
        if name.startswith("notebooks") and size == WIDE:
            assert page.evaluate("document.documentElement.scrollHeight") <= HEIGHT_BUDGET


BAD = """<!doctype html><html lang="en"><head><title>Bad</title></head><body style="margin:0">
<h1>One</h1><h1>Two</h1><p style="color:#aaa;background:#fff">Pale.</p>
<div style="width:2000px">Wide.</div><span class="math">\\(x\\)</span>
<article><img src="none.png"></article>
<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" style="filter:invert(1)">
<script src="https://example.org/script.js"></script><script>throw Error("oh")</script>
</body></html>"""


def test_faults_are_found(tmp_path, serve, visit):
    (tmp_path / "bad.html").write_text(BAD)
    page, said = visit(serve(tmp_path) + "bad.html")
    found = "\n".join(faults(page, said))
    marks = ["beyond", "first level", "MathML", "example.org", "none.png", "grey levels", "oh"]
    marks += ["width and height"]
    for fault in marks:
        assert fault in found
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert {"color-contrast", "image-alt"} <= {
        found.partition(":")[0] for found in page.evaluate(AUDIT, {})
    }
    assert any("color-contrast" in found for found in page.evaluate(AUDIT, SEEN))


class Links(HTMLParser):
    """Collects the addresses that a page names, and the anchors that it has."""

    def __init__(self, path):
        super().__init__()
        self.targets, self.anchors, self.loaded = [], set(), set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.anchors |= {attrs.get("id"), attrs.get("name")}
        self.targets += [attrs[key] for key in ("href", "src") if attrs.get(key)]
        if tag == "script" or (tag == "link" and attrs.get("rel") in ("stylesheet", "preload")):
            self.loaded |= {attrs[key] for key in ("href", "src") if attrs.get(key)}


def dead_links(site):
    """List the links between pages of the site that lead nowhere."""
    files = [path for path in site.rglob("*.html") if "_static" not in path.parts]
    pages = {path: Links(path) for path in files if "slides" not in path.parts}
    dead = []
    for path, links in pages.items():
        for target in links.targets:
            url = urllib.parse.urlsplit(target)
            if url.scheme or url.netloc:
                continue
            file = (path.parent / urllib.parse.unquote(url.path)).resolve() if url.path else path
            anchor = urllib.parse.unquote(url.fragment)
            anchors = pages[file].anchors if anchor and file in pages else {anchor}
            if not file.is_file() or anchor not in anchors:
                dead.append(f"{path.relative_to(site)}: {target}")
    return dead


def strange_addresses(site):
    """List the addresses outside the site that are not plain, or differ in their last slash."""
    files = [path for path in site.rglob("*.html") if not {"_static", "slides"} & set(path.parts)]
    found = {target for path in files for target in Links(path).targets if "//" in target}
    twins = {target for target in found if target.rstrip("/") + "/" in found - {target}}
    plain = re.compile(r"https://[\w.-]+(/[\w./@~-]*)?(#[\w.-]+)?")
    return sorted(twins | {target for target in found if not plain.fullmatch(target)})


def test_addresses_outside_are_plain(site):
    """Whether they answer, `make links` asks."""
    assert not strange_addresses(site)


def test_strange_addresses_are_found(tmp_path):
    bad = ["http://a.org", "https://b.org/?utm_source=c", "https://d.org", "//e.org/f.js"]
    links = "".join(f'<a href="{target}"></a>' for target in [*bad, "https://d.org/", "g/h.html"])
    (tmp_path / "a.html").write_text(links)
    assert strange_addresses(tmp_path) == sorted(bad)


def test_every_link_leads_somewhere(site):
    assert not dead_links(site)


def test_dead_links_are_found(tmp_path):
    (tmp_path / "a.html").write_text('<a href="b.html#c"></a><a href="no.html"></a><a id="c">')
    (tmp_path / "b.html").write_text('<a href="a.html#c"></a><a href="#d"></a><img src="e.png">')
    assert sorted(dead_links(tmp_path)) == [
        "a.html: b.html#c",
        "a.html: no.html",
        "b.html: #d",
        "b.html: e.png",
    ]


@pytest.mark.parametrize("module", make_site.public_modules())
def test_every_public_function_has_an_anchor(site, module):
    anchors = Links(site / "api" / f"{make_site.page_of(module)}.html").anchors
    code = make_site.public_modules()[module].read_text(encoding="utf-8")
    for name in re.findall(r"^(?:def|class) ([a-zA-Z]\w*)", code, re.M):
        assert f"{module}.{name}" in anchors


# Light ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in PAGES if name.startswith("notebooks")])
def test_first_view_is_light(site, name):
    """Page, styles and scripts, as hosts send them: compressed. Pictures load later."""
    links = Links(site / name)
    files = {site / name}
    for target in links.loaded:
        files.add((site / name).parent / urllib.parse.urlsplit(target).path)
    assert sum(len(gzip.compress(file.read_bytes())) for file in files) <= GZIP_BUDGET


SHIFTS = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 90_000}


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("01_histograms", WIDE),
        ("04_filtering/44-the-median-filter", NARROW),
        ("06_convolution/exercises", NARROW),
    ],
    ids=["chapter", "section", "exercises"],
)
def test_page_stands_still_on_a_slow_line(address, page, name, size):
    """Nothing moves while it loads; formulas are there before any script."""
    page.set_viewport_size(size)
    page.add_init_script(SHIFTS)
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW)
    page.goto(f"{address}notebooks/{name}.html", wait_until="domcontentloaded")
    look = page.evaluate(LOOK)
    assert look["drawn"] == look["formulas"]
    page.wait_for_load_state("load")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_timeout(500)
    assert page.evaluate("window.shift") <= SHIFT_BUDGET


# What answers, and what moves -------------------------------------------------------------------


def test_hints_and_solution_unfold(address, visit):
    page, _ = visit(address + "notebooks/01_histograms/exercises.html", NARROW)
    answers = page.locator("#answers-blend")
    hint = answers.get_by_text(find("blend").hints[0].partition("`")[0])
    assert not hint.is_visible()
    answers.get_by_text("Hint 1 of 3").click()
    assert hint.is_visible()
    assert not answers.get_by_text("def my_blend").is_visible()
    answers.get_by_text("Solution", exact=True).click()
    assert (
        answers.locator("pre").inner_text().strip()
        == inspect.getsource(find("blend").solution).strip()
    )


EXPLORED = [
    (path, number)
    for path in make_site.NOTEBOOKS
    for number, cell in enumerate(nbformat.read(path, as_version=4).cells)
    if cell.cell_type == "code" and draw_frames.EXPLORE.search(cell.source)
]


@pytest.mark.parametrize(
    ("path", "number"), EXPLORED, ids=lambda value: getattr(value, "stem", value)
)
def test_every_figure_with_sliders_moves(site, path, number):
    folder = site / "_frames" / path.stem / str(number)
    manifest = draw_frames.manifest_in(folder)
    assert len(manifest["frames"]) >= 24
    assert sum(file.stat().st_size for file in folder.glob("*.webp")) <= 1_500_000
    assert {frame["file"] for frame in manifest["frames"].values()} == {
        file.name for file in folder.glob("*.webp")
    }
    place = f"_frames/{path.stem}/{number}/"
    texts = [
        page.read_text(encoding="utf-8") for page in (site / "notebooks" / path.stem).glob("*.html")
    ]
    assert sum(f'data-frames="../../{place}"' in text for text in texts) == 1


POOLED = "notebooks/07_pooling/73-two-webs-what-has-to-survive.html"


def test_slider_is_moved_by_keys_and_said(address, visit):
    """From a phone: nothing is loaded before it is touched."""
    page, said = visit(address + POOLED, NARROW)
    asked = []  # but for the site's icon, for which a browser asks when it likes
    page.on("request", lambda one: "favicon" in one.url or asked.append(one.url))
    explorer = page.locator(".explorer")
    slider, picture = explorer.get_by_role("slider").first, explorer.locator("img")
    before = picture.get_attribute("src")
    assert not asked
    slider.focus()
    page.keyboard.press("End")
    assert slider.get_attribute("aria-valuetext") == "16"
    assert picture.get_attribute("src") != before
    assert "size 16" in explorer.get_by_role("status").inner_text()
    explorer.get_by_role("combobox").select_option("mean")
    assert "mean" in picture.get_attribute("alt")
    page.wait_for_function("image => image.complete", arg=picture.element_handle())
    assert picture.evaluate("image => image.naturalWidth")
    assert asked
    assert not said


def test_without_scripts_the_still_picture_stands(address, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + POOLED)
    assert not page.locator(".explorer").is_visible()
    assert page.locator(".tag_explored .cell_output img").is_visible()
    context.close()


def test_print_is_whole(address, visit):
    page, _ = visit(address + "notebooks/04_filtering/44-the-median-filter.html", scheme="dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator("details:not([open], .answer)").count() == 0
    cut = """all => all.filter(one => one.scrollWidth > one.clientWidth + 1).length"""
    assert page.eval_on_selector_all("article pre", cut) == 0
    inks = """
      all => all.map(one => getComputedStyle(one))
      .flatMap(look => [look.color, look.backgroundColor])"""
    assert set(page.eval_on_selector_all("article pre", inks)) == {
        "rgb(0, 0, 0)",
        "rgb(255, 255, 255)",
    }


# What is found ----------------------------------------------------------------------------------

QUERIES = [
    ("edge detection", "06_convolution/66-"),
    ("uint8 overflow", "01_histograms/11-"),
    ("moire", "07_pooling/76-"),
    ("otsu", "01_histograms/exercises"),
    ("color histogram", "01_histograms/15-"),
    ("grayscale", "0[12]_.*/(11|12|21)-"),
    ("salt and pepper", "03_noise/35-"),
    ("blur", "06_convolution/66-"),
    ("sharpen", "06_convolution/66-"),
    ("kernel flip", "06_convolution/63-"),
]


@pytest.mark.parametrize(("query", "section"), QUERIES, ids=[query for query, _ in QUERIES])
def test_search_leads_to_the_section(address, visit, query, section):
    page, _ = visit(f"{address}search.html?q={urllib.parse.quote(query)}")
    page.wait_for_selector("#search-results li a")
    found = page.eval_on_selector_all("#search-results li a", "all => all.map(link => link.href)")
    assert any(re.search(f"notebooks/{section}", link) for link in found[:5]), found[:8]


def test_terms_are_marked(address, visit):
    page, _ = visit(address + "search.html?q=median")
    page.locator("#search-results li a").first.click()
    page.wait_for_selector("article .highlighted")


def test_old_addresses_land(address, visit):
    for anchor in ("13-what-a-histogram-counts", "1.3-What-a-histogram-counts"):
        page, _ = visit(f"{address}notebooks/01_histograms.html#{anchor}")
        page.wait_for_url("**/01_histograms/13-what-a-histogram-counts.html")
    page, _ = visit(address + "notebooks/01_histograms.html#exercise-12--count-the-levels")
    page.wait_for_url("**/01_histograms/exercises.html#exercise-12--count-the-levels")
    heading = page.get_by_role("heading", name="Count the levels")
    assert heading.bounding_box()["y"] < WIDE["height"]


def test_from_home_to_a_slider_and_a_solution(address, visit):
    """As somebody new to the course on a phone: start, chapter, section, exercise."""
    page, said = visit(address + "index.html", NARROW)
    page.locator("article").get_by_role("link", name="7 Pooling").click()
    page.locator("article").get_by_role("link", name="7.3").click()
    assert page.url.endswith(POOLED)
    slider = page.get_by_role("slider").first
    slider.scroll_into_view_if_needed()
    box, value = slider.bounding_box(), slider.get_attribute("aria-valuetext")
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"], box["y"] + box["height"] / 2)
    page.mouse.up()
    assert slider.get_attribute("aria-valuetext") != value
    shown = page.locator(".explorer .value").first.bounding_box()
    assert abs(shown["y"] + shown["height"] / 2 - box["y"] - box["height"] / 2) < 5  # on its line
    page.get_by_role("link", name="Next").click()
    page.wait_for_url("**/74-*.html")
    page.get_by_label("breadcrumb").get_by_role("link", name="Pooling").click()
    page.locator("article").get_by_role("link", name="Exercises").click()
    answers = page.locator(".answers").first
    answers.get_by_text("Solution", exact=True).click()
    answers.locator("pre").wait_for(state="visible")
    assert not said


# Where the address is known ---------------------------------------------------------------------


def test_slide_leads_to_its_page(address, visit):
    name = "73-two-webs-what-has-to-survive"
    page, _ = visit(f"{address}slides/07_pooling.html#/{name}")
    page.locator(".stack.present > .present .page").click()
    page.wait_for_url(f"{address}notebooks/07_pooling/{name}.html")
    page.locator(".page-links").get_by_text("Slides").click()
    page.wait_for_url(f"{address}slides/07_pooling.html#/{name}")


@pytest.fixture(scope="session")
def published(tmp_path_factory):
    """A few pages, built as where the site is published; what they link to is not there."""
    folder = tmp_path_factory.mktemp("published")
    wanted = re.compile(r"(index|404|README)\.md|notebooks/07_pooling(/73-.*)?\.ipynb")
    for name, content in make_site.sources():
        if wanted.fullmatch(name):
            (folder / "pages" / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / "pages" / name).write_bytes(content)
    known = {"REPOSITORY_URL": "https://github.com/a/b", "SITE_URL": "https://a.github.io/b/"}
    folders = ["-c", str(make_site.DOCS), str(folder / "pages"), str(folder / "site")]
    command = [sys.executable, "-m", "sphinx", "--quiet", *folders]
    subprocess.run(command, env=os.environ | known, check=True, capture_output=True)
    return folder / "site"


def test_a_published_page_is_found_and_shared(published):
    home = "https://a.github.io/b/"
    place = POOLED.removesuffix(".html")
    html = (published / POOLED).read_text(encoding="utf-8")
    assert f'<link rel="canonical" href="{home}{POOLED}"' in html
    for name in ("og:title", "og:description", "og:url"):
        assert f'<meta property="{name}" content="' in html
    assert '<meta name="description" content="Here are two spider' in html
    card = re.search(rf'property="og:image" content="{home}([^"]*)"', html)[1]
    assert Path(place).name in card
    assert (published / card).stat().st_size > 10_000
    assert f"{home}{POOLED}</loc>" in (published / "sitemap.xml").read_text(encoding="utf-8")
    missing = (published / "404.html").read_text(encoding="utf-8")
    assert missing.index(f'<base href="{home}">') < missing.index("stylesheet")


def test_a_published_page_opens_elsewhere(published):
    html = (published / POOLED).read_text(encoding="utf-8")
    notebook = "notebooks/07_pooling.ipynb"
    assert f"https://mybinder.org/v2/gh/a/b/main?labpath={notebook}" in html
    assert f"https://colab.research.google.com/github/a/b/blob/main/{notebook}" in html
    assert "%pip install -q git+https://github.com/a/b" in html
    assert "Binder" in (published / "index.html").read_text(encoding="utf-8")


def test_keyboard_reaches_content_and_search(address, visit):
    page, _ = visit(address + "notebooks/02_equalization.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    for _ in range(5):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.includes('Search')"):
            break
    page.keyboard.press("Enter")
    page.keyboard.type("equalization")
    page.keyboard.press("Enter")
    page.wait_for_selector("#search-results li a")
    found = page.eval_on_selector_all("#search-results li a", "all => all.map(link => link.href)")
    assert any("02_equalization.html" in link for link in found)
    assert not page.elsewhere


def test_notebook_can_be_downloaded(address, visit):
    page, _ = visit(address + "notebooks/01_histograms.html")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the notebook").click()
    assert not page.get_by_text("Open in").count()  # where no repository is known
    original = make_site.ROOT / "notebooks" / "01_histograms.ipynb"
    assert download.value.suggested_filename == original.name
    assert Path(download.value.path()).read_bytes() == original.read_bytes()


def test_quiz_answers_without_a_kernel(address, visit):
    page, said = visit(address + "notebooks/01_histograms.html")
    wrong, right = page.locator(".Answer label").filter(has_text=re.compile("^(400|144)$")).all()
    wrong.click()
    page.wait_for_selector(".Feedback.incorrect[role=status]")
    right.click()
    page.wait_for_selector(".Feedback.correct")
    assert not said
