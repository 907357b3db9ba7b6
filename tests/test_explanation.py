"""One sample's journey: its numbers are those of the estimator, and they add up on paper too."""

import re
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp
from conftest import TABLES
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.inspection.explanation import explain
from sklearn_neuron.tables import added_up, percent, spoken


@pytest.fixture(scope="module")
def plants():
    return make_toxic_plants(random_state=0)


@pytest.fixture(scope="module")
def learned(plants):
    return SigmoidNeuronClassifier().fit(plants.data, plants.target)


@pytest.fixture(scope="module")
def many():
    table = load_breast_cancer(as_frame=True)
    return make_pipeline(StandardScaler(), SigmoidNeuronClassifier()).fit(table.data, table.target), table


def a_neuron(w, b):
    """One that has learned these weights."""
    neuron = SigmoidNeuronClassifier().fit(np.eye(len(w) + 1)[:, : len(w)], np.arange(len(w) + 1) % 2)
    neuron.coef_, neuron.intercept_ = np.array([w], dtype=float), np.array([b], dtype=float)
    return neuron


def last_numbers(explanation):
    """The column of products as printed: those above the rule, and the sums below it."""
    table = str(explanation).split("\n\n")[0].splitlines()
    rule = next(i for i, line in enumerate(table) if set(line.strip()) == {"-"})
    start = next(i for i, line in enumerate(table) if line.startswith("feature")) + 1
    return [[float(line.split()[-1]) for line in part] for part in (table[start:rule], table[rule + 1 :])]


# Numbers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_numbers_are_those_of_the_estimator(name, dtype):
    X, y = TABLES[name](return_X_y=True)
    X = X.astype(dtype)
    neuron = SigmoidNeuronClassifier(tol=1e-2).fit(X, y)
    for row in (0, 70, -1):
        x = X[row]
        told = explain(neuron, x, truth=y[row])
        z = np.atleast_2d(neuron.decision_function(x[None]))[0, -1 if len(neuron.classes_) == 2 else told.neuron]
        np.testing.assert_allclose(told.z, z, rtol=1e-12 if dtype == np.float64 else 1e-6)
        terms = np.append(told.products, told.bias)
        eps = np.finfo(dtype).eps
        np.testing.assert_allclose(terms.sum(), told.z, atol=8 * eps * np.abs(terms).sum())  # rounding of a sum
        np.testing.assert_array_equal(told.probabilities, neuron.predict_proba(x[None])[0])
        assert told.decision == neuron.predict(x[None])[0]
        assert told.truth == y[row]
        assert told.probability == told.probabilities.max()
        np.testing.assert_allclose(told.loss, -neuron.predict_log_proba(x[None])[0, y[row]], rtol=1e-12)


def test_the_belief_is_the_probability_of_the_second_class(learned, plants):
    for x in plants.data[:20]:
        told = explain(learned, x)
        np.testing.assert_allclose(told.a, learned.predict_proba([x])[0, 1], rtol=1e-15)
        np.testing.assert_allclose(told.a, 1 / (1 + np.exp(-told.z)), rtol=1e-14)
        assert told.decision == (told.a > 0.5)
        assert told.loss is told.share is told.times_average is told.truth is None


@pytest.fixture(scope="module")
def irises():
    X, y = load_iris(return_X_y=True)
    names = np.array(["setosa", "versicolor", "virginica"])[y]
    return SigmoidNeuronClassifier().fit(X, names), X, names


def test_of_many_classes_the_neuron_of_the_predicted_one_is_followed(irises):
    neuron, X, _ = irises
    told = explain(neuron, X[0])
    assert (told.neuron, told.decision) == (0, "setosa")
    np.testing.assert_array_equal(told.weights, neuron.coef_[0])
    alone = 1 / (1 + np.exp(-neuron.decision_function(X[:1])[0]))
    np.testing.assert_allclose(told.a, alone[0], rtol=1e-14)
    np.testing.assert_allclose(told.probability, alone[0] / alone.sum(), rtol=1e-12)
    assert abs(told.probability - told.a) > 0.01  # two numbers, told apart
    text = str(told)
    assert text.startswith("The neuron of setosa, the class predicted; there are 3 neurons.\n")
    assert f"{told.a:.4f} is what this neuron alone believes." in text
    assert f"P(setosa | x) = {told.probability:.4f} is its part" in text


def test_of_many_classes_another_neuron_may_be_asked_for(irises):
    neuron, X, names = irises
    told = explain(neuron, X[0], class_of_interest="virginica", truth="setosa", among=(X, names))
    assert (told.neuron, told.decision) == (2, "setosa")
    np.testing.assert_array_equal(told.weights, neuron.coef_[2])
    assert "The neuron of virginica, which is not the class predicted" in str(told)
    assert told.sentence.endswith("sure it is setosa")
    np.testing.assert_allclose(told.loss, -np.log(told.probabilities[0]), rtol=1e-12)
    np.testing.assert_allclose(told.share, told.loss / (150 * log_loss(names, neuron.predict_proba(X))), rtol=1e-12)


@pytest.mark.parametrize(("z", "decided", "loss"), [(800.0, 1, 0.0), (-800.0, 0, 800.0)])
def test_extreme_scores(z, decided, loss):
    told = explain(a_neuron([1.0], 0.0), [z], truth=1)
    assert (told.z, told.a, told.decided, told.loss) == (z, float(decided), decided, loss)
    assert told.sentence == f"more than 99.9 % sure it is class {decided}"
    assert f"a = 1 / (1 + exp(-z)) {'> 0.9999' if decided else '< 0.0001'} is P(class 1 | x)." in str(told)
    assert "100 %" not in str(told)


def test_where_it_would_hesitate(learned, plants):
    told = explain(learned, plants.data[3])
    found = re.search(r"It would hesitate at x2 = (\S+) instead of (\S+), all else being equal", str(told))
    x = plants.data[3].copy()
    assert float(found[2]) == pytest.approx(x[1], rel=1e-3)
    x[1] = float(found[1])
    assert abs(explain(learned, x).z) < 1e-3  # four digits are told


@pytest.mark.parametrize("form", [np.asarray, sp.csr_matrix, sp.csc_array, pd.DataFrame])
def test_where_no_example_ever_was_it_is_said(form):
    X = np.array([[0.0, 1.0], [16.0, 2.0], [12.0, 5.0], [4.0, -3.0]])
    one, two = a_neuron([1.0, 0.1], -24.5), a_neuron([1.0, 0.1], 9.5)
    told = str(explain(one, X[2], truth=0, among=(form(X), [0, 1, 0, 1])))
    assert "at x1 = 24 instead of 12, all else being equal; but in the 4 examples it is never above 16." in told
    told = str(explain(two, X[2], truth=0, among=(form(X), [0, 1, 0, 1])))
    assert "at x1 = -10 instead of 12, all else being equal; but in the 4 examples it is never below 0." in told
    inside = str(explain(a_neuron([1.0, 0.1], -10.5), X[2], truth=0, among=(form(X), [0, 1, 0, 1])))
    assert "at x1 = 10 instead of 12, all else being equal." in inside


@pytest.mark.parametrize(
    ("w", "b", "x", "told"),
    [
        ([2.0, 1.0], -4.0, [1.0, 2.0], ["50 % sure it is class 0", "It hesitates: z = 0 is the boundary."]),
        (
            [0.0, 0.0],
            5.0,
            [1.0, 2.0],
            ["All weights are 0: it says the same of every sample."],
        ),  # as if tripped at once
        ([0.0, 0.0], 0.0, [0.0, 0.0], ["50 %", "All weights are 0: it says the same of every sample."]),
        ([1.0, 2.0], 5.0, [0.0, 0.0], []),  # no boundary is told that is out of reach
        ([1e-320, 0.0], 5.0, [1.0, 1.0], []),
    ],
)
def test_where_there_is_no_way_to_the_boundary(w, b, x, told):
    text = str(explain(a_neuron(w, b), x))
    assert all(words in text for words in told)
    assert "would hesitate" not in text


@pytest.mark.parametrize(("w", "b"), [([np.nan, 1.0], 0.0), ([1.0, np.inf], 0.0), ([1.0, 1.0], np.nan)])
def test_a_neuron_that_is_not_finite_explains_nothing(w, b):
    with pytest.raises(ValueError, match=r"it tripped too far|contains NaN|infinity"):
        explain(a_neuron(w, b), [1.0, 2.0])


@pytest.mark.parametrize("value", [1.7e9, 2024.0, 1e-7])
def test_where_it_would_hesitate_differs_from_where_it_is(value):
    told = str(explain(a_neuron([2.0], -2 * value * (1 - 3e-7)), [value]))
    turn, here = re.search(r"hesitate at x1 = (\S+) instead of (\S+), all", told).groups()
    assert float(here) - float(turn) == pytest.approx(3e-7 * value, rel=0.1)


def test_a_feature_called_bias_is_not_taken_for_the_bias(learned):
    rows = str(explain(learned, [5.3, 2.6], feature_names=["bias", "{}"])).split("\n\n")[0].splitlines()
    assert [row.split("  ")[0].strip() for row in rows].count("bias") == 1
    assert rows[-2].startswith("+ bias b ")
    assert rows[2].startswith("{} ")
    assert "*" in rows[1]  # a value and a weight, which sums have not


# Its share ------------------------------------------------------------------------------------------------


def test_shares_add_up_to_the_whole_log_loss(learned, plants):
    X, y = plants.data[:30], plants.target[:30]
    told = [explain(learned, x, truth=truth, among=(X, y)) for x, truth in zip(X, y, strict=True)]
    np.testing.assert_allclose(sum(one.share for one in told), 1, rtol=1e-12)
    np.testing.assert_allclose(np.mean([one.loss for one in told]), log_loss(y, learned.predict_proba(X)), rtol=1e-12)
    np.testing.assert_allclose(np.mean([one.times_average for one in told]), 1, rtol=1e-12)
    worst = max(told, key=lambda one: one.loss)
    part = f"{percent(worst.share)} of the whole log-loss of 30 examples"
    assert f"{part}, {worst.times_average:.3g} times their average." in str(worst)
    assert "examples, as much as their average." in str(replace(worst, share=1.0004 / worst.n_among))


@pytest.mark.parametrize("y", [[1], pd.Series([1]), np.array([[1]])], ids=["list", "Series", "column"])
def test_alone_it_is_the_whole_loss(learned, y):
    told = explain(learned, [4, 2], truth=1, among=([[4, 2]], y))
    assert told.share == pytest.approx(1, rel=1e-15)
    assert "That is 100 % of the whole log-loss of 1 examples" in str(told)


def test_where_nobody_is_wrong_no_share_is_undefined():
    told = explain(a_neuron([1.0], 0.0), [800.0], truth=1, among=([[800.0], [900.0]], [1, 1]))
    assert told.share == told.times_average == 0
    assert "That is 0 % of" in str(told)


def test_a_share_among_a_hundred_thousand(learned, rng):
    X = rng.uniform(0, 8, (100_000, 2))
    y = (rng.random(100_000) < learned.predict_proba(X)[:, 1]).astype(int)
    told = explain(learned, X[5], truth=y[5], among=(X, y))
    assert "of the whole log-loss of 100,000 examples" in str(told)


# Samples of all kinds -------------------------------------------------------------------------------------


KINDS = {
    "list": list,
    "array": np.array,
    "pandas Series": pd.Series,
    "polars Series": pl.Series,
    "row": lambda x: np.array([x]),
    "pandas row": lambda x: pd.DataFrame([x], columns=[0, 1]),
    "sparse row": lambda x: sp.csr_array([x]),
    "sparse matrix": lambda x: sp.csc_matrix([x]),
    "sparse vector": lambda x: sp.coo_array(np.array(x)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_one_sample_of_any_kind(learned, kind):
    told = explain(learned, KINDS[kind]([5.3, 2.6]))
    assert told.z == pytest.approx(explain(learned, [5.3, 2.6]).z, rel=1e-12)
    np.testing.assert_array_equal(told.values, [5.3, 2.6])


@pytest.mark.parametrize("wrap", [lambda e: e, lambda e: GridSearchCV(e, {}, cv=2)], ids=["pipeline", "search"])
def test_a_pipeline_tells_what_its_neuron_sees(plants, wrap):
    X = pd.DataFrame(plants.data, columns=plants.feature_names)
    names = np.array(["edible", "toxic"])[plants.target]
    pipeline = wrap(make_pipeline(StandardScaler(), "passthrough", SigmoidNeuronClassifier())).fit(X, names)
    told = explain(pipeline, X.iloc[3], truth="toxic", among=(X, names))
    assert told.feature_names == ["leaf_length", "leaf_width"]
    np.testing.assert_allclose(told.values, StandardScaler().fit(X).transform(X)[3])
    np.testing.assert_array_equal(told.probabilities, pipeline.predict_proba(X.iloc[[3]])[0])
    np.testing.assert_array_equal(told.z, explain(pipeline, X.iloc[[3]]).z)
    assert told.decision == "edible"
    assert "92 % sure it is edible, but it is toxic." in str(told)
    assert str(told).endswith("Values are those that the neuron sees, after StandardScaler.")


def test_a_series_of_mixed_types_keeps_its_names(plants):
    X = pd.DataFrame({"length": plants.data[:, 0], "hairs": np.arange(200)})
    neuron = SigmoidNeuronClassifier().fit(X, plants.target)
    assert explain(neuron, X.iloc[7][["length", "hairs"]]).feature_names == ["length", "hairs"]
    with pytest.raises(ValueError, match="feature names should match"):
        explain(neuron, X.iloc[7].rename({"hairs": "leaves"}))


def test_what_the_user_has_stays_as_it_is(learned, plants):
    x, X = plants.data[0].copy(), plants.data.copy()
    weights = learned.coef_.copy()
    explain(learned, x, truth=0, among=(X, plants.target)).products[:] = 0
    np.testing.assert_array_equal(x, plants.data[0])
    np.testing.assert_array_equal(learned.coef_, weights)


# What is told ---------------------------------------------------------------------------------------------


def test_the_column_adds_up_as_printed(learned):
    for x in ([5.3, 2.9], [5.3, 2.6], [0.0, 0.0], [0.0, 1.0], [-1.0, 3.7]):
        told = explain(learned, x)
        above, (total, bias, score) = last_numbers(told)
        assert round(sum(above), 9) == total
        assert round(total + bias, 9) == score
        np.testing.assert_allclose(above, told.products, rtol=0, atol=1e-4)  # the last of 4 decimals
        np.testing.assert_allclose((bias, score), (told.bias, told.z), rtol=0, atol=0.5001e-4)


some = st.floats(-50, 50).map(lambda number: round(number, 7))


@given(st.lists(some, min_size=1, max_size=30), some)
def test_any_column_adds_up_as_printed(parts, bias):
    assume(max(map(abs, [*parts, np.sum(parts), bias, np.sum(parts) + bias])) > 1e-4)
    printed = added_up(parts, bias, np.sum(parts) + bias)
    decimals = {len(number.partition(".")[2]) for number in printed}
    *above, total, b, score = (Decimal(number) for number in printed)
    assert len(decimals) == 1
    assert sum(above) == total
    assert total + b == score
    assert all(float(told) == 0 for told, part in zip(above, parts, strict=True) if part == 0)
    one = 10.0 ** -decimals.pop()
    np.testing.assert_allclose(np.array(above, dtype=float), parts, rtol=0, atol=1.5001 * one)


def test_of_a_sparse_sample_no_feature_that_is_0_is_among_the_largest():
    x = np.zeros(50)
    x[[7, 3]] = 1.0, -2.0
    rows = str(explain(a_neuron(np.ones(50), 0.0), x)).split("\n\n")[0].splitlines()
    assert [row.split()[0] for row in rows[1:3]] == ["x4", "x8"]
    assert rows[3].startswith("... and 48 smaller ")


def test_of_many_features_the_largest_are_told_and_the_othersadded_up(many):
    estimator, table = many
    told = explain(estimator, table.data.iloc[7])
    above, (total, _, score) = last_numbers(told)
    assert len(above) == 11
    np.testing.assert_allclose(np.abs(above[:10]), np.sort(np.abs(told.products))[::-1][:10], atol=1e-4)
    np.testing.assert_allclose(sum(above), told.products.sum(), atol=1e-3)
    np.testing.assert_allclose(total, told.products.sum(), atol=1e-4)
    assert score == pytest.approx(told.z, abs=1e-4)
    assert re.search(r"^\.\.\. and 20 smaller ", str(told), flags=re.MULTILINE)
    rows = str(told).split("\n\n")[0].splitlines()
    assert len({len(row) for row in rows}) == 1
    assert len(rows[0]) < 80


@pytest.mark.parametrize("p", [1, 10, 11, 1000])
def test_any_number_of_features(p):
    told = explain(a_neuron(np.linspace(-1, 1, p), 0.5), np.ones(p))
    above, _ = last_numbers(told)
    assert len(above) == min(p, 11)
    np.testing.assert_allclose(sum(above), told.products.sum(), atol=1e-3)


def test_sizes_that_differ_wildly_keep_their_digits():
    told = explain(a_neuron([2.5e-7, 1e9], 0.0), [3e8, 4.5e-9])
    rows = str(told).splitlines()
    assert rows[1].split() == ["x1", "3e+08", "*", "2.5e-07", "=", "75.0"]
    assert rows[2].split() == ["x2", "4.5e-09", "*", "1e+09", "=", "4.5"]


def test_no_minus_before_nothing():
    assert " -0" not in str(explain(a_neuron([-1e-9, 3.0], 0.0), [1.0, 1.0])).split("\n\n")[0]


def test_long_and_broken_names_stay_on_their_line(learned):
    text = str(explain(learned, [1, 2], feature_names=["a\nb", "n" * 50]))
    assert "\na b " in text
    assert f"\n{'n' * 29}... " in text


def test_it_shows_itself_in_a_notebook_with_names_escaped(learned):
    told = explain(learned, [5.3, 2.6], truth=0, feature_names=["<b>", "w"], class_names=["a&b", "toxic"])
    page = told._repr_html_()
    assert page.count("<tr>") == 6
    assert "<b>" not in page
    assert ">&lt;b&gt;</td>" in page
    assert "but it is a&amp;b." in page
    assert ">feature</th>" in page
    assert repr(told) == str(told)


def test_percent_is_never_certain():
    said = {0.5: "50 %", 0.894: "89 %", 0.99: "99 %", 0.9951: "99.5 %", 0.9989: "99.9 %", 0.004: "0.4 %"}
    said |= {0.9999: "more than 99.9 %", 1.0: "more than 99.9 %", 0.0: "less than 0.1 %"}
    assert {probability: percent(probability) for probability in said} == said


def test_the_guide_says_89_percent():
    told = explain(a_neuron([1.0], 0.0), [np.log(0.89 / 0.11)], class_names=["non-toxic", "toxic"])
    assert told.sentence == "89 % sure it is toxic"
    assert "\n89 % sure it is toxic.\n" in str(told)


def test_names_that_are_numbers_become_classes():
    assert [spoken(name) for name in ("1", "2.5", "True", "toxic")] == ["class 1", "class 2.5", "class True", "toxic"]


def test_without_a_bias():
    X, y = make_toxic_plants(random_state=0, return_X_y=True)
    told = explain(SigmoidNeuronClassifier(fit_intercept=False).fit(X, y), X[0])
    assert told.bias == 0
    np.testing.assert_allclose(told.products.sum(), told.z, rtol=1e-14)


# What is refused ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("x", [[[1, 2], [3, 4]], np.zeros((0, 2)), np.zeros((1, 1, 2)), 5.0, sp.csr_array((3, 2))])
def test_x_is_one_sample(learned, x):
    with pytest.raises(ValueError, match=r"x must be one sample, of shape .* got shape \(.*Pass one row"):
        explain(learned, x)


def test_x_fits_the_neuron(learned):
    with pytest.raises(ValueError, match="X has 3 features, but SigmoidNeuronClassifier is expecting 2"):
        explain(learned, [1, 2, 3])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"truth": 7}, r"truth must be the class of x, one of \[0, 1\]; got 7"),
        ({"among": ([[5, 2]], [1])}, "truth must be the class of x.* got None.*share among others needs it too"),
        ({"truth": 0, "among": ([[1, 1]], [0])}, r"x must be one of the examples in among=\(X, y\).*add it to them"),
        ({"truth": 0, "among": ([[1, 1]], [3])}, "y holds the label .*3.*none of the classes"),
        ({"truth": 0, "among": ([[5, 2], [1, 1]], [0])}, "inconsistent numbers of samples"),
        ({"truth": 0, "among": 3}, r"among must be a pair \(X, y\).* got a int"),
        ({"feature_names": ["one"]}, "feature_names has 1 names, but the neuron sees 2 features"),
        ({"class_names": ["one"]}, "class_names has 1 names, but there are 2 classes"),
        ({"class_of_interest": 5}, "pass class_of_interest, one of .1.; got 5"),
    ],
)
def test_what_is_refused(learned, options, message):
    with pytest.raises(ValueError, match=message):
        explain(learned, [5, 2], **options)


def test_only_neurons_are_explained(plants):
    with pytest.raises(TypeError, match="a fitted SigmoidNeuronClassifier"):
        explain(LogisticRegression().fit(plants.data, plants.target), [1, 2])
    with pytest.raises(NotFittedError):
        explain(SigmoidNeuronClassifier(), [1, 2])


# A layer --------------------------------------------------------------------------------------------------


NAMES = ["setosa", "versicolor", "virginica"]


def test_in_a_layer_a_belief_is_a_share(layered_irises):
    X, y, neurons = layered_irises
    for row in (0, 70, 133):
        told = explain(neurons, X[row], truth=y[row], class_names=NAMES)
        z = neurons.decision_function(X[[row]])[0]
        np.testing.assert_allclose(told.shared.scores, z, rtol=1e-12)
        assert told.z == told.shared.scores[told.neuron]
        np.testing.assert_allclose(told.a, np.exp(z[told.neuron]) / np.exp(z).sum(), rtol=1e-12)
        assert told.a == told.probability == neurons.predict_proba(X[[row]])[0].max()
        assert told.loss == pytest.approx(-neurons.predict_log_proba(X[[row]])[0, y[row]], rel=1e-12)
    heading, _, text = str(told).partition("\n")
    assert heading == "The neuron of virginica, the class predicted; there are 3 neurons, which share one belief."
    assert f"a = exp(z) / sum of all exp(z) = {told.a:.4f} is P(virginica | x)." in text
    assert "alone" not in text
    times = np.exp(z[2] - z[1])
    assert f"Virginica is {times:.3g} times as probable as versicolor, the runner-up" in text


def test_the_shares_of_a_layer_add_up_as_printed(layered_irises):
    X, _, neurons = layered_irises
    told = explain(neurons, X[70], class_names=NAMES)
    _, *rows, (_, total, one) = (line.rsplit(maxsplit=3)[-3:] for line in told._tables[0].lines())
    assert one == "1"
    assert sum(float(e) for _, e, _ in rows) == pytest.approx(float(total), rel=1e-3)
    for score, e, share in rows:
        assert float(e) == pytest.approx(np.exp(float(score) - told.shared.scores.max()), rel=1e-3)
        assert float(share) == pytest.approx(float(e) / float(total), rel=5e-4, abs=5e-5)  # of four digits


def test_where_two_classes_of_a_layer_tie_the_prediction_turns(layered_irises):
    X, _, neurons = layered_irises
    for x in X[::7]:
        told = explain(neurons, x, class_names=NAMES)
        other, j, change = told.shared.nearest_tie(told.neuron, told.decided, told.values)
        for beyond, expected in ((0.999, told.decided), (1.001, other)):
            moved = x.copy()
            moved[j] += beyond * change
            assert neurons.predict([moved]) == expected
        moved[j] = x[j] + change
        assert f"would hesitate between {NAMES[told.decided]} and {NAMES[other]} at {told.feature_names[j]}" in str(
            told
        )
        z = np.sort(neurons.decision_function([moved])[0])
        assert z[2] == pytest.approx(z[1], rel=1e-9, abs=1e-9)


def test_another_neuron_of_a_layer_is_told_beside_the_one_decided_for(layered_irises):
    X, _, neurons = layered_irises
    told = explain(neurons, X[0], class_of_interest=2, class_names=NAMES)
    assert (told.neuron, told.decided) == (2, 0)
    text = str(told)
    assert "The neuron of virginica, which is not the class predicted" in text
    assert "Setosa is more than a million times as probable as virginica" in text
    value = float(re.search(r"believe the same of virginica and setosa at (?:x\d) = (\S+) instead", text)[1])
    other, j, change = told.shared.nearest_tie(2, 0, told.values)
    assert (other, value) == (0, pytest.approx(X[0, j] + change, rel=1e-3))


def test_a_layer_of_many_shows_the_most_probable():
    X, y = TABLES["digits"](return_X_y=True)
    X = np.hstack([X, X[:, ::-1]])[:600]
    labels = y[:600] + 10 * (np.arange(600) % 2)  # twenty classes, of which two each are alike
    neurons = SigmoidNeuronClassifier(multi_class="multinomial", tol=1e-2).fit(X, labels)
    told = explain(neurons, X[3])
    lines = told._tables[0].lines()
    assert len(lines) == 1 + 10 + 1 + 1
    assert lines[-2].startswith("... and 10 others")
    assert int(lines[1].split()[0]) == told.decision
    assert told._repr_html_().count("<table>") == 2


def test_a_layer_that_weighs_nothing_says_so(layered_irises):
    X, y, _ = layered_irises
    idle = SigmoidNeuronClassifier(multi_class="multinomial", max_iter=0, tol=10).fit(X, y)
    assert "All weights are 0: they say the same of every sample." in str(explain(idle, X[0]))
    idle.coef_ = idle.coef_ * np.nan
    with pytest.raises(ValueError, match=r"tripped too far|NaN"):
        explain(idle, X[0])
