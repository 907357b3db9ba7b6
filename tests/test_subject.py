"""What stands between a neuron and the data leaves every feature its name, or its number."""

import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.feature_selection import SelectKBest
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, PolynomialFeatures, StandardScaler

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.displays import DialsDisplay, NeuronDiagramDisplay
from sklearn_neuron.inspection.explanation import explain
from sklearn_neuron.inspection.subject import subject_of


@pytest.fixture
def table(rng):
    X = rng.normal(size=(60, 3))
    return X, X[:, 0] + 2 * X[:, 2] + rng.logistic(size=60) > 0


def named(X, y, *steps):
    return subject_of(make_pipeline(*steps, SigmoidNeuronClassifier()).fit(X, y)).feature_names()


@pytest.mark.parametrize(
    ("steps", "names"),
    [
        ((), ["x1", "x2", "x3"]),
        ((StandardScaler(),), ["x1", "x2", "x3"]),
        ((StandardScaler(), FunctionTransformer(feature_names_out="one-to-one")), ["x1", "x2", "x3"]),
        ((FunctionTransformer(), StandardScaler()), ["x1", "x2", "x3"]),  # which cannot name what it returns
        ((SelectKBest(k=2),), ["x1", "x3"]),
        (
            (PolynomialFeatures(2, interaction_only=True, include_bias=False),),
            ["x1", "x2", "x3", "x1 x2", "x1 x3", "x2 x3"],
        ),
        ((ColumnTransformer([("some", StandardScaler(), [2])]),), ["some__x3"]),
    ],
)
def test_features_without_names_are_counted_from_1_whatever_comes_before(table, steps, names):
    assert named(*table, *steps) == names


def test_names_that_are_given_are_kept_though_they_look_like_numbers(table):
    X, y = table
    assert named(pd.DataFrame(X, columns=["x0", "x1", "x2"]), y, StandardScaler()) == ["x0", "x1", "x2"]


def test_a_feature_has_one_number_in_all_pictures(table):
    X, y = table
    pipeline = make_pipeline(StandardScaler(), SelectKBest(k=2), SigmoidNeuronClassifier()).fit(X, y)
    diagram = NeuronDiagramDisplay.from_estimator(pipeline)
    assert [text.get_text() for text in diagram.input_texts_] == ["$x_{1}$", "$x_{3}$"]
    assert {text.get_text() for text in diagram.names_} == {""}
    assert explain(pipeline, X[0]).feature_names == ["x1", "x3"]
    assert DialsDisplay.from_estimator(pipeline, X, y).axes_[0, 0].get_xlabel() == "x1"
    numbered = NeuronDiagramDisplay.from_estimator(SigmoidNeuronClassifier().fit(X, y))
    assert [text.get_text() for text in numbered.input_texts_] == [rf"$x_{{{j}}}$" for j in (1, 2, 3)]
    assert {text.get_text() for text in numbered.names_} == {""}
