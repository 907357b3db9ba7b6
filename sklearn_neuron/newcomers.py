"""What has become of this parameter of LogisticRegression? Who writes it as it is written there is told what to write.

Signatures stay plain: only an error that would be raised anyway says more. The page 'Coming from LogisticRegression'
tells the same of all parameters, methods and attributes, and why.
"""

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar, cast

from sklearn.base import BaseEstimator

from sklearn_neuron._sklearn import InvalidParameterError

DOCS = "https://sklearn-neuron.readthedocs.io/en/latest/"
PAGE = f"'Coming from LogisticRegression', {DOCS}coming_from_logistic_regression.html"
UNKNOWN = {  # parameters that only LogisticRegression has, or LogisticRegressionCV, or the other of our own classifiers
    "penalty": "for 'l2' leave it out; for 'l1' write l1_ratio=1 (of the CV l1_ratios=[1]), for 'elasticnet' a number "
    "between 0 and 1, for None C=np.inf.",
    "n_jobs": "leave it out; a fit takes the threads that are free, or as many as OMP_NUM_THREADS says.",
    "dual": "leave it out; solver='auto' knows what to do where features outnumber examples.",
    "intercept_scaling": "leave it out; the bias is never penalised, so that nothing has to be scaled.",
    "use_legacy_attributes": "leave it out; attributes are those of use_legacy_attributes=False.",
    "C": "write Cs=[...], to choose from.",
    "l1_ratio": "write l1_ratios=[...], to choose from.",
    **dict.fromkeys(("Cs", "l1_ratios", "cv", "refit"), "write SigmoidNeuronClassifierCV(...), which chooses C."),
}
UNFIT: dict[str, str | dict[str | None, str]] = {  # what to write instead of any value that cannot be used, or of this
    "solver": {
        "liblinear": "leave it out; for an L1 penalty write l1_ratio=1 (of the CV l1_ratios=[1]). The bias is not "
        "penalised here.",
        "newton-cholesky": "write 'newton', or leave it out.",
        "sag": "leave it out; features need no scaling to arrive.",
        "saga": "leave it out; features need no scaling to arrive, whatever the l1_ratio.",
    },
    "multi_class": {"auto": "write 'multinomial', which is what it meant but for solver='liblinear'."},
    "max_iter": "leave it out; None is the solver's own budget, and a fit warns if that was not enough.",
    "tol": "leave it out; 1e-4 leaves J about 5e-9 above its minimum, whatever the units.",
    "l1_ratio": {None: "write 0, or leave it out."},
    "l1_ratios": {None: "write (0,), or leave it out."},
}

Init = TypeVar("Init", bound=Callable)  # editors complete the parameters of what they take for the same


def with_answers(init: Init) -> Init:
    """The same ``__init__``; its error about a parameter that it does not know says what to write.

    Its signature is read once: scikit-learn asks for it at every fit, clone and `set_params`.

    Parameters
    ----------
    init : callable
        The ``__init__`` of a classifier.

    Returns
    -------
    callable
    """
    signature = inspect.signature(init)

    @functools.wraps(init)
    def answering(self, *args, **params):
        try:
            init(self, *args, **params)
        except TypeError as error:
            positional = ["penalty"] if args and isinstance(args[0], str) else []  # the only one of LogisticRegression
            unknown = [*positional, *(name for name in params if name not in signature.parameters)]
            raise _answered(error, UNKNOWN, unknown) from None

    vars(answering)["__signature__"] = signature
    return cast("Init", answering)


class Answering(BaseEstimator):
    """An estimator whose errors about values, and about names in `set_params`, say what to write."""

    def set_params(self, **params) -> Any:
        """Set parameters of this estimator.

        Parameters
        ----------
        **params : dict
            Parameters by name.

        Returns
        -------
        estimator
            The estimator itself.

        Raises
        ------
        ValueError
            If it has no parameter of that name.
        """
        try:
            return super().set_params(**params)
        except ValueError as error:
            unknown = [name for name in params if name not in self._get_param_names()]
            raise _answered(error, UNKNOWN, unknown) from None

    def _validate_params(self):
        try:
            super()._validate_params()
        except InvalidParameterError as error:
            name = str(error).split("'")[1]
            raise _answered(error, {name: _instead_of(name, getattr(self, name))}, [name]) from None


def _instead_of(name, value):
    """What to write instead of a value that cannot be used; None if there is nothing to say."""
    answer = UNFIT.get(name)
    if not isinstance(answer, dict):
        return answer
    return answer.get(value) if value is None or isinstance(value, str) else None


def _answered(error, answers, names):
    """The error, saying what to write instead if there is an answer to one of the names."""
    told = [f"{name}: {answers[name]}" for name in names if answers.get(name)]
    return type(error)(" ".join([str(error).rstrip(".") + ".", *told, f"See {PAGE}"])) if told else error
