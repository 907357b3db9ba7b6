"""Imports run one way: what a room may know of the others."""

import ast
from pathlib import Path

import pytest

import sklearn_neuron

HOUSE = Path(sklearn_neuron.__file__).parent
FLOORS = [  # each may import those before it
    ["_sklearn"],
    ["_linalg", "datasets", "held_out", "tables"],
    ["homes"],
    ["neuron"],
    ["layer"],
    ["activations", "losses", "penalties"],
    ["objective"],
    ["descent"],
    ["solvers"],
    ["exchange", "telling", "callbacks", "newcomers"],
    ["early_stopping"],
    ["classifier"],
    ["folds", "path"],
    ["classifier_cv"],
    ["onnx"],
    ["inspection"],
    ["displays"],
    ["report"],
    ["playground"],
    ["command"],
    ["__main__"],
]
COSTS = "sklearn_neuron.homes.costs"  # numbers alone: whoever needs one may read it
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
FILES = sorted(path for path in HOUSE.rglob("*.py") if path != HOUSE / "__init__.py")


def room_of(path):
    """The wing, or the file of the ground floor, that a file belongs to."""
    return path.relative_to(HOUSE).parts[0].removesuffix(".py")


def rooms_known(path):
    """Rooms that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "a relative import hides which room it enters"
            names = [f"{node.module}.{name}" for name in names]
        names = [name for name in names if name.startswith("sklearn_neuron.") and not name.startswith(COSTS)]
        yield from (name.split(".")[1] for name in names)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_arrows_run_one_way(path):
    room = room_of(path)
    above = {known for known in rooms_known(path) if known != room and FLOOR[known] >= FLOOR[room]}
    assert not above


def test_homes_know_nothing_of_neurons():
    known = {room for path in (HOUSE / "homes").glob("*.py") for room in rooms_known(path)}
    assert known <= {"homes", "_linalg", "_sklearn"}
