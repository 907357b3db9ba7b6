"""Can I see it? One file a picture, each with scikit-learn's contract of displays.

``SomeDisplay.from_estimator(neuron, X, y)`` computes what there is to see and draws it; the object keeps both, the data
as its attributes and the artists as attributes that end with an underscore, and draws again with ``plot()``. Nothing is
refitted and no window is opened. Everything here needs matplotlib: ``pip install '.[plot]'`` from the checkout.
"""

from sklearn_neuron.displays.activation_curve import ActivationCurveDisplay
from sklearn_neuron.displays.animation import animate_descent
from sklearn_neuron.displays.decision_field import DecisionFieldDisplay
from sklearn_neuron.displays.diagram import NeuronDiagramDisplay
from sklearn_neuron.displays.dials import DialsDisplay
from sklearn_neuron.displays.film import Film
from sklearn_neuron.displays.landscape import LossLandscapeDisplay
from sklearn_neuron.displays.likelihood import LikelihoodDisplay
from sklearn_neuron.displays.log_loss import LogLossDisplay
from sklearn_neuron.displays.loss_curve import LossCurveDisplay
from sklearn_neuron.displays.plants import PlantsDisplay
from sklearn_neuron.displays.regularization_path import RegularizationPathDisplay
from sklearn_neuron.displays.sigmoid_curve import SigmoidCurveDisplay
from sklearn_neuron.displays.validation import ValidationDisplay
from sklearn_neuron.displays.weight_image import WeightImageDisplay

__all__ = [
    "ActivationCurveDisplay",
    "DecisionFieldDisplay",
    "DialsDisplay",
    "Film",
    "LikelihoodDisplay",
    "LogLossDisplay",
    "LossCurveDisplay",
    "LossLandscapeDisplay",
    "NeuronDiagramDisplay",
    "PlantsDisplay",
    "RegularizationPathDisplay",
    "SigmoidCurveDisplay",
    "ValidationDisplay",
    "WeightImageDisplay",
    "animate_descent",
]
