"""The website as a browser shows it: wide and light, narrow and dark, by keyboard, alone.

The site is built once, from the stored notebooks, into a temporary folder.
"""

import re
import subprocess
import sys
import urllib.parse
from html.parser import HTMLParser
from pathlib import Path

import make_site
import pytest
from conftest import NARROW, WIDE

AXE = make_site.DOCS / "node_modules" / "axe-core" / "axe.min.js"
SOURCES = [Path(name) for name, _ in make_site.sources() if name != "README.md"]
PAGES = [str(path.with_suffix(".html")) for path in SOURCES if path.suffix in (".md", ".ipynb")]
PAGES += ["genindex.html", "py-modindex.html", "search.html"]
each_page = pytest.mark.parametrize("name", PAGES)
ways = pytest.mark.parametrize(
    ("size", "scheme"), [(WIDE, "light"), (NARROW, "dark")], ids=["wide light", "narrow dark"]
)

LOOK = """
() => ({
  overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  language: document.documentElement.lang,
  title: document.title,
  headings: document.querySelectorAll("h1").length,
  theme: document.documentElement.dataset.theme,
  formulas: document.querySelectorAll(".math").length,
  drawn: document.querySelectorAll(".math mjx-container mjx-assistive-mml math").length,
  faults: document.querySelectorAll("mjx-merror, [data-mjx-error]").length,
  broken: [...document.images].filter(image => !image.naturalWidth).map(image => image.src),
  filtered: [...document.images].filter(image => getComputedStyle(image).filter != "none").length,
})
"""
# The theme's search button has the name "Search" and shows its shortcut, too.
AUDIT = """
() => axe.run({exclude: [["mjx-container"]]}, {
  resultTypes: ["violations"], rules: {"label-content-name-mismatch": {enabled: false}},
}).then(found => found.violations.flatMap(
  rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 200)}`)))
"""


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
        page.evaluate("() => window.MathJax?.startup?.promise")
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
        (look["faults"], 0, "formulas with an error"),
        (look["filtered"], 0, "pictures with changed grey levels"),
    ]:
        if value != expected:
            found.append(f"{name}: {value}, not {expected}")
    return found


@ways
@each_page
def test_page_is_sound(address, visit, name, size, scheme):
    page, said = visit(address + name, size, scheme)
    assert page.evaluate(LOOK)["theme"] == scheme
    assert not faults(page, said)


@ways
@each_page
def test_page_is_accessible(address, visit, name, size, scheme):
    """axe-core: contrast, names of links and buttons, order of headings, landmarks and more."""
    page, _ = visit(address + name, size, scheme)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert not page.evaluate(AUDIT)


@each_page
def test_pictures_are_described(address, visit, name):
    page, _ = visit(address + name)
    texts = page.eval_on_selector_all("article img", "all => all.map(image => image.alt)")
    assert not [text for text in texts if not text.strip() or text.endswith((".png", ".svg"))]


BAD = """<!doctype html><html lang="en"><head><title>Bad</title></head><body style="margin:0">
<h1>One</h1><h1>Two</h1><p style="color:#aaa;background:#fff">Pale.</p>
<div style="width:2000px">Wide.</div><span class="math">\\(x\\)</span>
<img src="none.png"><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" style="filter:invert(1)">
<script src="https://example.org/script.js"></script><script>throw Error("oh")</script>
</body></html>"""


def test_faults_are_found(tmp_path, serve, visit):
    (tmp_path / "bad.html").write_text(BAD)
    page, said = visit(serve(tmp_path) + "bad.html")
    found = "\n".join(faults(page, said))
    marks = ["beyond", "first level", "MathML", "example.org", "none.png", "grey levels", "oh"]
    for fault in marks:
        assert fault in found
    page.evaluate(AXE.read_text(encoding="utf-8"))
    audit = "\n".join(page.evaluate(AUDIT))
    assert "color-contrast" in audit
    assert "image-alt" in audit


class Links(HTMLParser):
    """Collects the addresses that a page names, and the anchors that it has."""

    def __init__(self, path):
        super().__init__()
        self.targets, self.anchors = [], set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.anchors |= {attrs.get("id"), attrs.get("name")}
        self.targets += [attrs[key] for key in ("href", "src") if attrs.get(key)]


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


def test_keyboard_reaches_content_and_search(address, visit):
    page, _ = visit(address + "notebooks/02_equalization.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    for _ in range(5):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('aria-label')") == "Search":
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
    original = make_site.ROOT / "notebooks" / "01_histograms.ipynb"
    assert download.value.suggested_filename == original.name
    assert Path(download.value.path()).read_bytes() == original.read_bytes()


def test_quiz_answers_without_a_kernel(address, visit):
    page, said = visit(address + "notebooks/01_histograms.html")
    wrong, right = page.locator(".Answer label").filter(has_text=re.compile("^(400|144)$")).all()
    wrong.click()
    page.wait_for_selector(".Feedback.incorrect")
    right.click()
    page.wait_for_selector(".Feedback.correct")
    assert not said
