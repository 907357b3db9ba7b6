// How does a neuron learn? By walking downhill on J, one step at a time.
//
// The rule w <- w - alpha dJ/dw stands once, in descend(), as in sklearn_neuron/descent.py. It never stops itself.

/** Walk downhill for ever; yield what is known before every step. `rate` is a number, or called anew at every step. */
function* descend(objective, theta, direction, rate, memory = null, start = 0) {
  let taken = null; // of the step that arrived here
  for (let iteration = start; ; iteration += 1) {
    const here = objective.at(theta); // how wrong, how steep?
    const [heading, remembered] = direction(here, memory); // which way?
    yield { iteration, here, heading, memory, rate: taken };
    taken = typeof rate === "function" ? rate() : rate; // how far?
    theta = sumOf(theta, times(taken, heading)); // w <- w - alpha dJ/dw
    memory = remembered; // only now: a step that pauses holds what led to it
  }
}

// Which way? Each returns a heading and what to remember ---

function steepest(here, memory) {
  return [times(-1, here.gradient), memory];
}

/** Nesterov's momentum that starts afresh whenever it would lead uphill. */
function nesterov(here, memory) {
  const down = times(-1, here.gradient);
  const led = memory === null ? { velocity: down, age: 0 } : velocityOn(here, memory);
  return [sumOf(times(momentum(led.age), led.velocity), down), led];
}

/** The velocity that led here and now leads on, or one straight down where that leads up. */
function velocityOn(here, memory) {
  const down = times(-1, here.gradient);
  const velocity = sumOf(times(momentum(memory.age), memory.velocity), down);
  const uphill = dot(here.gradient, velocity) > 0;
  return uphill ? { velocity: down, age: 0 } : { velocity, age: memory.age + 1 };
}

/** The share k / (k + 3) of the velocity that is kept after k steps. */
function momentum(age) {
  return age / (age + 3);
}

/** The bottom of the parabola that fits J here: -H^-1 gradient. */
function newton(here, memory) {
  return [times(-1, shortestSolution(here)), memory];
}

const DIRECTIONS = { gd: steepest, momentum: nesterov, newton };

// How Newton solves H d = g, as in sklearn_neuron/solvers/newton.py ---

const LEAST = Math.sqrt(30 * Number.EPSILON); // curvature, beside the most, that a Hessian may be believed of

/** The d of H d = gradient; if H is singular, up to rounding, the one of least norm. */
function shortestSolution(here) {
  const { hessian: H, gradient: g } = here;
  const bent = H.map((row, j) => row[j]);
  const direct = definiteSolution(H, g, LEAST * Math.max(...bent));
  if (direct !== null) return direct;
  const unit = bent.map((bend) => (bend > 0 ? 1 / Math.sqrt(bend) : 1)); // in which all parameters bend J by 1
  const even = H.map((row, j) => row.map((bend, k) => unit[j] * bend * unit[k]));
  if (!even.flat().every(Number.isFinite)) return [0, 0, 0]; // out of the floats
  const inUnits = (vector) => vector.map((one, j) => unit[j] * one);
  const solution = definiteSolution(even, inUnits(g), LEAST);
  return solution !== null ? inUnits(solution) : leastNormSolution(even, inUnits, here);
}

/** By eigenvectors in other units; what H says of weak ones is not believed, but asked of the examples. */
function leastNormSolution(even, inUnits, here) {
  const g = here.gradient;
  const [curvatures, vectors] = eigenvectors(even);
  const count = curvatures.filter((bend) => !(bend > LEAST * curvatures[2])).length; // of weak ones, which come first
  const strong = vectors.slice(count).map(inUnits);
  const bends = curvatures.slice(count);
  const weak = vectors.slice(0, count).map((vector) => apart(inUnits(vector), strong, bends, here));
  const [curved, turns] = eigenvectors(here.objective.curvatureAmong(weak, here.theta));
  const turned = turns.map((mix) => weak.reduce((sum, vector, k) => sumOf(sum, times(mix[k], vector)), [0, 0, 0]));
  const isReal = turned.map((vector, k) => curved[k] > here.objective.feigned(vector, here.theta));
  const real = alongAll(turned.filter((_, k) => isReal[k]), curved.filter((_, k) => isReal[k]), g);
  return withoutThose(sumOf(alongAll(strong, bends, g), real), orthonormal(turned.filter((_, k) => !isReal[k]))); // no step need lead there
}

/** What solves H d = g along vectors that bend J so, and nothing between. */
function alongAll(vectors, bends, g) {
  return vectors.reduce((d, vector, k) => sumOf(d, times(dot(vector, g) / bends[k], vector)), [0, 0, 0]);
}

/** A vector less its parts along strong ones. */
function apart(vector, strong, bends, here) {
  const between = strong.map((one) => here.objective.curvatureAmong([one, vector], here.theta)[0][1]);
  return strong.reduce((left, one, k) => sumOf(left, times(-between[k] / bends[k], one)), vector);
}
