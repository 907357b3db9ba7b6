"""In a notebook: what shows itself there shows the numbers that are printed, and costs little."""

import html
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.base import BaseEstimator
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_neuron import SigmoidNeuronClassifier, SigmoidNeuronClassifierCV, explain, gradient_check

DOCS = Path(__file__).parents[1] / "docs"
shows_what_is_fitted = pytest.mark.skipif(
    not hasattr(BaseEstimator, "_get_fitted_attr_html"), reason="scikit-learn shows fitted attributes from 1.9 on"
)
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


# The estimator on scikit-learn's page ---------------------------------------------------------------------


@pytest.fixture(params=[SigmoidNeuronClassifier, SigmoidNeuronClassifierCV])
def estimator(request, plants):
    return request.param().fit(plants.data, plants.target)


def test_the_link_leads_to_the_page_that_sphinx_names_after_the_list_of_the_docs(estimator):
    name = type(estimator).__name__
    assert (
        estimator._get_doc_link()
        == f"https://sklearn-neuron.readthedocs.io/en/latest/generated/sklearn_neuron.{name}.html"
    )
    api = (DOCS / "api.rst").read_text(encoding="utf8")
    first = api.index(".. autosummary::")
    assert ".. currentmodule:: sklearn_neuron\n" in api[:first]
    assert ":toctree: generated\n" in api[first : api.index(f"   {name}\n")]


def test_who_writes_a_neuron_of_their_own_is_not_sent_to_our_pages(plants):
    class Other(SigmoidNeuronClassifier):
        __module__ = "elsewhere"

    assert Other()._get_doc_link() == ""
    assert "Other" in Other().fit(plants.data, plants.target)._repr_html_()


def test_every_parameter_has_a_tooltip_and_a_link_to_its_own_lines(estimator):
    page = estimator._repr_html_()
    if "param-doc-link" not in page:
        pytest.skip("scikit-learn explains parameters from 1.8 on")
    for name in estimator.get_params():
        assert re.search(rf'href="{re.escape(estimator._get_doc_link())}#:~:text={name},-', page)
        assert re.search(rf'param-doc-description"[^>]*>\s*{name}: ', page)


@shows_what_is_fitted
def test_every_fitted_attribute_has_a_tooltip_and_a_link_to_its_own_lines(estimator):
    page = estimator._repr_html_()
    fitted = [name for name in vars(estimator) if name.endswith("_") and not name.startswith("_")]
    assert {"coef_", "history_", "stop_reason_"} <= set(fitted)
    for name in fitted:
        assert re.search(rf'href="{re.escape(estimator._get_doc_link())}#:~:text={name},-', page)
        assert re.search(rf'param-doc-description"[^>]*>\s*{name}: ', page)


@shows_what_is_fitted
def test_a_history_and_outcomes_are_shown_whole_for_they_are_short(learned, slow, irises):
    for neuron in (learned, slow, irises[2]):
        page = html.unescape(neuron._repr_html_())
        assert f"<td><History of {neuron.history_.n_steps:,} steps></td>" in page
        assert f"<td>[{', '.join(['Outcome.ARRIVED'] * len(neuron.outcomes_))}]</td>" in page


def test_the_page_of_an_estimator_does_not_grow_with_features_or_steps(slow, plants, rng):
    small = SigmoidNeuronClassifier().fit(plants.data, plants.target)
    large = SigmoidNeuronClassifier().fit(rng.normal(size=(20, 100_000)), np.arange(20) % 2)
    large.history_, large.loss_curve_ = slow.history_, slow.loss_curve_
    assert len(large.history_) > 500
    assert len(large._repr_html_()) < len(small._repr_html_()) + 1000
    assert repr(large) == "SigmoidNeuronClassifier()"


def test_nothing_of_the_history_is_computed_to_show_the_estimator(learned, monkeypatch):
    page = learned._repr_html_()

    def refuse(self, *asked):
        raise AssertionError

    for name in ("tail", "__str__", "to_frame", "_repr_html_"):
        monkeypatch.setattr(type(learned.history_), name, refuse)
    assert len(learned._repr_html_()) == pytest.approx(len(page), abs=10)  # but for the number of the page


def test_in_a_pipeline_and_a_search_it_shows_itself_as_alone(plants):
    pipeline = make_pipeline(StandardScaler(), SigmoidNeuronClassifier(C=2.0))
    search = GridSearchCV(pipeline, {"sigmoidneuronclassifier__C": [0.5, 2.0]}, cv=2)
    for estimator in (pipeline, search):
        for _ in ("before", "after a fit"):
            assert "SigmoidNeuronClassifier(C=2.0)" in repr(estimator)
            assert str(estimator) == repr(estimator)
            assert "SigmoidNeuronClassifier" in estimator._repr_html_()
            assert "sklearn-neuron.readthedocs.io" in estimator._repr_html_()
            estimator.fit(plants.data, plants.target)
    neuron = search.best_estimator_[-1]
    assert str(neuron) == f"SigmoidNeuronClassifier(C={neuron.C})".replace("(C=1.0)", "()")
