"""How many threads every contender may use: as many as ``OMP_NUM_THREADS`` says, or as there are cores."""

import os


def allowed():
    """Threads that a contender may use.

    Returns
    -------
    int
        The value of ``OMP_NUM_THREADS``, which numerical libraries obey by themselves; without it, the number of
        cores that this process may run on, which is what they take by themselves.
    """
    named = os.environ.get("OMP_NUM_THREADS", "")
    return int(named) if named.isdecimal() and int(named) else cores()


def cores():
    """Cores that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
