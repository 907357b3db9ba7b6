"""Sphinx settings. Nothing here, and nothing in the pages built from it, asks the network for anything."""

import os
import sys
from pathlib import Path

from sklearn_neuron import __version__

os.environ["MPLBACKEND"] = "agg"

project = "sklearn_neuron"
author = copyright = "The sklearn_neuron founders"
version = release = __version__

sys.path.append(str(Path(__file__).parent / "_ext"))
extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "sphinx_gallery.gen_gallery",
    "complete",
    "mathml",
    "notebooks",
    "playground",
    "roads",
    "rooms",
]
templates_path = ["_templates"]
exclude_patterns = ["_build", "gallery", "learn"]
highlight_language = "none"  # literal blocks are equations
smartquotes = False  # "auto" is typed with straight quotes
toc_object_entries_show_parents = "hide"

autodoc_member_order = "bysource"
numpydoc_show_class_members = False  # the templates list the members
numpydoc_validation_checks = {"PR02", "PR03", "PR10"}  # only parameters of the signature, in its order

sphinx_gallery_conf = {
    "examples_dirs": ["learn", "gallery"],
    "gallery_dirs": ["learn_pages", "gallery_pages"],
    "filename_pattern": "/plot_",
    "within_subsection_order": "FileNameSortKey",
    "abort_on_example_error": True,
    "download_all_examples": False,
    "remove_config_comments": True,
    "capture_repr": ("_repr_html_",),
    "image_scrapers": ("pictures.scrape",),
    "show_memory": False,
    "show_signature": False,
    "write_computation_times": False,  # its page would ask the network for a table that sorts itself
    "reset_modules": (),
}

html_theme = "pydata_sphinx_theme"
html_title = f"{project} {version}"
PAGES = sorted(page.stem for page in Path(__file__).parent.glob("*.rst") if page.stem not in ("index", "api"))
html_sidebars = {page: [] for page in PAGES}
html_context = {"default_mode": "auto"}
html_show_sourcelink = False
html_static_path = ["_static"]
html_css_files = ["pages.css", "roads.css"]
html_js_files = ["pages.js"]
html_theme_options = {"footer_start": [], "footer_end": [], "navbar_center": ["roads.html"]}


def _wrote_itself(app, kind, name, thing, skip, options):
    """Skip the docstrings of others: fields of a NamedTuple, metadata routing of an estimator."""
    return True if type(thing).__name__ == "_tuplegetter" or name.endswith("_request") else None


def setup(app):
    app.connect("autodoc-skip-member", _wrote_itself)
