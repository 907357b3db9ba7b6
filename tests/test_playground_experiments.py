"""The page about the playground promises what will happen in seven experiments; it does."""

import re
from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
from test_playground import TABLES, objective_of, ours

import sklearn_neuron.neuron as python
from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.playground import write_playground

PROMISES = (Path(__file__).parents[1] / "docs" / "playground.rst").read_text(encoding="utf8")
EXPERIMENTS = dict(re.findall(r":play:`([^<`]+) <([^`]*)>`", PROMISES))


def experiment(name, steps, **other):
    """J step by step, with the settings of a link, or others; and the table."""
    said = {key: values[0] for key, values in parse_qs(EXPERIMENTS[name]).items()} | other
    table = said.get("changed", TABLES[said["table"]])
    objective = objective_of(table, float(said["C"].replace("Infinity", "inf")), said["coordinates"])
    places = ours(objective, said["direction"], float(said["rate"]), steps)
    return np.array([place.loss[0] for place in places]), places, table


def arrived(loss, floor):
    """After how many steps J is a millionth above the floor."""
    return int(np.argmax(loss - floor < 1e-6))


def test_there_are_seven_experiments():
    assert len(EXPERIMENTS) == 7


def test_a_step_by_hand():
    _, (start, end), table = experiment("One step, by hand", 1)
    X, y = np.array(table.X), np.array(table.y)
    slopes = (np.column_stack([X, np.ones(len(y))]) * (0.5 - y)[:, None]).mean(axis=0)
    np.testing.assert_allclose(end.theta[:, 0], -0.1 * slopes, atol=1e-15)
    assert not start.theta.any()


def test_too_far_and_never_there():
    loss, _, table = experiment("Too far, and never there", 10)
    assert (np.diff(loss)[:3] > 0).all()
    loss, _, _ = experiment("Too far, and never there", 100, rate="0.001")
    assert (np.diff(loss) < 0).all()
    floor = SigmoidNeuronClassifier(C=np.inf, tol=1e-9).fit(np.array(table.X), table.y).loss_curve_[-1]
    assert (loss[0] - loss[-1]) < 0.1 * (loss[0] - floor)


def test_the_long_valley():
    plain, places, _ = experiment("The long valley", 10_000)
    fast, *_ = experiment("The long valley", 1000, direction="momentum")
    floor = fast.min()
    assert 100 < arrived(fast, floor) < 200
    assert arrived(plain, floor) > 2000
    assert float(parse_qs(EXPERIMENTS["The long valley"])["rate"][0]) < 1 / places[0].objective.smoothness


def test_far_from_zero():
    loss, places, _ = experiment("Far from zero", 100)
    assert 0 < loss[0] - loss[-1] < 1e-4
    ahead = np.sign(np.diff([place.weights[0, 0] for place in places[:20]]))
    assert (ahead[1:] == -ahead[:-1]).all()  # to and fro
    assert 1e-6 < 2 / places[0].objective.smoothness < 1e-5
    round_, *_ = experiment("Far from zero", 200, coordinates="standardised", rate="1")
    assert 12 < arrived(round_, round_.min()) < 60


def test_one_liar():
    loss, places, table = experiment("One liar", 10)
    assert arrived(loss, loss.min()) <= 5
    X, y = np.array(table.X), np.array(table.y)
    z = places[-1].objective.home.X @ places[-1].theta[:2, 0] + places[-1].theta[2, 0]
    right = np.where((z > 0) == y, np.abs(z), 0)
    y[right.argmax()] = 1 - y[right.argmax()]
    assert python.example_loss(z, y).argmax() == right.argmax()
    _, after, _ = experiment("One liar", 10, changed=table._replace(y=y.tolist()))
    then = X @ after[-1].theta[:2, 0] + after[-1].theta[2, 0]
    assert (np.abs(then) < np.abs(z)).mean() >= 0.9


def test_no_floor():
    loss, places, _ = experiment("No floor", 500)
    assert (np.diff(loss) < 0).all()
    lengths = [np.linalg.norm(place.weights[:2]) for place in places[1:]]
    assert (np.diff(lengths) > 0).all()
    penalised, *_ = experiment("No floor", 500, C="1")
    assert arrived(penalised, penalised.min()) < 100


def test_what_one_neuron_cannot_do():
    loss, *_ = experiment("What one neuron cannot do", 10)
    assert arrived(loss, loss.min()) <= 3
    assert np.log(2) - loss[-1] < 0.01


def test_every_experiment_is_an_address_that_the_page_understands(tmp_path, open_page):
    page = open_page(write_playground(tmp_path / "play.html"))
    for settings in EXPERIMENTS.values():
        assert page.evaluate("settings => goTo(hands.playground, '#' + settings)", settings) == []
        asked = parse_qs(settings)
        rate, table = page.evaluate("[hands.playground.rate, hands.playground.now.table.name]")
        assert (rate, table) == (float(asked["rate"][0]), asked["table"][0])
