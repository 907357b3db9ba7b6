r"""
Episode I: Theory of a neuron
=============================

You walk across a meadow. Some plants on it are toxic and some are harmless, and they do not say which. All that you
carry is a ruler.

At the end of this page you will have built something that looks at two lengths from your ruler and tells you how sure
it is that the plant is toxic. Nobody will have told it how: it will have learned that from examples. It is called a
**neuron**. Large networks are made of parts like this one, and they learn by the rule that stands further down on this
page.

You need the algebra of school: letters that stand for numbers, straight lines, powers. Every other word is explained
before it is used.

Grey boxes hold code, and what a box printed stands beneath it. You may skip the code: the sentences go on without it.
But nothing is hidden there. Every number on this page comes out of a box on this page, and so does every picture. The
whole page is also a notebook, to be downloaded at its end: change a number in it, run it, and see what happens. (For
that you need the package. In its folder, ``pip install '.[plot]' notebook`` installs it, and
``jupyter notebook`` beside it, which opens such pages.)
"""

# %%
# Plants that somebody knows
# --------------------------
#
# Learning needs examples. Here are four plants that a botanist has looked at. Of each we know how long and how wide a
# leaf is, in centimetres, and what the botanist says.

import numpy as np

# A plant in each row: leaf length, leaf width.
four = np.array([[2.0, 1.0], [3.0, 2.0], [5.0, 2.0], [6.0, 3.0]])

# What the botanist says: 0 is harmless, 1 is toxic.
truth = np.array([0, 0, 1, 1])
classes = ["harmless", "toxic"]

for plant, (length, width), toxic in zip("ABCD", four, truth):
    size = f"{length} cm long, {width} cm wide"
    print(f"plant {plant}: {size}, {classes[toxic]}")

# %%
# A measurement is called a **feature**. We write :math:`x_1` for the length and :math:`x_2` for the width. A plant with
# its features is an **example**, :math:`x = (x_1, x_2)`. What the botanist says is its :term:`truth`, :math:`y`: it is
# 1 for toxic and 0 for harmless. The two kinds are called **classes**.
#
# Four plants are enough for pencil and paper, and we shall come back to them. A neuron wants to see more. These are two
# hundred: every dot is a plant, its place is its features, and its colour is its truth.

from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.displays import PlantsDisplay

X, y = make_toxic_plants(random_state=0, return_X_y=True)
names = {
    "feature_names": ["leaf length (cm)", "leaf width (cm)"],
    "class_names": classes,
}

PlantsDisplay.from_data(X, y, **names)
print(f"{len(X)} plants, {y.sum()} of them toxic")

# %%
# Toxic plants have longer and wider leaves, mostly. The two clouds overlap, and where they do, nobody can be certain.
# So we shall not ask for a yes or a no. We shall ask: *how sure are you?*
#
# A score: one number for a plant
# -------------------------------
#
# How could two lengths become one opinion? Multiply each by a number that says how much it matters, add the products,
# and add one number more:
#
# .. math:: z = w_1 x_1 + w_2 x_2 + b
#
# The numbers :math:`w_1` and :math:`w_2` are the **weights**. The number :math:`b` is the **bias**. The result
# :math:`z` is the :term:`score` of the plant: the higher it is, the more speaks for toxic; below zero more speaks for
# harmless. With a single feature this would be :math:`z = w x + b`, the straight line of school.
#
# What should the weights be? That is what a neuron learns, and we do not know it yet. So let us guess. Long and wide
# leaves are suspicious, both alike, and a plant is dubious if its length and width together make six centimetres:

w, b = np.array([1.0, 1.0]), -6.0

for plant, (length, width) in zip("ABCD", four):
    z = w[0] * length + w[1] * width + b
    products = f"{w[0]:.0f} * {length:.0f} + {w[1]:.0f} * {width:.0f}"
    print(f"plant {plant}: {products} - {-b:.0f} = {z:+.0f}")

# %%
# The two harmless plants are below zero, the two toxic ones above. Not bad for a guess.
#
# In the package that goes with this page, this is one line. ``X`` holds one plant a row, and ``@`` means: multiply each
# number of a row by its weight, and add up.
#
# .. literalinclude:: ../../sklearn_neuron/neuron.py
#    :language: python
#    :start-at: return X @ w + b
#    :end-at: return X @ w + b
#    :dedent:
#
# Textbooks write the same thing :math:`z = w \cdot x + b`, for however many features. And this is how it is drawn:
# features come in at the left, each runs along a line that has a weight, and all of them meet in a sum.

from sklearn_neuron.displays import NeuronDiagramDisplay
from sklearn_neuron.neuron import linear_score

NeuronDiagramDisplay(
    weights=[w],
    bias=[b],
    feature_names=names["feature_names"],
    neuron_names=["toxic"],
).plot()
print("scores of the four plants:", linear_score(four, w, b))

# %%
# The bend to the right of the sum comes later on this page. First look at what we can turn.
#
# Two dials and a lever
# ---------------------
#
# Where is the score exactly zero? Write the equation and solve it for :math:`x_2`, as at school:
#
# .. math::
#
#    w_1 x_1 + w_2 x_2 + b &= 0 \\
#    x_2 &= - \frac{w_1}{w_2} \, x_1 - \frac{b}{w_2}
#
# That is a straight line in the picture of the plants. It is called the **decision boundary**: on one side the score
# speaks for toxic, on the other for harmless. The weights are two dials that turn the line, and move it too, as they
# turn. The bias is a lever that only shifts it. Here each is moved alone, while the other two keep our guess.

from sklearn_neuron.displays import DialsDisplay

x1, x2 = X.T
DialsDisplay(
    x1=x1,
    x2=x2,
    truths=y,
    weights=w,
    bias=b,
    **names,
).plot()

right = ((linear_score(X, w, b) > 0) == y).sum()
print(f"{right} of {len(X)} plants are on their own side of our line")

# %%
# Now a riddle. Turn all three at once, to twice what they were. What happens to the line?

twice = linear_score(four, 2 * w, 2 * b)
print("scores of the four plants:", linear_score(four, w, b))
print("... with all dials doubled:", twice)

# %%
# Nothing happens to it: twice zero is zero. But all scores are twice as large. So the dials say two things: *where* the
# line is, and *how loudly* the neuron speaks on either side of it. Keep that in mind; there is a price for loudness.
#
# And keep the limit in mind. A weighted sum makes a straight boundary, never a curved one. Curves take many neurons
# together, and each of them has to bend its score. How it does that comes now.
#
# From a score to a belief
# ------------------------
#
# A score of three: is that much? A score is just a number. It does not say how sure anybody is. We want a number
# between 0 and 1, in which 0 is "certainly harmless", 1 is "certainly toxic", and one half is "I have no idea". Such a
# number is a **probability**; as the opinion of a neuron we call it its :term:`belief`, and write :math:`a`.
#
# How do you get from any number to a number between 0 and 1? Ask a gambler. The **odds** of a thing are its probability
# divided by that of its opposite, :math:`a / (1 - a)`. Odds of one mean "as likely as not". Odds are never negative,
# and they may be as large as you like. Now let every point of score *multiply* the odds by the same number, and let
# score zero mean odds of one. A number that is multiplied again and again is a power:
#
# .. math:: \frac{a}{1 - a} = e^z
#
# Here :math:`e` is a fixed number, printed below. Any number above 1 would do. This one makes slopes simple, as you
# will see in Episode II. Solve for :math:`a`:
#
# .. math::
#
#    a &= e^z (1 - a) \\
#    a \, (1 + e^z) &= e^z \\
#    a &= \frac{e^z}{1 + e^z} = \frac{1}{1 + e^{-z}}
#
# In the last step the fraction is divided by :math:`e^z` above and below; remember that :math:`e^{-z}` is
# :math:`1 / e^z`. This is the **sigmoid**, the S-shaped function. We did not invent it: it is what you get if evidence
# multiplies odds.

print(f"e = {np.e:.6f}")
print(f"{'z':>3} {'odds e^z':>10} {'belief a':>9}")
for z in range(-4, 5):
    print(f"{z:>3} {np.exp(z):>10.4f} {1 / (1 + np.exp(-z)):>9.4f}")

# %%
# Read the last column from both ends: the belief at :math:`-z` is what the belief at :math:`z` lacks to 1. That is no
# accident.
#
# .. math:: 1 - a(z) = 1 - \frac{e^z}{1 + e^z} = \frac{1}{1 + e^z} = a(-z)
#
# So nothing here is in favour of toxic. Swap the two names, turn the sign of the score, and the beliefs swap as well.
#
# The package writes the sigmoid in a way that looks odd at first:
#
# .. literalinclude:: ../../sklearn_neuron/neuron.py
#    :language: python
#    :start-at: return np.exp(np.minimum(z, 0))
#    :end-at: return np.exp(np.minimum(z, 0))
#    :dedent:
#
# It is the formula above, in its left form where the score is below zero and in its right form elsewhere. The reason is
# that a computer cannot hold :math:`e` to the power of a thousand, and in this line it never has to: every power is of
# a number that is at most zero. The same care will be taken in all that follows.
#
# Here are two hundred plants on the curve, with our guessed weights.

from sklearn_neuron.displays import SigmoidCurveDisplay
from sklearn_neuron.neuron import sigmoid

SigmoidCurveDisplay(
    linear_scores=linear_score(X, w, b),
    truths=y,
    class_names=classes,
).plot()

beliefs = sigmoid(linear_score(four, w, b))
print("beliefs of the four plants:", beliefs.round(4))

# %%
# Far to the left the curve is flat: the neuron is sure, and a little more or less does not change its mind. Far to the
# right too. In the middle it is steep: where the neuron is in doubt, little things count.
#
# A belief is a probability
# -------------------------
#
# The belief is read as "the probability that the truth is 1, given these features". In symbols:
#
# .. math:: a = P(Y = 1 \mid x)
#
# The bar is read "given". :math:`Y` is the truth while we do not know it, and :math:`y` is what it turns out to be. Now
# the neuron can speak:

for plant, a in zip("ABCD", beliefs):
    sure, kind = max(a, 1 - a), classes[int(a > 0.5)]
    print(f"plant {plant}: I am {sure:.0%} sure it is {kind}.")

# %%
# And if you must have a yes or a no: say toxic if the belief is above one half. The sigmoid is above one half exactly
# where the score is above zero, so that this is the straight line again. Whoever wants to *eat* the plant may rather be
# warned much earlier. The belief lets you choose, and a bare yes or no would not.
#
# Other bends
# -----------
#
# A function that bends a score is called an **activation**. There are others. **tanh** is a sigmoid whose values lie
# between minus one and one. **ReLU** is silent below zero and leaves the score as it is above. **Leaky ReLU** is nearly
# silent below.

SigmoidCurveDisplay.from_activation(slopes=False)

# %%
# All of them bend, and that is what networks need of them. Only the first has values that can be read as probabilities,
# and so a neuron that gives an answer has a sigmoid. Episode IV looks at the others.
#
# A coin with a bent rim
# ----------------------
#
# Think of a coin that shows "toxic" with probability :math:`a` and "harmless" with the rest, :math:`1 - a`. A thing
# with two outcomes and one probability is called a **Bernoulli** variable, after the man who wrote the book on it. The
# neuron's opinion of one plant is such a coin. How probable did it hold what turned out to be true? There is a formula
# that looks clever and is very simple:
#
# .. math:: P(Y = y) = a^y \, (1 - a)^{1 - y}
#
# The exponents only choose. If :math:`y` is 1, the second factor has the exponent 0 and is 1, and :math:`a` is left. If
# :math:`y` is 0, the first factor is 1, and :math:`1 - a` is left. Because they only choose, the code chooses:
#
# .. literalinclude:: ../../sklearn_neuron/neuron.py
#    :language: python
#    :start-at: return np.where(np.greater(y, 0), belief, 1 - belief)
#    :end-at: return np.where(np.greater(y, 0), belief, 1 - belief)
#    :dedent:

from sklearn_neuron.neuron import bernoulli

given = bernoulli(beliefs, truth)
for plant, a, toxic, p in zip("ABCD", beliefs, truth, given):
    says = f"belief {a:.4f}, is {classes[toxic]}"
    print(f"plant {plant}: {says}: the truth was given {p:.4f}")

# %%
# How plausible is a whole neuron?
# --------------------------------
#
# Of two neurons, which is better? The one that held the truths to be more probable, all of them together. If coins do
# not influence each other, the probability of all outcomes together is the product of the single ones. (Two heads with
# two good coins: one half times one half.) That product is the **likelihood** of the neuron:
#
# .. math:: L(w, b) = \prod_{i=1}^{n} P(Y_i = y_i)
#
# The large pi is read "multiply, for every plant from number 1 to number :math:`n`". Let us compare our guess with
# another one, in which the lever is moved: it finds plants toxic sooner.

from sklearn_neuron.neuron import likelihood

for lever in (-6.0, -4.0):
    beliefs = sigmoid(linear_score(four, w, lever))
    given = bernoulli(beliefs, truth)
    factors = " * ".join(f"{p:.4f}" for p in given)
    L = likelihood(beliefs, truth)
    print(f"b = {lever}: {factors} = {L:.4f}")

# %%
# The second neuron is surer of the toxic plants and pays for it with plant B, which it holds to be toxic too. One
# factor that is small makes the whole product small. That is just what we want: nobody may be grossly wrong about one
# plant and make up for it elsewhere.
#
# How the product dies
# --------------------
#
# There is a flaw, and it is not in the idea. Every factor is below one, so that every plant makes the product smaller.
# And there is a smallest number that a computer can hold.

tosses, product = 0, 1.0
while product > 0:
    tosses, product = tosses + 1, product * 0.5
print(f"a product of {tosses:,} halves is exactly {product}")

# %%
# A product of halves is never zero. The computer's is. For a neuron that knows something it takes a few more plants,
# and then the same thing happens. Here are three thousand. (In the picture plants are called samples.)

from sklearn_neuron.displays import LikelihoodDisplay
from sklearn_neuron.neuron import example_loss

many = make_toxic_plants(3000, random_state=0)
X_many, y_many = many.data, many.target
log_p = -example_loss(linear_score(X_many, w, b), y_many)
LikelihoodDisplay(log_probabilities=log_p).plot()

# %%
# On the left the product sinks, on a scale on which each mark is many times smaller than the one above. Short numbers
# (float32, yellow) fall silent first, ordinary ones (float64, purple) later. From there on every neuron has likelihood
# 0. All are alike, none is better, and nothing can be learned. On the right is something that goes on quietly. What is
# it?
#
# Why logarithms
# --------------
#
# The **logarithm** of a number is the answer to a question: *e to what power is this number?* So
# :math:`\log e^3 = 3`, and :math:`\log 1 = 0` because :math:`e^0 = 1`. Numbers below 1 have negative logarithms.
# At school you have learned that powers are multiplied by adding their exponents. Turned round, this says:
#
# .. math:: \log (u \, v) = \log u + \log v
#
# A product becomes a sum. A sum of ordinary numbers is an ordinary number, and does not die. And because a larger
# number has a larger logarithm, the neuron with the largest sum is the neuron with the largest product. Nothing is
# changed but what a computer can hold. The sum is the **log-likelihood**:
#
# .. math:: \log L(w, b) = \sum_{i=1}^{n} \log P(Y_i = y_i)

import warnings

from sklearn_neuron.neuron import log_likelihood

for lever in (-6.0, -4.0):
    z = linear_score(X_many, w, lever)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns that it dies
        died = likelihood(sigmoid(z), y_many)
    print(f"b = {lever}: likelihood {died},", end=" ")
    print(f"log-likelihood {log_likelihood(z, y_many):.1f}")

# %%
# The products cannot tell the two neurons apart. The sums can: the first is less negative, so it is the more plausible
# one.
#
# The log-loss, and its humility
# ------------------------------
#
# Three small changes are left. A sum grows with the number of plants; divide by it, and the number means the same for
# four plants and for three thousand. The sum is negative; turn the sign, and it counts what a neuron has *lost*, so
# that less is better. And the clever formula of the coin becomes a sum, too. The result is the **log-loss**, and its
# name is :term:`J`:
#
# .. math:: J(w, b) = - \frac{1}{n} \sum_{i=1}^{n} \left[ y_i \log a_i + (1 - y_i) \log (1 - a_i) \right]
#
# Again :math:`y_i` only chooses. A toxic plant costs :math:`-\log a`. A harmless one costs :math:`-\log (1 - a)`. Each
# costs minus the logarithm of the probability that the neuron gave to the truth:

from sklearn_neuron.neuron import log_loss

z = linear_score(four, w, b)
given, costs = bernoulli(sigmoid(z), truth), example_loss(z, truth)
for plant, p, cost in zip("ABCD", given, costs):
    print(f"plant {plant}: truth was given {p:.4f}, costs {cost:.4f}")
print(f"J, their mean: {log_loss(z, truth):.4f}")

# %%
# And of all two hundred, drawn. (The unit of a loss is called a *nat*, after the natural logarithm, which is the one to
# the base :math:`e`.)

from sklearn_neuron.displays import LogLossDisplay

z = linear_score(X, w, b)
LogLossDisplay(
    linear_scores=z,
    truths=y,
    class_names=classes,
).plot()

print(f"J of our guess on {len(X)} plants: {log_loss(z, y):.4f}")
print(f"always to say one half costs log 2 = {np.log(2):.4f}")

# %%
# Follow one curve from the cheap end to the dear one. To be sure and right costs nearly nothing. To be unsure costs a
# little. To be sure and wrong has no upper limit. Whoever says "certainly" pays without end if it was not so.
#
# This is what loudness costs. Make the neuron ten times as loud: all dials to ten times what they were. The line stays
# where it is, and every yes and no stays the same.

for loudness in (0.1, 1, 10):
    z = linear_score(X, loudness * w, loudness * b)
    right = ((z > 0) == y).sum()
    J = log_loss(z, y)
    print(f"dials times {loudness:>4}: {right} right, J = {J:.4f}")

# %%
# As many are right each time. But to shout costs, and to whisper costs as well, though less. The log-loss wants a
# neuron that is as sure as it has a right to be. That is its humility.
#
# The landscape
# -------------
#
# Now everything can be said in one sentence. For every setting of the two dials and the lever there is a number,
# :math:`J`, and we look for the setting where it is lowest. Move only the lever, and see:

for lever in np.arange(-12.0, 1.0, 2.0):
    J = log_loss(linear_score(X, w, lever), y)
    print(f"b = {lever:>5.1f}: J = {J:.4f} {'#' * round(14 * J)}")

# %%
# Tilt your head to the right, and the bars are a valley. With all three dials it is a landscape: where you stand is the
# setting, how high you stand is :math:`J`. To learn is to find the deepest place.
#
# We could try settings, one after the other. With three dials that may do. But try ten values of each dial of a neuron
# that has many:

for dials in (3, 10, 100):
    print(f"{dials:>3} dials: 10 to the power {dials} settings")

# %%
# There is a better way, and hikers know it. You stand in fog, you see nothing, and you want to go down. What do you do?
# You feel with your foot which way the ground falls. You take a step that way. Then you do it again.
#
# Gradient descent
# ----------------
#
# The **slope** of the ground along a dial is rise over run: how much :math:`J` rises, divided by how far the dial was
# turned. It is positive where :math:`J` rises when the dial is turned up. Feel it with a foot on either side:


def height(dials):
    """J where the dials stand so."""
    return log_loss(linear_score(X, dials[:2], dials[2]), y)


def feel(dials, reach=1e-5):
    """Slope of J along each dial, with a foot on either side."""
    slopes = []
    for turn in np.eye(3):  # one dial after the other
        above = height(dials + reach * turn)
        below = height(dials - reach * turn)
        slopes.append((above - below) / (2 * reach))
    return np.array(slopes)


start = np.zeros(3)  # it says one half to everything
for dial, slope in zip(("w1", "w2", "b"), feel(start)):
    print(f"slope along {dial:>2}: {slope:+z.4f}")

# %%
# The slopes of all dials together are called the **gradient**. Mathematicians write the slope of :math:`J` along
# :math:`w_1` as :math:`\partial J / \partial w_1`, read "by how much J changes if only :math:`w_1` does". To go down,
# turn every dial *against* its slope:
#
# .. math::
#
#    w &\leftarrow w - \alpha \, \frac{\partial J}{\partial w} \\
#    b &\leftarrow b - \alpha \, \frac{\partial J}{\partial b}
#
# The arrow is read "becomes". The number :math:`\alpha`, alpha, is the **learning rate**: it says how large the steps
# are. That is all. The rule is called **gradient descent**, and here it is, walking:


def tell(step, J, dials):
    """Print where the dials stand."""
    w1, w2, lever = dials
    print(f"step {step}: J = {J:.6f},", end=" ")
    print(f"w1 = {w1:+z.4f}, w2 = {w2:+z.4f}, b = {lever:+z.4f}")


alpha, dials = 0.1, start
for step in range(6):
    tell(step, height(dials), dials)
    dials = dials - alpha * feel(dials)  # the rule

# %%
# Look at :math:`J`: every step leads further down. Now the same from the package. You ask for the rule by
# ``solver="gd"``, short for gradient descent, and a learning rate; ``C=np.inf`` means that :math:`J` is the log-loss
# and nothing else; ``tol`` says how near the deepest place is near enough; and ``record="path"`` means that it is to
# remember its way. ``fit`` means: learn from these examples.

from sklearn_neuron import SigmoidNeuronClassifier

neuron = SigmoidNeuronClassifier(
    solver="gd",
    learning_rate=0.1,
    C=np.inf,
    tol=0.01,
    record="path",
)
neuron.fit(X, y)

J, way = neuron.loss_curve_, neuron.history_.weights
for step in range(6):
    tell(step, J[step], way[step])
steps = neuron.n_iter_[0]
print(f"... and so on, for {steps:,} steps. {neuron.stop_reason_}")

# %%
# The same numbers. And if your own loop goes on for as many steps, it comes to the same place:

for _ in range(6, steps):
    dials = dials - alpha * feel(dials)

learned = np.append(neuron.coef_, neuron.intercept_)
print("by feeling every slope:", dials.round(5))
print("by the package:        ", learned.round(5))

# %%
# You have just made a neuron learn, and you have seen every part of it.
#
# And this is the landscape, with the path that the neuron walked. It shows the two weights; the lever moves along with
# them. The white dot is the start, where all dials are zero, and the star is the end.

from sklearn_neuron.displays import LossLandscapeDisplay

LossLandscapeDisplay.from_estimator(
    neuron,
    X,
    y,
    kind="surface",
    feature_names=["length", "width"],
)

for step in (0, 10, 100, 1000, steps):
    print(f"after {step:>5,} steps: J = {J[step]:.6f}")

# %%
# The deeper it comes, the flatter is the ground and the shorter are its steps: that is why they are so many. Episode
# III asks why the valley is so long, and what can be done about it.
#
# A rate that trips, and one that never arrives
# ---------------------------------------------
#
# How large should the steps be? Try a rate that is ten times as large. The hiker jumps. He lands on the other side of
# the valley, and higher up. There the ground is steeper still, so that the next jump is even longer.

dials = start
for step in range(4):
    tell(step, height(dials), dials)
    dials = dials - 1.0 * feel(dials)

# %%
# He has :term:`tripped`. The package notices it, stops, and says so. And with a rate that is a thousand times as small
# as the first one? Nothing goes wrong, and nothing arrives.


from textwrap import fill


def learn(rate):
    """Let a neuron learn, and print what it complains about."""
    learner = SigmoidNeuronClassifier(
        solver="gd",
        learning_rate=rate,
        C=np.inf,
        tol=0.01,
        max_iter=10_000,
    )
    with warnings.catch_warnings(record=True) as complaints:
        warnings.simplefilter("always")
        learner.fit(X, y)
    J = learner.loss_curve_[-1]
    print(f"rate {rate}: {learner.n_iter_[0]:,} steps, J = {J:.4f}")
    for complaint in complaints:
        print(fill(str(complaint.message), 68))
    return learner


walks = {f"rate {rate}": learn(rate) for rate in (1.0, 0.1, 0.0001)}

# %%
# (``e-07`` means: the point belongs seven places further to the left.)
#
# Here are the three walks in one picture: how high each stood after every step. Along the lower border each mark counts
# ten times as many steps as the one before, so that the first few are seen as well as the last.

from sklearn_neuron.displays import LossCurveDisplay

LossCurveDisplay.from_estimators(walks)

# %%
# One stumbles uphill, one is down, and one has hardly left. Between the large steps and the small ones there is a
# largest rate that is safe. It depends on how the ground bends, and the complaints above have told you what it is here.
# (They also tell a "Newton decrement". It says how far the floor is still away, and Episode III says how.)
#
# What it has learned
# -------------------
#
# Ask the neuron about every leaf that there could be. The colour is its belief, the black line its boundary, and a ring
# marks a plant on the wrong side of it. Along a thin line all beliefs are alike. The arrow
# goes right and up in proportion to the two weights, and that way the score grows.

from sklearn_neuron.displays import DecisionFieldDisplay

DecisionFieldDisplay.from_estimator(neuron, X, y, **names)

w1, w2, lever = learned
print(f"it has learned w1 = {w1:.3f}, w2 = {w2:.3f}, b = {lever:.3f}")
print(f"with all dials at zero, J = {height(start):.4f}")
print(f"as we guessed,          J = {height(np.append(w, b)):.4f}")
print(f"as it has learned,      J = {height(learned):.4f}")
right = (neuron.predict(X) == y).sum()
print(f"{right} of {len(X)} plants are on their own side of the line")

# %%
# In yes and no our guess was hardly worse. But the neuron knows better how sure it may be, and it needed nobody to
# guess.
#
# A plant that nobody has seen before, followed through the neuron, number by number:

from sklearn_neuron import explain

explain(neuron, [5.3, 2.9], **names)

# %%
# May the belief be believed? Take plants that the neuron did not learn from, sort them by what it says, and count how
# many of them are toxic.

new = make_toxic_plants(4000, random_state=1)
X_new, y_new = new.data, new.target
belief = neuron.predict_proba(X_new)[:, 1]

for low in (0.0, 0.2, 0.4, 0.6, 0.8):
    which = (low <= belief) & (belief < low + 0.2)
    said, were = belief[which].mean(), y_new[which].mean()
    plants = f"{which.sum():>4} new plants"
    print(f"{plants}: it said {said:>3.0%}, {were:>3.0%} were toxic")

# %%
# What it says comes true. That is what a belief is for. Nobody has asked for it in so many words: it comes from the
# humility of the log-loss.
#
# .. admonition:: What comes next
#
#    One thing is still unsatisfying. Our neuron *felt* its way, with a foot on either side, for every dial and at every
#    step. A network has millions of dials. There is a way to know all slopes without feeling for a single one, and it
#    needs nothing but the algebra of small changes. That is
#    :doc:`Episode II: The secret of the gradient <plot_2_secret_of_the_gradient>`.
#
# Exercises
# ---------
#
# Take a pencil first. Then open the answer, which is computed.
#
# **1.** A leaf is 4 cm long and 3 cm wide. What score does our guess give it (both weights 1, bias -6), and what
# belief?
#
# .. admonition:: Answer
#    :collapsible: closed
#
#    The score is :math:`4 + 3 - 6 = 1`, and the belief is what the table above has for a score of 1.
#
#    >>> print(linear_score(np.array([4.0, 3.0]), w, b))
#    1.0
#    >>> print(sigmoid(1.0).round(4))
#    0.7311
#
# **2.** A leaf is 4 cm long. At which width does our guess not know what to say? And if the weight of the width is
# doubled?
#
# .. admonition:: Answer
#    :collapsible: closed
#
#    It hesitates where the score is zero: :math:`4 + x_2 - 6 = 0`, so at 2 cm. With the double weight it is
#    :math:`4 + 2 x_2 - 6 = 0`, at 1 cm: what counts more is needed less.
#
#    >>> print(linear_score(np.array([4.0, 2.0]), w, b))
#    0.0
#    >>> doubled = np.array([1.0, 2.0])
#    >>> print(linear_score(np.array([4.0, 1.0]), doubled, b))
#    0.0
#
# **3.** A neuron says "99 % sure" once, and is wrong. On how many plants must it say "90 % sure" and be right, until
# these have cost as much?
#
# .. admonition:: Answer
#    :collapsible: closed
#
#    Each of these costs :math:`-\log 0.9`, and the wrong one :math:`-\log 0.01`: as much as dozens of them.
#
#    >>> print(f"{np.log(0.01) / np.log(0.90):.1f}")
#    43.7
#
# **4.** On some corner of the meadow seven plants in ten are toxic, and you cannot tell them apart. You have to name
# one belief for all of them. Which one costs least? Is it worth it to exaggerate?
#
# .. admonition:: Answer
#    :collapsible: closed
#
#    The honest one. Seven of ten times you pay :math:`-\log a`, and three of ten times :math:`-\log (1 - a)`.
#
#    >>> a = np.arange(1, 100) / 100
#    >>> cost = -0.7 * np.log(a) - 0.3 * np.log(1 - a)
#    >>> print(a[cost.argmin()])
#    0.7
#
# **5.** Two hundred plants punish a neuron that shouts. What do our four plants do? Make the dials of our guess ten
# times as large, then a hundred times. Which setting is best for them?
#
# .. admonition:: Answer
#    :collapsible: closed
#
#    None! A line parts these four perfectly, so nobody is there to object. The louder the neuron, the lower its
#    log-loss, without end: the valley has no floor, it only becomes ever flatter. Four plants that agree cannot teach
#    humility. The word for such examples is :term:`separated`, and the cure is to let large weights cost something, a
#    :term:`penalty`.
#
#    >>> for loudness in (1, 10, 100):
#    ...     z = linear_score(four, loudness * w, loudness * b)
#    ...     print(f"{log_loss(z, truth):.1e}")
#    1.8e-01
#    2.3e-05
#    1.9e-44
#
# .. admonition:: Summary
#    :class: summary
#
#    - **Score** :math:`z = w \cdot x + b`: one opinion from two lengths. Weights turn the boundary, the bias shifts it.
#    - **Belief** :math:`a = 1 / (1 + e^{-z})`: each point of score multiplies the odds by :math:`e`.
#    - **Coin** :math:`P(Y = y) = a^y \, (1 - a)^{1 - y}`: the exponents only choose.
#    - **Likelihood** :math:`L = \prod_i P(Y_i = y_i)`: how plausible the neuron is. It dies in the computer.
#    - **Log-loss** :math:`J = - \frac{1}{n} \log L`: it lives. Sure and right is cheap, sure and wrong has no limit.
#    - **Learning** :math:`w \leftarrow w - \alpha \, \partial J / \partial w`, :math:`b` alike: step by step downhill.
#    - **Learning rate** :math:`\alpha`: large steps trip, and small ones are still on their way.
