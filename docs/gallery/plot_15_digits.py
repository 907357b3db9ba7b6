"""
Digits: weights as images
=========================

Handwritten digits, 8 x 8 pixels each. A neuron that looks at an image has a weight for every pixel, and so its weights
are an image themselves: one sees what it looks for.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.displays import WeightImageDisplay

digits = load_digits()
X, X_held_out, y, y_held_out = train_test_split(digits.data, digits.target, stratify=digits.target, random_state=0)

figure, panels = plt.subplots(3, 10, figsize=(9, 3.3), layout="constrained")
figure.suptitle("What there is to learn from", x=0, ha="left")
for digit, column in enumerate(panels.T):
    for panel, pixels in zip(column, X[y == digit], strict=False):
        panel.imshow(pixels.reshape(8, 8), cmap="Greys")
        panel.set(xticks=[], yticks=[])
plt.show()

# %%
# The first three of each digit. Ten digits have ten neurons, each against the nine others. Above its weights stands the
# average of its digit. Where a purple pixel is lit it speaks for the digit, and an amber one against it. Pixels that
# nobody writes on are silent.

neurons = SigmoidNeuronClassifier(C=0.01).fit(X, y)
WeightImageDisplay.from_estimator(neurons, X, y)
print(f"{neurons.score(X_held_out, y_held_out):.1%} of {len(y_held_out)} held out are told rightly")

# %%
# The weights are not the average: what all digits have in common tells none of them apart. The neuron of 0 asks for
# the hole in the middle, for an amber pixel is one that must be dark.
#
# A closer look at one neuron of the ten. Which? The one that finds it hardest: whose J, the log-loss and the penalty,
# is the largest.

J = neurons.history_.loss[-1]
hardest = neurons.classes_[J.argmax()]
print("J:", ", ".join(f"{digit}: {loss:.3f}" for digit, loss in zip(neurons.classes_, J, strict=True)))
WeightImageDisplay.from_estimator(neurons, X, y, class_of_interest=hardest)

# %%
# These weights are small because a penalty holds them: ``C=0.01``. With one that is ten thousand times weaker the same
# neuron trusts single pixels that happened to tell its examples apart; mind the scale. About digits that they have not
# seen, such neurons believe less well.

loose = SigmoidNeuronClassifier(C=100).fit(X, y)
WeightImageDisplay.from_estimator(loose, X, y, class_of_interest=hardest)
rows = np.arange(len(y_held_out))
for name, one in {"C=0.01": neurons, "C=100": loose}.items():
    lost = -one.predict_log_proba(X_held_out)[rows, y_held_out].mean()
    print(f"{name}: mean log-loss of the digits held out {lost:.3f}")

# %%
# Now let one image through: pixel by pixel it is multiplied by the weights. What the products and the bias add up to is
# the score. Here it is the neuron of the digit predicted, and beneath it that of the next probable one: the image is
# the same, the weights are not.

WeightImageDisplay.from_estimator(neurons, X, x=X_held_out[0], truth=y_held_out[0])

# %%
# And a mistake: of all that are held out, the one that costs most. Above is the neuron that was believed, beneath it
# the one that should have been. Purple in the upper products is what misled the neuron of the wrong digit; in the lower
# ones too little of it stands against the amber and the bias.

losses = -neurons.predict_log_proba(X_held_out)[rows, y_held_out]
worst = losses.argmax()
WeightImageDisplay.from_estimator(neurons, X, x=X_held_out[worst], truth=y_held_out[worst])

# %%
# Behind a scaler the neuron sees how far each pixel is from its average, in standard deviations: ink is more than
# usual, teal is less. It is these numbers that are multiplied, and so a pixel that is dark may speak, too.

pipeline = make_pipeline(StandardScaler(), SigmoidNeuronClassifier(C=0.01)).fit(X, y)
WeightImageDisplay.from_estimator(pipeline, X, x=X_held_out[worst], truth=y_held_out[worst])
plt.show()

# sphinx_gallery_thumbnail_number = 2
