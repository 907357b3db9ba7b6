// What is wider than its box says so, and can be scrolled by keys; pictures that are shown small open in full size; moving
// pictures stand still for those who asked their system for it; on paper the page is light.
(() => {
  const BOXES = "pre, .pst-scrollable-table-container, .output_html, .output_html div, div.math";
  const SMALL = 0.8; // of its own width: a picture whose letters are hard to read

  function tell(box) {
    const beyond = box.scrollWidth - box.clientWidth - box.scrollLeft;
    const more = [box.scrollLeft > 1 ? "left" : "", beyond > 1 ? "right" : ""].join(" ").trim();
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    if (more) box.dataset.more = more;
    else delete box.dataset.more;
  }

  function watchBoxes(article) {
    const boxes = [...article.querySelectorAll(BOXES)].filter(box => /auto|scroll/.test(getComputedStyle(box).overflowX));
    const watch = new ResizeObserver(entries => entries.forEach(entry => tell(entry.target)));
    for (const box of boxes) {
      box.addEventListener("scroll", () => tell(box), {passive: true});
      watch.observe(box);
    }
  }

  function enlarge(image, watch) {
    const link = document.createElement("a");
    link.className = "enlarge";
    link.href = image.currentSrc || image.src;
    link.title = "open in full size";
    image.replaceWith(link);
    link.append(image);
    watch.observe(image);
  }

  function watchPictures(article) {
    const watch = new ResizeObserver(entries => entries.forEach(({target}) => { // one that stands still now is on no page
      target.parentElement?.classList.toggle("small", target.clientWidth < SMALL * target.naturalWidth);
    }));
    for (const image of article.querySelectorAll("img")) {
      if (!image.closest("a, button, .player, .sphx-glr-thumbcontainer")) enlarge(image, watch);
    }
  }

  function still(image) {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    canvas.getContext("2d").drawImage(image, 0, 0); // the first frame
    canvas.className = image.className;
    if (image.alt) Object.assign(canvas, {role: "img", ariaLabel: image.alt});
    else canvas.ariaHidden = "true";
    image.replaceWith(canvas);
  }

  function stillAll(article) {
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    article.querySelectorAll('img[src$=".gif" i]').forEach(image => image.decode().then(() => still(image), () => {}));
  }

  function printLight() {
    const {dataset} = document.documentElement;
    let worn;
    addEventListener("beforeprint", () => {
      worn = dataset.theme;
      dataset.theme = "light";
    });
    addEventListener("afterprint", () => {
      dataset.theme = worn;
    });
  }

  addEventListener("DOMContentLoaded", () => {
    printLight();
    const article = document.querySelector(".bd-article");
    if (article) {
      stillAll(article);
      watchBoxes(article);
      watchPictures(article);
    }
  });
})();
