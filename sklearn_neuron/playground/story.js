// What is there to say of a walk? Sentences made of its numbers, each of them true of these.

/** Why J is higher after a step than before it, or before somebody `changed` "plants", "penalty" or "dials"; or "". */
function whyDidJRise(before, after, { direction = "gd", changed = "" } = {}) {
  const rise = after.here.loss - before.here.loss;
  if (rise <= rounding(before.here)) return "";
  if (changed) return becauseOfAChange(before.here, after.here, changed);
  if (!Number.isFinite(rise)) return "The step led so far that J is no number any more. Go back, and take a smaller alpha.";
  const line = alongTheStep(before, after.rate);
  if (line.slope >= 0) return `The heading does not lead down: along it J has the slope ${tell(line.slope)}.`;
  return { gd: tooLong, momentum: carriedOn, newton: beyondTheParabola }[direction](line, before, after);
}

/** How much of a change of J may be rounding: its own, and of scores, times a slope of at most J, or 1. */
function rounding({ objective, theta, loss }) {
  return 4 * Number.EPSILON * (loss + Math.min(loss, 1) * (1 + objective.largestTerm(theta)));
}

function becauseOfAChange(before, after, changed) {
  const values = `J was ${tell(before.loss)} and is ${tell(after.loss)}`;
  const paid = ({ objective, weights }) => (objective.penalty * (weights[0] ** 2 + weights[1] ** 2)) / 2;
  const penalty = paid(after) > 0 ? `, and the penalty, ${tell(paid(after))} now and ${tell(paid(before))} before` : "";
  const why = {
    plants: `The samples are others now, and J is the mean loss of those that are there${penalty}:`,
    penalty: `Large weights cost more now: ${tell(paid(after))} of J, and ${tell(paid(before))} before.`,
    dials: "The dials were turned to where J is higher:",
  };
  return `${why[changed]} ${values}.`;
}

// J along a step ---

/** How J runs along the heading of a step that made it rise: it falls to a floor and then climbs. */
function alongTheStep({ here, heading }, alpha) {
  const { objective, theta, hessian } = here;
  const lossAfter = (rate) => objective.lossAt(objective.toWeights(sumOf(theta, times(rate, heading))));
  const slope = dot(here.gradient, heading);
  const bend = dot(heading, product(hessian, heading));
  const start = lossAfter(0);
  return {
    alpha,
    slope,
    curvature: bend / dot(heading, heading),
    floor: halved(alpha, (rate) => lossAfter(1.001 * rate) < lossAfter(rate)),
    edge: halved(alpha, (rate) => lossAfter(rate) < start), // up to which J falls
    edgeOfParabola: (-2 * slope) / bend,
    promised: here.loss + alpha * slope + (alpha ** 2 * bend) / 2,
    lossAfter,
  };
}

/** The rate up to which something holds, between 0, where it does, and a rate where it does not. */
function halved(rate, holds) {
  let [low, width] = [0, rate];
  for (let trial = 0; trial < 40; trial += 1) {
    width /= 2;
    if (holds(low + width)) low += width;
  }
  return low;
}

/** How far J falls along a step, and that this one was longer. */
function limitTold(line) {
  const [alpha, edge] = toldApart(line.alpha, line.edge);
  return `alpha is ${alpha}, and along this step J falls only for alpha below ${edge}.`;
}

/** Straight down, and too far. */
function tooLong(line) {
  const crossed = `The step crossed the floor of the valley, at alpha = ${tell(line.floor)}, and went up the other side.`;
  return `The step was too long: ${limitTold(line)} ${aboutTheBend(line)} ${crossed}`;
}

/** What the curvature where the step began said, and how far that was true. */
function aboutTheBend({ curvature: bend, edge, edgeOfParabola }) {
  if (!(bend > 0) || edgeOfParabola > 1e3 * edge) {
    return `Where the step began J hardly bends (by ${tell(bend)}), so that nothing warned of the valley.`;
  }
  const limit = `2 / ${tell(bend)} = ${tell(2 / Number(bend.toPrecision(3)))}`;
  const then = `Curvature along the step is ${tell(bend)} where it began: with that all the way, the limit would be ${limit}`;
  if (edge > 1.1 * edgeOfParabola) return `${then}; on the way J flattens, which forgives a little.`;
  return edge < edgeOfParabola / 1.1 ? `${then}; but further on J bends more.` : `${then}.`;
}

/** Momentum, and too far. */
function carriedOn(line, { here, heading }, after) {
  const down = sumOf(here.theta, times(-line.alpha, here.gradient));
  const straight = here.objective.lossAt(here.objective.toWeights(down));
  if (straight > here.loss) return `A step straight down would have climbed, too: ${limitTold(line)}`;
  const longer = Math.sqrt(dot(heading, heading) / dot(here.gradient, here.gradient));
  const isDropped = velocityOn(after.here, after.memory).age === 0; // at the next step
  const next = " That velocity leads uphill now, so it is dropped: the next step goes straight down.";
  return (
    `Momentum carried it too far: the step was ${tell(longer)} times as long as one straight down, which would have ` +
    `led to J = ${tell(straight)}. With what it remembers of the steps before, ${limitTold(line)}${isDropped ? next : ""}`
  );
}

/** Newton, and too far. */
function beyondTheParabola(line) {
  if (line.alpha >= line.edgeOfParabola) {
    return `Newton's parabola has its floor at alpha = 1, and from 2 on it is higher than where it began: ${limitTold(line)}`;
  }
  return (
    `Newton's parabola does not hold that far: it promised J = ${tell(line.promised)} at the end of the step, and J is ` +
    `${tell(line.lossAfter(line.alpha))} there. It has the curvature of where the step began, and further on J bends ` +
    `more: ${limitTold(line)}`
  );
}

// Where does it stand? ---

const NEAR = 0.1; // change of scores, within which J bends as it does here
const FLAT = 1e-8; // slope, in units of a feature
const SLOW = 1000; // steps

/** One to three sentences about where the walk stands. */
function stateOfTheWalk(before, { here, iteration }) {
  const { X, y, penalty } = here.objective;
  const steps = iteration === 1 ? "1 step" : `${iteration} steps`;
  if (X.length === 0) return "There is no sample to learn from.";
  if (!Number.isFinite(here.loss)) return `${steps}: J is no number any more.`;
  const told = [`${steps}: J = ${tell(here.loss, 4)}${changeTold(before, here)}.`];
  if (here.weights.every((weight) => weight === 0)) told.push("All weights are 0: it hesitates at every sample, and J is log 2.");
  const isRight = (x, i) => (2 * y[i] - 1) * linearScore(x, here.weights) > 0;
  const endless = "Its line separates the classes: without a penalty J has no floor, for larger weights always lower it.";
  return [...told, ...(penalty === 0 && X.every(isRight) ? [endless] : floorTold(before, here))].join(" ");
}

/** By how much the last step changed J, as the end of a clause. */
function changeTold(before, here) {
  if (before === null) return "";
  const change = here.loss - before.here.loss;
  if (Math.abs(change) <= rounding(here)) return ", and no float tells it from the J before";
  return `, ${tell(Math.abs(change))} ${change < 0 ? "lower" : "higher"} than before`;
}

/** How far below the floor is, and how long that takes at this pace. */
function floorTold(before, here) {
  const { gap, isNear } = floorBelow(here);
  if (isNear && gap <= rounding(here)) return ["It has arrived: no float tells this J from the floor."];
  if (!(gap > 0)) return [];
  const floor = `The floor is ${isNear ? "about" : "at least"} ${tell(gap)} below.`;
  const steps = before === null ? 0 : Math.round(gap / (before.here.loss - here.loss));
  const isSlow = steps > SLOW && steps < Infinity;
  return isSlow ? [floor, `At the pace of the last step that is ${steps.toLocaleString("en")} steps more.`] : [floor];
}

/** How far below J the floor is: about that, if Newton's step is short; else at least. */
function floorBelow(here) {
  const { objective, theta, loss, weights } = here;
  const heading = times(-1, shortestSolution(here));
  const left = sumOf(here.gradient, product(here.hessian, heading)); // of the slope, where nothing bends
  const most = objective.steepest();
  const after = (rate) => objective.toWeights(sumOf(theta, times(rate, heading)));
  const moves = objective.X.map((x) => Math.abs(linearScore(x, after(1)) - linearScore(x, weights)));
  if (moves.every((move) => move < NEAR) && left.every((slope, j) => Math.abs(slope) <= FLAT * Math.sqrt(most[j][j]))) {
    return { gap: -dot(here.gradient, heading) / 2, isNear: true };
  }
  return { gap: loss - Math.min(...[1, 1 / 2, 1 / 4, 1 / 8].map((rate) => objective.lossAt(after(rate)))), isNear: false };
}

/** Which alpha is known to lead down. */
function aboutAlpha(objective, direction) {
  const L = objective.smoothness;
  if (direction === "newton") return "With alpha = 1 a step ends at the floor of the parabola that fits J here.";
  if (direction === "momentum") return `Up to alpha = 1 / L = ${tell(1 / L)} momentum is proved to arrive.`;
  return `Below alpha = 2 / L = ${tell(2 / L)} no step straight down can climb.`;
}

// Numbers in words ---

/** A number with so many digits that count, and no zeros behind them. */
function tell(number, digits = 3) {
  return String(Number(number.toPrecision(digits))).replace("-", "\u2212");
}

/** Two numbers with as many digits as it takes to tell them apart. */
function toldApart(one, other) {
  let digits = 3;
  while (digits < 17 && tell(one, digits) === tell(other, digits)) digits += 1;
  return [tell(one, digits), tell(other, digits)];
}
