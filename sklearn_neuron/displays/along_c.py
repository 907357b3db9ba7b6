"""An axis of C, on which penalties stand from the strongest to none at all."""

from typing import Any

import numpy as np

from sklearn_neuron.displays import palette

ASIDE = 0.12  # of the axis, that no penalty stands beyond the weakest


def places_of(Cs) -> np.ndarray:
    """Where each C stands on a log axis: at itself; without a penalty somewhat beyond the weakest."""
    Cs = np.asarray(Cs, dtype=np.float64)
    finite = Cs[np.isfinite(Cs)]
    if not len(finite):
        return np.ones_like(Cs)
    beyond = finite.max() * max(3.0, (finite.max() / finite.min()) ** ASIDE)
    return np.where(np.isfinite(Cs), Cs, beyond)


def draw_axis(ax, Cs) -> None:
    """A log axis of C; no penalty is marked on it by the sign of infinity."""
    Cs = np.asarray(Cs, dtype=np.float64)
    ax.set_xscale("log")
    ax.set_xlabel("C (penalty: strong ← → weak)")
    ax.spines[["top", "right"]].set_visible(False)
    if np.isinf(Cs).any():
        place = places_of(Cs).max()
        ax.axvline(place, color=palette.FAINT, linewidth=0.8, linestyle=":", zorder=0.5)
        ax.annotate("∞", (place, 0), xycoords=("data", "axes fraction"), xytext=(0, -3), **_BELOW)


def draw_chosen(ax, C, Cs) -> Any:
    """A line at the chosen C, named in the legend; None if there is none."""
    if C is None:
        return None
    Cs = np.asarray(Cs, dtype=np.float64)
    place = places_of(np.append(Cs, C))[-1]
    name = f"chosen: C = {C:.3g}" if np.isfinite(C) else "chosen: no penalty"
    return ax.axvline(place, **(palette.GUIDE | {"color": palette.INK, "label": name}))


_BELOW: dict[str, Any] = {"textcoords": "offset points", "ha": "center", "va": "top", "fontsize": palette.SMALL}
