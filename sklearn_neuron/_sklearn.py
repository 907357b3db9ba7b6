"""The only module that imports what scikit-learn does not document as public: why, and what else would do.

Names of 1.7 to 1.9. If one of them goes, this is where it is told; what stands in its comment takes its place.
"""

# Checks parameters before `fit`, and sets up and tears down callbacks. Else: call validate_parameter_constraints first.
from sklearn.base import _fit_context as fit_context

# Rows of whatever a table is, frames included. Else: sklearn.utils.resample of all rows, without drawing.
from sklearn.utils import _safe_indexing as safe_indexing

# Whether metadata is routed. Else: sklearn.get_config()["enable_metadata_routing"].
from sklearn.utils._metadata_requests import _routing_enabled as routing_enabled

# How many threads scikit-learn would take, the bounds of joblib and of the environment included. Else: os.cpu_count,
# and threadpoolctl.
from sklearn.utils._openmp_helpers import _openmp_effective_n_threads as openmp_threads

# Says who needs matplotlib. Else: try to import it.
from sklearn.utils._optional_dependencies import check_matplotlib_support

# What parameters may be, told as scikit-learn tells it. Else: if, and raise.
from sklearn.utils._param_validation import (
    Interval,
    InvalidParameterError,
    RealNotInt,
    StrOptions,
    validate_parameter_constraints,
)

# What belongs to some rows, of all that is passed to `fit` beside X. Else: safe_indexing of whatever is as long as X.
from sklearn.utils.validation import _check_method_params as params_of_some

# Weights as an array of one a row, checked. Else: check_array of one dimension, and its length.
from sklearn.utils.validation import _check_sample_weight as check_sample_weight

__all__ = [
    "Interval",
    "InvalidParameterError",
    "RealNotInt",
    "StrOptions",
    "check_matplotlib_support",
    "check_sample_weight",
    "fit_context",
    "openmp_threads",
    "params_of_some",
    "routing_enabled",
    "safe_indexing",
    "validate_parameter_constraints",
]
