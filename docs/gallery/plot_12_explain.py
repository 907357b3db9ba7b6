"""
One plant's journey
===================

How sure is the neuron of one plant, and how did it come to that? :func:`~sklearn_neuron.explain` writes down every
number between a leaf and a belief, and, if the truth is known, what the belief costs.
"""

import matplotlib.pyplot as plt
import numpy as np

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.displays import NeuronDiagramDisplay
from sklearn_neuron.inspection.explanation import explain

plants = make_toxic_plants(random_state=0)
X, toxic = plants.data, plants.target
names = {"feature_names": ["leaf length (cm)", "leaf width (cm)"], "class_names": plants.target_names}
neuron = SigmoidNeuronClassifier().fit(X, toxic)

# %%
# Products, sum, bias, score, belief, decision: a column of numbers that adds up.

explain(neuron, [5.3, 3.0], **names)

# %%
# Whoever is sure and wrong pays dearly. This is the plant that the neuron is most wrong about: one of two hundred, with
# far more than a two-hundredth of the whole loss.

losses = -neuron.predict_log_proba(X)[np.arange(len(toxic)), toxic]
worst = losses.argmax()
explain(neuron, X[worst], truth=toxic[worst], among=(X, toxic), **names)

# %%
# The same journey as a picture.

NeuronDiagramDisplay.from_estimator(neuron, x=X[worst], **names)
plt.show()
