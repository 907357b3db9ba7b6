// What does the page know, and what happened before? Moments, one after the other; the address keeps the last.
//
// A step, a moved plant or a turned dial makes the next one, so that going back is forgetting the last. The rate is no
// part of it: who trips goes back, takes a smaller one, and walks on.

const [FEWEST_PLANTS, MOST_PLANTS] = [2, 2000];
const MOST_MOMENTS = 5000; // remembered, by page and link
const MOST_NEWTON_STEPS = 60; // on the way to the minimum
const AT_THE_MINIMUM = 1e-7; // Newton decrement; and curvature, with less of which there is none
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
  for (const { iteration, here, heading } of descend(round, UNLEARNED, newton, () => 1 / (1 + decrement))) {
    decrement = Math.sqrt(Math.max(-dot(here.gradient, heading), 0));
    const isCurved = here.hessian.every((row, j) => row[j] > AT_THE_MINIMUM); // else all are certain, far out
    if (decrement < AT_THE_MINIMUM) return isCurved ? here : null;
    if (iteration === MOST_NEWTON_STEPS) return null;
  }
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

  /** Make the next moment. Those of one gesture, a plant being dragged say, are one, of which the last counts. */
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

  /** Change a plant, add one, or remove one (plant is null), if that is allowed. */
  plant(at, plant, gesture) {
    const plants = this.now.plants.slice();
    plants.splice(at, 1, ...(plant ? [plant] : []));
    if (plants.length === limited(plants.length, FEWEST_PLANTS, MOST_PLANTS)) this.begin("plants", { plants }, gesture);
  }

  /** Moments of the walk that is on. */
  get curve() {
    return this.moments.slice(Math.max(this.moments.findLastIndex(({ what }) => what === "start"), 0));
  }

  /** Weights after the next step. */
  get next() {
    const { objective, step } = this.now;
    return objective.toWeights(sumOf(step.here.theta, times(this.rate, step.heading)));
  }
}

// The address ---

/** The last moment as the end of an address, in words that a person can read and change. */
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
  const row = (text) => text.split(",").map(Number);
  const find = (name) => playground.tables.find((one) => one.name === name);
  const table = read("table", find, Boolean, playground.now.table);
  const settings = {
    direction: oneOf("direction", Object.keys(DIRECTIONS)),
    coordinates: oneOf("coordinates", ["raw", "standardised"]),
    C: read("C", Number, (C) => C > 0, START.C),
  };
  const rows = read("plants", (text) => text.split(";").map(row), arePlants, null);
  const plants = rows ? rows.map(([x1, x2, y]) => ({ x: [x1, x2], y })) : plantsOf(table);
  const weights = read("weights", row, (all) => all.length === 3 && all.every(Number.isFinite), UNLEARNED);
  const iteration = read("iteration", Number, (k) => Number.isInteger(k) && k >= 0, 0);
  const legs = read("steps", (text) => text.split(",").map((leg) => leg.split("x").map(Number)), areLegs, []);
  const rate = read("rate", Number, isRate, FIRST_RATE);
  playground.begin("start", { table, plants, settings, weights, iteration });
  for (const [alpha, count] of legs) {
    playground.rate = alpha;
    for (let k = 0; k < count; k += 1) playground.step();
  }
  playground.rate = rate;
  return wrong;
}

const isRate = (rate) => rate > 0 && Number.isFinite(rate);

function arePlants(rows) {
  const isPlant = (row) => row.length === 3 && row.every(Number.isFinite) && [0, 1].includes(row[2]);
  return rows.length === limited(rows.length, FEWEST_PLANTS, MOST_PLANTS) && rows.every(isPlant);
}

function areLegs(legs) {
  const steps = legs.reduce((sum, [, count]) => sum + count, 0);
  return steps <= MOST_MOMENTS && legs.every(([rate, count]) => isRate(rate) && Number.isInteger(count) && count > 0);
}
