"""What a home of pieces promises: it sums as a home in memory does, and draws a fair sample at the first reading."""

import itertools
import pickle
import tracemalloc

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from sklearn_neuron import Blocks, SigmoidNeuronClassifier, SigmoidNeuronClassifierCV
from sklearn_neuron.homes import costs
from sklearn_neuron.homes.counted import CountedPieces
from sklearn_neuron.homes.elsewhere import elsewhere
from sklearn_neuron.homes.memory import InMemory
from sklearn_neuron.homes.moments import moments
from sklearn_neuron.homes.pieces import Pieces, Pose, Rows, Sample, Surveying, Task
from sklearn_neuron.losses import SIGMOID, SoftmaxLoss
from sklearn_neuron.objective import Needs, Objective, OnePass
from sklearn_neuron.solvers.coordinates import Standardised

N, P, K = 400, 4, 3
ALL = Needs.GRADIENT | Needs.DIAGONAL | Needs.HESSIAN


def table(rng, form=np.asarray, n=N):
    X = np.where(rng.random((n, P)) < 0.7, rng.normal(size=(n, P)), 0) + np.array([0, 0, 5, 0])
    return form(X), rng.integers(K, size=n), rng.integers(1, 4, size=n).astype(float)


def pieces_of(X, y, weight, edges):
    edges = [0, *sorted(edges), X.shape[0]]
    return Blocks([(X[a:b], y[a:b], weight[a:b]) for a, b in itertools.pairwise(edges) if a < b])


def homes(rng, form=np.asarray, layer=False, edges=(30, 31, 170), drawn=100 * P):
    """The same examples in memory, and in pieces."""
    X, y, weight = table(rng, form)
    store = elsewhere(pieces_of(X, y, weight, edges))
    survey = store.together(Surveying(drawn))
    pose = Pose(np.arange(K), np.full(K, 1 / weight.sum()), True, K if layer else 1, survey.dtype)
    truths = y[:, None] if layer else y[:, None] == np.arange(K)
    whole = InMemory(X, truths, weight / weight.sum(), of_a_walk=pose.of_a_walk)
    return whole, Pieces(store, pose, survey, P)


FORMS = {"dense": np.asarray, "sparse": sp.csr_array}


@pytest.mark.parametrize("layer", [False, True])
@pytest.mark.parametrize("form", FORMS)
def test_pieces_tell_of_j_what_the_whole_does(rng, form, layer):
    loss = SoftmaxLoss(K) if layer else SIGMOID
    both = [Objective(home, 0.1, loss) for home in homes(rng, FORMS[form], layer)]
    theta, vector = rng.normal(size=(2, P + 1, K))
    for ask in (
        lambda J: J.at(theta, ALL)[3:],
        lambda J: (J.hessian(theta), J.diagonal(theta), J.doubt(J.hessian_weights(theta))),
        lambda J: (J.hessian_product(vector, J.hessian_weights(theta)),),
        lambda J: (J.smoothness, J.no_idea, J.loss_in_float64(theta)),
        lambda J: J.of_features(np.array([0, 2])).at(theta[[0, 2, 4]], ALL)[3:],
    ):
        for expected, found in zip(*(ask(J) for J in both), strict=True):
            np.testing.assert_allclose(found, expected, rtol=3e-6 if np.ndim(expected) == 0 else 1e-11, atol=1e-13)


@pytest.mark.parametrize("form", FORMS)
def test_pieces_are_seen_in_other_coordinates_as_the_whole_is(rng, form):
    both = [Standardised()(Objective(home, 0.1)).neurons([0, 2]) for home in homes(rng, FORMS[form])]
    u = rng.normal(size=(P + 1, 2))
    for expected, found in zip(*(seen.at(u, ALL)[3:] for seen in both), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-13)
    for expected, found in zip(*(moments(seen.home.uncentred)[:3] for seen in both), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert both[1].home.identity is both[1].home.neurons([0]).identity


def test_what_is_known_of_pieces_is_what_is_known_of_the_whole(rng):
    for layer in (False, True):
        whole, apart = homes(rng, layer=layer)
        for name in ("n", "shape", "n_neurons", "n_walks", "n_parameters", "stored_numbers", "is_sparse", "dtype"):
            assert getattr(apart, name) == getattr(whole, name), name
        np.testing.assert_allclose(apart.truth, whole.truth, rtol=1e-13)
        np.testing.assert_allclose(apart.least_share, whole.least_share, rtol=1e-13)
        assert apart.extremes()[0] == whole.X.min()
        assert apart.extremes()[1] == whole.X.max()


def test_no_score_moves_by_more_than_pieces_say(rng):
    whole, apart = homes(rng)
    heading = rng.normal(size=(P + 1, K))
    for far in (np.zeros(P, dtype=bool), np.ones(P, dtype=bool)):
        center = np.array([0.5, -1.0, 5.0, 0.0])
        moves = np.abs(whole.centred(center, far).map(lambda block: block.scores(heading))).max(axis=0)
        longest = apart.centred(center, far).longest(heading)
        assert (moves <= longest).all()
        assert (longest <= 20 * moves).all()


@pytest.mark.parametrize("numbers", [[1.0], [7.0, 16.0]], ids=str)
def test_features_that_need_a_second_look_are_measured_alike(numbers):
    """One value but for a few, in whichever block: what one example makes of a spread is left out there, too."""
    X = np.full((400, 2), 0.1)
    X[np.arange(len(numbers)) * 390, 0] = numbers
    X[:, 1] = 1e9 + np.arange(400) % 7
    y, weight = np.arange(400) % 2, np.ones(400)
    store = elsewhere(pieces_of(X, y, weight, (1, 2, 300)))
    survey = store.together(Surveying(200))
    pose = Pose(np.arange(2), np.full(2, 1 / 400), True, 1, survey.dtype)
    both = InMemory(X, y[:, None] == 1, weight / 400), Pieces(store, pose, survey, 2)
    for expected, found in zip(*(moments(home)[:2] for home in both), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_a_reading_counts_as_one(rng):
    _, apart = homes(rng)
    home = CountedPieces(apart, [1.0])
    J, theta = Objective(home, 0.1), rng.normal(size=(P + 1, K))
    J.at(theta)
    assert home.passes == 2
    weights = J.hessian_weights(theta)  # asked for again with every product, and not kept
    assert home.passes == 2
    J.hessian_product(theta, weights)
    assert home.passes == 3
    home.take(home.sample(4)).fold(OnePass(theta, SIGMOID, ALL))
    assert 3.2 < home.passes < 3.3


def test_tasks_travel(rng):
    _, apart = homes(rng)
    seen = apart.centred(np.ones(P), np.zeros(P, dtype=bool)).neurons([0])
    task = Task(seen.pose, seen.look, OnePass(rng.normal(size=(P + 1, 1)), SIGMOID, ALL), "fold")
    rows = Rows(*table(rng))
    for expected, found in zip(task(0, rows), pickle.loads(pickle.dumps(task))(0, rows), strict=True):
        np.testing.assert_array_equal(found, expected)


# The first reading ------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 60), max_size=5), st.integers(1, 70), st.sampled_from([1.0, 0.3]))
def test_a_survey_of_pieces_is_that_of_the_whole(edges, most, of_a_piece):
    X, y, weight = table(np.random.default_rng(0), n=60)
    whole = Surveying(most * P)(0, Rows(X, y, weight))
    survey = elsewhere(pieces_of(X, y, weight, edges)).together(Surveying(most * P, of_a_piece))
    assert (survey.n, survey.stored, survey.dtype, survey.least) == (whole.n, whole.stored, whole.dtype, whole.least)
    for name in ("labels", "weights", "ends"):
        np.testing.assert_array_equal(getattr(survey, name), getattr(whole, name))
    sample = survey.sample
    assert len(sample.keys) <= most
    assert (sample.keys < sample.cut).all()
    assert sample.is_all == (len(sample.keys) == 60)
    for drawn, label, counts in zip(*sample.rows, strict=True):
        (place,) = np.flatnonzero((drawn == X).all(axis=1))
        assert (y[place], weight[place]) == (label, counts)


@pytest.mark.parametrize("of_a_piece", [1.0, 0.2])
def test_every_example_is_as_likely_to_be_drawn(of_a_piece):
    """Also of a large piece beside small ones, and where each may send only some."""
    drawn, tries = np.zeros(60), 400
    X = np.arange(60.0)[:, None]
    for turn in range(tries):
        samples = []
        for number, (a, b) in enumerate([(0, 2), (2, 50), (50, 60)]):
            rows = Rows(X[a:b], np.zeros(b - a), np.ones(b - a))
            samples.append(Sample.of(rows, 3 * turn + number, max(1, int(12 * of_a_piece)))._replace(most=12))
        sample = (samples[0] + samples[1] + samples[2]).settled()
        drawn[sample.rows.X[:, 0].astype(int)] += 1
    likely = drawn.sum() / 60
    assert likely > 1
    assert np.square(drawn - likely).sum() / likely < 60 + 5 * np.sqrt(2 * 60)  # chi-squared of 60 counts


def test_a_sample_is_not_copied_once_a_piece(monkeypatch):
    """A thousand pieces of ten examples: those that are joined are a few times as many as are kept."""
    joined, stacked = [], Rows.stacked

    def watched(parts):
        joined.append(sum(len(part.y) for part in parts) * (len(parts) > 1))
        return stacked(parts)

    monkeypatch.setattr(Rows, "stacked", watched)
    X = np.arange(10_000.0)[:, None]
    store = elsewhere(pieces_of(X, np.arange(10_000) % 2, np.ones(10_000), range(10, 10_000, 10)))
    sample = store.together(Surveying(500)).sample
    assert len(sample.keys) == 500
    assert 500 < sum(joined) < 20 * 500


def test_a_walk_begins_on_the_sample_however_much_that_holds(rng, monkeypatch):
    """More than half of all examples, too: as many readings are spared."""
    X = rng.normal(size=(2_000, 4))
    y = rng.random(2_000) < 1 / (1 + np.exp(-X[:, 0]))
    for drawn in (0.3, 0.6, 0.9):
        monkeypatch.setattr(costs, "DRAWN", int(drawn * X.size))
        history = SigmoidNeuronClassifier().fit(pieces_of(X, y, np.ones(2_000), range(100, 2_000, 100))).history_
        assert history.share[0] == pytest.approx(drawn)
        assert history.passes[-1] - history.passes[~history.on_all][-1] <= 4  # beside the first reading


def test_another_number_of_examples_at_the_second_reading_is_refused(rng, monkeypatch):
    monkeypatch.setattr(costs, "DRAWN", 100)
    X, y, _ = table(rng)
    readings = iter([400, 399])

    def shrinking():
        n = next(readings)
        yield X[:n], y[:n]

    with pytest.raises(ValueError, match="every reading must yield the same blocks"):
        SigmoidNeuronClassifier().fit(Blocks(shrinking))


# Blocks -----------------------------------------------------------------------------------------------------

EIGHT = np.arange(16.0).reshape(8, 2)
TRUTHS = np.arange(8) % 2


def some(*slices):
    return [(EIGHT[a:b], TRUTHS[a:b]) for a, b in slices]


@pytest.mark.parametrize(
    ("blocks", "told"),
    [
        ([(EIGHT, TRUTHS), (EIGHT[:, :1], TRUTHS)], "Block 1 has 1 features, but those before it have 2"),
        ([(EIGHT, TRUTHS[:3])], r"Block 0 has 8 examples, but labels of shape \(3,\)"),
        ([EIGHT], "Block 0 has no labels"),
        ([(EIGHT, TRUTHS, TRUTHS, TRUTHS)], "Block 0 has 4 parts"),
        ([(EIGHT, TRUTHS, np.zeros(8))], "hold no example"),
        ([(EIGHT, TRUTHS, -np.ones(8))], "[Nn]egative"),
        ([(EIGHT, np.zeros(8, dtype=int))], "at least 2 classes"),
        ([(EIGHT, np.linspace(0, 1, 8))], "Unknown label type"),
        ([(np.where(EIGHT == 3, np.nan, EIGHT), TRUTHS)], "NaN"),
        (
            [(pd.DataFrame(EIGHT, columns=["a", "b"]), TRUTHS), (pd.DataFrame(EIGHT, columns=["b", "a"]), TRUTHS)],
            "columns",
        ),
    ],
)
def test_blocks_that_cannot_be_learned_from_are_refused_by_number(blocks, told):
    neuron = SigmoidNeuronClassifier().fit(EIGHT, TRUTHS)
    before = neuron.coef_
    with pytest.raises(ValueError, match=told):
        neuron.fit(Blocks(blocks))
    assert neuron.coef_ is before


def test_what_is_given_beside_blocks_must_fit_them():
    with pytest.raises(ValueError, match="its own y, and one was given"):
        SigmoidNeuronClassifier().fit(Blocks(some((0, 8))), TRUTHS)
    with pytest.raises(ValueError, match="hold 8 examples altogether, but y or sample_weight was given for 9"):
        SigmoidNeuronClassifier().fit(Blocks([EIGHT]), np.arange(9) % 2)
    with pytest.raises(TypeError, match="got generator, which may be read only once"):
        Blocks(block for block in some((0, 8)))
    with pytest.raises(ValueError, match="early_stopping=True needs examples in memory"):
        SigmoidNeuronClassifier(early_stopping=True).fit(Blocks(some((0, 8))))
    with pytest.raises(TypeError, match="not read into one array"):
        SigmoidNeuronClassifierCV().fit(Blocks(some((0, 8))), TRUTHS)


def test_non_finite_numbers_are_found_where_the_blocks_are_many(rng, monkeypatch):
    monkeypatch.setattr(costs, "DRAWN", 100)
    X, y, weight = table(rng)
    X[333, 2] = np.inf
    with pytest.raises(ValueError, match="infinity"):
        SigmoidNeuronClassifier().fit(pieces_of(X, y, weight, (30, 31, 170)))


def test_an_example_far_out_is_met_in_pieces_as_in_one_array(rng, monkeypatch):
    """Its Hessian is nearly singular, so that weak curvature is asked of the examples themselves."""
    monkeypatch.setattr(costs, "DRAWN", 3_000)
    X = rng.normal(size=(6_000, 6))
    y = rng.random(6_000) < 1 / (1 + np.exp(-X[:, 0]))
    X[0] = 1e9
    whole = SigmoidNeuronClassifier().fit(X, y)
    apart = SigmoidNeuronClassifier().fit(pieces_of(X, y, np.ones(6_000), range(500, 6_000, 500)))
    assert apart.converged_
    assert apart.loss_curve_[-1] <= whole.loss_curve_[-1] + 2e-8  # each within tol^2 of the floor


def test_the_span_needs_all_examples_at_once(rng, monkeypatch):
    monkeypatch.setattr(costs, "DRAWN", 100)
    X, y, weight = table(rng)
    with pytest.raises(ValueError, match="must be in memory at once; use solver='lbfgs'"):
        SigmoidNeuronClassifier(solver="newton-gram").fit(pieces_of(X, y, weight, (30,)))


def test_names_and_labels_of_frames_are_kept(rng):
    frames = [
        (pd.DataFrame(X, columns=["a", "b"]), pd.Series(y).map({0: "no", 1: "yes"})) for X, y in some((0, 3), (3, 8))
    ]
    neuron = SigmoidNeuronClassifier().fit(Blocks(frames))
    assert neuron.feature_names_in_.tolist() == ["a", "b"]
    assert neuron.classes_.tolist() == ["no", "yes"]
    answers = neuron.predict(Blocks([frame for frame, _ in frames]))
    np.testing.assert_array_equal(answers, neuron.predict(pd.concat([frame for frame, _ in frames])))
    assert not hasattr(neuron.fit(Blocks(some((0, 3), (3, 8)))), "feature_names_in_")


@pytest.mark.parametrize("form", FORMS)
def test_many_classes_warm_starts_and_readers_that_are_called(rng, monkeypatch, form):
    """Thirty classes make no warning, and a second fit from where the first has ended arrives there again."""
    monkeypatch.setattr(costs, "DRAWN", 400)
    X, y = FORMS[form](rng.normal(size=(600, 3))), np.arange(600) % 30
    blocks = Blocks([lambda a=a: (X[a : a + 150], y[a : a + 150]) for a in range(0, 600, 150)])
    neuron = SigmoidNeuronClassifier(warm_start=True).fit(blocks)
    first = neuron.history_.loss[-1]
    assert len(neuron.classes_) == 30
    neuron.fit(blocks)
    np.testing.assert_allclose(neuron.history_.loss[-1], first, rtol=1e-7)


def test_memory_holds_the_sample_and_a_block():
    """A hundred blocks of 0.8 MB: never a tenth of them together."""
    n, p = 5_000, 20

    def blocks():
        for number in range(100):
            rng = np.random.default_rng(number)
            X = rng.normal(size=(n, p))
            yield X, rng.random(n) < 1 / (1 + np.exp(-X[:, 0]))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(costs, "DRAWN", 20_000)
        SigmoidNeuronClassifier().fit(Blocks([(EIGHT, TRUTHS)]))  # what is imported late
        tracemalloc.start()
        neuron = SigmoidNeuronClassifier().fit(Blocks(blocks))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert neuron.converged_
    assert most < 100 * n * p * 8 / 10
