"""A model is learned from a messy file, kept, asked and explained; what cannot be is told before it learns."""

import bz2
import gzip
import lzma
import os
import re
import shlex
import signal
import subprocess
import sys
import time
import tomllib
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

import sklearn_neuron
from sklearn_neuron import SigmoidNeuronClassifier, SigmoidNeuronClassifierCV, explain
from sklearn_neuron.__main__ import main
from sklearn_neuron.__main__ import run as entry
from sklearn_neuron.command import comparison, fit
from sklearn_neuron.command.keeping import TRUSTED, load, save
from sklearn_neuron.command.places import OURS

pd = pytest.importorskip("pandas")
io = pytest.importorskip("skops.io")

ROOT = Path(__file__).parents[1]
N = 400


def messy(rng, n=N):
    """Penguins as somebody wrote them down: words, dates, thousands, an index; a fifth of all cells is missing."""
    species = rng.integers(0, 3, n)
    frame = pd.DataFrame(
        {
            "island": np.array(["Torgersen", "Biscoe", "Dream"])[np.where(rng.random(n) < 0.8, species, 0)],
            "bill": (np.array([38, 47, 49])[species] + rng.normal(0, 2, n)).round(1),
            "mass": [f"{mass:,.0f}" for mass in np.array([3700, 5080, 3730])[species] + rng.normal(0, 400, n)],
            "seen": (pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 300, n), "D")).strftime("%d.%m.%Y"),
            "sex": rng.choice(["male", "female"], n),
        }
    )
    frame = frame.mask(rng.random(frame.shape) < 0.2)
    frame.insert(0, "number", np.arange(n))
    frame.insert(1, "tag", [f"N{k * 7919 % 104729}" for k in range(n)])
    return frame.assign(study="PAL", species=np.array(["Adelie", "Gentoo", "Chinstrap"])[species])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder in which a model has been learned from a messy file."""
    folder = tmp_path_factory.mktemp("penguins")
    frame = messy(np.random.default_rng(0))
    frame.to_csv(folder / "penguins.csv", index=False, sep=";")
    frame[:12].drop(columns=["species", "study", "number"]).to_csv(folder / "new.csv", index=False)
    path = str(folder / "penguins.skops")
    assert main([str(folder / "penguins.csv"), "--target", "species", "--save", path, "--no-compare"]) == 0
    return folder


@pytest.fixture
def run(capsys):
    """Run the command line; what it printed, and what it said aside."""

    def run(*arguments, code=0):
        assert main([str(argument) for argument in arguments]) == code
        return capsys.readouterr()

    return run


def told(text):
    return pd.read_csv(pytest.importorskip("io").StringIO(text), dtype=str, keep_default_na=False)


# Two commands -----------------------------------------------------------------------------------------------------


def test_the_two_commands_of_the_readme_learn_keep_draw_and_use(folder, tmp_path, monkeypatch, capsys):
    pytest.importorskip("matplotlib")
    readme = (ROOT / "README.md").read_text(encoding="utf8")
    first, second = (shlex.split(line) for line in readme.splitlines() if line.startswith("sklearn-neuron "))
    monkeypatch.chdir(tmp_path)
    for name in ("penguins.csv", "new.csv"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of fonts
        assert main(first[1:]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "kept: penguins.skops" in out
    assert (
        "left out: number (an index, 0 to 399), tag (text, different in every row), study (the same in every row)"
        in out
    )
    page = (tmp_path / "pages" / "index.html").read_text(encoding="utf8")
    assert "island = Dream" in page
    assert "bill is missing" in page
    assert main(second[1:]) == 0
    assert capsys.readouterr() == ("", "")
    beside = pd.read_csv(tmp_path / "told.csv")
    beliefs = beside.filter(regex=r"^P\(").to_numpy()
    np.testing.assert_allclose(beliefs.sum(axis=1), 1, atol=1e-5)  # six digits of each
    truth = pd.read_csv("penguins.csv", sep=";")["species"][:12]
    assert (beside["predicted"] == truth).mean() > 0.7
    named = beside.columns[-3:].str.removeprefix("P(").str.removesuffix(")")
    assert (beside["predicted"] == named[beliefs.argmax(axis=1)]).all()


@pytest.mark.skipif(os.name != "posix", reason="commands of a shell")
def test_new_rows_as_the_readme_takes_them(folder, tmp_path, run):
    (line,) = (line for line in (ROOT / "README.md").read_text(encoding="utf8").splitlines() if line.startswith("awk "))
    (tmp_path / "penguins.csv").write_bytes((folder / "penguins.csv").read_bytes())
    subprocess.run(["bash", "-c", line], check=True, cwd=tmp_path, timeout=60)
    beside = told(run("predict", folder / "penguins.skops", tmp_path / "new.csv").out)
    assert beside["number"].tolist() == [str(k) for k in range(39, N, 40)]


# Keeping ----------------------------------------------------------------------------------------------------------


def test_a_kept_model_is_a_pipeline_that_anybody_can_load_and_ask(folder):
    pipeline = io.load(folder / "penguins.skops", trusted=TRUSTED)
    assert isinstance(pipeline, Pipeline)
    assert list(pipeline.classes_) == ["Adelie", "Chinstrap", "Gentoo"]
    frame = pd.read_csv(folder / "penguins.csv", sep=";")
    assert pipeline.score(frame, frame["species"]) > 0.9
    assert "mass is missing" in list(pipeline[:-1].get_feature_names_out())
    assert (folder / "penguins.skops").stat().st_size < 100_000


def test_what_it_learned_is_kept_to_the_last_bit_and_how_it_learned_is_not(folder, run, tmp_path):
    path = tmp_path / "plants.skops"
    run("plants", "--save", path)
    neuron = load(str(path))[-1]
    X, toxic = sklearn_neuron.datasets.make_toxic_plants(random_state=0, return_X_y=True)
    kinds = np.where(toxic, "toxic", "non-toxic")
    rows, _ = sklearn_neuron.command.examples.train_test_split(np.arange(200), stratify=toxic, random_state=0)
    np.testing.assert_array_equal(neuron.coef_, SigmoidNeuronClassifier().fit(X[rows], kinds[rows]).coef_)
    assert not hasattr(neuron, "history_")
    assert neuron.verbose == 0


def test_nothing_is_loaded_that_is_not_named(tmp_path, run, folder):
    class Alien(SimpleImputer):
        pass

    for name, model, said in [
        (
            "pipeline",
            make_pipeline(Alien(), SigmoidNeuronClassifier()),
            "holds what is not trusted, and was not loaded: .*Alien",
        ),
        ("other", LogisticRegression(), "is no model of --save: it holds a LogisticRegression"),
        ("scaler", make_pipeline(StandardScaler()), "is no model of --save: it holds a Pipeline"),
    ]:
        io.dump(model, tmp_path / f"{name}.skops")
        with pytest.raises(ValueError, match=said):
            load(str(tmp_path / f"{name}.skops"))
    (tmp_path / "empty.skops").write_text("")
    assert "empty.skops is no model of --save: it is empty" in run("predict", tmp_path / "empty.skops", "-", code=2).err
    (tmp_path / "text.skops").write_text("hello")
    assert "is no model of --save: File is not a zip file" in run("predict", tmp_path / "text.skops", "-", code=2).err


def test_a_pipeline_of_somebody_else_is_asked_if_it_can_be(tmp_path, run, folder):
    frame = pd.read_csv(folder / "penguins.csv", sep=";")[["bill", "number"]].fillna(0)
    frame.to_csv(tmp_path / "rows.csv", index=False)
    asked = make_pipeline(StandardScaler(), SigmoidNeuronClassifier())
    said = {"unfitted": "holds a pipeline that has not learned", "nameless": "from columns without names"}
    for name in ("unfitted", "nameless", "good"):
        X = frame if name == "good" else frame.to_numpy()
        save(asked if name == "unfitted" else asked.fit(X, frame["number"] > 200), tmp_path / f"{name}.skops")
        for verb in ("predict", "explain"):
            err = run(verb, tmp_path / f"{name}.skops", tmp_path / "rows.csv", code=2 if name in said else 0).err
            assert said.get(name, "") in err
            assert err.count("\n") == (name in said)
    assert told(run("predict", tmp_path / "good.skops", tmp_path / "rows.csv").out)["predicted"].iloc[-1] == "True"


def test_a_named_table_is_kept_under_the_names_of_its_columns_and_classes(run, tmp_path):
    path, rows = tmp_path / "iris.skops", tmp_path / "rows.csv"
    run("iris", "--save", path, "--no-compare")
    iris = load_iris(as_frame=True)
    iris.data.sample(20, random_state=0).to_csv(rows, index=False)
    beside = told(run("predict", path, rows).out)
    assert list(beside.columns[-3:]) == ["P(setosa)", "P(versicolor)", "P(virginica)"]
    assert set(beside["predicted"]) == set(iris.target_names)


# Asking -----------------------------------------------------------------------------------------------------------


def test_rows_come_out_as_they_came_in_with_answers_beside(folder, run):
    out, err = run("predict", folder / "penguins.skops", folder / "new.csv")
    came, beside = told((folder / "new.csv").read_text()), told(out)
    pd.testing.assert_frame_equal(beside[came.columns], came)
    assert list(beside.columns[-4:]) == ["predicted", "P(Adelie)", "P(Chinstrap)", "P(Gentoo)"]
    assert err == ""
    pipeline = load(str(folder / "penguins.skops"))
    expected = pipeline.predict_proba(pd.read_csv(folder / "new.csv"))
    np.testing.assert_allclose(beside.iloc[:, -3:].astype(float), expected, rtol=1e-5)  # six digits


ODD_CELLS = [
    "00003",
    "NA",
    "1.10",
    "9007199254740993",
    "1e400",
    "3,25",
    "-0",
    ' x "y", z',
    "a\r\nb",
    "",
    "True",
    "1,200",
]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_cells_come_out_letter_by_letter(folder, run, tmp_path, separator, encoding):
    rows = pd.read_csv(folder / "new.csv", dtype=str, keep_default_na=False)
    rows["odd"], rows["like a number"] = ODD_CELLS, [f"{k}.50" for k in range(12)]
    rows[" née"] = [f"0{k} " for k in range(12)]
    text = rows.to_csv(index=False, sep=separator)
    (tmp_path / "rows.csv").write_bytes(text.encode(encoding))
    run("predict", folder / "penguins.skops", tmp_path / "rows.csv", "--out", tmp_path / "out.csv")
    beside = told((tmp_path / "out.csv").read_bytes().decode())
    pd.testing.assert_frame_equal(beside[rows.columns], told(rows.to_csv(index=False)))


def test_a_heading_and_empty_lines_and_remarks_do_not_move_a_row(folder, run, tmp_path):
    heading, *rows = (folder / "new.csv").read_text().splitlines()
    (tmp_path / "rows.csv").write_text("\n".join(["# of 2024", f"{heading},a,a,", rows[0] + ",1,02,x", "", rows[1]]))
    out, _ = run("predict", folder / "penguins.skops", tmp_path / "rows.csv")
    names, first, second = out.splitlines()
    assert names.startswith(f"{heading},a,a,,predicted,")
    assert first.startswith(f"{rows[0]},1,02,x,")
    assert second.startswith(f"{rows[1]},,,,")


def test_blanks_before_a_quote_are_not_a_cell_of_their_own(folder, run, tmp_path):
    rows = [f'{row}, "a, b"' for row in (folder / "new.csv").read_text().splitlines()]
    (tmp_path / "rows.csv").write_text("\n".join([rows[0].replace("a, b", "n"), *rows[1:]]))
    assert set(told(run("predict", folder / "penguins.skops", tmp_path / "rows.csv").out)["n"]) == {"a, b"}


def test_parquet_comes_out_as_text_would_hold_it(folder, run, tmp_path):
    pytest.importorskip("pyarrow")
    big = pd.array([9007199254740993, *[None] * 11], dtype="Int64")
    rows = pd.read_csv(folder / "new.csv").assign(n=big, w=["a\rb", "NA", *["00"] * 10])
    rows.to_parquet(tmp_path / "rows.parquet")
    beside = told(run("predict", folder / "penguins.skops", tmp_path / "rows.parquet").out)
    assert beside["n"].tolist() == ["9007199254740993", *[""] * 11]
    assert beside["w"].tolist() == ["a\rb", "NA", *["00"] * 10]


def test_separators_behind_a_row_and_ends_of_lines_of_old_macs_move_nothing(folder, run, tmp_path):
    heading, *rows = (folder / "new.csv").read_text().splitlines()
    rows[1] = "," + rows[1].partition(",")[2]  # its first cell is empty
    (tmp_path / "rows.csv").write_text("\n".join([heading, *rows]))
    expected = run("predict", folder / "penguins.skops", tmp_path / "rows.csv")
    for name, text in {
        "padded.csv": "\n".join([heading, *(f"{row}," for row in rows)]),
        "macs.csv": "\r".join([heading, rows[0], "", *rows[1:]]),
        "windows.csv": "\r\n".join([heading, "", *rows, ""]),
    }.items():
        (tmp_path / name).write_bytes(text.encode())
        assert run("predict", folder / "penguins.skops", tmp_path / name) == expected


def test_a_model_of_utf_16_reads_other_texts(run, tmp_path):
    rows = [f"{k * 37 % 101},{'ab'[k % 2]}" for k in range(60)]
    (tmp_path / "a.csv").write_bytes("\n".join(["n,y", *rows]).encode("utf-16"))
    run(tmp_path / "a.csv", "--target", "y", "--save", tmp_path / "a.skops", "--no-compare", "--keep", "n")
    expected = told(run("predict", tmp_path / "a.skops", tmp_path / "a.csv").out)["P(a)"].tolist()
    for row, text in enumerate(rows[:4]):
        for more in ("", "\n"):
            (tmp_path / "one.csv").write_text(f"n,y\n{text}{more}")
            assert told(run("predict", tmp_path / "a.skops", tmp_path / "one.csv").out)["P(a)"][0] == expected[row]


def test_an_index_named_as_a_column_and_bytes_come_out_as_they_are_read(folder, run, tmp_path):
    pytest.importorskip("pyarrow")
    rows = pd.read_csv(folder / "new.csv")
    rows = rows.set_axis(pd.Index([f"r{k}" for k in range(12)], name=rows.columns[0]))
    rows.assign(raw=[b"x"] * 12).to_parquet(tmp_path / "rows.parquet")
    out = run("predict", folder / "penguins.skops", tmp_path / "rows.parquet").out
    assert told(out)["raw"].tolist() == ["x"] * 12


def test_names_stay_apart(folder, run, tmp_path):
    pd.read_csv(folder / "new.csv").assign(predicted="me").to_csv(tmp_path / "rows.csv", index=False)
    out, _ = run("predict", folder / "penguins.skops", tmp_path / "rows.csv")
    assert "predicted (2)" in out.splitlines()[0]
    assert told(out)["predicted"][0] == "me"


def test_what_is_new_in_new_rows_is_named_aside(folder, run, tmp_path):
    rows = pd.read_csv(folder / "new.csv")
    rows.loc[0, "island"], rows["mass"] = "Anvers", "heavy"
    rows.to_csv(tmp_path / "rows.csv", index=False)
    out, err = run("predict", folder / "penguins.skops", tmp_path / "rows.csv")
    assert len(told(out)) == 12
    assert "note: island: not seen before: 'Anvers'; it is taken for none of those known\n" in err
    assert "note: mass: 12 of 12 taken for missing: 'heavy'\n" in err


def test_columns_that_are_missing_are_all_named(folder, run, tmp_path):
    pd.read_csv(folder / "new.csv").rename(columns={"island": "isle", "sex": "x"}).to_csv(
        tmp_path / "a.csv", index=False
    )
    err = run("predict", folder / "penguins.skops", tmp_path / "a.csv", code=2).err.splitlines()
    assert re.fullmatch("sklearn_neuron: no column 'island' in .*a.csv; did you mean 'isle'.", err[0])
    assert "no column 'sex'" in err[1]
    assert len(err) == 2


def test_a_heading_alone_is_told(folder, run, tmp_path):
    (tmp_path / "a.csv").write_text((folder / "new.csv").read_text().splitlines()[0] + "\n")
    assert "has a heading but no rows" in run("predict", folder / "penguins.skops", tmp_path / "a.csv", code=2).err


def test_a_file_that_cannot_be_written_is_told(folder, run, tmp_path, monkeypatch):
    def refuse(*given, **options):
        raise OSError(28, "No space left on device")

    (tmp_path / "told.csv").write_text("before")
    monkeypatch.setattr(os, "fsync", refuse)
    asked = ["predict", folder / "penguins.skops", folder / "new.csv", "--out", tmp_path / "told.csv"]
    assert run(*asked, code=2).err == f"sklearn_neuron: {tmp_path / 'told.csv'}: No space left on device\n"
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("told.csv", "before")]
    with pytest.raises(ValueError, match=r"cannot write to .*No space left"):
        save(load(str(folder / "penguins.skops")), tmp_path / "a.skops")


# Each row by itself -----------------------------------------------------------------------------------------------

SIGNS = [(",", "."), (";", ","), (";", "."), ("\t", ","), ("|", ".")]


def untidy(rng, decimal, n=60):
    """Columns that look otherwise in every few rows of them: codes, truths, days, amounts; as text."""

    def number(digits, scale):
        thousands = {",": ".", ".": ","}[decimal]
        return [f"{x:,.{digits}f}".translate({44: thousands, 46: decimal}) for x in rng.random(n) * scale]

    days = ["9999-12-31", "1500-02-03", *pd.date_range("2024-01-01", periods=9).strftime("%Y-%m-%d")]
    frame = pd.DataFrame(
        {
            "code": rng.choice(["01", "02", "1", "1.0", "A1"], n),
            "zip": rng.choice(["01067", "10115", "80331"], n),
            "flag": rng.choice(["TRUE", "FALSE", "unknown"], n),
            "truth": rng.choice(["true", "False"], n),
            "day": rng.choice(days, n),
            "whole": rng.choice(["20240101", "20240209", "99991231"], n),
            "amount": number(2, 5000),
            "thousands": number(3, 9),
            "temperature": [f"{x} °C" for x in number(1, 30)],
            "count": rng.choice(["1", "2", "3", "many"], n, p=[0.4, 0.3, 0.25, 0.05]),
            "café": rng.choice(["weiß", "rouge, foncé", "NaN?", "no info", "inf"], n),
        }
    )
    return frame.mask(rng.random(frame.shape) < 0.05, rng.choice(["", "NA", "?", "  "]))


@pytest.mark.parametrize("seed", range(10))
def test_what_is_said_of_a_row_depends_on_no_other(run, tmp_path, seed):
    """Alone, in any order and beside any other rows: the same probabilities, to the last digit that is printed."""
    rng = np.random.default_rng(seed)
    separator, decimal = SIGNS[seed % len(SIGNS)]
    form = {"index": False, "sep": separator, "encoding": ["utf-8", "cp1252", "utf-16"][seed % 3]}
    frame = untidy(rng, decimal)
    frame.assign(y=rng.choice(["a", "b"], len(frame))).to_csv(tmp_path / "all.csv", **form)
    run(tmp_path / "all.csv", "--target", "y", "--save", tmp_path / "a.skops", "--no-compare")

    def beliefs(rows):
        rows.to_csv(tmp_path / "some.csv", **form)
        return told(run("predict", tmp_path / "a.skops", tmp_path / "some.csv").out)["P(a)"].tolist()

    whole = np.array(beliefs(frame))
    assert len(set(whole)) > 20
    order = rng.permutation(len(frame))
    assert beliefs(frame.iloc[order]) == whole[order].tolist()
    some = rng.choice(len(frame), 7)
    assert beliefs(frame.iloc[some]) == whole[some].tolist()
    assert [beliefs(frame.iloc[[row]])[0] for row in range(5)] == whole[:5].tolist()


def test_the_decimal_mark_is_kept_and_an_option_says_otherwise(run, tmp_path):
    prices = np.random.default_rng(0).random(80) * 4000
    cells = [f"{x:,.2f}".translate({44: ".", 46: ","}) for x in prices]
    rows = [f"{cell};{'high' if x > 2000 else 'low'}" for cell, x in zip(cells, prices, strict=True)]
    (tmp_path / "a.csv").write_text("\n".join(["price;y", *rows]))
    run(tmp_path / "a.csv", "--target", "y", "--save", tmp_path / "a.skops", "--no-compare")
    (tmp_path / "new.csv").write_text("price\n1.234\n4.900\n600\n")
    asked = ["predict", tmp_path / "a.skops", tmp_path / "new.csv"]
    assert told(run(*asked).out)["predicted"].tolist() == ["low", "high", "low"]
    assert told(run(*asked, "--decimal", ".").out)["predicted"].tolist() == ["low"] * 3
    assert told(run(*asked, "--decimal", ",").out)["predicted"].tolist() == ["low", "high", "low"]
    (tmp_path / "new.csv").write_text("price\n1,5\n2500,25\n")  # semicolons are kept too: commas cut nothing
    assert told(run(*asked).out.replace(",", "|", 0).replace('"1,5"', "1").replace('"2500,25"', "2"))[
        "predicted"
    ].tolist() == ["low", "high"]
    (tmp_path / "new.csv").write_text("price;x\n1.5;1\n1000;2\n")
    assert "price: 1 of 2 taken for missing: '1.5'; --decimal . reads numbers" in run(*asked).err


def test_the_encoding_is_kept(run, tmp_path):
    rows = [f"{k};{'да' if k % 3 else 'нет'};{'ab'[k % 2]}" for k in range(60)]
    (tmp_path / "a.csv").write_bytes("\n".join(["n;слово;y", *rows]).encode("cp1251"))
    learning = [tmp_path / "a.csv", "--target", "y", "--encoding", "cp1251", "--keep", "n", "--no-compare"]
    run(*learning, "--save", tmp_path / "a.skops")
    out, err = run("predict", tmp_path / "a.skops", tmp_path / "a.csv")
    assert err == ""
    assert told(out)["слово"].tolist()[:2] == ["нет", "да"]


def test_a_gap_where_none_was_is_told_and_a_truth_is_explained(run, tmp_path):
    rows = [f"{k * 37 % 101},{'uv'[k % 2]},{'TRUE' if k % 3 else 'FALSE'}" for k in range(60)]
    (tmp_path / "a.csv").write_text("\n".join(["n,c,y", *rows]))
    run(tmp_path / "a.csv", "--target", "y", "--save", tmp_path / "a.skops", "--no-compare")
    (tmp_path / "new.csv").write_text("n,c\n,u\n3,\n")
    assert run("predict", tmp_path / "a.skops", tmp_path / "new.csv").err.splitlines() == [
        "sklearn_neuron: note: n: 1 of 2 missing, which none was before; taken for the median",
        "sklearn_neuron: note: c: 1 of 2 missing, which none was before; taken for none of the words known",
    ]
    for text, row in [("FALSE", 1), ("TRUE", 2)]:
        out = run("explain", tmp_path / "a.skops", tmp_path / "a.csv", row, "--target", "y").out
        assert f"-log P(class {text.capitalize()} | x)" in out


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes that have names")
def test_a_model_may_come_out_of_a_pipe_and_a_folder_is_none(folder, run, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with subprocess.Popen(["sh", "-c", f"cat {shlex.quote(str(folder / 'penguins.skops'))} > {tmp_path / 'pipe'}"]):
        assert len(load(str(tmp_path / "pipe")).classes_) == 3
    with pytest.raises(ValueError, match="is a folder; name a file"):
        load(str(tmp_path))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is always full")
@pytest.mark.parametrize(
    "arguments", ["predict MODEL NEW > /dev/full", "predict MODEL NEW --out /dev/full", "iris > /dev/full"]
)
def test_a_full_disk_is_named(folder, arguments):
    named = arguments.replace("MODEL", str(folder / "penguins.skops")).replace("NEW", str(folder / "new.csv"))
    command = f"{shlex.quote(sys.executable)} -m sklearn_neuron {named}"
    ran = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    where = "/dev/full" if "--out" in arguments else "standard output"
    assert (ran.returncode, ran.stderr) == (2, f"sklearn_neuron: {where}: No space left on device\n")


def test_standard_output_has_a_name_too_and_must_be_there(folder, run, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    asked = ["predict", folder / "penguins.skops", folder / "new.csv"]
    assert run(*asked, "--out", "-").out == run(*asked).out
    assert not list(tmp_path.iterdir())
    assert "standard output is not" in run("iris", "--save", "-", code=2).err
    monkeypatch.setattr(sys, "stdout", None)
    assert main([str(one) for one in asked]) == 2
    assert main(["explain", *map(str, asked[1:])]) == 2


def test_answers_are_packed_as_their_name_says(folder, run, tmp_path):
    asked = ["predict", folder / "penguins.skops", folder / "new.csv"]
    expected = run(*asked).out
    for name, unpack in (("a.csv.gz", gzip), ("a.bz2", bz2), ("a.xz", lzma)):
        run(*asked, "--out", tmp_path / name)
        assert unpack.decompress((tmp_path / name).read_bytes()).decode() == expected
    assert "what is written is CSV; name it so: a.csv" in run(*asked, "--out", tmp_path / "a.parquet", code=2).err


# What is there already --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["itself", "link", "hard link", "./"])
def test_what_is_read_is_not_replaced(folder, run, tmp_path, monkeypatch, way):
    monkeypatch.chdir(tmp_path)
    for name in ("penguins.csv", "new.csv", "penguins.skops"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def to(name):
        if way == "link":
            (tmp_path / f"to-{name}").symlink_to(name)
        elif way == "hard link":
            os.link(tmp_path / name, tmp_path / f"to-{name}")
        return {"itself": name, "./": f"../{tmp_path.name}/{name}"}.get(way, f"to-{name}")

    said = run("penguins.csv", "--target", "species", "--save", to("penguins.csv"), code=2)
    assert "is what is learned from, and would be replaced by the model" in said.err
    assert said.out == ""
    asked = ["predict", "penguins.skops", "new.csv", "--out"]
    assert "holds the rows that are asked about" in run(*asked, to("new.csv"), code=2).err
    assert "is a model, and would be replaced" in run(*asked, to("penguins.skops"), code=2).err
    assert {name: (tmp_path / name).read_bytes() for name in before} == before


@pytest.mark.skipif(os.name != "posix", reason="redirections of a shell")
def test_what_standard_input_reads_is_not_replaced(folder, tmp_path):
    rows = tmp_path / "new.csv"
    rows.write_bytes((folder / "new.csv").read_bytes())
    command = [sys.executable, "-m", "sklearn_neuron", "predict", folder / "penguins.skops", "-", "--out", rows]
    with rows.open() as there:
        ran = subprocess.run(command, stdin=there, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 2
    assert "holds the rows that are asked about" in ran.stderr
    assert rows.read_bytes() == (folder / "new.csv").read_bytes()


def test_only_a_model_is_replaced_by_a_model(run, tmp_path):
    notes = tmp_path / "notes.txt"
    notes.write_text("dear diary")
    said = run("iris", "--save", notes, code=2)
    assert said.out == ""
    assert "notes.txt' is there and is no model; it would be replaced" in said.err
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as photos:
        photos.writestr("a.png", "")
    assert "is no model" in run("iris", "--save", tmp_path / "photos.zip", code=2).err
    assert notes.read_text() == "dear diary"
    notes.write_text("")  # as mktemp makes it
    for _ in range(2):
        run("iris", "--save", notes, "--no-compare", "--steps", 1)
        assert load(str(notes)).n_features_in_ == 4


def test_no_page_but_ours_is_replaced(run, tmp_path):
    pytest.importorskip("matplotlib")
    page = tmp_path / "index.html"
    page.write_text("<title>My site</title>")
    said = run("iris", "--report", tmp_path, code=2)
    assert said.out == ""
    assert f"{str(page)!r} is there and is no page of --report; it would be replaced" in said.err
    assert page.read_text() == "<title>My site</title>"
    page.unlink()
    for _ in range(2):
        run("--steps", 1, "--report", tmp_path, "--no-compare")
        assert OURS in page.read_text(encoding="utf8")
    at_once = run("iris", "--report", tmp_path / "new", "--save", tmp_path / "new" / "index.html", code=2).err
    assert "is where the page is written" in at_once


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("where", ["sklearn_neuron.report._shown", "os.fsync"])
def test_a_page_that_is_not_written_leaves_no_folder(run, tmp_path, monkeypatch, error, where):
    pytest.importorskip("matplotlib")

    def fail(*given):
        raise error

    monkeypatch.setattr(where, fail)
    code = 130 if isinstance(error, KeyboardInterrupt) else 2
    run("--steps", 1, "--report", tmp_path / "a" / "b", "--no-compare", code=code)
    assert not list(tmp_path.iterdir())


# Explaining -------------------------------------------------------------------------------------------------------


def test_a_row_is_explained_later_as_explain_does(folder, run):
    frame = pd.read_csv(folder / "new.csv")
    *expected, seen = str(explain(load(str(folder / "penguins.skops")), frame.iloc[[2]])).splitlines()
    out, err = run("explain", folder / "penguins.skops", folder / "new.csv", 3)
    assert (out.splitlines()[:-1], err) == (expected, "")
    assert seen.endswith("after ColumnTransformer.")
    assert out.endswith(
        "\nValues are those that the neuron sees: dates are days since the first, words are 1 where the row has them "
        "and 0 where not, missing numbers are the median.\n"
    )
    learning = run(folder / "penguins.csv", "--target", "species", "--no-compare", "--explain", 3).out
    assert "\nValues are those that the neuron sees: dates are days" in learning
    assert run("explain", folder / "penguins.skops", folder / "new.csv").out != out
    with_truth = run("explain", folder / "penguins.skops", folder / "penguins.csv", 3, "--target", "species").out
    assert "Loss: -log P(" in with_truth
    behind = ["explain", folder / "penguins.skops", folder / "penguins.csv", "--target", "species", 3]
    assert run(*behind).out == with_truth
    assert "unrecognized arguments: 4" in run(*behind, 4, code=2).err
    assert "no row 13 in" in run("explain", folder / "penguins.skops", folder / "new.csv", 13, code=2).err
    wrong = run("explain", folder / "penguins.skops", folder / "penguins.csv", "--target", "specie", code=2).err
    assert "no column 'specie' in " in wrong
    assert "did you mean 'species'?" in wrong


def test_a_truth_that_is_no_class_is_told(folder, run):
    said = run("explain", folder / "penguins.skops", folder / "penguins.csv", "--target", "study", code=2).err
    assert "'PAL'" in said


def test_a_row_is_explained_where_it_is_learned(folder, run):
    out = run(folder / "penguins.csv", "--target", "species", "--explain", 3, "--no-compare").out
    assert "\nrow 3:\nThe neuron of " in out
    assert re.search(r"^(island = |bill|mass|seen|sex)", out.partition("row 3:")[2], re.M)
    assert "row 150:" in run("iris", "--explain", 150, "--no-compare").out
    assert "--explain 151: no such row to learn from, there are 150" in run("iris", "--explain", 151, code=2).err


def test_a_row_without_a_class_is_not_explained(run, tmp_path):
    (tmp_path / "a.csv").write_text("a,b\n1,x\n2,\n3,y\n4,x\n")
    said = run(tmp_path / "a.csv", "--target", "b", "--explain", 2, code=2).err
    assert "--explain 2: no such row to learn from, it has no class" in said
    assert "row 4:" in run(tmp_path / "a.csv", "--target", "b", "--explain", 4).out


def test_of_numbers_as_they_stand_there_nothing_more_is_said(run, tmp_path):
    run("iris", "--save", tmp_path / "a.skops", "--no-compare")
    load_iris(as_frame=True).data[:2].to_csv(tmp_path / "a.csv", index=False)
    assert "Values are" not in run("explain", tmp_path / "a.skops", tmp_path / "a.csv").out


# Learning ---------------------------------------------------------------------------------------------------------


def test_c_is_chosen_by_cross_validation(run):
    out = run("breast_cancer", "--C", "auto", "--no-compare").out
    X, y = load_breast_cancer(return_X_y=True)
    rows, _ = sklearn_neuron.command.examples.train_test_split(np.arange(len(y)), stratify=y, random_state=0)
    chosen = SigmoidNeuronClassifierCV().fit(X[rows], y[rows])
    assert f"C = {chosen.C_:.4g}, chosen by the log-loss of rows held out in 5 folds" in out
    assert f"{chosen.coef_[0][np.argmax(np.abs(chosen.coef_[0]) * X[rows].std(axis=0))]:+.5g}" in out
    assert "--learning-rate is for one C" in run("--C", "auto", "--learning-rate", 1, code=2).err


def rows_of(counts):
    """A table with so many rows of some classes."""
    classes = [name for name, count in counts.items() for _ in range(count)]
    return "a,kind\n" + "".join(f"{(7 * k) % 11},{name}\n" for k, name in enumerate(classes))


def test_in_fewer_folds_where_a_class_is_rare_and_in_none_where_it_cannot_be(run, tmp_path):
    asked = [tmp_path / "a.csv", "--target", "kind", "--C", "auto", "--no-compare"]
    (tmp_path / "a.csv").write_text(rows_of({"often": 40, "seldom": 4}))
    assert "rows held out in 3 folds" in run(*asked).out  # of 4 one is tested
    (tmp_path / "a.csv").write_text(rows_of({"often": 40, "once": 1}))
    out, err = run(*asked, code=2)
    assert out == ""
    assert "--C auto needs 2 rows to learn from of every class" in err
    assert "of class 'once' there is 1: give --C a number, or leave out that class" in err


def test_all_rows_are_learned_where_none_shall_be_held_out_and_the_kept_model_says_what_it_knows(run, tmp_path):
    path = tmp_path / "it's.skops"
    out = run("iris", "--save", path, "--no-compare").out
    assert f"kept: {path}; ask it: sklearn-neuron predict {shlex.quote(str(path))} NEW.csv\n" in out
    assert "(it has not learned from the 38 rows held out; to learn from all: --held-out 0)" in out
    out = run("iris", "--save", path, "--no-compare", "--held-out", 0).out
    assert out.startswith("iris: 150 rows to learn from, none held out;")
    assert "--held-out" not in out
    assert "accuracy on the rows learned from" in out


def test_a_name_of_two_lines_is_told_in_one(run, tmp_path, monkeypatch):
    pytest.importorskip("matplotlib")
    monkeypatch.chdir(tmp_path)
    out = run("plants", "--steps", 1, "--no-compare", "--save", "a\nb.skops", "--report", "c\nd").out
    assert "kept: a b.skops; ask it: sklearn-neuron predict $'a\\nb.skops' NEW.csv" in out
    assert out.endswith("\nreport: c d/index.html\n")
    assert (tmp_path / "c\nd" / "index.html").is_file()


@pytest.mark.parametrize("verb", ["fit", "report"])
def test_verbs_do_what_the_call_without_them_does(run, tmp_path, monkeypatch, verb):
    pytest.importorskip("matplotlib")
    monkeypatch.chdir(tmp_path)
    option = ["--report"] if verb == "fit" else []
    assert run(verb, "plants", "--steps", 2, *option).out.endswith("report: plants-report/index.html\n")
    out = run(verb, *(["--report", "pages"] if verb == "fit" else ["--out", "pages"]), "--steps", 2, "plants").out
    assert out.endswith("report: pages/index.html\n")


def test_a_report_of_the_default_table_needs_no_word_more(run, tmp_path, monkeypatch):
    pytest.importorskip("matplotlib")
    monkeypatch.chdir(tmp_path)
    assert "report: plants-report/index.html" in run("report", "--steps", 1).out


# Beside LogisticRegression ----------------------------------------------------------------------------------------


def seconds_of(out):
    (line,) = (line for line in out.splitlines() if line.startswith("seconds"))
    return line.split()[1:]


def test_it_stands_beside_logistic_regression_if_that_is_quick_or_asked_for(run, monkeypatch):
    assert len(seconds_of(run("iris").out)) == 2
    alone = run("iris", "--no-compare").out
    assert len(seconds_of(alone)) == 1
    assert "--compare" not in alone
    assert "LogisticRegression" not in alone
    monkeypatch.setattr(comparison, "LARGE", 100)
    assert "(beside LogisticRegression, on a table as large as this: --compare)" in run("iris").out
    assert len(seconds_of(run("iris", "--compare").out)) == 2


@pytest.mark.parametrize("table", ["iris", "breast_cancer"])
def test_on_a_large_table_it_is_given_as_many_iterations_as_there_is_patience_for(run, monkeypatch, table):
    monkeypatch.setattr(comparison, "LARGE", 100)
    fits = []

    def once(model, X, y):
        """A third of a second for each iteration."""
        fits.append(getattr(model, "estimator", model).max_iter)
        model.fit(X, y)
        return fits[-1] / 3

    monkeypatch.setattr(comparison, "_once", once)
    out = run(table, "--compare").out
    assert fits == [3, 27]
    assert "(LogisticRegression ended at its limit of 27 iterations, all that 10 seconds allow, tries included)" in out
    assert "\nLogisticRegression learns the same, for about 10 seconds ...\n" in out  # whoever waits is told why
    assert seconds_of(out)[1] == "9.0000"
    monkeypatch.setattr(comparison, "PATIENCE", 1.5)
    assert "limit of 3 iterations, all that 2 seconds allow" in run(table, "--compare").out


def test_a_slow_beginning_is_not_taken_for_its_pace(run, monkeypatch):
    """The first iterations took as long as thirty: the usual limit is reached all the same, and no clock is blamed."""
    monkeypatch.setattr(comparison, "LARGE", 100)
    fits = []

    def once(model, X, y):
        fits.append(model.max_iter)
        model.fit(X, y)
        return 0.5 if len(fits) == 1 else fits[-1] / 60

    monkeypatch.setattr(comparison, "_once", once)
    out = run("breast_cancer", "--compare").out
    assert fits == [3, 57, 100]
    assert "(LogisticRegression ended at its limit of 100 iterations)" in out


# Options ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["predikt", "a.skops", "b.csv"], "no such verb, file or table: predikt; did you mean 'predict'"),
        (["--targt", "x"], "unrecognized arguments: --targt; did you mean '--target'"),
        (["--C", "often"], "C.*'often'"),
        (["--explain", "0"], "--explain: must be a whole number, 1 or more, not '0'"),
        (["--explain", "first"], "--explain.*'first'"),
        (["--explain", "-1"], "--explain: must be a whole number, 1 or more, not '-1'"),
        ([""], "what to learn has no name; without a word, sklearn-neuron learns plants"),
        (["report", ""], "what to learn has no name"),
        (["--no-compare", "predict", "m.skops", "n.csv"], "the verb comes first: sklearn-neuron predict ...$"),
        (["--steps", "3", "report"], "the verb comes first: sklearn-neuron report ...$"),
        (["--held-out", "2"], "--held-out: must be 0, or lie between 0 and 1, not '2'"),
        (["--held-out", "half"], "--held-out: must be 0, or lie between 0 and 1, not 'half'"),
        (["--separator", "::"], "--separator: must be one sign"),
        (["--decimal", ";"], "--decimal"),
        (["--save", "."], "--save: must be a file, not the folder"),
        (["--save", "nowhere/a.skops"], "--save: there is no folder 'nowhere'"),
        (["predict", "a.skops"], "required: DATA"),
        (["predict", "nowhere.skops", "b.csv"], "no such model: nowhere.skops"),
        (["predict", "a.skops", "b.csv", "--out", "."], "--out: must be a file"),
        (["explain", "a.skops", "b.csv", "0"], "ROW: must be a whole number, 1 or more"),
    ],
)
def test_an_option_that_cannot_be_is_told_in_one_line(run, arguments, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    out, err = run(*arguments, code=2)
    assert out == ""
    assert re.search(said, err)
    assert err.count("\n") == 1


def test_what_cannot_be_written_is_told_before_anything_is_learned(run, tmp_path, monkeypatch):
    def refuse(*given, **named):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    for option in ("--save", "--report"):
        out, err = run("iris", option, tmp_path / "there", code=2)
        assert out == ""
        assert f"argument {option}: " in err
        assert "cannot be written to: Permission denied" in err


def test_looking_whether_it_can_be_written_writes_nothing(run, tmp_path):
    (tmp_path / "kept.skops").write_bytes(b"")
    said = run("iris", "--save", tmp_path / "kept.skops", "--report", tmp_path / "a" / "page", "--explain", 151, code=2)
    assert "--explain 151" in said.err
    assert (tmp_path / "kept.skops").read_bytes() == b""
    assert [path.name for path in tmp_path.iterdir()] == ["kept.skops"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes that have names")
def test_a_pipe_that_has_a_name_is_opened_once(folder, run, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with subprocess.Popen(["cat", tmp_path / "pipe"], stdout=subprocess.PIPE, text=True) as reader:
        run("predict", folder / "penguins.skops", folder / "new.csv", "--out", tmp_path / "pipe")
        assert len(reader.communicate(timeout=60)[0].splitlines()) == 13


def test_all_values_that_cannot_be_are_said_at_once(run):
    err = run("iris", "--C", "0", "--tol", "x", "--explain", "no", "--stepz", "3", code=2).err.splitlines()
    assert [line.split()[1:3] for line in err] == [
        ["argument", "--C:"],
        ["argument", "--tol:"],
        ["argument", "--explain:"],
        ["unrecognized", "arguments:"],
    ]
    assert err[-1].endswith("--stepz 3; did you mean '--steps'?")


def test_all_that_is_wrong_with_options_is_said_at_once(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page").write_text("")
    err = run("iris", "--C", "auto", "--learning-rate", 1, "--save", "no/a", "--report", "page", code=2).err
    assert [line.split()[1:3] for line in err.splitlines()] == [
        ["--learning-rate", "is"],
        ["argument", "--report:"],
        ["argument", "--save:"],
    ]


def test_without_skops_it_is_said_what_to_install(run, monkeypatch):
    monkeypatch.setattr("sklearn_neuron.command.options.find_spec", lambda name: None)
    for arguments in (["iris", "--save", "a.skops"], ["predict", "a", "b"], ["explain", "a", "b"]):
        out, err = run(*arguments, code=2)
        assert out == ""
        assert "needs skops: pip install '.[files]' from the checkout, or pip install skops" in err


@pytest.mark.parametrize("given", ["tab", r"\t", "space", "semicolon", ";"])
def test_separators_may_be_called_by_name(run, tmp_path, given):
    sign = {"tab": "\t", r"\t": "\t", "space": " ", "semicolon": ";", ";": ";"}[given]
    (tmp_path / "a.csv").write_text(
        "\n".join(sign.join(row) for row in (["a", "c"], ["1", "x"], ["3", "y"], ["5", "x"]))
    )
    assert "3 rows to learn from" in run(tmp_path / "a.csv", "--target", "c", "--separator", given).out


@pytest.mark.parametrize("verb", [[], ["fit"], ["predict"], ["explain"], ["report"]])
def test_help_teaches_by_examples(verb, capsys):
    with pytest.raises(SystemExit) as end:
        main([*verb, "--help"])
    assert end.value.code == 0
    out = capsys.readouterr().out
    examples = [line.strip() for line in out.partition("examples:")[2].splitlines() if "sklearn-neuron" in line]
    assert len(examples) >= 2


def test_the_version_is_told_with_those_that_matter(capsys):
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out.startswith(f"sklearn-neuron {sklearn_neuron.__version__}, scikit-learn ")


def test_the_console_script_is_this_program():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))["project"]
    module, _, name = project["scripts"]["sklearn-neuron"].partition(":")
    assert callable(getattr(sys.modules[module], name))


# Ends -------------------------------------------------------------------------------------------------------------


def test_an_interruption_is_one_line_and_130(run, monkeypatch):
    def interrupted(*given):
        raise KeyboardInterrupt

    monkeypatch.setattr(fit, "hold_out", interrupted)
    assert run("iris", code=130).err == "sklearn_neuron: interrupted\n"


@pytest.mark.skipif(os.name != "posix", reason="signals of a terminal")
@pytest.mark.parametrize("room", ["numpy", "sklearn.base", "sklearn_neuron.classifier", "sklearn_neuron.command.use"])
def test_ctrl_c_while_all_is_still_imported_is_one_line_and_130(room):
    """An import that is interrupted: of what the package needs, of the package, of the wing."""
    program = f"""
import signal, sys
class Interrupting:
    def find_spec(self, name, *given):
        if name == {room!r}:
            signal.raise_signal(signal.SIGINT)
sys.meta_path.insert(0, Interrupting())
from sklearn_neuron.__main__ import run
sys.exit(run())
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (130, "", "sklearn_neuron: interrupted\n")


@pytest.mark.skipif(os.name != "posix", reason="signals of a terminal")
def test_ctrl_c_while_a_program_runs_is_one_line_and_130():
    command = [
        sys.executable,
        "-u",
        "-m",
        "sklearn_neuron",
        "digits",
        "--solver",
        "gd",
        "--steps",
        "1000000",
        "--tol",
        "0",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as ran:
        assert ran.stdout.readline().startswith("digits: ")  # it learns
        time.sleep(0.2)
        ran.send_signal(signal.SIGINT)
        _, err = ran.communicate(timeout=60)
    assert (ran.returncode, err) == (130, "sklearn_neuron: interrupted\n")


@pytest.mark.skipif(os.name != "posix", reason="pipes of a shell")
@pytest.mark.parametrize(
    ("arguments", "reader"), [("--steps 1", "true"), ("--help", "true"), ("digits --solver gd --steps 3000", "head -1")]
)
def test_a_closed_pipe_is_silent(arguments, reader):
    """Who reads nothing, or the first line alone: there is no traceback, and no complaint of the interpreter."""
    program = f"{shlex.quote(sys.executable)} -m sklearn_neuron {arguments}"
    piped = f"set -o pipefail; {program} | {reader}"
    ran = subprocess.run(["bash", "-c", piped], capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.skipif(os.name != "posix", reason="pipes of a shell")
def test_a_model_is_kept_and_a_page_drawn_though_nobody_reads_any_more(tmp_path):
    arguments = f"iris --save {shlex.quote(str(tmp_path / 'a.skops'))} --report {shlex.quote(str(tmp_path / 'page'))}"
    piped = f"set -o pipefail; {shlex.quote(sys.executable)} -u -m sklearn_neuron {arguments} --no-compare | true"
    ran = subprocess.run(["bash", "-c", piped], capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert load(str(tmp_path / "a.skops")).classes_.tolist() == ["setosa", "versicolor", "virginica"]
    assert (tmp_path / "page" / "index.html").is_file()


@pytest.mark.parametrize("notices", ["write", "flush"])
def test_who_has_something_to_keep_goes_on_when_nobody_reads(monkeypatch, tmp_path, notices):
    pipe = ClosedPipe(tmp_path / "pipe", notices)
    monkeypatch.setattr(sys, "stdout", pipe)
    assert main(["--steps", "1", "--save", str(tmp_path / "a.skops"), "--no-compare"]) == 0
    os.close(pipe.file)
    assert isinstance(load(str(tmp_path / "a.skops")), Pipeline)


class ClosedPipe:
    """Standard output that nobody reads any more: it notices when it is written to, or only when it is flushed."""

    def __init__(self, path, notices):
        self.notices, self.file = notices, os.open(path, os.O_WRONLY | os.O_CREAT)

    def write(self, text):
        if self.notices == "write":
            raise BrokenPipeError

    def flush(self):
        raise BrokenPipeError

    def fileno(self):
        return self.file


@pytest.mark.parametrize("notices", ["write", "flush"])
def test_who_reads_no_more_is_told_no_more(monkeypatch, tmp_path, notices):
    pipe = ClosedPipe(tmp_path / "pipe", notices)
    monkeypatch.setattr(sys, "stdout", pipe)
    assert main(["--steps", "1"]) == 0
    os.write(pipe.file, b"lost")  # what is still to come goes nowhere
    os.close(pipe.file)
    assert (tmp_path / "pipe").read_bytes() == b""


def test_the_program_spells_the_letters_that_a_terminal_lacks(monkeypatch, tmp_path):
    (tmp_path / "a.csv").write_text("λ,c\n1,x\n3,y\n5,x\n", encoding="utf8")
    with open(tmp_path / "terminal", "w", encoding="ascii") as terminal:
        monkeypatch.setattr(sys, "stdout", terminal)
        monkeypatch.setattr(sys, "argv", ["sklearn-neuron", str(tmp_path / "a.csv"), "--target", "c"])
        assert entry() == 0
    assert "\\u03bb" in (tmp_path / "terminal").read_text()


def test_without_standard_output_nothing_is_said(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["--steps", "1"]) == 0
