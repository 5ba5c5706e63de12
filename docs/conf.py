"""Settings of the website; `make_site.py` gathers its pages and calls Sphinx."""

import os
import sys
from importlib.metadata import version as version_of
from pathlib import Path

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS))  # site_parts

# Known where the site is published.
REPOSITORY = os.environ.get("REPOSITORY_URL", "").rstrip("/")
ADDRESS = os.environ.get("SITE_URL", "")

project = "Basic Image Processing"
release = version_of("basic-image-processing")
copyright = "the authors. Code: BSD-3-Clause; text and pictures: CC BY 4.0"

extensions = [
    "myst_nb",
    "numpydoc",
    "site_parts",
    "sphinx.ext.autodoc",
    "sphinx.ext.viewcode",
    "sphinx_copybutton",
    "sphinxext.opengraph",
]
exclude_patterns = ["README.md"]  # index.md includes a part of it

# Notebooks: shown as they are stored, and never run. Progress bars (stderr) are left out.
nb_execution_mode = "off"
nb_output_stderr = "remove"
nb_code_prompt_show, nb_code_prompt_hide = "Show the code", "Hide the code"  # if it is long
nb_ipywidgets_js = {}  # would come from other hosts
nb_render_markdown_format = "myst"  # the only one that knows tables and is installed
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
myst_update_mathjax = False
html_math_renderer = "drawn"  # by site_parts
html_search_language = "course"  # by site_parts
html_search_scorer = str(DOCS / "search.js")

# API: names in backticks are links where the course has them, and code elsewhere.
default_role = "py:obj"
nitpick_ignore_regex = [("py:.*", r"(?!course_utils|exercises).*")]
autodoc_member_order = "bysource"
autodoc_inherit_docstrings = False
numpydoc_show_class_members = False

# To be found and shared. Without its address, a site cannot name it.
copybutton_selector = "div.highlight pre"
copybutton_exclude = ".linenos, .gp, .go"
if ADDRESS:
    extensions.append("sphinx_sitemap")
    html_baseurl = ADDRESS
    sitemap_url_scheme = "{link}"
    sitemap_excludes = ["search.html", "genindex.html", "404.html", "_modules/*"]
ogp_site_url = ADDRESS
ogp_site_name = project
ogp_social_cards = {"enable": bool(ADDRESS)}
ogp_enable_meta_description = True

html_domain_indices = False  # the list of modules is api/index
html_theme = "pydata_sphinx_theme"
html_title = project
html_favicon = "static/favicon.svg"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_js_files = [("site.js", {"defer": "defer"})]
templates_path = ["templates"]
html_copy_source = False  # notebooks are there to download as they are in the repository
html_context = {
    "default_mode": "auto",  # light or dark, as the system is
    "slides": sorted(path.stem for path in DOCS.glob("build/slides/*.html")),
    "repository": REPOSITORY,
    "address": ADDRESS,
}
html_sidebars = {"**": ["course-nav.html"]}
html_theme_options = {
    "navbar_center": [],
    "article_header_end": ["page-links.html"],
    "secondary_sidebar_items": ["page-toc"],
    "footer_end": [],
    "navbar_persistent": ["search-button.html"],
    "github_url": REPOSITORY,
    "search_bar_text": "Search the course",
}
