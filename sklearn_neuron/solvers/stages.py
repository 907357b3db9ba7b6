"""A fit is a list of stages: walks one after the other, each from where the last one ended.

Most fits have one stage. Where there are many more examples than parameters, two serve better: a walk by Newton on a
sample of the examples, until its decrement drowns in the noise of the sample, and from there a walk on all of them.
Whatever the sample lacks, the second stage finds.

Where a walk in a metric that it has learned, or in the span of the examples, says that it has arrived, that is a claim
(:class:`~sklearn_neuron.solvers.certificate.Claim`); should it not hold, a last stage goes on by a direction that sees
the curvature itself.

Reference: R. Bollapragada, R. Byrd, J. Nocedal, Exact and inexact subsampled Newton methods, IMA J. Numer. Anal. 39
(2019), 545-578.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from sklearn_neuron.homes.costs import CERTIFICATE, SPAN_HESSIAN, STEP, of_hessian, of_step
from sklearn_neuron.objective import Objective, Place
from sklearn_neuron.solvers.certificate import Claim, SecondLook
from sklearn_neuron.solvers.coordinates import Plain
from sklearn_neuron.solvers.diagnosis import leans, misplaced
from sklearn_neuron.solvers.history import History
from sklearn_neuron.solvers.recipes import (
    NAMED,
    SPARSEST,
    Recipe,
    choose,
    exact_recipes,
    has_small_hessians,
    recipe_of,
    sample_stride,
)
from sklearn_neuron.solvers.span import Gram
from sklearn_neuron.solvers.stopping import Outcome, Stop
from sklearn_neuron.solvers.walk import Arrival, walk

SHORT = 12  # steps on a sample
SMALL_SHARE = 0.05  # of all passes, that a Hessian may cost after a walk at a tol of USUAL; as much more as it is less
USUAL = 1e-4
UNFELT = 1e-10  # share of all examples that no walk can see


class Stage(NamedTuple):
    """One walk of a fit."""

    recipe: Recipe
    stride: int = 1  # of how many examples one is looked at
    budget: int | None = None  # steps of this stage; None: all that are left
    keeps_units: bool = False  # those of the stage before, if every feature varied there

    def examples(self, objective: Objective) -> Objective:
        """J on those that are looked at."""
        return objective.take(objective.home.sample(self.stride)) if self.stride > 1 else objective

    def coordinates(self, J: Objective, weights: np.ndarray, before: Any) -> Any:
        """J as the recipe wants it; or in the units in which it was seen before, if each feature had one."""
        if self.keeps_units and len(before.units.scale) == J.home.n_parameters and before.units.scale.all():
            return before.over(J.home)
        return self.recipe.coordinates(J, weights)

    def start(self, seen: Objective, weights: np.ndarray) -> tuple[np.ndarray, Place | None]:
        """Where it begins, and the place if it was looked at: neurons that are misled there begin at zero instead."""
        theta = self.recipe.direction.first(seen, seen.from_weights(weights))
        if self.budget == 0 or not weights.any() or isinstance(self.recipe.coordinates, Plain):
            return theta, None
        here = seen.at(theta, self.recipe.direction.needs)
        sensible = here.loss <= seen.loss.no_idea
        return (theta, here) if sensible.all() else (np.where(sensible, theta, 0.0), None)

    def stop(self, tol: float, max_iter: int | None, start: int = 0) -> Stop:
        """When it ends, if it begins after so many steps."""
        steps = self.recipe.direction.default_max_iter if max_iter is None else max(max_iter - start, 0)
        return Stop(tol, start + (steps if self.budget is None else min(steps, self.budget)), start)


class Plan(NamedTuple):
    """What a fit is to walk: the name of its solver, and stages until one arrives on all examples."""

    solver: str
    stages: list[Stage]


class Walked(NamedTuple):
    """The last stage of a fit: how it was walked, and where it ended."""

    solver: str
    recipe: Recipe
    objective: Objective  # in the coordinates of the walk
    stop: Stop
    history: History
    arrival: Arrival

    @property
    def rate(self) -> float | None:
        """The rate of the last step; None if there was no step, or J was measured before every one."""
        if self.recipe.step_size.measures or len(self.history) == 1:
            return None
        return float(self.history.tail("rate", 1).max())

    def where(self, *outcomes: Outcome) -> np.ndarray:
        """Numbers of the neurons that ended so."""
        return np.array([k for k, why in enumerate(self.arrival.outcomes) if why in outcomes], dtype=int)


def plan(solver, learning_rate, objective) -> Plan:
    """Stages of a fit.

    Parameters
    ----------
    solver, learning_rate : as for :func:`~sklearn_neuron.solvers.recipes.choose`
        What the user asked for.
    objective : Objective
        J on all examples.

    Returns
    -------
    Plan
        One stage, or two where "auto" begins on a sample.
    """
    (name, recipe), home = choose(solver, learning_rate, objective), objective.home
    if solver == "auto" and not home.in_memory:  # where to read is what lasts, all that was drawn leads the way
        return Plan(name, [Stage(recipe, max(2, home.n // home.n_drawn)), Stage(recipe, keeps_units=True)])
    may_begin_on_a_sample = solver == "auto" and name in ("newton", "lazy-newton")
    if may_begin_on_a_sample and (stride := sample_stride(home)) > 1:
        return Plan(name, [Stage(NAMED["newton"], stride, SHORT), Stage(recipe, keeps_units=stride == SPARSEST)])
    return Plan(name, [Stage(recipe)])


def walk_stages(plan, objective, weights, tol, max_iter, history, callback=None) -> Walked:
    """Walk stage after stage until every neuron has converged on all examples, and that claim holds.

    Parameters
    ----------
    plan : Plan
        What to walk.
    objective : Objective
        J on all examples, in the units of X.
    weights : ndarray of shape (p + 1, K)
        Where to start, in the units of X.
    tol : float
        Largest Newton decrement of a neuron that has arrived.
    max_iter : int or None
        Steps to take at most on all examples, and on a sample; None is the budget of the last stage's direction.
    history : History
        Where every step is recorded.
    callback : callable, default=None
        ``callback(step, history)`` sees every step; True ends the walk, and no stage follows.

    Returns
    -------
    Walked
        The last stage, and where it ended.
    """
    seen: Any = objective
    for stage in plan.stages if max_iter != 0 else [Stage(plan.stages[-1].recipe, budget=0)]:
        recipe, J = stage.recipe, stage.examples(objective)
        seen = stage.coordinates(J, weights, seen)
        theta, known = stage.start(seen, weights)
        noise = np.sqrt(len(theta) / J.home.shape[0]) if stage.stride > 1 else 0.0
        stop = stage.stop(max(tol, noise), max_iter)
        history.begin(J.home.shape[0] / objective.home.shape[0])
        ask = asked(stop, recipe, J)
        arrival = walk(seen, theta, recipe.direction, recipe.step_size, ask, history, callback, known)
        weights = arrival.weights
        if Outcome.CALLBACK in arrival.outcomes:
            break
    return confirmed(Walked(plan.solver, recipe, seen, stop, history, arrival), objective, tol, max_iter, callback)


def asked(stop: Stop, recipe: Recipe, objective: Objective) -> Stop | SecondLook:
    """When to stop: for gradients alone, which know little of the curvature, not before who sees it agrees."""
    if not recipe.direction.by_diagonal:
        return stop
    exact = recipe_of("prox-newton", objective) if objective.kink.holds else exact_recipes(objective)[-1]
    return SecondLook(stop, objective, exact)


def confirmed(walked, objective, tol, max_iter, callback=None) -> Walked:
    """The last stage, if what it claims holds; if not, the one that exact directions walk from there."""
    _tell_separated(walked.objective, walked.arrival)
    asked_to_stop = Outcome.CALLBACK in walked.arrival.outcomes
    for recipe, J in () if asked_to_stop else _fallbacks(walked.recipe, walked.objective, objective):
        if not Claim(walked, tol).doubtful(max_iter is None, _goes_on_by_hessians(walked, J, tol)).any():
            return walked
        walked = _continued(walked, recipe, objective, tol, max_iter, callback)
    doubtful = Claim(walked, tol).doubtful(may_go_on=False, by_hessians=False)
    for k, why in enumerate(walked.arrival.outcomes):
        if doubtful[k] and why.converged:
            walked.arrival.outcomes[k] = Outcome.DOUBTFUL
    return walked


def _fallbacks(recipe, seen, objective) -> Iterator[tuple[Recipe, Objective]]:
    """Recipes to go on with where a claim does not hold, each with the J whose Hessians it would look at.

    Who wants to see the gradient alone at work is shown nothing else.
    """
    if recipe.direction.by_diagonal or objective.kink.holds:
        return
    if isinstance(recipe.coordinates, Gram) and recipe.direction.metric is not None and has_small_hessians(seen):
        yield NAMED["newton-gram"], seen
    for exact in exact_recipes(objective):
        yield exact, objective


def _continued(walked, recipe, objective, tol, max_iter, callback):
    """One more stage from where the last one ended; or that, if the span, as far as it is known, does not hold it."""
    seen, history, arrival = walked.objective, walked.history, walked.arrival
    theta, known = arrival.theta, None
    if type(recipe.coordinates) is not type(walked.recipe.coordinates):
        seen = recipe.coordinates(objective, arrival.weights)
        theta = seen.from_weights(arrival.weights)
        known = seen.at(theta, recipe.direction.needs)
        lost = known.loss > arrival.loss + tol**2 + seen.rounding(arrival.loss)
        if isinstance(recipe.coordinates, Gram) and lost.any():
            return walked
    stop = Stage(recipe).stop(tol, max_iter, start=int(history.on_all.sum()) - 1)
    history.begin()
    arrival = walk(seen, theta, recipe.direction, recipe.step_size, stop, history, callback, known)
    _tell_separated(seen, arrival)
    return Walked(walked.solver, recipe, seen, stop, history, arrival)


def _goes_on_by_hessians(walked, J, tol):
    """Whether a metric that was learned is not certified: to go on, or to go on safely, costs as little."""
    if walked.recipe.direction.metric is None:
        return False
    return _repays_hessians(J, tol) or (leans(walked.objective) and has_small_hessians(J))


def _repays_hessians(objective, tol):
    """Whether Hessians cost little, beside the calls or the walk; without a penalty only they show every slope."""
    rows = objective.home
    n = rows.n
    if n <= SPAN_HESSIAN and objective.penalty > 0:
        return True  # Hessians in their span are small
    if not has_small_hessians(objective):
        return False
    one = of_step(rows) + of_hessian(rows)
    passes, small = one / of_step(rows), one <= CERTIFICATE * STEP
    return objective.penalty == 0 or small or passes * tol <= SMALL_SHARE * USUAL * rows.passes


def _tell_separated(objective, arrival):
    """Of neurons without a penalty that put every example on its own side, all that count: J has no minimum."""
    if objective.holds_weights:
        return
    for k in np.flatnonzero(misplaced(objective, arrival.theta) <= UNFELT):
        if arrival.outcomes[k] is not Outcome.CALLBACK:
            arrival.outcomes[k] = Outcome.SEPARATED
