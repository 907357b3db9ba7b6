"""What the docs' own extensions make, and what must not stand in the words of a page."""

import importlib.util
import re
import types
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
EPISODES = sorted((DOCS / "learn").glob("plot_*.py"))
IN_A_BOX = 70  # signs of code that a box of an episode shows beside the contents of its page, 1,280 px wide
CONFIG = types.SimpleNamespace(source_encoding="utf-8-sig")


def extension(name):
    """An extension of the docs."""
    pytest.importorskip("sphinx_gallery", reason="the docs' tools are not installed")
    path = DOCS / "_ext" / f"{name}.py"
    if not path.exists():
        pytest.skip("the tests are not in a checkout, with the docs beside them")
    found = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.mark.parametrize("episode", EPISODES, ids=lambda path: path.stem)
def test_every_include_becomes_its_lines(episode):
    notebooks = extension("notebooks")
    words = re.sub(r"^#(?: |$)", "", episode.read_text(encoding="utf8"), flags=re.MULTILINE)
    includes = list(notebooks.INCLUDE.finditer(words))
    assert len(includes) == words.count("literalinclude::") > 0
    for include in includes:
        source = re.sub(r"\s+", " ", (episode.parent / include[1]).read_text(encoding="utf8"))
        fence, *lines, end = notebooks._included(include, episode.parent, CONFIG).splitlines()
        assert end == "```"
        assert fence == ("```" if ":language: none" in include[2] else "```python")  # formulas are no Python
        assert lines
        assert re.sub(r"\s+", " ", "\n".join(lines)).strip() in source


def test_a_picture_has_the_words_of_its_titles_or_of_its_heading():
    pictures = extension("pictures")
    from docutils import nodes
    from sphinx_gallery.directives import imgsgnode

    def picture(alt):
        return imgsgnode(alt=alt, uri="/learn_pages/images/sphx_glr_plot_1_theory_001.png")

    all_of_them = [picture(alt) for alt in ("plot 1 theory", ", \u200b, ", "The valley of J", "a, , b, a")]
    inner = nodes.section("", nodes.title("", "A score"), nodes.container("", *all_of_them))
    page = nodes.document(None, None)
    page += nodes.section("", nodes.title("", "Theory"), inner)
    pictures.describe(None, page)
    assert [one["alt"] for one in all_of_them] == ["A score", "A score", "The valley of J", "a, b"]


@pytest.mark.parametrize(
    ("around", "held"),
    [(("the rate ", ", alpha"), "x,"), (("is (", ") on"), "(x)"), (("so ", " it is"), None)],
)
def test_no_line_ends_between_a_formula_and_the_signs_that_touch_it(around, held):
    mathml, nodes = extension("mathml"), pytest.importorskip("docutils.nodes")
    line = nodes.paragraph("", "", nodes.Text(around[0]), nodes.math("x", "x"), nodes.Text(around[1]))
    mathml.hold_together(None, line, None)
    assert line.astext() == "x".join(around)
    spans = [span.astext() for span in line.findall(nodes.inline) if "held" in span["classes"]]
    assert spans == ([held] if held else [])


@pytest.mark.parametrize("episode", EPISODES, ids=lambda episode: episode.stem)
def test_code_of_an_episode_is_not_cut_off_by_its_box(episode):
    lines = episode.read_text(encoding="utf8").partition('\n"""\n')[2].splitlines()
    assert [line for line in lines if len(line) > IN_A_BOX and not line.startswith("#")] == []


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.rst")), ids=lambda page: page.stem)
def test_no_marks_of_a_link_stand_in_a_block_of_code(page):
    blocks = re.findall(r"::\n\n((?:   .*\n|\n)+)", page.read_text(encoding="utf8"))
    commands = [line for block in blocks for line in block.splitlines() if re.match(r" +(?:python|pip|sklearn-)", line)]
    assert [line for line in commands if re.search(r"`_|:\w+:`", line)] == []
