"""Every line of the pages runs as it stands, and prints what stands below it."""

import contextlib
import doctest
import importlib.util
import io
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from threadpoolctl import threadpool_limits

from sklearn_neuron.__main__ import main

DOCS = Path(__file__).parents[1] / "docs"
PAGES = sorted(DOCS.glob("*.rst"))
EPISODES = sorted((DOCS / "learn").glob("plot_*.py"))
HAS = {  # what an example says that it needs, ``# doctest: +NEEDS_ONNX``, which pages do not show
    "NEEDS_CALLBACKS": "sklearn.callback",  # of scikit-learn 1.9
    "NEEDS_ONNX": "skl2onnx",
    "NEEDS_PANDAS": "pandas",
    "NEEDS_SKOPS": "skops",
}
FLAGS = {doctest.register_optionflag(name): module for name, module in HAS.items()}
PRINTED = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def examples_of(page):
    """The examples of a page, without those that need what is not there."""
    examples = doctest.DocTestParser().get_doctest(page.read_text(encoding="utf8"), {}, page.name, str(page), 0)
    missing = {flag for flag, module in FLAGS.items() if importlib.util.find_spec(module) is None}
    examples.examples = [example for example in examples.examples if not missing & example.options.keys()]
    return examples


def words_of(script):
    """What stands beside the code of a script, as text, for every cell: its comments and its docstring."""
    return re.sub(r"^#(?: |$)", "", script.read_text(encoding="utf8"), flags=re.MULTILINE)


def test_there_are_pages_with_examples():
    assert {"quick_start.rst", "coming_from_logistic_regression.rst"} <= {page.name for page in PAGES}
    assert sum(len(examples_of(page).examples) for page in PAGES) > 60


@pytest.mark.filterwarnings("ignore:Matplotlib is building the font cache")
@pytest.mark.parametrize(
    "page", [page for page in PAGES if ">>>" in page.read_text(encoding="utf8")], ids=lambda p: p.stem
)
def test_every_line_of_a_page_runs(page, tmp_path, monkeypatch):
    if page.stem == "coming_from_logistic_regression" and importlib.util.find_spec("sklearn.callback") is None:
        pytest.skip("this page is about scikit-learn 1.9")
    monkeypatch.chdir(tmp_path)
    told = io.StringIO()
    failed, _ = doctest.DocTestRunner(optionflags=PRINTED).run(examples_of(page), out=told.write)
    assert not failed, told.getvalue()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_of_a_page_runs(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for command in re.findall(
        r"^ +((?:sklearn-neuron|printf)\b.*?)(?:  +#.*)?$", page.read_text(encoding="utf8"), flags=re.MULTILINE
    ):
        if command.startswith("printf"):  # a file that the next command reads, which the reader writes, too
            subprocess.run(command, shell=True, check=True)
            continue
        with threadpool_limits(1), contextlib.redirect_stdout(io.StringIO()):
            assert main(shlex.split(command)[1:]) == 0, command


@pytest.mark.filterwarnings("ignore:Matplotlib is building the font cache")
@pytest.mark.parametrize("episode", EPISODES, ids=lambda episode: episode.stem)
def test_every_answer_of_an_episode_is_run(episode, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("matplotlib.pyplot.show", lambda: None)
    known = {"__name__": "__main__"}
    with threadpool_limits(1), contextlib.redirect_stdout(io.StringIO()):
        exec(compile(episode.read_text(encoding="utf8"), str(episode), "exec"), known)
    answers = doctest.DocTestParser().get_doctest(words_of(episode), known, episode.name, str(episode), 0)
    assert len(answers.examples) >= 5  # of five exercises
    told = io.StringIO()
    failed, _ = doctest.DocTestRunner(optionflags=PRINTED).run(answers, out=told.write)
    assert not failed, told.getvalue()
