"""Frames play, pause and step; in a page without network, and as a GIF."""

import io
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from sklearn_neuron.displays import Film


@pytest.fixture(scope="module")
def film():
    """Five frames, each with a dot further to the right."""
    frames = []
    for k in range(5):
        figure, ax = plt.subplots(figsize=(2, 1))
        ax.plot(k, 0, "o")
        ax.set_xlim(-1, 5)
        figure.savefig(file := io.BytesIO(), dpi=50)
        Image.open(file).convert("RGB").quantize(64).save(file := io.BytesIO(), "png")
        frames.append(file.getvalue())
        plt.close(figure)
    return Film("A dot <walks>", tuple(frames), tuple(f"step {k}" for k in range(5)), (100, 50))


def shown(page):
    return int(page.eval_on_selector("input", "slider => slider.value")), page.inner_text("output")


def test_the_page_plays_pauses_and_steps(film, tmp_path, open_page):
    page = open_page(film.save(tmp_path / "dot.html"))
    assert shown(page) == (0, "step 0")
    assert page.eval_on_selector("img", "image => image.naturalWidth") == 100
    page.click(".next")
    page.click(".next")
    assert shown(page) == (2, "step 2")
    page.click(".back")
    assert shown(page) == (1, "step 1")
    page.click(".play")
    assert page.inner_text(".play") == "Pause"
    page.wait_for_function("document.querySelector('output').textContent === 'step 4'")
    assert page.inner_text(".play") == "Play"  # it stops at the end
    page.click(".play")  # and begins anew
    page.wait_for_function("document.querySelector('output').textContent === 'step 2'")
    page.click(".play")
    paused = shown(page)
    page.wait_for_timeout(500)
    assert shown(page) == paused


def test_the_page_obeys_slider_and_keys(film, tmp_path, open_page):
    page = open_page(film.save(tmp_path / "dot.html"))
    page.fill("input", "3")
    assert shown(page) == (3, "step 3")
    page.focus(".player")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")  # there is no frame beyond the last
    assert shown(page) == (4, "step 4")
    page.keyboard.press("ArrowLeft")
    assert shown(page) == (3, "step 3")
    page.evaluate("window.setInterval = () => 1")  # no frame passes, however long this takes
    page.keyboard.press("Space")
    assert page.inner_text(".play") == "Pause"
    page.focus("input")
    page.keyboard.press("Space")
    assert page.inner_text(".play") == "Play"
    page.focus(".play")
    page.keyboard.press("Space")  # once, by the button itself
    assert page.inner_text(".play") == "Pause"


@pytest.mark.parametrize("modifier", ["Alt", "Control", "Meta"])
def test_keys_of_the_browser_are_left_to_it(film, tmp_path, open_page, modifier):
    page = open_page(film.save(tmp_path / "dot.html"))
    page.evaluate("addEventListener('keydown', event => { window.taken = event.defaultPrevented; })")
    page.focus(".player")
    page.keyboard.press(f"{modifier}+ArrowRight")
    assert shown(page) == (0, "step 0")
    assert page.evaluate("window.taken") is False


def test_films_on_one_page_have_each_their_own_size(film, tmp_path, open_page):
    films = [film, film._replace(size=(400, 200)), film._replace(size=(60, 30))]
    (tmp_path / "films.html").write_text("".join(one.to_html() for one in films), encoding="utf8")
    widths = "images => images.map(image => image.clientWidth)"
    assert open_page(tmp_path / "films.html").eval_on_selector_all("img", widths) == [100, 400, 60]


def test_a_narrow_page_keeps_the_shape_of_the_picture(film, tmp_path, open_page):
    page = open_page(film.save(tmp_path / "dot.html"))
    page.set_viewport_size({"width": 70, "height": 300})
    width, height = page.eval_on_selector("img", "image => [image.clientWidth, image.clientHeight]")
    assert width < 70
    assert abs(width - 2 * height) <= 1  # half a pixel each


def test_every_control_has_a_name_and_the_caption_is_said_of_a_frame_that_stands(film, tmp_path, open_page):
    page = open_page(film.save(tmp_path / "dot.html"))
    for name in ("one frame back", "Play", "one frame on"):
        assert page.get_by_role("button", name=name, exact=True).count() == 1
    page.click(".next")
    assert page.get_attribute("input", "aria-valuetext") == "step 1"
    page.click(".play")
    assert page.get_attribute("output", "aria-live") == "off"
    page.click(".play")
    assert page.get_attribute("output", "aria-live") == "polite"


def test_the_picture_changes_with_the_frame(film, tmp_path, open_page):
    page = open_page(film.save(tmp_path / "dot.html"))
    sources = set()
    for _ in film.frames:
        sources.add(page.get_attribute("img", "src"))
        page.click(".next")
    assert len(sources) == 5


def test_the_page_needs_nothing_but_itself(film, tmp_path):
    text = film.save(tmp_path / "dot.html").read_text(encoding="utf8")
    assert not re.search(r"https?:|src=\"(?!data:)|@import|url\(", text)
    assert "A dot &lt;walks&gt;" in text
    assert "<walks>" not in text


def test_the_gif_shows_the_same_frames(film, tmp_path):
    with Image.open(film.save(tmp_path / "dot.gif")) as gif:
        assert gif.n_frames == 5
        for k, frame in enumerate(film.frames):
            gif.seek(k)
            one, other = np.asarray(gif.convert("RGB")), np.asarray(Image.open(io.BytesIO(frame)).convert("RGB"))
            np.testing.assert_array_equal(one, other)


def test_a_notebook_gets_the_page_in_a_frame(film):
    assert film._repr_html_().startswith("<iframe srcdoc=")
    assert 'title="A dot &lt;walks&gt;"' in film._repr_html_()
    assert repr(film) == "<Film of 5 frames: A dot <walks>>"


def test_its_frame_is_as_high_as_the_film(film, tmp_path, open_page):
    (tmp_path / "notebook.html").write_text(film._repr_html_(), encoding="utf8")
    page = open_page(tmp_path / "notebook.html")
    page.wait_for_function(
        "() => { const frame = document.querySelector('iframe'), inside = frame.contentDocument.documentElement;"
        " return frame.clientHeight === inside.offsetHeight && frame.clientHeight > 60; }"
    )


def test_other_files_are_refused(film, tmp_path):
    with pytest.raises(ValueError, match=r"path must end with \.html or \.gif; got .*film\.mp4"):
        film.save(tmp_path / "film.mp4")
