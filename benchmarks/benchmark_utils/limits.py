"""No fit may take for ever: an alarm clock around it.

The alarm is heard between two instructions of the interpreter. Code that runs for long without one is told beforehand
how many iterations it may afford (see :mod:`.contender`).
"""

import signal
import threading
import time
from contextlib import contextmanager

LONGEST = 1e6  # seconds; an alarm cannot be set to infinity
OUT_OF_TIME = "out of time"


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


def clocked(learn, seconds):
    """What comes of learning within so many seconds, nothing if it fails; why it does; and the seconds it took."""
    start = time.perf_counter()
    try:
        with at_most(seconds):
            learned, failure = learn(), ""
    except OutOfTimeError:
        learned, failure = None, OUT_OF_TIME
    except Exception as error:  # an alarm in compiled code may come out as anything
        told = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        learned, failure = None, told if time.perf_counter() - start < seconds else OUT_OF_TIME
    return learned, failure, time.perf_counter() - start
