"""How many threads? Sums over X on as many threads as are free.

NumPy and SciPy let go of the interpreter inside a product, so plain threads share the memory that holds X. How many is
read, never set: from ``OMP_NUM_THREADS``, the processors this process may use and what joblib leaves its workers. What
is summed does not depend on it.

A thread takes longer to start than a small product takes, and memory that is new to a thread is slow: so helpers stay
as long as the home that they serve.
"""

import contextvars
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from sklearn_neuron._sklearn import openmp_threads


def free_threads() -> int:
    """Threads that this fit may use; one in a thread that somebody else started to share out work."""
    return openmp_threads() if threading.current_thread() is threading.main_thread() else 1


class ThreadTeam:
    """The caller's, and those of helpers, who come when there is something to share and leave with the last owner.

    Examples
    --------
    >>> from sklearn_neuron.homes.threads import ThreadTeam
    >>> list(ThreadTeam().each(abs, [-1, 2, -3]))
    [1, 2, 3]
    """

    def __init__(self):
        self._helpers = None

    def each(self, task, parts: Iterable) -> Iterable:
        """Results of a task on every part, in order; side by side where there are several and threads are free.

        Helpers take parts from the front, the caller from the back: should no helper get a processor, or should all be
        gone (in a forked process), the caller does everything.

        Parameters
        ----------
        task : callable
            What to do with a part.
        parts : iterable
            Its arguments, each of which repays a thread.

        Returns
        -------
        iterable
            ``task(part)`` of each.
        """
        parts = list(parts)
        if len(parts) < 2 or free_threads() == 1:
            return map(task, parts)
        if self._helpers is None:
            self._helpers = ThreadPoolExecutor(free_threads() - 1)
        offered = [self._helpers.submit(contextvars.copy_context().run, task, part) for part in parts]
        try:
            backwards = zip(reversed(offered), reversed(parts), strict=True)
            return [task(part) if offer.cancel() else offer.result() for offer, part in backwards][::-1]
        finally:
            for offer in offered:
                offer.cancel()

    def __reduce__(self):
        return ThreadTeam, ()  # whoever gets a copy finds helpers of his own
