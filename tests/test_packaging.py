"""What is tested is what a user installs: the wheel, whole, and not the tree that it was built from."""

import ast
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

import sklearn_neuron

ROOT = Path(__file__).parents[1]
HOUSE = Path(sklearn_neuron.__file__).parent


@pytest.fixture(scope="module")
def installed():
    """The installed distribution; skipped where the tree itself is on the path on purpose."""
    try:
        distribution = metadata.distribution("sklearn-neuron")
    except metadata.PackageNotFoundError:
        pytest.skip("sklearn_neuron is not installed")
    if '"editable": true' in (distribution.read_text("direct_url.json") or ""):
        pytest.skip("sklearn_neuron is installed editable: the tree is tested, not a wheel")
    return distribution


def test_the_installed_package_is_imported(installed):
    wheel = Path(installed.locate_file("sklearn_neuron"))
    assert wheel.resolve() == HOUSE.resolve(), "run pytest, not python -m pytest, which puts the tree before all else"


def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(installed):
    tree = {path.relative_to(ROOT).as_posix() for path in (ROOT / "sklearn_neuron").rglob("*") if path.is_file()}
    wheel = {file.as_posix() for file in installed.files if ".dist-info" not in file.as_posix()}
    program = {name for name in wheel if name.startswith("..")}  # beside python
    assert [Path(name).stem for name in program] == ["sklearn-neuron"]
    wheel = {name for name in wheel - program if not name.endswith(".pyc")}
    assert wheel == {name for name in tree if "__pycache__" not in name}


def test_links_of_the_readme_lead_somewhere_in_a_checkout_and_on_an_index_page(installed):
    link = re.compile(r"\]\(([^)]+)\)")
    here = [target for target in link.findall((ROOT / "README.md").read_text(encoding="utf8")) if "://" not in target]
    assert here
    assert not [target for target in here if not (ROOT / target).exists() and not target.endswith(".gif")]
    there = link.findall(installed.metadata["Description"] or installed.metadata.get_payload())
    assert len(there) >= len(here)
    assert not [target for target in there if not target.startswith("https://")]


def test_the_version_is_that_of_the_package(installed):
    assert installed.version == sklearn_neuron.__version__


# What is imported when it is asked for ----------------------------------------------------------------------------


def test_every_name_of_the_package_is_found_where_a_type_checker_finds_it():
    body = ast.parse((HOUSE / "__init__.py").read_text(encoding="utf8")).body
    (type_checking,) = (node for node in body if isinstance(node, ast.If))
    typed = {name.name: line.module for line in type_checking.body for name in line.names}
    assert {name: f"sklearn_neuron.{place}" for name, place in sklearn_neuron.PLACES.items()} == typed
    assert sorted(typed) == sorted(sklearn_neuron.__all__)
    for name, module in typed.items():
        assert getattr(sklearn_neuron, name) is getattr(sys.modules[module], name)
    assert set(sklearn_neuron.__all__) <= set(dir(sklearn_neuron))


@pytest.mark.parametrize(
    "statement",
    [
        "from sklearn_neuron import *; SigmoidNeuronClassifier, explain, neuron_path",
        "import sklearn_neuron; sklearn_neuron.datasets.make_toxic_plants; sklearn_neuron.displays",
        "import sklearn_neuron, sys; assert 'numpy' not in sys.modules; assert 'explain' in dir(sklearn_neuron)",
        "import sklearn_neuron; assert not hasattr(sklearn_neuron, 'Neuron'); assert not hasattr(sklearn_neuron, '_a')",
        "import pickle, sklearn_neuron; pickle.loads(pickle.dumps(sklearn_neuron.SigmoidNeuronClassifier()))",
    ],
)
def test_the_package_is_whole_from_the_first_word(statement):
    subprocess.run([sys.executable, "-c", statement], check=True, timeout=60)


def test_a_room_that_lacks_what_it_needs_says_so(monkeypatch):
    """An import that fails within is no name that is missing."""

    def lacks_numpy(name):
        raise ModuleNotFoundError("No module named 'numpy'", name="numpy")

    monkeypatch.setattr(sklearn_neuron, "import_module", lacks_numpy)
    monkeypatch.delattr(sklearn_neuron, "datasets", raising=False)
    with pytest.raises(ModuleNotFoundError, match="numpy"):
        sklearn_neuron.datasets  # noqa: B018
