"""
The chain rule, link by link
============================

The chain rule promises every slope of J without a trial. Here the promise is kept in public: every slope of J, and
every link of the chain, beside a slope that was measured by turning a dial a little and looking at J again.
"""

from unittest.mock import patch

import matplotlib.pyplot as plt
import numpy as np

from sklearn_neuron import SigmoidNeuronClassifier, neuron
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.inspection.gradient_check import GradientError, gradient_check

plants = make_toxic_plants(random_state=0)
learned = SigmoidNeuronClassifier().fit(plants.data, plants.target)
gradient_check(learned, plants.data, plants.target, feature_names=plants.feature_names)


# %%
# The slopes of J are what a step of descent walks by. Each is an average over the plants of ``residual . x``, which is
# the product of the three links: how the loss answers to the belief, the belief to the score, the score to a weight.
#
# Now let somebody forget that the sigmoid is flat where it is sure, and call it 1/4 as steep everywhere. An error is
# raised, and its table says which link is broken and at which plant it shows most.
def with_a_sigmoid_that_never_tires():
    """The table of a check while one link is broken."""
    with patch.object(neuron, "sigmoid_slope", lambda z: np.full_like(z, 0.25)):
        try:
            return gradient_check(learned, plants.data, plants.target, feature_names=plants.feature_names)
        except GradientError as error:
            return error.table


with_a_sigmoid_that_never_tires()

# %%
# How small is a little? With a large step the curve bends away before it is measured; with a tiny one J changes by less
# than a float can hold. In between, four looks at J find more digits of the slope than two, and the best step is where
# theory has it.
J = learned.objective(plants.data, plants.target)
theta = np.array([[0.4], [0.7], [-3.0]])
steps, bias = np.logspace(-8, 0, 49), np.array([[0.0], [0.0], [1.0]])
near, far = [[J.at(theta + k * h * bias).loss[0] - J.at(theta - k * h * bias).loss[0] for h in steps] for k in (1, 2)]
near, far = np.array(near), np.array(far)
slope = J.at(theta).gradient[2, 0]

figure, ax = plt.subplots(figsize=(6.4, 4.2), layout="constrained")
ax.loglog(steps, np.abs(near / (2 * steps) / slope - 1), color="#8c8c8c", label="two looks at J")
ax.loglog(steps, np.abs((8 * near - far) / (12 * steps) / slope - 1), color="#5b2c83", label="four looks at J")
ax.axvline(2 * np.finfo(float).eps ** (1 / 5), color="#8c8c8c", linestyle=":", label="the step of gradient_check")
ax.set(xlabel="step of the bias", ylabel="relative error of the slope", title="A step can be too large and too small")
ax.spines[["top", "right"]].set_visible(False)
ax.legend(frameon=False)
plt.show()
