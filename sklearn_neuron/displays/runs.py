"""What the history of a walk tells: its steps on all examples, those on samples before them, and where it stopped."""

from typing import NamedTuple, Self

import numpy as np

from sklearn_neuron.displays import palette
from sklearn_neuron.inspection.subject import subject_of

HELD_OUT = 200  # rows whose held-out loss is found, at most
LARGEST_PASS = 4_000_000  # held-out scores in memory at a time
QUANTITIES = {
    "loss": "J (nats)",
    "gradient_norm": "gradient norm",
    "decrement": "Newton decrement",
    "rate": "learning rate",
}
SAME = {np.float32: 1e-3, np.float64: 1e-6}  # J up to the rounding of what is kept


class Run(NamedTuple):
    """One walk: of a neuron, of K side by side, or of a layer, which is one."""

    name: str  # what to call it beside others
    columns: dict  # "iterations", "passes", "seconds" of shape (rows,), and QUANTITIES of shape (rows, K)
    share: np.ndarray  # (rows,) of the examples that these numbers are about
    steps: np.ndarray  # (K,) after how many steps on all examples each neuron stopped
    stop_reason: str = ""  # a sentence
    class_names: tuple[str, ...] = ()  # whom the neurons speak for, if there are more than one
    held_out_rows: np.ndarray | None = None  # (m,) at which there is a held-out loss
    held_out: np.ndarray | None = None  # (m, K) mean log-loss there on other examples, without the penalty, in nats
    problem: tuple = ()  # what J it walked on, as far as parameters tell; on different ones there is no common floor
    chosen: str = ""  # parameters that a search chose
    best: np.ndarray | None = None  # (K,) the steps that were kept, if it was stopped early
    elsewhere: str = ""  # if the J that was recorded is not that of the examples given, a sentence that says so

    @classmethod
    def of_history(cls, history, name="", class_names=None) -> Self:
        """The walk of a history, which does not know why it ended."""
        turns = np.diff(history.share, prepend=history.share[:1]) != 0  # seen by other examples: the same place
        columns = {"iterations": np.arange(len(history)) - np.cumsum(turns)}
        columns |= {"passes": history.passes, "seconds": history.seconds}
        columns |= {quantity: getattr(history, quantity).reshape(len(history), -1) for quantity in QUANTITIES}
        K = columns["loss"].shape[1]
        names = range(K) if class_names is None else class_names
        if len(names) != K > 1:
            raise ValueError(f"class_names has {len(names)} names, but {K} neurons walked.")
        steps = _last_that_walked(columns["rate"][history.share == 1])
        return cls(name, columns, history.share, steps, class_names=tuple(map(str, names)) if K > 1 else ())

    @classmethod
    def of_estimator(cls, estimator, given, held_out, name="", class_names=None) -> Self:
        """The walk of a fitted neuron, on the examples given, and how wrong it was about others at every step."""
        subject = subject_of(estimator)
        names, neuron = subject.class_names(class_names), subject.neuron
        run = cls.of_history(subject.history, name, names if len(names) > 2 else None)
        run = run._replace(
            steps=neuron.n_iter_,
            best=getattr(neuron, "best_iteration_", None),
            stop_reason=neuron.stop_reason_,
            problem=(neuron.C, repr(neuron.class_weight), neuron.fit_intercept),
            chosen=_chosen(getattr(estimator, "best_params_", {})),
            elsewhere=_elsewhere(subject, *given) if _are_there("X", "y", *given[:2]) else "",
        )
        if not _are_there("X_held_out", "y_held_out", *held_out):
            return run._with_validation(subject.history)
        rows, loss = _held_out_loss(neuron, subject.sees(held_out[0]), held_out[1])
        return run._replace(held_out_rows=rows, held_out=loss)

    def _with_validation(self, history):
        """The same, with the held-out loss by which it was stopped, if there is one."""
        if "validation_loss" not in history.columns:
            return self
        loss = history.validation_loss.reshape(len(history), -1)
        return self._replace(held_out_rows=self.on_all, held_out=loss[self.on_all])

    @property
    def on_all(self) -> np.ndarray:
        """Numbers of the rows about all examples."""
        return np.flatnonzero(self.share == 1)

    def rows_of(self, k) -> np.ndarray:
        """Numbers of the rows about all examples in which a neuron walked; none if it never came so far."""
        return self.on_all[: self.steps[k] + 1]

    def sampled(self, k) -> list[np.ndarray]:
        """Numbers of the rows in which a neuron walked on a sample, one array a sample."""
        stages = np.split(np.arange(len(self.share)), np.flatnonzero(np.diff(self.share)) + 1)
        stages = [rows for rows in stages if self.share[rows[0]] != 1]
        return [rows[: _last_that_walked(self.columns["rate"][rows])[k] + 1] for rows in stages]

    @property
    def held_out_until_it_stopped(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Rows and held-out loss of every neuron; none of either if nothing was held out."""
        if self.held_out is None or self.held_out_rows is None:
            return []
        lasts = [
            (self.rows_of(k) if len(self.on_all) else np.arange(len(self.share)))[-1] for k in range(len(self.steps))
        ]
        until = [self.held_out_rows <= last for last in lasts]
        return [(self.held_out_rows[some], self.held_out[some, k]) for k, some in enumerate(until)]

    @property
    def shares(self) -> list[str]:
        """The samples that were walked on, in words."""
        return [_part(share) for share in dict.fromkeys(self.share.tolist()) if share != 1]

    @property
    def stopped(self) -> str:
        """Where and why it stopped, in words."""
        least, most = self.steps.min(), self.steps.max()
        number = f"{most:,}" if least == most else f"{least:,} to {most:,}"
        words = f"{number} step{'' if most == 1 else 's'}"
        if self.shares:
            before = self.columns["iterations"][[*self.on_all, -1][0]]
            words += f" on all examples, after {before:,} on a sample"
        return f"{words}. {self.stop_reason}" if self.stop_reason else words


def _last_that_walked(rates):
    """For rates of shape (rows, K): the last row to which each neuron walked. Who has arrived stays, at rate 0."""
    if not len(rates):
        return np.zeros(rates.shape[1], dtype=int)
    return len(rates) - 1 - (rates[::-1] != 0).argmax(axis=0)


def _part(share):
    """A share of the examples in words: one in so many, or in percent."""
    one_in = 1 / share
    return f"1/{one_in:.0f}" if abs(one_in - round(one_in)) < 1e-6 * one_in else f"{100 * share:.3g} %"


def _are_there(X_name, y_name, X, y):
    """Whether there are examples with labels."""
    if (X is None) != (y is None):
        raise ValueError(f"{X_name} and {y_name} go together; got only one of them.")
    return X is not None


def _elsewhere(subject, X, y, sample_weight):
    """What to say if the J that was recorded is not that of these examples; nothing if it is."""
    neuron = subject.neuron
    theta = np.vstack([neuron.coef_.T, neuron.intercept_[None]])[: neuron.n_features_in_ + neuron.fit_intercept]
    here = neuron.objective(subject.sees(X), y, sample_weight).at(theta.astype(np.float64)).loss
    recorded = neuron.loss_curve_.reshape(-1, len(here))
    if not len(recorded):  # it was stopped before it saw all of them
        return ""
    ends = np.array([subject.final_losses, np.nanmin(recorded, axis=0)])  # who tripped has kept the best that it saw
    if np.isclose(ends, here, rtol=SAME[neuron.coef_.dtype.type], atol=1e-12).any(axis=0).all():
        return ""
    ends_at = f"{here.mean():.4g}" + " on average" * (len(here) > 1)
    return f"not the J of the examples given, which ends at {ends_at}"


def _chosen(parameters):
    return ", ".join(f"{name.split('__')[-1]} = {value}" for name, value in parameters.items())


def _held_out_loss(neuron, X, y):
    """Rows, and the mean log-loss there of every neuron, many thetas side by side in few passes."""
    history = neuron.history_
    if "weights" not in history.columns:
        raise ValueError("A held-out loss at every step needs the weights there: fit with record='path'.")
    kept = palette.ever_rarer(len(history.weights_rows), HELD_OUT)
    weights = history.weights[kept]
    m, parameters, K = (*weights.shape, 1)[:3]
    theta = weights.reshape(m, parameters, K).transpose(1, 0, 2).reshape(parameters, m * K)
    objective = neuron.objective(X, y).paying(0.0)
    columns = objective.loss.neurons  # of a walk
    whose = np.tile(np.arange(K // columns), m)
    together = max(1, LARGEST_PASS // (columns * objective.home.shape[0]))
    with np.errstate(over="ignore", invalid="ignore"):  # a neuron that tripped may have been anywhere
        loss = [
            objective.neurons(whose[i : i + together]).at(theta[:, i * columns : (i + together) * columns]).loss
            for i in range(0, len(whose), together)
        ]
    return history.weights_rows[kept], np.concatenate(loss).reshape(m, -1)
