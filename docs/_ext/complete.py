"""Is every public name on the page of the API, and does it say what it is for? If not, the build warns, and so fails.

Public is what can be imported by a name without an underscore:

- a name in ``__all__`` of the package or of a wing is in a table that makes a page of it, and shows an example, which
  the doctests run, unless it is an exception;
- a module is in a table, itself or all that it defines;
- and each has a docstring of its own, a class for its public methods and properties, too.

A name of the package that a page or a docstring refers to has to be there: whoever renames it is told.
"""

import inspect
import re
from functools import cached_property
from importlib import import_module
from pkgutil import resolve_name, walk_packages

PARTS = classmethod, staticmethod, property, cached_property
TABLE = re.compile(r"\.\. autosummary::\n((?:   :.*\n)*)\n((?:   \S.*\n)+)")


def complaints(page, package):
    """What is missing on a page about a package, or says nothing of itself, a sentence each."""
    with_pages, named = names_on(page, package.__name__)
    modules = list(modules_of(package))
    for wing in modules:
        for name in getattr(wing, "__all__", ()) if hasattr(wing, "__path__") else ():
            if f"{wing.__name__}.{name}" not in with_pages:
                yield f"{wing.__name__}.{name} is public and has no page"
            yield from undocumented(getattr(wing, name), f"{wing.__name__}.{name}")
            if not shows_itself(getattr(wing, name)):
                yield f"{wing.__name__}.{name} has no example"
    for module in modules:
        defined = list(definitions_of(module))
        if module is not package and module.__name__ not in named and not is_told(module, defined, named):
            yield f"{module.__name__} is in no table, nor is all that it defines"
        yield from undocumented(module, module.__name__)
        for thing in defined:
            yield from undocumented(thing, f"{module.__name__}.{thing.__name__}")


def names_on(page, package):
    """Full names in the tables of a page that make pages of them, and in any table."""
    tables = [(options, [f"{package}.{name}" for name in names.split()]) for options, names in TABLE.findall(page)]
    with_pages = {name for options, names in tables if ":toctree:" in options for name in names}
    return with_pages, with_pages.union(*(names for _, names in tables))


def modules_of(package):
    """The package and its modules, without those whose names begin with an underscore."""
    yield package
    for found in walk_packages(package.__path__, f"{package.__name__}."):
        if not any(part.startswith("_") for part in found.name.split(".")):
            yield import_module(found.name)


def definitions_of(module):
    """Classes and functions that stand in a module."""
    for name, thing in vars(module).items():
        is_one = not name.startswith("_") and (inspect.isclass(thing) or inspect.isfunction(inspect.unwrap(thing)))
        if is_one and thing.__module__ == module.__name__:
            yield thing


def is_told(module, defined, named):
    """Whether all that a module defines is in a table, from where it is or from where its wing hands it on."""
    places = {module.__name__, module.__name__.rpartition(".")[0], module.__name__.partition(".")[0]}
    told = all(any(f"{place}.{thing.__name__}" in named for place in places) for thing in defined)
    return told and (bool(defined) or hasattr(module, "__path__"))  # a wing is its modules


def shows_itself(thing):
    """Whether a docstring has an example, or need not: an exception is met, not made."""
    is_met = inspect.isclass(thing) and issubclass(thing, Exception)
    return is_met or ">>> " in (thing.__doc__ or "")


def undocumented(thing, name):
    """Complaints about a thing without a docstring, or a class with such parts; an override may inherit its own."""
    doc = (thing.__doc__ or "").strip()
    if not doc or (inspect.isclass(thing) and doc.startswith(f"{thing.__name__}(")):  # Python writes that itself
        yield f"{name} has no docstring"
    for part, member in vars(thing).items() if inspect.isclass(thing) else ():
        is_one = isinstance(member, PARTS) or inspect.isfunction(inspect.unwrap(member))
        if is_one and not part.startswith("_") and not is_said(part, thing):
            yield f"{name}.{part} has no docstring"


def is_said(part, kind):
    """Whether a method or property has a docstring, where it stands or where it was first."""
    return any(part in vars(one) and vars(one)[part].__doc__ for one in kind.__mro__)


def is_there(name):
    """Whether a name leads somewhere: a module, what it defines, or an attribute of that."""
    try:
        resolve_name(name)
    except (ImportError, AttributeError):
        return False
    return True


def setup(app):
    from sphinx.util import logging

    import sklearn_neuron

    def begin(app):
        page = (app.srcdir / "api.rst").read_text(encoding="utf8")
        for complaint in dict.fromkeys(complaints(page, sklearn_neuron)):
            logging.getLogger(__name__).warning("api.rst: %s", complaint)

    def missed(app, env, node, content):
        """A reference without a page is fine, if the name is there; nothing is put in its place."""
        target = node["reftarget"]
        if target.split(".")[0] == sklearn_neuron.__name__ and not is_there(target):
            logging.getLogger(__name__).warning("there is no %s", target, location=node)

    app.connect("builder-inited", begin)
    app.connect("missing-reference", missed)
    return {"parallel_read_safe": True}
