"""The contract of all pictures, once: who may be drawn, on what, in whose words, and what is left as it was.

What the artists of one display hold, and whether these are the numbers of the neuron, stands in its own file.
"""

import copy
import inspect
import io
import pickle
import subprocess
import sys
from functools import cache
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from conftest import at, letters
from matplotlib.cbook import is_math_text
from matplotlib.collections import PathCollection
from matplotlib.colors import same_color, to_rgb
from matplotlib.legend import Legend
from matplotlib.text import Text
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_neuron import SigmoidNeuronClassifier, displays
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.displays import (
    DecisionFieldDisplay,
    DialsDisplay,
    LikelihoodDisplay,
    LogLossDisplay,
    LossCurveDisplay,
    LossLandscapeDisplay,
    NeuronDiagramDisplay,
    PlantsDisplay,
    SigmoidCurveDisplay,
    WeightImageDisplay,
    animate_descent,
)


def first_of(X):
    """A table of one row."""
    if sp.issparse(X):
        return sp.csr_array(X)[[0]]
    return X.iloc[[0]] if hasattr(X, "iloc") else X[:1]


class Picture(NamedTuple):
    """A display, and what is particular about drawing it."""

    kind: type
    styles: dict  # the artists of each group that people may restyle
    samples: str = ""  # where the samples are
    names: str = ""  # what it calls by name: "features", "classes", of the two "class" that costs most

    def draw(self, estimator, X, y, **options):
        if self.kind is NeuronDiagramDisplay:
            return self.kind.from_estimator(estimator, X=X, x=first_of(X), **options)
        if self.kind is SigmoidCurveDisplay:
            options = {"residuals": True} | options
        if self.kind is WeightImageDisplay:
            neuron = getattr(estimator, "best_estimator_", estimator)
            neuron = neuron[-1] if hasattr(neuron, "steps") else neuron
            options = {"shape": (1, getattr(neuron, "n_features_in_", 2))} | options
        return self.kind.from_estimator(estimator, X, y, **options)


def found(display, path):
    """The artists at a path of attributes, lists laid open."""
    here = [display]
    for name in path.split("."):
        here = [getattr(one, name) for one in here]
        while any(isinstance(one, list) for one in here):
            here = [one for many in here for one in (many if isinstance(many, list) else [many])]
    return here


LINES, SCATTER, RINGS = "line_kwargs", "scatter_kwargs", "ring_kwargs"
FIELD = {"surface_kwargs": "surface_", "contour_kwargs": "contours_", "boundary_kwargs": "boundary_"}
FIELD |= {"arrow_kwargs": "arrow_", "colorbar_kwargs": "colorbar_"}
OF_PLANTS = {SCATTER: "scatters_", RINGS: "rings_"}
ON_FIELD = {SCATTER: "points_.scatters_", RINGS: "points_.rings_"}
DIAGRAM = {"node_kwargs": "inputs_", LINES: "lines_", "text_kwargs": "names_"}
LANDSCAPE = {"ground_kwargs": "grounds_", "path_kwargs": "paths_"}
SIGMOID = {LINES: "line_", SCATTER: "points_", "stick_kwargs": "sticks_", "threshold_kwargs": "threshold_"}
BOTH = "features classes"
PICTURES = {
    picture.kind.__name__: picture
    for picture in [
        Picture(PlantsDisplay, OF_PLANTS, "scatters_", BOTH),
        Picture(DecisionFieldDisplay, FIELD | ON_FIELD, "points_.scatters_", BOTH),
        Picture(DialsDisplay, {LINES: "boundaries_", SCATTER: "points_.scatters_"}, "points_.scatters_", BOTH),
        Picture(NeuronDiagramDisplay, DIAGRAM, names=BOTH),
        Picture(LikelihoodDisplay, {LINES: "products_"}, names="class"),
        Picture(LogLossDisplay, {LINES: "lines_", SCATTER: "points_"}, "points_", "classes"),
        Picture(LossCurveDisplay, {LINES: "lines_"}),
        Picture(LossLandscapeDisplay, LANDSCAPE, names="features"),
        Picture(SigmoidCurveDisplay, SIGMOID, "points_", "classes"),
        Picture(WeightImageDisplay, {"image_kwargs": "weight_images_"}, names="classes"),
    ]
}
OF_SAMPLES = [name for name, picture in PICTURES.items() if picture.samples]
SEVERAL_PANELS = (DialsDisplay, LikelihoodDisplay, WeightImageDisplay)
HAVE_NO_LINES = ("surface_kwargs", "colorbar_kwargs", "text_kwargs", "ground_kwargs", "image_kwargs")


@pytest.fixture(params=PICTURES)
def picture(request):
    return PICTURES[request.param]


@pytest.fixture(scope="module")
def gallery(plants, learned):
    """Every picture once; to be looked at and left as it is."""

    @cache
    def drawn(name):
        return PICTURES[name].draw(learned, plants.data, plants.target, class_names=("non-toxic", "toxic"))

    return lambda picture: drawn(picture.kind.__name__)


def figure_of(display):
    display.figure_.draw_without_rendering()
    return display.figure_


def drawn_words(figure):
    """Everything that is written in a figure and is no mathematics, as it is drawn."""
    texts = [text.get_text() for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    return [letters(text).replace("\n", " ") for text in texts if not is_math_text(text)]


def in_legends(display):
    return [text.get_text() for legend in display.figure_.findobj(Legend) for text in legend.get_texts()]


def numbers(display):
    """What the artists of a picture hold: places of lines and points, beliefs and levels of fields."""
    figure = display.figure_
    lines = [line.get_xydata() for ax in figure.axes for line in ax.lines]
    lines += [[line.get_linewidth()] for ax in figure.axes for line in ax.lines]
    points = [at(points) for ax in figure.axes for points in ax.collections if isinstance(points, PathCollection)]
    images = [image.get_array() for ax in figure.axes for image in ax.images]
    levels = [ground.levels for ground in getattr(display, "grounds_", [])]
    return [np.ma.filled(np.ma.asarray(one, dtype=float), np.nan) for one in lines + points + images + levels]


def assert_same_numbers(display, other, rtol):
    for one, two in zip(numbers(display), numbers(other), strict=True):
        np.testing.assert_allclose(one, two, rtol=rtol, atol=rtol * np.nanmax(np.abs(one), initial=0))


def pixels_of(display):
    file = io.BytesIO()
    display.figure_.savefig(file, format="rgba", dpi=60)
    return file.getvalue()


# Its parts ------------------------------------------------------------------------------------------------


def test_all_figures_of_the_guide_are_there():
    along_C = {"RegularizationPathDisplay", "ValidationDisplay"}  # of a neuron that is not one yet: they have their own
    drawn = {name for name in displays.__all__ if hasattr(getattr(displays, name), "from_estimator")}
    assert set(PICTURES) == drawn - along_C


def test_data_are_keywords_and_kept_under_their_names(picture, gallery):
    parameters = list(inspect.signature(picture.kind.__init__).parameters.values())[1:]
    assert {parameter.kind for parameter in parameters} == {inspect.Parameter.KEYWORD_ONLY}
    again = picture.kind(**{parameter.name: getattr(gallery(picture), parameter.name) for parameter in parameters})
    assert again.plot() is again
    np.testing.assert_array_equal(again.figure_.axes[0].get_xlim(), gallery(picture).figure_.axes[0].get_xlim())


def test_what_was_drawn_is_an_attribute_and_documented(picture, gallery):
    artists = [name for name in vars(gallery(picture)) if name.endswith("_")]
    assert "figure_" in artists
    assert {"ax_", "axes_"} & set(artists)
    assert [name for name in artists if name not in picture.kind.__doc__] == []


def test_it_is_drawn_in_one_figure_without_a_window_or_a_fit(picture, plants, learned, monkeypatch):
    monkeypatch.setattr(plt, "show", lambda: pytest.fail("a window was opened"))
    monkeypatch.setattr(SigmoidNeuronClassifier, "fit", lambda *_: pytest.fail("it was fitted again"))
    display = picture.draw(learned, plants.data, plants.target)
    assert plt.get_fignums() == [display.figure_.number]


def test_it_can_be_saved_and_has_the_same_pixels_every_time(picture, gallery, plants, learned):
    again = picture.draw(learned, plants.data, plants.target, class_names=("non-toxic", "toxic"))
    assert pixels_of(again) == pixels_of(gallery(picture))


# On whose axes --------------------------------------------------------------------------------------------


def test_axes_of_the_user_are_drawn_on_and_nothing_else_is_touched(picture, plants, learned):
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 5))
    beside, settings = right.get_children(), dict(plt.rcParams)
    display = picture.draw(learned, plants.data, plants.target, ax=left)
    assert display.figure_ is figure
    if picture.kind in SEVERAL_PANELS:  # they come in its place
        assert left not in figure.axes
        assert set(display.axes_.flat) <= set(figure.axes)
    else:
        assert display.ax_ is left
    assert right.get_children() == beside
    assert right.get_xlim() == right.get_ylim() == (0, 1)
    assert display.plot(ax=right) is display
    assert display.figure_ is figure
    assert plt.get_fignums() == [figure.number]
    assert dict(plt.rcParams) == settings


@pytest.mark.parametrize("name", [kind.__name__ for kind in SEVERAL_PANELS])
def test_axes_without_a_place_in_a_grid_cannot_be_divided(name, plants, learned):
    with pytest.raises(ValueError, match=r"ax must be one of plt\.subplots"):
        PICTURES[name].draw(learned, plants.data, plants.target, ax=plt.figure().add_axes((0, 0, 1, 1)))


def test_a_part_of_a_figure_will_do(picture, plants, learned):
    left, _ = plt.figure(figsize=(20, 5), layout="constrained").subfigures(1, 2)
    display = picture.draw(learned, plants.data, plants.target, ax=left.subplots())
    assert display.figure_ is left
    left.figure.draw_without_rendering()


@pytest.mark.parametrize("name", [kind.__name__ for kind in SEVERAL_PANELS])
def test_axes_that_panels_took_the_place_of_are_refused(name, plants, learned):
    _, ax = plt.subplots()
    PICTURES[name].draw(learned, plants.data, plants.target, ax=ax)
    with pytest.raises(ValueError, match="ax is in no figure any more"):
        PICTURES[name].draw(learned, plants.data, plants.target, ax=ax)


# To be read -----------------------------------------------------------------------------------------------


def test_half_a_column_is_legible(picture, gallery):
    """No word below eight points in a picture of its usual size."""
    texts = [text for text in figure_of(gallery(picture)).findobj(Text) if text.get_text().strip()]
    assert min(text.get_fontsize() for text in texts) >= 8


def assert_nothing_is_cut(figure):
    """Nor hidden: in every panel the title stands above the legend, and that above the data, if it is not inside."""
    needed, whole = figure.get_tightbbox(), figure.bbox_inches
    assert min(needed.x0, needed.y0) > -0.02  # inches
    assert needed.x1 < whole.x1 + 0.02
    assert needed.y1 < whole.y1 + 0.02
    for ax in figure.axes:
        titles = [
            text for text in ax.findobj(Text) if text.get_text().strip() and text.get_text() == ax.get_title("left")
        ]
        boxes = [one.get_window_extent() for one in [*titles, *(ax.findobj(Legend) if titles else []), ax]]
        assert not any(one.overlaps(other) for k, one in enumerate(boxes) for other in boxes[:k])


def test_nothing_is_cut(picture, gallery):
    assert_nothing_is_cut(figure_of(gallery(picture)))


def test_long_names_keep_their_ends_and_leave_the_picture_its_room(picture, plants, learned):
    names = {"class_names": ["fine and harmless " * 9 + "A", "Toxic, do not eat " * 9 + "B"]}
    if "features" in picture.names:
        names["feature_names"] = ["Length of the leaf " * 9 + "C", "Width of its stalk " * 9 + "D"]
    figure = figure_of(picture.draw(learned, plants.data, plants.target, **names))
    assert_nothing_is_cut(figure)
    assert max(ax.bbox.height for ax in figure.axes) > 0.4 * figure.bbox.height
    drawn = drawn_words(figure)
    meant = names["class_names"] * ("classes" in picture.names) + names.get("feature_names", [])
    assert not any(name in text for name in meant for text in drawn)
    assert all(any(name[:6] in text and "\u2026" in text and name[-1] in text for text in drawn) for name in meant)


HOSTILE = ["_p", "__", "$a$", "total_$_in_$", "$", "$$", r"a\$b", r"\$", r"$\frac{$", "a^2_b", r"\alpha", "{x}%s", "&"]


def test_a_name_is_drawn_letter_by_letter_whatever_it_is_made_of(rng):
    """matplotlib reads mathematics between dollars, and leaves what begins with an underscore out of legends."""
    others = ["length (cm)", "naïve", "-", "0", "two\nlines\t!", "", 3, np.str_("toxic")]
    names = [*HOSTILE, *others]
    display = PlantsDisplay.from_data(rng.normal(size=(42, 2)), np.arange(42) % len(names), class_names=names)
    figure_of(display)
    drawn = [letters(text.get_text()) for text in display.legend_.get_texts()]
    assert drawn == [*HOSTILE, "length (cm)", "naïve", "-", "0", "two lines !", "", "3", "toxic"]


def assert_names_are_drawn(picture, display, classes, features):
    drawn = drawn_words(figure_of(display))
    said = [any(name in text for text in drawn) for name in classes]
    assert any(said) or "class" not in picture.names
    assert said == [True, True] or not picture.samples
    assert all(any(name in text for text in drawn) for name in features) or "features" not in picture.names


def test_names_stand_wherever_the_picture_has_them(picture, plants, learned):
    classes, features = ["_p", "total_$_in_$"], ["$a$", "_b$"]
    names = {"class_names": classes} | ({"feature_names": features} if "features" in picture.names else {})
    display = picture.draw(learned, plants.data, plants.target, **names)
    assert_names_are_drawn(picture, display, classes, features)


def test_names_come_from_a_frame_and_its_labels(picture, plants):
    X, y = pd.DataFrame(plants.data, columns=["_length", "$w$"]), np.array(["fi$ne$", "_toxic"])[plants.target]
    display = picture.draw(SigmoidNeuronClassifier(record="path").fit(X, y), X, y)
    assert_names_are_drawn(picture, display, ["fi$ne$", "_toxic"], ["_length", "$w$"])


@pytest.mark.parametrize("name", OF_SAMPLES)
def test_classes_differ_in_colour_lightness_and_marker_and_are_the_same_in_every_picture(name, gallery):
    display = gallery(PICTURES[name])
    yellow, purple = found(display, PICTURES[name].samples)[:2]
    assert [yellow.get_label(), purple.get_label()] == ["non-toxic", "toxic"]
    assert {"non-toxic", "toxic"} <= set(in_legends(display))
    (r0, g0, b0), (r1, g1, b1) = (to_rgb(points.get_facecolor()[0]) for points in (yellow, purple))
    assert min(r0, g0) > b0  # class 0 is yellow,
    assert min(r1, b1) > g1  # class 1 purple,
    assert r0 + 2 * g0 + b0 > 1 + r1 + 2 * g1 + b1  # and much darker: a grey print tells them apart
    assert yellow.get_paths()[0].vertices.shape != purple.get_paths()[0].vertices.shape
    first = PlantsDisplay.from_data([[0.0, 0.0], [1.0, 1.0]], [0, 1]).scatters_
    for here, there in zip((yellow, purple), first, strict=True):
        assert same_color(to_rgb(here.get_facecolor()[0]), to_rgb(there.get_facecolor()[0]))
        np.testing.assert_array_equal(here.get_paths()[0].vertices, there.get_paths()[0].vertices)


# Of many, some --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def crowd():
    """100,000 plants, and a neuron that knows them."""
    X, y = make_toxic_plants(100_000, random_state=1, return_X_y=True)
    return SigmoidNeuronClassifier(record="path").fit(X, y), X, y


def test_of_100_000_samples_few_are_drawn_and_the_picture_says_so(picture, crowd):
    if picture.kind is LossLandscapeDisplay:
        return  # which takes its time; its own test does
    display = picture.draw(*crowd)
    drawn = [points for ax in display.figure_.axes for points in ax.collections if isinstance(points, PathCollection)]
    assert max((len(at(points)) for points in drawn), default=0) <= 2000
    assert max((len(line.get_xdata()) for ax in display.figure_.axes for line in ax.lines), default=0) <= 2000
    if picture.samples:
        assert sum(len(at(points)) for points in found(display, picture.samples)[:2]) == 2000
        assert "2,000 of 100,000 drawn" in in_legends(display)


@pytest.mark.parametrize("name", OF_SAMPLES)
def test_at_most_max_points_are_drawn_of_every_class_its_part(name, plants, learned):
    picture = PICTURES[name]
    few = np.flatnonzero(np.arange(200) % 4 < 3 - 2 * plants.target)  # 3 of 4 of one class, 1 of 4 of the other
    y = plants.target[few]
    display = picture.draw(learned, plants.data[few], y, max_points=40)
    drawn = [len(at(points)) for points in found(display, picture.samples)[:2]]
    assert drawn == pytest.approx(40 * np.bincount(y) / len(y), abs=1)


# Whose neuron ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def searched(plants):
    pipeline = make_pipeline(StandardScaler(), SigmoidNeuronClassifier(record="path"))
    return GridSearchCV(pipeline, {"sigmoidneuronclassifier__C": [1.0]}, cv=2).fit(plants.data, plants.target)


def test_a_search_is_drawn_as_its_best_pipeline_and_that_as_its_neuron_among_what_it_sees(picture, plants, searched):
    X, y = plants.data, plants.target
    pipeline = searched.best_estimator_
    display = picture.draw(pipeline, X, y)
    assert_same_numbers(picture.draw(searched, X, y), display, rtol=1e-12)
    if picture.kind not in (PlantsDisplay, DecisionFieldDisplay):  # these are in the units of X
        assert_same_numbers(picture.draw(pipeline[-1], pipeline[0].transform(X), y), display, rtol=1e-12)


FORMS = {
    "float32": (lambda X: X.astype(np.float32), 1e-4),
    "list": (np.ndarray.tolist, 1e-9),
    "coo": (sp.coo_array, 1e-9),
}


@pytest.fixture(scope="module", params=FORMS)
def form(request, plants):
    """X in another form, a neuron that learned from it, and how near its numbers are."""
    convert, rtol = FORMS[request.param]
    X, y = convert(plants.data), np.array(["fine", "toxic"])[plants.target].tolist()
    return X, y, SigmoidNeuronClassifier(record="path").fit(X, y), rtol


def test_x_and_labels_may_have_any_form(picture, form, gallery):
    X, y, neuron, rtol = form
    if picture.kind is DecisionFieldDisplay and isinstance(X, list):
        return  # an estimator is asked with arrays
    assert_same_numbers(picture.draw(neuron, X, y), gallery(picture), rtol)


def test_data_and_neuron_of_the_user_are_left_as_they_are(picture, plants, learned):
    """The arrays are read-only: to write on them would raise."""
    X, y = sp.csc_array(plants.data), plants.target.copy()
    X.data.flags.writeable = X.indices.flags.writeable = X.indptr.flags.writeable = y.flags.writeable = False
    neuron = pickle.loads(pickle.dumps(learned))
    before = pickle.dumps(neuron)
    picture.draw(neuron, X, y)
    dense = plants.data.copy()
    dense.flags.writeable = False
    picture.draw(neuron, dense, y)
    assert pickle.dumps(neuron) == before


# Styles ---------------------------------------------------------------------------------------------------

STYLED = [(name, style) for name, picture in PICTURES.items() for style in picture.styles]


def test_styles_are_keyword_dictionaries_of_both_ways_to_draw(picture):
    for method in (picture.kind.from_estimator, picture.kind.plot):
        parameters = inspect.signature(method).parameters
        assert parameters["ax"].default is None
        assert {name for name in parameters if name.endswith("_kwargs")} == set(picture.styles)
        assert all(parameters[name].default is None for name in picture.styles)


def test_styles_reach_their_artists(picture, plants, learned):
    given = {name: {"alpha": 0.125} if name in HAVE_NO_LINES else {"alpha": 0.125, "lw": 7} for name in picture.styles}
    if picture.kind is DialsDisplay:
        del given["scatter_kwargs"]["lw"]
    before = copy.deepcopy(given)
    display = picture.draw(learned, plants.data, plants.target, **given)
    for name, path in picture.styles.items():
        for artist in found(display, path):
            assert (artist.alpha if name == "colorbar_kwargs" else artist.get_alpha()) == 0.125
            assert "lw" not in given[name] or np.all(artist.get_linewidth() == 7)  # an alias is understood, too
    assert given == before


@pytest.mark.parametrize(("name", "style"), STYLED)
def test_unknown_styles_are_refused(name, style, plants, learned):
    with pytest.raises((AttributeError, TypeError, UserWarning), match="no_such_style"):  # older contours only warn
        PICTURES[name].draw(learned, plants.data, plants.target, **{style: {"no_such_style": 1}})


# What is refused ------------------------------------------------------------------------------------------


OTHERS = [
    ({}, "got a dict"),
    (LogisticRegression(), "got a LogisticRegression"),
    (make_pipeline(StandardScaler(), LogisticRegression()), "got a Pipeline, in which a LogisticRegression is found"),
    (GridSearchCV(SigmoidNeuronClassifier(), {}), "got a GridSearchCV, which is not fitted, or with refit=False"),
]


def test_another_estimator_is_told_what_to_pass(picture, plants):
    for estimator, got in OTHERS:
        with pytest.raises(TypeError, match=rf"a fitted SigmoidNeuronClassifier, a Pipeline .* or a search .*{got}"):
            picture.draw(estimator, plants.data, plants.target)
    for unfitted in (SigmoidNeuronClassifier(), make_pipeline(StandardScaler(), SigmoidNeuronClassifier())):
        with pytest.raises(NotFittedError):
            picture.draw(unfitted, plants.data, plants.target)
    assert plt.get_fignums() == []


def test_what_does_not_fit_the_neuron_is_refused(picture, plants, learned, irises):
    X, y, known = plants.data, plants.target, inspect.signature(picture.kind.from_estimator).parameters
    wrong = [
        ((learned, X[:, :1], y), {}, r"X has 1 features, but|needs two features"),
        ((learned, X, y), {"class_names": ["one"]}, "class_names has 1 names, but there are 2 classes"),
        ((learned, X, y), {"feature_names": ["one"]}, "feature_names has 1 names, but"),
        ((irises[2], *irises[:2]), {"class_of_interest": 7}, r"pass class_of_interest, one of \[0, 1, 2\]; got 7"),
    ]
    if "y" in known:
        wrong += [((learned, X, y[1:]), {}, "inconsistent numbers of samples")]
        wrong += [((learned, X, y + 6), {}, "none of the classes")]
    for data, options, message in wrong:
        if set(options) <= set(known):
            with pytest.raises(ValueError, match=message):
                picture.draw(*data, **options)
    assert plt.get_fignums() == []


@pytest.mark.parametrize(
    ("z", "truths", "message"),
    [
        ([0.0, 1], [1], r"linear_scores and truths must have the same shape .* got \(2,\) and \(1,\)"),
        ([[0.0]], [[1]], r"same shape \(n_samples,\)"),
        ([], [], "with a sample at least"),
        ([np.nan], [1], "linear_scores must be numbers, without nan, and truths 0 or 1"),
        ([0.0, 0], [1, -1], "truths 0 or 1"),
    ],
)
@pytest.mark.parametrize("kind", [LogLossDisplay, SigmoidCurveDisplay])
def test_scores_and_truths_that_are_no_answers_are_refused(kind, z, truths, message):
    with pytest.raises(ValueError, match=message):
        kind(linear_scores=z, truths=truths).plot()
    assert plt.get_fignums() == []


# Without matplotlib ---------------------------------------------------------------------------------------


def test_without_matplotlib_it_says_what_to_install(picture, plants, learned, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=rf"{picture.kind.__name__}\.from_estimator requires matplotlib"):
        picture.draw(learned, plants.data, plants.target)
    with pytest.raises(ImportError, match="animate_descent requires matplotlib"):
        animate_descent(learned, plants.data, plants.target)


def test_the_package_does_not_import_matplotlib_by_itself():
    code = "import sys, sklearn_neuron.displays, sklearn_neuron.report; assert 'matplotlib' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
