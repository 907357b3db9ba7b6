"""How does one look at a layer? As at one neuron: at one class against the rest.

The belief of one class in a layer (:mod:`~sklearn_neuron.layer`) is the sigmoid of its lead over all others, exactly::

    a_k  =  exp(z_k) / sum_j exp(z_j)  =  1 / (1 + exp(-lead_k)),      lead_k  =  z_k - log sum_(j != k) exp(z_j)

so that every picture of a sigmoid is one of a layer too, if it is told leads instead of scores. They are the log-odds
of the class, ``log(a_k / (1 - a_k))``, and above 0 where it is more probable than all others together.

Reference: C. M. Bishop, Pattern Recognition and Machine Learning (2006), equations 4.57 and 4.62.
"""

import numpy as np
from scipy.special import logsumexp


def lead(z, k) -> np.ndarray:
    """By how much one class of a layer is ahead of all others together: ``z_k - log sum_(j != k) exp(z_j)``.

    Parameters
    ----------
    z : array of shape (n, K, ...)
        Linear scores of K > 1 neurons.
    k : int
        Number of the class.

    Returns
    -------
    ndarray of shape (n, ...)
        Its log-odds; the sigmoid of them is its belief, minus them those of all others together.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_neuron.inspection.layers import lead
    >>> from sklearn_neuron.layer import softmax
    >>> from sklearn_neuron.neuron import sigmoid
    >>> z = np.array([[2.0, 0.0, 1.0]])
    >>> print(lead(z, 0).round(3), sigmoid(lead(z, 0)).round(3), softmax(z).round(3))
    [0.687] [0.665] [[0.665 0.09  0.245]]
    """
    return z[:, k] - logsumexp(np.delete(z, k, axis=1), axis=1)
