"""
Watching the neuron learn
=========================

Boundary, belief, loss and landscape, a frame a step: all that happens while a neuron learns, side by side. Play it,
or go from step to step with the arrow keys. It is drawn from the path that the fit recorded.
"""

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.displays import animate_descent

plants = make_toxic_plants(random_state=0)
names = {"feature_names": ["leaf length (cm)", "leaf width (cm)"], "class_names": plants.target_names}

rule = SigmoidNeuronClassifier(solver="gd", learning_rate=0.1, tol=0.01, record="path")
rule.fit(plants.data, plants.target)
animate_descent(rule, plants.data, plants.target, **names)

# %%
# That rule, ``w <- w - alpha dJ/dw``, needs thousands of steps, of which ever fewer are shown. What the default does
# with the same plants takes a handful:

quick = SigmoidNeuronClassifier(record="path").fit(plants.data, plants.target)
print(f"{rule.n_iter_[0]:,} steps by the rule, {quick.n_iter_[0]} by default")
animate_descent(quick, plants.data, plants.target, **names)

# %%
# ``animate_descent(...).save("learning.html")`` writes a page that plays without network, ``save("learning.gif")`` a
# moving picture. Everything else that there is to see of a neuron is on one page if you ask the command line for it:
#
# .. code-block:: sh
#
#    python -m sklearn_neuron --report plants
#    python -m sklearn_neuron breast_cancer --report cancer

# sphinx_gallery_thumbnail_path = 'learning.gif'
