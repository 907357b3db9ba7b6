"""Are the constants of ``sklearn_neuron.homes.costs`` right for this machine? Measured again, in less than two minutes.

Run ``python -m benchmarks.costs`` where nothing else runs. Sizes are tried on a ladder of steps of a half or less, so
what is found is as coarse as that; "-" is none on the ladder (with one thread no product is ever split). What
limits memory (`LARGEST_HESSIANS`, `SMALL_HESSIANS`), was chosen on many tables (`FIRST_HESSIAN`,
`SPARED`, `SAMPLE_REPAYS`, `CERTIFICATE`, `MOSTLY_ZEROS`, `SPAN_EXAMPLES`), or follows from others (`SYRK_ROWS`,
`MOST_PARTS`) is not measured.
"""

import argparse
import functools
import time
from functools import partial

import numpy as np
import scipy.sparse as sp
from scipy import linalg

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron._linalg import dot
from sklearn_neuron.homes import costs
from sklearn_neuron.homes.arrays import total
from sklearn_neuron.homes.blocks import Dense
from sklearn_neuron.homes.memory import InMemory
from sklearn_neuron.homes.threads import ThreadTeam, free_threads
from sklearn_neuron.losses import SIGMOID
from sklearn_neuron.neuron import loss_and_residual
from sklearn_neuron.objective import Objective

from .turns import quiet

RNG = np.random.default_rng(0)
SPLIT = 1.3  # seconds of processors to a second on the clock, from which more than one is at work
GAIN = 0.9  # of the time of another way, that makes one worth the while


def ladder(low, high, step=1.5):
    """Sizes between two, each so many times the last."""
    return (low * step ** np.arange(np.ceil(np.log(high / low) / np.log(step)) + 1)).astype(int)


def seconds(job, turn=0.01):
    """Shortest time of a job, done again and again for a while."""
    times = []
    while sum(times) < turn or len(times) < 3:
        start = time.perf_counter()
        job()
        times.append(time.perf_counter() - start)
    return min(times)


def first(sizes, holds):
    """The first size of which something holds; None if of none."""
    return next((size for size in sizes if holds(size)), None)


def splits(job):
    """Whether a product keeps more than one processor busy; threads of earlier ones are given time to sleep."""
    job()
    time.sleep(0.1)
    wall, processors = time.perf_counter(), time.process_time()
    while time.perf_counter() < wall + 0.02:
        job()
    return time.process_time() - processors > SPLIT * (time.perf_counter() - wall)


def flat_until(sizes, job_of):
    """The largest size up to which a job takes no more for each number than the best size does, and a quarter."""
    each = np.array([seconds(job_of(size)) / size for size in sizes])
    return sizes[np.flatnonzero(each <= 1.25 * each.min())[-1]]


def home_of(X, K=1):
    """The home of examples with random truths."""
    n = X.shape[0]
    return InMemory(X, RNG.random((n, K)) < 0.5, np.full(n, 1 / n))


def sparse(n, p, stored):
    """A sparse table with so many numbers."""
    where = RNG.integers(p, size=stored).astype(np.int32)
    return sp.csr_array((np.ones(stored), where, np.linspace(0, stored, n + 1).astype(np.int32)), shape=(n, p))


# Where OpenBLAS begins to split ------------------------------------------------------------------------------


def split_product():
    """Numbers of X from which ``Xw`` is split."""
    return first(ladder(100_000, 2_000_000, 1.15), lambda size: splits(partial(np.matmul, *ones(size // 30, 30, 1))))


def split_syrk():
    """Multiply-adds of ``A'A`` from which it is split."""

    def splits_at(size):
        A = np.ones((size // 900, 30))
        return splits(lambda: A.T @ A)

    return first(ladder(100_000, 4_000_000, 1.3), splits_at)


def split_dot():
    """Numbers of two vectors from which their product is split."""
    return first(ladder(4_000, 200_000, 1.3), lambda size: splits(partial(np.vecdot, np.ones(size), np.ones(size))))


def split_cholesky():
    """Examples from which SciPy factors their products on several threads."""
    return first(ladder(20, 1_000, 1.3), lambda n: splits(partial(linalg.cholesky, np.eye(n) + 1e-3)))


def ones(n, p, K):
    """Two factors of a product."""
    return np.ones((n, p)), np.ones((p, K))


# Where memory begins to cost -----------------------------------------------------------------------------------


def scores():
    """Scores up to which a kernel costs no more each."""

    def job_of(n):
        z, y = RNG.normal(size=n), RNG.random(n) < 0.5
        return partial(loss_and_residual, z, y)

    return flat_until(ladder(4_000, 1_000_000), job_of)


def scratch():
    """Numbers that are squared in a copy at no more each."""

    def job_of(n):
        X = np.ones(n)
        return lambda: (X * X) * X

    return flat_until(ladder(10_000, 4_000_000), job_of)


def copied():
    """Numbers of float32 that are copied in the time of one pass over a table of nothing."""
    J = Objective(home_of(np.ones((4, 2))))
    call = seconds(partial(J.at, np.zeros((3, 1))))
    return first(ladder(4_000, 2_000_000), lambda n: seconds(partial(np.ones(n, np.float32).astype, float)) > call)


def places():
    """Places for each number stored at which a dense ``A'A`` takes as long as a sparse one."""

    def dense_is_slower(each):
        A = sparse(2_000, 200, 400_000 // each)
        A.sum_duplicates()

        def dense():
            B = A.toarray()
            return B.T @ B

        return seconds(dense) > seconds(lambda: A.T @ A)

    return first(ladder(2, 500), dense_is_slower)


def looking():
    """Numbers a column at which fifty products of vectors of all columns cost a tenth of a pass."""
    vector = np.ones((100_001, 1))
    products = 50 * seconds(partial(dot, vector, vector))

    def is_little(each):
        return products < seconds(partial(Objective(home_of(sparse(2_000, 100_000, 100_000 * each))).at, vector)) / 10

    return first(ladder(1, 40), is_little)


def counting():
    """Different whole numbers at which counting 20,000 labels takes as long as sorting them."""

    def sorting_is_sooner(count):
        y = RNG.integers(count, size=20_000)
        return seconds(lambda: np.unique(y, return_inverse=True)) < seconds(
            lambda: (np.cumsum(np.bincount(y) > 0) - 1)[y]
        )

    return first(ladder(100, 10_000_000, 3), sorting_is_sooner)


# What repays a thread, and a Hessian -----------------------------------------------------------------------------


def part(make):
    """Numbers of each of two parts that two threads sum in nine tenths of the time of one."""
    if free_threads() < 2:
        return None
    team = ThreadTeam()

    def pays(size):
        J = Objective(home_of(make(size)))
        job = partial(J.at, np.zeros((J.home.n_parameters, 1)))
        return seconds(lambda: list(team.each(lambda _: job(), range(2))), 0.1) < 2 * GAIN * seconds(job, 0.05)

    return first(ladder(30_000, 4_000_000), pays)


def dense_part():
    """Numbers of a dense part at which a second thread brings a tenth."""
    return part(lambda size: np.ones((size // 30, 30)))


def sparse_part():
    """Numbers of a sparse part at which a second thread brings a tenth."""
    return part(lambda size: sparse(size // 10, 1_000, size))


def per_feature():
    """Numbers for each of 20,000 features at which a second thread brings a tenth to a sparse part."""
    numbers = part(lambda size: sparse(2_000, 20_000, size))
    return numbers and round(numbers / 20_000)


def many_scores():
    """Scores at which few logarithms, in place, are sooner than one each."""

    def job_of(n):
        z, y, share = RNG.normal(size=(n, 1)), RNG.random((n, 1)) < 0.5, np.full((1, 1), 1 / n)
        return seconds(lambda: SIGMOID.sums_of_many(z.copy(), y, share)) < seconds(
            lambda: one_by_one(z.copy(), y, share)
        )

    return first(ladder(500, 100_000), job_of)


def one_by_one(z, y, share):
    """What they are without."""
    loss, slope = SIGMOID.value_and_slope(z, y)
    return total(share * loss), share * slope


def few_columns():
    """Columns at which a weighted ``A'A`` is no sooner by columns than by rows."""

    def is_sooner_by_rows(p):
        X, h = RNG.normal(size=(10_000, p)), RNG.random((10_000, 1))
        rows, columns = (Dense(slice(10_000), form(X), None, h) for form in (np.ascontiguousarray, np.asfortranarray))
        return seconds(lambda: rows.weighted_gram(h)) < seconds(lambda: columns.weighted_gram(h))

    return first(ladder(4, 200), is_sooner_by_rows)


# What a step and a Hessian cost, in numbers that a pass reads -----------------------------------------------------


def pass_over(X, what="at"):
    """Seconds of J and its slope at no weights, or of its Hessian."""
    J = Objective(home_of(X))
    return seconds(partial(getattr(J, what), np.zeros((J.home.n_parameters, 1))), 0.2)


@functools.cache
def per_number():
    """Seconds of one number of a dense X in a pass, and of one score."""
    few, many = (pass_over(RNG.normal(size=(5_000, p))) for p in (20, 220))  # in cache
    number = (many - few) / 1e6
    return number, (few - 1e5 * number) / 5_000


def score():
    """A score, beside the numbers that it is made of."""
    number, one = per_number()
    return round(one / number)


def beside():
    """Neurons beside the first that cost as much as it does, in the products of a pass."""
    X = RNG.normal(size=(10_000, 200))
    W = np.ones((200, 9))
    one, nine = (seconds(lambda: X.T @ (X @ W[:, :K]), 0.2) for K in (1, 9))  # noqa: B023
    return round(8 * one / (nine - one))


def step():
    """What is called in a step: that of a fit of fifty examples."""
    X = RNG.normal(size=(50, 2))
    y = X[:, 0] + RNG.logistic(size=50) > 0
    neuron = SigmoidNeuronClassifier(solver="newton", tol=1e-6)
    walks = (neuron.fit(X, y).history_.seconds for _ in range(200))
    return round(min((walk[-1] - walk[0]) / (len(walk) - 1) for walk in walks) / per_number()[0])


@functools.cache
def of_hessians():
    """Numbers that cost what weighting one does, and multiply-adds that cost as much as one."""
    n, number = 5_000, per_number()[0]
    few, many = (
        (pass_over(RNG.normal(size=(n, q - 1)), "hessian") / n - per_number()[1]) / q / number for q in (20, 220)
    )
    return few - 20 * (many - few) / 200, 200 / (many - few)


def weighted_number():
    """A number that is weighted for a Hessian."""
    return round(of_hessians()[0])


def multiply_adds():
    """Multiply-adds of a Hessian in the time of one number."""
    return round(of_hessians()[1])


def sparse_number():
    """A number that is stored."""
    few, many = (pass_over(sparse(20_000, 1_000, stored)) for stored in (200_000, 1_000_000))
    return round((many - few) / 8e5 / per_number()[0], 1)


def sparse_row():
    """A row of a sparse X, beside its score."""
    number, one = per_number()
    return round(pass_over(sparse(100_000, 10, 1_000)) / 100_000 / number - one / number)


def sparse_multiply_add():
    """A multiply-add of two numbers that are stored."""
    A = sparse(20_000, 1_000, 400_000)
    return round(seconds(lambda: A.T @ A, 0.2) / 20_000 / 20**2 / per_number()[0], 1)


def sooner(solver, other, sizes, shape):
    """The first size of which one solver is done sooner than another."""

    def is_sooner(size):
        n, p = shape(size)
        X = RNG.normal(size=(n, p)) * np.logspace(0, 2, p)
        y = X @ (RNG.normal(size=p) / np.logspace(0, 2, p)) + RNG.logistic(size=n) > 0
        one, another = (
            seconds(quiet(partial(SigmoidNeuronClassifier(solver=name).fit, X, y))) for name in (solver, other)
        )
        return one < another

    return first(sizes, is_sooner)


def in_the_span():
    """Examples of ten times as many features at which products with a Hessian are sooner than the Hessian."""
    return sooner("newton-cg-gram", "newton-gram", ladder(50, 800), lambda n: (n, 10 * n))


MEASURED = {
    "DENSE_BLOCK": split_product,
    "BLOCK_SCORES": scores,
    "SCRATCH": scratch,
    "SYRK_UNSPLIT": split_syrk,
    "DOT_UNSPLIT": split_dot,
    "DENSE_PLACES": places,
    "FLOAT64_COPY": copied,
    "STORED_PER_COLUMN": looking,
    "COUNTED_LABELS": counting,
    "DENSE_PART": dense_part,
    "SPARSE_PART": sparse_part,
    "SPARSE_PART_PER_FEATURE": per_feature,
    "CHOLESKY_UNSPLIT": split_cholesky,
    "MANY_SCORES": many_scores,
    "FEW_COLUMNS": few_columns,
    "SCORE": score,
    "NEURONS_BESIDE": beside,
    "STEP": step,
    "SPARSE_NUMBER": sparse_number,
    "SPARSE_ROW": sparse_row,
    "WEIGHTED_NUMBER": weighted_number,
    "MULTIPLY_ADDS": multiply_adds,
    "SPARSE_MULTIPLY_ADD": sparse_multiply_add,
    "SPAN_HESSIAN": in_the_span,
}

if __name__ == "__main__":
    argparse.ArgumentParser(prog="python -m benchmarks.costs", description="Constants, measured again.").parse_args()
    print(f"{'constant':24}{'package':>10}{'here':>12}  what is found here")
    for name, measure in MEASURED.items():
        found = measure()
        shown = "-" if found is None else f"{found:,}"
        print(f"{name:24}{getattr(costs, name):>10,}{shown:>12}  {measure.__doc__}", flush=True)
