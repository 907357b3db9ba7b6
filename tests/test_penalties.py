"""Kinks and what they leave of a step, by their definitions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp, mpf

from sklearn_neuron.penalties import L1, SMOOTH

NUMBERS = st.floats(-1e6, 1e6)
STRENGTHS = st.floats(0, 1e3)
RATES = st.floats(1e-3, 1e3)


def columns(*lists):
    return [np.array(numbers, dtype=np.float64)[:, None] for numbers in lists]


@given(NUMBERS, STRENGTHS, RATES)
def test_prox_is_the_lowest_place_of_its_definition(theta, strength, rate):
    """``argmin_v |v - theta|^2 / (2 rate) + strength |v|``, in more digits than a float has."""
    mp.dps = 60
    v = mpf(float(L1(np.array([strength])).prox(np.array([theta]), rate)[0]))

    def value(v):
        return (v - mpf(theta)) ** 2 / (2 * mpf(rate)) + mpf(strength) * abs(v)

    shift = max(abs(mpf(theta)), 1) * mpf(10) ** -6
    rounding = mpf(2) ** -100 + (mpf(2) ** -50 * max(abs(mpf(theta)), 1)) ** 2 / mpf(rate)  # v is a float
    assert all(value(v) <= value(v + way * shift) + rounding for way in (-1, 1))
    assert value(v) <= value(mpf(0)) + rounding


@given(st.lists(st.tuples(NUMBERS, NUMBERS, STRENGTHS), min_size=1, max_size=9), RATES)
def test_prox_brings_no_two_places_farther_apart(numbers, rate):
    theta, other, strengths = columns(*zip(*numbers, strict=True))
    kink = L1(strengths)
    apart = np.abs(kink.prox(theta, rate) - kink.prox(other, rate))
    assert (apart <= np.abs(theta - other) * (1 + 1e-12) + 1e-9).all()  # differences of numbers up to 1e6


def test_what_is_held_is_exactly_zero_and_what_is_free_is_left_alone():
    kink = L1.of_weights(0.5, p=3, n_parameters=4)
    np.testing.assert_array_equal(kink.strengths[:, 0], [0.5, 0.5, 0.5, 0])
    held = kink.prox(np.array([[0.5], [-0.5], [2.0], [-7.0]]), 1.0)
    np.testing.assert_array_equal(held[:, 0], [0, 0, 1.5, -7])
    assert not np.signbit(held[:2]).any()  # a coefficient of -0 would be shown as that


def test_strengths_may_differ_between_neurons():
    kink = L1.of_weights(np.array([1.0, 2.0]), p=1, n_parameters=2)
    theta = np.array([[3.0, 3.0], [1.0, 1.0]])
    np.testing.assert_array_equal(kink.value(theta), [3, 6])
    np.testing.assert_array_equal(kink.prox(theta, 0.5), [[2.5, 2.0], [1.0, 1.0]])
    np.testing.assert_array_equal(kink.neurons([1]).value(theta[:, [1]]), [6])
    one_for_all = L1.of_weights(1.0, p=1, n_parameters=2)
    assert one_for_all.neurons([1]) is one_for_all


@given(NUMBERS, st.floats(0.01, 1e3), STRENGTHS, st.sampled_from([0.0, 1.0, -2.0]))
def test_the_least_slope_is_how_fast_a_step_down_can_lower_j(slope, curvature, strength, theta):
    """Measured on both sides: where J rises both ways it is 0."""
    kink, t = L1(np.array([[strength]])), 1e-7
    here, g = np.array([[theta]]), np.array([[slope]])
    down = max(
        -(way * slope * t + strength * (abs(theta + way * t) - abs(theta))) / t for way in (-1, 1)
    )  # of the part that is not curved
    assert abs(kink.least_slope(here, g)[0, 0]) == pytest.approx(max(down, 0), abs=1e-5 * (1 + strength + abs(slope)))


@given(NUMBERS, st.floats(0.01, 1e3), STRENGTHS, st.floats(-10, 10))
def test_the_squared_decrement_is_twice_the_fall_to_the_floor_of_a_parabola(slope, curvature, strength, theta):
    kink = L1(np.array([[strength]]))
    squared = kink.squared_decrement(*columns([theta], [slope], [curvature]))[0, 0]
    floor = theta - slope / curvature
    places = np.concatenate([np.linspace(-1, 1, 401) * (abs(floor) + abs(theta) + 1), [0.0, theta]])
    places = np.append(places, np.sign(floor) * max(abs(floor) - strength / curvature, 0))
    away = places - theta
    lowest = (slope * away + curvature * away**2 / 2 + strength * (np.abs(places) - abs(theta))).min()
    size = slope**2 / curvature + strength * (abs(theta) + abs(floor)) + curvature * theta**2
    assert squared == pytest.approx(-2 * lowest, rel=1e-9, abs=1e-12 * size + np.finfo(float).tiny)


def test_without_curvature_the_decrement_has_no_end_where_something_pulls():
    kink = L1(np.array([[1.0]] * 3))
    squared = kink.squared_decrement(*columns([0, 0, 2], [0.5, 1.5, -1.0], [0, 0, 0]))
    np.testing.assert_array_equal(squared[:, 0], [0, np.inf, 0])


@given(st.lists(st.tuples(NUMBERS, NUMBERS, st.floats(0.01, 1e3)), min_size=1, max_size=9))
def test_kinks_of_no_strength_are_smooth(numbers):
    theta, g, h = columns(*zip(*numbers, strict=True))
    kink = L1(np.zeros_like(theta))
    np.testing.assert_array_equal(kink.prox(theta, 2.0), SMOOTH.prox(theta, 2.0))
    np.testing.assert_array_equal(kink.least_slope(theta, g), SMOOTH.least_slope(theta, g))
    # of g h^-1 g one is rounded otherwise than the other, and theta - g / h loses what theta is more
    size = 1e-9 * (g**2 / h + h * theta**2).max() + np.finfo(float).tiny
    np.testing.assert_allclose(kink.squared_decrement(theta, g, h), SMOOTH.squared_decrement(theta, g, h), 1e-6, size)
    assert (kink.value(theta) == SMOOTH.value(theta)).all()


@given(st.lists(st.tuples(st.sampled_from([0.0, 1.0, -3.0]), st.floats(-5, 5)), min_size=1, max_size=6))
def test_slopes_on_both_sides_are_those_that_are_measured(numbers):
    theta, heading = columns(*zip(*numbers, strict=True))
    kink, t = L1(np.full_like(theta, 2.0)), 1e-6
    before, behind = kink.slopes_along(theta, heading)
    assert behind == pytest.approx((kink.value(theta + t * heading) - kink.value(theta)) / t, abs=1e-7)
    assert before == pytest.approx((kink.value(theta) - kink.value(theta - t * heading)) / t, abs=1e-7)
