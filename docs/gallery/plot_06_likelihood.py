"""
Why logarithms: a product that becomes 0
========================================

How plausible is a neuron? Multiply the probabilities that it gave to the truth of every plant: that is its likelihood.
Every factor is less than 1, so every plant makes the product smaller, and a float can hold only so small a number.
"""

import matplotlib.pyplot as plt

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.displays import LikelihoodDisplay

plants = make_toxic_plants(n_samples=3000, random_state=0)
neuron = SigmoidNeuronClassifier().fit(plants.data, plants.target)

LikelihoodDisplay.from_estimator(neuron, plants.data, plants.target)

# %%
# In single precision (yellow) the product has sunk too low within some three hundred plants. Under the dashed line
# there are no floats with all their digits left, and the product is rounded ever more coarsely, until it is 0. From
# there on every neuron is as implausible as any other, and there is nothing to learn from.
#
# The logarithm of a product is the sum of the logarithms, and a sum of ordinary numbers is an ordinary number. The
# sum on the right goes on.
#
# Double precision (purple) only puts it off. It falls silent as well, well over a thousand plants later.
#
# Fewer plants have a product that a float still holds. They are then taken again and again, as if there were more of
# their kind; the label of the axis says how often.

LikelihoodDisplay.from_estimator(neuron, plants.data[:200], plants.target[:200], class_names=plants.target_names)

# %%
# Nothing is lost by it: the neuron with the greatest sum is the one with the greatest product.
# Minus the sum, divided by the number of plants, is the log-loss, to which a fit adds a penalty on large weights.

plt.show()
