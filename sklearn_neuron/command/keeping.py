"""How is a model kept? As a scikit-learn pipeline in a skops file, from which nothing is loaded but what is named here.

A pickle runs whatever its author wanted when it is opened. A skops file names every type it holds, and each is looked
at before it is made: those of scikit-learn that skops knows, and those of ``TRUSTED``.
"""

import copy
import zipfile
from pathlib import Path
from typing import Any

from sklearn.pipeline import Pipeline

from sklearn_neuron.callbacks import write_whole
from sklearn_neuron.classifier import SigmoidNeuronClassifier
from sklearn_neuron.command.complaints import first_line, one_line, some_of
from sklearn_neuron.command.files import bytes_of, is_there

TRUSTED = [
    "numpy.dtype",
    "sklearn_neuron.classifier.SigmoidNeuronClassifier",
    *(f"sklearn_neuron.command.cells.{name}" for name in ("as_days", "as_numbers", "as_text")),
    *(f"sklearn_neuron.command.cells.{name}" for name in ("feature_name", "level_name")),
]
JOURNEY = ("history_", "outcomes_")  # how it learned: not needed to answer, and large


def pipeline_of(before: Any, neuron: Any) -> Pipeline:
    """The steps before a neuron and the neuron, as one estimator; all are fitted."""
    return Pipeline([("columns", before), ("neuron", neuron)])


def save(pipeline: Pipeline, path: Path) -> None:
    """Write a fitted pipeline to a file.

    Raises
    ------
    ValueError
        If it cannot be written.
    """
    from skops import io

    kept = Pipeline([*pipeline.steps[:-1], ("neuron", _without_journey(pipeline[-1]))])
    try:
        write_whole(path, io.dumps(kept, compression=zipfile.ZIP_DEFLATED))
    except OSError as error:
        raise ValueError(f"cannot write to {one_line(path)}: {error.strerror}") from None


def _without_journey(neuron):
    neuron = copy.copy(neuron)
    for name in JOURNEY:
        neuron.__dict__.pop(name, None)
    return neuron.set_params(verbose=0, record="loss")


def load(path: str) -> Pipeline:
    """Read a pipeline that :func:`save` has written.

    Raises
    ------
    ValueError
        If there is none, or it holds what is not trusted.
    """
    from skops import io

    if not is_there(Path(path)):
        raise ValueError(f"no such model: {one_line(path)}; --save {one_line(path)} writes one where it is learned")
    content = bytes_of(Path(path))
    try:
        if not content:
            raise ValueError("it is empty")
        alien = sorted(set(io.get_untrusted_types(data=content)) - set(TRUSTED))
        pipeline = None if alien else io.loads(content, trusted=TRUSTED)
    except Exception as error:  # whatever a file that is broken, or no model, makes skops do
        raise ValueError(f"{one_line(path)} is no model of --save: {first_line(error)}") from None
    if alien:
        raise ValueError(f"{one_line(path)} holds what is not trusted, and was not loaded: {some_of(alien)}")
    if not (isinstance(pipeline, Pipeline) and isinstance(pipeline[-1], SigmoidNeuronClassifier)):
        raise ValueError(f"{one_line(path)} is no model of --save: it holds a {type(pipeline).__name__}")
    return pipeline
