"""
The decision boundary, and belief around it
===========================================

Figure 1 of the guide again, after learning. The neuron has an answer for every leaf that there could be: the colour is
its belief ``P(toxic | x)``, white where it hesitates. The black line is the decision boundary, where the belief is one
half and the score ``w1 x1 + w2 x2 + b`` is zero.
"""

import matplotlib.pyplot as plt
from sklearn.datasets import load_iris
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.displays import DecisionFieldDisplay

plants = make_toxic_plants(random_state=0)
names = {"feature_names": ["leaf length (cm)", "leaf width (cm)"], "class_names": plants.target_names}
neuron = SigmoidNeuronClassifier().fit(plants.data, plants.target)

DecisionFieldDisplay.from_estimator(neuron, plants.data, plants.target, **names)

# %%
# The weights ``w`` point to where leaves become more toxic. They would cross the boundary at a right angle if a
# centimetre were as long on both axes; here one of width is drawn longer than one of length.
#
# One neuron draws a straight line, in whatever it sees. Let it see the squares, cubes and products of the features as
# well, and in centimetres that line is a curve. There is no ``w`` to draw then: its nine weights are not in this plane.

bent = make_pipeline(StandardScaler(), PolynomialFeatures(3, include_bias=False), SigmoidNeuronClassifier())
DecisionFieldDisplay.from_estimator(bent.fit(plants.data, plants.target), plants.data, plants.target, **names)

# %%
# Three kinds of iris and four features: the picture spreads over two and holds the others at their median. Every region
# has the colour of its most probable class, the deeper the surer.

iris = load_iris()
neurons = SigmoidNeuronClassifier().fit(iris.data, iris.target)
names = {"feature_names": iris.feature_names, "class_names": iris.target_names}
DecisionFieldDisplay.from_estimator(neurons, iris.data, iris.target, features=[2, 3], **names)

# %%
# One of the classes may be asked about alone, against the rest.

DecisionFieldDisplay.from_estimator(neurons, iris.data, iris.target, features=[2, 3], class_of_interest=1, **names)

plt.show()
