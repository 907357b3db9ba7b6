"""
A single neuron
===============

Features come in, each is multiplied by its weight, the products and a bias are added up, and the sum is bent into a
belief. That is all a neuron does, and it can be drawn.
"""

import matplotlib.pyplot as plt
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.displays import NeuronDiagramDisplay

plants = make_toxic_plants(random_state=0)
neuron = SigmoidNeuronClassifier().fit(plants.data, plants.target)
names = {"feature_names": ["leaf length (cm)", "leaf width (cm)"], "class_names": plants.target_names}
NeuronDiagramDisplay.from_estimator(neuron, X=plants.data, **names)

# %%
# Two weights say how much each feature counts, and the bias how much it takes until the sum is above zero. Purple
# speaks for toxic, amber against it. A weight alone depends on the unit of its feature, so a line is as wide as the
# weight times the standard deviation of the feature: how far it moves the score from plant to plant. Now let one plant
# flow through.

NeuronDiagramDisplay.from_estimator(neuron, x=[5.3, 3.0], **names)

# %%
# With thirty features the eight that push this sample most have an input of their own, and one more stands for all
# others: what runs along the lines still adds up to z. Inside a pipeline the neuron sees what its scaler makes of them.

cells = load_breast_cancer(as_frame=True)
pipeline = make_pipeline(StandardScaler(), SigmoidNeuronClassifier()).fit(cells.data, cells.target)
NeuronDiagramDisplay.from_estimator(pipeline, x=cells.data.iloc[7], class_names=cells.target_names)

# %%
# Three classes are three neurons, side by side on the same inputs: the first layer of a network.

irises = load_iris(as_frame=True)
layer = SigmoidNeuronClassifier().fit(irises.data, irises.target)
NeuronDiagramDisplay.from_estimator(layer, x=irises.data.iloc[70], class_names=irises.target_names)
plt.show()
