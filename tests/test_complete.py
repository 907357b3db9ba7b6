"""The page of the API has every public name, and the build says so where it has not."""

import importlib.util
import types
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

import pytest

import sklearn_neuron

DOCS = Path(__file__).parents[1] / "docs"


@pytest.fixture(scope="module")
def complete():
    """The extension of the docs that complains."""
    path = DOCS / "_ext" / "complete.py"
    if not path.exists():
        pytest.skip("the tests are not in a checkout, with the docs beside them")
    pytest.importorskip("matplotlib")  # modules that draw are imported
    found = importlib.util.spec_from_file_location("complete", path)
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def page():
    return (DOCS / "api.rst").read_text(encoding="utf8")


def test_every_public_name_has_its_page_and_says_what_it_is_for(complete, page):
    assert list(complete.complaints(page, sklearn_neuron)) == []


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("neuron_path", "sklearn_neuron.neuron_path is public and has no page"),
        ("displays.DialsDisplay", "sklearn_neuron.displays.DialsDisplay is public and has no page"),
        ("solvers.maps", "sklearn_neuron.solvers.maps is in no table, nor is all that it defines"),
        ("displays.palette", "sklearn_neuron.displays.palette is in no table, nor is all that it defines"),
    ],
)
def test_what_is_taken_from_the_page_is_missed(complete, page, name, complaint):
    assert page.count(f"\n   {name}\n") == 1
    assert complaint in list(complete.complaints(page.replace(f"\n   {name}\n", "\n"), sklearn_neuron))


def test_a_name_in_a_table_that_makes_no_page_has_none(complete, page):
    moved = page.replace("\n   neuron_path\n", "\n").replace("\n   classifier\n", "\n   classifier\n   neuron_path\n")
    assert "sklearn_neuron.neuron_path is public and has no page" in list(complete.complaints(moved, sklearn_neuron))


def test_words_that_are_in_no_table_do_not_count(complete, page):
    prose = page.replace("\n   solvers.maps\n", "\n") + "\nBlah::\n\n   solvers.maps\n"
    assert any("solvers.maps" in complaint for complaint in complete.complaints(prose, sklearn_neuron))


def test_a_class_a_function_and_a_method_without_a_docstring_are_missed(complete):
    class Told:
        """Says what it is for."""

        def told(self):
            """Says so, too."""

        def untold(self):
            pass

        def _inner(self):
            pass

        @classmethod
        def made(cls):
            pass

        @staticmethod
        def still():
            pass

        @property
        def seen(self):
            """Says so, too."""

        @property
        def unseen(self):
            pass

        @cached_property
        def kept(self):
            pass

        known = cache(untold)

    class Inheriting(Told):
        """Says what is different."""

        def told(self):
            pass  # says what it says there

    class Fields(NamedTuple):
        field: int

    @dataclass
    class Data:
        field: int

    def silent():
        pass

    untold = ("untold", "made", "still", "unseen", "kept", "known")
    assert list(complete.undocumented(Told, "a.Told")) == [f"a.Told.{part} has no docstring" for part in untold]
    assert list(complete.undocumented(Fields, "a.Fields")) == ["a.Fields has no docstring"]  # Python gives it one
    assert list(complete.undocumented(Data, "a.Data")) == ["a.Data has no docstring"]
    assert list(complete.undocumented(Inheriting, "a.Inheriting")) == []
    assert list(complete.undocumented(silent, "a.silent")) == ["a.silent has no docstring"]
    assert list(complete.undocumented(types.ModuleType("a"), "a")) == ["a has no docstring"]


def test_what_is_public_and_no_exception_shows_an_example(complete, page, monkeypatch):
    assert complete.shows_itself(sklearn_neuron.neuron_path)
    assert complete.shows_itself(sklearn_neuron.DivergenceWarning)
    assert not complete.shows_itself(complete.shows_itself)
    monkeypatch.setattr(sklearn_neuron.Recipe, "__doc__", "A way of walking.")
    assert list(complete.complaints(page, sklearn_neuron)) == ["sklearn_neuron.Recipe has no example"]


def test_what_a_decorator_wraps_is_defined_too(complete):
    module = types.ModuleType("a")

    def one():
        pass

    module.one = cache(one)
    module.one.__module__ = "a"
    assert list(complete.definitions_of(module)) == [module.one]


def test_what_a_module_only_imports_is_not_its_own(complete):
    from sklearn_neuron.solvers import directions

    assert list(complete.definitions_of(directions)) == []  # it hands on those of others


def test_the_build_warns(complete, monkeypatch):
    """And a warning ends it, for it is called with -W."""
    pytest.importorskip("sphinx")
    warned = []
    monkeypatch.setattr(
        "sphinx.util.logging.getLogger", lambda name: types.SimpleNamespace(warning=lambda *a: warned.append(a))
    )
    begun = {}
    app = types.SimpleNamespace(srcdir=DOCS, connect=begun.setdefault)
    complete.setup(app)
    begun["builder-inited"](app)
    assert not warned
    monkeypatch.setattr(complete, "complaints", lambda page, package: ["nothing is told", "nothing is told"])
    begun["builder-inited"](app)
    assert warned == [("api.rst: %s", "nothing is told")]


def test_a_reference_to_a_name_that_is_not_there_is_told(complete, monkeypatch):
    pytest.importorskip("sphinx")
    warned, begun = [], {}
    logger = types.SimpleNamespace(warning=lambda words, target, location: warned.append(words % target))
    monkeypatch.setattr("sphinx.util.logging.getLogger", lambda name: logger)
    complete.setup(types.SimpleNamespace(srcdir=DOCS, connect=begun.setdefault))
    for target in (
        "sklearn_neuron.solvers.newton.Newton.heading",
        "sklearn_neuron.callbacks",
        "numpy.lost",
        "sklearn_neuron.lost",
        "sklearn_neuron.lost.part",
    ):
        assert begun["missing-reference"](None, None, {"reftarget": target}, None) is None
    assert warned == ["there is no sklearn_neuron.lost", "there is no sklearn_neuron.lost.part"]
