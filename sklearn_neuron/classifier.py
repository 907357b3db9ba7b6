"""Who uses it? A classifier: scikit-learn on the outside, the descent of one neuron, or of a layer, on the inside."""

import copy
from contextlib import contextmanager
from functools import partial
from numbers import Integral, Real
from typing import ClassVar

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.special import logsumexp
from sklearn.base import ClassifierMixin
from sklearn.utils import Tags, assert_all_finite
from sklearn.utils.extmath import safe_sparse_dot
from sklearn.utils.validation import check_is_fitted, validate_data

from sklearn_neuron._sklearn import Interval, RealNotInt, StrOptions, check_sample_weight, fit_context
from sklearn_neuron.early_stopping import (
    Examples,
    LogLoss,
    Score,
    Validation,
    check_given,
    given_by_user,
    refuse_unless_finite,
    split_off,
)
from sklearn_neuron.exchange import TheirModel, Versioned, learned_by, to_sklearn
from sklearn_neuron.homes import costs
from sklearn_neuron.homes.arrays import few_at_a_time
from sklearn_neuron.homes.counted import Counted, CountedPieces
from sklearn_neuron.homes.elsewhere import elsewhere, wherever_it_lives
from sklearn_neuron.homes.labels import (
    as_float,
    check_total,
    codes_among,
    encode,
    refuse_masked,
    refuse_missing_or_mixed,
    truths_of,
    weighted,
    weights_of_classes,
)
from sklearn_neuron.homes.memory import InMemory
from sklearn_neuron.homes.pieces import Pieces, Pose, Surveying
from sklearn_neuron.layer import log_softmax, softmax
from sklearn_neuron.losses import SIGMOID, SoftmaxLoss
from sklearn_neuron.neuron import example_loss, sigmoid
from sklearn_neuron.newcomers import DOCS, Answering, with_answers
from sklearn_neuron.objective import Objective
from sklearn_neuron.penalties import strength_of
from sklearn_neuron.solvers.diagnosis import average_example
from sklearn_neuron.solvers.history import History
from sklearn_neuron.solvers.recipes import Recipe, SolverName
from sklearn_neuron.solvers.stages import plan, walk_stages
from sklearn_neuron.solvers.stopping import Outcome
from sklearn_neuron.solvers.walk import together
from sklearn_neuron.telling.advice import reason, warn_unless_converged
from sklearn_neuron.telling.narration import Narrator, tell_kept
from sklearn_neuron.telling.progress import ProgressBar
from sklearn_neuron.telling.tasks import WithCallbacks, root_task, tasks_of

LARGEST_TOL = 1e100  # the square of which is a float
DOC_LINK = DOCS + "generated/sklearn_neuron.{estimator_name}.html"  # of `docs/`


class SigmoidNeuronClassifier(WithCallbacks, ClassifierMixin, Answering, Versioned):
    """One sigmoid neuron that learns by gradient descent; one neuron a class if there are more than two.

    With ``multi_class="multinomial"`` those share one unit of belief, the softmax of their scores.

    The neuron computes ``z = w.x + b`` and believes ``P(Y=1|x) = 1 / (1 + exp(-z))``. It minimises the
    log-loss of the truths, with the L2 penalty of :class:`~sklearn.linear_model.LogisticRegression`::

        J(w, b) = sum_i s_i loss(z_i, y_i) / sum_i s_i  +  |w|^2 / (2 C sum_i s_i)

    where ``s`` is the sample weight times the class weight, and finds the same coefficients. Features need
    no scaling: the default solver chooses coordinates in which the valley of J is round.

    Parameters
    ----------
    C : float, default=1.0
        Inverse strength of the penalty, above 0; smaller means stronger. ``np.inf`` is the pure log-loss; where
        its minimum is not unique, the one of least norm in standardised coordinates.
    l1_ratio : float, default=0.0
        Share of the penalty, from 0 to 1, that is paid for the size of weights, ``|w|_1``, instead of half their
        square, as in :class:`~sklearn.linear_model.LogisticRegression`. Above 0 some weights are exactly 0, the more of
        them the smaller `C`. Without a penalty, ``C=np.inf``, it means nothing.
    multi_class : {"ovr", "multinomial"}, default="ovr"
        What is done with more than two classes. "ovr" (one-vs-rest): each class has a neuron that learns alone to tell
        it from all others; coefficients as of ``OneVsRestClassifier(LogisticRegression())``. "multinomial": all neurons
        learn together, as one layer whose beliefs add up to 1 (:mod:`~sklearn_neuron.layer`); coefficients as of
        ``LogisticRegression()``. Of two classes both are the one neuron.
    fit_intercept : bool, default=True
        Whether the neuron has a bias. It is never penalised.
    class_weight : dict or "balanced", default=None
        Weights of the classes, ``{class: weight}``; "balanced" makes classes count the same.
    solver : {"auto", "newton", "lazy-newton", "newton-gram", "newton-cg", "newton-cg-gram", "lbfgs", "gd", \
"nesterov", "prox-newton"} or Recipe, default="auto"
        How to walk. "auto" chooses by the shape of `X`, and "gd" if a learning rate is named. ``solver="gd",
        learning_rate=0.1`` is the rule ``w <- w - 0.1 dJ/dw``, literally. With ``l1_ratio`` above 0 "auto" is
        "prox-newton", and "gd" and "nesterov" take what an L1 penalty leaves of their steps; the others refuse it.
        Composed: :class:`~sklearn_neuron.solvers.recipes.Recipe`.
    learning_rate : float, callable or "auto", default="auto"
        The alpha of the rule, above 0, or a function of the iteration that returns it. "auto" is 1 / L for "gd"
        and "nesterov", by theorem, and backtracking for the others.
    tol : float, default=1e-4
        A neuron has arrived when its Newton decrement, the length of the gradient in the metric of the
        curvature, is at most `tol`: J is then about ``tol**2 / 2`` above its minimum, whatever the units of the
        features. Exact for "newton" and "newton-gram"; an estimate for "gd" and "nesterov", by the diagonal of the
        Hessian, until the whole of it is asked, by which it must be at most ``1.4 tol`` (J is about ``tol**2`` above
        then), or, where J is flat to its last digit before, ten times what that hides (of float32 `X`: J is less than
        1e-4 above, mostly much less); and for "lazy-newton", "lbfgs", "newton-cg" and
        "newton-cg-gram", which must be at most ``tol / 10`` therefore ("lazy-newton": or ``tol / 2``,
        if its last step shortened it tenfold), and is certified by products with the Hessian where the walk ends.
    max_iter : int, default=None
        Steps to take at most, on all examples; None is the solver's own budget.
    warm_start : bool, default=False
        Whether to start from the coefficients of the last fit instead of zeros. Where J there is above log 2, its value
        at zeros, only "gd" and "nesterov" do.
    record : {"loss", "path"}, default="loss"
        What `history_` keeps: "path" adds the weights at every step (of every 2nd, 4th... beyond 64 MiB of them).
    random_state : int, RandomState instance or None, default=None
        Who draws the examples that are held out for early stopping. Solvers draw nothing but samples to begin with,
        always the same ones.
    verbose : int, default=0
        1 prints the learning line by line, ever more rarely; 2 prints every step.
    early_stopping : bool, default=False
        Whether to stop when examples that are held out have not been believed better for `n_iter_no_change` steps, and
        to keep the weights of the step where they were believed best: each neuron its own, a layer all of them
        (:mod:`~sklearn_neuron.early_stopping`). They are given to `fit`, or split off. What is kept is no minimum of J,
        so that `converged_` is False, unless the last step is the best. With "gd" it is a kind of regularisation;
        "auto" takes so few steps that there is little to choose from.
    scoring : str, callable or None, default="loss"
        What is best: "loss" is the log-loss that is learned from, without the penalty and with the class weights, of
        each neuron by itself; else a scorer, more is better, of all neurons together (None is accuracy).
    validation_fraction : float or int, default=0.1
        Share, or number, of the examples to hold out if none are given to `fit`, classes in proportion, drawn by
        `random_state`.
    n_iter_no_change : int, default=10
        Steps, on all examples, to walk on without a better one.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        Class labels.
    coef_ : ndarray of shape (1, n_features) or (n_classes, n_features)
        Weights, in the units of `X`, in its float type; in float64 if float32 cannot hold what was learned. A sparse
        array after :meth:`sparsify`, until :meth:`densify`.
    intercept_ : ndarray of shape (1,) or (n_classes,)
        Bias, in float64: where features are far from zero it has to be exact. 0 if ``fit_intercept=False``.
    n_iter_ : ndarray of int of shape (1,) or (n_classes,)
        Steps taken by each neuron on all examples; a layer takes them together.
    n_features_in_ : int
        Number of features.
    feature_names_in_ : ndarray of shape (n_features,)
        Names of the features, if `X` had string column names.
    history_ : History
        The journey in columns, one row more than steps. Where examples are many it begins with a stage on a sample of
        them, whose rows say so (`history_.share`).
    loss_curve_ : ndarray of shape (n_steps + 1,) or (n_steps + 1, n_classes)
        J of all examples, before the first and after every step on all of them.
    converged_ : bool
        Whether every neuron arrived, or stopped at the limit of float precision.
    outcomes_ : list of Outcome
        Why the walk of each neuron ended, or that of the layer: :class:`~sklearn_neuron.solvers.stopping.Outcome`.
    stop_reason_ : str
        The same, in a sentence.
    solver_ : str
        The solver that walked.
    best_iteration_ : ndarray of int of shape (1,) or (n_classes,)
        Only with early stopping: the step that led to `coef_`, of each neuron. `n_iter_` counts those after it, too.

    See Also
    --------
    sklearn.linear_model.LogisticRegression : The same model, other solvers.

    References
    ----------
    D. R. Cox (1958), The regression analysis of binary sequences, J. R. Stat. Soc. B 20, 215-242.

    Examples
    --------
    >>> from sklearn_neuron import SigmoidNeuronClassifier
    >>> from sklearn_neuron.datasets import make_toxic_plants
    >>> plants = make_toxic_plants(random_state=0)
    >>> neuron = SigmoidNeuronClassifier().fit(plants.data, plants.target)
    >>> neuron.predict([[3.0, 1.0], [6.0, 3.0]])
    array([0, 1])
    >>> neuron.stop_reason_
    'The gradient is small enough.'
    """

    _doc_link_module = "sklearn_neuron"
    _doc_link_template = DOC_LINK

    _parameter_constraints: ClassVar[dict] = {
        "C": [Interval(Real, 0, None, closed="right")],
        "l1_ratio": [Interval(Real, 0, 1, closed="both")],
        "multi_class": [StrOptions({"ovr", "multinomial"})],
        "fit_intercept": ["boolean"],
        "class_weight": [dict, StrOptions({"balanced"}), None],
        "solver": [SolverName(), Recipe],
        "learning_rate": [StrOptions({"auto"}), Interval(Real, 0, None, closed="neither"), callable],
        "tol": [Interval(Real, 0, None, closed="left")],
        "max_iter": [Interval(Integral, 0, None, closed="left"), None],
        "warm_start": ["boolean"],
        "record": [StrOptions({"loss", "path"})],
        "random_state": ["random_state"],
        "verbose": ["verbose"],
        "early_stopping": ["boolean"],
        "scoring": [str, callable, None],
        "validation_fraction": [
            Interval(RealNotInt, 0, 1, closed="neither"),
            Interval(Integral, 1, None, closed="left"),
        ],
        "n_iter_no_change": [Interval(Integral, 1, None, closed="left")],
    }

    @with_answers
    def __init__(
        self,
        *,
        C=1.0,
        l1_ratio=0.0,
        multi_class="ovr",
        fit_intercept=True,
        class_weight=None,
        solver="auto",
        learning_rate="auto",
        tol=1e-4,
        max_iter=None,
        warm_start=False,
        record="loss",
        random_state=None,
        verbose=0,
        early_stopping=False,
        scoring="loss",
        validation_fraction=0.1,
        n_iter_no_change=10,
    ):
        self.C = C
        self.l1_ratio = l1_ratio
        self.multi_class = multi_class
        self.fit_intercept = fit_intercept
        self.class_weight = class_weight
        self.solver = solver
        self.learning_rate = learning_rate
        self.tol = tol
        self.max_iter = max_iter
        self.warm_start = warm_start
        self.record = record
        self.random_state = random_state
        self.verbose = verbose
        self.early_stopping = early_stopping
        self.scoring = scoring
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags

    # Learning -------------------------------------------------------------------------------------------

    @fit_context(prefer_skip_nested_validation=True)
    def fit(
        self, X, y=None, sample_weight=None, *, X_val=None, y_val=None, sample_weight_val=None
    ) -> "SigmoidNeuronClassifier":
        """Learn from examples.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features), or Blocks
            Examples. float32 of arrays and of pandas is kept, other numbers become float64; CSR and CSC are read as
            they are. A table of pandas, polars or pyarrow is what it holds, and the names of its columns are kept.
            :class:`~sklearn_neuron.Blocks` are read block by block, and never held in memory as a whole.
        y : array-like of shape (n_samples,)
            Class labels, at least two different ones; of a table's column, too, categories and nullable ones as well.
            None only if blocks have their own.
        sample_weight : array-like of shape (n_samples,), default=None
            How much each example counts, at least 0: a weight of 2 is the example twice, of 0 not at all.
        X_val : {array-like, sparse matrix} of shape (n_validation_samples, n_features), default=None
            Examples to stop by, with ``early_stopping=True``: nothing is learned from them. None splits them off `X`.
            A :class:`~sklearn.pipeline.Pipeline` transforms them as it does `X` if ``transform_input=["X_val"]``.
        y_val : array-like of shape (n_validation_samples,), default=None
            Their class labels, all of them in `y`.
        sample_weight_val : array-like of shape (n_validation_samples,), default=None
            How much each of them counts.

        Returns
        -------
        SigmoidNeuronClassifier
            The fitted estimator itself. If fit fails or is interrupted it is left as it was.

        Raises
        ------
        ValueError
            If the data or parameters cannot be used; the message says why.

        Warns
        -----
        DivergenceWarning
            If the learning rate was so large that J kept rising.
        SeparationWarning
            If a plane separates the classes and there is no penalty: J has no minimum then.
        ConvergenceWarning
            If a neuron had not arrived when its steps were spent, or could go no further.
        """
        root = root_task(self)
        learner = copy.copy(self)
        examples, held_out = learner._divided(X, y, sample_weight, X_val, y_val, sample_weight_val)
        objective, start = learner._posed_of(*examples)
        validation = learner._validation(held_out, examples)
        history = History(objective.home.n_walks, self.record, validation and validation.measure.column)
        planned = plan(self.solver, self.learning_rate, objective)
        tol = as_tol(self.tol)
        tasks = tasks_of(root, self, examples, partial(learner._as_it_stands, planned))
        try:
            with learner._narration(planned) as narrator, np.errstate(over="ignore", invalid="ignore"):
                watchers = together([validation, narrator, tasks])
                walked = walk_stages(planned, objective, start, tol, self.max_iter, history, watchers)
        except Exception:
            self._refuse_unless_finite(objective.home)
            raise
        if not all(why.converged for why in walked.arrival.outcomes):
            self._refuse_unless_finite(objective.home)
        learner._keep_best(validation, walked)
        learner._remember(walked, history.close(objective.home.passes), objective.home.storage_dtype)
        warn_unless_converged(walked)
        if tasks is not None:
            tasks.end(vars(learner))
        self.__dict__ = learner.__dict__  # all at once, or not at all
        return self

    def _divided(self, X, y, sample_weight, X_val, y_val, sample_weight_val):
        """Examples to learn from, and those that are held out, of the user or split off; None if nobody is."""
        check_given(self.early_stopping, X_val, y_val, sample_weight_val)
        self.__dict__.pop("best_iteration_", None)
        if elsewhere(X) is not None:
            return Examples(X, y, sample_weight), None
        examples = Examples(*self._validated(X, y, sample_weight))
        if not self.early_stopping:
            return examples, None
        classes, _ = encode(examples.y)
        if X_val is None:
            examples, held_out = split_off(examples, self.validation_fraction, self.random_state)
            refuse_unless_finite(held_out, type(self).__name__)
            return examples, held_out
        with given_by_user():
            held_out = Examples(*self._validated(X_val, y_val, sample_weight_val, reset=False))
            codes_among(classes, held_out.y)
        return examples, held_out

    def _validation(self, held_out, learned_from):
        """Who looks at held-out examples at every step; None if there are none."""
        if held_out is None:
            return None
        if self.scoring != "loss":
            measure = Score(self.scoring, self._knowing, held_out, self.classes_)
            return Validation(measure, self.n_iter_no_change)
        X, y, weight = held_out
        like = copy.copy(self)  # with the class weights that are learned with
        like.class_weight = weights_of_classes(self.class_weight, self.classes_, learned_from.y, learned_from.weight)
        objective = like._objective(X, y, codes_among(self.classes_, y), weight).paying(0.0)
        return Validation(LogLoss(objective), self.n_iter_no_change)

    def _keep_best(self, validation, walked):
        """Go back to where examples that are held out were believed best, and say so."""
        if validation is None:
            return
        self.best_iteration_ = validation.keep_best(walked)
        if self.verbose and not np.array_equal(self.best_iteration_, walked.arrival.iterations):
            tell_kept(self.best_iteration_)

    def _posed(self, X, y, sample_weight):
        """The problem: J on the examples, and the weights to start from; nothing else of the data is kept."""
        return self._posed_of(*self._validated(X, y, sample_weight))

    def _posed_of(self, X, y, weight):
        """The same, of examples that were checked, or that live elsewhere."""
        store = elsewhere(X, y, weight)
        if store is not None:
            return self._posed_elsewhere(store)
        classes, codes = encode(y)
        start = self._start(X.shape[1], classes)
        self.classes_, self._learned_as = classes, self.multi_class
        objective = self._objective(X, y, codes, weight)
        return objective.on(objective.home.without_zeros()), start

    def _posed_elsewhere(self, store):
        """The same, of examples that live elsewhere: after a first reading, which tells what there is."""
        survey = self._surveyed(store)
        if survey.sample.is_all:
            return self._posed_of(*survey.sample.rows)
        classes = survey.classes()
        start = self._start(self.n_features_in_, classes)
        self.classes_, self._learned_as = classes, self.multi_class
        counts = weighted(survey.weights, self.class_weight, classes, classes, np.arange(len(classes)))
        total_weight = counts.sum()
        check_total(total_weight, "sample_weight")
        loss = self._loss
        by_class = counts / survey.weights / total_weight
        pose = Pose(classes, by_class, self.fit_intercept, loss.neurons, survey.dtype)
        home = CountedPieces(Pieces(store, pose, survey, self.n_features_in_), [1.0])
        return Objective(home, loss=loss).paying(strength_of(self.C, total_weight), as_float(self.l1_ratio)), start

    def _surveyed(self, store):
        """What there is; the number of features, and their names, are kept."""
        if self.early_stopping:
            raise ValueError("early_stopping=True needs examples in memory, some to hold out; set it to False.")
        survey = store.together(Surveying(costs.DRAWN))
        if survey is None:
            raise ValueError("The blocks hold no example (with a weight above 0) to learn from.")
        self.n_features_in_ = survey.sample.rows.X.shape[1]
        self.__dict__.pop("feature_names_in_", None)
        if store.columns is not None:
            self.feature_names_in_ = np.asarray(store.columns, dtype=object)
        return survey

    def _validated(self, X, y, sample_weight, reset=True):
        """X, the labels and the weights, without the examples that do not count."""
        refuse_masked(X=X, y=y, sample_weight=sample_weight)
        refuse_missing_or_mixed(y)
        X, y = validate_data(
            self,
            X,
            y,
            reset=reset,
            accept_sparse=("csr", "csc"),
            dtype=[np.float64, np.float32],
            ensure_all_finite=not reset,  # a fit finds out on its way
        )
        if sample_weight is None:
            return X, y, np.broadcast_to(1.0, len(y))
        weight = check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
        counts = weight > 0
        check_total(weight, "sample_weight")
        return (X, y, weight) if counts.all() else (X[counts], y[counts], weight[counts])

    def _refuse_unless_finite(self, home):
        """Asked where a walk has failed, or led nowhere: with such a number none arrives.

        So nobody looks for one before: that would be to read X once more, an eighth of a fit of a tall table.
        """
        try:
            assert_all_finite(home.extremes(), estimator_name=type(self).__name__, input_name="X")
        except ValueError as error:
            raise error from None  # and not while something else was raised

    def _start(self, n_features, classes):
        """Where to start, in the units of X: zeros, or where the last fit ended."""
        if not (self.warm_start and hasattr(self, "coef_")):
            return np.zeros((n_features + self.fit_intercept, len(classes) if len(classes) > 2 else 1))
        self.densify()
        if self.coef_.shape[1] != n_features:
            raise ValueError(
                f"X has {n_features} features but warm_start=True would go on from {self.coef_.shape[1]}; "
                "set warm_start=False to start afresh."
            )
        if not np.array_equal(self.classes_, classes):
            raise ValueError(
                f"y has the classes {classes} but warm_start=True would go on from {self.classes_}; "
                "set warm_start=False to start afresh."
            )
        if not (np.isfinite(self.coef_).all() and np.isfinite(self.intercept_).all()):
            raise ValueError(
                "warm_start=True would go on from coef_ or intercept_ that are not finite; set it to False."
            )
        bias = [self.intercept_] if self.fit_intercept else []
        return np.vstack([self.coef_.T, *bias]).astype(np.float64)

    def _objective(self, X, y, codes, weight):
        """J on the examples: their home, with truths and shares, and the penalty."""
        weight = weighted(weight, self.class_weight, self.classes_, y, codes)
        total_weight = weight.sum()
        shares = (weight / total_weight).astype(X.dtype, copy=False)
        loss, truths = self._loss_and_truths(codes)
        home = InMemory(X, truths, shares, self.fit_intercept, of_a_walk=loss.neurons)
        return Objective(Counted(home), loss=loss).paying(strength_of(self.C, total_weight), as_float(self.l1_ratio))

    def _loss_and_truths(self, codes):
        """What is summed, of one neuron, of one a class or of a layer; and the truths as that reads them."""
        return self._loss, truths_of(codes, len(self.classes_), self._is_layer)

    @property
    def _loss(self):
        """What is summed."""
        return SoftmaxLoss(len(self.classes_)) if self._is_layer else SIGMOID

    @property
    def _is_layer(self):
        """Whether its neurons share one belief, as they did when they learned, whatever was set since."""
        return len(self.classes_) > 2 and getattr(self, "_learned_as", self.multi_class) == "multinomial"

    @contextmanager
    def _narration(self, planned):
        """What tells of the walk and, if that lasts, draws a bar, until it is over; None if nothing is to be told."""
        if not self.verbose:
            yield None
            return
        names = getattr(self, "feature_names_in_", None)
        budget = planned.stages[-1].recipe.direction.default_max_iter
        limit = budget if self.max_iter is None else self.max_iter
        with ProgressBar(self.tol, limit) as bar:
            narrator = Narrator(self.fit_intercept, names, every_step=self.verbose > 1, bar=bar)
            yield narrator
            narrator.finish()

    def _remember(self, walked, history, dtype):
        arrival, p = walked.arrival, self.n_features_in_
        w, b = np.split(arrival.weights, [p])
        if dtype != np.float64:
            w, b = _rounded(walked, w, b, dtype, self.tol)
        self._know(w, b)
        self.n_iter_, self.solver_ = arrival.iterations * history.is_on_all, walked.solver
        self._ended(history, arrival.outcomes)

    def _know(self, w, b):
        """Weights (p, K) and biases, as they are shown."""
        self.coef_ = np.ascontiguousarray(w.T)
        self.intercept_ = b[0] if self.fit_intercept else np.zeros(w.shape[1])

    def _ended(self, history, outcomes):
        self.history_ = history
        self.loss_curve_ = history.loss[history.on_all]
        self.outcomes_ = outcomes
        self.converged_ = all(why.converged for why in outcomes)
        self.stop_reason_ = reason(outcomes)

    def _knowing(self, weights):
        """A neuron like this one that knows these weights and biases, (p + 1, K)."""
        other = copy.copy(self)
        other._know(*np.split(weights, [self.n_features_in_]))
        return other

    def _as_it_stands(self, planned, weights, step, history):
        """All attributes of a neuron whose fit has ended with this step."""
        stopped = self._knowing(weights)
        walks = history.n_walks
        stopped.n_iter_ = np.full(walks, step.iteration * history.is_on_all, dtype=np.int32)
        stopped.solver_ = planned.solver
        stopped._ended(history.so_far(), [Outcome.CALLBACK] * walks)
        return vars(stopped)

    def objective(self, X, y, sample_weight=None) -> Objective:
        """J on some examples: what :meth:`fit` would minimise on them, to be evaluated anywhere.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            Examples.
        y : array-like of shape (n_samples,)
            Class labels, all of them among `classes_`.
        sample_weight : array-like of shape (n_samples,), default=None
            How much each example counts.

        Returns
        -------
        Objective
            In the units of X, with the penalty of `C`; ``objective.at(theta)`` tells loss and gradient, for theta of
            shape (n_features + 1, 1) or (n_features + 1, n_classes): weights and, last, the bias if there is one.

        Raises
        ------
        ValueError
            If the data cannot be used, or a label was not seen by `fit`.

        Examples
        --------
        >>> import numpy as np
        >>> from sklearn_neuron import SigmoidNeuronClassifier
        >>> from sklearn_neuron.datasets import make_toxic_plants
        >>> X, toxic = make_toxic_plants(random_state=0, return_X_y=True)
        >>> J = SigmoidNeuronClassifier().fit(X, toxic).objective(X, toxic)
        >>> J.at(np.zeros((3, 1))).loss.round(4)  # log 2, the loss of one who hesitates
        array([0.6931])
        """
        check_is_fitted(self)
        X, y, weight = self._validated(X, y, sample_weight, reset=False)
        return self._objective(X, y, codes_among(self.classes_, y), weight)

    # Weights that are mostly 0 -----------------------------------------------------------------------------

    def sparsify(self) -> "SigmoidNeuronClassifier":
        """Keep `coef_` as a sparse matrix: of those that are mostly 0, as under an L1 penalty, it takes less room.

        Returns
        -------
        SigmoidNeuronClassifier
            The fitted estimator itself.

        Examples
        --------
        >>> from sklearn.datasets import load_breast_cancer
        >>> from sklearn_neuron import SigmoidNeuronClassifier
        >>> X, y = load_breast_cancer(return_X_y=True)
        >>> SigmoidNeuronClassifier(l1_ratio=1, C=0.1).fit(X, y).sparsify().coef_.nnz
        6
        """
        check_is_fitted(self)
        self.coef_ = sp.csr_matrix(self.coef_)
        return self

    def densify(self) -> "SigmoidNeuronClassifier":
        """Keep `coef_` as an array again.

        Returns
        -------
        SigmoidNeuronClassifier
            The fitted estimator itself.
        """
        check_is_fitted(self)
        if sp.issparse(self.coef_):
            self.coef_ = sp.csr_matrix(self.coef_).toarray()
        return self

    # Leaving and coming ---------------------------------------------------------------------------------

    def to_sklearn(self) -> TheirModel:
        """The model of scikit-learn that predicts the same, and would learn the same if it was fitted again.

        Whatever takes scikit-learn's own models takes it, too: converters to ONNX, explainers, servers.

        Returns
        -------
        LogisticRegression or OneVsRestClassifier
            Fitted. A OneVsRestClassifier, of one LogisticRegression a class, if there are more than two classes and
            ``multi_class="ovr"``. It shares no array with the neuron, and computes in float64 whatever `X` is.

        Raises
        ------
        sklearn.exceptions.NotFittedError
            If there is nothing learned.

        Warns
        -----
        UserWarning
            If `class_weight` stays behind, as of one neuron a class, of which a OneVsRestClassifier knows nothing:
            what it predicts is the same, but it would learn without.

        Examples
        --------
        >>> from sklearn_neuron import SigmoidNeuronClassifier
        >>> from sklearn_neuron.datasets import make_toxic_plants
        >>> X, toxic = make_toxic_plants(random_state=0, return_X_y=True)
        >>> SigmoidNeuronClassifier().fit(X, toxic).to_sklearn()
        LogisticRegression(solver='newton-cholesky')
        """
        return to_sklearn(self)

    @classmethod
    def from_sklearn(cls, model, **params) -> "SigmoidNeuronClassifier":
        """A neuron that knows what a fitted model of scikit-learn knows, and predicts the same.

        It was not there when the model learned: it has no `history_`, nor anything else that tells of a walk. With
        ``warm_start=True`` its own begins at these coefficients.

        Parameters
        ----------
        model : LogisticRegression, LogisticRegressionCV or OneVsRestClassifier of these
            Fitted.
        **params : dict
            Parameters of the neuron. Those not given that the model has as well (`C`, `l1_ratio`, `fit_intercept`,
            `class_weight`) are as there, and `multi_class` is what the model is.

        Returns
        -------
        SigmoidNeuronClassifier
            Fitted.

        Raises
        ------
        TypeError
            If it is another model, such as a Pipeline: pass its last step.
        ValueError
            If the model is none that a neuron can be, its parts have more than one `C` or `l1_ratio`, or what is given
            contradicts what it is.
        sklearn.exceptions.NotFittedError
            If it is not fitted.

        Warns
        -----
        UserWarning
            If the `class_weight` of a OneVsRestClassifier of several classes stays behind: there it means something
            else.

        Examples
        --------
        >>> from sklearn.linear_model import LogisticRegression
        >>> from sklearn_neuron import SigmoidNeuronClassifier
        >>> from sklearn_neuron.datasets import make_toxic_plants
        >>> X, toxic = make_toxic_plants(random_state=0, return_X_y=True)
        >>> model = LogisticRegression(C=10).fit(X, toxic)
        >>> neuron = SigmoidNeuronClassifier.from_sklearn(model, warm_start=True)
        >>> neuron
        SigmoidNeuronClassifier(C=10.0, warm_start=True)
        >>> neuron.predict([[3.0, 1.0], [6.0, 3.0]])
        array([0, 1])
        """
        learned = learned_by(model, params)
        neuron = cls(**learned.parameters)
        neuron.__dict__.update(learned.attributes)
        return neuron

    # Answering ------------------------------------------------------------------------------------------

    @wherever_it_lives
    def decision_function(self, X) -> NDArray:
        """Linear scores ``z = Xw + b``.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            Examples.

        Returns
        -------
        ndarray of shape (n_samples,) or (n_samples, n_classes)
            Scores; above 0 speaks for the class (of two: for ``classes_[1]``).
        """
        check_is_fitted(self)
        refuse_masked(X=X)
        X = validate_data(self, X, reset=False, accept_sparse=("csr", "csc"), dtype=[np.float64, np.float32])
        z = _weighed(X, self.coef_.T) + self.intercept_
        z = z.astype(np.result_type(X.dtype, self.coef_.dtype), copy=False)
        return z[:, 0] if z.shape[1] == 1 else z

    @wherever_it_lives
    def predict(self, X) -> NDArray:
        """Most probable class of every example.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            Examples.

        Returns
        -------
        ndarray of shape (n_samples,)
            Class labels.
        """
        z = self.decision_function(X)
        return self.classes_[(z > 0).astype(int) if z.ndim == 1 else z.argmax(axis=1)]

    @wherever_it_lives
    def predict_proba(self, X) -> NDArray:
        """Probabilities of all classes.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            Examples.

        Returns
        -------
        ndarray of shape (n_samples, n_classes)
            Probabilities, in the order of `classes_`. Of two classes: ``sigmoid(-z)`` and ``sigmoid(z)``, exact in
            both tails. Of more: the softmax of all scores ("multinomial"), or the sigmoids of all neurons, divided by
            their sum ("ovr").
        """
        z = self.decision_function(X)
        if z.ndim == 1:
            return np.column_stack([sigmoid(-z), sigmoid(z)])
        return softmax(z) if self._is_layer else np.exp(_log_shares(z))

    @wherever_it_lives
    def predict_log_proba(self, X) -> NDArray:
        """Natural logarithms of the probabilities of all classes; finite for every finite score.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            Examples.

        Returns
        -------
        ndarray of shape (n_samples, n_classes)
            Log-probabilities, in the order of `classes_`.
        """
        return self._log_beliefs(self.decision_function(X))

    def _log_beliefs(self, z):
        """Log-probabilities of all classes, of scores."""
        if z.ndim == 1:
            return -np.column_stack([example_loss(z, 0), example_loss(z, 1)])
        return log_softmax(z) if self._is_layer else _log_shares(z)


def as_tol(tol) -> float:
    """A tolerance as a float whose square is one, too."""
    return min(as_float(tol), LARGEST_TOL)


def _rounded(walked, w, b, dtype, tol):
    """Weights (p, K) in the float type of X, if that holds them, and biases that make up for what they have lost."""
    rounded = w.astype(dtype)
    bias = b + (average_example(walked.objective)[:, None] * (w - rounded)).sum(axis=0)
    return (rounded, bias) if _is_held(walked, np.concatenate([rounded, bias]), tol) else (w, b)


def _is_held(walked, rounded, tol):
    """Whether rounded weights, (p + 1, K), leave J where the walk found it; asked of some examples if they are many."""
    seen, arrival = walked.objective, walked.arrival
    stride = seen.home.n // 1_000
    some = seen.take(seen.home.sample(stride)) if stride > 1 else seen
    exact, other = (some.at(theta).loss for theta in (arrival.theta, seen.from_weights(rounded)))
    rounding = 4 * np.finfo(np.float32).eps * (1 + exact)
    return bool((np.abs(other - exact) <= np.maximum(tol**2, rounding)).all())


def _weighed(X, w):
    """``Xw`` in float64, some examples at a time: far from zero a sum of float32 keeps no digit of a score."""
    if X.dtype == w.dtype == np.float64:
        return safe_sparse_dot(X, w, dense_output=True)
    w = w.astype(np.float64)
    pieces = (some.astype(np.float64) for _, some in few_at_a_time(X))
    return np.concatenate([safe_sparse_dot(some, w, dense_output=True) for some in pieces])


def _log_shares(z):
    """``log(sigmoid(z_k) / sum_j sigmoid(z_j))``, also where every sigmoid rounds to 0."""
    log_sigmoid = -example_loss(z, 1)
    return log_sigmoid - logsumexp(log_sigmoid, axis=1, keepdims=True)
