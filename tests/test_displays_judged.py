"""A judge of the curves: what is drawn is computed again from the estimator, on tables that nobody here had in mind."""

import numpy as np
import pytest
import scipy.sparse as sp
from conftest import at, letters, told, words
from matplotlib.cbook import is_math_text
from matplotlib.text import Text
from scipy.special import expit
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_neuron import SigmoidNeuronClassifier, explain
from sklearn_neuron.displays import (
    LikelihoodDisplay,
    LogLossDisplay,
    LossCurveDisplay,
    NeuronDiagramDisplay,
    PlantsDisplay,
    SigmoidCurveDisplay,
)

NAMES = ["_p", "total_$_in_$", "$a$", "bias", "<b>&amp;", "{x} %s", "a name " * 20, "ß ∑", "1", "b", "P(x)", "not _p"]
ORDERS = {
    "turns": lambda n, K: np.arange(n) % K,
    "sorted": lambda n, K: np.arange(n) * K // n,
    "period 32": lambda n, K: (np.arange(n) % 32) * K // 32,
}
FORMS = {
    "dense": (np.asarray, 1e-12),
    "float32": (lambda X: X.astype(np.float32), 1e-4),  # relative, of J; scores are of ordinary size
    "sparse": (sp.csr_array, 1e-12),
}


class Case:
    """A fitted estimator, its data, and what it says of them."""

    def __init__(self, K, order, form, piped=False, weighted=False):
        rng = np.random.default_rng(K)
        self.K, self.y = K, ORDERS[order](2400, K)
        X = rng.normal(size=(2400, 5)) + 0.8 * rng.normal(size=(K, 5))[self.y]
        X *= [1e-3, 1, 1e3, 1, 1]
        self.X = FORMS[form][0](X)
        self.rtol = FORMS[form][1]
        self.weight = rng.uniform(0.1, 5, 2400) if weighted else None
        neuron = SigmoidNeuronClassifier(record="path")
        self.estimator = make_pipeline(StandardScaler(), neuron) if piped else neuron
        options = {} if self.weight is None else {"sample_weight": self.weight}
        self.estimator.fit(self.X, self.y, **options)
        self.neuron = neuron
        self.names = {"class_names": NAMES[:K]}
        self.k = K - 1
        scores = self.estimator.decision_function(self.X)
        self.z = scores if K == 2 else scores[:, self.k]
        self.truths = self.y == self.k
        self.own = {} if K == 2 else {"class_of_interest": self.k}

    @property
    def data(self):
        return self.estimator, self.X, self.y


CASES = [
    (2, "turns", "dense", False, False),
    (2, "period 32", "sparse", False, True),
    (2, "sorted", "float32", True, False),
    (3, "turns", "float32", False, False),
    (3, "period 32", "dense", True, False),
    (12, "turns", "sparse", False, False),
    (12, "sorted", "dense", False, True),
]


@pytest.fixture(scope="module", params=CASES, ids=str)
def case(request):
    return Case(*request.param)


def written(figure):
    """All words of a picture that are no mathematics, after it was drawn."""
    figure.draw_without_rendering()
    texts = (text.get_text() for text in figure.findobj(Text) if text.get_text())
    return [letters(text) for text in texts if not is_math_text(text)]


def test_every_point_on_the_sigmoid_is_a_score_of_its_own_truth(case):
    display = SigmoidCurveDisplay.from_estimator(*case.data, max_points=500, residuals=True, **case.own, **case.names)
    for truth, points in zip((False, True), map(at, display.points_), strict=True):
        assert set(points[:, 0].tolist()) <= set(
            np.clip(case.z[case.truths == truth], *display.ax_.get_xlim()).tolist()
        )
        np.testing.assert_allclose(points[:, 1], expit(points[:, 0]), atol=1e-5)  # at the border e^-12
        assert len(points) == pytest.approx(500 * (case.truths == truth).mean(), abs=1)
    drawn = written(display.figure_)
    assert any(NAMES[case.k] in word for word in drawn)
    assert case.K == 2 or not any("predict " in word or word.startswith("belief a") for word in drawn)


def test_every_point_under_the_loss_costs_what_its_truth_costs(case):
    display = LogLossDisplay.from_estimator(*case.data, **case.own, **case.names, max_points=3000)
    drawn = np.concatenate([points[:, 1] for points in map(at, display.points_)])
    margin = np.where(case.truths, case.z, -case.z).astype(float)
    expected = np.minimum(np.logaddexp(0, -margin), display.ax_.get_ylim()[1])
    assert np.sort(drawn) == pytest.approx(np.sort(expected), rel=1e-5)
    written(display.figure_)


def test_plants_are_drawn_by_class_and_ringed_where_the_estimator_is_wrong(case):
    display = PlantsDisplay.from_estimator(*case.data, features=[1, 3], **case.names, max_points=3000)
    wrong = (case.estimator.predict(case.X) != case.y).sum()
    assert len(display.rings_.get_offsets()) == wrong
    assert f"wrong about {wrong:,} of 2,400" in display.ax_.get_title(loc="left")
    X = case.X.toarray() if sp.issparse(case.X) else case.X
    for k, points in enumerate(display.scatters_):
        np.testing.assert_array_equal(at(points), X[case.y == k][:, [1, 3]])  # in the units of X
    some = PlantsDisplay.from_estimator(*case.data, features=[1, 3], **case.names, max_points=200)
    assert [len(at(points)) for points in some.scatters_] == pytest.approx(200 * np.bincount(case.y) / 2400, abs=1)
    names = [letters(word) for word in words(display)[: case.K]]
    assert all(
        drawn == name if len(name) < 13 else name.startswith(drawn[:5]) and name.strip().endswith(drawn[-2:])
        for drawn, name in zip(names, NAMES, strict=False)
    )
    written(display.figure_)


def test_the_likelihood_is_that_of_predict_proba(case):
    display = LikelihoodDisplay.from_estimator(*case.data, **case.names)
    given = case.estimator.predict_proba(case.X)[np.arange(2400), case.y].astype(float)
    samples, total = display.sum_.get_xydata().T
    once = np.flatnonzero(samples == 2400)[0]
    assert total[once] == pytest.approx(np.log(given).sum(), rel=1e-4)
    written(display.figure_)


def test_the_loss_curve_ends_at_j_of_the_examples(case):
    display = LossCurveDisplay.from_estimator(*case.data, sample_weight=case.weight, **case.names)
    seen = case.estimator[:-1].transform(case.X) if case.neuron is not case.estimator else case.X
    theta = np.vstack([case.neuron.coef_.T, case.neuron.intercept_])
    z = seen @ theta[:-1].astype(float) + theta[-1]
    weight = np.ones(2400) if case.weight is None else case.weight
    signs = np.where(case.y[:, None] == (np.arange(case.K) if case.K > 2 else [1]), -1, 1)
    J = (weight @ np.logaddexp(0, signs * z) + (theta[:-1].astype(float) ** 2).sum(axis=0) / 2) / weight.sum()
    ends = [line.get_ydata()[-1] for line in display.lines_[0]]
    np.testing.assert_allclose(ends, J, rtol=max(case.rtol, 1e-9))
    assert not any("examples given" in word for word in written(display.figure_))
    if case.weight is not None:
        unweighted = LossCurveDisplay.from_estimator(*case.data, **case.names)
        assert any("examples given" in word for word in written(unweighted.figure_))


def test_the_diagram_draws_the_features_that_move_the_score_most(case):
    names = {"feature_names": NAMES[:5], **case.names}
    display = NeuronDiagramDisplay.from_estimator(case.estimator, X=case.X, max_features=2, **case.own, **names)
    seen = case.estimator[:-1].transform(case.X) if case.neuron is not case.estimator else case.X
    spread = (seen.toarray() if sp.issparse(seen) else seen).astype(float).std(axis=0)
    moves = np.abs(case.neuron.coef_[0 if case.K == 2 else case.k]) * spread
    assert display.shown_.tolist() == np.argsort(-moves)[:2].tolist()
    assert NAMES[display.shown_[0]] in written(display.figure_)
    assert letters(told(display.names_)[0]) == NAMES[display.shown_[0]]


def test_an_explanation_adds_up_and_decides_as_the_estimator_does(case):
    for row in (0, 77, 2399):
        told = explain(case.estimator, case.X[[row]], truth=case.y[row], **case.names)
        assert told.decision == case.estimator.predict(case.X[[row]])[0]
        assert told.products.sum() + told.bias == pytest.approx(told.z, rel=1e-3, abs=1e-3)
        assert str(told)
