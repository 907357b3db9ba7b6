"""What is learned where large weights cost more, and where less? Every weight along C.

From the left, where the penalty holds all weights near zero, each leaves zero in its own time and, where the penalty no
longer holds it, comes to rest at what the examples alone would have it. Weights of features in different units cannot
be compared: multiplied by the spread of its feature a weight says by how much an ordinary change of that feature moves
the score.

Reference: T. Hastie, R. Tibshirani, J. Friedman, The Elements of Statistical Learning (2nd ed., 2009), figures 3.8 and
3.10.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import scipy.sparse as sp
from sklearn.utils.sparsefuncs import mean_variance_axis

from sklearn_neuron._sklearn import check_matplotlib_support
from sklearn_neuron.displays import palette
from sklearn_neuron.displays.along_c import draw_axis, draw_chosen, places_of
from sklearn_neuron.displays.base import Display, styled
from sklearn_neuron.displays.columns import names_of
from sklearn_neuron.displays.names import plain, shortened
from sklearn_neuron.displays.validation import chosen_by, named_ratio
from sklearn_neuron.inspection.subject import number_of

SHOWN = 9  # weights with a colour and a name, at most
LONGEST = 22  # letters of a name
LINE = 1.35 * palette.SMALL / 72  # inches, that two names are apart
ROOM = 0.85  # of the height of new axes, that a title and a legend leave them
ABOVE = 0.09  # of the height, for what is counted
COUNTED = 5  # places at which weights that are not zero are counted


@dataclass(kw_only=True, eq=False, repr=False)
class RegularizationPathDisplay(Display):
    """Weights along C, the largest with their names at the right, and how many of them are not zero, above.

    Parameters
    ----------
    Cs : ndarray of shape (n_Cs,)
        Inverse strengths of the penalty; ``np.inf`` is none.
    coefs : ndarray of shape (n_Cs, n_features)
        Weights of one neuron.
    feature_names : sequence of str, default=None
        Names of the features; None numbers them.
    spreads : ndarray of shape (n_features,), default=None
        Spreads of the features, by which weights are multiplied; None draws them in the units of the features.
    C : float, default=None
        The chosen one.
    l1_ratio : str, default=""
        What is told of the share of the penalty that is paid for the size of weights.
    title : str, default="What is learned along C"
        The title.

    Attributes
    ----------
    ax_, figure_ : matplotlib Axes and Figure
        Where it is drawn.
    lines_ : list of matplotlib Line2D
        Of the weights that are largest somewhere, the largest at the end first.
    others_ : matplotlib LineCollection or None
        All others.
    names_ : list of matplotlib Annotation
        Names of the lines, at the right.
    counts_ : list of matplotlib Annotation
        How many weights are not zero, above.
    chosen_ : matplotlib Line2D or None
        At the chosen C.
    legend_ : matplotlib Legend
        What is what.

    See Also
    --------
    ValidationDisplay : How well it believes along C.

    Examples
    --------
    >>> from sklearn_neuron import neuron_path
    >>> from sklearn_neuron.datasets import make_toxic_plants
    >>> from sklearn_neuron.displays import RegularizationPathDisplay
    >>> plants = make_toxic_plants(random_state=0)
    >>> path = neuron_path(plants.data, plants.target, Cs=[1e-4, 1e-2, 1])
    >>> display = RegularizationPathDisplay.from_path(path, feature_names=plants.feature_names)
    >>> [name.get_text() for name in display.names_]
    ['leaf_width', 'leaf_length']
    """

    Cs: Any
    coefs: Any
    feature_names: Any = None
    spreads: Any = None
    C: float | None = None
    l1_ratio: str = ""
    title: str = "What is learned along C"

    @classmethod
    def from_path(
        cls,
        path,
        *,
        X=None,
        C=None,
        class_of_interest=None,
        feature_names=None,
        ax=None,
        line_kwargs=None,
    ) -> Self:
        """Draw what :func:`~sklearn_neuron.neuron_path` returns.

        Parameters
        ----------
        path : NeuronPath
            Weights along C.
        X : {array-like, sparse matrix} of shape (n_samples, n_features), default=None
            Samples that tell how far features spread, by which weights are multiplied; None draws them as they are.
        C : float, default=None
            One to be marked.
        class_of_interest : label, default=None
            Whose neuron to draw, if there are more than two classes.

        Raises
        ------
        ValueError
            If no neuron, or more than one, can be meant.
        """
        check_matplotlib_support(f"{cls.__name__}.from_path")
        k = _row_of(path.classes, class_of_interest)
        names = feature_names if feature_names is not None or X is None else names_of(X) or None
        options: dict[str, Any] = {"feature_names": names, "spreads": None if X is None else _spreads(X), "C": C}
        return cls(Cs=path.Cs, coefs=path.coefs[:, k], **options).plot(ax, line_kwargs=line_kwargs)

    @classmethod
    def from_estimator(
        cls, estimator, X=None, *, class_of_interest=None, feature_names=None, ax=None, line_kwargs=None
    ) -> Self:
        """Draw what the folds of a cross-validated neuron have learned on average, and mark the C that was chosen.

        Parameters
        ----------
        estimator : SigmoidNeuronClassifierCV
            Fitted.

        Raises
        ------
        TypeError
            If it has not chosen C.
        """
        check_matplotlib_support(f"{cls.__name__}.from_estimator")
        Cs, coefs, ratio = chosen_by(estimator, "coefs_paths_")
        k, p = _row_of(estimator.classes_, class_of_interest), estimator.n_features_in_
        names = feature_names if feature_names is not None else getattr(estimator, "feature_names_in_", None)
        options: dict[str, Any] = {"feature_names": names, "spreads": None if X is None else _spreads(X)}
        options |= {"C": estimator.C_ if estimator.refit else None, "l1_ratio": named_ratio(estimator, ratio)}
        options["title"] = "What folds learn along C, on average"
        return cls(Cs=Cs, coefs=coefs[:, ratio, :, k, :p].mean(axis=0), **options).plot(ax, line_kwargs=line_kwargs)

    def plot(self, ax=None, *, line_kwargs=None) -> Self:
        """Draw the weights.

        Raises
        ------
        ValueError
            If there is not one weight a C and feature, or one name and spread a feature.
        """
        x, weights, names = self._checked()
        self._place(ax)
        apart = LINE / (ROOM * self.ax_.get_window_extent().height / self.figure_.dpi)
        shown = largest_somewhere(weights, min(SHOWN, int(1 / apart)))
        self.ax_.axhline(0, **palette.GUIDE)
        self.others_ = self._draw_others(x, np.delete(weights, shown, axis=1))
        self.lines_ = [self._draw(x, weights[:, j], k, names[j], line_kwargs) for k, j in enumerate(shown)]
        self.chosen_ = draw_chosen(self.ax_, self.C, self.Cs)
        draw_axis(self.ax_, self.Cs)
        self.ax_.margins(x=0.01)
        low, high = self.ax_.get_ylim()
        self.ax_.set_ylim(low, high + ABOVE * (high - low))
        self.ax_.set_ylabel("weight" if self.spreads is None else "weight times spread")
        self.names_ = name_at_the_right(self.ax_, self.lines_, apart)
        self.legend_ = palette.legend_above(self.ax_, self.title, self._remarks(weights))
        self.counts_ = self._count(x, weights)
        return self

    def _checked(self):
        """Places of C, as it grows; weights, as they are drawn; and names."""
        Cs, coefs = np.asarray(self.Cs, dtype=np.float64), np.asarray(self.coefs, dtype=np.float64)
        if coefs.ndim != 2 or len(coefs) != len(Cs) or not coefs.size:
            raise ValueError(f"coefs must be ({len(Cs)}, n_features), weights at every C; got shape {coefs.shape}.")
        p = coefs.shape[1]
        names = [f"x{j + 1}" for j in range(p)] if self.feature_names is None else [str(n) for n in self.feature_names]
        spreads = np.ones(p) if self.spreads is None else np.asarray(self.spreads, dtype=np.float64)
        for what, there in (("feature_names", len(names)), ("spreads", len(spreads))):
            if there != p:
                raise ValueError(f"{what} are {there}, but there are {p} weights.")
        order = np.argsort(Cs, kind="stable")
        return places_of(Cs)[order], (coefs * spreads)[order], names

    def _draw(self, x, weight, k, name, given):
        ours = {"color": palette.class_color((k + 1) % SHOWN), "linewidth": 1.8, "zorder": 3}
        (line,) = self.ax_.plot(x, weight, **styled("lines.Line2D", ours, given))
        line.set_label(f"_{plain(shortened(name, LONGEST))}")  # which legends leave out
        return line

    def _draw_others(self, x, weights):
        from matplotlib.collections import LineCollection

        if not weights.shape[1]:
            return None
        paths = [np.column_stack([x, weight]) for weight in weights.T]
        others = LineCollection(paths, colors=palette.FAINT, linewidths=0.6, alpha=0.5, zorder=2, rasterized=True)
        self.ax_.add_collection(others)
        self.ax_.autoscale_view()
        return others

    def _count(self, x, weights):
        """How many weights are not zero, along the upper edge."""
        style = {"xycoords": ("data", "axes fraction"), "va": "top", "fontsize": palette.SMALL, "color": palette.REMARK}
        places = np.unique(np.linspace(0, len(x) - 1, COUNTED).round().astype(int))
        sides = {places[-1]: "right", places[0]: "left"}
        counts = np.count_nonzero(weights, axis=1)
        return [self.ax_.annotate(f"{counts[i]:,}", (x[i], 1), ha=sides.get(i, "center"), **style) for i in places]

    def _remarks(self, weights):
        named, p = len(self.lines_), weights.shape[1]
        told = [self.l1_ratio] * bool(self.l1_ratio) + [f"named: {named} of {p:,}"] * (p > named)
        return [*told, "above: how many are not zero"]


def largest_somewhere(weights, at_most) -> np.ndarray:
    """Numbers of the weights, (n_Cs, p), with colour and name: the largest at any C; the highest at the end first."""
    sizes = np.abs(weights)
    relative = (sizes / np.maximum(sizes.max(axis=1, keepdims=True), np.finfo(float).tiny)).max(axis=0)
    most = np.argsort(-(relative + sizes[-1] / max(sizes[-1].max(), np.finfo(float).tiny)), kind="stable")[:at_most]
    return most[np.argsort(-weights[-1, most], kind="stable")]


def name_at_the_right(ax, lines, apart) -> list[Any]:
    """Names beside the ends of lines, pushed apart where they would overlap, each with a hair to its line."""
    low, high = ax.get_ylim()
    heights = np.array([(line.get_ydata()[-1] - low) / (high - low) for line in lines])
    places = pushed_apart(heights, apart)
    hair = {"arrowstyle": "-", "color": palette.FAINT, "linewidth": 0.5, "shrinkA": 0, "shrinkB": 0}
    return [
        ax.annotate(
            line.get_label()[1:],
            (1, height),
            xycoords="axes fraction",
            xytext=(1.035, place),
            va="center",
            color=line.get_color(),
            fontsize=palette.SMALL,
            arrowprops=hair,
            annotation_clip=False,
        )
        for line, height, place in zip(lines, heights, places, strict=True)
    ]


def pushed_apart(heights, least) -> np.ndarray:
    """Heights in descending order, moved as little as it takes for each to be so much below the one before.

    Those that would overlap become a stack around the average of where they belong.

    Examples
    --------
    >>> from sklearn_neuron.displays.regularization_path import pushed_apart
    >>> print(pushed_apart([0.5, 0.49, 0.1], 0.05).round(3))
    [0.52 0.47 0.1 ]
    """
    stacks: list[list[float]] = []  # of each the sum of where the first would belong, and how many they are
    for height in heights:
        stacks.append([height, 1])
        while len(stacks) > 1 and _top(stacks[-2]) - least * stacks[-2][1] < _top(stacks[-1]):
            below, above = stacks.pop(), stacks[-1]
            above[0] += below[0] + below[1] * least * above[1]
            above[1] += below[1]
    return np.concatenate([_top(stack) - least * np.arange(stack[1]) for stack in stacks] or [np.zeros(0)])


def _top(stack):
    return stack[0] / stack[1]


def _row_of(classes, class_of_interest):
    """Which row of weights is meant."""
    spoken_for = classes if len(classes) > 2 else classes[1:]
    found = 0 if class_of_interest is None and len(spoken_for) == 1 else number_of(class_of_interest, spoken_for)
    if found is None:
        raise ValueError(
            f"This shows one neuron: pass class_of_interest, one of {spoken_for.tolist()}; got {class_of_interest!r}."
        )
    return found


def _spreads(X):
    """Standard deviations of features."""
    if sp.issparse(X):
        return np.sqrt(mean_variance_axis(X.tocsr().astype(np.float64), axis=0)[1])
    return np.asarray(X, dtype=np.float64).std(axis=0)
