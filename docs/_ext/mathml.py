"""Mathematics as MathML, which browsers draw by themselves: no script, no font, nothing asked of the network."""

import re

from docutils import nodes
from docutils.utils.math import MathError, latex2mathml
from sphinx.util import logging

APPLIED = re.compile(r"(<mo>&ApplyFunction;</mo>)(?=\s*<(?!mo|mspace))")  # to what stands in no parentheses


def _markup(translator, node, text, as_block):
    try:
        return APPLIED.sub(r'\1<mspace width="0.17em"></mspace>', latex2mathml.tex2mathml(text, as_block=as_block))
    except (MathError, SyntaxError) as error:
        logging.getLogger(__name__).warning("no mathematics: %s in %s", error, text, location=node)
        return translator.encode(text)


def _inline(translator, node):
    translator.body.append(_markup(translator, node, node.astext(), False))
    raise nodes.SkipNode


def _block(translator, node):
    """Equations that a blank line parts stand one below the other."""
    translator.body.append(translator.starttag(node, "div", CLASS="math"))
    for part in filter(None, map(str.strip, re.split(r"\n\s*\n", node.astext()))):
        several = r"\\" in part and r"\begin" not in part
        text = rf"\begin{{aligned}}{part}\end{{aligned}}" if several else part
        translator.body.append(_markup(translator, node, text, True))
    translator.body.append("</div>\n")
    raise nodes.SkipNode


def hold_together(app, doctree, page):
    """No line ends between a formula and the signs that touch it, such as a comma behind it."""
    for formula in list(doctree.findall(nodes.math)):
        siblings, at = formula.parent.children, formula.parent.index(formula)
        before, after = "", ""
        if at and isinstance(siblings[at - 1], nodes.Text):
            before = re.search(r'[(\["]*$', siblings[at - 1])[0]
        if at + 1 < len(siblings) and isinstance(siblings[at + 1], nodes.Text):
            after = re.match(r'[^\s\w(\["]*', siblings[at + 1])[0]
        if not before and not after:
            continue
        held = nodes.inline("", "", nodes.Text(before), formula.deepcopy(), nodes.Text(after), classes=["held"])
        if after:
            formula.parent.replace(siblings[at + 1], nodes.Text(siblings[at + 1][len(after) :]))
        formula.parent.replace(formula, held)
        if before:
            held.parent.replace(siblings[at - 1], nodes.Text(siblings[at - 1][: -len(before)]))


def setup(app):
    """Register the renderer; it is chosen by being there."""
    app.add_css_file("mathml.css")
    app.connect("doctree-resolved", hold_together)
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
