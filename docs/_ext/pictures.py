"""Words for those who do not see a picture: its titles, each once; where it has none, the heading above it.

sphinx-gallery takes the titles of a figure, empty ones too, and if it has none the name of the file, of which nobody
learns anything.
"""

from docutils.nodes import section, title

INVISIBLE = "\u200b \n"


def heading_of(node):
    """The heading of the section in which something stands."""
    while not isinstance(node, section):
        node = node.parent
    return node[node.first_child_matching_class(title)].astext()


def words_of(picture):
    """What is said of a picture."""
    titles = dict.fromkeys(one.strip(INVISIBLE) for one in picture["alt"].split(", "))
    is_file_name = f"_{picture['alt'].replace(' ', '_')}_" in picture["uri"]
    return heading_of(picture) if is_file_name else ", ".join(filter(None, titles)) or heading_of(picture)


def describe(app, doctree):
    """Give all pictures their words."""
    for picture in doctree.findall(lambda node: node.tagname == "imgsgnode"):
        picture["alt"] = words_of(picture)


def setup(app):
    """Describe the pictures of every page that was read."""
    app.connect("doctree-read", describe)
    return {"parallel_read_safe": True}
