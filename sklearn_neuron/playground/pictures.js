// How does it look? Four pictures of one moment: the field, the landscape of J, the sigmoid, and J step by step.
//
// Purple is class 1 and yellow class 0; triangles and circles, for colour alone need not tell. White is doubt.

const LINES = [0.1, 0.25, 0.75, 0.9, 0.5]; // of belief, the boundary last
const STICKS = 120; // more of them are a curtain
const [NARROWEST, WIDEST] = [4, 12]; // half of the view of the sigmoid, in z
const [LEVELS, DENSER] = [13, 3]; // lines of equal J, and the power by which they crowd about the floor
const COARSE = 33; // places of J along each side of the ground, while it moves
const fineFor = ({ length }) => (length > 300 ? 61 : 121); // and at rest
const GROUND_TIME = [12, 3]; // milliseconds of a frame for the ground: at rest, and while it moves
const UNEVEN = 4; // times as far along one axis as along the other: no longer made one scale
const DOTTED = 100; // last moments of a path that may have a dot
const DEEP = 30; // times as high as its floor
const COLORS = "yellow purple card ink quiet line accent rise outline walker".split(" ");
const SYMBOLS = ["w₁", "w₂", "b"];
const CORNERS = [[0, 0], [1, 0], [1, 1], [0, 1]];

function themeOf(element) {
  const style = getComputedStyle(element);
  const color = (name) => style.getPropertyValue(`--${name}`).trim();
  const ramp = (name) => color(name).split(" ").map((one) => one.match(/\w\w/g).map((two) => parseInt(two, 16)));
  const colors = Object.fromEntries(COLORS.map((name) => [name, color(name)]));
  return { ...colors, belief: ramp("belief"), ground: ramp("ground") };
}

const limited = (x, low, high) => Math.min(Math.max(x, low), high);
const less = (one, other) => sumOf(one, times(-1, other));
const apartBy = (one, other) => Math.hypot(...less(one, other));
const isRight = ({ x, y }, weights) => (linearScore(x, weights) > 0 ? 1 : 0) === y;
const radiusOf = ({ length }) => 5 * Math.min(1, (300 / length) ** 0.25); // of a marker: of many, small

function alongRamp(ramp, share) {
  const at = limited(share || 0, 0, 1) * (ramp.length - 1);
  const k = Math.min(Math.floor(at), ramp.length - 2);
  return ramp[k].map((channel, j) => Math.round(channel + (at - k) * (ramp[k + 1][j] - channel)));
}

const onRamp = (ramp, share) => `rgb(${alongRamp(ramp, share)})`;

function written(number, digits = 4) {
  const size = Math.abs(number);
  const decimals = size > 0 ? limited(digits - 1 - Math.floor(Math.log10(size)), 0, 12) : 0;
  const isPlain = size === 0 || (size >= 1e-4 && size < 1e6);
  const word = isPlain ? number.toFixed(decimals) : number.toExponential(digits - 1);
  return word.replace("e+", "e").replace(/-/g, "−").replace("Infinity", "∞");
}

/** Round numbers between two, about so many, each with its word. */
function ticksBetween([low, high], count) {
  const ten = 10 ** Math.floor(Math.log10((high - low) / count));
  const step = ten * [1, 2, 5, 10].find((one) => one * ten * count >= 0.999 * (high - low));
  const decimals = limited(-Math.floor(Math.log10(step) + 1e-9), 0, 12);
  const ticks = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step && ticks.length < 50; k += 1) {
    const isLong = Math.abs(k * step) >= 1e5 || step < 1e-4;
    ticks.push([k * step, isLong ? written(k * step, 2) : (k * step).toFixed(decimals).replace("-", "−")]);
  }
  return ticks;
}

function withMargin([low, high], share) {
  const margin = share * (high - low || Math.abs(low) || 1);
  return [low - margin, high + margin];
}

function atLeast(wide, [low, high]) {
  const missing = Math.max(0, wide - (high - low)) / 2;
  return [low - missing, high + missing];
}

function rangeOf(numbers) {
  return numbers.reduce(([low, high], x) => [Math.min(low, x), Math.max(high, x)], [Infinity, -Infinity]);
}

class Picture {
  top = 4;
  spots = []; // of plants
  view = [[-1, 1], [-1, 1]];

  constructor(host, left, margin = 4) {
    Object.assign(this, { host, left, margin, canvas: host.querySelector("canvas") });
    this.pen = this.canvas.getContext("2d");
  }

  measure() {
    const [width, height] = [this.host.clientWidth, this.host.clientHeight].map((side) => Math.max(side, 120));
    this.density = window.devicePixelRatio;
    [this.canvas.width, this.canvas.height] = [width, height].map((side) => Math.round(side * this.density));
    [this.right, this.bottom] = [width - this.margin, height - 38];
    this.size = [this.right - this.left, this.bottom - this.top];
    this.center = [(this.left + this.right) / 2, (this.top + this.bottom) / 2];
  }

  show(view) {
    this.view = view;
    this.decimals = view.map(([low, high]) => limited(Math.ceil(Math.log10(250 / (high - low))), 0, 100));
    this.left = 30 + 7 * Math.max(0, ...this.ticks(1).map(([, word]) => word.length));
    this.measure();
  }

  /** A place of numbers short enough to reckon with a pencil. */
  rounded(place) {
    return place.map((x, j) => Number(x.toFixed(this.decimals[j])));
  }

  /** The pixel of a place, and the place of a pixel, in the frame. */
  spot(place) {
    const [px, py] = this.view.map(([low, high], j) => ((place[j] - low) / (high - low)) * this.size[j]);
    return [this.left + px, this.bottom - py];
  }

  placeAt([px, py]) {
    const inside = [px - this.left, this.bottom - py];
    return this.view.map(([low, high], j) => low + limited(inside[j] / this.size[j], 0, 1) * (high - low));
  }

  pushed(place, way) {
    return place.map((x, j) => x + way[j] * (this.view[j][1] - this.view[j][0]));
  }

  /** The number of the nearest plant in reach, or null. */
  nearest(at, reach) {
    const away = this.spots.map((spot) => apartBy(spot, at));
    const least = Math.min(...away);
    return least <= reach ? away.indexOf(least) : null;
  }

  /** Draw inside the frame, and then what is around it. */
  paint(inside, names) {
    const { pen, left, top, size: [width, height] } = this;
    this.straight();
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    pen.save();
    pen.beginPath();
    pen.rect(left, top, width, height);
    pen.clip();
    inside();
    pen.restore();
    this.shape(() => pen.rect(left, top, width, height), { stroke: this.theme.line });
    for (const [at, word] of this.ticks(0)) this.words(word, this.spot([at, 0])[0], this.bottom + 12);
    for (const [at, word] of this.ticks(1)) this.words(word, left - 6, this.spot([0, at])[1], "right");
    this.words(names[0], this.center[0], this.bottom + 29);
    pen.translate(9, this.center[1]);
    pen.rotate(-Math.PI / 2);
    this.words(names[1], 0, 0);
    this.straight();
  }

  straight() {
    this.pen.setTransform(this.density, 0, 0, this.density, 0, 0);
    this.pen.font = "12px system-ui, sans-serif";
  }

  ticks(j) {
    return ticksBetween(this.view[j], Math.max(2, this.size[j] / [65, 55][j]));
  }

  words(text, x, y, textAlign = "center", fillStyle = this.theme.quiet) {
    Object.assign(this.pen, { textAlign, textBaseline: "middle", fillStyle });
    this.pen.fillText(text, x, y, this.size[0]);
  }

  label(text, x, y) {
    const wide = this.pen.measureText(text).width + 8;
    this.block(x - wide / 2, y - 9, wide, 18, this.theme.card, 0.82);
    this.words(text, x, y, "center", this.theme.ink);
  }

  block(x, y, width, height, fillStyle, globalAlpha = 1) {
    Object.assign(this.pen, { fillStyle, globalAlpha });
    this.pen.fillRect(x, y, width, height);
    this.pen.globalAlpha = 1;
  }

  shape(trace, { fill, stroke, width = 1, dashes = [] }) {
    const { pen } = this;
    pen.beginPath();
    trace(pen);
    Object.assign(pen, { fillStyle: fill, strokeStyle: stroke, lineWidth: width, lineJoin: "round" });
    pen.setLineDash(dashes);
    if (fill) pen.fill();
    if (stroke) pen.stroke();
  }

  disc(spot, radius, look) {
    this.shape((pen) => pen.arc(...spot, radius, 0, 2 * Math.PI), look);
  }

  line(spots, stroke, width, dashes) {
    this.shape((pen) => spots.forEach((spot) => pen.lineTo(...spot)), { stroke, width, dashes });
  }

  arrow(from, to, fill, width) {
    const length = apartBy(to, from);
    if (!(length > 3)) return;
    const way = times(Math.min(9 / length, 0.6), less(to, from));
    const foot = less(to, way);
    const wing = [-0.5 * way[1], 0.5 * way[0]];
    this.line([from, foot], fill, width);
    this.shape((pen) => [to, sumOf(foot, wing), less(foot, wing)].forEach((spot) => pen.lineTo(...spot)), { fill });
  }

  /** Plants, each class in one go; a halo about the one that is shown. */
  markers(plants, shown, radius) {
    const { yellow, purple, outline, card, accent } = this.theme;
    [yellow, purple].forEach((fill, truth) => {
      const trace = (pen) => plants.forEach(({ y }, i) => y === truth && marker(pen, this.spots[i], y, radius));
      this.shape(trace, { fill, stroke: outline, width: 0.9 * (radius / 5) ** 3 });
    });
    for (const [stroke, width] of [[card, 5], [accent, 2.5]]) this.disc(this.spots[shown], 11.5, { stroke, width });
  }
}

function marker(pen, [px, py], y, radius) {
  pen.moveTo(px + (y ? 0 : radius), py - (y ? 1.25 * radius : 0));
  if (y === 0) return pen.arc(px, py, radius, 0, 2 * Math.PI);
  pen.lineTo(px + 1.12 * radius, py + 0.85 * radius);
  pen.lineTo(px - 1.12 * radius, py + 0.85 * radius);
  pen.closePath();
}

// The field ---

class Field extends Picture {
  look({ X }, plants) {
    const everyone = [...X, ...plants.map(({ x }) => x)];
    this.show([0, 1].map((j) => withMargin(rangeOf(everyone.map((x) => x[j])), 0.14)));
  }

  inSight(place) {
    return this.rounded(place.map((x, j) => limited(x, ...this.view[j])));
  }

  draw({ now: { plants, table, step }, shown, chosen }) {
    const { ink, accent } = this.theme;
    const { weights } = step.here;
    const radius = radiusOf(plants);
    this.spots = plants.map(({ x }) => this.spot(x));
    this.slope = this.view.map(([low, high], j) => ((weights[j] * (high - low)) / this.size[j]) * [1, -1][j]); // of z
    this.middle = linearScore(this.view.map(([low, high]) => (low + high) / 2), weights);
    this.paint(() => {
      this.beliefs();
      this.contours();
      const ring = { stroke: ink, width: 0.24 * radius };
      plants.forEach((plant, i) => isRight(plant, weights) || this.disc(this.spots[i], 1.7 * radius, ring));
      this.markers(plants, shown, radius);
      if (chosen !== null) this.disc(this.spots[chosen], 14.5, { stroke: accent, width: 1.5 });
    }, table.featureNames.map((name, j) => name + (table.units[j] && ` (${table.units[j]})`)));
  }

  /** The belief at every place: one gradient, as z changes along one direction. */
  beliefs() {
    const { slope, middle, center, size } = this;
    const half = dot(slope.map(Math.abs), size) / 2;
    const color = (z) => onRamp(this.theme.belief, sigmoid(z));
    let fill = color(middle || 0);
    if (half > 1e-9 && Number.isFinite(half * half + middle)) {
      const way = times(half / dot(slope, slope), slope);
      fill = this.pen.createLinearGradient(...less(center, way), ...sumOf(center, way));
      const bends = Array.from({ length: 37 }, (_, k) => k / 2 - 9);
      for (const z of [middle - half, ...bends.filter((one) => Math.abs(one - middle) < half), middle + half]) {
        fill.addColorStop(limited((z - middle) / (2 * half) + 0.5, 0, 1), color(z));
      }
    }
    this.block(this.left, this.top, ...size, fill, 0.72);
  }

  /** Lines of equal belief, and the weights, which point to class 1. */
  contours() {
    const { slope, theme: { ink } } = this;
    const steep = Math.hypot(...slope);
    const up = times(1 / steep, slope);
    const side = up[1] > 0 ? [-up[1], up[0]] : [up[1], -up[0]]; // to the left
    for (const a of LINES) {
      const middle = sumOf(this.center, times((Math.log(a / (1 - a)) - this.middle) / steep, up));
      if (!(apartBy(middle, this.center) < 1e4)) continue;
      this.line([1e4, -1e4].map((end) => sumOf(middle, times(end, side))), ink, a === 0.5 ? 2.6 : 0.8);
      if (a === 0.5) this.arrow(middle, sumOf(middle, times(46, up)), ink, 2.4);
      const far = 0.3 * dot(side.map(Math.abs), this.size);
      if (a === 0.5 || steep < 0.05) this.label(a, ...sumOf(middle, times(far, side)));
    }
  }
}

// The landscape ---

/** J over two parameters, the third held where the neuron is; row by row, as time allows. */
class Ground {
  rows = 0;

  constructor(seen, held, size) {
    Object.assign(this, { seen, held, size, losses: new Float64Array(size * size) });
  }

  /** Whether it is of the same J, axes and view; and of the same third parameter, as fine. */
  is(seen, held = this.held, size = 0) {
    return this.size >= size && Object.is(this.held, held) && this.seen.every((one, k) => one === seen[k]);
  }

  work(milliseconds) {
    const until = performance.now() + milliseconds;
    const { size, seen: [objective, axes, view] } = this;
    const theta = [this.held, this.held, this.held];
    const place = (j, k) => (theta[axes[j]] = view[j][0] + (k / (size - 1)) * (view[j][1] - view[j][0]));
    for (; this.rows < size && performance.now() < until; this.rows += 1) {
      place(1, this.rows);
      for (let k = 0; k < size; k += 1) {
        place(0, k);
        this.losses[this.rows * size + k] = objective.lossAt(objective.toWeights(theta));
      }
    }
    [this.low, this.high] = rangeOf(this.losses.filter(Number.isFinite));
    return this.rows === size;
  }

  shareOf(loss) {
    return Math.max((loss - this.low) / (this.high - this.low || 1), 0) ** (1 / DENSER);
  }

  lossOf(share) {
    return this.low + share ** DENSER * (this.high - this.low);
  }

  image(ramp) {
    const canvas = new OffscreenCanvas(this.size, this.size);
    const image = new ImageData(this.size, this.size);
    this.losses.forEach((loss, at) => image.data.set([...alongRamp(ramp, this.shareOf(loss)), 255], 4 * at));
    canvas.getContext("2d").putImageData(image, 0, 0);
    return canvas;
  }

  /** Pieces of a line of equal J, in pixels of the image (marching squares). */
  *pieces(level) {
    const { size, losses } = this;
    for (let at = 0; at < size * (size - 1); at += 1) {
      const corners = [losses[at], losses[at + 1], losses[at + size + 1], losses[at + size]];
      const above = corners.filter((loss) => loss > level).length;
      if (at % size === size - 1 || above % 4 === 0) continue;
      const cuts = [];
      corners.forEach((loss, side) => {
        const other = (side + 1) % 4;
        if (loss > level === corners[other] > level) return;
        const share = (level - loss) / (corners[other] - loss);
        const [x, y] = sumOf(times(1 - share, CORNERS[side]), times(share, CORNERS[other]));
        cuts.push([(at % size) + x + 0.5, Math.floor(at / size) + y + 0.5]);
      });
      while (cuts.length > 1) yield cuts.splice(0, 2);
    }
  }
}

class Landscape extends Picture {
  measure() {
    super.measure();
    this.ground = this.rising = null;
  }

  get third() {
    return 3 - this.axes[0] - this.axes[1];
  }

  flat(theta) {
    return this.axes.map((j) => theta[j]);
  }

  pathOf(curve, { objective }) {
    const path = curve.map((moment) => {
      const { theta, weights, loss } = moment.step.here;
      return [this.flat(moment.objective === objective ? theta : objective.fromWeights(weights)), loss];
    });
    return path.filter(([place]) => place.every(isModest));
  }

  /** Keep the view while it shows all, and is not far too wide for it. */
  look(objective, path, star) {
    const places = [...path.map(([place]) => place), ...(star ? [this.flat(star)] : [])];
    const wanted = this.axes.map((axis, j) => {
      const range = rangeOf(places.map((place) => place[j]));
      return atLeast(Math.max(reachOf(objective, axis) * (star ? 0.2 : 0.6), 1e-9 * Math.abs(range[0])), range);
    });
    const fits = ([from, to], j) => {
      const [low, high] = this.view[j];
      return from >= low && to <= high && to - from > 0.1 * (high - low);
    };
    if (this.looked === objective && this.at === this.axes && wanted.every(fits)) return;
    [this.looked, this.at] = [objective, this.axes];
    this.show(this.evened(wanted.map((range) => withMargin(range, 0.3))));
  }

  /** One scale on both axes, if they differ little: the steepest way then crosses lines at right angles. */
  evened(view) {
    const perPixel = view.map(([low, high], j) => (high - low) / this.size[j]);
    const [least, most] = rangeOf(perPixel);
    return most > UNEVEN * least ? view : view.map((range, j) => withMargin(range, (most / perPixel[j] - 1) / 2));
  }

  /** Have the ground ready, if there is time; whether it is. */
  work(now, hurried) {
    const seen = [now.objective, this.axes, this.view];
    const held = now.step.here.theta[this.third];
    const size = hurried ? COARSE : fineFor(now.plants);
    if (this.ground?.is(seen, held, size)) return true;
    const isFirst = hurried || !this.ground?.is(seen);
    const goesOn = isFirst ? this.rising?.is(seen) : this.rising?.is(seen, held, size);
    if (!goesOn) this.rising = new Ground(seen, held, isFirst ? COARSE : size);
    if (!this.rising.work(GROUND_TIME[Number(hurried)])) return false;
    [this.ground, this.rising] = [this.rising, null];
    this.print();
    return this.ground.is(seen, held, size);
  }

  print() {
    const { ground, theme, density } = this;
    const [wide, high] = times(density, this.size);
    this.sheet = new OffscreenCanvas(wide, high);
    const pen = this.sheet.getContext("2d");
    pen.setTransform(wide / (ground.size - 1), 0, 0, -high / (ground.size - 1), 0, high);
    pen.translate(-0.5, -0.5);
    pen.drawImage(ground.image(theme.ground), 0, 0);
    for (let k = 1; k < LEVELS; k += 1) {
      for (const [from, to] of ground.pieces(ground.lossOf(k / LEVELS))) {
        pen.moveTo(...from);
        pen.lineTo(...to);
      }
    }
    pen.resetTransform();
    Object.assign(pen, { strokeStyle: theme.ink, lineWidth: 0.7 * density, globalAlpha: 0.45 });
    pen.stroke();
  }

  draw({ now, curve, next, hurried }) {
    const { ink, walker } = this.theme;
    const { objective, step } = now;
    const path = this.pathOf(curve, now);
    const star = now.minimum && objective.fromWeights(now.minimum.weights);
    if (path.length > 0) this.look(objective, path, star);
    const isDone = this.work(now, hurried);
    this.here = this.spot(this.flat(step.here.theta));
    const there = this.spot(this.flat(objective.fromWeights(next)));
    this.paint(() => {
      if (this.ground?.seen[2] === this.view) this.pen.drawImage(this.sheet, this.left, this.top, ...this.size);
      this.drawPath(path);
      if (star) this.drawStar(star, step.here.theta[this.third]);
      this.arrow(this.here, there, ink, 3.6);
      this.arrow(this.here, there, walker, 1.8);
      this.disc(this.here, 6.5, { fill: walker, stroke: ink, width: 1.8 });
    }, this.axes.map((j) => parameterName(now, j)));
    if (this.ground) this.ramp();
    return isDone;
  }

  /** The way, and dots in the colour of their own J. */
  drawPath(path) {
    const { ink, ground } = this.theme;
    this.line(path.map(([place]) => this.spot(place)), ink, 1.4);
    let last = [Infinity, 0];
    for (const [place, loss] of this.ground ? path.slice(-DOTTED).reverse() : []) {
      const spot = this.spot(place);
      if (apartBy(spot, last) < 7) continue;
      last = spot;
      this.disc(spot, 3.2, { fill: onRamp(ground, this.ground.shareOf(loss)), stroke: ink });
    }
  }

  /** The minimum; pale while the third parameter is another there. */
  drawStar(star, held) {
    const { walker, card, ink } = this.theme;
    const isHere = written(star[this.third], 2) === written(held, 2);
    this.pen.font = "26px system-ui, sans-serif";
    this.words("★", ...this.spot(this.flat(star)), "center", isHere ? walker : card);
    Object.assign(this.pen, { strokeStyle: ink, lineWidth: 1.5 });
    this.pen.strokeText("★", ...this.spot(this.flat(star)));
  }

  ramp() {
    const { right, bottom, top, theme } = this;
    const high = this.size[1] - 18;
    const fill = this.pen.createLinearGradient(0, bottom, 0, bottom - high);
    theme.ground.forEach((color, k) => fill.addColorStop(k / 2, `rgb(${color})`));
    this.block(right + 8, bottom - high, 9, high, fill);
    this.words("J", right + 13, top + 7);
    for (let k = 0; k <= 4; k += 1) {
      this.words(written(this.ground.lossOf(k / 4), 3), right + 21, bottom - 6 - (k / 4) * (high - 13), "left");
    }
  }
}

/** How far a parameter goes before nearly all is sure. */
function reachOf(objective, j) {
  if (objective.inside) return 8;
  const round = standardised(objective);
  const far = [0, 1, 2].map((k) => round.toWeights([0, 0, 0].with(k, 4))[j] - round.toWeights(UNLEARNED)[j]);
  return Math.max(...far.map(Math.abs)) || 4 / (Math.abs(round.center[j]) || 1);
}

function parameterName({ settings, table }, j) {
  const isRound = settings.coordinates === "standardised";
  const name = j === 2 ? "bias" : `weight of ${table.featureNames[j]}`;
  return isRound ? `standardised ${name}` : `${SYMBOLS[j]}, ${name}`;
}

// The sigmoid ---

class SigmoidCurve extends Picture {
  ticks(j) {
    return j === 0 ? super.ticks(0) : [0, 0.25, 0.5, 0.75, 1].map((a) => [a, a]);
  }

  draw({ now: { plants, table, step }, shown }) {
    const { theme, left, right, top, bottom } = this;
    const scores = plants.map(({ x }) => linearScore(x, step.here.weights));
    const half = 1.06 * limited(Math.max(...scores.map(Math.abs)) || 0, NARROWEST, WIDEST);
    this.view = [[-half, half], [-0.07, 1.07]];
    this.spots = scores.map((z) => this.spot([limited(z, -half, half), sigmoid(z)]));
    this.beyond = scores.filter((z) => !(Math.abs(z) <= half)).length;
    const [middle, doubt] = this.spot([0, 0.5]);
    this.paint(() => {
      this.block(left, top, middle - left, bottom - top, onRamp(theme.belief, 0), 0.22);
      this.block(middle, top, right - middle, bottom - top, onRamp(theme.belief, 1), 0.22);
      this.line([[middle, top], [middle, bottom]], theme.quiet, 1, [4, 3]);
      this.line([[left, doubt], [right, doubt]], theme.quiet, 1, [4, 3]);
      this.sticks(plants, scores);
      this.label(`called ${table.classNames[0]}`, ...this.spot([-0.65 * half, 0.9]));
      this.label(`called ${table.classNames[1]}`, ...this.spot([0.65 * half, 0.1]));
      const along = Array.from({ length: 121 }, (_, k) => half * (k / 60 - 1));
      this.line(along.map((z) => this.spot([z, sigmoid(z)])), theme.ink, 2.2);
      this.markers(plants, shown, 0.9 * radiusOf(plants));
    }, ["linear score z = w₁x₁ + w₂x₂ + b", "belief a"]);
  }

  /** Residuals: from each plant to its truth. Of many the longest. */
  sticks(plants, scores) {
    const lengths = plants.map(({ y }, i) => Math.abs(residual(scores[i], y)));
    const least = lengths.toSorted((one, other) => other - one)[STICKS] ?? -1;
    [this.theme.yellow, this.theme.purple].forEach((stroke, truth) => {
      const trace = (pen) => this.spots.forEach((spot, i) => {
        if (plants[i].y !== truth || lengths[i] <= least) return;
        pen.moveTo(...spot);
        pen.lineTo(spot[0], this.spot([0, truth])[1]);
      });
      this.shape(trace, { stroke, width: 1.1 });
    });
  }
}

// J, step by step ---

class LossCurve extends Picture {
  /** How high a J is drawn: where it changes much, by powers of ten. */
  heightOf(loss) {
    return this.isDeep ? Math.log10(loss) : loss;
  }

  look(losses, [from, to]) {
    const [low, high] = rangeOf(losses.filter(Number.isFinite));
    this.isDeep = low > 0 && high > DEEP * low;
    const [bottom, top] = [low, high].map((loss) => this.heightOf(loss));
    const view = [[from, Math.max(to, from + 10)], atLeast(0.04 * Math.abs(top), [bottom, top])];
    this.view = view.map((range) => withMargin(range, 0.05));
  }

  ticks(j) {
    const ticks = super.ticks(j);
    if (j === 0) return ticks.filter(([step]) => Number.isInteger(step));
    return this.isDeep ? ticks.map(([power]) => [power, written(10 ** power, 2)]) : ticks;
  }

  draw({ now, curve }) {
    const { theme, left, right, top, bottom } = this;
    const losses = curve.map(({ step }) => step.here.loss);
    const least = now.minimum ? [now.minimum.loss] : [];
    this.look([...losses, ...least], [curve[0].iteration, now.iteration]);
    const spots = losses.map((loss, k) => this.spot([curve[k].iteration, this.heightOf(loss)]));
    this.paint(() => {
      for (const loss of least) {
        const [, py] = this.spot([0, this.heightOf(loss)]);
        this.line([[left, py], [right, py]], theme.quiet, 1, [4, 3]);
        this.label(`least J ${written(loss)}`, this.center[0], py - 12);
      }
      const changed = spots.filter((_, k) => k > 0 && curve[k].what !== "step");
      for (const [px] of changed) this.line([[px, top], [px, bottom]], theme.line, 1);
      this.line(spots, theme.ink, 1.8);
      const rises = (k) => curve[k].what === "step" && losses[k] > losses[k - 1];
      spots.forEach((spot, k) => rises(k) && this.line([spots[k - 1], spot], theme.rise, 2.6));
      this.disc(spots.at(-1), 4.5, { fill: theme.walker, stroke: theme.ink, width: 1.5 });
    }, ["step", "J"]);
  }
}
