"""The journey in columns: every number in it can be had in another way."""

import builtins
import copy
import io
import pickle
import warnings
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.datasets import load_iris
from sklearn.exceptions import ConvergenceWarning

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.homes.home import Home
from sklearn_neuron.neuron import log_loss
from sklearn_neuron.solvers.history import History, Path
from sklearn_neuron.solvers.journal import BLOCKS, LETTERS, SHOWN, curve_in_letters

BY_NEURON = ("loss", "gradient_norm", "decrement", "rate")
SOLVERS = ["gd", "nesterov", "lbfgs", "newton"]


def fitted(X, y, **options):
    """A neuron after a walk that need not arrive."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return SigmoidNeuronClassifier(**options).fit(X, y)


@pytest.fixture(scope="module")
def plants():
    return make_toxic_plants(random_state=0, return_X_y=True)


@pytest.fixture(scope="module")
def flowers():
    """Three neurons side by side, that arrive one after the other."""
    X, y = load_iris(return_X_y=True)
    neurons = fitted(X, y, C=10.0, record="path")
    assert len(set(neurons.n_iter_)) == 3
    return neurons


@pytest.mark.parametrize("record", ["loss", "path"])
@pytest.mark.parametrize("steps", [0, 1, 15, 16, 17, 31, 32, 33, 70])
def test_k_steps_leave_k_plus_1_rows_however_long_the_table_has_to_grow(plants, record, steps):
    history = fitted(*plants, solver="gd", max_iter=steps, record=record).history_
    assert len(history) == steps + 1
    for name in history.columns:
        assert len(getattr(history, name)) == steps + 1
    assert np.isfinite(history.loss).all()
    assert (np.diff(history.loss) < 0).all()  # 1 / L descends: a row in the wrong place would show


@pytest.mark.parametrize("solver", SOLVERS)
def test_as_many_rows_as_steps_and_one_whichever_the_solver(plants, solver):
    neuron = fitted(*plants, solver=solver, max_iter=40)
    assert len(neuron.history_) == neuron.n_iter_[0] + 1
    np.testing.assert_array_equal(neuron.loss_curve_, neuron.history_.loss)


def test_the_first_row_is_before_the_first_step(plants):
    history = fitted(*plants, max_iter=3, record="path").history_
    assert history.loss[0] == pytest.approx(np.log(2), rel=1e-14, abs=0)  # 200 additions of log 2 / 200
    assert not history.weights[0].any()
    assert np.isnan(history.rate[0])
    assert np.isfinite(history.rate[1:]).all()


def test_the_rate_is_that_of_the_step_that_led_here(plants):
    history = fitted(*plants, learning_rate=0.1, max_iter=20).history_
    assert history.rate[1:].tolist() == [0.1] * 20
    history = fitted(*plants, learning_rate=lambda iteration: 0.1 / (1 + iteration), max_iter=20).history_
    assert history.rate[1:].tolist() == [0.1 / (1 + iteration) for iteration in range(20)]


def test_a_row_leads_to_the_next_by_the_rule_of_the_guide(plants):
    X, y = plants
    history = fitted(X, y, learning_rate=0.1, max_iter=20, record="path").history_
    for row in range(20):
        w, b = history.weights[row, :2], history.weights[row, 2]
        residual = 1 / (1 + np.exp(-(X @ w + b))) - y
        w_next = w - 0.1 * (X.T @ residual / 200 + w / 200)  # the penalty is |w|^2 / (2 C n)
        b_next = b - 0.1 * residual.mean()
        # sums of 200 terms of size 5 / 200, rounded: 1e-15 beside weights of a tenth
        np.testing.assert_allclose(history.weights[row + 1], [*w_next, b_next], rtol=0, atol=1e-14)


@pytest.mark.parametrize("solver", SOLVERS)
def test_loss_and_gradient_norm_are_those_of_the_weights_of_the_row(plants, solver):
    X, y = plants
    history = fitted(X, y, solver=solver, C=0.5, max_iter=30, record="path").history_
    penalty = 1 / (0.5 * 200)
    for row, theta in enumerate(history.weights):
        w, b = theta[:2], theta[2]
        J = log_loss(X @ w + b, y) + penalty / 2 * (w @ w)
        assert history.loss[row] == pytest.approx(J, rel=1e-14, abs=0)  # 200 additions, in pairs or in blocks
        residual = 1 / (1 + np.exp(-(X @ w + b))) - y
        gradient = [*(X.T @ residual / 200 + penalty * w), residual.mean()]
        # sums that cancel near the floor: eps times the 5 cm of a leaf, fifty times over, beside norms above 1e-11
        assert history.gradient_norm[row] == pytest.approx(np.linalg.norm(gradient), rel=1e-12, abs=5e-14)


def test_the_decrement_of_newton_is_the_gradient_in_the_metric_of_the_curvature(plants):
    X, y = plants
    history = fitted(X, y, solver="newton", tol=1e-3, record="path").history_
    with_ones = np.column_stack([X, np.ones(200)])
    for row, theta in enumerate(history.weights):
        a = 1 / (1 + np.exp(-with_ones @ theta))
        g = with_ones.T @ (a - y) / 200 + np.array([1, 1, 0]) / 200 * theta
        H = (with_ones.T * (a * (1 - a))) @ with_ones / 200 + np.diag([1, 1, 0]) / 200
        decrement = np.sqrt(g @ np.linalg.solve(H, g))
        # g is known to eps 5 = 1e-15 and H^-1/2 stretches it by 1 / sqrt(0.002): 2e-14, beside decrements above 5e-10
        assert history.decrement[row] == pytest.approx(decrement, rel=1e-9, abs=2e-14)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("solver", SOLVERS)
def test_the_last_weights_are_the_coefficients(plants, solver, dtype):
    X, y = plants
    neuron = fitted(X.astype(dtype), y, solver=solver, max_iter=40, record="path")
    last = neuron.history_.weights[-1]
    assert last.shape == (3,)
    np.testing.assert_array_equal(last[:2].astype(dtype), neuron.coef_[0])
    lost = (last[:2] - neuron.coef_[0]) @ X.astype(dtype).mean(axis=0)  # by the weights, and made up for by the bias
    np.testing.assert_allclose(
        neuron.intercept_, last[2:] + (lost if solver not in ("gd", "nesterov") else 0), rtol=1e-6
    )


def test_without_a_bias_the_last_weight_is_a_weight(plants):
    neuron = fitted(*plants, fit_intercept=False, record="path")
    assert neuron.history_.weights.shape == (len(neuron.history_), 2)
    np.testing.assert_array_equal(neuron.history_.weights[-1], neuron.coef_[0])


def test_of_a_neuron_that_tripped_the_lowest_row_holds_the_coefficients(plants):
    neuron = fitted(*plants, learning_rate=1.0, record="path")
    history = neuron.history_
    lowest = history.weights[np.argmin(history.loss)]
    np.testing.assert_array_equal(lowest, [*neuron.coef_[0], *neuron.intercept_])
    assert history.loss[-1] > history.loss.min()


# Time and passes ------------------------------------------------------------------------------------------


def test_seconds_never_run_backwards(plants):
    seconds = fitted(*plants, solver="gd", max_iter=50).history_.seconds
    assert seconds[0] >= 0
    assert (np.diff(seconds) >= 0).all()
    assert seconds[-1] > seconds[0]


@pytest.fixture
def folds(monkeypatch):
    """Readings of X, counted from outside; one number is added per row of history."""
    counted, at_row = [], []
    fold, record = Home.fold, History.record

    def counting_fold(self, kernel):
        counted.append(kernel)
        return fold(self, kernel)

    def noting_record(self, *row):
        at_row.append(len(counted))
        return record(self, *row)

    monkeypatch.setattr(Home, "fold", counting_fold)
    monkeypatch.setattr(History, "record", noting_record)
    return at_row


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("table", [make_toxic_plants, load_iris])
def test_passes_are_the_readings_of_x_so_far(folds, solver, table):
    options = {"random_state": 0} if table is make_toxic_plants else {}
    plants = table(**options)
    passes = fitted(plants.data, plants.target, solver=solver, max_iter=40).history_.passes
    assert set(passes[:-1]) <= set(folds) if solver == "lbfgs" else passes[:-1].tolist() == folds[:-1]
    assert passes[-1] >= folds[-1]  # a second opinion on an arrival that was only estimated
    assert passes[-1] >= len(passes)


def test_a_step_of_the_guide_reads_x_once(plants):
    passes = fitted(*plants, learning_rate=0.1, max_iter=20).history_.passes
    assert passes.tolist() == list(range(1, 22))


# Side by side ---------------------------------------------------------------------------------------------


def test_side_by_side_every_neuron_has_a_column(flowers):
    history, rows = flowers.history_, max(flowers.n_iter_) + 1
    assert len(history) == rows
    for name in BY_NEURON:
        assert getattr(history, name).shape == (rows, 3)
    assert history.weights.shape == (rows, 5, 3)
    assert history.seconds.shape == history.passes.shape == (rows,)


def test_neurons_that_have_arrived_stay_where_they_are(flowers):
    history = flowers.history_
    for k, steps in enumerate(flowers.n_iter_):
        for name in ("loss", "gradient_norm", "decrement"):
            column = getattr(history, name)[:, k]
            assert set(column[steps:]) == {column[steps]}
        assert set(history.rate[steps + 1 :, k]) <= {0.0}
        assert (history.rate[1 : steps + 1, k] > 0).all()
        assert (np.diff(history.loss[: steps + 1, k]) < 1e-15).all()  # the last step may move no digit of J
        rested = history.weights[steps:, :, k]
        np.testing.assert_array_equal(rested, np.broadcast_to(rested[0], rested.shape))


def test_the_last_weights_side_by_side_are_the_coefficients(flowers):
    last = flowers.history_.weights[-1]
    np.testing.assert_array_equal(last[:4].T, flowers.coef_)
    np.testing.assert_array_equal(last[4], flowers.intercept_)


def test_every_neuron_walks_as_it_would_alone(flowers):
    X, y = load_iris(return_X_y=True)
    for k, steps in enumerate(flowers.n_iter_):
        alone = fitted(X, y == k, C=10.0, record="path")
        assert alone.n_iter_[0] == steps
        # a matrix product may add in another order than a vector product; the last digits differ
        np.testing.assert_allclose(flowers.history_.loss[: steps + 1, k], alone.history_.loss, rtol=1e-12)
        np.testing.assert_allclose(flowers.history_.weights[steps, :, k], alone.history_.weights[-1], rtol=1e-8)


# What is kept ---------------------------------------------------------------------------------------------


def test_weights_that_were_not_kept_say_how_to_keep_them(plants):
    history = fitted(*plants).history_
    assert history.columns == (*BY_NEURON, "seconds", "passes", "stage", "share")
    with pytest.raises(AttributeError, match=r"weights of every step were not kept: fit with record='path'"):
        _ = history.weights
    assert not hasattr(history, "weights")


def test_keeping_the_weights_changes_nothing_else(plants):
    with_path, without = (fitted(*plants, solver="lbfgs", record=record).history_ for record in ("path", "loss"))
    assert with_path.columns == (*without.columns, "weights")
    for name in (*BY_NEURON, "passes"):
        np.testing.assert_array_equal(getattr(with_path, name), getattr(without, name))


def test_a_history_tells_its_steps_and_columns(plants):
    history = fitted(*plants, solver="gd", max_iter=7).history_
    assert repr(history) == "<History of 7 steps>"
    assert history.columns == (*BY_NEURON, "seconds", "passes", "stage", "share")
    assert fitted(*plants, max_iter=2, record="path").history_.columns == (*history.columns, "weights")


@pytest.mark.parametrize("record", ["loss", "path"])
def test_a_history_survives_a_pickle(plants, record):
    history = fitted(*plants, solver="gd", max_iter=20, record=record).history_
    again = pickle.loads(pickle.dumps(history))
    assert str(again) == str(history)
    for name in history.columns:
        np.testing.assert_array_equal(getattr(again, name), getattr(history, name))


def test_a_pickle_holds_no_rows_that_never_came(plants):
    history = fitted(*plants, solver="gd", max_iter=17).history_
    assert history._table.shape == (18, 4, 1)  # not 32
    assert history._table.base is None


@pytest.mark.parametrize("name", [*BY_NEURON, "seconds", "passes", "weights"])
def test_what_is_read_from_a_history_cannot_change_it(plants, flowers, name):
    for history in (fitted(*plants, record="path").history_, copy.deepcopy(flowers.history_)):
        kept = getattr(history, name).copy()
        getattr(history, name)[:] = -1
        np.testing.assert_array_equal(getattr(history, name), kept)


def test_the_tail_of_a_column_is_its_last_rows(plants, flowers):
    history = flowers.history_
    np.testing.assert_array_equal(history.tail("loss", 3), history.loss[-3:])
    np.testing.assert_array_equal(history.tail("decrement", 1), history.decrement[-1:])
    np.testing.assert_array_equal(history.tail("loss", 1000), history.loss)  # as many as there are
    assert fitted(*plants).history_.tail("rate", 2).shape == (2, 1)  # the neuron axis is always there


@pytest.mark.parametrize("limit_in_rows", [3, 4, 5, 8, 17])
@pytest.mark.parametrize("steps", [0, 1, 2, 3, 7, 40, 100])
def test_a_path_that_outgrows_its_memory_keeps_rows_at_even_distances_and_the_last(limit_in_rows, steps):
    whole, path = Path(limit=np.inf), Path(limit=limit_in_rows * 24)
    for row in range(steps + 1):
        weights = np.full((3, 1), float(row))
        for one in (whole, path):
            one.keep(row, weights, np.array([0]))
        assert len(path.rows) <= max(limit_in_rows, 3)
        assert path.rows[0] == 0
        assert path.rows[-1] == row
        assert len(set(np.diff(path.rows[:-1]))) <= 1
    np.testing.assert_array_equal(np.array(path.weights), np.array(whole.weights)[path.rows])


def test_neurons_that_rest_keep_their_weights_on_a_thinned_path():
    path = Path(limit=4 * 16)
    for row in range(12):
        walking = np.array([0, 1]) if row < 5 else np.array([1])
        path.keep(row, np.full((1, len(walking)), float(row)), walking)
    assert path.weights[-1].tolist() == [[4.0, 11.0]]


def test_rows_of_the_weights_point_into_the_other_columns(plants, monkeypatch):
    monkeypatch.setattr("sklearn_neuron.solvers.history.Path.__init__.__defaults__", (10 * 24,))
    neuron = fitted(*plants, solver="gd", learning_rate=0.1, max_iter=100, record="path")
    history = neuron.history_
    assert len(history.weights) == len(history.weights_rows) <= 10
    J = neuron.objective(*plants)
    for row, theta in zip(history.weights_rows, history.weights, strict=True):
        np.testing.assert_allclose(J.at(theta[:, None]).loss[0], history.loss[row], rtol=1e-14)
    np.testing.assert_array_equal(history.weights[-1][:2], neuron.coef_[0])


# How it reads ---------------------------------------------------------------------------------------------


def rows_told(history):
    """Heading and rows of the table that is printed, as cells."""
    _, heading, *rows = str(history).splitlines()
    return heading.split(), [row.split() for row in rows if row.split()[0].replace(",", "").isdigit()]


def test_all_rows_of_a_short_history_are_told_with_their_numbers(plants):
    history = fitted(*plants).history_
    heading, rows = rows_told(history)
    assert heading == ["row", *BY_NEURON]
    assert [int(row[0]) for row in rows] == list(range(len(history)))
    assert len(rows[0]) == 4  # no step led to the first row, which has no rate
    for row, cells in enumerate(rows):
        told = [f"{history.loss[row]:.6f}", f"{history.gradient_norm[row]:.2e}", f"{history.decrement[row]:.2e}"]
        assert cells[1:] == [*told, *[f"{history.rate[row]:.4g}"] * (row > 0)]


@pytest.mark.parametrize("steps", [0, 1, SHOWN - 1, SHOWN, SHOWN + 1, 50, 3000])
def test_of_a_long_one_the_first_some_and_the_last(plants, steps):
    history = fitted(*plants, solver="gd", learning_rate=0.1, tol=0, max_iter=steps).history_
    title, *_ = str(history).splitlines()
    assert title.startswith(f"History of {steps:,} step{'s' * (steps != 1)}, {steps + 1:,} passes over X, ")
    numbers = [int(row[0].replace(",", "")) for row in rows_told(history)[1]]
    assert len(numbers) == (steps + 1 if steps < SHOWN else pytest.approx(SHOWN, abs=1))
    assert (numbers[0], numbers[-1]) == (0, steps)
    assert numbers == sorted(set(numbers))


def test_of_neurons_side_by_side_the_average_j_and_the_largest_of_all_else(flowers):
    history = flowers.history_
    title, *_ = str(history).splitlines()
    assert "of 3 neurons side by side" in title
    for row, *cells in rows_told(history)[1]:
        row = int(row)
        loss, slope, decrement, *rate, walking = cells
        assert loss == f"{history.loss[row].mean():.6f}"
        assert (slope, decrement) == (f"{history.gradient_norm[row].max():.2e}", f"{history.decrement[row].max():.2e}")
        assert rate == [f"{history.rate[row].max():.4g}"] * (row > 0)
        assert int(walking) == (flowers.n_iter_ >= row).sum()


def test_rows_on_a_sample_say_so_and_every_stage_is_seen_to_begin(staged):
    history = staged[2].history_
    heading, rows = rows_told(history)
    assert heading[:3] == ["row", "stage", "share"]
    seen = {row[1]: int(row[0]) for row in reversed(rows)}  # the first row of a stage
    assert seen == {str(stage): np.flatnonzero(history.stage == stage)[0] for stage in set(history.stage)}
    for row, _, share, *_ in rows:
        about = history.share[int(row)]
        assert share == ("1" if about == 1 else f"1/{1 / about:.3g}")
    *_, curve = str(history).splitlines()
    assert curve.startswith("loss - lowest loss of all examples  ")
    assert len(curve.split("  ")[1]) == history.on_all.sum()


def test_stages_that_begin_on_a_long_way_are_shown_beside_the_rows_that_are_anyway():
    history = History(1)
    here = SimpleNamespace(loss=np.array([0.5]), gradient_norm=np.array([1.0]), objective=SimpleNamespace())
    here.objective.home = SimpleNamespace(passes=1.0)
    step = SimpleNamespace(here=here, walking=[0], rate=0.1, decrement=SimpleNamespace(length=np.array([1.0])))
    for share in (0.01, 0.1, 1.0):
        history.begin(share)
        for _ in range(77):
            history.record(step)
    rows = [int(row[0]) for row in rows_told(history)[1]]
    assert {0, 77, 154, 230} <= set(rows)
    assert len(rows) <= SHOWN + 2


def test_a_history_without_rows_prints_too():
    assert str(History(1)) == "History of 0 steps\nrow  loss  gradient_norm  decrement  rate"
    assert repr(History(1)) == "<History of 0 steps>"
    assert len(History(2).to_frame()) == 0


def test_j_that_never_changed_or_is_no_number_draws_no_curve(plants):
    assert "lowest loss" not in str(fitted(*plants, max_iter=0).history_)
    assert "lowest loss" in str(fitted(*plants, max_iter=1).history_)
    history = fitted(*plants, max_iter=3).history_
    history._table[:, 0] = np.nan
    assert "lowest loss" not in str(history)
    assert " nan " in str(history)


@pytest.mark.parametrize("scale", [1e-300, 1.0, 1e300])
def test_a_curve_falls_where_the_numbers_fall_whatever_their_size(scale):
    blocks, told = curve_in_letters(scale * np.array([1.0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 0.0]))
    assert blocks == BLOCKS[::-1]
    assert told == [f"█ {scale:.2e}", f"▂ {scale * 1e-6:.2e}", "▁ 0"]


def test_a_curve_of_what_has_no_size():
    assert curve_in_letters(np.array([1.0, np.inf, np.nan, 1e-3, 0.0])) == (
        "███▂▁",
        ["█ 1.00e+00", "▂ 1.00e-03", "▁ 0"],
    )
    assert curve_in_letters(np.array([0.5, 0.0])) == ("█▁", ["█ 5.00e-01", "▁ 0"])
    assert curve_in_letters(np.array([2.0, 1.0])) == ("█▂", ["█ 2.00e+00", "▂ 1.00e+00"])
    assert curve_in_letters(np.array([0.0, np.nan])) == ("", [])


@pytest.mark.parametrize("count", [1, LETTERS - 1, LETTERS, LETTERS + 1, 12_345])
def test_a_curve_keeps_its_ends_and_to_its_width(count):
    blocks, _ = curve_in_letters(np.geomspace(1, 1e-6, count))
    assert len(blocks) == min(count, LETTERS)
    assert blocks[0] == "█"
    assert blocks[-1] == ("▂" if count > 1 else "█")
    assert list(blocks) == sorted(blocks, reverse=True)


# As a frame -----------------------------------------------------------------------------------------------


def test_a_frame_holds_every_column_by_its_name(plants):
    pytest.importorskip("pandas")
    history = fitted(*plants, record="path").history_
    frame = history.to_frame()
    assert list(frame.columns) == [name for name in history.columns if name != "weights"]
    assert frame.index.name == "row"
    assert frame.index.tolist() == list(range(len(history)))
    for name in frame.columns:
        np.testing.assert_array_equal(frame[name], getattr(history, name))


@pytest.mark.parametrize("which", ["flowers", "staged"])
def test_of_neurons_side_by_side_a_name_finds_all_of_them(request, which):
    pd = pytest.importorskip("pandas")
    found = request.getfixturevalue(which)
    history = (found[2] if which == "staged" else found).history_
    frame = history.to_frame()
    assert frame.columns.names == ["column", "neuron"]
    for name in history.columns[:-1]:
        np.testing.assert_array_equal(frame[name], getattr(history, name))
    assert frame["loss"].columns.tolist() == [0, 1, 2]
    assert frame["stage"].ndim == 1
    np.testing.assert_array_equal(frame["loss", 1], history.loss[:, 1])
    again = pd.read_csv(io.StringIO(frame.to_csv()), header=[0, 1], index_col=0)
    np.testing.assert_allclose(again["decrement"], history.decrement, rtol=1e-12)  # pandas 2 reads 14 digits or so


def test_a_frame_is_a_copy(plants):
    pytest.importorskip("pandas")
    history = fitted(*plants).history_
    kept = history.loss
    frame = history.to_frame()
    frame.loc[:, "loss"] = -1
    np.testing.assert_array_equal(history.loss, kept)


def test_without_pandas_there_is_no_frame_and_a_sentence_says_what_to_do(plants, monkeypatch):
    history, really_import = fitted(*plants).history_, builtins.__import__

    def import_but_pandas(name, *others, **named):
        if name.startswith("pandas"):
            raise ModuleNotFoundError("No module named 'pandas'")
        return really_import(name, *others, **named)

    monkeypatch.setattr(builtins, "__import__", import_but_pandas)
    with pytest.raises(ImportError, match=r"to_frame\(\) needs pandas: pip install"):
        history.to_frame()
    assert "0.460419" in str(history)
