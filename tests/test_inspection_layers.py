"""A class of a layer is a sigmoid of its lead, and the parameters of a layer are a column."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sklearn_neuron import SigmoidNeuronClassifier, layer, neuron
from sklearn_neuron.inspection.layers import lead
from sklearn_neuron.inspection.subject import subject_of
from sklearn_neuron.solvers.maps import in_one_column, side_by_side

EPS = np.finfo(float).eps
scores = arrays(float, st.tuples(st.integers(1, 5), st.integers(2, 6)), elements=st.floats(-600, 600))


@given(scores, st.data())
def test_a_belief_in_a_layer_is_the_sigmoid_of_its_lead(z, data):
    k = data.draw(st.integers(0, z.shape[1] - 1))
    ahead, truths = lead(z, k), np.full(len(z), k)
    rounding = 8 * EPS * (1 + np.abs(z).max())  # of scores that large
    np.testing.assert_allclose(neuron.sigmoid(ahead), layer.softmax(z)[:, k], rtol=rounding)
    np.testing.assert_allclose(
        neuron.example_loss(ahead, 1), layer.example_loss(z, truths), rtol=rounding, atol=rounding
    )


@given(scores, st.floats(-100, 100))
def test_only_differences_of_scores_make_a_lead(z, shift):
    np.testing.assert_allclose(lead(z + shift, 0), lead(z, 0), atol=16 * EPS * (1 + np.abs(z).max() + abs(shift)))


@given(arrays(float, (5, 2), elements=st.floats(-600, 600)))
def test_of_two_the_lead_is_the_difference(z):
    np.testing.assert_allclose(lead(z, 1), z[:, 1] - z[:, 0], rtol=4 * EPS, atol=0)


@pytest.mark.parametrize("shape", [(4, 3, 1), (4, 3, 7), (5, 1, 3)])
def test_places_of_layers_are_columns_and_back(shape, rng):
    q, K, m = shape
    places = rng.normal(size=(K * q, m))
    columns = side_by_side(places, K)
    assert columns.shape == (q, m * K)
    np.testing.assert_array_equal(in_one_column(columns, K), places)
    for i in range(m):  # place after place, and in each neuron after neuron
        np.testing.assert_array_equal(columns[:, i * K : (i + 1) * K].T.ravel(), places[:, i])


def test_a_layer_is_known_by_its_one_walk(layered_irises, irises, learned):
    X, y, neurons = layered_irises
    layered = subject_of(neurons)
    assert layered.is_layer
    assert not subject_of(irises[2]).is_layer
    assert not subject_of(learned).is_layer
    columns = np.vstack([neurons.coef_.T, neurons.intercept_])
    np.testing.assert_array_equal(side_by_side(layered.parameters(), 3), columns)
    way = layered.way()
    np.testing.assert_array_equal(way.loss, neurons.loss_curve_)
    assert way.weights.shape == (15, len(way.loss))
    for i, place in enumerate(way.weights.T):  # J of every place is what was recorded
        here = layered.objective(X, y).at(side_by_side(place[:, None], 3))
        assert here.loss[0] == pytest.approx(way.loss[i], rel=1e-12)
    np.testing.assert_allclose(
        neuron.sigmoid(layered.belief_scores(neurons.decision_function(X), 2)),
        neurons.predict_proba(X)[:, 2],
        rtol=1e-12,
    )


def test_a_layer_of_two_classes_is_a_neuron(plants):
    two = SigmoidNeuronClassifier(multi_class="multinomial").fit(plants.data, plants.target)
    assert not subject_of(two).is_layer
    assert subject_of(two).parameters().shape == (3, 1)
