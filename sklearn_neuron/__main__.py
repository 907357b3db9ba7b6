"""Show me: ``sklearn-neuron``, or ``python -m sklearn_neuron``, trains a neuron, line by line; keeps and asks it."""

import io
import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext, redirect_stdout

from sklearn_neuron.command.complaints import lines_of
from sklearn_neuron.command.fit import show
from sklearn_neuron.command.options import keeps, parse
from sklearn_neuron.command.use import explain_row, predict

VERBS = {"fit": show, "predict": predict, "explain": explain_row}
IMPOSSIBLE, INTERRUPTED = 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str, default=None
        What stands behind the name of the program; None is what it was called with.

    Returns
    -------
    int
        0 if all went well; 2, with a line on standard error for all that is wrong; 130 if it was interrupted.
    """
    try:
        options = parse(sys.argv[1:] if arguments is None else arguments)
        with redirect_stdout(_WhileHeard(sys.stdout)) if keeps(options) and sys.stdout else nullcontext():
            VERBS[options.verb](options)
    except BrokenPipeError:
        _say_no_more()
    except (ValueError, ImportError, OSError) as error:
        for line in lines_of(error):
            print(f"sklearn_neuron: {line}", file=sys.stderr)
        return IMPOSSIBLE
    except KeyboardInterrupt:
        print("sklearn_neuron: interrupted", file=sys.stderr)
        return INTERRUPTED
    finally:
        _flush()
    return 0


class _WhileHeard:
    """Standard output of a program that has something to keep, and goes on when nobody reads any more.

    Parameters
    ----------
    stream : file
        Standard output.
    """

    def __init__(self, stream):
        self._stream = stream

    def write(self, text):
        """Write what somebody may read."""
        return self._while_heard(self._stream.write, text)

    def flush(self):
        """Write what is still to be written."""
        return self._while_heard(self._stream.flush)

    def __getattr__(self, name):
        return getattr(self._stream, name)

    @staticmethod
    def _while_heard(what, *given):
        try:
            return what(*given)
        except BrokenPipeError:
            _say_no_more()
            return 0


def _flush():
    """Write what is still to be written while somebody can answer that nobody listens."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        _say_no_more()


def _say_no_more():
    """Who read has heard enough."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def run() -> int:
    """The program: names are written as they are, where they can be."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    return main()


if __name__ == "__main__":
    sys.exit(run())
