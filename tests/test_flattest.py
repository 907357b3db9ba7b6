"""Features that nearly add up to nothing are found among some examples, whatever their units and outliers."""

import numpy as np
import pytest

from sklearn_neuron.solvers.flattest import FAR, MANY, MOST, examples_needed, flattest


@pytest.fixture
def features(rng):
    return rng.normal(size=(200, 8))


def with_bias(features):
    return np.column_stack([features, np.full(len(features), 2.0)])


def found(features, left):
    """Whether one direction is told, along which scores move by a given column, up to a factor and a constant."""
    effects = with_bias(features)
    directions = flattest(effects, has_bias=True)
    if directions.shape[1] != 1:
        return False
    moved = (effects @ directions)[:, 0]
    return abs(np.corrcoef(moved, left)[0, 1]) > 0.9 and abs(moved.mean()) < moved.std()


@pytest.mark.parametrize("factor", [1, -1, 1e-3, -2.54])
@pytest.mark.parametrize("apart", [1e-2, 1e-5, 1e-9])
def test_a_feature_and_nearly_the_same_in_other_units(rng, features, factor, apart):
    left = apart * rng.normal(size=200)
    features[:, 6] = factor * (features[:, 2] + left) + 3
    assert found(features, left)


@pytest.mark.parametrize("fee", [1e3, 1.0, 1e-4])
def test_a_sum_and_its_parts(rng, features, fee):
    features[:, :2] = 1e6 * rng.lognormal(size=(200, 2))
    left = fee * rng.exponential(size=200)
    features[:, 2] = features[:, 0] + features[:, 1] - left
    assert found(features, left)


def test_an_example_far_out_is_the_measure_of_nothing(rng, features):
    features[7] = 1e9 * rng.normal(size=8)
    assert flattest(with_bias(features), has_bias=True).shape == (9, 0)
    left = 1e-3 * rng.normal(size=200)
    features[:, 5] = features[:, 0] + left
    effects = with_bias(features)
    moved = effects @ flattest(effects, has_bias=True)
    assert np.abs(np.delete(moved, 7, axis=0)).max() < 10 * 1e-3 * FAR


def test_columns_of_chance_are_no_sums(rng):
    for q in (1, 3, 30, 300):
        assert flattest(with_bias(rng.normal(size=(examples_needed(q), q))), has_bias=True).shape == (q + 1, 0)


def test_all_levels_of_a_kind_add_up_to_the_bias(rng):
    levels = (rng.integers(4, size=100)[:, None] == np.arange(4)).astype(float)
    effects = with_bias(levels)
    directions = flattest(effects, has_bias=True)
    assert directions.shape == (5, 1)
    np.testing.assert_allclose(effects @ directions, 0, atol=1e-12)
    assert flattest(levels, has_bias=False).shape == (4, 0)


def test_of_very_many_features_only_pairs_are_compared(rng):
    features = rng.normal(size=(examples_needed(MANY + 1), MANY + 1))  # fewer examples
    left = 1e-4 * rng.normal(size=len(features))
    features[:, MANY] = 5 - features[:, 17] + left
    assert found(features, left)
    features[:, MANY] = features[:, 17] + features[:, 18] + left
    assert flattest(with_bias(features), has_bias=True).shape == (MANY + 2, 0)


def test_at_most_so_many_are_told(rng):
    features = rng.normal(size=(200, 1)) + 1e-4 * rng.normal(size=(200, 100))
    assert flattest(with_bias(features), has_bias=True).shape == (101, MOST)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_next_to_no_examples_and_constants(rng, n):
    assert np.isfinite(flattest(with_bias(rng.normal(size=(n, 4))), has_bias=True)).all()
    assert flattest(np.ones((n, 3)), has_bias=True).shape == (3, 0)
