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
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from sklearn_neuron.command.cells import FLAG, without_units
from sklearn_neuron.command.complaints import did_you_mean, first_line, one_line, plural

STANDARD_INPUT = "-"
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
SPACES = r"\s+"
LOOKED_AT = 200  # lines
LOOKED_INTO = 2**18  # characters, at most
MOST_LETTERS = 0.8  # of a text in UTF-16 are those of Latin-1
MISSING = ["", "?", "NA", "N/A", "n/a", "<NA>", "#N/A", "#N/A N/A", "#NA", "NaN", "nan", "-NaN", "-nan", "NULL", "null"]
MISSING += ["1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN"]  # all that pandas knows but None, which is a class at times
COMMA_NUMBER = re.compile(r"[-+]?([1-9]\d{0,2}(\.\d{3})+|\d*),\d+([eE][-+]?\d+)?")  # 1.234,56
GROUPED_NUMBER = re.compile(r"[-+]?[1-9]\d{0,2}(,\d{3})+")  # 1,234,567
POINT_NUMBER = re.compile(r"[-+]?([1-9]\d{0,2}(,\d{3})+|\d*)\.\d+([eE][-+]?\d+)?")
WHOLE_NUMBER = re.compile(r"[-+]?([1-9]\d{0,2}(\.\d{3})+|\d+)")  # 1.234.567
ENCODING_MARKS = {b"\xff\xfe\x00\x00": "utf-32", b"\x00\x00\xfe\xff": "utf-32"}
ENCODING_MARKS |= {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
UNCLOSED = "EOF inside string"
LINE_END = re.compile(r"\r\n|\r|\n")
RETURN = re.compile(rb"\r(?!\n)")  # a line that ends as on old Macs
EXCEL = re.compile(r"sep=(.)")  # a line of which Excel learns the separator
TOO_LONG = re.compile(r"Expected (\d+) fields in line (\d+), saw (\d+)")
SUFFIXES = (".csv", ".tsv", ".tab", ".txt", ".dat", ".data", ".parquet", ".pq")
COMPRESSED = (".gz", ".bz2", ".xz", ".zip", ".zst")


class Written(NamedTuple):
    """How a file was written, as far as somebody says so; None is looked up in the file."""

    separator: str | None = None
    decimal: str | None = None
    encoding: str | None = None


class Read(NamedTuple):
    """What was read."""

    frame: Any  # rows; of CSV all cells are text or missing
    how: list[str]  # what was found out about the way it is written, where that is not the usual
    written: Written = Written()  # how it is written
    gaps: Any = MappingProxyType({})  # words that stand for missing cells, and how often, by column


def is_file_name(text: str) -> bool:
    """Whether it is the name of a table that could be read, or ``-``."""
    name = text.lower()
    for suffix in COMPRESSED:
        name = name.removesuffix(suffix)
    return text == STANDARD_INPUT or name.endswith(SUFFIXES)


def title_of(data: str) -> str:
    """What to call a file in a message."""
    return "standard input" if data == STANDARD_INPUT else one_line(data)


def read_frame(
    data: str,
    written: Written = Written(),  # noqa: B008  a value
    known=(),
    kept: Written = Written(),  # noqa: B008
    content: bytes | None = None,
) -> Read:
    """Read a file.

    Cells of CSV are text, however they look: what a column is, is said where it is learned from, once.

    Parameters
    ----------
    data : str
        Its path, or ``-`` for standard input.
    written : Written
        How it was written, where that is known.
    known : sequence of str
        Names that may have been meant, if there is no such file.
    kept : Written
        How files of such rows were written, which holds where this one does not contradict.
    content : bytes, default=None
        What is in it, if that has been read.

    Returns
    -------
    Read
        Names of columns are text of one line, each different.

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
            read = Read(_read_parquet(pd, content), how)
        else:
            read = _read_csv(pd, content, written, kept)
            read = read._replace(how=[*read.how, *how])
    except (ValueError, TypeError, OSError, EOFError, lzma.LZMAError, zipfile.BadZipFile) as error:
        raise ValueError(f"cannot read {title_of(data)}: {first_line(error)}") from None
    read.frame.columns = names = different(map(_heading, read.frame.columns))
    return read._replace(gaps={names[place]: words for place, words in read.gaps.items()})


def _heading(name):
    """The name of a column in one line, and none that scikit-learn gives to a flag."""
    line = one_line(name)
    return line.replace("_", " ", 1) if line.startswith(FLAG) else line


def different(names) -> list[str]:
    """Names, each of which is made another if it was there before.

    >>> different(["a", "b", "a"])
    ['a', 'b', 'a (2)']
    """
    names = list(names)
    taken, counts = set(names), dict.fromkeys(names, 0)
    told = []
    for name in names:
        other = name
        counts[name] += 1
        while counts[name] > 1 and other in taken:
            other = f"{name} ({counts[name]})"
            counts[name] += other in taken
        taken.add(other)
        told.append(other)
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
        if sys.stdin is None:
            raise ValueError("cannot read standard input: it is closed")
        return sys.stdin.buffer.read()
    path = Path(data)
    if not is_there(path):
        beside = path.parent.iterdir() if path.name != data and path.parent.is_dir() else Path().iterdir()
        tables = f" (tables: {', '.join(known)})" if known else ""
        meant = did_you_mean(path.name, [*known, *(one.name for one in beside if one.is_file())])
        raise ValueError(f"no such file{' or table' * bool(known)}: {one_line(data)}{tables}{meant}")
    return bytes_of(path)


def bytes_of(path: Path) -> bytes:
    """What a file holds, or what comes out of a pipe that has a name; it is read once."""
    if path.is_dir():
        raise ValueError(f"{one_line(path)} is a folder; name a file")
    try:
        return path.read_bytes()
    except OSError as error:
        raise ValueError(f"cannot read {one_line(path)}: {error.strerror}") from None


def is_there(path: Path) -> bool:
    """Whether there is anything of that name."""
    try:
        return path.exists()
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
        frame = _of_parquet(pd, content)
    except ImportError:
        raise ImportError(
            "reading Parquet needs pyarrow: pip install '.[files]' from the checkout, or pip install pyarrow"
        ) from None
    frame = _with_index(frame)
    return pd.DataFrame({place: _as_in_a_text(pd, frame.iloc[:, place]) for place in range(frame.shape[1])}).set_axis(
        frame.columns, axis=1
    )


def _with_index(frame):
    """The table, of which an index that has a name is a column."""
    return frame.reset_index(drop=frame.index.names == [None], allow_duplicates=True)


def _of_parquet(pd, content, **options):
    try:
        return pd.read_parquet(io.BytesIO(content), **options)
    except ValueError as error:
        if "Multiple matches" not in str(error):
            raise
    parquet = import_module("pyarrow.parquet")  # pandas reads columns by their names, of which some are the same
    table = parquet.ParquetFile(io.BytesIO(content)).read().replace_schema_metadata(None)
    return table.rename_columns(different(table.column_names)).to_pandas()


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
    column = _of_things(pd, column.astype(object))
    is_blank = column.map(lambda cell: isinstance(cell, str) and not cell.strip()).astype(bool)
    return column.mask(is_blank) if is_blank.any() else column


def _of_things(pd, column):
    """Words or, of days, decimals, bytes and lists, what a text would hold."""
    kinds: dict[str, Callable] = {
        "decimal": lambda: column.astype(np.float64),
        "date": lambda: pd.Series(np.array(column.where(column.notna(), None), dtype="datetime64[s]"), column.index),
        "bytes": lambda: column.str.decode("utf-8", errors="replace"),
        "mixed": lambda: column.map(str, na_action="ignore"),
        "complex": lambda: column.map(str, na_action="ignore"),
        "time": lambda: column.map(str, na_action="ignore"),
    }
    return kinds.get(pd.api.types.infer_dtype(column, skipna=True), column.infer_objects)()


def _read_csv(pd, content, written, kept):
    encoding = written.encoding or encoding_of(content, kept.encoding)
    try:
        beginning = _decoded(content, encoding)
    except LookupError:
        raise ValueError(
            f"there is no encoding {encoding!r}; usual ones are utf-8, cp1252, utf-16, shift_jis"
        ) from None
    remarks, separator = remarks_of(beginning, written.separator, kept.separator)
    _check_separator(separator)
    decimal = written.decimal or decimal_of(_below(beginning, remarks), separator)
    is_plain = encoding in ("utf-8", "utf-8-sig") and not remarks and not RETURN.search(content)
    text = content if is_plain else _in_lines(_below(content.decode(encoding), remarks).removeprefix("\ufeff"))
    try:
        frame = _cut(pd, text, separator, encoding)
        if frame.shape[1] == 1:  # a blank line is a missing cell
            text = (text.decode(encoding) if isinstance(text, bytes) else text).strip("\r\n")
            frame = _cut(pd, text, separator, encoding, skip_blank_lines=False)
    except pd.errors.ParserWarning:
        raise ValueError("its rows have more cells than its heading has names") from None
    except ValueError as error:
        said = first_line(error)
        if UNCLOSED in said and separator != SPACES:
            said = _unclosed(_below(content.decode(encoding), remarks), separator, remarks)
        raise ValueError(_why_not_cut(said, remarks)) from None
    how = _told(separator, decimal, encoding, remarks)
    return Read(frame, how, Written(separator, decimal, encoding), _take_gaps_out(frame))


def _in_lines(text):
    """The text with line feeds for lone carriage returns outside of quotes, behind which pandas may lose a cell."""
    if "\r" not in text:
        return text
    parts = text.split('"')
    return '"'.join(part if number % 2 else LINE_END.sub("\n", part) for number, part in enumerate(parts))


def _cut(pd, text, separator, encoding=None, skipinitialspace=True, **options):
    """Rows of a text, or of its bytes, all cells of which are text."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", pd.errors.ParserWarning)
        return pd.read_csv(
            io.BytesIO(text) if isinstance(text, bytes) else io.StringIO(text),
            sep=separator,
            encoding=encoding,
            dtype=object,
            na_filter=False,  # which word is missing is looked up afterwards, to be told
            low_memory=False,
            skipinitialspace=skipinitialspace,
            index_col=False,  # no column is taken for names of rows
            **options,
        )


def _check_separator(separator):
    if separator != SPACES and (not separator.isascii() or separator in '"\r\n'):
        raise ValueError(f"cells cannot be separated by {separator!r}, but by one sign of ASCII, such as , ; | or tab")


def _take_gaps_out(frame):
    """Let words that stand for nothing be missing; how often each is there, by number of the column."""
    gaps = {}
    for place in range(frame.shape[1]):
        cells = frame.iloc[:, place]
        is_missing = cells.isin(MISSING) | cells.isna() | cells.str.isspace()
        if is_missing.any():
            words = cells[is_missing].fillna("")
            gaps[place] = words[words != ""].value_counts().to_dict()
            frame.isetitem(place, cells.mask(is_missing))
    return gaps


def _unclosed(text, separator, remarks):
    """In which line a quote begins that does not end."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    first = 1
    try:
        while next(rows, None) is not None:
            last, first = first, rows.line_num + 1
    except csv.Error:  # the rest is longer than any cell
        last = first
    return f"a quote that opens in line {last + remarks} is never closed"


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


def remarks_of(text: str, separator: str | None = None, kept: str | None = None) -> tuple[int, str]:
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
        return 0, separator or separator_of(text, kept)
    if _is_heading(lines[above - 1], lines[above], separator or separator_of(_below(text, above - 1), kept)):
        above -= 1
    return above, separator or separator_of(_below(text, above), kept)


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


def encoding_of(content: bytes, kept: str | None = None) -> str:
    """UTF-8, UTF-16 that says so or, where neither can be, what files of such rows had, or the Windows Latin-1.

    >>> encoding_of("é".encode("latin-1")), encoding_of("é".encode())
    ('cp1252', 'utf-8')
    """
    for mark, encoding in ENCODING_MARKS.items():
        if content.startswith(mark):
            return encoding
    if b"\x00" in content[:LOOKED_INTO]:
        return _of_two_bytes(content[:LOOKED_INTO])
    if kept is not None and kept.lower().startswith(("utf-16", "utf-32")):
        kept = None  # half of all other texts can be read so, and mean nothing
    usual = [kept, "utf-8"] if content.isascii() else ["utf-8", kept]
    for encoding in filter(None, [*usual, "cp1252"]):
        try:
            content.decode(encoding)
        except UnicodeError:
            continue
        return encoding
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


def separator_of(text: str, kept: str | None = None) -> str:
    r"""What stands between cells: what cuts most lines into as many cells as the first, and that into most.

    What stood between cells of files of such rows does so here, if it cuts all lines alike or nothing else cuts any.

    >>> separator_of("a;b\n1,5;2\n"), separator_of("a\tb\n1\t2\n"), separator_of("a b\n1 2\n")
    (';', '\t', '\\s+')
    """
    if kept not in (None, SPACES) and _fit(text, kept)[0] == 1:
        return str(kept)
    fits = {separator: _fit(text, separator) for separator in SEPARATORS}
    best = max(fits, key=fits.__getitem__)
    if fits[best] > (0, 0):
        return best
    widths = [len(line.split()) for line in text.splitlines()[:LOOKED_AT] if line.strip()]
    return SPACES if len(widths) > 1 and widths[0] > 1 and len(set(widths)) == 1 else kept or ","


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
        frame = _with_index(_of_parquet(pd, content, dtype_backend="numpy_nullable"))
        for place in range(frame.shape[1]):
            if pd.api.types.infer_dtype(column := frame.iloc[:, place], skipna=True) == "bytes":
                frame.isetitem(place, column.astype(object).str.decode("utf-8", errors="replace"))
        text, separator = frame.to_csv(index=False, quoting=csv.QUOTE_NONNUMERIC), ","
    else:
        encoding = written.encoding or encoding_of(content)
        remarks, separator = remarks_of(_decoded(content, encoding), written.separator)
        text = _in_lines(_below(content.decode(encoding).removeprefix("\ufeff"), remarks))
    quoted_late = re.search(rf"(^|{separator if separator == SPACES else re.escape(separator)}) +\"", text, re.M)
    options = {"skipinitialspace": bool(quoted_late)}
    heading = _cut(pd, text, separator, header=None, nrows=1, **options).iloc[0].tolist()
    if len(heading) == 1:  # a blank line is a missing cell
        text, options["skip_blank_lines"] = text.strip("\r\n"), False
    rows = _cut(pd, text, separator, **options)
    return pd.DataFrame({place: [name, *rows.iloc[:, place]] for place, name in enumerate(heading)})
