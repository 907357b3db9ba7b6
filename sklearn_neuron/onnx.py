"""How does a neuron answer where there is no Python? As ONNX, by way of the model of scikit-learn that it is.

``to_onnx(neuron.to_sklearn(), X[:1])`` of skl2onnx needs nothing from here. Where a neuron stands inside another
estimator, a pipeline, a search or an ensemble, skl2onnx must be told what it is.

Probabilities are those of the neuron, to the digits of the type of `X`. Where one neuron a class believes in several
classes so firmly that their sigmoids are 1 to the last digit, the neuron still tells them apart, by their scores; a
graph cannot, and may name another of these classes. Labels beyond 32 bits do not fit into a graph of skl2onnx.
"""

import copy

from sklearn_neuron.classifier import SigmoidNeuronClassifier
from sklearn_neuron.classifier_cv import SigmoidNeuronClassifierCV
from sklearn_neuron.exchange import predicting_the_same

OPTIONS = {  # of skl2onnx for any linear classifier
    "nocl": [True, False],
    "output_class_labels": [False, True],
    "raw_scores": [True, False],
    "zipmap": [True, False, "columns"],
}


def register_converters() -> None:
    """Tell skl2onnx how to convert the classifiers of this package, wherever they stand.

    Raises
    ------
    ImportError
        If skl2onnx is not installed.

    Examples
    --------
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> from sklearn_neuron import SigmoidNeuronClassifier
    >>> from sklearn_neuron.datasets import make_toxic_plants
    >>> from sklearn_neuron.onnx import register_converters
    >>> X, toxic = make_toxic_plants(random_state=0, return_X_y=True)
    >>> pipeline = make_pipeline(StandardScaler(), SigmoidNeuronClassifier()).fit(X, toxic)
    >>> register_converters()  # doctest: +SKIP
    >>> from skl2onnx import to_onnx  # doctest: +SKIP
    >>> graph = to_onnx(pipeline, X[:1], options={"zipmap": False}).graph  # doctest: +SKIP
    >>> [output.name for output in graph.output]  # doctest: +SKIP
    ['label', 'probabilities']
    """
    try:
        from skl2onnx import update_registered_converter
        from skl2onnx.common.shape_calculator import calculate_linear_classifier_output_shapes as shapes
    except ImportError as error:
        raise ImportError(
            "Converters to ONNX need skl2onnx: pip install '.[export]' from the checkout, or pip install skl2onnx."
        ) from error
    for kind in (SigmoidNeuronClassifier, SigmoidNeuronClassifierCV):
        update_registered_converter(kind, f"SklearnNeuron{kind.__name__}", shapes, _convert, options=OPTIONS)


def _convert(scope, operator, container):
    """Write the model that a neuron is into a graph, in its place."""
    from skl2onnx.common._apply_operation import apply_identity

    neuron = operator.raw_operator
    model = predicting_the_same(copy.copy(getattr(neuron, "best_estimator_", neuron)).densify())
    alias = "SklearnOneVsRestClassifier" if hasattr(model, "estimators_") else "SklearnLinearClassifier"
    inside = scope.declare_local_operator(alias, model)
    for told in (container, scope):
        told.add_options(id(model), scope.get_options(neuron))
    inside.inputs = operator.inputs
    for output in operator.outputs:
        inside.outputs.append(scope.declare_local_variable(output.onnx_name, type=output.type))
        apply_identity(scope, inside.outputs[-1].full_name, output.full_name, container)
