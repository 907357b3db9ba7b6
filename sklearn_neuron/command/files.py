"""Which rows does a file hold? CSV with any usual separator, decimal mark, encoding and compression, or Parquet.

Nobody knows how a file was written, so all is looked up in the file itself: the compression and Parquet by its first
bytes; the encoding by whether UTF-8 can be read, which other text almost never is by chance; the separator by whether
it cuts the first lines into as many cells as the heading; a decimal comma by cells such as ``3,25``; where the heading
stands by the remarks above it.
"""

import bz2
import csv
import gzip
import io
import json
import lzma
import re
import sys
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sklearn_neuron.command.cells import without_units
from sklearn_neuron.command.complaints import did_you_mean, first_line, one_line, plural

STANDARD_INPUT = "-"
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
SPACES = r"\s+"
LOOKED_AT = 200  # lines
LOOKED_INTO = 2**18  # characters, at most
MOST_LETTERS = 0.8  # of a text in UTF-16 are those of Latin-1
MISSING = ["", "?", "NA", "N/A", "n/a", "<NA>", "#N/A", "#N/A N/A", "#NA", "NaN", "nan", "-NaN", "-nan", "NULL", "null"]
MISSING += ["1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN"]  # all that pandas knows but None, which is a class at times
COMMA_NUMBER = re.compile(r"[-+]?(\d{1,3}(\.\d{3})+|\d*),\d+([eE][-+]?\d+)?")  # 1.234,56
GROUPED_NUMBER = re.compile(r"[-+]?[1-9]\d{0,2}(,\d{3})+")  # 1,234,567
POINT_NUMBER = re.compile(r"[-+]?(\d{1,3}(,\d{3})+|\d*)\.\d+([eE][-+]?\d+)?")
WHOLE_NUMBER = re.compile(r"[-+]?(\d{1,3}(\.\d{3})+|\d+)")  # 1.234.567
NEARLY_ALL = 0.9  # different cells of a column that has decimal commas
LINE_END = re.compile(r"\r\n|\r|\n")
EXCEL = re.compile(r"sep=(.)")  # a line of which Excel learns the separator
TOO_LONG = re.compile(r"Expected (\d+) fields in line (\d+), saw (\d+)")
SUFFIXES = (".csv", ".tsv", ".tab", ".txt", ".dat", ".data", ".parquet", ".pq")
COMPRESSED = (".gz", ".bz2", ".xz", ".zip", ".zst")


class Written(NamedTuple):
    """How a file was written, as far as somebody says so; None is looked up in the file."""

    separator: str | None = None
    decimal: str | None = None
    encoding: str | None = None


def is_file_name(text: str) -> bool:
    """Whether it is the name of a table that could be read, or ``-``."""
    name = text.lower()
    for suffix in COMPRESSED:
        name = name.removesuffix(suffix)
    return text == STANDARD_INPUT or name.endswith(SUFFIXES)


def title_of(data: str) -> str:
    """What to call a file in a message."""
    return "standard input" if data == STANDARD_INPUT else one_line(data)


def read_frame(data: str, written: Written = Written(), known=(), content=None) -> tuple[Any, list[str]]:  # noqa: B008
    """Read a file.

    Parameters
    ----------
    data : str
        Its path, or ``-`` for standard input.
    written : Written
        How it was written, where that is known.
    known : sequence of str
        Names that may have been meant, if there is no such file.
    content : bytes, default=None
        What is in it, if that has been read.

    Returns
    -------
    frame : pandas.DataFrame
        Its rows; names of columns are text of one line, each different.
    how : list of str
        What was found out about the way it is written, where that is not the usual.

    Raises
    ------
    ValueError
        If there is no such file, or it is no table.
    ImportError
        If pandas, or for Parquet pyarrow, is not installed.
    """
    content = content_of(data, known) if content is None else content
    pd = load_pandas("reading a file")
    try:
        content, how = _unpacked(content)
        _check_is_no_json(content)
        if content.startswith(b"PAR1"):
            frame = _read_parquet(pd, content)
        else:
            frame, told = _read_csv(pd, content, written)
            how = [*told, *how]
    except (ValueError, OSError, EOFError, lzma.LZMAError, zipfile.BadZipFile) as error:
        raise ValueError(f"cannot read {title_of(data)}: {first_line(error)}") from None
    frame.columns = different(map(one_line, frame.columns))
    return frame, how


def different(names) -> list[str]:
    """Names, each of which is made another if it was there before.

    >>> different(["a", "b", "a"])
    ['a', 'b', 'a (2)']
    """
    seen: dict[str, int] = {}
    told = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        told.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return told


def load_pandas(for_what: str) -> Any:
    """Import pandas, or say who needs it and what to install."""
    try:
        import pandas as pd
    except ImportError:
        raise ImportError(
            f"{for_what} needs pandas: pip install '.[files]' from the checkout, or pip install pandas"
        ) from None
    return pd


def content_of(data: str, known=()) -> bytes:
    """The bytes of a file, or of standard input."""
    if data == STANDARD_INPUT:
        return sys.stdin.buffer.read()
    path = Path(data)
    if not _is_file(path):
        beside = path.parent.iterdir() if path.name != data and path.parent.is_dir() else Path().iterdir()
        tables = f" (tables: {', '.join(known)})" if known else ""
        meant = did_you_mean(path.name, [*known, *(one.name for one in beside if one.is_file())])
        raise ValueError(f"no such file{' or table' * bool(known)}: {one_line(data)}{tables}{meant}")
    try:
        return path.read_bytes()
    except OSError as error:
        raise ValueError(f"cannot read {one_line(data)}: {error.strerror}") from None


def _is_file(path):
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that no file can have
        return False


# Compression ------------------------------------------------------------------------------------------------------


def _unpacked(content):
    """The bytes of the table, and how they were packed."""
    for first, (name, unpack) in PACKED.items():
        if content.startswith(first):
            return unpack(content), [name]
    return content, []


def _unzipped(content):
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        names = [name for name in packed.namelist() if not name.endswith("/") and not name.startswith("__MACOSX")]
        if "[Content_Types].xml" in names:
            raise ValueError("it is a workbook; save the sheet as CSV")
        if "schema.json" in names:
            raise ValueError("it is a kept model; ask it: sklearn-neuron predict MODEL NEW.csv")
        if len(names) != 1:
            raise ValueError(f"the archive holds {len(names)} files, where one is needed")
        return packed.read(names[0])


def _unzstd(content):
    try:
        from compression import zstd
    except ImportError:
        try:
            import zstandard
        except ImportError:
            raise ValueError("it is packed by zstd, which Python 3.14 reads; or pip install zstandard") from None
        return zstandard.ZstdDecompressor().stream_reader(content).read()
    return zstd.decompress(content)


PACKED: dict[bytes, tuple[str, Callable]] = {
    b"\x1f\x8b": ("gzip", gzip.decompress),
    b"BZh": ("bzip2", bz2.decompress),
    b"\xfd7zXZ\x00": ("xz", lzma.decompress),
    b"PK\x03\x04": ("zip", _unzipped),
    b"\x28\xb5\x2f\xfd": ("zstd", _unzstd),
}


def _check_is_no_json(content):
    """Complain of JSON, which would be read as a strange heading."""
    if content.lstrip()[:1] not in (b"[", b"{"):
        return
    for text in (content, content.lstrip().partition(b"\n")[0]):  # one of all rows, or one a row
        try:
            json.loads(text)
        except ValueError:
            continue
        raise ValueError("it is JSON; write its rows as CSV")


# Parquet and CSV --------------------------------------------------------------------------------------------------


def _read_parquet(pd, content):
    try:
        frame = pd.read_parquet(io.BytesIO(content))
    except ImportError:
        raise ImportError(
            "reading Parquet needs pyarrow: pip install '.[files]' from the checkout, or pip install pyarrow"
        ) from None
    frame = frame.reset_index(drop=frame.index.names == [None])  # an index that has a name is a column
    return pd.DataFrame({place: _as_in_a_text(pd, frame.iloc[:, place]) for place in range(frame.shape[1])}).set_axis(
        frame.columns, axis=1
    )


def _as_in_a_text(pd, column):
    """A column of one of the four kinds that a text holds: numbers, truths, dates and words."""
    kind = column.dtype.kind
    if kind == "m":
        return column / pd.Timedelta("1D")
    if kind == "M" or (kind in "biuf" and isinstance(column.dtype, np.dtype)):
        return column
    if kind in "iuf" and column.hasnans:
        return column.astype(np.float64)
    if kind in "biuf" and not column.hasnans:
        return column.astype(column.dtype.numpy_dtype)
    return _of_things(pd, column.astype(object))


def _of_things(pd, column):
    """Words or, of days, decimals, bytes and lists, what a text would hold."""
    kinds: dict[str, Callable] = {
        "decimal": lambda: column.astype(np.float64),
        "date": lambda: pd.to_datetime(column),
        "bytes": lambda: column.str.decode("utf-8", errors="replace"),
        "mixed": lambda: column.map(str, na_action="ignore"),
        "complex": lambda: column.map(str, na_action="ignore"),
        "time": lambda: column.map(str, na_action="ignore"),
    }
    return kinds.get(pd.api.types.infer_dtype(column, skipna=True), column.infer_objects)()


def _read_csv(pd, content, written):
    encoding = written.encoding or encoding_of(content)
    try:
        beginning = _decoded(content, encoding)
    except LookupError:
        raise ValueError(
            f"there is no encoding {encoding!r}; usual ones are utf-8, cp1252, utf-16, shift_jis"
        ) from None
    remarks, separator = remarks_of(beginning, written.separator)
    decimal = written.decimal or decimal_of(_below(beginning, remarks), separator)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            frame = pd.read_csv(
                io.StringIO(_below(content.decode(encoding), remarks)) if remarks else io.BytesIO(content),
                sep=separator,
                decimal=decimal,
                encoding=encoding,
                na_values=MISSING,
                keep_default_na=False,
                low_memory=False,
                skipinitialspace=True,
                index_col=False,  # no column is taken for names of rows
            )
    except pd.errors.ParserWarning:
        raise ValueError("its rows have more cells than its heading has names") from None
    except ValueError as error:
        raise ValueError(_why_not_cut(first_line(error), remarks)) from None
    frame = _with_points(frame) if decimal == "," else frame
    return frame, _told(separator, decimal, encoding, remarks)


def _why_not_cut(said, remarks):
    """Why a text is no table, as people say it."""
    if long := TOO_LONG.search(said):
        expected, line, seen = long.groups()
        return f"line {int(line) + remarks} has {plural(int(seen), 'cell')}, where {expected} would do"
    return "it is empty" if "No columns to parse" in said else said


def _told(separator, decimal, encoding, remarks):
    """What is unusual about the way it is written."""
    cells = {**SEPARATORS, SPACES: "spaces"}.get(separator, repr(separator))
    unusual = [f"{cells} between cells"] * (separator != ",") + ["decimal commas"] * (decimal == ",")
    unusual += [encoding] * (encoding not in ("utf-8", "utf-8-sig"))
    return unusual + [f"{plural(remarks, 'line')} above the heading left out"] * (remarks > 0)


def _with_points(frame):
    """Numbers that pandas has left as text, for their thousands are marked or a unit is beside them, with points."""
    texts = [name for name, column in enumerate(frame.dtypes) if column.kind not in "biufM"]
    for place in texts:
        column = frame.iloc[:, place]
        cells = {cell: without_units(cell) for cell in map(str, column.dropna().unique())}
        points = {
            cell: bare.replace(".", "").replace(",", ".")
            for cell, bare in cells.items()
            if COMMA_NUMBER.fullmatch(bare) or WHOLE_NUMBER.fullmatch(bare)
        }
        if len(points) >= NEARLY_ALL * len(cells):
            frame.isetitem(place, column.map(points).where(column.isin(points), column))
    return frame


def remarks_of(text: str, separator: str | None = None) -> tuple[int, str]:
    r"""How many lines stand above the heading, and what stands between cells.

    Lines that begin with # are remarks, unless the last of them has as many cells as the next line, which holds
    numbers: that is a heading.

    >>> remarks_of("# of 2024\na;b\n1,5;2\n"), remarks_of("sep=;\na;b\n1;2\n"), remarks_of("#a,b\n1,2\n")
    ((1, ';'), (1, ';'), (0, ','))
    """
    lines = LINE_END.split(text)
    if excel := EXCEL.fullmatch(lines[0].strip('\ufeff" ')):
        return 1, separator or excel[1]
    above = next((number for number, line in enumerate(lines) if line.strip() and not line.startswith("#")), 0)
    if not any(line.startswith("#") for line in lines[:above]):
        return 0, separator or separator_of(text)
    if _is_heading(lines[above - 1], lines[above], separator or separator_of(_below(text, above - 1))):
        above -= 1
    return above, separator or separator_of(_below(text, above))


def _is_heading(line, below, separator):
    """Whether a line has as many cells as the one below it, some of which are numbers."""
    names, cells = ([row.split()] if separator == SPACES else _rows(row, separator) for row in (line, below))
    if not names or not cells or len(names[0]) != len(cells[0]) or len(cells[0]) == 1:
        return False
    bare = map(without_units, cells[0])
    return any(sign.fullmatch(cell) for cell in bare for sign in (WHOLE_NUMBER, POINT_NUMBER, COMMA_NUMBER))


def _below(text, above):
    """The text without its first lines."""
    return LINE_END.split(text, maxsplit=above)[-1] if above else text


def encoding_of(content: bytes) -> str:
    """UTF-8, UTF-16 that says so or, where neither can be, the Windows edition of Latin-1.

    >>> encoding_of("é".encode("latin-1")), encoding_of("é".encode())
    ('cp1252', 'utf-8')
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\x00" in content[:LOOKED_INTO]:
        return _of_two_bytes(content[:LOOKED_INTO])
    for encoding in ("utf-8", "cp1252"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return "utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else encoding
    raise ValueError("it is no text in UTF-8 nor in Latin-1; if it is in another encoding, name it: --encoding NAME")


def _of_two_bytes(content):
    """UTF-16 that does not say so: of most letters one byte is 0, and always the same of the two."""
    zeros = [content[first::2].count(0) / max(1, len(content) // 2) for first in (0, 1)]
    if max(zeros) < MOST_LETTERS or min(zeros) > 1 - MOST_LETTERS:
        raise ValueError("it is no text")
    return "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"


def _decoded(content, encoding):
    """The first lines, without the last of them if it may have been cut."""
    text = content[: 4 * LOOKED_INTO].decode(encoding, errors="ignore")
    if len(text) > LOOKED_INTO or len(content) > 4 * LOOKED_INTO:
        text = text[:LOOKED_INTO].rpartition("\n")[0] or text[:LOOKED_INTO]
    return text


def separator_of(text: str) -> str:
    r"""What stands between cells: what cuts most lines into as many cells as the first, and that into most.

    >>> separator_of("a;b\n1,5;2\n"), separator_of("a\tb\n1\t2\n"), separator_of("a b\n1 2\n")
    (';', '\t', '\\s+')
    """
    fits = {separator: _fit(text, separator) for separator in SEPARATORS}
    best = max(fits, key=fits.__getitem__)
    if fits[best] > (0, 0):
        return best
    widths = [len(line.split()) for line in text.splitlines()[:LOOKED_AT] if line.strip()]
    return SPACES if len(widths) > 1 and widths[0] > 1 and len(set(widths)) == 1 else ","


def _fit(text, separator):
    """Share of the lines that have as many cells as the first, and how many those are; 0 if it has but one."""
    rows = _rows(text, separator)
    width = len(rows[0]) if rows else 0
    return (sum(len(row) == width for row in rows) / len(rows), width) if width > 1 else (0, 0)


def _rows(text, separator):
    """Cells of the first lines."""
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            rows += [row] if row else []
            if len(rows) == LOOKED_AT:
                break
    except csv.Error:  # a cell longer than any, or what is no text
        return []
    return rows


def decimal_of(text: str, separator: str) -> str:
    r"""The mark between a number and its decimals: a comma if more cells have that than a point.

    >>> decimal_of("a;b\n1,5;2,25\n", ";"), decimal_of("a;b\n1.5;2\n", ";")
    (',', '.')
    """
    rows = [text.split()] if separator == SPACES else _rows(text, separator)[1:]
    cells = [without_units(cell) for row in rows for cell in row]
    commas = sum(bool(COMMA_NUMBER.fullmatch(cell)) and not GROUPED_NUMBER.fullmatch(cell) for cell in cells)
    return "," if commas > sum(bool(POINT_NUMBER.fullmatch(cell)) for cell in cells) else "."


# As it stands there -----------------------------------------------------------------------------------------------


def cells_of(content: bytes, written: Written = Written()) -> Any:  # noqa: B008  a value
    """The heading and every cell below it, letter by letter, of a file that :func:`read_frame` can read.

    Parameters
    ----------
    content : bytes
        What is in the file.
    written : Written
        How it was written, where that is known.

    Returns
    -------
    pandas.DataFrame
        Of text; its columns are numbers, its first row is the heading. Of Parquet each cell is what CSV writes for it.
    """
    pd = load_pandas("reading a file")
    content, _ = _unpacked(content)
    if content.startswith(b"PAR1"):
        frame = pd.read_parquet(io.BytesIO(content), dtype_backend="numpy_nullable")
        frame = frame.reset_index(drop=frame.index.names == [None])
        text, separator = frame.to_csv(index=False, quoting=csv.QUOTE_NONNUMERIC), ","
    else:
        encoding = written.encoding or encoding_of(content)
        remarks, separator = remarks_of(_decoded(content, encoding), written.separator)
        text = _below(content.decode(encoding).removeprefix("\ufeff"), remarks)
    quoted_late = re.search(rf"(^|{separator if separator == SPACES else re.escape(separator)}) +\"", text, re.M)
    return pd.read_csv(
        io.StringIO(text),
        sep=separator,
        header=None,
        dtype=str,
        na_filter=False,
        skipinitialspace=bool(quoted_late),
    )
