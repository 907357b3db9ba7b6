"""Draw the rooms of the package and the arrows between them, from its own imports, whenever the docs are built.

A room is a file of the ground floor, or a wing with its files. An arrow leads from a room to one that it imports. Rooms
stand above all that they import. An import is drawn pale if there is another way to the same room, so that what is left
is the least that says who stands on whom.
"""

import ast
import textwrap
from pathlib import Path

from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

WIDTH, LINE, GAP = 4.6, 0.16, 0.24  # inches
BOX = (1.15, 3.45)  # from where to where a room reaches
LETTERS = 34  # in a line of file names
INK, PAPER, PALE = "#1b3a4b", "#eef3f5", "#b3c4cc"


def rooms_of(house):
    """Names of the rooms, and of the files in each."""
    rooms = {}
    for path in sorted(house.rglob("*.py")):
        room, *inside = path.relative_to(house).with_suffix("").parts
        if (room, *inside) != ("__init__",):
            rooms.setdefault(room, []).extend(name for name in inside if name != "__init__")
    return rooms


def imports_of(house, rooms):
    """For every room, those that it imports."""
    known = {room: set() for room in rooms}
    for path in house.rglob("*.py"):
        room = path.relative_to(house).parts[0].removesuffix(".py")
        if room != "__init__":
            known[room] |= {name for name in _imported(path, house.name) if name in rooms and name != room}
    return known


def _imported(path, package):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{name}" for name in names]
        yield from (name.split(".")[1] for name in names if name.startswith(f"{package}."))


def levels_of(known):
    """How many rooms stand on each other beneath a room, itself included."""
    levels = {}

    def level(room):
        if room not in levels:
            levels[room] = 1 + max(map(level, known[room]), default=0)
        return levels[room]

    for room in known:
        level(room)
    return levels


def is_needed(room, other, known):
    """Whether no other import of a room leads to the other, too."""
    seen, ahead = set(), [one for one in known[room] if one != other]
    while ahead:
        one = ahead.pop()
        seen.add(one)
        ahead.extend(known[one] - seen)
    return other not in seen


def draw(house, target):
    """Write the drawing, an SVG; return the names of the rooms, from the top down."""
    rooms = rooms_of(house)
    known = imports_of(house, rooms)
    levels = levels_of(known)
    order = sorted(rooms, key=lambda room: (-levels[room], room))
    words = {room: textwrap.wrap(", ".join(rooms[room]), LETTERS) for room in order}
    heights = {room: LINE * (1.6 + len(words[room])) for room in order}
    height = sum(heights.values()) + GAP * (len(order) + 1)
    figure = Figure(figsize=(WIDTH, height))
    FigureCanvasSVG(figure)
    ax = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(0, height))
    ax.set_axis_off()
    middle, top = {}, height - GAP
    for room in order:
        _box(ax, room, bool(rooms[room]), words[room], top, heights[room])
        middle[room] = top - heights[room] / 2
        top -= heights[room] + GAP
    for room in order:
        for other in sorted(known[room]):
            next_below = order.index(other) == order.index(room) + 1
            _arrow(ax, room, other, middle, heights, next_below, is_needed(room, other, known))
    target.parent.mkdir(exist_ok=True)
    figure.savefig(target, metadata={"Date": None}, transparent=True)
    return order


def _box(ax, room, is_wing, words, top, height):
    left, right = BOX
    shape = FancyBboxPatch(
        (left, top - height), right - left, height, boxstyle="round,pad=0,rounding_size=0.06", fc=PAPER, ec=INK, lw=1.1
    )
    ax.add_patch(shape)
    x, y = (left + right) / 2, top - 0.85 * LINE
    ax.text(x, y, f"{room}/" if is_wing else f"{room}.py", ha="center", va="center", size=11, weight="bold", color=INK)
    for number, line in enumerate(words, 1):
        ax.text(x, y - LINE * number, line, ha="center", va="center", size=8.5, color=INK)


def _arrow(ax, room, other, middle, heights, next_below, needed):
    """Down to the next room, or around those between: on the right if it is needed, pale and on the left if not."""
    start, end = middle[room], middle[other]
    if next_below:
        x = sum(BOX) / 2
        ends, bend = ((x, start - heights[room] / 2), (x, end + heights[other] / 2)), 0
    else:
        x = BOX[1] if needed else BOX[0]
        reach = 0.95 * min(1, 0.3 + 0.7 * (start - end) / max(middle.values()))
        ends, bend = ((x, start - 0.04), (x, end + 0.04)), reach / (start - end) * 2 * (-1 if needed else 1)
    style = {"color": INK, "lw": 1.2, "zorder": 3} if needed else {"color": PALE, "lw": 0.8, "zorder": 1}
    ax.add_patch(
        FancyArrowPatch(
            *ends, connectionstyle=f"arc3,rad={bend}", arrowstyle="-|>", mutation_scale=8, shrinkA=0, shrinkB=0, **style
        )
    )


def setup(app):
    """Draw before the pages are read; complain of a room that the page about the house does not name."""
    from sphinx.util import logging

    import sklearn_neuron

    def begin(app):
        order = draw(Path(sklearn_neuron.__file__).parent, Path(app.srcdir) / "generated" / "rooms.svg")
        page = (Path(app.srcdir) / "house.rst").read_text(encoding="utf8")
        for room in order:
            if f"\n``{room}``" not in page:
                logging.getLogger(__name__).warning("house.rst does not say what %s answers", room)

    app.connect("builder-inited", begin)
    return {"parallel_read_safe": True}
