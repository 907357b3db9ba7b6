"""The single sigmoid neuron, learned by gradient descent.

To understand how a neuron learns, read three files, in this order:

1. :mod:`sklearn_neuron.neuron`: what one neuron computes, and the slope of each part.
2. :mod:`sklearn_neuron.objective`: how wrong it is over all examples, J.
3. :mod:`sklearn_neuron.descent`: how it walks downhill on J. The loop you read there is the loop that runs.

To use it: :class:`SigmoidNeuronClassifier`, a scikit-learn classifier.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sklearn_neuron.classifier import SigmoidNeuronClassifier
    from sklearn_neuron.classifier_cv import SigmoidNeuronClassifierCV
    from sklearn_neuron.exchange import PickleVersionWarning
    from sklearn_neuron.homes.elsewhere import Blocks
    from sklearn_neuron.inspection.explanation import Explanation, explain
    from sklearn_neuron.inspection.gradient_check import GradientError, GradientTable, gradient_check
    from sklearn_neuron.path import NeuronPath, neuron_path
    from sklearn_neuron.solvers.recipes import Recipe
    from sklearn_neuron.solvers.stopping import Outcome
    from sklearn_neuron.telling.advice import DivergenceWarning, SeparationWarning

__version__ = "0.1.0"
__all__ = [
    "Blocks",
    "DivergenceWarning",
    "Explanation",
    "GradientError",
    "GradientTable",
    "NeuronPath",
    "Outcome",
    "PickleVersionWarning",
    "Recipe",
    "SeparationWarning",
    "SigmoidNeuronClassifier",
    "SigmoidNeuronClassifierCV",
    "explain",
    "gradient_check",
    "neuron_path",
]
PLACES = {
    "SigmoidNeuronClassifier": "classifier",
    "SigmoidNeuronClassifierCV": "classifier_cv",
    "PickleVersionWarning": "exchange",
    "Blocks": "homes.elsewhere",
    "Explanation": "inspection.explanation",
    "explain": "inspection.explanation",
    "GradientError": "inspection.gradient_check",
    "GradientTable": "inspection.gradient_check",
    "gradient_check": "inspection.gradient_check",
    "NeuronPath": "path",
    "neuron_path": "path",
    "Recipe": "solvers.recipes",
    "Outcome": "solvers.stopping",
    "DivergenceWarning": "telling.advice",
    "SeparationWarning": "telling.advice",
}


def __getattr__(name: str) -> Any:
    """What is asked for, from where it is: importing all takes a second, in which the command line must answer."""
    if name in PLACES:
        return getattr(import_module(f"{__name__}.{PLACES[name]}"), name)
    if not name.startswith("_") and "." not in name:
        try:
            return import_module(f"{__name__}.{name}")
        except ModuleNotFoundError as error:
            if error.name != f"{__name__}.{name}":
                raise
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *PLACES})
