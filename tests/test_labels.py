"""Labels of every type are found as NumPy finds them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sklearn_neuron.homes.labels import codes_among, encode

whole_numbers = st.one_of(st.integers(-3, 3), st.integers(-(2**63), 2**63 - 1))


@given(arrays(np.int64, st.integers(2, 20), elements=whole_numbers).filter(lambda y: len(set(y)) > 1))
def test_whole_numbers_are_encoded_as_numpy_would(y):
    classes, codes = encode(y)
    np.testing.assert_array_equal(classes, np.unique(y))
    np.testing.assert_array_equal(classes[codes], y)
    assert classes.dtype == y.dtype


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.uint64, np.int32, bool, float, "U5"])
def test_labels_keep_their_type(dtype):
    y = np.array([1, 0, 1, 1]).astype(dtype)
    classes, codes = encode(y)
    assert classes.dtype == y.dtype
    np.testing.assert_array_equal(classes[codes], y)


@pytest.mark.parametrize("labels", [(-128, 127), (-100, 100)])
def test_small_types_do_not_overflow(labels):
    y = np.array(labels * 3, dtype=np.int8)
    classes, codes = encode(y)
    np.testing.assert_array_equal(classes, labels)
    np.testing.assert_array_equal(codes, [0, 1] * 3)


@pytest.mark.parametrize("y", [[3, 3], [0.5, 0.25], ["a", "a"]])
def test_measurements_and_single_classes_are_refused(y):
    with pytest.raises(ValueError, match=r"Unknown label type|at least 2 classes"):
        encode(np.array(y))


def test_suspiciously_many_classes_are_warned_of_as_scikit_learn_does():
    with pytest.warns(UserWarning, match="greater than 50%"):
        encode(np.arange(30))


def test_codes_among_known_classes():
    classes = np.array(["edible", "toxic"])
    assert codes_among(classes, np.array(["toxic", "edible", "toxic"])).tolist() == [1, 0, 1]
    with pytest.raises(ValueError, match=r"label .*rotten.*none of the classes \['edible' 'toxic'\]"):
        codes_among(classes, np.array(["toxic", "rotten"]))
