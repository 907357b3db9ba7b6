"""What stands beside a picture for who does not see it, and what must not stand in the words of a page."""

import importlib.util
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
EPISODES = sorted((DOCS / "learn").glob("plot_*.py"))
IN_A_BOX = 70  # signs of code that a box of an episode shows beside the contents of its page, 1,280 px wide


def extension(name, *needs):
    """An extension of the docs."""
    path = DOCS / "_ext" / f"{name}.py"
    if not path.exists():
        pytest.skip("the tests are not in a checkout, with the docs beside them")
    for need in needs:
        pytest.importorskip(need)
    found = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_a_picture_is_told_by_its_titles_each_once_and_without_empty_ones():
    pictures, pyplot = extension("pictures", "sphinx_gallery", "matplotlib"), pytest.importorskip("matplotlib.pyplot")
    figure, panels = pyplot.subplots(1, 4)
    for panel, title in zip(panels, ("class 0", "class 1", "\u200b", "class 1"), strict=True):
        panel.set_title(title)
    assert pictures.words_of(figure) == "class 0, class 1"
    pyplot.close(figure)


def test_a_picture_without_a_title_is_told_by_what_is_written_in_it():
    pictures, pyplot = extension("pictures", "sphinx_gallery", "matplotlib"), pytest.importorskip("matplotlib.pyplot")
    figure, panel = pyplot.subplots()
    panel.text(0, 0, r"$z = \mathbf{w} \cdot \mathbf{x}\, + b$")
    panel.text(0, 1, "leaf\nlength")
    assert pictures.words_of(figure) == "z = w · x + b, leaf length"
    pyplot.close(figure)


def test_a_picture_that_says_nothing_ends_the_build():
    pictures, pyplot = extension("pictures", "sphinx_gallery", "matplotlib"), pytest.importorskip("matplotlib.pyplot")
    figure, _ = pyplot.subplots()
    with pytest.raises(ValueError, match="neither a title nor a word"):
        pictures.words_of(figure)
    pyplot.close(figure)


@pytest.mark.parametrize(
    ("around", "held"),
    [(("the rate ", ", alpha"), "x,"), (("is (", ") on"), "(x)"), (("so ", " it is"), None)],
)
def test_no_line_ends_between_a_formula_and_the_signs_that_touch_it(around, held):
    mathml, nodes = extension("mathml", "sphinx"), pytest.importorskip("docutils.nodes")
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
