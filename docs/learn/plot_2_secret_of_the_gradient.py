r"""
Episode II: The secret of the gradient
======================================

In :doc:`Episode I <plot_1_theory_of_a_neuron>` a neuron learned to tell toxic plants from harmless ones. It walked
downhill in a fog: for every dial it put one foot a little to either side, and felt which way the ground falls. For
three dials that is six looks at all plants, and for a million dials two million, for one single step.

There is a better way, and it is the secret behind everything that learns today. All slopes can be *computed*, at once,
for about the price of two looks, however many dials there are. On this page we find out how, with nothing but fractions
and powers. Then we make two steps of learning with a pencil, on four plants, and let the code check every digit.

Whenever we have found something on paper, the line that computes it in the package stands below. It is taken from the
package itself, when this page is built: page and code cannot disagree.
"""

# %%
# What a slope is, exactly
# ------------------------
#
# A slope is rise over run: how much :math:`f(x)` changes, divided by how much :math:`x` was changed. Take
# :math:`f(x) = x^2`, and go from :math:`x` to :math:`x + h`:
#
# .. math:: \frac{(x + h)^2 - x^2}{h} = \frac{2 x h + h^2}{h} = 2 x + h
#
# Now make the run :math:`h` smaller and smaller. What remains is :math:`2 x`. Nobody has divided by zero: the :math:`h`
# was cancelled before it went away.

x = 3.0
for h in (1.0, 0.1, 0.01, 0.001):
    rise = (x + h) ** 2 - x**2
    print(f"run {h}: rise over run is {rise / h:.4f}")

# %%
# What remains is called the **derivative**, and it is the slope *at* the place :math:`x`. It is written
#
# .. math:: \frac{d f}{d x} = 2 x
#
# where the two letters d stand for "a tiny change of". From now on "slope" means the derivative.
#
# Four slopes
# -----------
#
# A neuron needs only four, and each is a few lines of school algebra.
#
# **A number times x.** The number stays:
#
# .. math:: \frac{c \, (x + h) - c \, x}{h} = c
#
# What does not contain :math:`x` at all, such as a number that is added, does not change and has slope 0. And the slope
# of a sum is the sum of the slopes, since the rises add up.
#
# **One divided by u.** Bring both fractions to one denominator:
#
# .. math::
#
#    \frac{1}{h} \left( \frac{1}{u + h} - \frac{1}{u} \right)
#    = \frac{1}{h} \cdot \frac{u - (u + h)}{u \, (u + h)}
#    = - \frac{1}{u \, (u + h)}
#
# With :math:`h` gone this is :math:`- 1 / u^2`.
#
# **e to the power of x.** Remember that :math:`e^{x + h} = e^x e^h`:
#
# .. math:: \frac{e^{x + h} - e^x}{h} = e^x \cdot \frac{e^h - 1}{h}
#
# The last fraction does not know where we are. It is one fixed number. Which? Try other numbers than :math:`e`, too:

import numpy as np

h = 1e-6
for base in (2.0, 2.5, np.e, 3.0):
    print(f"({base:.4f}^h - 1) / h = {(base**h - 1) / h:.4f}")

# %%
# That is why everybody uses this strange number :math:`e`: it is the one for which the fraction is 1. So the slope of
# :math:`e^x` is :math:`e^x`. In :math:`e^{-x}` a step to the right is one to the left, which turns the sign: its slope
# is :math:`- e^{-x}`.
#
# **The logarithm.** It asks "e to what power is :math:`x`?", so that :math:`y = \log x` says the same as :math:`x =
# e^y`. If :math:`y` rises by a little, :math:`x` rises :math:`e^y` times that, which is :math:`x` times that. Read the
# other way round: if :math:`x` rises by a little, :math:`y` rises by that divided by :math:`x`. The slope of
# :math:`\log x` is :math:`1 / x`.
#
# We trust nothing that we have not seen. Here is a foot on either side, for any function:


def felt(function, x, reach=1e-5):
    """Rise over run, with a foot on either side of x."""
    return (function(x + reach) - function(x - reach)) / (2 * reach)


x = 0.8
for name, function, paper in (
    ("5 x   ", lambda x: 5 * x, 5),
    ("1 / x ", lambda x: 1 / x, -1 / x**2),
    ("e^x   ", np.exp, np.exp(x)),
    ("e^-x  ", lambda x: np.exp(-x), -np.exp(-x)),
    ("log x ", np.log, 1 / x),
):
    feet = felt(function, x)
    print(f"slope of {name} on paper {paper:+.4f}, felt {feet:+.4f}")

# %%
# Gears: the chain rule
# ---------------------
#
# Two gears. When the first turns once, the second turns three times. When the second turns once, the third turns twice.
# How often does the third turn when the first turns once? Six times: you multiply. That is the whole
# :term:`chain rule`.
#
# .. math:: \frac{d y}{d x} = \frac{d y}{d u} \cdot \frac{d u}{d x}
#
# Before the changes become tiny these are fractions, and :math:`d u` cancels. Take :math:`y = u^2` with
# :math:`u = 3 x + 1`. The first link is :math:`2 u`, the second is :math:`3`:

x = 2.0
u = 3 * x + 1
print(f"on paper 2 * {u:.0f} * 3 = {2 * u * 3:.0f}")
print(f"felt     {felt(lambda x: (3 * x + 1) ** 2, x):.4f}")

# %%
# The neuron is a chain
# ---------------------
#
# Now look at a neuron as a row of gears. This is how its file in the package begins:
#
# .. literalinclude:: ../../sklearn_neuron/neuron.py
#    :language: none
#    :start-at: x --w, b-->
#    :end-at: x --w, b-->
#    :dedent:
#
# A plant :math:`x` comes in. The dials make a :term:`score` :math:`z` of it. The sigmoid makes a :term:`belief`
# :math:`a` of the score. The :term:`truth` :math:`y` makes a loss of the belief. We want to know how the loss answers
# when a dial is turned. So we go from the end to the beginning, link by link, and multiply:
#
# .. literalinclude:: ../../sklearn_neuron/neuron.py
#    :language: none
#    :start-at: dJ/dw  =  dJ/da
#    :end-at: loss_slope   sigmoid_slope
#    :dedent:
#
# One name for each link, and one section for each name. We take one plant along, a harmless one, and some setting of
# the dials.

from sklearn_neuron.neuron import linear_score, sigmoid

plant = np.array([3.0, 2.0])  # leaf length and leaf width
y_plant = 0  # it is harmless
w, b = np.array([0.4, 0.5]), -1.5

z = linear_score(plant, w, b)
a = sigmoid(z)
loss = -np.log(1 - a)
print(f"score z = {z:.4f}, belief a = {a:.4f}, loss = {loss:.4f}")

# %%
# First link: how the score answers to a weight
# ---------------------------------------------
#
# The score is :math:`z = w_1 x_1 + w_2 x_2 + b`. Turn only :math:`w_1`. The plant stays as it is, and so do the other
# dials: this is "a number times x", and the number is the leaf's length.
#
# .. math:: \frac{d z}{d w_1} = x_1 \qquad \frac{d z}{d w_2} = x_2 \qquad \frac{d z}{d b} = 1
#
# A weight acts through its feature. A long leaf makes the dial of the length a powerful one. In the package, the slopes
# for all plants and all weights are simply the table of plants itself:
#
# .. literalinclude:: ../../sklearn_neuron/neuron.py
#    :language: python
#    :pyobject: score_slope
#    :start-at: return X
#    :dedent:

from sklearn_neuron.neuron import score_slope

on_paper = score_slope(plant)
by_length = felt(lambda w1: w1 * plant[0] + w[1] * plant[1] + b, w[0])
by_width = felt(lambda w2: w[0] * plant[0] + w2 * plant[1] + b, w[1])
print(f"on paper {on_paper[0]:.4f} and {on_paper[1]:.4f}")
print(f"felt     {by_length:.4f} and {by_width:.4f}")

# %%
# Second link: how the belief answers to the score
# ------------------------------------------------
#
# The sigmoid is a small chain of its own: :math:`a = 1 / u` with :math:`u = 1 + e^{-z}`. We have both slopes.
#
# .. math::
#
#    \frac{d a}{d u} &= - \frac{1}{u^2} \\
#    \frac{d u}{d z} &= - e^{-z} \\
#    \frac{d a}{d z} &= \frac{e^{-z}}{(1 + e^{-z})^2}
#
# Tear the last fraction into two, and look what they are. The first is the belief. The second is what is missing to 1,
# as we saw in Episode I.
#
# .. math::
#
#    \frac{d a}{d z} = \frac{1}{1 + e^{-z}} \cdot \frac{e^{-z}}{1 + e^{-z}} = a \, (1 - a)
#
# The belief times its opposite! The slope is steepest in doubt, where both are one half, and flat where the neuron is
# sure. The package uses the other form, which keeps all its digits even where the belief is 1 up to the last digit:
#
# .. literalinclude:: ../../sklearn_neuron/neuron.py
#    :language: python
#    :pyobject: sigmoid_slope
#    :start-at: e = np.exp
#    :dedent:
#
# (``np.abs`` takes away the sign. It may, because the curve is as steep at :math:`-z` as at :math:`z`.)

from sklearn_neuron.neuron import sigmoid_slope

print(f"on paper {a * (1 - a):.6f}")
print(f"package  {sigmoid_slope(z):.6f}")
print(f"felt     {felt(sigmoid, z):.6f}")
print(f"in doubt {sigmoid_slope(0.0)}, sure {sigmoid_slope(8.0):.6f}")

# %%
# Third link: how the loss answers to the belief
# ----------------------------------------------
#
# A toxic plant costs :math:`-\log a`. A harmless one costs :math:`-\log (1 - a)`. Both slopes are the one of the
# logarithm; in the second, :math:`1 - a` falls when :math:`a` rises, and that turns the sign.
#
# .. math::
#
#    y = 1: \quad \frac{d J}{d a} &= - \frac{1}{a} \\
#    y = 0: \quad \frac{d J}{d a} &= \frac{1}{1 - a}
#
# In both cases it is one divided by the probability that the truth was given. Who gave the truth next to nothing stands
# on a wall: that is the price of being sure and wrong.
#
# .. literalinclude:: ../../sklearn_neuron/neuron.py
#    :language: python
#    :pyobject: loss_slope
#    :start-at: steepness =
#    :dedent:
#
# (``bernoulli(a, y)`` is that probability, and ``np.where`` chooses the sign by the truth.)

from sklearn_neuron.neuron import loss_slope

print(f"on paper {1 / (1 - a):.6f}")
print(f"package  {loss_slope(a, y_plant):.6f}")
print(f"felt     {felt(lambda a: -np.log(1 - a), a):.6f}")

# %%
# The reward
# ----------
#
# Three links are done. Now multiply the last two. First for a toxic plant, then for a harmless one:
#
# .. math::
#
#    y = 1: \quad - \frac{1}{a} \cdot a \, (1 - a) &= a - 1 \\
#    y = 0: \quad \frac{1}{1 - a} \cdot a \, (1 - a) &= a
#
# Everything difficult has cancelled. And since :math:`y` is 1 in the first line and 0 in the second, both lines say the
# same:
#
# .. math:: \frac{d J}{d z} = a - y
#
# Belief minus truth. It is called the :term:`residual`, what is left over. It is the most natural thing that one could
# have thought of, and we did not think of it: it fell out of the odds, the coin and the logarithm.

from sklearn_neuron.neuron import example_loss, residual

print(f"two links {loss_slope(a, y_plant) * sigmoid_slope(z):.6f}")
print(f"a - y     {a - y_plant:.6f}")
print(f"package   {residual(z, y_plant):.6f}")
print(f"felt      {felt(lambda z: example_loss(z, y_plant), z):.6f}")

# %%
# Here are two hundred plants, at some early setting of the dials, and the longest of their residuals. A residual is a
# stick from a belief to the truth, above for toxic and below for harmless. A long stick is a plant that the neuron is
# wrong about.

from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.displays import SigmoidCurveDisplay

X, y = make_toxic_plants(random_state=0, return_X_y=True)
classes = ["harmless", "toxic"]
names = {
    "feature_names": ["leaf length (cm)", "leaf width (cm)"],
    "class_names": classes,
}

early = np.array([0.4, 0.5, -3.0])
SigmoidCurveDisplay(
    linear_scores=linear_score(X, early[:2], early[2]),
    truths=y,
    class_names=classes,
).plot(residuals=True)

# %%
# Does it matter that it cancels? Suppose we had measured the error in another way, by the square :math:`(a - y)^2`.
# Then the slope of the sigmoid stays in the product, :math:`2 (a - y) \, a (1 - a)`, and it is nearly 0 where the
# neuron is sure. Look at a toxic plant of which the neuron is ever surer that it is harmless:

print("  z  belief  of log-loss  of square")
for z_low in (0.0, -2.0, -4.0, -8.0):
    low = sigmoid(z_low)
    of_log_loss = low - 1
    of_square = 2 * (low - 1) * low * (1 - low)
    slopes = f"{of_log_loss:>13.4f}{of_square:>11.4f}"
    print(f"{z_low:>3.0f}{low:>8.4f}{slopes}")

# %%
# With squares the neuron feels least where it errs most. With the log-loss the louder the error, the stronger the pull.
#
# All dials, all plants
# ---------------------
#
# Put the first link in front, and the slopes of one plant are there:
#
# .. math::
#
#    \frac{d J}{d w_1} &= (a - y) \, x_1 \\
#    \frac{d J}{d w_2} &= (a - y) \, x_2 \\
#    \frac{d J}{d b} &= a - y
#
# :math:`J` is the mean over all :math:`n` plants, and the slope of a sum is the sum of the slopes. So the slopes of
# :math:`J` are means:
#
# .. math::
#
#    \frac{\partial J}{\partial w_j} &= \frac{1}{n} \sum_{i=1}^{n} (a_i - y_i) \, x_{ij} \\
#    \frac{\partial J}{\partial b} &= \frac{1}{n} \sum_{i=1}^{n} (a_i - y_i)
#
# Here :math:`x_{ij}` is feature :math:`j` of plant :math:`i`, and the curly d reminds us that the other dials stay
# where they are. That is the gradient. In code it is two lines, which find each residual once, however many dials
# there are:


def gradient(dials):
    """All slopes of J, by the chain rule."""
    residuals = sigmoid(linear_score(X, dials[:2], dials[2])) - y
    return np.append(X.T @ residuals, residuals.sum()) / len(X)


print("slopes along w1, w2 and b:", gradient(early).round(6))

# %%
# (``X.T @ residuals`` multiplies each column of features with the residuals and adds up.) In Episode I every one of
# these took two looks at all plants. Does it come out the same?

from sklearn_neuron.neuron import log_loss


def J_at(dials):
    """J where the dials stand so."""
    return log_loss(linear_score(X, dials[:2], dials[2]), y)


def feel(turn):
    """Slope of J when the early dials are turned that way."""
    return felt(lambda t: J_at(early + t * turn), 0.0)


three = ("w1", "w2", "b")
for dial, slope, turn in zip(three, gradient(early), np.eye(3)):
    feet = feel(turn)
    print(f"along {dial:>2}: computed {slope:+.8f}, felt {feet:+.8f}")

# %%
# It does. In the package the same three steps stand in :mod:`sklearn_neuron.objective`, the second file to read. First
# the scores; then loss and residual of each plant; then the residuals are brought back to the dials.
#
# .. literalinclude:: ../../sklearn_neuron/objective.py
#    :language: python
#    :pyobject: OnePass
#    :start-at: z = block.scores(self.theta)
#    :end-at: z = block.scores(self.theta)
#    :dedent:
#
# .. literalinclude:: ../../sklearn_neuron/objective.py
#    :language: python
#    :pyobject: OnePass
#    :start-at: losses, slopes =
#    :end-at: loss, slope = total
#    :dedent:
#
# .. literalinclude:: ../../sklearn_neuron/objective.py
#    :language: python
#    :pyobject: OnePass
#    :start-at: sums = [loss
#    :end-at: sums = [loss
#    :dedent:
#
# Some words to read it by. ``theta`` holds all dials in one column, the bias last. A *block* is some rows of the table
# of plants, so that tables larger than the memory can be read as well. A :term:`share` is how much a plant counts; if
# all count alike it is one divided by :math:`n`, and the sum is the mean. ``[X 1]'`` is the table with a column of ones
# for the bias, turned on its side: multiply each column with the residuals, and add up. (Of very many plants the same
# sums are made by a shorter way, and tests hold the two equal.)
#
# The package can put what it computes ("analytic") beside what it feels ("numeric"), slope by slope and link by link,
# with the difference between the two and how large that may be. It raises an error if one is larger. You can ask it
# about your own data. (``e-06`` means: the point belongs six places further to the left.)

from sklearn_neuron import SigmoidNeuronClassifier, gradient_check

neuron = SigmoidNeuronClassifier(
    solver="gd",
    learning_rate=0.1,
    C=np.inf,
    tol=0.01,
    record="path",
)
neuron.fit(X, y)
leaf = ["length", "width"]
gradient_check(neuron, X, y, at=early, feature_names=leaf)

# %%
# Why the residual is computed from the margin
# --------------------------------------------
#
# On paper the residual is belief minus truth, and we could stop here. A computer keeps some sixteen digits of a number.
# Take a toxic plant of which the neuron is sure and right. The belief is nearly 1. Subtract the truth, which is 1, and
# the digits that they have in common go away. Which digits are left? Compare what a plain subtraction finds with what
# the package finds:

print(f" z  {'sigmoid(z) - 1':<24}residual(z, 1)")
for sure in (2.0, 20.0, 36.0, 40.0):
    bare, ours = sigmoid(sure) - 1, residual(sure, 1)
    print(f"{sure:>2.0f}  {bare:<24.15e}{ours:.15e}")

# %%
# The larger the score, the fewer digits agree. In the last line nothing at all is left: the belief was rounded to 1.
# For the computer this plant is perfect, and its loss would be exactly 0. With a harmless plant in the same place it
# would be minus the logarithm of 0.
#
# The cure is not to subtract. The :term:`margin` of a plant is its score, with the sign turned if it is harmless. So it
# is positive on the right side of the line and negative on the wrong side, whatever the truth. What the residual needs
# is the probability given to the *other* kind, and that is the sigmoid of minus the margin. No two nearly equal numbers
# are ever subtracted. These are the lines:
#
# .. literalinclude:: ../../sklearn_neuron/neuron.py
#    :language: python
#    :pyobject: loss_and_residual
#    :start-at: toward =
#    :dedent:
#
# Read them one by one. ``toward`` is the direction of the truth, +1 or -1. ``e`` is one exponential, of a number that
# is at most 0, so that it is at most 1. The loss is :math:`\log (1 + e^{-m})` for the margin :math:`m`; ``log1p(e)`` is
# :math:`\log (1 + e)` with all its digits, and if the margin is negative, its size is added. ``wrong`` is the
# probability of the other kind, and ``-toward * wrong`` is :math:`a - y`.
#
# Not trusted, but checked:

print("   z  y     loss   package     a - y   package")
for z_one, y_one in ((1.5, 1), (1.5, 0), (-1.5, 1), (-1.5, 0)):
    belief = sigmoid(z_one)
    bare = -np.log(belief if y_one else 1 - belief)
    ours = example_loss(z_one, y_one)
    print(f"{z_one:>4}  {y_one} {bare:.6f}  {ours:.6f}", end=" ")
    bare, ours = belief - y_one, residual(z_one, y_one)
    print(f"{bare:+.6f} {ours:+.6f}")

# %%
# With a pencil
# -------------
#
# Now take paper. Four plants, all dials at zero, a learning rate of 0.3, and two steps. We shall keep four digits
# behind the point, as at school: a five goes up. Python's ``Decimal`` calculates like that, in decimal digits, and not
# in the twos that a computer likes.

from decimal import ROUND_HALF_UP, Decimal

four = np.array([[2.0, 1.0], [3.0, 2.0], [5.0, 2.0], [6.0, 3.0]])
truth = np.array([0, 0, 1, 1])
alpha = Decimal("0.3")  # the learning rate


def rounded(number):
    """A number with four digits behind the point."""
    return Decimal(number).quantize(Decimal("0.0001"), ROUND_HALF_UP)


def each(function, numbers):
    """What a function makes of each number, rounded."""
    return np.array([rounded(function(number)) for number in numbers])


# %%
# This is what stands on a sheet of paper: rows of four numbers, one a plant. It begins with the plants and their
# truths, goes on through products, score, power and belief to the loss, and ends with what is left over.

x1, x2 = np.array([[Decimal(int(x)) for x in row] for row in four.T])


def sheet(dials):
    """All that is written down for one step: a number a plant."""
    w1, w2, b = dials
    z = w1 * x1 + w2 * x2 + b
    power = each(lambda z: (-z).exp(), z)
    a = each(lambda power: 1 / (1 + power), power)
    given = np.where(truth == 1, a, 1 - a)
    return {
        "x1": x1,
        "x2": x2,
        "y": truth,
        "w1 x1": w1 * x1,
        "w2 x2": w2 * x2,
        "z": z,
        "e^-z": power,
        "a": a,
        "loss": each(lambda given: -given.ln(), given),
        "a - y": a - truth,
        "(a-y) x1": (a - truth) * x1,
        "(a-y) x2": (a - truth) * x2,
    }


# %%
# And this is one step: write the sheet, take the means, and turn every dial against its slope.


def one_step(dials):
    """Print a sheet with its means, and turn the dials."""
    rows, means = sheet(dials), {}
    for name in ("loss", "(a-y) x1", "(a-y) x2", "a - y"):
        means[name] = rounded(sum(rows[name]) / 4)

    print(f"{'plant':<9}{'A':>8}{'B':>8}{'C':>8}{'D':>8}{'mean':>9}")
    for name, numbers in rows.items():
        cells = "".join(f"{number:>8}" for number in numbers)
        print(f"{name:<9}{cells}{means.get(name, ''):>9}".rstrip())
    print()

    turned = []
    pulls = ("(a-y) x1", "(a-y) x2", "a - y")
    slopes = [means[name] for name in pulls]
    for sign, dial, slope in zip(three, dials, slopes):
        new = rounded(dial - alpha * slope)
        print(f"new {sign:<2} = {dial} - {alpha} * ({slope}) = {new}")
        turned.append(new)
    return rows, means, turned


# %%
# The first sheet. All scores are zero, all powers are 1, and all beliefs are one half: the neuron hesitates. So each
# residual is half the way to the truth.

zero = [rounded(0)] * 3
rows_0, means_0, dials_1 = one_step(zero)

# %%
# Follow one column down, plant B for example: products, score, power, belief, what the belief costs, what is left over,
# and that times each feature. In the last column are the means. The one beside "loss" is :math:`J`, and the others are
# the three slopes.
#
# The slope along :math:`w_1` is negative: the toxic plants have the longer leaves, they pull the dial up, and their
# pull is stronger. The slope along :math:`b` is zero, because there are as many toxic plants as harmless ones, and the
# pulls cancel. So both weights rise, and the bias waits.
#
# The second sheet, with the new dials:

rows_1, means_1, dials_2 = one_step(dials_1)

# %%
# Now the scores are right in their order. But all of them are above zero: the neuron takes *every* plant to be toxic,
# plants A and B as well. The residuals say so, two large positive ones, and now the bias hears it: it goes down. So
# does :math:`J`.

print(f"J before the first step:  {means_0['loss']}")
print(f"J before the second step: {means_1['loss']}")
w1, w2, b2 = (float(dial) for dial in dials_2)
J_2 = log_loss(linear_score(four, np.array([w1, w2]), b2), truth)
print(f"J after the second step:  {J_2:.4f}")

# %%
# The same in code, to the last digit
# -----------------------------------
#
# The rule stands once in the package, in :mod:`sklearn_neuron.descent`, the third file to read. This is its loop:
#
# .. literalinclude:: ../../sklearn_neuron/descent.py
#    :language: python
#    :pyobject: descend
#    :start-at: rate, there = None
#    :dedent:
#
# How wrong, how steep? Which way? How far? And ``theta = theta + rate * heading`` is the rule, for the way to go, the
# :term:`heading`, is minus the gradient if you go straight down. That direction is called ``Steepest``, and a learning
# rate that stays the same is ``Constant``. The loop never stops by itself; whoever watches takes as many steps as
# they like.

from itertools import islice, repeat

from sklearn_neuron.descent import descend
from sklearn_neuron.homes.memory import InMemory
from sklearn_neuron.objective import Objective
from sklearn_neuron.solvers.directions import Steepest
from sklearn_neuron.solvers.step_sizes import Constant

quarters = np.full(4, 1 / 4)  # the share of each plant
home = InMemory(four, truth[:, None] == 1, shares=quarters)
J = Objective(home)  # J itself, of the plants that live there
walk = descend(repeat(J), np.zeros((3, 1)), Steepest(), Constant(0.3))
steps = list(islice(walk, 3))

on_paper = [zero, dials_1, dials_2]
for step, dials in zip(steps, on_paper):
    print(f"step {step.iteration}, J = {step.here.loss[0]:.4f}")
    theta = step.here.theta[:, 0]
    print("   code ", *(f"{dial:+z.4f}" for dial in theta))
    print("   paper", *(f"{dial:+z.4f}" for dial in dials))

# %%
# So far these are only the dials. Let us be strict, and compare *every* number on both sheets with what the functions
# of the package say, rounded to four digits.


def by_the_package(theta):
    """The rows of a sheet, by the functions of the package."""
    w, b = theta[:2, 0], theta[2, 0]
    z = linear_score(four, w, b)
    left = residual(z, truth)
    products, pulls = four * w, left[:, None] * four
    return {
        "w1 x1": products[:, 0],
        "w2 x2": products[:, 1],
        "z": z,
        "e^-z": np.exp(-z),
        "a": sigmoid(z),
        "loss": example_loss(z, truth),
        "a - y": left,
        "(a-y) x1": pulls[:, 0],
        "(a-y) x2": pulls[:, 1],
    }


same = different = 0
sheets = (rows_0, means_0), (rows_1, means_1)
for step, (rows, means) in zip(steps, sheets):
    for name, numbers in by_the_package(step.here.theta).items():
        pairs = list(zip(numbers, rows[name]))
        if name in means:
            pairs.append((numbers.mean(), means[name]))
        for code, paper in pairs:
            if f"{code:z.4f}" == f"{paper:z.4f}":
                same += 1
            else:
                different += 1
print(f"{same} numbers are the same to four digits,")
print(f"{different} numbers are not")

# %%
# And this is plant B on its way through the neuron, after those two steps. Every number in the picture is one that you
# could have written on a third sheet. (It keeps three digits of each, wherever the point stands, and has rounded none
# before it multiplied. Your last digit may be another: on paper the second weight is -0.0051, and its product -0.0102.)

import warnings

from sklearn_neuron.displays import NeuronDiagramDisplay

after_two = SigmoidNeuronClassifier(
    solver="gd",
    learning_rate=0.3,
    C=np.inf,
    max_iter=2,
)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # "two steps are not enough"
    after_two.fit(four, truth)
NeuronDiagramDisplay.from_estimator(
    after_two,
    x=four[1],
    feature_names=["length", "width"],
    class_names=classes,
)

# %%
# You have computed two steps of learning by hand, and a program that was written for millions of plants agrees with
# every digit that your pencil wrote.
#
# Watch it learn, line by line
# ----------------------------
#
# Now let two hundred plants teach. ``verbose=1`` prints a line a step: :math:`J`; the length of the gradient, written
# ``|dJ|`` (that is Pythagoras over the three slopes: how steep the ground is); the learning rate; and the dials. After
# a while only every tenth line is printed, then every hundredth. (What ends in something like
# ``e-19`` is rounding, and means nothing.)

neuron.set_params(verbose=1)
neuron.fit(X, y)
print(neuron.stop_reason_)

# %%
# First the weights rise, as on paper. Then the bias goes down, step by step, for thousands of steps, and the weights
# have to follow it. Nobody has told the neuron where the plants are: lengths around four centimetres are far from zero,
# and the line has a long way to go.
#
# Every fit remembers its way in ``history_``, and this is a picture of it: how high it stood, and how steep it was.
# (The length of the gradient is also called its *norm*.)

from sklearn_neuron.displays import LossCurveDisplay

LossCurveDisplay.from_estimator(
    neuron,
    show=("loss", "gradient_norm"),
)

# %%
# And this is the same walk as a film. Boundary, beliefs, loss and landscape move together, a frame a step at first and
# later in ever longer jumps. Play it, or go from step to step.

from sklearn_neuron.displays import animate_descent

animate_descent(neuron, X, y, **names)

# %%
# Where the pulls cancel
# ----------------------
#
# Why does it stop there? On the floor of the valley all slopes are zero. Read what that says. The slope along the bias
# is the mean residual: if it is zero, the beliefs are, on average, as high as the truths are. The neuron holds as many
# plants to be toxic as there are. And for the weights the same holds, weighed by length and by width:

z_end = neuron.decision_function(X)
belief = sigmoid(z_end)
print("mean of       beliefs   truths")
print(f"  themselves  {belief.mean():>7.4f}  {y.mean():>7.4f}")
for name, feature in zip(leaf, X.T):
    believed, true = (belief * feature).mean(), (y * feature).mean()
    print(f"  * {name:<10}{believed:>7.4f}  {true:>7.4f}")

# %%
# (Nearly: it stopped when it was near enough.) The plants still pull, each with its residual. But their pulls cancel,
# and the dials rest. That is all that "having learned" means.
#
# .. admonition:: What comes next
#
#    The neuron knows the way down, exactly and cheaply. And still it needs thousands of steps. Look again at the lines
#    above: it is nearly there, and creeps. Why? And what did people find who wanted to be faster? That is
#    :doc:`Episode III: Faster downhill <plot_3_faster_downhill>`.
#
# Exercises
# ---------
#
# **1.** What is the slope of :math:`x^3`, by rise over run on paper? And at :math:`x = 2`?
#
# .. admonition:: Answer
#    :collapsible: closed
#
#    :math:`(x + h)^3 - x^3 = 3 x^2 h + 3 x h^2 + h^3`. Divide by :math:`h`, and let it go away: :math:`3 x^2`.
#
#    >>> print(round(felt(lambda x: x**3, 2.0), 4))
#    12.0
#
# **2.** A harmless plant with a leaf 3 cm long and 2 cm wide is believed toxic with 0.9. Which slopes does it add,
# along :math:`w_1`, :math:`w_2` and :math:`b`? Which way will it push the dials?
#
# .. admonition:: Answer
#    :collapsible: closed
#
#    The residual is :math:`0.9 - 0`. It is multiplied by 3, by 2 and by 1. All three are positive, and so all dials are
#    turned down, the weight of the length most.
#
#    >>> print((0.9 - 0) * np.array([3.0, 2.0, 1.0]))
#    [2.7 1.8 0.9]
#
# **3.** The sigmoid is steepest in doubt. At which belief is it half as steep? (You need to solve a quadratic
# equation.)
#
# .. admonition:: Answer
#    :collapsible: closed
#
#    In doubt :math:`a (1 - a)` is one quarter, so we look for one eighth: :math:`a^2 - a + 1/8 = 0`. The solutions are
#    :math:`(1 \pm \sqrt{1/2}) / 2`. So up to a belief of 85 % the neuron is still easy to move.
#
#    >>> a = (1 + np.sqrt(0.5)) / 2
#    >>> print(round(a, 4), round(a * (1 - a), 4))
#    0.8536 0.125
#
# **4.** Be mean. Break a link: let somebody forget that the sigmoid is flat where it is sure, and call its slope one
# quarter everywhere. Will the check find out? And which link will it blame?
#
# .. admonition:: Answer
#    :collapsible: closed
#
#    It finds out, and it names the link.
#
#    >>> from unittest.mock import patch
#    >>> from sklearn_neuron import GradientError
#    >>> def never_tires(z):
#    ...     return np.full_like(z, 0.25)
#    >>> with patch("sklearn_neuron.neuron.sigmoid_slope", never_tires):
#    ...     try:
#    ...         gradient_check(neuron, X, y, at=early)
#    ...     except GradientError as error:
#    ...         for link in error.table.wrong_links:
#    ...             print(link.function)
#    sigmoid_slope
#
# **5.** Measure the leaves in millimetres instead of centimetres. Nothing about the plants has changed. What happens to
# the slopes along the weights at the start? Which learning rate is still safe?
#
# .. admonition:: Answer
#    :collapsible: closed
#
#    Every feature is ten times as large, and so is each slope. But the weights now ought to be a *tenth* of what they
#    were: the steps are ten times as long, and the way is a tenth. So the safe rate falls to about a hundredth, and for
#    the bias, which has not changed, that is far too small. The unit of the ruler decides how hard it is to learn! That
#    is where Episode III begins.
#
#    >>> for unit, leaves in (("cm", X), ("mm", 10 * X)):
#    ...     J = neuron.objective(leaves, y)
#    ...     slopes = J.at(np.zeros((3, 1))).gradient[:2, 0]
#    ...     safe = 2 / J.smoothness
#    ...     print(unit, slopes.round(4), f"safe below {safe:.4f}")
#    cm [-0.3843 -0.208 ] safe below 0.2866
#    mm [-3.8434 -2.0805] safe below 0.0030
#
# .. admonition:: Summary
#    :class: summary
#
#    - **Slope**: rise over run, when the run has become tiny.
#    - **Chain rule**: links multiply, like gears.
#    - **Score** :math:`d z / d w_j = x_j`: a weight acts through its feature.
#    - **Sigmoid** :math:`d a / d z = a (1 - a)`: steep in doubt, flat when sure.
#    - **Loss** :math:`d J / d a`: one divided by what the truth was given, with its sign.
#    - **Residual** :math:`d J / d z = a - y`: the reward. Belief minus truth.
#    - **Gradient** :math:`\partial J / \partial w_j`: the mean of :math:`(a - y) \, x_j`. All of them for
#      about two looks.
#    - **Margin**: computed from it, nothing cancels and nothing overflows.
#    - **Learned**: the pulls of all plants cancel.
