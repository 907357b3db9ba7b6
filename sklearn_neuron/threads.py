"""How many hands? Sparse products on as many threads as are free.

SciPy lets go of the interpreter inside a sparse product, so plain threads share the memory that holds X. How many is
read, never set: from ``OMP_NUM_THREADS``, the processors this process may use and what joblib leaves its workers. What
is summed does not depend on it. (Dense products gain nothing here: BLAS and the memory are the limit, not the hands.)
"""

import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

from sklearn_neuron._sklearn import openmp_threads


def free_threads():
    """Threads that this fit may use; one in a thread that somebody else started to share out work."""
    return openmp_threads() if threading.current_thread() is threading.main_thread() else 1


def each(task, parts: Iterable, count: int) -> Iterator:
    """Results of a task on every part, in order; side by side where there are at least two of them.

    Parameters
    ----------
    task : callable
        What to do with a part.
    parts : iterable
        Its arguments.
    count : int
        How many of them repay a thread; below 2 they are taken one after the other, each when it is asked for.

    Yields
    ------
    object
        ``task(part)``.

    Examples
    --------
    >>> from sklearn_neuron.threads import each
    >>> list(each(abs, [-1, 2, -3], count=3))
    [1, 2, 3]
    """
    threads = min(count, free_threads()) if count > 1 else 1
    if threads == 1:
        yield from map(task, parts)
        return
    with ThreadPoolExecutor(threads) as pool:
        yield from pool.map(task, parts)
