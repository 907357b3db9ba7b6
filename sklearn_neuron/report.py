"""All there is to see of one neuron, on one page that needs nothing but itself."""

import base64
import html
import io
from collections.abc import Callable
from pathlib import Path
from string import Template
from typing import Any, NamedTuple

import numpy as np
from sklearn.calibration import CalibrationDisplay
from sklearn.metrics import ConfusionMatrixDisplay

from sklearn_neuron._sklearn import check_matplotlib_support
from sklearn_neuron.chain_rule import gradient_check
from sklearn_neuron.displays import (
    DecisionFieldDisplay,
    LikelihoodDisplay,
    LogLossDisplay,
    LossCurveDisplay,
    LossLandscapeDisplay,
    NeuronDiagramDisplay,
    PlantsDisplay,
    SigmoidCurveDisplay,
    animate_descent,
)
from sklearn_neuron.displays.palette import class_color, class_marker
from sklearn_neuron.explanation import explain

DPI = 110
MOST_NEURONS = 4  # whose calibration fits into one picture
CALIBRATION_BINS = 8


class Trained(NamedTuple):
    """A neuron, what it learned from, what it is tested on, and the names of things.

    Parameters
    ----------
    name : str
        Name of the data.
    neuron : SigmoidNeuronClassifier
        Fitted with ``record="path"``.
    X, y : array-like
        Examples it learned from.
    X_held_out, y_held_out : array-like
        Examples to test it on.
    feature_names, class_names : list of str
        Names, in the order of the columns of `X` and of ``neuron.classes_``.
    """

    name: str
    neuron: Any
    X: Any
    y: Any
    X_held_out: Any
    y_held_out: Any
    feature_names: list[str]
    class_names: list[str]

    @property
    def hardest(self):
        """The class whose neuron is the most wrong; None of two classes, which have one neuron."""
        if len(self.neuron.coef_) == 1:
            return None
        return self.neuron.classes_[np.argmax(self.neuron.loss_curve_[-1])]

    @property
    def pictured(self):
        """What every picture of one neuron is told."""
        return {"class_names": self.class_names, "class_of_interest": self.hardest}


class Section(NamedTuple):
    """One part of the page."""

    title: str
    words: str
    show: Callable[[Trained], str]  # what it shows, as HTML


def write_report(trained: Trained, directory, comparison: str) -> Path:
    """Write a page about a trained neuron.

    Parameters
    ----------
    trained : Trained
        The neuron and its data.
    directory : str or path-like
        Where ``index.html`` is written; made if it is not there.
    comparison : str
        A table, as text, of the neuron beside others.

    Returns
    -------
    pathlib.Path
        The page.

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    OSError
        If the directory cannot be written to.
    """
    check_matplotlib_support("write_report")
    directory = Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    page = directory / "index.html"
    template = Template(Path(__file__).with_name("report.html").read_text(encoding="utf8"))
    sections = [*SECTIONS, Section("Beside LogisticRegression", COMPARED, lambda _: _preformatted(comparison))]
    page.write_text(
        template.substitute(
            title=html.escape(f"A neuron learns {trained.name}"),
            summary=html.escape(_summary(trained)),
            contents="\n".join(f'<a href="#{k}">{html.escape(part.title)}</a>' for k, part in enumerate(sections)),
            sections="\n".join(_written(k, part, trained) for k, part in enumerate(sections)),
        ),
        encoding="utf8",
    )
    return page


def _written(number, section, trained):
    """A section; one that these data have no picture for says why, and the page goes on."""
    try:
        shown = section.show(trained)
    except ValueError as error:
        shown = f"<p><em>Not shown: {html.escape(str(error))}</em></p>"
    title, words = html.escape(section.title), html.escape(section.words)
    return f'<section id="{number}">\n<h2>{title}</h2>\n<p>{words}</p>\n{shown}\n</section>'


# What is shown ------------------------------------------------------------------------------------------------


def _data(trained):
    shown = PlantsDisplay.from_estimator(
        trained.neuron,
        trained.X,
        trained.y,
        X_held_out=trained.X_held_out,
        y_held_out=trained.y_held_out,
        feature_names=trained.feature_names,
        class_names=trained.class_names,
    )
    return _picture(shown.figure_, "the examples by class, those held back hollow, those it gets wrong ringed")


def _diagram(trained):
    shown = NeuronDiagramDisplay.from_estimator(
        trained.neuron, feature_names=trained.feature_names, class_names=trained.class_names
    )
    return _picture(shown.figure_, "inputs, weights, sum, bias, activation and belief of the neuron")


def _one_example(trained):
    journey = explain(
        trained.neuron,
        trained.X_held_out[:1],
        truth=np.asarray(trained.y_held_out)[0],
        among=(trained.X_held_out, trained.y_held_out),
        feature_names=trained.feature_names,
        class_names=trained.class_names,
    )
    return journey._repr_html_()


def _sigmoid(trained):
    shown = SigmoidCurveDisplay.from_estimator(trained.neuron, trained.X, trained.y, residuals=True, **trained.pictured)
    return _picture(shown.figure_, "the sigmoid with every example at its score and belief")


def _field(trained):
    shown = DecisionFieldDisplay.from_estimator(
        trained.neuron,
        trained.X,
        trained.y,
        feature_names=trained.feature_names,
        class_names=trained.class_names,
    )
    return _picture(shown.figure_, "the belief over the plane of two features, with its boundary and the examples")


def _log_loss(trained):
    shown = LogLossDisplay.from_estimator(trained.neuron, trained.X, trained.y, **trained.pictured)
    return _picture(shown.figure_, "the loss of every example against the belief of the neuron")


def _likelihood(trained):
    shown = LikelihoodDisplay.from_estimator(trained.neuron, trained.X, trained.y)
    return _picture(shown.figure_, "the product of the probabilities sinks, the sum of their logarithms goes on")


def _loss_curve(trained):
    shown = LossCurveDisplay.from_estimator(trained.neuron, trained.X_held_out, trained.y_held_out)
    return _picture(shown.figure_, "J at every step, and the loss on the rows held back")


def _landscape(trained):
    shown = LossLandscapeDisplay.from_estimator(
        trained.neuron,
        trained.X,
        trained.y,
        coordinates="both",
        feature_names=trained.feature_names,
        class_of_interest=trained.hardest,
    )
    return _picture(
        shown.figure_, "J over two parameters with the path of the neuron, in raw and in whitened coordinates"
    )


def _film(trained):
    return animate_descent(
        trained.neuron, trained.X, trained.y, feature_names=trained.feature_names, **trained.pictured
    ).to_html()


def _gradients(trained):
    checked = gradient_check(
        trained.neuron,
        trained.X,
        trained.y,
        class_of_interest=trained.hardest,
        feature_names=trained.feature_names,
    )
    return f'<div class="table">{checked._repr_html_()}</div>'


def _confusion(trained):
    shown = ConfusionMatrixDisplay.from_estimator(
        trained.neuron,
        trained.X_held_out,
        trained.y_held_out,
        display_labels=trained.class_names,
        cmap="Purples",
        colorbar=False,
    )
    return _picture(shown.figure_, "true against predicted classes of the rows held back")


def _calibration(trained):
    import matplotlib.pyplot as plt

    K = len(trained.class_names)
    if K > MOST_NEURONS:
        return f"<p>(Not drawn for {K} classes.)</p>"
    _, ax = plt.subplots(layout="constrained")
    believed = trained.neuron.predict_proba(trained.X_held_out)
    for k in range(K) if K > 2 else [1]:
        CalibrationDisplay.from_predictions(
            np.asarray(trained.y_held_out) == trained.neuron.classes_[k],
            believed[:, k],
            n_bins=CALIBRATION_BINS,
            name=trained.class_names[k],
            ax=ax,
            color=class_color(k),
            marker=class_marker(k),
        )
    return _picture(ax.figure, "how often the neuron is right where it is so sure")


SECTIONS = [
    Section(
        "The examples",
        "Each point is an example, with the colour of its true class. Those held back to test on are hollow; a ring "
        "marks those that the finished neuron gets wrong.",
        _data,
    ),
    Section(
        "The neuron",
        "Every feature is multiplied by its weight, a bias is added, and the score is bent into a belief.",
        _diagram,
    ),
    Section(
        "One example's journey", "The first example that was held back, from its features to a decision.", _one_example
    ),
    Section(
        "From score to belief",
        "The sigmoid turns a score into a probability. A stick is what the belief lacks to the truth, and that is the "
        "slope by which the neuron learns.",
        _sigmoid,
    ),
    Section(
        "Where it decides",
        "On the line the neuron hesitates; the deeper the colour, the surer it is.",
        _field,
    ),
    Section(
        "How wrong is it?",
        "The log-loss punishes who is confident and wrong, and forgives who is uncertain and right.",
        _log_loss,
    ),
    Section(
        "Why logarithms?",
        "The likelihood multiplies the probabilities of all truths and sinks below what a float can hold. The sum of "
        "their logarithms goes on.",
        _likelihood,
    ),
    Section("How it learned", "J before the first and after every step.", _loss_curve),
    Section(
        "The valley",
        "J over two of its parameters, and the path that was walked. A long and narrow valley is slow to walk straight "
        "down; in other coordinates the same valley is round.",
        _landscape,
    ),
    Section("Watch it learn", "One frame a step; on a long walk ever more rarely.", _film),
    Section(
        "The chain rule",
        "Every slope by the formula that learning uses, beside one measured by small differences of J.",
        _gradients,
    ),
    Section("Right and wrong", "Of the rows held back: what they are, and what the neuron takes them for.", _confusion),
    Section(
        "Is it as sure as it should be?",
        "Of all rows held back that it believes in at 80 %, eight in ten should be so.",
        _calibration,
    ),
]
COMPARED = "The same model, learned by another solver, on the same rows."


# Parts of the page --------------------------------------------------------------------------------------------


def _summary(trained):
    """What was learned, in a few sentences."""
    neuron = trained.neuron
    right = neuron.score(trained.X_held_out, trained.y_held_out)
    return (
        f"{len(neuron.coef_)} neuron{'s' * (len(neuron.coef_) > 1)} with {neuron.n_features_in_} features learned from "
        f"{len(trained.y):,} examples, by {neuron.solver_!r}, in {neuron.n_iter_.max():,} steps and "
        f"{neuron.history_.passes[-1]:.4g} passes over the examples. {neuron.stop_reason_} "
        f"Of {len(trained.y_held_out):,} rows held back, {right:.1%} are classified rightly."
    )


def _picture(figure, seen):
    """A figure, which is closed, as an image of the page; `seen` says what there is to see."""
    import matplotlib.pyplot as plt

    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=DPI)
    plt.close(figure)
    width, height = (figure.get_size_inches() * DPI).astype(int)
    data = base64.b64encode(drawn.getvalue()).decode()
    return f'<img alt="{html.escape(seen)}" width="{width}" height="{height}" src="data:image/png;base64,{data}">'


def _preformatted(text):
    return f"<pre>{html.escape(text)}</pre>"
