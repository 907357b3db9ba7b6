"""How does a journey read? As a few rows of it and a curve in letters, and, with pandas, as a frame of all rows.

J falls by orders of magnitude, and the last of them are the hardest. So the curve is one of log(J - lowest J), and the
rows shown are ever rarer: the first, some on the way, the last, and those in which a stage begins. Of K neurons the
average J is told, and the largest of every other number: whoever has furthest to go.
"""

import html
from typing import Any

import numpy as np

from sklearn_neuron.tables import Column, Table, six_places

SHOWN = 7  # rows, and those in which a stage begins
LETTERS = 40  # of a curve
BLOCKS = "▁▂▃▄▅▆▇█"


def lines_of(history: Any) -> list[str]:
    """For a terminal: a title, the table and the curve of a `History`."""
    return [_title(history), *_table(history).lines(), *_curve(history)]


def page_of(history: Any) -> str:
    """The same for a notebook."""
    style = "font-family: monospace; overflow-x: auto; white-space: nowrap"
    curve = "".join(f'<p tabindex="0" style="{style}">{html.escape(line)}</p>' for line in _curve(history))
    return f"<p>{html.escape(_title(history))}</p>{_table(history).html()}{curve}"


def frame_of(history: Any) -> Any:
    """All rows as a pandas DataFrame: :meth:`~sklearn_neuron.solvers.history.History.to_frame`."""
    try:
        import pandas as pd
    except ImportError as error:
        raise ImportError(
            "to_frame() needs pandas: pip install '.[files]' from the checkout, or pip install pandas."
        ) from error
    columns = {name: getattr(history, name) for name in history.columns if name != "weights"}
    if any(column.ndim == 2 for column in columns.values()):
        columns = {key: values for name, column in columns.items() for key, values in _by_neuron(name, column)}
    frame = pd.DataFrame(columns, index=pd.RangeIndex(len(history), name="row"))
    return frame.rename_axis(columns=["column", "neuron"]) if frame.columns.nlevels == 2 else frame


def _by_neuron(name, column):
    """A column a neuron, or, of what is told of all of them together, the one."""
    return [((name, k), column[:, k]) for k in range(column.shape[1])] if column.ndim == 2 else [((name, ""), column)]


def curve_in_letters(values: np.ndarray) -> tuple[str, list[str]]:
    """Numbers on a log scale as blocks, those that are 0 as the lowest one; and what these blocks stand for.

    A nan is as high as any number. Of many numbers some are shown, evenly.

    >>> print(*curve_in_letters(np.array([1.0, 1e-2, 1e-6, 0.0])), sep="  ")
    █▆▂▁  ['█ 1.00e+00', '▂ 1.00e-06', '▁ 0']
    """
    shown = values[np.linspace(0, len(values) - 1, min(LETTERS, len(values))).round().astype(int)]
    shown = np.where(np.isnan(shown), np.inf, shown)
    numbers = shown[(shown > 0) & (shown < np.inf)]
    if not len(numbers):
        return "", []
    lowest, highest = numbers.min(), numbers.max()
    with np.errstate(divide="ignore"):
        steps = np.log(shown / highest) / (np.log(highest / lowest) or 1.0)  # 0 is the highest, -1 the lowest above 0
    heights = np.clip(np.rint(len(BLOCKS) - 1 + steps * (len(BLOCKS) - 2)), 0, len(BLOCKS) - 1).astype(int)
    told = dict.fromkeys([f"█ {highest:.2e}", f"{'█' if lowest == highest else '▂'} {lowest:.2e}"])
    return "".join(BLOCKS[height] for height in heights), [*told, *["▁ 0"] * (0 in shown)]


def _title(history):
    steps = history.n_steps
    told = [f"History of {steps:,} step{'s' * (steps != 1)}", *_whose(history)]
    if len(history):
        passes, seconds = history.passes[-1], history.seconds[-1]
        told += [f"{passes:,.0f} passes over X" if passes >= 1000 else f"{passes:.4g} passes over X"]
        told += [f"{seconds:,.0f} seconds" if seconds >= 10 else f"{seconds:.2g} seconds"]
    return ", ".join(told)


def _whose(history):
    K = history.tail("loss", 1).shape[1]
    return [f"of {K:,} neurons side by side"] * (K > 1)


def _table(history):
    """The first row, some, the last, and where a stage begins."""
    n, stage, share = len(history), history.stage, history.share
    begins = np.flatnonzero(np.diff(stage)) + 1
    rare = np.geomspace(1, n, SHOWN).round().astype(int) - 1 if n > SHOWN else np.arange(n)
    rows = np.union1d(rare, begins).astype(int)
    columns = {"row": [f"{row:,}" for row in rows]}
    if len(begins):
        columns["stage"] = [str(number) for number in stage[rows]]
    if (share < 1).any():
        columns["share"] = ["1" if part == 1 else f"1/{1 / part:.3g}" for part in share[rows]]
    columns |= _numbers(history, rows)
    cells = [list(row) for row in zip(*columns.values(), strict=True)]
    return Table([list(columns), *cells], [Column(before=""), *[Column(before="  ")] * (len(columns) - 1)])


def _numbers(history, rows):
    """Cells of the columns by neuron; of several neurons the average J, and the largest of every other number."""
    loss, slope, decrement, rate = (
        history.tail(name, len(history))[rows] for name in ("loss", "gradient_norm", "decrement", "rate")
    )
    several = loss.shape[1] > 1
    mean, largest = ("mean ", "largest ") if several else ("", "")
    told = {
        f"{mean}loss": [six_places(J) for J in loss.mean(axis=1)],
        f"{largest}gradient_norm": [f"{length:.2e}" for length in slope.max(axis=1)],
        f"{largest}decrement": [f"{length:.2e}" for length in decrement.max(axis=1)],
        f"{largest}rate": ["" if np.isnan(alpha) else f"{alpha:.4g}" for alpha in rate.max(axis=1)],
    }
    for name in history.noted:
        values = history.tail(name, len(history))[rows].mean(axis=1)
        told[f"{mean * (name == 'validation_loss')}{name}"] = ["" if np.isnan(V) else six_places(V) for V in values]
    walking = {"walking": [f"{count:,}" for count in np.count_nonzero(rate, axis=1)]}  # who rests has the rate 0
    return told | (walking if several else {})


def _curve(history):
    """J of all examples above its lowest, as a line; none if it never was on all of them, or never changed."""
    loss = history.tail("loss", len(history)).mean(axis=1)[history.on_all]
    lowest = np.min(loss, where=np.isfinite(loss), initial=np.inf)
    if lowest == np.inf:
        return []
    blocks, told = curve_in_letters(loss - lowest)
    about = " of all examples" * (not history.on_all.all())
    return [f"loss - lowest loss{about}  {blocks}  log scale: {', '.join(told)}"] if told else []
