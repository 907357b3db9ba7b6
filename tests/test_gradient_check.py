"""The chain rule beside measured slopes: what is right passes, what is wrong is named."""

import pickle
import re

import numpy as np
import pytest
import scipy.sparse as sp
from conftest import TABLES, fourth_order
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from sklearn_neuron import SigmoidNeuronClassifier, layer, neuron, objective
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.inspection.gradient_check import GradientError, GradientTable, gradient_check
from sklearn_neuron.losses import SoftmaxLoss
from sklearn_neuron.penalties import L2

RIGHT = neuron.loss_and_residual
SLOPE = "sklearn_neuron.losses.SigmoidLoss.value_and_slope"


@pytest.fixture
def plants():
    return make_toxic_plants(random_state=0, return_X_y=True)


@pytest.fixture
def learned(plants):
    return SigmoidNeuronClassifier().fit(*plants)


@pytest.fixture
def irises():
    X, y = load_iris(return_X_y=True)
    names = np.array(["setosa", "<b>", "virginica"])[y]
    return SigmoidNeuronClassifier().fit(X, names), X, names


def verdict_on(*arguments, **options):
    """What is said of a gradient that is wrong, after the tables."""
    with pytest.raises(GradientError) as raised:
        gradient_check(*arguments, **options)
    assert not raised.value.table.ok
    return raised.value.table.verdict


# Right ----------------------------------------------------------------------------------------------------


def test_the_slopes_of_the_plants_are_right(learned, plants):
    X, y = plants
    table = gradient_check(learned, X, y)
    assert isinstance(table, GradientTable)
    assert table.ok
    assert table.names == ["x1", "x2", "bias"]
    np.testing.assert_array_equal(table.allowed, 1e-6)  # rounding hides nothing here
    assert table.difference.max() < 1e-9  # eps^(4/5) = 3e-13, of slopes down to 1/1000 of a feature's size
    theta = np.append(learned.coef_, learned.intercept_) / 2
    a = 1 / (1 + np.exp(-(X @ theta[:2] + theta[2])))
    by_hand = [*(X.T @ (a - y) / 200 + theta[:2] / 200), (a - y).mean()]
    np.testing.assert_allclose(table.analytic, by_hand, rtol=1e-11)
    assert table.loss == pytest.approx(learned.objective(X, y).at(theta[:, None]).loss[0], rel=1e-15)


def test_the_measured_slopes_are_central_differences_of_fourth_order(learned, plants):
    J = learned.objective(*plants)
    theta = np.array([0.3, -0.2, 0.1])
    table = gradient_check(learned, *plants, at=theta)
    for j, slope in enumerate(table.numeric):
        toward = np.eye(3)[:, [j]]
        measured = fourth_order(lambda t, d=toward: J.at(theta[:, None] + t * d).loss[0], 0.0)
        assert slope == pytest.approx(measured, rel=1e-9)
        assert slope != table.analytic[j]  # it is not a copy


def test_the_chain_is_shown_link_by_link(learned, plants):
    X, y = plants
    theta = np.array([0.3, -0.2, 0.1])
    links = gradient_check(learned, X, y, at=theta).links
    assert [link.name for link in links] == ["dz/dw", "da/dz", "dJ/da", "dJ/dw"]
    assert [link.function for link in links] == ["score_slope", "sigmoid_slope", "loss_slope", "residual . x"]
    dials = {"w[x1]": X[:, 0], "w[x2]": X[:, 1], "b": np.ones(200)}
    a = 1 / (1 + np.exp(-(X @ theta[:2] + theta[2])))
    promised = [
        dials[links[0].parameter],
        a * (1 - a),
        (a - y) / (a * (1 - a)),
        (a - y) * dials[links[3].parameter],
    ]
    for link, values in zip(links, promised, strict=True):
        assert link.analytic == pytest.approx(values[link.row], rel=1e-12)
        assert link.numeric == pytest.approx(values[link.row], rel=1e-9)
        assert link.difference < 1e-9
    assert links[1].parameter is links[2].parameter is None


@pytest.mark.filterwarnings("ignore::sklearn_neuron.SeparationWarning")
@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize(
    "options", [{}, {"C": np.inf}, {"fit_intercept": False}, {"class_weight": "balanced"}], ids=str
)
def test_the_tables_of_life_are_right_whatever_their_scale(name, options):
    X, y = TABLES[name](return_X_y=True)
    estimator = SigmoidNeuronClassifier(**options).fit(X, y)
    for label in estimator.classes_[1:3]:
        table = gradient_check(estimator, X, y, class_of_interest=label)
        assert len(table.names) == X.shape[1] + ("fit_intercept" not in options)
        assert np.median(table.difference) < 1e-8


def test_each_of_three_neurons_is_checked_alone(irises):
    neurons, X, names = irises
    J = neurons.objective(X, names)
    theta = np.vstack([neurons.coef_.T, neurons.intercept_]) / 2
    for k, name in enumerate(neurons.classes_):
        table = gradient_check(neurons, X, names, class_of_interest=name)
        np.testing.assert_allclose(table.analytic, J.at(theta).gradient[:, k], rtol=1e-12)
    assert "of the neuron of <b>, half way from zero" in str(gradient_check(neurons, X, names, class_of_interest="<b>"))
    assert "<b>" not in gradient_check(neurons, X, names, class_of_interest="<b>")._repr_html_()
    with pytest.raises(ValueError, match="class_of_interest, one of"):
        gradient_check(neurons, X, names)


@pytest.mark.parametrize("at", [[0.0, 0.0, 0.0], [50.0, 50.0, 0.0], [-400.0, 900.0, 3.0], [1e-9, 0.0, -40.0]])
def test_it_is_right_wherever_one_looks(learned, plants, at):
    assert gradient_check(learned, *plants, at=at).ok


def test_at_the_end_of_a_fit_nothing_is_left_to_compare_and_rounding_is_no_error(plants):
    arrived = SigmoidNeuronClassifier(tol=0).fit(*plants)
    table = gradient_check(arrived, *plants, at=np.append(arrived.coef_, arrived.intercept_))
    assert table.ok
    assert np.abs(table.analytic).max() < 1e-12
    np.testing.assert_array_equal(table.allowed, 1.0)


@pytest.mark.parametrize("shape", [sp.csr_array, sp.csc_array, sp.csr_matrix, np.asfortranarray])
def test_in_any_memory_the_slopes_are_the_same(rng, shape):
    X = rng.normal(size=(300, 7)) * (rng.random((300, 7)) < 0.3) * np.logspace(-3, 3, 7)
    y = rng.random(300) < 0.4
    estimator = SigmoidNeuronClassifier().fit(X, y)
    table, dense = gradient_check(estimator, shape(X), y), gradient_check(estimator, X, y)
    np.testing.assert_allclose(table.analytic, dense.analytic, rtol=1e-10)
    np.testing.assert_allclose(table.numeric, dense.numeric, rtol=1e-8)


@pytest.mark.parametrize("name", ["plants", "breast_cancer"])
def test_float32_is_checked_in_float32_and_sparse_in_float64(name):
    X, y = (
        make_toxic_plants(1000, random_state=0, return_X_y=True) if name == "plants" else TABLES[name](return_X_y=True)
    )
    X = X.astype(np.float32)
    sparse = sp.csr_array(X)
    assert gradient_check(SigmoidNeuronClassifier().fit(sparse, y), sparse, y).float_type == "float64"
    table = gradient_check(SigmoidNeuronClassifier().fit(X, y), X, y)
    assert table.float_type == "float32"
    assert np.median(table.difference) > 1e-7  # it was not measured on a copy in float64
    assert 1e-6 < np.median(table.allowed) < 1e-2
    X = X.astype(np.float64)
    assert gradient_check(SigmoidNeuronClassifier().fit(X, y), X, y).allowed.max() == 1e-6


def test_examples_of_no_weight_are_in_no_sum_but_keep_their_numbers(learned, plants, monkeypatch):
    X, y = plants
    weight = np.where(np.arange(200) < 150, 0.0, np.linspace(0.5, 2, 200))
    table = gradient_check(learned, X, y, sample_weight=weight)
    expected = gradient_check(learned, X[150:], y[150:], sample_weight=weight[150:])
    np.testing.assert_array_equal(table.analytic, expected.analytic)
    assert [link.row - 150 for link in table.links] == [link.row for link in expected.links]
    assert not np.allclose(table.analytic, gradient_check(learned, X[150:], y[150:]).analytic)


def test_through_a_pipeline_and_a_search_it_finds_the_neuron(plants):
    X, y = plants
    pipeline = make_pipeline(StandardScaler(), SigmoidNeuronClassifier())
    search = GridSearchCV(pipeline, {"sigmoidneuronclassifier__C": [0.1]}, cv=2).fit(X, y)
    scaled = StandardScaler().fit_transform(X)
    expected = gradient_check(SigmoidNeuronClassifier(C=0.1).fit(scaled, y), scaled, y)
    for estimator in (search, search.best_estimator_):
        np.testing.assert_allclose(gradient_check(estimator, X, y).analytic, expected.analytic, rtol=1e-9)
    unnamed = make_pipeline(FunctionTransformer(np.log), SigmoidNeuronClassifier()).fit(X, y)
    assert gradient_check(unnamed, X, y, feature_names=["length", "width"]).names == ["length", "width", "bias"]


def test_names_come_with_the_frame():
    X, y = make_toxic_plants(random_state=0, as_frame=True, return_X_y=True)
    table = gradient_check(SigmoidNeuronClassifier(fit_intercept=False).fit(X, y), X, y)
    assert table.names == ["leaf_length", "leaf_width"]


def test_the_data_and_the_neuron_are_left_as_they_were(learned, plants):
    X, y = plants
    at = np.array([0.1, 0.2, 0.3])
    before = pickle.dumps((X, y, at, learned))
    gradient_check(learned, X, y, at=at)
    assert pickle.dumps((X, y, at, learned)) == before


def test_a_feature_that_is_always_zero_has_no_slope(plants):
    X, y = plants
    X = np.column_stack([X, np.zeros(200)])
    table = gradient_check(SigmoidNeuronClassifier().fit(X, y), X, y)
    assert table.analytic[2] == table.numeric[2] == table.difference[2] == 0


def test_a_single_far_example_is_no_error(rng):
    X = rng.standard_t(1, (500, 3))
    X[0, 0] = 1e7
    y = X[:, 1] + rng.normal(size=500) > 0
    for dtype in (np.float64, np.float32):
        estimator = SigmoidNeuronClassifier().fit(X.astype(dtype), y)
        assert gradient_check(estimator, X.astype(dtype), y).ok


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("shape", [np.asarray, sp.csr_array])
@pytest.mark.parametrize("n", [2, 20, 20_000])
def test_rounding_is_no_error_for_any_number_of_plants(n, shape, dtype):
    X, y = make_toxic_plants(n, random_state=1, return_X_y=True)
    X = shape(X.astype(dtype))
    estimator = SigmoidNeuronClassifier().fit(X, y)
    for at in (None, np.zeros(3), [1, 1, -7]):
        assert gradient_check(estimator, X, y, at=at).ok


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_rare_feature_is_no_error(dtype, rng):
    X = sp.csr_array(np.eye(20_000, 2, dtype=dtype))  # one example each has it
    y = rng.random(20_000) < 0.3
    assert gradient_check(SigmoidNeuronClassifier().fit(X, y), X, y, at=[2, -2, 0.5]).ok


def test_many_parameters_are_looked_at_side_by_side_in_few_passes(monkeypatch, rng):
    X, y = rng.normal(size=(300, 200)), rng.random(300) < 0.5
    estimator = SigmoidNeuronClassifier().fit(X, y)
    home = objective.Objective.at
    looks = []
    monkeypatch.setattr(objective.Objective, "at", lambda *given: looks.append(given[1].shape) or home(*given))
    whole = gradient_check(estimator, X, y)
    assert sorted(looks) == [(201, 1), (201, 4 * 201)]
    looks.clear()
    monkeypatch.setattr("sklearn_neuron.inspection.slopes.MOST_NUMBERS", 300 * 4 * 50)
    pieces = gradient_check(estimator, X, y)
    assert sorted(K for _, K in looks) == [1, 4, *[200] * 4]
    np.testing.assert_allclose(pieces.numeric, whole.numeric, rtol=1e-8)
    assert [link.name for link in pieces.links] == [link.name for link in whole.links]


# Wrong ----------------------------------------------------------------------------------------------------


def with_wrong_residual(change):
    def loss_and_residual(z, y):
        loss, residual = RIGHT(z, y)
        return loss, change(residual)

    return staticmethod(loss_and_residual)


def one_missing(residual):
    residual = residual.copy()
    residual[3] = 0
    return residual


@pytest.mark.parametrize(
    ("change", "parameters"),
    [
        (lambda r: -r, 3),
        (lambda r: 2 * r, 3),
        (lambda r: r * len(r) / (len(r) - 1), 3),
        (lambda r: r * (1 + 1e-4), 3),
        (one_missing, 3),
        (lambda r: r + 1e-7, 1),  # the smallest slope is a thousand times that of the other two
        (lambda r: np.full_like(r, np.nan), 3),
    ],
    ids=["sign", "factor", "n - 1", "1 + 1e-4", "one missing", "a little more", "nan"],
)
def test_a_wrong_gradient_is_no_fault_of_a_link(learned, plants, monkeypatch, change, parameters):
    monkeypatch.setattr(SLOPE, with_wrong_residual(change))
    with pytest.raises(GradientError, match=r"dJ/d(w\[x[12]\]|b) is promised to be .*, but .* is measured") as raised:
        gradient_check(learned, *plants)
    table = raised.value.table
    assert len(table.wrong_parameters) >= parameters
    assert not table.wrong_links
    assert "Every link is right, so look at how the objective puts them together." in str(raised.value)
    assert np.isfinite(table.numeric).all()


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("shape", [np.asarray, sp.csr_array])
def test_a_factor_is_found_in_any_memory(monkeypatch, dtype, shape):
    X, y = load_breast_cancer(return_X_y=True)
    X = shape(X.astype(dtype))
    estimator = SigmoidNeuronClassifier().fit(X, y)
    monkeypatch.setattr(SLOPE, with_wrong_residual(lambda r: 1.05 * r))
    with pytest.raises(GradientError) as raised:
        gradient_check(estimator, X, y)
    assert len(raised.value.table.wrong_parameters) > 20


def test_only_the_wrong_parameter_is_named(learned, plants, monkeypatch):
    right = L2.value_and_slope

    def wrong(self, theta):
        value, slope = right(self, theta)
        return value, slope + np.array([[0], [1e-3], [0]])

    monkeypatch.setattr(L2, "value_and_slope", wrong)
    verdict = verdict_on(learned, *plants, feature_names=["length", "width"])
    assert "dJ/dw[width] is promised" in verdict
    assert "; 0 other slopes" in verdict
    assert "length" not in verdict


def test_a_penalty_that_is_not_in_the_gradient_is_missed(learned, plants, monkeypatch):
    right = L2.value_and_slope
    monkeypatch.setattr(L2, "value_and_slope", lambda self, theta: (right(self, theta)[0], 0 * theta))
    assert "dJ/dw[x" in verdict_on(learned, *plants)


@pytest.mark.parametrize("factor", [-1, 2, 1 + 1e-4, np.nan])
@pytest.mark.parametrize(
    ("function", "link"),
    [
        ("sigmoid_slope", "da/dz (sigmoid_slope)"),
        ("loss_slope", "dJ/da (loss_slope)"),
        ("residual", "dJ/dw (residual . x)"),
    ],
)
def test_a_wrong_link_is_named(learned, plants, monkeypatch, function, link, factor):
    right = getattr(neuron, function)
    monkeypatch.setattr(neuron, function, lambda *given: factor * right(*given))
    said = rf"The gradient is wrong\. {re.escape(link)} promises \S+ in row \d+, but \S+ is measured\."
    assert re.fullmatch(said, verdict_on(learned, *plants))


def test_a_link_that_is_wrong_for_one_example_names_its_row(learned, plants, monkeypatch):
    right = neuron.sigmoid_slope
    monkeypatch.setattr(neuron, "sigmoid_slope", lambda z: right(z) * np.where(np.arange(len(z)) == 77, 1.001, 1))
    assert "da/dz (sigmoid_slope) promises" in verdict_on(learned, *plants)
    assert "in row 77," in verdict_on(learned, *plants)
    weight = np.where(np.arange(200) < 50, 0, 1)
    assert "in row 127," in verdict_on(learned, *plants, sample_weight=weight)


def test_a_wrong_score_slope_is_wrong_in_the_product_too(learned, plants, monkeypatch):
    monkeypatch.setattr(neuron, "score_slope", lambda X: X * [1, 1.01])
    with pytest.raises(GradientError) as raised:
        gradient_check(learned, *plants)
    assert [link.name for link in raised.value.table.wrong_links] == ["dz/dw", "dJ/dw"]
    assert {link.parameter for link in raised.value.table.wrong_links} == {"w[x2]"}


def test_the_error_is_an_assertion_that_travels(learned, plants, monkeypatch):
    monkeypatch.setattr(SLOPE, with_wrong_residual(np.negative))
    with pytest.raises(AssertionError) as raised:
        gradient_check(learned, *plants)
    assert str(raised.value) == str(raised.value.table)
    assert str(pickle.loads(pickle.dumps(raised.value))) == str(raised.value)


def test_with_a_larger_tolerance_a_small_error_passes(learned, plants, monkeypatch):
    monkeypatch.setattr(SLOPE, with_wrong_residual(lambda r: r * (1 + 1e-4)))
    assert gradient_check(learned, *plants, tol=1e-2).ok


# Printed --------------------------------------------------------------------------------------------------


def test_a_table_prints_itself_in_columns(learned, plants):
    table = gradient_check(learned, *plants, feature_names=["leaf_length", "leaf_width"])
    title, slopes, links, verdict = str(table).split("\n\n")
    assert repr(table) == str(table)
    assert title.splitlines() == [
        "Slopes of J, promised and measured",
        f"half way from zero to the fitted weights, where J = {table.loss:.6g} (float64)",
        "each difference is relative to the larger of the two",
    ]
    heading, *rows = slopes.splitlines()
    assert heading.split() == ["slope", "of", "J", "analytic", "numeric", "difference", "allowed"]
    assert {len(row) for row in rows} == {len(heading)}
    assert {row.split()[0] for row in rows} == {"dJ/dw[leaf_length]", "dJ/dw[leaf_width]", "dJ/db"}
    differences = [float(row.split()[3]) for row in rows]
    assert differences == sorted(differences, reverse=True)
    heading, *rows = links.splitlines()
    assert all(row[: len(heading)].split()[-1] == "1.0e-06" for row in rows)
    assert all(re.match(r"  row \d+(, (w\[leaf_\w+\]|b))?$", row[len(heading) :]) for row in rows)
    assert verdict == "Every slope and every link is right."
    assert max(map(len, str(table).splitlines())) <= 100


def test_the_place_is_named_and_whose_slopes_they_are(learned, plants):
    """J = 0.4529 at the weights that were fitted, and another one half way to them: a number needs its place."""
    given = gradient_check(learned, *plants, at=np.append(learned.coef_, learned.intercept_))
    assert given.loss == pytest.approx(learned.loss_curve_[-1], rel=1e-9)
    assert f"at the weights given, where J = {given.loss:.6g} (float64)" in str(given)
    assert "half way from zero to the fitted weights, where J" in gradient_check(learned, *plants)._repr_html_()


def test_a_feature_called_bias_is_not_taken_for_the_bias(learned, plants):
    table = gradient_check(learned, *plants, feature_names=["length", "bias"])
    _, slopes, *_ = str(table).split("\n\n")
    assert {row.split()[0] for row in slopes.splitlines()[1:]} == {"dJ/dw[length]", "dJ/dw[bias]", "dJ/db"}
    unbiased = SigmoidNeuronClassifier(fit_intercept=False).fit(*plants)
    assert "dJ/db" not in str(gradient_check(unbiased, *plants, feature_names=["length", "bias"]))


def test_of_many_parameters_the_worst_are_printed():
    X, y = load_breast_cancer(return_X_y=True)
    table = gradient_check(SigmoidNeuronClassifier().fit(X, y), X, y)
    _, slopes, *_ = str(table).split("\n\n")
    _, *rows, others = slopes.splitlines()
    assert others == "... and 19 more, none worse"
    worst = np.argsort(-table.difference / table.allowed)[:12]
    assert [row.split()[0] for row in rows] == [f"dJ/dw[{table.names[j]}]" if j < 30 else "dJ/db" for j in worst]


def test_what_is_too_small_to_be_measured_is_said_to_be_and_not_to_be_right(learned, plants):
    """da/dz = 1e-22 is measured as 0 or as 1e-13: no digits of it can be right or wrong."""
    table = gradient_check(learned, *plants, at=[0.0, 0.0, 50.0])
    (row,) = [row for row in str(table).splitlines() if row.startswith("da/dz")]
    assert row.split()[4:] == ["row", str(table.links[1].row), "(too", "small", "to", "be", "measured)"]
    assert table.verdict == "Every slope and every link that can be measured is right."
    told = [line for line in str(table).splitlines() if "too small" in line]
    assert table._repr_html_().count("too small to be measured") == len(told)


def test_a_link_is_told_of_an_example_where_it_can_be_measured(learned, plants):
    X, y = plants
    far = X.copy()
    far[0] = 1e4  # where the neuron is too sure
    table = gradient_check(learned, far, y)
    assert all(link.allowed < 1 for link in table.links)
    assert table.verdict == "Every slope and every link is right."


def test_what_is_wrong_is_marked(learned, plants, monkeypatch):
    monkeypatch.setattr(SLOPE, with_wrong_residual(np.negative))
    monkeypatch.setattr(neuron, "sigmoid_slope", lambda z: np.full_like(z, np.nan))
    with pytest.raises(GradientError) as raised:
        gradient_check(learned, *plants)
    marked = [line.split()[0] for line in str(raised.value).splitlines() if line.endswith("<-- wrong")]
    assert sorted(marked) == ["dJ/db", "dJ/dw[x1]", "dJ/dw[x2]", "da/dz"]
    assert "nan" in str(raised.value)


def test_names_of_any_length_and_letters_keep_to_their_cell(learned, plants):
    names = ["<script>alert('x')</script> & a name as long as a tale", "one\nline"]
    table = gradient_check(learned, *plants, feature_names=names)
    assert "dJ/dw[<script>alert('x')</scrip...]" in str(table)
    assert "dJ/dw[one line]" in str(table)
    page = table._repr_html_()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert page.count("<table>") == page.count("</table>") == 2
    assert page.count("<tr>") == 2 + 3 + 4
    assert "Every slope and every link is right." in page


# Refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"at": [1.0, 2.0]}, "at must hold 3 finite numbers"),
        ({"at": [[1.0, 2.0, 3.0]]}, "at must hold 3 finite numbers"),
        ({"at": [1.0, 2.0, np.nan]}, "at must hold 3 finite numbers"),
        ({"tol": 0}, "tol must be a number above 0; got 0"),
        ({"tol": np.nan}, "tol must be a number above 0; got nan"),
        ({"class_of_interest": 0}, "class_of_interest, one of \\[1\\]"),
        ({"feature_names": ["one"]}, "feature_names has 1 names, but the neuron sees 2"),
        ({"sample_weight": np.ones(3)}, "sample_weight"),
    ],
    ids=str,
)
def test_what_cannot_be_used_is_told(learned, plants, options, said):
    with pytest.raises(ValueError, match=said):
        gradient_check(learned, *plants, **options)


def test_without_a_fitted_neuron_there_is_nothing_to_check(plants):
    with pytest.raises(NotFittedError):
        gradient_check(SigmoidNeuronClassifier(), *plants)
    with pytest.raises(TypeError, match="SigmoidNeuronClassifier"):
        gradient_check(StandardScaler().fit(plants[0]), *plants)


# A layer --------------------------------------------------------------------------------------------------


@pytest.fixture
def layered(layered_irises):
    X, y, neurons = layered_irises
    return neurons, X, y


def test_all_slopes_of_a_layer_are_right(layered):
    neurons, X, y = layered
    table = gradient_check(neurons, X, y)
    assert table.ok
    assert table.names == 3 * ["x1", "x2", "x3", "x4", "bias"]
    assert table.difference.max() < 1e-9
    theta = np.vstack([neurons.coef_.T, neurons.intercept_]) / 2
    a = np.exp(X @ theta[:4] + theta[4])
    wrong = a / a.sum(axis=1, keepdims=True) - np.eye(3)[y]
    by_hand = np.vstack([X.T @ wrong / 150 + theta[:4] / 150, wrong.mean(axis=0)])
    np.testing.assert_allclose(table.analytic.reshape(3, 5).T, by_hand, rtol=1e-9)
    J = neurons.objective(X, y)
    for j, slope in enumerate(table.numeric):
        toward = np.eye(15)[j].reshape(3, 5).T
        assert slope == pytest.approx(fourth_order(lambda t, d=toward: J.at(theta + t * d).loss[0], 0.0), rel=1e-8)


def test_the_chain_through_softmax_is_shown_link_by_link(layered):
    neurons, X, y = layered
    theta = np.random.default_rng(0).normal(size=(5, 3)) / 4
    links = gradient_check(neurons, X, y, at=theta).links
    assert [link.name for link in links] == ["dz/dw", "da/dz", "dJ/da", "dJ/dw"]
    assert [link.function for link in links] == ["score_slope", "softmax_slopes", "loss_slope", "residual . x"]
    of_score, of_belief, of_loss, whole = links
    x, e = np.column_stack([X, np.ones(150)]), np.exp(X @ theta[:4] + theta[4])
    a, dials = e / e.sum(axis=1, keepdims=True), ["w[x1]", "w[x2]", "w[x3]", "w[x4]", "b"]
    j, k = dials.index(of_score.parameter.split()[0]), int(of_score.parameter[-1])
    assert of_score.analytic == x[of_score.row, j]
    i, k = of_belief.row, int(of_belief.parameter[-1])  # along which score; the belief is one of three
    assert of_belief.parameter == f"z of class {k}"
    assert np.isclose(of_belief.analytic, a[i] * ((np.arange(3) == k) - a[i, k]), rtol=1e-12).any()
    assert of_loss.analytic == pytest.approx(-1 / a[of_loss.row, y[of_loss.row]], rel=1e-12)
    assert of_loss.parameter == f"a of class {y[of_loss.row]}"
    i, j, k = whole.row, dials.index(whole.parameter.split()[0]), int(whole.parameter[-1])
    assert whole.analytic == pytest.approx((a[i, k] - (y[i] == k)) * x[i, j], rel=1e-12)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")  # without a penalty, of what is separated
@pytest.mark.parametrize("name", ["iris", "wine", "digits"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("options", [{}, {"C": np.inf}, {"fit_intercept": False}], ids=str)
def test_layers_of_life_are_right_whatever_their_scale(name, dtype, options):
    X, y = TABLES[name](return_X_y=True)
    X = X.astype(dtype)
    estimator = SigmoidNeuronClassifier(multi_class="multinomial", **options).fit(X, y)
    table = gradient_check(estimator, X, y)
    assert table.float_type == np.dtype(dtype).name
    assert np.median(table.difference) < (1e-8 if dtype == np.float64 else 1e-3)


@pytest.mark.parametrize("factor", [-1, 2, 1 + 1e-4, np.nan])
@pytest.mark.parametrize(
    ("function", "link"),
    [
        ("softmax_slopes", "da/dz (softmax_slopes)"),
        ("loss_slope", "dJ/da (loss_slope)"),
        ("residual", "dJ/dw (residual . x)"),
    ],
)
def test_a_wrong_link_of_a_layer_is_named(layered, monkeypatch, function, link, factor):
    right = getattr(layer, function)
    monkeypatch.setattr(layer, function, lambda *given: factor * right(*given))
    said = rf"The gradient is wrong\. {re.escape(link)} promises \S+ in row \d+, but \S+ is measured\."
    assert re.fullmatch(said, verdict_on(*layered))


def forgetting_the_others(z):
    """Beliefs of sigmoids, each by itself: what one gains is taken from nobody."""
    a = layer.softmax(z)
    return (a * layer.the_rest(a))[:, :, None] * np.eye(z.shape[1])


def test_a_softmax_that_takes_from_nobody_is_found(layered, monkeypatch):
    monkeypatch.setattr(layer, "softmax_slopes", forgetting_the_others)
    assert "da/dz (softmax_slopes) promises 0 in row" in verdict_on(*layered)


@pytest.mark.parametrize("k", [0, 1, 2])
def test_a_wrong_slope_of_one_neuron_of_a_layer_is_found(layered, monkeypatch, k):
    right = L2.value_and_slope

    def wrong(self, theta):
        value, slope = right(self, theta)
        return value, slope + 1e-3 * (np.arange(theta.shape[1]) == k) * (np.arange(5) == 2)[:, None]

    monkeypatch.setattr(L2, "value_and_slope", wrong)
    verdict = verdict_on(*layered)
    assert f"dJ/dw[x3] of class {k} is promised" in verdict
    assert "; 0 other slopes" in verdict


def test_a_wrong_gradient_of_a_layer_is_no_fault_of_a_link(layered, monkeypatch):
    right = SoftmaxLoss.sums_of_many

    def wrong(*given):
        loss, slope = right(*given)
        return loss, 1.01 * slope

    monkeypatch.setattr(SoftmaxLoss, "sums_of_many", wrong)
    assert "Every link is right, so look at how the objective puts them together." in verdict_on(*layered)


def test_of_a_layer_a_place_has_a_column_a_class(layered):
    neurons, X, y = layered
    with pytest.raises(ValueError, match="at must hold 5 rows of 3 finite numbers, a column a class"):
        gradient_check(neurons, X, y, at=np.zeros(5))
    with pytest.raises(ValueError, match="class_of_interest, one of"):
        gradient_check(neurons, X, y, class_of_interest="rose")
    assert "of a layer of 3 neurons, at the weights given" in str(gradient_check(neurons, X, y, at=np.zeros((5, 3))))
    assert max(map(len, str(gradient_check(neurons, X, y)).splitlines())) <= 110


def test_of_two_classes_a_layer_is_the_neuron(plants):
    one = gradient_check(SigmoidNeuronClassifier().fit(*plants), *plants)
    two = gradient_check(SigmoidNeuronClassifier(multi_class="multinomial").fit(*plants), *plants)
    assert str(two) == str(one)
