"""What may be done at every step of somebody's fit? Stop it, keep it, write it down.

These are callbacks of scikit-learn (1.9 or newer, whose protocol is experimental), for any estimator that bears them::

    neuron.set_callbacks(EarlyStopping(X_val, y_val), Snapshots("neuron.pkl", every=10), LearningLog())

They are asked when a task of a fit ends. For a neuron that is a step, as it is an iteration for ``LogisticRegression``,
which goes on, however, when it is asked to stop. Who has no steps, as most estimators, is seen when its fit has ended.
Set on a Pipeline or a search they see no more of it than that: set them on the estimator inside. What other processes
find out (``n_jobs``) stays with them.
"""

import copy
import logging
import os
import pickle
import shutil
import threading
from datetime import UTC, datetime
from numbers import Integral
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from sklearn.metrics import check_scoring

from sklearn_neuron.held_out import takes_weights

LOGGER = "sklearn_neuron.steps"


def _is_whole_fit(context):
    """Whether a task is all of a fit, and not one of its steps; in a search it is a task of the search as well."""
    return context.parent is None or context.source_estimator_name is not None


def _fit_of(context):
    """The fit that a task is, or is a step of: the run, and the places of all tasks around it."""
    fit = context if _is_whole_fit(context) else context.parent
    place = [context.root_uuid]
    while fit is not None:
        place.append(fit.task_id)
        fit = fit.parent
    return tuple(place)


def _score(estimator, scoring, X, y, metadata):
    """What a scorer says of an estimator; of weighted examples, if it can be told of weights."""
    scorer = check_scoring(estimator, scoring)
    takes = takes_weights(estimator.score if scoring is None else scorer)
    return float(scorer(estimator, X, y, **{k: v for k, v in metadata.items() if k != "sample_weight" or takes}))


def _counted(name, number):
    """The number of steps that is given, which is whole and at least 1."""
    if not isinstance(number, Integral) or int(number) < 1:
        raise ValueError(f"{name} must be a whole number, at least 1, not {number!r}.")
    return int(number)


class _Silent:
    """Hooks that have nothing to do, of who remembers something of every fit that goes on."""

    _fits: dict[tuple, Any]

    def setup(self, estimator, context) -> None:
        """Begin."""

    def teardown(self, estimator, context) -> None:
        """End."""
        self._fits.pop(_fit_of(context), None)

    def on_fit_task_begin(self, estimator, context) -> None:
        """Wait for its end."""


class Monitored(NamedTuple):
    """What was seen of one fit."""

    scores: list[float]  # after every step; more is better
    best: list[Any]  # the step of the best, counted from 0, its score and a copy of the estimator there


class EarlyStopping(_Silent):
    """Ask a fit to stop when examples that are held out have not been believed better for some steps.

    Nobody's weights are changed: those of the best step are in `best_estimator_`. A
    :class:`~sklearn_neuron.SigmoidNeuronClassifier` keeps them itself with ``early_stopping=True``.

    Parameters
    ----------
    X_val : array-like of shape (n_validation_samples, n_features), default=None
        Examples to judge by, as the estimator itself is given them: in a Pipeline, transformed. None judges by those
        that are learned from.
    y_val : array-like of shape (n_validation_samples,), default=None
        Their targets.
    scoring : str, callable or None, default="neg_log_loss"
        The scorer, more is better; None is the estimator's own.
    n_iter_no_change : int, default=10
        Steps without a better score after which it asks to stop.

    Attributes
    ----------
    scores_ : ndarray of shape (n_steps,)
        The score after every step of the latest fit.
    best_iteration_ : int
        After which of them it was best, counted from 0.
    best_score_ : float
        The score there.
    best_estimator_ : estimator
        A copy of the estimator as it was there.

    Examples
    --------
    >>> from sklearn_neuron import SigmoidNeuronClassifier
    >>> from sklearn_neuron.callbacks import EarlyStopping
    >>> from sklearn_neuron.datasets import make_toxic_plants
    >>> X, toxic = make_toxic_plants(random_state=0, return_X_y=True)
    >>> stop = EarlyStopping(X[150:], toxic[150:], scoring="accuracy", n_iter_no_change=5)
    >>> neuron = SigmoidNeuronClassifier(solver="gd").set_callbacks(stop).fit(X[:150], toxic[:150])
    >>> neuron.n_iter_[0] == stop.best_iteration_ + 1 + 5
    np.True_
    >>> neuron.stop_reason_
    'Stopped by a callback.'
    """

    def __init__(self, X_val=None, y_val=None, *, scoring="neg_log_loss", n_iter_no_change=10):
        if (X_val is None) != (y_val is None):
            raise ValueError("X_val and y_val go together; got only one of them.")
        self.n_iter_no_change = _counted("n_iter_no_change", n_iter_no_change)
        self.X_val, self.y_val, self.scoring = X_val, y_val, scoring
        self._fits = {}
        self._last: Monitored | None = None  # whose step was the latest

    def on_fit_task_end(self, estimator, context, *, X=None, y=None, metadata=None, fitted_estimator=None) -> bool:
        """Judge the estimator as it is after this step; whether it should stop."""
        if fitted_estimator is None or _is_whole_fit(context):
            return False
        judged = (X, y, metadata or {}) if self.X_val is None else (self.X_val, self.y_val, {})
        score = _score(fitted_estimator, self.scoring, *judged)
        self._last = seen = self._fits.setdefault(_fit_of(context), Monitored([], []))
        seen.scores.append(score)
        if not seen.best or score > seen.best[1] or np.isnan(seen.best[1]):
            seen.best[:] = len(seen.scores) - 1, score, without_callbacks(fitted_estimator)
        return len(seen.scores) - 1 - seen.best[0] >= self.n_iter_no_change

    @property
    def scores_(self) -> np.ndarray:
        """Scores of the latest fit."""
        return np.array(self._seen().scores)

    @property
    def best_iteration_(self) -> int:
        """Where they are best."""
        return self._seen().best[0]

    @property
    def best_score_(self) -> float:
        """The best of them."""
        return self._seen().best[1]

    @property
    def best_estimator_(self) -> Any:
        """The estimator there."""
        return self._seen().best[2]

    def _seen(self):
        if self._last is None:
            raise AttributeError("nothing was seen yet: set this on an estimator with set_callbacks, and fit it")
        return self._last


class Snapshots(_Silent):
    """Write the estimator to a file every so many steps, and when it has learned.

    The file is replaced in one go: whoever is killed leaves the one before, whole.

    Parameters
    ----------
    path : str or path
        The file; ``{step}`` in it is the number of steps taken, so that all are kept.
    every : int, default=1
        Steps from one snapshot to the next.

    Examples
    --------
    >>> import os, tempfile
    >>> from sklearn_neuron import SigmoidNeuronClassifier
    >>> from sklearn_neuron.callbacks import Snapshots
    >>> from sklearn_neuron.datasets import make_toxic_plants
    >>> plants = make_toxic_plants(random_state=0, return_X_y=True)
    >>> path = os.path.join(tempfile.mkdtemp(), "neuron.pkl")
    >>> neuron = SigmoidNeuronClassifier(max_iter=2, tol=0.1).set_callbacks(Snapshots(path)).fit(*plants)
    >>> Snapshots.load(path).set_params(warm_start=True, max_iter=None, tol=1e-4).fit(*plants).stop_reason_
    'The gradient is small enough.'
    """

    def __init__(self, path, every=1):
        self.path, self.every = str(path), _counted("every", every)
        self._fits = {}  # steps taken

    def on_fit_task_end(self, estimator, context, *, fitted_estimator=None) -> None:
        """Write it down, if it is time."""
        if fitted_estimator is None:
            return
        if not _is_whole_fit(context):
            self._fits[_fit_of(context)] = context.task_id + 1
            if (context.task_id + 1) % self.every:
                return
        step = self._fits.get(_fit_of(context), 0)
        write_whole(Path(self.path.replace("{step}", str(step))), pickle.dumps(without_callbacks(fitted_estimator)))

    @staticmethod
    def load(path) -> Any:
        """The estimator that a file holds, to predict or, with ``warm_start=True``, to be fitted on from there.

        It is a pickle: load none of a stranger's.

        Raises
        ------
        FileNotFoundError
            If there is no such file.
        """
        return pickle.loads(Path(path).read_bytes())


def without_callbacks(estimator: Any) -> Any:
    """A shallow copy of an estimator on whom nobody looks."""
    other = copy.copy(estimator)
    for name in [name for name in vars(other) if name.startswith(("_skl_callbacks", "_callback", "_parent_callback"))]:
        delattr(other, name)
    return other


def write_whole(path: Path, content: bytes) -> None:
    """Write a file, or leave the one that there is; what is none, a pipe or a device, is written into."""
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(content)
        else:
            _replace(path.resolve(), content)  # where a link leads: it stays one
    except OSError as error:  # which tells of the draft, or of nothing
        raise OSError(error.errno, error.strerror, str(path)) from None


def _replace(path, content):
    """Write a draft beside a file, and put it in its place when it is on the disk."""
    draft = path.with_name(f".{os.getpid()}.{threading.get_ident()}.draft")
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


class LearningLog(_Silent):
    """A line a step to :mod:`logging`: who, which step, its J if that is known, a score if it is asked for, seconds.

    Parameters
    ----------
    logger : str or logging.Logger, default="sklearn_neuron.steps"
        Where to.
    level : int or str, default=logging.INFO
        How loud, ``"INFO"`` or its number.
    every : int, default=1
        Steps from one line to the next.
    scoring : str or callable, default=None
        A scorer to be asked about the examples that are learned from.

    Examples
    --------
    >>> import logging, sys
    >>> from sklearn_neuron import SigmoidNeuronClassifier
    >>> from sklearn_neuron.callbacks import LearningLog
    >>> from sklearn_neuron.datasets import make_toxic_plants
    >>> logger = logging.getLogger("plants")
    >>> logger.setLevel(logging.INFO)
    >>> logger.addHandler(logging.StreamHandler(sys.stdout))
    >>> neuron = SigmoidNeuronClassifier().set_callbacks(LearningLog(logger))
    >>> neuron.fit(*make_toxic_plants(random_state=0, return_X_y=True)).converged_  # doctest: +ELLIPSIS
    SigmoidNeuronClassifier, iteration 1, J 0.470..., ... s
    SigmoidNeuronClassifier, iteration 2, J 0.460..., ... s
    SigmoidNeuronClassifier, iteration 3, J 0.460..., ... s
    True
    """

    def __init__(self, logger=LOGGER, level=logging.INFO, every=1, scoring=None):
        self.every, self.scoring, self._fits = _counted("every", every), scoring, {}
        self.logger = getattr(logger, "name", logger)
        self.level = logging.getLevelNamesMapping().get(level, level)
        if not isinstance(self.level, int):
            raise ValueError(f"level must be a level of logging, {logging.INFO} or 'INFO', not {level!r}.")

    def on_fit_task_end(self, estimator, context, *, X=None, y=None, metadata=None, fitted_estimator=None) -> None:
        """Write the line of a step."""
        logger, step = logging.getLogger(self.logger), context.task_id + 1
        if (
            fitted_estimator is None
            or _is_whole_fit(context)
            or step % self.every
            or not logger.isEnabledFor(self.level)
        ):
            return
        told = [f"{context.estimator_name}, {context.task_name} {step}"]
        curve: Any = getattr(fitted_estimator, "loss_curve_", ())
        if len(curve):
            told.append(f"J {np.mean(curve[-1]):.6g}")
        if self.scoring is not None:
            score = _score(fitted_estimator, self.scoring, X, y, metadata or {})
            told.append(f"{self.scoring if isinstance(self.scoring, str) else 'score'} {score:.6g}")
        seconds = (datetime.now(UTC) - context.parent.init_time).total_seconds()
        logger.log(self.level, "%s, %.3g s", ", ".join(told), seconds)
