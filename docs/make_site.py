"""Build the website from the stored notebooks, without running them: ``make_site.py [FOLDER]``

It goes to FOLDER/site, by default docs/build/site. Only MathJax comes from elsewhere: `npm ci` in
docs/ brings it. Slides that `make slides` has built are taken along. ``make_site.py --links`` asks
every address outside the site whether it answers, and builds nothing.
"""

import ast
import re
import shutil
import sys
from pathlib import Path

from myst_parser.slugs import github_slugify
from sphinx.cmd.build import build_main

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
MATHJAX = DOCS / "node_modules" / "mathjax"
SLIDES = DOCS / "build" / "slides"
NOTEBOOKS = sorted(ROOT.glob("notebooks/[0-9]*.ipynb"))
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


def with_links_of_site(text, depth):
    """Turn links of the repository into links of the site, whose root holds what docs/ holds.

    `depth` is the number of folders between the text's file and the root of the repository.
    """

    def module(match):
        name = match[2].removesuffix(".py").strip("/").replace("/", ".")
        return f"{match[1]}api/{page_of(name)}.md)"

    def section(match):  # JupyterLab and MyST name the same headings otherwise
        return f"{match[1]}{github_slugify(match[2])})"

    if depth:
        text = re.sub(rf"\]\((?=(\.\./){{{depth}}}\w)\.\./", "](", text)
    text = re.sub(r"(\]\((?:\.\./)*)((?:course_utils|exercises)\b[\w/.]*)\)", module, text)
    text = re.sub(r"(\]\([^)\s]*\.ipynb#)([^)]*)\)", section, text)
    text = re.sub(r"\[([^]]*)\]\(tests/[^)]*\)", r"\1", text)  # no page of the site
    return re.sub(r"(\]\((?:\.\./)*)README\.md\b", r"\1index.md", text)


def sources():
    """Yield name and content of each file that Sphinx reads."""
    for page in DOCS.rglob("*.md"):
        place = page.relative_to(DOCS)
        if place.parts[0] not in ("build", "node_modules"):
            text = with_links_of_site(page.read_text(encoding="utf-8"), len(place.parts))
            if place.name == "instructors.md":
                text += TEACHING
            yield place.as_posix(), text.encode()
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    yield "README.md", with_links_of_site(readme, 0).encode()
    for name, text in api_pages():
        yield name, text.encode()
    for path in NOTEBOOKS:
        text = path.read_text(encoding="utf-8").replace("](../docs/", "](../")
        yield path.relative_to(ROOT).as_posix(), with_links_of_site(text, 0).encode()
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


def build(folder):
    """Build the site in `folder`/site; return Sphinx's exit status, 0 if nothing was wrong."""
    if not MATHJAX.exists():
        sys.exit("MathJax, which draws the formulas, is missing: run npm ci in the folder docs")
    pages, site = folder / "pages", folder / "site"
    gather(pages)
    (site / "_static" / "mathjax").mkdir(parents=True, exist_ok=True)
    for file in ("LICENSE", "es5/tex-svg.js"):
        shutil.copy2(MATHJAX / file, site / "_static" / "mathjax")
    shutil.rmtree(site / "slides", ignore_errors=True)
    if SLIDES.exists():
        shutil.copytree(SLIDES, site / "slides")
    strict = ["--fail-on-warning", "--keep-going", "--nitpicky", "--quiet", "--jobs=auto"]
    folders = ["-c", str(DOCS), "-d", str(folder / "doctrees"), str(pages), str(site)]
    status = build_main(strict + folders)
    for notebook in NOTEBOOKS if status == 0 else []:  # to download with the repository's links
        shutil.copy2(notebook, site / "_sources" / "notebooks")
    return status


def check_links(folder):
    """Ask every address outside the site whether it answers; return Sphinx's exit status."""
    gather(folder / "pages")
    folders = ["-c", str(DOCS), str(folder / "pages"), str(folder / "links")]
    return build_main(["-b", "linkcheck", "--keep-going", *folders])


if __name__ == "__main__":
    if sys.argv[1:] == ["--links"]:
        sys.exit(check_links(DOCS / "build"))
    sys.exit(build(Path(sys.argv[1]) if sys.argv[1:] else DOCS / "build"))
