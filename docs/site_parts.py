"""What the website does with its pages beyond Sphinx: an extension, which conf.py loads."""

import json
import re
import subprocess
from html import escape
from pathlib import Path

from docutils import nodes
from myst_parser.slugs import github_slugify
from PIL import Image
from sphinx.search.en import SearchEnglish

DOCS = Path(__file__).resolve().parent
SEARCH = (DOCS / "search.js").read_text(encoding="utf-8")  # the same words, for the reader


class SearchCourse(SearchEnglish):
    """English, in which a few words are the same: search.js lists them."""

    lang = "course"

    def __init__(self, options):
        super().__init__(options)
        self.same = json.loads(re.search(r"SAME = (\{.*?\});", SEARCH, re.S)[1])

    def stem(self, word):
        return super().stem(self.same.get(word.lower(), word))


def fold_what_goes_deeper(app, doctree):
    """Fold what stands under a heading that says so, below the first of the page.

    A link to a place inside unfolds it.
    """
    for section in doctree.findall(nodes.section):
        _, deeper, what = section[0].astext().partition("To go deeper: ")
        if deeper and section.parent is not doctree:
            opening = f'<details class="deeper"><summary>Show {escape(what)}</summary>'
            section.insert(1, nodes.raw("", opening, format="html"))
            section += nodes.raw("", "</details>", format="html")


def name_as_github(app, doctree):
    """Give each heading its anchor on GitHub, and that of MyST, which skips formulas."""
    for section in doctree.findall(nodes.section):
        words = "".join(part.astext() for part in section[0] if not isinstance(part, nodes.math))
        for slug in map(github_slugify, (section[0].astext(), words)):
            if slug and slug not in doctree.ids:
                section["ids"].append(slug)
                doctree.ids[slug] = section


# Formulas -----------------------------------------------------------------------------------------


def draw_formulas(app, env):
    """Draw all formulas of the course, at once."""
    formulas = sorted(
        {
            (node.astext(), isinstance(node, nodes.math_block))
            for name in env.found_docs
            for node in env.get_doctree(name).findall(
                lambda node: isinstance(node, nodes.math | nodes.math_block)
            )
        }
    )
    command = ["node", str(DOCS / "draw_formulas.js")]
    done = subprocess.run(
        command, input=json.dumps(formulas), capture_output=True, text=True, check=True
    )
    app.formulas = dict(zip(formulas, json.loads(done.stdout)))
    for (tex, _), (picture, _) in app.formulas.items():
        if "data-mjx-error" in picture:
            raise ValueError(f"a formula is wrong: {tex}")


def show_formula(self, node):
    is_block = isinstance(node, nodes.math_block)
    picture, spoken = self.builder.app.formulas[node.astext(), is_block]
    # Where two formulas share a page, so do the names of their signs: each formula draws its own.
    number = self.formula = getattr(self, "formula", 0) + 1
    picture = re.sub(r"MJX-\d+-", f"F{number}-", picture)
    tag = "div" if is_block else "span"
    self.body.append(self.starttag(node, tag, "", CLASS="math notranslate nohighlight"))
    self.body.append(f'{picture}<span class="unseen">{spoken}</span></{tag}>')
    raise nodes.SkipNode


# Pictures -----------------------------------------------------------------------------------------


def size_pictures(app, name, template, context, doctree):
    """Load each picture when it comes into view, and say how large it is.

    Figures of notebooks say so themselves: they may have more pixels than are shown.
    """
    files = {file: app.srcdir / source for source, (_, file) in app.env.images.items()}

    def sized(match):
        attributes, file = 'loading="lazy" decoding="async"', files.get(match[1].rpartition("/")[2])
        if " width=" not in match[0] and file and file.suffix in (".png", ".gif"):
            with Image.open(file) as picture:
                width, height = picture.size
            attributes += f' width="{width}" height="{height}"'
        return match[0].replace("<img ", f"<img {attributes} ", 1)

    if "body" in context:  # MyST-NB gives what it folds a name beside the words that are shown
        context["body"] = context["body"].replace(' aria-label="Toggle hidden content"', "")
        context["body"] = re.sub(r'<img [^>]*src="([^"]*)"[^>]*>', sized, context["body"])


def setup(app):
    app.connect("doctree-read", fold_what_goes_deeper)
    app.connect("doctree-read", name_as_github)
    app.connect("env-updated", draw_formulas)
    app.connect("html-page-context", size_pictures)
    shown = (show_formula, None)
    app.add_html_math_renderer("drawn", inline_renderers=shown, block_renderers=shown)
    app.add_search_language(SearchCourse)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
