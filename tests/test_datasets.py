"""The plants: what they look like, and how far a learning rate carries on them."""

import inspect
import re
import sys

import numpy as np
import pandas as pd
import pytest
from conftest import without_warnings
from hypothesis import given, settings
from hypothesis import strategies as st

from sklearn_neuron import DivergenceWarning, SigmoidNeuronClassifier
from sklearn_neuron.datasets import make_toxic_plants

seeds = st.integers(0, 2**32 - 1)
overlaps = st.floats(0.01, 2)


@pytest.fixture(scope="module")
def plants():
    return make_toxic_plants(random_state=0)


@pytest.fixture(scope="module")
def crowd():
    """So many plants that averages are known to one or two percent."""
    return make_toxic_plants(20_000, random_state=0)


def steepest_squares(X):
    """Largest eigenvalue of ``[X 1]'[X 1] / n``, four times the L of the pure log-loss."""
    with_ones = np.column_stack([X, np.ones(len(X))])
    return np.linalg.eigvalsh(with_ones.T @ with_ones / len(X))[-1]


def flattest_curvature(X, neuron):
    """Smallest eigenvalue of the Hessian at a fitted neuron, in units in which its diagonal is all ones."""
    with_ones = np.column_stack([X, np.ones(len(X))])
    a = neuron.predict_proba(X)
    H = (with_ones.T * a[:, 0] * a[:, 1]) @ with_ones / len(X) + np.diag([1, 1, 0]) / (neuron.C * len(X))
    unit = np.sqrt(np.diagonal(H))
    return np.linalg.eigvalsh(H / np.outer(unit, unit))[0]


def test_the_default_is_two_hundred_plants_described_in_words(plants):
    assert plants.data.shape == (200, 2)
    assert plants.data.dtype == np.float64
    assert plants.target.shape == (200,)
    assert plants.target.dtype.kind == "i"
    assert plants.frame is None
    assert plants.feature_names == ["leaf_length", "leaf_width"]
    assert plants.units == ["cm", "cm"]
    assert plants.target_names == ["non-toxic", "toxic"]
    assert re.search("cm.*toxic", plants.DESCR)


@given(st.integers(2, 300), overlaps, seeds)
def test_half_of_the_plants_are_toxic_and_all_leaves_are_leaves(n, overlap, seed):
    X, toxic = make_toxic_plants(n, overlap=overlap, random_state=seed, return_X_y=True)
    assert X.shape == (n, 2)
    assert toxic.sum() == n // 2
    assert set(toxic) == {0, 1}
    assert X.min() >= 0.2  # cm
    assert X.max() < 30  # cm


@given(seeds)
def test_the_same_seed_grows_the_same_plants(seed):
    one, other = (make_toxic_plants(20, random_state=seed) for _ in range(2))
    np.testing.assert_array_equal(one.data, other.data)
    np.testing.assert_array_equal(one.target, other.target)
    same = make_toxic_plants(20, random_state=np.random.RandomState(seed))
    np.testing.assert_array_equal(one.data, same.data)
    assert not np.array_equal(one.data, make_toxic_plants(20, random_state=seed ^ 1).data)


def test_toxic_plants_grow_anywhere_in_the_table(plants):
    changes = np.count_nonzero(np.diff(plants.target))
    assert 60 < changes < 140  # 199 neighbours, each different with chance 1/2: 100 +- 7


def test_leaves_have_the_size_of_leaves(crowd):
    for toxic, length, width in [(0, 3.8, 1.5), (1, 5.4, 2.4)]:
        leaves = crowd.data[crowd.target == toxic]
        # a mean of 10,000 is known to 0.012 cm; leaves cut off at 0.2 cm shift the width by 0.005
        np.testing.assert_allclose(leaves.mean(axis=0), [length, width], rtol=0, atol=0.05)
        np.testing.assert_allclose(leaves.std(axis=0), [1.2, 0.6], rtol=0.05)  # known to 1 %, cut off by 2 %
        assert np.corrcoef(leaves.T)[0, 1] == pytest.approx(0.5, abs=0.05)  # known to 0.01; long leaves are broad


def test_leaves_are_neither_centred_nor_scaled(plants):
    mean, spread = plants.data.mean(axis=0), plants.data.std(axis=0)
    assert (mean > 2 * spread).all()
    assert spread[0] > 1.5 * spread[1]


def test_the_overlap_is_the_scale_of_the_spread_within_a_class():
    spreads = []
    for overlap in (0.25, 0.5):
        plants = make_toxic_plants(500, overlap=overlap, random_state=3)
        spreads.append(plants.data[plants.target == 1].std(axis=0))
    np.testing.assert_allclose(spreads[1], 2 * spreads[0], rtol=1e-12)  # the same random numbers, no leaf cut off


@given(st.integers(2, 300), st.floats(1e-6, 0.1), seeds)
def test_with_little_overlap_a_line_separates_the_classes(n, overlap, seed):
    X, toxic = make_toxic_plants(n, overlap=overlap, random_state=seed, return_X_y=True)
    score = X @ [1.0, 1.0]
    assert score[toxic == 0].max() < score[toxic == 1].min()


def test_with_the_default_overlap_no_line_does(plants):
    neuron = SigmoidNeuronClassifier().fit(plants.data, plants.target)
    assert 0.75 < neuron.score(plants.data, plants.target) < 0.95


# How far a learning rate carries --------------------------------------------------------------------------


@settings(max_examples=200)
@given(st.integers(100, 400), st.floats(0.01, 1), seeds)
def test_a_learning_rate_of_two_tenths_is_safe(n, overlap, seed):
    X = make_toxic_plants(n, overlap=overlap, random_state=seed).data
    assert steepest_squares(X) < 40  # about 28 +- 1.2 at n = 100


def test_a_learning_rate_of_a_tenth_arrives(plants):
    neuron = SigmoidNeuronClassifier(solver="gd", learning_rate=0.1, tol=1e-2).fit(plants.data, plants.target)
    assert neuron.converged_  # and no warning: they are errors here
    best = SigmoidNeuronClassifier(tol=1e-10).fit(plants.data, plants.target)
    gap = neuron.loss_curve_[-1] - best.loss_curve_[-1]
    # the diagonal of the Hessian knows the metric up to the smallest eigenvalue of H scaled to a diagonal of ones
    assert 0 <= gap <= 1.1 * neuron.tol**2 / 2 / flattest_curvature(plants.data, best)
    assert (np.diff(neuron.loss_curve_) <= 0).all()


@pytest.mark.parametrize("seed", range(5))
def test_a_learning_rate_of_one_trips_and_the_one_that_the_warning_names_is_safe(seed):
    X, toxic = make_toxic_plants(random_state=seed, return_X_y=True)
    with pytest.warns(DivergenceWarning, match=r"tripped.*learning_rate=1[ ,]") as caught:
        neuron = SigmoidNeuronClassifier(solver="gd", learning_rate=1.0).fit(X, toxic)
    assert not neuron.converged_
    safe = float(re.search(r"safe learning rate on these data is (\d+\.\d+)", str(caught[0].message))[1])
    penalty = 1 / 200  # 1 / (C n); it stiffens the weights and not the bias, so 2 / L lies between these two
    assert 2 / (steepest_squares(X) / 4 + penalty) * 0.99 <= safe <= 2 / (steepest_squares(X) / 4) * 1.01  # 3 digits
    neuron = SigmoidNeuronClassifier(solver="gd", learning_rate=0.99 * safe, max_iter=200)
    without_warnings(neuron.fit, X, toxic)  # two hundred steps do not arrive
    assert (np.diff(neuron.loss_curve_) < 0).all()


# What comes back ------------------------------------------------------------------------------------------


def test_as_a_frame_the_columns_have_names_which_a_neuron_reads():
    plants, arrays = (make_toxic_plants(30, random_state=4, as_frame=as_frame) for as_frame in (True, False))
    assert list(plants.data.columns) == ["leaf_length", "leaf_width"]
    assert plants.target.name == "toxic"
    assert list(plants.frame.columns) == ["leaf_length", "leaf_width", "toxic"]
    np.testing.assert_array_equal(plants.data, arrays.data)
    np.testing.assert_array_equal(plants.target, arrays.target)
    pd.testing.assert_frame_equal(plants.frame[["leaf_length", "leaf_width"]], plants.data)
    pd.testing.assert_series_equal(plants.frame["toxic"], plants.target)
    neuron = SigmoidNeuronClassifier().fit(plants.data, plants.target)
    assert neuron.feature_names_in_.tolist() == ["leaf_length", "leaf_width"]


@pytest.mark.parametrize("as_frame", [False, True])
def test_only_data_and_target_if_asked(as_frame):
    X, toxic = make_toxic_plants(30, random_state=4, as_frame=as_frame, return_X_y=True)
    plants = make_toxic_plants(30, random_state=4)
    assert hasattr(X, "columns") == as_frame
    np.testing.assert_array_equal(X, plants.data)
    np.testing.assert_array_equal(toxic, plants.target)


def test_a_frame_without_pandas_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=r"as_frame=True needs pandas: pip install '\.\[files\]' from the checkout"):
        make_toxic_plants(as_frame=True)
    assert make_toxic_plants(random_state=0).data.shape == (200, 2)  # which needs none


@pytest.mark.parametrize("given", [1, 0, -5, 2.0, "200", None, np.int64(1)], ids=repr)
def test_too_few_plants_or_no_number_of_plants_is_refused(given):
    message = f"n_samples must be an int of at least 2, one plant of each kind; got {plain(given)!r}."
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        make_toxic_plants(given)


@pytest.mark.parametrize("given", [0, -1.0, 2.01, np.inf, np.nan, "1", None, np.float64(0.0)], ids=repr)
def test_an_overlap_outside_its_range_is_refused(given):
    message = f"overlap must be a number above 0 and at most 2; got {plain(given)!r}."
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        make_toxic_plants(overlap=given)


def plain(given):
    """A number as Python writes it."""
    return given.item() if isinstance(given, np.generic) else given


@pytest.mark.parametrize(("n_samples", "overlap"), [(2, 2), (np.int64(3), np.float32(0.5)), (2, 1e-300)])
def test_the_ends_of_the_ranges_and_numpy_numbers_are_welcome(n_samples, overlap):
    assert make_toxic_plants(n_samples, overlap=overlap, random_state=0).data.shape == (n_samples, 2)


def test_only_the_number_of_plants_goes_without_a_name():
    kinds = {name: p.kind.name for name, p in inspect.signature(make_toxic_plants).parameters.items()}
    assert kinds.pop("n_samples") == "POSITIONAL_OR_KEYWORD"
    assert set(kinds.values()) == {"KEYWORD_ONLY"}
