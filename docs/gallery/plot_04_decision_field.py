"""
The decision boundary, and belief around it
===========================================

The plants again, after learning. The neuron has an answer for every leaf that there could be: the colour is its
belief ``P(toxic | x)``, white where it hesitates. The black line is the decision boundary, where the belief is one
half and the score ``w1 x1 + w2 x2 + b`` is zero.
"""

import matplotlib.pyplot as plt
from sklearn.datasets import load_breast_cancer, load_digits, load_iris
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
# Of a tumour thirty features were measured, and a picture has two directions. One runs along ``w``: there a sample
# stands by its distance from the boundary, and so on the side where the neuron puts it. The other is the direction
# across ``w`` in which the samples differ most.

cancer = load_breast_cancer()
names = {"feature_names": cancer.feature_names, "class_names": cancer.target_names}
wide = SigmoidNeuronClassifier().fit(cancer.data, cancer.target)
DecisionFieldDisplay.from_estimator(wide, cancer.data, cancer.target, **names)

# %%
# Two of the features can be asked for. That is a slice: the other 28 are held at their median, where hardly any tumour
# is. The neuron judges by all thirty, and a ring marks those of which it says otherwise than the slice shows.

DecisionFieldDisplay.from_estimator(wide, cancer.data, cancer.target, features=["mean area", "mean texture"], **names)

# %%
# Three kinds of iris have three neurons. In the plane along the differences of their weights every flower stands in the
# region of its most probable kind.

iris = load_iris()
neurons = SigmoidNeuronClassifier().fit(iris.data, iris.target)
names = {"feature_names": iris.feature_names, "class_names": iris.target_names}
DecisionFieldDisplay.from_estimator(neurons, iris.data, iris.target, **names)

# %%
# One of the kinds may be asked about alone, against the rest. Here it is versicolor, whose neuron has the largest J of
# the three: it stands in the middle, and no line parts it from both others.

DecisionFieldDisplay.from_estimator(neurons, iris.data, iris.target, class_of_interest=1, **names)

# %%
# Ten digits differ in nine directions, and no plane has so many. Each has a row, for the images that the neurons take
# for it; what they see in these images, :ref:`their weights drawn as images
# <sphx_glr_gallery_pages_plot_15_digits.py>` show.

digits = load_digits()
many = SigmoidNeuronClassifier().fit(digits.data, digits.target)
DecisionFieldDisplay.from_estimator(many, digits.data, digits.target)

plt.show()
