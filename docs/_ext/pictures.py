"""Words for those who do not see a picture: where it has no title of its own, the heading above it.

sphinx-gallery takes the titles of a figure, and if it has none the name of the file, of which nobody learns anything.
"""

from docutils.nodes import section, title


def heading_of(node):
    """The heading of the section in which something stands."""
    while not isinstance(node, section):
        node = node.parent
    return node[node.first_child_matching_class(title)].astext()


def describe(app, doctree):
    """Give untitled pictures the words of their heading."""
    for picture in doctree.findall(lambda node: node.tagname == "imgsgnode"):
        if f"_{picture['alt'].replace(' ', '_')}_" in picture["uri"]:
            picture["alt"] = heading_of(picture)


def setup(app):
    app.connect("doctree-read", describe)
    return {"parallel_read_safe": True}
