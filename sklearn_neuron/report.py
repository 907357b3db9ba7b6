"""All there is to see of one neuron, on one page that needs nothing but itself.

What it says stands in ``report.html``. Here is what fills it: words that depend on what was learned, and pictures.
"""

import base64
import html
import io
from pathlib import Path
from string import Template
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import issparse
from sklearn.calibration import CalibrationDisplay
from sklearn.metrics import ConfusionMatrixDisplay, confusion_matrix
from sklearn.utils import check_array

from sklearn_neuron import displays
from sklearn_neuron._sklearn import check_matplotlib_support
from sklearn_neuron.callbacks import write_whole
from sklearn_neuron.displays.names import plain, shortened
from sklearn_neuron.displays.palette import SMALL, class_color, class_marker
from sklearn_neuron.displays.raster import SEEN, Raster, Scale
from sklearn_neuron.homes.labels import codes_among
from sklearn_neuron.inspection.explanation import explain
from sklearn_neuron.inspection.gradient_check import gradient_check
from sklearn_neuron.inspection.subject import number_of, subject_of
from sklearn_neuron.telling.progress import journey

DPI = 110
WIDE = 1.8  # times as wide as high: a picture of which a narrow page shows a part, and scrolls to the others
MOST_NEURONS = 4  # whose calibration fits into one picture
CALIBRATION_BINS = 8
LONGEST_LEVEL_NAME = 12  # of a class, under a column of the confusion matrix; longer ones hang
LONGEST_CLASS = 24  # letters of its name in a picture
MOST_CLASSES = 30  # whose confusion matrix can be read
SHOWN_MISTAKES = 5  # of more classes
SHOWN_OF_CLASS = 3  # images of each
MOST_CLASSES_SEEN = 10  # whose images are drawn


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
    image_shape : pair of int, default=None
        Rows and columns, if the features are the pixels of an image, row after row; None: they are none.
    """

    name: str
    neuron: Any
    X: Any
    y: Any
    X_held_out: Any
    y_held_out: Any
    feature_names: list[str]
    class_names: list[str]
    image_shape: tuple[int, int] | None = None

    @property
    def tested(self) -> tuple[Any, Any]:
        """Examples to test it on, and their labels: those held out or, without any, those it learned from."""
        return (self.X, self.y) if self.X_held_out is None else (self.X_held_out, self.y_held_out)

    @property
    def class_of_interest(self) -> Any:
        """The class whose neuron, or in a layer whose examples, cost the most; None of two classes."""
        if len(self.neuron.coef_) == 1:
            return None
        costs = self._costs_of_classes() if self.is_layer else subject_of(self.neuron).final_losses
        return self.neuron.classes_[np.argmax(costs)]

    @property
    def is_layer(self) -> bool:
        """Whether the neurons share one belief."""
        return subject_of(self.neuron).is_layer

    def _costs_of_classes(self):
        """Mean log-loss of the examples of each class that were learned from."""
        codes = codes_among(self.neuron.classes_, np.asarray(self.y))
        return np.bincount(codes, weights=subject_of(self.neuron).losses(self.X, self.y)) / np.bincount(codes)

    def named(self, *names: str) -> dict[str, Any]:
        """Some of all this, by name."""
        return {name: getattr(self, name) for name in names}


def write_report(trained: Trained, directory, comparison: str, is_alone: bool = False) -> Path:
    """Write a page about a trained neuron.

    Parameters
    ----------
    trained : Trained
        The neuron and its data.
    directory : str or path-like
        Where ``index.html`` is written; made if it is not there.
    comparison : str
        A table, as text, of the neuron beside LogisticRegression.
    is_alone : bool, default=False
        Whether that is a table of the neuron alone.

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
    words = words_for(trained) | (ALONE if is_alone else BESIDE)
    words = {name: html.escape(text) for name, text in words.items()}
    shown = {name: _shown(show, trained) for name, show in SHOWN.items()}
    template = Template(Path(__file__).with_name("report.html").read_text(encoding="utf8"))
    page = template.substitute(**words, **shown, comparison=f'<pre tabindex="0">{html.escape(comparison)}</pre>')
    return _write(page, Path(directory))


def _write(page, directory):
    """Write a page, whole, into a folder, which is made if it must be; where the page cannot be written, none is."""
    made = [place for place in (directory, *directory.parents) if not place.exists()]
    try:
        directory.mkdir(parents=True, exist_ok=True)
        write_whole(directory / "index.html", page.encode())
    except BaseException:
        for place in made:
            if place.is_dir() and not any(place.iterdir()):
                place.rmdir()
        raise
    return directory / "index.html"


def _shown(show, trained):
    """What is shown; where these data have no picture, why, and the page goes on."""
    try:
        return show(trained)
    except ValueError as error:
        return f"<p><em>Not shown: {html.escape(str(error))}</em></p>"


# Words ------------------------------------------------------------------------------------------------------------


def words_for(trained: Trained) -> dict[str, str]:
    """What the page says where that depends on what was learned, by the names it has in ``report.html``."""
    neuron, K, history = trained.neuron, len(trained.class_names), subject_of(trained.neuron).history
    return {
        **_about_tested(trained),
        **(ONE_NEURON if K == 2 else LAYER if trained.is_layer else MANY_NEURONS),
        "title": f"{_who(trained)} {trained.name}",
        "drawn_examples": _about_examples(trained),
        "whose": _whose(trained),
        "summary": " ".join(_summary(trained)),
        "J": "the mean log-loss and the penalty on the weights" if np.inf > neuron.C else "the mean log-loss",
        "sample": "" if history.on_all.all() else SAMPLED,
        "second": ROUND if neuron.converged_ else NOT_ROUND,
        "sure": (SURE if K <= MOST_NEURONS else NOT_DRAWN).format(K=K, **_about_tested(trained)),
    }


def _who(trained):
    """Who learns."""
    K = len(trained.class_names)
    if trained.is_layer:
        return f"A layer of {K} neurons learns"
    return "A neuron learns" if K == 2 else f"{K} neurons learn"


def _about_tested(trained):
    """What depends on whether examples are held out."""
    are_new = trained.X_held_out is not None
    beside = " Beside it the mean log-loss of the examples held out, without penalty."
    return {
        "tested": "examples held out" if are_new else "examples it learned from",
        "and_hollow": ", those held out hollow" * are_new,
        "held_out_curve": beside * are_new,
        "and_held_out_curve": ", and the log-loss of the examples held out" * are_new,
    }


def _about_examples(trained):
    """What is drawn of the examples, and why this."""
    if trained.image_shape is not None:
        some = f" of {MOST_CLASSES_SEEN} of them" if len(trained.class_names) > MOST_CLASSES_SEEN else ""
        return f"Each example is an image. Of every class{some} the first {SHOWN_OF_CLASS} that were learned from."
    held_out = "No example was held out;" if trained.X_held_out is None else "Those held out to test on are hollow;"
    p = trained.neuron.n_features_in_
    which = f" Of {p:,} features these are the two whose weights times standard deviations are the largest." * (p > 2)
    ringed = "a ring marks those that the finished neuron gets wrong."
    return f"Each point is an example, with the colour of its true class.{which} {held_out} {ringed}"


def _whose(trained):
    """Of several neurons, whose is drawn, and why this one; begins with a blank."""
    if len(trained.neuron.coef_) == 1:
        return ""
    name = repr(trained.class_names[number_of(trained.class_of_interest, trained.neuron.classes_)])
    if trained.is_layer:
        return f" Of the {len(trained.class_names)} classes it is {name}, whose examples cost the most."
    return f" Of the {len(trained.class_names)} neurons it is that of {name}, whose J is the largest."


ONE_NEURON = {
    "who": "It multiplies",
    "bends": "bends the score into a belief.",
    "turns": "The sigmoid turns a score into a probability.",
    "ground": "On the line the neuron hesitates; the deeper the colour, the surer it is.",
}
MANY_NEURONS = ONE_NEURON | {
    "who": "Every neuron multiplies",
    "ground": "Every example has the colour of its true class, and the ground that of the class which the neurons "
    "together find most probable; the deeper it is, the surer they are.",
}
LAYER = MANY_NEURONS | {
    "bends": "the softmax of all scores gives each a share of one belief.",
    "turns": "In a layer a belief is the sigmoid of a lead: of what a score is ahead of all others together.",
}
SAMPLED = " The steps on a sample, before those, have a J of their own."
ROUND = "in other coordinates the floor of the same valley is round."
NOT_ROUND = (
    "other coordinates make it round where the neuron stands. This one has not arrived at a floor, and the same "
    "valley, seen in such coordinates, need not be round."
)
SURE = (
    "Of all {tested} that are believed in at 80 %, eight in ten should be so. Each mark stands for those of about the "
    f"same belief, {CALIBRATION_BINS} kinds at most; where they are few, chance speaks."
)
NOT_DRAWN = f"Not drawn for {{K}} classes: with more than {MOST_NEURONS} nobody could read it."


BESIDE = {
    "figures": "Beside LogisticRegression",
    "which_figures": "The same model, learned by another solver, on the same rows.",
}
ALONE = {"figures": "In figures", "which_figures": "What it has reached, and how long it took."}


def _summary(trained):
    """What was learned, in a few sentences."""
    neuron, (X, y) = trained.neuron, trained.tested
    n, p, is_layer = len(neuron.coef_), neuron.n_features_in_, trained.is_layer
    who = f"One layer of {n} neurons" if is_layer else f"{n} neuron{'s' * (n > 1)}"
    whom = f"Of {len(y):,} examples held out"
    if trained.X_held_out is None:
        whom = f"No example was held out: of the {len(y):,} that it learned from"
    yield f"{who} with {p} feature{'s' * (p > 1)} learned from {len(trained.y):,} examples, by"
    yield f"{str(neuron.solver_)!r}, in {journey(neuron)}."
    yield neuron.stop_reason_
    yield f"{whom}, {neuron.score(X, y):.1%} are classified rightly."
    if n > 1:
        name = trained.class_names[number_of(trained.class_of_interest, neuron.classes_)]
        shown = "class show that of" if is_layer else "neuron show that of"
        yield f"Pictures of one {shown} {name!r}, whose {'examples cost the most' if is_layer else 'J is the largest'}."


WEIGHTS_SEEN = (
    "There is a weight for every pixel, and so the weights of a neuron are an image. A purple pixel speaks for the "
    "class where it is lit, an amber one against it."
)
PRODUCTS_SEEN = "The same as images: what the neuron sees, times its weights, is what each pixel adds to the score."
MISTAKE_SEEN = "The mistake that costs most, of the {tested}: what was believed, and beneath it what is true."


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


# Pictures ---------------------------------------------------------------------------------------------------------


class Picture(NamedTuple):
    """A display, what it is given beside neuron and X, and what there is to see in it."""

    display: Any
    given: str
    seen: str
    options: dict[str, Any] = {}  # noqa: RUF012  never written to

    def __call__(self, trained: Trained) -> str:
        """Draw it."""
        given = trained.named(*self.given.split())
        shown = self.display.from_estimator(trained.neuron, X=trained.X, **given, **self.options)
        return _image(shown.figure_, self.seen.format(**_about_tested(trained)))


def _image(figure, seen):
    """A figure, which is closed, as an image of the page; `seen` says what there is to see."""
    import matplotlib.pyplot as plt

    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=DPI)
    plt.close(figure)
    width, height = (figure.get_size_inches() * DPI).astype(int)
    data = base64.b64encode(drawn.getvalue()).decode()
    image = f'<img alt="{html.escape(seen)}" width="{width}" height="{height}" src="data:image/png;base64,{data}">'
    return f'<div class="wide" tabindex="0">{image}</div>' if width > WIDE * height else image


def _examples(trained):
    """Images of examples, or points in the plane of two features."""
    if trained.image_shape is None:
        return POINTS(trained)
    import matplotlib.pyplot as plt

    raster, classes = Raster.of(trained.image_shape, trained.neuron.n_features_in_), trained.neuron.classes_
    codes = codes_among(classes, np.asarray(trained.y))
    K = min(len(classes), MOST_CLASSES_SEEN)
    rows = [np.flatnonzero(codes == k)[:SHOWN_OF_CLASS] for k in range(K)]
    samples = check_array(trained.X, accept_sparse="csr")[np.concatenate(rows)]
    samples = samples.toarray() if issparse(samples) else samples
    figsize = (max(0.9 * K, 2), 0.95 * SHOWN_OF_CLASS * raster.aspect + 0.4)
    figure, panels = plt.subplots(SHOWN_OF_CLASS, K, figsize=figsize, layout="constrained", squeeze=False)
    scale, drawn = Scale.of(SEEN, samples), iter(samples)
    for k, column in enumerate(panels.T):
        column[0].set_title(plain(shortened(trained.class_names[k], LONGEST_LEVEL_NAME)), fontsize=SMALL)
        for panel in column:
            panel.set_axis_off()
        for panel in column[: len(rows[k])]:
            panel.set_axis_on()
            raster.draw(panel, next(drawn), scale)
    return _image(figure, f"the first {SHOWN_OF_CLASS} examples of every class, as images")


def _diagram(trained):
    """The neuron, and if it looks at images its weights as one."""
    if trained.image_shape is None:
        return DIAGRAM(trained)
    shown = _as_images(trained, trained.X, trained.y)
    seen = "the average image of each class, and the weights for it, an image too"
    return f"{DIAGRAM(trained)}\n<p>{WEIGHTS_SEEN}</p>\n{_image(shown.figure_, seen)}"


def _one_example(trained):
    X, y = trained.tested
    names = trained.named("feature_names", "class_names")
    told = explain(trained.neuron, X[:1], truth=np.asarray(y)[0], among=(X, y), **names)._repr_html_()
    if trained.image_shape is None:
        return told
    shown = _as_images(trained, trained.X, x=X[:1], truth=np.asarray(y)[0])
    seen = "an example, the weights of its class and of its rival, and the products of both, pixel by pixel"
    return f"{told}\n<p>{PRODUCTS_SEEN}</p>\n{_image(shown.figure_, seen)}"


def _as_images(trained, X, y=None, **asked):
    names = {"shape": trained.image_shape, "class_names": trained.class_names}
    return displays.WeightImageDisplay.from_estimator(trained.neuron, X, y, **names, **asked)


def _right_and_wrong(trained):
    """What is taken for what, and of images the mistake that costs most."""
    told, (X, y) = _confusion(trained), trained.tested
    wrong = trained.neuron.predict(X) != np.asarray(y)
    if trained.image_shape is None or not wrong.any():
        return told
    worst = int(np.argmax(np.where(wrong, subject_of(trained.neuron).losses(X, y), -np.inf)))
    shown = _as_images(trained, trained.X, x=X[worst : worst + 1], truth=np.asarray(y)[worst])
    seen = "the mistake that costs most, times the weights of the class predicted and of the true one"
    words = MISTAKE_SEEN.format(**_about_tested(trained))
    return f"{told}\n<p>{html.escape(words)}</p>\n{_image(shown.figure_, seen)}"


def _likelihood(trained):
    shown = displays.LikelihoodDisplay.from_estimator(
        trained.neuron, trained.X, trained.y, class_names=trained.class_names
    )
    picture = _image(shown.figure_, "the product of the probabilities, and the sum of their logarithms")
    return f"<p>{html.escape(_likelihood_words(shown))}</p>\n{picture}"


def _film(trained):
    names = trained.named("feature_names", "class_names", "class_of_interest")
    return displays.animate_descent(trained.neuron, trained.X, trained.y, **names).to_html()


def _gradients(trained):
    names = trained.named("feature_names", "class_of_interest")
    return f'<div class="table">{gradient_check(trained.neuron, trained.X, trained.y, **names)._repr_html_()}</div>'


def _confusion(trained):
    import matplotlib.pyplot as plt

    if len(trained.class_names) > MOST_CLASSES:
        return _mistakes(trained)
    names = [plain(shortened(name, LONGEST_CLASS)) for name in trained.class_names]
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
    return _image(shown.figure_, f"true against predicted classes of the {_about_tested(trained)['tested']}")


def _mistakes(trained):
    """Which of many classes are taken for which others, most often first."""
    X, y = trained.tested
    counts = confusion_matrix(y, trained.neuron.predict(X), labels=trained.neuron.classes_)
    np.fill_diagonal(counts, 0)
    names = [repr(shortened(name, LONGEST_CLASS)) for name in trained.class_names]
    most = np.argsort(-counts, axis=None, kind="stable")[:SHOWN_MISTAKES]
    pairs = [(i, j) for i, j in np.transpose(np.unravel_index(most, counts.shape)) if counts[i, j]]
    told = "; ".join(f"{names[i]} for {names[j]} ({counts[i, j]})" for i, j in pairs) or "none"
    drawn = f"Not drawn for {len(names)} classes: with more than {MOST_CLASSES} nobody could read it."
    return f"<p>{drawn} Taken for another most often: {html.escape(told)}.</p>"


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
            name=plain(shortened(trained.class_names[k], LONGEST_CLASS)),
            ax=ax,
            color=class_color(k),
            marker=class_marker(k),
        )
    whose = f"“{plain(shortened(trained.class_names[1], LONGEST_CLASS))}”" if K == 2 else "each class"
    ax.set(xlabel=f"mean belief in {whose}, predict_proba", ylabel=f"share of the examples that are of {whose}")
    return _image(
        ax.figure, f"how often the {_about_tested(trained)['tested']} are what the neuron believes, by how sure it is"
    )


POINTS = Picture(
    displays.PlantsDisplay,
    "y X_held_out y_held_out feature_names class_names",
    "the examples by class{and_hollow}, those it gets wrong ringed",
)
DIAGRAM = Picture(
    displays.NeuronDiagramDisplay,
    "feature_names class_names",
    "inputs, weights, sum, bias, activation and belief of the neuron",
)

#: What fills ``report.html``, by the names it has there.
SHOWN = {
    "examples": _examples,
    "diagram": _diagram,
    "journey": _one_example,
    "sigmoid": Picture(
        displays.SigmoidCurveDisplay,
        "y class_names class_of_interest",
        "the sigmoid with every example at its score and belief",
        {"residuals": True},
    ),
    "field": Picture(
        displays.DecisionFieldDisplay,
        "y feature_names class_names",
        "what is believed on either side of the boundary, with the examples",
    ),
    "log_loss": Picture(
        displays.LogLossDisplay,
        "y class_names class_of_interest",
        "the loss of every example against the belief of the neuron",
    ),
    "likelihood": _likelihood,
    "loss_curve": Picture(
        displays.LossCurveDisplay, "y X_held_out y_held_out class_names", "J at every step{and_held_out_curve}"
    ),
    "landscape": Picture(
        displays.LossLandscapeDisplay,
        "y feature_names class_names class_of_interest",
        "J over two parameters with the path of the neuron, in raw and in whitened coordinates",
        {"coordinates": "both"},
    ),
    "film": _film,
    "gradients": _gradients,
    "confusion": _right_and_wrong,
    "calibration": _calibration,
}
