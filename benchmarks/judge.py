"""Are the answers right, and is it said where they are not? A judge of fits.

    python -m benchmarks.judge --cases 200 --seed 0 [--peer] [--only 17 42] [--numbers 300000]

draws fits (see :mod:`~benchmarks.random_fits`), looks up how low J can be (see :mod:`~benchmarks.minimum`), and asks of
each what its documentation promises:

* J at the coefficients *returned* is at most ``5 tol**2`` above the minimum unless a ConvergenceWarning said that it is
  not, plus what types force: the rounding of `coef_` and of J itself. The gap is computed in long double.
* `converged_` says the same as the warnings.
* The J recorded last is J at the coefficients returned, to ``tol**2 / 2``.
* What it predicts has that J too.
* Where no minimum exists, because a plane separates the classes and there is no penalty, that is said; but for examples
  still on the wrong side that together count less than ``tol**2 / 2``, and whom no walk to that tolerance can see.
* Nothing else is warned of; nothing fails but with a sentence about a parameter.
* The same fit with its rows in another order (and its columns; without a penalty, their units) keeps the promise too.

"gd" and "nesterov" estimate the decrement by the diagonal of the Hessian, and say so; they are held to that estimate,
and to a J no higher than where they began; where no minimum exists they may stop on the way to it.

A case whose minimum the oracle cannot tell well enough is set aside and counted. ``--peer`` puts ``LogisticRegression``
on the same bench, with its solvers that leave the bias unpenalised ("liblinear" does not). It makes no promise about J:
its gaps are counted, side by side with the neuron's, over the fits that have a minimum.
"""

import argparse
import contextlib
import io
import time
import warnings
from collections import Counter, defaultdict
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from sklearn_neuron import SigmoidNeuronClassifier

from .minimum import LONG, doubt, factored, log_loss, minimum
from .random_fits import NUMBERS, SLOW, draw

PROMISED = 5  # times tol**2
NAMED = (
    "C=",
    "solver",
    "learning_rate",
    "sample_weight",
    "class_weight",
    "tol",
    "max_iter",
)  # in an error that explains
PEERS = {
    "lbfgs": 10_000,
    "newton-cg": 200,
    "newton-cholesky": 1000,
}  # steps at most; newton-cg takes minutes for 10,000
QUASI = "quasi-separated: J has no minimum, but a plane leaves some examples on it"


class Bench:
    """One fit, and all that can be known about it without the package."""

    def __init__(self, fit):
        self.fit = fit
        self.y, self.weight = np.asarray(fit.y), fit.sample_weight
        counts = np.full(len(self.y), True) if self.weight is None else self.weight > 0
        self.X, self.y = fit.dense()[counts], self.y[counts]
        self.classes = np.unique(self.y)
        self.weight = np.ones(len(self.y), LONG) if self.weight is None else self.weight[counts].astype(LONG)
        self.weight = self.weight * self._by_class(fit.options.get("class_weight"))
        self.shares = self.weight / self.weight.sum()
        self.penalty = 1 / (LONG(fit.options["C"]) * self.weight.sum())
        self.has_bias = fit.options.get("fit_intercept", True)
        self.table = factored(self.X, self.has_bias, self.penalty > 0)
        told = self.classes if len(self.classes) > 2 else self.classes[1:]
        self.truths = [self.y == k for k in told]
        self.minima = [minimum(self.table, truth, self.shares, self.penalty) for truth in self.truths]
        self.u = np.finfo(self.X.dtype).eps / 2
        self.rounding = np.array([float(8 * self.u * (1 + m.loss)) for m in self.minima])  # as the neuron's docs say
        self.forced = np.array([self._forced(m) for m in self.minima])
        self.unsure = np.array([self._unsure(m, truth) for m, truth in zip(self.minima, self.truths, strict=True)])

    def _by_class(self, class_weight):
        if class_weight is None:
            return LONG(1)
        codes = np.searchsorted(self.classes, self.y)
        if class_weight == "balanced":
            each = self.weight.sum() / (len(self.classes) * np.bincount(codes, self.weight.astype(float)))
        else:
            each = np.array([class_weight[k] for k in self.classes.tolist()])
        return each[codes]

    def _forced(self, m):
        """J that the rounding of `coef_` to the type of X costs, six times its mean; the bias is float64."""
        bends = self.shares * doubt(m.margins) * doubt(-m.margins)
        X = self.table.X - ((bends @ self.table.X) / max(bends.sum(), 1e-4000) if self.has_bias else 0)
        spread = bends @ X**2 + self.penalty
        return float(self.u**2 * (spread @ m.weights**2) + LONG(2.0**-53) ** 2 * bends.sum() * m.bias**2)

    def _unsure(self, m, truth):
        """How far the oracle may be off: its bound, and what J at its own weights in the units of X says."""
        if m.recedes:
            return 0.0
        return m.bound + abs(float(self.loss(m.weights, m.bias, truth) - m.loss))

    def loss(self, weights, bias, truth):
        """J of one neuron, weights and bias in the units of X."""
        return self.loss_of(self.table.scores(weights, bias), weights, truth)

    def loss_of(self, z, weights, truth):
        """J of one neuron of given scores."""
        weights = np.asarray(weights, LONG)
        return self.shares @ log_loss(np.where(truth, z, -z)) + self.penalty * (weights @ weights) / 2

    def losses(self, coef, intercept):
        """J of all neurons."""
        return np.array([self.loss(w, b, t) for w, b, t in zip(coef, intercept, self.truths, strict=True)], LONG)

    def gaps(self, losses):
        """How far above the least, one a neuron."""
        return np.array([float(J - m.loss) for J, m in zip(losses, self.minima, strict=True)])

    def slopes(self, weights, bias, truth):
        """Gradient and diagonal of the Hessian, weights and bias last, features less their medians."""
        z = self.table.scores(weights, bias)
        m = np.where(truth, z, -z)
        r = self.shares * np.where(truth, -1, 1) * doubt(m)
        bends = self.shares * doubt(m) * doubt(-m)
        X = self.table.X + self.table.center
        g = np.append(X.T @ r + self.penalty * np.asarray(weights, LONG), r.sum() if self.has_bias else [])
        return g, np.append(bends @ X**2 + self.penalty, bends.sum() if self.has_bias else [])

    def forced_of_scores(self, z, weights, bias, truth):
        """J that scores of the type of X cost, added up in float64: to first order too, no minimum is theirs."""
        added = np.abs(self.X.astype(LONG)) @ np.abs(np.asarray(weights, LONG)) + abs(LONG(bias))
        off = 4 * self.u * np.abs(z) + 2.0**-51 * added
        return float(self.shares @ (off**2 + doubt(np.where(truth, z, -z)) * off))

    @property
    def recedes(self):
        """Whether J of a neuron has no minimum."""
        return any(m.recedes for m in self.minima)

    @property
    def separated(self):
        """Whether a plane separates the examples of a class from the others, without a penalty."""
        return any(m.separated for m in self.minima)

    def sees_separated(self, coef, intercept, tol):
        """Whether a plane separates a class, and what stands on the wrong side of the answer is nothing, or matters."""
        told = zip(self.minima, coef, intercept, self.truths, strict=True)
        scores = ((self.table.scores(w, b), truth) for m, w, b, truth in told if m.separated)
        wrong = [self.shares @ (np.where(truth, z, -z) <= 0) for z, truth in scores]
        return any(share == 0 or share > tol**2 / 2 for share in wrong)


class Fault(NamedTuple):
    """What is wrong with an answer."""

    kind: str
    told: str
    size: float = 0.0  # of a gap, in tol**2


class Answer(NamedTuple):
    """A fitted estimator and what was heard of it; None if it failed."""

    model: object
    heard: list  # of warnings
    error: Exception | None
    seconds: float

    @property
    def warned(self):
        """Whether it was said that the neuron has not arrived."""
        return any(issubclass(w.category, ConvergenceWarning) for w in self.heard)


def ask(fit, make=SigmoidNeuronClassifier):
    """Fit, and listen."""
    start = time.perf_counter()
    with warnings.catch_warnings(record=True) as heard, contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("always")
        try:
            model, error = make(**fit.options).fit(fit.X, fit.y, sample_weight=fit.sample_weight), None
        except Exception as failure:
            model, error = None, failure
    return Answer(model, heard, error, time.perf_counter() - start)


def judge(bench, fit, answer):
    """All that is wrong with an answer.

    Parameters
    ----------
    bench : Bench
        What is known about the fit.
    fit : Fit
        The fit as it was asked for, perhaps in another order than that of the bench.
    answer : Answer
        What came of it.

    Returns
    -------
    list of Fault
        Empty if nothing is.
    """
    if answer.error is not None:
        return _of_an_error(fit, answer.error)
    faults = [
        Fault(f"warns: {w.category.__name__}", str(w.message)[:90])
        for w in answer.heard
        if not issubclass(w.category, ConvergenceWarning) and "unique classes" not in str(w.message)  # scikit-learn's
    ]
    model = answer.model
    if bool(model.converged_) == answer.warned:
        faults.append(
            Fault("converged_ and warnings disagree", f"converged_ {model.converged_}, warned {answer.warned}")
        )
    losses = bench.losses(model.coef_, model.intercept_)
    if not np.isfinite(losses.astype(float)).all():
        return [*faults, Fault("coefficients are not finite", f"J {losses.astype(float).max():.3g}")]
    if not answer.warned:
        faults += _of_a_promise(bench, fit, model, losses)
    return faults + _of_the_record(bench, fit.options.get("tol", 1e-4), model, losses)


def _of_an_error(fit, error):
    told = f"{type(error).__name__}: {str(error)[:100]}"
    if not isinstance(error, ValueError) or not any(name in str(error) for name in NAMED):
        return [Fault(f"fails: {type(error).__name__}", told)]
    return [Fault('"auto" refuses', told)] if fit.options["solver"] == "auto" else []


def _of_a_promise(bench, fit, model, losses):
    """Faults of an answer that calls itself right."""
    began = bench.losses(np.zeros_like(model.coef_), np.zeros(len(bench.truths)))
    if (losses > began + bench.rounding).any():
        k = int(np.argmax(losses - began))
        return [Fault("arrived above where it began", f"J {float(losses[k]):.6g} > {float(began[k]):.6g}")]
    tol = fit.options.get("tol", 1e-4)
    if fit.options["solver"] not in SLOW and bench.sees_separated(model.coef_, model.intercept_, tol):
        return [Fault("separated classes, no penalty, nothing said", f"J {losses.astype(float).max():.3g}")]
    gaps = bench.gaps(losses)
    allowed = PROMISED * tol**2 + bench.rounding + bench.forced
    sure = (bench.unsure < allowed / 10) & ~np.array([m.recedes for m in bench.minima])
    if fit.options["solver"] in SLOW:
        return _of_an_estimate(bench, model, gaps, tol, allowed)
    wrong = sure & (gaps > allowed)
    if not wrong.any():
        return _of_predictions(bench, fit, model, allowed, sure)
    k = int(np.argmax(np.where(wrong, gaps / allowed, 0)))
    kind = "gap above the promise"
    if bench.has_bias and _gap_of_bias(bench, model, k) <= allowed[k]:
        kind += ", by the rounding of intercept_ alone"
    told = f"J - J* {gaps[k]:.2g}, J* {float(bench.minima[k].loss):.6g}, 5 tol**2 {PROMISED * tol**2:.1g}"
    told += f", rounding of J {bench.rounding[k]:.1g}, of coef_ {bench.forced[k]:.1g}"
    return [Fault(kind, told, gaps[k] / tol**2)]


def _gap_of_bias(bench, model, k):
    """The gap with the best bias beside the weights returned."""
    z = bench.table.scores(model.coef_[k], model.intercept_[k])
    truth, b = bench.truths[k], LONG(0)
    for _ in range(50):
        m = np.where(truth, z + b, -z - b)
        bends = (bench.shares * doubt(m) * doubt(-m)).sum()
        if bends == 0:
            break
        b += np.clip((bench.shares * np.where(truth, 1, -1) * doubt(m)).sum() / bends, -1, 1)
    return float(bench.loss_of(z + b, model.coef_[k], truth) - bench.minima[k].loss)


def _of_an_estimate(bench, model, gaps, tol, allowed):
    """Faults of a walk that estimates the decrement by the diagonal."""
    for k, truth in enumerate(bench.truths):
        g, diagonal = bench.slopes(model.coef_[k], model.intercept_[k], truth)
        estimate = float(np.sqrt((g**2 / np.where(diagonal > 0, diagonal, 1)).sum()))
        if gaps[k] > allowed[k] and estimate > 1.01 * tol + np.sqrt(2 * (bench.rounding[k] + bench.forced[k])):
            return [Fault("the estimate by the diagonal is above tol", f"{estimate:.3g} > {tol:.3g}", gaps[k] / tol**2)]
    return []


def _as_learned(fit):
    """The examples that count, in the container that they were learned from."""
    counts = slice(None) if fit.sample_weight is None else fit.sample_weight > 0
    return sp.csr_array(fit.X)[counts] if sp.issparse(fit.X) else fit.X[counts]


def _of_predictions(bench, fit, model, allowed, sure):
    """J of what is predicted must be as low."""
    z = np.asarray(model.decision_function(_as_learned(fit)), dtype=LONG).reshape(len(bench.y), -1)
    gaps = bench.gaps([bench.loss_of(z[:, k], model.coef_[k], truth) for k, truth in enumerate(bench.truths)])
    each = zip(z.T, model.coef_, model.intercept_, bench.truths, strict=True)
    own = np.array([bench.forced_of_scores(*one) for one in each])
    wrong = sure & (gaps > 2 * allowed + own + 8 * bench.rounding)
    if not wrong.any():
        return []
    k = int(np.argmax(np.where(wrong, gaps, 0)))
    return [Fault("decision_function is not that of the walk", f"J of its scores - J* {gaps[k]:.2g}")]


def _of_the_record(bench, tol, model, losses):
    """The last J recorded must be J at what is returned, but for what rounding may move it."""
    recorded = np.atleast_1d(model.loss_curve_[-1])
    if "diverged" in model.stop_reason_.lower() or "J at the weights returned" in model.stop_reason_:
        return []  # that is what it says
    for k, truth in enumerate(bench.truths):
        tripped = not model.converged_ and recorded[k] > np.log(2)  # and was told what counts more
        if not np.isfinite(recorded[k]) or tripped:
            continue
        g, _ = bench.slopes(model.coef_[k], model.intercept_[k], truth)
        returned = np.append(model.coef_[k], model.intercept_[k] if bench.has_bias else []).astype(LONG)
        z = bench.table.scores(model.coef_[k], model.intercept_[k])
        margin = np.where(truth, z, -z)
        far = np.abs(bench.table.X) + np.abs(bench.table.center)  # what X itself, times weights, rounds
        rounded = 4 * bench.u * (far @ np.abs(returned[: bench.X.shape[1]]))
        moved = bench.shares @ (log_loss(margin - rounded) - log_loss(margin))
        moved += 4 * bench.u * (np.abs(g) @ np.abs(returned))
        allowed = 1e-9 * abs(recorded[k]) + tol**2 / 2 + 2 * bench.rounding[k] + bench.forced[k] + float(moved)
        apart = abs(float(losses[k]) - recorded[k])
        if apart > allowed:
            ended = "converged" if model.converged_ else "not converged"
            told = f"recorded {recorded[k]:.9g}, J at coef_ {float(losses[k]):.9g}, {ended}"
            return [Fault("the recorded J is not J at coef_", told, 0.0)]
    return []


def turned(fit):
    """The same fit, rows and columns in another order, or without a penalty in other units."""
    rng = np.random.default_rng(len(fit.y))
    rows, columns = rng.permutation(len(fit.y)), rng.permutation(fit.X.shape[1])
    X = sp.csr_array(fit.X) if sp.issparse(fit.X) else np.asarray(fit.X)
    X = X[rows][:, columns]
    if np.isinf(fit.options["C"]):
        X = X * np.exp2(rng.integers(-8, 9, X.shape[1])).astype(X.dtype)
    weight = None if fit.sample_weight is None else fit.sample_weight[rows]
    return fit._replace(X=X, y=fit.y[rows], sample_weight=weight)


class Verdict(NamedTuple):
    """What was found about one fit."""

    fit: object
    faults: list
    aside: str  # why it was set aside, or ""
    answer: Answer
    relative: float  # the largest (J - J*) / (J(0) - J*)
    peers: dict  # of solver: (relative, warned)
    worst: float  # (J - J* - rounding) / tol**2 of an answer that calls itself right
    needless: bool  # whether it kept the promise, but warned that it had not


def verdict(fit, peer=False, turn=None, make=SigmoidNeuronClassifier):
    """Fit, and judge; now and then in another order too."""
    bench = Bench(fit)
    tol = fit.options.get("tol", 1e-4)
    allowed = PROMISED * tol**2 + bench.rounding + bench.forced
    aside = "" if bench.separated else QUASI if bench.recedes else ""
    if not aside and not bench.separated and (bench.unsure >= allowed / 10).any():
        aside = "the oracle cannot tell the minimum"
    answer = ask(fit, make)
    faults = judge(bench, fit, answer)
    relative, worst, needless = _relative(bench, answer), 0.0, False
    if answer.model is not None and not bench.recedes and not aside and fit.options["solver"] not in SLOW:
        gaps = bench.gaps(bench.losses(answer.model.coef_, answer.model.intercept_)) - bench.rounding - bench.forced
        worst = 0.0 if answer.warned else float((gaps / tol**2).max())
        needless = answer.warned and bool((gaps <= tol**2).all())
    if not faults and answer.error is None and (turn if turn is not None else fit.name.endswith(("0", "5"))):
        other = turned(fit)
        faults = [f._replace(kind=f"in another order: {f.kind}") for f in judge(Bench(other), other, ask(other, make))]
    peers = {name: _peer(bench, fit, name) for name in PEERS} if peer and not bench.recedes else {}
    return Verdict(fit, faults, aside, answer, relative, peers, worst, needless)


def _relative(bench, answer):
    if answer.model is None or bench.recedes:
        return np.nan
    return _share(bench, bench.losses(answer.model.coef_, answer.model.intercept_))


def _share(bench, losses):
    start = bench.losses(np.zeros((len(bench.truths), bench.X.shape[1])), np.zeros(len(bench.truths)))
    fall = np.maximum(bench.gaps(start), 1e-12)
    return float(np.max(bench.gaps(losses) / fall))


def _peer(bench, fit, solver):
    """LogisticRegression on the same J, one class against the others: the relative gap, and whether it warned."""
    gaps, warned = [], False
    for truth in bench.truths:
        model = LogisticRegression(
            C=fit.options["C"],
            fit_intercept=bench.has_bias,
            solver=solver,
            max_iter=PEERS[solver],
            tol=fit.options.get("tol", 1e-4),
        )
        one = fit._replace(
            X=sp.csr_array(bench.X) if sp.issparse(fit.X) else bench.X,
            y=truth,
            sample_weight=bench.weight.astype(float),
            options={},
        )
        answer = ask(one, lambda model=model: model)
        warned |= bool(answer.heard) or answer.model is None
        if answer.model is None:
            return np.inf, True
        gaps.append(bench.loss(answer.model.coef_[0], answer.model.intercept_[0], truth))
    return _share(bench, gaps), warned


def main(arguments=None):
    """Judge many fits, and say what was found."""
    options = parse(arguments)
    import sklearn_neuron

    print(f"judged: {sklearn_neuron.__file__}")
    start = time.perf_counter()
    verdicts = []
    for number in options.only or range(options.first, options.first + options.cases):
        fit = draw(options.seed, number, options.numbers)
        if options.only:
            print(fit.name, fit.story, fit.options)
        verdicts.append(verdict(fit, options.peer, turn=True if options.only else None))
        for fault in verdicts[-1].faults:
            print(f"  {line(fit, fault, options)}", flush=True)
    print(summary(verdicts, options))
    print(f"{time.perf_counter() - start:.0f} s")
    return verdicts


def parse(arguments):
    """Options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.judge", description="A judge of answers.")
    parser.add_argument("--cases", type=int, default=200, help="how many fits (default: 200)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=0, metavar="NUMBER", help="number of the first fit")
    parser.add_argument("--only", type=int, nargs="+", metavar="NUMBER", help="these fits alone")
    parser.add_argument("--numbers", type=int, default=NUMBERS, help="in a table, at most")
    parser.add_argument("--peer", action="store_true", help="LogisticRegression too")
    return parser.parse_args(arguments)


def line(fit, fault, options):
    """One fault, and how to see it again."""
    size = "" if options.numbers == NUMBERS else f" --numbers {options.numbers}"
    seed, number = fit.name.split(":")
    settings = ", ".join(f"{k}={v:.3g}" if isinstance(v, float) else f"{k}={v}" for k, v in fit.options.items())
    return f"--seed {seed} --only {number}{size} | {fault.kind} | {fault.told} | {fit.story} | {settings}"


def summary(verdicts, options):
    """Counts by kind, the worst of the right ones, and the peer beside."""
    kinds = Counter(fault.kind for v in verdicts for fault in v.faults)
    lines = [f"\n{len(verdicts)} fits, {sum(bool(v.faults) for v in verdicts)} with a fault"]
    lines += [f"{count:6} {kind}" for kind, count in kinds.most_common()]
    asides = Counter(v.aside for v in verdicts if v.aside)
    lines += [f"{count:6} set aside: {why}" for why, count in asides.most_common()]
    lines.append(f"{sum(v.answer.warned for v in verdicts):6} warned that they had not arrived")
    needless = [f"{v.fit.name} {v.answer.model.solver_}" for v in verdicts if v.needless]
    lines.append(f"{len(needless):6} of them though J - J* is at most tol**2: {', '.join(needless[:20])}")
    lines.append(f"{sum(v.answer.error is not None for v in verdicts):6} refused")
    lines.append(
        f"worst (J - J* - rounding) / tol**2 without a warning: {max((v.worst for v in verdicts), default=0):.3g}"
    )
    slow = [(v.answer.seconds, v.fit.name) for v in verdicts if v.answer.seconds > 10]
    lines.append(f"slower than 10 s: {[(name, round(s)) for s, name in sorted(slow, reverse=True)]}")
    return "\n".join(lines + (_beside(verdicts) if options.peer else []))


def _beside(verdicts):
    columns = defaultdict(list)
    for v in verdicts:
        if v.peers and not v.aside and v.fit.options["solver"] not in SLOW and v.answer.model is not None:
            columns["neuron"].append((v.relative, v.answer.warned))
            for name, (relative, warned) in v.peers.items():
                columns[name].append((relative, warned))
    lines = ["", "relative gap (J - J*) / (J(0) - J*) | fits | warned | > 1e-6, silent | > 1e-3, silent"]
    for name, found in columns.items():
        silent = np.array([relative for relative, warned in found if not warned])
        lines.append(
            f"{name} | {len(found)} | {len(found) - len(silent)} | {(silent > 1e-6).sum()} | {(silent > 1e-3).sum()}"
        )
    return lines


if __name__ == "__main__":
    main()
