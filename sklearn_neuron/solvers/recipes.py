"""What do the names mean, and what goes together? A table of the named solvers, and a rule for composing others.

================  ============  =======================  =============  ================================================
solver            direction     step size for "auto"     coordinates    when
================  ============  =======================  =============  ================================================
"gd"              Steepest      1 / L                    units of X     to learn: the plain rule
"nesterov"        Nesterov      1 / L                    units of X     to learn: what momentum brings
"lbfgs"           LBFGS         backtracking from 1      standardised   many features
"newton"          Newton        backtracking, stretched  standardised   few features, small tables: fewest steps
"lazy-newton"     LazyNewton    backtracking from 1      standardised   up to a thousand features
"newton-gram"     Newton        backtracking, stretched  in the span    more features than examples
"newton-cg-gram"  NewtonCG      backtracking from 1      in the span    the same, and more than 200 examples
"newton-cg"       NewtonCG      backtracking from 1      standardised   many features, most of them zero
"prox-newton"     ProxNewton    backtracking from 1      standardised   many weights that are to be exactly 0
================  ============  =======================  =============  ================================================

Where weights pay for their size (``l1_ratio`` above 0), J has a kink wherever one of them is 0. Three solvers bear
that: "prox-newton", which "auto" chooses, and "gd" and "nesterov", whose directions are ProximalGradient and
ProximalNesterov then.

"auto" chooses by what steps and Hessians cost on a table of that shape (:mod:`~sklearn_neuron.homes.costs`), and "gd"
if you name a learning rate. Where there are many examples it walks in two :mod:`~sklearn_neuron.solvers.stages`.

Composed by hand, every direction goes with all coordinates (``Gram`` needs a penalty). Steepest and Nesterov go with
all step sizes, and bear a J that changes from step to step (mini-batches) with all but Backtracking. The others have
divided by the curvature of one J: they go with all but InverseSmoothness, and need the same J at every step. With an
L1 penalty, ProximalGradient and ProximalNesterov, whose alpha is in their heading, go with ``Constant(1)``, ProxNewton
goes with Backtracking, and all three with Plain or Standardised coordinates.
"""

from collections.abc import Callable
from numbers import Real
from typing import Any, NamedTuple

import numpy as np
from sklearn.base import BaseEstimator

from sklearn_neuron._sklearn import StrOptions, validate_parameter_constraints
from sklearn_neuron.homes import costs
from sklearn_neuron.objective import Needs, Objective
from sklearn_neuron.solvers.certificate import SAMPLED
from sklearn_neuron.solvers.coordinates import Plain, Standardised, Whitened
from sklearn_neuron.solvers.directions import (
    LBFGS,
    LazyNewton,
    Nesterov,
    Newton,
    NewtonCG,
    ProximalGradient,
    ProximalNesterov,
    ProxNewton,
    Steepest,
    WorkingSets,
)
from sklearn_neuron.solvers.span import Gram
from sklearn_neuron.solvers.step_sizes import BLIND, Backtracking, Constant, InverseSmoothness, Scheduled


class Recipe(BaseEstimator):
    """A way of walking, composed by hand and passed as ``solver=``.

    Parameters
    ----------
    direction : Steepest, Nesterov, LBFGS, Newton, LazyNewton or NewtonCG
        Which way: an object of :mod:`sklearn_neuron.solvers.directions`; with an L1 penalty ProximalGradient,
        ProximalNesterov, ProxNewton or WorkingSets.
    step_size : Constant, Scheduled, InverseSmoothness or Backtracking
        How far: an object of :mod:`sklearn_neuron.solvers.step_sizes`.
    coordinates : Plain, Standardised, Whitened or Gram, default=None
        In which coordinates: an object of :mod:`sklearn_neuron.solvers.coordinates` or
        :mod:`sklearn_neuron.solvers.span`; None is ``Plain()``.

    Examples
    --------
    Steepest descent in standardised coordinates, where the valley is rounder:

    >>> from sklearn.datasets import load_breast_cancer
    >>> from sklearn_neuron import SigmoidNeuronClassifier
    >>> from sklearn_neuron.solvers.coordinates import Standardised
    >>> from sklearn_neuron.solvers.directions import Steepest
    >>> from sklearn_neuron.solvers.recipes import Recipe
    >>> from sklearn_neuron.solvers.step_sizes import InverseSmoothness
    >>> X, y = load_breast_cancer(return_X_y=True)
    >>> recipe = Recipe(Steepest(), InverseSmoothness(), Standardised())
    >>> neuron = SigmoidNeuronClassifier(solver=recipe, C=0.01, tol=1e-3).fit(X, y)
    >>> neuron.converged_
    True
    """

    def __init__(self, direction, step_size, coordinates=None):
        self.direction = direction
        self.step_size = step_size
        self.coordinates = coordinates


NAMED = {
    "gd": Recipe(Steepest(), InverseSmoothness(), Plain()),
    "nesterov": Recipe(Nesterov(), InverseSmoothness(), Plain()),
    "lbfgs": Recipe(LBFGS(), Backtracking(), Standardised()),
    "newton": Recipe(Newton(), Backtracking(stretch=0.5), Standardised()),
    "lazy-newton": Recipe(LazyNewton(), Backtracking(), Standardised()),
    "newton-gram": Recipe(Newton(), Backtracking(stretch=0.5), Gram()),
    "newton-cg-gram": Recipe(NewtonCG(), Backtracking(), Gram()),
    "newton-cg": Recipe(NewtonCG(), Backtracking(), Standardised()),
    "prox-newton": Recipe(ProxNewton(), Backtracking(), Standardised()),
}
IN_SETS = Recipe(WorkingSets(), Backtracking(), Standardised())  # "prox-newton", where features are many
KINKED = {"gd": ProximalGradient, "nesterov": ProximalNesterov}  # the directions of names where J has kinks
SOLVERS = ("auto", *NAMED)
SPARSEST, DENSEST = 32, 4  # a sample is one of 32 examples to one of 4; if that is too few, or too many, there is none


class Partners(NamedTuple):
    """What goes with a direction."""

    step_sizes: tuple[type[BaseEstimator], ...]
    when_j_changes: tuple[type[BaseEstimator], ...] = ()  # those with which it bears a J that is another at every step
    because: str = ""  # others do not
    with_kinks: tuple[type[BaseEstimator], ...] = ()  # those with which it bears a J that has kinks


DOWNHILL = Partners((*BLIND, Backtracking), BLIND)
CURVED = Partners(
    (Constant, Scheduled, Backtracking),
    because="the heading of {one} has been divided by the curvature of J, and {other} would do so again",
)
WHOLE = Partners((Constant,), (Constant,), "alpha is in the heading of {one}, which is followed whole", (Constant,))
TO_KINKS = Partners((Backtracking,), (), "a step of {one} ends at kinks if it is whole", (Backtracking,))
GOES_WITH = {
    Steepest: DOWNHILL,
    Nesterov: DOWNHILL,
    LBFGS: CURVED,
    Newton: CURVED,
    LazyNewton: CURVED,
    NewtonCG: CURVED,
    ProximalGradient: WHOLE,
    ProximalNesterov: WHOLE,
    ProxNewton: TO_KINKS,
    WorkingSets: TO_KINKS,
}
ELEMENTWISE = (Plain, Standardised)  # coordinates whose kinks are those of the weights
PIECES: dict[str, tuple[type[BaseEstimator], ...]] = {
    "direction": tuple(GOES_WITH),
    "step_size": DOWNHILL.step_sizes,
    "coordinates": (Plain, Standardised, Whitened, Gram),
}


class SolverName(StrOptions):
    """A name of the table; who errs is told all of them, in its order."""

    def __init__(self):
        super().__init__(set(SOLVERS))

    def __str__(self):
        return f"a str among {{{', '.join(map(repr, SOLVERS))}}}"


def choose(solver: Any, learning_rate: Any, objective: Objective, on_a_path: bool = False) -> tuple[str, Recipe]:
    """Resolve the parameters of an estimator to a recipe that suits its data.

    Parameters
    ----------
    solver : str or Recipe
        A name of the table above, or a recipe composed by hand.
    learning_rate : "auto", float or callable
        Rate of every step; "auto" leaves it to the recipe.
    objective : Objective
        J on all examples.
    on_a_path : bool, default=False
        Whether the walk begins near its end, so that Newton takes few steps.

    Returns
    -------
    name : str
        The solver chosen; "recipe" for one composed by hand.
    recipe : Recipe
        Its pieces.

    Raises
    ------
    ValueError
        If the pieces do not go together or do not fit the data; the message says what does.
    """
    if isinstance(solver, Recipe):
        name, recipe = "recipe", _composed(solver, learning_rate)
    else:
        name = _automatic(learning_rate, objective, on_a_path) if solver == "auto" else str(solver)
        recipe = recipe_of(name, objective, learning_rate)
    if objective.kink.holds:
        _check_kinks(name, recipe)
    if isinstance(recipe.coordinates, Gram) and not objective.home.in_memory:
        raise ValueError(
            "The span of the examples is made of all of them, which must be in memory at once; use solver='lbfgs'."
        )
    if isinstance(recipe.coordinates, Gram) and objective.penalty == 0:
        raise ValueError(
            "Without a penalty (C=np.inf) the weights need not lie in the span of the examples; use solver='lbfgs'."
        )
    _check_size(recipe, objective.home)
    return name, recipe


def recipe_of(name: str, objective: Objective, learning_rate: Any = "auto") -> Recipe:
    """What a name means for J."""
    if objective.kink.holds and name in KINKED:
        return Recipe(KINKED[name](rate_rule(learning_rate)), Constant(1.0), Plain())
    recipe = NAMED[name]
    if name == "prox-newton" and costs.of_hessian(objective.home) > costs.WHOLE * costs.of_step(objective.home):
        recipe = IN_SETS
    if learning_rate != "auto":
        recipe = Recipe(recipe.direction, rate_rule(learning_rate), recipe.coordinates)
        _check_partners(recipe.direction, recipe.step_size)
    return recipe


def _bears_kinks(recipe):
    step_size = recipe.step_size
    is_suited = isinstance(step_size, _partners(recipe.direction).with_kinks)
    is_whole = getattr(step_size, "rate", 1) == 1 and getattr(step_size, "stretch", 0) == 0  # or no weight ends at 0
    return is_suited and is_whole and isinstance(recipe.coordinates, ELEMENTWISE)


def _check_kinks(name, recipe):
    """Refuse a solver that knows nothing of kinks."""
    if _bears_kinks(recipe):
        return
    told = "An L1 penalty (l1_ratio above 0) has a kink where a weight is 0, which"
    if name != "recipe":
        bearing = [name for name, recipe in NAMED.items() if name in KINKED or _bears_kinks(recipe)]
        raise ValueError(f"{told} solver={name!r} does not bear; use {_either(map(repr, ('auto', *bearing)))}.")
    suited = [
        f"{kind.__name__} with {_either(_names(partners.with_kinks))}{'(1)' * (Constant in partners.with_kinks)}"
        for kind, partners in GOES_WITH.items()
        if partners.with_kinks
    ]
    pieces = ", ".join(type(piece).__name__ for piece in (recipe.direction, recipe.step_size, recipe.coordinates))
    raise ValueError(
        f"{told} this Recipe ({pieces}) does not bear; compose {'; or '.join(suited)}; in coordinates "
        f"{_either(_names(ELEMENTWISE))}."
    )


def _composed(recipe, learning_rate):
    """A recipe composed by hand, with coordinates."""
    if learning_rate != "auto":
        raise ValueError(
            f"learning_rate={np.asarray(learning_rate).tolist()!r} and a composed solver both say how far to step: "
            "leave learning_rate='auto', or change the step_size of the Recipe."
        )
    coordinates = Plain() if recipe.coordinates is None else recipe.coordinates
    recipe = Recipe(recipe.direction, recipe.step_size, coordinates)
    check_pieces(recipe)
    return recipe


def check_pieces(recipe: Recipe) -> None:
    """Refuse a recipe, with coordinates, whose pieces are none, have options without meaning, or do not go together."""
    for role, kinds in PIECES.items():
        piece = getattr(recipe, role)
        if not isinstance(piece, kinds):
            raise ValueError(
                f"The {role} of a Recipe must be an object of {_either(_names(kinds))}; got "
                f"{np.asarray(piece).tolist()!r}. A Recipe is composed like Recipe(Steepest(), InverseSmoothness(), "
                "Standardised()): a direction, a step_size and coordinates; a name like 'newton' is a solver by itself."
            )
        constraints = getattr(piece, "_parameter_constraints", {})
        validate_parameter_constraints(constraints, piece.get_params(deep=False), caller_name=type(piece).__name__)
    _check_partners(recipe.direction, recipe.step_size)


def _check_partners(direction, step_size):
    suited, _, because, _ = _partners(direction)
    if not isinstance(step_size, suited):
        others = [kind for kind, partners in GOES_WITH.items() if isinstance(step_size, partners.step_sizes)]
        one, other = type(direction).__name__, type(step_size).__name__
        raise ValueError(
            f"{one} and {other} do not go together: {because.format(one=one, other=other)}. {one} goes with "
            f"{_either(_names(suited))}; {other} goes with {_either(_names(others))}."
        )


def _partners(direction):
    """Those of the nearest kind in the table."""
    return next(GOES_WITH[kind] for kind in type(direction).__mro__ if kind in GOES_WITH)


def _names(kinds):
    return (kind.__name__ for kind in kinds)


def _either(words):
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def _automatic(learning_rate, objective, on_a_path):
    """The name of the solver that suits the data; one that fits into memory."""
    name = _by_shape(learning_rate, objective, on_a_path)
    return name if _hessian_bytes(recipe_of(name, objective), objective.home) <= costs.LARGEST_HESSIANS else "lbfgs"


def _by_shape(learning_rate, objective, on_a_path):
    if learning_rate != "auto":
        return "gd"
    if objective.kink.holds:
        return "prox-newton"
    rows = objective.home
    (n, p), q = rows.shape, rows.n_parameters * (1 if costs.repays_blocks(rows) else rows.of_a_walk)
    examples_are_long = rows.stored_numbers > n * n and rows.in_memory
    if examples_are_long and n <= costs.SPAN_EXAMPLES and objective.penalty > 0:
        return "newton-gram" if n <= costs.SPAN_HESSIAN else "newton-cg-gram"
    if p > n or q > costs.HESSIAN_PARAMETERS:
        return "lbfgs"
    if not rows.in_memory:
        return "newton"  # it reads least often
    return "newton" if costs.of_hessian(rows) <= _spared(rows, on_a_path) * costs.of_step(rows) else "lazy-newton"


def _spared(rows, on_a_path):
    """Steps that a Hessian may cost for it to be made at each."""
    if on_a_path and rows.of_a_walk == 1:
        return costs.SPARED_ON_A_PATH
    if sample_stride(rows) > 1:
        return costs.SPARED_AFTER_SAMPLE
    return costs.SPARED if rows.of_a_walk == 1 else costs.SPARED_OF_LAYER


def sample_stride(home: Any) -> int:
    """Of how many examples "auto" looks at one first, where that repays; 1 if at all of them at once."""
    of_each_class = max(1, home.n_neurons / 2)
    stride = min(int(home.n / (SAMPLED * home.n_parameters * of_each_class)), SPARSEST)
    if stride < DENSEST:
        return 1
    repays = costs.of_step(home) + costs.of_hessian(home) >= costs.SAMPLE_REPAYS * costs.STEP
    return stride if repays else 1


def exact_recipes(objective: Objective) -> tuple[Recipe, ...]:
    """Recipes whose decrement is exact, where Hessians are small; if not, last, the one that comes nearest to that."""
    if has_small_hessians(objective):
        return (NAMED["newton"],)
    in_the_span = objective.penalty > 0 and objective.home.in_memory and has_small_hessians(objective, "newton-gram")
    return (NAMED["newton-gram"], NAMED["newton-cg"]) if in_the_span else (NAMED["newton-cg"],)


def has_small_hessians(objective: Objective, name: str = "newton") -> bool:
    """Whether the Hessians of all neurons, as a solver forms them, need little memory."""
    return _hessian_bytes(NAMED[name], objective.home) <= costs.SMALL_HESSIANS


def rate_rule(learning_rate: float | str | Callable[[int], float]) -> BaseEstimator:
    """Step size of a learning rate named by the user: a number, a function of the iteration, or "auto", 1 / L."""
    if learning_rate == "auto":
        return InverseSmoothness()
    return Constant(learning_rate) if isinstance(learning_rate, Real) else Scheduled(learning_rate)


def _check_size(recipe, rows):
    needed = _hessian_bytes(recipe, rows)
    if needed > costs.LARGEST_HESSIANS:
        raise ValueError(
            f"This solver would need {needed / 2**30:.1f} GiB for {_hessians(rows)} of {_parameters(recipe, rows)} "
            "parameters; use solver='lbfgs', which needs none."
        )


def _hessians(rows):
    return "the Hessian" if rows.n_walks == 1 else f"{rows.n_walks} Hessians"


def _hessian_bytes(recipe, rows):
    """What the Hessians of all walks need, if a piece forms them; or those of all neurons, where they serve better."""
    if isinstance(recipe.direction, LazyNewton) and costs.repays_blocks(rows):
        return 8 * _parameters(recipe, rows) ** 2 // rows.of_a_walk
    forms = Needs.HESSIAN in recipe.direction.needs or isinstance(recipe.coordinates, Whitened)
    forms = forms or isinstance(recipe.direction, LazyNewton)
    return 8 * _parameters(recipe, rows) ** 2 * rows.n_walks if forms else 0


def _parameters(recipe, rows):
    """Coordinates of a walk."""
    of_a_neuron = min(rows.n_parameters, rows.n + 1) if isinstance(recipe.coordinates, Gram) else rows.n_parameters
    return of_a_neuron * rows.of_a_walk
