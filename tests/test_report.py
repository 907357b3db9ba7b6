"""One page with all there is to see of a neuron: complete, self-contained, small; and its animation plays."""

import builtins
import re
from html.parser import HTMLParser

import matplotlib.pyplot as plt
import numpy as np
import pytest
from sklearn.datasets import load_iris

from sklearn_neuron import DivergenceWarning, SigmoidNeuronClassifier, report
from sklearn_neuron.__main__ import main
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.displays import LikelihoodDisplay
from sklearn_neuron.report import SECTIONS, Trained

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


@pytest.mark.parametrize("classes", [["<b>&amp;", "$a$ and $_"], ["</script>", "_p", "$x_{$"]])
def test_names_are_shown_as_they_are_written(tmp_path, open_page, classes):
    pytest.importorskip("pandas")
    rows = "\n".join(f"{k % 7},{(3 * k) % 11},{k % 5},{k % 4},{classes[k % len(classes)]}" for k in range(60))
    heading = '<i>x&lt;,total_$_in_$,bias,"a ""b"" {0} %s\n$title",kind'
    (tmp_path / "odd.csv").write_text(f"{heading}\n{rows}\n")
    assert main([str(tmp_path / "odd.csv"), "--target", "kind", "--report", str(tmp_path)]) == 0
    text = (tmp_path / "index.html").read_text(encoding="utf8")
    assert "Not shown" not in text
    assert "&lt;i&gt;x&amp;lt;" in text
    assert "<i>x" not in text
    assert text.count("</script>") == 1  # that of the film
    Outline(text)
    shown = open_page(tmp_path / "index.html").inner_text("body")
    for name in ("<i>x&lt;", "total_$_in_$", 'a "b" {0} %s $title'):
        assert name in shown


def test_a_report_of_what_is_named_after_it(tmp_path, monkeypatch, capsys):
    """``--report iris`` learns iris: a word that names data is no folder, and never are the plants learned instead."""
    monkeypatch.chdir(tmp_path)
    assert main(["--report", "iris", "--tol", "0.01"]) == 0
    assert capsys.readouterr().out.startswith("iris: 112 rows")
    assert [path.name for path in tmp_path.iterdir()] == ["iris-report"]
    text = (tmp_path / "iris-report" / "index.html").read_text(encoding="utf8")
    assert "<title>3 neurons learn iris</title>" in text
    assert "Pictures of one neuron show that of &#x27;versicolor&#x27;, whose J is the largest." in text


# Said of what ---------------------------------------------------------------------------------------------


def plants_learned(held_out=50, n=200, **options):
    X, y = make_toxic_plants(n_samples=n, random_state=0, return_X_y=True)
    k = n - held_out
    rest = (X[k:], y[k:]) if held_out else (None, None)
    neuron = SigmoidNeuronClassifier(**options).fit(X[:k], y[:k])
    return Trained("plants", neuron, X[:k], y[:k], *rest, ["leaf length", "leaf width"], ["non-toxic", "toxic"])


def said(trained):
    """The words over the pictures, and the summary."""
    words = [part.words(trained) if callable(part.words) else part.words for part in SECTIONS]
    return " ".join([report._summary(trained), *words])


@pytest.fixture
def drawn(monkeypatch):
    """Draw one of the pictures and get its figure instead of HTML."""
    monkeypatch.setattr(report, "_picture", lambda figure, seen: (figure, seen))
    return lambda draw, trained: draw(trained)


def test_where_none_is_held_out_nothing_is_said_to_be(drawn):
    trained = plants_learned(held_out=0)
    words = said(trained).replace("No example was held out", "")
    assert "held out" not in words
    assert "hollow" not in words
    right = trained.neuron.score(trained.X, trained.y)
    assert f": of the 200 that it learned from, {right:.1%} are classified rightly" in words
    for draw in (report._confusion, report._calibration):
        assert "the examples it learned from" in drawn(draw, trained)[1]
    assert "log-loss" not in drawn(report._loss_curve, plants_learned(held_out=0, record="path"))[1]


def test_where_some_are_held_out_the_words_are_about_those():
    trained = plants_learned()
    right = trained.neuron.score(trained.X_held_out, trained.y_held_out)
    assert f"Of 50 examples held out, {right:.1%} are classified rightly." in said(trained)
    assert "learned from, " not in said(trained)


@pytest.mark.parametrize(
    ("C", "said_of_J"), [(1.0, "J, the mean log-loss and the penalty on"), (np.inf, "J, the mean log-loss, ")]
)
def test_j_says_what_it_is(C, said_of_J):
    assert said_of_J in said(plants_learned(C=C))


def test_steps_on_a_sample_are_told_apart():
    trained = plants_learned(n=40_000)
    assert not trained.neuron.history_.on_all.all()
    assert "The steps on a sample, before those, have a J of their own." in said(trained)
    assert re.search(r" in \d+ steps? after \d+ on a sample of 1 in 32 rows, ", said(trained))
    assert "sample" not in said(plants_learned())


@pytest.mark.parametrize(
    ("probabilities", "told"),
    [
        (np.full(500, 0.3), "the product is less than a float can hold"),
        (np.linspace(0.951, 0.999, 60), "so small that a float has no digits left for it"),
        (np.full(60, 1 - 1e-9), "so probable that a float can hold their product"),
    ],
)
def test_what_is_said_of_the_product_is_what_is_drawn(probabilities, told):
    assert told in report._likelihood_words(LikelihoodDisplay(log_probabilities=np.log(probabilities)).plot())


def test_a_valley_is_said_to_be_round_where_the_neuron_has_arrived_only():
    floor = "the floor of the same valley is round"
    assert floor in said(plants_learned())
    with pytest.warns(DivergenceWarning):
        assert floor not in said(plants_learned(solver="gd", learning_rate=1.0))


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_a_class_that_no_held_out_example_is_of_has_its_row_all_the_same(drawn, missing):
    X, y = load_iris(return_X_y=True)
    held = np.flatnonzero((np.arange(150) % 5 == 0) & (y != missing))
    neuron = SigmoidNeuronClassifier().fit(X, y)
    trained = Trained("iris", neuron, X, y, X[held], y[held], list("abcd"), ["_one", "$two$", "three"])
    figure, _ = drawn(report._confusion, trained)
    (ax,) = figure.axes
    assert [label.get_text().lstrip("\u200b") for label in ax.get_yticklabels()] == ["_one", r"\$two\$", "three"]
    counts = np.reshape([int(text.get_text()) for text in ax.texts], (3, 3))
    assert counts[missing].sum() == 0
    assert counts.sum() == len(held)
    np.testing.assert_array_equal(counts.diagonal().sum(), (neuron.predict(X[held]) == y[held]).sum())
    figure, _ = drawn(report._calibration, trained)
    names = [text.get_text().lstrip("\u200b") for text in figure.axes[0].get_legend().get_texts()]
    assert names == ["Perfectly calibrated", "_one", r"\$two\$", "three"]
    figure.canvas.draw()


def test_the_calibration_names_its_class(drawn):
    figure, _ = drawn(report._calibration, plants_learned())
    (ax,) = figure.axes
    assert "toxic" in ax.get_xlabel()
    assert "Positive class" not in ax.get_xlabel() + ax.get_ylabel()


def test_a_solver_is_named_in_plain_python():
    assert "by 'lbfgs', " in said(plants_learned(solver=np.str_("lbfgs")))


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
    assert "needs matplotlib: pip install '.[plot]' from the checkout" in complaint(capsys, "--report", tmp_path)
