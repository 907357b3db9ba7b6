// Whose hands? Mouse, touch and keyboard make moments of the playground; each is shown in pictures, numbers and words.

const REACH = { mouse: 13, pen: 16, touch: 26 }; // pixels
const MOVED = 4; // pixels: a drag
const ADDRESS_EVERY = 400; // milliseconds: browsers allow no more
const WORDS_EVERY = 500; // milliseconds, while it plays
const A_RISE_STAYS = 4000; // milliseconds, while it plays: to be read
const AT_REST = 20; // steps that change no digit of J, and play ends
const CHANGED = { plants: "plants", C: "penalty", weights: "dials" }; // for story.js
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const FIELD_KEYS = { n: "next", p: "previous", a: "add", r: "recolour", Delete: "remove", Escape: "choose" };

const byId = (id) => document.getElementById(id);
const all = (selector) => [...document.querySelectorAll(selector)];
const numberOf = (words) => (words.trim() === "" ? NaN : Number(words.replace("−", "-").replace(",", ".")));

class Hands {
  chosen = null;
  hovered = null; // by the pointer
  held = null;
  gesture = 0;
  isPlaying = false;
  saidAt = -Infinity;

  constructor(playground) {
    this.playground = playground;
    this.field = new Field(byId("field"), 46);
    this.landscape = new Landscape(byId("landscape"), 56, 58);
    this.sigmoid = new SigmoidCurve(byId("sigmoid"), 46);
    this.curve = new LossCurve(byId("curve"), 60, 8);
    this.landscape.axes = [0, 1];
    this.places = all("[data-n]").map((place) => [place, place.dataset.n.split("."), place.dataset.digits ?? 4]);
    playground.tables.forEach(({ name }) => byId("table").add(new Option(name)));
    byId("pace").value = matchMedia("(prefers-reduced-motion: reduce)").matches ? 1 : 10;
    this.listen();
    this.arrive();
    requestAnimationFrame((time) => this.frame(time));
  }

  get now() {
    return this.playground.now;
  }

  begin(what, changes, gesture = null) {
    this.change(() => this.playground.begin(what, changes, gesture));
  }

  listen() {
    const { field, landscape, sigmoid } = this;
    const stand = (at) => this.stand(landscape.placeAt(at), this.held.gesture);
    const isNear = (at) => apartBy(landscape.here, at) < REACH.touch;
    this.listenTo(field, {
      grabs: (at, reach) => field.nearest(at, reach) !== null,
      grab: (at, reach) => this.grabPlant(at, reach),
      drag: (at) => this.drag(field.placeAt(sumOf(at, this.held.off))),
      press: () => this.choose(this.held.plant),
      tap: (at) => this.add(field.placeAt(at)),
    });
    this.listenTo(landscape, { grabs: isNear, grab: (at) => isNear(at) || stand(at), drag: stand, tap: stand });
    this.listenTo(sigmoid, { press: () => this.choose(this.hovered) });
    const on = (target, event, act) => target.addEventListener(event, act);
    on(document, "click", ({ target }) => this[target.closest("[data-do]")?.dataset.do]?.());
    on(document, "input", ({ target }) => this.slide(target));
    on(document, "change", ({ target }) => this.set(target));
    on(field.host, "dblclick", () => this.recolour());
    on(field.host, "keydown", (event) => this.press(event, FIELD_KEYS, (way) => this.pushPlant(way)));
    on(landscape.host, "keydown", (event) => this.press(event, {}, (way) => {
      this.stand(landscape.pushed(landscape.flat(this.now.step.here.theta), way));
    }));
    on(byId("transport"), "keydown", (event) => this.press(event, { ArrowRight: "step", ArrowLeft: "back" }));
    on(matchMedia("(prefers-color-scheme: dark)"), "change", () => this.measure());
    on(window, "hashchange", () => location.hash !== this.address && this.arrive());
    on(window, "pagehide", () => this.keep());
    new ResizeObserver(() => this.measure()).observe(document.body);
  }

  /** A finger that grabs nothing may mean to scroll the page: only a tap of it counts. */
  listenTo(picture, { grabs, grab, drag, press, tap }) {
    const { host } = picture;
    const pixel = ({ clientX, clientY }) => {
      const { left, top } = host.getBoundingClientRect();
      return [clientX - left, clientY - top];
    };
    const on = (name, act) => host.addEventListener(name, (event) => act(event, pixel(event)), { passive: false });
    on("touchstart", (event) => grabs?.(pixel(event.touches[0]), REACH.touch) && event.preventDefault());
    on("pointerdown", (event, at) => {
      if (event.button !== 0) return;
      const reach = REACH[event.pointerType];
      const waits = event.pointerType === "touch" && !grabs?.(at, reach);
      this.held = { id: event.pointerId, at, waits, gesture: (this.gesture += 1) };
      if (waits) return;
      host.setPointerCapture(event.pointerId);
      grab?.(at, reach);
    });
    on("pointermove", ({ pointerId, pointerType }, at) => {
      if (this.held === null) return this.hover(pointerType === "touch" ? null : picture.nearest(at, REACH.mouse));
      if (this.held.id !== pointerId) return;
      this.held.moved ||= apartBy(at, this.held.at) > MOVED;
      if (this.held.moved && !this.held.waits) drag?.(at);
    });
    on("pointerup", ({ pointerId }, at) => {
      if (this.held?.id !== pointerId) return;
      if (this.held.waits) tap?.(at);
      else if (!this.held.moved) press?.();
      this.letGo();
    });
    on("pointercancel", ({ pointerId }) => this.held?.id === pointerId && this.letGo());
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

  // The walk ---

  play() {
    this.isPlaying = !this.isPlaying;
    [this.due, this.rests, this.lastFrame, this.roseAt] = [1, 0, undefined, -Infinity];
    byId("play").textContent = this.isPlaying ? "Pause" : "Play";
    byId("told").setAttribute("aria-live", this.isPlaying ? "off" : "polite");
    if (!this.isPlaying) this.tell();
    this.isStale = true;
  }

  step() {
    this.change(() => this.playground.step());
  }

  back() {
    if (!this.playground.before) return;
    const what = this.change(() => {
      if (this.now.what === "start") this.seen = null;
      return this.playground.back();
    });
    this.say(`Taken back: a ${what === "step" ? "step" : "change"}. ${this.state()}`);
  }

  reset() {
    this.begin("start", { weights: UNLEARNED, iteration: 0 });
  }

  change(act) {
    if (this.isPlaying) this.play();
    const done = act();
    if (this.seen !== this.now.table) this.seeTable();
    if (this.chosen >= this.now.plants.length) this.chosen = null;
    this.hovered = null;
    this.tell();
    this.isStale = true;
    return done;
  }

  slide({ id, name, value, dataset }) {
    if (id === "rate") this.setRate(Number((10 ** value).toPrecision(3)));
    if (name === "dial") this.turn(dataset.j, Number(Number(value).toPrecision(4)), `dial ${this.gesture}`);
  }

  set({ id, name, value, dataset }) {
    const setting = { direction: value, coordinates: value, C: Number(value) }[name];
    if (setting) this.begin(name, { settings: { ...this.now.settings, [name]: setting } });
    if (name === "dial") this.gesture += 1;
    if (name === "told") this.turn(dataset.j, numberOf(value));
    if (name === "axes") this.landscape.axes = value.split(",").map(Number);
    if (id === "rate-told") this.setRate(numberOf(value));
    if (id === "table") this.change(() => this.playground.choose(value));
    this.isStale = true;
  }

  setRate(rate) {
    if (isRate(rate)) this.playground.rate = rate;
    this.isStale = true;
  }

  turn(j, value, gesture = null) {
    const weights = this.now.step.here.weights.with(j, value);
    if (isModest(value)) this.begin("weights", { weights }, gesture);
  }

  stand(place, gesture = null) {
    const theta = this.now.step.here.theta.slice();
    const round = this.landscape.rounded(place);
    this.landscape.axes.forEach((j, k) => (theta[j] = round[k]));
    this.begin("weights", { weights: this.now.objective.toWeights(theta) }, gesture);
  }

  seeTable() {
    const { table, plants } = this.now;
    this.seen = table;
    this.chosen = null;
    this.field.look(table, plants);
    const plain = objectiveOf(plants, START);
    all("[name=dial]").forEach((dial, j) => this.widen(dial, Number(reachOf(plain, j).toPrecision(1))));
  }

  widen(dial, reach) {
    [dial.min, dial.max] = [-reach, reach];
  }

  // Plants ---

  grabPlant(at, reach) {
    const { field, held } = this;
    const plant = field.nearest(at, reach);
    held.off = plant === null ? [0, 0] : less(field.spots[plant], at);
    held.plant = plant ?? this.add(field.placeAt(at), held.gesture);
  }

  drag(x) {
    this.chosen = this.held.plant;
    if (this.chosen !== null) this.alter(this.chosen, { x }, this.held.gesture);
  }

  alter(at, { x, y }, gesture = null) {
    const before = this.now.plants[at];
    const plant = { x: x ? this.field.inSight(x) : before.x, y: y ?? before.y };
    this.change(() => this.playground.plant(at, plant, gesture));
  }

  choose(at = null) {
    this.chosen = at;
    this.isStale = true;
  }

  next() {
    this.choose(((this.chosen ?? -1) + 1) % this.now.plants.length);
  }

  previous() {
    this.choose((this.chosen || this.now.plants.length) - 1);
  }

  add(x = this.field.view.map(([low, high]) => (low + high) / 2), gesture = null) {
    const at = this.now.plants.length;
    this.alter(at, { x, y: Number(all("#brush :checked")[0].value) }, gesture);
    this.choose(at < this.now.plants.length ? at : null);
    return this.chosen;
  }

  recolour() {
    if (this.chosen !== null) this.alter(this.chosen, { y: 1 - this.now.plants[this.chosen].y });
  }

  remove() {
    const at = this.chosen;
    if (at === null) return;
    this.change(() => this.playground.plant(at, null, null));
    this.choose(Math.min(at, this.now.plants.length - 1));
  }

  // Keys ---

  /** An arrow pushes by a hundredth of the view, with Shift by a tenth. */
  press(event, keys, push) {
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    const arrow = push && ARROWS[event.key];
    if ((!act && !arrow) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (act) this[act]();
    else push(times(event.shiftKey ? 0.1 : 0.01, arrow));
  }

  pushPlant(way) {
    if (this.chosen === null) return this.next();
    this.alter(this.chosen, { x: this.field.pushed(this.now.plants[this.chosen].x, way) });
  }

  // Words ---

  say(words, isRise = false) {
    byId("told").textContent = words;
    byId("story").classList.toggle("rose", isRise);
    this.saidAt = performance.now();
    this.roseAt = isRise ? this.saidAt : -Infinity;
  }

  state() {
    const { now, before } = this.playground;
    return stateOfTheWalk(now.what === "step" && before ? before.step : null, now.step, now.settings);
  }

  tell() {
    const { now: { what, settings, step, objective }, before } = this.playground;
    const changed = CHANGED[what];
    const why = what === "start" || !before ? "" : whyDidJRise(before.step, step, { ...settings, changed });
    const [from, to] = [before, { step }].map((moment) => written(moment?.step.here.loss ?? 0));
    const rose = what === "step" ? `J rose from ${from} to ${to}. ` : "";
    const about = ["direction", "coordinates"].includes(what) ? `${aboutAlpha(objective, settings.direction)} ` : "";
    this.say(why ? rose + why : about + this.state(), why !== "");
  }

  // Frames ---

  frame(time) {
    requestAnimationFrame((next) => this.frame(next));
    if (this.isPlaying) this.walkOn(time);
    if (this.isStale) this.draw();
  }

  walkOn(time) {
    this.due = Math.min(this.due + ((time - (this.lastFrame ?? time)) / 1000) * byId("pace").value, 4);
    this.lastFrame = time;
    for (; this.isPlaying && this.due >= 1; this.due -= 1) {
      this.playground.step();
      this.isStale = true;
      const { here } = this.now.step;
      const rise = here.loss - this.playground.before.step.here.loss;
      this.rests = Math.abs(rise) <= rounding(here) ? this.rests + 1 : 0;
      if (this.rests === AT_REST || !Number.isFinite(here.loss)) this.play();
      else if (time - this.roseAt > A_RISE_STAYS && (rise > 0 || time - this.saidAt > WORDS_EVERY)) this.tell();
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

  draw() {
    const { now, curve, next } = this.playground;
    const losses = now.plants.map(({ x, y }) => exampleLoss(linearScore(x, now.step.here.weights), y));
    const worst = Math.max(losses.indexOf(rangeOf(losses)[1]), 0);
    const shown = this.hovered ?? this.chosen ?? worst;
    const seen = { now, curve, next, shown, chosen: this.chosen, hurried: this.isPlaying || this.held !== null };
    for (const picture of [this.field, this.sigmoid, this.curve]) picture.draw(seen);
    this.isStale = !this.landscape.draw(seen);
    this.showControls(now);
    this.showNumbers(seen);
    this.timer ??= setTimeout(() => this.keep(), ADDRESS_EVERY);
  }

  showControls({ settings, objective, table, step }) {
    const { rate, before } = this.playground;
    const { direction, coordinates, C } = settings;
    byId("back").disabled = !before;
    byId("recolour").disabled = byId("remove").disabled = this.chosen === null;
    byId("table").value = table.name;
    for (const value of [direction, coordinates]) all(`[value=${value}]`)[0].checked = true;
    byId("penalty").value = C;
    if (byId("penalty").value === "") byId("penalty").add(new Option(`C = ${C}`, C, false, true));
    show(["rate", "rate-told"].map(byId), Math.log10(rate), rate < 1e-4 ? rate.toExponential() : String(rate));
    step.here.weights.forEach((weight, j) => {
      const dial = all(`[data-j="${j}"]`);
      if (Math.abs(weight) > dial[0].max) this.widen(dial[0], 1.5 * Math.abs(weight));
      show(dial, weight, written(weight));
    });
    this.safe = { gd: 2 / objective.smoothness, momentum: 1 / objective.smoothness, newton: 1 }[direction];
    byId("safe").style.setProperty("--at", limited((Math.log10(this.safe) + 7) / 9, 0, 1));
    byId("rate").title = aboutAlpha(objective, direction);
  }

  showNumbers({ now, next, shown }) {
    const { plants, table, step: { here }, objective, settings } = now;
    const { x, y } = plants[shown];
    const link = chainOf(x, y, here.weights);
    const { third } = this.landscape;
    const minimum = now.minimum;
    const told = {
      ...this,
      here,
      link,
      table,
      x,
      third: SYMBOLS[third],
      iteration: now.iteration,
      right: plants.filter((plant) => isRight(plant, here.weights)).length,
      count: plants.length,
      held: here.theta[third],
      floor: minimum && objective.fromWeights(minimum.weights)[third],
      plant: shown + 1,
      kind: table.classNames[y],
      w: here.weights.map((one) => (one < 0 ? `(${written(one)})` : one)),
      move: less(next, here.weights),
      beyond: this.sigmoid.beyond,
    };
    for (const [place, path, digits] of this.places) {
      const value = path.reduce((found, name) => found?.[name], told) ?? "";
      const isMeasured = typeof value === "number" && (value % 1 !== 0 || value > 1e15);
      write(place, isMeasured ? written(value, digits) : String(value).replace(/^-/, "−"));
    }
    Object.assign(document.body.dataset, {
      ...settings,
      hasFloor: minimum !== null,
      y,
      why: { [this.chosen]: "chosen", [this.hovered]: "hovered" }[shown] ?? "worst",
      beyond: told.beyond,
    });
    byId("belief").style.setProperty("--share", `${100 * link.a}%`);
    write(byId("whisper"), this.chosen === null || this.isPlaying ? "" : byId("heard").textContent);
  }

  // The address ---

  arrive() {
    this.address = location.hash;
    const wrong = location.hash.length > 1 ? goTo(this.playground, location.hash) : [];
    this.seen = null;
    this.measure();
    this.change(() => {});
    if (wrong.length > 0) this.say(`The address says what this page does not know: ${wrong.join("; ")}.`);
  }

  keep() {
    this.timer = clearTimeout(this.timer);
    if (location.hash !== this.address) return; // written by hand
    history.replaceState(null, "", addressOf(this.playground));
    this.address = location.hash;
  }

  async share() {
    this.keep();
    try {
      await navigator.clipboard.writeText(location.href);
      byId("share").textContent = "Link copied";
    } catch {
      Object.assign(byId("link"), { hidden: false, value: location.href }).select();
    }
  }
}

function write(place, words) {
  if (place.textContent !== words) place.textContent = words;
}

function show([slider, input], value, words) {
  slider.value = value;
  slider.setAttribute("aria-valuetext", words);
  const isWritten = document.activeElement === input && input.dataset.shown !== input.value;
  if (!isWritten) input.value = input.dataset.shown = words;
}

const { tables, chosen } = JSON.parse(byId("tables").textContent);
const hands = new Hands(new Playground(tables, chosen));
