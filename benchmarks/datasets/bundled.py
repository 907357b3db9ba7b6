"""The tables that scikit-learn brings along, as they come or standardised."""

from benchopt import BaseDataset
from sklearn import datasets
from sklearn.preprocessing import StandardScaler


class Dataset(BaseDataset):
    """breast_cancer (569 x 30), wine (178 x 13, 3 classes), iris (150 x 4, 3), digits (1,797 x 64, 10)."""

    name = "bundled"
    parameters = {
        "table": ["breast_cancer", "wine", "iris", "digits"],
        "scaling": ["raw", "standardised"],
    }

    def get_data(self):
        """Examples and classes."""
        X, y = getattr(datasets, f"load_{self.table}")(return_X_y=True)
        return {"X": StandardScaler().fit_transform(X) if self.scaling == "standardised" else X, "y": y}
