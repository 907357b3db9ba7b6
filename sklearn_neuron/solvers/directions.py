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

Each reads the gradient of every place, in one pass with the loss, and what else it names in `needs`; what it `asks` J
for beside that costs passes of its own. Each also estimates the *Newton decrement* ``sqrt(g' H^-1 g)``, the length of
the gradient in the metric of the curvature: J is about half its square above the floor, whatever the units of the
features; and says how far that can be trusted (:class:`~sklearn_neuron.solvers.direction.Decrement`).

==========  ==================  ==========================================  ======================================
direction   needs, everywhere   asks for                                    decrement, and what share of it at least
==========  ==================  ==========================================  ======================================
Steepest    diagonal of H                                                   by the diagonal: taken for it
Nesterov    diagonal of H                                                   by the diagonal: taken for it
LBFGS                           the diagonal, every 10 steps                by B: 1/10
Newton      H                   ``H v`` where H has no digits left          itself
LazyNewton                      H, mostly of a sample, when it is worth it  by B: 1/10, or 1/2 after a good step
NewtonCG    diagonal of H       ``H v``, until the heading is good enough   by the heading: 1/10
==========  ==================  ==========================================  ======================================
"""

from sklearn_neuron.solvers.direction import Decrement, Direction
from sklearn_neuron.solvers.first_order import Nesterov, Steepest
from sklearn_neuron.solvers.lazy_newton import LazyNewton
from sklearn_neuron.solvers.newton import Newton, NewtonCG
from sklearn_neuron.solvers.quasi_newton import LBFGS

__all__ = ["LBFGS", "Decrement", "Direction", "LazyNewton", "Nesterov", "Newton", "NewtonCG", "Steepest"]
