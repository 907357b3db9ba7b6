"""In a notebook: what shows itself there shows the numbers that are printed, and costs little."""

import html
import io
import logging
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.base import BaseEstimator
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_neuron import SigmoidNeuronClassifier, SigmoidNeuronClassifierCV, explain, gradient_check
from sklearn_neuron.telling.narration import Narrator

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


@pytest.mark.parametrize("width", [320, 1200])
@pytest.mark.parametrize(("ink", "paper"), [("rgb(20, 20, 20)", "white"), ("rgb(230, 230, 230)", "black")])
def test_a_page_is_never_wider_than_its_window_and_written_in_the_ink_of_its_theme(
    open_page, tmp_path, irises, layered_irises, slow, staged, ink, paper, width
):
    X, y, neurons = irises
    names = [f"a feature of many words, the {j}th" for j in range(4)]
    shown = [
        slow.history_,
        staged[2].history_,
        neurons.history_,
        explain(layered_irises[2], X[70], feature_names=names),
    ]
    shown.append(gradient_check(neurons, X, y, class_of_interest=1, feature_names=names))
    body = "".join(f"<section>{each._repr_html_()}</section>" for each in shown)
    file = tmp_path / "page.html"
    file.write_text(
        f'<!doctype html><meta charset="utf-8"><body style="color: {ink}; background: {paper}">{body}', encoding="utf8"
    )
    page = open_page(file)
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    inks = page.eval_on_selector_all("p, td, th", "them => [...new Set(them.map(it => getComputedStyle(it).color))]")
    assert inks == [ink]
    for section, each in zip(page.query_selector_all("section"), shown, strict=True):
        assert section.inner_text().split() == words_of(each._repr_html_())


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
    if not DOCS.exists():
        pytest.skip("the tests are not in a checkout, with the docs beside them")
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


# What verbose tells ---------------------------------------------------------------------------------------


@pytest.fixture
def logger():
    """The logger of the package and the root, which get back what they had."""
    loggers = [logging.getLogger("sklearn_neuron"), logging.getLogger()]
    kept = [(each.level, each.propagate, each.disabled, list(each.handlers)) for each in loggers]
    yield loggers[0]
    for each, (level, propagate, disabled, handlers) in zip(loggers, kept, strict=True):
        each.setLevel(level)
        each.propagate, each.disabled, each.handlers = propagate, disabled, handlers


def a_handler(level=logging.NOTSET):
    """One that keeps the bare lines it is handed."""
    handler = logging.StreamHandler(io.StringIO())
    handler.setLevel(level)
    return handler


def lines_told(plants, **options):
    """What a fit prints, with verbose=1, where nobody listens."""
    with redirect_stdout(io.StringIO()) as printed:
        SigmoidNeuronClassifier(verbose=1, **options).fit(plants.data, plants.target)
    return printed.getvalue()


def test_whoever_listens_gets_every_line_once_and_nothing_is_printed(plants, logger, capsys):
    printed = lines_told(plants)
    assert printed.split()[:2] == ["step", "J"]
    for where, level in [(logging.getLogger(), logging.INFO), (logger, logging.DEBUG)]:
        handler = a_handler()
        where.addHandler(handler)
        where.setLevel(level)
        assert lines_told(plants) == ""
        assert handler.stream.getvalue() == printed
        where.removeHandler(handler)
        where.setLevel(logging.NOTSET)
    assert capsys.readouterr() == ("", "")


def test_a_basic_configuration_is_all_it_needs(plants):
    code = (
        "import logging; logging.basicConfig(level=logging.INFO, format='%(levelname)s %(name)s|%(message)s')\n"
        "from sklearn_neuron import SigmoidNeuronClassifier\n"
        "from sklearn_neuron.datasets import make_toxic_plants\n"
        "SigmoidNeuronClassifier(verbose=1).fit(*make_toxic_plants(random_state=0, return_X_y=True))\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    logged = [line.split("|", 1) for line in ran.stderr.splitlines()]
    assert ran.stdout == ""
    assert [line for whose, line in logged if whose == "INFO sklearn_neuron"] == lines_told(plants).splitlines()


@pytest.mark.parametrize(
    "deaf", ["nobody", "root is at WARNING", "handler is at WARNING", "no handler but null", "off"]
)
def test_where_nobody_listens_lines_are_printed_as_ever(plants, logger, deaf):
    printed, root = lines_told(plants), logging.getLogger()
    root.handlers = []
    handler = {"root is at WARNING": a_handler(), "handler is at WARNING": a_handler(logging.WARNING)}.get(deaf)
    if handler is not None:
        root.addHandler(handler)
    logger.setLevel(logging.NOTSET if deaf == "root is at WARNING" else logging.INFO)
    logger.addHandler(logging.NullHandler() if deaf == "no handler but null" else handler or logging.NullHandler())
    logger.disabled = deaf == "off"
    assert lines_told(plants) == printed
    assert handler is None or handler.stream.getvalue() == ""


def test_a_handler_above_that_lines_are_not_handed_on_to_does_not_listen(plants, logger):
    printed, handler = lines_told(plants), a_handler()
    logging.getLogger().addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    assert lines_told(plants) == printed
    assert handler.stream.getvalue() == ""


def test_a_fit_leaves_the_loggers_as_they_were_and_a_silent_one_says_nothing(plants, logger, capsys):
    root = logging.getLogger()
    for verbose in (0, 1):
        before = [(each.level, each.propagate, each.disabled, list(each.handlers)) for each in (logger, root)]
        SigmoidNeuronClassifier(verbose=verbose).fit(plants.data, plants.target)
        assert [(each.level, each.propagate, each.disabled, list(each.handlers)) for each in (logger, root)] == before
    handler = a_handler()
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    capsys.readouterr()
    SigmoidNeuronClassifier().fit(plants.data, plants.target)
    assert handler.stream.getvalue() == ""
    assert capsys.readouterr() == ("", "")


def test_scores_of_a_cross_validation_are_logged_too(plants, logger, capsys):
    handler = a_handler()
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    SigmoidNeuronClassifierCV(Cs=[0.1, 1.0], cv=3, verbose=2).fit(plants.data, plants.target)
    heading, *lines = handler.stream.getvalue().splitlines()
    assert heading.split()[:2] == ["C", "score"]
    assert "->" in lines[0] + lines[1]
    assert lines[2].split()[:2] == ["step", "J"]  # of the neuron that learns with the best
    assert capsys.readouterr() == ("", "")


def test_a_percent_sign_in_a_name_is_a_percent_sign(logger):
    pd = pytest.importorskip("pandas")
    handler = a_handler()
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    SigmoidNeuronClassifier(verbose=1).fit(pd.DataFrame({"100%s": [0.0, 1.0, 2.0, 3.0]}), [0, 1, 0, 1])
    assert "100%s" in handler.stream.getvalue()


def test_fits_side_by_side_lose_no_line_and_double_none(plants, logger):
    printed, handler = lines_told(plants), a_handler()
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)

    def fit(_):
        SigmoidNeuronClassifier(verbose=1).fit(plants.data, plants.target)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(fit, range(8)))
    assert sorted(handler.stream.getvalue().splitlines()) == sorted(printed.splitlines() * 8)


def test_no_bar_is_drawn_under_lines_that_are_logged(logger):
    seen = []

    class Bar:
        console = None

        def __call__(self, step, history):
            seen.append(step)

    here = SimpleNamespace(weights=np.array([[2.0], [-1.0]]), loss=np.array([0.5]))
    step = SimpleNamespace(iteration=0, here=here, rate=None)
    history = SimpleNamespace(tail=lambda column, rows: np.array([[0.5]]), share=np.ones(1), noted=())
    logger.addHandler(a_handler())
    logger.setLevel(logging.INFO)
    Narrator(has_bias=True, bar=Bar())(step, history)
    assert seen == []
    Narrator(has_bias=True, stream=io.StringIO(), bar=Bar())(step, history)
    assert seen == [step]
    logger.setLevel(logging.WARNING)
    with redirect_stdout(io.StringIO()):
        Narrator(has_bias=True, bar=Bar())(step, history)
    assert seen == [step, step]
