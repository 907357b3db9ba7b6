"""Break the mathematics or the loop, one line at a time, and see that a test notices.

Every mutation below replaces a text, which must occur exactly once in the package, in a copy of the package, and runs
the tests that should notice. It is caught if they fail, or do not end. From the root of the checkout::

    .venv/bin/python tests/mutations.py          # all of them; ends with 1 if one survives, or its text is gone
    .venv/bin/python tests/mutations.py bias     # only those whose story has the word
    .venv/bin/python tests/mutations.py --texts  # only whether every text occurs exactly once
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
SIDE_BY_SIDE = 2
SECONDS = 300  # that the tests of one mutation may take
UNSHRUNK = """
settings.register_profile("mutations", deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate])
settings.load_profile("mutations")
"""  # the least example that fails is of no interest, and takes longest to find

NEURON, LOSSES, OBJECTIVE, DESCENT = "test_neuron.py", "test_losses.py", "test_objective.py", "test_descent.py"
STAGES, COORDINATES, LAZY, SPAN = "test_stages.py", "test_coordinates.py", "test_lazy_newton.py", "test_span.py"
HISTORY, RECIPES, HONEST, THREADS = "test_history.py", "test_recipes.py", "test_honest.py", "test_threads.py"
ANSWERS, LABELS, HOMES, LAYER, PIECES = (
    "test_answers.py",
    "test_labels.py",
    "test_homes.py",
    "test_layer.py",
    "test_pieces.py",
)
PENALTIES, KINKS, PARABOLA, PATH = "test_penalties.py", "test_l1.py", "test_kinked_parabola.py", "test_path.py"
EXCHANGE, EARLY, WATCHED = "test_exchange.py", "test_early_stopping.py", "test_callbacks.py"
FILES, COLUMNS, MODELS = "test_command_files.py", "test_command_columns.py", "test_command_models.py -k not(report)"
REPLACED = "test_command_models.py -k page"
PLAY = "test_playground.py -k not(ours)"
FRAMES, COMING = "test_frames.py", "test_coming.py"
IMAGES, REPORT = "test_displays_weight_image.py", "test_report.py -k images"
CLASSIFIER = "test_classifier.py -k not(scikit_learn_demands)"


class Mutation(NamedTuple):
    """What is broken, as a story; the text, and what stands there instead; and the tests that should notice."""

    story: str
    old: str
    new: str
    tests: str  # file names, and perhaps -k with an expression without blanks


MUTATIONS = [
    # What one neuron computes
    Mutation("bias with the wrong sign", "return X @ w + b", "return X @ w - b", NEURON),
    Mutation("sigmoid of |z|", "np.exp(np.minimum(z, 0)) / (1 + np", "np.exp(-np.abs(z)) / (1 + np", NEURON),
    Mutation(
        "classes swapped",
        "toward = np.multiply(2, y, dtype=score.dtype) - 1",
        "toward = 1 - np.multiply(2, y, dtype=score.dtype)",
        NEURON,
    ),
    Mutation("residual without its sign", "return loss, -toward * wrong", "return loss, wrong", NEURON),
    Mutation(
        "residual of the surer class", "wrong = np.maximum(e, margin < 0)", "wrong = np.maximum(e, margin > 0)", NEURON
    ),
    Mutation("loss without its linear part", "np.log1p(e) - np.minimum(margin, 0)", "np.log1p(e)", NEURON),
    Mutation("slope of the sigmoid not squared", "return e / (1 + e) ** 2", "return e / (1 + e)", NEURON),
    Mutation("Bernoulli of the other class", "0), belief, 1 - belief)", "0), 1 - belief, belief)", NEURON),
    Mutation("loss slope of the other class", "0), -steepness, steepness)", "0), steepness, -steepness)", NEURON),
    Mutation("log-loss forgets the shares", "weights=None if shares is None else", "weights=None and", NEURON),
    # J over all examples
    Mutation("loss forgets the shares", "total(block.shares * losses)", "total(losses)", OBJECTIVE),
    Mutation(
        "gradient forgets the shares",
        "total(block.shares * losses), block.shares * slopes",
        "total(block.shares * losses), slopes",
        OBJECTIVE,
    ),
    Mutation(
        "Hessian forgets the shares", "[block.shares * self.loss.beliefs(z)]", "[self.loss.beliefs(z)]", OBJECTIVE
    ),
    Mutation("many losses forget the shares", "return shares[0] * (", "return 1 * (", LOSSES),
    Mutation("many slopes forget the shares", "toward *= -shares", "toward *= -1", LOSSES),
    Mutation("many curvatures forget the shares", "e *= shares", "e *= 1", LOSSES),
    Mutation("a product of losses forgets one", "        e += other\n", "", LOSSES),
    Mutation(
        "Hessian weights forget the shares",
        "return block.shares * self.loss.beliefs(block",
        "return self.loss.beliefs(block",
        OBJECTIVE,
    ),
    Mutation(
        "penalty counted twice", "return dot(slope, theta) / 2, slope", "return dot(slope, theta), slope", OBJECTIVE
    ),
    Mutation("penalty missing in the gradient", "gradient += slope", "gradient += 0 * slope", OBJECTIVE),
    Mutation("bias pays, too", "slope[self.p :] = 0", "slope[self.p + 1 :] = 0", OBJECTIVE),
    Mutation(
        "penalty missing in the diagonal",
        "curvatures.pop(0) + self.penalty_term.curvature",
        "curvatures.pop(0)",
        OBJECTIVE,
    ),
    Mutation(
        "penalty missing in a product",
        "return product + self.penalty_term.curvature * vector",
        "return product",
        OBJECTIVE,
    ),
    Mutation(
        "product forgets the curvature",
        "pull_back(self.loss.curved(block.own(self.hessian_weights), moves))",
        "pull_back(moves)",
        OBJECTIVE,
    ),
    Mutation(
        "largest curvature without that",
        "each_share() * (block.shares.shape[1] * self.loss.steepest)",
        "each_share() * 0.2",
        OBJECTIVE,
    ),
    Mutation(
        "misplaced are those well placed",
        "self.loss.gaps(block.scores(self.theta), block.y) <= 0",
        "self.loss.gaps(block.scores(self.theta), block.y) > 0",
        f"{OBJECTIVE} {ANSWERS}",
    ),
    Mutation("a sample of many pieces is that of the first", "min(self.cut, other.cut)", "self.cut", PIECES),
    Mutation("another reading is believed", "if int(count) != self.n:", "if False:", PIECES),
    Mutation("features of two blocks need not agree", "elif p != before:", "elif False:", PIECES),
    Mutation("squares between blocks are lost", "squares.sum(axis=0) + between", "squares.sum(axis=0)", PIECES),
    Mutation("a heading may go back and forth", "reach @ np.abs(heading)", "reach @ heading", PIECES),
    Mutation("another place taken for known", "and (known.theta == theta).all()", "", f"{OBJECTIVE} {DESCENT}"),
    # What a layer computes
    Mutation("a layer overflows", "return np.exp(z - z.max(axis=-1, keepdims=True))", "return np.exp(z)", LAYER),
    Mutation("a little lost beside a 1", "np.where(gap > 0, total - 1, others)", "total - 1", LAYER),
    Mutation(
        "log-beliefs: a little lost beside a 1",
        "behind - np.log1p(e.sum(",
        "behind - np.log(1 + e.sum(",
        LAYER,
    ),
    Mutation("many: a little lost beside a 1", "np.where(gap > 0, above - 1, others)", "above - 1", LAYER),
    Mutation("the truth not taken off", "e[own, example] = -others", "e[own, example] = of_truth", LAYER),
    Mutation("the rest by subtraction alone", "return np.where(leads, others, 1 - a)", "return 1 - a", LAYER),
    Mutation("pairs attract", "] = -grams.transpose(2, 0, 1)", "] = grams.transpose(2, 0, 1)", LAYER),
    Mutation("moves from zero", "moves = moves - np.take_along_axis(moves, likeliest, axis=2)", "", LAYER),
    Mutation("a layer's penalty for one", "loss += self.loss.of_walks(paid + self", "loss += (paid[:1] + self", LAYER),
    # Kinks
    Mutation("no threshold", "np.minimum(theta, most), -most)", "np.minimum(theta, most), 0)", f"{PENALTIES} {KINKS}"),
    Mutation("a kink holds nothing", "np.where(theta == 0, held, g", "np.where(theta == 0, gradient, g", PENALTIES),
    Mutation("jumps counted once", "jumps = 2 * kink.strengths", "jumps = 1 * kink.strengths", PARABOLA),
    Mutation("L1 not paid", "of_walks(paid + self.kink.value(theta))", "of_walks(paid)", f"{OBJECTIVE} {KINKS}"),
    Mutation("L1 in other units", "layer.adjoint(units.apply(each))", "layer.adjoint(each)", KINKS),
    Mutation("alpha beside the threshold", "here.gradient, rate)", "here.gradient, 1)", KINKS),
    Mutation("all held where some may leave", "np.abs(objective.at(theta).gr", "np.mean(objective.at(theta).gr", PATH),
    Mutation("what layers share held fast", "LITTLE = 1e-7", "LITTLE = 1e-2", f"{KINKS} -k steps"),
    Mutation("one class apart not seen", "np.where(is_truth, lead, -lead)", "np.where(is_truth, -lead, lead)", LAYER),
    Mutation("layer bends 1/4 at most", "steepest = 0.5  #", "steepest = 0.25  #", LAYER),
    Mutation(
        "what all share is kept",
        "each = u.T.reshape(u.shape[1], self.n_neurons, -1) - shared",
        "each = u.T.reshape(u.shape[1], self.n_neurons, -1)",
        LAYER,
    ),
    Mutation("nothing bends what all share", "by_pair += np.einsum", "0 * np.einsum", LAYER),
    Mutation(
        "softmax is not asked",
        "return SoftmaxLoss(len(self.classes_)) if self._is_layer else SIGMOID",
        "return SIGMOID",
        LAYER,
    ),
    # Where the examples live
    Mutation(
        "center added to the scores", 'z -= np.einsum("j,jk->k"', 'z += np.einsum("j,jk->k"', f"{HOMES} {COORDINATES}"
    ),
    Mutation(
        "centring forgotten in the slopes",
        "slopes -= self.center[:, None] * summed",
        "slopes -= 0",
        f"{HOMES} {COORDINATES}",
    ),
    Mutation(
        "bias missing in the scores",
        "z = self.block.scores(theta[:-1])\n        z += theta[-1]",
        "z = self.block.scores(theta[:-1])",
        f"{HOMES} {OBJECTIVE}",
    ),
    Mutation(
        "centring forgotten in the Gram matrix", "gram -= border * shift.T", "gram -= 0", f"{HOMES} {COORDINATES}"
    ),
    Mutation(
        "square of the center missing",
        "(2 * self.block.pull_back(h) - shift * summed)",
        "(2 * self.block.pull_back(h))",
        f"{HOMES} {COORDINATES}",
    ),
    Mutation("Gram matrix of squared weights", "X * np.sqrt(h[rows])", "X * h[rows]", f"{HOMES} {OBJECTIVE}"),
    Mutation(
        "shares of a sample do not add up to 1",
        "shares = shares / arrays.total(shares).astype(self.dtype)",
        "shares = shares * 1",
        f"{STAGES} {LAZY}",
    ),
    Mutation("spread is the mean square", "second - first**2", "second", f"{HOMES} {COORDINATES}"),
    Mutation(
        "parts in the wrong order", "for offer, part in backwards][::-1]", "for offer, part in backwards]", THREADS
    ),
    # The loop
    Mutation("uphill", "theta = theta + rate * heading", "theta = theta - rate * heading", DESCENT),
    Mutation("step size ignored", "theta = theta + rate * heading", "theta = theta + heading", DESCENT),
    Mutation("memory not updated", "memory = remembered", "memory = memory", DESCENT),
    Mutation(
        "iterations counted from 0 again",
        "enumerate(objectives, start)",
        "enumerate(objectives)",
        f"{DESCENT} {HISTORY}",
    ),
    Mutation("place looked at twice", "direction.needs, known=there)", "direction.needs)", f"{HISTORY} {HONEST}"),
    # Which way
    Mutation("steepest ascent", "return -here.gradient, memory", "return here.gradient, memory", DESCENT),
    Mutation("too much momentum", "return age / (age + 3)", "return (age + 1) / (age + 2)", DESCENT),
    Mutation("velocity kept on restart", "np.where(uphill, -g, velocity)", "velocity", DESCENT),
    Mutation("momentum kept on restart", "np.where(uphill, 0.0, memory.age + 1)", "memory.age + 1", DESCENT),
    Mutation(
        "unsafe rate called safe",
        "return self.safe / objective.smoothness",
        "return 1.5 * self.safe / objective.smoothness",
        CLASSIFIER,
    ),
    Mutation("first loop with the wrong sign", "q -= alphas[-1] * y", "q += alphas[-1] * y", DESCENT),
    Mutation("second loop forgets y", "q += (alpha - rho * dot(y, q)) * s", "q += alpha * s", DESCENT),
    Mutation("the oldest steps are kept", "Pair(s, y, rho))[-at_most:]", "Pair(s, y, rho))[:at_most]", f"{DESCENT}"),
    Mutation("change of slope backwards", "here.gradient - there.gradient", "there.gradient - here.gradient", DESCENT),
    Mutation("length of the last step in the wrong metric", "dot(y, y / diagonal)", "dot(y, y)", f"{DESCENT}"),
    Mutation(
        "decrement of a diagonal without the square",
        "np.divide(gradient**2, curv",
        "np.divide(gradient, curv",
        DESCENT,
    ),
    Mutation(
        "decrement not a root", "return Decrement(np.sqrt(-slope))", "return Decrement(-slope)", f"{DESCENT} {HISTORY}"
    ),
    Mutation(
        "Hessian of another neuron",
        "linalg.lapack.dpotrs(factors[k].T,",
        "linalg.lapack.dpotrs(factors[0].T,",
        f"{DESCENT} {CLASSIFIER}",
    ),
    Mutation("null space not left out", "return d - nothing @ (nothing.T @ d)", "return d", DESCENT),
    Mutation(
        "conjugate gradients go backwards",
        "rest -= np.where(np.isfinite(rate), rate, 0) * bent",
        "rest += np.where(np.isfinite(rate), rate, 0) * bent",
        DESCENT,
    ),
    Mutation(
        "conjugate gradients end too soon", "k * fall > exactness * fallen", "k * fall < exactness * fallen", DESCENT
    ),
    Mutation("old steps mend a new Hessian", "np.where(due, 0.0, pair.rho)", "pair.rho", f"{LAZY}"),
    # How far
    Mutation(
        "rises count as falls",
        "there.loss <= here.loss + self.decrease",
        "there.loss >= here.loss + self.decrease",
        DESCENT,
    ),
    Mutation(
        "rate beyond 2 / L", "return 1 / here.objective.smoothness", "return 3 / here.objective.smoothness", DESCENT
    ),
    Mutation("a step that fails is not shortened", "rate * _shortening(slope, new_slope)", "rate", DESCENT),
    Mutation("a step that fails is taken", "np.where(serves, rate, 0.0), None", "rate, None", DESCENT),
    Mutation("lowest point of the line off by one", "return (lowest - 1.0) /", "return lowest /", f"{DESCENT}"),
    # In which coordinates
    Mutation("units without the penalty", "np.hypot(bent, np.sqrt(penalty))", "bent", COORDINATES),
    Mutation(
        "bias not moved back",
        "weights[p:] -= (self.center * weights[:p])",
        "weights[p:] -= 0 * (weights[:p])",
        COORDINATES,
    ),
    Mutation(
        "bias not moved", "theta[p:] += (self.center * weights[:p])", "theta[p:] += 0 * (weights[:p])", COORDINATES
    ),
    Mutation("gradient not scaled", "self.T.adjoint(here.gradient), diagonal", "here.gradient, diagonal", COORDINATES),
    Mutation("diagonal scaled once", "self.scale**2 * diagonal", "self.scale * diagonal", COORDINATES),
    Mutation(
        "slope of the bias forgotten",
        "slopes[:p] += self.center * of_bias",
        "slopes[:p] += 0 * of_bias",
        COORDINATES,
    ),
    Mutation("turned the wrong way", "L.T @ theta[:, k] for k", "L @ theta[:, k] for k", COORDINATES),
    Mutation("bias in the span not moved back", "b - self.center @ w])", "b])", SPAN),
    Mutation("a coordinate of rounding", "max(min(rank, most), 1)", "max(rank, 1)", SPAN),
    Mutation("full sparse columns cancel", "return self.centred(point, full), point", "return self, 0 * point", SPAN),
    Mutation(
        "rounding of a layer left",
        "return self.layer.apply(self.layer.inverse(self.back.apply(self.T.apply(theta))))",
        "return self.back.apply(self.T.apply(theta))",
        SPAN,
    ),
    # When to stop, and what then
    Mutation("tolerance compared the wrong way", "return (now <= self.tol) &", "return (now >= self.tol) &", HISTORY),
    Mutation("one step too many", "return step.iteration >= self", "return step.iteration > self", HISTORY),
    Mutation(
        "arrived above the best seen",
        "<= np.minimum(best, step.here.objective.no_idea) + rounding",
        "<= np.inf + rounding",
        f"{ANSWERS} -k nobody_arrives",
    ),
    Mutation(
        "worst place remembered",
        "lower = here.loss < self.loss",
        "lower = here.loss > self.loss",
        f"{DESCENT} -k tripped",
    ),
    Mutation(
        "decrement of the wrong neuron",
        "return Decrement(np.sqrt(-slope))",
        "return Decrement(np.sqrt(-slope)[::-1])",
        f"{HISTORY}",
    ),
    Mutation(
        "the wrong neurons go on",
        "return state[..., keep]",
        "return state[..., ::-1][..., keep]",
        f"{HISTORY} {CLASSIFIER}",
    ),
    Mutation("a step watched twice", "next(steps)  # this", "# this", HISTORY),
    Mutation(
        "the sample is all",
        'Stage(NAMED["newton"], stride, SHORT), Stage(recipe, keeps_units=stride == SPARSEST)',
        'Stage(NAMED["newton"], stride)',
        STAGES,
    ),
    Mutation(
        "sample walked beyond its noise",
        "stage.stop(max(tol, noise), max_iter)",
        "stage.stop(tol, max_iter)",
        f"{STAGES}",
    ),
    Mutation(
        "the bias trusted by itself",
        "along - shift[:p], slopes[-1] * moved",
        "along, slopes[-1] * moved",
        f"{COORDINATES} {ANSWERS}",
    ),
    Mutation(
        "second opinion skipped",
        "if not Claim(walked, tol).doubtful(max_iter is None, _goes_on_by_hessians(walked, J, tol)).any():",
        "if True:",
        f"{STAGES} {ANSWERS}",
    ),
    Mutation(
        "misled neurons do not start afresh",
        "sensible = here.loss <= seen.loss.no_idea",
        "sensible = here.loss <= np.inf",
        f"{ANSWERS} -k warm_start_worse",
    ),
    Mutation(
        "metric trusted without reserve", "shown + flatter * left <=", "shown + 0 * left <=", "test_judge.py -k once"
    ),
    Mutation(
        "claims beside an example far out believed",
        "far = np.flatnonzero(~near)",
        "far = np.flatnonzero(near & ~near)",
        f"{ANSWERS} -k hides_nothing",
    ),
    Mutation("claims by the diagonal believed", "if short <= 1:", "if short <= 100:", f"{ANSWERS} -k gradients_alone"),
    Mutation(
        "separated classes not told",
        "misplaced(objective, arrival.theta) <= UNFELT",
        "misplaced(objective, arrival.theta) < 0",
        f"{STAGES} {ANSWERS} {CLASSIFIER}",
    ),
    Mutation("a curve of J itself", "curve_in_letters(loss - lowest)", "curve_in_letters(loss)", HISTORY),
    Mutation("the rows shown are the first", "np.geomspace(1, n, SHOWN)", "np.arange(1.0, SHOWN + 1)", HISTORY),
    Mutation("neurons told by the first of them", "loss.mean(axis=1)]", "loss[:, 0]]", HISTORY),
    Mutation(
        "a handler that is deaf listens", "return handler.level <= logging.INFO and", "return", "test_notebook.py"
    ),
    Mutation("a bar tears what is logged", " and not (self.stream is None and is_heard())", "", "test_notebook.py"),
    Mutation(
        "a logger that hands nothing on", "if logger.propagate else None", "if True else None", "test_notebook.py"
    ),
    Mutation("cells that are not escaped", "{html.escape(cell)}</td>", "{cell}</td>", "test_notebook.py"),
    Mutation("rows of a sample count as all", "return self.share == 1", "return self.share <= 1", STAGES),
    # Who uses it
    Mutation(
        "penalty forgets the total weight",
        "float(np.nextafter(0, 1))) / total_weight",
        "float(np.nextafter(0, 1)))",
        CLASSIFIER,
    ),
    Mutation(
        "class weights ignored", "product = weight * by_class[codes]", "product = weight * 1", f"{LABELS} {CLASSIFIER}"
    ),
    Mutation("the less probable class predicted", "(z > 0).astype(int)", "(z < 0).astype(int)", CLASSIFIER),
    Mutation("probabilities in the wrong order", "[sigmoid(-z), sigmoid(z)]", "[sigmoid(z), sigmoid(-z)]", CLASSIFIER),
    # Held-out examples, and who else looks on
    Mutation("the worst step is kept", "badness < self._least[walking]", "badness > self._least[walking]", EARLY),
    Mutation("the latest of equal steps is kept", "badness < self._least", "badness <= self._least", EARLY),
    Mutation(
        "the last weights are kept",
        "np.flatnonzero((self.steps < arrival.iterations) | tripped)",
        "np.flatnonzero(tripped)",
        EARLY,
    ),
    Mutation("held-out examples are taxed", "y), weight).paying(0.0)", "y), weight).paying(0.1)", EARLY),
    Mutation("a low score is good", "        return -told\n", "        return told\n", EARLY),
    Mutation("steps on a sample are judged", "if not history.is_on_all:", "if False:", EARLY),
    Mutation(
        "patience of one step less",
        "self.steps[walking] >= self.patience",
        "self.steps[walking] >= self.patience - 1",
        EARLY,
    ),
    Mutation("who tripped has stopped early", "if not tripped[k]:", "if True:", EARLY),
    Mutation(
        "who tripped at the best step stays at the lowest",
        "(self.steps < arrival.iterations) | tripped)",
        "(self.steps < arrival.iterations))",
        EARLY,
    ),
    Mutation("a cell behind an empty line is lost", 'LINE_END.sub("\\n", part)', "part", MODELS),
    Mutation("all texts are two bytes a letter", 'kept.lower().startswith(("utf-16", "utf-32"))', "False", MODELS),
    Mutation("who rests stays where it is", "best = np.arange(len(self._at))", "pass", EARLY),
    Mutation("what is held out may be infinite", "refuse_unless_finite(held_out, type(self).__name__)", "pass", EARLY),
    Mutation(
        "what is held out is balanced by itself",
        'if class_weight != "balanced":\n        return class_weight\n    return dict',
        "if True:\n        return class_weight\n    return dict",
        EARLY,
    ),
    Mutation(
        "a wish is not heard on a sample",
        "if Outcome.CALLBACK in arrival.outcomes:\n            break",
        "if False:\n            break",
        WATCHED,
    ),
    Mutation("none beats a number", " or np.isnan(seen.best[1]):", ":", WATCHED),
    Mutation("all stop with the first", "(Outcome.CALLBACK if end else None)", "(Outcome.CALLBACK)", EARLY),
    Mutation(
        "a wish to stop is not passed on",
        "            self._task = None\n            return True",
        "            self._task = None\n            return False",
        WATCHED,
    ),
    Mutation(
        "a new stage is a step", "history.n_steps == self._steps:", "history.n_steps == self._steps + 9:", WATCHED
    ),
    Mutation(
        "the journey runs on", "self._rows.copy(), self._table[: len(self)].copy()", "self._rows, self._table", WATCHED
    ),
    Mutation(
        "snapshots when it suits", "if (context.task_id + 1) % self.every:", "if (context.task_id + 1) % 2:", WATCHED
    ),
    Mutation("a file half written", "        draft.replace(path)\n", "        path.write_bytes(content)\n", WATCHED),
    Mutation(
        "fits of a search in one pot", "self._fits.setdefault(_fit_of(context)", "self._fits.setdefault((0,)", WATCHED
    ),
    # Leaving for scikit-learn, and coming from there
    Mutation(
        "who leaves adds up scores in float32",
        "classes.copy(), coef.astype(np.float64)",
        "classes.copy(), coef.copy()",
        EXCHANGE,
    ),
    Mutation(
        "who leaves shares its classes",
        "model.classes_, model.coef_ = classes.copy()",
        "model.classes_, model.coef_ = classes",
        EXCHANGE,
    ),
    Mutation(
        "class weights of one a class leave with another meaning",
        "class_weight=None if _is_one_vs_rest(neuron) else",
        "class_weight=None if False else",
        EXCHANGE,
    ),
    Mutation(
        "who leaves with L1 meets a solver that refuses it",
        "if neuron.l1_ratio > 0:",
        "if neuron.l1_ratio > 2:",
        EXCHANGE,
    ),
    Mutation("of several C that come the first is taken", "if len(values) > 1:", "if len(values) > 9:", EXCHANGE),
    Mutation(
        "class weights of two classes come by number",
        "{label: told.get(k, 1) for k, label",
        "{k: told.get(k, 1) for k, label",
        EXCHANGE,
    ),
    Mutation("a layer comes as one neuron a class", '"ovr" if rest else "multinomial"', '"ovr"', EXCHANGE),
    Mutation(
        "a pickle of another version is silent",
        "if written_by != sklearn_neuron",
        "if None is sklearn_neuron",
        EXCHANGE,
    ),
    Mutation(
        "a pickle warns of what is inside as well",
        'and not isinstance(state.get("best_estimator_"), Versioned)',
        "and True",
        EXCHANGE,
    ),
    # What newcomers are told
    Mutation(
        "unknown parameters without an answer",
        "raise _answered(error, UNKNOWN, unknown) from None\n\n    vars",
        "raise\n\n    vars",
        COMING,
    ),
    Mutation(
        "only the first unknown parameter answered",
        "for name in names if answers.get(name)]",
        "for name in names[:1] if answers.get(name)]",
        COMING,
    ),
    Mutation(
        "the answer of another value", "return answer.get(value) if", "return next(iter(answer.values())) if", COMING
    ),
    Mutation("a penalty without its name unanswered", "if args and isinstance(args[0], str)", "if not args", COMING),
    # The command line
    Mutation("decimal commas never found", 'return "," if commas >', 'return "." if commas >', FILES),
    Mutation(
        "the separator of the heading alone",
        "return (sum(len(row) == width for row in rows) / len(rows), width)",
        "return (1, width)",
        FILES,
    ),
    Mutation(
        "remarks are read as the heading",
        "_below(content.decode(encoding), remarks).removeprefix",
        "_below(content.decode(encoding), 0).removeprefix",
        FILES,
    ),
    Mutation("thousands beside decimal commas", "if GROUPS[decimal].fullmatch(bare):", "if False:", FILES),
    Mutation("decimal marks are not kept", "commas=columns.commas, ", "", MODELS),
    Mutation("units are not kept", ", units=columns.units", "", COLUMNS),
    Mutation("the separator is not kept", 'kept.get("separator")', "None", MODELS),
    Mutation("an encoding is not kept", 'kept.get("encoding")', "None", MODELS),
    Mutation("a doubtful mark is not told", "if cell and not self.is_sure and", "if False and", COLUMNS),
    Mutation("far days are lost", "if text and (far :=", "if False and (far :=", COLUMNS),
    Mutation(
        "far days wrap around",
        'dates.dt.tz_localize(None).to_numpy("datetime64[us]")',
        'dates.dt.tz_localize(None).to_numpy("datetime64[ns]")',
        COLUMNS,
    ),
    Mutation(
        "a name that is there is made", "while counts[name] > 1 and other in taken:", "if counts[name] > 1:", FILES
    ),
    Mutation("names of features collide", "return f\"'{name}'\" if", "return name if", COLUMNS),
    Mutation("measured text is a class", "(why := _why_measured(y, decimal))", "(why := '')", COLUMNS),
    Mutation("gaps of new rows are not told", "if missing and filled:", "if False:", COLUMNS),
    Mutation("days as whole numbers", "    if _are_whole_days(present):", "    if False:", COLUMNS),
    Mutation("a few words make a column words", "is_read.mean() >= MOST_CELLS and", "False and", COLUMNS),
    Mutation("infinity is a number", "abs() < LARGEST, np.nan)", "abs() < LARGEST, np.inf)", COLUMNS),
    Mutation("nothing is kept when nobody reads", "if options.keeps(asked) and", "if False and", MODELS),
    Mutation("an index is learned from", "if distinct == n and not missing and", "if distinct < n and", COLUMNS),
    Mutation("days since 1970", 'np.datetime64(since, "us")', 'np.datetime64(0, "us")', COLUMNS),
    Mutation("missing is not flagged", "add_indicator=True", "add_indicator=False", COLUMNS),
    Mutation("rare levels apart", "        min_frequency=least_rows,\n", "", COLUMNS),
    Mutation(
        "a model replaces the table",
        'if _is_same(path, data):\n        raise ValueError(f"argument --save',
        'if False:\n        raise ValueError(f"argument --save',
        MODELS,
    ),
    Mutation("a model replaces a diary", "path.stat().st_size and not is_one(path)", "False", MODELS),
    Mutation("answers replace a model", "if _is_same(path, model) or is_model(path)", "if False", MODELS),
    Mutation("a page replaces any other", "page.is_file() and not is_page", "False and not is_page", REPLACED),
    Mutation("NA is nothing in what comes out", "na_filter=False", "na_filter=True", MODELS),
    Mutation("blanks are cut off", '"skipinitialspace": bool(quoted_late)', '"skipinitialspace": True', MODELS),
    Mutation("quotes are not doubled", "cell.replace('\"', '\"\"')", "cell", MODELS),
    Mutation(
        "the first taste is the pace",
        "if allowed <= limit or not",
        "if limit > TASTE or allowed <= limit or not",
        MODELS,
    ),
    Mutation("as many folds as ever", "min(MOST_FOLDS, int(counts.min()))", "MOST_FOLDS", MODELS),
    Mutation("a folder stays behind", "place.rmdir()", "pass", REPLACED),
    Mutation("wide pictures are made small", "width > WIDE * height", "False", "test_report.py -k complaint"),
    Mutation("a frame is as high as it was", 'documentElement.offsetHeight + "px"', '"9px"', "test_displays_film.py"),
    Mutation("all is said to be kept", "can_be_kept=missing > 0", "can_be_kept=True", COLUMNS),
    Mutation("aliens are loaded", "pipeline = None if alien else", "alien = pipeline =", MODELS),
    Mutation("the journey is kept", 'JOURNEY = ("history_", "outcomes_")', "JOURNEY = ()", MODELS),
    Mutation("patience without end", "max(PATIENCE - spent, 0)", "max(100 * PATIENCE - spent, 0)", MODELS),
    # To play with
    Mutation("a name ends the script", 'text.replace("<", "\\\\u003c")', "text", PLAY),
    Mutation(
        "rows with gaps are drawn",
        "there = can_be_drawn(X)\n    _check",
        "there = truth | ~truth\n    _check",
        PLAY,
    ),
    Mutation("the pair that tells least", "best = int(np.argmin(losses))", "best = int(np.argmax(losses))", PLAY),
    Mutation("columns that tell nothing are tried", "[::-1][:TRIED]", "[:TRIED]", PLAY),
    Mutation(
        "a sample of whatever class", "thinned(len(numbers), MOST_SAMPLES, codes)", "np.arange(MOST_SAMPLES)", PLAY
    ),
    Mutation("the first class is the largest", "len(counts) - 1 - int(counts[::-1].argmax())", "0", PLAY),
    Mutation("a playground replaces a diary", '_check_replaced(path, "--out", "page of ours", is_page)', "pass", PLAY),
    Mutation("what is named is left out", "[*kept, *drawn]", "kept", PLAY),
    # Tables with names
    Mutation("a column of labels is warned of twice", "neurons[0], X, examples.y,", "neurons[0], X, y,", FRAMES),
    Mutation("columns of pyarrow are taken for their names", "X.column_names if", "X.columns if", FRAMES),
    Mutation("a slice of polars moves nowhere", "columns |= {names[j]: values", "_ = {names[j]: values", FRAMES),
    Mutation("a path forgets the names of the table", "names_of(X) or None", "None", FRAMES),
    Mutation("of values as frequent any is held", "sorted(counts, key=str), key", "counts, key", FRAMES),
    Mutation("answers are held at answers alone", 'kind == "b" and not', "kind is None and not", FRAMES),
    # Weights as images
    Mutation("an image column after column", ".reshape(self)", '.reshape(self, order="F")', IMAGES),
    Mutation("no weight is not white", "-largest, largest, (", "0.0, largest, (", IMAGES),
    Mutation("what is silent is white", "(weights == 0) | dark)", "weights != weights)", IMAGES),
    Mutation("what is lit is silent", " & ~np.any([one.values != 0 for one in told], axis=0)", "", IMAGES),
    Mutation("averages are sums", "np.divide(sums, counts[:, None]", "np.divide(sums, 1", IMAGES),
    Mutation("a mistake without its truth", " if first.true in (None, first.decided) else first.true", "", IMAGES),
    Mutation("a component is called a pixel", "are_pixels=subject.keeps_features", "are_pixels=True", IMAGES),
    Mutation("tiny weights are white", "1.0 if DRAWABLE[0] < largest < DRAWABLE[1] else", "1.0 or", IMAGES),
    Mutation("words beside the picture", "max(20, int((room", "max(99, int((room", IMAGES),
    Mutation("the first mistake for the worst", "losses(X, y), -np.inf", "losses(X, y) > 0, -np.inf", REPORT),
]


def place_of(mutation: Mutation, package: Path) -> Path:
    """The one file of a package that holds the text, once."""
    counts = {path: path.read_text(encoding="utf8").count(mutation.old) for path in package.rglob("*.py")}
    found = sum(counts.values())
    if found != 1:
        raise LookupError(f"occurs {found} times: {mutation.old}")
    return max(counts, key=lambda path: counts[path])


@contextmanager
def mutated(mutation: Mutation | None) -> Iterator[Path]:
    """A copy of what the tests need, with the mutation."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in ("sklearn_neuron", "tests", "benchmarks"):
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("pyproject.toml", "README.md"):
            shutil.copy(ROOT / name, copy)
        with (copy / "tests" / "conftest.py").open("a", encoding="utf8") as conftest:
            conftest.write("\nfrom hypothesis import Phase\n" + UNSHRUNK)
        if mutation is not None:
            path = place_of(mutation, copy / "sklearn_neuron")
            path.write_text(path.read_text(encoding="utf8").replace(mutation.old, mutation.new), encoding="utf8")
        yield copy


def verdict(mutation: Mutation | None, tests: str) -> str:
    """What the tests say of it: "caught", "survived", or what else went wrong."""
    names = [word if word.startswith("-") or ".py" not in word else f"tests/{word}" for word in tests.split()]
    command = [sys.executable, "-P", "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *names]
    try:
        with mutated(mutation) as copy:
            environment = os.environ | {"PYTHONPATH": str(copy), "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
            ran = subprocess.run(
                command, cwd=copy, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
            )
    except LookupError as gone:
        return str(gone)
    except subprocess.TimeoutExpired:
        return "caught (does not end)"
    return {0: "survived", 1: "caught"}.get(ran.returncode, f"broken: {ran.stdout[-1500:]}{ran.stderr[-500:]}")


def main() -> int:
    """Try them, two at a time; 1 if one is not caught."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("word", nargs="?", default="", help="only mutations whose story has it")
    parser.add_argument("--texts", action="store_true", help="only look whether every text occurs once")
    asked = parser.parse_args()
    chosen = [mutation for mutation in MUTATIONS if asked.word in mutation.story]
    if asked.texts:
        return looked_up(chosen)
    files = sorted({word for mutation in chosen for word in mutation.tests.split() if word.endswith(".py")})
    trials = [(mutation, mutation.tests) for mutation in chosen] + [(None, file) for file in files]
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        verdicts = []
        for (mutation, tests), said in zip(trials, pool.map(lambda trial: verdict(*trial), trials), strict=True):
            right = said.startswith("caught") if mutation else said == "survived"
            told = mutation.story if mutation else f"nothing changed, {tests}"
            print(f"{said:12}{told}{'' if right else '   <== WRONG'}", flush=True)
            verdicts.append(right)
    print(f"{sum(verdicts)} of {len(verdicts)} are right: {len(chosen)} mutations, and {len(files)} files without any")
    return int(not all(verdicts))


def looked_up(chosen: list[Mutation]) -> int:
    """Whether every text occurs once; 1 if not."""
    gone = 0
    for mutation in chosen:
        try:
            place_of(mutation, ROOT / "sklearn_neuron")
        except LookupError as why:
            print(f"{mutation.story}: {why}")
            gone = 1
    return gone


if __name__ == "__main__":
    sys.exit(main())
