// What browse.py asks of a page, within it. Every answer is made of plain values; a fault is told in words.
(() => {
  const root = document.documentElement;
  const SCROLLS = /auto|scroll/, CUTS = /hidden|clip/, HOLDS = /auto|scroll|hidden|clip/;
  const LATEX = /\\[()[\]]|\\[A-Za-z]{2,}|\$\$|:[a-z]+:`/;
  const VERBATIM = "pre, code, script, style, math, textarea, svg, noscript";

  function name(element) {
    const mark = element.id ? "#" + element.id : [...element.classList].map(one => "." + one).join("");
    const words = (element.alt || element.textContent || "").trim().replace(/\s+/g, " ").slice(0, 40);
    return element.localName + mark + (words && ` "${words}"`);
  }

  function around(element, style) { // the nearest box with such an overflow
    for (let box = element.parentElement; box && box !== document.body && box !== root; box = box.parentElement) {
      if (style.test(getComputedStyle(box).overflowX)) return box;
    }
    return null;
  }

  function pages() { // the page, and what scrolls with its heading, which is no box of a wide thing
    const boxes = new Set([root]);
    for (const heading of document.querySelectorAll("h1")) {
      for (let box = around(heading, SCROLLS); box; box = around(box, SCROLLS)) boxes.add(box);
    }
    return boxes;
  }

  function tooWide() {
    const boxes = pages();
    return [...boxes].filter(box => box.scrollWidth > box.clientWidth + (box === root ? 0 : 1)).map(box => {
      const edge = box === root ? box.clientWidth : box.getBoundingClientRect().left + box.clientWidth;
      const beyond = [...box.querySelectorAll("body *")].filter(element =>
        element.getBoundingClientRect().right > edge + 1 && (around(element, HOLDS) ?? box) === box);
      const innermost = beyond.filter(element => !beyond.some(other => other !== element && element.contains(other)));
      return `the page is wider than the screen: ${innermost.slice(0, 3).map(name).join(", ") || "its body"}`;
    });
  }

  function cutOff() {
    return [...document.body.querySelectorAll("*")].filter(box =>
      CUTS.test(getComputedStyle(box).overflowX) && box.clientWidth > 1 && box.scrollWidth > box.clientWidth + 1
      && getComputedStyle(box).textOverflow !== "ellipsis" && box.checkVisibility({visibilityProperty: true})
    ).map(box => `what it holds is cut off: ${name(box)}`);
  }

  function isSaid(image) { // by itself, or by words beside it; where nobody gives words, builders take the file's name
    const isItsName = image.alt === image.getAttribute("src") || image.src.includes(`_${image.alt.replaceAll(" ", "_")}_`);
    if (image.alt.trim()) return !isItsName;
    return image.hasAttribute("alt") && image.parentElement.textContent.trim();
  }

  function badImages() {
    return [...document.images].flatMap(image => [
      image.complete && image.naturalWidth ? [] : [`an image is not there: ${image.src.slice(-80)}`],
      isSaid(image) ? [] : [`an image without alt text: ${image.src.slice(-80)}`],
    ].flat());
  }

  function badMathematics() {
    const formulas = [...document.querySelectorAll("math")].filter(math => math.checkVisibility());
    const invisible = formulas.filter(math => {
      const {width, height} = math.getBoundingClientRect();
      return width < 1 || height < 1;
    });
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const raw = [];
    while (walker.nextNode()) {
      const text = walker.currentNode;
      if (LATEX.test(text.data) && !text.parentElement.closest(VERBATIM)) raw.push(text.data.trim().slice(0, 60));
    }
    const unmade = [...document.querySelectorAll("div.math, span.math")].filter(box => !box.querySelector("math, img, svg"));
    return [
      ...invisible.map(math => `a formula without a size: ${math.textContent.slice(0, 40)}`),
      ...[...document.querySelectorAll("merror")].map(error => `a formula that is none: ${error.textContent.slice(0, 40)}`),
      ...raw.map(text => `raw markup: ${text}`),
      ...unmade.map(box => `a formula that was not made: ${name(box)}`),
    ];
  }

  async function moves() { // by themselves: pictures and animations without an end
    const faults = document.getAnimations().filter(one =>
      one.playState === "running" && one.effect.getComputedTiming().iterations === Infinity
    ).map(one => `moves by itself: ${name(one.effect.target)}`);
    for (const image of document.images) {
      if (!/\.(gif|webp|apng)$/.test(image.currentSrc)) continue;
      const decoder = new ImageDecoder({data: (await fetch(image.currentSrc)).body, type: "image/" + image.currentSrc.split(".").pop()});
      await decoder.tracks.ready;
      await decoder.completed;
      if (decoder.tracks.selectedTrack.frameCount > 1) faults.push(`moves by itself: ${name(image)}`);
    }
    return faults;
  }

  return {
    async settle() { // all is unfolded and loaded
      document.querySelectorAll("details").forEach(one => { one.open = true; });
      const loads = [...document.images].map(image => { image.loading = "eager"; return image.decode().catch(() => {}); });
      await Promise.all([...loads, document.fonts.ready]);
      await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    },
    faults: () => [tooWide(), cutOff(), badImages(), badMathematics()].flat(),
    moves,
    links: () => [...document.querySelectorAll("a[href], area[href]")].map(link => link.href),
    names: () => [...document.querySelectorAll("[id], a[name]")].map(element => element.id || element.name),
    colours: () => [...document.body.querySelectorAll("main :not(img, canvas)")].filter(element =>
      element.checkVisibility() && !element.closest("aside, nav, .player") // those tell where a reader is
    ).map(element => {
      const {color, backgroundColor} = getComputedStyle(element);
      return [element.localName, element.textContent.trim().slice(0, 40), `${color} on ${backgroundColor}`];
    }),
    dress(theme) { // by the theme's own means, at once
      const still = new CSSStyleSheet();
      still.replaceSync("* { transition: none !important; }");
      document.adoptedStyleSheets.push(still);
      root.dataset.theme = theme;
    },
  };
})()
