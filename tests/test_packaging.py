"""What is tested is what a user installs: the wheel, whole, and not the tree that it was built from."""

import re
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
