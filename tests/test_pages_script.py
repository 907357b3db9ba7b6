"""What the pages' own script and style do for readers: full size, rest, and paper."""

from pathlib import Path

import pytest
from PIL import Image

STATIC = Path(__file__).parents[1] / "docs" / "_static"
PAGE = """<!doctype html><html lang="en" data-theme="dark"><meta charset="utf-8"><title>a page</title>
<link rel="stylesheet" href="{static}/pages.css"><script src="{static}/pages.js"></script>
<style>[data-theme=dark] {{ color: white; }} [data-theme=light] {{ color: black; }} img {{ max-width: 100%; }}</style>
<main class="bd-content"><article class="bd-article">{body}</article></main></html>"""


@pytest.fixture
def open_article(tmp_path, open_page):
    """A page with something in it, beside a moving picture `moves.gif` and a wide one, `wide.png`."""
    frames = [Image.new("RGB", (60, 20), color) for color in ("red", "blue")]
    for name in ("moves.gif", "MOVES.GIF"):
        frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:], duration=50, loop=0)
    Image.new("RGB", (4000, 100)).save(tmp_path / "wide.png")

    def visit(body):
        (tmp_path / "page.html").write_text(PAGE.format(static=STATIC.as_uri(), body=body), encoding="utf8")
        return open_page(tmp_path / "page.html")

    return visit


def test_where_a_moving_picture_stands_still_those_after_it_open_in_full_size(open_article):
    moving = '<img src="moves.gif" alt="a"><img src="MOVES.GIF" alt="b">'
    page = open_article(f'{moving}<details><img src="wide.png" alt="c"></details><img src="wide.png" alt="d">')
    assert page.locator("canvas").count() == 0
    page.emulate_media(reduced_motion="reduce")
    page.reload()
    page.wait_for_function("document.querySelectorAll('canvas').length === 2")
    page.evaluate("document.querySelector('details').open = true")
    page.wait_for_function("document.querySelectorAll('a.small').length === 2")


def test_paper_is_light_and_has_all_that_is_wide(open_article):
    page = open_article(
        f'<p>a</p><pre>{"x" * 400}</pre><img src="wide.png" alt="b"><p class="player"><b class="controls">c</b></p>'
    )
    page.wait_for_selector("a.small")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.eval_on_selector("p", "p => getComputedStyle(p).color") == "rgb(0, 0, 0)"
    assert page.eval_on_selector("pre", "pre => pre.scrollWidth <= pre.clientWidth")
    assert page.eval_on_selector("a", "a => getComputedStyle(a, '::after').display") == "none"
    assert not page.is_visible(".controls")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.get_attribute("html", "data-theme") == "dark"


def test_a_page_without_pictures_or_without_an_article_is_let_be(open_article):
    assert open_article("nothing").inner_text("main") == "nothing"
    assert open_article('</article><img src="wide.png" alt="wide">').locator("a").count() == 0
