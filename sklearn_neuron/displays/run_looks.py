"""How the lines of runs look, and what the legend says of them: classes, kinds of loss, runs and remarks."""

import numpy as np

from sklearn_neuron.displays import palette
from sklearn_neuron.displays.base import styled
from sklearn_neuron.displays.names import plain, shortened

NAMED = 10  # classes in the legend, at most
LONGEST_NAME = 40
RUNS = (palette.PURPLE, "#e08a00", "#009e73", palette.INK, "#56b4e9", "#cc79a7")
DASHES: tuple = ("-", (0, (7, 1.5, 1.5, 1.5)), (0, (1.5, 1)), (0, (10, 2)), (0, (5, 1, 1, 1, 1, 1)))
HELD_OUT_DASH = (0, (3, 1.5))
SAMPLE_DASH = (0, (1, 1))
BEST = {"linestyle": (0, (5, 1, 1, 1)), "marker": ""}  # of an upright line, whatever is asked for others


def look_of(runs, number, k) -> dict:
    """Colour, dashes and final marker of neuron k of a run."""
    several = len(runs[number].steps) > 1
    return {
        "color": palette.class_color(k) if several else RUNS[number % len(RUNS)],
        "linestyle": DASHES[number % len(DASHES)],
        "marker": palette.class_marker(k if several else number),
    }


def is_alone(runs) -> bool:
    """Whether there is one neuron only, whose colour then means nothing else."""
    return len(runs) == len(runs[0].steps) == 1


def line_style(look) -> dict:
    """Of a line about all examples."""
    return {"color": look["color"], "linestyle": look["linestyle"], "linewidth": 2.0, "zorder": 3}


def sample_style(look) -> dict:
    """Of a line about a sample of the examples."""
    return line_style(look) | {"linewidth": 1.3, "zorder": 2.5}


def held_out_style(runs, number, k) -> dict:
    """The colour of what is learned from, dashed; another one where there is only one."""
    color = RUNS[1] if is_alone(runs) else look_of(runs, number, k)["color"]
    return {"color": color, "linestyle": HELD_OUT_DASH, "linewidth": 1.6, "zorder": 2}


def best_style(look) -> dict:
    """Of an upright line at the step that was kept."""
    return {"color": look["color"], "linewidth": 1.2, "zorder": 1.5}


def marker_style(marker, color) -> dict:
    """Of the end of a line."""
    edge = {"markeredgecolor": palette.INK, "markeredgewidth": 0.8, "markersize": 8}
    return {"linestyle": "none", "marker": marker, "color": color, "zorder": 4} | edge


def entries_of(display, show, given) -> list:
    """Labelled lines and words for the legend of a display that is drawn."""
    runs = display.runs
    entries = _of_classes(runs)
    entries += _of_losses(runs) if display.held_out_ else []
    entries += _of_runs(runs)
    entries += [_of_samples(runs, show)] if any(display.sampled_) else []
    entries += [_of_best(runs)] if display.best_ else []
    entries = [one if isinstance(one, str) else _entry(one[0], one[1], given) for one in entries]
    entries += [plain(f"the best of a search: {run.chosen}") for run in runs if run.chosen]
    entries += [plain(f"{_called(run)}{run.elsewhere}") for run in runs if run.elsewhere]
    is_zero = any(not stop.get_clip_on() for stops in display.stops_ for stop in stops)
    return entries + ["on the lower border: 0"] * is_zero


def _of_classes(runs):
    number = int(np.argmax([len(run.steps) for run in runs]))
    names = runs[number].class_names
    called = [shortened(name, palette.longest_of(len(names))) for name in names[:NAMED]]
    shown = [(name, look_of(runs, number, k) | {"linestyle": "-"}) for k, name in enumerate(called)]
    return shown + [f"and {len(names) - NAMED:,} more"] * (len(names) > NAMED)


def _of_all(runs, linestyle, color=RUNS[0]):
    """The look of an entry about all lines: in ink, if they differ in colour."""
    return {"color": color if is_alone(runs) else palette.INK, "linestyle": linestyle, "marker": None}


def _of_losses(runs):
    held_out = _of_all(runs, HELD_OUT_DASH, RUNS[1])
    return [("J, learned from", _of_all(runs, "-")), ("log-loss, held out (without penalty)", held_out)]


def _of_samples(runs, show):
    """What the thin lines are about."""
    parts = " and ".join(dict.fromkeys(part for run in runs for part in run.shares))
    label = f"{'J of' if show == ('loss',) else 'on'} a sample: {parts} of the examples"
    return label, _of_all(runs, SAMPLE_DASH)


def _of_best(runs):
    """Which steps were kept."""
    best = np.concatenate([run.best for run in runs if run.best is not None])
    steps = f"step {best[0]:,}" if best.min() == best.max() else f"steps {best.min():,} to {best.max():,}"
    steps += " on all examples" * any(run.shares for run in runs)
    return f"kept: {steps}, where what was held out was believed best", _of_all(runs, BEST["linestyle"])


def _of_runs(runs):
    """Names of several runs, and where each stopped; of a single one only that."""
    if len(runs) == 1:
        (run,) = runs
        return [run.stopped if run.class_names else (run.stopped, look_of(runs, 0, 0) | {"linestyle": "none"})]
    of_all = {"color": palette.INK, "marker": None}  # the colours are those of the classes
    looks = [look_of(runs, number, 0) | (of_all if run.class_names else {}) for number, run in enumerate(runs)]
    return [(f"{_called(run)}{run.stopped}", look) for run, look in zip(runs, looks, strict=True)]


def _called(run):
    """The name of a run before what is said of it, if it has one."""
    return f"{shortened(run.name, LONGEST_NAME)}: " if run.name else ""


def _entry(label, look, given):
    """An entry of the legend that looks like its line and end."""
    from matplotlib.lines import Line2D

    style = styled("lines.Line2D", line_style(look), given)
    if look["linestyle"] == "none" or look["marker"] is None:
        style |= {"linestyle": look["linestyle"]}
    return Line2D([], [], **(marker_style(look["marker"], style["color"]) | style | {"label": plain(label)}))
