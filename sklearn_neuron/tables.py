"""How are numbers written down? In tables, for a terminal and for a page, and as one would say them."""

import html
from typing import NamedTuple

import numpy as np

DIGITS = 5  # of the largest number in a column


class Column(NamedTuple):
    """How the cells of a column stand in their lines: to which side, how wide at least, and what comes before."""

    side: str = ">"
    least: int = 0
    before: str = " "


class Table(NamedTuple):
    """Rows of cells, of which the first is the heading, in columns."""

    rows: list[list[str]]
    columns: list[Column]

    def lines(self) -> list[str]:
        """For a terminal, one line a row."""
        widths = [max(column.least, *map(len, cells)) for column, *cells in zip(self.columns, *self.rows, strict=True)]
        return ["".join(map(_in_line, row, self.columns, widths)).rstrip() for row in self.rows]

    def html(self) -> str:
        """For a page, whatever its colours: one that is too narrow scrolls the table, and not itself."""
        styles = [_style(column.side) for column in self.columns]
        rows = [
            "".join(f"<td{style}>{html.escape(cell)}</td>" for cell, style in zip(row, styles, strict=True))
            for row in self.rows
        ]
        rows[0] = rows[0].replace("<td", "<th").replace("</td", "</th")
        table = f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"
        return f'<div tabindex="0" style="overflow-x: auto">{table}</div>'


def _in_line(cell, column, width):
    return f"{column.before}{cell:{column.side}{width}}"


def _style(side):
    side = "left" if side == "<" else "right"
    return f' style="text-align: {side}; padding: 0 0.7em; font-variant-numeric: tabular-nums; white-space: nowrap"'


def largest_of(sizes: np.ndarray, at_most: int) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of those with a line of their own, and of the others.

    They are all as they come or, if these are too many, the largest, of which none is 0 (one is shown even then).

    >>> largest_of(np.array([0.0, 3.0, 0.0, 5.0]), 3)
    (array([3, 1]), array([0, 2]))
    """
    if len(sizes) <= at_most:
        return np.arange(len(sizes)), np.arange(0)
    order = np.argsort(-sizes, kind="stable")
    count = min(at_most, max(1, np.count_nonzero(sizes)))
    return order[:count], order[count:]


def added_up(parts: list[float], bias: float, score: float) -> list[str]:
    """Parts, their sum, the bias and the score, under each other with the same decimals, and so that they add up.

    Rounded one by one they would miss their sum by some units of the last place. So the parts that lose least by it are
    rounded to their other side.
    """
    numbers = np.array([*parts, np.sum(parts), bias, score])
    largest, n = np.abs(numbers).max(), len(parts)
    if not (1e-4 <= largest < 1e7 or largest == 0):
        return [f"{number:z.{DIGITS - 1}e}" for number in numbers]
    decimals = _decimals(numbers)
    exact = numbers * 10.0**decimals
    whole = np.rint(exact)
    whole[n] = whole[n + 2] - whole[n + 1]
    missing = whole[n] - whole[:n].sum()
    lost = (exact - whole)[:n] * np.sign(missing)
    turned = np.lexsort((-lost, lost == 0))[: int(abs(missing))]
    whole[turned] += np.sign(missing)
    return [f"{number:z.{decimals}f}" for number in whole / 10.0**decimals]


def unlike(numbers: np.ndarray) -> list[str]:
    """Numbers that need not be of one size: the same decimals if that leaves two digits of the smallest."""
    sizes = np.abs(numbers)[np.asarray(numbers) != 0]
    decimals = _decimals(numbers)
    are_alike = len(sizes) == 0 or (sizes.max() < 1e7 and sizes.min() >= 10.0 ** (1 - decimals))
    return [f"{number:z.{decimals}f}" if are_alike else f"{number:.4g}" for number in numbers]


def _decimals(numbers):
    """Decimals that show DIGITS digits of the largest number, or fewer if all others are then 0."""
    largest = np.abs(numbers).max(initial=0.0)
    most = int(np.clip(DIGITS - 1 - np.floor(np.log10(largest or 1.0)), 0, 9))
    rounded = np.round(numbers, most)
    return next(
        d for d in range(most + 1) if d == most or np.allclose(np.round(numbers, d), rounded, rtol=0, atol=1e-12)
    )


def apart(a: float, b: float) -> list[str]:
    """Two different numbers, each in as many digits as show how far they are apart, four at least."""
    alike = np.log10(max(abs(a), abs(b)) / abs(a - b)) if a != b else 0
    digits = int(np.clip(np.ceil(alike) + 2, 4, 17))
    return [f"{number:.{digits}g}" for number in (a, b)]


def six_places(loss: float) -> str:
    """J with six places, or with six digits if it is large: a number that is cut is another number.

    >>> six_places(np.log(2)), six_places(1e9 / 3)
    ('0.693147', '3.33333e+08')
    """
    return f"{loss:.6f}" if abs(loss) < 1e5 else f"{loss:.6g}"


def percent(probability: float) -> str:
    """A probability in words, never certain: the sigmoid of a finite score is neither 0 nor 1.

    >>> percent(0.893), percent(0.9953), percent(1 - 1e-12), percent(0.0)
    ('89 %', '99.5 %', 'more than 99.9 %', 'less than 0.1 %')
    """
    if probability > 0.999:
        return "more than 99.9 %"
    if probability < 0.001:
        return "less than 0.1 %"
    return f"{100 * probability:.{0 if 0.01 <= probability <= 0.99 else 1}f} %"


def spoken(name: str) -> str:
    """A class as one would call it: a number alone becomes "class 1", and True "class True"."""
    if name in ("True", "False"):
        return f"class {name}"
    try:
        float(name)
    except ValueError:
        return name
    return f"class {name}"


def short(name: str, longest: int) -> str:
    """A name on one line, without its end if it is long."""
    name = " ".join(name.split())
    return name if len(name) <= longest else f"{name[: longest - 3]}..."
