"""Who else looks on? Callbacks of scikit-learn, which see every step as a task of the fit.

This is the only module that knows their protocol (scikit-learn 1.9, experimental). Task number i is the step from place
i to place i + 1. When it begins nobody knows whether it will be taken, so that the last one ends with nothing done, as
those of ``LogisticRegression`` do. Steps on a sample of the examples are tasks as well.

Nothing of this happens where no callbacks are set. Below scikit-learn 1.9 none can be.
"""

from typing import Any

from sklearn_neuron.descent import Step
from sklearn_neuron.solvers.walk import columns_of

try:
    from sklearn.callback import CallbackSupportMixin as WithCallbacks
except ImportError:

    class WithCallbacks:  # type: ignore[no-redef]
        """Says what is needed."""

        def set_callbacks(self, *callbacks):
            """Refuse callbacks, of which this version of scikit-learn knows nothing."""
            if callbacks:
                raise NotImplementedError("set_callbacks needs scikit-learn 1.9 or newer: pip install -U scikit-learn")
            return self


TASK = "iteration"


class Tasks:
    """A callback of the walk that tells those of scikit-learn; asked to stop by one of them it passes that on.

    Parameters
    ----------
    context : sklearn.callback.CallbackContext
        Of the fit.
    estimator : estimator
        Whose fit it is.
    given : dict
        ``X``, ``y`` and ``metadata``, as hooks are told them.
    learned : callable
        ``learned(weights, step, history)`` returns the attributes of an estimator whose fit ended with this step, at
        the weights (p + 1, K) of all its neurons.
    """

    def __init__(self, context, estimator, given, learned):
        self.context, self.told, self.learned = context, {"estimator": estimator, **given}, learned
        self.weights: Any = None  # of all neurons where they stand
        self._task: Any = None  # that has begun
        self._steps = 0  # taken before it
        self.context.call_on_fit_task_begin(**self.told)

    def __call__(self, step: Step, history) -> bool:
        """The step that led here has ended, and the next begins; whether somebody asked to stop."""
        here = self.weights = _placed(step, self.weights)
        if self._task is not None and history.n_steps == self._steps:  # a stage begins where the last has ended
            return False
        self._steps = history.n_steps
        attributes = {"reconstruction_attributes": lambda: self.learned(here, step, history)}
        if self._task is not None and self._task.call_on_fit_task_end(**self.told, **attributes):
            self._task = None
            return True
        self._task = self.context.subcontext(task_name=TASK)
        self._task.call_on_fit_task_begin(**self.told, **attributes)
        return False

    def end(self, attributes) -> None:
        """The fit has ended: all attributes of its estimator."""
        if self._task is not None:
            self._task.call_on_fit_task_end(estimator=self.told["estimator"])
        self.context.call_on_fit_task_end(**self.told, reconstruction_attributes=attributes)


def root_task(estimator: Any) -> Any:
    """The task that is the whole fit of an estimator; None if there is nobody to be told of it.

    Callbacks are set up by this; they are torn down when `fit` ends, whether it fails or not.
    """
    if hasattr(estimator, "_skl_callbacks") or hasattr(estimator, "_parent_callback_ctx"):
        return estimator._init_callback_context(max_subtasks=None)
    return None


def tasks_of(root, estimator, examples, learned) -> Tasks | None:
    """What tells of the steps of a fit from these examples, (X, y, weights); None if there is nobody to be told."""
    if root is None:
        return None
    X, y, weight = examples
    metadata = None if (weight == 1).all() else {"sample_weight": weight}
    return Tasks(root, estimator, {"X": X, "y": y, "metadata": metadata}, learned)


def _placed(step, before):
    """Weights of all neurons, of whom some stay where they were; a new array, which a callback may keep."""
    if before is None:
        return step.here.weights.copy()
    weights, neurons = before.copy(), step.here.weights.shape[1] // len(step.walking)
    weights[:, columns_of(step.walking, neurons)] = step.here.weights
    return weights
