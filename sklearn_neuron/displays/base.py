"""What have all pictures in common? Where they are drawn, how they take styles, and one place that says what they take.

A display is a dataclass of what there is to see. It writes down what is its own::

    @dataclass(kw_only=True, eq=False, repr=False)
    class SomeDisplay(Display):
        '''One sentence, then numpydoc: the fields are its Parameters, the artists its Attributes.'''

        scores: Any

        @classmethod
        def from_estimator(cls, estimator, X, y, *, ax=None, line_kwargs=None) -> Self:
            '''One sentence, and only what is not said here: parameters of its own, Raises, Examples.'''
            subject = cls._subject_of(estimator)
            return cls(scores=subject.neuron.decision_function(subject.sees(X))).plot(ax, line_kwargs=line_kwargs)

        def plot(self, ax=None, *, line_kwargs=None) -> Self:
            '''One sentence.'''
            check(self.scores)          # first: who is told of a mistake gets no empty figure
            self._place(ax)             # or _divide(ax, rows, columns, figsize)
            (self.line_,) = self.ax_.plot(self.scores, **styled("lines.Line2D", {"color": INK}, line_kwargs))
            return self

The docstrings of `from_...` and `plot` are completed when the class is made, in the order of the signature: what a
docstring does not tell of a parameter is told by an earlier method of the class, by `SHARED` here, or by the docstring
of the class. A parameter of which nobody tells is an error.
"""

import inspect
import re
from importlib import import_module
from typing import Any

from sklearn_neuron._sklearn import check_matplotlib_support
from sklearn_neuron.inspection.subject import Subject, subject_of

SHARED = """\
estimator : SigmoidNeuronClassifier, Pipeline that ends with one, or search over one of these
    Fitted.
X : {array-like, sparse matrix} of shape (n_samples, n_features)
    Samples.
y : array-like of shape (n_samples,)
    Class labels.
sample_weight : array-like of shape (n_samples,), default=None
    Their weights, as in the fit: of 0 not at all.
X_held_out : as `X`, default=None
    Samples that were not learned from.
y_held_out : as `y`, default=None
    Their class labels.
class_of_interest : label, default=None
    Whose neuron to draw, against the rest, if there are more than two classes.
feature_names : sequence of str, default=None
    Names of the features; None are those that the estimator knows.
class_names : sequence of str, default=None
    Names of the classes, in the order of `classes_`; None takes the labels.
max_points : int, default=2000
    Samples to draw at most.
ax : matplotlib Axes, default=None
    Axes to draw on, or in whose place several panels come; None makes a figure.
line_kwargs : dict, default=None
    Style of the lines (Line2D).
scatter_kwargs : dict, default=None
    Style of the samples (Axes.scatter).
ring_kwargs : dict, default=None
    Style of the rings (Axes.scatter)."""


class Display:
    """A picture: what it was told, which it draws with `plot`, and the artists, whose names end with an underscore.

    Attributes
    ----------
    figure_ : matplotlib Figure
        Where it is drawn.
    ax_ : matplotlib Axes
        The axes, of a picture that has one.
    axes_ : ndarray of matplotlib Axes of shape (rows, columns)
        The panels, of a picture that has several.
    """

    figure_: Any
    ax_: Any
    axes_: Any

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        _complete_docstrings(cls)

    @classmethod
    def _subject_of(cls, estimator) -> Subject:
        """The neuron that is asked by `from_estimator`, after a look whether anything can be drawn."""
        check_matplotlib_support(f"{cls.__name__}.from_estimator")
        return subject_of(estimator)

    def _place(self, ax, figsize=(6.4, 4.8)):
        """Draw on the axes given, or on those of a new figure, so many inches wide and high."""
        check_matplotlib_support(f"{type(self).__name__}.plot")
        import matplotlib.pyplot as plt

        new = plt.subplots(figsize=figsize, layout="constrained") if ax is None else (figure_of(ax), ax)
        self.figure_, self.ax_ = new

    def _divide(self, ax, rows, columns, figsize):
        """Draw on panels: of a new figure, or in the place of the axes given, which are taken away."""
        check_matplotlib_support(f"{type(self).__name__}.plot")
        import matplotlib.pyplot as plt

        if ax is None:
            self.figure_, self.axes_ = plt.subplots(rows, columns, figsize=figsize, layout="constrained", squeeze=False)
            return
        self.figure_, place = figure_of(ax), ax.get_subplotspec()
        if place is None:
            raise ValueError("ax must be one of plt.subplots, whose place can be divided into panels.")
        ax.remove()
        self.axes_ = place.subgridspec(rows, columns).subplots(squeeze=False)


def figure_of(ax) -> Any:
    """The figure that axes stand in, or a part of one (SubFigure); a ValueError if they are in none."""
    if ax.figure is None:
        raise ValueError(
            "ax is in no figure any more: it was removed, or panels have come in its place. Pass other axes."
        )
    return ax.figure


def inches_across(ax) -> float:
    """Width of axes, whatever they stand in."""
    figure = figure_of(ax)
    return ax.get_position().width * figure.bbox.width / figure.dpi


def styled(artist, ours, given) -> dict[str, Any]:
    """Keyword arguments of an artist: ours, over which those of the user win, by whatever alias.

    Parameters
    ----------
    artist : str
        Module and class of matplotlib whose aliases count, such as "lines.Line2D": ``c`` and ``color`` are the same.
    ours : dict
        How it looks if the user says nothing.
    given : dict or None
        What the user says.

    Returns
    -------
    dict
        Both together.

    Examples
    --------
    >>> from sklearn_neuron.displays.base import styled
    >>> styled("lines.Line2D", {"color": "black", "linewidth": 2}, {"c": "red"})
    {'color': 'red', 'linewidth': 2}
    """
    from matplotlib.cbook import normalize_kwargs

    module, name = artist.split(".")
    kind = getattr(import_module(f"matplotlib.{module}"), name)
    return normalize_kwargs(ours, kind) | normalize_kwargs(given or {}, kind)


def check_option(name, value, options) -> None:
    """Refuse a value that is none of the options."""
    if value not in options:
        raise ValueError(f"{name} must be one of {list(options)}; got {value!r}.")


# Docstrings ----------------------------------------------------------------------------------------------


def _complete_docstrings(cls):
    """Let the docstrings of a display tell of all parameters."""
    if cls.__doc__ is None:  # python -OO
        return
    lineage = [base for base in reversed(cls.__mro__) if base is not object]
    fields = [name for base in lineage for name in inspect.get_annotations(base) if not name.endswith("_")]
    known = {name: entry for base in lineage for name, entry in _entries(base.__doc__).items()}
    cls.__doc__ = _completed(cls.__doc__, fields, known)
    known |= _by_name(SHARED)
    for name, method in vars(cls).items():
        if name == "plot" or (name.startswith("from_") and isinstance(method, classmethod)):
            function = getattr(method, "__func__", method)
            known |= _entries(function.__doc__)
            returned = f"Returns\n-------\n{cls.__name__}" + "\n    The display itself." * (name == "plot")
            names = list(inspect.signature(function).parameters)[1:]
            function.__doc__ = _completed(function.__doc__, names, known, returned)


def _completed(docstring, names, known, returned=""):
    """A docstring that tells of all parameters, in order, and of what is returned."""
    beginning, sections = _parts(docstring)
    told = "Parameters\n----------\n" + "\n".join(dict.fromkeys(known[name] for name in names))
    returned = sections.pop("Returns", returned)
    sections.pop("Parameters", None)
    return "\n\n".join(filter(None, [beginning, told, returned, *sections.values()]))


def _parts(docstring):
    """The beginning of a docstring, and its sections by their titles."""
    beginning, *sections = re.split(r"\n\n(?=.+\n---)", inspect.cleandoc(docstring))
    return beginning, {section.partition("\n")[0]: section for section in sections}


def _entries(docstring):
    """What a docstring tells of parameters, by their names."""
    told = _parts(docstring)[1].get("Parameters", "").split("\n", 2)
    return _by_name(told[2]) if len(told) > 2 else {}


def _by_name(entries):
    """Entries below each other, each once for every name that it is of."""
    parts = re.split(r"\n(?=\S)", entries)
    return {name: part for part in parts for name in re.split(" :|\n", part)[0].split(", ")}
