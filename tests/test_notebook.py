"""In a notebook: what shows itself there shows the numbers that are printed, and costs little."""

import html
import re
from types import SimpleNamespace

import pytest

from sklearn_neuron import explain, gradient_check

RULES = set("*=-")  # signs between the numbers of a terminal, where a page has cells


def words_of(page):
    """What a page says, word by word."""
    return html.unescape(re.sub(r"<[^>]*>", " ", page)).split()


def tags_of(page):
    """Names of the elements of a page."""
    return set(re.findall(r"</?(\w+)", page))


@pytest.fixture(params=["learned", "slow", "irises", "layered_irises", "staged"])
def neuron(request):
    found = request.getfixturevalue(request.param)
    return found[2] if isinstance(found, tuple) else found


def test_the_page_of_a_history_says_what_is_printed(neuron):
    page = neuron.history_._repr_html_()
    assert words_of(page) == str(neuron.history_).split()
    assert tags_of(page) == {"p", "div", "table", "tr", "th", "td"}


def test_ipython_prints_the_table_where_it_shows_no_pages(learned):
    printed = []
    learned.history_._repr_pretty_(SimpleNamespace(text=printed.append), cycle=False)
    assert printed == [str(learned.history_)]


@pytest.mark.parametrize("which", ["irises", "layered_irises"])
@pytest.mark.parametrize("names", [list("abcd"), ["<b>", "a & b", '"', "</table><script>"]])
def test_the_page_of_an_explanation_says_what_is_printed(request, which, names):
    X, y, neurons = request.getfixturevalue(which)
    told = explain(neurons, X[70], truth=y[70], among=(X, y), feature_names=names, class_names=["<i>", "&amp;", "c"])
    page = told._repr_html_()
    on_page, printed = words_of(page), str(told).split()
    assert [word for word in on_page if set(word) - RULES] == [word for word in printed if set(word) - RULES]
    assert tags_of(page) == {"p", "div", "table", "tr", "th", "td"}


@pytest.mark.parametrize("which", ["irises", "layered_irises"])
@pytest.mark.parametrize("names", [list("abcd"), ["<b>", "a & b", '"', "</table><script>"]])
def test_the_page_of_a_gradient_check_says_what_is_printed(request, which, names):
    X, y, neurons = request.getfixturevalue(which)
    table = gradient_check(neurons, X, y, class_of_interest=1, feature_names=names)
    page = table._repr_html_()
    assert words_of(page) == str(table).split()
    assert tags_of(page) == {"p", "br", "div", "table", "tr", "th", "td"}


def test_a_page_brings_no_colours_of_its_own(learned, plants):
    shown = [learned.history_, explain(learned, [5.3, 2.6]), gradient_check(learned, plants.data, plants.target)]
    for page in (each._repr_html_() for each in shown):
        assert "color" not in page  # black on black, in a dark notebook
        assert "background" not in page
        assert "class=" not in page
        assert "http" not in page
