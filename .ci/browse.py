"""Look at every page of a folder in Chromium, as its readers do: wide and narrow, light and dark, without a network.

::

    python .ci/browse.py docs/_build/html                     # one line a fault, and a last one that counts; 1 if any
    python .ci/browse.py docs/_build/html gallery             # only pages whose path has the word
    python .ci/browse.py docs/_build/html --pictures looks    # and keep what was seen

What is asked of a page itself stands in browse.js; of contrast and labels axe-core is the judge.
"""

import argparse
import shutil
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote, urldefrag, urlsplit

from playwright.sync_api import Error, sync_playwright

SIDE_BY_SIDE = 2  # browsers
NARROW, WIDE = 390, 1280
JUDGED = {"light": WIDE, "dark": NARROW}  # at which width axe sees each theme
HEIGHT = 900
MADE = "generated/"  # pages of few templates: axe sees one of so many
ONE_OF = 6
PATIENCE = 5_000  # milliseconds until something has happened
A_WHILE = 450  # milliseconds in which a film shows two frames
SERIOUS = ("serious", "critical")
SOUGHT = "sigmoid"
QUESTIONS = Path(__file__).with_suffix(".js").read_text(encoding="utf8")
ALONE = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]


class Quiet(SimpleHTTPRequestHandler):
    """A server that does not talk."""

    def log_message(self, *words):
        """Say nothing."""


@contextmanager
def served(directory):
    """The address of a folder, for as long as it is looked at."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(directory)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def chromium_here():
    """Where Chromium is, or None."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class Findings:
    """Faults of one page, each with the looks at which it was seen; where its links lead, and what they may lead to."""

    def __init__(self):
        self.looks_by_fault, self.links, self.names, self.colours = {}, set(), set(), {}

    def add(self, look, *faults):
        """Note faults."""
        for fault in faults:
            looks = self.looks_by_fault.setdefault(" ".join(fault.split()), [])
            looks += [look] if look not in looks else []

    def lines(self):
        """The faults in words."""
        return [f"{fault} ({', '.join(looks)})" for fault, looks in self.looks_by_fault.items()]


@contextmanager
def opened(context, home, path, found, look):
    """A page on which nothing may fail, be complained about, or be asked of others."""

    def asked(request):
        if urlsplit(request.url).scheme not in ("data", "blob", "about") and not request.url.startswith(home):
            found.add(look, f"asks others: {request.url}")

    def failed(request):
        if request.url.startswith(home) and request.failure != "net::ERR_ABORTED":  # by who went on
            found.add(look, f"request failed: {request.url.removeprefix(home)}")

    def answered(response):
        if response.status >= 400:
            found.add(look, f"request failed with {response.status}: {response.url.removeprefix(home)}")

    def said(message):
        if message.type == "error" and not message.text.startswith("Failed to load resource"):  # told by the others
            found.add(look, f"console: {message.text}")

    page = context.new_page()
    page.set_viewport_size({"width": int(look.split()[0]), "height": HEIGHT})
    page.on("request", asked)
    page.on("requestfailed", failed)
    page.on("response", answered)
    page.on("console", said)
    page.on("pageerror", lambda error: found.add(look, f"error: {error}"))
    try:
        page.goto(home + quote(path))
        yield page
    except Error as error:
        found.add(look, f"cannot be looked at: {str(error).splitlines()[0]}")
    finally:
        page.close()


def ask(frame, question, *given):
    """The answer of a page, or of a page within it, to a question of browse.js."""
    return frame.evaluate(f"given => window.questions.{question}(...given)", list(given))


def look_at(context, home, path, theme, found, with_axe, pictures):
    """Look at a page in one theme, first on a telephone and then on a wide screen."""
    with opened(context, home, path, found, f"{NARROW} px, {theme}") as page:
        for width in (NARROW, WIDE):
            look = f"{width} px, {theme}"
            if width == WIDE:
                page.set_viewport_size({"width": WIDE, "height": HEIGHT})
            for frame in page.frames:
                found.add(look, *frame_faults(frame, found, width, theme, with_axe))
            if pictures:
                target = pictures / f"{path.replace('/', '_').removesuffix('.html')}_{width}_{theme}.png"
                page.screenshot(path=target, full_page=True)
        found.add(look, *theme_faults(page, theme, found))


def frame_faults(frame, found, width, theme, with_axe):
    """Faults of a page, or of one within it; what it links, names and does is the same at each width."""
    if width == NARROW:
        frame.evaluate(f"window.questions = {QUESTIONS}")
    ask(frame, "settle")
    yield from ask(frame, "faults")
    if with_axe and width == JUDGED[theme]:
        yield from axe_faults(frame)
    if width == NARROW:
        found.links.update(ask(frame, "links"))
        found.names.update(ask(frame, "names"))
        yield from ask(frame, "moves") if theme == "dark" else ()  # where the reader asked for rest
        yield from film_faults(frame, theme == "dark")


def theme_faults(page, theme, found):
    """The theme follows the system; and looks the same when it is chosen by hand."""
    chosen = page.get_attribute("html", "data-theme")
    if chosen is None:
        return
    if chosen != theme:
        yield f"the theme is {chosen} where the system is {theme}"
    ask(page, "dress", "dark")
    colours = ask(page, "colours")
    others = found.colours.setdefault("dark", colours)
    for (tag, words, mine), (other_tag, _, other) in zip(colours, others, strict=False):
        if (tag, mine) != (other_tag, other):
            yield f"dark by hand and dark by system differ: {tag} {words!r}: {mine} or {other}"
            return


def axe_faults(frame):
    """What axe-core finds serious or critical."""
    from axe_playwright_python.sync_playwright import Axe

    options = {"resultTypes": ["violations"], "iframes": False, "preload": False}
    for violation in Axe().run(frame, options=options).response["violations"]:
        if violation["impact"] in SERIOUS:
            node, *others = violation["nodes"]
            reason = next(check["message"] for kind in ("any", "all", "none") for check in node[kind])
            more = f", and {len(others)} more" if others else ""
            yield f"axe, {violation['id']}: {node['html'][:120]}: {reason}{more}"


def film_faults(frame, calm):
    """Films play, pause and step; and begin by themselves for nobody who has asked for rest."""
    for film in frame.query_selector_all(".player"):
        caption, play = film.query_selector("output"), film.query_selector(".play")
        if film.query_selector("input").get_attribute("max") == "0":
            continue  # of one frame: there is nothing to play
        start = caption.inner_text()
        frame.wait_for_timeout(A_WHILE if calm else 0)
        if calm and caption.inner_text() != start:
            yield "a film plays by itself"
        film.query_selector("input").fill("0")
        start = caption.inner_text()
        film.query_selector(".next").click()
        if caption.inner_text() == start:
            yield "a film does not step"
        film.query_selector(".back").click()
        if caption.inner_text() != start:
            yield "a film does not step back"
        play.evaluate("play => { play.click(); play.click(); }")  # before a frame has passed, however busy it is here
        frame.wait_for_timeout(A_WHILE)
        if caption.inner_text() != start:
            yield "a film does not pause"
        play.click()
        try:
            frame.wait_for_function("([caption, start]) => caption.innerText !== start", arg=[caption, start])
        except Error:
            yield "a film does not play"


def search_faults(context, home, found):
    """The page of results finds the word; its first result has it; the button and its keys lead there."""
    look = f"{WIDE} px, light"
    with opened(context, home, "index.html", found, look) as page:
        page.keyboard.press("Control+k")
        page.keyboard.type(SOUGHT, delay=20)
        page.keyboard.press("Enter")
        try:
            page.wait_for_url(f"**/search.html?q={SOUGHT}*", timeout=PATIENCE)
        except Error:
            found.add(look, "Control+K opens no search")
            page.goto(f"{home}search.html?q={SOUGHT}")
        try:
            page.wait_for_selector("#search-results li a", timeout=PATIENCE).click()
            page.wait_for_url(lambda url: "search.html" not in url, timeout=PATIENCE)
            if SOUGHT not in page.inner_text("body").lower():
                found.add(look, f"the first result for {SOUGHT} does not have it")
        except Error:
            found.add(look, f"search finds nothing for {SOUGHT}")


def switch_faults(context, home, found):
    """The button of the theme turns the page dark."""
    look = f"{WIDE} px, light"
    with opened(context, home, "index.html", found, look) as page:
        page.click("button.theme-switch-button:visible")
        page.click("[data-mode=dark]:is(button, a):visible")
        if page.get_attribute("html", "data-theme") != "dark":
            found.add(look, "the button of the theme does not turn the page dark")


def browse(home, paths, sampled, pictures):
    """Findings by page, of one browser."""
    found = {path: Findings() for path in paths}
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=chromium_here(), args=ALONE)
        for theme, motion in (("light", "no-preference"), ("dark", "reduce")):
            context = browser.new_context(color_scheme=theme, reduced_motion=motion)
            context.set_default_timeout(4 * PATIENCE)
            for path in paths:
                look_at(context, home, path, theme, found[path], path in sampled, pictures)
            if theme == "light" and "index.html" in paths and "search.html" in sampled:
                search_faults(context, home, found["index.html"])
                switch_faults(context, home, found["index.html"])
            context.close()
        browser.close()
    return found


def dead_links(directory, home, found):
    """Links within the folder that lead nowhere, by page, in words; `#name=value` is what a page remembers."""
    for path, findings in found.items():
        for link in sorted(findings.links):
            address, name = urldefrag(link)
            if not address.startswith(home):
                continue
            target = unquote(urlsplit(address).path).lstrip("/")
            target += "index.html" if not target or target.endswith("/") else ""
            if not (directory / target).is_file():
                yield path, f"a link leads nowhere: {target}"
            elif name and "=" not in name and target in found and unquote(name) not in found[target].names:
                yield path, f"a link leads to a place that is not there: {target}#{name}"


def faults_of(directory, word="", pictures=None):
    """Every fault in a line, page after page; and how many pages there are."""
    every = sorted(page.relative_to(directory).as_posix() for page in directory.rglob("*.html"))
    paths = [path for path in every if word in path and not path.startswith("_")]
    made = [path for path in paths if path.startswith(MADE)]
    sampled = set(paths) - set(made) | set(made[::ONE_OF])
    with served(directory) as home, ThreadPoolExecutor(SIDE_BY_SIDE) as browsers:
        parts = [paths[k::SIDE_BY_SIDE] for k in range(SIDE_BY_SIDE)]
        found = {}
        for part in browsers.map(lambda part: browse(home, part, sampled, pictures), parts):
            found |= part
        dead = list(dead_links(directory, home, found))
    lines = []
    for path in paths:
        words = found[path].lines() + [fault for where, fault in dead if where == path]
        lines += [f"{path}: {line}" for line in words]
    return lines, len(paths)


def main(given=None):
    """Print the faults; say loudly if there is nothing to look with."""
    parser = argparse.ArgumentParser(description="Look at every page of a folder in Chromium.")
    parser.add_argument("directory", type=Path, help="of built pages")
    parser.add_argument("word", nargs="?", default="", help="look only at pages whose path has it")
    parser.add_argument("--pictures", type=Path, help="a folder in which to keep what was seen")
    asked = parser.parse_args(given)
    if chromium_here() is None:
        print(
            "!!! NOTHING WAS LOOKED AT: there is no Chromium here (Debian: apt install chromium) !!!", file=sys.stderr
        )
        return 0
    if asked.pictures:
        asked.pictures.mkdir(parents=True, exist_ok=True)
    lines, pages = faults_of(asked.directory.resolve(), asked.word, asked.pictures)
    print(*lines, f"{len(lines)} faults on {pages} pages", sep="\n")
    return 1 if lines or not pages else 0


if __name__ == "__main__":
    sys.exit(main())
