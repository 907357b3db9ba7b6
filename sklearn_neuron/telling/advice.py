"""What to tell the person whose neuron did not arrive: what happened, with the numbers, and what to do."""

import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from sklearn_neuron.solvers.stages import Walked
from sklearn_neuron.solvers.stopping import Outcome


class DivergenceWarning(ConvergenceWarning):
    """The learning rate was so large that J kept rising: the neuron tripped."""


class SeparationWarning(ConvergenceWarning):
    """A plane separates the classes, and there is no penalty: J has no minimum, the weights no end."""


def reason(outcomes: list[Outcome]) -> str:
    """One sentence that says why every neuron stopped."""
    if len(set(outcomes)) == 1:
        sentence = outcomes[0].value
    else:
        counts = {why: outcomes.count(why) for why in Outcome if why in outcomes}
        sentence = "; ".join(f"{count} of {len(outcomes)} neurons: {why.value}" for why, count in counts.items())
    return sentence[0].upper() + sentence[1:] + "."


def warn_unless_converged(walked: Walked) -> None:
    """Warn, once and of the worst, if a neuron tripped, got stuck, ran out of steps or has no minimum to arrive at.

    Warns
    -----
    SeparationWarning, DivergenceWarning, ConvergenceWarning
        As in `COMPLAINTS`.
    """
    for why, (told, kind) in COMPLAINTS.items():
        which = walked.where(why)
        if which.size:
            warnings.warn(told(walked, which), kind, stacklevel=4)
            return


def warn_of_paths(Cs, outcomes, stacklevel) -> None:
    """Warn, once, if neurons had not arrived at some C: `outcomes` are those of each fold, at each C, of each walk.

    Warns
    -----
    ConvergenceWarning
        With the number of folds, if they are several, and the least and largest C.
    """
    short = np.array([[not all(why.converged for why in at_C) for at_C in fold] for fold in outcomes])
    if not short.any():
        return
    which = np.flatnonzero(short.any(axis=0))
    most = max(Outcome, key=[why for fold in outcomes for at_C in fold for why in at_C if not why.converged].count)
    where = f"at {len(which)} of {len(Cs)} values of C (from {Cs[which[0]]:.3g} to {Cs[which[-1]]:.3g})"
    among = f", in {short.any(axis=1).sum()} of {len(short)} folds" if len(short) > 1 else ""
    warnings.warn(
        f"A neuron has not arrived {where}{among}; mostly, {most.value}. What is told there is of where it stood. "
        "Raise max_iter or tol, leave out values of C that are too large, or use solver='auto'.",
        ConvergenceWarning,
        stacklevel=stacklevel,
    )


def warn_of_weights_unscored(scoring) -> None:
    """Warn that what is held out is scored without weights."""
    warnings.warn(
        f"The scorer {scoring!r} takes no sample_weight: examples count alike where they are held out, although "
        "they do not where they are learned from.",
        UserWarning,
        stacklevel=5,
    )


def _separated(walked, which):
    K = len(walked.arrival.outcomes)
    who = "The classes are" if K == 1 else f"The classes of {len(which)} neurons of {K} (numbers {_few(which)}) are"
    among = "" if walked.objective.loss.neurons == 1 else ", or one from all others"
    return (
        f"{who} separated{among}: every example lies on its own side of the boundary, and longer weights are always "
        "better. Without a penalty (C=inf) J has no minimum, and these weights are only where the walk ended. Use a "
        "finite C."
    )


def _few(which):
    return ", ".join(map(str, which[:5])) + (", ..." if len(which) > 5 else "")


def _tripped(walked, which):
    safe = walked.recipe.direction.largest_safe_rate(walked.objective)
    cure = (
        f"The largest safe learning rate on these data is {safe:.3g}; use that, less, or learning_rate='auto'."
        if safe
        else "No constant rate is safe for this solver; use learning_rate='auto', which measures every step."
    )
    return (
        f"{_who(walked, which)} tripped: with {_setting(walked)}, J kept rising and the walk ended at step "
        f"{walked.arrival.iterations[which].max()}. {cure} The best weights seen are kept."
    )


def _short(walked, which):
    tail = walked.history.tail("loss", 2)[:, which]
    decrement = walked.history.tail("decrement", 1)[0, which].max()
    fell = f"; in the last step J still fell by {np.max(tail[0] - tail[-1]):.2g}" if len(tail) == 2 else ""
    return (
        f"{_who(walked, which)} has not arrived after {walked.arrival.iterations[which].max()} steps of "
        f"{_setting(walked)}{fell}. The Newton decrement is {decrement:.2g}, tol={walked.stop.tol:g}. {_cure(walked)}"
    )


def _stuck(walked, which):
    decrement = walked.history.tail("decrement", 1)[0, which].max()
    digits = np.finfo(walked.objective.home.dtype).precision
    more = "" if digits > 6 else "X in float64, or "
    return (
        f"{_who(walked, which)} can go no further after {walked.arrival.iterations[which].max()} steps of "
        f"{_setting(walked)}, and may not have arrived: no step lowers J in the {digits} digits at hand, though the "
        f"Newton decrement is {decrement:.2g} (tol={walked.stop.tol:g}) or an example is still growing sure. Look for "
        f"values far out and for features that are nearly the same; {more}a smaller C helps."
    )


def _doubtful(walked, which):
    return (
        f"{_who(walked, which)} may not have arrived after {walked.arrival.iterations[which].max()} steps of "
        f"{_setting(walked)}: the gradient is small, but J may still fall along slopes too flat to be felt, or "
        "features are so far from zero that the digits by which they differ are lost in the bias. Subtract from each "
        "its average, and replace one of two that are nearly the same by their difference; a smaller C helps, too."
    )


def _cure(walked):
    more = f"Raise max_iter (now {walked.stop.max_iter}) or tol"
    if walked.rate is None:
        return f"{more}."
    safe = walked.recipe.direction.largest_safe_rate(walked.objective)
    if safe and walked.rate > safe:
        return f"Lower learning_rate (up to {safe:.3g} is safe), or use solver='auto'."
    if safe and walked.rate < 0.45 * safe:
        return f"Raise learning_rate (up to {safe:.3g} is safe), raise max_iter, or use solver='auto'."
    return f"{more}, or use solver='auto'."


def _who(walked, which):
    K = len(walked.arrival.outcomes)
    one = "The neuron" if walked.objective.loss.neurons == 1 else "The layer"
    return one if K == 1 else f"Each of {len(which)} neurons, of {K},"


def _setting(walked):
    rate = "" if walked.rate is None else f" and learning_rate={walked.rate:.6g}"
    return f"solver={walked.solver!r}{rate}"


COMPLAINTS = {  # the worst first
    Outcome.SEPARATED: (_separated, SeparationWarning),
    Outcome.DIVERGED: (_tripped, DivergenceWarning),
    Outcome.SPENT: (_short, ConvergenceWarning),
    Outcome.STUCK: (_stuck, ConvergenceWarning),
    Outcome.DOUBTFUL: (_doubtful, ConvergenceWarning),
}
