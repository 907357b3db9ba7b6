"""One page with all there is to see of a neuron: complete, self-contained, small; and its animation plays."""

import builtins
import html
import re
from collections import Counter
from html.parser import HTMLParser

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure
from scipy.sparse import csr_array
from sklearn.datasets import load_digits, load_iris

from sklearn_neuron import DivergenceWarning, SigmoidNeuronClassifier
from sklearn_neuron.__main__ import main
from sklearn_neuron.command.examples import TABLES, as_file, read_table
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.report import MOST_CLASSES, SHOWN, Trained, words_for

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


def test_the_page_is_whole_and_asks_the_network_for_nothing(plants_page):
    text = plants_page.read_text(encoding="utf8")
    outline = Outline(text)
    assert len(outline.ids) == len(SHOWN) + 1
    assert outline.links == [f"#{name}" for name in outline.ids]
    assert "$" not in re.sub(r"<script.*?</script>", "", text, flags=re.S)  # all is filled in
    assert "The gradient is small enough." in text  # why it stopped
    assert "LogisticRegression" in text
    assert re.search(r"\d+ % sure it is (non-)?toxic", text)
    assert not re.search(r"(src|href)=\"(?!data:|#)", text)
    assert not re.search(r"@import|url\(|https?://", text)
    assert plants_page.stat().st_size < 5 * MEGABYTE
    assert not plt.get_fignums()
    assert len(outline.pictures) >= 11
    assert all(len(picture["alt"]) > 10 for picture in outline.pictures)  # each says what it shows


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
    for width in (390, 800, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.set_viewport_size({"width": 390, "height": 800})
    pairs = page.eval_on_selector_all(".wide", "boxes => boxes.map(box => [box.scrollWidth, box.clientWidth])")
    assert len(pairs) >= 2
    assert all(inside > 1.2 * outside for inside, outside in pairs)  # two pictures side by side are not made small


@pytest.mark.parametrize("table", ["breast_cancer", "digits"])
def test_every_table_has_a_report(tmp_path, table, capsys):
    assert main([table, "--report", str(tmp_path), "--steps", "3"]) == 0
    assert capsys.readouterr().out.endswith(f"report: {tmp_path / 'index.html'}\n")
    text = (tmp_path / "index.html").read_text(encoding="utf8")
    Outline(text)
    assert "Not shown" not in text
    assert ("There is a weight for every pixel" in text) == (table == "digits")
    assert ("Of 30 features these are the two whose weights times standard deviations" in text) == (table != "digits")
    whose = re.findall(r" Of the 10 neurons it is that of &#x27;\d&#x27;, whose J is the largest\.", text)
    assert len(whose) == 5 * (table == "digits")
    assert (tmp_path / "index.html").stat().st_size < 5 * MEGABYTE


def test_a_long_walk_of_the_rule_is_reported_too(tmp_path, open_page):
    assert main(["--solver", "gd", "--learning-rate", "0.1", "--steps", "400", "--report", str(tmp_path)]) == 0
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


def test_a_report_of_a_layer(tmp_path):
    named = ["iris", "--multi-class", "multinomial", "--tol", "0.01", "--report", str(tmp_path / "page")]
    assert main(named) == 0
    text = (tmp_path / "page" / "index.html").read_text(encoding="utf8")
    assert "<title>A layer of 3 neurons learns iris</title>" in text
    assert "One layer of 3 neurons with 4 features" in text
    assert "Pictures of one class show that of &#x27;versicolor&#x27;, whose examples cost the most." in text
    assert "the softmax of all scores gives each a share of one belief" in text
    assert "Not shown" not in text
    assert "of a layer of 3 neurons, half way from zero" in text
    assert "alone" not in text
    assert "$" not in re.sub(r"<script.*?</script>", "", text, flags=re.S)


# Images ---------------------------------------------------------------------------------------------------


def digits_learned(**options):
    X, y = load_digits(return_X_y=True)
    neurons = SigmoidNeuronClassifier(**options).fit(X[:900], y[:900])
    names = [str(k) for k in range(10)]
    return Trained("digits", neurons, X[:900], y[:900], X[900:], y[900:], [f"x{j}" for j in range(64)], names, (8, 8))


def pixels_in(figure):
    """What the images of a figure hold, one of (8, 8) after the other."""
    return [np.ma.filled(image.get_array(), 0) for ax in figure.axes for image in ax.images]


def test_examples_that_are_images_are_drawn_as_images(drawn):
    trained = digits_learned()
    said_of_it, figure = drawn("examples", trained)
    expected = [trained.X[trained.y == k][j].reshape(8, 8) for j in range(3) for k in range(10)]
    np.testing.assert_array_equal(pixels_in(figure), expected)
    assert 'alt="the first 3 examples of every class, as images"' in said_of_it
    assert "Of every class the first 3 that were learned from." in said(trained)
    sparse = trained._replace(X=csr_array(trained.X))
    np.testing.assert_array_equal(pixels_in(drawn("examples", sparse)[1]), expected)
    assert "Each point is an example" in said(trained._replace(image_shape=None))


def test_of_a_class_of_few_images_those_are_drawn(drawn):
    trained = digits_learned()
    rows = np.flatnonzero((trained.y != 4) | (np.cumsum(trained.y == 4) <= 2))
    assert len(pixels_in(drawn("examples", trained._replace(X=trained.X[rows], y=trained.y[rows]))[1])) == 29


def test_neuron_and_journey_are_shown_as_images_too(drawn):
    trained = digits_learned()
    told, figure = drawn("diagram", trained)
    assert told.count("<img") == 2
    np.testing.assert_array_equal(pixels_in(figure)[5], trained.neuron.coef_[0].reshape(8, 8))
    told, figure = drawn("journey", trained)
    assert told.count("<img") == 1
    np.testing.assert_array_equal(pixels_in(figure)[0], trained.X_held_out[0].reshape(8, 8))
    plain = trained._replace(image_shape=None)
    assert drawn("diagram", plain)[0].count("<img") == 1
    assert "<img" not in SHOWN["journey"](plain)


@pytest.mark.parametrize("options", [{}, {"multi_class": "multinomial"}])
def test_the_mistake_that_costs_most_is_explained_by_its_images(drawn, options):
    trained = digits_learned(**options)
    X, y = trained.tested
    losses = -trained.neuron.predict_log_proba(X)[np.arange(len(y)), y]
    worst = np.argmax(np.where(trained.neuron.predict(X) != y, losses, -1))
    told, figure = drawn("confusion", trained)
    assert "The mistake that costs most, of the examples held out" in told
    np.testing.assert_array_equal(pixels_in(figure)[0], X[worst].reshape(8, 8))
    np.testing.assert_allclose(pixels_in(figure)[4], trained.neuron.coef_[y[worst]].reshape(8, 8))
    right = trained.neuron.predict(X) == y
    assert SHOWN["confusion"](trained._replace(X_held_out=X[right], y_held_out=y[right])).count("<img") == 1


def test_whose_neuron_is_drawn_and_why_is_said():
    trained = digits_learned()
    hardest = trained.neuron.history_.loss[-1].argmax()
    assert words_for(trained)["whose"] == f" Of the 10 neurons it is that of '{hardest}', whose J is the largest."
    layer = digits_learned(multi_class="multinomial")
    assert words_for(layer)["whose"].endswith("', whose examples cost the most.")
    assert words_for(plants_learned())["whose"] == ""


def test_digits_alone_are_known_to_be_images_and_no_longer_if_pixels_are_left_out():
    shapes = {name: read_table(name).image_shape for name in TABLES}
    assert shapes.pop("digits") == (8, 8)
    assert set(shapes.values()) == {None}
    pytest.importorskip("pandas")
    assert as_file(read_table("digits")).image_shape is None


# Said of what ---------------------------------------------------------------------------------------------


def plants_learned(held_out=50, n=200, **options):
    X, y = make_toxic_plants(n_samples=n, random_state=0, return_X_y=True)
    k = n - held_out
    rest = (X[k:], y[k:]) if held_out else (None, None)
    neuron = SigmoidNeuronClassifier(**options).fit(X[:k], y[:k])
    return Trained("plants", neuron, X[:k], y[:k], *rest, ["leaf length", "leaf width"], ["non-toxic", "toxic"])


def said(trained):
    """The words that depend on what was learned."""
    return " ".join(words_for(trained).values())


@pytest.fixture
def drawn(monkeypatch):
    """Fill one part of the page; its HTML and the figure in it."""
    figures, really_save = [], Figure.savefig

    def save(figure, *given, **options):
        figures.append(figure)
        return really_save(figure, *given, **options)

    monkeypatch.setattr(Figure, "savefig", save)
    return lambda part, trained: (SHOWN[part](trained), figures[-1])


def test_where_none_is_held_out_nothing_is_said_to_be(drawn):
    trained = plants_learned(held_out=0, record="path")
    words = said(trained).replace("No example was held out", "")
    assert "held out" not in words
    assert "hollow" not in words
    right = trained.neuron.score(trained.X, trained.y)
    assert f": of the 200 that it learned from, {right:.1%} are classified rightly" in words
    for part in ("confusion", "calibration"):
        assert "the examples it learned from" in drawn(part, trained)[0]
    assert 'alt="J at every step"' in drawn("loss_curve", trained)[0]


def test_where_some_are_held_out_the_words_are_about_those():
    trained = plants_learned()
    right = trained.neuron.score(trained.X_held_out, trained.y_held_out)
    assert f"Of 50 examples held out, {right:.1%} are classified rightly." in said(trained)
    assert "it learned from" not in said(trained)


@pytest.mark.parametrize(
    ("C", "J"), [(1.0, "the mean log-loss and the penalty on the weights"), (np.inf, "the mean log-loss")]
)
def test_j_says_what_it_is(C, J):
    assert words_for(plants_learned(C=C))["J"] == J


def test_steps_on_a_sample_are_told_apart():
    trained = plants_learned(n=80_000)
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
    scores = np.log(probabilities) - np.log1p(-probabilities)
    neuron = SigmoidNeuronClassifier().fit([[0.0], [1.0]], [0, 1])
    neuron.coef_, neuron.intercept_ = np.ones((1, 1)), np.zeros(1)
    y = np.ones(len(scores), dtype=int)
    trained = Trained("t", neuron, scores[:, None], y, None, None, ["x"], ["0", "1"])
    assert told in SHOWN["likelihood"](trained)


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
    _, figure = drawn("confusion", trained)
    (ax,) = figure.axes
    assert [label.get_text().lstrip("\u200b") for label in ax.get_yticklabels()] == ["_one", r"\$two\$", "three"]
    counts = np.reshape([int(text.get_text()) for text in ax.texts], (3, 3))
    assert counts[missing].sum() == 0
    assert counts.sum() == len(held)
    np.testing.assert_array_equal(counts.diagonal().sum(), (neuron.predict(X[held]) == y[held]).sum())
    _, figure = drawn("calibration", trained)
    names = [text.get_text().lstrip("\u200b") for text in figure.axes[0].get_legend().get_texts()]
    assert names == ["Perfectly calibrated", "_one", r"\$two\$", "three"]
    figure.canvas.draw()


def test_the_calibration_names_its_class(drawn):
    _, figure = drawn("calibration", plants_learned())
    (ax,) = figure.axes
    assert "toxic" in ax.get_xlabel()
    assert "Positive class" not in ax.get_xlabel() + ax.get_ylabel()


@pytest.mark.parametrize("option", ["--compare", "--no-compare"])
def test_the_last_section_is_about_what_is_in_its_table(tmp_path, option):
    assert main(["--steps", "1", option, "--report", str(tmp_path)]) == 0
    text = (tmp_path / "index.html").read_text(encoding="utf8")
    assert text.count("Beside LogisticRegression") == 2 * (option == "--compare")
    assert text.count("In figures") == 2 * (option == "--no-compare")
    assert ("learned by another solver" in text) == (option == "--compare")


def test_of_very_many_classes_the_most_frequent_mistakes_are_told(drawn):
    K = MOST_CLASSES + 1
    X, y = np.arange(2.0 * K)[:, None] % K, np.repeat(np.arange(K), 2)
    y[:4] = [0, 0, 0, 1]
    neuron = SigmoidNeuronClassifier().fit(X, y)
    trained = Trained("t", neuron, X, y, None, None, ["x"], [f"<{k}>" for k in neuron.classes_])
    told = html.unescape(SHOWN["confusion"](trained))
    assert f"Not drawn for {K} classes: with more than {MOST_CLASSES} nobody could read it." in told
    pairs = re.findall(r"'<(\d+)>' for '<(\d+)>' \((\d+)\)", told)
    assert len(pairs) == 5
    predicted = neuron.predict(X)
    for true, taken, count in pairs:
        assert ((y == int(true)) & (predicted == int(taken))).sum() == int(count)
    most = Counter((true, taken) for true, taken in zip(y, predicted, strict=True) if true != taken).most_common(1)[0][
        1
    ]
    assert int(pairs[0][2]) == most
    neuron.coef_, neuron.intercept_ = np.zeros((K, 1)), np.zeros(K)
    right = trained._replace(X=X[:1], y=neuron.predict(X[:1]))
    assert "most often: none." in SHOWN["confusion"](right)


def test_long_names_leave_room_for_what_they_name(tmp_path, capsys):
    pytest.importorskip("pandas")
    name = "supercalifragilistic" * 12
    rows = "\n".join(f"{k % 7},{(3 * k) % 11},{name}{k % 3}" for k in range(60))
    (tmp_path / "long.csv").write_text(f"a,b,kind\n{rows}\n")
    asked = [str(tmp_path / "long.csv"), "--target", "kind", "--report", str(tmp_path), "--no-compare", "--steps", "1"]
    assert main(asked) == 0
    assert "layout" not in capsys.readouterr().out


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


@pytest.mark.parametrize("rate", ["1.0", "1e200"])
def test_a_neuron_that_tripped_has_a_report(tmp_path, rate):
    assert main(["--solver", "gd", "--learning-rate", rate, "--report", str(tmp_path)]) == 0
    text = (tmp_path / "index.html").read_text(encoding="utf8")
    assert "Diverged: J kept rising." in text
    Outline(text)
    assert not plt.get_fignums()


def test_a_file_in_the_way_is_said_before_anything_is_learned(tmp_path, capsys):
    (tmp_path / "taken").write_text("")
    for path in (tmp_path / "taken", tmp_path / "taken" / "below"):
        assert main(["--report", str(path)]) == 2
        assert "must be a directory, not the file" in capsys.readouterr().err


def test_without_matplotlib_it_says_what_to_install(tmp_path, capsys, monkeypatch):
    imported = builtins.__import__

    def without_matplotlib(name, *arguments, **options):
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return imported(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", without_matplotlib)
    assert main(["--report", str(tmp_path)]) == 2
    assert "needs matplotlib: pip install '.[plot]' from the checkout" in capsys.readouterr().err
