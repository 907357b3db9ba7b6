"""Answers on inputs that nobody here had in mind, judged by an oracle in long double; and can that judge be trusted?"""

import warnings

import mpmath
import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning

from benchmarks.judge import Bench, ask, judge, parse, turned, verdict
from benchmarks.judge import main as judge_many
from benchmarks.minimum import LONG, factored, minimum
from benchmarks.random_fits import Fit, draw
from sklearn_neuron import SigmoidNeuronClassifier

SEED, CASES, NUMBERS = 13, 200, 10_000  # small tables: half a minute for all

needs_long_double = pytest.mark.skipif(np.finfo(LONG).nmant < 63, reason="long double is double on this machine")


@needs_long_double
@pytest.mark.parametrize("first", range(0, CASES, 20))
def test_answers_keep_their_promise(first):
    told = []
    for number in range(first, first + 20):
        found = verdict(draw(SEED, number, NUMBERS))
        told += [f"--seed {SEED} --only {number} --numbers {NUMBERS}: {f.kind}: {f.told}" for f in found.faults]
    assert not told, "python -m benchmarks.judge " + "\n".join(told)


ONCE_WRONG = {  # and said to be right
    "an example that grows sure hides the others from Newton": ["2:388", "7:133"],
    "no direction that conjugate gradients met was so flat": ["7:184"],
    "one row is the measure of all others": ["33:74"],
    "an example left out makes one slope outweigh all others": ["52:1075"],
    "most columns hold no number, and the bias no digits": ["52:295"],
    "a product with H is all rounding where H bends little": ["52:1344", "37:635"],
    "slopes are flatter than when the metric was learned": ["41:562"],
    "without a bias features far from zero make one direction outweigh all others": ["35:527"],
    "more digits are asked for than a learned metric has": ["31:348"],
    "an example of next to no weight is on the wrong side": ["32:452", "32:507"],
}


@needs_long_double
@pytest.mark.parametrize("name", [name for names in ONCE_WRONG.values() for name in names])
def test_what_was_wrong_once_is_right(name):
    seed, number = map(int, name.split(":"))
    assert not verdict(draw(seed, number)).faults


def a_fit(n=200, p=3, separated=False, **options):
    rng = np.random.default_rng(3)
    X = rng.normal(size=(n, p))
    y = (X[:, 0] > 0 if separated else X[:, 0] + rng.logistic(size=n) > 0).astype(int)
    return Fit("by hand", X, y, None, {"C": 1.0, "solver": "newton"} | options, "")


def kinds(fit, make=SigmoidNeuronClassifier):
    bench = Bench(fit)
    return {fault.kind for fault in judge(bench, fit, ask(fit, make))}


class Changed(SigmoidNeuronClassifier):
    """Weights a little off, and what was recorded with them."""

    by = 1e-3

    def fit(self, X, y, sample_weight=None):
        super().fit(X, y, sample_weight)
        self.coef_ = self.coef_ + self.by
        self.loss_curve_ = np.append(self.loss_curve_[:-1], self.objective(X, y).at(self.theta()).loss)
        return self

    def theta(self):
        return np.r_[self.coef_[0], self.intercept_][:, None]


class Forgetful(Changed):
    """Weights a little off what was recorded."""

    def fit(self, X, y, sample_weight=None):
        SigmoidNeuronClassifier.fit(self, X, y, sample_weight)
        self.coef_ = self.coef_ + 1e-3
        return self


class Liar(SigmoidNeuronClassifier):
    """Never warns, always says that it has arrived."""

    def fit(self, X, y, sample_weight=None):
        with warnings.catch_warnings(action="ignore"):
            super().fit(X, y, sample_weight)
        self.converged_ = True
        return self


class Climber(Liar):
    """Ends where the walk was last, however high."""

    def fit(self, X, y, sample_weight=None):
        super().fit(X, y, sample_weight)
        self.coef_ = self.coef_ + 1e3
        return self


class Silent(Liar):
    """Never warns, and knows better."""

    def fit(self, X, y, sample_weight=None):
        super().fit(X, y, sample_weight)
        self.converged_ = False
        return self


class Grumbling(SigmoidNeuronClassifier):
    def fit(self, X, y, sample_weight=None):
        warnings.warn("overflow", RuntimeWarning, stacklevel=2)
        return super().fit(X, y, sample_weight)


class Failing(SigmoidNeuronClassifier):
    def fit(self, X, y, sample_weight=None):
        raise np.linalg.LinAlgError("Singular matrix")


class Refusing(SigmoidNeuronClassifier):
    def fit(self, X, y, sample_weight=None):
        raise ValueError("too large; use solver='lbfgs'")


class Elsewhere(SigmoidNeuronClassifier):
    """Predicts something else than it learned."""

    def decision_function(self, X):
        return super().decision_function(X) + 0.1


@needs_long_double
@pytest.mark.parametrize(
    ("make", "options", "kind"),
    [
        (Changed, {}, "gap above the promise"),
        (Liar, {"max_iter": 1}, "gap above the promise"),
        (Liar, {"max_iter": 1, "solver": "gd"}, "the estimate by the diagonal is above tol"),
        (Climber, {}, "arrived above where it began"),
        (Liar, {"C": np.inf, "separated": True}, "separated classes, no penalty, nothing said"),
        (Silent, {}, "converged_ and warnings disagree"),
        (Forgetful, {}, "the recorded J is not J at coef_"),
        (Elsewhere, {}, "decision_function is not that of the walk"),
        (Grumbling, {}, "warns: RuntimeWarning"),
        (Failing, {}, "fails: LinAlgError"),
        (Refusing, {"solver": "auto"}, '"auto" refuses'),
    ],
)
def test_a_wrong_answer_is_caught(make, options, kind):
    assert kind in kinds(a_fit(**options), make)


@needs_long_double
@pytest.mark.parametrize("options", [{}, {"C": np.inf}, {"C": 1e-6, "tol": 1e-8}, {"max_iter": 1}, {"solver": "lbfgs"}])
def test_a_right_answer_is_not(options):
    assert not kinds(a_fit(**options))


@needs_long_double
def test_a_bias_rounded_away_is_told_apart():
    class Rounding(SigmoidNeuronClassifier):
        def fit(self, X, y, sample_weight=None):
            super().fit(X, y, sample_weight)
            self.intercept_ = self.intercept_ + 0.01
            return self

    assert "gap above the promise, by the rounding of intercept_ alone" in kinds(a_fit(), Rounding)


def fifty_digits(number):
    """A long double, exactly."""
    high = float(number)
    return mpmath.mpf(high) + mpmath.mpf(float(LONG(number) - LONG(high)))


def loss_and_decrement(X, truth, shares, penalty, theta):
    """J and the square of its Newton decrement at theta = [w, b], in mpmath from the definitions."""
    X = mpmath.matrix([[*map(fifty_digits, row), 1] for row in X])
    share, sign = [fifty_digits(s) for s in shares], [1 if t else -1 for t in truth]
    price = [fifty_digits(penalty)] * (X.cols - 1) + [0]
    theta = mpmath.matrix([fifty_digits(t) for t in theta])
    m = [s * z for s, z in zip(sign, X * theta, strict=True)]
    loss = mpmath.fsum(h * mpmath.log1p(mpmath.exp(-v)) for h, v in zip(share, m, strict=True))
    loss += mpmath.fsum(p * t**2 for p, t in zip(price, theta, strict=True)) / 2
    slope = X.T * mpmath.matrix([-h * s / (1 + mpmath.exp(v)) for h, s, v in zip(share, sign, m, strict=True)])
    slope += mpmath.matrix([p * t for p, t in zip(price, theta, strict=True)])
    bent = mpmath.diag([h / ((1 + mpmath.exp(v)) * (1 + mpmath.exp(-v))) for h, v in zip(share, m, strict=True)])
    step = mpmath.lu_solve(X.T * bent * X + mpmath.diag(price), slope)
    return loss, mpmath.fdot(slope, step)


TABLES = {
    "plain": lambda rng: rng.normal(size=(40, 3)),
    "units": lambda rng: rng.normal(size=(40, 3)) * [1e-8, 1, 1e8],
    "far": lambda rng: rng.normal(size=(40, 3)) + 1e9,
    "tails": lambda rng: rng.standard_cauchy(size=(40, 3)) ** 3,
    "twins": lambda rng: np.repeat(rng.normal(size=(40, 2)), 2, axis=1) + 1e-9 * rng.normal(size=(40, 4)),
    "wide": lambda rng: np.c_[rng.normal(size=(20, 40)), 10 ** rng.uniform(4, 9, 20)],
}


@needs_long_double
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("C", [1e-3, 1.0, 1e4])
def test_the_minimum_is_that_of_fifty_digits(rng, table, C):
    X = TABLES[table](rng)
    truth = rng.logistic(size=len(X)) + X[:, 0] > np.median(X[:, 0])
    shares = 10 ** rng.uniform(-6, 0, len(X)).astype(LONG)
    shares /= shares.sum()
    penalty = 1 / (LONG(C) * len(X))
    found = minimum(factored(X, True, True), truth, shares, penalty)
    with mpmath.workdps(50):
        loss, decrement = loss_and_decrement(X, truth, shares, penalty, [*found.weights, found.bias])
        assert 0 <= decrement <= 1e-18
        assert abs(fifty_digits(found.loss) - loss) <= 1e-18  # ten roundings of a long double
    assert found.bound <= 1e-18


@needs_long_double
def test_the_population_column_of_fifty_digits():
    rng = np.random.default_rng(0)
    W = rng.normal(size=(60, 100))
    truth = W[:, 0] + rng.logistic(size=60) > 0
    X = np.c_[W, 10 ** rng.uniform(4, 9, 60)]
    found = minimum(factored(X, True, True), truth, np.full(60, LONG(1) / 60), LONG(1) / 60)
    np.testing.assert_allclose(float(found.loss), 0.119057521989, rtol=1e-11)


@needs_long_double
@pytest.mark.parametrize(
    ("X", "truth", "separated", "recedes"),
    [
        ([-2, -1, 1, 2], [0, 0, 1, 1], True, True),
        ([-2, -1, -1, 2], [0, 0, 1, 1], False, True),  # only -1 is of both classes
        ([-2, -1, 1, 2], [0, 1, 0, 1], False, False),
        ([0, 0, 0, 0], [0, 1, 0, 1], False, False),
    ],
)
def test_where_no_minimum_exists_it_is_known(X, truth, separated, recedes):
    table = factored(np.array(X, dtype=float)[:, None], True, False)
    found = minimum(table, np.array(truth, dtype=bool), np.full(4, 0.25), 0.0)
    assert (found.separated, found.recedes) == (separated, recedes)


def test_a_draw_is_the_same_again_and_whole():
    for number in range(20):
        one, other = draw(1, number, 1000), draw(1, number, 1000)
        assert one.story == other.story
        assert repr(one.options) == repr(other.options)
        assert np.array_equal(one.dense(), other.dense())
        assert np.array_equal(one.y, other.y)
        assert np.isfinite(one.dense()).all()
        assert len(np.unique(one.y)) >= 2


def test_what_is_turned_is_the_same_problem():
    fit = a_fit(n=40, C=np.inf)
    other = turned(fit)
    losses = [Bench(one).minima[0].loss for one in (fit, other)]
    assert not np.array_equal(fit.X, other.X)
    np.testing.assert_allclose(*losses, rtol=1e-15)


def test_the_command_line_names_what_it_judged(capsys):
    found = judge_many(["--seed", "1", "--only", "5", "--numbers", "300", "--peer"])
    told = capsys.readouterr().out
    assert len(found) == 1
    assert SigmoidNeuronClassifier.__module__.split(".")[0] in told
    assert "newton-cholesky" in told
    assert parse([]).cases == 200


def test_a_convergence_warning_is_no_fault():
    answer = ask(a_fit(max_iter=1))
    assert answer.warned
    assert all(issubclass(w.category, ConvergenceWarning) for w in answer.heard)
