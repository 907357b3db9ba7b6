"""Callbacks of scikit-learn, and ours: who is told what of every step, and who may end it."""

import logging
import os
import pickle
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import joblib
import numpy as np
import pytest
from conftest import without_warnings
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import GridSearchCV, cross_validate, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler, scale

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.callbacks import EarlyStopping, LearningLog, Snapshots, write_whole
from sklearn_neuron.telling import tasks

sklearn_callback = pytest.importorskip("sklearn.callback", reason="scikit-learn has callbacks from 1.9 on")


class Seen:
    """Writes down what it is told; asks to stop when so many steps have ended."""

    def __init__(self, stop_after=None):
        self.told, self.stop_after = [], stop_after

    def __getstate__(self):
        return {"told": [], "stop_after": self.stop_after}

    def setup(self, estimator, context):
        self.told.append(("setup", context.task_id, {}))

    def teardown(self, estimator, context):
        self.told.append(("teardown", context.task_id, {}))

    def on_fit_task_begin(self, estimator, context, *, X=None, y=None, metadata=None, fitted_estimator=None):
        told = {"X": X, "y": y, "metadata": metadata, "fitted": fitted_estimator, "task": context.task_name}
        self.told.append(("begin", context.task_id, told))

    def on_fit_task_end(self, estimator, context, *, X=None, y=None, metadata=None, fitted_estimator=None):
        told = {"X": X, "y": y, "metadata": metadata, "fitted": fitted_estimator, "task": context.task_name}
        self.told.append(("end", context.task_id, told))
        return context.task_name == "iteration" and context.task_id + 1 == self.stop_after

    @property
    def steps(self):
        """Neurons as they stood when a step had ended."""
        return [
            told["fitted"]
            for what, _, told in self.told
            if what == "end" and told["task"] == "iteration" and told["fitted"] is not None
        ]


@pytest.fixture
def wines():
    X, y = load_wine(return_X_y=True)
    return scale(X), y


# Scikit-learn's ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("record", ["loss", "path"])
@pytest.mark.parametrize("multi_class", ["ovr", "multinomial"])
@pytest.mark.parametrize("solver", ["auto", "gd", "newton", "lbfgs", "lazy-newton"])
def test_every_step_is_a_task_of_a_neuron_that_was_cut_short_there(wines, solver, multi_class, record):
    seen = Seen()
    options = {"solver": solver, "multi_class": multi_class, "tol": 1e-2, "record": record}
    neuron = SigmoidNeuronClassifier(**options).set_callbacks(seen).fit(*wines)
    assert len(seen.steps) == neuron.history_.n_steps == neuron.n_iter_.max()
    for i, step in enumerate(seen.steps[:20], 1):
        short = without_warnings(SigmoidNeuronClassifier(**{**options, "max_iter": i}).fit, *wines)
        np.testing.assert_allclose(step.coef_, short.coef_, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(step.predict_proba(wines[0]), short.predict_proba(wines[0]), atol=1e-9)
        assert step.n_iter_.max() == step.history_.n_steps == i
        np.testing.assert_allclose(step.loss_curve_, neuron.loss_curve_[: i + 1], rtol=1e-12)
        if record == "path":
            assert step.history_.weights_rows[-1] == i
        assert not step.converged_
    np.testing.assert_array_equal(seen.steps[-1].coef_, neuron.coef_)
    hooks = [(what, number) for what, number, told in seen.told if told.get("task") == "iteration"]
    assert hooks == [(what, i) for i in range(len(seen.steps) + 1) for what in ("begin", "end")]
    assert [what for what, *_ in seen.told][:2] == ["setup", "begin"]
    assert [what for what, *_ in seen.told][-2:] == ["end", "teardown"]


def test_hooks_are_told_what_is_learned_from(wines):
    X, y = wines
    for weight in (None, np.arange(len(y)) % 4 + 1.0):
        seen = Seen()
        SigmoidNeuronClassifier().set_callbacks(seen).fit(X, y, weight)
        for what, number, told in seen.told:
            if what == "begin" and number == 0:
                np.testing.assert_array_equal(told["X"], X)
                np.testing.assert_array_equal(told["y"], y)
                assert (told["metadata"] is None) == (weight is None)
                if weight is not None:
                    np.testing.assert_array_equal(told["metadata"]["sample_weight"], weight)


def test_steps_on_a_sample_are_tasks_as_well(rng):
    X = rng.normal(size=(200_000, 3))
    y = X[:, 0] + rng.logistic(size=len(X)) > 0
    seen = Seen()
    neuron = SigmoidNeuronClassifier().set_callbacks(seen).fit(X, y)
    assert not neuron.history_.on_all.all()
    assert len(seen.steps) == neuron.history_.n_steps


def test_who_is_asked_to_stop_on_a_sample_stops_there(rng):
    X = rng.normal(size=(200_000, 3))
    y = X[:, 0] + rng.logistic(size=len(X)) > 0
    seen = Seen(stop_after=2)
    neuron = SigmoidNeuronClassifier().set_callbacks(seen).fit(X, y)
    assert not neuron.history_.on_all.any()
    assert neuron.history_.n_steps == 2
    assert neuron.stop_reason_ == "Stopped by a callback."
    assert not neuron.converged_
    assert neuron.n_iter_ == seen.steps[-1].n_iter_ == [0]  # on all examples
    assert not len(neuron.loss_curve_)
    np.testing.assert_array_equal(neuron.coef_, seen.steps[-1].coef_)


@pytest.mark.parametrize("solver", ["auto", "gd", "lbfgs", "newton"])
def test_who_is_asked_to_stop_stops(wines, solver):
    neuron = SigmoidNeuronClassifier(solver=solver).set_callbacks(Seen(stop_after=2)).fit(*wines)
    assert neuron.n_iter_.tolist() == [2, 2, 2]
    assert not neuron.converged_
    assert neuron.stop_reason_ == "Stopped by a callback."


def test_the_request_is_honoured_inside_a_pipeline_and_a_search():
    X, y = load_breast_cancer(return_X_y=True)
    stopped = SigmoidNeuronClassifier(solver="gd").set_callbacks(Seen(stop_after=3))
    pipeline = make_pipeline(StandardScaler(), stopped).fit(X, y)
    assert pipeline[-1].n_iter_ == [3]
    search = GridSearchCV(make_pipeline(StandardScaler(), clone(stopped)), {"sigmoidneuronclassifier__C": [0.1, 1.0]})
    assert search.fit(X, y).best_estimator_[-1].n_iter_ == [3]


def test_a_score_is_monitored_at_every_step(wines):
    X, y = wines
    monitor = sklearn_callback.ScoringMonitor(scoring="neg_log_loss")
    neuron = SigmoidNeuronClassifier(multi_class="multinomial", C=np.inf, max_iter=3).set_callbacks(monitor)
    without_warnings(neuron.fit, X, y)
    frame = monitor.get_logs().data_as_pandas
    scores = frame.loc[frame["task_name"] == "iteration", "neg_log_loss"].dropna().to_numpy()
    np.testing.assert_allclose(-scores[:3], neuron.loss_curve_[1:], rtol=1e-9)
    np.testing.assert_allclose(-scores[2], log_loss(y, neuron.predict_proba(X)), rtol=1e-12)


def test_a_bar_is_drawn(wines, capsys):
    pytest.importorskip("rich")
    SigmoidNeuronClassifier().set_callbacks(sklearn_callback.ProgressBar()).fit(*wines)
    assert "SigmoidNeuronClassifier - fit" in capsys.readouterr().out


def test_nobody_is_left_standing_when_a_fit_fails(wines):
    X, y = wines
    seen = Seen()
    neuron = SigmoidNeuronClassifier().set_callbacks(seen).fit(X, y)
    before = dict(vars(neuron))
    seen.told.clear()
    with pytest.raises(ValueError, match="NaN"):
        neuron.fit(X * np.nan, y)
    assert [what for what, *_ in seen.told if what in ("setup", "teardown")] == ["setup", "teardown"]
    assert vars(neuron) == before


def test_who_raises_at_the_end_leaves_the_neuron_as_it_was(wines, tmp_path):
    (tmp_path / "here").mkdir()
    path = tmp_path / "here" / "neuron.pkl"
    neuron = SigmoidNeuronClassifier().set_callbacks(Snapshots(path, every=1000)).fit(*wines)
    before = dict(vars(neuron))
    path.unlink()
    path.parent.rmdir()
    with pytest.raises(FileNotFoundError, match=f"'{path}'"):
        neuron.fit(3 * wines[0], wines[1])
    assert vars(neuron) == before


def test_nothing_is_told_nor_kept_where_nobody_looks(wines, monkeypatch):
    monkeypatch.setattr(tasks.Tasks, "__init__", None)
    neuron = SigmoidNeuronClassifier().fit(*wines)
    assert not [name for name in vars(neuron) if "callback" in name]


def test_the_answer_is_the_same_with_somebody_looking(wines):
    alone = SigmoidNeuronClassifier().fit(*wines)
    watched = SigmoidNeuronClassifier().set_callbacks(Seen(), LearningLog()).fit(*wines)
    np.testing.assert_array_equal(alone.coef_, watched.coef_)
    assert watched.converged_


def test_below_1_9_setting_one_says_what_is_needed(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.callback", None)
    alone = {}
    exec(compile(Path(tasks.__file__).read_text(encoding="utf8"), tasks.__file__, "exec"), alone)
    neuron = alone["WithCallbacks"]()
    assert neuron.set_callbacks() is neuron
    with pytest.raises(NotImplementedError, match=r"needs scikit-learn 1\.9 or newer: pip install -U scikit-learn"):
        neuron.set_callbacks(Seen())
    assert alone["root_task"](neuron) is None


# Ours -------------------------------------------------------------------------------------------------------


@pytest.fixture
def noisy(rng):
    """Many features, few examples: the longer it learns, the less it knows."""
    X = rng.normal(size=(160, 40))
    y = (3 * X[:, 0] + rng.logistic(size=160) > 0).astype(int)
    return X[:80], y[:80], X[80:], y[80:]


def test_early_stopping_by_a_callback_is_early_stopping(noisy):
    X, y, X_val, y_val = noisy
    stop = EarlyStopping(X_val, y_val, n_iter_no_change=4)
    neuron = SigmoidNeuronClassifier(solver="gd", C=np.inf).set_callbacks(stop)
    without_warnings(neuron.fit, X, y)
    own = SigmoidNeuronClassifier(solver="gd", C=np.inf, early_stopping=True, n_iter_no_change=4)
    own.fit(X, y, X_val=X_val, y_val=y_val)
    assert neuron.n_iter_ == own.n_iter_
    assert stop.best_iteration_ + 1 == own.best_iteration_[0] > 1
    np.testing.assert_array_equal(stop.best_estimator_.coef_, own.coef_)
    np.testing.assert_allclose(-stop.scores_, own.history_.validation_loss[1:], rtol=1e-12)
    assert stop.best_score_ == stop.scores_.max()


def test_early_stopping_judges_others_whether_they_listen_or_not(noisy):
    X, y, X_val, y_val = noisy
    stop = EarlyStopping(X_val, y_val, n_iter_no_change=1)
    other = LogisticRegression(C=1e4, max_iter=1000).set_callbacks(stop).fit(X, y)
    at_best = -log_loss(y_val, stop.best_estimator_.predict_proba(X_val))
    assert stop.best_score_ == pytest.approx(at_best, rel=1e-12)
    assert stop.best_score_ > -log_loss(y_val, other.predict_proba(X_val))
    short = LogisticRegression(C=1e4, max_iter=stop.best_iteration_ + 1)
    np.testing.assert_allclose(stop.best_estimator_.coef_, without_warnings(short.fit, X, y).coef_)


def test_early_stopping_judges_by_what_is_learned_from_if_there_is_nothing_else(wines):
    stop = EarlyStopping(scoring="accuracy", n_iter_no_change=3)
    neuron = SigmoidNeuronClassifier(solver="gd").set_callbacks(stop).fit(*wines)
    assert neuron.n_iter_[0] == stop.best_iteration_ + 1 + 3
    assert stop.best_score_ == stop.best_estimator_.score(*wines)


def test_every_fit_of_a_search_is_judged_by_itself(noisy):
    X, y, X_val, y_val = noisy
    stop = EarlyStopping(X_val, y_val, n_iter_no_change=2)
    neuron = SigmoidNeuronClassifier(solver="gd", C=np.inf).set_callbacks(stop)
    search = without_warnings(GridSearchCV(neuron, {"C": [1e3, np.inf]}, cv=3).fit, X, y)
    assert search.best_estimator_.n_iter_[0] == stop.best_iteration_ + 1 + 2
    alone = EarlyStopping(X_val, y_val, n_iter_no_change=2)
    best = SigmoidNeuronClassifier(solver="gd", **search.best_params_).set_callbacks(alone)
    without_warnings(best.fit, X, y)
    np.testing.assert_array_equal(alone.scores_, stop.scores_)


def test_what_they_cannot_use_is_refused():
    with pytest.raises(ValueError, match="go together"):
        EarlyStopping([[1.0]])
    with pytest.raises(ValueError, match="n_iter_no_change must be a whole number, at least 1, not 0"):
        EarlyStopping(n_iter_no_change=0)
    with pytest.raises(ValueError, match="n_iter_no_change must be a whole number, at least 1, not '3'"):
        EarlyStopping(n_iter_no_change="3")
    with pytest.raises(ValueError, match="level must be a level of logging, 20 or 'INFO', not 'LOUD'"):
        LearningLog(level="LOUD")
    assert LearningLog(level="DEBUG").level == logging.DEBUG
    for kind in (lambda every: Snapshots("a", every=every), lambda every: LearningLog(every=every)):
        with pytest.raises(ValueError, match="every must be a whole number, at least 1, not 0"):
            kind(0)
    with pytest.raises(AttributeError, match="set_callbacks, and fit it"):
        assert EarlyStopping().scores_ is None
    with pytest.raises(FileNotFoundError):
        Snapshots.load("nowhere/there")


def test_a_number_beats_none_and_weights_are_told_to_who_takes_them(wines):
    scores = iter([np.nan, 0.0, 1.0, 2.0, np.nan])
    stop = EarlyStopping(scoring=lambda neuron, X, y: next(scores, 0.0), n_iter_no_change=2)
    neuron = SigmoidNeuronClassifier(solver="gd").set_callbacks(stop)
    neuron.fit(*wines, np.arange(len(wines[1])) + 1.0)
    assert (stop.best_iteration_, stop.best_score_, len(stop.scores_)) == (3, 2.0, 6)
    weight = np.arange(len(wines[1])) + 1.0
    stop = EarlyStopping(scoring=None)
    neuron.set_callbacks(stop).fit(*wines, weight)
    assert stop.best_score_ == stop.best_estimator_.score(*wines, weight)


def test_who_has_no_steps_is_kept_at_its_end_beside_others(wines, tmp_path):
    kept = Snapshots(tmp_path / "{step}.pkl", every=100)
    for estimator in (
        LogisticRegression(solver="newton-cholesky"),
        SigmoidNeuronClassifier(max_iter=0),
        SigmoidNeuronClassifier(solver="newton"),
    ):
        without_warnings(lambda one: one.set_callbacks(kept).fit(*wines), estimator)
        file = tmp_path / f"{estimator.n_iter_.max() if estimator.max_iter is None else 0}.pkl"
        np.testing.assert_array_equal(Snapshots.load(file).coef_, estimator.coef_)


def test_fits_in_threads_do_not_meet(rng, tmp_path):
    X, X_val = rng.normal(size=(300, 20)), rng.normal(size=(40, 20))
    y, y_val = X[:, 0] + rng.normal(size=300) > 0, X_val[:, 0] < 0

    def steps(n_jobs):
        stop, kept = EarlyStopping(X_val, y_val, n_iter_no_change=5), Snapshots(tmp_path / "a.pkl")
        neuron = SigmoidNeuronClassifier(solver="gd", tol=1e-9, max_iter=400).set_callbacks(stop, kept)
        with joblib.parallel_backend("threading"):
            told = cross_validate(neuron, X, y, cv=4, n_jobs=n_jobs, return_estimator=True, error_score="raise")
        assert not stop._fits | kept._fits  # nothing is remembered of fits that have ended
        return [one.n_iter_[0] for one in told["estimator"]]

    assert steps(4) == steps(1)


@pytest.mark.parametrize("Estimator", [SigmoidNeuronClassifier, LogisticRegression])
def test_snapshots_are_steps_and_then_the_whole(wines, tmp_path, Estimator):
    path = tmp_path / "step-{step}.pkl"
    estimator = Estimator(solver="lbfgs").set_callbacks(Snapshots(path, every=3)).fit(*wines)
    n = int(np.max(estimator.n_iter_))
    numbers = sorted(int(file.stem.removeprefix("step-")) for file in tmp_path.glob("*.pkl"))
    assert numbers == sorted({*range(3, n + 1, 3), n})
    whole = Snapshots.load(tmp_path / f"step-{n}.pkl")
    np.testing.assert_array_equal(whole.coef_, estimator.coef_)
    third = without_warnings(Estimator(solver="lbfgs", max_iter=3).fit, *wines)
    kept = Snapshots.load(tmp_path / "step-3.pkl")
    np.testing.assert_allclose(kept.coef_, third.coef_, rtol=1e-10)
    assert not [name for name in vars(kept) if "callback" in name]
    assert vars(estimator).keys() >= {"_skl_callbacks"}  # who was fitted keeps its own


def test_who_is_killed_leaves_a_snapshot_that_walks_on(tmp_path):
    path = tmp_path / "neuron.pkl"
    script = f"""
        import time
        from sklearn.datasets import load_breast_cancer
        from sklearn.preprocessing import scale
        from sklearn_neuron import SigmoidNeuronClassifier
        from sklearn_neuron.callbacks import Snapshots

        X, y = load_breast_cancer(return_X_y=True)
        neuron = SigmoidNeuronClassifier(solver="gd", tol=1e-9, max_iter=10**9)
        neuron.set_callbacks(Snapshots({str(path)!r}, every=5)).fit(scale(X), y)
    """
    walker = subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)], env={**os.environ})
    try:
        deadline = time.monotonic() + 60
        while not path.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.3)
        assert walker.poll() is None
    finally:
        walker.send_signal(signal.SIGKILL)
        walker.wait()
    kept = Snapshots.load(path)
    assert not kept.converged_
    assert kept.n_iter_[0] % 5 == 0
    X, y = load_breast_cancer(return_X_y=True)
    X = scale(X)
    kept.set_params(warm_start=True, solver="auto", tol=1e-8, max_iter=None).fit(X, y)
    assert kept.converged_
    minimum = SigmoidNeuronClassifier(tol=1e-8).fit(X, y)
    np.testing.assert_allclose(kept.coef_, minimum.coef_, rtol=1e-6)
    assert kept.history_.loss[0] < np.log(2) / 2  # it did not start afresh


def test_a_file_is_replaced_or_left(tmp_path, monkeypatch):
    path = tmp_path / "a"
    write_whole(path, b"before")
    link = tmp_path / "link"
    link.symlink_to(path)
    write_whole(link, b"after")
    assert link.is_symlink()
    assert path.read_bytes() == b"after"
    with path.open("rb") as before:
        write_whole(path, b"another")
        assert before.read() == b"after"  # whoever reads it reads it to the end
    path.chmod(0o600)
    write_whole(path, b"after")
    assert path.stat().st_mode & 0o777 == 0o600
    write_whole(long := tmp_path / ("a" * 250), b"")
    long.unlink()
    write_whole(Path(os.devnull), b"gone")
    assert not Path(os.devnull).is_file()

    def refuse(number):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, b"never")
    assert path.read_bytes() == b"after"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a", "link"]


@pytest.mark.parametrize("Estimator", [SigmoidNeuronClassifier, LogisticRegression])
def test_a_line_a_step_is_logged(wines, caplog, Estimator):
    caplog.set_level(logging.INFO, "sklearn_neuron.steps")
    log = LearningLog(every=2, scoring="accuracy")
    estimator = Estimator(solver="lbfgs").set_callbacks(log).fit(*wines)
    lines = [record.getMessage() for record in caplog.records]
    n = int(np.max(estimator.n_iter_))
    assert [line.split(",")[1].split()[-1] for line in lines] == [str(i) for i in range(2, n + 1, 2)]
    assert all("accuracy" in line and line.startswith(Estimator.__name__) for line in lines)
    assert all(("J 0." in line) == (Estimator is SigmoidNeuronClassifier) for line in lines)
    caplog.clear()
    Estimator(solver="lbfgs").set_callbacks(LearningLog(level=logging.DEBUG)).fit(*wines)
    assert not caplog.records


def test_callbacks_and_those_whom_they_watch_are_pickled(wines, tmp_path):
    for callback in (EarlyStopping(*wines), Snapshots(tmp_path / "a.pkl"), LearningLog()):
        neuron = SigmoidNeuronClassifier(solver="newton").set_callbacks(callback).fit(*wines)
        again = pickle.loads(pickle.dumps(neuron))
        np.testing.assert_array_equal(again.predict(wines[0]), neuron.predict(wines[0]))
        again.fit(*wines)


def test_a_search_by_several_processes_is_stopped_as_well(wines):
    X, X_val, y, y_val = train_test_split(*wines, random_state=0)
    stop = EarlyStopping(X_val, y_val, n_iter_no_change=1, scoring="accuracy")
    neuron = SigmoidNeuronClassifier(solver="gd").set_callbacks(stop)
    search = GridSearchCV(neuron, {"C": [0.1, 1.0]}, n_jobs=2, cv=3).fit(X, y)
    one = GridSearchCV(clone(neuron), {"C": [0.1, 1.0]}, cv=3).fit(X, y)
    np.testing.assert_array_equal(search.cv_results_["mean_test_score"], one.cv_results_["mean_test_score"])
