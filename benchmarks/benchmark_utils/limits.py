"""No fit may take for ever: an alarm clock around it.

The alarm is heard between two instructions of the interpreter. Code that runs for long without one is told beforehand
how many iterations it may afford (see :mod:`.contender`).
"""

import signal
import threading
from contextlib import contextmanager

LONGEST = 1e6  # seconds; an alarm cannot be set to infinity


class OutOfTimeError(BaseException):
    """The alarm rang. Not an Exception, so that a contender that catches those does not catch it."""


@contextmanager
def at_most(seconds):
    """Raise OutOfTimeError in the body once so many seconds have passed.

    Without alarms (on Windows, or outside the main thread) the body takes what it takes.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, min(seconds, LONGEST))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _ring(*_):
    raise OutOfTimeError
