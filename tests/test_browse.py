"""Sound pages pass, and a fault that is planted in a page is found there: `.ci/browse.py`, which the gate runs."""

import importlib.util
import io
from pathlib import Path

import pytest
from PIL import Image

from sklearn_neuron.displays import Film

PROGRAM = Path(__file__).parents[1] / ".ci" / "browse.py"
if not PROGRAM.exists():
    pytest.skip("the gate is no part of the source archive", allow_module_level=True)
pytest.importorskip("playwright", reason="playwright is not installed")
pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed: pip install '.[browse]'")

SOUND = """<!doctype html>
<html lang="en" data-theme="light">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>A page</title>
<style>
html { background: white; color: #222; }
html[data-theme=dark] { background: #111; color: #eee; }
html[data-theme=dark] :is(a, summary) { color: #9cf; }
</style>
<script>
document.documentElement.dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
</script>
<main>
<h1 id="top">A page</h1>
<p>Of the sigmoid, and a <a href="index.html#top">link</a> and
<a href="index.html#w=1&b=2">another</a>; <code>\\frac</code> is code.</p>
<p><math><mfrac><mn>1</mn><mi>n</mi></mfrac></math></p>
<details><summary>Answer</summary><img src="dot.png" alt="a dot" loading="lazy"></details>
<p><img src="dot.png" alt=""> words beside it</p>
<div tabindex="0" style="overflow-x: auto"><div style="width: 2000px">a table</div></div>
PLANTED
</main>
</html>
"""
INDEX = """
<form action="search.html"><input name="q" aria-label="words"></form>
<button class="theme-switch-button">Theme</button>
<button data-mode="dark" onclick="document.documentElement.dataset.theme = 'dark'">Dark</button>
<script>
addEventListener("keydown", event => {
  if (event.ctrlKey && event.key === "k") {
    event.preventDefault();
    document.querySelector("input[name=q]").focus();
  }
});
</script>
"""
SEARCH = """
<ul id="search-results"></ul>
<script>
if (location.search === "?q=sigmoid") {
  document.querySelector("#search-results").innerHTML = '<li><a href="index.html">A page</a></li>';
}
</script>
"""
PLANTED = {
    "console: oh no": '<script>console.error("oh no")</script>',
    "error: nothing is not defined": "<script>nothing.here()</script>",
    "request failed with 404: lost.js": '<script src="lost.js"></script>',
    "an image is not there": '<img src="lost.png" alt="lost">',
    "an image without alt text": '<p><img src="dot.png"> words</p>',
    "an image without alt text: ": '<p><img src="dot.png" alt=""></p>',
    "an image without alt text: http": '<p><img src="dot.png" alt="dot.png"> words</p>',  # as Sphinx makes it
    "an image without alt text: http:": '<img src="sphx_glr_plot_1_dot_001.png" alt="plot 1 dot">',  # sphinx-gallery
    "asks others: http://example.org/far.png": '<img src="http://example.org/far.png" alt="far">',
    "asks others: http://example.org/a.woff": "<style>"
    "@font-face { font-family: far; src: url(http://example.org/a.woff); } p { font-family: far; }</style>",
    "the page is wider than the screen: div": '<div style="width: 1400px">wide</div>',
    "the page is wider than the screen: td": "<table><tr>" + "<td>a_long_name</td>" * 8 + "</tr></table>",
    "the page is wider than the screen: i": '<div style="overflow-x: auto"><h1>With</h1>'
    '<i style="display: block; width: 1400px">wide</i></div>',
    "what it holds is cut off: div": '<div style="overflow: hidden"><div style="width: 1400px">wide</div></div>',
    "a link leads nowhere: lost.html": '<a href="lost.html">lost</a>',
    "a link leads to a place that is not there: index.html#lost": '<a href="index.html#lost">lost</a>',
    "raw markup: \\(w x\\)": "<p>\\(w x\\)</p>",
    "raw markup: the \\sigma": "<p>the \\sigma</p>",
    "raw markup: :math:`": "<p>:math:`a`</p>",
    "a formula without a size": '<math style="display: block; width: 0; height: 0; overflow: hidden"><mi>x</mi></math>',
    "a formula that is none": "<math><merror><mtext>what?</mtext></merror></math>",
    "a formula that was not made": '<div class="math">x = 1</div>',
    "moves by itself: img": '<img src="moving.gif" alt="moving">',
    "moves by itself: b": "<style>@keyframes turn { to { rotate: 360deg; } } b { animation: turn 1s infinite; }</style>"
    "<b>turn</b>",
    "axe, color-contrast": '<p style="color: #999; background: #aaa">pale</p>',
    "axe, button-name": "<button></button>",
    "axe, label": '<input type="range">',
    "dark by hand and dark by system differ": "<style>"
    "@media (prefers-color-scheme: dark) { h1 { color: white; } }</style>",
    "the theme is light where the system is dark": "<script>document.documentElement.dataset.theme = 'light'</script>",
}
BROKEN_FILMS = {
    "a film plays by itself": ("show(0);\n})", "show(0);\ntoggle();\n})"),
    "a film does not step": ("next.onclick = () => go(shown + 1)", "next.onclick = () => go(shown)"),
    "a film does not step back": ("back.onclick = () => go(shown - 1)", "back.onclick = () => go(shown)"),
    "a film does not pause": ("if (timer !== null) return pause();", ""),
    "a film does not play": ("play.onclick = toggle;", ""),
}


@pytest.fixture(scope="module")
def browse():
    """The program, if it has something to look with."""
    spec = importlib.util.spec_from_file_location("browse", PROGRAM)
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    if program.chromium_here() is None:
        pytest.skip("no Chromium is installed (Debian: apt install chromium)")
    program.PATIENCE = 2_000  # a page of nothing but this needs no more
    return program


@pytest.fixture(scope="module")
def film():
    """The fragment of a page that plays many frames."""
    frames = []
    for shade in range(30):
        Image.new("P", (320, 40), shade).save(file := io.BytesIO(), "png")
        frames.append(file.getvalue())
    return Film("shades", tuple(frames), tuple(map(str, range(30))), (320, 40)).to_html()


def place(directory, pages):
    """Write pages, and what they show."""
    directory.mkdir()
    gray, pale = Image.new("L", (8, 8), 90), Image.new("L", (8, 8), 200)
    gray.save(directory / "dot.png")
    gray.save(directory / "moving.gif", save_all=True, append_images=[pale])
    for name, planted in pages.items():
        (directory / name).write_text(SOUND.replace("PLANTED", planted), encoding="utf8")
    return directory


@pytest.fixture(scope="module")
def found(browse, film, tmp_path_factory):
    """What is found on pages of which each has one fault, by page."""
    pages = dict(enumerate(PLANTED.values()))
    for old, new in BROKEN_FILMS.values():
        assert film.count(old) == 1
        pages[len(pages)] = film.replace(old, new)
    pages = {f"page{number:02}.html": planted for number, planted in pages.items()}
    directory = place(tmp_path_factory.mktemp("planted") / "html", {**pages, "index.html": "", "search.html": ""})
    lines, count = browse.faults_of(directory)
    assert count == len(pages) + 2
    return {page: [line for line in lines if line.startswith(page)] for page in [*pages, "index.html"]}


def test_sound_pages_have_no_fault(browse, film, tmp_path, capsys):
    Image.new("P", (320, 40)).save(file := io.BytesIO(), "png")
    still = Film("of one frame", (file.getvalue(),), ("0",), (320, 40)).to_html()
    directory = place(tmp_path / "html", {"index.html": INDEX, "search.html": SEARCH, "other.html": film + still})
    pictures = tmp_path / "new" / "looks"
    assert browse.main([str(directory), "--pictures", str(pictures)]) == 0
    assert capsys.readouterr().out == "0 faults on 3 pages\n"
    assert len(list(pictures.glob("other_*.png"))) == 4


@pytest.mark.parametrize(("number", "fault"), list(enumerate([*PLANTED, *BROKEN_FILMS])))
def test_a_planted_fault_is_found_where_it_is(found, number, fault):
    page = f"page{number:02}.html"
    assert any(line.startswith(f"{page}: {fault}") for line in found[page]), found[page]


@pytest.mark.parametrize(
    "fault", ["Control+K opens no search", "search finds nothing for sigmoid", "cannot be looked at"]
)
def test_search_and_theme_are_tried(found, fault):
    assert any(fault in line for line in found["index.html"])


def test_the_program_fails_if_a_page_does_and_if_there_is_none(browse, tmp_path, capsys):
    directory = place(tmp_path / "html", {"odd.html": "<button></button>", "even.html": "", "index.html": ""})
    assert browse.main([str(directory)]) == 1
    assert capsys.readouterr().out.endswith("\n1 faults on 3 pages\n")
    assert browse.main([str(directory), "even"]) == 0
    assert browse.main([str(directory), "nowhere"]) == 1


def test_without_a_browser_it_says_so_loudly(browse, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(browse, "chromium_here", lambda: None)
    assert browse.main([str(tmp_path)]) == 0
    assert "NOTHING WAS LOOKED AT" in capsys.readouterr().err
