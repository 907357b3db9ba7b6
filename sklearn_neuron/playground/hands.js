// Whose hands? Mouse, touch and keyboard turn into moments of the playground, and every moment into pictures and words.

const PENALTIES = [Infinity, 100, 10, 1, 0.1, 0.01, 0.001]; // C, from none on
const NEAR_POINTER = { mouse: 13, pen: 16, touch: 26 }; // pixels, within which a plant is meant
const MOVED = 4; // pixels, from which a press is a drag
const ADDRESS_EVERY = 400; // milliseconds: browsers refuse a new address more often
const WORDS_EVERY = 500; // milliseconds, while it plays
const A_RISE_STAYS = 4000; // milliseconds, while it plays: as long as it takes to read why
const SMALL_MOVE = 1 / 100; // of the view, by an arrow key
const LARGE_MOVE = 10; // times as far, with Shift
const MOST_STEPS_A_FRAME = 4;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const SYMBOLS = ["w₁", "w₂", "b"];

const byId = (id) => document.getElementById(id);

class Hands {
  /** Take up a playground: connect every control, and draw. */
  constructor(playground) {
    this.playground = playground;
    this.field = new Field(byId("field"));
    this.landscape = new Landscape(byId("landscape"));
    this.sigmoid = new SigmoidCurve(byId("sigmoid"));
    this.curve = new LossCurve(byId("curve"));
    this.pictures = [this.field, this.landscape, this.sigmoid, this.curve];
    this.hovered = null; // number of the plant under the pointer
    this.chosen = null; // number of the plant that was pressed, or walked to
    this.held = null; // what a pointer has taken hold of
    this.gestures = 0;
    this.playing = false;
    this.due = 0; // steps
    this.stale = true;
    this.saidAt = -Infinity;
    this.roseAt = -Infinity;
    this.fillIn();
    this.listen();
    this.watch();
    this.arrive(location.hash);
    requestAnimationFrame((time) => this.frame(time));
  }

  // What there is to choose from -----------------------------------------------------------------------------------

  fillIn() {
    for (const { name } of this.playground.tables) byId("table").add(new Option(name, name));
    for (const C of PENALTIES) this.offerPenalty(C);
    byId("pace").value = matchMedia("(prefers-reduced-motion: reduce)").matches ? "1" : "10";
    byId("dials").append(...SYMBOLS.map((symbol, j) => this.dial(symbol, j)));
    byId("chain").append(...chainTables());
  }

  offerPenalty(C) {
    byId("penalty").add(new Option(C === Infinity ? "none (C = ∞)" : `C = ${C}`, String(C)));
  }

  /** A slider and a number for one of the weights, with the slope of J along it. */
  dial(symbol, j) {
    const row = document.createElement("div");
    row.className = "dial";
    row.innerHTML = `<label for="dial-${j}"><span><b>${symbol}</b> <span id="dial-name-${j}"></span></span><output id="slope-${j}"></output></label>
      <input type="range" id="dial-${j}" step="any"><input type="text" id="told-${j}" inputmode="decimal" autocomplete="off" aria-label="${symbol}, as a number">`;
    const [slider, number] = row.querySelectorAll("input");
    slider.addEventListener("input", () => this.turn(j, Number(Number(slider.value).toPrecision(4)), `dial ${this.gestures}`));
    slider.addEventListener("change", () => (this.gestures += 1));
    number.addEventListener("change", () => this.turn(j, numberIn(number)));
    return row;
  }

  // Listening ------------------------------------------------------------------------------------------------------

  listen() {
    const on = (id, event, act) => byId(id).addEventListener(event, act);
    on("play", "click", () => (this.playing ? this.pause() : this.play()));
    on("step", "click", () => this.pauseAnd(() => this.step()));
    on("back", "click", () => this.pauseAnd(() => this.back()));
    on("reset", "click", () => this.pauseAnd(() => this.change(() => this.playground.reset())));
    on("rate", "input", () => this.setRate(Number((10 ** Number(byId("rate").value)).toPrecision(3))));
    on("rate-told", "change", () => this.setRate(numberIn(byId("rate-told"))));
    on("direction", "change", (event) => this.change(() => this.playground.set({ direction: event.target.value }, "direction")));
    on("coordinates", "change", (event) => this.change(() => this.playground.set({ coordinates: event.target.value }, "coordinates")));
    on("penalty", "change", () => this.change(() => this.playground.set({ C: Number(byId("penalty").value) }, "penalty")));
    on("table", "change", () => this.chooseTable(byId("table").value));
    on("axes", "change", (event) => this.showAxes(event.target.value));
    on("recolour", "click", () => this.recolour());
    on("remove", "click", () => this.remove());
    on("share", "click", () => this.share());
    document.querySelector(".transport").addEventListener("keydown", (event) => this.transportKey(event));
    this.listenToField();
    this.listenToLandscape();
    this.listenToSigmoid();
  }

  /** Redraw when the window, the theme or the address is another. */
  watch() {
    const redraw = () => {
      this.theme = themeOf(document.documentElement);
      this.pictures.forEach((picture) => picture.measure());
      this.stale = true;
    };
    redraw();
    const sizes = new ResizeObserver(redraw);
    this.pictures.forEach((picture) => sizes.observe(picture.host));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
    addEventListener("hashchange", () => location.hash !== this.address && this.arrive(location.hash));
    addEventListener("pagehide", () => this.keepAddress());
  }

  listenToField() {
    const { host } = this.field;
    host.addEventListener("pointerdown", (event) => this.fieldDown(event));
    host.addEventListener("pointermove", (event) => this.fieldMove(event));
    host.addEventListener("pointerup", (event) => this.fieldUp(event));
    host.addEventListener("pointercancel", () => this.letGo());
    host.addEventListener("pointerleave", () => this.hover(null));
    host.addEventListener("dblclick", (event) => this.plantUnder(event) !== null && this.recolour());
    host.addEventListener("touchstart", (event) => this.plantUnder(event.touches[0], "touch") !== null && event.preventDefault(), { passive: false });
    host.addEventListener("keydown", (event) => this.fieldKey(event));
  }

  listenToLandscape() {
    const { host } = this.landscape;
    host.addEventListener("pointerdown", (event) => this.landscapeDown(event));
    host.addEventListener("pointermove", (event) => this.held?.what === "neuron" && this.moveNeuron(event));
    host.addEventListener("pointerup", (event) => this.landscapeUp(event));
    host.addEventListener("pointercancel", () => this.letGo());
    host.addEventListener("touchstart", (event) => this.isNearNeuron(event.touches[0]) && event.preventDefault(), { passive: false });
    host.addEventListener("keydown", (event) => this.landscapeKey(event));
  }

  listenToSigmoid() {
    const { host } = this.sigmoid;
    const under = (event) => this.sigmoid.plantAt(...pixelOf(host, event), NEAR_POINTER[event.pointerType] ?? 13);
    host.addEventListener("pointermove", (event) => this.hover(under(event)));
    host.addEventListener("pointerleave", () => this.hover(null));
    host.addEventListener("click", (event) => this.choose(under(event)));
  }

  // The walk -------------------------------------------------------------------------------------------------------

  play() {
    this.playing = true;
    this.due = 1;
    this.say("");
    this.showPlaying();
  }

  pause() {
    if (!this.playing) return;
    this.playing = false;
    this.showPlaying();
    this.tell();
  }

  showPlaying() {
    byId("play").textContent = this.playing ? "Pause" : "Play";
    byId("play").setAttribute("aria-pressed", String(this.playing));
    byId("told").setAttribute("aria-live", this.playing ? "off" : "polite");
    this.stale = true;
  }

  pauseAnd(act) {
    this.playing = false;
    this.showPlaying();
    act();
  }

  /** One step, and what there is to say about it. */
  step() {
    this.playground.step();
    this.stale = true;
    if (!this.playing) this.tell();
  }

  back() {
    const taken = this.playground.now.what;
    if (!this.playground.back()) return;
    this.changed();
    this.say(`Taken back: ${TAKEN[taken] ?? taken}. ${this.state()}`);
  }

  /** Do something that is no step, and tell what it did to J. */
  change(act) {
    this.pauseAnd(act);
    this.changed();
    this.tell();
  }

  /** Something is not as it was. */
  changed() {
    const { plants, table } = this.playground.now;
    if (this.chosen !== null && this.chosen >= plants.length) this.chosen = null;
    if (this.hovered !== null && this.hovered >= plants.length) this.hovered = null;
    if (this.tableSeen !== table) this.seeTable();
    this.stale = true;
  }

  setRate(rate) {
    if (isRate(rate)) this.playground.rate = rate;
    this.stale = true;
  }

  chooseTable(name) {
    this.chosen = this.hovered = null;
    this.change(() => this.playground.choose(name));
  }

  /** A table came: look at all of it, and give the dials a range that suits it. */
  seeTable() {
    const { table, plants, objective } = this.playground.now;
    this.tableSeen = table;
    this.field.look(table, plants);
    const plain = objective.inside ? objectiveOf(plants, { C: Infinity, coordinates: "raw" }) : objective;
    SYMBOLS.forEach((_, j) => {
      const reach = Number(reachOf(plain, j).toPrecision(1));
      [byId(`dial-${j}`).min, byId(`dial-${j}`).max] = [-reach, reach];
      byId(`dial-name-${j}`).textContent = j < 2 ? table.featureNames[j] : "bias";
    });
    document.querySelectorAll("#brush em").forEach((word, y) => (word.textContent = table.classNames[y]));
  }

  turn(j, value, gesture = null) {
    if (!Number.isFinite(value)) return void (this.stale = true);
    const weights = this.playground.now.step.here.weights.slice();
    weights[j] = value;
    this.change(() => this.playground.turnTo(weights, gesture));
  }

  showAxes(words) {
    this.landscape.axesShown = words.split(",").map(Number);
    this.landscape.forget();
    this.stale = true;
  }

  // Plants ---------------------------------------------------------------------------------------------------------

  plantUnder(event, kind = event.pointerType) {
    return this.field.plantAt(this.playground.now.plants, ...pixelOf(this.field.host, event), NEAR_POINTER[kind] ?? 13);
  }

  fieldDown(event) {
    if (event.button !== 0) return;
    const at = this.plantUnder(event);
    const [px, py] = pixelOf(this.field.host, event);
    this.held = { what: "plant", at, from: [px, py], moved: false, gesture: `drag ${(this.gestures += 1)}` };
    if (at === null && event.pointerType === "touch") return; // maybe the page is to be scrolled
    this.field.host.setPointerCapture(event.pointerId);
    if (at === null) {
      this.held.at = this.add(this.field.placeAt(px, py), this.held.gesture);
      this.held.offset = [0, 0];
      this.held.moved = true;
    } else {
      const { x } = this.playground.now.plants[at];
      this.held.offset = [this.field.across(x[0]) - px, this.field.up(x[1]) - py];
    }
    this.field.host.classList.add("held");
  }

  fieldMove(event) {
    const { held } = this;
    if (held?.what !== "plant") return this.hover(event.pointerType === "touch" ? null : this.plantUnder(event));
    const [px, py] = pixelOf(this.field.host, event);
    held.moved ||= Math.hypot(px - held.from[0], py - held.from[1]) > MOVED;
    if (held.moved && held.at !== null) this.moveTo(held.at, this.field.placeAt(px + held.offset[0], py + held.offset[1]), held.gesture);
  }

  fieldUp(event) {
    const { held } = this;
    this.letGo();
    if (held?.what !== "plant") return;
    if (held.at === null && !held.moved) this.add(this.field.placeAt(...pixelOf(this.field.host, event)));
    else if (!held.moved) this.choose(held.at === this.chosen && event.detail < 2 ? null : held.at);
  }

  letGo() {
    this.held = null;
    this.field.host.classList.remove("held");
    this.stale = true;
  }

  hover(at) {
    if (at === this.hovered) return;
    this.hovered = at;
    this.field.host.classList.toggle("over", at !== null);
    this.stale = true;
  }

  /** Let the numbers of a plant stay. */
  choose(at) {
    this.chosen = at;
    this.stale = true;
    this.whisper(at === null ? "No plant is chosen." : this.plantTold(at));
  }

  /** A new plant, chosen; its number. */
  add(place, gesture = null) {
    const at = this.playground.now.plants.length;
    const plant = { x: this.field.rounded(place), y: Number(document.querySelector("#brush :checked").value) };
    this.change(() => this.playground.plant(at, plant, gesture));
    if (this.playground.now.plants.length > at) this.chosen = at;
    else this.say(`There is room for ${MOST_PLANTS} plants.`);
    return this.chosen;
  }

  moveTo(at, place, gesture = null) {
    this.change(() => this.playground.plant(at, { x: this.field.rounded(place), y: this.playground.now.plants[at].y }, gesture));
  }

  recolour() {
    if (this.chosen === null) return;
    const { x, y } = this.playground.now.plants[this.chosen];
    this.change(() => this.playground.plant(this.chosen, { x, y: 1 - y }));
    this.whisper(this.plantTold(this.chosen));
  }

  remove() {
    if (this.chosen === null) return;
    const { length } = this.playground.now.plants;
    if (length <= FEWEST_PLANTS) return this.say(`The last ${FEWEST_PLANTS} plants stay: without them there is nothing to learn.`);
    this.change(() => this.playground.plant(this.chosen, null));
    this.choose(Math.min(this.chosen, length - 2));
  }

  /** One plant in words. */
  plantTold(at) {
    const { plants, table, step } = this.playground.now;
    const { x, y } = plants[at];
    const { a } = chainOf(x, y, step.here.weights);
    const measures = table.featureNames.map((name, j) => `${name} ${written(x[j])}${table.units[j] && ` ${table.units[j]}`}`);
    return `Plant ${at + 1} of ${plants.length}, ${table.classNames[y]}: ${measures.join(", ")}; belief ${written(a, 3)}.`;
  }

  // The neuron on its landscape ------------------------------------------------------------------------------------

  isNearNeuron(event) {
    const { theta } = this.playground.now.step.here;
    const [i, j] = this.landscape.axesShown;
    const [px, py] = pixelOf(this.landscape.host, event);
    return Math.hypot(this.landscape.across(theta[i]) - px, this.landscape.up(theta[j]) - py) < NEAR_POINTER.touch;
  }

  landscapeDown(event) {
    if (event.button !== 0) return;
    const waits = event.pointerType === "touch" && !this.isNearNeuron(event); // maybe the page is to be scrolled
    this.held = { what: waits ? "tap" : "neuron", from: pixelOf(this.landscape.host, event), gesture: `stand ${(this.gestures += 1)}` };
    if (waits) return;
    this.landscape.host.setPointerCapture(event.pointerId);
    if (!this.isNearNeuron(event)) this.moveNeuron(event);
  }

  landscapeUp(event) {
    if (this.held?.what === "tap") this.moveNeuron(event);
    this.letGo();
  }

  moveNeuron(event) {
    const place = this.landscape.placeAt(...pixelOf(this.landscape.host, event));
    this.standAt(place, this.held.gesture);
  }

  /** Put the neuron to a place of the landscape; the third parameter stays. */
  standAt(place, gesture = null) {
    const { objective, step } = this.playground.now;
    const theta = step.here.theta.slice();
    this.landscape.axesShown.forEach((j, k) => (theta[j] = Number(place[k].toPrecision(4))));
    this.change(() => this.playground.turnTo(objective.toWeights(theta), gesture));
  }

  // Keys -----------------------------------------------------------------------------------------------------------

  transportKey(event) {
    const act = { ArrowRight: () => this.pauseAnd(() => this.step()), ArrowLeft: () => this.pauseAnd(() => this.back()) }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  fieldKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { length } = this.playground.now.plants;
    const next = (by) => this.choose(this.chosen === null ? (by > 0 ? 0 : length - 1) : (this.chosen + by + length) % length);
    const middle = () => this.add([this.field.view.x, this.field.view.y].map(([low, high]) => (low + high) / 2));
    const acts = {
      n: () => next(1),
      p: () => next(-1),
      a: () => this.whisper(this.plantTold(middle())),
      r: () => this.recolour(),
      Enter: () => this.recolour(),
      Delete: () => this.remove(),
      Backspace: () => this.remove(),
      Escape: () => this.choose(null),
    };
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key] ?? (ARROWS[event.key] && (() => this.pushPlant(event)));
    if (!act) return;
    event.preventDefault();
    act();
  }

  pushPlant({ key, shiftKey }) {
    if (this.chosen === null) return this.choose(0);
    const { x } = this.playground.now.plants[this.chosen];
    this.moveTo(this.chosen, moved(x, this.field.view, key, shiftKey), `push ${this.chosen}`);
    this.whisper(this.plantTold(this.chosen));
  }

  landscapeKey(event) {
    if (!ARROWS[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const { theta } = this.playground.now.step.here;
    const place = this.landscape.axesShown.map((j) => theta[j]);
    this.standAt(moved(place, this.landscape.view, event.key, event.shiftKey));
  }

  // Words ----------------------------------------------------------------------------------------------------------

  say(words, rose = false) {
    byId("told").textContent = words;
    byId("story").classList.toggle("rose", rose);
    [this.saidAt, this.roseAt] = [performance.now(), rose ? performance.now() : -Infinity];
  }

  /** For who hears the page: what is seen without words. */
  whisper(words) {
    byId("whisper").textContent = words;
  }

  /** Where the walk stands. */
  state() {
    const { now, moments } = this.playground;
    const before = now.what === "step" ? moments[moments.length - 2]?.step ?? null : null;
    return stateOfTheWalk(before, now.step, now.settings);
  }

  /** What happened last, and why J rose if it did. */
  tell() {
    const { now, moments } = this.playground;
    const before = moments[moments.length - 2];
    const changed = CHANGES[now.what] ?? "";
    const isNew = now.what === "start" || before === undefined;
    const why = isNew || before.plants.length === 0 ? "" : whyDidJRise(before.step, now.step, { ...now.settings, changed });
    const about = now.what === "direction" || now.what === "coordinates" ? `${aboutAlpha(now.objective, now.settings.direction)} ` : "";
    const step = now.what === "step" ? `Step ${now.iteration}: J rose from ${written(before?.step.here.loss)} to ${written(now.step.here.loss)}. ` : "";
    if (why) this.say(step + why, true);
    else this.say(about + this.state());
  }

  /** While it plays: not too often, and a rise stays until it is read. */
  tellNowAndThen(time) {
    const { now, moments } = this.playground;
    const rose = now.step.here.loss > moments[moments.length - 2]?.step.here.loss;
    if (time - this.roseAt < A_RISE_STAYS) return;
    if (rose || time - this.saidAt > WORDS_EVERY) this.tell();
  }

  // Frames ---------------------------------------------------------------------------------------------------------

  frame(time) {
    if (this.playing) this.walkOn(time);
    this.lastFrame = time;
    if (this.stale) this.draw();
    requestAnimationFrame((next) => this.frame(next));
  }

  walkOn(time) {
    this.due += (Math.min(time - (this.lastFrame ?? time), 100) / 1000) * Number(byId("pace").value);
    for (let k = 0; this.playing && this.due >= 1 && k < MOST_STEPS_A_FRAME; k += 1) {
      this.due -= 1;
      const { here } = this.playground.now.step;
      this.step();
      const after = this.playground.now.step.here;
      const rests = after.theta.every((one, j) => one === here.theta[j]);
      if (rests || !Number.isFinite(after.loss)) this.pause();
      else this.tellNowAndThen(time);
    }
    this.due = Math.min(this.due, MOST_STEPS_A_FRAME);
  }

  /** Everything that is seen, from the last moment. */
  draw() {
    const { playground, theme } = this;
    const { now, curve, next } = playground;
    const hurried = this.playing || this.held !== null;
    const shown = this.hovered ?? this.chosen ?? worstOf(now);
    const seen = { now, curve, next, hurried, shown, chosen: this.chosen };
    this.field.draw(theme, seen);
    this.sigmoid.draw(theme, seen);
    this.curve.draw(theme, seen);
    this.stale = !this.landscape.draw(theme, seen);
    this.showControls(now);
    this.showDials(now);
    this.showChain(now, next, shown);
    this.showCaptions(now);
    this.scheduleAddress();
  }

  showControls(now) {
    const { rate, moments } = this.playground;
    const { settings, objective, iteration, step } = now;
    write("iteration", String(iteration));
    write("loss", written(step.here.loss, 6));
    byId("back").disabled = moments.length < 2;
    byId("recolour").disabled = byId("remove").disabled = this.chosen === null;
    byId("rate").value = Math.log10(rate);
    byId("rate").setAttribute("aria-valuetext", String(rate));
    setUnlessTyped(byId("rate-told"), String(rate));
    byId("table").value = now.table.name;
    if (![...byId("penalty").options].some(({ value }) => value === String(settings.C))) this.offerPenalty(settings.C);
    byId("penalty").value = String(settings.C);
    for (const name of ["direction", "coordinates"]) document.querySelector(`#${name} [value=${settings[name]}]`).checked = true;
    this.showSafeRate(objective, settings.direction);
  }

  /** A mark beneath the slider: what is known of alpha before any step. */
  showSafeRate(objective, direction) {
    if (this.safeFor?.objective === objective && this.safeFor.direction === direction) return;
    this.safeFor = { objective, direction };
    const limit = { gd: 2 / objective.smoothness, momentum: 1 / objective.smoothness, newton: 1 }[direction];
    const { min, max } = byId("rate");
    const share = Math.min(Math.max((Math.log10(limit) - min) / (max - min), 0), 1);
    byId("safe").style.left = `calc(8px + ${share} * (100% - 16px))`;
    write("safe-told", { gd: `never climbs below ${written(limit, 3)}`, momentum: `proved up to ${written(limit, 3)}`, newton: "1 is the whole way" }[direction]);
    byId("safe-told").title = aboutAlpha(objective, direction);
  }

  showDials({ step }) {
    const { weights, weightsGradient } = step.here;
    weights.forEach((weight, j) => {
      const slider = byId(`dial-${j}`);
      if (Math.abs(weight) > Number(slider.max) && Number.isFinite(weight)) [slider.min, slider.max] = [-1.5 * Math.abs(weight), 1.5 * Math.abs(weight)];
      slider.value = weight;
      slider.setAttribute("aria-valuetext", written(weight));
      setUnlessTyped(byId(`told-${j}`), written(weight, 5));
      write(`slope-${j}`, `∂J/∂${SYMBOLS[j]} ${written(weightsGradient[j], 3)}`);
    });
  }

  /** Every number of one plant. */
  showChain(now, next, shown) {
    const { plants, table, step } = now;
    const { x, y } = plants[shown];
    const link = chainOf(x, y, step.here.weights);
    write("chain-title", `Plant ${shown + 1}: ${table.classNames[y]}`);
    write("chain-why", shown === this.hovered ? "the one under the pointer" : shown === this.chosen ? "the one that was chosen" : "the one with the largest loss; point at another, or choose one");
    const { weights, weightsGradient } = step.here;
    for (const [id, words] of chainWords(link, weights, table)) write(id, words);
    byId("link-a").style.setProperty("--share", `${100 * link.a}%`);
    SYMBOLS.forEach((_, j) => {
      write(`mean-${j}`, written(weightsGradient[j]));
      write(`move-${j}`, signed(next[j] - weights[j]));
    });
    write("mean-of", `The mean over all ${plants.length}${now.settings.C < Infinity ? ", and the slope of the penalty" : ""}`);
  }

  showCaptions(now) {
    const { plants, table, step, objective, settings } = now;
    const { weights, theta } = step.here;
    const right = plants.filter(({ x, y }) => (linearScore(x, weights) > 0 ? 1 : 0) === y).length;
    const note = table.note ? ` ${table.note}.` : "";
    write("field-told", `${right} of ${plants.length} are on the right side of the line; a ring is about those that are not.${note}`);
    const { third } = this.landscape;
    const minimum = now.minimum();
    const floor = minimum && objective.fromWeights(minimum.weights)[third];
    const name = settings.coordinates === "standardised" ? `the standardised ${third < 2 ? `weight of ${table.featureNames[third]}` : "bias"}` : SYMBOLS[third];
    const star = minimum === null ? "J has no minimum: it falls for ever." : `★ is the minimum, at ${name} = ${written(floor, 3)}.`;
    write("landscape-told", `A slice where ${name} = ${written(theta[third], 3)}, as where the neuron stands. ${star} Dots wear the colour of their own J.`);
    const { beyond } = this.sigmoid;
    write("sigmoid-told", `A stick is a residual a − y: from the belief to the truth.${beyond > 0 ? ` ${beyond} lie beyond, and are drawn at the border.` : ""}`);
    write("curve-told", "A step that led up is orange; an upright line tells where something was changed.");
    if (this.playing || this.held) return;
    label("field", `Field of ${plants.length} plants, ${right} of them on the right side of the boundary`);
    label("landscape", `Landscape of J over ${this.landscape.axesShown.map((j) => parameterName(now, j)).join(" and ")}; the neuron stands at ${this.landscape.axesShown.map((j) => written(theta[j])).join(", ")}`);
    label("sigmoid", `The sigmoid, and ${plants.length} plants on it`);
    label("curve", `J at every step; it is ${written(step.here.loss)} after step ${now.iteration}`);
  }

  // The address ----------------------------------------------------------------------------------------------------

  /** Go where an address says. */
  arrive(address) {
    this.playing = false;
    this.chosen = this.hovered = null;
    const complaints = address.length > 1 ? goTo(this.playground, address) : [];
    this.tableSeen = null;
    this.changed();
    this.showPlaying();
    this.tell();
    if (complaints.length > 0) this.say(`The address says what this page does not know (${complaints.join("; ")}): there it is as at the beginning.`);
  }

  scheduleAddress() {
    this.timer ??= setTimeout(() => this.keepAddress(), ADDRESS_EVERY);
  }

  keepAddress() {
    clearTimeout(this.timer);
    this.timer = null;
    this.address = addressOf(this.playground);
    if (this.address !== location.hash) history.replaceState(null, "", this.address);
  }

  async share() {
    this.keepAddress();
    const field = byId("address");
    try {
      await navigator.clipboard.writeText(location.href);
      byId("share").textContent = "Copied";
      setTimeout(() => (byId("share").textContent = "Copy link"), 2000);
      this.whisper("The link is copied.");
    } catch {
      field.hidden = false;
      field.value = location.href;
      field.select();
      this.whisper("Copy the link from the field.");
    }
  }
}

const TAKEN = { step: "a step", start: "a new beginning", weights: "a turned dial", plants: "a change of the plants", penalty: "another penalty", direction: "another direction", coordinates: "other coordinates" };
const CHANGES = { plants: "plants", penalty: "penalty", weights: "dials" };

/** The plant with the largest loss. */
function worstOf({ plants, step }) {
  const losses = plants.map(({ x, y }) => exampleLoss(linearScore(x, step.here.weights), y));
  return losses.reduce((worst, loss, i) => (loss > losses[worst] ? i : worst), 0);
}

/** A place moved by an arrow key, within the view. */
function moved(place, view, key, far) {
  return [view.x, view.y].map(([low, high], j) => {
    const to = place[j] + ARROWS[key][j] * SMALL_MOVE * (far ? LARGE_MOVE : 1) * (high - low);
    return Math.min(Math.max(to, low), high);
  });
}

/** Where an event is, in pixels of an element. */
function pixelOf(host, event) {
  const box = host.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

/** A number that somebody wrote, with any sign for minus. */
function numberIn(input) {
  const words = input.value.trim().replace("−", "-").replace(",", ".");
  return words === "" ? NaN : Number(words);
}

/** Change what is written, if it is not the same. */
function write(id, words) {
  const place = byId(id);
  if (place.textContent !== words) place.textContent = words;
}

function label(id, words) {
  byId(id).setAttribute("aria-label", words);
}

/** Show a number, but not to who is writing one. */
function setUnlessTyped(input, words) {
  if (document.activeElement !== input || input.dataset.shown === input.value) input.value = input.dataset.shown = words;
}

const signed = (number) => (number > 0 ? "+" : "") + written(number);

// The numbers of one plant ---------------------------------------------------------------------------------------

/** Rows of [id, name, how]: where they are, what they are called, and from what they are made. */
const CHAIN = [
  ["Forwards, from the plant to its loss", [
    ["product-0", "x₁ · w₁"], ["product-1", "x₂ · w₂"], ["bias", "b"], ["z", "z", "sum"], ["a", "a = σ(z)", "belief"], ["loss", "loss"],
  ]],
  ["Backwards, link by link", [
    ["loss-slope", "∂loss/∂a"], ["sigmoid-slope", "∂a/∂z"], ["residual", "∂loss/∂z", "sum"], ["gradient-0", "∂loss/∂w₁"], ["gradient-1", "∂loss/∂w₂"], ["gradient-2", "∂loss/∂b"],
  ]],
];

function chainTables() {
  const tables = CHAIN.map(([caption, rows]) => tableOfRows(caption, rows.map(([id, name, kind = ""]) =>
    `<tr class="${kind}" id="link-${id}"><th scope="row">${name}</th><td class="how" id="how-${id}"></td><td id="value-${id}"></td></tr>`)));
  const means = SYMBOLS.map((symbol, j) => `<tr><th scope="row">∂J/∂${symbol}</th><td id="mean-${j}"></td><td id="move-${j}"></td></tr>`);
  const head = '<tr><td></td><th scope="col" class="how">slope</th><th scope="col" class="how">next step</th></tr>';
  return [...tables, tableOfRows('<span id="mean-of"></span>', [head, ...means])];
}

function tableOfRows(caption, rows) {
  const table = document.createElement("table");
  table.innerHTML = `<caption>${caption}</caption><tbody>${rows.join("")}</tbody>`;
  return table;
}

/** [id, words] of every number of a plant. */
function chainWords(link, weights, table) {
  const factors = (one, other) => `${written(one)} × ${other < 0 ? `(${written(other)})` : written(other)}`;
  const truth = link.y === 1;
  const how = {
    "product-0": factors(link.x[0], weights[0]),
    "product-1": factors(link.x[1], weights[1]),
    bias: "",
    z: "their sum",
    a: `belief: ${table.classNames[1]}`,
    loss: truth ? "−log a" : "−log(1 − a)",
    "loss-slope": truth ? "−1 / a" : "1 / (1 − a)",
    "sigmoid-slope": "a (1 − a)",
    residual: truth ? "product: a − 1" : "product: a − 0",
  };
  const values = {
    "product-0": link.products[0],
    "product-1": link.products[1],
    bias: link.bias,
    z: link.z,
    a: link.a,
    loss: link.loss,
    "loss-slope": link.lossSlope,
    "sigmoid-slope": link.sigmoidSlope,
    residual: link.residual,
  };
  link.gradient.forEach((slope, j) => {
    how[`gradient-${j}`] = factors(link.residual, link.scoreSlope[j]);
    values[`gradient-${j}`] = slope;
  });
  return [
    ...Object.entries(how).map(([id, words]) => [`how-${id}`, words]),
    ...Object.entries(values).map(([id, value]) => [`value-${id}`, written(value)]),
  ];
}

const told = JSON.parse(byId("tables").textContent);
const hands = new Hands(new Playground(told.tables, told.chosen));
