"""Early stopping: what is monitored, who stops when, and which weights are kept."""

import contextlib

import numpy as np
import pytest
import scipy.sparse as sp
import sklearn
from conftest import without_warnings
from sklearn.datasets import load_wine
from sklearn.metrics import accuracy_score, log_loss
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler, scale

from sklearn_neuron import DivergenceWarning, Outcome, SigmoidNeuronClassifier
from sklearn_neuron.displays import LossCurveDisplay, LossLandscapeDisplay
from sklearn_neuron.early_stopping import Examples, split_off
from sklearn_neuron.inspection.subject import subject_of
from sklearn_neuron.report import Trained
from sklearn_neuron.solvers import history as journeys


@pytest.fixture
def noisy(rng):
    """Many features, few examples: the longer it learns, the less it knows."""
    X = rng.normal(size=(160, 15))
    y = (3 * X[:, 0] + rng.logistic(size=160) > 0).astype(int)
    return X[:80], y[:80], X[80:], y[80:]


@pytest.fixture
def wines(rng):
    """Three classes, and more noise than they bear."""
    X, y = load_wine(return_X_y=True)
    X = scale(X) + rng.normal(size=X.shape)
    X, X_val, y, y_val = train_test_split(X, y, test_size=0.6, random_state=0)
    return X, y, X_val, y_val


def learned(X, y, X_val, y_val, weight_val=None, **options):
    neuron = SigmoidNeuronClassifier(**{"solver": "gd", "C": np.inf, "early_stopping": True, **options})
    return without_warnings(neuron.fit, X, y, X_val=X_val, y_val=y_val, sample_weight_val=weight_val)


# Which weights are kept -------------------------------------------------------------------------------------


@pytest.mark.parametrize("record", ["loss", "path"])
@pytest.mark.parametrize("solver", ["gd", "nesterov", "newton", "lbfgs", "lazy-newton"])
def test_the_weights_of_least_validation_loss_are_kept(noisy, solver, record):
    X, y, X_val, y_val = noisy
    neuron = learned(*noisy, solver=solver, record=record, n_iter_no_change=4)
    (best,), (last,), curve = neuron.best_iteration_, neuron.n_iter_, neuron.history_.validation_loss
    assert 0 < best == curve.argmin() < last == len(curve) - 1
    assert curve[best] == pytest.approx(log_loss(y_val, neuron.predict_proba(X_val)), rel=1e-12)
    assert neuron.loss_curve_[best] == pytest.approx(log_loss(y, neuron.predict_proba(X)), rel=1e-9)
    assert neuron.outcomes_ == [Outcome.EARLY]
    assert not neuron.converged_
    assert neuron.stop_reason_ == "Stopped early: what was held out was believed best before."


@pytest.mark.parametrize("patience", [1, 4, 20])
def test_it_walks_on_for_as_many_steps_as_it_is_told(noisy, patience):
    neuron = learned(*noisy, n_iter_no_change=patience)
    assert neuron.n_iter_[0] == neuron.best_iteration_[0] + patience


@pytest.mark.parametrize("solver", ["gd", "newton"])
def test_what_is_kept_is_the_walk_cut_short_there(noisy, solver):
    neuron = learned(*noisy, solver=solver)
    short = SigmoidNeuronClassifier(solver=solver, C=np.inf, max_iter=neuron.best_iteration_[0])
    without_warnings(short.fit, *noisy[:2])
    np.testing.assert_array_equal(neuron.coef_, short.coef_)
    np.testing.assert_array_equal(neuron.intercept_, short.intercept_)


@pytest.mark.parametrize("solver", ["auto", "gd"])
def test_who_is_best_at_the_end_has_arrived_as_without(plants, solver):
    X, y = plants.data, plants.target
    neuron = SigmoidNeuronClassifier(C=np.inf, solver=solver, early_stopping=True).fit(X, y, X_val=X, y_val=y)
    alone = SigmoidNeuronClassifier(C=np.inf, solver=solver).fit(X, y)
    assert neuron.best_iteration_[0] == neuron.n_iter_[0] == alone.n_iter_[0]
    assert neuron.converged_
    np.testing.assert_array_equal(neuron.coef_, alone.coef_)


@pytest.mark.parametrize(("C", "scale"), [(0.1, 10), (np.inf, 1)])
def test_who_trips_goes_back_as_well_and_says_that_it_has_tripped(noisy, C, scale):
    X, y, X_val, y_val = noisy
    neuron = SigmoidNeuronClassifier(solver="gd", C=C, learning_rate=100.0, early_stopping=True, n_iter_no_change=99)
    with pytest.warns(DivergenceWarning):
        neuron.fit(scale * X, y, X_val=scale * X_val, y_val=y_val)
    assert neuron.outcomes_ == [Outcome.DIVERGED]
    V = neuron.history_.validation_loss
    assert neuron.best_iteration_[0] == V.argmin() < neuron.n_iter_[0]
    assert V.min() == pytest.approx(log_loss(y_val, neuron.predict_proba(scale * X_val)), rel=1e-9)
    assert neuron.objective(10 * X, y).at(np.vstack([neuron.coef_.T, neuron.intercept_])).loss <= np.log(2) * (
        1 + 1e-12
    )


def test_who_trips_at_the_best_step_of_all_is_kept_there():
    tripped = 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        X = rng.normal(size=(90, 3))
        y = np.argmax((X + 0.3 * rng.normal(size=X.shape))[:, : 2 + seed % 2], axis=1)
        X[y == 1] *= rng.uniform(1, 30)
        neuron = learned(
            X, y, X[:45], y[:45], C=1.0, learning_rate=3.0, scoring="accuracy", n_iter_no_change=20, max_iter=40
        )
        tripped += Outcome.DIVERGED in neuron.outcomes_
        assert neuron.score(X[:45], y[:45]) == neuron.history_.validation_score.max()
    assert tripped > 5


def test_a_warm_start_that_was_best_is_kept(noisy):
    neuron = learned(*noisy, n_iter_no_change=3)
    coef = neuron.coef_.copy()
    neuron.set_params(warm_start=True).fit(*noisy[:2], X_val=noisy[2], y_val=noisy[3])
    assert neuron.best_iteration_ == [0]
    assert neuron.n_iter_ == [3]
    np.testing.assert_array_equal(neuron.coef_, coef)


def test_a_fit_without_it_forgets_which_step_was_best(noisy):
    neuron = learned(*noisy).set_params(early_stopping=False, C=1.0).fit(*noisy[:2])
    assert not hasattr(neuron, "best_iteration_")
    assert "validation_loss" not in neuron.history_.columns
    with pytest.raises(AttributeError, match="fit with early_stopping=True and scoring='loss'"):
        assert neuron.history_.validation_loss


# Several neurons --------------------------------------------------------------------------------------------


def test_each_neuron_of_several_stops_by_itself(wines):
    X, y, X_val, y_val = wines
    neuron = learned(*wines)
    assert len(set(neuron.best_iteration_.tolist())) > 1
    for k in range(3):
        alone = learned(X, y == k, X_val, y_val == k)
        assert neuron.best_iteration_[k] == alone.best_iteration_[0]
        assert neuron.n_iter_[k] == alone.n_iter_[0]
        np.testing.assert_allclose(neuron.coef_[k], alone.coef_[0], rtol=1e-10, atol=1e-12)
        least = neuron.history_.validation_loss[neuron.best_iteration_[k], k]
        assert least == pytest.approx(alone.history_.validation_loss.min(), rel=1e-10)


def test_a_layer_stops_as_one(wines):
    X_val, y_val = wines[2:]
    neuron = learned(*wines, multi_class="multinomial")
    (best,) = neuron.best_iteration_
    assert neuron.history_.validation_loss[best] == pytest.approx(
        log_loss(y_val, neuron.predict_proba(X_val)), rel=1e-12
    )
    assert neuron.history_.validation_loss.argmin() == best < neuron.n_iter_[0]


@pytest.mark.parametrize("multi_class", ["ovr", "multinomial"])
def test_a_scorer_is_asked_of_all_together(wines, multi_class):
    X_val, y_val = wines[2:]
    neuron = learned(*wines, multi_class=multi_class, scoring="accuracy", n_iter_no_change=15)
    score = neuron.history_.validation_score
    score = score if score.ndim == 1 else score[:, 0]
    assert set(neuron.best_iteration_.tolist()) == {score.argmax()}
    assert score[score.argmax()] == accuracy_score(y_val, neuron.predict(X_val))
    own = learned(*wines, multi_class=multi_class, scoring=None, n_iter_no_change=15)
    np.testing.assert_array_equal(own.coef_, neuron.coef_)
    with pytest.raises(AttributeError, match="scoring='loss'"):
        assert neuron.history_.validation_loss


def test_with_a_scorer_those_who_rest_are_as_they_were_when_all_were_best():
    for seed in range(40, 75):
        rng = np.random.default_rng(seed)
        X, X_val = rng.normal(size=(45, 4)), rng.normal(size=(25, 4))
        y, y_val = (
            (one[:, :3] * [2, 0.3, 0.3] + 0.7 * rng.gumbel(size=(len(one), 3))).argmax(axis=1) for one in (X, X_val)
        )
        neuron = learned(X, y, X_val, y_val, C=30.0, scoring="accuracy", tol=0.05)
        score = neuron.history_.validation_score
        assert neuron.score(X_val, y_val) == score.max()
        assert (score == score[:, :1]).all()


def test_balanced_classes_are_held_out_with_the_weights_they_are_learned_with(rng):
    X, X_val = rng.normal(size=(90, 4)), rng.normal(size=(40, 4))
    y, y_val = (X[:, 0] + rng.normal(size=90) > 1).astype(int), (X_val[:, 0] + rng.normal(size=40) > -1).astype(int)
    neuron = learned(X, y, X_val, y_val, class_weight="balanced")
    weight = len(y) / 2 / np.bincount(y)
    V = log_loss(y_val, neuron.predict_proba(X_val), sample_weight=weight[y_val])
    assert neuron.history_.validation_loss.min() == pytest.approx(V, rel=1e-12)


def test_a_scorer_is_told_all_classes_and_weights_if_it_takes_them(wines, noisy):
    X, y, X_val, y_val = wines
    two = y_val != 2
    neuron = learned(X, y, X_val[two], y_val[two], scoring="neg_log_loss")
    best = -log_loss(y_val[two], neuron.predict_proba(X_val[two]), labels=[0, 1, 2])
    assert neuron.history_.validation_score.max() == pytest.approx(best, rel=1e-12)
    weight = np.arange(80) + 1.0

    def accuracy(neuron, X, y):
        return neuron.score(X, y)

    neuron = SigmoidNeuronClassifier(early_stopping=True, scoring=accuracy)
    with pytest.warns(UserWarning, match="takes no sample_weight"):
        neuron.fit(*noisy[:2], X_val=noisy[2], y_val=noisy[3], sample_weight_val=weight)
    weighted = learned(*noisy, weight, scoring="accuracy")
    score = weighted.score(*noisy[2:], sample_weight=weight)
    assert weighted.history_.validation_score.max() == pytest.approx(score, rel=1e-12)


# Who is held out ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fraction", [0.25, 40])
def test_examples_are_held_out_in_proportion_and_not_learned_from(wines, fraction):
    X, y = np.vstack(wines[::2]), np.concatenate(wines[1::2])
    neuron = SigmoidNeuronClassifier(
        solver="gd", C=np.inf, early_stopping=True, validation_fraction=fraction, random_state=3
    ).fit(X, y)
    X_some, X_val, y_some, y_val = train_test_split(X, y, test_size=fraction, stratify=y, random_state=3)
    given = learned(X_some, y_some, X_val, y_val)
    np.testing.assert_array_equal(neuron.coef_, given.coef_)
    np.testing.assert_array_equal(neuron.history_.validation_loss, given.history_.validation_loss)
    assert not np.array_equal(neuron.coef_, SigmoidNeuronClassifier().fit(X, y).coef_)


def test_parts_have_their_own_weights(rng):
    examples = Examples(np.arange(20.0)[:, None], np.arange(20) % 2, np.arange(20.0) + 1)
    kept, held_out = split_off(examples, 0.3, 0)
    for part in (kept, held_out):
        np.testing.assert_array_equal(part.X[:, 0] + 1, part.weight)
        np.testing.assert_array_equal(part.X[:, 0] % 2, part.y)
    assert set(kept.weight) | set(held_out.weight) == set(examples.weight)


def test_weights_of_held_out_examples_count_as_rows(noisy):
    X, y, X_val, y_val = noisy
    times = np.arange(80) % 3
    weighted = learned(*noisy, times.astype(float))
    repeated = learned(X, y, np.repeat(X_val, times, axis=0), np.repeat(y_val, times))
    assert weighted.best_iteration_ == repeated.best_iteration_
    np.testing.assert_allclose(weighted.history_.validation_loss, repeated.history_.validation_loss, rtol=1e-12)
    assert not np.allclose(weighted.history_.validation_loss[1:5], learned(*noisy).history_.validation_loss[1:5])


def test_class_weights_count_there_too(noisy):
    X_val, y_val = noisy[2:]
    weighted = learned(*noisy, class_weight={0: 1, 1: 5}, solver="newton")
    z = weighted.predict_proba(X_val)
    least = log_loss(y_val, z, sample_weight=np.where(y_val == 1, 5, 1))
    assert weighted.history_.validation_loss[weighted.best_iteration_[0]] == pytest.approx(least, rel=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("form", [np.asarray, sp.csr_matrix, sp.csc_matrix, sp.csr_array])
def test_held_out_examples_may_be_sparse_or_float32(noisy, form, dtype):
    X, y, X_val, y_val = noisy
    neuron = learned(form(X.astype(dtype)), y, form(X_val.astype(dtype)), y_val)
    exact = learned(*noisy)
    assert neuron.coef_.dtype == dtype
    assert neuron.best_iteration_ == exact.best_iteration_
    eps = np.finfo(dtype).eps
    np.testing.assert_allclose(neuron.coef_, exact.coef_, rtol=1e4 * eps, atol=100 * eps)


def test_steps_on_a_sample_are_not_judged(rng):
    X = rng.normal(size=(200_000, 3))
    y = X[:, 0] + rng.logistic(size=len(X)) > 0
    neuron = SigmoidNeuronClassifier(early_stopping=True, random_state=0).fit(X, y)
    on_all = neuron.history_.on_all
    assert not on_all.all()
    assert np.isnan(neuron.history_.validation_loss[~on_all]).all()
    assert np.isfinite(neuron.history_.validation_loss[on_all]).all()
    assert neuron.history_.validation_loss[on_all].argmin() == neuron.best_iteration_[0]


def test_a_pipeline_sends_them_on(noisy):
    X, y, X_val, y_val = noisy
    neuron = SigmoidNeuronClassifier(solver="gd", C=np.inf, early_stopping=True)
    with sklearn.config_context(enable_metadata_routing=True):
        asked = neuron.set_fit_request(X_val=True, y_val=True)
        pipeline = make_pipeline(StandardScaler(), asked, transform_input=["X_val"])
        pipeline.fit(100 * X + 7, y, X_val=100 * X_val + 7, y_val=y_val)
    scaler = StandardScaler().fit(100 * X + 7)
    alone = learned(scaler.transform(100 * X + 7), y, scaler.transform(100 * X_val + 7), y_val)
    np.testing.assert_array_equal(pipeline[-1].coef_, alone.coef_)


# What cannot be used ----------------------------------------------------------------------------------------


def test_what_cannot_be_used_is_named_and_a_fitted_neuron_stays_as_it_was(noisy):
    X, y, X_val, y_val = noisy
    neuron = learned(*noisy)
    before = dict(vars(neuron))
    for given, message in [
        ({"X_val": X_val}, "X_val was passed to fit without y_val"),
        ({"y_val": y_val}, "y_val was passed to fit without X_val"),
        ({"sample_weight_val": y_val}, "sample_weight_val was passed to fit without X_val and y_val"),
        (
            {"X_val": X_val[:, 1:], "y_val": y_val},
            "X_val, y_val or sample_weight_val cannot be used: X has 14 features",
        ),
        ({"X_val": X_val, "y_val": y_val + 1}, "X_val, y_val or sample_weight_val cannot be used: .*2"),
        ({"X_val": X_val, "y_val": y_val[1:]}, "X_val, y_val or sample_weight_val cannot be used: .*inconsistent"),
        ({"X_val": X_val * np.nan, "y_val": y_val}, "X_val, y_val or sample_weight_val cannot be used: .*NaN"),
    ]:
        with pytest.raises(ValueError, match=message):
            neuron.fit(X, y, **given)
        assert vars(neuron) == before
    with pytest.raises(ValueError, match="early_stopping is False: set it to True"):
        SigmoidNeuronClassifier().fit(X, y, X_val=X_val, y_val=y_val)
    with pytest.raises(ValueError, match=r"validation_fraction=0.1: .*[Tt]he least populated class"):
        SigmoidNeuronClassifier(early_stopping=True).fit(X, np.arange(80) == 0)
    for bad in ({"validation_fraction": 1.0}, {"n_iter_no_change": 0}, {"early_stopping": "yes"}):
        with pytest.raises(ValueError, match=f"'{next(iter(bad))}' parameter"):
            SigmoidNeuronClassifier(**bad).fit(X, y)
    for scoring, message in [
        ("roc_auc", "scoring='roc_auc' says nan of the examples that are held out"),
        (lambda *given: {}, "cannot judge the examples that are held out"),
    ]:
        warned = pytest.warns() if scoring == "roc_auc" else contextlib.nullcontext()  # as scikit-learn warns of it
        with warned, pytest.raises(ValueError, match=message):
            neuron.set_params(scoring=scoring).fit(X, y, X_val=X_val[y_val == 1], y_val=y_val[y_val == 1])
    with pytest.raises(ValueError, match="Unknown label type: continuous"):
        SigmoidNeuronClassifier(early_stopping=True).fit(X, X[:, 0])
    with pytest.raises(ValueError, match="nobody"):
        SigmoidNeuronClassifier(early_stopping=True, scoring="nobody").fit(X, y)


@pytest.mark.parametrize("form", [np.asarray, sp.csr_matrix])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_none_are_found_wherever_they_fall(wines, value, form):
    X, y = wines[:2]
    for row in range(0, len(X), 7):
        bad = X.copy()
        bad[row, 3] = value
        with pytest.raises(ValueError, match=r"Input X contains (NaN|infinity)"):
            SigmoidNeuronClassifier(early_stopping=True, random_state=0, validation_fraction=0.5).fit(form(bad), y)


# What is seen -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("multi_class", ["ovr", "multinomial"])
@pytest.mark.parametrize("limit", [2**26, 3_000])  # all rows are kept, or few
def test_the_way_that_is_shown_ends_where_the_neuron_is(wines, monkeypatch, multi_class, limit):
    monkeypatch.setattr(journeys.Path.__init__, "__defaults__", (limit,))
    neuron = learned(*wines, record="path", multi_class=multi_class, n_iter_no_change=30)
    subject = subject_of(neuron)
    for k in range(3):
        way, walk = subject.way(k), subject.walk(k)
        best = neuron.best_iteration_[walk]
        assert way.rows[-1] == best
        assert (np.diff(way.rows) > 0).all()
        which = slice(None) if multi_class == "multinomial" else [k]
        there = np.vstack([neuron.coef_[which].T, neuron.intercept_[which]])
        np.testing.assert_array_equal(way.weights[:, -1], there.T.ravel())
        assert way.loss[-1] == subject.final_losses[walk]
        assert subject.final_losses[walk] == neuron.loss_curve_.reshape(len(neuron.history_), -1)[best, walk]


@pytest.mark.parametrize("multi_class", ["ovr", "multinomial"])
def test_a_landscape_knows_the_examples_again(noisy, wines, multi_class):
    for examples in (noisy, wines):
        neuron = learned(*examples, record="path", n_iter_no_change=30, multi_class=multi_class)
        of_which = {"class_of_interest": 1} if examples is wines else {}
        display = LossLandscapeDisplay.from_estimator(neuron, *examples[:2], **of_which)
        assert not [text for text in display.legend_.get_texts() if "J of these examples" in text.get_text()]
        display = LossLandscapeDisplay.from_estimator(neuron, *examples[2:], **of_which)
        assert [text for text in display.legend_.get_texts() if "J of these examples" in text.get_text()]


def test_the_report_looks_at_the_class_that_costs_most_where_the_neurons_are(wines):
    neuron = learned(*wines)
    names = [str(k) for k in range(3)]
    trained = Trained("wines", neuron, *wines, [f"x{j}" for j in range(13)], names)
    curve = neuron.loss_curve_[neuron.best_iteration_, range(3)]
    assert trained.class_of_interest == neuron.classes_[curve.argmax()]


def test_the_loss_curve_shows_what_was_held_out_and_which_step_was_kept(noisy, wines):
    neuron = learned(*noisy)
    display = LossCurveDisplay.from_estimator(neuron, *noisy[:2], show=("loss", "rate"))
    (line,) = display.held_out_
    np.testing.assert_array_equal(line.get_ydata(), neuron.history_.validation_loss)
    assert [best.get_xdata()[0] for best in display.best_] == [neuron.best_iteration_[0]] * 2
    words = [text.get_text() for text in display.legend_.get_texts()]
    assert f"kept: step {neuron.best_iteration_[0]}, where what was held out was believed best" in words
    assert not [text for text in words if text.startswith("not the J")]
    several = learned(*wines)
    display = LossCurveDisplay.from_estimator(several, x="passes")
    assert [len(line.get_ydata()) for line in display.held_out_] == [steps + 1 for steps in several.n_iter_]
    passes = several.history_.passes[several.best_iteration_]
    assert [best.get_xdata()[0] for best in display.best_] == passes.tolist()
    scored = learned(*noisy, scoring="accuracy")
    display = LossCurveDisplay.from_estimators({"by its loss": neuron, "by accuracy": scored})
    assert len(display.held_out_) == 1
    assert len(display.best_) == 2
    assert not LossCurveDisplay.from_estimator(SigmoidNeuronClassifier().fit(*noisy[:2])).best_


@pytest.mark.parametrize("scoring", ["loss", "accuracy"])
def test_what_is_held_out_is_told_line_by_line(noisy, wines, capsys, scoring):
    for examples in (noisy, wines):
        neuron = learned(*examples, scoring=scoring, verbose=2)
        lines = capsys.readouterr().out.splitlines()
        column = f"valid. {'loss' if scoring == 'loss' else 'score'}"
        end = lines[0].index(column) + len(column)
        told = [float(line[end - 13 : end]) for line in lines[1 : len(neuron.history_) + 1]]
        (name,) = neuron.history_.noted
        values = getattr(neuron.history_, name).reshape(len(told), -1).mean(axis=1)
        np.testing.assert_allclose(told, values, atol=1e-6)
        least, most = neuron.best_iteration_.min(), neuron.best_iteration_.max()
        assert lines[-1].startswith(f"Kept: step {most}" if least == most else f"Kept: steps {least} to {most}")
