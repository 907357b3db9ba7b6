// Whose hands? Mouse, touch and keyboard make moments of the playground; each is shown in pictures, numbers and words.

const REACH = { mouse: 13, pen: 16, touch: 26 }; // pixels, within which a plant is meant
const MOVED = 4; // pixels, from which on a press is a drag
const ADDRESS_EVERY = 400; // milliseconds: browsers refuse a new address more often
const WORDS_EVERY = 500; // milliseconds, while it plays
const A_RISE_STAYS = 4000; // milliseconds, while it plays: as long as it takes to read why
const PUSH = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }; // by hundredths of a view
const SYMBOLS = ["w₁", "w₂", "b"];
const CHANGED = { plants: "plants", C: "penalty", weights: "dials" }; // as story.js calls them

const byId = (id) => document.getElementById(id);
const numberIn = ({ value }) => (value.trim() === "" ? NaN : Number(value.replace("−", "-").replace(",", ".")));

class Hands {
  chosen = null; // number of the plant that was pressed, or walked to
  hovered = null; // number of the plant under the pointer
  held = null; // what a pointer has taken hold of
  gesture = 0; // number of it
  isPlaying = false;
  due = 0; // steps
  saidAt = -Infinity;
  roseAt = -Infinity;

  constructor(playground) {
    this.playground = playground;
    this.field = new Field(byId("field"), 46);
    this.landscape = new Landscape(byId("landscape"), 56, 58);
    this.sigmoid = new SigmoidCurve(byId("sigmoid"), 46);
    this.curve = new LossCurve(byId("curve"), 60, 8);
    playground.tables.forEach(({ name }) => byId("table").add(new Option(name)));
    byId("pace").value = matchMedia("(prefers-reduced-motion: reduce)").matches ? 1 : 10;
    this.listen();
    this.landscape.axes = [0, 1];
    this.arrive();
    requestAnimationFrame((time) => this.frame(time));
  }

  listen() {
    document.addEventListener("click", ({ target }) => this[target.closest("[data-do]")?.dataset.do]?.());
    document.addEventListener("input", ({ target }) => {
      if (target.id === "rate") this.setRate(Number((10 ** target.value).toPrecision(3)));
      if (target.name === "dial") this.turn(target.dataset.j, Number(Number(target.value).toPrecision(4)), this.gesture);
    });
    document.addEventListener("change", ({ target }) => this.set(target));
    byId("transport").addEventListener("keydown", (event) => this.press(event, { ArrowRight: "step", ArrowLeft: "back" }));
    this.listenTo(this.field, {
      grabs: (at, reach) => this.field.nearest(at, reach) !== null,
      grab: (at, reach) => this.grabPlant(at, reach),
      drag: ([px, py]) => this.movePlant([px + this.held.off[0], py + this.held.off[1]]),
      press: () => this.choose(this.held.plant),
      tap: (at) => this.add(this.field.placeAt(at)),
    });
    const stand = (at) => this.stand(this.landscape.placeAt(at), this.held.gesture);
    const grabs = (at) => Math.hypot(...sumOf(this.landscape.here, times(-1, at))) < REACH.touch;
    this.listenTo(this.landscape, { grabs, grab: (at) => grabs(at) || stand(at), drag: stand, press: () => {}, tap: stand });
    this.listenTo(this.sigmoid, { grabs: () => false, grab: () => {}, drag: () => {}, tap: () => {}, press: () => this.choose(this.hovered) });
    byId("field").addEventListener("dblclick", () => this.recolour());
    byId("field").addEventListener("keydown", (event) => this.press(event, FIELD_KEYS) || this.push(event, "pushPlant"));
    byId("landscape").addEventListener("keydown", (event) => this.push(event, "pushNeuron"));
    new ResizeObserver(() => this.measure()).observe(document.body);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.measure());
    addEventListener("hashchange", () => location.hash !== this.address && this.arrive());
    addEventListener("pagehide", () => this.keep());
  }

  /** Pointers on a picture. A finger that grabs nothing may mean to scroll the page: only a tap of it counts. */
  listenTo(picture, { grabs, grab, drag, press, tap }) {
    const { host } = picture;
    const on = (name, act, options) => host.addEventListener(name, act, options);
    const pixel = ({ clientX, clientY }) => {
      const { left, top } = host.getBoundingClientRect();
      return [clientX - left, clientY - top];
    };
    on("touchstart", (event) => grabs(pixel(event.touches[0]), REACH.touch) && event.preventDefault(), { passive: false });
    on("pointerdown", (event) => {
      if (event.button !== 0) return;
      const [at, reach] = [pixel(event), REACH[event.pointerType]];
      this.held = { picture, at, gesture: (this.gesture += 1), waits: event.pointerType === "touch" && !grabs(at, reach) };
      if (this.held.waits) return;
      host.setPointerCapture(event.pointerId);
      grab(at, reach);
    });
    on("pointermove", (event) => {
      const at = pixel(event);
      if (this.held === null) return this.hover(picture.spots && event.pointerType !== "touch" ? picture.nearest(at, 13) : null);
      this.held.moved ||= Math.hypot(...sumOf(at, times(-1, this.held.at))) > MOVED;
      if (this.held.moved && !this.held.waits) drag(at);
    });
    on("pointerup", (event) => {
      if (this.held?.waits) tap(pixel(event));
      else if (this.held && !this.held.moved) press();
      this.letGo();
    });
    on("pointercancel", () => this.letGo());
    on("pointerleave", () => this.hover(null));
  }

  letGo() {
    this.held = null;
    this.isStale = true;
  }

  hover(at) {
    this.isStale ||= at !== this.hovered;
    this.hovered = at;
  }

  // The walk -------------------------------------------------------------------------------------------------------

  play() {
    this.isPlaying = !this.isPlaying;
    this.due = 1;
    this.lastFrame = undefined;
    byId("play").textContent = this.isPlaying ? "Pause" : "Play";
    byId("told").setAttribute("aria-live", this.isPlaying ? "off" : "polite");
    if (!this.isPlaying) this.tell();
    this.isStale = true;
  }

  step() {
    this.change(() => this.playground.step());
  }

  back() {
    if (this.playground.moments.length < 2) return;
    let what = "";
    this.change(() => (what = this.playground.back()));
    this.say(`Taken back: a ${what === "step" ? "step" : "change"}. ${this.state()}`);
  }

  reset() {
    this.change(() => this.playground.begin("start", { weights: NOTHING_LEARNED, iteration: 0 }));
  }

  /** Do something, and tell what it did to J. */
  change(act) {
    if (this.isPlaying) this.play();
    act();
    const { plants, table } = this.playground.now;
    if (this.chosen >= plants.length) this.chosen = null;
    if (this.hovered >= plants.length) this.hovered = null;
    if (this.tableSeen !== table) this.seeTable();
    this.tell();
    this.isStale = true;
  }

  setRate(rate) {
    if (isRate(rate)) this.playground.rate = rate;
    this.isStale = true;
  }

  /** A control was set. */
  set({ name, id, value, dataset, ...rest }, number = numberIn({ value })) {
    const { now } = this.playground;
    const setting = { direction: value, coordinates: value, C: number }[name];
    if (setting) this.change(() => this.playground.begin(name, { settings: { ...now.settings, [name]: setting } }));
    if (name === "dial") this.gesture += 1;
    if (name === "told") this.turn(dataset.j, number);
    if (id === "rate-told") this.setRate(number);
    if (id === "table") this.change(() => this.playground.choose(value));
    if (name === "axes") {
      this.landscape.axes = value.split(",").map(Number);
      this.landscape.measure();
      this.isStale = true;
    }
  }

  turn(j, value, gesture = null) {
    const weights = this.playground.now.step.here.weights.slice();
    weights[j] = value;
    if (Number.isFinite(value)) this.change(() => this.playground.begin("weights", { weights }, gesture));
    this.isStale = true;
  }

  /** Put the neuron to a place of the landscape; the third parameter stays. */
  stand(place, gesture = null) {
    const { objective, step } = this.playground.now;
    const theta = step.here.theta.slice();
    this.landscape.axes.forEach((j, k) => (theta[j] = Number(place[k].toPrecision(4))));
    this.change(() => this.playground.begin("weights", { weights: objective.toWeights(theta) }, gesture));
  }

  /** A table came: look at all of it, and give the dials a range that suits it. */
  seeTable() {
    const { table, plants } = this.playground.now;
    this.tableSeen = table;
    this.chosen = this.hovered = null;
    this.field.look(table, plants);
    const plain = objectiveOf(plants, START);
    document.querySelectorAll("[name=dial]").forEach((dial, j) => {
      dial.max = Number(reachOf(plain, j).toPrecision(1));
      dial.min = -dial.max;
    });
  }

  // Plants ---------------------------------------------------------------------------------------------------------

  grabPlant(at, reach) {
    const { field } = this;
    const plant = field.nearest(at, reach);
    const off = plant === null ? [0, 0] : sumOf(field.spots[plant], times(-1, at));
    Object.assign(this.held, { plant: plant ?? this.add(field.placeAt(at), this.held.gesture), off });
  }

  movePlant(at) {
    this.alter(this.held.plant, { x: this.field.rounded(this.field.placeAt(at)) }, this.held.gesture);
  }

  alter(at, how, gesture = null) {
    this.change(() => this.playground.plant(at, { ...this.playground.now.plants[at], ...how }, gesture));
  }

  /** Let the numbers of a plant stay. */
  choose(at) {
    this.chosen = at;
    this.isStale = true;
    this.whisper();
  }

  /** A new plant, chosen; its number. */
  add(place = this.field.view.map(([low, high]) => (low + high) / 2), gesture = null) {
    const at = this.playground.now.plants.length;
    this.alter(at, { x: this.field.rounded(place), y: Number(document.querySelector("#brush :checked").value) }, gesture);
    this.choose(at < this.playground.now.plants.length ? at : null);
    return this.chosen;
  }

  recolour() {
    if (this.chosen === null) return;
    this.alter(this.chosen, { y: 1 - this.playground.now.plants[this.chosen].y });
    this.whisper();
  }

  remove() {
    const at = this.chosen;
    if (at === null) return;
    this.change(() => this.playground.plant(at, null, null));
    this.choose(Math.min(at, this.playground.now.plants.length - 1));
  }

  /** The chosen plant in words, for who hears the page. */
  whisper() {
    const { plants, table, step } = this.playground.now;
    const { x, y } = plants[this.chosen] ?? {};
    const measures = table.featureNames.map((name, j) => `${name} ${x?.[j]} ${table.units[j]}`).join(", ");
    const belief = x && written(sigmoid(linearScore(x, step.here.weights)), 3);
    const told = `Plant ${this.chosen + 1} of ${plants.length}, ${table.classNames[y]}: ${measures}; belief ${belief}.`;
    byId("whisper").textContent = x ? told : "";
  }

  // Keys -----------------------------------------------------------------------------------------------------------

  /** Do what a key stands for; whether it stands for something. */
  press(event, keys) {
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return false;
    event.preventDefault();
    this[act]();
    return true;
  }

  push(event, act) {
    if (!PUSH[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this[act](times(event.shiftKey ? 0.1 : 0.01, PUSH[event.key]));
  }

  pushPlant(way) {
    if (this.chosen === null) return this.choose(0);
    const { field } = this;
    const place = this.playground.now.plants[this.chosen].x.map((x, j) => {
      const [low, high] = field.view[j];
      return limited(x + way[j] * (high - low), low, high);
    });
    this.alter(this.chosen, { x: field.rounded(place) });
    this.whisper();
  }

  pushNeuron(way) {
    const { landscape } = this;
    const place = landscape.flat(this.playground.now.step.here.theta);
    this.stand(place.map((x, j) => x + way[j] * (landscape.view[j][1] - landscape.view[j][0])));
  }

  following() {
    this.choose(((this.chosen ?? -1) + 1) % this.playground.now.plants.length);
  }

  preceding() {
    this.choose((this.chosen || this.playground.now.plants.length) - 1);
  }

  release() {
    this.choose(null);
  }

  // Words ----------------------------------------------------------------------------------------------------------

  say(words, isRise = false) {
    byId("told").textContent = words;
    byId("story").classList.toggle("rose", isRise);
    this.saidAt = performance.now();
    this.roseAt = isRise ? this.saidAt : -Infinity;
  }

  /** Where the walk stands. */
  state() {
    const { now, before } = this.playground;
    return stateOfTheWalk(now.what === "step" && before ? before.step : null, now.step, now.settings);
  }

  /** What happened last, and why J rose if it did. */
  tell() {
    const { now, before } = this.playground;
    const { what, settings, step } = now;
    const why = what === "start" || !before ? "" : whyDidJRise(before.step, step, { ...settings, changed: CHANGED[what] });
    const from = why && what === "step" ? `J rose from ${written(before.step.here.loss)} to ${written(step.here.loss)}. ` : "";
    const isNew = what === "direction" || what === "coordinates";
    this.say(why ? from + why : (isNew ? `${aboutAlpha(now.objective, settings.direction)} ` : "") + this.state(), why !== "");
  }

  // Frames ---------------------------------------------------------------------------------------------------------

  frame(time) {
    if (this.isPlaying) this.walkOn(time);
    if (this.isStale) this.draw();
    requestAnimationFrame((next) => this.frame(next));
  }

  /** As many steps as are due; not too many words, and a rise stays until it is read. */
  walkOn(time) {
    const { playground } = this;
    this.due = Math.min(this.due + ((time - (this.lastFrame ?? time)) / 1000) * byId("pace").value, 4);
    this.lastFrame = time;
    for (; this.isPlaying && this.due >= 1; this.due -= 1) {
      playground.step();
      this.isStale = true;
      const [{ here }, { here: there }] = [playground.before.step, playground.now.step];
      const isOver = there.theta.every((one, j) => one === here.theta[j]) || !Number.isFinite(there.loss);
      if (isOver) this.play();
      else if (time - this.roseAt > A_RISE_STAYS && (there.loss > here.loss || time - this.saidAt > WORDS_EVERY)) this.tell();
    }
  }

  measure() {
    const theme = themeOf(document.body);
    for (const picture of [this.field, this.landscape, this.sigmoid, this.curve]) {
      picture.theme = theme;
      picture.measure();
    }
    this.isStale = true;
  }

  /** Everything that is seen, from the last moment. */
  draw() {
    const { playground } = this;
    const { now, curve, next } = playground;
    const losses = now.plants.map(({ x, y }) => exampleLoss(linearScore(x, now.step.here.weights), y));
    const shown = this.hovered ?? this.chosen ?? Math.max(losses.indexOf(rangeOf(losses)[1]), 0);
    const seen = { now, curve, next, shown, chosen: this.chosen, hurried: this.isPlaying || this.held !== null };
    this.isStale = false;
    for (const picture of [this.field, this.sigmoid, this.curve]) picture.draw(seen);
    this.isStale = !this.landscape.draw(seen);
    this.showControls(now);
    this.showNumbers(seen);
    this.timer ??= setTimeout(() => this.keep(), ADDRESS_EVERY);
  }

  showControls({ settings, objective, table, step }) {
    const { rate, moments } = this.playground;
    document.body.dataset.direction = settings.direction;
    byId("back").disabled = moments.length < 2;
    byId("recolour").disabled = byId("remove").disabled = this.chosen === null;
    byId("rate").value = Math.log10(rate);
    byId("rate").setAttribute("aria-valuetext", rate);
    setUnlessTyped(byId("rate-told"), String(rate < 1e-4 ? rate.toExponential() : rate));
    byId("table").value = table.name;
    const penalty = byId("penalty");
    penalty.value = settings.C;
    if (penalty.value === "") penalty.add(new Option(`C = ${settings.C}`, settings.C, false, true));
    for (const name of ["direction", "coordinates"]) document.querySelector(`[value=${settings[name]}]`).checked = true;
    step.here.weights.forEach((weight, j) => {
      const [dial, told] = document.querySelectorAll(`[data-j="${j}"]`);
      if (Math.abs(weight) > dial.max) [dial.min, dial.max] = [-1.5 * Math.abs(weight), 1.5 * Math.abs(weight)];
      dial.value = weight;
      dial.setAttribute("aria-valuetext", written(weight));
      setUnlessTyped(told, written(weight));
    });
    if (this.safeOf === objective && this.safeFor === settings.direction) return;
    [this.safeOf, this.safeFor] = [objective, settings.direction];
    this.safe = { gd: 2 / objective.smoothness, momentum: 1 / objective.smoothness, newton: 1 }[settings.direction];
    byId("safe").style.setProperty("--at", limited((Math.log10(this.safe) + 7) / 9, 0, 1));
    byId("rate").title = aboutAlpha(objective, settings.direction);
  }

  /** Numbers and words, wherever the page has a place for them. */
  showNumbers({ now, next, shown }) {
    const { plants, table, step, objective, settings, iteration } = now;
    const { weights, weightsGradient, theta, loss } = step.here;
    const { x, y } = plants[shown];
    const link = chainOf(x, y, weights);
    const { third } = this.landscape;
    const minimum = now.minimum();
    const numbers = {
      iteration: `${iteration}`,
      J: written(loss, 6),
      safe: written(this.safe, 3),
      right: `${plants.filter((plant) => isRight(plant, weights)).length}`,
      count: `${plants.length}`,
      note: table.note,
      third: SYMBOLS[third],
      held: written(theta[third], 3),
      floor: minimum ? written(objective.fromWeights(minimum.weights)[third], 3) : "",
      beyond: this.sigmoid.beyond > 0 ? `${this.sigmoid.beyond} lie beyond, and are drawn at the border.` : "",
      class0: table.classNames[0],
      class1: table.classNames[1],
      plant: `${shown + 1}: ${table.classNames[y]}`,
      why: shown === this.hovered ? "under the pointer" : shown === this.chosen ? "chosen" : "of the largest loss",
      y: `${y}`,
      residual: link.residual,
    };
    for (const name of ["z", "a", "bias", "loss", "lossSlope", "sigmoidSlope"]) numbers[name] = link[name];
    SYMBOLS.forEach((_, j) => Object.assign(numbers, {
      [`name${j}`]: table.featureNames[j] ?? "bias",
      [`x${j}`]: link.scoreSlope[j],
      [`w${j}`]: weights[j],
      [`product${j}`]: link.products[j],
      [`part${j}`]: link.gradient[j],
      [`mean${j}`]: weightsGradient[j],
      [`move${j}`]: next[j] - weights[j],
    }));
    document.body.classList.toggle("toxic", y === 1);
    document.body.classList.toggle("bottomless", minimum === null);
    document.body.classList.toggle("standardised", settings.coordinates === "standardised");
    document.body.classList.toggle("penalised", settings.C < Infinity);
    byId("belief").style.setProperty("--share", `${100 * link.a}%`);
    for (const place of document.querySelectorAll("[data-n]")) {
      const number = numbers[place.dataset.n];
      const words = typeof number === "number" ? written(number) : number;
      if (place.textContent !== words) place.textContent = words;
    }
  }

  // The address ----------------------------------------------------------------------------------------------------

  /** Go where the address says. */
  arrive() {
    const wrong = location.hash.length > 1 ? goTo(this.playground, location.hash) : [];
    this.tableSeen = null;
    this.measure();
    this.change(() => {});
    if (wrong.length > 0) this.say(`The address says what this page does not know: ${wrong.join("; ")}.`);
  }

  keep() {
    this.timer = clearTimeout(this.timer);
    this.address = addressOf(this.playground);
    if (this.address !== location.hash) history.replaceState(null, "", this.address);
  }

  async share() {
    this.keep();
    try {
      await navigator.clipboard.writeText(location.href);
      byId("whisper").textContent = byId("share").textContent = "Link copied";
    } catch {
      byId("link").hidden = false;
      byId("link").value = location.href;
      byId("link").select();
    }
  }
}

const FIELD_KEYS = {
  n: "following", p: "preceding", a: "add", r: "recolour", Enter: "recolour", Delete: "remove", Backspace: "remove", Escape: "release",
};

/** Show a number, but not to who is writing one. */
function setUnlessTyped(input, words) {
  if (document.activeElement !== input || input.dataset.shown === input.value) input.value = input.dataset.shown = words;
}

const { tables, chosen } = JSON.parse(byId("tables").textContent);
const hands = new Hands(new Playground(tables, chosen));
