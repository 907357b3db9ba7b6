"""What is in a column, and what is not to be learned from: each is named, all at once."""

import datetime
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone

from sklearn_neuron.__main__ import main
from sklearn_neuron.command.cells import as_days, as_numbers, as_text
from sklearn_neuron.command.columns import (
    classes_of,
    column_of,
    missing_names,
    rows_of_a_level,
    sorted_columns,
    why_no_classes,
)
from sklearn_neuron.command.complaints import ComplaintsError, did_you_mean, lines_of
from sklearn_neuron.command.examples import TABLES, Asked, as_file, read_table
from sklearn_neuron.command.pipeline import before_the_neuron, gaps_told, levels_told, unread_told, unseen_told

pd = pytest.importorskip("pandas")

N = 200


def series(values, name="x"):
    return pd.Series(list(values), name=name)


def kind(values, name="x", is_kept=False):
    found = column_of(series(values, name), is_kept)
    return found.kind, found.why


# Kinds ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "name", "why"),
    [
        (range(N), "x", "an index, 0 to 199"),
        (reversed(range(1, N + 1)), "x", "an index, 1 to 200"),
        ([k for k in range(N + 20) if k % 11], "x", "an index"),
        (np.arange(N) * 17 + 1000, "customer_id", "an identifier"),
        (np.arange(N) * 17 + 1000, "PassengerId", "an identifier"),
        (np.arange(N) * 17 + 1000, "Unnamed: 0", "an identifier"),
        (np.arange(N) * 17 // 2 * 2, "ID", "an identifier"),
        ([7] * N, "x", "the same in every row"),
        (["a"] * N, "x", "the same in every row"),
        (["2024-01-01"] * N, "x", "the same in every row"),
        ([np.nan] * N, "x", "empty"),
        ([f"name {k}" for k in range(N)], "x", "text, different in every row"),
        ([f"name {k // 3}" for k in range(N)], "x", "text, of 67 values, all rare"),
    ],
)
def test_what_tells_nothing_of_other_rows_is_left_out(values, name, why):
    what, told = kind(values, name)
    assert what == "left out"
    assert told.startswith(why)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        (np.arange(N) * 17 + 1000, "income"),  # all different, and no name of the row
        (np.arange(N) % 7, "id"),  # a number of few
        (np.arange(N) / 2, "x"),
        (range(5), "x"),  # of five rows it may be chance
        ([*range(N - 1), np.nan], "x"),
        (np.arange(N) % 2 == 0, "x"),
        ([7.0, np.nan] * N, "x"),  # it tells whether it is missing
        (np.arange(N) * 17 + 1000, "humid"),  # ends in id, and is none
        (np.arange(N) * 17 + 1000, "monkey"),
    ],
)
def test_numbers_are_numbers(values, name):
    assert kind(values, name) == ("numbers", "")


@pytest.mark.parametrize(
    ("values", "read"),
    [
        (["1,234", "12", "$5.50", "12 %", "-3e2"] * 8, [1234, 12, 5.5, 12, -300]),
        (["1'234", "1 234 567", "(3.5)", "\u22124", "$ 5"] * 8, [1234, 1234567, -3.5, -4, 5]),
        (["-", "unknown"] * 20 + [f"{k}.5" for k in range(60)], [np.nan, np.nan]),  # few words, of many cells
        (["1", "2", "3", "heavy"] + ["4"] * 36, [1, 2, 3, np.nan]),
        (["inf", "1", "-Infinity", "2"] + ["3"] * 36, [np.nan, 1, np.nan, 2]),
        ([True, None, False, True] * 10, [1, np.nan, 0, 1]),
    ],
)
def test_text_that_reads_as_numbers_is_numbers(values, read):
    assert kind(values)[0] == "numbers"
    numbers = as_numbers(series(values).to_frame())["x"]
    np.testing.assert_array_equal(numbers[: len(read)], read)


def test_words_among_numbers_are_named_and_infinity_is_counted():
    found = column_of(series(["1", "2", "heavy", "heavy", None, "-inf", *["3"] * 60]), False)
    assert found.unread == ("heavy",)
    assert (found.missing, found.infinite) == (3, 1)
    assert column_of(series([np.inf, -np.inf, 1.0, 2.0] * 9), False).infinite == 18


@pytest.mark.parametrize(
    ("written", "format_"),
    [
        ("%Y-%m-%d", "ISO8601"),
        ("%Y-%m-%dT%H:%M:%SZ", "ISO8601"),
        ("%d.%m.%Y", "%d.%m.%Y"),
        ("%d/%m/%Y", "%d/%m/%Y"),
        ("%m/%d/%Y", "%m/%d/%Y"),
        ("%m/%d/%y %H:%M", "%m/%d/%y %H:%M"),
        ("%d-%b-%Y", "%d-%b-%Y"),
        ("%d %B %Y", "%d %B %Y"),
        ("%d. %B %Y", "%d. %B %Y"),
        ("%d-%b-%y", "%d-%b-%y"),
        ("%d/%m/%y", "%d/%m/%y"),
        ("%m-%d-%Y", "%m-%d-%Y"),
        ("%B %d, %Y", "%B %d, %Y"),
        ("%b %d %Y %I:%M %p", "%b %d %Y %I:%M %p"),
        ("%a, %d %b %Y %H:%M:%S GMT", "%a, %d %b %Y %H:%M:%S GMT"),
        ("%a %b %d %Y", "%a %b %d %Y"),
        ("%Y%m%d", "%Y%m%d"),
    ],
)
def test_dates_are_days_since_the_first_however_they_are_written(written, format_):
    days = pd.date_range("2023-12-20", periods=60)
    found = column_of(series([*days.strftime(written), None], "seen"), False)
    assert (found.kind, found.written, found.since, found.missing) == ("dates", format_, "2023-12-20", 1)
    read = as_days(series(days.strftime(written), "seen").to_frame(), {"seen": format_}, {"seen": "2023-12-20"})
    np.testing.assert_allclose(read["seen"], np.arange(60), rtol=1e-12)


def test_days_written_as_whole_numbers_are_days_and_other_whole_numbers_are_not():
    days = series([20231230, 20231231, np.nan, 20240101] * 9)
    found = column_of(days, False)
    assert (found.kind, found.written, found.since, found.missing) == ("dates", "%Y%m%d", "2023-12-30", 9)
    read = as_days(days.to_frame(), {"x": "%Y%m%d"}, {"x": "2023-12-30"})
    np.testing.assert_array_equal(read["x"][:4], [0, 1, np.nan, 2])
    assert kind([20231230, 20231232, 20240101] * 9)[0] == "numbers"  # there is no 32nd
    assert kind([18991231, 19000101, 19000102] * 9)[0] == "numbers"
    assert kind([20231230.5, 20231231, 20240101] * 9)[0] == "numbers"


@pytest.mark.parametrize(
    "cells", [["5'10", "6'01"], ["1 2", "3 4"], ["12 345 6", "1 2345"], ["1/2", "3/4"], ["--", "()"]]
)
def test_marks_that_do_not_stand_before_three_digits_mark_no_thousands(cells):
    assert as_numbers(series(cells).to_frame())["x"].isna().all()


def test_dates_of_a_file_that_knows_dates_are_days_too():
    found = column_of(series(pd.date_range("2024-02-28 06:00", periods=50), "seen"), False)
    assert (found.kind, found.since) == ("dates", "2024-02-28")
    read = as_days(
        series(pd.date_range("2024-02-28 06:00", periods=3), "seen").to_frame(), {"seen": ""}, {"seen": "2024-02-28"}
    )
    assert read["seen"].tolist() == [0.25, 1.25, 2.25]


@pytest.mark.parametrize("value", ["12-34", "1 2 3 4", "route 66", "2024-13-45", "10:30"])
def test_what_looks_a_little_like_a_date_is_a_word(value):
    assert kind([value, "no"] * 40)[0] == "texts"


def test_a_word_that_is_no_date_is_named():
    found = column_of(series([*["2024-01-01", "2024-05-01"] * 20, "soon"], "x"), False)
    assert (found.kind, found.unread) == ("dates", ("soon",))


@given(
    st.lists(st.one_of(st.none(), st.integers(-9, 9), st.floats(-9, 9), st.text("ab1 ."), st.booleans()), min_size=1)
)
def test_no_column_is_too_odd_to_be_sorted_and_made_numbers(values):
    """Whatever is in the cells: it is left out, or it becomes finite numbers."""
    column = pd.Series(values, name="x", dtype=object)
    found = column_of(column, False)
    assert found.kind in ("numbers", "dates", "texts", "left out")
    if found.kind == "left out":
        assert found.why
        return
    frame = column.to_frame()
    seen = before_the_neuron(sorted_columns(frame)).fit_transform(frame)
    assert np.isfinite(seen.to_numpy(dtype=float)).all()


# Kept, and all that is wrong at once ------------------------------------------------------------------------------


def test_what_is_kept_is_learned_from():
    frame = pd.DataFrame({"id": range(N), "name": [f"n{k}" if k % 5 else None for k in range(N)], "one": [1] * N})
    assert sorted_columns(frame.assign(x=np.arange(N) / 3)).learned == ["x"]
    assert sorted_columns(frame, {"id"}).learned == ["id"]
    assert sorted_columns(frame, {"name"}).of_kind("texts") == ["name"]  # it is missing, or not
    with pytest.raises(ComplaintsError) as raised:
        sorted_columns(frame.assign(other=2), {"one", "other"})
    assert lines_of(raised.value) == [
        f"column {name!r} cannot be kept: the same in every row" for name in ("one", "other")
    ]
    with pytest.raises(ValueError, match=r"no column to learn from; left out: id .an index.*--keep NAME"):
        sorted_columns(frame)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([], "is empty"),
        ([1, 1], "only one class, '1'"),
        ([0.5, 1.25, 3], "holds measurements, not classes: 0.5, 1.25, 3"),
        ([np.inf, 1, 2], "holds measurements"),
        (
            np.arange(276).repeat(3),
            "holds 276 different whole numbers, 0 to 275, in 828 rows: measurements .*--keep 'x'",
        ),
        (np.arange(25, 48).repeat(4), "holds 23 different whole numbers, 25 to 47, in 92 rows: .*--keep 'x'"),
        ([f"name {k}" for k in range(40)], "is different in most rows .40 values in 40.*--keep 'x'"),
        (pd.date_range("2024-01-01", periods=20), "holds dates"),
    ],
)
def test_a_target_that_is_no_classes_is_refused_with_the_reason(values, said):
    assert re.search(said, why_no_classes(series(values), False))
    may_be_kept = "--keep" in said
    assert (why_no_classes(series(values), True) == "") == (may_be_kept or "dates" in said)


@pytest.mark.parametrize(
    "values", [[0, 1] * 9, ["a", "b"], [True, False], [1.0, 2.0], np.arange(10).repeat(2), np.arange(23).repeat(10)]
)
def test_classes_are_classes(values):
    assert why_no_classes(series(values), False) == ""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "data.csv"
    rows = [f"{k},{k % 7},{'red' if k % 3 else 'blue'},{k * 37 % 101},{'yes' if k % 2 else 'no'}" for k in range(N)]
    path.write_text("\n".join(["id,length,Colour,price,answer", *rows]))
    return str(path)


def test_all_that_is_wrong_is_said_at_once(file, capsys):
    code = main(
        [file, "--target", "price", "--drop", "lenght,color", "--keep", "ident", "--keep", "id", "--drop", "id"]
    )
    err = capsys.readouterr().err.splitlines()
    assert code == 2
    assert len(err) == 5
    assert err[0] == "sklearn_neuron: --keep: no column 'ident'"
    assert "--drop: no column 'lenght'; did you mean 'length'?" in err[1]
    assert "--drop: no column 'color'; did you mean 'Colour'?" in err[2]
    assert "column 'id' is named by --keep and by --drop" in err[3]
    assert "column 'price' of" in err[4]
    assert "101 different whole numbers, 0 to 100" in err[4]


def test_a_target_that_is_not_there_does_not_hide_the_rest(file, capsys):
    assert main([file, "--target", "Answer", "--drop", "lenght"]) == 2
    err = capsys.readouterr().err
    assert "did you mean 'answer'?" in err
    assert "did you mean 'length'?" in err


def test_the_target_cannot_be_dropped_and_all_columns_cannot_either(file):
    with pytest.raises(ComplaintsError) as raised:
        read_table(file, asked=Asked("answer", dropped=["answer,id,length,Colour,price"]))
    assert lines_of(raised.value)[0] == "--drop: 'answer' is the target"
    assert "has no column to learn from beside 'answer'" in lines_of(raised.value)[1]


def test_what_is_dropped_is_not_learned_from_and_a_kept_target_is(file):
    assert read_table(file, asked=Asked("answer", dropped=["price", "length"])).feature_names == ["Colour"]
    table = read_table(file, asked=Asked("price", kept=["price,id"]))
    assert table.feature_names == ["id", "length", "Colour", "answer"]
    assert len(table.class_names) == 101


def test_a_heading_that_is_lacking_is_noticed(tmp_path):
    path = tmp_path / "iris.data"
    path.write_text("5.1,3.5,1.4,0.2,setosa\n4.9,3.0,1.4,0.2,setosa\n")
    with pytest.raises(ValueError, match="its first line reads like data: put names of the columns above"):
        read_table(str(path), "species")


def test_a_heading_that_stands_further_down_is_noticed_and_cells_that_are_not_cut(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("Results,,\n,,\na,b,y\n1,2,x\n3,4,z\n")
    with pytest.raises(ValueError, match="heading seems to stand further down: delete the lines above it"):
        read_table(str(path), "y")
    path.write_text("a:b:y\n1:2:x\n3:4:z\n")
    with pytest.raises(ValueError, match=r"other signs than .* stand between cells: --separator SIGN"):
        read_table(str(path), "y")


def test_classes_that_differ_in_capitals_only_are_told(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("a,y\n1,Yes\n3,yes\n2,no\n5,yes\n")
    told = ["classes that differ in capitals only are different classes: 'Yes' and 'yes'"]
    assert read_table(str(path), "y").notes == told


def test_all_that_is_made_of_a_file_is_told_a_line_each(tmp_path):
    seen = pd.date_range("2024-01-01", periods=60).strftime("%d/%m/%Y")
    frame = pd.DataFrame(
        {"n": np.arange(60), "x": [*["1", "2"] * 29, "heavy", None], "seen": seen, "c": ["a", "b"] * 30}
    )
    frame.assign(y=[np.inf, *np.arange(59) / 7]).to_csv(tmp_path / "data.csv", index=False, sep=";")
    assert read_table(str(tmp_path / "data.csv"), "c").notes == [
        "read as: semicolons between cells",
        "left out: n (an index, 0 to 59); --keep NAME learns all the same from n",
        "dates, as days since the first: seen (day/month/year, since 2024-01-01)",
        "no numbers or dates, taken for missing: x ('heavy')",
        "infinite or nearly so, taken for missing: y (1)",
        "missing, filled by the median and flagged: x (2 of 60)",
    ]


def test_rows_without_a_class_are_left_out_and_whole_numbers_stay_whole(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("a,b\n1,0\n2,\n3,1\n4,1\n")
    table = read_table(str(path), "b")
    assert table.class_names == ["0", "1"]
    assert list(table.X.index) == [0, 2, 3]
    assert table.notes[0] == "1 of 4 rows left out, for they have no class in 'b'"


@pytest.mark.parametrize("name", ["iris", "breast_cancer"])
def test_options_of_files_are_refused_for_tables(name):
    for asked in (Asked(dropped=["x"]), Asked(kept=["x"])):
        with pytest.raises(ValueError, match="--drop and --keep are for files"):
            read_table(name, asked=asked)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_as_a_file_has_the_same_numbers_under_names(name):
    table, filed = read_table(name), as_file(read_table(name))
    tells = np.ptp(table.X, axis=0) > 0
    np.testing.assert_array_equal(filed.X.to_numpy(), table.X[:, tells])
    assert set(filed.y) == set(table.class_names)
    assert as_file(filed) is filed


def test_what_was_probably_meant():
    assert did_you_mean("zzz", ["iris"]) == ""
    frame = pd.DataFrame({"bil": [1], "x": [2]})
    assert missing_names(["bill"], frame, "new.csv") == ["no column 'bill' in new.csv; did you mean 'bil'?"]


# The steps before the neuron --------------------------------------------------------------------------------------


@pytest.fixture
def mixed(rng):
    """Columns of every kind, a fifth of each missing."""
    frame = pd.DataFrame(
        {
            "word": rng.choice(["a", "b", "c"], N, p=[0.5, 0.3, 0.2]),
            "size": rng.normal(5, 2, N),
            "seen": pd.date_range("2024-01-01", periods=N).strftime("%d.%m.%Y"),
            "sex": rng.choice(["male", "female"], N),
        }
    )
    frame = frame.mask(rng.random(frame.shape) < 0.2)
    frame.loc[:1, "word"] = ["d", "e"]
    frame.loc[3, "size"] = np.inf
    return frame


def test_names_of_features_can_be_read_and_numbers_come_first(mixed):
    before = before_the_neuron(sorted_columns(mixed)).fit(mixed)
    assert list(before.get_feature_names_out()) == [
        *["size", "size is missing", "seen", "seen is missing"],
        *["word = (missing)", "word = a", "word = b", "word = c", "word = (rare)"],
        *["sex = (missing)", "sex = female", "sex = male"],
    ]
    gaps = mixed.isna().sum()
    assert levels_told(before, sorted_columns(mixed)) == [
        f"text, a feature for each level: word (5 levels, {gaps['word']} of {N} missing, 2 rare ones together), "
        f"sex (2 levels, {gaps['sex']} of {N} missing)"
    ]
    assert clone(before).fit(mixed).get_feature_names_out().tolist() == before.get_feature_names_out().tolist()


def test_numbers_are_filled_by_the_median_and_flagged(mixed):
    seen = before_the_neuron(sorted_columns(mixed)).fit_transform(mixed)
    is_missing = mixed["size"].isna() | np.isinf(mixed["size"])
    np.testing.assert_array_equal(seen["size is missing"], is_missing)
    assert (seen.loc[is_missing, "size"] == mixed["size"][~is_missing].median()).all()
    np.testing.assert_array_equal(seen.loc[~is_missing, "size"], mixed["size"][~is_missing])
    assert seen["seen"].max() < N
    np.testing.assert_array_equal(seen["word = (rare)"], mixed["word"].isin(["d", "e"]))


def test_a_table_of_numbers_passes_through(rng):
    frame = pd.DataFrame(rng.normal(size=(50, 3)), columns=["a", "b", "c"])
    pd.testing.assert_frame_equal(before_the_neuron(sorted_columns(frame)).fit_transform(frame), frame)


def test_a_word_that_is_missing_or_not_is_one_feature():
    frame = pd.DataFrame({"x": np.arange(60) / 7, "yes": ["yes", "no"] * 30})
    assert list(before_the_neuron(sorted_columns(frame)).fit(frame).get_feature_names_out()) == ["x", "yes = yes"]


def test_numbers_alone_have_no_levels_to_tell(rng):
    frame = pd.DataFrame(rng.normal(size=(50, 3)), columns=["a", "b", "c"])
    before = before_the_neuron(sorted_columns(frame)).fit(frame)
    assert levels_told(before, sorted_columns(frame)) == unseen_told(before, frame) == unread_told(before, frame) == []


def test_new_rows_are_not_all_like_those_learned_from_and_that_is_named(mixed):
    before = before_the_neuron(sorted_columns(mixed)).fit(mixed)
    new = pd.DataFrame(
        {"word": ["z", "a"], "size": ["1,200", "big"], "seen": ["soon", "02.01.2024"], "sex": ["other", None]}
    )
    assert unread_told(before, new) == [
        "size: 1 of 2 taken for missing: 'big'",
        "seen: 1 of 2 taken for missing: 'soon'",
    ]
    assert unseen_told(before, new) == [
        "word: not seen before: 'z'; it is taken for a rare one",
        "sex: not seen before: 'other'; it is taken for none of those known",
    ]
    with pytest.warns(UserWarning, match="unknown categories"):
        seen = before.transform(new)
    assert seen["size"].tolist()[0] == 1200
    assert seen["size is missing"].tolist() == [0, 1]
    assert seen["word = (rare)"].tolist() == [1, 0]
    assert seen.filter(like="sex").iloc[0].sum() == 0


def test_whole_numbers_are_the_same_word_with_and_without_a_point():
    told = as_text(pd.DataFrame({"x": pd.Series([1, 1.0, "1", " 1 ", np.float64(1), 1.5], dtype=object)}))
    assert told["x"].tolist() == ["1", "1", "1", "1", "1", "1.5"]


def test_levels_need_ever_more_rows_up_to_twenty():
    assert [rows_of_a_level(n) for n in (3, 100, 500, 999, 10**6)] == [2, 2, 10, 19, 20]


def test_text_of_a_large_table_is_made_of_few_features(rng):
    """Of however many levels: those of enough rows, thirty at most, and one for all others."""
    frame = pd.DataFrame({"word": np.char.add("w", np.minimum(rng.geometric(0.02, 20_000), 200).astype(str))})
    names = before_the_neuron(sorted_columns(frame)).fit(frame).get_feature_names_out()
    assert len(names) == 30
    assert names[-1] == "word = (rare)"


# Marks, units and far days ----------------------------------------------------------------------------------------


def taken(cells, written=None, is_sure=False, **others):
    """How a column of text is read, and what is said of that."""
    frame = pd.DataFrame({"x": cells, **others})
    columns = sorted_columns(frame, frame.columns, written, is_sure)
    return as_numbers(frame, columns.commas, columns.units)["x"][:2].tolist(), columns.read_as()


@pytest.mark.parametrize(
    ("cells", "decimal", "numbers", "told"),
    [
        (["1,234", "5,678"], ".", [1234, 5678], ["x: '1,234' taken for 1234; --decimal , says otherwise"]),
        (["1,234", "5,678"], ",", [1.234, 5.678], ["x: '1,234' taken for 1.234; --decimal . says otherwise"]),
        (["90.000", "7"], ".", [90, 7], ["x: '90.000' taken for 90; --decimal , says otherwise"]),
        (["$90.000", "7"], ",", [90000, 7], ["x: '$90.000' taken for 90000; --decimal . says otherwise"]),
        (["1.5", "1.234"], ".", [1.5, 1.234], []),
        (["0.123", "1.234"], ".", [0.123, 1.234], []),
        (["0,123", "1,234"], ".", [0.123, 1.234], ["x with decimal commas"]),
        (["1.5", "1.234"], ",", [1.5, 1.234], ["x with decimal points"]),
        (["1.234.567", "1.234"], ",", [1234567, 1234], []),
        (["1,234.5", "1,234"], ".", [1234.5, 1234], []),
        (["12", "7"], ",", [12, 7], []),
    ],
)
def test_numbers_that_could_be_others_are_told(cells, decimal, numbers, told):
    assert taken(cells * 20, {"decimal": decimal}) == (numbers, told)
    assert taken(cells * 20, {"decimal": decimal}, is_sure=True)[1] == [
        line for line in told if "--decimal" not in line
    ]


def test_thousands_are_not_told_where_another_column_says_which_mark_is_that_of_decimals():
    assert taken(["1,234", "5,678"] * 9, y=["0.5", "1.5"] * 9) == ([1234, 5678], [])
    assert taken(["1.234", "5.678"] * 9, y=["0.5", "1.5"] * 9)[1] == [
        "x: '1.234' taken for 1.234; --decimal , says otherwise"
    ]


@pytest.mark.parametrize(
    ("cells", "number", "unit"),
    [
        (["23.4 °C", "-1.5 °C"], 23.4, "°C"),
        (["3 kg", "4kg"], 3, "kg"),
        (["1,200.5 km/h", "7 km/h"], 1200.5, "km/h"),
        (["5 m²", "6 m²"], 5, "m²"),
        (["5 kg", "6"] * 9 + ["7 kg"] * 180, 5, "kg"),
    ],
)
def test_a_unit_behind_nearly_all_numbers_is_understood_and_told(cells, number, unit):
    numbers, told = taken(cells * 20)
    assert (numbers[0], told) == (number, [f"x in {unit!r}"])
    frame = series(cells * 20).to_frame()
    seen = before_the_neuron(sorted_columns(frame, {"x"})).fit_transform(frame)
    assert seen["x"].tolist()[:1] == [number]


@pytest.mark.parametrize("cells", [["5 kg", "6 g"], ["0.x", "1.x"], ["5 x 3", "4 x 2"], ["(a)", "(b)"]])
def test_what_is_no_unit_of_all_makes_no_numbers(cells):
    assert column_of(series(cells * 20), False).kind == "texts"


def test_truths_are_numbers_however_they_are_spelled():
    found = column_of(series(["TRUE", "false", None] * 20), False)
    assert (found.kind, found.missing) == ("numbers", 20)
    assert as_numbers(series(["TRUE", "false", "True", "unknown"]).to_frame())["x"].tolist()[:3] == [1, 0, 1]
    assert kind(["TRUE", "FALSE", "unknown"] * 20)[0] == "texts"


@pytest.mark.parametrize("cell", ["no info", "1_000", "-", "0x10", "1e5e5"])
def test_what_is_no_number_is_not_read_as_one(cell):
    found = column_of(series([cell, *map(str, range(40, 0, -2))]), False)
    assert (found.unread, found.infinite) == ((cell,), 0)


@pytest.mark.parametrize("cell", ["inf", "-Infinity", "1e400", "-1e308"])
def test_what_is_infinite_or_nearly_so_is_counted(cell):
    found = column_of(series([cell, *map(str, range(40, 0, -2))]), False)
    assert (found.unread, found.infinite) == ((), 1)
    assert as_numbers(series([cell]).to_frame())["x"].isna().all()


DAYS = [
    ("9999-12-31", "ISO8601"),
    ("31.12.9999", "%d.%m.%Y"),
    ("99991231", "%Y%m%d"),
    ("9999-12-31T00:00:00Z", "ISO8601"),
]


@pytest.mark.parametrize(("cell", "written"), DAYS)
def test_days_too_far_for_nanoseconds_are_days(cell, written):
    last = (np.datetime64("9999-12-31") - np.datetime64("2024-01-01")).astype(int)
    near = {"ISO8601": "2024-01-0{}", "%d.%m.%Y": "0{}.01.2024", "%Y%m%d": "2024010{}"}[written]
    cells = [near.format(1), cell, near.format(2)] * 9
    found = column_of(series(cells), False)
    assert (found.kind, found.written, found.since, found.unread) == ("dates", written, "2024-01-01", ())
    assert as_days(series(cells).to_frame(), {"x": written}, {"x": "2024-01-01"})["x"].tolist()[:3] == [0, last, 1]


def test_days_long_ago_are_days_beside_nanoseconds_as_well():
    cells = ["1500-02-03", "2024-01-01T00:00:00.123456789", "1500-02-04T12:00:00+12:00", "none"]
    days = as_days(series(cells).to_frame(), {"x": "ISO8601"}, {"x": "1500-02-03"})["x"]
    far = (np.datetime64("2024-01-01") - np.datetime64("1500-02-03")).astype(int)
    np.testing.assert_allclose(days, [0, far + 0.123456789 / 86400, 1, np.nan], rtol=1e-9)


def test_far_days_of_parquet_are_days(tmp_path):
    pytest.importorskip("pyarrow")
    far = [datetime.date(9999, 12, 31), None, datetime.date(1500, 2, 3), datetime.date(2024, 1, 1)] * 9
    frame = pd.DataFrame({"day": far, "moment": pd.Series(far).where(pd.notna(far), None).astype("datetime64[us]")})
    frame.assign(y=["a", "b"] * 18).to_parquet(tmp_path / "a.parquet")
    table = read_table(str(tmp_path / "a.parquet"), "y")
    assert table.columns.first_days == {"day": "1500-02-03", "moment": "1500-02-03"}
    days = as_days(table.X, table.columns.formats, table.columns.first_days)
    last = (np.datetime64("9999-12-31") - np.datetime64("1500-02-03")).astype(int)
    assert days.iloc[0].tolist() == [last, last]


# Targets and names ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (
            [f"${k / 7:.1f}" for k in range(40)],
            r"holds measurements, not classes: \$0.0, \$0.1, \$0.3, ...; --keep 'x'",
        ),
        ([f"{k} %" for k in range(40)], "holds 40 different whole numbers, 0 to 39, in 40 rows: .*--keep 'x'"),
        ([f"{k / 7:.2f} kg" for k in range(40)], "holds measurements"),
        (["TBD", *(f"{k / 7:.2f}" for k in range(40))], "holds measurements.*and 'TBD'.; --keep 'x'"),
        (["TBD", *map(str, range(40))], "holds 40 different whole numbers, 0 to 39 .and 'TBD'., in 41 rows"),
        ([f"2024-01-0{k % 9 + 1}" for k in range(40)], "holds dates, not classes; --keep 'x'"),
    ],
)
def test_a_target_that_is_measured_is_none_though_it_is_text(cells, said):
    assert re.match(said, why_no_classes(series(cells), False))
    assert why_no_classes(series(cells), True) == ""


@pytest.mark.parametrize(
    ("cells", "labels"),
    [
        (["1", "0", "10", "2"], [0, 1, 2, 10]),
        (["1.0", "2"], [1.0, 2.0]),
        (["True", "false"], [False, True]),
        (["01", "02"], ["01", "02"]),  # codes
        (["1", "x"], ["1", "x"]),
        (["1 %", "2 %"], ["1 %", "2 %"]),
        (["9" * 30, "1" * 30], [float("1" * 30), float("9" * 30)]),
        ([2, 1], [1, 2]),
    ],
)
def test_classes_are_numbers_truths_or_words(cells, labels):
    found = np.unique(classes_of(series(cells * 9)).to_numpy())
    assert found.tolist() == labels
    assert type(found.tolist()[0]) is type(labels[0])
    assert why_no_classes(series(cells * 9), False) == ""


def test_it_is_told_which_words_say_that_there_is_no_class(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a,y\n" + '1,yes\n2,NA\n3,"  "\n4,\n' * 5)
    with pytest.raises(
        ValueError, match=r"only one class, 'yes'.*15 of 20 rows have none .5 say 'NA', 5 are blank, which"
    ):
        read_table(str(path), "y")
    path.write_text("a,y\n" + "1,yes\n2,no\n3,NA\n" * 5)
    told = "5 of 15 rows left out, for they have no class in 'y' (5 say 'NA', which stands for none)"
    assert told in read_table(str(path), "y").notes


def test_classes_that_are_one_number_are_told_and_so_is_a_copy_of_the_target(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a,b c,y\n" + "1.5,u,1\n2,v,1.0\n3,w,z\n2,u,1\n" * 5)
    assert read_table(str(path), "y").notes == [
        "classes that differ in the way a number is written only are different classes: '1' and '1.0'",
        "b c tells the class of every row by itself; if nobody knows that beforehand: --drop 'b c'",
    ]
    path.write_text("a,b,y\n" + "1.5,u,1\n2,v,1\n3,w,z\n2,u,1\n" * 5)
    assert read_table(str(path), "y").notes == []


def test_features_have_different_names_whatever_the_columns_are_called():
    frame = pd.DataFrame({"age": [1, None, 3, 5] * 9, "age is missing": [1, 0, None, 2] * 9})
    frame = frame.assign(color=["red", "blue", "(rare)", "(rare)"] * 9, other=["red", "blue", "blue", None] * 9)
    frame = frame.rename(columns={"other": "color = red"}).assign(more=np.arange(36) / 7)
    frame = frame.rename(columns={"more": "color = blue"})
    names = list(before_the_neuron(sorted_columns(frame)).fit(frame).get_feature_names_out())
    assert len(set(names)) == len(names)
    assert names[:5] == ["age", "'age is missing'", "'color = blue'", "age is missing", "'age is missing' is missing"]
    assert "color = red" in names
    assert "'color = red' = red" in names


def test_words_and_headings_that_scikit_learn_uses_itself_are_others(tmp_path):
    words = ["infrequent_sklearn"] * 30 + ["(rare)"] * 30 + ["(missing)"] * 20 + [f"w{k}" for k in range(20)]
    frame = pd.DataFrame({"a": [1, 2, None, 4] * 25, "missingindicator_a": [3, None, 1, 2] * 25, "c": words})
    frame.assign(y=["u", "v"] * 50).to_csv(tmp_path / "a.csv", index=False)
    table = read_table(str(tmp_path / "a.csv"), "y")
    assert list(before_the_neuron(table.columns).fit(table.X).get_feature_names_out()) == [
        *["a", "missingindicator a", "a is missing", "missingindicator a is missing"],
        *["c = 'infrequent_sklearn'", "c = (missing)", "c = '(rare)'", "c = (rare)"],
    ]


def test_cells_that_are_missing_where_none_was_are_told(mixed):
    frame = mixed.assign(
        sex=["male", "female"] * 100, size=np.arange(N) / 7, word=["a", "b"] * 98 + ["c", "d", "e", "f"]
    )
    before = before_the_neuron(sorted_columns(frame)).fit(frame)
    new = frame[:3].assign(sex=[None, "male", None], size=[None, 1, 2], seen=None, word=[None, "a", "a"])
    assert gaps_told(before, new) == [
        "size: 1 of 3 missing, which none was before; taken for the median",
        "word: 1 of 3 missing, which none was before; taken for a rare word",
        "sex: 2 of 3 missing, which none was before; taken for none of the words known",
    ]
    assert gaps_told(before, frame) == []


def test_only_what_can_be_kept_is_said_to_be(tmp_path, capsys):
    """Every column that is named for --keep is learned with it, and of the others each is refused."""
    names = ["Name", "Ticket", "Study", "Blank", "Row", "Some"]
    rows = [
        [f"n{k}x", f"t{k}x", "PAL", "", str(k), f"s{k}" if k % 9 else "", str(k % 5), "xy"[k % 2]] for k in range(60)
    ]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(map(",".join, [[*names, "a", "y"], *rows])))
    asked = [str(path), "--target", "y", "--steps", "1", "--no-compare"]
    assert main(asked) == 0
    (line,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith("left out: "))
    assert line.endswith("; --keep NAME learns all the same from Row, Some")
    assert main([*asked, "--keep", "Row,Some"]) == 0
    assert "--keep NAME" not in capsys.readouterr().out
    for name in names[:4]:
        assert main([*asked, "--keep", name]) == 2
        assert f"column {name!r} cannot be kept" in capsys.readouterr().err
