"""Times that can be compared: taken in turns, so that all meet the same noise, the shortest of each."""

import time
import warnings

LEAST_TURNS = 3
PAUSE = (
    0.1  # seconds; as long, the threads of NumPy's BLAS or of SciPy's keep a processor busy after their last product
)
TURN = 0.02  # seconds, in which a short job is done again and again: once would be to measure how it wakes up


def best_times(jobs, seconds):
    """Shortest time of each job.

    Parameters
    ----------
    jobs : list of callables
        What to time, in turns.
    seconds : float
        How long to go on; every job has three turns at least.

    Returns
    -------
    list of float
        Seconds.
    """
    taken = [[] for _ in jobs]
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(taken[0]) < LEAST_TURNS:
        for job, times in zip(jobs, taken, strict=True):
            time.sleep(PAUSE)
            times.append(_shortest(job))
    return [min(times) for times in taken]


def _shortest(job):
    """Shortest time of one turn."""
    times = []
    while sum(times) < TURN:
        start = time.perf_counter()
        job()
        times.append(time.perf_counter() - start)
    return min(times)


def quiet(job):
    """The same job with its warnings unheard."""

    def silent():
        with warnings.catch_warnings(action="ignore"):
            return job()

    return silent
