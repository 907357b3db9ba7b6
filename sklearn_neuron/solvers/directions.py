"""Which way? A direction looks at a place and names a heading: where to go, sign included.

Options live in the object; what it remembers between steps is a value, handed in and handed back, so a
walk can be paused, pickled and resumed. The neuron axis comes last everywhere: K neurons walk side by side.

==========  ==================================================  ==========================================
direction   heading                                             reference
==========  ==================================================  ==========================================
Steepest    ``-g``                                              Cauchy (1847)
Nesterov    ``-g + beta v``, ``v`` the velocity so far          Y. Nesterov (1983); B. O'Donoghue and
                                                                E. Candes (2015), section 3.2 (restart)
LBFGS       ``-B g``, B from the last few steps                 J. Nocedal (1980); Nocedal and Wright
                                                                (2006), algorithm 7.4
Newton      ``-H^-1 g``                                         Nocedal and Wright (2006), equation 3.30
LazyNewton  ``-B g``, B from an old H and the steps since       N. Doikov, E. M. Chayti, M. Jaggi (2023);
                                                                Nocedal and Wright (2006), section 7.2
NewtonCG    ``-H^-1 g``, about, from products ``H v`` alone     R. Dembo, S. Eisenstat, T. Steihaug (1982);
                                                                Nocedal and Wright, algorithm 7.1
==========  ==================================================  ==========================================

Where J pays for the sizes of weights, an L1 penalty, it has kinks, and these know of them:

================  ============================================  ==========================================
ProximalGradient  ``prox(theta - alpha g) - theta``             A. Beck and M. Teboulle (2009), ISTA
ProximalNesterov  the same, carried on by momentum              A. Beck and M. Teboulle (2009), FISTA;
                                                                O'Donoghue and Candes (2015)
ProxNewton        to the floor of the parabola and its kinks    J. Lee, Y. Sun, M. Saunders (2014)
WorkingSets       the same among features that may not be 0     M. Massias, A. Gramfort, J. Salmon (2018)
================  ============================================  ==========================================

A direction reads what it `needs` of every place, in the pass that finds J, and names what it `asks` J for beside that,
in passes of its own: LBFGS for the diagonal of H every ten steps, LazyNewton for H when it is worth it, Newton for
products ``H v`` where H has no digits left, NewtonCG for as many as its heading takes. Each also estimates the Newton
decrement, and says how far that can be trusted (:class:`~sklearn_neuron.solvers.direction.Decrement`).
"""

from sklearn_neuron.solvers.direction import Decrement, Direction
from sklearn_neuron.solvers.first_order import Nesterov, ProximalGradient, ProximalNesterov, Steepest
from sklearn_neuron.solvers.lazy_newton import LazyNewton
from sklearn_neuron.solvers.newton import Newton, NewtonCG
from sklearn_neuron.solvers.prox_newton import ProxNewton, WorkingSets
from sklearn_neuron.solvers.quasi_newton import LBFGS

__all__ = [
    "LBFGS",
    "Decrement",
    "Direction",
    "LazyNewton",
    "Nesterov",
    "Newton",
    "NewtonCG",
    "ProxNewton",
    "ProximalGradient",
    "ProximalNesterov",
    "Steepest",
    "WorkingSets",
]
