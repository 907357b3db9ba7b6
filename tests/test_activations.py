"""Every activation against an oracle, and every slope against differences of the function it belongs to."""

import math

import mpmath
import numpy as np
import pytest
from conftest import fourth_order
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from sklearn_neuron.activations import (
    ACTIVATIONS,
    Activation,
    leaky_relu,
    leaky_relu_slope,
    relu,
    relu_slope,
    tanh,
    tanh_slope,
)
from sklearn_neuron.neuron import sigmoid, sigmoid_slope

EPS = np.finfo(float).eps
ORACLES = {
    "sigmoid": expit,
    "tanh": np.vectorize(math.tanh),
    "relu": np.vectorize(lambda z: z if z > 0 else 0.0),
    "leaky_relu": np.vectorize(lambda z: z if z > 0 else 0.01 * z),
}
AWAY_FROM_THE_CORNER = np.concatenate([np.linspace(-4, -0.01, 40), np.linspace(0.01, 4, 40)])


def near(expected, rel):
    """Equal to a relative tolerance only (pytest's own would add an absolute 1e-12)."""
    return pytest.approx(expected, rel=rel, abs=0)


def test_the_table_holds_the_four_activations_of_the_seed_with_their_slopes():
    assert {
        "sigmoid": Activation(sigmoid, sigmoid_slope),
        "tanh": Activation(tanh, tanh_slope),
        "relu": Activation(relu, relu_slope),
        "leaky_relu": Activation(leaky_relu, leaky_relu_slope),
    } == ACTIVATIONS


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_is_its_textbook_formula(name):
    z = np.concatenate([np.linspace(-30, 30, 241), [-1e20, 1e20]])
    np.testing.assert_allclose(ACTIVATIONS[name].function(z), ORACLES[name](z), rtol=8 * EPS)  # a few roundings


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_slope_is_the_slope_of_its_activation(name):
    z = AWAY_FROM_THE_CORNER
    slope = fourth_order(ACTIVATIONS[name].function, z)
    # truncation h^4 / 30 times a fifth derivative of at most 2^5 slopes: 1e-12; rounding eps / h of 1, beside
    # the flattest slope, 1 - tanh(4)^2 = 0.0013: 2e-10
    np.testing.assert_allclose(ACTIVATIONS[name].slope(z), slope, rtol=1e-9)


@given(st.floats(-0.99, 20).filter(lambda z: abs(z) > 0.01), st.floats(0, 0.99))
def test_a_leak_of_any_slope_leaks_at_that_slope(z, slope):
    found = fourth_order(lambda z: leaky_relu(z, slope), z)
    assert leaky_relu_slope(z, slope) == (1 if z > 0 else slope)
    assert found == pytest.approx(leaky_relu_slope(z, slope), rel=0, abs=2e-11)  # a line: eps 20 / h, beside 0 or 1


@pytest.mark.parametrize("z", [1e-9, 0.5, 3.0, 19.0, 20.0, 40.0, 232.8, 350.0])
def test_the_slope_of_tanh_has_all_its_digits_in_the_tails(z):
    with mpmath.workdps(350):
        exact = float(1 - mpmath.tanh(z) ** 2)
    assert tanh_slope([z, -z]) == near([exact, exact], rel=6 * EPS)  # exp, sum, square and quotient; twice z is exact


def test_the_slope_of_tanh_far_out_is_nothing():
    assert tanh_slope([-1e20, 1e20]).tolist() == [0, 0]
    assert tanh([-1e20, 1e20]).tolist() == [-1, 1]


@given(st.floats(-5, 5))
def test_tanh_is_the_sigmoid_stretched_to_minus_1_and_1(z):
    assert abs(tanh(z) - (2 * sigmoid(2 * z) - 1)) <= 4 * EPS  # both near 1 at most; 2 a - 1 cancels near 0


@pytest.mark.parametrize("name", ["tanh", "relu", "leaky_relu"])
@given(z=st.floats(-1e6, 1e6), more=st.floats(0, 10))
def test_an_activation_never_turns_back(name, z, more):
    function = ACTIVATIONS[name].function
    assert function(z) <= function(z + more)


def test_at_the_corner_the_slope_is_that_of_the_silent_side():
    assert relu([0.0, -0.0]).tolist() == [0, 0]
    assert relu_slope([0.0, -0.0]).tolist() == [0, 0]
    assert leaky_relu([0.0, -0.0]).tolist() == [0, 0]
    assert leaky_relu_slope([0.0, -0.0]).tolist() == [0.01, 0.01]
    assert leaky_relu_slope([0.0, -0.0], slope=0.25).tolist() == [0.25, 0.25]


def test_next_to_the_corner_the_slopes_part():
    z = [-5e-324, 5e-324]
    assert relu_slope(z).tolist() == [0, 1]
    assert leaky_relu_slope(z).tolist() == [0.01, 1]


def test_a_leak_of_zero_is_relu():
    z = np.linspace(-3, 3, 25)
    np.testing.assert_array_equal(leaky_relu(z, slope=0.0), relu(z))
    np.testing.assert_array_equal(leaky_relu_slope(z, slope=0.0), relu_slope(z))


@pytest.mark.parametrize("part", ["function", "slope"])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_float32_in_is_float32_out(name, part):
    activate = getattr(ACTIVATIONS[name], part)
    z = np.linspace(-40, 40, 161, dtype=np.float32)
    found = activate(z)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, activate(z.astype(float)), rtol=1e-6)  # five roundings, exp two ulps


@pytest.mark.parametrize("part", ["function", "slope"])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_lists_and_numbers_and_any_shape_are_welcome_and_not_written(name, part):
    activate = getattr(ACTIVATIONS[name], part)
    z = np.linspace(-2, 2, 12).reshape(4, 3)
    z.flags.writeable = False  # NumPy refuses to write
    found = activate(z)
    assert found.shape == (4, 3)
    assert not np.shares_memory(found, z)
    np.testing.assert_array_equal(activate(z.tolist()), found)
    assert activate(float(z[1, 2])) == near(found[1, 2], rel=4 * EPS)  # scalar exp may be an ulp from NumPy's loop
