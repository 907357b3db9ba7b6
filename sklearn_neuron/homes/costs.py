"""What does the machine charge? Every constant that a machine justifies, once, and how to measure it again.

They are counts, not seconds: the same data are cut, counted and walked alike on every machine. Most say where two ways
of doing the same cost the same, in numbers of X, scores, multiply-adds, examples or passes (one reading of X from end
to end). Measured on two cores of an AMD EPYC with AVX-512, NumPy 2.4 and the OpenBLAS in its wheel; most
are flat optima, where half or twice as much costs a few per cent. To see them on another machine, a quiet one::

    python -m benchmarks.costs

What a step and a Hessian cost a home follows from them, in numbers of a dense X that a pass reads.
"""

from typing import Any

import numpy as np

# Blocks: what one call of BLAS gets ---------------------------------------------------------------------------

# Numbers of a dense block: it stays in cache while a kernel uses it twice. From 460,800 numbers on OpenBLAS splits a
# product with a vector and, on a busy machine, waits for its half: 0.9 s a fit where 15 ms would do.
DENSE_BLOCK = 400_000

# Scores of a block (one a neuron and example), of which a kernel makes a dozen arrays: larger ones go back to the
# system each time, and new memory, page by page, costs ten times the sums. 20,000 x 16, 26 classes: 143 -> 67 ms.
BLOCK_SCORES = 24_000

# Rows of a block, at least, where neurons are many: each block adds up as many Hessians. 5,000 x 20, 1,000 classes: 7.7
# -> 3 s.
BLOCK_ROWS = 200

# Scores from which on calls cost less than logarithms that are taken one by one, and arrays that are new.
MANY_SCORES = 4_000

# Numbers copied at a time, for the same reason: 20,000 x 200: 54 -> 35 ms.
SCRATCH = 100_000

# Features up to which a table that is copied is kept column by column: rows would be too short to be weighted one after
# the other. 20,000 x 16: a Hessian takes 2.2 instead of 2.9 ns a number, scores 0.18 instead of 0.35.
FEW_COLUMNS = 24

# Multiply-adds of ``A'A`` that OpenBLAS leaves to one thread: from 500,000 on it splits them, and its threads keep the
# processors busy for some 20 ms after that. So many rows at a time, where X is shared out here; fewer repay no call.
SYRK_UNSPLIT = 400_000
SYRK_ROWS = 32, 128  # at least, at most

# Numbers of two vectors whose product OpenBLAS leaves to one thread.
DOT_UNSPLIT = 10_000

# Places for each number stored, up to which a sparse product ``A'A`` takes longer than a dense one: 70 times, at worst.
DENSE_PLACES = 10

# Numbers of a dense float32 X, up to which a copy in float64 costs little beside the calls.
FLOAT64_COPY = 64_000

# Numbers of a dense X that is mostly zeros, from which on it repays to leave those out: as long as five passes.
MOSTLY_ZEROS = 400_000

# Stored numbers a column, up to which columns that hold none are looked for; where there are more, vectors of all
# columns cost little beside a pass.
STORED_PER_COLUMN = 20

# Numbers of the sample that is drawn at the first reading of examples that lie elsewhere, 32 MB of them: where that is
# all, it is the table; otherwise a walk begins on it. The more it holds, the fewer readings follow.
DRAWN = 4_000_000

# Different whole numbers, up to which counting labels beats sorting them.
COUNTED_LABELS = 1_000

# Threads: what repays one -------------------------------------------------------------------------------------

# Numbers of a part of X, and what its scores cost: 1,000,000 x 30, a pass takes 16 ms instead of 22. Of a sparse part
# they are numbers times neurons, and 15 a feature at least, for it adds up vectors of all features: mails 192 -> 153
# ms, flights 132 -> 115.
DENSE_PART = 2_000_000
SPARSE_PART, SPARSE_PART_PER_FEATURE = 125_000, 15
MOST_PARTS = 8  # each adds up sums of its own

# Rows of a matrix that SciPy factors without waking threads of its own beside NumPy's (20 ms instead of 1), and sooner
# than NumPy does: 3 x 3 takes 2 instead of 5 microseconds.
CHOLESKY_UNSPLIT = 100

# Solvers: what a step costs, in numbers of a dense X that a pass reads -----------------------------------------

# A pass: a score, of which an exponential is taken; all columns of X for a few neurons more; and the calls of a step.
SCORE = 33
NEURONS_BESIDE = 4
STEP = 400_000

# Of a sparse X: a number that is stored, and a row.
SPARSE_NUMBER, SPARSE_ROW = 2.5, 12

# A Hessian: a number of X that is weighted, and multiply-adds in the time of one number, for ``A'A`` runs at the speed
# of the processor and a pass at that of the memory.
WEIGHTED_NUMBER = 5
MULTIPLY_ADDS = 14
GRAM_CALLS, SPARSE_GRAM_CALLS = 100_000, 1_200_000  # what is called for one neuron
PAIR = 2  # a place in the Hessians of many neurons: half a product of two features, formed once for all
SPARSE_MULTIPLY_ADD = 8  # of two numbers that are stored

# Steps that a Hessian may cost until a walk by "lazy-newton" is sooner than by "newton", which takes half as many and a
# Hessian at each; after a walk on a sample both take few.
SPARED, SPARED_AFTER_SAMPLE = 6, 1.25

# The same of a layer, most of whose steps are retold by those before; and steps that its Hessian may cost for that of
# each neuron by itself not to be sooner. In ms, one thread: 10,992 x 16, 10 classes (3.6 steps): lazy 209, Newton 295.
SPARED_OF_LAYER, WHOLE_LAYER = 2, 16

# The same along a path of penalties, where each walk begins near its end: Newton takes four steps. Five folds at ten
# penalties: 3,000 x 100 136 beside 148 ms, 20,000 x 100 1,120 beside 700, 3,000 x 200 420 beside 340.
SPARED_ON_A_PATH = 12

# Parameters up to which Hessians of working sets are written out: factoring them grows with the cube, and beyond
# conjugate gradients are sooner, unless features are alike. 50,000 x 2,000 levels, 1,919 not 0: 0.2 beside 2.2 s; 500 x
# 5,000, 273 not 0 of 800 looked at: 6.5 beside 0.8 s.
WRITTEN_OUT = 1_500

# Steps that a Hessian of all features may cost until it is sooner to choose those that an L1 penalty may let go of 0.
WHOLE = 4

# Times what is called in a step, that a step of Newton's costs at least where a walk on a sample repays.
SAMPLE_REPAYS = 10

# Parameters up to which Hessians repay now and then: factoring them grows with the cube.
HESSIAN_PARAMETERS = 1_000

# Examples up to which their products repay, where features are more: factoring those grows with the cube.
# 1,200 x 4,000: 346 ms beside 450 by L-BFGS; 2,000 x 5,000 the same.
SPAN_EXAMPLES = 1_500

# Examples up to which, in their span, Newton by Hessians is sooner than by products with them: 500 x 5,000 110 beside
# 75 ms, 250 x 2,500 19 beside 15, 200 x 2,500 12 beside 13, 100 x 2,500 4.5 beside 6.6.
SPAN_HESSIAN = 200

# Times what is called in a step, that a step of Newton's costs at most where it is sooner than a certificate.
CERTIFICATE = 5

# Passes that a first Hessian may cost before it is known to be needed: many a walk on hundreds of features needs none.
FIRST_HESSIAN = 12

# Bytes of Hessians: what "newton" and "lazy-newton" may ask for, and what a doubtful arrival may.
LARGEST_HESSIANS, SMALL_HESSIANS = 2**30, 2**26

# Bytes of what the examples count to every neuron of every fold: where those are more, folds learn one by one.
SHARES_OF_FOLDS = 2**28


def of_step(home: Any) -> float:
    """A step: what is called on the way, and the pass that tells J and its slope."""
    numbers = home.stored_numbers
    if home.is_sparse:
        numbers = SPARSE_NUMBER * numbers + SPARSE_ROW * home.n
    together = 1 + (home.n_neurons - 1) / NEURONS_BESIDE
    return STEP + together * numbers + SCORE * home.n * home.n_neurons


def of_hessian(home: Any, stride: Any = 1) -> Any:
    """Hessians of all walks, from one of so many examples, and their factors; beside the pass that asks for them.

    That of a layer is made of one for each pair of its neurons.
    """
    pairs = home.of_a_walk * (home.of_a_walk - 1) // 2
    return _of_hessians(home, stride, home.n_walks * max(pairs, 1), home.n_walks, home.of_a_walk * home.n_parameters)


def of_blocks(home: Any, stride: Any = 1) -> Any:
    """The same of each neuron by itself, as if the others of its layer stood still."""
    return _of_hessians(home, stride, home.n_neurons, home.n_neurons, home.n_parameters)


def repays_blocks(home: Any) -> bool:
    """Whether layers are better served by the Hessians of each neuron, which know nothing of the others."""
    return home.of_a_walk > 1 and of_hessian(home) > WHOLE_LAYER * of_step(home)


def _of_hessians(home, stride, grams, factors, q):
    in_a_row = 1 + home.stored_numbers / home.n if home.is_sparse else None
    summed = np.minimum(*of_grams(home.n / stride, home.n_parameters, grams, in_a_row))
    return summed + factors * q**3 / 2 / MULTIPLY_ADDS


def of_grams(n: Any, q: int, K: int, in_a_row: float | None = None) -> tuple[Any, Any]:
    """``X' diag(h) X`` of n examples with q features, for K neurons: one after the other, and by pairs of features.

    Of a sparse X so many numbers are stored `in_a_row`.
    """
    one, calls = n * q * (WEIGHTED_NUMBER + q / MULTIPLY_ADDS), GRAM_CALLS
    if in_a_row is not None:
        one, calls = np.minimum(one, SPARSE_MULTIPLY_ADD * n * in_a_row**2), SPARSE_GRAM_CALLS
    return K * (calls * (K > 1) + one), n * q**2 * (PAIR + K / MULTIPLY_ADDS)
