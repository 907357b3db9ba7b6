"""Show me: ``sklearn-neuron``, or ``python -m sklearn_neuron``, trains a neuron, line by line; keeps and asks it."""

import io
import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext, redirect_stdout

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
        try:
            _obey(sys.argv[1:] if arguments is None else arguments)
        finally:
            _flush()
    except BrokenPipeError:
        _say_no_more()
    except (ValueError, ImportError, OSError) as error:
        _complain(error)
        return IMPOSSIBLE
    except KeyboardInterrupt:
        print("sklearn_neuron: interrupted", file=sys.stderr)
        return INTERRUPTED
    return 0


def _obey(arguments):
    """Do what is asked for."""
    # These take a second, in which somebody may press Ctrl-C.
    from sklearn_neuron.command import fit, options, play, use

    verbs = {"fit": fit.show, "predict": use.predict, "explain": use.explain_row, "play": play.play}
    asked = options.parse(arguments)
    with redirect_stdout(_WhileHeard(sys.stdout)) if options.keeps(asked) and sys.stdout else nullcontext():
        verbs[asked.verb](asked)


def _complain(error):
    """Say what is wrong."""
    from sklearn_neuron.command.complaints import lines_of

    for line in lines_of(error):
        print(f"sklearn_neuron: {line}", file=sys.stderr)


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
    """Write what is still to be written while somebody can answer that nobody listens, or that the disk is full."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        _say_no_more()
    except OSError:
        _say_no_more()
        raise


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
