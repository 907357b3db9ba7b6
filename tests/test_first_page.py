"""The first page and what it leads to: roads that are there, words that are explained, differences that have a why."""

import importlib.util
import re
import types
from pathlib import Path

import pytest

from sklearn_neuron import Outcome
from sklearn_neuron.telling.advice import reason

DOCS = Path(__file__).parents[1] / "docs"
WORDS = """
example, feature, class, truth, neuron, weight, bias, parameters, score, decision boundary, activation, sigmoid,
belief, probability, odds, log-odds, logarithm, margin, Bernoulli, likelihood, log-likelihood, log-loss, calibrated,
J, penalty, landscape, convex, slope, gradient, chain rule, backpropagation, link, residual, measured slope,
curvature, Hessian, eigenvector, condition number, descent, learning rate, step, momentum, Newton's method,
quasi-Newton, standardised, Newton decrement, arrival, tripped, pass, stage, one-vs-rest, softmax, layer, tanh, ReLU,
leaky ReLU, XOR, separated, network, early stopping
"""  # that a reader of the book meets


def read(name):
    path = DOCS / name
    if not path.exists():
        pytest.skip("the tests are not in a checkout, with the docs beside them")
    return path.read_text(encoding="utf8")


@pytest.fixture(scope="module")
def roads():
    """The extension of the docs that makes the first page."""
    read("index.rst")
    found = importlib.util.spec_from_file_location("roads", DOCS / "_ext" / "roads.py")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


# The first page -------------------------------------------------------------------------------------------------


def test_every_page_is_on_one_road():
    on_roads = [
        page
        for entries in re.findall(r"\.\. toctree::\n(?:   :.*\n)+\n((?:   .+\n)+)", read("index.rst"))
        for page in entries.split()
    ]
    assert len(on_roads) == len(set(on_roads))
    made = {"learn_pages/index", "gallery_pages/index"}
    here = {path.stem for path in DOCS.glob("*.rst")} - {"index"}
    assert here | made <= set(on_roads)
    assert set(on_roads) - here - made <= {"playground"}


def test_readme_and_first_page_say_for_whom_it_is_in_the_same_words():
    page = read("index.rst")
    start, end = page.index(".. container:: who-for"), page.index(".. raw:: html")
    told = " ".join(page[start:end].split()[3:])
    readme = " ".join((DOCS.parent / "README.md").read_text(encoding="utf8").split())
    assert told in readme
    assert "](docs/learning.gif)" in readme


def test_the_film_begins_by_itself_unless_less_motion_is_asked_for(roads):
    pytest.importorskip("matplotlib")
    film = roads.film()
    assert 2 < len(film.frames) <= 16
    assert film.captions[-1] != film.captions[0]
    still, moving = roads.START.split("else", 1)
    assert "prefers-reduced-motion: reduce" in still
    assert "slider.max" in still
    assert "click()" in moving


def test_a_page_knows_on_which_road_it_is(roads):
    env = types.SimpleNamespace(toctree_includes={"api": ["generated/a", "generated/b"], "generated/b": ["c"]})
    assert roads.leads_to(env, "api", "api")
    assert roads.leads_to(env, "generated/a", "api")
    assert roads.leads_to(env, "c", "api")
    assert not roads.leads_to(env, "house", "api")


# What it leads to -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", [" ".join(word.split()) for word in WORDS.split(",")])
def test_every_word_of_the_book_is_in_the_glossary(word):
    entries = re.findall(r"^   ([^\s.].*)$", read("glossary.rst"), flags=re.MULTILINE)
    assert word in entries or word in [part.strip() for entry in entries for part in entry.split(",")]


@pytest.mark.parametrize("why", Outcome, ids=lambda why: why.name)
def test_every_outcome_is_told_on_the_page_of_the_stopping_rule(why):
    page = read("stopping_rule.rst")
    row = re.search(rf"\* - ``{why.name}``\n     - (.*(?:\n       .*)*)\n     - (.*)\n", page)
    assert row, why
    assert " ".join(row[1].split()) == reason([why])
    assert row[2] == ("converged" if why.converged else "not converged")


def test_every_difference_from_logistic_regression_has_a_why():
    page = read("coming_from_logistic_regression.rst")
    rows = re.findall(r"^   \* - (``.*)\n     - ((?:.*\n)(?:       .*\n)*)", page, flags=re.MULTILINE)
    assert len(rows) > 35
    without = {name for name, told in rows if "*Why:*" not in told and not told.startswith("The same")}
    assert without == {"``score``"}  # by what it is told to, in both
