// What does the page know, and what happened before? Moments, one after the other; the address bar keeps the last.
//
// A moment is never changed: a step, a moved plant or a turned dial makes the next one, so that going back is
// forgetting the last. The rate alone is no part of it: who trips goes back, takes a smaller one, and goes on.

const FEWEST_PLANTS = 2;
const MOST_PLANTS = 2000;
const MOST_MOMENTS = 20000; // of the longest walk that is remembered
const MOST_RETRACED = 5000; // steps that a link walks again; of a longer walk it keeps the place
const MOST_NEWTON_STEPS = 60; // on the way to the minimum
const AT_THE_MINIMUM = 1e-7; // Newton decrement: J is within its square, halved, of the least there is
const START = { direction: "gd", coordinates: "raw", C: Infinity };
const FIRST_RATE = 0.1;
const COORDINATES = ["raw", "standardised"];

/** J of some plants, in the coordinates of a walk. */
function objectiveOf(plants, settings) {
  const plain = new Objective(plants.map((plant) => plant.x), plants.map((plant) => plant.y), settings.C);
  return settings.coordinates === "standardised" ? standardised(plain) : plain;
}

/** The place where J is least, by damped Newton steps in round coordinates; null if J falls for ever. */
function minimumOf(plants, settings) {
  const objective = objectiveOf(plants, { ...settings, coordinates: "standardised" });
  let decrement = Infinity;
  const walk = descend(objective, [0, 0, 0], DIRECTIONS.newton, () => 1 / (1 + decrement));
  for (const { iteration, here, heading } of walk) {
    decrement = Math.sqrt(Math.max(-dot(here.gradient, heading), 0));
    const curved = here.hessian.every((row, j) => row[j] > AT_THE_MINIMUM); // else everybody is certain, far out
    if (decrement < AT_THE_MINIMUM) return curved ? here : null;
    if (iteration === MOST_NEWTON_STEPS) return null;
  }
}

/** The plants of a table, each with its place and its truth. */
function plantsOf(table) {
  return table.X.map((x, i) => ({ x, y: table.y[i] }));
}

class Playground {
  /** Begin with one of the tables, from zero weights. */
  constructor(tables, chosen) {
    this.tables = tables;
    this.rate = FIRST_RATE;
    this.moments = [];
    this.choose(chosen);
  }

  get now() {
    return this.moments[this.moments.length - 1];
  }

  /** The table of a name, or the first one. */
  tableOf(name) {
    return this.tables.find((table) => table.name === name) ?? this.tables[0];
  }

  /** Take up a table. */
  choose(name, settings = this.moments.length > 0 ? this.now.settings : START) {
    const table = this.tableOf(name);
    this.begin("start", { table, plants: plantsOf(table), settings, weights: [0, 0, 0], iteration: 0 });
  }

  /** Make the next moment. Those of one gesture, a plant being dragged say, are one, of which the last counts. */
  begin(what, changes, gesture = null) {
    const last = this.moments.length > 0 ? this.now : null;
    const { table, plants, settings, weights, iteration } = { ...last, ...(last && { weights: last.step.here.weights }), ...changes };
    const same = last && last.plants === plants && sameObjective(last.settings, settings);
    const objective = same ? last.objective : objectiveOf(plants, settings);
    const minimum = same ? last.minimum : once(() => minimumOf(plants, settings));
    if (gesture !== null && last.gesture === gesture) this.moments.pop();
    this.walkFrom(objective, settings, objective.fromWeights(weights), null, iteration);
    this.push({ what, table, plants, settings, objective, minimum, iteration, gesture, step: this.walk.next().value });
  }

  /** Remember a moment, and where the walk it belongs to began. */
  push(moment) {
    if (this.moments.length >= MOST_MOMENTS) this.moments.splice(0, MOST_MOMENTS / 4);
    const first = moment.what === "start" || this.moments.length === 0;
    this.moments.push({ ...moment, start: first ? null : this.now.start ?? this.now });
  }

  /** Be about to walk on from a place. */
  walkFrom(objective, settings, theta, memory, iteration) {
    this.walk = descend(objective, theta, DIRECTIONS[settings.direction], () => this.rate, memory, iteration);
  }

  /** One step of the walk. */
  step() {
    const step = this.walk.next().value;
    this.push({ ...this.now, what: "step", gesture: null, iteration: step.iteration, step });
    return this.now;
  }

  /** Forget the last moment; whether there was one before it. */
  back() {
    if (this.moments.length < 2) return false;
    this.moments.pop();
    const { objective, settings, step, iteration } = this.now;
    this.walkFrom(objective, settings, step.here.theta, step.memory, iteration);
    this.walk.next();
    return true;
  }

  /** Put the neuron back to zero weights; plants and settings stay. */
  reset() {
    this.begin("start", { weights: [0, 0, 0], iteration: 0 });
  }

  /** Change how it walks, or what large weights cost. */
  set(changes, what = "settings") {
    this.begin(what, { settings: { ...this.now.settings, ...changes } });
  }

  /** Turn dials. */
  turnTo(weights, gesture = null) {
    this.begin("weights", { weights }, gesture);
  }

  /** Change a plant, add one (at = their number), or remove one (plant = null). */
  plant(at, plant, gesture = null) {
    const plants = this.now.plants.slice();
    if (plant === null) plants.splice(at, 1);
    else plants[at] = Object.freeze(plant);
    if (plants.length < FEWEST_PLANTS || plants.length > MOST_PLANTS) return false;
    this.begin("plants", { plants }, gesture);
    return true;
  }

  /** Moments of the walk that is on: since it was put to zero weights, or to those of a link. */
  get curve() {
    const from = this.moments.indexOf(this.now.start ?? this.now);
    return from > 0 ? this.moments.slice(from) : this.moments;
  }

  /** Which weights the next step leads to. */
  get next() {
    const { objective, step } = this.now;
    return objective.toWeights(sumOf(step.here.theta, times(this.rate, step.heading)));
  }
}

/** Whether two settings have one J, as a function of the same coordinates. */
function sameObjective(one, other) {
  return one.C === other.C && one.coordinates === other.coordinates;
}

/** A function that is asked once and remembers. */
function once(ask) {
  let answer;
  let asked = false;
  return () => {
    if (!asked) [answer, asked] = [ask(), true];
    return answer;
  };
}

// The address bar ------------------------------------------------------------------------------------------------

/** The last moment as the part of an address behind #, in words that a person can read and change. */
function addressOf(playground) {
  const { now, rate } = playground;
  const { from, legs } = legsOf(playground);
  const parts = {
    table: now.table.name,
    direction: now.settings.direction,
    coordinates: now.settings.coordinates,
    C: String(now.settings.C),
    rate: String(rate),
    weights: from.step.here.weights.join(","),
    iteration: String(from.iteration),
    steps: legs.map(([alpha, count]) => `${alpha}x${count}`).join(","),
    plants: isAsLoaded(now) ? "" : now.plants.map((plant) => [...plant.x, plant.y].join(",")).join(";"),
  };
  const told = Object.entries(parts).filter(([, value]) => value !== "");
  return "#" + told.map(([name, value]) => `${name}=${encodeURIComponent(value).replace(/%2C/g, ",").replace(/%3B/g, ";")}`).join("&");
}

/** From which moment on only steps were taken, and with which rates: [rate, how often]. */
function legsOf({ moments }) {
  const legs = [];
  let at = moments.length - 1;
  for (; at > 0 && moments[at].what === "step" && moments.length - at <= MOST_RETRACED; at -= 1) {
    const { rate } = moments[at].step;
    if (legs.length > 0 && legs[0][0] === rate) legs[0][1] += 1;
    else legs.unshift([rate, 1]);
  }
  return moments[at].what === "step" ? { from: moments[moments.length - 1], legs: [] } : { from: moments[at], legs };
}

/** Whether no plant was touched. */
function isAsLoaded({ table, plants }) {
  const { X, y } = table;
  return plants.length === X.length && plants.every(({ x, y: truth }, i) => x[0] === X[i][0] && x[1] === X[i][1] && truth === y[i]);
}

/** Go where an address says; what it does not say, or says wrong, stays as it begins. Returns complaints. */
function goTo(playground, address) {
  const said = new Map(address.replace(/^#/, "").split("&").map((part) => part.split("=").map(decoded)));
  const complaints = [];
  const read = (name, value, isGood, otherwise) => {
    if (!said.has(name) || isGood(value)) return said.has(name) ? value : otherwise;
    complaints.push(`${name} = ${said.get(name).slice(0, 40)}`);
    return otherwise;
  };
  const numbers = (name) => (said.get(name) ?? "").split(",").map(Number);
  const name = said.get("table");
  const table = playground.tableOf(read("table", name, (one) => playground.tableOf(one).name === one, playground.now.table.name));
  const settings = {
    direction: read("direction", said.get("direction"), (one) => Object.hasOwn(DIRECTIONS, one), START.direction),
    coordinates: read("coordinates", said.get("coordinates"), (one) => COORDINATES.includes(one), START.coordinates),
    C: read("C", Number(said.get("C")), (C) => C > 0, START.C),
  };
  const plants = read("plants", plantsSaid(said.get("plants")), (all) => all !== null, plantsOf(table));
  const weights = read("weights", numbers("weights"), isPlace, [0, 0, 0]);
  const iteration = read("iteration", Number(said.get("iteration")), (k) => Number.isInteger(k) && k >= 0, 0);
  const legs = read("steps", legsSaid(said.get("steps")), (all) => all !== null, []);
  const rate = read("rate", Number(said.get("rate")), isRate, FIRST_RATE);
  playground.begin("start", { table, plants, settings, weights, iteration });
  for (const [alpha, count] of legs) {
    playground.rate = alpha;
    for (let k = 0; k < count; k += 1) playground.step();
  }
  playground.rate = rate;
  return complaints;
}

/** What was written in an address; a broken sign as it stands. */
function decoded(word) {
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}

const isPlace = (weights) => weights.length === 3 && weights.every(Number.isFinite);
const isRate = (rate) => rate > 0 && Number.isFinite(rate);

/** Plants of an address, or null. */
function plantsSaid(words) {
  const rows = (words ?? "").split(";").map((row) => row.split(",").map(Number));
  const good = rows.every(([x1, x2, y, more]) => Number.isFinite(x1) && Number.isFinite(x2) && (y === 0 || y === 1) && more === undefined);
  if (!good || rows.length < FEWEST_PLANTS || rows.length > MOST_PLANTS) return null;
  return rows.map(([x1, x2, y]) => ({ x: [x1, x2], y }));
}

/** Legs of an address, or null. */
function legsSaid(words) {
  const legs = (words ?? "").split(",").map((leg) => leg.split("x").map(Number));
  const steps = legs.reduce((sum, [, count]) => sum + count, 0);
  const good = legs.every(([rate, count]) => isRate(rate) && Number.isInteger(count) && count > 0);
  return good && steps <= MOST_RETRACED ? legs : null;
}
