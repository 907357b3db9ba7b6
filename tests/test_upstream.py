"""Scikit-learn's own tests, with a neuron in the place of LogisticRegression."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import sklearn

MODULES = {  # and how many tests of each use it, at least
    "linear_model.tests.test_logistic": 6,
    "tests.test_metaestimators_metadata_routing": 5,
    "utils._repr_html": 10,
    "frozen": 5,
    "tests.test_pipeline": 10,
    "tests.test_calibration": 20,
    "tests.test_multiclass": 5,
    "tests.test_multioutput": 20,
    "model_selection.tests.test_search": 5,
    "model_selection.tests.test_validation": 20,
    "feature_selection.tests.test_from_model": 5,
    "feature_selection.tests.test_rfe": 5,
    "ensemble.tests.test_stacking": 20,
    "inspection.tests.test_permutation_importance": 1,
}


@pytest.mark.skipif(not hasattr(sklearn, "callback") and sklearn.__version__ < "1.9", reason="tests of 1.9")
@pytest.mark.parametrize("module", MODULES)
def test_tests_of_scikit_learn_pass_with_a_neuron_in_its_place(module, tmp_path):
    chosen = ["-k", "callback"] if module.endswith("test_logistic") else []
    asked = [sys.executable, "-m", "pytest", "-q", "-p", "in_its_place", "-p", "no:cacheprovider"]
    told = subprocess.run(
        [*asked, "--pyargs", f"sklearn.{module}", *chosen],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path]),
            "PYTEST_ADDOPTS": "",
        },
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stdout[-3000:] + told.stderr[-1000:]
    assert int(re.findall(r"(\d+) passed", told.stdout)[-1]) >= MODULES[module]
