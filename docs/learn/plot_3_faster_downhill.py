r"""
Episode III: Faster downhill
============================

The neuron knows its way now. Episode II gave it the :term:`gradient`: the slopes of :math:`J` along every dial, each of
them *how wrong* times *through what*. It takes a step against them, looks again, takes another. It works. It is also
slow, and the reason is beautiful: it is not the hill, it is the ruler.

This episode makes the walk hundreds of times shorter, and not one line of the loop is changed for it.

**What you bring.** The :term:`score` :math:`z = w x + b`; the :term:`belief` :math:`a = \mathrm{sigmoid}(z)`; the
:term:`truth` :math:`y`, 1 or 0; :term:`J`, the mean log-loss, a landscape over the dials; the gradient, made of
:math:`(a - y)\,x`; and the learning :term:`rate`, how far a step goes. Everything else is defined here, before it is
used.

The loop is short enough to keep in mind. It is the one that runs (``descent.py``):

.. literalinclude:: ../../sklearn_neuron/descent.py
   :language: python
   :start-at: for iteration, objective in enumerate
   :end-at: memory = remembered
   :dedent:

It asks three questions, and each has more than one good answer: *which way* (``direction``), *how far* (``step_size``),
and, hidden in what ``theta`` means, *measured by which ruler* (the :term:`coordinates`). ``theta`` is only a list of
all that can be turned: the weights, and the bias last. We call them all dials here, the lever too. (And ``yield`` shows
every step to whoever watches: that is who keeps the history, and says when to stop.)

A walk that takes its time
--------------------------

We take the two hundred plants again, and of each only the length of its leaf. So the neuron has two dials, :math:`w`
and :math:`b`, and all of its landscape fits into one picture. As before, ``C=np.inf`` says that :math:`J` is the
log-loss and nothing else, and ``record="path"`` keeps where the neuron has been.

The first walk is the rule of Episode I. Its answer to *which way* is straight down,

.. literalinclude:: ../../sklearn_neuron/solvers/first_order.py
   :language: python
   :start-at: return -here.gradient, memory
   :end-at: return -here.gradient, memory
   :dedent:

and its answer to *how far* is half the largest rate of which it is proved that no step ever climbs. (What
``smoothness`` is we shall see soon.)

.. literalinclude:: ../../sklearn_neuron/solvers/step_sizes.py
   :language: python
   :start-at: return 1 / here.objective.smoothness
   :end-at: return 1 / here.objective.smoothness
   :dedent:
"""

import numpy as np

from sklearn_neuron import SigmoidNeuronClassifier
from sklearn_neuron.datasets import make_toxic_plants
from sklearn_neuron.displays import LossLandscapeDisplay

plants = make_toxic_plants(random_state=0)
X, y = plants.data[:, [0]], plants.target
length = X[:, 0]

settings = {"C": np.inf, "record": "path"}
named = {"feature_names": ["leaf length (cm)"]}
ways = {}


def walk(name, solver):
    """Let a neuron learn, remember the way it went, and draw it."""
    neuron = SigmoidNeuronClassifier(solver=solver, **settings)
    neuron.fit(X, y)
    steps, passes = neuron.n_iter_[0], neuron.history_.passes[-1]
    print(f"{name}: {steps:,} steps, {passes:,.0f} passes")
    ways[name] = neuron
    return LossLandscapeDisplay.from_estimator(neuron, X, y, **named)


walk("straight down", "gd")

# %%
# Two dials, two hundred plants, and nearly six thousand steps. A :term:`pass` is one reading of all plants. It is what
# a step costs, and the only honest price tag, for some ways take few steps and read the plants several times for each.
# So we count passes. The neuron counts them by itself (``history_.passes``), every look included, also those before the
# first step and after the last.
#
# Look at the path; some of its steps are marked, ever more rarely. It falls down a steep side, and that takes a few
# steps. Then it turns, and creeps along the bottom of the valley for all the rest of its life.
#
# To say how much is left we need the height of the floor. Here it is, as exact as a computer's numbers allow. We call
# it :math:`J^*`.

floor = SigmoidNeuronClassifier(solver="newton", C=np.inf, tol=1e-12)
floor.fit(X, y)
w, b = floor.coef_[0, 0], floor.intercept_[0]
J_star = floor.loss_curve_[-1]
print(f"J* = {J_star:.6f}")
print(f"at w = {w:.3f} and b = {b:.3f}")

slow = ways["straight down"].loss_curve_
for step in (0, 10, 100, 1000, 3000):
    print(f"after {step:5,} steps: {slow[step] - J_star:.6f} left")

# %%
# Something is wrong with this valley, and we can put a number on it.
#
# A number for a bend
# -------------------
#
# A slope says how fast you rise. **Curvature** says how fast the slope itself changes: the slope of the slope. On a
# straight ramp the slope is the same everywhere, so its curvature is 0. In a narrow cup the slope changes within a
# hand's breadth: its curvature is large.
#
# Take one plant. Its slope along :math:`w` is :math:`(a - y)\,x`. Turn :math:`w` a little, and what changes? Not
# :math:`y`. Not :math:`x`. Only the belief, and we know from Episode II how fast: the score answers by :math:`x`, and
# the sigmoid by :math:`a(1-a)` times that. So
#
# .. math::
#
#    \frac{\partial}{\partial w}\,(a - y)\,x \;=\; a(1-a)\,x \cdot x .
#
# Once more the same, for each pair of dials. The bias acts through a feature that is always 1. Averaged over the
# plants, four numbers:
#
# .. math::
#
#    \begin{aligned}
#    H_{11} &= \text{mean of } a(1-a)\,x\,x \\
#    H_{12} = H_{21} &= \text{mean of } a(1-a)\,x \\
#    H_{22} &= \text{mean of } a(1-a)
#    \end{aligned}
#
# Write them as a square of two rows and two columns, and that square is called the **Hessian**. :math:`H_{11}` is how
# the slope along :math:`w` answers to :math:`w`, :math:`H_{12}` how it answers to :math:`b`, and the slope along
# :math:`b` to :math:`w`. No new mathematics: one more link of the same chain. The file ``objective.py`` begins with
# three formulas, and this is the third:
#
# .. literalinclude:: ../../sklearn_neuron/objective.py
#    :language: none
#    :start-at: d2J       =
#    :end-at: d2J       =
#    :dedent:
#
# :math:`[X\;1]` is a table with a column for each dial: the feature, and ones for the bias. ``share`` is one over the
# number of plants. Read: take two columns, multiply them plant by plant, and by ``a(1 - a)``, and take the mean; do so
# for each pair of columns. (The last term is for neurons that pay for large weights. Ours does not.) By hand, and by
# the neuron:

from sklearn_neuron.neuron import sigmoid


def hessian_by_hand(w, b):
    """Four second slopes of J."""
    a = sigmoid(w * length + b)
    bend = a * (1 - a)
    H11, H12 = (bend * length * length).mean(), (bend * length).mean()
    return np.array([[H11, H12], [H12, bend.mean()]])


J = floor.objective(X, y)  # the landscape: J at any dials
best = np.array([[w], [b]])  # a column of dials, as it wants them
H = hessian_by_hand(w, b)
print(f"by hand:\n{H.round(4)}")
print(f"by the neuron:\n{J.hessian(best)[:, :, 0].round(4)}")

# %%
# Now stand on the floor, and look around. How strongly does :math:`J` bend along a direction :math:`d = (d_1, d_2)` of
# length 1? A step along :math:`d` turns both dials, and each of the four numbers has its say:
#
# .. math::
#
#    \text{curvature along } d \;=\; d_1 d_1 H_{11} + 2\, d_1 d_2 H_{12} + d_2 d_2 H_{22} .
#
# (Write out the four means, and it is one: the mean of :math:`a(1-a)\,(d_1 x + d_2)^2`. A square is never negative. So
# :math:`J` bends upwards along every line, nowhere downwards, and can have no second valley. Such a landscape is called
# **convex**.)
#
# We ask in 1,800 directions around half a circle, and measure the two most extreme ones with a plain ruler too: three
# heights of :math:`J`, no derivative at all.

angles = np.linspace(0, np.pi, 1800, endpoint=False)
around = np.array([np.cos(angles), np.sin(angles)])
bends = (around * (H @ around)).sum(axis=0)


def measured(d, h=1e-3):
    """Curvature from three heights of J: behind, here and ahead."""
    places = [J.at(best + t * d) for t in (-h, 0, h)]
    behind, here, ahead = (place.loss[0] for place in places)
    return (ahead - 2 * here + behind) / h**2


extremes = {"steepest": bends.argmax(), "flattest": bends.argmin()}
for word, k in extremes.items():
    d = around[:, [k]]
    print(f"{word}: along ({d[0, 0]:.3f}, {d[1, 0]:.3f})")
    print(f"    curvature {bends[k]:.5f}, measured {measured(d):.5f}")

steep, flat = bends.max(), bends.min()
print(f"steepest / flattest = {steep / flat:.0f}")

# %%
# There it is. In one direction the valley bends some five hundred times as strongly as in the other. This ratio is the
# **condition number**; mathematicians call a valley *ill-conditioned* where it is large. A round bowl has 1.
#
# (The two extreme directions stand at a right angle. They are called the *eigenvectors* of :math:`H`, and the two
# curvatures its *eigenvalues*: names for what we have just found by looking around.)
#
# What a bend does to a step
# --------------------------
#
# Close to the floor, walk along one of the two directions. Let :math:`t` be how far from the floor you are, and
# :math:`c` the curvature. Slope is what curvature has added up on the way: :math:`c\,t`. A step of the rule goes back
# by :math:`\alpha` times that:
#
# .. math::
#
#    t \;\leftarrow\; t - \alpha\, c\, t \;=\; (1 - \alpha c)\, t .
#
# All of tripping and creeping is in this factor. If :math:`\alpha c = 1` it is 0: one step, and you are there. If
# :math:`\alpha c` is above 2, the factor is below -1: you land on the other side, *farther* than you were. That is what
# tripping is. If :math:`\alpha c` is tiny, the factor is nearly 1, and you hardly move.
#
# There is one :math:`\alpha` for both directions. The steep one forbids it to grow, and the flat one starves.

print(f"along the steepest, no rate above {2 / steep:.3f}")
alpha = 1 / J.smoothness
print(f"the rate taken: {alpha:.4f}")
print(f"factor along the steepest: {1 - alpha * steep:.5f}")
print(f"factor along the flattest: {1 - alpha * flat:.5f}")

shrunk = (slow[5000] - J_star) / (slow[4000] - J_star)
print(f"factor in the walk above:  {shrunk ** (1 / 2000):.5f}")

ten_times = np.log(10) / -np.log(1 - alpha * flat)
print(f"steps to come ten times nearer: {ten_times:,.0f}")

# %%
# One of these lines was not computed from curvature. The factor in the walk was read off the path: by which factor the
# distance shrank between step 4,000 and step 5,000 (the height shrinks by the square of it, for a valley is a parabola
# near its floor). The two agree. The creeping is explained to the last digit.
#
# (:math:`\alpha` is :math:`1/L`. :math:`L` is the :term:`smoothness`: the steepest curvature that :math:`J` has
# *anywhere*, not only at the floor. It belongs to a neuron that hesitates at every plant, :math:`a(1-a) = 1/4`.)
#
# Why is it so narrow?
# --------------------
#
# Nobody dug this valley on purpose. Three ordinary things make it narrow, and we can watch each of them. The condition
# number below is that at the start, where both dials are 0.

from sklearn_neuron.solvers.coordinates import Plain


def condition(features, ruler):
    """Steepest curvature over flattest, where the neuron begins."""
    neuron = SigmoidNeuronClassifier(solver="newton", C=np.inf)
    J = neuron.fit(features, y).objective(features, y)
    start = np.zeros((features.shape[1] + 1, 1))
    seen = ruler(J, start)
    H = seen.hessian(seen.from_weights(start))[:, :, 0]
    bends = np.linalg.eigvalsh(H)  # eigenvalues, smallest first
    return bends[-1] / bends[0]


both = plants.data  # length and width
scaled = (both - both.mean(axis=0)) / both.std(axis=0)
for words, features in {
    "length in cm": X,
    "less the average length": X - X.mean(),
    "length in mm": 10 * X,
    "both, centred and scaled": scaled,
}.items():
    print(f"{words:26}{condition(features, Plain()):10,.1f}")

d = around[:, bends.argmin()]
print(f"average length: {length.mean():.2f} cm")
print(f"along the floor, b changes by {d[1] / d[0]:.2f} per 1 of w")
alike = np.corrcoef(both.T)[0, 1]
print(f"correlation of length and width: {alike:.2f}")

# %%
# - **Offsets.** No leaf has length 0. They are all around four and a half centimetres, so turning :math:`w` up raises
#   *every* score, and turning :math:`b` down lowers every score. Do both at once, and hardly a belief changes. That is
#   the floor of the valley, and its direction says so: :math:`b` goes down by about one average length for every 1 of
#   :math:`w`. Measure the leaves from their average instead, and the valley is nearly round.
# - **Units.** The same leaves in millimetres: every number ten times as large, every slope along :math:`w` ten times as
#   steep, its curvature a hundred times. The plants have not changed at all. The ruler has.
# - **Correlation.** Long leaves are broad leaves: the two features rise together. So the neuron can turn one weight up
#   and the other down, and again hardly a belief changes. Centring and scaling cannot cure that.
#
# Three causes, one sentence: *a valley is narrow where two dials can do nearly the same thing*, or where one dial is
# marked in inches and another in miles.
#
# Now we make it fast. There are four ideas.
#
# Idea one: remember where you were going
# ---------------------------------------
#
# A ball that rolls down the valley does not stop after every centimetre to ask for the slope. It has **momentum**: the
# velocity that it has gathered. Along the valley all slopes point the same way, and add up: it grows faster and faster.
# Across it they change sign as soon as it has swung past the middle, and cancel. What one step cannot see is in the
# memory of many.
#
# .. math::
#
#    v \;\leftarrow\; \beta\, v - g, \qquad \beta = \frac{k}{k + 3}
#
# with :math:`g` the gradient, :math:`v` the velocity and :math:`k` how many steps it has been gathered: after one step
# a quarter of the velocity is kept, after thirty it is ten elevenths. That is Yurii Nesterov's idea of 1983, and in one
# thing he is cleverer than a ball. He lets the velocity carry him *first* and asks for the slope there, so that a turn
# of the road is noticed a step earlier. These are the lines that do it (``solvers/first_order.py``), first the share
# that is kept,
#
# .. literalinclude:: ../../sklearn_neuron/solvers/first_order.py
#    :language: python
#    :start-at: return age / (age + 3)
#    :end-at: return age / (age + 3)
#    :dedent:
#
# then what becomes of the velocity at a new place,
#
# .. literalinclude:: ../../sklearn_neuron/solvers/first_order.py
#    :language: python
#    :start-at: g = here.gradient
#    :end-at: return NesterovMemory(np.where
#    :dedent:
#
# and at last where to go from there:
#
# .. literalinclude:: ../../sklearn_neuron/solvers/first_order.py
#    :language: python
#    :start-at: return _momentum(memory.age) * memory.velocity - here.gradient
#    :end-at: return _momentum(memory.age) * memory.velocity - here.gradient
#    :dedent:
#
# Two things are remembered, the velocity and its age; the code calls them its :term:`memory`. And look at ``uphill``. A
# ball that is fast runs up the other side. Here, whenever the velocity points uphill (``dot`` multiplies it with the
# gradient, dial by dial, and adds up: a sum above 0 is a rise), ``np.where`` puts ``-g`` in its place and 0 in that of
# the age. The walk **restarts** from rest.

walk("with momentum", "nesterov")

# %%
# The same valley, the same rate, and a small part of the steps. When did it restart? We walk it by hand, with
# the loop itself: ``descend`` walks for ever and shows every step, and ``islice`` takes so many of them.

from itertools import islice, repeat

from sklearn_neuron.descent import descend
from sklearn_neuron.solvers.directions import Nesterov
from sklearn_neuron.solvers.step_sizes import InverseSmoothness

zeros = np.zeros((2, 1))
taken = ways["with momentum"].n_iter_[0]
steps = descend(repeat(J), zeros, Nesterov(), InverseSmoothness())
steps = islice(steps, 1, taken + 1)
ages = [int(step.memory.age[0]) for step in steps]
print("age at every 15th step:", *ages[::15])
at_rest = [1 + k for k, age in enumerate(ages) if age == 0]
print("at rest at steps:", *at_rest)
root = np.sqrt(steep / flat)
print(f"square root of the condition number: {root:.0f}")

# %%
# For a narrow valley theory promises this: what took steps in proportion to the condition number takes them in
# proportion to its *square root* now. In general nobody who looks at gradients alone can do much better, in these
# coordinates.
#
# So we change the coordinates.
#
# Idea two: a rounder ruler
# -------------------------
#
# Say :math:`m` is the average length, and :math:`s` is how far lengths usually are from it. Take the score, and rewrite
# it:
#
# .. math::
#
#    z \;=\; w x + b \;=\; (w s) \cdot \frac{x - m}{s} \;+\; (b + w m) .
#
# Multiply it out: nothing has happened. It is the same score, for every plant. But it is a score with two new dials.
# Call them :math:`u_1 = w s` and :math:`u_2 = b + w m`. The first acts through how much longer *than average* a leaf
# is, in units of the usual deviation, and the second is the score of the average plant. They do not do the same thing
# any more. To go back:
#
# .. math::
#
#    w = \frac{u_1}{s}, \qquad b = u_2 - \frac{m}{s}\, u_1 .
#
# Each old dial is a sum of multiples of new ones. Written for all dials at once, that is :math:`\theta = T u`, and
# :math:`T` is the table of those multiples. The neuron is the same, so :math:`J` is the same, so its minimum is the
# same neuron. Only what "one step straight down" means has changed: by the chain rule, the slope along :math:`u_1` is
# :math:`\frac{1}{s}` times that along :math:`w`, less :math:`\frac{m}{s}` times that along :math:`b`. (Reading the
# table by its columns instead of its rows is written :math:`T'`.) The head of ``solvers/coordinates.py`` says no more
# than that:
#
# .. literalinclude:: ../../sklearn_neuron/solvers/coordinates.py
#    :language: none
#    :start-at: J~(u)
#    :end-at: J~(u)
#    :dedent:
#
# and this is where it happens, in the function that looks at a place. First :math:`J` where :math:`T` leads,
#
# .. literalinclude:: ../../sklearn_neuron/solvers/coordinates.py
#    :language: python
#    :start-at: here = self.objective._place(self.T.apply(theta)
#    :end-at: here = self.objective._place(self.T.apply(theta)
#    :dedent:
#
# and at its end what is told of it; ``T.adjoint`` is :math:`T'`:
#
# .. literalinclude:: ../../sklearn_neuron/solvers/coordinates.py
#    :language: python
#    :start-at: return Place(self, needs, theta, here.loss, self.T.adjoint
#    :end-at: return Place(self, needs, theta, here.loss, self.T.adjoint
#    :dedent:
#
# We check it: the dials, and :math:`J`, at the floor and at a place that nobody has chosen with care. (The package
# takes half of our new dials, so that each bends by 1 and not by 1/4 at the start. That is one more unit, and nothing
# else.)

from sklearn_neuron.solvers.coordinates import Standardised, Whitened

seen = Standardised()(J, zeros)
m, s = length.mean(), length.std()
u = seen.from_weights(best)
print("new dials:", u[:, 0].round(6))
print("half ours:", (np.array([w * s, b + w * m]) / 2).round(6))

for theta in (best, np.array([[0.3], [-2.0]])):
    u = seen.from_weights(theta)
    print(f"J at theta {J.at(theta).loss[0]:.12f}")
    print(f"J at u     {seen.at(u).loss[0]:.12f}")
slopes = seen.at(seen.from_weights(best)).gradient
largest = np.abs(slopes).max()
print(f"slopes along u, at the floor: at most {largest:.0e}")

print("condition numbers:")
for words, features in {"length": X, "both": both}.items():
    for ruler in (Plain(), Standardised(), Whitened()):
        name = type(ruler).__name__
        print(f"{words:7}{name:13}{condition(features, ruler):7.2f}")

# %%
# One feature: centred and scaled, and the valley is round. Two features: centring and scaling does most of it, but what
# the two features share is still there. For that there is ``Whitened``: it also *turns* the axes, until no two of them
# do the same thing. It needs the Hessian at the start, one pass more.
#
# Then walk straight down again. The direction is ``Steepest``, the rate is :math:`1/L`, as in the very first walk. Only
# the ruler is another. A ``Recipe`` is these three together.

from sklearn_neuron import Recipe
from sklearn_neuron.solvers.directions import Steepest

rounder = Recipe(Steepest(), InverseSmoothness(), Standardised())
walk("on a round ruler", rounder)

# %%
# From six thousand steps to eighteen, and the rule is still :math:`w \leftarrow w - \alpha\, \partial J / \partial w`.
# In the picture it no longer falls down the steep side: on the round ruler, the way to the floor *is* the steepest way.
# This is how the same walk looks with the curvature of :math:`J` as the measure, so that one step to the right bends as
# much as one step up:

cured = ways["on a round ruler"]
LossLandscapeDisplay.from_estimator(
    cured,
    X,
    y,
    coordinates="whitened",
    **named,
)

# %%
# Idea three: jump to the bottom of the parabola
# ----------------------------------------------
#
# Steps so far were blind to what the slope does on the way. But we *know* how it changes: that is what curvature says.
# On a line with slope :math:`g` and curvature :math:`c`, a step :math:`d` changes the slope to :math:`g + c\,d`. Where
# is it 0?
#
# .. math::
#
#    g + c\,d = 0 \quad\Longrightarrow\quad d = -\frac{g}{c} .
#
# That is the bottom of the parabola which has the same height, slope and bend as :math:`J` has here. No rate to choose:
# the curvature *is* the rate. It is **Newton's method**. With two dials there are two slopes to bring to 0, and each of
# them answers to both dials:
#
# .. math::
#
#    \begin{aligned} H_{11}\, d_1 + H_{12}\, d_2 &= -g_1 \\ H_{12}\, d_1 + H_{22}\, d_2 &= -g_2 \end{aligned}
#
# Two equations, two unknowns: school. Solve them by hand, and let the direction named ``Newton`` do the same.

H0 = hessian_by_hand(0.0, 0.0)
residual = sigmoid(0 * length) - y
g1, g2 = (residual * length).mean(), residual.mean()
below = H0[0, 0] * H0[1, 1] - H0[0, 1] * H0[0, 1]
d1 = (-g1 * H0[1, 1] + g2 * H0[0, 1]) / below
d2 = (-g2 * H0[0, 0] + g1 * H0[0, 1]) / below
print(f"slopes {g1:.4f} and {g2:.4f}, so d = ({d1:.4f}, {d2:.4f})")

from sklearn_neuron.solvers.directions import Newton

heading, _ = Newton()(J.at(zeros, Newton.needs), None)
print("by the neuron:", heading[:, 0].round(4))

# %%
# In ``solvers/newton.py`` it is one line of a method, and most of that file is about the case that two equations say
# the same thing:
#
# .. literalinclude:: ../../sklearn_neuron/solvers/newton.py
#    :language: python
#    :start-at: return -shortest_solutions
#    :end-at: return -shortest_solutions
#    :dedent:
#
# We walk it in the units of the leaves, with rate 1: no ruler, no tricks.

from sklearn_neuron.solvers.step_sizes import Constant

whole_steps = Recipe(Newton(), Constant(1.0), Plain())
walk("Newton", whole_steps)

# %%
# How high is it after each step?

for step, height in enumerate(ways["Newton"].loss_curve_ - J_star):
    print(f"step {step}: {height:.1e} above the floor")

in_mm = SigmoidNeuronClassifier(solver=whole_steps, C=np.inf)
in_mm.fit(10 * X, y)
print("in mm:")
for step, height in enumerate(in_mm.loss_curve_ - J_star):
    print(f"step {step}: {height:.1e} above the floor")
numbers = 10_000**2
print(f"a Hessian of 10,000 features: {numbers:,} numbers")

# %%
# Look at the exponents. Near the floor every step about *doubles* the number of digits that are right: the parabola
# fits the better the nearer one is. And with the leaves in millimetres it is the same walk. Newton does not care about
# rulers; it brings its own.
#
# Then why not always? For :math:`p` features the Hessian has about :math:`p` times :math:`p` numbers, and every plant
# has a say in each. With two dials that is nothing. With ten thousand features, words of a language perhaps, it is a
# hundred million numbers, at every step.
#
# Idea four: learn the curvature on the way
# -----------------------------------------
#
# You walked a step :math:`s`, and the slope changed by :math:`y`. (It is the letter all books use here. Only in this
# section, it is not the truth.) Then you have *felt* the curvature, without having computed a single second derivative:
#
# .. math::
#
#    c \approx \frac{y}{s} .
#
# Try it with one dial. Hold :math:`w` where it should be, and find :math:`b`: take two places, divide the change of
# slope by the step, jump as Newton would, and again.


def slope_along_b(b):
    """How J answers to the bias."""
    return (sigmoid(w * length + b) - plants.target).mean()


before, here = -3.0, -3.5
for _ in range(5):
    change = slope_along_b(here) - slope_along_b(before)
    felt = change / (here - before)
    before, here = here, here - slope_along_b(here) / felt
    print(f"felt {felt:.4f}, next b {here:.8f}")
print(f"true {H[1, 1]:.4f},  the b {b:.8f}")

# %%
# With many dials one step tells of one direction only. So the direction named ``LBFGS`` remembers the last few pairs
# :math:`(s, y)`, six or more. It begins with a plain table :math:`B`, and takes one pair after the other, the oldest
# first: each time :math:`B` is changed by as little as it takes for :math:`B y = s` to be true of this pair. (What
# older ones said is only roughly true then, for the valley bent otherwise where they were felt.) Then it goes along
# :math:`-B g`. No such table is ever written down. It stores some vectors where Newton stores a square, and two short
# loops over the pairs tell what :math:`B` makes of a gradient (``solvers/quasi_newton.py``):
#
# .. literalinclude:: ../../sklearn_neuron/solvers/quasi_newton.py
#    :language: python
#    :start-at: q, alphas = g.copy
#    :end-at: return q
#    :dedent:
#
# (Jorge Nocedal, 1980. The L says *limited memory*; the other letters are Broyden, Fletcher, Goldfarb and Shanno, who
# had the idea.) What it has felt may be poor, above all at the first step, when it has felt nothing. So its step size
# is ``Backtracking``: try the whole step, and shorten it until :math:`J` has really fallen.

from sklearn_neuron.solvers.directions import LBFGS
from sklearn_neuron.solvers.step_sizes import Backtracking

walk("quasi-Newton", Recipe(LBFGS(), Backtracking(), Plain()))

# %%
# It starts like the rule, for it knows nothing yet. After some steps it has felt how the valley lies, and turns into
# it. Is it true that its :math:`B` agrees with the step it has just felt? Ask it:

lbfgs = LBFGS()
steps = descend(repeat(J), zeros, lbfgs, Backtracking())
eighth = next(islice(steps, 8, None))
_, memory = lbfgs(eighth.here, eighth.memory)
last = memory.pairs[-1]
print(f"remembered: {len(memory.pairs)} pairs")
print("s:  ", last.s[:, 0].round(6))
print("B y:", lbfgs.metric(memory, last.y)[:, 0].round(6))

# %%
# First a few, then all
# ---------------------
#
# One more thing to save: plants. To find out that long leaves are suspicious you do not need a hundred thousand of
# them. On tall tables the default solver, ``"auto"``, therefore begins with a sample. It walks there until what is left
# to gain is no more than the noise of the sample, and goes on with all of them from where it stands. Each walk of a fit
# is a :term:`stage`. The plan of a fit is made here (``solvers/stages.py``); ``stride`` says of how many plants one is
# looked at:
#
# .. literalinclude:: ../../sklearn_neuron/solvers/stages.py
#    :language: python
#    :start-at: if may_begin_on_a_sample
#    :end-at: return Plan(name, [Stage(recipe)])
#    :dedent:

meadow = make_toxic_plants(100_000, random_state=1)
many, kinds = meadow.data[:, [0]], meadow.target
staged = SigmoidNeuronClassifier(**settings).fit(many, kinds)

journey = staged.history_
for row in range(len(journey)):
    one_of = round(1 / journey.share[row])
    seen_by = f"1 plant of {one_of}" if one_of > 1 else "all plants"
    J_there, passes = journey.loss[row], journey.passes[row]
    print(f"{seen_by:14} J {J_there:.6f}, {passes:.2f} passes")

whole = SigmoidNeuronClassifier(solver="newton", **settings)
whole.fit(many, kinds)
passes = whole.history_.passes[-1]
print(f"Newton, on all from the start: {passes:.2f} passes")

LossLandscapeDisplay.from_estimator(staged, many, kinds, **named)

# %%
# Another meadow, but nearly the same landscape. A step on one plant of 32 is a 32nd of a pass, and the dotted part of
# the path, on the sample, is nearly all of the way. (The :math:`J` of a sample is another :math:`J` than that of all, a
# little beside it. In the picture every point wears the colour of :math:`J` on all plants.) Only the last steps have to
# see everybody, and what the sample lacked they find. Some passes come after the last step: they are the price of being
# sure, and of that we speak now.
#
# Has it arrived?
# ---------------
#
# The floor is where all slopes are 0. So, stop when the slopes are small? Small beside what? Stand on the floor, go a
# little along the steepest direction, then along the flattest, so that the gradient has the *same length* in both
# places:

for word, k in extremes.items():
    place = J.at(best + 1e-4 / bends[k] * around[:, [k]])
    gradient = np.linalg.norm(place.gradient)
    left = place.loss[0] - J_star
    print(f"{word}: gradient {gradient:.1e}, J - J* = {left:.1e}")

# %%
# The same slope, and five hundred times the height. That number again: the condition number. A small gradient alone
# says nothing; and in millimetres the same neuron would have another gradient altogether.
#
# The parabola knows better. On a line, with slope :math:`g` and curvature :math:`c`, its bottom lies at
# :math:`d = -g/c`. A ramp of slope :math:`g` would lead down by slope times step, :math:`g \cdot g/c`. But the slope
# shrinks on the way, evenly, from :math:`g` to 0; on average it is half of :math:`g`. So the parabola leads down by
# half of that:
#
# .. math::
#
#    \frac{1}{2} \cdot \frac{g^2}{c} .
#
# So :math:`g^2 / c`, not :math:`g`, says how much is left. With many dials :math:`d` comes from the equations above,
# and :math:`g^2/c` becomes :math:`-(g_1 d_1 + g_2 d_2)`. Its square root is the :term:`Newton decrement`, and
#
# .. math::
#
#    J - J^* \;\approx\; \frac{\text{decrement}^2}{2} .
#
# It needs no floor to be known, and no ruler changes it. Newton's direction computes it for nothing:
#
# .. literalinclude:: ../../sklearn_neuron/solvers/newton.py
#    :language: python
#    :start-at: slope = dot(here.gradient, heading)
#    :end-at: return Decrement(np.sqrt(-slope))
#    :dedent:
#
# Is it honest? At every step of Newton's walk we compare what it says is left with what was left.

newton = ways["Newton"]
said = newton.history_.decrement**2 / 2
true = newton.loss_curve_ - J_star
for step in range(len(true)):
    promised, found = said[step], true[step]
    print(f"step {step}: said {promised:.2e}, true {found:.2e}")

# %%
# Far from the floor it is a good guess, near it the truth. Therefore ``tol``, the one number by which you say how near
# is near enough, is a decrement: a neuron has arrived when its decrement is at most ``tol``, and then :math:`J` is
# about ``tol**2 / 2`` above its minimum. The default is 1e-4:

print(f"tol**2 / 2 = {1e-4**2 / 2:.0e}")
for name, neuron in ways.items():
    left = neuron.loss_curve_[-1] - J_star
    print(f"{name:17}{left:.0e}\n  {neuron.stop_reason_}")

# %%
# A way that never sees the Hessian has to estimate the decrement, from the diagonal of :math:`H` (its :math:`H_{11}`
# and :math:`H_{22}` alone) or from what it has felt. An estimate can be far too small. So *small* is not enough, it
# must be confirmed, by the step before and at the end by a look at the curvature itself. That is what the passes after
# the last step are for. The line that says so is in ``solvers/stopping.py`` (``now`` is the decrement, ``|`` is *or*,
# ``&`` is *and*):
#
# .. literalinclude:: ../../sklearn_neuron/solvers/stopping.py
#    :language: python
#    :start-at: return (now <= self.tol) & (last | confirmed
#    :end-at: return (now <= self.tol) & (last | confirmed
#    :dedent:
#
# (Those who go by the gradient alone are let go where the true decrement is at most ``1.4 tol``, so that :math:`J` is
# about ``tol**2`` above. That is why momentum stopped a little above the line.)
#
# And a neuron that has *not* arrived says so, and warns whoever trained it. Three hundred steps down the long valley:

import textwrap
import warnings

with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    tired = SigmoidNeuronClassifier(
        solver="gd",
        C=np.inf,
        max_iter=300,
    )
    tired.fit(X, y)

print("converged_:  ", tired.converged_)
print("stop_reason_:", tired.stop_reason_)
print(f"gradient:  {tired.history_.gradient_norm[-1]:.3f}")
print(f"decrement: {tired.history_.decrement[-1]:.3f}")
print(f"J - J*:    {tired.loss_curve_[-1] - J_star:.3f}")
print(textwrap.fill(str(told[0].message), 60))

# %%
# Everything on one page
# ----------------------
#
# Every way went down the same valley, from the same start, and stopped for the same reason. This is what it cost. The
# picture shows how it went: the height above the lowest place that anybody reached, over passes. (Who reached it stands
# on the lower border.) Can you find the restart of momentum?

print(f"{'way':17}{'steps':>6}{'passes':>8}{'J - J*':>8}")
for name, neuron in ways.items():
    steps, passes = neuron.n_iter_[0], neuron.history_.passes[-1]
    left = neuron.loss_curve_[-1] - J_star
    print(f"{name:17}{steps:6,}{passes:8,.0f}{left:8.0e}")

from sklearn_neuron.displays import LossCurveDisplay

LossCurveDisplay.from_estimators(ways, x="passes", scale="gap")

# %%
# One loop
# --------
#
# Is that a page full of algorithms? Count again. There is the loop at the top of this page, and it asks three
# questions. We send all five sets of answers through it:

answers = {
    "straight down": (Steepest(), InverseSmoothness(), Plain()),
    "with momentum": (Nesterov(), InverseSmoothness(), Plain()),
    "on a round ruler": (
        Steepest(),
        InverseSmoothness(),
        Standardised(),
    ),
    "Newton": (Newton(), Constant(1.0), Plain()),
    "quasi-Newton": (LBFGS(), Backtracking(), Plain()),
}
for name, (direction, step_size, ruler) in answers.items():
    seen = ruler(J, zeros)
    start = seen.from_weights(zeros)
    steps = descend(repeat(seen), start, direction, step_size)
    last = next(islice(steps, int(ways[name].n_iter_[0]), None))
    print(f"{name:17}J = {last.here.loss[0]:.12f}")
    print(f"{'in the fit':>16} J = {ways[name].loss_curve_[-1]:.12f}")

# %%
# To the last digit, the walks of the fits. Only direction, rate and coordinates have changed. The step is still
# ``theta + rate * heading``.
#
# Exercises
# ---------
#
# **1.** A valley has curvature 4 along one direction and 0.04 along another. What is its condition number? What is the
# largest rate that does not trip? With half of that rate, by which factor does one step shrink the distance along each
# direction?
#
# .. admonition:: Answer
#    :collapsible: closed
#
#    The condition number is 4 / 0.04 = 100. Along the steep direction :math:`4\,\alpha` must not be above 2, so the
#    rate is at most 0.5. With 0.25 the factors are ``1 - 0.25 * 4`` and ``1 - 0.25 * 0.04``: there in one step, and
#    hardly moving.
#
#    >>> float(round(4 / 0.04)), 2 / 4
#    (100.0, 0.5)
#    >>> 1 - 0.25 * 4, round(1 - 0.25 * 0.04, 2)
#    (0.0, 0.99)
#
# **2.** Somebody measures the leaves in metres. Does Newton's walk take more steps? Does the walk straight down?
#
# .. admonition:: Answer
#    :collapsible: closed
#
#    Newton takes the same steps. Straight down, the neuron now has one dial that hardly moves a score, and its valley
#    is narrower still: after the six thousand steps that sufficed in centimetres it is far from the floor.
#
#    >>> in_m = SigmoidNeuronClassifier(solver=whole_steps, C=np.inf)
#    >>> J_m = in_m.fit(X / 100, y).objective(X / 100, y)
#    >>> print(in_m.n_iter_[0], ways["Newton"].n_iter_[0])
#    4 4
#    >>> alpha = InverseSmoothness()
#    >>> steps = descend(repeat(J_m), zeros, Steepest(), alpha)
#    >>> after = next(islice(steps, 6000, None)).here.loss[0]
#    >>> print(f"{after - J_star:.2f} above the floor")
#    0.03 above the floor
#
# **3.** What does momentum do in a round valley? Guess, then try
# ``Recipe(Nesterov(), InverseSmoothness(), Standardised())``.
#
# .. admonition:: Answer
#    :collapsible: closed
#
#    Not much: it saves some of what were few steps already, for the square root of a small number is not much
#    smaller. A good ruler leaves little to be remembered.
#
#    >>> rolling = Recipe(Nesterov(), InverseSmoothness(), Standardised())
#    >>> ball = SigmoidNeuronClassifier(solver=rolling, C=np.inf)
#    >>> print(cured.n_iter_[0], ball.fit(X, y).n_iter_[0])
#    18 11
#
# **4.** The Hessian of one plant has the four numbers :math:`a(1-a)\,x\,x`, :math:`a(1-a)\,x`, the same again, and
# :math:`a(1-a)`. Why can Newton not learn from one plant alone?
#
# .. admonition:: Answer
#    :collapsible: closed
#
#    The second equation times :math:`x` is the first one: two unknowns, one equation. The number below the fraction bar
#    of the solution is ``H11 H22 - H12 H12``, and that is 0. In the picture, :math:`J` is the same along whole lines:
#    all dials that give this plant the same score are as good as each other, and there is no one place to jump to. (The
#    neuron then takes the shortest step there is.)
#
#    >>> x, bend = 4.0, 0.25
#    >>> (bend * x * x) * bend - (bend * x) * (bend * x)
#    0.0
#
# **5.** You want :math:`J` to be within one millionth of its minimum. Which ``tol``?
#
# .. admonition:: Answer
#    :collapsible: closed
#
#    From ``tol**2 / 2 = 1e-6``, that is the square root of two millionths.
#
#    >>> tol = (2 * 1e-6) ** 0.5
#    >>> near = SigmoidNeuronClassifier(C=np.inf, tol=tol).fit(X, y)
#    >>> print(f"tol = {tol:.4f}", near.loss_curve_[-1] - J_star < 1e-6)
#    tol = 0.0014 True
#
# .. admonition:: Summary
#    :class: summary
#
#    - :term:`Curvature <curvature>` is the slope of the slope. For one plant it is :math:`a(1-a)`, times what one dial
#      acts through, times what the other does.
#    - The :term:`condition number` is the steepest curvature over the flattest. One step multiplies the distance to the
#      floor by :math:`1 - \alpha c`; the steep direction limits :math:`\alpha`, and the flat one waits.
#    - Valleys are narrow because of **offsets, units and correlation**: because of the ruler.
#    - :term:`Momentum <momentum>` remembers a velocity, and drops it when it would carry uphill.
#    - :term:`Coordinates <coordinates>` :math:`\theta = T u` leave :math:`J` and its minimum as they are, and make the
#      valley round.
#    - :term:`Newton's method` jumps to the bottom of the parabola that fits: :math:`H d = -g`. Digits double.
#    - :term:`Quasi-Newton <quasi-Newton>` learns the curvature from how gradients change: :math:`B y = s`.
#    - :term:`Stages <stage>`: a sample first, everybody last.
#    - :term:`Arrived <arrival>` means: the :term:`Newton decrement` is at most ``tol``, so that :math:`J` is about
#      ``tol**2 / 2`` above its minimum. A small gradient alone says nothing.
#    - One loop. Only direction, rate and coordinates have changed.
#
# One neuron has learned all it can, as fast as it can. What it *cannot* learn, no speed will teach it. For that there
# has to be more than one: :doc:`Episode IV <plot_4_from_one_neuron_to_many>`.
