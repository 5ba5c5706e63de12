"""Settings of the website; `make_site.py` gathers its pages and calls Sphinx."""

import os
from html import escape
from importlib.metadata import version as version_of
from pathlib import Path

from docutils import nodes

DOCS = Path(__file__).resolve().parent

project = "Basic Image Processing"
release = version_of("basic-image-processing")
copyright = "the authors. Code: BSD-3-Clause; text and pictures: CC BY 4.0"

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.mathjax", "numpydoc"]
exclude_patterns = ["README.md"]  # index.md includes a part of it

# Notebooks: shown as they are stored, and never run. Progress bars (stderr) are left out.
nb_execution_mode = "off"
nb_output_stderr = "remove"
nb_ipywidgets_js = {}  # would come from other hosts
nb_render_markdown_format = "myst"  # the only one that knows tables and is installed
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
# MathJax is set up in formulas.js.
myst_update_mathjax = False
mathjax_path = "mathjax/tex-svg.js"

# API: names in backticks are links where the course has them, and code elsewhere.
default_role = "py:obj"
nitpick_ignore_regex = [("py:.*", r"(?!course_utils|exercises).*")]
autodoc_member_order = "bysource"
autodoc_inherit_docstrings = False
numpydoc_show_class_members = False

html_theme = "pydata_sphinx_theme"
html_title = project
html_favicon = "static/favicon.svg"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_js_files = [("formulas.js", {"defer": "defer", "priority": 400})]  # before MathJax
templates_path = ["templates"]
html_sourcelink_suffix = ""  # the notebook's source is its download
html_context = {
    "default_mode": "auto",  # light or dark, as the system is
    "slides": sorted(path.stem for path in DOCS.glob("build/slides/*.html")),
}
html_sidebars = {"**": ["course-nav.html"]}
html_theme_options = {
    "navbar_center": [],
    "article_header_end": ["notebook-links.html"],
    "secondary_sidebar_items": ["page-toc"],
    "footer_end": [],
    "github_url": os.environ.get("REPOSITORY_URL", ""),  # known where the site is published
    "search_bar_text": "Search the course",
}


def setup(app):
    app.connect("doctree-read", fold_what_goes_deeper)


def fold_what_goes_deeper(app, doctree):
    """Fold what stands under a heading that says so. A link to a place inside unfolds it."""
    for section in doctree.findall(nodes.section):
        _, deeper, what = section[0].astext().partition("To go deeper: ")
        if deeper:
            opening = f'<details class="deeper"><summary>Show {escape(what)}</summary>'
            section.insert(1, nodes.raw("", opening, format="html"))
            section += nodes.raw("", "</details>", format="html")
