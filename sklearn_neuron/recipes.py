"""What do the names mean? One table from solver names to the pieces of a walk.

===========  ============  ===========================  =============  ====================================
solver       direction     step size for "auto"         coordinates    when
===========  ============  ===========================  =============  ====================================
"gd"         Steepest      1 / L                        units of X     to learn: the rule of the guide
"nesterov"   Nesterov      1 / L                        units of X     to learn: what momentum brings
"lbfgs"      LBFGS         backtracking from 1          standardised   many features
"newton"     Newton        backtracking from 1          standardised   few features: fewest passes over X
"newton-cg"  NewtonCG      backtracking from 1          standardised   many features, most of them zero
===========  ============  ===========================  =============  ====================================

"auto" chooses by the shape of X (on tall dense tables it walks in several :mod:`~sklearn_neuron.legs`), and "gd" if you
name a learning rate.
"""

from collections.abc import Callable
from numbers import Real

from sklearn.base import BaseEstimator

from sklearn_neuron.coordinates import Plain, Standardised
from sklearn_neuron.directions import LBFGS, Nesterov, Newton, NewtonCG, Steepest
from sklearn_neuron.step_sizes import Backtracking, Constant, InverseSmoothness, Scheduled

LARGEST_HESSIAN_BYTES = 2**30  # what "newton" may ask for
FEW_FEATURES = 256  # up to here "auto" forms Hessians


class Recipe(BaseEstimator):
    """A way of walking, composed by hand and passed as ``solver=``.

    Parameters
    ----------
    direction : Steepest, Nesterov, LBFGS, Newton or NewtonCG
        Which way: an object of :mod:`sklearn_neuron.directions`.
    step_size : Constant, Scheduled, InverseSmoothness or Backtracking
        How far: an object of :mod:`sklearn_neuron.step_sizes`.
    coordinates : Plain, Standardised or Whitened, default=None
        In which coordinates: an object of :mod:`sklearn_neuron.coordinates`; None is ``Plain()``.

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
    "newton": Recipe(Newton(), Backtracking(), Standardised()),
    "newton-cg": Recipe(NewtonCG(), Backtracking(), Standardised()),
}
SOLVERS = ("auto", *NAMED)


def choose(solver, learning_rate, n_parameters, n_neurons) -> tuple[str, Recipe]:
    """Resolve the parameters of an estimator to a recipe that suits its data.

    Parameters
    ----------
    solver : str or Recipe
        A name of the table above, or a recipe composed by hand.
    learning_rate : "auto", float or callable
        Rate of every step; "auto" leaves it to the recipe.
    n_parameters, n_neurons : int
        Length of theta, and how many neurons walk side by side.

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
        name = _automatic(learning_rate, n_parameters) if solver == "auto" else solver
        recipe = NAMED[name]
        if learning_rate != "auto":
            recipe = Recipe(recipe.direction, rate_rule(learning_rate), recipe.coordinates)
    _check_size(recipe.direction, n_parameters, n_neurons)
    return name, recipe


def _automatic(learning_rate, n_parameters):
    if learning_rate != "auto":
        return "gd"
    return "newton" if n_parameters <= FEW_FEATURES else "lbfgs"


def rate_rule(learning_rate: float | Callable[[int], float]):
    """Step size of a learning rate named by the user: a number, or a function of the iteration."""
    return Constant(learning_rate) if isinstance(learning_rate, Real) else Scheduled(learning_rate)


def _check_size(direction, n_parameters, n_neurons):
    needed = 8 * n_parameters**2 * n_neurons
    if isinstance(direction, Newton) and needed > LARGEST_HESSIAN_BYTES:
        raise ValueError(
            f"solver='newton' would need {needed / 2**30:.1f} GiB for the Hessians of {n_neurons} neurons with "
            f"{n_parameters} parameters; use solver='lbfgs', which needs none."
        )
