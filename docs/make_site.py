"""Build the website from the stored notebooks: ``make_site.py [FOLDER]``

It goes to FOLDER/site, by default docs/build/site. What is stored is shown and not run; but for
figures with sliders, the cells that they need run once, and their frames are kept in
docs/build/frames. Formulas are drawn by MathJax, which `npm ci` in docs/ brings. Slides that
`make slides` has built are taken along. ``make_site.py --links`` asks every address outside the
site whether it answers, and builds nothing.
"""

import ast
import posixpath
import re
import shutil
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import MappingProxyType

import nbformat
from divide import divided, pages_of, places_of
from draw_frames import FRAMES
from myst_parser.slugs import github_slugify
from sphinx.cmd.build import build_main
from tqdm import tqdm

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
MATHJAX = DOCS / "node_modules" / "mathjax"
SLIDES = DOCS / "build" / "slides"
NOTEBOOKS = sorted(ROOT.glob("notebooks/[0-9]*.ipynb"))
COURSE = """CITATION.cff LICENSE Makefile README.md course_utils environment.yml exercises images
notebooks pyproject.toml requirements.lock requirements-light.lock""".split()  # to take home
LINK = re.compile(  # within the repository
    r"\]\((?!\w+:)([\w./-]*\.(?:ipynb|md|py|png|svg)(?:#[^)]*)?"
    r"|(?:\.\./)*(?:course_utils|exercises)\b[\w/]*)\)"
)
TEACHING = "\n```{toctree}\n:hidden:\n:glob:\n\nteach/*\n```\n"


def public_modules():
    """Map the name of each module that has a page to its file; solutions have none."""
    paths = sorted(ROOT.glob("course_utils/[a-z]*.py"))
    paths.remove(ROOT / "course_utils" / "exercises.py")  # other names for what `exercises` holds
    paths += [ROOT / "exercises" / "__init__.py", ROOT / "exercises" / "checker" / "exercise.py"]
    names = (".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths)
    return {name.removesuffix(".__init__"): path for name, path in zip(names, paths)}


def page_of(module):
    """Name of a module's page; a module without one is represented by the list of all."""
    return module.removeprefix("course_utils.") if module in public_modules() else "index"


def api_pages():
    """Yield name and text of the page of each module and of the list of all modules."""
    rows, pages = "", ""
    for module, path in public_modules().items():
        page = page_of(module)
        described = f".. automodule:: {module}\n   :members:\n"
        yield f"api/{page}.md", f"# {page}\n\n```{{eval-rst}}\n{described}```\n"
        summary = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))).splitlines()[0]
        rows += f"| [`{page}`]({page}.md) | {summary} |\n"
        pages += f"{page}\n"
    table = f"| module | what it holds |\n|---|---|\n{rows}"
    toctree = f"```{{toctree}}\n:hidden:\n\n{pages}```\n"
    yield "api/index.md", f"# The code: `course_utils` and `exercises`\n\n{table}\n{toctree}"


def anchors_of_notebooks():
    """Map each notebook's name to its anchors, and these to the page and the anchor there."""
    return {
        path.stem: places_of(pages_of(nbformat.read(path, as_version=4), FRAMES / path.stem))
        for path in NOTEBOOKS
    }


def with_links_of_site(text, folder, anchors=MappingProxyType({})):
    """Turn links of the repository into links of the site, whose root holds what docs/ holds.

    `folder` is where the text lies in the repository; `anchors` are those of the notebooks.
    """

    def link(match):
        path, _, anchor = match[1].partition("#")
        path = posixpath.normpath(posixpath.join(folder, path)) if path else ""
        if re.match(r"course_utils\b|exercises\b", path):
            path = f"api/{page_of(path.removesuffix('.py').replace('/', '.'))}.md"
        path = {"README.md": "index.md"}.get(path, path.removeprefix("docs/"))
        if path.endswith(".ipynb"):  # JupyterLab and MyST name the same headings otherwise
            places = anchors.get(Path(path).stem, {})
            page, anchor = places.get(anchor, ("", github_slugify(anchor)))
            path = f"{path.removesuffix('.ipynb')}/{page}.ipynb" if page else path
        return "](" + (f"/{path}" if path else "") + (f"#{anchor}" if anchor else "") + ")"

    text = re.sub(r"\[([^]]*)\]\(tests/[^)]*\)", r"\1", text)  # no page of the site
    return LINK.sub(link, text)


def sources():
    """Yield name and content of each file that Sphinx reads."""
    anchors = anchors_of_notebooks()
    for page in DOCS.rglob("*.md"):
        place = page.relative_to(DOCS)
        if place.parts[0] not in ("build", "node_modules"):
            folder = page.parent.relative_to(ROOT).as_posix()
            text = with_links_of_site(page.read_text(encoding="utf-8"), folder, anchors)
            if place.name == "instructors.md":
                text += TEACHING
            yield place.as_posix(), text.encode()
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    yield "README.md", with_links_of_site(readme, "", anchors).encode()
    for name, text in api_pages():
        yield name, text.encode()
    for path in NOTEBOOKS:
        for name, notebook in divided(path):
            for cell in notebook.cells:
                if cell.cell_type == "markdown":
                    text = cell.source.replace("](#", f"]({path.name}#")
                    cell.source = with_links_of_site(text, "notebooks", anchors)
            yield f"notebooks/{name}.ipynb", nbformat.writes(notebook).encode()
    yield "conventions.ipynb", (DOCS / "conventions.ipynb").read_bytes()
    for path in [ROOT / ".github" / "course.gif", *ROOT.glob("images/*.svg")]:
        yield path.relative_to(ROOT).as_posix(), path.read_bytes()


def gather(pages):
    """Bring the folder `pages` up to date. What is unchanged keeps its time: Sphinx skips it."""
    wanted = {pages / name: content for name, content in sources()}
    for path in pages.rglob("*"):
        if path.is_file() and path not in wanted:
            path.unlink()
    for path, content in wanted.items():
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def draw_frames():
    """Draw the frames of all figures with sliders, two notebooks at a time."""

    def draw(path):
        command = [sys.executable, str(DOCS / "draw_frames.py"), str(path)]
        return subprocess.run(command, capture_output=True, text=True)

    slow_first = sorted(NOTEBOOKS, key=lambda path: "autoencoder" not in path.stem)
    with ThreadPoolExecutor(2) as pool:
        done = tqdm(pool.map(draw, slow_first), "sliders", len(slow_first), unit="notebook")
        for drawing, path in zip(done, slow_first):
            if drawing.returncode:
                sys.exit(f"{drawing.stderr}\n{path.name}: its frames could not be drawn")


def build(folder):
    """Build the site in `folder`/site; return Sphinx's exit status, 0 if nothing was wrong."""
    if not MATHJAX.exists():
        sys.exit("MathJax, which draws the formulas, is missing: run npm ci in the folder docs")
    pages, site = folder / "pages", folder / "site"
    draw_frames()
    gather(pages)
    site.mkdir(parents=True, exist_ok=True)
    for name, place in [("slides", SLIDES), ("_frames", FRAMES)]:
        shutil.rmtree(site / name, ignore_errors=True)
        if place.exists():
            shutil.copytree(place, site / name)
    if SLIDES.exists():  # here the slides have pages to lead to
        with open(site / "slides" / "shared" / "slides.css", "a", encoding="utf-8") as css:
            css.write(".page { display: block; }\n")
    write_archive(site / "basic-image-processing.zip")
    (site / "_notebooks").mkdir(exist_ok=True)
    for notebook in NOTEBOOKS:
        shutil.copy2(notebook, site / "_notebooks")
    strict = ["--fail-on-warning", "--keep-going", "--nitpicky", "--quiet", "--jobs=auto"]
    folders = ["-c", str(DOCS), "-d", str(folder / "doctrees"), str(pages), str(site)]
    return build_main(strict + folders)


def write_archive(file):
    """Pack what somebody needs who takes the course home, in one folder."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in COURSE:
            place = ROOT / name
            for path in [place] if place.is_file() else sorted(place.rglob("*")):
                parts = path.relative_to(ROOT).parts
                if path.is_file() and not any(re.match(r"__pycache__|\.\w", p) for p in parts[1:]):
                    archive.write(path, Path(file.stem, *parts))


def check_links(folder):
    """Ask every address outside the site whether it answers; return Sphinx's exit status."""
    gather(folder / "pages")
    folders = ["-c", str(DOCS), str(folder / "pages"), str(folder / "links")]
    return build_main(["-b", "linkcheck", "--keep-going", *folders])


if __name__ == "__main__":
    if sys.argv[1:] == ["--links"]:
        sys.exit(check_links(DOCS / "build"))
    sys.exit(build(Path(sys.argv[1]) if sys.argv[1:] else DOCS / "build"))
