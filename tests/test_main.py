"""The command line: what it shows, and what it says when it cannot."""

import builtins
import io
import os
import re
import subprocess
import sys
import tomllib
from csv import writer
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_digits, load_iris, load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import train_test_split
from threadpoolctl import threadpool_limits

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.__main__ import main
from sklearn_neuron.command.examples import Table, hold_out, read_table
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.telling.narration import Narrator, is_told

A_STEP = re.compile(r"^ *\d+ +\d+\.\d{6} ")  # number of the step, J with six decimals


@pytest.fixture
def show(capsys):
    """Run the command line; what it printed if all went well."""

    def run(*arguments):
        with threadpool_limits(1):  # on tables this small threads of a busy machine only wait for each other
            assert main([str(argument) for argument in arguments]) == 0
        out, err = capsys.readouterr()
        assert err == ""
        return out

    return run


@pytest.fixture
def complaint(capsys):
    """Run the command line; the one line that it printed on standard error."""

    def run(*arguments):
        assert main([str(argument) for argument in arguments]) == 2
        out, err = capsys.readouterr()
        assert out == ""  # nothing is shown of what cannot be
        assert err.startswith("sklearn_neuron: ")
        assert err.endswith("\n")
        assert err.count("\n") == 1
        return err

    return run


@pytest.fixture
def csv(tmp_path):
    """Write a CSV file."""
    pytest.importorskip("pandas")

    def write(text, name="plants.csv"):
        path = tmp_path / name
        path.write_text(text)
        return path

    return write


@pytest.fixture
def plants_csv(csv):
    """The plants of the default table, with words for classes."""
    X, toxic = make_toxic_plants(random_state=0, return_X_y=True)
    kinds = np.where(toxic, "toxic", "edible")
    lines = [f"{length!r},{kind},{width!r}" for (length, width), kind in zip(X.tolist(), kinds, strict=True)]
    return csv("\n".join(["leaf_length,kind,leaf_width", *lines]))


def steps_of(out):
    """Cells of the lines that tell a step."""
    return [line.split() for line in out.splitlines() if A_STEP.match(line)]


def row_of(out, name):
    """The two cells of a line of the last table."""
    (line,) = (line for line in out.splitlines() if line.startswith(name))
    return line.split()[-2:]


def split(X, y):
    """Rows to learn from and rows held out, as by default."""
    return train_test_split(X, y, test_size=0.25, stratify=y, random_state=0)


def training_plants():
    """The plants that are not held out by default."""
    return split(*make_toxic_plants(random_state=0, return_X_y=True))[::2]


# Show me --------------------------------------------------------------------------------------------------


def test_by_default_it_learns_the_plants_and_stands_beside_logistic_regression(show):
    out = show()
    assert out.startswith("plants: 150 rows to learn from, 50 held out; 2 features, 2 classes\n")
    assert [cells[0] for cells in steps_of(out)] == [str(k) for k in range(len(steps_of(out)))]
    assert "The gradient is small enough. (newton, " in out
    assert "note:" not in out
    assert "the finished neuron believes in 'toxic' when this sum is above 0\n" in out
    X, y = training_plants()
    neuron = SigmoidNeuronClassifier().fit(X, y)
    for name, weight in zip([r"leaf length \(cm\)", r"leaf width \(cm\)"], neuron.coef_[0], strict=True):
        assert re.search(rf"^ *{re.escape(f'{weight:+.5g}')} \* {name} .*$", out, re.M)
    assert re.search(rf"^ *{re.escape(f'{neuron.intercept_[0]:+.5g}')} +the neuron's bias$", out, re.M)
    rival = LogisticRegression(tol=1e-10).fit(X, y)
    J = log_loss(y, rival.predict_proba(X)) + (rival.coef_**2).sum() / (2 * 150)
    assert row_of(out, "J (") == [f"{J:.8f}"] * 2
    assert row_of(out, "accuracy on held-out rows")[0] == row_of(out, "accuracy on held-out rows")[1]
    assert all(float(seconds) > 0 for seconds in row_of(out, "seconds"))
    difference = float(
        re.search(r"coefficients differ by (\S+) at most; the largest of LogisticRegression is \d", out)[1]
    )
    assert difference < 1e-4  # LogisticRegression stops at a gradient of 1e-4, the floor is curved by 0.05 and more


@pytest.mark.parametrize(
    ("name", "rows", "features", "classes"),
    [("plants", 200, 2, 2), ("breast_cancer", 569, 30, 2), ("iris", 150, 4, 3), ("wine", 178, 13, 3)],
)
def test_every_table_is_learned_by_name(show, name, rows, features, classes):
    out = show(name)
    learned, held = map(int, re.match(rf"{name}: (\d+) rows to learn from, (\d+) held out;", out).groups())
    assert learned + held == rows
    assert held == pytest.approx(rows / 4, abs=1)
    assert f"; {features} features, {classes} classes\n" in out
    assert "The gradient is small enough." in out
    assert float(row_of(out, "accuracy on held-out rows")[0]) > 0.75
    ours, theirs = map(float, row_of(out, "J ("))
    assert ours <= theirs + 1e-7  # no worse than LogisticRegression, which stops a little earlier
    assert ("(one neuron a class beside OneVsRestClassifier(LogisticRegression())" in out) == (classes > 2)


@pytest.mark.parametrize("load", [load_iris, load_wine])
def test_the_j_of_many_neurons_is_their_mean_and_the_accuracy_that_of_new_rows(show, load):
    X, X_held, y, y_held = split(*load(return_X_y=True))
    neurons = SigmoidNeuronClassifier(tol=1e-8).fit(X, y)
    truths = y[:, None] == np.arange(3)
    beliefs = 1 / (1 + np.exp(-neurons.decision_function(X)))
    J = [
        log_loss(truth, belief) + w @ w / (2 * len(y))
        for truth, belief, w in zip(truths.T, beliefs.T, neurons.coef_, strict=True)
    ]
    out = show("--tol", 1e-8, load.__name__.removeprefix("load_"))
    assert row_of(out, "J (")[0] == f"{np.mean(J):.8f}"
    assert neurons.score(X_held, y_held) != neurons.score(X, y)
    assert row_of(out, "accuracy on held-out rows")[0] == f"{neurons.score(X_held, y_held):.4f}"


@pytest.mark.parametrize("load", [load_iris, load_wine])
def test_a_layer_stands_beside_logistic_regression_itself(show, load):
    X, X_held, y, y_held = split(*load(return_X_y=True))
    layer = SigmoidNeuronClassifier(multi_class="multinomial", tol=1e-8).fit(X, y)
    J = log_loss(y, layer.predict_proba(X)) + (layer.coef_**2).sum() / (2 * len(y))
    out = show("--tol", 1e-8, "--multi-class", "multinomial", load.__name__.removeprefix("load_"))
    ours, theirs = row_of(out, "J (")
    assert ours == f"{J:.8f}"
    assert float(ours) <= float(theirs)
    assert row_of(out, "accuracy on held-out rows")[0] == f"{layer.score(X_held, y_held):.4f}"
    assert "(one layer of softmax, both)" in out
    assert "OneVsRest" not in out
    assert {len(cells) for cells in steps_of(out)[1:]} == {4}  # one J of all, and nobody who is still walking


def test_a_layer_that_has_not_arrived_is_called_a_layer(show):
    out = show("wine", "--multi-class", "multinomial", "--steps", 2)
    assert "note: The layer has not arrived after 2 steps" in out


def test_ten_neurons_learn_the_digits(show):
    out = show("digits", "--steps", 2)  # enough, and quick
    assert "; 64 features, 10 classes\n" in out
    assert [cells[-1] for cells in steps_of(out)] == ["10", "10", "10"]
    assert float(row_of(out, "accuracy on held-out rows")[0]) > 0.9


def test_the_rule_of_the_guide_line_by_line(show):
    out = show("--solver", "gd", "--learning-rate", 0.1, "--steps", 5)
    told = steps_of(out)
    assert [cells[0] for cells in told] == ["0", "1", "2", "3", "4", "5"]
    assert told[0][1] == "0.693147"
    assert told[0][3:] == ["0", "0", "0"]  # no rate has led here
    assert [cells[3] for cells in told[1:]] == ["0.1"] * 5
    assert "The iterations are spent. (gd, 5 steps, 6 passes over the rows)" in out
    assert "note: The neuron has not arrived after 5 steps" in out


def test_the_numbers_of_line_three_are_the_update_by_hand(show):
    X, y = training_plants()
    X = np.column_stack([X, np.ones(150)])
    theta, penalty = np.zeros(3), np.array([1, 1, 0]) / 150
    for _ in range(4):
        p = 1 / (1 + np.exp(-X @ theta))
        gradient = X.T @ (p - y) / 150 + penalty * theta
        here, theta = theta, theta - 0.1 * gradient
    J = log_loss(y, p) + penalty @ here**2 / 2
    line = steps_of(show("--solver", "gd", "--learning-rate", 0.1, "--steps", 3))[3]
    assert line == ["3", f"{J:.6f}", f"{np.linalg.norm(gradient):.2e}", "0.1", *(f"{number:.4g}" for number in here)]


def test_too_large_a_learning_rate_trips_and_says_what_is_safe(show):
    out = show("--learning-rate", 1)
    assert "Diverged: J kept rising. (gd, 3 steps, 4 passes over the rows)" in out
    assert re.search(r"^note: The neuron tripped: .*learning_rate=1, .*largest safe learning rate .* 0\.\d+", out, re.M)


@pytest.mark.parametrize("solver", ["auto", "gd", "nesterov", "lbfgs", "newton"])
def test_every_solver_walks(show, solver):
    out = show("--solver", solver, "--steps", 2)
    assert f"({'newton' if solver == 'auto' else solver}, 2 steps, " in out
    assert [cells[0] for cells in steps_of(out)] == ["0", "1", "2"]


def test_no_step_at_all_is_a_walk_too(show):
    out = show("--steps", 0)
    assert [cells[0] for cells in steps_of(out)] == ["0"]
    assert row_of(out, "J (")[0] == "0.69314718"


def test_the_share_and_the_seed_choose_which_rows_are_held_out(show):
    assert show("--held-out", 0.5).startswith("plants: 100 rows to learn from, 100 held out;")
    one, same, other = (row_of(show("--seed", seed), "J (") for seed in (1, 1, 2))
    assert one == same != other


@pytest.mark.parametrize(
    ("C", "what"), [(0.01, "J (mean log-loss + penalty)"), (np.inf, "J (mean log-loss, no penalty)")]
)
def test_the_penalty_and_the_tolerance_are_those_of_the_options(show, C, what):
    X, y = training_plants()
    rival = LogisticRegression(C=min(C, 1e12), tol=1e-12).fit(X, y)
    J = log_loss(y, rival.predict_proba(X)) + (rival.coef_**2).sum() / (2 * C * 150)
    ours, theirs = row_of(show("--C", C), what)
    assert ours == f"{J:.8f}"
    assert float(theirs) == pytest.approx(J, rel=1e-5)  # by the tolerance of both, 1e-4 of gradient
    assert len(steps_of(show("--C", C, "--tol", 0.5))) < len(steps_of(show("--C", C, "--tol", 1e-8)))


def told_weights(out):
    """Weight, name and weight times spread of the lines that tell the neuron."""
    return [(float(w), name, float(moved)) for w, name, moved in re.findall(r"^ +(\S+) \* (.*?) +(\S+)$", out, re.M)]


def test_weights_stand_in_the_order_of_what_moves_the_sum_and_not_of_their_units(show):
    X, y = load_breast_cancer(return_X_y=True)
    names = load_breast_cancer().feature_names
    X, _, y, _ = split(X, y)
    neuron = SigmoidNeuronClassifier().fit(X, y)
    moved = np.abs(neuron.coef_[0]) * X.std(axis=0)
    order = np.argsort(-moved)[:12]
    assert list(order) != list(np.argsort(-np.abs(neuron.coef_[0]))[:12])
    out = show("breast_cancer")
    assert [name for _, name, _ in told_weights(out)] == list(names[order])
    assert [w for w, _, _ in told_weights(out)] == [float(f"{w:.5g}") for w in neuron.coef_[0, order]]
    assert [spread for _, _, spread in told_weights(out)] == [float(f"{one:.4g}") for one in moved[order]]
    assert "|weight| * standard deviation of the feature" in out
    assert "... and 18 that move it less" in out


def test_another_unit_of_a_feature_leaves_the_order_as_it_is(show, csv):
    X, toxic = make_toxic_plants(random_state=0, return_X_y=True)
    rows = [f"{length * 1e3!r},{width!r},{kind}" for (length, width), kind in zip(X.tolist(), toxic, strict=True)]
    out = show(csv("\n".join(["length,width,toxic", *rows])), "--target", "toxic", "--C", "inf")
    names = [name.split()[-1] for _, name, _ in told_weights(out)]
    assert names == [name.split()[-2] for _, name, _ in told_weights(show("--C", "inf"))]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            ["--solver", "gd", "--learning-rate", 1e6],  # back to where it began
            "the neuron, which has not arrived, looks at no feature, for all weights are 0: it believes in 'toxic' at ",
        ),
        (["--steps", 1], "the neuron, which has not arrived, believes in 'toxic' when this sum is above 0"),
    ],
)
def test_a_neuron_that_has_not_arrived_is_not_called_finished(show, options, told):
    out = show(*options)
    assert told in out
    assert "finished" not in out
    assert out.count("when this sum is above 0") == told.count("when this sum is above 0")


def test_a_walk_on_a_sample_is_told_as_such_and_steps_are_those_on_all_rows(show, csv):
    X, toxic = make_toxic_plants(n_samples=120_000, random_state=0, return_X_y=True)
    np.savetxt(path := csv(""), np.column_stack([X, toxic]), delimiter=",", header="a,b,toxic", comments="", fmt="%.6g")
    out = show(path, "--target", "toxic")
    neuron = SigmoidNeuronClassifier().fit(*split(*read_table(str(path), "toxic")[1:3])[::2])
    sampled = neuron.history_.share < 1
    assert sampled.any()
    assert (
        f"({neuron.solver_}, {neuron.n_iter_[0]} steps after {sampled.sum() - 1} on a sample of 1 in "
        f"{1 / neuron.history_.share[0]:.3g} rows, {neuron.history_.passes[-1]:.4g} passes over the rows)"
    ) in out


def test_help_is_help(capsys):
    with pytest.raises(SystemExit) as end:
        main(["--help"])
    assert end.value.code == 0
    assert "--learning-rate" in capsys.readouterr().out


# A file ---------------------------------------------------------------------------------------------------


def test_a_file_is_learned_like_the_table_of_the_same_plants(show, plants_csv):
    out, table = show(plants_csv, "--target", "kind"), show()
    assert out.startswith(f"{plants_csv}: 150 rows to learn from, 50 held out; 2 features, 2 classes\n")
    assert "believes in 'toxic' when" in out
    assert "leaf_length" in out
    assert steps_of(out) == steps_of(table)
    for name in ("J ", "accuracy on held-out rows"):
        assert row_of(out, name) == row_of(table, name)


@pytest.mark.parametrize(
    ("zero", "one", "believed"), [("0", "1", "1"), ("False", "True", "True"), ("1.0", "2.0", "2.0"), ("5", "-5", "5")]
)
def test_classes_may_be_numbers_or_truths(show, csv, zero, one, believed):
    rows = [f"{k},{k % 7},{one if k % 3 else zero}" for k in range(40)]
    assert f"believes in {believed!r} when" in show(csv("\n".join(["a,b,c", *rows])), "--target", "c")


def test_three_classes_of_words_are_three_neurons(show, csv):
    X, y = load_iris(return_X_y=True)
    rows = [",".join([*map(str, x), ["setosa", "versicolor", "virginica"][k]]) for x, k in zip(X, y, strict=True)]
    out, table = show(csv("\n".join(["a,b,c,d,kind", *rows])), "--target", "kind"), show("iris")
    assert row_of(out, "J (") == row_of(table, "J (")
    assert steps_of(out) == steps_of(table)


def test_what_none_is_held_out_of_is_accuracy_on_the_rows_learned_from(show, csv):
    out = show(csv("a,b,c\n1,2,x\n3,4,y\n5,6,x\n"), "--target", "c")
    assert ": 3 rows to learn from, none held out (too few); 2 features, 2 classes" in out
    assert row_of(out, "accuracy on the rows learned from") == ["0.6667", "0.6667"]
    assert "held-out" not in out


def rare_csv(csv, *rare):
    """Two classes of 30 rows each, and some of fewer."""
    labels = [*["often"] * 30, *["common"] * 30, *rare]
    rows = [f"{(k * 7) % 13 + 3 * (label == 'often')},{k % 5},{label}" for k, label in enumerate(labels)]
    return csv("\n".join(["a,b,kind", *rows]))


def test_a_class_of_one_row_is_learned_and_the_others_are_held_out(show, csv):
    path = rare_csv(csv, "hermit")
    out = show(path, "--target", "kind")
    assert ": 46 rows to learn from, 15 held out; 2 features, 3 classes (too few rows to hold some out, " in out
    assert "all learned from: 'hermit')" in out
    assert row_of(out, "accuracy on held-out rows")


@pytest.mark.parametrize("share", [0.02, 0.1, 0.25, 0.5, 0.9])
@pytest.mark.parametrize("rare", [1, 2, 3, 40])
def test_whatever_is_held_out_every_class_is_learned(rng, share, rare):
    """Rare classes never cancel the hold-out of the others, nor do they vanish from what is learned."""
    y = rng.permutation(np.repeat([f"c{k}" for k in range(42)], [60, 60, *[rare] * 40]))
    X = np.arange(len(y), dtype=float)[:, None]
    parts = hold_out(Table("t", X, y, ["x"], list(np.unique(y))), share, seed=0)
    assert set(parts.y) == set(y)
    rows = np.concatenate([parts.X, parts.X_held_out]).ravel()
    np.testing.assert_array_equal(np.sort(rows), X.ravel())  # each once
    np.testing.assert_array_equal(y[parts.X.astype(int).ravel()], parts.y)
    np.testing.assert_array_equal(y[parts.X_held_out.astype(int).ravel()], parts.y_held_out)
    assert set(np.unique(y)[parts.only_learned]).isdisjoint(parts.y_held_out)


def test_as_many_classes_as_rows_leave_standard_error_empty(show, csv):
    out = show(
        csv("\n".join(["a,id", *(f"{k * k},{k}" for k in range(25))])), "--target", "id", "--keep", "id", "--steps", 2
    )
    assert "25 rows to learn from, none held out (too few); 1 feature, 25 classes" in out


def test_a_long_file_is_read_as_a_whole(csv):
    """Pandas guesses types by the piece, half a million short rows each: numbers first, words later."""
    path = csv("c,a\n" + "0,1\n1,2\n" * 270_000 + "x,1\n" * 10)
    assert read_table(str(path), "c").class_names == ["0", "1", "x"]


HOSTILE = ["total_$_in_$", "bias", "<b>&amp;</b>", 'a "quoted" {0} %s %(x)d', "two\nlines", "\x1b[31mred", "λ 漢字"]


def hostile_csv(csv, classes):
    rows = [[(k * (j + 3)) % 11 + j * (k % 2) for j in range(len(HOSTILE))] for k in range(60)]
    text = io.StringIO()
    writer(text).writerows([[*HOSTILE, "k$i{nd}"], *([*row, classes[k % 2]] for k, row in enumerate(rows))])
    return csv(text.getvalue())


def test_names_are_text_whatever_they_are_made_of(show, csv):
    out = show(hostile_csv(csv, ["_p", "$a$ <i>"]), "--target", "k$i{nd}")
    assert "believes in '_p' when" in out
    names = {name for _, name, _ in told_weights(out)}
    assert names == {
        "total_$_in_$",
        "bias",
        "<b>&amp;</b>",
        'a "quoted" {0} %s %(x)d',
        "two lines",
        "[31mred",
        "λ 漢字",
    }
    assert "\x1b" not in out  # no terminal obeys a name
    assert out.count("the neuron's bias") == 1
    heading = next(line for line in out.splitlines() if line.startswith("  step"))
    assert heading.split().count("bias") == heading.split().count("w[bias]") == 1
    assert re.search(r"^ +[-+]\S+ \* bias ", out, re.M)


# What cannot be shown -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "target", "said"),
    [
        ("a,b,c\n1,2,x\n3,4,y\n", None, "say which column .* --target COLUMN .*columns: a, b, c"),
        ("a,b,c\n1,2,x\n3,4,y\n", "kind", "no column 'kind' in .*columns: a, b, c"),
        ("a,b,c\n1,2,x\n3,4,x\n5,6,x\n", "c", "one class.*'x'"),
        ("a,b,c\n1,2,x\n", "c", "one class.*'x'"),
        ("", "c", "cannot read .*it is empty"),
        ("\n\n\n", "c", "cannot read .*it is empty"),
        ("a,b,c\n", "c", "no rows"),
        ("c\nx\ny\n", "c", "no column to learn from beside 'c'"),
        ("a,b,c\n1,2,x\n3,4,y,5,6\n", "c", "cannot read .*line 3"),
        ("a,c\n1,2,x\n3,4,y\n5,6,y\n", "c", "cannot read .*more cells than its heading has names"),
        ("a,c\n0,2,x\n1,4,y\n2,6,y\n", "c", "cannot read .*more cells than its heading has names"),
        ("a,b,c\n1,2,inf\n3,4,1\n3,5,2\n", "c", "column 'c' of .* holds measurements"),
        ('"a\nb",c\nred,x\nblue,y\n', "c", r"no column to learn from; left out: a b \(text, different in every row\)"),
        ('"a\nb",c\n1,x\n2,y\n', "d", "no column 'd' in .*columns: a b, c"),
        ("a,b,c\n1,2,0.5\n3,4,0.25\n3,5,0.125\n", "c", "column 'c' of .*(classes|continuous)"),
        ("a,b,c\n" + "1,2,3\n" * 3 + '1,"2\n', "c", "cannot read .*a quote that opens in line 5 is never closed"),
    ],
)
def test_a_file_that_cannot_be_learned_is_told_in_one_line(complaint, csv, text, target, said):
    options = [] if target is None else ["--target", target]
    assert re.search(said, complaint(csv(text), *options))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a,b,c\n1,red,x\n3,blue,y\n", "left out: b (text, different in every row)\n"),
        ("a,b,c\n1,,x\n3,4,y\n5,3,y\n", "missing, filled by the median and flagged: b (1 of 3)"),
        ("a,b,c\n1,2,\n3,4,y\n5,6,x\n", "1 of 3 rows left out, for they have no class in 'c'"),
        ("a,b,c\n1,2,\n3,4,0\n5,6,1\n", "1 of 3 rows left out, for they have no class in 'c'"),
        ("a,b,c\n1,inf,x\n3,4,y\n5,6,y\n", "infinite or nearly so, taken for missing: b (1)"),
    ],
)
def test_what_is_made_of_cells_that_are_no_numbers_is_told_in_one_line(show, csv, text, told):
    assert told in show(csv(text), "--target", "c")


def test_a_wide_file_names_its_first_columns_only(complaint, csv):
    path = csv(",".join(f"f{j}" for j in range(50)) + "\n" + ",".join("1" * 50) + "\n")
    assert "(columns: f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, ...)" in complaint(path)


def test_a_missing_file_is_told_with_the_tables_there_are(complaint, tmp_path):
    said = complaint(tmp_path / "nowhere.csv", "--target", "c")
    assert re.search(
        r"no such file or table: .*nowhere.csv \(tables: plants, breast_cancer, iris, digits, wine\)", said
    )


def test_a_folder_and_a_name_too_long_are_no_files(complaint, tmp_path):
    assert f"{tmp_path} is a folder; name a file" in complaint(tmp_path, "--target", "c")
    assert "no such file or table" in complaint("x" * 300 + ".csv", "--target", "c")


def test_bytes_are_no_text(complaint, tmp_path):
    pytest.importorskip("pandas")
    path = tmp_path / "picture.csv"
    path.write_bytes(bytes(range(128, 256)))
    assert f"cannot read {path}" in complaint(path, "--target", "c")


def test_without_pandas_a_file_cannot_be_read_but_the_tables_can(complaint, show, plants_csv, monkeypatch):
    really_import = builtins.__import__

    def import_but_pandas(name, *others, **named):
        if name == "pandas":
            raise ModuleNotFoundError("No module named 'pandas'")
        return really_import(name, *others, **named)

    monkeypatch.delitem(sys.modules, "pandas")
    monkeypatch.setattr(builtins, "__import__", import_but_pandas)
    assert "needs pandas: pip install '.[files]' from the checkout" in complaint(plants_csv, "--target", "kind")
    assert "no such file" in complaint("nowhere.csv", "--target", "kind")
    assert steps_of(show("--steps", 1))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--colour", "red"], "--colour"),
        (["plants", "iris"], "iris"),
        (["iris", "--target", "c"], "--target is for CSV files.*'iris'"),
        (["--solver", "sgd"], "--solver.*'sgd'.*newton"),
        (["--learning-rate", "-1"], "learning.rate.*-1"),
        (["--learning-rate=-0.5"], "learning.rate.*-0.5"),
        (["--learning-rate", "0"], "learning.rate.*0"),
        (["--learning-rate", "nan"], "learning.rate.*nan"),
        (["--learning-rate", "inf"], "learning.rate.*inf"),
        (["--learning-rate", "fast"], "learning.rate.*'fast'"),
        (["--learning-rate"], "learning-rate"),
        (["--steps", "-1"], "(steps|max_iter).*-1"),
        (["--steps", "many"], "--steps.*'many'"),
        (["--steps", "2.5"], "--steps.*'2.5'"),
        (["--steps", "²"], "--steps.*'²'"),
        (["--C", "0"], "C.*0"),
        (["--C", "nan"], "C.*nan"),
        (["--tol", "-1"], "tol.*-1"),
        (["--tol", "nan"], "tol.*nan"),
        (["--seed", "-1"], "(seed|random_state).*-1"),
        (["--seed", "x"], "--seed.*'x'"),
        (["--seed", "99999999999"], "--seed.*at most 4294967295"),
        (["--held-out", "-0.1"], "--held-out.*between 0 and 1.*0.1"),
        (["--held-out", "1.5"], "--held-out.*between 0 and 1.*1.5"),
        (["--held-out", "nan"], "--held-out.*between 0 and 1.*nan"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_an_option_that_cannot_be_is_told_in_one_line(complaint, arguments, said):
    line = complaint(*arguments)
    assert re.search(said, line)
    assert not re.search(r"\b_[a-z]", line)  # no name of our workshop


def test_a_slip_of_the_pen_after_report_trains_nothing_and_makes_no_folder(complaint, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert re.search(
        "--report brest_cancer is no table .plants, breast_cancer,.* and no folder",
        complaint("--report", "brest_cancer"),
    )
    assert re.search("says what to learn, and so does 'iris'.* --report ./wine", complaint("iris", "--report", "wine"))
    assert re.search("no such file or table: rows.csv", complaint("--report", "rows.csv"))
    assert re.search("what to learn.*'iris'", complaint("iris", "--report", "rows.csv"))
    assert not list(tmp_path.iterdir())


def test_the_extras_that_are_named_are_there():
    root = Path(__file__).parent.parent
    extras = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf8"))["project"]["optional-dependencies"]
    texts = [path.read_text(encoding="utf8") for path in [root / "README.md", *(root / "sklearn_neuron").rglob("*.py")]]
    named = re.findall(r"pip install[^\n`]*?['\"]([\w.-]*)\[([\w,]+)\]['\"]", "\n".join(texts))
    assert {where for where, _ in named} == {"."}  # there is no release to install
    assert {extra for _, some in named for extra in some.split(",")} == {
        "docs",
        "export",
        "files",
        "plot",
        "progress",
        "test",
    }
    assert set(extras) >= {"files", "plot", "progress", "test"}


def run_as_a_program(*arguments, **environment):
    command = [sys.executable, "-W", "error", "-m", "sklearn_neuron", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=False, env=os.environ | environment
    )


def test_it_runs_as_a_program_and_where_letters_are_lacking_names_are_spelled(csv):
    path = hostile_csv(csv, ["é", "ü"])
    ran = run_as_a_program(path, "--target", "k$i{nd}", "--steps", 3, PYTHONIOENCODING="ascii")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert [cells[0] for cells in steps_of(ran.stdout)] == ["0", "1", "2", "3"]
    assert "\\u03bb" in ran.stdout


def test_the_program_ends_with_2_and_no_traceback():
    ran = run_as_a_program("nowhere.csv")
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (2, "", 1)


# Line by line ---------------------------------------------------------------------------------------------


def test_ever_fewer_steps_are_told():
    told = [*range(21), *range(30, 201, 10), *range(300, 2001, 100), *range(3000, 20_001, 1000)]
    assert [iteration for iteration in range(20_001) if is_told(iteration)] == told


@pytest.mark.parametrize(("verbose", "told"), [(1, [*range(21), 30, 40, 45]), (2, list(range(46)))])
def test_verbose_2_tells_every_step(capsys, verbose, told):
    X, y = training_plants()
    quiet = SigmoidNeuronClassifier(solver="gd", max_iter=45)
    with pytest.warns(match="has not arrived after 45 steps"):
        quiet.fit(X, y)
    assert capsys.readouterr().out == ""
    with pytest.warns(match="has not arrived after 45 steps"):
        loud = SigmoidNeuronClassifier(solver="gd", max_iter=45, verbose=verbose).fit(X, y)
    out = capsys.readouterr().out
    assert [int(cells[0]) for cells in steps_of(out)] == told
    np.testing.assert_array_equal(loud.coef_, quiet.coef_)
    for cells in steps_of(out):
        assert cells[1] == f"{loud.loss_curve_[int(cells[0])]:.6f}"
        assert cells[2] == f"{loud.history_.gradient_norm[int(cells[0])]:.2e}"


def test_steps_that_are_left_out_are_said_to_be(capsys):
    X, y = training_plants()
    with pytest.warns(match="has not arrived after 227 steps"):
        SigmoidNeuronClassifier(solver="gd", max_iter=227, verbose=1).fit(X, y)
    _, *rows = capsys.readouterr().out.splitlines()
    told = [row.split()[0] for row in rows]
    tens = list(map(str, range(30, 201, 10)))
    assert told == [*map(str, range(21)), "...", *tens, "...", "227"]


@pytest.mark.parametrize(
    ("data", "names"),
    [
        (lambda: training_plants(), ["w1", "w2", "bias"]),
        (lambda: make_toxic_plants(as_frame=True, return_X_y=True), ["leaf_length", "leaf_width", "bias"]),
        (lambda: (load_breast_cancer().data[:, :4], load_breast_cancer().target), ["w1", "w2", "w3", "w4", "bias"]),
        (lambda: load_breast_cancer(return_X_y=True), ["w1", "w2", "w3", "w4", "...", "bias"]),
    ],
    ids=["numbered", "named", "four", "many"],
)
@pytest.mark.parametrize("has_bias", [True, False])
def test_the_weights_are_told_by_their_names_and_the_columns_stand_under_them(capsys, data, names, has_bias):
    SigmoidNeuronClassifier(verbose=2, fit_intercept=has_bias).fit(*data())
    heading, *rows = capsys.readouterr().out.splitlines()
    names = names if has_bias else names[:-1]
    assert heading.split()[-len(names) - 1 :] == ["rate", *names]
    assert {len(row) for row in rows} == {len(heading)}
    assert {len(row.split()) for row in rows[1:]} == {4 + len(names)}
    assert all(("..." in row) == ("..." in names) for row in rows)


def test_neurons_side_by_side_tell_how_many_are_still_walking(capsys):
    X, y = load_iris(return_X_y=True)
    neurons = SigmoidNeuronClassifier(verbose=2).fit(X, y)
    heading, *rows = capsys.readouterr().out.splitlines()
    assert heading.endswith("still walking")
    walking = [int(row.split()[-1]) for row in rows]
    assert walking[0] == 3
    # a neuron is still told in the step in which it arrives
    still = [neurons.n_iter_ >= step for step in range(len(rows))]
    assert walking == [here.sum() for here in still]
    mean_J = [f"{loss.mean():.6f}" for loss in neurons.loss_curve_]
    assert [row.split()[1] for row in rows] == mean_J
    steepest = [f"{norm.max():.2e}" for norm in neurons.history_.gradient_norm]
    assert [row.split()[2] for row in rows] == steepest


def test_a_layer_walks_as_one(capsys):
    layer = SigmoidNeuronClassifier(multi_class="multinomial", verbose=2).fit(*load_iris(return_X_y=True))
    heading, *rows = capsys.readouterr().out.splitlines()
    assert heading.split() == ["step", "J", "|dJ|", "learning", "rate"]
    assert [row.split()[1] for row in rows] == [f"{loss:.6f}" for loss in layer.loss_curve_]
    assert [row.split()[2] for row in rows] == [f"{norm:.2e}" for norm in layer.history_.gradient_norm]


def test_no_step_is_told_twice_where_a_stage_goes_on(capsys):
    X, y = load_digits(return_X_y=True)
    SigmoidNeuronClassifier(multi_class="multinomial", solver="lazy-newton", verbose=1).fit(X, y)
    told = [row.split()[0] for row in capsys.readouterr().out.splitlines()[1:] if "..." not in row]
    assert len(set(told)) == len(told)


def test_a_narrator_prints_where_it_is_told_and_never_asks_to_stop(capsys):
    stream = io.StringIO()
    here = SimpleNamespace(weights=np.array([[2.0], [-1.0]]))
    row = {"loss": 0.5, "gradient_norm": 5.0}
    history = SimpleNamespace(tail=lambda column, rows: np.array([[row[column]]]), share=np.ones(1), noted=())
    narrator = Narrator(has_bias=True, feature_names=["a very long name of a feature"], stream=stream)
    assert not narrator(SimpleNamespace(iteration=0, here=here, rate=None), history)
    assert not narrator(SimpleNamespace(iteration=21, here=here, rate=0.25), history)  # not told
    assert not narrator(SimpleNamespace(iteration=30, here=here, rate=0.25), history)
    heading, first, gap, last = stream.getvalue().splitlines()
    assert "a very long n " in heading
    assert first.split() == ["0", "0.500000", "5.00e+00", "2", "-1"]
    assert gap.split() == ["..."]
    assert last.split() == ["30", "0.500000", "5.00e+00", "0.25", "2", "-1"]
    assert capsys.readouterr().out == ""
