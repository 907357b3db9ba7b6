"""What is recorded, in words, tables and a picture: a part for every type, loss and penalty."""

from .. import machine
from ..table import COMPARED, OUR_NAMES, problem
from . import chooser, profile, sizes
from .records import WORKLOAD


def report(runs, out):
    """The report on all runs; pictures are drawn beside it."""
    parts = [machine.described(runs.groupby(WORKLOAD)["others"].first().mean())]
    for (dtype, *asked), group in runs.groupby(WORKLOAD[1:], sort=False):
        parts += part(f"{dtype}, {problem(*asked)}", group, out)
    return "\n\n".join(parts)


def part(title, runs, out):
    """The report on one type, loss and penalty."""
    times = profile.times(runs)
    profile.draw(times, out / f"profile_{title.replace(', ', '_').replace(' ', '')}.png", title)
    yield f"## {title}: {len(times)} tables, to a gap of {COMPARED:g}"
    yield profile.markdown(times)
    if not all(name.startswith(OUR_NAMES) for name in times):
        table = sizes.verdicts(runs)
        yield sizes.by_size(table)
        yield f"### Where ours is furthest behind\n\n{sizes.worst(table)}"
    if sum(name.startswith(OUR_NAMES) for name in times) > 1:
        yield chooser.markdown(runs)
