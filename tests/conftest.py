import importlib.util
import itertools
import os
import shutil
import sys
import warnings
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))  # for the benchmarks; the installed package comes before the tree
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # the workers share the processors already
os.environ.setdefault("SCIPY_ARRAY_API", "1")  # or scikit-learn skips some of its checks
os.environ["MPLBACKEND"] = "agg"  # no window is opened

import numpy as np
import pytest
from hypothesis import settings
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.cbook import is_math_text
from matplotlib.figure import Figure
from matplotlib.text import Text
from sklearn import datasets

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.homes.counted import Counted
from sklearn_neuron.homes.memory import InMemory
from sklearn_neuron.objective import Objective

settings.register_profile("unhurried", deadline=None)  # a busy machine is not a failure
settings.load_profile("unhurried")

TABLES = {
    "breast_cancer": datasets.load_breast_cancer,
    "iris": datasets.load_iris,
    "wine": datasets.load_wine,
    "digits": datasets.load_digits,
}


def pytest_collection_modifyitems(items):
    """Examples of callbacks need scikit-learn 1.9."""
    if importlib.util.find_spec("sklearn.callback") is None:
        skipped = pytest.mark.skip(reason="scikit-learn has callbacks from 1.9 on")
        for item in items:
            if "sklearn_neuron.callbacks" in item.name:
                item.add_marker(skipped)


def blocks_of(rows):
    """All blocks of a home, part after part."""
    return list(itertools.chain.from_iterable(rows.parts()))


@pytest.fixture
def rng():
    return np.random.default_rng(20251122)


@pytest.fixture(autouse=True)
def _no_figure_is_left_open():
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


@pytest.fixture(scope="session")
def browser():
    """Chromium without a window; skipped where there is none."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        pytest.skip("no Chromium is installed (Debian: apt install chromium)")
    with playwright.sync_playwright() as tools:
        chromium = tools.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser):
    """Open a file, offline; at the end nothing may have been complained about, or asked of the network."""
    complaints = []
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(request.url))

    def visit(path):
        page.goto(path.resolve().as_uri())
        return page

    yield visit
    context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def plants():
    return make_toxic_plants(random_state=0)


@pytest.fixture(scope="session")
def learned(plants):
    """A neuron that knows the plants, with its path."""
    return SigmoidNeuronClassifier(record="path").fit(plants.data, plants.target)


@pytest.fixture(scope="session")
def slow(plants):
    """A long walk to the same place, by the rule of the guide."""
    return SigmoidNeuronClassifier(solver="gd", learning_rate=0.1, tol=0.1, record="path").fit(
        plants.data, plants.target
    )


@pytest.fixture(scope="session")
def cancer():
    """X of 30 features, y, and a neuron that knows them."""
    X, y = datasets.load_breast_cancer(return_X_y=True)
    return X, y, SigmoidNeuronClassifier(record="path").fit(X, y)


@pytest.fixture(scope="session")
def irises():
    """X, y of three classes, and the neurons that know them."""
    X, y = datasets.load_iris(return_X_y=True)
    return X, y, SigmoidNeuronClassifier(record="path").fit(X, y)


@pytest.fixture(scope="session")
def layered_irises():
    """X, y of three classes, and the layer that knows them."""
    X, y = datasets.load_iris(return_X_y=True)
    return X, y, SigmoidNeuronClassifier(multi_class="multinomial", record="path").fit(X, y)


@pytest.fixture(scope="session")
def staged():
    """X, y of three classes, and a fit whose first steps are on a sample of these examples."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(20_000, 6))
    y = 1 * (X[:, 0] + rng.logistic(size=20_000) > 0) + (X[:, 1] + rng.logistic(size=20_000) > 1)
    neuron = SigmoidNeuronClassifier(record="path").fit(X, y)
    assert not neuron.history_.on_all.all()
    return X, y, neuron


@pytest.fixture(params=TABLES)
def table(request):
    return TABLES[request.param](return_X_y=True)


def random_problem(rng, n=60, p=4, K=1, dtype=np.float64, has_bias=True, penalty=0.01, **options):
    """An objective on random data that no line separates, and a point to look at it from."""
    X = rng.normal(1, 2, (n, p)).astype(dtype)
    truths = rng.random((n, K)) < 0.4
    shares = rng.uniform(0.5, 2, n)
    rows = Counted(InMemory(X, truths, (shares / shares.sum()).astype(dtype), has_bias, **options))
    return Objective(rows, penalty), rng.normal(size=(p + has_bias, K))


def pixels(draw):
    """Pixels, shape (240, 350, 4), of the inside of the axes that something is drawn on."""
    figure = Figure(figsize=(5, 4), dpi=100)
    canvas = FigureCanvasAgg(figure)
    ax = figure.add_axes((0.2, 0.2, 0.7, 0.6))
    draw(ax)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[80:320, 100:450]


def at(points):
    """Where the points of a scatter are, shape (n, 2)."""
    return np.asarray(points.get_offsets())


def told(artists):
    """What is written in some texts."""
    return [artist.get_text() for artist in artists]


def words(display):
    """What is written in the legend."""
    return told(display.legend_.get_texts())


def letters(words):
    """What matplotlib draws of some words, if it reads no mathematics in them."""
    assert not is_math_text(words), words
    return words.replace(r"\$", "$").replace("\u200b", "")


def along(line):
    """Where a curve is in pixels, in steps far smaller than a letter, shape (m, 2)."""
    corners = line.get_transform().transform(line.get_xydata())
    fine = np.linspace(0, len(corners) - 1, 20 * len(corners))
    return np.column_stack([np.interp(fine, np.arange(len(corners)), column) for column in corners.T])


def covers(text, places):
    """Whether any of these places, in pixels, lies under the words of a text."""
    box = Text.get_window_extent(text)  # without its arrow
    return bool(((places > box.min) & (places < box.max)).all(axis=1).any())


def held_but(X, features, places):
    """Samples at places (m, 2) of two features, the others at their median in X."""
    samples = np.tile(np.median(X, axis=0), (len(places), 1))
    samples[:, features] = places
    return samples


def fourth_order(f, x, h=1e-3):
    """Derivative of f at x by central differences of fourth order."""
    return (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h)


def without_warnings(fit, *data, **options):
    """Fit a reference that may grumble."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return fit(*data, **options)
