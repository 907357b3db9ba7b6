// How does it look? Four pictures of one moment: the field, the landscape of J, the sigmoid, and J step by step.
//
// Purple is class 1 and yellow class 0; triangles and circles, so that colour alone need not tell. White is doubt.

const STOPS = [0.0001, 0.001, 0.01, 0.03, 0.06, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45]; // beliefs of a colour each
const LINES = [0.1, 0.25, 0.75, 0.9]; // of belief, beside the boundary at 0.5
const STICKS = 120; // more of them are a curtain
const [NARROWEST, WIDEST] = [4, 12]; // half of the view of the sigmoid, in z: its bend is seen; a is 0 or 1 to the eye
const LEVELS = 13; // lines of equal J
const DENSER = 3; // power by which they crowd about the floor
const [COARSE, FINE] = [33, 121]; // places of J along each side of the ground: while everything moves, and at rest
const GROUND_TIME = [12, 4]; // milliseconds of a frame that J of the ground may take: at rest, and while it moves
const UNEVEN = 4; // times as many pixels for a unit of one parameter as of the other: no longer made one scale
const MOST_DRAWN = 1500; // moments of a path; of a longer one every third, ninth... (odd: a zigzag stays one)
const DOTTED = 100; // last moments of a path that may have a dot
const DEEP = 30; // times as high as its lowest place: then J is drawn on a scale of powers of ten
const COLORS = ["yellow", "purple", "card", "ink", "quiet", "line", "accent", "rise", "outline", "walker"];
const CORNERS = [[0, 0], [1, 0], [1, 1], [0, 1]];

/** Colours of the style sheet, as the light or dark theme has them. */
function themeOf(element) {
  const style = getComputedStyle(element);
  const color = (name) => style.getPropertyValue(`--${name}`).trim();
  const channels = (name) => [1, 3, 5].map((at) => parseInt(color(name).slice(at, at + 2), 16));
  return {
    ...Object.fromEntries(COLORS.map((name) => [name, color(name)])),
    belief: ["sure-0", "half-0", "doubt", "half-1", "sure-1"].map(channels),
    ground: ["low", "middle", "high"].map(channels),
  };
}

/** Red, green and blue at a share, 0 to 1, of the way along a ramp. */
function alongRamp(ramp, share) {
  const at = Math.min(Math.max(share, 0), 1) * (ramp.length - 1);
  const k = Math.min(Math.floor(at), ramp.length - 2);
  return ramp[k].map((channel, j) => Math.round(channel + (at - k) * (ramp[k + 1][j] - channel)));
}

const onRamp = (ramp, share) => `rgb(${alongRamp(ramp, share)})`;
const logit = (a) => Math.log(a / (1 - a));
const limited = (x, low, high) => Math.min(Math.max(x, low), high);

/** A number as people write it, with so many digits. */
function written(number, digits = 4) {
  if (!Number.isFinite(number)) return Number.isNaN(number) ? "no number" : number > 0 ? "∞" : "−∞";
  const size = Math.abs(number);
  const decimals = size > 0 ? limited(digits - 1 - Math.floor(Math.log10(size)), 0, 12) : 0;
  const isPlain = size === 0 || (size >= 1e-4 && size < 1e6);
  return (isPlain ? number.toFixed(decimals) : number.toExponential(digits - 1).replace("e+", "e")).replace(/-/g, "−");
}

/** Round numbers between two, about so many, each with its word. */
function ticksBetween([low, high], count) {
  const ten = 10 ** Math.floor(Math.log10((high - low) / count));
  const step = ten * [1, 2, 5, 10].find((one) => one * ten * count >= 0.999 * (high - low));
  const decimals = limited(-Math.floor(Math.log10(step) + 1e-9), 0, 12);
  const ticks = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k += 1) {
    const isLong = Math.abs(k * step) >= 1e5 || step < 1e-4;
    ticks.push([k * step, isLong ? written(k * step, 2) : (k * step).toFixed(decimals).replace("-", "−")]);
  }
  return ticks;
}

/** A range made wider on both sides. */
function withMargin([low, high], share) {
  const margin = share * (high > low ? high - low : Math.max(Math.abs(low), 1));
  return [low - margin, high + margin];
}

/** The least and the most of some numbers. */
function rangeOf(numbers) {
  return numbers.reduce(([low, high], x) => [Math.min(low, x), Math.max(high, x)], [Infinity, -Infinity]);
}

class Picture {
  view = [[0, 1], [0, 1]]; // across, up

  /** On the canvas of an element, with room for axes at the left and right. */
  constructor(host, left, right = 4) {
    Object.assign(this, { host, left, margin: right, canvas: host.querySelector("canvas") });
    this.pen = this.canvas.getContext("2d");
    this.top = 4;
  }

  /** Take the size of the element, in the pixels of this screen. */
  measure() {
    const [width, height] = [Math.max(this.host.clientWidth, 120), Math.max(this.host.clientHeight, 120)];
    this.density = Math.min(window.devicePixelRatio || 1, 3);
    [this.canvas.width, this.canvas.height] = [width, height].map((side) => Math.round(side * this.density));
    [this.right, this.bottom] = [width - this.margin, height - 38];
    [this.width, this.height] = [this.right - this.left, this.bottom - this.top];
    this.center = [(this.left + this.right) / 2, (this.top + this.bottom) / 2];
  }

  /** The pixel of a place. */
  spot([x, y]) {
    const [across, up] = this.view;
    return [
      this.left + ((x - across[0]) / (across[1] - across[0])) * this.width,
      this.bottom - ((y - up[0]) / (up[1] - up[0])) * this.height,
    ];
  }

  /** The place of a pixel, kept inside the frame. */
  placeAt([px, py]) {
    const shares = [limited((px - this.left) / this.width, 0, 1), limited((this.bottom - py) / this.height, 0, 1)];
    return this.view.map(([low, high], j) => low + shares[j] * (high - low));
  }

  /** The number of the nearest of some pixels, if it is within reach of a pixel; otherwise null. */
  nearest([px, py], reach) {
    const away = this.spots.map(([x, y]) => Math.hypot(x - px, y - py));
    const least = Math.min(...away);
    return least <= reach ? away.indexOf(least) : null;
  }

  /** Wipe, draw inside the frame, and then what is around it. */
  paint(inside, names) {
    const { pen } = this;
    pen.setTransform(this.density, 0, 0, this.density, 0, 0);
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    pen.save();
    pen.beginPath();
    pen.rect(this.left, this.top, this.width, this.height);
    pen.clip();
    inside();
    pen.restore();
    pen.strokeStyle = this.theme.line;
    pen.lineWidth = 1;
    pen.strokeRect(this.left + 0.5, this.top + 0.5, this.width - 1, this.height - 1);
    for (const [at, word] of this.ticks(0)) this.words(word, this.spot([at, 0])[0], this.bottom + 12);
    for (const [at, word] of this.ticks(1)) this.words(word, this.left - 6, this.spot([0, at])[1], "right");
    this.words(names[0], this.center[0], this.bottom + 29);
    pen.translate(9, this.center[1]);
    pen.rotate(-Math.PI / 2);
    this.words(names[1], 0, 0);
  }

  ticks(j) {
    return ticksBetween(this.view[j], Math.max(2, j === 0 ? this.width / 65 : this.height / 55));
  }

  words(text, x, y, align = "center", color = this.theme.quiet) {
    const { pen } = this;
    Object.assign(pen, { font: "12px system-ui, sans-serif", textAlign: align, textBaseline: "middle", fillStyle: color });
    pen.fillText(text, x, y, this.width);
  }

  /** Words on a small plate, so that they are read on any ground. */
  label(text, x, y, align = "center") {
    const { pen } = this;
    pen.font = "12px system-ui, sans-serif";
    const wide = pen.measureText(text).width + 8;
    pen.globalAlpha = 0.82;
    pen.fillStyle = this.theme.card;
    pen.fillRect({ center: x - wide / 2, left: x - 4, right: x - wide + 4 }[align], y - 9, wide, 18);
    pen.globalAlpha = 1;
    this.words(text, x, y, align, this.theme.ink);
  }

  /** Something that is filled, stroked, or both. */
  shape(trace, { fill, stroke, width = 1, dashes = [] }) {
    const { pen } = this;
    pen.beginPath();
    trace(pen);
    Object.assign(pen, { fillStyle: fill, strokeStyle: stroke, lineWidth: width, lineJoin: "round" });
    pen.setLineDash(dashes);
    if (fill) pen.fill();
    if (stroke) pen.stroke();
    pen.setLineDash([]);
  }

  disc(spot, radius, look) {
    this.shape((pen) => pen.arc(...spot, radius, 0, 2 * Math.PI), look);
  }

  line(spots, stroke, width, dashes) {
    this.shape((pen) => spots.forEach((spot) => pen.lineTo(...spot)), { stroke, width, dashes });
  }

  arrow(from, to, color, width) {
    const way = sumOf(to, times(-1, from));
    const length = Math.hypot(...way);
    if (!(length > 3)) return;
    const [ux, uy] = times(Math.min(9, 0.6 * length) / length, way);
    const wing = (side) => [to[0] - ux + side * 0.5 * uy, to[1] - uy - side * 0.5 * ux];
    this.line([from, [to[0] - 0.7 * ux, to[1] - 0.7 * uy]], color, width);
    this.shape((pen) => [to, wing(1), wing(-1)].forEach((spot) => pen.lineTo(...spot)), { fill: color });
  }

  /** Plants at this.spots, those of each class in one go; a halo about the one whose numbers are shown. */
  markers(plants, shown, radius) {
    for (const truth of [0, 1]) {
      const trace = (pen) => plants.forEach(({ y }, i) => y === truth && marker(pen, this.spots[i], y, radius));
      this.shape(trace, { fill: truth ? this.theme.purple : this.theme.yellow, stroke: this.theme.outline, width: 0.9 });
    }
    this.disc(this.spots[shown], radius + 6.5, { stroke: this.theme.card, width: 5 });
    this.disc(this.spots[shown], radius + 6.5, { stroke: this.theme.accent, width: 2.5 });
  }
}

/** Add a circle, or a triangle, to what is traced. */
function marker(pen, [px, py], y, radius) {
  pen.moveTo(px + (y ? 0 : radius), py - (y ? 1.25 * radius : 0));
  if (y === 0) return pen.arc(px, py, radius, 0, 2 * Math.PI);
  pen.lineTo(px + 1.12 * radius, py + 0.85 * radius);
  pen.lineTo(px - 1.12 * radius, py + 0.85 * radius);
  pen.closePath();
}

/** How large a marker is: the more of them, the smaller. */
const radiusOf = ({ length }) => 5 * Math.min(1, (300 / length) ** 0.25);

/** Whether the neuron calls a plant what it is. */
const isRight = ({ x, y }, weights) => (linearScore(x, weights) > 0 ? 1 : 0) === y;

// The field ------------------------------------------------------------------------------------------------------

class Field extends Picture {
  /** See all plants, with some ground about them. */
  look({ X }, plants) {
    const everyone = [...X, ...plants.map(({ x }) => x)];
    this.view = [0, 1].map((j) => withMargin(rangeOf(everyone.map((x) => x[j])), 0.14));
    this.units = this.view.map(([low, high]) => Math.floor(Math.log10((high - low) / 250))); // powers of ten
    this.left = 30 + 7 * Math.max(...this.ticks(1).map(([, word]) => word.length));
    this.measure();
  }

  /** A place as plants stand at: numbers short enough to reckon with a pencil. */
  rounded(place) {
    return place.map((x, j) => Number((Math.round(x / 10 ** this.units[j]) * 10 ** this.units[j]).toFixed(limited(-this.units[j], 0, 20))));
  }

  draw({ now, shown, chosen }) {
    const { theme } = this;
    const { plants, table } = now;
    const { weights } = now.step.here;
    const radius = radiusOf(plants);
    this.spots = plants.map(({ x }) => this.spot(x));
    this.slope = weights.slice(0, 2).map((w, j) => (w * (this.view[j][1] - this.view[j][0])) / [this.width, -this.height][j]);
    this.middle = linearScore(this.view.map(([low, high]) => (low + high) / 2), weights); // z, in the middle
    const inside = () => {
      this.beliefs();
      this.contours();
      this.markers(plants, shown, radius);
      plants.forEach((plant, i) => {
        if (!isRight(plant, weights)) this.disc(this.spots[i], radius + 3.5, { stroke: theme.ink, width: 1.2 });
      });
      if (chosen !== null) this.disc(this.spots[chosen], radius + 9.5, { stroke: theme.accent, width: 1.5 });
    };
    this.paint(inside, table.featureNames.map((name, j) => name + (table.units[j] && ` (${table.units[j]})`)));
  }

  /** The ground in the colours of the belief: z changes along one direction only, and so one gradient shows it. */
  beliefs() {
    const { pen, slope, middle, center } = this;
    const half = (Math.abs(slope[0]) * this.width + Math.abs(slope[1]) * this.height) / 2; // z, from middle to corner
    const color = (z) => onRamp(this.theme.belief, sigmoid(z));
    pen.fillStyle = color(middle || 0);
    if (half > 1e-9 && Number.isFinite(half * half) && Number.isFinite(middle)) {
      const way = times(half / dot(slope, slope), slope);
      pen.fillStyle = pen.createLinearGradient(...sumOf(center, times(-1, way)), ...sumOf(center, way));
      for (const z of [middle - half, ...[...STOPS, 0.5, ...STOPS.map((a) => 1 - a)].map(logit), middle + half]) {
        const share = (z - middle) / (2 * half) + 0.5;
        if (share >= 0 && share <= 1) pen.fillStyle.addColorStop(share, color(z));
      }
    }
    pen.globalAlpha = 0.72;
    pen.fillRect(this.left, this.top, this.width, this.height);
    pen.globalAlpha = 1;
  }

  /** Lines of equal belief, straight and parallel; across the boundary the weights, to the side of class 1. */
  contours() {
    const { ink } = this.theme;
    const steep = Math.hypot(...this.slope);
    for (const a of [...LINES, 0.5]) {
      const ends = this.lineWhere(logit(a));
      if (ends === null) continue;
      const [from, to] = ends;
      this.line(ends, ink, a === 0.5 ? 2.6 : 0.8);
      const way = sumOf(to, times(-1, from));
      const isRoomy = Math.hypot(...way) > 90 && (a === 0.5 || steep < 0.05); // or labels hide each other
      if (isRoomy) this.label(String(a), ...sumOf(from, times(26 / Math.hypot(...way), way)));
      const half = sumOf(from, times(0.5, way));
      if (a === 0.5) this.arrow(half, sumOf(half, times(46 / steep, this.slope)), ink, 2.4);
    }
  }

  /** Where z has a value: two pixels on the frame, or null. */
  lineWhere(z) {
    const { slope, center } = this;
    const half = [this.width / 2, this.height / 2];
    const ends = [];
    for (const [j, side] of [[0, -1], [0, 1], [1, -1], [1, 1]]) {
      const away = [0, 0];
      away[j] = side * half[j];
      away[1 - j] = (z - this.middle - slope[j] * away[j]) / slope[1 - j];
      if (Math.abs(away[1 - j]) <= half[1 - j]) ends.push(sumOf(center, away));
    }
    return ends.length < 2 ? null : ends.slice(0, 2).sort((one, other) => one[0] - other[0]);
  }
}

// The landscape --------------------------------------------------------------------------------------------------

/** J over two parameters, the third held where the neuron is; worked out row by row, as time allows. */
class Ground {
  rows = 0;

  constructor(seen, held, size) {
    Object.assign(this, { seen, held, size, losses: new Float64Array(size * size) });
  }

  is(seen, held, size) {
    return this.size >= size && this.held === held && this.shows(seen);
  }

  /** Whether it is of the same J, axes and view. */
  shows(seen) {
    return this.seen.every((one, k) => one === seen[k]);
  }

  /** Go on for so long, one row at least; whether all is there. */
  work(milliseconds) {
    const until = performance.now() + milliseconds;
    const { size, seen: [objective, axes, view] } = this;
    const theta = [this.held, this.held, this.held];
    const placed = (j, k) => (theta[axes[j]] = view[j][0] + (k / (size - 1)) * (view[j][1] - view[j][0]));
    do {
      placed(1, this.rows);
      for (let k = 0; k < size; k += 1) {
        placed(0, k);
        this.losses[this.rows * size + k] = objective.lossAt(objective.toWeights(theta));
      }
      this.rows += 1;
    } while (this.rows < size && performance.now() < until);
    if (this.rows < size) return false;
    this.range = rangeOf(this.losses);
    return true;
  }

  /** How far up the ramp of colours a J is, and back. */
  shareOf(loss) {
    const [low, high] = this.range;
    return Math.max((loss - low) / (high - low || 1), 0) ** (1 / DENSER);
  }

  lossOf(share) {
    const [low, high] = this.range;
    return low + share ** DENSER * (high - low);
  }

  /** A small image, one pixel for each place. */
  image(ramp) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = this.size;
    const pen = canvas.getContext("2d");
    const image = pen.createImageData(this.size, this.size);
    this.losses.forEach((loss, at) => {
      const flipped = (this.size - 1 - Math.floor(at / this.size)) * this.size + (at % this.size);
      image.data.set([...alongRamp(ramp, this.shareOf(loss)), 255], 4 * flipped);
    });
    pen.putImageData(image, 0, 0);
    return canvas;
  }

  /** Pieces of a line of equal J, from one side of a cell to another, in shares of the view (marching squares). */
  *pieces(level) {
    const { size, losses } = this;
    for (let at = 0; at < size * (size - 1); at += 1) {
      if (at % size === size - 1) continue;
      const corners = [losses[at], losses[at + 1], losses[at + size + 1], losses[at + size]];
      if (corners.every((loss) => loss > level) || !corners.some((loss) => loss > level)) continue;
      const cuts = [];
      corners.forEach((loss, side) => {
        const other = (side + 1) % 4;
        if (loss > level === corners[other] > level) return;
        const share = (level - loss) / (corners[other] - loss);
        const [x, y] = sumOf(times(1 - share, CORNERS[side]), times(share, CORNERS[other]));
        cuts.push([((at % size) + x) / (size - 1), 1 - (Math.floor(at / size) + y) / (size - 1)]);
      });
      while (cuts.length > 1) yield cuts.splice(0, 2);
    }
  }
}

class Landscape extends Picture {
  /** Nothing that was drawn holds: there are other axes, colours or sizes. */
  measure() {
    super.measure();
    this.ground = this.rising = this.looked = null;
  }

  get third() {
    return 3 - this.axes[0] - this.axes[1];
  }

  /** A place of three parameters on the two axes. */
  flat(theta) {
    return this.axes.map((j) => theta[j]);
  }

  /** Moments to draw, [place, J], the last of them last. */
  pathOf(curve, { objective }) {
    let stride = 1;
    while (curve.length / stride > MOST_DRAWN) stride *= 3;
    const drawn = curve.filter((_, k) => k % stride === 0 || k >= curve.length - DOTTED);
    return drawn.map((moment) => {
      const { theta, weights, loss } = moment.step.here;
      return [this.flat(moment.objective === objective ? theta : objective.fromWeights(weights)), loss];
    }).filter(([place]) => place.every(Number.isFinite));
  }

  /** Keep the view as long as it shows what there is to see, and is not far too wide for it. */
  look(objective, path, star) {
    const places = [...path.map(([place]) => place), ...(star ? [this.flat(star)] : [])];
    const wanted = this.axes.map((axis, j) => {
      const [low, high] = rangeOf(places.map((place) => place[j]));
      const missing = Math.max(0, reachOf(objective, axis) * (star ? 0.2 : 0.6) - (high - low)) / 2;
      return [low - missing, high + missing];
    });
    const fits = ([low, high], j) => wanted[j][0] >= low && wanted[j][1] <= high && wanted[j][1] - wanted[j][0] > 0.2 * (high - low);
    if (this.looked === objective && this.view.every(fits)) return;
    this.looked = objective;
    this.view = this.evened(wanted.map((range) => withMargin(range, 0.3)));
    this.left = 30 + 7 * Math.max(...this.ticks(1).map(([, word]) => word.length));
    super.measure();
  }

  /** One scale on both axes, if they differ little: then the steepest way crosses lines of equal J at right angles. */
  evened(view) {
    const perPixel = view.map(([low, high], j) => (high - low) / [this.width, this.height][j]);
    const [least, most] = rangeOf(perPixel);
    return most > UNEVEN * least ? view : view.map((range, j) => withMargin(range, (most / perPixel[j] - 1) / 2));
  }

  /** J of the ground, as far as there is time; whether all of it is there. */
  work(now, hurried) {
    const seen = [now.objective, this.axes, this.view];
    const wanted = [seen, now.step.here.theta[this.third], hurried ? COARSE : FINE];
    if (this.ground?.is(...wanted)) return true;
    const goesOn = this.rising?.is(...wanted) || (hurried && this.rising?.shows(seen));
    if (!goesOn) this.rising = new Ground(...wanted);
    if (!this.rising.work(GROUND_TIME[hurried ? 1 : 0])) return false;
    [this.ground, this.rising] = [this.rising, null];
    this.print();
    return this.ground.is(...wanted);
  }

  /** Draw the ground on a sheet of its own, from where every frame takes it. */
  print() {
    const { ground, theme } = this;
    this.sheet = document.createElement("canvas");
    const [wide, high] = [this.width, this.height].map((side) => Math.round(side * this.density));
    Object.assign(this.sheet, { width: wide, height: high });
    const pen = this.sheet.getContext("2d");
    const [w, h] = [wide / (ground.size - 1), high / (ground.size - 1)];
    pen.drawImage(ground.image(theme.ground), -w / 2, -h / 2, ground.size * w, ground.size * h);
    for (let k = 1; k < LEVELS; k += 1) {
      for (const [from, to] of ground.pieces(ground.lossOf(k / LEVELS))) {
        pen.moveTo(from[0] * wide, from[1] * high);
        pen.lineTo(to[0] * wide, to[1] * high);
      }
    }
    Object.assign(pen, { strokeStyle: theme.ink, lineWidth: 0.7 * this.density, globalAlpha: 0.45 });
    pen.stroke();
  }

  /** Whether all of the ground is there. */
  draw({ now, curve, next, hurried }) {
    const { theme } = this;
    const { objective } = now;
    const path = this.pathOf(curve, now);
    const star = now.minimum() && objective.fromWeights(now.minimum().weights);
    if (path.length > 0) this.look(objective, path, star);
    const isDone = this.work(now, hurried);
    const [here, there] = [now.step.here.theta, objective.fromWeights(next)].map((theta) => this.spot(this.flat(theta)));
    const isSeen = this.ground?.seen[2] === this.view;
    this.paint(() => {
      if (isSeen) this.pen.drawImage(this.sheet, this.left, this.top, this.width, this.height);
      this.drawPath(path);
      if (star) this.drawStar(now, star);
      this.arrow(here, there, theme.ink, 3.6);
      this.arrow(here, there, theme.walker, 1.8);
      if (here.every(Number.isFinite)) this.disc(here, 6.5, { fill: theme.walker, stroke: theme.ink, width: 1.8 });
    }, this.axes.map((j) => parameterName(now, j)));
    if (this.ground) this.ramp();
    return isDone;
  }

  /** The way, and dots that wear the colour of their own J: the ground beneath them may be another. */
  drawPath(path) {
    const { ink, ground } = this.theme;
    const spots = path.map(([place]) => this.spot(place));
    this.line(spots, ink, 1.4);
    let last = [Infinity, Infinity];
    for (let k = spots.length - 1; this.ground && k >= Math.max(0, spots.length - DOTTED); k -= 1) {
      if (Math.hypot(spots[k][0] - last[0], spots[k][1] - last[1]) < 7) continue;
      last = spots[k];
      this.disc(last, 3.2, { fill: onRamp(ground, this.ground.shareOf(path[k][1])), stroke: ink });
    }
  }

  /** The minimum; empty while it lies off this ground, because the third parameter is another there. */
  drawStar({ objective, step }, star) {
    const beneath = star.slice();
    beneath[this.third] = step.here.theta[this.third];
    const [ground, least] = [beneath, star].map((theta) => objective.lossAt(objective.toWeights(theta)));
    const [px, py] = this.spot(this.flat(star));
    const trace = (pen) => {
      for (let k = 0; k < 10; k += 1) {
        const [angle, radius] = [(k * Math.PI) / 5, k % 2 === 0 ? 10 : 4.2];
        pen.lineTo(px + radius * Math.sin(angle), py - radius * Math.cos(angle));
      }
      pen.closePath();
    };
    const { walker, card, ink } = this.theme;
    this.shape(trace, { fill: ground - least < 0.01 * Math.max(least, 0.01) ? walker : card, stroke: ink, width: 1.5 });
  }

  /** What the colours mean, at the right. */
  ramp() {
    const { pen, right, bottom, height, theme } = this;
    pen.setTransform(this.density, 0, 0, this.density, 0, 0);
    pen.fillStyle = pen.createLinearGradient(0, bottom, 0, this.top + 18);
    for (let k = 0; k <= 8; k += 1) pen.fillStyle.addColorStop(k / 8, onRamp(theme.ground, k / 8));
    pen.fillRect(right + 8, this.top + 18, 9, height - 18);
    this.words("J", right + 13, this.top + 7);
    for (let k = 0; k <= 4; k += 1) {
      this.words(written(this.ground.lossOf(k / 4), 3), right + 21, bottom - 6 - (k / 4) * (height - 31), "left");
    }
  }
}

/** How far a parameter goes before the neuron is nearly sure of nearly all: some units of round coordinates. */
function reachOf(objective, j) {
  if (objective.inside) return 8;
  const round = standardised(objective);
  const from = round.toWeights([0, 0, 0]);
  const far = [[4, 0, 0], [0, 4, 0], [0, 0, 4]].map((u) => Math.abs(round.toWeights(u)[j] - from[j]));
  return Math.max(...far, 1e-9);
}

/** What a parameter is called in the coordinates of the walk. */
function parameterName({ settings, table }, j) {
  const isRound = settings.coordinates === "standardised";
  const name = j === 2 ? `bias${isRound ? "" : " b"}` : `weight${isRound ? "" : ` w${"₁₂"[j]}`} of ${table.featureNames[j]}`;
  return name + (isRound ? ", standardised" : "");
}

// The sigmoid ----------------------------------------------------------------------------------------------------

class SigmoidCurve extends Picture {
  view = [[-NARROWEST, NARROWEST], [-0.07, 1.07]];

  ticks(j) {
    return j === 0 ? super.ticks(0) : [0, 0.25, 0.5, 0.75, 1].map((a) => [a, String(a)]);
  }

  draw({ now: { plants, table, step }, shown }) {
    const scores = plants.map(({ x }) => linearScore(x, step.here.weights));
    const half = 1.06 * limited(Math.max(...scores.map(Math.abs)) || 0, NARROWEST, WIDEST);
    this.view[0] = [-half, half];
    this.spots = scores.map((z) => this.spot([limited(z, -half, half), sigmoid(z)]));
    this.beyond = scores.filter((z) => !(Math.abs(z) <= half)).length;
    this.paint(() => {
      this.sides(table);
      this.sticks(plants, scores);
      this.label(`called ${table.classNames[0]}`, this.left + 10, this.spot([0, 0.9])[1], "left");
      this.label(`called ${table.classNames[1]}`, this.right - 10, this.spot([0, 0.1])[1], "right");
      const along = Array.from({ length: 121 }, (_, k) => half * (k / 60 - 1));
      this.line(along.map((z) => this.spot([z, sigmoid(z)])), this.theme.ink, 2.2);
      this.markers(plants, shown, 0.9 * radiusOf(plants));
    }, ["linear score z = w₁x₁ + w₂x₂ + b", "belief a"]);
  }

  sides() {
    const { pen, theme } = this;
    const [middle, doubt] = this.spot([0, 0.5]);
    pen.globalAlpha = 0.22;
    for (const [k, from, to] of [[0, this.left, middle], [4, middle, this.right]]) {
      pen.fillStyle = onRamp(theme.belief, k / 4);
      pen.fillRect(from, this.top, to - from, this.height);
    }
    pen.globalAlpha = 1;
    this.line([[middle, this.top], [middle, this.bottom]], theme.quiet, 1, [4, 3]);
    this.line([[this.left, doubt], [this.right, doubt]], theme.quiet, 1, [4, 3]);
  }

  /** From each plant to its truth: the residual. Of very many the longest. */
  sticks(plants, scores) {
    const lengths = plants.map(({ y }, i) => Math.abs(residual(scores[i], y)));
    const least = lengths.slice().sort((one, other) => other - one)[STICKS] ?? -1;
    for (const truth of [0, 1]) {
      const trace = (pen) => plants.forEach(({ y }, i) => {
        if (y !== truth || lengths[i] <= least) return;
        pen.moveTo(...this.spots[i]);
        pen.lineTo(this.spots[i][0], this.spot([0, y])[1]);
      });
      this.shape(trace, { stroke: truth ? this.theme.purple : this.theme.yellow, width: 1.1 });
    }
  }
}

// J, step by step ------------------------------------------------------------------------------------------------

class LossCurve extends Picture {
  /** On a scale of powers of ten where J changes so much that no other shows it. */
  look(losses, floor, from, to) {
    const [low, high] = rangeOf([...losses.filter(Number.isFinite), ...(floor ? [floor.loss] : [])]);
    this.isDeep = low > 0 && high > DEEP * low;
    const [bottom, top] = [low, high].map((loss) => (this.isDeep ? Math.log10(loss) : loss));
    const missing = Math.max(0, 0.04 * Math.abs(top) - (top - bottom)) / 2;
    this.view = [[from, Math.max(to, from + 10)], [bottom - missing, top + missing || 1]];
    this.view = this.view.map((range, j) => withMargin(range, [0.03, 0.07][j]));
  }

  ticks(j) {
    const ticks = super.ticks(j);
    if (j === 1 && this.isDeep) return ticks.map(([power]) => [power, written(10 ** power, 2)]);
    return j === 1 ? ticks : ticks.filter(([step]) => Number.isInteger(step));
  }

  draw({ now, curve }) {
    const { theme } = this;
    const floor = now.minimum();
    const losses = curve.map(({ step }) => step.here.loss);
    this.look(losses, floor, curve[0].iteration, now.iteration);
    this.spots = curve.map(({ iteration }, k) => this.spot([iteration, this.isDeep ? Math.log10(losses[k]) : losses[k]]));
    this.paint(() => {
      if (floor) this.drawFloor(floor);
      curve.forEach(({ what }, k) => {
        const [px] = this.spots[k];
        if (what !== "step" && k > 0) this.line([[px, this.top], [px, this.bottom]], theme.line, 1);
      });
      this.line(this.spots, theme.ink, 1.8);
      this.rises(curve, losses);
      const last = this.spots[curve.length - 1];
      if (last.every(Number.isFinite)) this.disc(last, 4.5, { fill: theme.walker, stroke: theme.ink, width: 1.5 });
    }, ["step", "J"]);
  }

  drawFloor({ loss }) {
    const [, py] = this.spot([0, this.isDeep ? Math.log10(loss) : loss]);
    this.line([[this.left, py], [this.right, py]], this.theme.quiet, 1, [4, 3]);
    this.label(`least J ${written(loss)}`, this.left + 10, py - 12, "left");
  }

  /** Steps that led up. */
  rises(curve, losses) {
    const trace = (pen) => curve.forEach(({ what }, k) => {
      if (what !== "step" || !(losses[k] > losses[k - 1])) return;
      pen.moveTo(...this.spots[k - 1]);
      pen.lineTo(...this.spots[k]);
    });
    this.shape(trace, { stroke: this.theme.rise, width: 2.6 });
  }
}
