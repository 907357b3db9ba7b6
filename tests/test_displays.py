"""What all pictures have in common: scikit-learn's contract of displays, and matplotlib only when it is needed."""

import inspect
import subprocess
import sys

import matplotlib.pyplot as plt
import numpy as np
import pytest

from sklearn_neuron import SigmoidNeuronClassifier, displays
from sklearn_neuron.datasets import make_toxic_plants

DISPLAYS = [value for name, value in vars(displays).items() if name.endswith("Display")]
PLANTS = make_toxic_plants(random_state=0)


@pytest.fixture(scope="module")
def neuron():
    return SigmoidNeuronClassifier(record="path").fit(PLANTS.data, PLANTS.target)


@pytest.fixture(params=DISPLAYS, ids=lambda display: display.__name__)
def kind(request):
    return request.param


def drawn(kind, neuron, **options):
    if "y" in inspect.signature(kind.from_estimator).parameters:
        return kind.from_estimator(neuron, PLANTS.data, PLANTS.target, **options)
    return kind.from_estimator(neuron, **options)


def test_all_figures_of_the_guide_are_there():
    assert len(DISPLAYS) == 9


def test_data_are_keywords_and_kept_under_their_names(kind, neuron):
    parameters = list(inspect.signature(kind.__init__).parameters.values())[1:]
    assert {parameter.kind for parameter in parameters} == {inspect.Parameter.KEYWORD_ONLY}
    display = drawn(kind, neuron)
    again = kind(**{parameter.name: getattr(display, parameter.name) for parameter in parameters})
    assert again.plot() is again


def test_styles_are_keyword_dictionaries(kind):
    for method in (kind.from_estimator, kind.plot):
        parameters = inspect.signature(method).parameters
        assert "ax" in parameters
        styles = [name for name in parameters if name.endswith("_kwargs")]
        assert styles
        assert all(parameters[name].default is None for name in styles)


def test_what_was_drawn_is_an_attribute_and_documented(kind, neuron):
    display = drawn(kind, neuron)
    artists = [name for name in vars(display) if name.endswith("_")]
    assert "figure_" in artists
    assert "ax_" in artists or "axes_" in artists
    for name in artists:
        assert name in kind.__doc__, name


def test_one_figure_and_no_window(kind, neuron, monkeypatch):
    monkeypatch.setattr(plt, "show", lambda: pytest.fail("a window was opened"))
    display = drawn(kind, neuron)
    assert plt.get_fignums() == [display.figure_.number]


def test_nothing_is_fitted_again(kind, neuron, monkeypatch):
    monkeypatch.setattr(SigmoidNeuronClassifier, "fit", lambda *_: pytest.fail("it was fitted again"))
    drawn(kind, neuron)


def test_every_picture_can_be_saved_without_a_warning(kind, neuron, tmp_path):
    drawn(kind, neuron).figure_.savefig(tmp_path / "picture.svg")
    assert (tmp_path / "picture.svg").stat().st_size > 1000


def test_without_matplotlib_it_says_what_to_install(kind, neuron, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=rf"{kind.__name__}\.from_estimator requires matplotlib"):
        drawn(kind, neuron)


def test_animation_without_matplotlib_says_so_too(neuron, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match="animate_descent requires matplotlib"):
        displays.animate_descent(neuron, PLANTS.data, PLANTS.target)


def test_a_wrong_estimator_is_told_what_to_pass(kind):
    with pytest.raises(TypeError, match=r"a fitted SigmoidNeuronClassifier.*got a dict"):
        drawn(kind, {})


def test_half_a_column_is_legible(kind, neuron):
    """No word below eight points in a picture of its usual size."""
    display = drawn(kind, neuron)
    display.figure_.draw_without_rendering()
    sizes = [text.get_fontsize() for text in display.figure_.findobj(plt.Text) if text.get_text().strip()]
    assert min(sizes) >= 8


def test_nothing_is_cut(kind, neuron):
    display = drawn(kind, neuron)
    display.figure_.draw_without_rendering()
    whole, needed = display.figure_.bbox_inches, display.figure_.get_tightbbox()
    assert np.array([needed.x0, needed.y0]).min() > -0.02  # inches
    assert needed.x1 < whole.x1 + 0.02
    assert needed.y1 < whole.y1 + 0.02


def test_the_package_does_not_import_matplotlib_by_itself():
    code = "import sys, sklearn_neuron.displays, sklearn_neuron.report; assert 'matplotlib' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
