"""One page with all there is to see of a neuron: complete, self-contained, small; and its animation plays."""

import builtins
import re
from html.parser import HTMLParser

import matplotlib.pyplot as plt
import pytest

from sklearn_neuron.__main__ import main
from sklearn_neuron.report import SECTIONS

MEGABYTE = 2**20


class Outline(HTMLParser):
    """Headings, pictures and links of a page, and whether its elements are nested rightly."""

    VOID = ("meta", "img", "input", "br", "link")

    def __init__(self, text):
        super().__init__()
        self.open, self.ids, self.links, self.pictures = [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if tag == "a" else []
        self.pictures += [given] if tag == "img" else []
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def plants_page(tmp_path_factory):
    directory = tmp_path_factory.mktemp("report") / "new" / "plants"
    assert main(["--report", str(directory)]) == 0
    return directory / "index.html"


def test_the_page_is_whole(plants_page):
    text = plants_page.read_text(encoding="utf8")
    outline = Outline(text)
    assert len(outline.ids) == len(SECTIONS) + 1
    assert outline.links == [f"#{name}" for name in outline.ids]
    for section in SECTIONS:
        assert section.title in text or section.title.replace("'", "&#x27;") in text
    assert "The gradient is small enough." in text  # why it stopped
    assert "LogisticRegression" in text
    assert re.search(r"\d+ % sure it is (non-)?toxic", text)
    assert plants_page.stat().st_size < 5 * MEGABYTE
    assert not plt.get_fignums()


def test_every_picture_says_what_it_shows(plants_page):
    pictures = Outline(plants_page.read_text(encoding="utf8")).pictures
    assert len(pictures) >= 11
    assert all(len(picture["alt"]) > 10 for picture in pictures)


def test_the_page_asks_the_network_for_nothing(plants_page):
    text = plants_page.read_text(encoding="utf8")
    assert not re.search(r"(src|href)=\"(?!data:|#)", text)
    assert not re.search(r"@import|url\(|https?://", text)


def test_the_page_opens_without_complaint_and_its_animation_plays(plants_page, open_page):
    page = open_page(plants_page)
    caption = page.locator(".player output")
    first = caption.inner_text()
    page.click(".player .next")
    assert caption.inner_text() != first
    page.click(".player .play")
    page.wait_for_function("document.querySelector('.player .play').textContent === 'Play'")
    last = page.eval_on_selector(".player input", "slider => [slider.value, slider.max]")
    assert last[0] == last[1]
    loaded = page.eval_on_selector_all("img", "images => images.map(image => image.naturalWidth)")
    assert all(width > 300 for width in loaded)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_fits_narrow_and_wide_windows(plants_page, open_page, width):
    page = open_page(plants_page)
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("table", ["breast_cancer", "iris", "digits"])
def test_every_table_has_a_report(tmp_path, table, capsys):
    assert main([table, "--report", str(tmp_path), "--tol", "0.01"]) == 0
    assert capsys.readouterr().out.endswith(f"report: {tmp_path / 'index.html'}\n")
    Outline((tmp_path / "index.html").read_text(encoding="utf8"))
    assert (tmp_path / "index.html").stat().st_size < 5 * MEGABYTE


def test_a_long_walk_of_the_rule_is_reported_too(tmp_path, open_page):
    assert main(["--solver", "gd", "--learning-rate", "0.1", "--steps", "3000", "--report", str(tmp_path)]) == 0
    page = open_page(tmp_path / "index.html")
    assert 30 <= int(page.get_attribute(".player input", "max")) < 40


def test_names_are_shown_as_they_are_written(tmp_path):
    pytest.importorskip("pandas")
    rows = "\n".join(f"{k % 7},{(3 * k) % 11},{'<b>' if k % 3 else 'a&b'}" for k in range(60))
    (tmp_path / "odd.csv").write_text(f"<i>x,y $z_1$,kind\n{rows}\n")
    assert main([str(tmp_path / "odd.csv"), "--target", "kind", "--report", str(tmp_path)]) == 0
    text = (tmp_path / "index.html").read_text(encoding="utf8")
    assert "&lt;i&gt;x" in text
    assert "<i>x" not in text
    Outline(text)


def test_what_one_feature_has_no_picture_for_is_said(tmp_path):
    pytest.importorskip("pandas")
    rows = "\n".join(f"{k % 13},{int(k % 13 + 3 * (k % 2) > 7)}" for k in range(60))
    (tmp_path / "one.csv").write_text(f"x,kind\n{rows}\n")
    assert main([str(tmp_path / "one.csv"), "--target", "kind", "--report", str(tmp_path)]) == 0
    text = (tmp_path / "index.html").read_text(encoding="utf8")
    assert text.count("Not shown: ") == 2
    assert "A field needs two features" in text
    assert "A plane needs two features" in text


@pytest.mark.parametrize("rate", ["1.0", "1e6", "1e200"])
def test_a_neuron_that_tripped_has_a_report(tmp_path, rate):
    assert main(["--solver", "gd", "--learning-rate", rate, "--report", str(tmp_path)]) == 0
    text = (tmp_path / "index.html").read_text(encoding="utf8")
    assert "Diverged: J kept rising." in text
    Outline(text)
    assert not plt.get_fignums()


def complaint(capsys, *arguments):
    assert main([str(argument) for argument in arguments]) == 2
    return capsys.readouterr().err


def test_a_file_in_the_way_is_said_before_anything_is_learned(tmp_path, capsys):
    (tmp_path / "taken").write_text("")
    assert "must be a directory, not the file" in complaint(capsys, "--report", tmp_path / "taken")
    assert "must be a directory, not the file" in complaint(capsys, "--report", tmp_path / "taken" / "below")


def test_without_matplotlib_it_says_what_to_install(tmp_path, capsys, monkeypatch):
    imported = builtins.__import__

    def without_matplotlib(name, *arguments, **options):
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return imported(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", without_matplotlib)
    assert "needs matplotlib: pip install 'sklearn-neuron[plot]'" in complaint(capsys, "--report", tmp_path)
