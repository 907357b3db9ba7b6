"""
The plants: what there is to learn from
=======================================

Some plants are toxic and some are not. Two measurements, leaf length and leaf width, make every plant a point
``x = (x1, x2)``; its colour says what it is, purple for toxic and yellow for not. Where should a line between the two
kinds run? That is what the neuron has to learn.
"""

import matplotlib.pyplot as plt
from sklearn.model_selection import train_test_split

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.displays import PlantsDisplay

plants = make_toxic_plants(random_state=0)
names = {"feature_names": ["leaf length (cm)", "leaf width (cm)"], "class_names": plants.target_names}

PlantsDisplay.from_data(plants.data, plants.target, **names)

# %%
# The two clouds overlap: no line can separate them all. That is why the neuron will not say "toxic" or "not toxic", but
# how probable it is.
#
# Let it learn from three plants of four, and show it the rest afterwards. Those it gets wrong wear a ring, and those
# it never learned from are hollow. If it is wrong about as large a share of these, it has learned something about
# plants, and has not only memorised some.

X, X_held_out, y, y_held_out = train_test_split(plants.data, plants.target, random_state=0)
neuron = SigmoidNeuronClassifier().fit(X, y)

PlantsDisplay.from_estimator(neuron, X, y, X_held_out=X_held_out, y_held_out=y_held_out, **names)

# %%
# With one feature there is no plane to spread over. Each class then has a row of its own, and the heights within a row
# mean nothing. From the length alone the neuron is wrong more often.

length, names["feature_names"] = plants.data[:, [0]], ["leaf length (cm)"]
PlantsDisplay.from_estimator(SigmoidNeuronClassifier().fit(length, plants.target), length, plants.target, **names)

plt.show()
