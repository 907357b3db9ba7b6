"""Every equation of one neuron against an oracle that computes it in another way."""

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import scipy.sparse as sp
import scipy.stats
from conftest import fourth_order
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit
from sklearn import metrics

from sklearn_neuron.neuron import (
    bernoulli,
    curvature,
    example_loss,
    likelihood,
    linear_score,
    log_likelihood,
    log_loss,
    loss_and_residual,
    loss_slope,
    residual,
    score_slope,
    sigmoid,
    sigmoid_slope,
)

EPS = np.finfo(float).eps
SCORES = [0.0, 1e-300, 1e-9, 0.1, 1.0, 5.0, 20.0, 36.8, 40.0, 100.0, 232.8, 700.0, 710.0, 740.0, 745.2, 1000.0]
SCORES = [*(-z for z in SCORES), *SCORES]
any_score = st.floats(-1000, 1000)
truth = st.integers(0, 1)

# Functions of scores and truths, elementwise; beliefs where the seed starts from beliefs.
ELEMENTWISE = {
    "sigmoid": lambda z, y: sigmoid(z),
    "bernoulli": lambda z, y: bernoulli(sigmoid(z), y),
    "example_loss": example_loss,
    "sigmoid_slope": lambda z, y: sigmoid_slope(z),
    "loss_slope": lambda z, y: loss_slope(sigmoid(z), y),
    "residual": residual,
    "curvature": lambda z, y: curvature(z),
    "loss_and_residual[0]": lambda z, y: loss_and_residual(z, y)[0],
    "loss_and_residual[1]": lambda z, y: loss_and_residual(z, y)[1],
}


def near(expected, rel):
    """Equal to a relative tolerance only (pytest's own would add an absolute 1e-12)."""
    return pytest.approx(expected, rel=rel, abs=0)


def ulps(found, exact):
    """Distance in units of the last place: relative where floats are normal, fair where they are subnormal."""
    exact = np.float64(exact)
    return abs(np.float64(found) - exact) / np.spacing(abs(exact))


def exact_belief(z):
    """sigma(z) in mpmath, from the equation as the seed prints it; 500 digits hold exp(-1000)."""
    return 1 / (1 + mpmath.exp(-mpmath.mpf(float(z))))


def exact_loss(z, y):
    """-[y log a + (1 - y) log(1 - a)], as the seed prints it."""
    a = exact_belief(z)
    return -(y * mpmath.log(a) + (1 - y) * mpmath.log(1 - a))


# The linear score -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [np.asarray, np.asfortranarray, sp.csr_array, sp.csc_array])
def test_the_linear_score_is_the_sum_of_weights_times_features_plus_the_bias(rng, form):
    X, w, b = rng.normal(1, 3, (40, 7)), rng.normal(size=7), 0.3
    found = linear_score(form(X), w, b)
    for z, x in zip(found, X, strict=True):
        exact = sum((Fraction(xj) * Fraction(wj) for xj, wj in zip(x, w, strict=True)), Fraction(b))
        size = math.fsum([abs(b), *np.abs(x * w)])
        assert abs(z - float(exact)) <= 8 * EPS * size  # eight additions, each rounds to eps of the largest sum


@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=2), st.integers(-1000, 1000))
def test_the_linear_score_of_whole_numbers_is_exact(x, b):
    X, w = np.array([x], dtype=float), np.array([3.0, -7.0])
    assert linear_score(X, w, b)[0] == 3 * x[0] - 7 * x[1] + b


def test_neurons_side_by_side_score_as_they_would_alone(rng):
    X, W, b = rng.normal(size=(30, 4)), rng.normal(size=(4, 3)), rng.normal(size=3)
    together = linear_score(X, W, b)
    assert together.shape == (30, 3)
    alone = np.column_stack([linear_score(X, W[:, k], b[k]) for k in range(3)])
    # BLAS may add in another order: eps times the longest row, not relative to scores that happen to be near 0
    np.testing.assert_allclose(together, alone, rtol=0, atol=8 * EPS * np.abs(alone).max())


# The belief -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("z", SCORES)
def test_sigmoid_agrees_with_scipy_and_mpmath(z):
    with mpmath.workdps(500):
        exact = float(exact_belief(z))
    assert ulps(sigmoid(z), exact) <= 3  # exp, sum and quotient round once each
    if exact >= np.finfo(float).tiny:
        assert sigmoid(z) == near(expit(z), rel=1e-15)  # expit rounds as often


@given(any_score)
def test_sigmoid_agrees_with_mpmath_anywhere(z):
    with mpmath.workdps(500):
        assert ulps(sigmoid(z), float(exact_belief(z))) <= 3  # exp, sum and quotient round once each


@given(st.floats(-30, 30))
def test_the_belief_in_the_other_class_is_the_rest(z):
    # both lie in [0, 1] and round at eps / 2 of 1 at most, as does their sum
    assert abs(sigmoid(-z) - (1 - sigmoid(z))) <= 1.5 * EPS


@pytest.mark.parametrize("z", [z for z in SCORES if z > 0])
def test_the_belief_in_the_other_class_has_all_its_digits(z):
    with mpmath.workdps(500):
        assert ulps(sigmoid(-z), float(1 - exact_belief(z))) <= 3  # as above; 1 - sigmoid(z) has none beyond 37


def test_a_small_belief_in_the_far_tail_has_all_its_digits():
    assert sigmoid(-232.8) == near(7.874892118601447e-102, rel=1e-15)  # mpmath, 40 digits
    assert sigmoid(232.8) == 1


@given(st.floats(-700, 25), st.floats(1e-3, 10))
def test_a_higher_score_is_a_stronger_belief(z, more):
    # up to 25 + 10 a step of 1e-3 from 25 lifts the belief by 1e-14, far above rounding
    assert sigmoid(z) < sigmoid(z + more)


@given(st.floats(allow_nan=False))
def test_a_belief_is_a_probability(z):
    assert 0 <= sigmoid(z) <= 1


def test_scores_without_end_are_certainty():
    assert sigmoid([-np.inf, np.inf]).tolist() == [0, 1]
    assert example_loss([-np.inf, np.inf], [0, 1]).tolist() == [0, 0]
    assert np.isnan(sigmoid(np.nan))
    assert np.isnan(loss_and_residual(np.nan, 1)).all()


@given(st.floats(-1e20, 1e20).filter(lambda z: abs(z) > 1e-14))
def test_the_neuron_decides_for_class_1_where_the_belief_is_above_a_half(z):
    # closer to 0 than 1e-14 the belief may round to the half itself
    assert (sigmoid(z) > 0.5) == (z > 0)


def test_at_a_half_the_neuron_hesitates():
    assert sigmoid(0.0) == 0.5
    assert bernoulli(0.5, 0) == bernoulli(0.5, 1)
    assert residual(0.0, 1) == -residual(0.0, 0) == -0.5
    assert sigmoid_slope(0.0) == 0.25 > sigmoid_slope([-0.1, 0.1]).max()  # steepest in doubt
    assert log_loss([0.0, 0.0, 0.0], [0, 1, 1]) == near(math.log(2), rel=EPS)


# Bernoulli ------------------------------------------------------------------------------------------------


@given(st.floats(0, 1), truth)
def test_bernoulli_is_the_equation_of_the_seed(a, y):
    assert bernoulli(a, y) == a**y * (1 - a) ** (1 - y)  # an exponent of 0 or 1 rounds nothing
    assert bernoulli(a, 0) + bernoulli(a, 1) == near(1, rel=EPS)


@given(st.floats(0.01, 0.99), truth)
def test_bernoulli_agrees_with_scipy(a, y):
    assert bernoulli(a, y) == near(scipy.stats.bernoulli.pmf(y, a), rel=1e-14)  # by exp and log, of -4.6 at least


def test_it_is_89_percent_sure_that_the_plant_is_toxic():
    z = math.log(0.89 / 0.11)
    assert sigmoid(z) == near(0.89, rel=1e-15)  # log and exp cancel to the last bit or two
    assert bernoulli(0.89, 1) == 0.89
    assert bernoulli(0.89, 0) == near(0.11, rel=1e-15)
    assert likelihood([0.89], [1]) == 0.89
    assert example_loss(z, 1) == near(-math.log(0.89), rel=1e-14)  # 0.89 near 1: its log magnifies by 9


# The likelihood -------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.floats(0.01, 0.99), truth), min_size=1, max_size=100))
def test_likelihood_is_the_product_of_all_plausibilities(plants):
    a, y = zip(*plants, strict=True)
    expected = math.prod(belief if toxic else 1 - belief for belief, toxic in plants)
    found = likelihood(a, y)
    assert type(found) is float
    assert found == near(expected, rel=2 * EPS * len(plants))  # a rounding a factor, on both sides


def test_the_likelihood_rises_with_every_right_guess_and_falls_with_every_wrong_one():
    truths = [1, 1, 0]
    usual = likelihood([0.6, 0.6, 0.4], truths)
    assert likelihood([0.9, 0.6, 0.4], truths) > usual
    assert likelihood([0.6, 0.6, 0.1], truths) > usual
    assert likelihood([0.1, 0.6, 0.4], truths) < usual


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_likelihood_of_many_plants_is_silence_and_says_so(dtype):
    with pytest.warns(RuntimeWarning, match=r"product of 2000 probabilities .* log_likelihood\(z, y\)") as caught:
        assert likelihood(np.full(2000, 0.5, dtype=dtype), np.ones(2000)) == 0
    assert caught[0].filename == __file__
    # the choir of logarithms is heard: n log 2, rounded once per addition at most
    assert log_likelihood(np.zeros(2000), np.ones(2000)) == near(-2000 * math.log(2), rel=2000 * EPS)


def test_a_product_below_the_smallest_normal_float_is_told_too():
    with pytest.warns(RuntimeWarning, match="product of 31 probabilities"):
        assert 0 < likelihood(np.full(31, 1e-10), np.ones(31)) < np.finfo(float).tiny


def test_a_likelihood_that_really_is_zero_is_no_silence():
    assert likelihood(np.array([0.5, 1.0, 0.5]), [1, 0, 1]) == 0  # warnings are errors here


def test_a_likelihood_that_a_float_can_hold_is_no_silence():
    assert likelihood(np.full(1000, 0.5), np.ones(1000)) == 2.0**-1000


def test_beliefs_that_are_whole_numbers_have_a_likelihood():
    assert likelihood([1, 0, 1], [1, 0, 1]) == 1
    assert likelihood([1, 0, 1], [1, 0, 0]) == 0


# The logarithm --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("y", [0, 1])
@pytest.mark.parametrize("z", SCORES)
def test_the_loss_of_an_example_is_the_equation_of_the_seed(z, y):
    with mpmath.workdps(500):
        assert ulps(example_loss(z, y), float(exact_loss(z, y))) <= 3  # exp, log1p and sum round once each


@given(any_score, truth)
def test_the_loss_of_an_example_is_the_equation_of_the_seed_anywhere(z, y):
    with mpmath.workdps(500):
        assert ulps(example_loss(z, y), float(exact_loss(z, y))) <= 3  # exp, log1p and sum round once each
    assert example_loss(z, y) >= 0


@given(st.lists(st.tuples(any_score, truth), min_size=1, max_size=30))
def test_log_likelihood_is_the_sum_of_the_logarithms(plants):
    z, y = zip(*plants, strict=True)
    with mpmath.workdps(500):
        exact = float(-mpmath.fsum(exact_loss(*plant) for plant in plants))
    found = log_likelihood(z, y)
    assert type(found) is float
    assert ulps(found, exact) <= 4 * len(plants)  # terms of one sign: three roundings each, and an addition


def test_log_likelihood_is_the_logarithm_of_the_likelihood(rng):
    z, y = rng.normal(size=50), rng.integers(0, 2, 50)
    # fifty factors rounded once each, in a logarithm of about -40
    assert log_likelihood(z, y) == near(math.log(likelihood(sigmoid(z), y)), rel=1e-14)


def test_log_likelihood_adds_float32_losses_in_float64(rng):
    z, y = rng.normal(size=10_000).astype(np.float32), rng.integers(0, 2, 10_000)
    exact = -math.fsum(example_loss(z, y).tolist())
    assert log_likelihood(z, y) == near(exact, rel=1e-12)  # in float32 it would be 1e-7


def test_log_loss_is_minus_the_mean_of_the_log_likelihood(rng):
    z, y = rng.normal(size=77), rng.integers(0, 2, 77)
    assert log_loss(z, y) == near(-log_likelihood(z, y) / 77, rel=77 * EPS)  # a rounding an addition
    assert log_loss(z, y) == near(metrics.log_loss(y, expit(z)), rel=1e-13)  # log(a) magnifies near a = 1


def test_log_loss_with_shares_is_the_weighted_mean(rng):
    z, y = rng.normal(size=60), rng.integers(0, 2, 60)
    shares = rng.uniform(0.1, 2, 60)
    shares /= shares.sum()
    expected = metrics.log_loss(y, expit(z), sample_weight=shares)
    assert log_loss(z, y, shares) == near(expected, rel=1e-13)  # log(a) magnifies near a = 1
    assert log_loss(z, y, shares.tolist()) == log_loss(z, y, shares)
    assert log_loss(z, y, np.full(60, 1 / 60)) == near(log_loss(z, y), rel=60 * EPS)
    assert log_loss(z, y, shares) != near(log_loss(z, y), rel=1e-3)  # the shares were not equal


def test_log_loss_of_wild_scores_with_shares_agrees_with_mpmath(rng):
    z, y, shares = rng.uniform(-1000, 1000, 50), rng.integers(0, 2, 50), rng.dirichlet(np.ones(50))
    with mpmath.workdps(500):
        total = mpmath.fsum(mpmath.mpf(s) for s in shares)
        terms = (mpmath.mpf(s) * exact_loss(zi, int(yi)) for s, zi, yi in zip(shares, z, y, strict=True))
        exact = float(mpmath.fsum(terms) / total)
    assert log_loss(z, y, shares) == near(exact, rel=50 * EPS)  # terms of one sign, fifty additions


def test_log_loss_of_a_sure_and_right_neuron_keeps_its_digits():
    exact = float(mpmath.exp(-300))
    assert log_loss([300.0, -300.0], [1, 0]) == near(exact, rel=4 * EPS)


def test_sure_and_wrong_is_dear():
    wrong = example_loss([-1.0, -10.0, -100.0, -1000.0], 1)
    assert (np.diff(wrong) > 8).all()
    np.testing.assert_allclose(wrong[2:], [100, 1000], rtol=1e-15)  # log(1 + exp(m)) = m, without end
    assert example_loss(-10.0, 1) > 100_000 * example_loss(10.0, 1)


def test_unsure_and_right_costs_a_little():
    uncertain = example_loss(math.log(0.6 / 0.4), 1)
    assert 0.5 < uncertain < math.log(2)
    assert example_loss(10.0, 1) < uncertain < example_loss(-10.0, 1) / 19


@given(any_score, truth)
def test_swapping_the_classes_negates_the_residual_and_keeps_the_loss(z, y):
    assert residual(-z, 1 - y) == -residual(z, y)
    assert example_loss(-z, 1 - y) == example_loss(z, y)


scores_of_plants = st.lists(st.floats(-50, 50), min_size=8, max_size=8)


@given(scores_of_plants, scores_of_plants, st.floats(0, 1), st.integers(0, 255))
def test_the_log_loss_is_convex_along_lines(start, end, t, bits):
    y = [bits >> i & 1 for i in range(8)]
    start, end = np.array(start), np.array(end)
    chord = (1 - t) * log_loss(start, y) + t * log_loss(end, y)
    # a score rounded at 150 eps changes a loss by as much, relatively, for |d loss/dz| <= loss; sums by 10 eps more
    assert log_loss((1 - t) * start + t * end, y) <= chord * (1 + 200 * EPS)


# The chain rule -------------------------------------------------------------------------------------------


def test_a_score_answers_to_a_weight_through_its_feature(rng):
    X, w = rng.normal(size=(20, 3)), rng.normal(size=3)
    for j in range(3):
        slope = fourth_order(lambda t, j=j: linear_score(X, w + t * np.eye(3)[j], 0.5), 0.0)
        # a line: no truncation; differences of numbers near 5 over 1e-3 leave eps 5 / 1e-3
        np.testing.assert_allclose(score_slope(X)[:, j], slope, rtol=0, atol=1e-11)
    bias = fourth_order(lambda b: linear_score(X, w, b), 0.5)
    np.testing.assert_allclose(bias, 1, rtol=1e-11)


@pytest.mark.parametrize("form", [np.asarray, np.asfortranarray])
def test_the_slope_of_the_score_is_x_itself_and_no_copy(rng, form):
    X = form(rng.normal(size=(5, 2)))
    assert np.shares_memory(score_slope(X), X)
    assert score_slope(X).flags.c_contiguous == X.flags.c_contiguous


def test_the_slope_of_sparse_scores_stays_sparse(rng):
    X = sp.csr_array(rng.normal(size=(5, 2)))
    assert np.shares_memory(score_slope(X).data, X.data)


def test_sigmoid_slope_is_the_slope_of_the_sigmoid():
    z = np.linspace(-20, 4, 49)
    # truncation h^4 / 30 = 3e-14; rounding eps a / (h a (1 - a)), worst at z = 4: 2e-16 / 1e-3 / 0.018 = 1e-11
    np.testing.assert_allclose(sigmoid_slope(z), fourth_order(sigmoid, z), rtol=1e-10)


@pytest.mark.parametrize("y", [0, 1])
def test_loss_slope_is_the_slope_of_minus_log_probability(y):
    a = np.linspace(0.1, 0.9, 33)
    slope = fourth_order(lambda a: -np.log(bernoulli(a, y)), a, h=1e-4)
    # truncation h^4 / 30 of a fifth derivative of 24 / a^5: 8e-17 / a^4, 1e-12; rounding eps 2.3 / h = 5e-12
    np.testing.assert_allclose(loss_slope(a, y), slope, rtol=2e-11)


@pytest.mark.parametrize("y", [0, 1])
def test_residual_is_the_slope_of_the_loss(y):
    z = np.linspace(-15, 15, 61)
    # right side: all derivatives are like the loss itself, eps / h = 1e-12; wrong side: eps 15 / 1e-3 = 3e-12
    np.testing.assert_allclose(residual(z, y), fourth_order(lambda z: example_loss(z, y), z), rtol=3e-11)


@pytest.mark.parametrize("y", [0, 1])
def test_curvature_is_the_slope_of_the_residual(y):
    z = np.linspace(-4, 20, 49) if y else np.linspace(-20, 4, 49)
    # as for the sigmoid: on the wrong side the residual is near 1 and its slope 0.018
    np.testing.assert_allclose(curvature(z), fourth_order(lambda z: residual(z, y), z), rtol=1e-10)


@given(st.floats(-10, 10), truth)
def test_the_links_of_the_chain_multiply_to_the_residual(z, y):
    chained = loss_slope(sigmoid(z), y) * sigmoid_slope(z)
    # 1 - a has lost eps / (1 - a) <= eps e^10 = 5e-12 of its digits
    assert chained == near(residual(z, y), rel=1e-11)


def test_the_chain_ends_in_the_gradient_of_j(rng):
    X, w, b = rng.normal(1, 2, (40, 3)), rng.normal(size=3), 0.2
    y, shares = rng.integers(0, 2, 40), rng.dirichlet(np.ones(40))
    z = linear_score(X, w, b)
    slope = shares * loss_slope(sigmoid(z), y) * sigmoid_slope(z)
    by_chain = [*(slope @ score_slope(X)), slope.sum()]

    def J(t, j):
        change = t * np.eye(4)[j]
        return log_loss(linear_score(X, w + change[:3], b + change[3]), y, shares)

    for j in range(4):
        # truncation h^4 x^5 / 30 = 1e-10 of x = 5; rounding eps / h = 1e-12, both beside slopes near 0.1
        assert by_chain[j] == near(fourth_order(lambda t, j=j: J(t, j), 0.0, h=3e-4), rel=1e-9)


@given(any_score, truth)
def test_residual_is_a_minus_y_with_every_digit(z, y):
    with mpmath.workdps(500):
        assert ulps(residual(z, y), float(exact_belief(z) - y)) <= 3  # exp, sum and quotient round once each


def test_nothing_cancels_where_the_belief_is_near_the_truth():
    assert residual(40.0, 1) == near(-4.248354255291589e-18, rel=1e-15)  # a - y in floats is 0
    assert residual(-232.8, 0) == near(7.874892118601447e-102, rel=1e-15)
    assert example_loss(40.0, 1) == near(4.248354255291589e-18, rel=1e-15)


@given(any_score)
def test_sigmoid_slope_is_a_times_1_minus_a_with_every_digit(z):
    with mpmath.workdps(500):
        a = exact_belief(z)
        assert ulps(sigmoid_slope(z), float(a * (1 - a))) <= 5  # exp, sum, square (twice the sum) and quotient
    assert curvature(z) == sigmoid_slope(z)


@pytest.mark.parametrize("z", [1e20, 1e300])
def test_the_largest_scores_overflow_nothing(z):
    assert example_loss([z, -z, z, -z], [1, 0, 0, 1]).tolist() == [0, 0, z, z]
    assert residual([z, -z, z, -z], [1, 0, 0, 1]).tolist() == [0, 0, 1, -1]
    assert sigmoid([z, -z]).tolist() == [1, 0]
    assert sigmoid_slope([z, -z]).tolist() == [0, 0]


def test_certain_and_wrong_has_a_slope_without_end_and_numpy_says_so():
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        assert loss_slope([0.0, 1.0], [1, 0]).tolist() == [-np.inf, np.inf]
    assert loss_slope([1.0, 0.0], [1, 0]).tolist() == [-1, 1]


# What goes in, what comes out -----------------------------------------------------------------------------


@pytest.mark.parametrize("truths", [bool, np.int64, np.float32, np.float64])
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_float32_in_is_float32_out(rng, name, truths):
    z, y = rng.uniform(-5, 5, 200).astype(np.float32), rng.integers(0, 2, 200)
    found = ELEMENTWISE[name](z, y.astype(truths))
    assert found.dtype == np.float32
    # 1 - a has lost eps32 / 2 of 1 where it is e^-5, 9e-6 of itself; all else is rounded a few times
    np.testing.assert_allclose(found, ELEMENTWISE[name](z.astype(float), y), rtol=2e-5)


@pytest.mark.parametrize("name", ["sigmoid", "example_loss", "sigmoid_slope", "residual", "curvature"])
def test_float32_tails_have_all_their_digits(name):
    z = np.linspace(-85, 85, 341, dtype=np.float32)
    for y in (0, 1):
        exact = ELEMENTWISE[name](z.astype(float), y)
        np.testing.assert_allclose(ELEMENTWISE[name](z, y), exact, rtol=1e-6)  # five roundings, exp two ulps


@pytest.mark.parametrize("form", [np.asarray, sp.csr_array])
def test_float32_examples_have_float32_scores(rng, form):
    X, w, b = (part.astype(np.float32) for part in (rng.normal(size=(9, 3)), rng.normal(size=3), rng.normal(size=1)))
    assert linear_score(form(X), w, b[0]).dtype == np.float32
    assert linear_score(form(X), w, 0.5).dtype == np.float32
    assert score_slope(form(X)).dtype == np.float32


@pytest.mark.parametrize("truths", [bool, np.int64, np.float32])
def test_means_do_not_care_for_the_type_of_the_truths(rng, truths):
    z, y = rng.normal(size=30), rng.integers(0, 2, 30)
    assert log_loss(z, y.astype(truths)) == log_loss(z, y)
    assert log_likelihood(z, y.astype(truths)) == log_likelihood(z, y)
    assert likelihood(sigmoid(z), y.astype(truths)) == likelihood(sigmoid(z), y)
    assert type(log_loss(z.astype(np.float32), y)) is float


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_what_is_read_is_not_written(rng, name):
    z, y = rng.normal(size=20), rng.integers(0, 2, 20)
    z.flags.writeable = y.flags.writeable = False  # NumPy refuses to write
    found = ELEMENTWISE[name](z, y)
    assert not np.shares_memory(found, z)
    assert not np.shares_memory(found, y)


def test_the_means_and_the_score_write_nothing_either(rng):
    X, w, z, y = rng.normal(size=(20, 2)), rng.normal(size=2), rng.normal(size=20), rng.random(20) < 0.5
    shares = np.full(20, 0.05)
    for array in (X, w, z, y, shares):
        array.flags.writeable = False
    for number in (linear_score(X, w, 1.0)[0], log_loss(z, y, shares), log_likelihood(z, y), likelihood(sigmoid(z), y)):
        assert np.isfinite(number)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_neurons_side_by_side_are_neurons_alone(rng, name):
    z, y = rng.normal(0, 5, (30, 4)), rng.integers(0, 2, (30, 4))
    together = ELEMENTWISE[name](z, y)
    assert together.shape == (30, 4)
    alone = np.column_stack([ELEMENTWISE[name](z[:, k], y[:, k]) for k in range(4)])
    # exp of a strided column may take another path of NumPy, an ulp apart; 1 - a at z = 15 has 5e9 eps of its digits
    np.testing.assert_allclose(together, alone, rtol=1e-14 if name not in ("bernoulli", "loss_slope") else 1e-8)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_lists_and_numbers_are_welcome(name):
    z, y = [-2.0, 0.0, 3.0], [1, 0, 1]
    from_arrays = ELEMENTWISE[name](np.array(z), np.array(y))
    np.testing.assert_array_equal(ELEMENTWISE[name](z, y), from_arrays)
    alone = [ELEMENTWISE[name](*plant) for plant in zip(z, y, strict=True)]
    assert {np.ndim(number) for number in alone} == {0}
    np.testing.assert_allclose(alone, from_arrays, rtol=4 * EPS)  # scalar exp may be an ulp from NumPy's loop
    np.testing.assert_array_equal(ELEMENTWISE[name]([-2, 0, 3], y), from_arrays)  # whole scores


def test_means_of_lists_and_numbers_are_welcome():
    assert log_loss([1.0, -1.0], [1, 1]) == log_loss(np.array([1.0, -1.0]), np.array([1, 1]))
    assert log_likelihood([1.0, -1.0], [True, False]) == near(2 * log_likelihood(1.0, 1), rel=EPS)
    assert likelihood(0.25, 1) == likelihood([0.25], [1]) == 0.25


def test_one_exponential_gives_loss_and_residual_at_once(rng):
    z, y = rng.normal(0, 10, (20, 2)), rng.integers(0, 2, (20, 2))
    loss, slope = loss_and_residual(z, y)
    np.testing.assert_array_equal(loss, example_loss(z, y))
    np.testing.assert_array_equal(slope, residual(z, y))
