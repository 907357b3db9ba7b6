"""The lowest place of a parabola with kinks: every sign tried, or no slope left."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sklearn_neuron.penalties import L1
from sklearn_neuron.solvers import kinked_parabola
from sklearn_neuron.solvers.kinked_parabola import Curvature, lowest


def fall(H, g, u, strengths, v):
    away = v - u
    return -(g @ away + away @ H @ away / 2 + strengths @ (np.abs(v) - np.abs(u)))


def problem(seed, a, n, kind="as it comes"):
    """H of n examples, so that it is singular if a is more; g that such examples have somewhere."""
    rng = np.random.default_rng(seed)
    A = rng.normal(size=(n, a))
    if kind == "twins":
        A[:, a // 2 :] = A[:, : a - a // 2]
    if kind == "alike":
        A += 5 * rng.normal(size=(n, 1))
    if kind == "heaped":
        A = np.cumsum(A, axis=1) / 3
    if kind == "empty":
        A *= rng.random(a) < 0.7
    H, u = A.T @ A / n, rng.normal(size=a) * (rng.random(a) < rng.random())
    g = A.T @ rng.normal(size=n) / n - H @ u * rng.random()
    strengths = np.full(a, max(np.abs(g).max(), 1e-3) * 10 ** rng.uniform(-4, 0))
    return H, g, u, strengths


def by_all_signs(H, g, u, strengths):
    """The most that it falls: of each choice of signs, to where its slopes vanish."""
    best = 0.0
    for signs in product([-1, 0, 1], repeat=len(g)):
        sign = np.array(signs)
        which, v = np.flatnonzero(sign), np.zeros(len(g))
        slope = (H @ -u + g + strengths * sign)[which]
        v[which] = np.linalg.lstsq(H[np.ix_(which, which)], -slope, rcond=None)[0]
        if (v * sign >= 0).all():
            best = max(best, fall(H, g, u, strengths, v))
    return best


@given(st.integers(0, 2**32), st.integers(1, 5))
def test_it_is_where_the_best_of_all_signs_leads(seed, a):
    H, g, u, strengths = problem(seed, a, 8)
    v = lowest(Curvature(H), g, u, strengths, exactness=1e-12)
    assert fall(H, g, u, strengths, v) == pytest.approx(by_all_signs(H, g, u, strengths), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("kind", ["as it comes", "twins", "alike", "heaped", "empty"])
@pytest.mark.parametrize("free", [False, True])
def test_no_slope_is_left(kind, free):
    """However singular: what is left could not lower it by more than 1e-8 of what it has fallen."""
    for seed in range(60):
        H, g, u, strengths = problem(seed, *np.random.default_rng(seed).integers(1, 90, size=2), kind)
        strengths[-1] *= not (free and kind != "empty")
        v = lowest(Curvature(H), g, u, strengths, exactness=1e-10)
        slope = L1(strengths).least_slope(v, g + H @ (v - u))
        left = (slope**2 / np.maximum(H.diagonal(), 1e-12)).sum()
        assert left <= 1e-8 * max(fall(H, g, u, strengths, v), 1e-12)


@given(st.integers(0, 2**32), st.integers(1, 30), st.sampled_from(["as it comes", "twins", "heaped"]))
def test_every_step_falls(seed, a, kind):
    H, g, u, strengths = problem(seed, a, 20, kind)
    curvature, kink, v = Curvature(H), L1(strengths), u
    for _ in range(4):
        slope_here = g + H @ (v - u)
        slope = kink.least_slope(v, slope_here)
        if not slope.any():
            break
        moved, bend, promised = kinked_parabola._step(curvature, kink, curvature.diagonal, v, slope_here, slope)
        fallen = fall(H, g, u, strengths, v + moved) - fall(H, g, u, strengths, v)
        size = abs(fall(H, g, u, strengths, v)) + H.max()
        assert fallen >= -1e-12 * size
        assert promised == pytest.approx(fallen, abs=1e-9 * size)
        np.testing.assert_allclose(bend, H @ moved, atol=1e-9 * size)
        v = v + moved


def test_few_steps_from_where_it_last_was():
    """Signs that are those of the floor are not guessed again: what changes a little is solved in one or two."""
    H, g, u, strengths = problem(3, 80, 200)
    v = lowest(Curvature(H), g, u, strengths, exactness=1e-12)
    steps = []
    whole = kinked_parabola._step
    kinked_parabola._step = lambda *args: steps.append(1) or whole(*args)
    try:
        again = lowest(Curvature(H * 1.001), g + H @ (v - u), v, strengths, exactness=1e-12)
    finally:
        kinked_parabola._step = whole
    assert len(steps) <= 2
    np.testing.assert_array_equal(np.sign(again), np.sign(v))
