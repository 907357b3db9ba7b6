"""Whatever is given to fit, predict and objective: it is read rightly, or refused with a sentence that names it."""

import copy
import decimal
import pickle

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.homes.labels import codes_among, encode
from sklearn_neuron.solvers.recipes import NAMED

N = 80


@pytest.fixture
def examples(rng):
    X = rng.normal(1, 2, (N, 4))
    return X, (X[:, 0] + 2 * rng.logistic(size=N) > 1).astype(int)


def fit(X, y, weight=None, **options):
    return SigmoidNeuronClassifier(**options).fit(X, y, weight)


def in_turn(*labels, dtype=None):
    """Labels as a list, or as an array of a type."""
    everyone = [labels[k % len(labels)] for k in range(N)]
    return everyone if dtype is None else np.array(everyone, dtype=dtype)


# Features -----------------------------------------------------------------------------------------------------


def unsorted(X):
    n, p = X.shape
    indices = np.tile(np.arange(p)[::-1], n)
    return sp.csr_matrix((X[:, ::-1].ravel(), indices, np.arange(n + 1) * p), shape=X.shape)


def doubled(X):
    n, p = X.shape
    halves = np.repeat(X.ravel() / 2, 2)
    return sp.csr_matrix((halves, np.repeat(np.tile(np.arange(p), n), 2), np.arange(n + 1) * 2 * p), shape=X.shape)


def with_explicit_zeros(X):
    padded = sp.csr_array(np.where(X == 0, 1.0, X))
    padded.data[(X == 0).ravel()] = 0
    return padded


def frozen(X):
    X = sp.csr_array(X)
    for part in (X.data, X.indices, X.indptr):
        part.flags.writeable = False
    return X


def wide_indices(X):
    X = sp.csr_matrix(X)
    X.indices, X.indptr = X.indices.astype(np.int64), X.indptr.astype(np.int64)
    return X


def read_only(X):
    X = X.copy()
    X.flags.writeable = False
    return X


def strided(X):
    wide = np.zeros((2 * len(X), 3 * X.shape[1]))
    wide[::2, ::3] = X
    return wide[::2, ::3]


IN_MEMORY = {
    "read-only": read_only,
    "Fortran order": np.asfortranarray,
    "strided": strided,
    "rows backwards": lambda X: np.ascontiguousarray(X[::-1])[::-1],
    "columns backwards": lambda X: np.ascontiguousarray(X[:, ::-1])[:, ::-1],
    "CSR": sp.csr_matrix,
    "CSC": sp.csc_matrix,
    "CSR array": sp.csr_array,
    "64-bit indices": wide_indices,
    "CSR that cannot be written": frozen,
}
CONTAINERS = {
    "objects": lambda X: X.astype(object),
    "numbers as words": lambda X: X.astype(str),
    "long double": lambda X: X.astype(np.longdouble),
    "big-endian": lambda X: X.astype(">f8"),
    "masked, nothing hidden": np.ma.array,
    "list": lambda X: X.tolist(),
    "tuples": lambda X: tuple(map(tuple, X)),
    "pandas": pd.DataFrame,
    "polars": lambda X: pl.DataFrame(X, schema=list("abcd")),
    "pandas objects": lambda X: pd.DataFrame(X, columns=list("abcd")).astype(object),
    "pandas Float64": lambda X: pd.DataFrame(X, columns=list("abcd")).astype("Float64"),
    "pandas sparse": lambda X: pd.DataFrame.sparse.from_spmatrix(sp.csr_matrix(X)),
    "COO": sp.coo_matrix,
    "LIL": sp.lil_array,
    "DIA": sp.dia_array,
    "BSR": sp.bsr_array,
    "DOK": sp.dok_array,
    "CSR of long doubles": lambda X: sp.csr_array(X.astype(np.longdouble)),
    "unsorted": unsorted,
    "doubled": doubled,
    "explicit zeros": with_explicit_zeros,
}


@pytest.mark.parametrize(
    ("form", "solver", "tol"),
    [
        *((form, "auto", 1e-8) for form in IN_MEMORY | CONTAINERS),
        *((form, solver, tol) for form in IN_MEMORY for solver, tol in [("lbfgs", 1e-4), ("gd", 0.1)]),
    ],
)
def test_every_container_is_the_same_table(examples, form, solver, tol):
    """Walks part by rounding, and end within tol; what is read-only has not been written, or NumPy had refused."""
    X, y = examples
    X = np.where(X < 0, 0, X)
    given = (IN_MEMORY | CONTAINERS)[form](X)
    one, other = fit(X, y, solver=solver, tol=tol), fit(given, y, solver=solver, tol=tol)
    np.testing.assert_allclose(one.coef_, other.coef_, rtol=1e-6)
    assert other.converged_
    np.testing.assert_array_equal(one.predict(X), other.predict(given))


def test_booleans_are_numbers(examples):
    X, y = examples
    np.testing.assert_array_equal(fit(X > 1, y).coef_, fit((X > 1).astype(float), y).coef_)


@pytest.mark.parametrize("dtype", ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", ">f4", ">i2"])
@pytest.mark.parametrize("form", [np.asarray, sp.csr_array])
def test_numbers_of_every_width_are_the_same_numbers(examples, dtype, form):
    X, y = np.abs(np.round(examples[0])), examples[1]
    if form is not np.asarray and dtype in ("f2", ">f4", ">i2"):
        return  # SciPy has no such matrix
    neuron, same = fit(X, y, tol=1e-8), fit(form(X.astype(dtype)), y, tol=1e-8)
    np.testing.assert_allclose(same.coef_, neuron.coef_, rtol=1e-3)  # float32
    np.testing.assert_array_equal(same.predict(form(X.astype(dtype))), neuron.predict(X))


def where(row, bad):
    def spoil(X):
        X = X.copy()
        X[row, 1] = bad
        return X

    return spoil


@pytest.mark.parametrize("row", [0, N // 2, N - 1])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("form", [np.asarray, lambda X: X.astype(np.float32), sp.csr_array, sp.csc_array])
def test_a_number_that_is_none_is_found_wherever_it_hides(examples, row, bad, form):
    X, y = examples
    spoilt = form(where(row, bad)(X))
    with pytest.raises(ValueError, match="Input X contains"):
        fit(spoilt, y)
    neuron = fit(X, y)
    for ask in (neuron.predict, neuron.predict_proba, neuron.decision_function, lambda Z: neuron.objective(Z, y)):
        with pytest.raises(ValueError, match="Input X contains"):
            ask(spoilt)
    weight = np.ones(N)
    weight[row] = 0  # then it is not there
    keep = weight > 0
    np.testing.assert_allclose(fit(spoilt, y, weight).coef_, fit(form(X[keep]), y[keep]).coef_, rtol=1e-6)


HIDDEN = np.arange(N) < 7


@pytest.mark.parametrize("which", ["X", "y", "sample_weight"])
def test_what_a_mask_hides_is_not_read(examples, which):
    X, y = examples
    given = {"X": X, "y": y, "sample_weight": np.ones(N)}
    mask = np.broadcast_to(HIDDEN, given[which].shape[::-1]).T
    given[which] = np.ma.array(given[which], mask=mask)
    with pytest.raises(ValueError, match=f"{which} has {mask.sum()} masked numbers"):
        SigmoidNeuronClassifier().fit(**given)
    with pytest.raises(ValueError, match=f"{which} has {mask.sum()} masked numbers"):
        fit(X, y).objective(**given)
    if which == "X":
        with pytest.raises(ValueError, match="X has 28 masked numbers"):
            fit(X, y).predict_proba(given["X"])


NO_TABLES = {
    "words": (lambda X: np.full(X.shape, "leaf"), "could not convert string to float"),
    "one word": (lambda X: "leaf", "could not convert string to float"),
    "a column of words": (lambda X: pd.DataFrame({0: ["x"] * N, 1: X[:, 0]}), "could not convert string to float"),
    "nothing": (lambda X: None, "Expected 2D array"),
    "complex": (lambda X: X + 1j, "Complex data not supported"),
    "sparse complex": (lambda X: sp.csr_array(X + 1j), "Complex data not supported"),
    "three axes": (lambda X: X[:, :, None], "dim 3"),
    "sparse, one axis": (lambda X: sp.coo_array(X[:, 0]), "Expected 2D|1d sparse"),
    "a series": (lambda X: pd.Series(X[:, 0]), "Expected a 2-dimensional"),
    "one number": (lambda X: 1.0, "Expected 2D array"),
    "one axis": (lambda X: X[:, 0], "Expected 2D array, got 1D array instead"),
    "ragged": (lambda X: [[1.0], [1.0, 2.0]], "inhomogeneous shape"),
    "no rows": (lambda X: X[:0], r"0 sample\(s\)"),
    "sparse, no columns": (lambda X: sp.csr_array(X[:, :0]), r"0 feature\(s\)"),
    "missing": (lambda X: pd.DataFrame(X).astype("Float64").mask(X > 4), "Input X contains NaN"),
}


@pytest.mark.parametrize("form", NO_TABLES)
def test_what_is_no_table_is_refused(examples, form):
    X, y = examples
    spoil, message = NO_TABLES[form]
    with pytest.raises(ValueError, match=message):
        fit(spoil(X), y)
    with pytest.raises(ValueError, match=message):
        fit(X, y).predict(spoil(X))


@pytest.mark.parametrize("change", ["order", "name", "fewer", "more"])
def test_other_columns_than_those_of_the_fit_are_refused(examples, change):
    X, y = examples
    frame = pd.DataFrame(X, columns=list("abcd"))
    others = {
        "order": frame[list("dcba")],
        "name": frame.rename(columns={"a": "z"}),
        "fewer": frame[list("abc")],
        "more": frame.assign(e=0),
    }
    neuron = fit(frame, y)
    for ask in (neuron.predict, neuron.predict_proba, lambda Z: neuron.objective(Z, y)):
        with pytest.raises(ValueError, match="feature names should match"):
            ask(others[change])
    if change in ("fewer", "more"):
        with pytest.raises(ValueError, match="features, but SigmoidNeuronClassifier is expecting 4"):
            fit(X, y).predict(others[change].to_numpy())


# Labels -------------------------------------------------------------------------------------------------------


LABELS = {
    "list": lambda y: y.tolist(),
    "tuple": lambda y: tuple(y.tolist()),
    "whole floats": lambda y: y.astype(float),
    "float16": lambda y: y.astype(np.float16),
    "booleans": lambda y: y == 1,
    "-1 and 1": lambda y: 2 * y - 1,
    "big-endian": lambda y: y.astype(">i4"),
    "words": lambda y: np.array(["a", "b"])[y],
    "words as objects": lambda y: np.array(["a", "b"], dtype=object)[y],
    "categorical": lambda y: pd.Categorical.from_codes(y, ["a", "b"]),
    "series of categories": lambda y: pd.Series(pd.Categorical.from_codes(y, [3, 4])),
    "pandas strings": lambda y: pd.Series(np.array(["a", "b"])[y], dtype="string"),
    "pandas Int64": lambda y: pd.Series(y, dtype="Int64"),
    "index": pd.Index,
    "another index": lambda y: pd.Series(y, index=np.arange(N)[::-1]),
    "extremes": lambda y: np.array([-(2**63), 2**63 - 1])[y],
    "unsigned extremes": lambda y: np.array([2**63, 2**64 - 1], dtype=np.uint64)[y],
    "days": lambda y: np.array(["2025-01-01", "2025-01-02"], dtype="M8[D]")[y],
    "masked, nothing hidden": np.ma.array,
    "backwards": lambda y: y[::-1].copy()[::-1],
}


@pytest.mark.parametrize("form", LABELS)
def test_labels_of_every_form_are_the_same_classes(examples, form):
    X, y = examples
    one, other = fit(X, y), fit(X, LABELS[form](y))
    np.testing.assert_array_equal(one.coef_, other.coef_)
    np.testing.assert_array_equal(other.predict(X), other.classes_[one.predict(X)])
    assert len(other.classes_) == 2


def test_three_classes_of_words_keep_their_type(examples):
    y = np.array(["x", "y", "z"])[np.arange(N) % 3]
    neuron = fit(examples[0], y)
    assert neuron.classes_.dtype == y.dtype
    assert set(neuron.predict(examples[0])) <= set(y)


NO_LABELS = {
    "a number and a word": (in_turn(1, "a"), "mixes labels of different types, such as 1 and 'a'"),
    "objects of two kinds": (in_turn(1, "a", dtype=object), "mixes labels of different types, such as 1 and 'a'"),
    "NumPy's of two kinds": (in_turn(np.int64(1), np.str_("a")), "such as 1 and 'a': make all of them strings"),
    "bytes and words": (in_turn(b"a", "b", dtype=object), "mixes labels of different types, such as b'a' and 'b'"),
    "None and a number": (in_turn(1, None), "y has no label for example 1, but None"),
    "None and a word": (in_turn("a", None), "y has no label for example 1, but None"),
    "NaN among words": (in_turn("a", np.nan), "y has no label for example 1, but nan"),  # not the class 'nan'
    "NaN among objects": (in_turn("a", np.nan, dtype=object), "y has no label for example 1, but nan"),
    "NaN in a list": (in_turn(1.0, np.nan), "y has no label for example 1, but nan"),
    "NaN": (in_turn(1.0, np.nan, dtype=float), "Input y contains NaN"),
    "infinity": (in_turn(1.0, np.inf, dtype=float), "Input y contains infinity"),
    "NA among words": (pd.Series(in_turn("a", pd.NA), dtype="string"), "y has no label for example 1, but <NA>"),
    "NA in a list": (in_turn("a", pd.NA), "y has no label for example 1, but <NA>"),
    "NA among whole numbers": (pd.Series(in_turn(1, pd.NA), dtype="Int64"), "Input y contains NaN"),
    "a category that is missing": (
        pd.Series(in_turn("a", np.nan, "b"), dtype="category"),
        "y has no label for example 1",
    ),
    "no time": (in_turn("2025", "NaT", dtype="M8[D]"), "y has no label for example 1"),
    "numbers as objects": (in_turn(0, 1, dtype=object), r"holds numbers as Python objects; .* y.astype\(int\)"),
    "decimals": (in_turn(decimal.Decimal(1), decimal.Decimal(2)), "holds numbers as Python objects"),
    "dictionaries": (in_turn({}, {1: 2}, dtype=object), "which cannot be sorted"),
    "measurements": (in_turn(0.5, 0.25, dtype=float), "Unknown label type: continuous"),
    "complex": (in_turn(1j, 2j, dtype=complex), "Complex data not supported"),
    "two columns": (np.eye(2, dtype=int)[np.arange(N) % 2], "y should be a 1d array"),
    "one class": (in_turn("a", dtype=str), "y has one class: 'a'"),
    "one number": (in_turn(0.0, dtype=float), r"y has one class: 0.0\."),
    "a word": ("a" * N, "y should be a 1d array"),
    "nothing": (None, "requires y to be passed"),
    "too few": ([0, 1], "inconsistent numbers of samples"),
}


@pytest.mark.parametrize("form", NO_LABELS)
def test_what_is_no_label_is_told_in_plain_python(examples, form):
    X, y = examples
    neuron = fit(X, y)
    fitted = dict(vars(neuron))
    wrong, message = NO_LABELS[form]
    with pytest.raises(ValueError, match=message) as told:
        neuron.fit(X, wrong)
    assert "np." not in str(told.value)
    assert vars(neuron) == fitted
    assert neuron.coef_ is fitted["coef_"]


def test_labels_that_are_no_classes_are_told_in_plain_python():
    with pytest.raises(ValueError, match=r"y holds the label 0\.5, which is none of the classes \[0 1\]"):
        codes_among(np.array([0, 1]), np.array([1, 0.5]))
    with pytest.raises(ValueError, match=r"y has one class: 3\."):
        encode(np.array([3, 3]))


@pytest.mark.parametrize("form", ["column", "frame"])
def test_a_column_of_labels_is_read_and_said_to_be_one(examples, form):
    X, y = examples
    column = y[:, None] if form == "column" else pd.DataFrame({"y": y})
    with pytest.warns(UserWarning, match="A column-vector y was passed"):
        neuron = fit(X, column)
    np.testing.assert_array_equal(neuron.coef_, fit(X, y).coef_)


def test_bytes_are_told_to_be_decoded(examples):
    with pytest.raises(TypeError, match="Convert the labels to a string"):
        fit(examples[0], in_turn(b"a", b"b"))


# Weights ------------------------------------------------------------------------------------------------------


def one_of(weight, row):
    everyone = np.ones(N)
    everyone[row] = weight
    return everyone


NO_WEIGHTS = {
    **{f"NaN in row {row}": (one_of(np.nan, row), "sample_weight contains NaN") for row in (0, 40, N - 1)},
    **{f"infinity in row {row}": (one_of(np.inf, row), "sample_weight contains infinity") for row in (0, 40, N - 1)},
    **{f"negative in row {row}": (one_of(-1, row), "Negative values in .*sample_weight") for row in (0, 40, N - 1)},
    "1e308 each": (np.full(N, 1e308), "^sample_weight must add up to a finite number above 0, but adds up to inf"),
    "NaN for all": (np.nan, "^sample_weight must add up to a finite number above 0, but adds up to nan"),
    "infinity for all": (np.inf, "^sample_weight must add up to a finite number above 0, but adds up to inf"),
    "zero for all": (0, "at least one non-zero|above 0, but adds up to 0"),
    "zero each": (np.zeros(N), "at least one non-zero|above 0, but adds up to 0"),
    "a column": (np.ones((N, 1)), "must be 1D"),
    "words": (["a"] * N, "could not convert string to float"),
    "None among them": ([None] + [1.0] * (N - 1), "sample_weight contains NaN"),
    "complex": (np.ones(N) + 0j, "Complex data not supported"),
    "too few": (np.ones(5), r"sample_weight.shape == \(5,\), expected \(80,\)"),
}


@pytest.mark.parametrize("form", NO_WEIGHTS)
@pytest.mark.parametrize("class_weight", [None, "balanced"])
def test_weights_that_are_none_are_told_by_their_own_name(examples, form, class_weight):
    weight, message = NO_WEIGHTS[form]
    with pytest.raises(ValueError, match=message) as told:
        fit(*examples, weight, class_weight=class_weight)
    assert "class_weight" not in str(told.value)


@pytest.mark.parametrize(
    ("class_weight", "message"),
    [
        ({0: np.float64(-1.0)}, r"class_weight must give weights of at least 0, finite ones; that of class 0 is -1\.0"),
        ({0: np.inf, 1: 1}, "that of class 0 is inf"),
        ({0: 1, 1: np.nan}, "that of class 1 is nan"),
        ({np.int64(1): "much"}, "that of class 1 is 'much'"),
        ({0: None, 1: 1}, "that of class 0 is None"),
        ({0: 0, 1: 0.0}, "class_weight must give every class of y a weight above 0"),
        ({0: 1, 1: 0}, "that of 1 is 0: no bias is low enough"),
        ({"0": 1, "1": 2}, r"classes, \[0, 1\], are not in class_weight"),
        ({0: 1e308, 1: 1e308}, "sample_weight times class_weight must add up to a finite number"),
    ],
)
def test_class_weights_that_are_none_are_named(examples, class_weight, message):
    with pytest.raises(ValueError, match=message):
        fit(*examples, class_weight=class_weight)


def test_products_of_weights_that_overflow_are_named(examples):
    with pytest.raises(ValueError, match=r"sample_weight times class_weight must add up to .* adds up to inf"):
        fit(*examples, np.full(N, 1e300), class_weight={0: 1e10, 1: 1e10})
    with pytest.raises(ValueError, match=r"sample_weight times class_weight must add up to .* adds up to 0"):
        fit(*examples, np.full(N, 1e-300), class_weight={0: 1e-300, 1: 1e-300})


WEIGHTS = {
    "booleans": lambda w: w > 1,
    "objects": lambda w: w.astype(object),
    "numbers as words": lambda w: w.astype(str),
    "long double": lambda w: w.astype(np.longdouble),
    "big-endian": lambda w: w.astype(">f8"),
    "series": lambda w: pd.Series(w, index=np.arange(N)[::-1]),
    "list": lambda w: w.tolist(),
    "backwards": lambda w: w[::-1].copy()[::-1],
}


@pytest.mark.parametrize("form", WEIGHTS)
def test_weights_of_every_form_are_the_same_weights(rng, examples, form):
    weight = rng.uniform(0.5, 2, N)
    expected = weight > 1 if form == "booleans" else weight
    one, other = fit(*examples, np.asarray(expected, dtype=float)), fit(*examples, WEIGHTS[form](weight))
    np.testing.assert_array_equal(one.coef_, other.coef_)


def test_one_weight_for_all_is_all_of_the_same_weight(examples):
    np.testing.assert_array_equal(fit(*examples, 2.0).coef_, fit(*examples, np.full(N, 2.0)).coef_)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("size", [1e-320, 1e-200, 1e-46, 1e-30, 1e30, 1e200, 1e306])
def test_the_size_of_weights_is_the_strength_of_the_penalty_and_nothing_else(examples, dtype, size):
    """In float32 1e-46 would be nothing; where 1 / (C sum) is more than a float holds only the bias is left."""
    X, y = examples[0].astype(dtype), examples[1]
    if size < 1e-30:
        neuron = fit(X, y, np.full(N, size))
        assert neuron.converged_
        assert np.abs(neuron.coef_).max() < 1e-25
        assert neuron.intercept_[0] == pytest.approx(np.log(y.mean() / (1 - y.mean())), rel=1e-3)
        return
    neuron = fit(X, y, np.full(N, size), C=min(1 / size, 1e300))
    one = fit(X, y, C=min(1, 1e300 * size))
    np.testing.assert_allclose(neuron.coef_, one.coef_, rtol=1e-3 if dtype == np.float32 else 1e-9)


@pytest.mark.parametrize("C", [1e-320, 5e-324, 1e-305])
@pytest.mark.parametrize("solver", [name for name in NAMED if name not in ("gd", "nesterov")])
def test_where_the_penalty_is_all_the_log_odds_are_the_answer(examples, C, solver):
    X, y = examples
    neuron = fit(X, y, C=C, solver=solver)
    assert neuron.converged_
    assert np.abs(neuron.coef_).max() < 1e-300
    assert neuron.intercept_[0] == pytest.approx(np.log(y.mean() / (1 - y.mean())), rel=1e-3)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("size", [1e-10, 1e-50, 1e-300])
def test_a_class_that_hardly_counts_leaves_j_where_it_is(examples, dtype, size):
    """Its shares are nothing in float32, and so is what they add to J."""
    X, y = examples[0].astype(dtype), examples[1]
    weight = np.where(y == 1, size, 1.0)
    neuron = fit(X, y, weight)
    z = X.astype(float) @ neuron.coef_[0].astype(float) + float(neuron.intercept_[0])
    J = np.average(np.logaddexp(0, np.where(y == 1, -z, z)), weights=weight)
    J += neuron.coef_[0].astype(float) @ neuron.coef_[0] / 2 / weight.sum()
    assert neuron.converged_
    assert 0 <= J <= 5e-8 + 25 * size  # some tol**2 above nearly nothing
    assert neuron.loss_curve_[-1] == pytest.approx(J, abs=1e-9)


def test_j_on_examples_that_lack_a_class_can_be_balanced(examples):
    X, y = examples
    neuron = fit(X, y, class_weight="balanced")
    J = neuron.objective(X[y == 1], y[y == 1])
    np.testing.assert_allclose(J.at(np.zeros((5, 1))).loss, np.log(2), rtol=1e-12)


# Parameters -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameter", "values"),
    [
        ("C", ["inf", 0, np.nan, -1, None, np.float64(0), [1.0]]),
        ("tol", [np.nan, -1, "1e-4", None, np.inf]),
        ("max_iter", [2.5, 50.0, -1, "9", np.inf]),
        ("learning_rate", [0, -1, "fast", np.nan, np.inf, None, [0.1]]),
        ("solver", ["Newton", "saga", None, ["newton"], SigmoidNeuronClassifier]),
        ("record", ["all", None]),
        ("class_weight", ["balance", [1, 2]]),
        ("fit_intercept", [None, "yes", 2]),
        ("warm_start", ["no"]),
        ("verbose", [-1, "loud"]),
        ("random_state", ["dice"]),
    ],
)
def test_every_parameter_is_named_if_its_value_means_nothing(examples, parameter, values):
    for value in values:
        with pytest.raises(ValueError, match=f"The '{parameter}' parameter of SigmoidNeuronClassifier must be"):
            fit(*examples, **{parameter: value})


# What is the user's ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [np.asarray, np.asfortranarray, sp.csr_array, sp.csc_matrix, unsorted, doubled])
@pytest.mark.parametrize("solver", ["auto", "gd", "newton-cg"])
def test_nothing_that_is_given_is_changed(rng, examples, form, solver):
    X, y = examples
    given = {"X": form(X), "y": y, "sample_weight": rng.integers(0, 3, N).astype(float)}
    flags = getattr(given["X"], "has_sorted_indices", None), getattr(given["X"], "has_canonical_format", None)
    before = copy.deepcopy(given)
    options = {"class_weight": {0: 1, 1: 2}, "solver": solver, "tol": 1e-2}
    stored = pickle.dumps(options)
    neuron = SigmoidNeuronClassifier(**options).fit(**given)
    neuron.predict_proba(given["X"])
    neuron.objective(**given).at(np.zeros((5, 1)))
    for name, value in given.items():
        for part in ("data", "indices", "indptr") if sp.issparse(value) else ("T",):
            np.testing.assert_array_equal(getattr(value, part), getattr(before[name], part))
    assert flags == (
        getattr(before["X"], "has_sorted_indices", None),
        getattr(before["X"], "has_canonical_format", None),
    )
    assert pickle.dumps(options) == stored


@pytest.mark.parametrize(("dtype", "size"), [(np.float64, 1e-160), (np.float64, 1e-300), (np.float32, 1e-40)])
@pytest.mark.parametrize("solver", ["auto", "lbfgs"])
def test_a_feature_too_small_for_a_weight_without_a_penalty_is_named(dtype, size, solver):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(100, 3))
    y = (X[:, 1] + rng.logistic(size=100) > 0).astype(int)
    X[:, 1] *= size
    with pytest.raises(ValueError, match="Feature 1 of X varies by so little"):
        fit(X.astype(dtype), y, C=np.inf, solver=solver)
    assert fit(X.astype(dtype), y, C=1, solver=solver).converged_


def test_a_whole_c_larger_than_any_float_is_no_penalty():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(100, 3))
    y = (X[:, 1] + rng.logistic(size=100) > 0).astype(int)
    np.testing.assert_array_equal(fit(X, y, C=10**400).coef_, fit(X, y, C=np.inf).coef_)
