"""
Which penalty?
==============

A strong penalty lets a neuron say nearly the same of every sample; without one it learns its samples by heart.
:class:`~sklearn_neuron.SigmoidNeuronClassifierCV` asks which ``C`` believes best about samples that were held out.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_breast_cancer

from sklearn_neuron import SigmoidNeuronClassifierCV, neuron_path
from sklearn_neuron.displays import RegularizationPathDisplay, ValidationDisplay

X, y = load_breast_cancer(return_X_y=True, as_frame=True)
neuron = SigmoidNeuronClassifierCV(Cs=np.logspace(-4, 4, 17)).fit(X, y)

# %%
# Scores of every fold, their average, and one standard error around it. The top is flat: within one standard error
# nobody can tell one C from another.

ValidationDisplay.from_estimator(neuron)
plt.show()

# %%
# What is learned along C, each weight times the spread of its feature. Where the penalty is strong few weights differ
# from zero by much; where it is weak, features that say nearly the same pull against each other.

path = neuron_path(X, y)
RegularizationPathDisplay.from_path(path, X=X, C=neuron.C_)
plt.show()

# %%
# A penalty on the size of weights instead of their squares holds them at exactly 0. From the left, where no feature is
# heard, one after the other leaves it; how many have, stands above.

path = neuron_path(X, y, l1_ratio=1, Cs=np.geomspace(1e-6, 1e2, 50))
RegularizationPathDisplay.from_path(path, X=X)
plt.show()

# %%
# The simplest neuron that may be as good: the smallest C within one standard error of the best.

simple = SigmoidNeuronClassifierCV(Cs=np.logspace(-4, 4, 17), one_standard_error=True).fit(X, y)
print(neuron.C_, simple.C_)
