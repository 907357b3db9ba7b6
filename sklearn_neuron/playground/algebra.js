// Linear algebra that is no neuron's business, of three numbers or fewer.

const dot = (a, b) => a.reduce((sum, one, j) => sum + one * b[j], 0);
const sumOf = (a, b) => a.map((one, j) => one + b[j]);
const times = (rate, a) => a.map((one) => rate * one);
const product = (matrix, vector) => matrix.map((row) => dot(row, vector));

/** Solve H d = g by a Cholesky factor; null if a squared pivot is not above `least`. */
function definiteSolution(H, g, least) {
  const L = H.map((row) => row.map(() => 0));
  for (let j = 0; j < H.length; j += 1) {
    const squared = H[j][j] - dot(L[j], L[j]);
    if (!(squared > least)) return null;
    L[j][j] = Math.sqrt(squared);
    for (let k = j + 1; k < H.length; k += 1) L[k][j] = (H[k][j] - dot(L[k], L[j])) / L[j][j];
  }
  const half = [];
  L.forEach((row, j) => half.push((g[j] - dot(row.slice(0, j), half)) / row[j]));
  const d = half.slice();
  for (let j = H.length - 1; j >= 0; j -= 1) {
    for (let k = j + 1; k < H.length; k += 1) d[j] -= L[k][j] * d[k];
    d[j] /= L[j][j];
  }
  return d;
}

/** Eigenvalues, ascending, and eigenvectors of a symmetric matrix, by Jacobi's turns. */
function eigenvectors(symmetric) {
  const A = symmetric.map((row) => row.slice());
  const V = A.map((row, j) => row.map((_, k) => (j === k ? 1 : 0)));
  for (let sweep = 0; sweep < 50; sweep += 1) {
    let turned = false;
    for (let j = 0; j < A.length; j += 1) {
      for (let k = j + 1; k < A.length; k += 1) turned = turn(A, V, j, k) || turned;
    }
    if (!turned) break;
  }
  const order = A.map((_, j) => j).sort((j, k) => A[j][j] - A[k][k]);
  return [order.map((j) => A[j][j]), order.map((j) => V.map((row) => row[j]))];
}

/** Turn two axes until nothing is between them; whether there was something. */
function turn(A, V, j, k) {
  if (!(Math.abs(A[j][k]) > (Number.EPSILON / 4) * Math.sqrt(Math.abs(A[j][j] * A[k][k])))) return false;
  const slant = (A[k][k] - A[j][j]) / (2 * A[j][k]);
  const t = (slant < 0 ? -1 : 1) / (Math.abs(slant) + Math.hypot(slant, 1));
  const [c, s] = [1 / Math.hypot(t, 1), t / Math.hypot(t, 1)];
  const mix = (row) => ([row[j], row[k]] = [c * row[j] - s * row[k], s * row[j] + c * row[k]]);
  A.forEach(mix);
  V.forEach(mix);
  [A[j], A[k]] = [A[j].map((x, i) => c * x - s * A[k][i]), A[j].map((x, i) => s * x + c * A[k][i])];
  A[j][k] = A[k][j] = 0;
  return true;
}

/** Vectors of length 1, at right angles, that span what some vectors do. */
function orthonormal(vectors) {
  const basis = [];
  for (const vector of vectors) {
    const rest = [1, 2].reduce((left) => withoutThose(left, basis), vector); // twice: once leaves rounding
    const length = Math.sqrt(dot(rest, rest));
    if (length > 0) basis.push(times(1 / length, rest));
  }
  return basis;
}

/** What is left of a vector without its parts along some of length 1. */
function withoutThose(vector, basis) {
  return basis.reduce((left, one) => sumOf(left, times(-dot(left, one), one)), vector);
}
