"""
Two dials and a lever
=====================

What does a weight do to the decision boundary, and what does the bias? Here all three are turned, one at a time, away
from what the neuron learned: the weights by a dial each, the bias by a lever.
"""

import matplotlib.pyplot as plt

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.displays import DialsDisplay

plants = make_toxic_plants(random_state=0)
names = {"feature_names": ["leaf length (cm)", "leaf width (cm)"], "class_names": plants.target_names}
neuron = SigmoidNeuronClassifier().fit(plants.data, plants.target)

DialsDisplay.from_estimator(neuron, plants.data, plants.target, **names)

# %%
# A larger weight makes its feature count for more: with a large w1 a long leaf alone is enough to call a plant toxic,
# and the line stands steep. The dials do not only swing the line, they move it too, for it always passes through the
# place where the other feature alone decides. Only the lever leaves its slope as it is.
#
# Turning all three by the same factor moves nothing at all: the line is where ``w1 x1 + w2 x2 + b = 0``, and that is
# true of twice the sum as well. What changes then is how sure the neuron is on either side: here of one plant, before
# and after.

print(neuron.predict_proba([[5.0, 2.5]]).round(2))
neuron.coef_ *= 4
neuron.intercept_ *= 4
print(neuron.predict_proba([[5.0, 2.5]]).round(2))

plt.show()
