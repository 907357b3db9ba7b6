// What does the page know, and what happened before? The address keeps the last moment.
//
// A step, a moved plant or a turned dial makes the next one, so that going back is forgetting the last. The rate is no
// part of it: who trips goes back and takes a smaller one.

const [FEWEST_PLANTS, MOST_PLANTS] = [2, 2000];
const MOST_MOMENTS = 5000; // remembered, by page and link
const LARGEST = 1e75; // squared twice, a float
const MOST_NEWTON_STEPS = 300; // on the way to the minimum
const AT_THE_MINIMUM = 1e-7; // Newton decrement
const [CERTAIN, STILL] = [1e-10, 1e-6]; // curvature, and change of a score
const START = { direction: "gd", coordinates: "raw", C: Infinity };
const FIRST_RATE = 0.1;
const UNLEARNED = [0, 0, 0];

function objectiveOf(plants, { C, coordinates }) {
  const plain = new Objective(plants.map(({ x }) => x), plants.map(({ y }) => y), C);
  return coordinates === "standardised" ? standardised(plain) : plain;
}

/** The place where J is least, by damped Newton steps in round coordinates; null if J falls for ever. */
function minimumOf(plants, C) {
  let decrement = Infinity;
  const round = objectiveOf(plants, { C, coordinates: "standardised" });
  const isHeld = C < Infinity && plants.some(({ y }) => y !== plants[0].y); // no weight may grow for ever
  for (const { iteration, here, heading } of descend(round, UNLEARNED, newton, () => 1 / (1 + decrement))) {
    decrement = Math.sqrt(Math.max(-dot(here.gradient, heading), 0));
    if (decrement < AT_THE_MINIMUM * (isHeld ? Math.sqrt(here.loss) : 1)) return isHeld || !isFlat(here) ? here : null;
    if (iteration === MOST_NEWTON_STEPS) return null;
  }
}

/** Whether along some way all whose scores change are certain, far out. */
function isFlat({ objective, theta, hessian }) {
  const scores = (u) => objective.inside.X.map((x) => linearScore(x, objective.apply(u)));
  const bends = scores(theta).map(curvature);
  const most = (moves) => Math.max(...bends.filter((_, i) => Math.abs(moves[i]) > STILL));
  return eigenvectors(hessian)[1].map(scores).map(most).some((bend) => bend >= 0 && bend < CERTAIN);
}

const plantsOf = ({ X, y }) => X.map((x, i) => ({ x, y: y[i] }));

class Playground {
  constructor(tables, chosen) {
    Object.assign(this, { tables, rate: FIRST_RATE, moments: [] });
    this.choose(chosen, START);
  }

  get now() {
    return this.moments.at(-1);
  }

  get before() {
    return this.moments.at(-2);
  }

  choose(name, settings = this.now.settings) {
    const table = this.tables.find((one) => one.name === name);
    this.begin("start", { table, plants: plantsOf(table), settings, weights: UNLEARNED, iteration: 0 });
  }

  /** Make the next moment. Those of one gesture, a drag say, are one. */
  begin(what, changes, gesture = null) {
    const last = this.now;
    const next = { ...last, weights: last?.step.here.weights, ...changes, what, gesture };
    const { plants, settings, weights, iteration } = next;
    const { C, coordinates } = last?.settings ?? {};
    if (last?.plants !== plants || C !== settings.C || coordinates !== settings.coordinates) {
      next.objective = objectiveOf(plants, settings);
      next.minimum = minimumOf(plants, settings.C);
    }
    if (gesture !== null && last.gesture === gesture) this.moments.pop();
    this.walkFrom(next, next.objective.fromWeights(weights), null, iteration);
    this.push({ ...next, step: this.walk.next().value });
  }

  push(moment) {
    if (this.moments.length === MOST_MOMENTS) this.moments.shift();
    this.moments.push(moment);
  }

  walkFrom({ objective, settings }, theta, memory, iteration) {
    this.walk = descend(objective, theta, DIRECTIONS[settings.direction], () => this.rate, memory, iteration);
  }

  step() {
    const step = this.walk.next().value;
    this.push({ ...this.now, what: "step", gesture: null, iteration: step.iteration, step });
  }

  back() {
    const { what } = this.moments.pop();
    const { step } = this.now;
    this.walkFrom(this.now, step.here.theta, step.memory, step.iteration);
    this.walk.next();
    return what;
  }

  /** Change a plant, add one, or remove one (null), if that is allowed. */
  plant(at, plant, gesture) {
    const plants = this.now.plants.slice();
    plants.splice(at, 1, ...(plant ? [plant] : []));
    if (plants.length === limited(plants.length, FEWEST_PLANTS, MOST_PLANTS)) this.begin("plants", { plants }, gesture);
  }

  /** Moments of the walk that is on. */
  get curve() {
    return this.moments.slice(Math.max(this.moments.findLastIndex(({ what }) => what === "start"), 0));
  }

  get next() {
    const { objective, step } = this.now;
    return objective.toWeights(sumOf(step.here.theta, times(this.rate, step.heading)));
  }
}

// The address ---

/** The last moment as the end of an address, in words to be read and changed. */
function addressOf({ now, rate, moments }) {
  const [{ step, iteration }, steps] = legsOf(moments);
  const parts = { table: now.table.name, ...now.settings, rate, weights: step.here.weights, iteration };
  if (steps.length > 0) parts.steps = steps.map((leg) => leg.join("x"));
  const plants = told(now.plants);
  if (plants !== told(plantsOf(now.table))) parts.plants = plants;
  return `#${new URLSearchParams(parts)}`.replace(/%(2C|3B)/g, decodeURIComponent);
}

const told = (plants) => plants.map(({ x, y }) => [...x, y].join(",")).join(";");

/** The moment after which only steps were taken, and their rates: [rate, how often]. */
function legsOf(moments) {
  const legs = [];
  let at = moments.length - 1;
  for (; at > 0 && moments[at].what === "step"; at -= 1) {
    const { rate } = moments[at].step;
    if (legs[0]?.[0] === rate) legs[0][1] += 1;
    else legs.unshift([rate, 1]);
  }
  return moments[at].what === "step" ? [moments.at(-1), []] : [moments[at], legs];
}

/** Go where an address says; what it says wrong, which is returned, is as at the beginning. */
function goTo(playground, address) {
  const said = new URLSearchParams(address.slice(1));
  const wrong = [];
  const read = (name, parsed, isGood, otherwise) => {
    const value = said.has(name) ? parsed(said.get(name)) : otherwise;
    if (!said.has(name) || isGood(value)) return value;
    wrong.push(`${name}=${said.get(name).slice(0, 40)}`);
    return otherwise;
  };
  const oneOf = (name, words) => read(name, String, (word) => words.includes(word), START[name]);
  const row = (text) => text.split(",").map(numberOf);
  const find = (name) => playground.tables.find((one) => one.name === name);
  const table = read("table", find, Boolean, playground.now.table);
  const settings = {
    direction: oneOf("direction", Object.keys(DIRECTIONS)),
    coordinates: oneOf("coordinates", ["raw", "standardised"]),
    C: read("C", numberOf, (C) => C === Infinity || isRate(C), START.C),
  };
  const rows = read("plants", (text) => text.split(";").map(row), arePlants, null);
  const plants = rows ? rows.map(([x1, x2, y]) => ({ x: [x1, x2], y })) : plantsOf(table);
  const weights = read("weights", row, (all) => all.length === 3 && all.every(isModest), UNLEARNED);
  const iteration = read("iteration", numberOf, (k) => Number.isSafeInteger(k) && k >= 0, 0);
  const legs = read("steps", (text) => text.split(",").map((leg) => leg.split("x").map(numberOf)), areLegs, []);
  const rate = read("rate", numberOf, isRate, FIRST_RATE);
  playground.begin("start", { table, plants, settings, weights, iteration });
  for (const [alpha, count] of legs) {
    playground.rate = alpha;
    for (let k = 0; k < count; k += 1) playground.step();
  }
  playground.rate = rate;
  return wrong;
}

const isModest = (number) => Math.abs(number) <= LARGEST;
const isRate = (rate) => rate >= 1 / LARGEST && isModest(rate);

function arePlants(rows) {
  const isPlant = (row) => row.length === 3 && row.every(isModest) && [0, 1].includes(row[2]);
  return rows.length === limited(rows.length, FEWEST_PLANTS, MOST_PLANTS) && rows.every(isPlant);
}

function areLegs(legs) {
  const steps = legs.reduce((sum, [, count]) => sum + count, 0);
  return steps <= MOST_MOMENTS && legs.every(([rate, count]) => isRate(rate) && Number.isInteger(count) && count > 0);
}
