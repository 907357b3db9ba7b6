"""Where may be written, and how? Nothing that somebody wants is lost, and what is written is written whole."""

import bz2
import gzip
import lzma
import os
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from sklearn_neuron._sklearn import check_matplotlib_support
from sklearn_neuron.callbacks import write_whole
from sklearn_neuron.command.files import STANDARD_INPUT

STANDARD_OUTPUT = "-"
PAGE = "index.html"
OURS = '<meta name="generator" content="sklearn_neuron">'  # by which a page of ours is known
HEAD = 2000  # bytes of a page, in which that stands
PACKED: dict[str, Callable[[bytes], bytes]] = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress}
NOT_WRITTEN = (".parquet", ".pq", ".zip", ".zst", ".xls", ".xlsx", ".json")


def check_model_file(path: Path, data: str | None) -> None:
    """Complain if a model cannot be kept there, or would replace anything but a model.

    Raises
    ------
    ValueError
        If so, with what is there.
    """
    _check_no_output(path, "--save", "a model", "FILE.skops")
    _check_file(path, "--save")
    if _is_same(path, data):
        raise ValueError(f"argument --save: {str(path)!r} is what is learned from, and would be replaced by the model")
    _check_replaced(path, "--save", "model", is_model)


def check_answers_file(path: Path, data: str, model: str) -> None:
    """Complain if answers cannot be written there, or would replace the rows, or a model.

    Raises
    ------
    ValueError
        If so, with what is there.
    """
    if path.suffix.lower() in NOT_WRITTEN:
        raise ValueError(f"argument --out: {str(path)!r}: what is written is CSV; name it so: {path.stem}.csv")
    _check_file(path, "--out")
    if _is_same(path, data):
        raise ValueError(f"argument --out: {str(path)!r} holds the rows that are asked about, and would be replaced")
    if _is_same(path, model) or is_model(path):
        raise ValueError(f"argument --out: {str(path)!r} is a model, and would be replaced")


def check_page_folder(path: Path, model: Path | None) -> None:
    """Complain if no page can be written there or drawn, or it would replace what is no page of ours, or the model.

    Raises
    ------
    ValueError
        If so, with what is there.
    """
    if any(place.exists() and not place.is_dir() for place in (path, *path.parents)):
        raise ValueError(f"argument --report: must be a directory, not the file {str(path)!r}")
    _check_writable(next(place for place in (path, *path.absolute().parents) if place.exists()), "--report")
    page = path / PAGE
    if model is not None and model.absolute() == page.absolute():
        raise ValueError(f"argument --save: {str(model)!r} is where the page is written")
    if page.is_dir() or (page.is_file() and not is_page(page)):
        raise ValueError(f"argument --report: {str(page)!r} is there and is no page of --report; it would be replaced")
    try:
        check_matplotlib_support("--report")
    except ImportError:
        raise ValueError(
            "argument --report: needs matplotlib: pip install '.[plot]' from the checkout, or pip install matplotlib"
        ) from None


def check_play_file(path: Path, data: str | None) -> None:
    """Complain if a playground cannot be written there, or would replace anything but a page of ours.

    Raises
    ------
    ValueError
        If so, with what is there.
    """
    _check_no_output(path, "--out", "a page", "FILE.html")
    if path.suffix.lower() not in (".html", ".htm"):
        raise ValueError(f"argument --out: {str(path)!r}: what is written is a page; name it so: {path.stem}.html")
    _check_file(path, "--out")
    if _is_same(path, data):
        raise ValueError(f"argument --out: {str(path)!r} is what is played with, and would be replaced by the page")
    _check_replaced(path, "--out", "page of ours", is_page)


def is_model(path: Path) -> bool:
    """Whether a file is one of skops."""
    if not path.is_file() or not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as packed:
        return "schema.json" in packed.namelist()


def is_page(path: Path) -> bool:
    """Whether a file begins as our pages do."""
    return OURS.encode() in path.read_bytes()[:HEAD]


def write_text(text: str, path: Path | None) -> None:
    """Write to a file, whole and packed as its name says, or to standard output.

    Raises
    ------
    OSError
        If it cannot be written; it names the file.
    """
    if path is None:
        sys.stdout.write(text)
    else:
        write_whole(path, PACKED.get(path.suffix.lower(), bytes)(text.encode()))


def _check_no_output(path, option, kind, example):
    if str(path) == STANDARD_OUTPUT:
        raise ValueError(f"argument {option}: {kind} is a file, which standard output is not; name one: {example}")


def _check_replaced(path, option, kind, is_one):
    """Complain if a file is there and is nothing that may be replaced; an empty one may."""
    if path.is_file() and path.stat().st_size and not is_one(path):
        raise ValueError(f"argument {option}: {str(path)!r} is there and is no {kind}; it would be replaced")


def _check_file(path, option):
    if path.is_dir():
        raise ValueError(f"argument {option}: must be a file, not the folder {str(path)!r}")
    if not path.absolute().parent.is_dir():
        raise ValueError(f"argument {option}: there is no folder {str(path.parent)!r}")
    _check_writable(path, option)
    if path.is_file() or not path.exists():  # its draft stands beside it; devices and pipes are written into
        _check_writable(path.resolve().parent, option)


def _check_writable(path, option):
    """Try it: whoever may do everything cannot write everywhere."""
    try:
        if path.is_dir():
            tempfile.TemporaryFile(dir=path).close()
        elif path.is_file():  # what reads a pipe would take it for the end
            path.open("ab").close()
    except OSError as error:
        raise ValueError(f"argument {option}: {str(path)!r} cannot be written to: {error.strerror}") from None


def _is_same(path, data):
    """Whether a path, its links followed, leads to a file; or to that which is standard input."""
    try:
        there = os.fstat(sys.stdin.fileno()) if data == STANDARD_INPUT else os.stat(data)
        return path.is_file() and os.path.samestat(path.stat(), there)
    except (OSError, ValueError, TypeError, AttributeError):  # nothing is there, or it is no file
        return False
