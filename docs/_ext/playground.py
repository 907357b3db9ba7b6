"""The playground, a page beside the pages: ``play.html``, made by the package when all others have been built.

``.. playground::`` shows it within a page, and ``:play:`words <table=xor&rate=1>``` is a link that opens it there with
settings, which stand behind # in its address.
"""

from html import escape
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.util.docutils import SphinxRole
from sphinx.util.nodes import split_explicit_title

PAGE = "play.html"
FRAME = """\
<iframe class="playground" name="playground" src="{page}" title="The playground"></iframe>
<script>
  addEventListener("click", ({{ target }}) => {{
    if (target.target === "playground") document.querySelector("iframe.playground").scrollIntoView();
  }});
</script>
<style>
  .playground {{ scroll-margin-top: 5rem; }} /* below the bar of the site */
  .bd-main .bd-content .bd-article-container {{ max-width: 80rem; }}
  .bd-article section > :not(iframe, section) {{ max-width: 58rem; }}
  .playground {{
    width: 100%;
    height: 85vh;
    border: 1px solid var(--pst-color-border, #ccc);
    border-radius: 0.5rem;
  }}
  @media (min-width: 80rem) {{
    .playground {{ height: 79rem; }} /* all of it, side by side */
  }}
</style>
"""


class Playground(Directive):
    """The playground, embedded; a line with a link where there is no room for a frame."""

    def run(self):
        return [nodes.raw("", FRAME.format(page=PAGE), format="html")]


class Play(SphinxRole):
    """A link that opens the playground with some settings, in the frame of the page."""

    def run(self):
        _, title, settings = split_explicit_title(self.text)
        address = escape(f"{PAGE}#{settings}", quote=True)
        link = f'<a class="reference external" href="{address}" target="playground">{escape(title)}</a>'
        return [nodes.raw("", link, format="html")], []


def setup(app):
    """Write the page at the end of a build of HTML."""

    def finish(app, exception):
        if exception is None and app.builder.format == "html":
            from sklearn_neuron.playground import write_playground

            write_playground(Path(app.outdir) / PAGE)

    app.add_directive("playground", Playground)
    app.add_role("play", Play())
    app.connect("build-finished", finish)
    return {"parallel_read_safe": True}
