"""What Episodes I and II say in words is what their code finds: numbers may change, and then sentences have to."""

import contextlib
import io
from pathlib import Path

import numpy as np
import pytest
from matplotlib import pyplot as plt
from threadpoolctl import threadpool_limits

from sklearn_neuron import Outcome
from sklearn_neuron.neuron import log_loss

LEARN = Path(__file__).parents[1] / "docs" / "learn"


def run(name):
    """What the code of an episode leaves behind, what it printed, and the titles of its pictures."""
    known, told = {"__name__": "__main__"}, io.StringIO()
    plt.close("all")
    with threadpool_limits(1), contextlib.redirect_stdout(told):
        exec(compile((LEARN / name).read_text(encoding="utf8"), name, "exec"), known)
    pictures = [plt.figure(number) for number in plt.get_fignums()]
    titles = {ax.get_title(loc) for picture in pictures for ax in picture.axes for loc in ("left", "center")}
    plt.close("all")
    return known, told.getvalue(), titles


@pytest.fixture(scope="module")
def first():
    return run("plot_1_theory_of_a_neuron.py")


@pytest.fixture(scope="module")
def second():
    return run("plot_2_secret_of_the_gradient.py")


def test_who_feels_every_slope_comes_to_the_same_place_as_the_package(first):
    _, told, _ = first
    felt, ours = (line.split("[")[1] for line in told.splitlines() if line.startswith("by ") and "[" in line)
    assert felt == ours


def test_the_large_rate_trips_and_the_small_one_is_still_on_its_way(first):
    large, right, small = first[0]["walks"].values()
    assert large.outcomes_[0] is Outcome.DIVERGED
    assert large.loss_curve_[-1] > large.loss_curve_[0]
    assert right.converged_
    assert right.loss_curve_[-1] < small.loss_curve_[-1] < small.loss_curve_[0]


def test_what_the_neuron_says_of_new_plants_comes_true(first):
    belief, toxic = first[0]["belief"], first[0]["y_new"]
    for low in (0.0, 0.2, 0.4, 0.6, 0.8):
        which = (low <= belief) & (belief < low + 0.2)
        assert abs(belief[which].mean() - toxic[which].mean()) < 0.03


def test_shouting_and_whispering_cost_and_change_no_decision(first):
    known, told, _ = first
    w, b, X, y = (known[name] for name in ("w", "b", "X", "y"))
    whisper, speech, shout = (log_loss(X @ (k * w) + k * b, y) for k in (0.1, 1, 10))
    assert speech < whisper < shout
    assert len({line.split()[3] for line in told.splitlines() if line.startswith("dials times")}) == 1


def test_the_product_dies_of_both_neurons_and_the_sum_tells_them_apart(first):
    died = [line for line in first[1].splitlines() if "log-likelihood" in line]
    assert all("likelihood 0.0," in line for line in died)
    ours, other = (float(line.split()[-1]) for line in died)
    assert ours > other


def test_every_figure_of_the_guide_stands_in_the_first_episode(first):
    assert {"What there is to learn from", "The sigmoid makes beliefs of scores", "The valley of J"} <= first[2]


def test_pencil_and_package_agree_in_every_digit(second):
    known, told, _ = second
    assert known["different"] == 0
    assert known["same"] == 2 * (4 * 9 + 4)  # sheets of nine rows that are computed, four of which have a mean
    for step, dials in zip(known["steps"], known["on_paper"], strict=True):
        np.testing.assert_array_equal(step.here.theta[:, 0].round(4), np.array(dials, dtype=float))
    assert told.count("J after the second step") == 1


def test_two_steps_by_pencil_lead_down_and_both_kinds_of_plants_are_called_toxic_between_them(second):
    known = second[0]
    falls = [step.here.loss[0] for step in known["steps"]]
    assert falls[0] > falls[1] > falls[2]
    assert min(known["rows_1"]["z"]) > 0
    assert list(known["rows_1"]["z"]) == sorted(known["rows_1"]["z"])


def test_the_gradient_on_paper_is_that_of_the_package(second):
    known = second[0]
    J = known["neuron"].objective(known["X"], known["y"])
    promised = J.at(known["early"][:, None]).gradient[:, 0]
    np.testing.assert_allclose(known["gradient"](known["early"]), promised, rtol=1e-12)


def test_on_the_floor_the_pulls_cancel(second):
    known = second[0]
    assert (
        np.abs(known["gradient"](known["neuron"].coef_[0].tolist() + known["neuron"].intercept_.tolist())).max() < 1e-3
    )
