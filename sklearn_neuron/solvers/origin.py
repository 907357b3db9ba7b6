"""Is it still the same J? What is remembered of a walk is about one J, and of no use on another.

A change of slope between two places tells how J bends, but only if it is the same J that was looked at: on mini-batches
it is mostly the difference between the batches. L-BFGS on the two halves of a table, in turn, was seen to walk to
J = 3e32. So whatever remembers steps, or measures one, also remembers where it comes from.
"""


class Origin:
    """The J that something remembered is about, whichever of its neurons still walk; None if it is not known.

    It is not pickled, or every memory would hold the examples: whoever resumes a walk vouches for its J.
    """

    def __init__(self, objective=None):
        self._examples = None if objective is None else objective.home.identity
        self._penalty = None if objective is None else _penalties(objective)

    def __reduce__(self):
        return Origin, ()

    def still(self, objective, piece) -> "Origin":
        """The origin of what a piece remembers next; a ValueError that names it if J is not that of the step before."""
        same = objective.home.identity is self._examples and _penalties(objective) == self._penalty
        if not (same or self._examples is None):
            raise ValueError(
                f"J has changed since the last step, but {type(piece).__name__} needs the same one at every step. "
                "A J that changes, as on mini-batches, goes with Steepest or Nesterov, and with Constant, Scheduled or "
                "InverseSmoothness."
            )
        return self if same else Origin(objective)


def _penalties(objective):
    return objective.penalty, objective.kink.holds
