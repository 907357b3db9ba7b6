r"""
Episode IV: From one neuron to many
===================================

One neuron answers one question: toxic, or harmless? The world asks for more. *Which* of three flowers is it? And there
are questions to which no straight line is an answer, however long a neuron learns.

This episode puts neurons side by side, and then, at its end, one behind the other. You will see that the slope is still
how wrong it was, :math:`a - y`; that a chain has only got more links; and where this package ends and networks begin.

**What you bring.** One neuron: the :term:`score` :math:`z = w \cdot x + b`, the :term:`belief` :math:`a`, the
:term:`truth` :math:`y`, the loss, its gradient by the :term:`chain rule`, and the walk downhill.

Three flowers
-------------

Three kinds of iris, fifty plants of each, and of each plant the length and width of a petal, in centimetres. (Edgar
Anderson measured them; Ronald Fisher made them famous in 1936; scikit-learn brings them along.)
"""

import numpy as np
from sklearn.datasets import load_iris

from sklearn_neuron.displays import PlantsDisplay

iris = load_iris()
X, y = iris.data[:, 2:], iris.target
features = ["petal length (cm)", "petal width (cm)"]
names = {"feature_names": features, "class_names": iris.target_names}

PlantsDisplay.from_data(X, y, **names)
for k, name in enumerate(iris.target_names):
    average = X[y == k, 0].mean()
    print(f"{k}, {name}: petals of {average:.2f} cm")

# %%
# A neuron has one line to draw. So ask three questions instead of one. *Is it a setosa, or something else? Is it a
# versicolor, or something else? Is it a virginica, or something else?* Each is a question of two classes, and each gets
# a neuron of its own. This is called **one-vs-rest**, short ``"ovr"``, and it is what happens when a neuron meets more
# than two classes.

from sklearn_neuron import SigmoidNeuronClassifier

alone = SigmoidNeuronClassifier().fit(X, y)

for k, name in enumerate(iris.target_names):
    (w1, w2), b = alone.coef_[k], alone.intercept_[k]
    print(f"{name:10} z = {w1:+.2f} length {w2:+.2f} width {b:+.2f}")

# %%
# Nothing new has been learned here, in the strict sense: every row is what a single neuron would have learned of its
# question. (By default, a neuron also pays a little for large weights, so that none grows without end. Here each of
# the three pays.) They only walk side by side, on the same passes over the plants: ``theta`` has a column for each.

apart = [SigmoidNeuronClassifier().fit(X, y == k) for k in range(3)]
together = np.vstack([one.coef_ for one in apart])
differ = np.abs(together - alone.coef_).max()
print(f"learned apart, the weights differ by at most {differ:.0e}")
print("steps of each:", alone.n_iter_)
print("passes, side by side:", alone.history_.passes[-1])
print("passes, apart:", *(one.history_.passes[-1] for one in apart))

# %%
# Together they took as many passes as the slowest of them alone.
#
# Now let each of them say what it believes, of every plant, and add the three beliefs up.

from sklearn_neuron.neuron import sigmoid

beliefs = sigmoid(alone.decision_function(X))
sums = beliefs.sum(axis=1)
print(f"sums of three: from {sums.min():.2f} to {sums.max():.2f}")
most = beliefs[y == 1, 1].max()
print(f"at most believed in a versicolor: {most:.2f}")

# %%
# That is odd. It *is* one of three, and yet the beliefs do not add up to 1: nobody has told the neurons of each other.
# (To predict, they are divided by their sum.) And the neuron of versicolor is never sure, for its kind stands in the
# middle, on no side of any line.
#
# A belief that is shared
# -----------------------
#
# So let them share one unit of belief: what one is given, the others lack. How should it be shared out? Every neuron
# has a score, any number. Make it positive, by :math:`e^z`; and take the shares of the total:
#
# .. math::
#
#    a_k \;=\; \frac{e^{z_k}}{e^{z_1} + e^{z_2} + \cdots + e^{z_K}}
#
# This is the **softmax** of the scores: the highest gets most, but, softly, not all. :math:`K` is the number of
# classes. Neurons that share a belief are a :term:`layer`.
#
# Is that arbitrary? Try it with two, and call them 0 and 1. Divide above and below by :math:`e^{z_1}`:
#
# .. math::
#
#    a_1 \;=\; \frac{e^{z_1}}{e^{z_0} + e^{z_1}} \;=\; \frac{1}{1 + e^{-(z_1 - z_0)}} .
#
# The sigmoid of the *difference* of both scores. The single neuron has always been a layer of two, and its score was
# how far one is ahead of the other. And we learn that only differences count: add the same number to all scores, and
# every belief stays as it is. That is more than a curiosity, for :math:`e^{1000}` is too large for a computer. So the
# highest score is taken away from all of them first. In ``layer.py``:
#
# .. literalinclude:: ../../sklearn_neuron/layer.py
#    :language: python
#    :start-at: e = _beside_the_highest(as_floats(z))
#    :end-at: return e / e.sum(axis=-1
#    :dedent:

from sklearn_neuron.layer import softmax

z = np.array([[2.0, 1.0, -1.0]])
print("by hand      ", (np.exp(z) / np.exp(z).sum()).round(4))
print("softmax      ", softmax(z).round(4))
print("all + 1000   ", softmax(z + 1000).round(4))

# %%
# How wrong is it?
# ----------------
#
# As before: the loss is minus the logarithm of what was believed in the truth. If the truth is class :math:`y`,
#
# .. math::
#
#    -\log\,a_y \;=\; \log\left(e^{z_1} + \cdots + e^{z_K}\right) - z_y ,
#
# since the logarithm of a quotient is a difference, and that of :math:`e^z` is :math:`z`. Two terms; write :math:`S`
# for the sum in the first. How do they answer to one score :math:`z_k`?
#
# - **The second** is easy: :math:`-z_y` has slope -1 along the score of the truth, and 0 along every other.
# - **The first** is a chain of two links. :math:`\log\,S` answers to its sum :math:`S` by :math:`1 / S`. The sum
#   answers to :math:`z_k` by :math:`e^{z_k}`, which is its own slope. The product is :math:`e^{z_k} / S`. We know that
#   number. It is :math:`a_k`.
#
# So, with :math:`y_k` for 1 if :math:`k` is the truth and 0 if not,
#
# .. math::
#
#    \frac{\partial J}{\partial z_k} \;=\; a_k - y_k .
#
# Read it twice. It is :math:`a - y` again: belief minus truth, the :term:`residual`, once for every class. They add up
# to 0, because beliefs and truths both add up to 1: *what is taken from some is given to others.* The last link is the
# one that we know, for a weight acts through its feature:
#
# .. literalinclude:: ../../sklearn_neuron/layer.py
#    :language: none
#    :start-at: dJ/dw_k  =
#    :end-at: loss_slope
#    :dedent:
#
# Do not believe it. Turn each score a little, look at the loss, and compare.

from sklearn_neuron.layer import example_loss, residual

truth, h = np.array([1]), 1e-6
for k in range(3):
    turn = h * np.eye(3)[k]
    ahead = example_loss(z + turn, truth)[0]
    behind = example_loss(z - turn, truth)[0]
    measured = (ahead - behind) / (2 * h)
    by_hand = residual(z, truth)[0, k]
    print(f"a - y = {by_hand:+.6f}, measured {measured:+.6f}")

# %%
# Now the three neurons learn as one layer. It is one walk: one :math:`J`, one rate, one arrival. Beside it stands
# ``LogisticRegression`` of scikit-learn, which learns the same layer by a method of its own. If our derivation is
# right, both must end at the same weights.

from sklearn.linear_model import LogisticRegression

layer = SigmoidNeuronClassifier(multi_class="multinomial", tol=1e-8)
theirs = LogisticRegression(solver="newton-cholesky", tol=1e-8)
layer.fit(X, y)
theirs.fit(X, y)
print("our weights\n", layer.coef_.round(4))
print("theirs\n", theirs.coef_.round(4))
differ = np.abs(layer.coef_ - theirs.coef_).max()
print(f"they differ by at most {differ:.0e}")
sums = layer.predict_proba(X).sum(axis=1)
print(f"beliefs add up to 1, within {np.abs(sums - 1).max():.0e}")

# %%
# What has changed is seen at once. First the three that learned alone; the colour is the most probable kind, the deeper
# the surer, and what they get wrong wears a ring.

from sklearn_neuron.displays import DecisionFieldDisplay

DecisionFieldDisplay.from_estimator(alone, X, y, **names)

# %%
# Look at the versicolors. The three are surest of them far below, where no versicolor stands: there the two other
# neurons say no the loudest. And now the layer:

DecisionFieldDisplay.from_estimator(layer, X, y, **names)

print("believed in the truth, on average:")
for k, name in enumerate(iris.target_names):
    apart = alone.predict_proba(X[y == k])[:, k].mean()
    together = layer.predict_proba(X[y == k])[:, k].mean()
    print(f"{name:10} alone {apart:.0%}, in the layer {together:.0%}")

# %%
# Its lines stand where the kinds meet, each kind is believed in where it is, and more. Here is a difficult plant on its
# way through the layer, one that stands near a border. Follow its two features through six weights into three scores,
# and the scores into one unit of belief.

from sklearn_neuron.displays import NeuronDiagramDisplay

NeuronDiagramDisplay.from_estimator(layer, x=X[70], **names)
print("scores: ", layer.decision_function(X[[70]])[0].round(3))
print("beliefs:", layer.predict_proba(X[[70]])[0].round(3))
print("truth:  ", iris.target_names[y[70]])

# %%
# Other ways to bend
# ------------------
#
# The sigmoid and the softmax bend scores into beliefs. A neuron whose answer is not the last word, whose answer is only
# *handed on* to other neurons, need not believe anything. It only has to bend. What bends a score is called an
# **activation function**, and these four are the famous ones. Dashed, the slope of each.

from sklearn_neuron.displays import ActivationCurveDisplay

ActivationCurveDisplay.from_activation()

# %%
# - **tanh** (say: tanch) is a sigmoid that was stretched: from -1 to 1 instead of 0 to 1, and twice as quick. In
#   symbols, :math:`\tanh\,z = 2\,\mathrm{sigmoid}(2z) - 1`. Its answers lie around 0, and so they are, for the next
#   neuron, what Episode III wanted features to be: centred.
# - **ReLU**, the rectified linear unit, is :math:`\max(z, 0)`: silent below 0, a straight line above.
# - **leaky ReLU** is nearly silent below 0: there it lets a hundredth through.
#
# Why would anybody give up the beautiful sigmoid for a corner? Because of the slopes. They are the links through which
# a correction has to come back:

from sklearn_neuron.activations import ACTIVATIONS

scores = np.array([-4.0, -1.0, 0.5, 4.0])
print("slope at z =", *(f"{score:6.1f}" for score in scores))
for name, (_, slope) in ACTIVATIONS.items():
    print(f"{name:12}", *(f"{value:6.3f}" for value in slope(scores)))

stretched = 2 * sigmoid(2 * scores) - 1
differ = np.abs(np.tanh(scores) - stretched).max()
print(f"stretched, the sigmoid differs by {differ:.0e}")
print(f"ten sigmoids let through at most {0.25**10:.0e}")

# %%
# The slope of a sigmoid is at most 1/4, and where it is sure, nearly nothing. Put ten of them one behind the other, and
# the chain rule multiplies ten such numbers: hardly a millionth of a correction comes through. They say that the
# gradient *vanishes*. A ReLU lets it through whole, or not at all; one that is silent for every example has slope 0 for
# each of them, and learns nothing: as long as it is fed the same, it stays silent. Therefore the leak.
#
# This package learns with the sigmoid and the softmax alone. They are what a *last* neuron needs: a belief.
#
# What one neuron cannot do
# -------------------------
#
# Four plants. Of each we know two things only: is it hairy, is it shiny? The toxic ones are hairy *or* shiny, but not
# both. This is called **exclusive or**, XOR. A child sees the rule.

corners = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
toxic = np.array([0, 1, 1, 0])
look, classes = ["hairy", "shiny"], ["harmless", "toxic"]
kinds = {"feature_names": look, "class_names": classes}

one = SigmoidNeuronClassifier(C=np.inf).fit(corners, toxic)
print("weights:", one.coef_, "bias:", one.intercept_)
print("steps:", one.n_iter_[0])
print("beliefs:", one.predict_proba(corners)[:, 1])
print(f"J = {one.loss_curve_[-1]:.6f}, log 2 = {np.log(2):.6f}")
print(one.stop_reason_)

# %%
# It took no step. It looked around at zero weights, found every slope to be 0, and said that it has arrived. And it is
# right.
#
# **It cannot draw such a line.** Suppose that some weights and a bias got all four plants right: a positive score for
# the toxic, a negative one for the harmless. Then
#
# .. math::
#
#    \begin{aligned}
#    b &< 0 && \text{neither hairy nor shiny: harmless} \\
#    w_2 + b &> 0 && \text{shiny: toxic} \\
#    w_1 + b &> 0 && \text{hairy: toxic} \\
#    w_1 + w_2 + b &< 0 && \text{both: harmless}
#    \end{aligned}
#
# Add the second and the third: :math:`w_1 + w_2 + 2b > 0`. Add the first and the last: :math:`w_1 + w_2 + 2b < 0`. Both
# cannot be. There is no such neuron, and no way of learning will ever find it.
#
# **And the best it can do is to shrug.** At zero weights every belief is 1/2, and the residuals of the four plants are
# +1/2, -1/2, -1/2, +1/2. Sum them up: 0, the slope along the bias. Sum up those of the hairy ones: -1/2 + 1/2 = 0. Of
# the shiny ones: 0. No slope anywhere. Could it be a floor, and a lower one elsewhere? No. As we saw in Episode III,
# :math:`J` is convex: along any direction it bends by a mean of :math:`a(1-a)` times a *square*, which is never
# negative. So along every line the slope only grows, and where it is 0, nothing lower follows. The minimum of :math:`J`
# is :math:`\log\,2`, the loss of one who always says *fifty-fifty*.

from sklearn_neuron.displays import LossLandscapeDisplay

LossLandscapeDisplay.from_estimator(
    one,
    corners,
    toxic,
    path=False,
    feature_names=look,
)

# %%
# A bowl, round near its floor, and the floor is where both weights are 0. To see more of it, let there be two hundred
# plants, a little hairy and a little shiny, in four clouds around those corners:

rng = np.random.default_rng(0)
cloud = np.repeat(np.arange(4), 50)
leaves = corners[cloud] + 0.16 * rng.standard_normal((200, 2))
poison = toxic[cloud]

helpless = SigmoidNeuronClassifier(C=np.inf).fit(leaves, poison)
DecisionFieldDisplay.from_estimator(helpless, leaves, poison, **kinds)
right = helpless.score(leaves, poison)
print(f"right about {right:.0%} of the plants")
print(f"J = {helpless.loss_curve_[-1]:.3f}")

# %%
# It draws some line, hardly believes in it, and is right as often as a coin.
#
# What a feature can do
# ---------------------
#
# The neuron cannot bend its line. But we can bend the plane. Give it a third feature, the product :math:`x_1 x_2`: it
# is 1 for the plant that is both, and 0 for the other three. Then
#
# .. math::
#
#    z \;=\; 10\,x_1 + 10\,x_2 - 20\,x_1 x_2 - 5
#
# is a straight rule of three features, and it gets all four right:

product = corners[:, 0] * corners[:, 1]
by_hand = 10 * corners[:, 0] + 10 * corners[:, 1] - 20 * product - 5
print("scores:", by_hand, "truths:", toxic)

# %%
# We need not find the weights. That is what a neuron learns. ``PolynomialFeatures`` of scikit-learn makes products of
# features, and a ``Pipeline`` hands them on. Everything else stays as it is: one neuron, one convex valley.

from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures

products = PolynomialFeatures(
    2,
    interaction_only=True,
    include_bias=False,
)
helped = make_pipeline(products, SigmoidNeuronClassifier())
helped.fit(leaves, poison)

DecisionFieldDisplay.from_estimator(helped, leaves, poison, **kinds)
(w1, w2, w3), b = helped[-1].coef_[0], helped[-1].intercept_[0]
print(f"z = {w1:.2f} hairy {w2:+.2f} shiny", end=" ")
print(f"{w3:+.2f} hairy shiny {b:+.2f}")
print(f"right about {helped.score(leaves, poison):.0%} of the plants")
print(f"J = {helped[-1].loss_curve_[-1]:.3f}")

# %%
# In the plane of two features its straight rule is a curve. With all powers and products up to some degree it can bend
# as you like. But somebody has to choose them, and they are many:

for p in (2, 10, 100):
    made = PolynomialFeatures(3, include_bias=False)
    count = made.fit(np.zeros((1, p))).n_output_features_
    print(f"{p:3} features, up to three multiplied: {count:,}")

# %%
# What two neurons and a third can do
# -----------------------------------
#
# There is another way: let neurons make the features. Two of them look at the plant. The first answers *hairy or shiny,
# or both* (OR). The second answers *not both* (NAND, not-and). A third looks at nothing but their two answers, and says
# *both of them* (AND). Hairy or shiny, and not both: that is the rule.
#
# Each of these is a question with a straight line. So each is a neuron, and its weights can be set by hand. A large
# weight makes it sure; the bias says where it changes its mind.

from sklearn_neuron.neuron import linear_score

# OR and NAND, a column each
W = np.array([[10.0, -10.0], [10.0, -10.0]])
c = np.array([-5.0, 15.0])
v, d = np.array([10.0, 10.0]), -15.0  # AND


def network(x, W, c, v, d):
    """Two neurons, and a third that looks at their answers."""
    hidden = sigmoid(linear_score(x, W, c))
    return hidden, sigmoid(linear_score(hidden, v, d))


hidden, answer = network(corners, W, c, v, d)
print("hairy shiny    OR   NAND    AND")
for plant in range(4):
    hairy, shiny = corners[plant]
    either, not_both = hidden[plant]
    says = f"{either:5.3f}  {not_both:5.3f}  {answer[plant]:5.3f}"
    print(f"{hairy:5.0f} {shiny:5.0f} {says}")

# %%
# Four right answers out of three sigmoids. What does the third neuron see? Not leaves, but two opinions. Draw the two
# hundred plants where *it* sees them, with the line that it draws. (To be drawn it has to be a neuron that has learned;
# what it has learned is thrown away.)

opinions, believed = network(leaves, W, c, v, d)
third = SigmoidNeuronClassifier().fit(opinions, poison)
third.coef_[:], third.intercept_[:] = v, d

seen = {"feature_names": ["what OR says", "what NAND says"]}
seen["class_names"] = classes
DecisionFieldDisplay.from_estimator(third, opinions, poison, **seen)

# %%
# The first two neurons have folded the plane. Two opposite corners, which no line could part from the two others, came
# to lie in one corner, up on the right, and there a line is enough. What do all three together believe, over the
# leaves?

low, high = leaves.min(axis=0) - 0.2, leaves.max(axis=0) + 0.2
across, up = np.linspace(low, high, 200).T
grid = np.stack(np.meshgrid(across, up), axis=-1)
_, field = network(grid, W, c, v, d)

said = (believed > 0.5).astype(int)
hairy, shiny = leaves.T
points = PlantsDisplay(
    x1=hairy,
    x2=shiny,
    codes=poison,
    predicted=said,
    **kinds,
)
DecisionFieldDisplay(
    xx=across,
    yy=up,
    belief=field,
    points=points,
    **kinds,
).plot()
print(f"right about {(said == poison).mean():.0%} of the plants")

# %%
# **That is a network**: neurons that look at the answers of neurons. Those between the leaves and the last word are
# called *hidden*.
#
# Nobody has trained it. This package does not do that, and it would be another package. But you know nearly all that it
# takes. How should a weight of the OR neuron change? Follow the chain backwards; it has two more links:
#
# .. math::
#
#    \frac{\partial J}{\partial W_{11}} \;=\; (a - y) \cdot v_1 \cdot h_1 (1 - h_1) \cdot x_1
#
# *How wrong*, times *through which weight* it was heard, times *the slope of the sigmoid* in between, times *through
# what*: for each plant, and then the mean. :math:`h_1` is what the OR neuron says. Carrying :math:`a - y` back through
# a whole network like this is called **backpropagation**. It is the chain rule, and a great deal of bookkeeping. Again,
# do not believe it:


def loss(W):
    """Mean log-loss, over the weights of the first two."""
    a = network(leaves, W, c, v, d)[1]
    return -np.log(np.where(poison == 1, a, 1 - a)).mean()


h1, x1 = opinions[:, 0], leaves[:, 0]
by_chain = ((believed - poison) * v[0] * h1 * (1 - h1) * x1).mean()
turn = np.array([[1e-6, 0.0], [0.0, 0.0]])
measured = (loss(W + turn) - loss(W - turn)) / 2e-6
print(f"by the chain rule {by_chain:.8f}")
print(f"measured          {measured:.8f}")

# %%
# One thing is lost, and it should be said. The landscape of a network is not one valley. Exchange the two hidden
# neurons, and you have another network with the same answers, at another place, just as low. Halfway between the two,
# both hidden neurons are the same, and :math:`J` is high: there is a ridge.


def height(W, c):
    """Mean log-loss on the four corners."""
    a = network(corners, W, c, v, d)[1]
    return -np.log(np.where(toxic == 1, a, 1 - a)).mean()


swapped = W[:, ::-1], c[::-1]
halfway = (W + swapped[0]) / 2, (c + swapped[1]) / 2
print(f"here                {height(W, c):.3f}")
print(f"with both exchanged {height(*swapped):.3f}")
print(f"halfway             {height(*halfway):.3f}")

# %%
# So where a walk begins matters, "the floor" becomes "a floor", and no Newton decrement can promise that it is the
# lowest. The single neuron is the last place where all of it can be understood to the bottom. You have been there.
#
# Where to go next
# ----------------
#
# - **Touch it.** The :doc:`playground </playground>` puts a neuron under your hands (``python -m sklearn_neuron play``
#   writes it, of a table of yours as well): drag plants, turn dials, let it trip. Choose XOR, and watch it shrug.
# - **Use it.** The :doc:`quick start </quick_start>`, :doc:`how to choose </how_to_choose>`, and what is different if
#   you come :doc:`from LogisticRegression </coming_from_logistic_regression>`.
# - **Look closer.** :doc:`One page </softmax>` says when to take a layer and when neurons alone; the :doc:`gallery
#   </gallery_pages/index>` has more pictures.
# - **Read the code.** Three files in this order: ``neuron.py``, ``objective.py``, ``descent.py``. You have seen their
#   lines in four episodes. The :doc:`house </house>` is the plan of the rest.
# - **Go on.** Networks that learn are the business of PyTorch, JAX and their like. Every one of them does, at bottom,
#   what you did here with a pencil: a score, a bend, a loss, a chain, a step downhill.
#
# Exercises
# ---------
#
# **1.** Three neurons of a layer have the scores 1, 1 and 1. What does it believe? Now the first score rises to
# :math:`1 + \log\,2`. What now?
#
# .. admonition:: Answer
#    :collapsible: closed
#
#    A third each. Then the first has twice the weight of each other, :math:`e^{\log\,2} = 2`: shares of 2, 1 and 1 out
#    of 4.
#
#    >>> print(softmax([[1.0, 1.0, 1.0]]).round(3))
#    [[0.333 0.333 0.333]]
#    >>> print(softmax([[1.0 + np.log(2), 1.0, 1.0]]).round(3))
#    [[0.5  0.25 0.25]]
#
# **2.** A layer believes 0.7, 0.2 and 0.1, and the truth is the second class. What is the loss, what are the residuals,
# and what do they add up to?
#
# .. admonition:: Answer
#    :collapsible: closed
#
#    The loss is :math:`-\log\,0.2`. The residuals are 0.7, 0.2 - 1 and 0.1; they add up to 0.
#
#    >>> z = np.log([[0.7, 0.2, 0.1]])  # scores that believe so
#    >>> print(example_loss(z, [1]).round(3))
#    [1.609]
#    >>> print(residual(z, [1]).round(3))
#    [[ 0.7 -0.8  0.1]]
#    >>> print(abs(residual(z, [1]).sum()) < 1e-15)
#    True
#
# **3.** The slope of tanh is :math:`1 - (\tanh\,z)^2`. How large is it at most, and how many times larger than that of
# the sigmoid?
#
# .. admonition:: Answer
#    :collapsible: closed
#
#    At 0, where tanh is 0, it is 1; the slope of the sigmoid is 1/4 there. So it is four times as large: stretched to
#    twice the height, and twice as quick.
#
#    >>> tanh, logistic = ACTIVATIONS["tanh"], ACTIVATIONS["sigmoid"]
#    >>> print(tanh.slope(0.0) / logistic.slope(0.0))
#    4.0
#
# **4.** Can one neuron learn AND? And OR? Find weights with a pencil, then let it learn.
#
# .. admonition:: Answer
#    :collapsible: closed
#
#    Both, for a line is enough: :math:`x_1 + x_2 = 1.5` parts the plant that is both from the others, and
#    :math:`x_1 + x_2 = 0.5` the one that is neither. With a penalty (``C=10``) the weights stay finite.
#
#    >>> learner = SigmoidNeuronClassifier(C=10)
#    >>> for wanted in ([0, 0, 0, 1], [0, 1, 1, 1]):
#    ...     print(learner.fit(corners, wanted).predict(corners))
#    [0 0 0 1]
#    [0 1 1 1]
#
# **5.** Measure hairy and shiny by +1 for yes and -1 for no. Which single feature solves XOR now, and with which
# weight?
#
# .. admonition:: Answer
#    :collapsible: closed
#
#    The product alone: it is -1 for the toxic plants and +1 for the harmless, so any negative weight will do, without
#    bias. A good ruler is half the work, here too.
#
#    >>> signs = 2 * corners - 1
#    >>> product = signs[:, [0]] * signs[:, [1]]
#    >>> enough = SigmoidNeuronClassifier().fit(product, toxic)
#    >>> print(enough.coef_ < 0, enough.predict(product))
#    [[ True]] [0 1 1 0]
#
# .. admonition:: Summary
#    :class: summary
#
#    - :term:`One-vs-rest <one-vs-rest>`: a question and a neuron for each class, side by side on the same passes. Their
#      beliefs know nothing of each other.
#    - :term:`Softmax <softmax>`: :math:`K` neurons share one unit of belief, :math:`a_k = e^{z_k} / \sum_j e^{z_j}`. Of
#      two classes it is the sigmoid of the difference.
#    - Its gradient is the one you know: :math:`a_k - y_k`, times the feature.
#    - An :term:`activation` bends a score. Its slope is what a correction must come through: sigmoid at most 1/4, tanh
#      at most 1, ReLU 1 or 0, leaky ReLU never 0.
#    - :term:`XOR` has no line. :math:`J` is :term:`convex`, and its minimum is log 2, at zero weights.
#    - A **feature** (a product) can bend the plane for a neuron; so can **two neurons** in front of a third. That is a
#      :term:`network`; to train it the chain gets longer, and the landscape is no longer one valley.
#
# Thank you for walking along. The hill is still there; you can climb it again, at any pace, from any side.
