"""Files as people have them are read, however they were written; and what is no table is told in one line."""

import bz2
import datetime
import gzip
import io
import lzma
import os
import subprocess
import sys
import zipfile
from decimal import Decimal
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sklearn_neuron.command.cells import as_numbers
from sklearn_neuron.command.columns import sorted_columns
from sklearn_neuron.command.files import (
    SEPARATORS,
    Written,
    decimal_of,
    different,
    encoding_of,
    is_file_name,
    read_frame,
    remarks_of,
    separator_of,
    title_of,
)

pd = pytest.importorskip("pandas")


def typed(frame, commas=()):
    """The same rows, numbers where all cells read as such."""
    numbers = as_numbers(frame, commas=commas)
    are = numbers.notna().sum() == frame.notna().sum()
    return frame.assign(**{name: numbers[name] for name in frame if are[name]})


FRAME = pd.DataFrame(
    {"länge": [1.5, 2.25, np.nan, -4.0], "art": ["weiß, rot", "blau", "größer", np.nan], "n": [10, 20, 30, 40]}
)


@pytest.fixture
def file(tmp_path):
    """Write a file."""

    def write(content, name="data.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write


def packed_by_zip(content, *names):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names or ("data.csv",):
            archive.writestr(name, content)
    return packed.getvalue()


PACKERS = {"gzip": gzip.compress, "bzip2": bz2.compress, "xz": lzma.compress, "zip": packed_by_zip}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("decimal", [".", ","])
@pytest.mark.parametrize("separator", SEPARATORS)
def test_separator_decimal_mark_and_encoding_are_found_in_the_file(file, separator, decimal, encoding):
    text = FRAME.to_csv(index=False, sep=separator, decimal=decimal)
    frame, how, *_ = read_frame(file(text.encode(encoding)))
    pd.testing.assert_frame_equal(typed(frame, ["länge"] * (decimal == ",")), FRAME, check_dtype=False)
    told = [f"{SEPARATORS[separator]} between cells"] * (separator != ",") + ["decimal commas"] * (decimal == ",")
    assert how == told + [encoding] * (not encoding.startswith("utf-8"))


@pytest.mark.parametrize("name", PACKERS)
def test_what_is_packed_is_unpacked_whatever_its_name(file, name):
    frame, how, *_ = read_frame(file(PACKERS[name](FRAME.to_csv(index=False).encode()), "data.txt"))
    pd.testing.assert_frame_equal(typed(frame), FRAME, check_dtype=False)
    assert how == [name]


def test_standard_input_is_a_file_too(monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(gzip.compress(b"a\tb\n1\t2\n"))))
    frame, how, *_ = read_frame("-")
    assert frame.to_dict("list") == {"a": ["1"], "b": ["2"]}
    assert how == ["tabs between cells", "gzip"]
    assert title_of("-") == "standard input"


@pytest.mark.parametrize("names", [None, "row"])
def test_parquet_is_read_and_an_index_with_a_name_is_a_column(file, names):
    pytest.importorskip("pyarrow")
    dated = FRAME.assign(day=pd.date_range("2024-02-28", periods=4))
    packed = io.BytesIO()
    dated.rename_axis(names).to_parquet(packed)
    frame, how, *_ = read_frame(file(packed.getvalue(), "data.parquet"))
    assert list(frame.columns) == [*([names] if names else []), *dated.columns]
    assert frame["day"].dtype.kind == "M"
    assert how == []


def test_things_that_parquet_holds_are_what_a_text_would_hold(file):
    n = 6
    gaps = pd.DataFrame(
        {
            "category": pd.Categorical(["a", "b"] * 3),
            "decimal": [Decimal("1.5"), None] * 3,
            "duration": pd.to_timedelta([36, None] * 3, "h"),
            "list": [[1, 2], None] * 3,
            "bytes": [b"x", b"\xc3\xa9"] * 3,
            "truth": pd.array([True, None] * 3, dtype="boolean"),
            "whole": pd.array([2**40, None] * 3, dtype="Int64"),
            "day": [datetime.date(2024, 1, 2), None] * 3,
            "hour": [datetime.time(3), None] * 3,
            "float": np.array([1.5, np.nan] * 3, dtype=np.float32),
        }
    )
    whole = pd.DataFrame({"w": pd.array(range(n), dtype="UInt8"), "t": pd.array([True, False] * 3, dtype="boolean")})
    packed = io.BytesIO()
    pd.concat([gaps, whole], axis=1).to_parquet(packed)
    frame, *_ = read_frame(file(packed.getvalue(), "data.parquet"))
    assert frame.iloc[0].tolist()[:6] == ["a", 1.5, 1.5, "[1 2]", "x", True]
    assert frame.iloc[0].tolist()[6:] == [2**40, pd.Timestamp("2024-01-02"), "03:00:00", 1.5, 0, True]
    assert frame.iloc[1].isna().tolist() == [name not in ("category", "bytes", "w", "t") for name in frame]
    assert frame["bytes"][1] == "é"
    kinds = {
        name: sorted_columns(pd.concat([frame] * 5, ignore_index=True), frame.columns).found[name].kind
        for name in frame
    }
    texts = ("category", "list", "bytes", "hour")
    assert kinds == {name: "dates" if name == "day" else "texts" if name in texts else "numbers" for name in kinds}


def test_none_is_a_word_and_all_else_that_says_missing_is_missing(file):
    frame, *_ = read_frame(file("a,b\nNone,1\nNA,2\n,3\nnull,4\nNaN,5\nN/A,6\n?,7\n"))
    assert frame["a"].isna().tolist() == [False] + [True] * 6


def test_cells_between_blanks_are_cells(file):
    frame, how, *_ = read_frame(file("a   b  kind\n1.5 2  x\n 3  4  y\n"))
    assert frame.to_dict("list") == {"a": ["1.5", "3"], "b": ["2", "4"], "kind": ["x", "y"]}
    assert how == ["spaces between cells"]


def test_what_is_said_to_be_so_is_not_looked_up(file):
    frame, *_ = read_frame(file("a,b;c\n1,5;2\n"), Written(separator=","))
    assert list(frame.columns) == ["a", "b;c"]
    frame, how, *_ = read_frame(file("имя,n\nЯ,1\n".encode("cp1251")), Written(encoding="cp1251"))
    assert frame["имя"].tolist() == ["Я"]
    assert how == ["cp1251"]
    frame, *_ = read_frame(file("a;b\n1,5;2\n"), Written(decimal="."))
    assert frame["a"].tolist() == ["1,5"]


def test_a_question_mark_is_a_missing_cell_and_blanks_beside_a_comma_are_none(file):
    frame, *_ = read_frame(file("a, b\n?, x\n1, y\n"))
    assert list(frame.columns) == ["a", "b"]
    assert frame["a"].isna().tolist() == [True, False]
    assert frame["b"].tolist() == ["x", "y"]


def test_names_of_columns_are_one_line_and_different(file):
    frame, *_ = read_frame(file('"a\nb","a b",c\n1,2,3\n'))
    assert list(frame.columns) == ["a b", "a b (2)", "c"]


@given(st.lists(st.sampled_from("ab")))
def test_names_that_are_made_different_keep_their_number_and_order(names):
    told = different(names)
    assert [name.split(" ")[0] for name in told] == names
    assert len(set(told)) == len(names)


@given(st.integers(2, 6), st.integers(1, 8), st.sampled_from(list(SEPARATORS)), st.data())
def test_the_separator_of_any_table_of_numbers_is_found(width, length, separator, data):
    """Numbers with decimal commas between commas would be ambiguous: they have points there."""
    mark = "." if separator == "," else data.draw(st.sampled_from(".,"))
    rows = data.draw(
        st.lists(st.lists(st.integers(0, 99), min_size=width, max_size=width), min_size=1, max_size=length)
    )
    cells = [[f"{number}{mark}5" for number in row] for row in rows]
    text = "\n".join(separator.join(row) for row in [[f"f{j}" for j in range(width)], *cells])
    assert separator_of(text) == separator
    assert decimal_of(text, separator) == mark


def test_the_separator_cuts_the_rows_too_and_not_the_heading_alone():
    assert separator_of("mass, kg;kind\n1;x\n2;y\n") == ";"


def test_thousands_are_no_decimals():
    assert decimal_of('a,b\n"1,234",x\n"12,345",y\n', ",") == "."
    assert decimal_of('a,b\n"1,5",x\n"12,34",y\n', ",") == ","
    assert decimal_of("a b\n1,5 2,5\n", r"\s+") == ","


def test_a_long_file_is_judged_by_whole_lines(file):
    """The last line that is looked at must not be cut, nor taken for a shorter one."""
    text = "a;b;c\n" + "1,5;zwei;3\n" * 30_000
    frame, *_ = read_frame(file(text))
    assert frame.shape == (30_000, 3)
    assert set(frame["a"]) == {"1,5"}


def test_a_cell_longer_than_any_is_no_reason_to_fail():
    assert separator_of('a;b\n"' + "x" * 200_000) == ","


def test_a_letter_outside_ascii_at_the_very_end_is_found():
    assert encoding_of(b"a,b\n" * 10**6 + b"\xe9") == "cp1252"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (bytes(range(128, 256)), "no text in UTF-8 nor in Latin-1.*--encoding NAME"),
        (b"a,b\n1,\x00\n", "it is no text"),
        (gzip.compress(b"a,b\n1,2\n")[:-4], "cannot read"),
        (b"\xfd7zXZ\x00 broken", "cannot read"),
        (b"PK\x03\x04 broken", "cannot read"),
        (packed_by_zip("a,b\n1,2\n", "one.csv", "two.csv"), "the archive holds 2 files"),
        (packed_by_zip("", "[Content_Types].xml", "xl/workbook.xml"), "a workbook; save the sheet as CSV"),
        (packed_by_zip("", "schema.json", "1.npy"), "a kept model; ask it: sklearn-neuron predict MODEL NEW.csv"),
        (b"PAR1 broken", "cannot read"),
        (b' [{"a": 1, "b": 2}]', "it is JSON; write its rows as CSV"),
        (b'{"a": 1}\n{"a": 2}\n', "it is JSON; write its rows as CSV"),
        (b"a,b\n1,2\n3,4,5\n", "line 3 has 3 cells, where 2 would do"),
        (b"# of 2024\na,b\n1,2\n3,4,5\n", "line 4 has 3 cells, where 2 would do"),
        (b" \n", "it is empty"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",  # what is compressed has its time in it
)
def test_what_is_no_table_is_told(file, content, said):
    with pytest.raises(ValueError, match=said):
        read_frame(file(content))


@pytest.mark.parametrize(
    ("text", "separator", "above"),
    [
        ("# of 2024\n#\n\na;b\n1,5;2\n", ";", 3),
        ("# of 2024, by hand\na;b\n1,5;2\n", ";", 1),
        ("# of 2024, by hand\na,b\n1.5,2\n", ",", 1),
        ("sep=;\na;b\n1,5;2\n", ";", 1),
        ('"sep=|"\na|b\n1.5|2\n', "|", 1),
        ("# of 2024\n#a;b\n1,5;2\n", ";", 1),  # the heading is a remark itself
        ("#a,b\n1.5,2\n", ",", 0),
        ("a,b\n1.5,2\n#,\n", ",", 0),
        ("\na,b\n1.5,2\n", ",", 0),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_remarks_above_the_heading_are_left_out(file, text, separator, above, end):
    assert remarks_of(text.replace("\n", end)) == (above, separator)
    frame, how, *_ = read_frame(file(text.replace("\n", end)))
    assert [name.lstrip("#") for name in frame.columns] == ["a", "b"]
    assert as_numbers(frame, commas=list(frame) if separator == ";" else ()).iloc[0].tolist() == [1.5, 2]
    assert [line for line in how if "above" in line] == [
        f"{above} line{'s' * (above > 1)} above the heading left out"
    ] * (above > 0)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_found_where_it_does_not_say_so(file, encoding):
    frame, how, *_ = read_frame(file(FRAME.to_csv(index=False).encode(encoding)))
    pd.testing.assert_frame_equal(typed(frame), FRAME, check_dtype=False)
    assert how == [encoding]


@pytest.mark.parametrize("space", [" ", "\xa0", "\u202f", "."])
@pytest.mark.parametrize("unit", ["", " €", " %"])
def test_thousands_and_units_beside_decimal_commas_are_read(file, space, unit):
    numbers = [1234.5, 12.25, 1234567.75, 0.5, 1000, 12]
    cells = [f"{number:,.2f}".replace(",", " ").replace(".", ",").replace(" ", space) for number in numbers]
    cells[-1] = "12"
    text = "a;b;c\n" + "".join(f"{cell}{unit};{k}.x;01.02.2024\n" for k, cell in enumerate(cells))
    frame, how, *_ = read_frame(file(text))
    assert "decimal commas" in how
    assert as_numbers(frame, commas=["a"])["a"].tolist() == numbers
    many = pd.concat([frame] * 9, ignore_index=True)
    found = sorted_columns(many, {"a", "b"}, {"decimal": ","})
    assert (found.commas, found.found["b"].kind, found.found["c"].kind) == (["a"], "texts", "left out")
    assert frame["b"].tolist() == [f"{k}.x" for k in range(6)]
    assert frame["c"].tolist() == ["01.02.2024"] * 6  # a day, not a number of many thousands


def test_an_encoding_that_does_not_exist_is_told(file):
    with pytest.raises(ValueError, match="no encoding 'klingon'; usual ones are utf-8"):
        read_frame(file("a,b\n1,2\n"), Written(encoding="klingon"))


def test_a_file_that_is_not_there_is_told_with_the_one_that_may_have_been_meant(file):
    path = file("a,b\n1,2\n", "penguins.csv")
    with pytest.raises(ValueError, match=r"no such file: .*pengins.csv; did you mean 'penguins.csv'"):
        read_frame(path.replace("penguins", "pengins"))
    with pytest.raises(ValueError, match=r"no such file or table: irs \(tables: iris\); did you mean 'iris'"):
        read_frame("irs", known=["iris"])


def test_a_file_that_may_not_be_read_is_told(file, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.read_bytes", refuse)
    with pytest.raises(ValueError, match=r"cannot read .*Permission denied"):
        read_frame(file("a,b\n1,2\n"))


def test_zstd_is_read_or_said_what_to_install(file, monkeypatch):
    monkeypatch.setitem(sys.modules, "compression", None)
    monkeypatch.setitem(sys.modules, "zstandard", None)
    path = file(b"\x28\xb5\x2f\xfd rest")
    with pytest.raises(ValueError, match=r"packed by zstd, which Python 3.14 reads; or pip install zstandard"):
        read_frame(path)
    reader = SimpleNamespace(read=lambda: b"a,b\n1,2\n")
    fake = SimpleNamespace(ZstdDecompressor=lambda: SimpleNamespace(stream_reader=lambda content: reader))
    monkeypatch.setitem(sys.modules, "zstandard", fake)
    assert read_frame(path)[0].shape == (1, 2)
    fake = SimpleNamespace(zstd=SimpleNamespace(decompress=lambda content: b"a,b,c\n1,2,3\n"))
    monkeypatch.setitem(sys.modules, "compression", fake)
    assert read_frame(path)[0].shape == (1, 3)


def test_without_pyarrow_it_is_said_what_to_install(file, monkeypatch):
    def lacking(*given, **options):
        raise ImportError("no pyarrow")

    monkeypatch.setattr(pd, "read_parquet", lacking)
    with pytest.raises(ImportError, match=r"Parquet needs pyarrow: pip install '.\[files\]'"):
        read_frame(file(b"PAR1"))


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("a.csv", True), ("A.CSV.gz", True), ("a.parquet", True), ("-", True), ("pages", False), ("a.gz", False)],
)
def test_names_of_tables_are_told_from_names_of_folders(name, is_one):
    assert is_file_name(name) == is_one


# Each cell by itself ----------------------------------------------------------------------------------------------


def test_cells_of_csv_are_text_however_they_look(file):
    frame, *_ = read_frame(file("code,flag,day,n\n01,TRUE,2024-01-01,1.50\nA1,false,,1e400\n"))
    assert frame.iloc[0].tolist() == ["01", "TRUE", "2024-01-01", "1.50"]
    assert frame.isna().to_numpy().sum() == 1


def test_blanks_are_missing_and_words_that_stand_for_it_are_counted(file):
    frame, _, _, gaps = read_frame(file('a,b\nNA,"  "\n?,x\nNA,\nz,y\n'))
    assert frame.isna().to_numpy().tolist() == [[True, True], [True, False], [True, True], [False, False]]
    assert gaps == {"a": {"NA": 2, "?": 1}, "b": {"  ": 1}}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_blank_line_of_a_file_with_one_column_is_a_missing_cell(file, encoding, end):
    frame, *_ = read_frame(file(end.join(["", "price", "1", "", "3", "", ""]).encode(encoding)))
    assert frame["price"].fillna("gap").tolist() == ["1", "gap", "3"]


def test_blanks_of_parquet_are_missing_too(file):
    pytest.importorskip("pyarrow")
    packed = io.BytesIO()
    pd.DataFrame({"a": ["x", " ", ""], "b": [1, 2, 3]}).to_parquet(packed)
    assert read_frame(file(packed.getvalue())).frame["a"].isna().tolist() == [False, True, True]


def test_how_a_file_is_written_is_found_and_what_is_kept_holds_unless_it_contradicts(file):
    assert read_frame(file("a;b\n1,5;2\n")).written == Written(";", ",", "utf-8")
    kept = Written(";", None, "cp1251")
    assert read_frame(file("price\n1,5\n2,5\n"), kept=kept).frame["price"].tolist() == ["1,5", "2,5"]
    assert list(read_frame(file("mass, kg;b\n1,5;2\n"), kept=kept).frame.columns) == ["mass, kg", "b"]
    assert list(read_frame(file("a,b\n1,5\n2,5\n"), kept=kept).frame.columns) == ["a", "b"]  # a semicolon cuts nothing
    assert list(read_frame(file("a b\n1 5\n2 5\n"), kept=Written(r"\s+")).frame.columns) == ["a", "b"]
    assert read_frame(file("имя;n\nЯ;1\n".encode("cp1251")), kept=kept).frame["имя"].tolist() == ["Я"]
    assert read_frame(file("имя;n\nЯ;1\n".encode()), kept=kept).frame["имя"].tolist() == ["Я"]
    japanese = file("n;a\n1;日\n".encode("iso2022_jp"))
    assert read_frame(japanese, kept=Written(";", None, "iso2022_jp")).frame["a"].tolist() == ["日"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-32"])
def test_a_kept_encoding_that_cannot_be_is_not_taken(file, encoding):
    assert list(read_frame(file("ä,b\n1,2\n"), kept=Written(",", None, encoding)).frame.columns) == ["ä", "b"]


@pytest.mark.parametrize("encoding", ["utf-32", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize("above", ["", "# of 2024\n"])
def test_a_mark_of_the_encoding_is_no_letter_of_the_heading(file, encoding, above):
    frame, how, *_ = read_frame(file(f"{above}é,b\n1,2\n".encode(encoding)))
    assert list(frame.columns) == ["é", "b"]
    assert (encoding in how) == (encoding != "utf-8-sig")


def test_names_that_are_made_different_are_none_that_is_there(file):
    assert different(["a", "a", "a (2)", "a", "a (2)"]) == ["a", "a (3)", "a (2)", "a (4)", "a (2) (2)"]
    frame, *_ = read_frame(file("a b,a  b,a b (2)\n1,2,3\n"))
    assert frame.iloc[0].to_dict() == {"a b": "1", "a b (3)": "2", "a b (2)": "3"}


@pytest.mark.parametrize(
    ("text", "separator", "said"),
    [
        ("a§b\n1§2\n", "§", "cells cannot be separated by '§', but by one sign of ASCII"),
        ("sep=§\na§b\n1§2\n", None, "cells cannot be separated by '§', but by one sign of ASCII"),
        ('a,b\n1,x\n2,"z\n3,x\n', None, "a quote that opens in line 3 is never closed"),
        ('# of 2024\na,b\n1,"x\ny"\n2,"z\n3,x\n', None, "a quote that opens in line 5 is never closed"),
        ('a,b\n1,"' + "x,\n" * 60_000, None, "a quote that opens in line 2 is never closed"),
    ],
)
def test_what_cannot_be_cut_is_told_in_our_words(file, text, separator, said):
    with pytest.raises(ValueError, match=said):
        read_frame(file(text), Written(separator=separator))


def test_parquet_with_two_columns_of_one_name_is_read(file):
    pa = pytest.importorskip("pyarrow")
    packed = io.BytesIO()
    table = pa.table([pa.array([1, 2]), pa.array(["u", "v"]), pa.array([3, 4])], names=["x", "y", "x"])
    pytest.importorskip("pyarrow.parquet").write_table(table, packed)
    frame, *_ = read_frame(file(packed.getvalue()))
    assert frame.to_dict("list") == {"x": [1, 2], "y": ["u", "v"], "x (2)": [3, 4]}


def test_a_folder_is_called_one_and_closed_standard_input_too(tmp_path, monkeypatch):
    with pytest.raises(ValueError, match="is a folder; name a file"):
        read_frame(str(tmp_path))
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(ValueError, match="cannot read standard input: it is closed"):
        read_frame("-")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes that have names")
def test_a_pipe_that_has_a_name_is_read_once(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with subprocess.Popen(["sh", "-c", f"printf 'a,b\\n1,2\\n' > {tmp_path / 'pipe'}"]):
        assert read_frame(str(tmp_path / "pipe")).frame.to_dict("list") == {"a": ["1"], "b": ["2"]}
