"""What to say when something cannot be: all of it at once, each in one line, with the name that was probably meant."""

import errno
import shlex
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

NAMED = 10  # columns, at most, in a message
SHOWN_VALUES = 3
NOT_WRITTEN = (errno.ENOSPC, errno.EFBIG, errno.EIO, errno.EBADF)  # of an error that names no file: of what is printed


class ComplaintsError(ValueError):
    """What is wrong, each in one line.

    Parameters
    ----------
    lines : iterable of str
        One line for each thing that is wrong.
    """

    def __init__(self, lines: Iterable[str]):
        self.lines = list(lines)
        super().__init__("\n".join(self.lines))


def lines_of(error: Exception) -> list[str]:
    """What to print of an error: all lines of complaints, the first of any other."""
    if isinstance(error, ComplaintsError):
        return list(map(one_line, error.lines))
    if isinstance(error, OSError) and error.strerror and (error.filename or error.errno in NOT_WRITTEN):
        return [f"{one_line(error.filename or 'standard output')}: {error.strerror}"]
    return [first_line(error)]


def first_line(error: Exception) -> str:
    """What an error says, in one line."""
    return one_line((str(error).strip() or type(error).__name__).splitlines()[0])


def one_line(text: Any) -> str:
    """A name as it may stand in a line: whatever a terminal would obey is a space."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in str(text)).split())


def for_shell(path: Any) -> str:
    r"""A file name as it may be typed in a shell.

    >>> print(for_shell("it's here.csv"), for_shell("two\nlines"))
    'it'"'"'s here.csv' $'two\nlines'
    """
    name = str(path)
    if name.isprintable():
        return shlex.quote(name)
    return "$'{}'".format(name.encode("unicode_escape").decode().replace("'", r"\'"))


def did_you_mean(name: str, known: Iterable[Any]) -> str:
    """What was probably meant, as the end of a sentence; nothing if nothing is near.

    >>> did_you_mean("Specis", ["species", "island"]), did_you_mean("weight", ["species"])
    ("; did you mean 'species'?", '')
    """
    by_letters = {str(one).casefold(): str(one) for one in known}
    near = get_close_matches(str(name).casefold().strip(), by_letters, n=1, cutoff=0.6)
    return f"; did you mean {by_letters[near[0]]!r}?" if near else ""


def some_of(names: Iterable[Any], at_most: int = NAMED) -> str:
    """Names, separated by commas; of many the first.

    >>> some_of("abcd", at_most=2)
    'a, b, ...'
    """
    names = list(names)
    return ", ".join(map(one_line, names[:at_most])) + ", ..." * (len(names) > at_most)


def plural(count: int, noun: str) -> str:
    """So many of something.

    >>> plural(1, "class"), plural(2, "class"), plural(3, "row")
    ('1 class', '2 classes', '3 rows')
    """
    return f"{count} {noun}" if count == 1 else f"{count} {noun}{'es' if noun.endswith('s') else 's'}"
