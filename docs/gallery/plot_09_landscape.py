"""
The landscape: walking downhill
===============================

Every place in this landscape is one possible neuron: its weights say where it stands, and J how high. A fit walks from
its start to the lowest place. The path is one that was walked; nothing is learned again.
"""

import matplotlib.pyplot as plt

from sklearn_neuron import Recipe, SigmoidNeuronClassifier
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.displays import LossLandscapeDisplay
from sklearn_neuron.solvers.coordinates import Whitened
from sklearn_neuron.solvers.directions import Steepest
from sklearn_neuron.solvers.step_sizes import InverseSmoothness

plants = make_toxic_plants(random_state=0)
names = {"feature_names": ["leaf length (cm)", "leaf width (cm)"]}
rule = SigmoidNeuronClassifier(solver="gd", learning_rate=0.1, tol=0.01, record="path")
rule.fit(plants.data, plants.target)

LossLandscapeDisplay.from_estimator(rule, plants.data, plants.target, kind="surface", **names)

# %%
# The same from above. Thirty of its steps are marked, ever more rarely: after the first few it creeps. The neuron has a
# third parameter, its bias, which moves with the two: from start to end, and as low as it gets across. Between them the
# path may leave that plane, and so every mark wears the colour of its own J.

LossLandscapeDisplay.from_estimator(rule, plants.data, plants.target, **names)

# %%
# Why does it creep? With the leaf length alone the neuron has two parameters, a weight and a bias, and all of J can be
# seen. The valley is long and narrow. The rule first falls down its steep side, and then has hardly any slope to
# follow. In whitened coordinates the same valley is round.

length = plants.data[:, [0]]
rule.fit(length, plants.target)
LossLandscapeDisplay.from_estimator(rule, length, plants.target, coordinates="both", feature_names=["leaf length (cm)"])

# %%
# And that is the cure: the same rule, ``w <- w - alpha dJ/dw``, walked in those coordinates, goes straight to the
# floor.

cured = SigmoidNeuronClassifier(solver=Recipe(Steepest(), InverseSmoothness(), Whitened()), record="path")
cured.fit(length, plants.target)
LossLandscapeDisplay.from_estimator(
    cured, length, plants.target, coordinates="both", feature_names=["leaf length (cm)"]
)
print(f"{rule.n_iter_[0]:,} steps in the units of X, {cured.n_iter_[0]} in whitened coordinates")

plt.show()
