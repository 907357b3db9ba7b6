// In which coordinates? The same J, seen so that its valley is round: sklearn_neuron/solvers/coordinates.py.
//
// With theta = T u, J(T u) has the slope T' dJ/dtheta and the curvature T' d2J T. Features are measured from their
// averages, in units of sqrt(spread^2 / 4 + penalty), the root of the curvature that their weights meet at zero.

class Standardised extends Objective {
  constructor({ X, y, C }) {
    super(X, y, C);
    const columns = [0, 1].map((j) => momentsOf(X.map((x) => x[j])));
    this.center = columns.map(({ mean }) => mean);
    this.scale = [...columns.map(({ spread }) => unitOf(spread, this.penalty)), 2];
    this.inside = new Objective(X.map((x) => [x[0] - this.center[0], x[1] - this.center[1]]), y, C);
  }

  at(u) {
    const here = this.inside.at(this.apply(u));
    return {
      objective: this,
      theta: u,
      loss: here.loss,
      gradient: this.apply(here.gradient), // T is diagonal: T' = T
      hessian: this.sandwich(here.hessian),
      weights: this.toWeights(u),
      weightsGradient: [0, 1, 2].map((j) => here.gradient[j] + (j < 2 ? this.center[j] * here.gradient[2] : 0)),
    };
  }

  /** T u: the weights of centred features, and the bias of the average example. */
  apply(u) {
    return u.map((one, j) => this.scale[j] * one);
  }

  /** T' H T; 1 for the weight of a constant feature, which is kept at 0. */
  sandwich(hessian) {
    const kept = (j, k) => (j === k && this.scale[j] === 0 ? 1 : 0);
    return hessian.map((row, j) => row.map((bend, k) => this.scale[j] * bend * this.scale[k] + kept(j, k)));
  }

  toWeights(u) {
    const [w1, w2, b] = this.apply(u);
    return [w1, w2, b - (this.center[0] * w1 + this.center[1] * w2)];
  }

  fromWeights(weights) {
    return this.centred(weights).map((one, j) => (this.scale[j] > 0 ? one / this.scale[j] : 0));
  }

  /** The same weights with the bias of the average example. */
  centred([w1, w2, b]) {
    return [w1, w2, b + (this.center[0] * w1 + this.center[1] * w2)];
  }

  lossAt(weights) {
    return this.inside.lossAt(this.centred(weights));
  }

  steepest() {
    return this.sandwich(this.inside.steepest());
  }

  curvatureAmong(vectors, u) {
    return this.inside.curvatureAmong(vectors.map((vector) => this.apply(vector)), this.apply(u));
  }

  largestTerm(u) {
    return this.inside.largestTerm(this.apply(u));
  }

  feigned(vector, u) {
    return this.inside.feigned(this.apply(vector), this.apply(u));
  }
}

function standardised(objective) {
  return new Standardised(objective);
}

/** One over the unit of a feature; 0 of a constant one. */
function unitOf(spread, penalty) {
  return spread > 0 ? 1 / Math.hypot(spread / 2, Math.sqrt(penalty)) : 0;
}

// How far from zero, how widely spread? As in sklearn_neuron/homes/moments.py ---

const CANCELLED = 1e-4; // of the average square, below which a spread has lost digits
const WITNESSES = 15; // examples, the middle of which is a point that no outlier moves
const LEFT = 1e-3; // of the square of a spread, at most, that is left without those far out
const MOST_OF_ALL = 0.9; // share of all examples that the others must have

/** Average and spread of one feature, which an example far out does not rule. */
function momentsOf(column) {
  if (column.length === 0) return { mean: 0, spread: 0 };
  const { point, width } = amongTheExamples(column);
  const [first, second, fourth] = [1, 2, 4].map((power) => averageOf(column.map((x) => (x - point) ** power)));
  const byOne = second - Math.sqrt(fourth / column.length) <= LEFT * second; // one example makes up nearly all of it
  let [mean, variance] = [point + first, second - first ** 2];
  if (second > 0 && (variance <= CANCELLED * second || byOne)) [mean, variance] = onceMore(column);
  const farOut = width > 0 && width ** 2 <= LEFT * variance;
  return farOut ? { mean: point, spread: width } : { mean, spread: Math.sqrt(variance) };
}

/** The middle of some examples, and how wide most of them lie. */
function amongTheExamples(column) {
  const count = Math.min(column.length, WITNESSES);
  const places = Array.from({ length: count }, (_, k) => Math.floor((k * (column.length - 1)) / Math.max(count - 1, 1)));
  const ordered = places.map((place) => column[place]).sort((one, other) => one - other);
  const [low, middle, high] = [2, 5, 8].map((k) => ordered[Math.floor((count * k) / 10)]);
  return { point: middle, width: high - low };
}

/** Average and variance, from the average; without one that makes up nearly all of it. */
function onceMore(column) {
  if (column.every((x) => x === column[0])) return [column[0], 0];
  const all = meanAndVariance(column);
  const away = column.map((x) => (x - all[0]) ** 2);
  const others = column.filter((_, i) => i !== away.indexOf(Math.max(...away)));
  const fewer = meanAndVariance(others);
  const differ = others.some((x) => x !== others[0]);
  const better = differ && others.length > MOST_OF_ALL * column.length && fewer[1] < LEFT * all[1];
  return better ? fewer : all;
}

function meanAndVariance(numbers) {
  const mean = averageOf(numbers);
  const left = averageOf(numbers.map((x) => x - mean)); // of its rounding
  return [mean + left, averageOf(numbers.map((x) => (x - mean - left) ** 2))];
}

const averageOf = (numbers) => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
