"""
How it learned
==============

Every fit keeps its journey in ``history_``, and here it is drawn: how wrong the neuron was before the first and after
every step, and why it stopped.
"""

import warnings

import matplotlib.pyplot as plt
from sklearn.model_selection import train_test_split

from sklearn_neuron import DivergenceWarning, SigmoidNeuronClassifier
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.displays import LossCurveDisplay

plants = make_toxic_plants(random_state=0)
X, X_held_out, y, y_held_out = train_test_split(plants.data, plants.target, random_state=0)

rule = SigmoidNeuronClassifier(solver="gd", learning_rate=0.1, tol=0.01, record="path").fit(X, y)
LossCurveDisplay.from_estimator(rule, X, y, X_held_out=X_held_out, y_held_out=y_held_out)

# %%
# The steps stand on a scale that shows the first ones too. The dashed line is the loss on plants that were held out.
#
# With a rate of 1 the neuron trips: it jumps from one side of the valley to the other, and higher each time. It
# notices, stops, keeps the best weights that it saw, and says which rate would have been safe.

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    tripped = SigmoidNeuronClassifier(solver="gd", learning_rate=1.0).fit(X, y)
LossCurveDisplay.from_estimator(tripped)
print(next(warning.message for warning in caught if warning.category is DivergenceWarning))

# %%
# Several walks down the same valley. What is left above its floor, on a logarithmic scale, tells them apart: momentum
# saves steps, and Newton's method doubles the correct digits with every one.

LossCurveDisplay.from_estimators(
    {
        "the rule": rule,
        "nesterov": SigmoidNeuronClassifier(solver="nesterov", tol=0.01).fit(X, y),
        "newton": SigmoidNeuronClassifier(solver="newton").fit(X, y),
    },
    scale="gap",
)

# %%
# More of what the history knows, one below the other.

LossCurveDisplay.from_estimator(rule, show=("loss", "gradient_norm", "decrement"))

plt.show()
