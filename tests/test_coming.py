"""Who comes from LogisticRegression finds everything of it on one page, and in the errors what to write instead."""

import inspect
import re
from pathlib import Path

import numpy as np
import pytest
from conftest import without_warnings
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression, LogisticRegressionCV
from sklearn.model_selection import GridSearchCV

from sklearn_neuron import SigmoidNeuronClassifier, SigmoidNeuronClassifierCV
from sklearn_neuron.newcomers import PAGE, UNFIT, UNKNOWN

OURS = {LogisticRegression: SigmoidNeuronClassifier, LogisticRegressionCV: SigmoidNeuronClassifierCV}
PARAMETERS = [(theirs, name) for theirs in OURS for name in inspect.signature(theirs).parameters]


def explained(theirs):
    """Names that stand before a row of the tables of the page; of the CV in its first half as well."""
    path = Path(__file__).parents[1] / "docs" / "coming_from_logistic_regression.rst"
    if not path.exists():
        pytest.skip("the tests are not in a checkout, with the docs beside them")
    page = path.read_text(encoding="utf8")
    halves = page if theirs is LogisticRegressionCV else page[: page.index("\nLogisticRegressionCV\n---")]
    rows = re.findall(r"^   \* - (``.*)$", halves, flags=re.MULTILINE)
    return {name for row in rows for name in re.findall(r"``(\w+)``", row)}


def learned(kind, examples):
    X, y = examples
    params = {"use_legacy_attributes": False} if "use_legacy_attributes" in kind().get_params() else {}
    return without_warnings(kind(**params).fit, X, y)


def methods_and_attributes(model):
    return {name for name in dir(model) if not name.startswith("_") and name not in model.get_params()}


# The page -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("theirs", "name"), PARAMETERS)
def test_every_parameter_is_on_the_page_and_either_ours_or_refused_with_its_answer(theirs, name):
    ours = OURS[theirs]
    if name not in ours().get_params():
        with pytest.raises(TypeError, match=f"{name}: {re.escape(UNKNOWN[name])} See {re.escape(PAGE)}$"):
            ours(**{name: 1})
    assert name in explained(theirs)


@pytest.mark.parametrize("theirs", OURS)
def test_every_method_and_fitted_attribute_is_on_the_page(theirs, irises):
    model = learned(theirs, irises[:2])
    assert methods_and_attributes(model) - explained(theirs) - {"param"} == set()


@pytest.mark.parametrize("theirs", OURS)
def test_what_the_page_says_is_the_same_is_there(theirs, irises):
    ours = methods_and_attributes(learned(OURS[theirs], irises[:2]))
    missing = methods_and_attributes(learned(theirs, irises[:2])) - ours - {"param"}
    assert missing <= {"sparsify", "densify", "set_callbacks"}  # of the CV, as the page says
    assert theirs is LogisticRegressionCV or not missing


def test_all_answers_are_about_parameters_that_somebody_has():
    of_some_versions = {"multi_class", "n_jobs", "penalty", "use_legacy_attributes"}
    somebody = {name for pair in OURS.items() for kind in pair for name in inspect.signature(kind).parameters}
    assert set(UNKNOWN) | set(UNFIT) <= somebody | of_some_versions


# The errors -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ours", OURS.values())
@pytest.mark.parametrize(
    ("params", "answer"),
    [
        ({"solver": "liblinear"}, "leave it out; for an L1 penalty write l1_ratio=1"),
        ({"solver": "newton-cholesky"}, "write 'newton'"),
        ({"solver": "sag"}, "leave it out"),
        ({"solver": "saga"}, "leave it out"),
        ({"multi_class": "auto"}, "write 'multinomial'"),
        ({"max_iter": 1e4}, "leave it out; None is the solver's own budget"),
        ({"max_iter": -1}, "leave it out; None is the solver's own budget"),
        ({"tol": None}, "leave it out; 1e-4 leaves J"),
        ({"tol": "1e-4"}, "leave it out; 1e-4 leaves J"),
    ],
)
def test_values_that_cannot_be_used_are_answered(ours, params, answer, plants):
    with pytest.raises(ValueError, match="must be") as told:
        ours(**params).fit(plants.data, plants.target)
    (name,) = params
    assert f"{name}: {answer}" in str(told.value)
    assert str(told.value).endswith(f"See {PAGE}")
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("params", [{"solver": "newtom"}, {"solver": ["lbfgs"]}, {"record": "everything"}, {"C": 0}])
def test_who_errs_otherwise_is_told_no_more(params, plants):
    with pytest.raises(ValueError, match=r"Got .* instead\.$"):
        SigmoidNeuronClassifier(**params).fit(plants.data, plants.target)


def test_all_that_is_not_known_is_answered_at_once():
    with pytest.raises(TypeError, match=r"'penalty'\. penalty: .* n_jobs: .* See 'Coming from LogisticRegression'"):
        SigmoidNeuronClassifier(penalty="l1", C=2, n_jobs=2, surprise=1)


def test_a_penalty_named_without_its_name_is_answered():
    with pytest.raises(TypeError, match=r"positional .* penalty: "):
        SigmoidNeuronClassifier("l2")
    with pytest.raises(TypeError, match=r"were given$"):
        SigmoidNeuronClassifier(0.1)


def test_what_nobody_has_is_refused_as_python_does():
    with pytest.raises(TypeError, match=r"unexpected keyword argument 'surprise'$"):
        SigmoidNeuronClassifier(surprise=1)


def test_a_search_over_the_penalty_is_answered(plants):
    search = GridSearchCV(SigmoidNeuronClassifier(), {"penalty": ["l1", "l2"]}, error_score="raise")
    with pytest.raises(ValueError, match=r"Invalid parameter 'penalty' .* penalty: for 'l2' leave it out"):
        search.fit(plants.data, plants.target)
    with pytest.raises(ValueError, match=r"Valid parameters are: \[.*\]\.$"):
        SigmoidNeuronClassifier().set_params(surprise=1)


@pytest.mark.parametrize("ours", OURS.values())
def test_signatures_stay_plain(ours):
    kinds = {parameter.kind for name, parameter in inspect.signature(ours).parameters.items()}
    assert kinds == {inspect.Parameter.KEYWORD_ONLY}
    assert clone(ours(tol=1e-3)).get_params() == ours(tol=1e-3).get_params()
    assert ours().set_params(tol=0.1).tol == 0.1


# What means the same --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"C": 0.01},
        {"C": 10.0, "fit_intercept": False},
        {"class_weight": "balanced"},
        {"class_weight": {0: 3}},
        {"multi_class": "multinomial"},
    ],
)
def test_the_same_parameters_give_the_same_coefficients(params, irises, plants):
    X, y = irises[:2] if "multi_class" in params else (plants.data, plants.target)
    theirs = {name: value for name, value in params.items() if name != "multi_class"}
    reference = LogisticRegression(solver="newton-cholesky", tol=1e-12, **theirs).fit(X, y)
    neuron = SigmoidNeuronClassifier(tol=1e-8, **params).fit(X, y)
    assert np.linalg.norm(neuron.coef_ - reference.coef_) < 1e-6 * np.linalg.norm(reference.coef_)
    assert np.linalg.norm(neuron.intercept_ - reference.intercept_) < 1e-6 * np.abs(reference.intercept_).max() + 1e-12
