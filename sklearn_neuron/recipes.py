"""What do the names mean? One table from solver names to the pieces of a walk.

================  ============  =======================  =============  ============================================
solver            direction     step size for "auto"     coordinates    when
================  ============  =======================  =============  ============================================
"gd"              Steepest      1 / L                    units of X     to learn: the rule of the guide
"nesterov"        Nesterov      1 / L                    units of X     to learn: what momentum brings
"lbfgs"           LBFGS         backtracking from 1      standardised   many features
"newton"          Newton        backtracking, stretched  standardised   small tables: fewest steps
"lazy-newton"     LazyNewton    backtracking from 1      standardised   up to some thousand features
"newton-gram"     Newton        backtracking, stretched  in the span    more features than examples
"newton-cg-gram"  NewtonCG      backtracking from 1      in the span    the same, and more than 250 examples
"newton-cg"       NewtonCG      backtracking from 1      standardised   many features, most of them zero
================  ============  =======================  =============  ============================================

"auto" chooses by the shape of X, and "gd" if you name a learning rate. Where there are many examples it walks in two
:mod:`~sklearn_neuron.legs`.
"""

from collections.abc import Callable
from numbers import Real

from sklearn.base import BaseEstimator

from sklearn_neuron.coordinates import Plain, Standardised
from sklearn_neuron.directions import LBFGS, LazyNewton, Nesterov, Newton, NewtonCG, Steepest
from sklearn_neuron.gram import Gram
from sklearn_neuron.step_sizes import Backtracking, Constant, InverseSmoothness, Scheduled

LARGEST_HESSIAN_BYTES = 2**30  # what "newton" and "lazy-newton" may ask for
SURE_BYTES = 2**26  # of Hessians by which a doubtful arrival is looked into
FEW_FEATURES = 1_000  # up to here "auto" forms Hessians, or the products of all examples
FEW_EXAMPLES = 250  # in whose span a Hessian costs less than some products with it
SMALL_TABLE = 64_000  # numbers, up to which a Hessian at every step costs less than to spare it


class Recipe(BaseEstimator):
    """A way of walking, composed by hand and passed as ``solver=``.

    Parameters
    ----------
    direction : Steepest, Nesterov, LBFGS, Newton, LazyNewton or NewtonCG
        Which way: an object of :mod:`sklearn_neuron.directions`.
    step_size : Constant, Scheduled, InverseSmoothness or Backtracking
        How far: an object of :mod:`sklearn_neuron.step_sizes`.
    coordinates : Plain, Standardised, Whitened or Gram, default=None
        In which coordinates: an object of :mod:`sklearn_neuron.coordinates` or :mod:`sklearn_neuron.gram`; None is
        ``Plain()``.

    Examples
    --------
    Steepest descent in standardised coordinates, where the valley is rounder:

    >>> from sklearn.datasets import load_breast_cancer
    >>> from sklearn_neuron import SigmoidNeuronClassifier
    >>> from sklearn_neuron.coordinates import Standardised
    >>> from sklearn_neuron.directions import Steepest
    >>> from sklearn_neuron.recipes import Recipe
    >>> from sklearn_neuron.step_sizes import InverseSmoothness
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
}
SOLVERS = ("auto", *NAMED)


def choose(solver, learning_rate, objective) -> tuple[str, Recipe]:
    """Resolve the parameters of an estimator to a recipe that suits its data.

    Parameters
    ----------
    solver : str or Recipe
        A name of the table above, or a recipe composed by hand.
    learning_rate : "auto", float or callable
        Rate of every step; "auto" leaves it to the recipe.
    objective : Objective
        J on all examples.

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
        if learning_rate != "auto":
            raise ValueError(
                f"learning_rate={learning_rate!r} and a composed solver both say how far to step: "
                "leave learning_rate='auto', or change the step_size of the Recipe."
            )
        name, recipe = "recipe", Recipe(solver.direction, solver.step_size, solver.coordinates or Plain())
    else:
        name = _automatic(learning_rate, objective) if solver == "auto" else solver
        recipe = NAMED[name]
        if learning_rate != "auto":
            recipe = Recipe(recipe.direction, rate_rule(learning_rate), recipe.coordinates)
    if isinstance(recipe.coordinates, Gram) and objective.penalty == 0:
        raise ValueError(
            "Without a penalty (C=np.inf) the weights need not lie in the span of the examples; use solver='lbfgs'."
        )
    _check_size(recipe, objective.rows)
    return name, recipe


def _automatic(learning_rate, objective):
    if learning_rate != "auto":
        return "gd"
    rows = objective.rows
    (n, p), q = rows.shape, rows.n_parameters
    if rows.X.size > n * n and n <= FEW_FEATURES and objective.penalty > 0:  # examples longer than they are many
        few = n <= FEW_EXAMPLES and _hessians(NAMED["newton-gram"], rows) <= LARGEST_HESSIAN_BYTES
        return "newton-gram" if few else "newton-cg-gram"
    if p > n or q > FEW_FEATURES or _hessians(NAMED["newton"], rows) > LARGEST_HESSIAN_BYTES:
        return "lbfgs"
    return "newton" if n * q <= SMALL_TABLE else "lazy-newton"


def surest(objective) -> Recipe:
    """Recipe whose decrement is exact, where Hessians are small; otherwise the one that comes nearest to that."""
    return NAMED["newton" if _hessians(NAMED["newton"], objective.rows) <= SURE_BYTES else "newton-cg"]


def rate_rule(learning_rate: float | Callable[[int], float]):
    """Step size of a learning rate named by the user: a number, or a function of the iteration."""
    return Constant(learning_rate) if isinstance(learning_rate, Real) else Scheduled(learning_rate)


def _check_size(recipe, rows):
    needed = _hessians(recipe, rows)
    if needed > LARGEST_HESSIAN_BYTES:
        raise ValueError(
            f"This solver would need {needed / 2**30:.1f} GiB for the Hessians of {rows.n_neurons} neurons with "
            f"{rows.n_parameters} parameters; use solver='lbfgs', which needs none."
        )


def _hessians(recipe, rows):
    """Bytes of the Hessians that a recipe forms."""
    q = rows.n_parameters
    if isinstance(recipe.coordinates, Gram):
        q = min(q, len(rows.y) + 1)
    return 8 * q**2 * rows.n_neurons if isinstance(recipe.direction, (Newton, LazyNewton)) else 0
