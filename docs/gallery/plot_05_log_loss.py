"""
The log-loss: what a belief costs
=================================

Was the neuron right, and how sure was it? A plant pays ``-log a`` if it is toxic and ``-log(1 - a)`` if it is not:
minus the logarithm of the probability that the neuron gave to the truth. So both questions are in one number.
"""

import matplotlib.pyplot as plt

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.displays import LogLossDisplay
from sklearn_neuron.neuron import log_loss

plants = make_toxic_plants(random_state=0)
neuron = SigmoidNeuronClassifier().fit(plants.data, plants.target)

LogLossDisplay.from_estimator(neuron, plants.data, plants.target, class_names=plants.target_names)

# %%
# Who always hesitates, at ``a = 0.5``, pays log 2 = 0.693 whatever the truth: the price of doubt. Being right costs
# less, down to nothing. Being wrong costs more, and there is no limit to it.
#
# The mean height of all points is the log-loss. What the neuron makes small, J, is a little more: a penalty on large
# weights is added, unless ``C`` is infinite.

print(f"mean height, the log-loss: {log_loss(neuron.decision_function(plants.data), plants.target):.4f} nats")
print(f"J, with the penalty:       {neuron.loss_curve_[-1]:.4f} nats")

# %%
# Let us make the neuron ten times as sure of everything it says. Its decisions stay the same, the boundary too; but the
# plants it is wrong about now cost more than the others save. Confidence has to be earned.

z = 10 * neuron.decision_function(plants.data)
LogLossDisplay(linear_scores=z, truths=plants.target, class_names=plants.target_names).plot()
print(f"log-loss, ten times as sure: {log_loss(z, plants.target):.4f} nats")

plt.show()
