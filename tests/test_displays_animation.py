"""The moving picture shows the walk that was walked, and nothing else."""

import io

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.displays import animate_descent
from sklearn_neuron.displays.palette import ever_rarer

PLANTS = make_toxic_plants(random_state=0)
X, Y = PLANTS.data, PLANTS.target
NAMES = {"feature_names": PLANTS.feature_names, "class_names": PLANTS.target_names}


@pytest.fixture(scope="module")
def slow():
    """A long walk by the rule of the guide."""
    return SigmoidNeuronClassifier(solver="gd", learning_rate=0.1, tol=0.1, record="path").fit(X, Y)


@pytest.fixture(scope="module")
def quick():
    return SigmoidNeuronClassifier(record="path").fit(X, Y)


def test_a_frame_a_step_with_caption(quick):
    film = animate_descent(quick, X, Y, **NAMES)
    assert len(film.frames) == quick.n_iter_[0] + 1
    assert film.captions[0] == "step 0: J = 0.6931"
    assert film.captions[-1] == f"step {quick.n_iter_[0]}: J = {quick.loss_curve_[-1]:.4f}"
    assert film.title == "The neuron learns what is toxic"
    for frame in film.frames:
        assert Image.open(io.BytesIO(frame)).size == film.size == (864, 648)
    assert len(set(film.frames)) == len(film.frames)
    assert not plt.get_fignums()


def test_the_same_frames_every_time(quick):
    one, other = (animate_descent(quick, X, Y, max_frames=3, figsize=(4, 3), dpi=60) for _ in range(2))
    assert one == other


@pytest.mark.parametrize(("rows", "most"), [(1, 40), (6, 40), (40, 40), (41, 40), (10_001, 40), (50, 2)])
def test_a_long_walk_is_shown_ever_more_rarely(rows, most):
    shown = ever_rarer(rows, most)
    assert len(shown) <= most
    assert (shown[0], shown[-1]) == (0, rows - 1)
    assert (np.diff(shown) > 0).all()
    if rows > most > 2:
        assert np.diff(shown)[-1] >= np.diff(shown)[0]


def test_names_are_drawn_as_they_are(quick):
    film = animate_descent(quick, X, Y, feature_names=["total_$_in_$", "$a$"], class_names=["$b$", "_p"], max_frames=2)
    assert film.title == "The neuron learns what is _p"


def test_what_is_missing_is_said(quick):
    blind = SigmoidNeuronClassifier().fit(X, Y)
    with pytest.raises(ValueError, match="fit with record='path'"):
        animate_descent(blind, X, Y)
    one = SigmoidNeuronClassifier(record="path").fit(X[:, :1], Y)
    with pytest.raises(ValueError, match="A plane needs two features; the neuron sees 1"):
        animate_descent(one, X[:, :1], Y)
    with pytest.raises(ValueError, match=r"max_frames must be at least 2.*got 1"):
        animate_descent(quick, X, Y, max_frames=1)
