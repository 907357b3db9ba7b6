"""Which C, and which share of L1? Those whose neurons believe best about examples that they have not seen.

Reference: T. Hastie, R. Tibshirani, J. Friedman, The Elements of Statistical Learning (2nd ed., 2009), section 7.10.
"""

import copy
from numbers import Integral, Real
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from sklearn.base import ClassifierMixin
from sklearn.model_selection import check_cv
from sklearn.utils import Bunch, Tags
from sklearn.utils.metadata_routing import MetadataRouter, MethodMapping, process_routing
from sklearn.utils.validation import check_is_fitted, validate_data

from sklearn_neuron._sklearn import Interval, StrOptions, check_sample_weight, fit_context, routing_enabled
from sklearn_neuron.classifier import DOC_LINK, SigmoidNeuronClassifier
from sklearn_neuron.exchange import Versioned
from sklearn_neuron.folds import Examples, Paths, folds_of, paths
from sklearn_neuron.held_out import by_scorer, having_learned, neg_log_loss, scorer_of, takes_weights
from sklearn_neuron.homes.labels import check_total, encode, refuse_masked, refuse_missing_or_mixed
from sklearn_neuron.newcomers import Answering, with_answers
from sklearn_neuron.path import checked, shares_checked
from sklearn_neuron.solvers.recipes import Recipe, SolverName
from sklearn_neuron.telling.advice import warn_of_paths, warn_of_weights_unscored
from sklearn_neuron.telling.narration import tell_scores

SMALLEST, LARGEST = -4, 4  # decades of C, if only their number is given


class SigmoidNeuronClassifierCV(ClassifierMixin, Answering, Versioned):
    """One sigmoid neuron whose C is chosen by cross-validation; one neuron a class if there are more than two.

    For every fold of `cv`, every C and every `l1_ratio` a neuron learns from all examples but those of the fold, and is
    scored on those. The pair of the best average score wins, and a :class:`~sklearn_neuron.SigmoidNeuronClassifier`
    learns with it from all examples. It is the one that :class:`~sklearn.model_selection.GridSearchCV` over that
    classifier finds, sooner: the neurons of all folds walk side by side on one pass over `X`, from the smallest C to
    the largest, each from where the last one ended (:mod:`~sklearn_neuron.folds`).

    Parameters
    ----------
    Cs : int or array-like of float, default=10
        Inverse strengths of the penalty to choose from, above 0; or how many, from 1e-4 to 1e4 in even steps of their
        logarithm.
    l1_ratios : array-like of float, default=(0.0,)
        Shares of the penalty, from 0 to 1, that are paid for the size of weights, to choose from.
    multi_class : {"ovr", "multinomial"}, default="ovr"
        As for :class:`~sklearn_neuron.SigmoidNeuronClassifier`. A layer ("multinomial", of more than two classes)
        learns fold by fold.
    fit_intercept : bool, default=True
        Whether the neuron has a bias.
    cv : int, splitter or iterable, default=None
        Folds: their number (None is 5), shares of each class the same in all; a splitter of scikit-learn; or pairs of
        numbers of examples to learn from and held out.
    scoring : str or callable, default=None
        What is best: a name of :func:`sklearn.metrics.get_scorer_names` or ``scorer(estimator, X, y)``, more is better.
        None is "neg_log_loss".
    refit : bool, default=True
        Whether to learn with the chosen C from all examples. Otherwise coefficients are averaged over folds, of each at
        its own best C, and `C_` is the average of those, `l1_ratio_` of theirs.
    one_standard_error : bool, default=False
        Whether to choose the smallest C whose average score lies within one standard error of the best: the simplest
        neuron that may be as good, with the `l1_ratio` of the best.
    class_weight : dict or "balanced", default=None
        Weights of the classes, ``{class: weight}``; "balanced" makes classes count the same, in every fold by itself.
    solver : str or Recipe, default="auto"
        How to walk, as for :class:`~sklearn_neuron.SigmoidNeuronClassifier`. With "gd" and "nesterov" folds learn one
        by one.
    tol : float, default=1e-4
        A neuron has arrived when its Newton decrement is at most `tol`: J is then about ``tol**2 / 2`` above its
        minimum.
    max_iter : int, default=None
        Steps to take at most at every C; None is the solver's own budget.
    record : {"loss", "path"}, default="loss"
        What `history_` keeps: "path" adds the weights at every step.
    n_jobs : int, default=None
        Processes for folds that cannot walk side by side.
    random_state : int, RandomState instance or None, default=None
        Seed of the neuron. Give a splitter its own.
    verbose : int, default=0
        1 prints a line for every C; more are told to the neuron that learns from all examples, less one.

    Attributes
    ----------
    C_ : float
        The chosen one.
    l1_ratio_ : float
        The chosen one.
    Cs_ : ndarray of shape (n_Cs,)
        Those to choose from.
    l1_ratios_ : ndarray of shape (n_l1_ratios,)
        Those to choose from.
    scores_ : ndarray of shape (n_folds, n_l1_ratios, n_Cs)
        Scores of the examples held out.
    coefs_paths_ : ndarray of shape (n_folds, n_l1_ratios, n_Cs, 1 or n_classes, n_features + 1)
        Weights and, last, the bias if there is one.
    n_iter_ : ndarray of int of shape (n_folds, n_l1_ratios, n_Cs)
        Steps at each C; of several neurons those of the slowest. To look whether there is a way down counts as one.
    best_estimator_ : SigmoidNeuronClassifier
        The neuron that has learned; pictures of this estimator show it.
    classes_ : ndarray of shape (n_classes,)
        Class labels.
    coef_ : ndarray of shape (1, n_features) or (n_classes, n_features)
        Its weights.
    intercept_ : ndarray of shape (1,) or (n_classes,)
        Its bias, or biases.
    history_ : History
        Its journey; not with ``refit=False``.
    converged_ : bool
        Whether it has arrived; not with ``refit=False``.
    stop_reason_ : str
        Why it stopped; not with ``refit=False``.
    n_features_in_ : int
        Number of features.
    feature_names_in_ : ndarray of shape (n_features,)
        Names of the features, if `X` had string column names.

    See Also
    --------
    sklearn.linear_model.LogisticRegressionCV : The same choice; attributes as with ``use_legacy_attributes=False``.

    Examples
    --------
    >>> from sklearn.datasets import load_breast_cancer
    >>> from sklearn_neuron import SigmoidNeuronClassifierCV
    >>> X, y = load_breast_cancer(return_X_y=True)
    >>> neuron = SigmoidNeuronClassifierCV(Cs=[0.01, 1, 100]).fit(X, y)
    >>> neuron.C_
    100.0
    >>> neuron.scores_.mean(axis=0).round(3)
    array([[-0.123, -0.117, -0.109]])
    """

    _doc_link_module = "sklearn_neuron"
    _doc_link_template = DOC_LINK

    _parameter_constraints: ClassVar[dict] = {
        "Cs": [Interval(Integral, 1, None, closed="left"), "array-like"],
        "l1_ratios": ["array-like"],
        "multi_class": [StrOptions({"ovr", "multinomial"})],
        "fit_intercept": ["boolean"],
        "cv": ["cv_object"],
        "scoring": [str, callable, None],
        "refit": ["boolean"],
        "one_standard_error": ["boolean"],
        "class_weight": [dict, StrOptions({"balanced"}), None],
        "solver": [SolverName(), Recipe],
        "tol": [Interval(Real, 0, None, closed="left")],
        "max_iter": [Interval(Integral, 0, None, closed="left"), None],
        "record": [StrOptions({"loss", "path"})],
        "n_jobs": [Integral, None],
        "random_state": ["random_state"],
        "verbose": ["verbose"],
    }

    @with_answers
    def __init__(
        self,
        *,
        Cs=10,
        l1_ratios=(0.0,),
        multi_class="ovr",
        fit_intercept=True,
        cv=None,
        scoring=None,
        refit=True,
        one_standard_error=False,
        class_weight=None,
        solver="auto",
        tol=1e-4,
        max_iter=None,
        record="loss",
        n_jobs=None,
        random_state=None,
        verbose=0,
    ):
        self.Cs = Cs
        self.l1_ratios = l1_ratios
        self.multi_class = multi_class
        self.fit_intercept = fit_intercept
        self.cv = cv
        self.scoring = scoring
        self.refit = refit
        self.one_standard_error = one_standard_error
        self.class_weight = class_weight
        self.solver = solver
        self.tol = tol
        self.max_iter = max_iter
        self.record = record
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.verbose = verbose

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags

    # Choosing -------------------------------------------------------------------------------------------

    @fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y, sample_weight=None, **params) -> "SigmoidNeuronClassifierCV":
        """Choose C, and learn with it.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            Examples.
        y : array-like of shape (n_samples,)
            Class labels, at least two different ones.
        sample_weight : array-like of shape (n_samples,), default=None
            How much each example counts, where it is learned from and where it is held out.
        **params : dict
            `groups` for the splitter; with metadata routing enabled, whatever the splitter and the scorer request.

        Returns
        -------
        SigmoidNeuronClassifierCV
            The fitted estimator itself. If fit fails or is interrupted it is left as it was.

        Raises
        ------
        ValueError
            If the data or parameters cannot be used; the message says why.

        Warns
        -----
        ConvergenceWarning
            If a neuron had not arrived when its steps were spent, or could go no further; once for all folds.
        """
        learner = self._unlearned()
        learner.l1_ratios_, (Cs, order) = shares_checked(self.l1_ratios), learner._Cs()
        examples = learner._examples(X, y, sample_weight)
        neurons = [learner._neuron(l1_ratio=ratio) for ratio in learner.l1_ratios_]
        routed = learner._routed(sample_weight, params)
        splits = check_cv(self.cv, examples.y, classifier=True).split(examples.X, examples.y, **routed.splitter.split)
        folds = folds_of(splits, examples, learner.classes_, self.class_weight)
        found = [paths(neuron, examples, folds, Cs[order], self.n_jobs) for neuron in neurons]
        scores = [
            learner._scores(*each, examples, Cs[order], folds, routed) for each in zip(neurons, found, strict=True)
        ]
        learner._remember(Cs, order, found, np.stack(scores, axis=1))
        if self.verbose:
            tell_scores(Cs[order], learner.scores_[..., order], learner.l1_ratios_, learner.C_, learner.l1_ratio_)
        warn_of_paths(Cs[order], [fold for each in found for fold in each.outcomes], stacklevel=4)
        learner._learn(neurons[0], X, examples.y, sample_weight)
        self.__dict__ = learner.__dict__  # all at once, or not at all
        return self

    def _unlearned(self):
        """A copy that knows nothing of an earlier fit."""
        other = copy.copy(self)
        other.__dict__ = {name: value for name, value in vars(self).items() if not name.endswith("_")}
        return other

    def _Cs(self):
        """All C, as they were given, and the order in which they grow."""
        Cs = np.logspace(SMALLEST, LARGEST, self.Cs) if isinstance(self.Cs, Integral) else checked(self.Cs)
        return Cs, np.argsort(Cs, kind="stable")

    def _examples(self, X, y, sample_weight):
        """What is learned from, as all folds read it."""
        refuse_masked(X=X, y=y, sample_weight=sample_weight)
        refuse_missing_or_mixed(y)
        X, y = validate_data(self, X, y, accept_sparse=("csr", "csc"), dtype=[np.float64, np.float32])
        X = X.tocsr() if hasattr(X, "tocsr") else X
        self.classes_, codes = encode(y)
        if sample_weight is None:
            return Examples(X, y, codes, np.ones(len(y)))
        weight = check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
        check_total(weight, "sample_weight")
        return Examples(X, y, codes, weight)

    def _neuron(self, **params):
        """A neuron that learns as this estimator says."""
        own = SigmoidNeuronClassifier._get_param_names()
        shared = {name: value for name, value in self.get_params(deep=False).items() if name in own}
        neuron: Any = SigmoidNeuronClassifier(**{**shared, "verbose": max(0, self.verbose - 1), **params})
        neuron.classes_, neuron.n_features_in_ = self.classes_, self.n_features_in_
        return neuron

    def _routed(self, sample_weight, params):
        """What the splitter and the scorer are told beside the examples."""
        if routing_enabled():
            return process_routing(self, "fit", sample_weight=sample_weight, **params)
        if unknown := params.keys() - {"groups"}:
            raise TypeError(
                f"fit does not know what to do with {', '.join(sorted(unknown))}: it takes sample_weight and groups, "
                "and more only where metadata routing of scikit-learn is enabled."
            )
        told = {} if sample_weight is None else {"sample_weight": sample_weight}
        if told and not takes_weights(scorer_of(self.scoring)):
            warn_of_weights_unscored(self.scoring)
            told = {}
        return Bunch(splitter=Bunch(split=params), scorer=Bunch(score=told))

    def _scores(self, neuron, found, examples, Cs, folds, routed):
        """Scores of what each fold holds out, at every C, (n_folds, n_Cs)."""
        params = routed.scorer.score
        if self.scoring in (None, "neg_log_loss") and params.keys() <= {"sample_weight"}:
            weight = examples.weight if "sample_weight" in params else None
            return [neg_log_loss(neuron, examples, found, k, fold.test, weight) for k, fold in enumerate(folds)]
        scorer = scorer_of(self.scoring)
        return [by_scorer(scorer, neuron, examples, found, Cs, k, fold.test, params) for k, fold in enumerate(folds)]

    def _remember(self, Cs, order, found: list[Paths], scores):
        """Everything but what the last neuron learns; Cs in the order in which they were given."""
        back = np.argsort(order)
        learned = [[each.coef, each.intercept[..., None]][: 1 + self.fit_intercept] for each in found]
        self.Cs_, self.scores_ = Cs, scores[..., back]
        self.coefs_paths_ = np.stack([np.concatenate(each, axis=-1) for each in learned], axis=1)[:, :, back]
        self.n_iter_ = np.maximum(np.stack([each.steps for each in found], axis=1)[..., back], 1)
        ratio, C = self._best() if self.refit else self._best_of_each()
        self.C_, self.l1_ratio_ = float(np.mean(Cs[C])), float(np.mean(self.l1_ratios_[ratio]))

    def _best(self):
        """Which l1_ratio and C have the best average score; of several C the smallest that may be as good, if asked."""
        scores = np.ascontiguousarray(np.moveaxis(self.scores_, 0, -1))  # summed as one C and l1_ratio alone would be
        average = np.where(np.isnan(mean := scores.mean(axis=-1)), -np.inf, mean)
        ratio, best = _first_best(average)
        if not self.one_standard_error or len(self.scores_) == 1:
            return ratio, best
        error = scores[ratio, best].std(ddof=1) / np.sqrt(len(self.scores_))
        as_good = np.flatnonzero(average[ratio] >= average[ratio, best] - error)
        return ratio, as_good[self.Cs_[as_good].argmin()] if as_good.size else best

    def _best_of_each(self):
        """Which l1_ratio and C are best for each fold."""
        scores = np.where(np.isnan(self.scores_), -np.inf, self.scores_)
        return np.transpose([_first_best(each) for each in scores])

    def _learn(self, neuron, X, y, sample_weight):
        """Learn from all examples with the chosen C; or average what folds have learned."""
        if self.refit:
            learner = self._neuron(C=self.C_, l1_ratio=self.l1_ratio_).fit(X, y, sample_weight)
            self.history_, self.converged_ = learner.history_, learner.converged_
            self.stop_reason_ = learner.stop_reason_
        else:
            each = self.coefs_paths_[np.arange(len(self.scores_)), *self._best_of_each()].mean(axis=0)
            coef, bias = np.split(each, [self.n_features_in_], axis=1)
            learner = having_learned(neuron, coef, bias.sum(axis=1), self.C_).set_params(l1_ratio=self.l1_ratio_)
            if hasattr(self, "feature_names_in_"):
                learner.feature_names_in_ = self.feature_names_in_
        self.best_estimator_ = learner
        self.coef_, self.intercept_ = learner.coef_, learner.intercept_

    # Answering ------------------------------------------------------------------------------------------

    def decision_function(self, X) -> NDArray:
        """Linear scores ``z = Xw + b`` of the neuron that has learned.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            Examples.

        Returns
        -------
        ndarray of shape (n_samples,) or (n_samples, n_classes)
            Scores; above 0 speaks for the class (of two: for ``classes_[1]``).
        """
        return self._learned_neuron().decision_function(X)

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
        return self._learned_neuron().predict(X)

    def predict_proba(self, X) -> NDArray:
        """Probabilities of all classes.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            Examples.

        Returns
        -------
        ndarray of shape (n_samples, n_classes)
            Probabilities, in the order of `classes_`.
        """
        return self._learned_neuron().predict_proba(X)

    def predict_log_proba(self, X) -> NDArray:
        """Natural logarithms of the probabilities of all classes.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            Examples.

        Returns
        -------
        ndarray of shape (n_samples, n_classes)
            Log-probabilities, in the order of `classes_`.
        """
        return self._learned_neuron().predict_log_proba(X)

    def score(self, X, y, sample_weight=None, **params) -> float:
        """Score of the neuron that has learned, by `scoring`.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            Examples.
        y : array-like of shape (n_samples,)
            Class labels.
        sample_weight : array-like of shape (n_samples,), default=None
            How much each example counts.
        **params : dict
            With metadata routing enabled, what the scorer requests.

        Returns
        -------
        float
            More is better.
        """
        check_is_fitted(self)
        if sample_weight is not None:
            params["sample_weight"] = sample_weight
        told = process_routing(self, "score", **params).scorer.score if routing_enabled() else params
        return scorer_of(self.scoring)(self, X, y, **told)

    def _learned_neuron(self):
        check_is_fitted(self)
        return self.best_estimator_

    def get_metadata_routing(self) -> MetadataRouter:
        """What is told to whom beside the examples: to the splitter, and to the scorer.

        Returns
        -------
        MetadataRouter
        """
        to_scorer = MethodMapping().add(caller="fit", callee="score").add(caller="score", callee="score")
        router: Any = MetadataRouter(owner=self).add_self_request(self)
        router.add(splitter=self.cv, method_mapping=MethodMapping().add(caller="fit", callee="split"))
        return router.add(scorer=scorer_of(self.scoring), method_mapping=to_scorer)


def _first_best(scores):
    """Numbers of the l1_ratio and C of the best of some scores (n_l1_ratios, n_Cs): of equals the first C."""
    best, ratio = np.unravel_index(scores.T.argmax(), scores.T.shape)
    return ratio, best
