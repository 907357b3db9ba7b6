// How wrong is the neuron? J as a function of its weights and bias, with slope and curvature.
//
//     J(theta)  =  1/n sum_i loss(z_i, y_i)          +  penalty/2 |w|^2,        z = Xw + b
//     dJ/dtheta =  1/n [X 1]' (a - y)                +  penalty [w, 0]
//     d2J       =  1/n [X 1]' diag(a(1 - a)) [X 1]   +  penalty diag(1, 1, 0)
//
// The same as in sklearn_neuron/objective.py, of one neuron with two features. The bias is never penalised.

class Objective {
  /** X is a list of [x1, x2], y of 0 and 1. C as in LogisticRegression; Infinity: no penalty. */
  constructor(X, y, C = Infinity) {
    this.X = X;
    this.y = y;
    this.C = C;
    this.share = 1 / Math.max(X.length, 1); // of every example: J is a mean
    this.penalty = this.share / C;
  }

  /** J, its slope and its curvature at theta, in one pass over the examples. */
  at(theta) {
    const paid = [this.penalty * theta[0], this.penalty * theta[1], 0];
    const slopes = [0, 0, 0];
    const bends = [0, 1, 2].map(() => [0, 0, 0]);
    let losses = 0;
    for (let i = 0; i < this.X.length; i += 1) {
      const z = linearScore(this.X[i], theta);
      const [loss, slope] = lossAndResidual(z, this.y[i]); // -log P(Y=y|x) and a - y
      losses += loss;
      addExample(slopes, bends, this.X[i], slope, curvature(z));
    }
    const loss = this.share * losses + dot(paid, theta) / 2;
    const gradient = sumOf(times(this.share, slopes), paid);
    const hessian = this.penalised(bends);
    return { objective: this, theta, loss, gradient, hessian, weights: theta, weightsGradient: gradient };
  }

  /** A Hessian of sums: their mean, and what the penalty adds. */
  penalised(bends) {
    return bends.map((row, j) => row.map((bend, k) => this.share * bend + (j === k && j < 2 ? this.penalty : 0)));
  }

  /** J alone, of weights in the units of X. */
  lossAt(weights) {
    let losses = 0;
    for (let i = 0; i < this.X.length; i += 1) losses += exampleLoss(linearScore(this.X[i], weights), this.y[i]);
    return this.share * losses + (this.penalty * (weights[0] ** 2 + weights[1] ** 2)) / 2;
  }

  /** Weights and bias in the units of X; here theta is just that. */
  toWeights(theta) {
    return theta;
  }

  fromWeights(weights) {
    return weights;
  }

  /** L, the steepest curvature of J anywhere: straight down, no rate below 2 / L can climb. */
  get smoothness() {
    return eigenvectors(this.steepest())[0][2] * (1 + 3 * Number.EPSILON);
  }

  /** What no Hessian exceeds: that of hesitating at every example, a(1 - a) = 1/4. */
  steepest() {
    const bends = [0, 1, 2].map(() => [0, 0, 0]);
    for (const x of this.X) addExample([0, 0, 0], bends, x, 0, 1 / 4);
    return this.penalised(bends);
  }

  /** Curvature along some vectors, and between them: of sums of squares nothing cancels. */
  curvatureAmong(vectors, theta) {
    const bends = this.X.map((x) => this.share * curvature(linearScore(x, theta)));
    const moves = vectors.map((vector) => this.X.map((x) => linearScore(x, vector)));
    const between = (j, k) => bends.reduce((sum, bend, i) => sum + bend * moves[j][i] * moves[k][i], 0);
    const paid = (one, other) => this.penalty * (one[0] * other[0] + one[1] * other[1]);
    return vectors.map((one, j) => vectors.map((other, k) => between(j, k) + paid(one, other)));
  }

  /** The largest number that is added up to a score. */
  largestTerm([w1, w2, b]) {
    return this.X.reduce((most, [x1, x2]) => Math.max(most, Math.abs(w1 * x1), Math.abs(w2 * x2)), Math.abs(b));
  }

  /** Curvature along a vector that rounding alone may make up. */
  feigned(vector, theta) {
    const squares = (j) => this.X.reduce((sum, x) => sum + this.share * scoreSlope(x)[j] ** 2, 0);
    const noise = vector.reduce((sum, v, j) => sum + squares(j) * (ROUNDED * v) ** 2, 0);
    return noise * this.X.reduce((sum, x) => sum + this.share * curvature(linearScore(x, theta)), 0);
  }
}

const ROUNDED = 16 * Number.EPSILON; // of a score, what may be rounding

/** Add what one example adds: [X 1]' slope and [X 1]' bend [X 1]. */
function addExample(slopes, bends, x, slope, bend) {
  const of = scoreSlope(x);
  for (let j = 0; j < 3; j += 1) {
    slopes[j] += of[j] * slope;
    for (let k = 0; k < 3; k += 1) bends[j][k] += of[j] * bend * of[k];
  }
}
