"""What happened? The journey of every neuron, in columns.

One row before the first step and one after every step: k steps leave k + 1 rows. A neuron that has arrived
stays where it is while the others walk on. Pictures of the walk are drawn from here: nothing is fitted again.

A fit may walk in stages, the first of them on a sample of the examples. Then J of its rows is that of the sample: every
row says its stage and what share of the examples its numbers are about.
"""

import copy
import time
from typing import Any, NamedTuple

import numpy as np

from sklearn_neuron.descent import Step
from sklearn_neuron.solvers.journal import frame_of, lines_of, page_of

PATH_BYTES = 2**26  # of weights kept along the way
_BY_NEURON = ("loss", "gradient_norm", "decrement", "rate")
_RATE = _BY_NEURON.index("rate")


class Row(NamedTuple):
    """What a row says of all neurons together."""

    seconds: float
    passes: float
    stage: int
    share: float


class Path:
    """Weights along the way: of every row, or, once they outgrow `limit`, of every 2nd, 4th, 8th...; and of the last.

    Parameters
    ----------
    limit : int, default=2**26
        Bytes to keep, or three rows if those are more.
    """

    def __init__(self, limit=PATH_BYTES):
        self.limit = limit
        self.stride = 1
        self.rows: list[int] = []
        self.weights: list[np.ndarray] = []

    def keep(self, row, weights, walking) -> None:
        """Note the weights (p + 1, number walking) of the neurons that walk; the others are where they were.

        A layer walks with all its neurons, or not at all.
        """
        latest = self.weights[-1].copy() if row else weights.copy()
        latest.reshape(len(latest), -1, weights.shape[1] // len(walking))[:, walking] = weights.reshape(
            len(weights), len(walking), -1
        )
        while self.rows and (self.rows[-1] >= row or self.rows[-1] % self.stride):
            self._forget(-1)  # it is this row, or was kept for being the last
        self.rows.append(row)
        self.weights.append(latest)
        while len(self.rows) > 3 and len(self.rows) * latest.nbytes > self.limit:
            self._thin()

    def so_far(self) -> "Path":
        """The same, which stays as it is."""
        other = copy.copy(self)
        other.rows, other.weights = self.rows.copy(), self.weights.copy()
        return other

    def _thin(self):
        self.stride *= 2
        for place in range(len(self.rows) - 2, -1, -1):
            if self.rows[place] % self.stride:
                self._forget(place)

    def _forget(self, place):
        del self.rows[place], self.weights[place]


class History:
    """The journey in columns; ``len(history)`` is the number of rows.

    Columns by neuron have shape (rows,), or (rows, K) where K > 1 neurons walk side by side. Printed, and in a
    notebook, it is a small table of some of its rows, with a curve of J above its lowest.

    Parameters
    ----------
    n_neurons : int
        Number of neurons walking side by side, K.
    record : {"loss", "path"}, default="loss"
        "path" keeps the weights of every row too; of every 2nd, 4th... once they need more than 64 MiB.
    noted : {"validation_loss", "validation_score"} or None, default=None
        What is known of held-out examples, if there are any.

    Examples
    --------
    >>> from sklearn_neuron import SigmoidNeuronClassifier
    >>> from sklearn_neuron.datasets import make_toxic_plants
    >>> neuron = SigmoidNeuronClassifier().fit(*make_toxic_plants(random_state=0, return_X_y=True))
    >>> print(neuron.history_)  # doctest: +ELLIPSIS
    History of 3 steps, 5 passes over X, ... seconds
    row      loss  gradient_norm  decrement   rate
      0  0.693147       4.37e-01   6.12e-01
      1  0.470246       6.41e-02   1.31e-01  1.187
      2  0.460551       5.24e-03   1.61e-02   1.08
      3  0.460419       1.39e-05   2.09e-05  1.025
    loss - lowest loss  █▅▂▁  log scale: █ 2.33e-01, ▂ 1.33e-04, ▁ 0
    """

    def __init__(self, n_neurons, record="loss", noted=None):
        self._path = Path() if record == "path" else None
        self._by_neuron = _BY_NEURON if noted is None else (*_BY_NEURON, noted)
        self._table = np.full((16, len(self._by_neuron), n_neurons), np.nan)
        self._rows: list[Row] = []
        self._stage, self._share = 0, 1.0  # of the rows to come
        self._replaces = False  # whether the next row takes the place of the last
        self._began = time.perf_counter()

    def begin(self, share=1.0) -> None:
        """Begin a stage on a share of the examples; on the same share it goes on in the row where the last ended."""
        self._replaces = bool(self._rows) and self._share == share
        self._stage, self._share = self._stage + bool(self._rows), share

    def record(self, step: Step) -> None:
        """Write the row of a watched step; neurons that no longer walk keep their last values and rate 0."""
        row, here = self._next_row(), step.here
        walking: Any = slice(None)  # sooner written than all by their numbers
        if len(step.walking) < self._table.shape[-1]:
            walking = step.walking
            self._table[row] = self._table[row - 1]
            self._table[row, _RATE] = 0.0
        rate = np.nan if step.rate is None else step.rate
        for column, values in enumerate((here.loss, here.gradient_norm, step.decrement.length, rate)):
            self._table[row, column, walking] = values
        seconds = time.perf_counter() - self._began
        self._rows[row:] = [Row(seconds, here.objective.home.passes, self._stage, self._share)]
        if self._path is not None:
            self._path.keep(row, step.here.weights, step.walking)

    def note(self, values, walking) -> None:
        """Write into the last row what is known of held-out examples, by the neurons that walk."""
        self._table[len(self._rows) - 1, -1, walking] = values

    def _next_row(self):
        """Its number, for which there is room."""
        row = len(self._rows) - self._replaces
        self._replaces = False
        if row == len(self._table):
            self._table = np.concatenate([self._table, np.full_like(self._table, np.nan)])
        return row

    def tail(self, column, rows) -> np.ndarray:
        """The last few rows of a column by neuron, shape (at most `rows`, K)."""
        end = len(self._rows)
        return self._table[max(0, end - rows) : end, self._by_neuron.index(column)]

    def close(self, passes) -> "History":
        """Note the passes of a last look, give back the memory kept for rows that did not come; returns self."""
        self._rows[-1] = self._rows[-1]._replace(passes=passes)
        self._table = self._table[: len(self)].copy()
        return self

    def so_far(self) -> "History":
        """What happened up to here, which stays as it is while this one goes on."""
        other = copy.copy(self)
        other._rows, other._table = self._rows.copy(), self._table[: len(self)].copy()
        other._path = self._path and self._path.so_far()
        return other

    def __len__(self):
        return len(self._rows)

    def __repr__(self):
        return f"<History of {self.n_steps:,} steps>"  # short: scikit-learn shows 30 letters of it on its page

    def __str__(self):
        return "\n".join(lines_of(self))

    def _repr_pretty_(self, printer, cycle):
        """What IPython shows where there are no pages."""
        printer.text(str(self))

    def _repr_html_(self):
        """What a notebook shows."""
        return page_of(self)

    def to_frame(self) -> Any:
        """All rows as a table of pandas, to be sorted, drawn or written to a file.

        Returns
        -------
        pandas.DataFrame
            One row a row, of the same number, and one column a column. Where K > 1 neurons walk side by side,
            columns have two levels: ``frame["loss"]`` holds those of neurons 0 to K - 1, and ``frame["seconds"]`` is
            one column still. Weights along the way are not in it:
            ``pandas.DataFrame(history.weights, index=history.weights_rows)`` is a frame of them, of one neuron.

        Raises
        ------
        ImportError
            If pandas is not installed.
        """
        return frame_of(self)

    @property
    def n_steps(self) -> int:
        """Steps taken, those on samples included: on each share of the examples one less than rows."""
        return len(self) - len({row.share for row in self._rows})

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns."""
        kept = ("weights",) if self._path is not None else ()
        return (*self._by_neuron, "seconds", "passes", "stage", "share", *kept)

    @property
    def stage(self) -> np.ndarray:
        """Which walk of the fit a row belongs to, counted from 0, shape (rows,)."""
        return np.array([row.stage for row in self._rows])

    @property
    def share(self) -> np.ndarray:
        """Share of the examples that the numbers of a row are about, shape (rows,); 1 is all of them."""
        return np.array([row.share for row in self._rows])

    @property
    def on_all(self) -> np.ndarray:
        """Whether a row is about all examples, shape (rows,) of bool."""
        return self.share == 1

    @property
    def noted(self) -> tuple[str, ...]:
        """The column about held-out examples, if there are any."""
        return self._by_neuron[len(_BY_NEURON) :]

    @property
    def n_walks(self) -> int:
        """How many walk side by side; a layer is one."""
        return self._table.shape[-1]

    @property
    def is_on_all(self) -> bool:
        """Whether the last row is about all examples."""
        return self._rows[-1].share == 1

    @property
    def loss(self) -> np.ndarray:
        """J, in nats: of all examples, or of the sample that a row is about (`share`)."""
        return self._squeezed(self.tail("loss", len(self)))

    @property
    def gradient_norm(self) -> np.ndarray:
        """Euclidean length of dJ/d[w, b], in the units of X."""
        return self._squeezed(self.tail("gradient_norm", len(self)))

    @property
    def decrement(self) -> np.ndarray:
        """Newton decrement, or the direction's estimate of it: J - J* is about half its square."""
        return self._squeezed(self.tail("decrement", len(self)))

    @property
    def rate(self) -> np.ndarray:
        """Learning rate of the step that led here; nan in the first row."""
        return self._squeezed(self.tail("rate", len(self)))

    @property
    def validation_loss(self) -> np.ndarray:
        """Mean log-loss of held-out examples, without the penalty, in nats; nan where they were not looked at."""
        return self._noted("validation_loss", "loss")

    @property
    def validation_score(self) -> np.ndarray:
        """What a scorer says of held-out examples, of all neurons the same; nan where it was not asked."""
        return self._noted("validation_score", "a scorer")

    @property
    def seconds(self) -> np.ndarray:
        """Time since the walk began, shape (rows,)."""
        return np.array([row.seconds for row in self._rows])

    @property
    def passes(self) -> np.ndarray:
        """Times that X had been read from end to end (a sample counts as its part), shape (rows,)."""
        return np.array([row.passes for row in self._rows])

    @property
    def weights(self) -> np.ndarray:
        """Weights and, last, the bias, in the units of X, shape (kept rows, p + 1) or (kept rows, p + 1, K)."""
        return self._squeezed(np.array(self._kept_path().weights))

    @property
    def weights_rows(self) -> np.ndarray:
        """Rows of the other columns that `weights` belong to: all, unless the path outgrew its memory."""
        return np.array(self._kept_path().rows)

    def _noted(self, column, scoring):
        if column not in self._by_neuron:
            raise AttributeError(f"no {column} was found: fit with early_stopping=True and scoring={scoring!r}")
        return self._squeezed(self.tail(column, len(self)))

    def _kept_path(self):
        if self._path is None:
            raise AttributeError("the weights of every step were not kept: fit with record='path'")
        return self._path

    def _squeezed(self, column):
        return column[..., 0].copy() if column.shape[-1] == 1 else column.copy()
