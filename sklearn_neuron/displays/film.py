"""Pictures one after the other: a page that plays them, steps and pauses, or a GIF. Nothing is asked of the network."""

import base64
import html
import io
import json
from pathlib import Path
from string import Template
from typing import NamedTuple

PAGE = Template("""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<main>
$film</main>
<script>
new ResizeObserver(() => { // a frame around the page is as high as the page
  if (window.frameElement) frameElement.style.height = document.documentElement.offsetHeight + "px";
}).observe(document.documentElement);
</script>
</html>
""")
MILLISECONDS = 200  # a frame is shown
LINGER = 10  # times longer, the last frame of a GIF


class Film(NamedTuple):
    """Frames in order, each with a caption.

    Parameters
    ----------
    title : str
        What is to be seen.
    frames : tuple of bytes
        PNG images, all of the same size.
    captions : tuple of str
        A few words beneath each frame.
    size : tuple of int
        Width and height of the frames, in pixels.

    Examples
    --------
    >>> from sklearn_neuron.displays import Film
    >>> film = Film("An empty stage", frames=(b"",), captions=("nobody",), size=(64, 48))
    >>> "nobody" in film.to_html()
    True
    """

    title: str
    frames: tuple[bytes, ...]
    captions: tuple[str, ...]
    size: tuple[int, int]

    def to_html(self) -> str:
        """The film with its controls, a fragment that can stand in any page."""
        template = Template(Path(__file__).with_name("player.html").read_text(encoding="utf8"))
        return template.substitute(
            label=html.escape(self.title),
            width=self.size[0],
            height=self.size[1],
            last=len(self.frames) - 1,
            frames=json.dumps([base64.b64encode(frame).decode() for frame in self.frames]),
            captions=json.dumps(self.captions).replace("<", "\\u003c"),
            milliseconds=MILLISECONDS,
        )

    def _page(self):
        return PAGE.substitute(title=html.escape(self.title), film=self.to_html())

    def save(self, path) -> Path:
        """Write the film: a page of its own if `path` ends with .html, a moving picture if with .gif.

        Parameters
        ----------
        path : str or path-like
            Where to. A file that is there is overwritten.

        Returns
        -------
        pathlib.Path
            The file written.

        Raises
        ------
        ValueError
            If the name ends otherwise.
        """
        path = Path(path)
        if path.suffix == ".html":
            path.write_text(self._page(), encoding="utf8")
        elif path.suffix == ".gif":
            self._save_gif(path)
        else:
            raise ValueError(f"path must end with .html or .gif; got {str(path)!r}.")
        return path

    def _save_gif(self, path):
        from PIL import Image

        first, *others = [Image.open(io.BytesIO(frame)) for frame in self.frames]
        durations = [MILLISECONDS] * len(others) + [LINGER * MILLISECONDS]
        first.save(path, save_all=True, append_images=others, duration=durations, loop=0)

    def _repr_html_(self):
        width, height = self.size
        return (
            f'<iframe srcdoc="{html.escape(self._page())}" width="{width + 20}" height="{height + 70}" '
            f'title="{html.escape(self.title)}" style="border: 0; max-width: 100%"></iframe>'
        )

    def __repr__(self):
        return f"<Film of {len(self.frames)} frame{'s' * (len(self.frames) != 1)}: {self.title}>"


def as_png(image, colors=128) -> bytes:
    """A picture of PIL as a small PNG file, in so many different colours at most."""
    from PIL import Image

    file = io.BytesIO()
    image.convert("RGB").quantize(colors, dither=Image.Dither.NONE).save(file, format="png", optimize=True)
    return file.getvalue()
