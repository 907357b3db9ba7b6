"""Notebooks that read as their pages do: what only Sphinx understands becomes Markdown, and source lines stand there.

sphinx-gallery writes a notebook beside every page, and leaves in its words what Markdown has no word for. A directive
that is still there afterwards is a warning, and so the end of a build.
"""

import json
import re
import textwrap
from pathlib import Path

from sphinx.directives.code import LiteralIncludeReader
from sphinx.util import logging
from sphinx_gallery.notebook import rst2md

OPTIONS = r"((?:\n +:[\w-]+:.*)*)"
INCLUDE = re.compile(rf"^\.\. literalinclude:: (\S+){OPTIONS}", re.MULTILINE)
ADMONITION = re.compile(rf"^\.\. admonition:: (.+){OPTIONS}\n((?:\n|   .*(?:\n|\Z))+)", re.MULTILINE)
DOCTEST = re.compile(r"(?:^>>> .*\n?(?:^\S.*\n?)*)+", re.MULTILINE)
ROLE = re.compile(r":(?:\w+:)?(\w+):`(?:([^`<]+?)\s*<[^`>]+>|([^`]+))`")
DIRECTIVE = re.compile(r"^\s*\.\. [\w-]+::.*", re.MULTILINE)
WORDS = {"term", "doc", "ref"}  # roles of what is read as words; of all others, as code


def _included(match, folder, config):
    """A block of code, of the lines that a page includes."""
    options = dict(re.findall(r":([\w-]+): ?(.*)", match[2]))
    if "dedent" in options:
        options["dedent"] = int(options["dedent"]) if options["dedent"] else None
    text, _ = LiteralIncludeReader(str(folder / match[1]), options, config).read()
    language = options.get("language", "python").replace("none", "")  # formulas are in none
    return f"```{language}\n{text.rstrip()}\n```"


def _unfolded(match, gallery):
    """A box, or what opens by a click, as HTML around Markdown."""
    title, options, body = match.groups()
    inside = rst2md(textwrap.dedent(body).strip() + "\n", gallery, "", {})
    if ":collapsible:" in options:
        return f"<details><summary><b>{title}</b></summary>\n\n{inside}\n\n</details>\n\n"
    return textwrap.indent(f"**{title}**\n\n{inside}", "> ", lambda line: True) + "\n\n"


def _in_words(match):
    role, title, target = match.groups()
    if title or role in WORDS:
        return title or target
    return f"`{target.rpartition('.')[2] if target.startswith('~') else target}`"


def as_markdown(text, folder, gallery, config):
    """What is left to be said in Markdown, of the words of a cell."""
    text = INCLUDE.sub(lambda match: _included(match, folder, config), text)
    text = ADMONITION.sub(lambda match: _unfolded(match, gallery), text)
    text = DOCTEST.sub(lambda match: f"```python\n{match[0].rstrip()}\n```\n", text)
    return ROLE.sub(_in_words, text)


def rewrite(path, gallery, config):
    """Write a notebook anew."""
    notebook = json.loads(path.read_text(encoding="utf8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = [as_markdown("".join(cell["source"]), path.parent, gallery, config)]
            for left in DIRECTIVE.findall(cell["source"][0]):
                logging.getLogger(__name__).warning("%s: a notebook does not understand %s", path.name, left.strip())
    path.write_text(json.dumps(notebook, indent=1), encoding="utf8")


def _rewrite_all(app):
    gallery = app.config.sphinx_gallery_conf
    for folder in gallery["gallery_dirs"]:
        for path in sorted((Path(app.srcdir) / folder).glob("*.ipynb")):
            rewrite(path, gallery, app.config)


def setup(app):
    """Rewrite what sphinx-gallery has written, before pages are read."""
    app.connect("builder-inited", _rewrite_all, priority=900)
    return {"parallel_read_safe": True}
