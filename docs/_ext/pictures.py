"""What stands in the place of a picture for who does not see it: its titles, or, where it has none, its words.

sphinx-gallery takes the titles of a figure, empty ones too, and of one without a title the name of its file. A picture
without any words is the end of a build.
"""

import re

from sphinx_gallery import scrapers

titles_of = scrapers._matplotlib_fig_titles
INVISIBLE = "\u200b \n"


def _plain(text):
    """A formula as one would type it."""
    return re.sub(r"\\mathbf|\\,|[{}$]", "", text).replace(r"\cdot", "·").replace("\n", " ")


def words_of(figure):
    """Titles of a figure, each once; or else all that is written in it, without the marks of its axes."""
    titles = [title.strip(INVISIBLE) for title in titles_of(figure).split(", ")]
    if not any(titles):
        written = [text for axes in figure.axes for text in (*axes.texts, axes.xaxis.label, axes.yaxis.label)]
        titles = [_plain(text.get_text()).strip(INVISIBLE) for text in written if text.get_visible()]
    said = ", ".join(dict.fromkeys(title for title in titles if title))
    if not said:
        raise ValueError("a picture has neither a title nor a word in it: who does not see it learns nothing of it")
    return said


def scrape(block, block_vars, gallery_conf):
    """Save the figures of a cell, as sphinx-gallery does, with these words."""
    scrapers._matplotlib_fig_titles = words_of
    return scrapers.matplotlib_scraper(block, block_vars, gallery_conf)
