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
from sklearn_neuron.displays.names import plain
from sklearn_neuron.displays.palette import class_color, class_marker
from sklearn_neuron.inspection.chain_rule import gradient_check
from sklearn_neuron.inspection.explanation import explain
from sklearn_neuron.telling.progress import journey

DPI = 110
MOST_NEURONS = 4  # whose calibration fits into one picture
CALIBRATION_BINS = 8
LONGEST_LEVEL_NAME = 12  # of a class, under a column of the confusion matrix; longer ones hang


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
    X_held_out, y_held_out : array-like or None
        Examples to test it on; None if none are held out: then it is tested on those it learned from, and that is said.
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
    def tested(self):
        """Examples to test it on, and their labels: those held out or, without any, those it learned from."""
        return (self.X, self.y) if self.X_held_out is None else (self.X_held_out, self.y_held_out)

    @property
    def tested_words(self):
        """What :attr:`tested` is called."""
        return "examples it learned from" if self.X_held_out is None else "examples held out"

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
    """One part of the page; its words are a sentence or two, or what finds them."""

    title: str
    words: str | Callable[[Trained], str]
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
            title=html.escape(_title(trained)),
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
    words = section.words(trained) if callable(section.words) else section.words
    title, words = html.escape(section.title), html.escape(words)
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
    hollow = "" if trained.X_held_out is None else ", those held out hollow"
    return _picture(shown.figure_, f"the examples by class{hollow}, those it gets wrong ringed")


def _diagram(trained):
    shown = NeuronDiagramDisplay.from_estimator(
        trained.neuron, X=trained.X, feature_names=trained.feature_names, class_names=trained.class_names
    )
    return _picture(shown.figure_, "inputs, weights, sum, bias, activation and belief of the neuron")


def _one_example(trained):
    X, y = trained.tested
    explanation = explain(
        trained.neuron,
        X[:1],
        truth=np.asarray(y)[0],
        among=(X, y),
        feature_names=trained.feature_names,
        class_names=trained.class_names,
    )
    return explanation._repr_html_()


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
    return _picture(shown.figure_, "what is believed on either side of the boundary, with the examples")


def _log_loss(trained):
    shown = LogLossDisplay.from_estimator(trained.neuron, trained.X, trained.y, **trained.pictured)
    return _picture(shown.figure_, "the loss of every example against the belief of the neuron")


def _likelihood(trained):
    shown = LikelihoodDisplay.from_estimator(trained.neuron, trained.X, trained.y, class_names=trained.class_names)
    picture = _picture(shown.figure_, "the product of the probabilities, and the sum of their logarithms")
    return f"<p>{html.escape(_likelihood_words(shown))}</p>\n{picture}"


def _loss_curve(trained):
    shown = LossCurveDisplay.from_estimator(
        trained.neuron,
        trained.X,
        trained.y,
        X_held_out=trained.X_held_out,
        y_held_out=trained.y_held_out,
        class_names=trained.class_names,
    )
    held = "" if trained.X_held_out is None else ", and the log-loss of the examples held out"
    return _picture(shown.figure_, f"J at every step{held}")


def _landscape(trained):
    shown = LossLandscapeDisplay.from_estimator(
        trained.neuron,
        trained.X,
        trained.y,
        coordinates="both",
        feature_names=trained.feature_names,
        **trained.pictured,
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
    import matplotlib.pyplot as plt

    names = list(map(plain, trained.class_names))
    _, ax = plt.subplots(figsize=(5.6, 4.6), layout="constrained")
    shown = ConfusionMatrixDisplay.from_estimator(
        trained.neuron,
        *trained.tested,
        labels=trained.neuron.classes_,  # all, also one of which no example is tested
        display_labels=names,
        xticks_rotation="vertical" if max(map(len, names)) > LONGEST_LEVEL_NAME else "horizontal",
        cmap="Purples",
        colorbar=False,
        ax=ax,
    )
    ax.set(xlabel="predicted class", ylabel="true class")
    return _picture(shown.figure_, f"true against predicted classes of the {trained.tested_words}")


def _calibration(trained):
    import matplotlib.pyplot as plt

    K = len(trained.class_names)
    if K > MOST_NEURONS:
        return ""
    X, y = trained.tested
    _, ax = plt.subplots(layout="constrained")
    believed = trained.neuron.predict_proba(X)
    for k in range(K) if K > 2 else [1]:
        CalibrationDisplay.from_predictions(
            np.asarray(y) == trained.neuron.classes_[k],
            believed[:, k],
            n_bins=CALIBRATION_BINS,
            name=plain(trained.class_names[k]),
            ax=ax,
            color=class_color(k),
            marker=class_marker(k),
        )
    whose = f"“{plain(trained.class_names[1])}”" if K == 2 else "each class"
    ax.set(xlabel=f"mean belief in {whose}, predict_proba", ylabel=f"share of the examples that are of {whose}")
    return _picture(ax.figure, f"how often the {trained.tested_words} are what the neuron believes, by how sure it is")


# What is said of it --------------------------------------------------------------------------------------------


def _data_words(trained):
    hollow = "" if trained.X_held_out is None else " Those held out to test on are hollow;"
    return (
        f"Each point is an example, with the colour of its true class.{hollow or ' No example was held out;'} a ring "
        "marks those that the finished neuron gets wrong."
    )


def _diagram_words(trained):
    every = "Every neuron multiplies" if trained.hardest is not None else "It multiplies"
    return f"{every} each feature by its weight, adds its bias, and bends the score into a belief."


def _example_words(trained):
    return f"The first of the {trained.tested_words}, from its features to a decision."


def _field_words(trained):
    if trained.hardest is None:
        return "On the line the neuron hesitates; the deeper the colour, the surer it is."
    return (
        "Every example has the colour of its true class, and the ground that of the class which the neurons together "
        "find most probable; the deeper it is, the surer they are."
    )


def _likelihood_words(shown):
    """What becomes of the product in the picture, by what is drawn in it."""
    if shown.silences_:
        return "Of enough examples the product is less than a float can hold; the sum of the logarithms goes on."
    if shown.limits_:
        return (
            "Of enough examples the product is so small that a float has no digits left for it; the sum of the "
            "logarithms goes on."
        )
    return (
        "These truths are so probable that a float can hold their product. Of less probable ones it would be less than "
        "any float, and the sum of the logarithms would still be a number of ordinary size."
    )


def _landscape_words(trained):
    """What the two pictures of the valley have in common, and what the second is."""
    second = (
        "in other coordinates the floor of the same valley is round."
        if trained.neuron.converged_
        else "other coordinates make it round where the neuron stands. This one has not arrived at a floor, and the "
        "same valley, seen in such coordinates, need not be round."
    )
    return (
        "J over two of its parameters, and the path that was walked. A long and narrow valley is slow to walk straight "
        f"down; {second}"
    )


def _loss_curve_words(trained):
    """What the curves are, by what J is and on which examples it was walked."""
    sample = (
        "" if trained.neuron.history_.on_all.all() else " The steps on a sample, before those, have a J of their own."
    )
    J = "the mean log-loss and the penalty on the weights" if np.inf > trained.neuron.C else "the mean log-loss"
    held = (
        "" if trained.X_held_out is None else " Beside it the mean log-loss of the examples held out, without penalty."
    )
    return f"J, {J}, before the first and after every step.{sample}{held}"


def _confusion_words(trained):
    return f"Of the {trained.tested_words}: what they are, and what is predicted."


def _calibration_words(trained):
    K = len(trained.class_names)
    if K > MOST_NEURONS:
        return f"Not drawn for {K} classes: with more than {MOST_NEURONS} nobody could read it."
    return (
        f"Of all {trained.tested_words} that are believed in at 80 %, eight in ten should be so. Each mark stands for "
        f"those of about the same belief, {CALIBRATION_BINS} kinds at most; where they are few, chance speaks."
    )


SECTIONS = [
    Section("The examples", _data_words, _data),
    Section("The neuron", _diagram_words, _diagram),
    Section("One example's journey", _example_words, _one_example),
    Section(
        "From score to belief",
        "The sigmoid turns a score into a probability. A stick is what the belief lacks to the truth, and that is the "
        "slope by which the neuron learns.",
        _sigmoid,
    ),
    Section("Where it decides", _field_words, _field),
    Section(
        "How wrong is it?",
        "The log-loss punishes who is confident and wrong, and forgives who is uncertain and right.",
        _log_loss,
    ),
    Section(
        "Why logarithms?",
        "The likelihood multiplies the probabilities of all truths; its logarithm adds up theirs.",
        _likelihood,
    ),
    Section("How it learned", _loss_curve_words, _loss_curve),
    Section("The valley", _landscape_words, _landscape),
    Section("Watch it learn", "One frame a step; on a long walk ever more rarely.", _film),
    Section(
        "The chain rule",
        "Every slope by the formula that learning uses, beside one measured by small differences of J.",
        _gradients,
    ),
    Section("Right and wrong", _confusion_words, _confusion),
    Section("Is it as sure as it should be?", _calibration_words, _calibration),
]
COMPARED = "The same model, learned by another solver, on the same rows."


# Parts of the page --------------------------------------------------------------------------------------------


def _title(trained):
    n = len(trained.neuron.coef_)
    return f"{'A neuron learns' if n == 1 else f'{n} neurons learn'} {trained.name}"


def _summary(trained):
    """What was learned, in a few sentences."""
    neuron = trained.neuron
    n, p = len(neuron.coef_), neuron.n_features_in_
    X, y = trained.tested
    outcome = f"{neuron.score(X, y):.1%} are classified rightly."
    if trained.X_held_out is None:
        tested = f"No example was held out: of the {len(y):,} that it learned from, {outcome}"
    else:
        tested = f"Of {len(y):,} examples held out, {outcome}"
    told = [
        f"{n} neuron{'s' * (n > 1)} with {p} feature{'s' * (p > 1)} learned from {len(trained.y):,} examples, by "
        f"{str(neuron.solver_)!r}, in {journey(neuron)}.",
        neuron.stop_reason_,
        tested,
    ]
    if trained.hardest is not None:
        spoken = trained.class_names[neuron.classes_.tolist().index(trained.hardest)]
        told.append(f"Pictures of one neuron show that of {spoken!r}, whose J is the largest.")
    return " ".join(told)


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
