"""The first page: a film of a neuron that learns, made whenever the docs are built; and roads, for the bar at the top.

A road is a ``toctree`` of the first page with a caption. The film is a fragment of a page, with buttons; it begins by
itself, unless the reader has asked for less motion and is shown its last picture.
"""

from pathlib import Path

START = """<script>
(player => {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches, slider = player.querySelector("input");
  if (still) { slider.value = slider.max; slider.dispatchEvent(new Event("input")); }
  else player.querySelector(".play").click();
})(document.querySelector(".first-film .player"));
</script>"""


def film():
    """A neuron that learns to tell toxic plants, step by step, small enough for a telephone."""
    from sklearn_neuron import SigmoidNeuronClassifier
    from sklearn_neuron.datasets import make_toxic_plants
    from sklearn_neuron.displays import animate_descent

    plants = make_toxic_plants(random_state=0)
    neuron = SigmoidNeuronClassifier(solver="gd", learning_rate=0.1, tol=0.01, record="path")
    neuron.fit(plants.data, plants.target)
    names = {"feature_names": ["leaf length (cm)", "leaf width (cm)"], "class_names": plants.target_names}
    return animate_descent(neuron, plants.data, plants.target, max_frames=16, figsize=(5.8, 5.4), dpi=124, **names)


def write_film(app):
    """Leave the film where the first page includes it."""
    target = Path(app.srcdir) / "generated" / "film.html"
    target.parent.mkdir(exist_ok=True)
    target.write_text(f'<div class="first-film">\n{film().to_html()}{START}\n</div>\n', encoding="utf8")


def roads(env, root):
    """Captions of the first page's tables of contents, each with the names of its pages."""
    from sphinx.addnodes import toctree

    found = env.get_doctree(root).findall(toctree)
    return [(each["caption"], [page for _, page in each["entries"]]) for each in found if each["caption"]]


def leads_to(env, page, target):
    """Whether a page is the target, or in a table of contents below it."""
    below = env.toctree_includes.get(target, ())
    return page == target or any(leads_to(env, page, one) for one in below)


def setup(app):
    def tell(app, pagename, templatename, context, doctree):
        env, root = app.env, app.config.root_doc
        context["roads"] = [
            (caption, [(env.titles[page].astext(), page, leads_to(env, pagename, page)) for page in pages])
            for caption, pages in roads(env, root)
        ]

    app.connect("builder-inited", write_film)
    app.connect("html-page-context", tell)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
