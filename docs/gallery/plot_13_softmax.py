"""
From one sigmoid to many: softmax
=================================

Three kinds of iris, three neurons. Each may learn by itself to tell its kind from all others, or all three learn
together and share one unit of belief. On two features one sees the difference: the kind in the middle, versicolor, is
on no side of any line.
"""

import matplotlib.pyplot as plt
from sklearn.datasets import load_iris

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.displays import DecisionFieldDisplay, LogLossDisplay, NeuronDiagramDisplay, SigmoidCurveDisplay
from sklearn_neuron.inspection.explanation import explain
from sklearn_neuron.inspection.gradient_check import gradient_check

iris = load_iris()
X, y = iris.data[:, 2:], iris.target  # the petals
names = {"feature_names": iris.feature_names[2:], "class_names": iris.target_names}
alone = SigmoidNeuronClassifier().fit(X, y)
layer = SigmoidNeuronClassifier(multi_class="multinomial").fit(X, y)

figure, panels = plt.subplots(1, 2, figsize=(11, 4.6), layout="constrained", sharey=True)
for neurons, panel, title in zip((alone, layer), panels, ("each alone", "one layer"), strict=True):
    DecisionFieldDisplay.from_estimator(neurons, X, y, ax=panel, **names)
    panel.text(0.02, 0.97, title, transform=panel.transAxes, va="top", fontsize=13, fontweight="bold")
plt.show()

# %%
# On the left the neuron of versicolor has one line to draw, and never believes in a versicolor by more than 52 %. Where
# it wins, the other two have said no; and what it believes of all others makes them pale. On the right each kind is
# believed in where it is.
#
# Where one neuron has a sigmoid, a layer has one bar for all of them. What one is given, the others lack.

NeuronDiagramDisplay.from_estimator(layer, x=X[70], **names)

# %%
# The same journey as numbers. Only differences of scores count: the odds of two kinds are the exponential of the
# difference of theirs.

explain(layer, X[70], truth=y[70], among=(X, y), **names)

# %%
# And still it is a sigmoid. The belief in one class is the sigmoid of its lead: of what its score is ahead of all
# others together, ``z_k - log sum_(j != k) exp(z_j)``. Of the three kinds this is versicolor, whose flowers cost most.

SigmoidCurveDisplay.from_estimator(layer, X, y, class_of_interest=1, residuals=True, class_names=iris.target_names)

# %%
# What it costs is ``-log a_y``, of the truth alone. A versicolor stands on its curve. The others stand on theirs, or
# above it: they pay for what was given to the third kind, too.

LogLossDisplay.from_estimator(layer, X, y, class_of_interest=1, class_names=iris.target_names)

# %%
# The chain rule has the same links, but a score now moves three beliefs. All of them are checked.

gradient_check(layer, X, y, feature_names=names["feature_names"])
