"""Times that can be compared: taken in turns, so that all meet the same noise, the shortest of each."""

import time
import warnings

LEAST_TURNS = 3


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
            start = time.perf_counter()
            job()
            times.append(time.perf_counter() - start)
    return [min(times) for times in taken]


def quiet(job):
    """The same job with its warnings unheard."""

    def silent():
        with warnings.catch_warnings(action="ignore"):
            return job()

    return silent
