"""One dataset and one contender of the benchmark by name, without a run of benchopt."""

import itertools
from pathlib import Path

FOLDER = Path(__file__).parent


def dataset(name):
    """Examples and classes of a dataset, such as ``"tall[n=1000,p=10]"``; None, None if it is not to be had."""
    data = _one(_benchmark().check_dataset_patterns([name])).get_data()
    return data["X"], data["y"]


def contender(name):
    """A contender, such as ``"scikit-learn[lbfgs]"``, not yet told what to learn."""
    return _one(_benchmark().check_solver_patterns([name]))


def check(datasets, contenders):
    """Raise a ValueError that names what is there, if there is no such dataset or contender."""
    benchmark = _benchmark()
    try:
        benchmark.check_dataset_patterns(list(datasets))
        benchmark.check_solver_patterns(list(contenders))
    except Exception as error:  # of click, whose message is not its text
        raise ValueError(getattr(error, "message", str(error))) from None


def _benchmark():
    from benchopt.benchmark import Benchmark

    return Benchmark(FOLDER, no_cache=True)


def _one(selected):
    """The only member of a selection; of parameters with several values, the first."""
    cls, parameters = selected[0]
    chosen = {name: value[0] if isinstance(value, list | tuple) else value for name, value in parameters.items()}
    return cls.get_instance(**chosen)


def each(entry):
    """All datasets that an entry of a configuration names, one text each.

    An entry is a text, which is taken as it is, or ``{name: {parameter: value or list of values}}``.
    """
    if isinstance(entry, str):
        return [entry]
    ((name, parameters),) = entry.items()
    values = [value if isinstance(value, list) else [value] for value in parameters.values()]
    combined = (zip(parameters, choice, strict=True) for choice in itertools.product(*values))
    return [f"{name}[{','.join(f'{key}={value}' for key, value in pairs)}]" for pairs in combined]
