"""The notebooks of the episodes show the very lines that their pages include."""

import importlib.util
import re
import types
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
EPISODES = sorted((DOCS / "learn").glob("plot_*.py"))
CONFIG = types.SimpleNamespace(source_encoding="utf-8-sig")


@pytest.fixture(scope="module")
def notebooks():
    """The extension of the docs that rewrites notebooks."""
    pytest.importorskip("sphinx_gallery", reason="the docs' tools are not installed")
    found = importlib.util.spec_from_file_location("notebooks", DOCS / "_ext" / "notebooks.py")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.mark.parametrize("episode", EPISODES, ids=lambda path: path.stem)
def test_every_include_becomes_its_lines(notebooks, episode):
    words = re.sub(r"^#(?: |$)", "", episode.read_text(encoding="utf8"), flags=re.MULTILINE)
    includes = list(notebooks.INCLUDE.finditer(words))
    assert len(includes) == words.count("literalinclude::") > 0
    for include in includes:
        source = re.sub(r"\s+", " ", (episode.parent / include[1]).read_text(encoding="utf8"))
        fence, *lines, end = notebooks._included(include, episode.parent, CONFIG).splitlines()
        assert end == "```"
        assert fence == ("```" if ":language: none" in include[2] else "```python")  # formulas are no Python
        assert lines
        assert re.sub(r"\s+", " ", "\n".join(lines)).strip() in source
