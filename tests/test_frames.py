"""Tables of pandas, polars and pyarrow are read as the numbers they hold, and their names are kept, checked and told.

As the numbers they hold: bit for bit as the array that scikit-learn makes of them, in whose order columns and rows lie
there. What a LogisticRegression takes, a neuron takes; what both refuse, it refuses in words that are as clear.
"""

import re
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.utils import check_array

from sklearn_neuron import SigmoidNeuronClassifier, SigmoidNeuronClassifierCV, neuron_path
from sklearn_neuron.displays import (
    DecisionFieldDisplay,
    DialsDisplay,
    LikelihoodDisplay,
    LogLossDisplay,
    LossCurveDisplay,
    LossLandscapeDisplay,
    NeuronDiagramDisplay,
    PlantsDisplay,
    RegularizationPathDisplay,
    SigmoidCurveDisplay,
    animate_descent,
)
from sklearn_neuron.displays.columns import middle_of
from sklearn_neuron.inspection.explanation import explain
from sklearn_neuron.inspection.gradient_check import gradient_check
from sklearn_neuron.report import Trained, write_report

RNG = np.random.default_rng(20251127)
N, NAMES = 60, ["length", "width", "hairs"]
NUMBERS = RNG.normal(size=(N, 3)).round(3)
WHOLE = RNG.integers(0, 5, (N, 3))
YES = RNG.random((N, 3)) > 0.5
MIXED = np.column_stack([NUMBERS[:, 0], WHOLE[:, 1], YES[:, 2]])
TRUE = NUMBERS[:, 0] + WHOLE[:, 1] / 4 + YES[:, 2] / 2 + RNG.normal(size=N) > 0.8
WORDS = np.where(TRUE, "toxic", "edible")
THREE = np.array(["a", "b", "c"])[(NUMBERS[:, 0] + RNG.normal(size=N) > 0) + 1 * YES[:, 1]]
NEURONS = [
    SigmoidNeuronClassifier(),
    SigmoidNeuronClassifierCV(Cs=2, cv=2),
    SigmoidNeuronClassifierCV(Cs=2, cv=2, refit=False),
]
LOGISTIC = LogisticRegression(solver="newton-cholesky", tol=1e-8)
ASKED = ["decision_function", "predict", "predict_proba", "predict_log_proba"]


def polars():
    return pytest.importorskip("polars", reason="polars is not installed")


def pyarrow():
    return pytest.importorskip("pyarrow", reason="pyarrow is not installed")


def frame(values, dtype=None):
    table = pd.DataFrame(values, columns=NAMES)
    return table if dtype is None else table.astype(dtype)


def of_arrow(values, dtype):
    pyarrow()
    return frame(values, dtype)


def columns(values=MIXED):
    """Columns by name, each of its own type."""
    kinds = [float, int, bool] if values is MIXED else [values.dtype] * 3
    return {name: column.astype(kind) for name, column, kind in zip(NAMES, values.T, kinds, strict=True)}


#: What the user has, and the numbers that it holds.
FRAMES = {
    "float": (lambda: frame(NUMBERS), NUMBERS),
    "float32": (lambda: frame(NUMBERS, "float32"), NUMBERS.astype("float32")),
    "Float64": (lambda: frame(NUMBERS, "Float64"), NUMBERS),
    "Int64": (lambda: frame(WHOLE, "Int64"), WHOLE),
    "bool": (lambda: frame(YES), YES),
    "boolean": (lambda: frame(YES, "boolean"), YES),
    "mixed": (lambda: pd.DataFrame(columns()), MIXED),
    "mixed nullable": (lambda: pd.DataFrame(columns()).convert_dtypes(), MIXED),
    "objects": (lambda: frame(NUMBERS, object), NUMBERS),
    "categories that are numbers": (lambda: frame(WHOLE, "category"), WHOLE),
    "sparse": (lambda: frame(NUMBERS, pd.SparseDtype(float, 0.0)), NUMBERS),
    "double[pyarrow]": (lambda: of_arrow(NUMBERS, "double[pyarrow]"), NUMBERS),
    "int64[pyarrow]": (lambda: of_arrow(WHOLE, "int64[pyarrow]"), WHOLE),
    "bool[pyarrow]": (lambda: of_arrow(YES, "bool[pyarrow]"), YES),
    "polars": (lambda: polars().DataFrame(columns(NUMBERS)), NUMBERS),
    "polars float32": (
        lambda: polars().DataFrame(columns(NUMBERS.astype("float32"))),
        NUMBERS.astype("float32"),
    ),
    "polars mixed": (lambda: polars().DataFrame(columns()), MIXED),
    "arrow": (lambda: pyarrow().table(columns(NUMBERS)), NUMBERS),
    "arrow mixed": (lambda: pyarrow().table(columns()), MIXED),
}
TABLES = ["mixed", "mixed nullable", "polars mixed", "arrow mixed"]  # of which the columns differ


@pytest.fixture(params=FRAMES)
def table(request):
    """A table, and the array that it is."""
    make, numbers = FRAMES[request.param]
    found = make()
    array = check_array(found, dtype=[np.float64, np.float32], accept_sparse=True)
    np.testing.assert_array_equal(array.toarray() if hasattr(array, "toarray") else array, numbers)
    return found, array


@pytest.fixture(params=TABLES)
def mixed(request):
    """A table whose columns are of several types, and the array that it is."""
    found = FRAMES[request.param][0]()
    return found, check_array(found, dtype=np.float64)


def assert_same(one, other):
    """Bit for bit, type and all."""
    one, other = np.asarray(one), np.asarray(other)
    assert one.dtype == other.dtype
    np.testing.assert_array_equal(one, other)


# Examples -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("estimator", NEURONS)
def test_a_table_is_the_numbers_it_holds(table, estimator):
    X, array = table
    named, plain = clone(estimator).fit(X, WORDS), clone(estimator).fit(array, WORDS)
    for name in ("coef_", "intercept_", "classes_", "n_iter_"):
        assert_same(getattr(named, name), getattr(plain, name))
    for name in ASKED:
        assert_same(getattr(named, name)(X), getattr(plain, name)(array))
    assert named.score(X, WORDS) == plain.score(array, WORDS)
    assert list(named.feature_names_in_) == NAMES
    assert not hasattr(plain, "feature_names_in_")


@pytest.mark.parametrize("multi_class", ["ovr", "multinomial"])
def test_many_neurons_read_tables_too(mixed, multi_class):
    X, array = mixed
    named, plain = (SigmoidNeuronClassifier(multi_class=multi_class).fit(one, THREE) for one in mixed)
    assert_same(named.coef_, plain.coef_)
    assert_same(named.predict_proba(X), plain.predict_proba(array))


def test_what_a_logistic_regression_takes_is_taken_with_the_same_answer(table):
    X, _ = table
    ours, theirs = SigmoidNeuronClassifier(tol=1e-8).fit(X, WORDS), clone(LOGISTIC).set_params(tol=1e-6).fit(X, WORDS)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=1e-4, atol=1e-5)  # both have arrived, in float32 too
    np.testing.assert_array_equal(ours.feature_names_in_, theirs.feature_names_in_)
    np.testing.assert_array_equal(ours.predict(X), theirs.predict(X))


def test_what_else_is_asked_of_examples_is_the_same_of_tables(mixed):
    X, array = mixed
    weight = pd.Series(RNG.uniform(0, 2, N), index=np.arange(N)[::-1])  # by place, not by index
    named, plain = (SigmoidNeuronClassifier(warm_start=True).fit(one, WORDS) for one in mixed)
    theta = np.vstack([plain.coef_.T, plain.intercept_]) / 2
    of_table, of_array = (
        neuron.objective(one, WORDS, weight).at(theta) for neuron, one in zip((named, plain), mixed, strict=True)
    )
    assert_same(of_table.loss, of_array.loss)
    assert_same(of_table.gradient, of_array.gradient)
    assert_same(named.set_params(C=3).fit(X, WORDS).coef_, plain.set_params(C=3).fit(array, WORDS).coef_)
    assert_same(neuron_path(X, WORDS, Cs=3).coefs, neuron_path(array, WORDS, Cs=3).coefs)


def lacking(dtype, values):
    table = frame(values, dtype)
    table.iloc[3, 1] = pd.NA
    return table


#: What nobody can learn from, and how that is told.
REFUSED = {
    "Float64 with NA": (lambda: lacking("Float64", NUMBERS), "Input X contains NaN"),
    "Int64 with NA": (lambda: lacking("Int64", WHOLE), "Input X contains NaN"),
    "boolean with NA": (lambda: lacking("boolean", YES), "Input X contains NaN"),
    "objects with None": (lambda: frame(NUMBERS, object).where(YES, None), "Input X contains NaN"),
    "words": (lambda: frame(NUMBERS).assign(hairs=WORDS), "could not convert string to float: '(toxic|edible)'"),
    "categories": (
        lambda: frame(NUMBERS).assign(hairs=pd.Categorical(WORDS)),
        "could not convert string to float: '(toxic|edible)'",
    ),
    "names of two types": (
        lambda: frame(NUMBERS).rename(columns={"hairs": 2}),
        "Feature names are only supported if all input features have string names",
    ),
    "polars with null": (
        lambda: polars().DataFrame(columns(NUMBERS) | {"width": [None, *NUMBERS[1:, 1].tolist()]}),
        "Input X contains NaN",
    ),
    "polars with words": (
        lambda: polars().DataFrame(columns() | {"hairs": WORDS.tolist()}),
        "could not convert string to float: '(toxic|edible)'",
    ),
    "arrow with null": (
        lambda: pyarrow().table(columns(NUMBERS) | {"width": [None, *NUMBERS[1:, 1].tolist()]}),
        "Input X contains NaN",
    ),
    "arrow with a dictionary": (
        lambda: pyarrow().table(columns() | {"hairs": pyarrow().array(WORDS.tolist()).dictionary_encode()}),
        "could not convert string to float: '(toxic|edible)'",
    ),
}


@pytest.mark.parametrize("estimator", NEURONS[:2])
@pytest.mark.parametrize("case", REFUSED)
def test_what_holds_no_numbers_is_refused_as_scikit_learn_does(case, estimator):
    make, told = REFUSED[case]
    errors = []
    for one in (ours := clone(estimator), clone(LOGISTIC)):
        with pytest.raises((ValueError, TypeError), match=told) as caught:
            one.fit(make(), WORDS)
        errors.append(str(caught.value).replace(type(one).__name__, ""))
    assert errors[0] == errors[1]
    assert set(vars(ours)) == set(vars(estimator))  # nothing was learned


def test_numbers_that_are_missing_are_refused_when_asked_about_as_well():
    neuron = SigmoidNeuronClassifier().fit(frame(NUMBERS, "Float64"), WORDS)
    with pytest.raises(ValueError, match="Input X contains NaN"):
        neuron.predict(lacking("Float64", NUMBERS))


# Labels ---------------------------------------------------------------------------------------------------


def words(dtype=None):
    return pd.Series(WORDS) if dtype is None else pd.Series(WORDS).astype(dtype)


def words_of_arrow(dtype):
    pyarrow()
    return words(dtype)


#: Labels as the user has them, and as Python has them.
LABELS = {
    "Series": (words, WORDS),
    "category": (lambda: words("category"), WORDS),
    "ordered": (lambda: words(pd.CategoricalDtype(["toxic", "edible"], ordered=True)), WORDS),
    "categories that are numbers": (lambda: pd.Series(1 * TRUE).astype("category"), 1 * TRUE),
    "Categorical": (lambda: pd.Categorical(WORDS), WORDS),
    "Index": (lambda: pd.Index(WORDS), WORDS),
    "string[python]": (lambda: words("string[python]"), WORDS),
    "string[pyarrow]": (lambda: words_of_arrow("string[pyarrow]"), WORDS),
    "Int64": (lambda: pd.Series(1 * TRUE, dtype="Int64"), 1 * TRUE),
    "Int8": (lambda: pd.Series(1 * TRUE, dtype="Int8"), 1 * TRUE),
    "boolean": (lambda: pd.Series(TRUE, dtype="boolean"), TRUE),
    "bool": (lambda: pd.Series(TRUE), TRUE),
    "int64[pyarrow]": (lambda: pd.Series(1 * TRUE).astype((pyarrow(), "int64[pyarrow]")[1]), 1 * TRUE),
    "bool[pyarrow]": (lambda: pd.Series(TRUE).astype((pyarrow(), "bool[pyarrow]")[1]), TRUE),
    "polars": (lambda: polars().Series(WORDS.tolist()), WORDS),
    "polars int": (lambda: polars().Series(1 * TRUE), 1 * TRUE),
    "polars bool": (lambda: polars().Series(TRUE.tolist()), TRUE),
    "polars Enum": (lambda: polars().Series(WORDS.tolist(), dtype=polars().Enum(["toxic", "edible"])), WORDS),
    "polars Categorical": (lambda: polars().Series(WORDS.tolist(), dtype=polars().Categorical), WORDS),
    "arrow": (lambda: pyarrow().array(WORDS.tolist()), WORDS),
    "arrow int": (lambda: pyarrow().array(1 * TRUE), 1 * TRUE),
    "arrow bool": (lambda: pyarrow().array(TRUE), TRUE),
    "arrow dictionary": (lambda: pyarrow().array(WORDS.tolist()).dictionary_encode(), WORDS),
    "arrow in chunks": (lambda: pyarrow().chunked_array([WORDS[:20].tolist(), WORDS[20:].tolist()]), WORDS),
}


@pytest.mark.parametrize("estimator", NEURONS)
@pytest.mark.parametrize("kind", LABELS)
def test_labels_of_any_kind_are_the_classes_of_a_logistic_regression(kind, estimator):
    make, plain = LABELS[kind]
    y = make()
    ours, theirs = clone(estimator).fit(NUMBERS, y), clone(LOGISTIC).fit(NUMBERS, y)
    same = clone(estimator).fit(NUMBERS, plain)
    assert_same(ours.classes_, theirs.classes_)
    assert ours.classes_.tolist() == same.classes_.tolist()
    for name in ("coef_", "intercept_"):
        assert_same(getattr(ours, name), getattr(same, name))
    assert_same(ours.predict_proba(NUMBERS), same.predict_proba(NUMBERS))
    assert ours.predict(NUMBERS).tolist() == same.predict(NUMBERS).tolist()
    assert ours.score(NUMBERS, y) == same.score(NUMBERS, plain)


@pytest.mark.parametrize("kind", LABELS)
def test_whatever_else_is_told_of_labels_knows_all_kinds(kind):
    make, plain = LABELS[kind]
    of_each = {}
    for name, y in (("theirs", make()), ("plain", plain)):
        by_name = {label: 1.0 + k for k, label in enumerate(np.unique(plain).tolist())}
        neuron = SigmoidNeuronClassifier(class_weight=by_name).fit(NUMBERS, y)
        drawn = SigmoidCurveDisplay.from_estimator(neuron, NUMBERS, y)
        points = PlantsDisplay.from_estimator(neuron, NUMBERS, y, features=[0, 1])
        told = explain(neuron, NUMBERS[0], truth=plain[0], among=(NUMBERS, y))
        chances = LikelihoodDisplay.from_estimator(neuron, NUMBERS, y).log_probabilities
        J = neuron.objective(NUMBERS, y).at(np.zeros((4, 1))).loss
        of_each[name] = [neuron.coef_, drawn.truths, points.codes, points.predicted, told.share, chances, J]
    for one, other in zip(*of_each.values(), strict=True):
        assert_same(one, other)


def unlabelled(dtype, labels):
    y = pd.Series(labels).astype(dtype)
    y.iloc[4] = pd.NA
    return y


HOLES = {
    "Int64": lambda: unlabelled("Int64", 1 * TRUE),
    "boolean": lambda: unlabelled("boolean", TRUE),
    "Float64": lambda: unlabelled("Float64", 1.0 * TRUE),
    "string": lambda: unlabelled("string", WORDS),
    "string[pyarrow]": lambda: unlabelled((pyarrow(), "string[pyarrow]")[1], WORDS),
    "category": lambda: unlabelled("category", WORDS),
    "categories that are numbers": lambda: unlabelled("category", 1 * TRUE),
    "polars": lambda: polars().Series([*WORDS[:4].tolist(), None, *WORDS[5:].tolist()]),
    "polars int": lambda: polars().Series([*(1 * TRUE[:4]).tolist(), None, *(1 * TRUE[5:]).tolist()]),
    "polars bool": lambda: polars().Series([*TRUE[:4].tolist(), None, *TRUE[5:].tolist()]),
    "arrow": lambda: pyarrow().array([*WORDS[:4].tolist(), None, *WORDS[5:].tolist()]),
    "arrow int": lambda: pyarrow().array([*(1 * TRUE[:4]).tolist(), None, *(1 * TRUE[5:]).tolist()]),
}


@pytest.mark.parametrize("estimator", NEURONS[:2])
@pytest.mark.parametrize("kind", HOLES)
def test_labels_that_are_missing_are_called_missing(kind, estimator):
    told = r"y has no label for example 4, but (<NA>|nan|None): label it|Input y contains NaN"
    with pytest.raises(ValueError, match=told):
        clone(estimator).fit(NUMBERS, HOLES[kind]())


@pytest.mark.parametrize("estimator", NEURONS)
def test_a_table_of_one_column_of_labels_is_warned_of_once(estimator):
    y = pd.DataFrame({"kind": words("category")})
    with pytest.warns(UserWarning, match="column-vector y") as told:
        column = clone(estimator).fit(NUMBERS, y)
    assert len(told) == 1
    assert_same(column.coef_, clone(estimator).fit(NUMBERS, WORDS).coef_)


# Weights --------------------------------------------------------------------------------------------------

COUNTS = RNG.integers(0, 4, N)
WEIGHTS = {
    "Series": lambda: pd.Series(COUNTS),
    "Series in another order": lambda: pd.Series(COUNTS, index=np.arange(N)[::-1]),
    "Float64": lambda: pd.Series(COUNTS, dtype="Float64"),
    "Int64": lambda: pd.Series(COUNTS, dtype="Int64"),
    "float32": lambda: pd.Series(COUNTS, dtype="float32"),
    "double[pyarrow]": lambda: pd.Series(COUNTS).astype((pyarrow(), "double[pyarrow]")[1]),
    "polars": lambda: polars().Series(COUNTS),
    "arrow": lambda: pyarrow().array(COUNTS),
    "arrow in chunks": lambda: pyarrow().chunked_array([COUNTS[:20], COUNTS[20:]]),
}


@pytest.mark.parametrize("estimator", NEURONS)
@pytest.mark.parametrize("kind", WEIGHTS)
def test_weights_of_any_kind(kind, estimator):
    X, weight = frame(NUMBERS), WEIGHTS[kind]()
    ours, same = clone(estimator).fit(X, words(), weight), clone(estimator).fit(X, WORDS, 1.0 * COUNTS)
    assert_same(ours.coef_, same.coef_)
    assert ours.score(X, words(), sample_weight=weight) == same.score(X, WORDS, sample_weight=COUNTS)
    assert gradient_check(getattr(ours, "best_estimator_", ours), X, words(), sample_weight=weight).ok


def test_weights_that_are_missing_are_refused():
    weight = pd.Series(1.0 * COUNTS, dtype="Float64")
    weight.iloc[2] = pd.NA
    for estimator in NEURONS:
        with pytest.raises(ValueError, match="Input sample_weight contains NaN"):
            clone(estimator).fit(NUMBERS, WORDS, weight)


# Names are checked ----------------------------------------------------------------------------------------


def other(X, names):
    """The same columns in another order, or some of them."""
    return X.select(names) if hasattr(X, "select") else X[names]


@pytest.mark.parametrize("estimator", NEURONS)
def test_columns_in_another_order_or_missing_are_refused_in_the_words_of_scikit_learn(mixed, estimator):
    X, _ = mixed
    neuron, logistic = clone(estimator).fit(X, WORDS), clone(LOGISTIC).fit(X, WORDS)
    for names in (NAMES[::-1], NAMES[:2], NAMES[1:]):
        wrong = other(X, names)
        with pytest.raises(ValueError, match="feature names should match") as theirs:
            logistic.predict(wrong)
        asked = [getattr(neuron, name) for name in ASKED] + [lambda X: neuron.score(X, WORDS)]
        asked += [lambda X: neuron.objective(X, WORDS)] if hasattr(neuron, "objective") else []
        for ask in asked:
            with pytest.raises(ValueError, match=re.escape(str(theirs.value))):
                ask(wrong)


@pytest.mark.parametrize("estimator", NEURONS)
def test_names_are_those_of_the_last_table_that_was_learned_from(estimator):
    neuron = clone(estimator).fit(frame(NUMBERS), WORDS)
    with pytest.warns(UserWarning, match="X does not have valid feature names"):
        neuron.predict(NUMBERS)
    with pytest.raises(ValueError, match="could not convert"):
        neuron.fit(frame(NUMBERS).rename(columns=str.upper).assign(HAIRS=WORDS), WORDS)
    assert list(neuron.feature_names_in_) == NAMES
    neuron.fit(frame(NUMBERS).rename(columns=str.upper), WORDS)
    assert list(neuron.feature_names_in_) == ["LENGTH", "WIDTH", "HAIRS"]
    neuron.fit(pd.DataFrame(NUMBERS), WORDS)  # numbered
    assert not hasattr(neuron, "feature_names_in_")
    with pytest.warns(UserWarning, match="was fitted without feature names"):
        neuron.predict(frame(NUMBERS))


def test_a_table_of_another_kind_with_the_same_names_will_do():
    answers = {}
    neuron = SigmoidNeuronClassifier().fit(pd.DataFrame(columns()), WORDS)
    for kind in TABLES:
        answers[kind] = neuron.predict_proba(FRAMES[kind][0]())
        np.testing.assert_allclose(answers[kind], answers["mixed"], rtol=1e-12)  # columns and rows are added otherwise


# Names are told -------------------------------------------------------------------------------------------


@pytest.fixture
def known(mixed):
    """A table, the array that it is, and neurons that know them."""
    return *mixed, *(SigmoidNeuronClassifier(record="path").fit(one, WORDS) for one in mixed)


def one_row(X, i):
    return X.iloc[[i]] if hasattr(X, "iloc") else X[i : i + 1]


def test_one_sample_is_explained_by_the_names_of_its_table(known):
    X, array, named, plain = known
    told = explain(named, one_row(X, 3), truth=WORDS[3], among=(X, words("category")))
    same = explain(plain, array[3], truth=WORDS[3], among=(array, WORDS), feature_names=NAMES)
    assert told.feature_names == NAMES
    assert str(told) == str(same)
    if hasattr(X, "iloc"):
        assert str(explain(named, X.iloc[3], truth=WORDS[3], among=(X, WORDS))) == str(same)


def test_slopes_are_checked_by_the_names_of_the_table(known):
    X, array, named, plain = known
    table, same = gradient_check(named, X, words("string")), gradient_check(plain, array, WORDS, feature_names=NAMES)
    assert table.names == [*NAMES, "bias"]
    assert str(table) == str(same)
    assert_same(table.analytic, same.analytic)


def test_a_walk_is_told_by_the_names_of_the_table(known, capsys):
    SigmoidNeuronClassifier(verbose=1).fit(known[0], WORDS)
    assert "width" in capsys.readouterr().out


PICTURES = {
    "samples": lambda neuron, X, y: PlantsDisplay.from_estimator(neuron, X, y),
    "samples held out": lambda neuron, X, y: PlantsDisplay.from_estimator(neuron, X, y, X_held_out=X, y_held_out=y),
    "field": lambda neuron, X, y: DecisionFieldDisplay.from_estimator(neuron, X, y, grid_resolution=9).points,
    "slice": lambda neuron, X, y: DecisionFieldDisplay.from_estimator(neuron, X, y, features=[0, 2], grid_resolution=9),
    "slice at a sample": lambda neuron, X, y: DecisionFieldDisplay.from_estimator(
        neuron, X, y, features=[0, 2], held_at=[0.5, 2, 1], grid_resolution=9
    ),
    "dials": lambda neuron, X, y: DialsDisplay.from_estimator(neuron, X, y),
    "scores": lambda neuron, X, y: SigmoidCurveDisplay.from_estimator(neuron, X, y),
    "losses": lambda neuron, X, y: LogLossDisplay.from_estimator(neuron, X, y),
    "diagram": lambda neuron, X, y: NeuronDiagramDisplay.from_estimator(neuron, x=one_row(X, 2), X=X),
    "path": lambda neuron, X, y: RegularizationPathDisplay.from_path(neuron_path(X, y, Cs=3), X=X),
}


@pytest.mark.parametrize("picture", PICTURES)
def test_pictures_of_tables_are_those_of_arrays_with_names(known, picture):
    X, array, named, plain = known
    ours, same = PICTURES[picture](named, X, words("category")), PICTURES[picture](plain, array, WORDS)
    numbers = {name for name, value in vars(same).items() if isinstance(value, np.ndarray) and value.dtype.kind in "fi"}
    assert numbers
    for name in numbers:
        np.testing.assert_allclose(getattr(ours, name), getattr(same, name), rtol=1e-9, atol=1e-12)
    if picture in ("samples", "slice", "dials", "diagram", "path"):
        assert set(map(str, ours.feature_names)) <= set(NAMES)
        texts = {text.get_text() for text in ours.figure_.findobj(Text)}
        assert any(name in text for text in texts for name in NAMES)


def test_columns_are_found_by_name(mixed):
    X, _ = mixed
    neuron = SigmoidNeuronClassifier().fit(X, WORDS)
    display = PlantsDisplay.from_estimator(neuron, X, WORDS, features=["hairs", "length"])
    assert display.feature_names == ["hairs", "length"]
    np.testing.assert_array_equal(display.x1, 1.0 * YES[:, 2])
    with pytest.raises(ValueError, match="'colour' is no column of X; it has 3: length, width, hairs"):
        PlantsDisplay.from_estimator(neuron, X, WORDS, features="colour")


def test_pictures_of_a_walk_take_tables(known):
    X, array, named, plain = known
    valley, same = (
        LossLandscapeDisplay.from_estimator(neuron, one, WORDS, sample_weight=COUNTS)
        for neuron, one in ((named, X), (plain, array))
    )
    assert {valley.ax_.get_xlabel(), valley.ax_.get_ylabel()} < {f"weight of {name}" for name in NAMES}
    np.testing.assert_allclose(valley.landscapes[0].heights, same.landscapes[0].heights, rtol=1e-9)
    curve = LossCurveDisplay.from_estimator(named, X, words("category"), X_held_out=X, y_held_out=words())
    assert curve.lines_
    film = animate_descent(named, X, words("category"), max_frames=3)
    assert repr(film) == repr(animate_descent(plain, array, WORDS, max_frames=3))


def test_choosing_C_is_drawn_by_names(mixed):
    X, _ = mixed
    chosen = SigmoidNeuronClassifierCV(Cs=3, cv=2).fit(X, WORDS)
    display = RegularizationPathDisplay.from_estimator(chosen, X)
    assert {name.get_text() for name in display.names_} == set(NAMES)
    assert explain(chosen, one_row(X, 0)).feature_names == NAMES


def test_a_report_is_written_of_a_table(known, tmp_path):
    X, _, named, _ = known
    page = write_report(Trained("plants", named, X, words(), None, None, NAMES, ["edible", "toxic"]), tmp_path, "")
    written = page.read_text(encoding="utf8")
    assert "Not shown" not in written
    assert all(name in written for name in NAMES)


# Slices through columns of all kinds ----------------------------------------------------------------------

COLOURS = np.array(["red", "green", "blue", "green"])[np.arange(N) % 4]


def coloured():
    """Columns of numbers, some of them missing where nobody looks, of words and of answers."""
    more = {"colour": COLOURS.tolist(), "wet": (np.arange(N) % 3 > 0).tolist()}
    return columns(NUMBERS) | {"hairs": [None, *NUMBERS[1:, 2].tolist()]} | more


KINDS = {"polars": lambda data: polars().DataFrame(data), "arrow": lambda data: pyarrow().table(data)}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("held_at", ["median", [0.0, 0.5, 1.0, "blue", False]])
def test_a_slice_holds_words_and_answers_where_they_are_most(kind, held_at):
    def field(X):
        prepare = ColumnTransformer(
            [("numbers", StandardScaler(), ["length", "width"]), ("words", OneHotEncoder(), ["colour", "wet"])]
        )
        pipeline = make_pipeline(prepare, SigmoidNeuronClassifier()).fit(X, WORDS)
        options = {"features": ["length", "width"], "grid_resolution": 7, "held_at": held_at}
        return DecisionFieldDisplay.from_estimator(pipeline, X, WORDS, **options)

    ours, same = field(KINDS[kind](coloured())), field(pd.DataFrame(coloured()))
    np.testing.assert_allclose(ours.belief, same.belief, rtol=1e-9)
    assert ours.note == same.note
    assert ours.feature_names == ["length", "width"]


def test_the_middle_of_a_column():
    assert middle_of(np.array([1, 5, 3])) == 3
    assert middle_of(np.array([1, np.nan, 3, 5])) == 3
    assert middle_of(np.array([1, 2], dtype=np.float32)).dtype == np.float32
    assert middle_of(np.array(["b", "a", "b", "a", "c"])) == "a"
    assert middle_of(np.array([True, False, True])) is True
    assert middle_of(np.array([None, "a", None], dtype=object)) is None
    noon = datetime(2026, 1, 1, tzinfo=UTC)
    assert middle_of(np.array([noon, noon, None], dtype=object)) == noon
    assert middle_of(pd.Series([1, 5, None], dtype="Int64")) == 3
    assert middle_of(pd.Series([True, False, True, None], dtype="boolean")) is True
    assert middle_of(pd.Series(["b", "a", "a"], dtype="category")) == "a"
    assert middle_of(pd.Series([noon, noon, None])) == noon


def test_what_holds_numbers_and_no_more_is_a_table_as_well():
    X = NUMBERS[:, :2].copy()
    neuron = SigmoidNeuronClassifier().fit(X, WORDS)
    ours, same = (
        DecisionFieldDisplay.from_estimator(neuron, one, WORDS, grid_resolution=5) for one in (memoryview(X), X)
    )
    assert_same(ours.belief, same.belief)
