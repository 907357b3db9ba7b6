"""
The sigmoid: from a score to a belief
=====================================

A linear score ``z = w·x + b`` may be any number, and does not say how sure the neuron is. The sigmoid makes a belief
of it, between 0 and 1: how probable it is that the plant is toxic.
"""

import matplotlib.pyplot as plt
from sklearn.datasets import load_iris

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.displays import SigmoidCurveDisplay

plants = make_toxic_plants(random_state=0)
neuron = SigmoidNeuronClassifier().fit(plants.data, plants.target)

SigmoidCurveDisplay.from_estimator(neuron, plants.data, plants.target, class_names=plants.target_names)

# %%
# Every plant stands on the curve, at its score and its belief. Where the curve is flat, far out, a point of score more
# changes next to nothing; it counts most in the middle, where the neuron hesitates, and there both kinds of plants
# stand mixed.
#
# What a plant lacks to its truth, at the top if it is toxic and at the bottom if it is not, is its residual ``a - y``.
# A long stick is a belief that was far from the truth, and it is from the sticks that the neuron learns: multiplied by
# the features and averaged, they are the gradient of the log-loss.

SigmoidCurveDisplay.from_estimator(neuron, plants.data, plants.target, residuals=True, class_names=plants.target_names)

# %%
# Above which belief should we call a plant toxic? One half treats both errors alike. Who wants to eat the plant may
# prefer to be warned from 20 % on: fewer toxic plants slip through, and more good ones are left standing.

SigmoidCurveDisplay.from_estimator(neuron, plants.data, plants.target, threshold=0.2, class_names=plants.target_names)

# %%
# With more than two classes there is a neuron for each, and ``class_of_interest`` says whose belief to draw. It is what
# this neuron alone believes, class against rest; ``predict_proba`` divides it by the sum of all beliefs, and
# ``predict`` follows the largest. Of the three neurons this is the one whose J is the largest: no line parts the
# versicolor irises from both others, and their neuron is rarely sure.

iris = load_iris()
neurons = SigmoidNeuronClassifier().fit(iris.data, iris.target)

SigmoidCurveDisplay.from_estimator(neurons, iris.data, iris.target, class_of_interest=1, class_names=iris.target_names)

# %%
# There are other activations. What they share is that they bend; what makes the sigmoid special is that its values are
# probabilities. The dashed slope says how much of a correction comes through: where it is near 0, the neuron hardly
# learns.

SigmoidCurveDisplay.from_activation()

plt.show()
