// How does it look? Four pictures of one moment: the field, the landscape of J, the sigmoid, and J step by step.
//
// Purple is class 1 and yellow class 0; a triangle and a circle, so that colours alone need not tell. White is doubt.

const SURE = 0.9999; // beyond it, and its opposite, colours do not change
const BELIEFS = [0.0001, 0.001, 0.01, 0.03, 0.06, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5];
const LINES = [0.1, 0.25, 0.75, 0.9]; // of belief, beside the boundary at 0.5
const STICKS = 120; // more of them are a curtain
const NARROWEST = 4; // half of the view of the sigmoid, in z: where its bend is seen
const WIDEST = 12; // and where a is 0 or 1 to the eye
const LEVELS = 13; // lines of equal J
const DENSER = 3; // power by which they crowd about the floor
const FINE = 97; // places of J along each side of the ground
const COARSE = 33; // of those while everything moves
const GROUND_TIME = 3; // milliseconds of a frame that J of the ground may take while everything moves
const MOST_DRAWN = 1500; // moments of a path; of a longer one every third, ninth... (odd: a zigzag stays one)
const DOTTED = 100; // last moments of a path that have a dot
const DEEP = 30; // times as high as its lowest place: then J is drawn on a scale of powers of ten

/** Colours of the style sheet, as the light or dark theme has them. */
function themeOf(element) {
  const style = getComputedStyle(element);
  const color = (name) => style.getPropertyValue(`--${name}`).trim();
  const ramp = (...names) => names.map((name) => channelsOf(color(name)));
  return {
    ...Object.fromEntries(["yellow", "purple", "card", "ink", "quiet", "line", "accent", "alarm", "outline", "walker", "path"].map((name) => [name, color(name)])),
    belief: ramp("sure-0", "half-0", "doubt", "half-1", "sure-1"),
    ground: ramp("low", "middle", "high"),
  };
}

/** Red, green and blue of #rrggbb. */
function channelsOf(color) {
  return [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
}

/** The colour at a share, 0 to 1, of the way along a ramp. */
function alongRamp(ramp, share) {
  const at = Math.min(Math.max(share, 0), 1) * (ramp.length - 1);
  const k = Math.min(Math.floor(at), ramp.length - 2);
  return ramp[k].map((channel, j) => Math.round(channel + (at - k) * (ramp[k + 1][j] - channel)));
}

const cssOf = (channels) => `rgb(${channels.join(" ")})`;

/** A number as people write it, with so many digits; what is no number is called so. */
function written(number, digits = 4) {
  if (!Number.isFinite(number)) return Number.isNaN(number) ? "no number" : number > 0 ? "∞" : "−∞";
  if (number === 0) return "0";
  const plain = Math.abs(number) >= 1e-4 && Math.abs(number) < 1e6;
  const word = plain ? plainly(number, digits) : number.toExponential(digits - 1).replace("e+", "e");
  return word.replace(/-/g, "−");
}

/** Without powers of ten, and no digit that is not known. */
function plainly(number, digits) {
  const decimals = digits - 1 - Math.floor(Math.log10(Math.abs(number)));
  return number.toFixed(Math.min(Math.max(decimals, 0), 12));
}

/** Round numbers between two, about so many. */
function ticksBetween(low, high, count) {
  const rough = (high - low) / count;
  const ten = 10 ** Math.floor(Math.log10(rough));
  const step = ten * [1, 2, 5, 10].find((one) => one * ten >= rough * 0.999);
  const ticks = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k += 1) ticks.push(k * step);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const word = (tick) => (Math.abs(tick) >= 1e5 || step < 1e-4 ? written(tick, 3) : tick.toFixed(decimals).replace("-", "−"));
  return ticks.map((tick) => [tick, word(Math.abs(tick) < step / 1e6 ? 0 : tick)]);
}

class Picture {
  /** On the canvas of an element, with room for axes. */
  constructor(host, room) {
    this.host = host;
    this.canvas = host.querySelector("canvas");
    this.pen = this.canvas.getContext("2d");
    this.room = room;
    this.measure();
  }

  /** Take the size of the element, in the pixels of this screen. */
  measure() {
    const [width, height] = [Math.max(this.host.clientWidth, 80), Math.max(this.host.clientHeight, 80)];
    this.density = Math.min(window.devicePixelRatio || 1, 3);
    [this.canvas.width, this.canvas.height] = [Math.round(width * this.density), Math.round(height * this.density)];
    const { left, top, right, bottom } = this.room;
    this.frame = { left, top, right: width - right, bottom: height - bottom };
  }

  get width() {
    return this.frame.right - this.frame.left;
  }

  get height() {
    return this.frame.bottom - this.frame.top;
  }

  across(x) {
    const [low, high] = this.view.x;
    return this.frame.left + ((x - low) / (high - low)) * this.width;
  }

  up(y) {
    const [low, high] = this.view.y;
    return this.frame.bottom - ((y - low) / (high - low)) * this.height;
  }

  /** The place under a pixel, kept inside the frame. */
  placeAt(px, py) {
    const { left, right, top, bottom } = this.frame;
    const share = [(Math.min(Math.max(px, left), right) - left) / this.width, (bottom - Math.min(Math.max(py, top), bottom)) / this.height];
    return [this.view.x, this.view.y].map(([low, high], j) => low + share[j] * (high - low));
  }

  /** Wipe, and draw what is inside the frame and then what is around it. */
  paint(theme, inside, names) {
    const { pen, frame } = this;
    pen.setTransform(this.density, 0, 0, this.density, 0, 0);
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    pen.save();
    pen.beginPath();
    pen.rect(frame.left, frame.top, this.width, this.height);
    pen.clip();
    inside(pen);
    pen.restore();
    this.axes(theme, names);
  }

  axes(theme, [below, beside]) {
    const { pen, frame } = this;
    pen.strokeStyle = theme.line;
    pen.lineWidth = 1;
    pen.strokeRect(frame.left + 0.5, frame.top + 0.5, this.width - 1, this.height - 1);
    pen.fillStyle = theme.quiet;
    pen.font = "12px system-ui, sans-serif";
    pen.textAlign = "center";
    pen.textBaseline = "top";
    for (const [tick, word] of this.ticksBelow()) pen.fillText(word, this.across(tick), frame.bottom + 5);
    pen.fillText(below, (frame.left + frame.right) / 2, frame.bottom + 20, this.width);
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (const [tick, word] of this.ticksBeside()) pen.fillText(word, frame.left - 6, this.up(tick));
    pen.save();
    pen.translate(10, (frame.top + frame.bottom) / 2);
    pen.rotate(-Math.PI / 2);
    pen.textAlign = "center";
    pen.fillText(beside, 0, 0, this.height);
    pen.restore();
  }

  ticksBelow() {
    return ticksBetween(...this.view.x, Math.max(2, this.width / 80));
  }

  ticksBeside() {
    return ticksBetween(...this.view.y, Math.max(2, this.height / 55));
  }

  /** Words on a small plate, so that they are read on any ground. */
  label(theme, word, x, y, align = "center") {
    const { pen } = this;
    pen.font = "12px system-ui, sans-serif";
    const wide = pen.measureText(word).width + 8;
    const left = { center: x - wide / 2, left: x - 4, right: x - wide + 4 }[align];
    pen.globalAlpha = 0.82;
    pen.fillStyle = theme.card;
    pen.fillRect(left, y - 9, wide, 18);
    pen.globalAlpha = 1;
    pen.fillStyle = theme.ink;
    pen.textAlign = "left";
    pen.textBaseline = "middle";
    pen.fillText(word, left + 4, y + 0.5);
  }

  /** Circles and triangles at pixels [px, py, y], of each class in one go. */
  markers(theme, spots, radius) {
    const { pen } = this;
    pen.lineJoin = "round";
    for (const [y, fill] of [[0, theme.yellow], [1, theme.purple]]) {
      pen.beginPath();
      for (const [px, py, truth] of spots) if (truth === y) marker(pen, px, py, y, radius);
      pen.fillStyle = fill;
      pen.fill();
      pen.strokeStyle = theme.outline;
      pen.lineWidth = 0.9;
      pen.stroke();
    }
  }

  /** A ring about a pixel. */
  ring(px, py, radius, color, width) {
    const { pen } = this;
    pen.beginPath();
    pen.arc(px, py, radius, 0, 2 * Math.PI);
    pen.strokeStyle = color;
    pen.lineWidth = width;
    pen.stroke();
  }

  /** The ring that says: this is the plant whose numbers are shown. */
  halo(theme, px, py, radius) {
    this.ring(px, py, radius, theme.card, 5);
    this.ring(px, py, radius, theme.accent, 2.5);
  }

  line(from, to, color, width, dashes = []) {
    const { pen } = this;
    pen.beginPath();
    pen.moveTo(...from);
    pen.lineTo(...to);
    pen.strokeStyle = color;
    pen.lineWidth = width;
    pen.setLineDash(dashes);
    pen.stroke();
    pen.setLineDash([]);
  }

  arrow(from, to, color, width) {
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const length = Math.hypot(dx, dy);
    if (!(length > 3)) return;
    const head = Math.min(9, length * 0.6);
    const [ux, uy] = [dx / length, dy / length];
    this.line(from, [to[0] - ux * head * 0.7, to[1] - uy * head * 0.7], color, width);
    const { pen } = this;
    pen.beginPath();
    pen.moveTo(...to);
    pen.lineTo(to[0] - head * (ux - 0.5 * uy), to[1] - head * (uy + 0.5 * ux));
    pen.lineTo(to[0] - head * (ux + 0.5 * uy), to[1] - head * (uy - 0.5 * ux));
    pen.closePath();
    pen.fillStyle = color;
    pen.fill();
  }
}

/** Add a circle, or a triangle, to a path. */
function marker(pen, px, py, y, radius) {
  if (y === 0) {
    pen.moveTo(px + radius, py);
    pen.arc(px, py, radius, 0, 2 * Math.PI);
  } else {
    pen.moveTo(px, py - 1.25 * radius);
    pen.lineTo(px + 1.12 * radius, py + 0.85 * radius);
    pen.lineTo(px - 1.12 * radius, py + 0.85 * radius);
    pen.closePath();
  }
}

/** How large a marker is: the more of them, the smaller. */
function radiusOf(count) {
  return 5 * Math.min(1, (300 / count) ** 0.25);
}

/** A feature with its unit. */
function nameOf(table, j) {
  return table.featureNames[j] + (table.units[j] ? ` (${table.units[j]})` : "");
}

// The field ------------------------------------------------------------------------------------------------------

class Field extends Picture {
  constructor(host) {
    super(host, { left: 46, top: 4, right: 4, bottom: 38 });
  }

  /** See all plants, with some ground about them. */
  look(table, plants) {
    const everyone = [...table.X, ...plants.map((plant) => plant.x)];
    const [x, y] = [0, 1].map((j) => withMargin(Math.min(...everyone.map((one) => one[j])), Math.max(...everyone.map((one) => one[j])), 0.14));
    this.view = { x, y };
    this.steps = [x, y].map(([low, high]) => 10 ** Math.floor(Math.log10((high - low) / 250)));
  }

  /** A place as plants stand at: numbers short enough to reckon with a pencil. */
  rounded(place) {
    return place.map((one, j) => {
      const decimals = Math.max(0, -Math.round(Math.log10(this.steps[j])));
      return Number((Math.round(one / this.steps[j]) * this.steps[j]).toFixed(decimals));
    });
  }

  /** z as a function of pixels: [slope across, slope down, z at the middle of the frame]. */
  scoreOfPixels(theta) {
    const [x, y] = [this.view.x, this.view.y];
    const middle = [(x[0] + x[1]) / 2, (y[0] + y[1]) / 2];
    return [(theta[0] * (x[1] - x[0])) / this.width, (-theta[1] * (y[1] - y[0])) / this.height, linearScore(middle, theta)];
  }

  draw(theme, { now, shown, chosen }) {
    const theta = now.step.here.weights;
    const scored = this.scoreOfPixels(theta);
    const spots = now.plants.map(({ x, y }) => [this.across(x[0]), this.up(x[1]), y]);
    const radius = radiusOf(spots.length);
    const inside = () => {
      this.beliefs(theme, scored);
      this.contours(theme, scored);
      this.markers(theme, spots, radius);
      now.plants.forEach(({ x, y }, i) => {
        if ((linearScore(x, theta) > 0 ? 1 : 0) !== y) this.ring(spots[i][0], spots[i][1], radius + 3.5, theme.ink, 1.3);
      });
      if (shown !== null) this.halo(theme, spots[shown][0], spots[shown][1], radius + 6.5);
      if (chosen !== null) this.ring(spots[chosen][0], spots[chosen][1], radius + 9.5, theme.accent, 1.5);
      this.weightArrow(theme, scored);
    };
    this.paint(theme, inside, [nameOf(now.table, 0), nameOf(now.table, 1)]);
  }

  /** The ground in the colours of the belief: z changes along one direction only, so that one gradient shows it. */
  beliefs(theme, [gx, gy, middle]) {
    const { pen, frame } = this;
    const steep = gx * gx + gy * gy;
    const half = (Math.abs(gx) * this.width + Math.abs(gy) * this.height) / 2;
    const color = (z) => cssOf(alongRamp(theme.belief, sigmoid(z)));
    pen.fillStyle = color(Number.isFinite(middle) ? middle : 0);
    if (half > 1e-9 && Number.isFinite(steep) && Number.isFinite(middle)) {
      const [cx, cy] = [(frame.left + frame.right) / 2, (frame.top + frame.bottom) / 2];
      const [dx, dy] = [(gx / steep) * half, (gy / steep) * half];
      const gradient = pen.createLinearGradient(cx - dx, cy - dy, cx + dx, cy + dy);
      for (const a of [...BELIEFS, ...BELIEFS.map((one) => 1 - one)]) {
        const share = (Math.log(a / (1 - a)) - middle) / (2 * half) + 0.5;
        if (share > 0 && share < 1) gradient.addColorStop(share, cssOf(alongRamp(theme.belief, a)));
      }
      gradient.addColorStop(0, color(middle - half));
      gradient.addColorStop(1, color(middle + half));
      pen.fillStyle = gradient;
    }
    pen.globalAlpha = 0.72;
    pen.fillRect(frame.left, frame.top, this.width, this.height);
    pen.globalAlpha = 1;
  }

  /** Lines of equal belief: straight and parallel. */
  contours(theme, scored) {
    for (const a of [...LINES, 0.5]) {
      const ends = this.lineWhere(Math.log(a / (1 - a)), scored);
      if (ends === null) continue;
      this.line(...ends, theme.ink, a === 0.5 ? 2.6 : 0.8);
      const away = Math.hypot(ends[1][0] - ends[0][0], ends[1][1] - ends[0][1]);
      const at = 24 / Math.max(away, 1);
      if (away > 90) this.label(theme, String(a), ends[0][0] + at * (ends[1][0] - ends[0][0]), ends[0][1] + at * (ends[1][1] - ends[0][1]));
    }
  }

  /** Where z has a value: two pixels on the frame, or null. */
  lineWhere(z, [gx, gy, middle]) {
    const { frame } = this;
    const [cx, cy] = [(frame.left + frame.right) / 2, (frame.top + frame.bottom) / 2];
    const [w, h] = [this.width / 2, this.height / 2];
    const ends = [];
    for (const side of [-1, 1]) {
      const y = (z - middle - gx * side * w) / gy;
      if (Math.abs(y) <= h) ends.push([cx + side * w, cy + y]);
      const x = (z - middle - gy * side * h) / gx;
      if (Math.abs(x) < w) ends.push([cx + x, cy + side * h]);
    }
    return ends.length < 2 ? null : ends.slice(0, 2).sort((one, other) => one[0] - other[0]);
  }

  /** Across the boundary, to the side of class 1. */
  weightArrow(theme, scored) {
    const ends = this.lineWhere(0, scored);
    if (ends === null) return;
    const length = Math.hypot(scored[0], scored[1]);
    const from = [(ends[0][0] + ends[1][0]) / 2, (ends[0][1] + ends[1][1]) / 2];
    const to = [from[0] + (46 * scored[0]) / length, from[1] + (46 * scored[1]) / length];
    this.arrow(from, to, theme.ink, 2.4);
  }

  /** The plant nearest to a pixel, if one is near. */
  plantAt(plants, px, py, reach) {
    let [nearest, least] = [null, reach];
    plants.forEach(({ x }, i) => {
      const away = Math.hypot(this.across(x[0]) - px, this.up(x[1]) - py);
      if (away <= least) [nearest, least] = [i, away];
    });
    return nearest;
  }
}

/** A range made wider on both sides. */
function withMargin(low, high, share) {
  const margin = high > low ? share * (high - low) : Math.max(Math.abs(low), 1) * share;
  return [low - margin, high + margin];
}

// The landscape --------------------------------------------------------------------------------------------------

/** J over two parameters, the third held where the neuron is; worked out row by row, as time allows. */
class Ground {
  constructor(objective, axes, view, held, size) {
    Object.assign(this, { objective, axes, view, held, size });
    this.losses = new Float64Array(size * size);
    this.rows = 0;
  }

  is(objective, axes, view, held, size) {
    return this.objective === objective && this.axes === axes && this.view === view && this.held === held && this.size >= size;
  }

  get done() {
    return this.rows === this.size;
  }

  /** Go on until a time of the clock, one row at least. */
  work(until) {
    const { size, view, axes } = this;
    const theta = [this.held, this.held, this.held];
    while (!this.done) {
      theta[axes[1]] = view.y[0] + (this.rows / (size - 1)) * (view.y[1] - view.y[0]);
      for (let k = 0; k < size; k += 1) {
        theta[axes[0]] = view.x[0] + (k / (size - 1)) * (view.x[1] - view.x[0]);
        this.losses[this.rows * size + k] = this.objective.lossAt(this.objective.toWeights(theta));
      }
      this.rows += 1;
      if (performance.now() > until) break;
    }
    if (this.done) [this.low, this.high] = [Math.min(...this.losses), Math.max(...this.losses)];
  }

  /** How far up the ramp of colours a J is. */
  shareOf(loss) {
    return Math.max((loss - this.low) / (this.high - this.low || 1), 0) ** (1 / DENSER);
  }

  /** The J of a share. */
  lossOf(share) {
    return this.low + share ** DENSER * (this.high - this.low);
  }

  /** A small image, one pixel for each place. */
  image(theme) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = this.size;
    const pen = canvas.getContext("2d");
    const image = pen.createImageData(this.size, this.size);
    this.losses.forEach((loss, at) => {
      const flipped = (this.size - 1 - Math.floor(at / this.size)) * this.size + (at % this.size);
      image.data.set([...alongRamp(theme.ground, this.shareOf(loss)), 255], 4 * flipped);
    });
    pen.putImageData(image, 0, 0);
    return canvas;
  }

  /** Lines of equal J, as [x, y] in shares of the view, two a piece (marching squares). */
  *linesOf(level) {
    const { size, losses } = this;
    for (let row = 0; row + 1 < size; row += 1) {
      for (let k = 0; k + 1 < size; k += 1) {
        const at = row * size + k;
        const corners = [losses[at], losses[at + 1], losses[at + size + 1], losses[at + size]];
        const above = corners.map((loss) => loss > level);
        if (above[0] === above[1] && above[1] === above[2] && above[2] === above[3]) continue;
        const cuts = [];
        for (let side = 0; side < 4; side += 1) {
          const next = (side + 1) % 4;
          if (above[side] === above[next]) continue;
          const share = (level - corners[side]) / (corners[next] - corners[side]);
          const [from, to] = [CORNERS[side], CORNERS[next]];
          cuts.push([(k + from[0] + share * (to[0] - from[0])) / (size - 1), (row + from[1] + share * (to[1] - from[1])) / (size - 1)]);
        }
        for (let one = 0; one + 1 < cuts.length; one += 2) yield [cuts[one], cuts[one + 1]];
      }
    }
  }
}

const CORNERS = [[0, 0], [1, 0], [1, 1], [0, 1]];

class Landscape extends Picture {
  constructor(host) {
    super(host, { left: 56, top: 4, right: 58, bottom: 38 });
    this.axesShown = [0, 1];
    this.ground = null; // that is seen
    this.rising = null; // that is being worked out
  }

  /** The parameters of the axes changed, or the style: nothing that was drawn holds. */
  forget() {
    this.view = this.ground = this.rising = this.sheet = null;
  }

  measure() {
    super.measure();
    this.sheet = null;
  }

  get third() {
    return 3 - this.axesShown[0] - this.axesShown[1];
  }

  /** Where a moment stands in the coordinates of the walk that is on. */
  thetaOf(moment, now) {
    return moment.objective === now.objective ? moment.step.here.theta : now.objective.fromWeights(moment.step.here.weights);
  }

  /** Moments to draw: [place on the axes, J], the last of them last. */
  pathOf(curve, now) {
    let stride = 1;
    while (curve.length / stride > MOST_DRAWN) stride *= 3;
    const path = [];
    for (let k = 0; k < curve.length; k += 1) {
      if (k % stride !== 0 && k < curve.length - DOTTED) continue;
      const theta = this.thetaOf(curve[k], now);
      path.push([theta[this.axesShown[0]], theta[this.axesShown[1]], curve[k].step.here.loss]);
    }
    return path.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
  }

  /** Keep the view as long as it shows what there is to see, and is not far too wide for it. */
  look(now, path) {
    const places = path.map(([x, y]) => [x, y]);
    const minimum = now.minimum();
    const floor = minimum && now.objective.fromWeights(minimum.weights);
    if (floor) places.push(this.axesShown.map((j) => floor[j]));
    const wanted = [0, 1].map((j) => {
      const all = places.map((place) => place[j]);
      const reach = reachOf(now.objective, this.axesShown[j]) * (floor ? 0.2 : 0.6);
      const [low, high] = [Math.min(...all), Math.max(...all)];
      const least = Math.max(0, reach - (high - low)) / 2;
      return [low - least, high + least];
    });
    const fits = this.view && this.seen === now.objective && [this.view.x, this.view.y].every(([low, high], j) => {
      const [from, to] = wanted[j];
      return from >= low && to <= high && to - from > 0.2 * (high - low);
    });
    if (fits) return;
    this.seen = now.objective;
    this.view = { x: withMargin(...wanted[0], 0.3), y: withMargin(...wanted[1], 0.3) };
  }

  /** J of the ground, as far as there is time; whether all of it is there. */
  work(theme, now, hurried) {
    const held = now.step.here.theta[this.third];
    const size = hurried ? COARSE : FINE;
    const wanted = [now.objective, this.axesShown, this.view, held, size];
    if (!(this.ground?.is(...wanted) && this.sheet)) {
      const same = this.rising?.is(...wanted) || (hurried && this.rising?.view === this.view && this.rising.objective === now.objective && this.rising.axes === this.axesShown);
      if (!same) this.rising = new Ground(...wanted);
      this.rising.work(performance.now() + (hurried && this.ground?.view === this.view ? GROUND_TIME : hurried ? 2 * GROUND_TIME : 12));
      if (this.rising.done) {
        this.ground = this.rising;
        this.rising = null;
        this.print(theme);
      }
    }
    return Boolean(this.ground?.is(...wanted) && this.sheet);
  }

  /** Draw the ground on a sheet of its own, from where every frame takes it. */
  print(theme) {
    const sheet = document.createElement("canvas");
    [sheet.width, sheet.height] = [this.width, this.height].map((side) => Math.round(side * this.density));
    const pen = sheet.getContext("2d");
    const { size } = this.ground;
    const [cell, rest] = [[sheet.width / (size - 1), sheet.height / (size - 1)], 0.5];
    pen.imageSmoothingQuality = "high";
    pen.drawImage(this.ground.image(theme), -rest * cell[0], -rest * cell[1], size * cell[0], size * cell[1]);
    pen.strokeStyle = theme.ink;
    pen.lineWidth = 0.7 * this.density;
    pen.globalAlpha = 0.45;
    pen.beginPath();
    for (let k = 1; k < LEVELS; k += 1) {
      for (const [from, to] of this.ground.linesOf(this.ground.lossOf(k / LEVELS))) {
        pen.moveTo(from[0] * sheet.width, (1 - from[1]) * sheet.height);
        pen.lineTo(to[0] * sheet.width, (1 - to[1]) * sheet.height);
      }
    }
    pen.stroke();
    this.sheet = sheet;
  }

  draw(theme, { now, curve, next, hurried }) {
    const path = this.pathOf(curve, now);
    if (path.length > 0) this.look(now, path);
    const done = this.work(theme, now, hurried);
    const inside = (pen) => {
      if (this.sheet && this.ground.view === this.view) pen.drawImage(this.sheet, this.frame.left, this.frame.top, this.width, this.height);
      this.drawPath(theme, path);
      this.drawMinimum(theme, now);
      this.drawWalker(theme, now, next);
    };
    this.paint(theme, inside, this.axesShown.map((j) => parameterName(now, j)));
    if (this.ground) this.ramp(theme);
    return done;
  }

  drawPath(theme, path) {
    const { pen } = this;
    const spots = path.map(([x, y]) => [this.across(x), this.up(y)]);
    pen.beginPath();
    spots.forEach(([px, py], k) => (k === 0 ? pen.moveTo(px, py) : pen.lineTo(px, py)));
    pen.strokeStyle = theme.path;
    pen.lineWidth = 1.4;
    pen.lineJoin = "round";
    pen.stroke();
    if (!this.ground) return;
    for (let k = Math.max(0, spots.length - DOTTED); k < spots.length; k += 1) {
      pen.beginPath();
      pen.arc(...spots[k], 3.2, 0, 2 * Math.PI);
      pen.fillStyle = cssOf(alongRamp(theme.ground, this.ground.shareOf(path[k][2])));
      pen.fill();
      pen.lineWidth = 1;
      pen.stroke();
    }
  }

  /** The floor of J: a star; empty while it lies off this ground, because the third parameter is another there. */
  drawMinimum(theme, now) {
    const minimum = now.minimum();
    if (minimum === null) return;
    const theta = now.objective.fromWeights(minimum.weights);
    const [px, py] = [this.across(theta[this.axesShown[0]]), this.up(theta[this.axesShown[1]])];
    const { pen } = this;
    pen.beginPath();
    for (let k = 0; k < 10; k += 1) {
      const [angle, radius] = [(k * Math.PI) / 5 - Math.PI / 2, k % 2 === 0 ? 10 : 4.2];
      pen.lineTo(px + radius * Math.cos(angle), py + radius * Math.sin(angle));
    }
    pen.closePath();
    pen.lineJoin = "round";
    pen.fillStyle = this.isOnTheGround(now, theta) ? theme.walker : theme.card;
    pen.fill();
    pen.strokeStyle = theme.ink;
    pen.lineWidth = 1.5;
    pen.stroke();
  }

  /** Whether J on the ground beneath the minimum is as low, to the eye, as at the minimum. */
  isOnTheGround(now, theta) {
    const beneath = theta.slice();
    beneath[this.third] = now.step.here.theta[this.third];
    const [there, least] = [beneath, theta].map((place) => now.objective.lossAt(now.objective.toWeights(place)));
    return there - least < 0.01 * Math.max(least, 0.01);
  }

  drawWalker(theme, now, next) {
    const spot = (theta) => [this.across(theta[this.axesShown[0]]), this.up(theta[this.axesShown[1]])];
    const [here, there] = [now.step.here.theta, now.objective.fromWeights(next)].map(spot);
    if (![...here, ...there].every(Number.isFinite)) return;
    this.arrow(here, there, theme.path, 3.6);
    this.arrow(here, there, theme.walker, 1.8);
    const { pen } = this;
    pen.beginPath();
    pen.arc(...here, 6.5, 0, 2 * Math.PI);
    pen.fillStyle = theme.walker;
    pen.fill();
    pen.strokeStyle = theme.ink;
    pen.lineWidth = 1.8;
    pen.stroke();
  }

  /** What the colours mean, at the right. */
  ramp(theme) {
    const { pen, frame } = this;
    const left = frame.right + 8;
    const gradient = pen.createLinearGradient(0, frame.bottom, 0, frame.top + 18);
    for (let k = 0; k <= 8; k += 1) gradient.addColorStop(k / 8, cssOf(alongRamp(theme.ground, k / 8)));
    pen.fillStyle = gradient;
    pen.fillRect(left, frame.top + 18, 9, this.height - 18);
    pen.strokeStyle = theme.line;
    pen.lineWidth = 1;
    pen.strokeRect(left + 0.5, frame.top + 18.5, 8, this.height - 19);
    pen.fillStyle = theme.quiet;
    pen.font = "12px system-ui, sans-serif";
    pen.textAlign = "left";
    pen.textBaseline = "middle";
    for (let k = 0; k <= 4; k += 1) pen.fillText(written(this.ground.lossOf(k / 4), 3), left + 13, frame.bottom - 6 - (k / 4) * (this.height - 31), 38);
    pen.font = "italic 14px Georgia, serif";
    pen.fillText("J", left + 1, frame.top + 8);
  }
}

/** How far a parameter goes before the neuron is nearly sure of nearly all: some units of round coordinates. */
function reachOf(objective, j) {
  const inside = objective.inside ?? null;
  if (inside !== null) return 8;
  const round = standardised(objective);
  const origin = round.toWeights([0, 0, 0]);
  return Math.max(...[0, 1, 2].map((k) => Math.abs(round.toWeights([0, 1, 2].map((one) => (one === k ? 4 : 0)))[j] - origin[j])), 1e-9);
}

/** What a parameter is called in the coordinates of the walk. */
function parameterName(now, j) {
  const round = now.settings.coordinates === "standardised";
  if (j === 2) return round ? "bias, standardised" : "bias b";
  return `${round ? "weight" : `weight w${"₁₂"[j]}`} of ${now.table.featureNames[j]}${round ? ", standardised" : ""}`;
}

// The sigmoid ----------------------------------------------------------------------------------------------------

class SigmoidCurve extends Picture {
  constructor(host) {
    super(host, { left: 46, top: 4, right: 4, bottom: 38 });
    this.view = { x: [-NARROWEST, NARROWEST], y: [-0.07, 1.07] };
  }

  ticksBeside() {
    return [0, 0.25, 0.5, 0.75, 1].map((a) => [a, String(a)]);
  }

  draw(theme, { now, shown }) {
    const scores = now.plants.map(({ x }) => linearScore(x, now.step.here.weights));
    const farthest = Math.max(...scores.map(Math.abs));
    const half = 1.06 * Math.min(Math.max(Number.isFinite(farthest) ? farthest : WIDEST, NARROWEST), WIDEST);
    this.view.x = [-half, half];
    const inside = (z) => Math.min(Math.max(z, -half), half);
    this.spots = now.plants.map(({ y }, i) => [this.across(inside(scores[i])), this.up(sigmoid(scores[i])), y]);
    this.beyond = scores.filter((z) => Math.abs(z) > half).length;
    const draw = () => {
      this.sides(theme, now.table);
      this.sticks(theme, now, scores);
      this.curve(theme);
      this.markers(theme, this.spots, radiusOf(scores.length) * 0.9);
      if (shown !== null) this.halo(theme, this.spots[shown][0], this.spots[shown][1], radiusOf(scores.length) + 5);
    };
    this.paint(theme, draw, ["linear score z = w₁x₁ + w₂x₂ + b", "belief a"]);
  }

  sides(theme, table) {
    const { pen, frame } = this;
    const middle = this.across(0);
    pen.globalAlpha = 0.22;
    pen.fillStyle = cssOf(theme.belief[0]);
    pen.fillRect(frame.left, frame.top, middle - frame.left, this.height);
    pen.fillStyle = cssOf(theme.belief[4]);
    pen.fillRect(middle, frame.top, frame.right - middle, this.height);
    pen.globalAlpha = 1;
    this.line([middle, frame.top], [middle, frame.bottom], theme.quiet, 1, [4, 3]);
    this.line([frame.left, this.up(0.5)], [frame.right, this.up(0.5)], theme.quiet, 1, [4, 3]);
    this.label(theme, `called ${table.classNames[0]}`, frame.left + 10, this.up(0.9), "left");
    this.label(theme, `called ${table.classNames[1]}`, frame.right - 10, this.up(0.1), "right");
  }

  /** From each plant to its truth: the residual. Of very many the longest. */
  sticks(theme, { plants }, scores) {
    const { pen } = this;
    const lengths = plants.map(({ y }, i) => Math.abs(residual(scores[i], y)));
    const least = lengths.length > STICKS ? lengths.slice().sort((one, other) => other - one)[STICKS] : -1;
    for (const [truth, color] of [[0, theme.yellow], [1, theme.purple]]) {
      pen.beginPath();
      this.spots.forEach(([px, py, y], i) => {
        if (y !== truth || lengths[i] <= least) return;
        pen.moveTo(px, py);
        pen.lineTo(px, this.up(y));
      });
      pen.strokeStyle = color;
      pen.lineWidth = 1.1;
      pen.stroke();
    }
  }

  curve(theme) {
    const { pen, frame } = this;
    pen.beginPath();
    for (let px = frame.left; px <= frame.right; px += 2) pen.lineTo(px, this.up(sigmoid(this.placeAt(px, 0)[0])));
    pen.strokeStyle = theme.ink;
    pen.lineWidth = 2.2;
    pen.stroke();
  }

  plantAt(px, py, reach) {
    let [nearest, least] = [null, reach];
    this.spots.forEach(([x, y], i) => {
      const away = Math.hypot(x - px, y - py);
      if (away <= least) [nearest, least] = [i, away];
    });
    return nearest;
  }
}

// J, step by step ------------------------------------------------------------------------------------------------

class LossCurve extends Picture {
  constructor(host) {
    super(host, { left: 56, top: 8, right: 10, bottom: 38 });
  }

  /** On a scale of powers of ten where J changes so much that no other shows it. */
  look(losses, floor, from, to) {
    const known = [...losses.filter(Number.isFinite), ...(floor === null ? [] : [floor])];
    const [low, high] = known.reduce(([least, most], loss) => [Math.min(least, loss), Math.max(most, loss)], [Infinity, -Infinity]);
    this.deep = low > 0 && high > DEEP * low;
    const range = this.deep ? [Math.log10(low), Math.log10(high)] : [low, high];
    const least = this.deep ? 0.1 : Math.max(0.02 * Math.abs(range[1]), 1e-12);
    const y = range[1] - range[0] > least ? range : [range[0] - least, range[1] + least];
    this.view = { x: [from, Math.max(to, from + 10)], y: withMargin(...y, 0.07) };
  }

  heightOf(loss) {
    return this.up(this.deep ? Math.log10(loss) : loss);
  }

  ticksBeside() {
    if (!this.deep) return super.ticksBeside();
    const powers = ticksBetween(...this.view.y, Math.max(2, this.height / 55)).filter(([tick]) => Number.isInteger(tick));
    return powers.length > 1 ? powers.map(([tick]) => [tick, written(10 ** tick, 1)]) : super.ticksBeside().map(([tick]) => [tick, written(10 ** tick, 2)]);
  }

  ticksBelow() {
    return ticksBetween(...this.view.x, Math.max(2, this.width / 80)).filter(([tick]) => Number.isInteger(tick));
  }

  draw(theme, { now, curve }) {
    const floor = now.minimum();
    const losses = curve.map((moment) => moment.step.here.loss);
    this.look(losses, floor && floor.loss, curve[0].iteration, now.iteration);
    const inside = () => {
      if (floor !== null) {
        const y = this.heightOf(floor.loss);
        this.line([this.frame.left, y], [this.frame.right, y], theme.quiet, 1, [4, 3]);
        this.label(theme, `least J ${written(floor.loss)}`, this.frame.right - 8, y < this.frame.top + 24 ? y + 13 : y - 12, "right");
      }
      this.events(theme, curve);
      this.walked(theme, curve, losses);
    };
    this.paint(theme, inside, ["step", "J"]);
  }

  /** What changed J otherwise than by a step: a plant, a dial, a penalty. */
  events(theme, curve) {
    curve.forEach(({ what, iteration }, k) => {
      if (what === "step" || k === 0) return;
      this.line([this.across(iteration), this.frame.top], [this.across(iteration), this.frame.bottom], theme.line, 1);
    });
  }

  /** The curve, and in the colour of alarm where a step led up. */
  walked(theme, curve, losses) {
    const { pen } = this;
    pen.lineJoin = "round";
    for (const rising of [false, true]) {
      pen.beginPath();
      for (let k = 1; k < curve.length; k += 1) {
        if ((curve[k].what === "step" && losses[k] > losses[k - 1]) !== rising) continue;
        if (!rising || k === 1 || !(losses[k - 1] > losses[k - 2])) pen.moveTo(this.across(curve[k - 1].iteration), this.heightOf(losses[k - 1]));
        pen.lineTo(this.across(curve[k].iteration), this.heightOf(losses[k]));
      }
      pen.strokeStyle = rising ? theme.alarm : theme.ink;
      pen.lineWidth = rising ? 2.4 : 1.8;
      pen.stroke();
    }
    const last = curve.length - 1;
    if (!Number.isFinite(losses[last])) return;
    pen.beginPath();
    pen.arc(this.across(curve[last].iteration), this.heightOf(losses[last]), 4.5, 0, 2 * Math.PI);
    pen.fillStyle = theme.walker;
    pen.fill();
    pen.strokeStyle = theme.ink;
    pen.lineWidth = 1.5;
    pen.stroke();
  }
}
