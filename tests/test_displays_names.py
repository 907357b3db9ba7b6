"""A name is drawn letter by letter, whatever people put into it."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sklearn_neuron.displays.names import UNSEEN, plain, shortened

HOSTILE = [
    "_p",
    "__",
    "$a$",
    "total_$_in_$",
    "$",
    "$$",
    r"a\$b",
    r"\$",
    r"$\frac{$",
    "a^2_b",
    r"\alpha",
    "{x}",
    "%s",
    "",
]


def drawn(text, **options):
    figure = Figure(figsize=(3, 0.6))
    canvas = FigureCanvasAgg(figure)
    figure.text(0.02, 0.3, text, **options)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_drawn_is_the_name(name):
    unseen = UNSEEN if name.startswith("_") else ""  # some matplotlib moves what follows by a part of a pixel
    np.testing.assert_array_equal(drawn(plain(name)), drawn(unseen + name, parse_math=False))
    np.testing.assert_array_equal(
        drawn(plain(f"P({name} | x) and {name}")), drawn(f"P({name} | x) and {name}", parse_math=False)
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_it_stands_in_the_legend(name):
    ax = plt.subplot()
    ax.scatter([0], [0], label=plain(name))
    ax.figure.canvas.draw()
    (text,) = ax.legend().get_texts()
    assert text.get_text().replace(r"\$", "$").removeprefix(UNSEEN) == name


def test_ordinary_names_are_left_alone():
    for name in ("leaf length (cm)", "a_b", "naïve", "x1", "-", "0"):
        assert plain(name) == name
    assert plain(3) == "3"
    assert plain(np.int64(3)) == "3"
    assert plain(np.str_("toxic")) == "toxic"
    assert plain("two\nlines\tand more") == "two lines and more"


@pytest.mark.parametrize("name", ["leaf", "a leaf\nof grass", "length " * 20, "", "_" * 50])
@pytest.mark.parametrize("longest", [8, 24])
def test_a_name_is_no_longer_than_it_may_be_and_keeps_its_ends(name, longest):
    told, whole = shortened(name, longest), " ".join(name.split())
    assert len(told) <= longest
    assert told == whole if len(whole) <= longest else "\u2026" in told
    assert told[:3] == whole[:3]
    assert told[-2:] == whole[-2:]
