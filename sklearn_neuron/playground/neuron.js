// One neuron: what it computes, and how each part answers to a small change.
//
//     x --w, b--> z = w.x + b --sigmoid--> a = P(Y=1|x) --y--> -log P(Y=y|x)
//
// The same names, in the same order, as in sklearn_neuron/neuron.py. theta is [w1, w2, b], x is [x1, x2], y is 0 or 1.
// Every exponential is of a number at most 0: it is at most 1 and cannot overflow.

// Forwards: from an example to a belief ---

/** Weigh the features and add the bias: z = w.x + b. */
function linearScore(x, theta) {
  return x[0] * theta[0] + x[1] * theta[1] + theta[2];
}

/** Turn a score into a belief: a = 1 / (1 + exp(-z)) = P(Y=1|x). */
function sigmoid(z) {
  return Math.exp(Math.min(z, 0)) / (1 + Math.exp(-Math.abs(z))); // where z < 0, e^z / (1 + e^z)
}

// How wrong: from a belief to one number ---

/** Log-loss of one example: -[y log a + (1 - y) log(1 - a)] = log(1 + exp(-margin)). */
function exampleLoss(z, y) {
  return lossAndResidual(z, y)[0];
}

// Backwards: the links of the chain rule ---

/** Links dz/dw1 = x1, dz/dw2 = x2 and dz/db = 1: a weight acts through its feature. */
function scoreSlope(x) {
  return [x[0], x[1], 1];
}

/** Link da/dz = a (1 - a): steepest in doubt, flat when sure. */
function sigmoidSlope(z) {
  const e = Math.exp(-Math.abs(z));
  return e / (1 + e) ** 2;
}

/** Link dJ/da of one example: -1/a where y = 1, 1/(1 - a) where y = 0. */
function lossSlope(a, y) {
  return y > 0 ? -1 / a : 1 / (1 - a);
}

/** Two links at once: dJ/dz = a - y, how wrong the belief was. */
function residual(z, y) {
  return lossAndResidual(z, y)[1];
}

/** Second derivative d2J/dz2: the slope of the residual is the slope of the sigmoid. */
function curvature(z) {
  return sigmoidSlope(z);
}

/** Loss of one example and its slope dJ/dz, from one exponential. */
function lossAndResidual(z, y) {
  const toward = 2 * y - 1; // +1 where the truth is 1, -1 where it is 0
  const margin = toward * z;
  const e = Math.exp(-Math.abs(margin)); // in [0, 1]
  const loss = Math.log1p(e) - Math.min(margin, 0); // log(1 + exp(-margin))
  const wrong = (margin < 0 ? 1 : e) / (1 + e); // the probability that the other class is given
  return [loss, -toward * wrong]; // a - y, of which nothing cancels where a is near y
}

/** Every number of one example: forwards to its loss, backwards to its gradient. */
function chainOf(x, y, theta) {
  const z = linearScore(x, theta);
  const a = sigmoid(z);
  const slopes = scoreSlope(x);
  return {
    x,
    products: [x[0] * theta[0], x[1] * theta[1]],
    bias: theta[2],
    z,
    a,
    y,
    loss: exampleLoss(z, y),
    lossSlope: y > 0 ? lossSlope(a, 1) : -lossSlope(sigmoid(-z), 1), // 1 - a, of which nothing cancels
    sigmoidSlope: sigmoidSlope(z),
    scoreSlope: slopes,
    residual: residual(z, y),
    gradient: slopes.map((slope) => residual(z, y) * slope),
  };
}
