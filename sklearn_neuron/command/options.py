"""What can be asked on the command line, and what cannot: every option is looked at before anything is read."""

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

import numpy as np

import sklearn_neuron
from sklearn_neuron.command.complaints import ComplaintsError, did_you_mean, one_line
from sklearn_neuron.command.examples import TABLES, Asked
from sklearn_neuron.command.files import STANDARD_INPUT, Written, is_file_name
from sklearn_neuron.command.places import (
    STANDARD_OUTPUT,
    check_answers_file,
    check_model_file,
    check_page_folder,
    check_play_file,
)
from sklearn_neuron.playground.tables import NAMES as PLAY_TABLES
from sklearn_neuron.solvers.recipes import SOLVERS

PROGRAM = "sklearn-neuron"
DEFAULT = "plants"
LARGEST_SEED = 2**32 - 1
VERBS = ("fit", "predict", "explain", "report", "play")
NAMED_SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", r"\t": "\t", "space": r"\s+", " ": r"\s+", "bar": "|"}
EXAMPLES = """\
examples:
  sklearn-neuron                                      watch a neuron learn to tell toxic plants
  sklearn-neuron iris --report                        a page of pictures, iris-report/index.html
  sklearn-neuron data.csv --target species            learn from a file as it is: text, dates, missing cells
  zcat data.csv.gz | sklearn-neuron - --target y      from another program
  sklearn-neuron data.csv --target species --drop id,remarks --C auto --save species.skops
  sklearn-neuron predict species.skops new.csv        probabilities beside the rows, as CSV
  sklearn-neuron explain species.skops new.csv 3      why, number by number, of the third row
  sklearn-neuron --solver gd --learning-rate 0.1 --steps 20     the rule, literally
  sklearn-neuron play                                 a page with a neuron under your hands

`fit` is what is done without a verb: sklearn-neuron fit --help says the same as this page. Of the others:
sklearn-neuron predict --help, explain --help, report --help, play --help.
"""
PREDICT_EXAMPLES = """\
examples:
  sklearn-neuron predict species.skops new.csv                    on standard output
  sklearn-neuron predict species.skops new.csv --out told.csv     to a file
  cat new.csv | sklearn-neuron predict species.skops - | head     between other programs

Every row comes out as it came in, with the class that is predicted and the probability of every class.
Columns are found by their names; others than those learned from are passed on.
"""
EXPLAIN_EXAMPLES = """\
examples:
  sklearn-neuron explain species.skops new.csv          the first row
  sklearn-neuron explain species.skops new.csv 17       the seventeenth
  sklearn-neuron explain species.skops old.csv 17 --target species     and what it lost on the truth
"""
REPORT_EXAMPLES = """\
examples:
  sklearn-neuron report iris
  sklearn-neuron report data.csv --target species --out pages

All options of fit can be given.
"""
PLAY_EXAMPLES = """\
examples:
  sklearn-neuron play                                       the plants, and four tables more
  sklearn-neuron play xor                                   one that no single neuron can learn
  sklearn-neuron play iris                                  the two features that tell most, one class against the rest
  sklearn-neuron play data.csv --target species --features length,width --class Adelie

The page is one file; it opens in any browser and asks no network.
"""


class OneLineParser(argparse.ArgumentParser):
    """A parser whose complaints are one line long each, and all of them are told."""

    def options_of(self, arguments: Sequence[str]) -> argparse.Namespace:
        """Options of the command line, or a complaint for every value that cannot be and every name not known."""
        problems: list[str] = []
        for action in self._actions:
            if action.type is not None:
                action.type = partial(_noted, action.type, self._name_of(action), problems)
        options, unknown = self._known(arguments)
        if self.prog == PROGRAM and options.data in VERBS and not Path(options.data).exists():
            problems.append(f"the verb comes first: {PROGRAM} {options.data} ...")
        elif unknown:
            problems.append(f"unrecognized arguments: {' '.join(unknown)}{self._meant(unknown)}")
        if problems:
            raise ComplaintsError(problems)
        return options

    def _known(self, arguments):
        """Options, and what is none; what may be left out may stand behind others, too."""
        return self.parse_known_intermixed_args(arguments) if self._is_asking() else self.parse_known_args(arguments)

    def _is_asking(self):
        return any(action.dest == "row" for action in self._actions)

    @staticmethod
    def _name_of(action):
        return "/".join(action.option_strings) or action.metavar

    def _meant(self, unknown):
        known = [option for action in self._actions for option in action.option_strings]
        slips = [name.partition("=")[0] for name in unknown if name.startswith("--")]
        return next((meant for slip in slips if (meant := did_you_mean(slip, known))), "")

    def error(self, message) -> NoReturn:
        """Raise what is wrong instead of printing the usage."""
        raise ValueError(message)


def _noted(value_of, name, problems, text):
    """The value of an option; what is wrong with it is noted, to be told with all else that is."""
    try:
        return value_of(text)
    except argparse.ArgumentTypeError as error:
        problems.append(f"argument {name}: {error}")
        return None


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Options of the command line; `verb` says what to do."""
    verb, *others = arguments or [""]
    if verb == "predict":
        return _parse_predict(others)
    if verb == "explain":
        return _parse_explain(others)
    if verb == "play":
        return _parse_play(others)
    return _parse_fit(verb, others if verb in VERBS else arguments)


def _parser(verb, description, examples):
    return OneLineParser(
        prog=f"{PROGRAM} {verb}".strip(),
        description=description,
        epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _version():
    names = ("sklearn-neuron", "scikit-learn", "numpy")
    return ", ".join(f"{name} {_version_of(name)}" for name in names)


def _version_of(name):
    return sklearn_neuron.__version__ if name == "sklearn-neuron" else metadata.version(name)


# Learning ---------------------------------------------------------------------------------------------------------


def _parse_fit(verb, arguments):
    is_report = verb == "report"
    _check_verb(arguments)
    parser = _parser(
        verb if verb in VERBS else "",
        "Train a neuron and write a page about it." if is_report else "Train a neuron and watch it learn.",
        REPORT_EXAMPLES if is_report else EXAMPLES,
    )
    parser.add_argument("--version", action="version", version=_version())
    parser.add_argument(
        "data",
        nargs="?",
        help=f"{', '.join(TABLES)}, or a file: CSV, Parquet, - is standard input (default: {DEFAULT})",
    )
    _add_file(parser.add_argument_group("the file"))
    _add_learning(parser.add_argument_group("learning"))
    _add_after(parser.add_argument_group("afterwards"), is_report)
    return _settled(parser.options_of(arguments), verb)


def _check_verb(arguments):
    """Complain of a slip of the pen, which would be taken for the name of a file."""
    first, *others = arguments or [""]
    is_known = first.startswith("-") or is_data(first) or Path(first).exists()
    if others and not is_known and (meant := did_you_mean(first, VERBS)):
        raise ValueError(f"no such verb, file or table: {one_line(first)}{meant}")


def _add_file(group):
    group.add_argument("--target", metavar="COLUMN", help="column of the file that holds the classes")
    group.add_argument("--drop", action="append", default=[], metavar="NAMES", help="columns not to learn from: a,b")
    kept = "columns to learn from though they look like an index or an identifier, or a target like a measurement: a,b"
    group.add_argument("--keep", action="append", default=[], metavar="NAMES", help=kept)
    _add_written(group)


def _add_written(group):
    group.add_argument(
        "--separator", type=_separator, metavar="SIGN", help="between cells: , ; tab space (default: looked up)"
    )
    group.add_argument(
        "--decimal", choices=(".", ","), metavar="MARK", help="mark before decimals (default: looked up)"
    )
    group.add_argument("--encoding", metavar="NAME", help="of the text (default: UTF-8, UTF-16 or Latin-1, looked up)")


def _add_learning(group):
    classes = "of several classes, one neuron each, or a layer of them (default: ovr)"
    group.add_argument("--multi-class", choices=("ovr", "multinomial"), default="ovr", help=classes)
    group.add_argument("--solver", choices=SOLVERS, default="auto", help="how to walk (default: auto)")
    group.add_argument("--learning-rate", type=_rate, default="auto", metavar="ALPHA", help="a number, or auto")
    group.add_argument("--steps", type=_count, metavar="N", help="steps to take at most")
    group.add_argument(
        "--C", type=_penalty, default=1.0, help="inverse penalty (default: 1; inf: none; auto: by cross-validation)"
    )
    group.add_argument("--tol", type=_tolerance, default=1e-4, help="Newton decrement to stop at (default: 0.0001)")
    group.add_argument(
        "--held-out", type=_share, default=0.25, metavar="SHARE", help="rows to test on; 0: none (default: 0.25)"
    )
    group.add_argument("--seed", type=_seed, default=0, help="which rows are held out (default: 0)")


def _add_after(group, is_report):
    group.add_argument("--save", metavar="FILE", help="keep what is learned, for predict and explain: FILE.skops")
    group.add_argument("--explain", type=_row, metavar="ROW", help="one row's way to its decision; 1 is the first")
    group.add_argument(
        "--compare",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="stand beside LogisticRegression (default: if the table is small); on large ones for about ten seconds",
    )
    if is_report:
        group.add_argument("--out", metavar="DIR", help="folder of the page (default: DATA-report, here)")
        return
    group.add_argument(
        "--report",
        nargs="?",
        const="",
        metavar="DIR",
        help="write a page, DIR/index.html: all there is to see (default: DATA-report, here). The name of a table or "
        "of a file says what to learn, as without --report; a folder of such a name is ./NAME",
    )


def _settled(options, verb):
    """Options that say once what to learn, and where the page goes: a name after --report may mean either."""
    options.verb = "fit"
    if verb == "report":
        options.data = DEFAULT if options.data is None else options.data
        options.report = options.out or ""
    named = options.report
    if verb != "report" and named and is_data(named):
        if options.data not in (None, named):
            raise ValueError(
                f"--report {one_line(named)} says what to learn, and so does {options.data!r}; "
                f"a folder of that name is --report ./{one_line(named)}"
            )
        options.data, named = named, ""
    elif named and options.data is None and _is_bare(named):
        raise ValueError(
            f"--report {one_line(named)} is no table ({', '.join(TABLES)}), no CSV file and no folder; to make a "
            f"folder of that name, say what to learn: {DEFAULT} --report {one_line(named)}"
            f"{did_you_mean(named, TABLES)}"
        )
    if options.data == "":
        raise ValueError(f"what to learn has no name; without a word, {PROGRAM} learns {DEFAULT}")
    options.data = options.data or DEFAULT
    options.report = None if named is None else Path(named or f"{_stem(options.data)}-report")
    options.save = None if options.save is None else Path(options.save)
    options.asked = Asked(options.target, options.drop, options.keep, _written(options))
    _check_learning(options)
    return options


def _check_learning(options):
    """Complain of all that cannot be done, before anything is read."""
    checks = [partial(_check_pace, options)]
    if options.report is not None:
        checks += [partial(check_page_folder, options.report, options.save)]
    if options.save is not None:
        learned = None if options.data in TABLES else options.data
        checks += [partial(check_model_file, options.save, learned), partial(check_skops, "--save")]
    if problems := [said for check in checks if (said := _complaint_of(check))]:
        raise ComplaintsError(problems)


def _complaint_of(check):
    try:
        check()
    except (ValueError, ImportError) as error:
        return str(error)
    return ""


def _check_pace(options):
    if options.C == "auto" and options.learning_rate != "auto":
        raise ValueError("--learning-rate is for one C; --C auto walks along many, each at the pace that is measured")


def keeps(options: argparse.Namespace) -> bool:
    """Whether there is more to do than to print."""
    return options.verb == "fit" and (options.save or options.report) is not None


def is_data(text: str) -> bool:
    """Whether it is the name of something to learn from, and not of a folder."""
    return text in TABLES or is_file_name(text)


def _stem(data):
    return "stdin" if data == STANDARD_INPUT else Path(data).name.partition(".")[0] or "data"


def _is_bare(text):
    """Whether it is a word, which may be a slip of the pen, and not the way to a folder."""
    return Path(text).name == text and not Path(text).exists()


def _written(options):
    return Written(options.separator, options.decimal, options.encoding)


# Using ------------------------------------------------------------------------------------------------------------


def _parse_predict(arguments):
    parser = _parser("predict", "Ask a kept model about rows.", PREDICT_EXAMPLES)
    _add_model(parser)
    parser.add_argument(
        "--out",
        metavar="FILE",
        help="CSV file to write, packed if its name says .gz, .bz2 or .xz; - is standard output (default)",
    )
    _add_written(parser)
    options = _of_verb(parser.options_of(arguments), "predict")
    options.out = None if options.out in (None, STANDARD_OUTPUT) else Path(options.out)
    if options.out is None:
        _check_somebody_listens("predict", "; name a file: --out FILE")
    else:
        check_answers_file(options.out, options.data, options.model)
    return options


def _parse_explain(arguments):
    parser = _parser("explain", "Follow one row to the decision of a kept model.", EXPLAIN_EXAMPLES)
    _add_model(parser)
    parser.add_argument(
        "row", nargs="?", type=_row, default=1, metavar="ROW", help="its number (default: 1, the first)"
    )
    parser.add_argument("--target", metavar="COLUMN", help="column that holds the true class, if there is one")
    _add_written(parser)
    options = _of_verb(parser.options_of(arguments), "explain")
    _check_somebody_listens("explain")
    return options


def _check_somebody_listens(verb, otherwise=""):
    """Complain if an answer would be written nowhere."""
    if sys.stdout is None:
        raise ValueError(f"{verb} has no standard output to write to{otherwise}")


def _add_model(parser):
    parser.add_argument("model", metavar="MODEL", help="file that --save has written")
    parser.add_argument("data", metavar="DATA", help="CSV or Parquet file with the same columns; - is standard input")


def _of_verb(options, verb):
    options.verb, options.written = verb, _written(options)
    check_skops(verb)
    return options


# Playing ----------------------------------------------------------------------------------------------------------


def _parse_play(arguments):
    parser = _parser("play", "Write a page with a neuron to play with.", PLAY_EXAMPLES)
    parser.add_argument(
        "data",
        nargs="?",
        default=DEFAULT,
        help=f"{', '.join(dict.fromkeys((*PLAY_TABLES, *TABLES)))}, or a file: CSV, Parquet, - is standard input "
        f"(default: {DEFAULT})",
    )
    parser.add_argument("--out", metavar="FILE", help="HTML file to write (default: DATA-playground.html, here)")
    drawn = parser.add_argument_group("what is drawn")
    two = "two columns of numbers: a,b (default: those by which a neuron tells the classes best)"
    drawn.add_argument("--features", action="append", default=[], metavar="A,B", help=two)
    one = "of several classes the one that is told from the rest (default: the largest, of equals the last)"
    drawn.add_argument("--class", dest="believed", metavar="NAME", help=one)
    _add_file(parser.add_argument_group("the file"))
    options = parser.options_of(arguments)
    if options.data == "":
        raise ValueError(f"what to play with has no name; without a word it is {DEFAULT}")
    options.verb = "play"
    options.asked = Asked(options.target, options.drop, options.keep, _written(options), options.features)
    options.out = Path(options.out or f"{_stem(options.data)}-playground.html")
    check_play_file(options.out, None if options.data in {*PLAY_TABLES, *TABLES} else options.data)
    return options


# Values -----------------------------------------------------------------------------------------------------------


def _positive(text):
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not number > 0:
        raise argparse.ArgumentTypeError(f"must be a number above 0, not {text!r}")
    return number


def _penalty(text):
    return text if text == "auto" else _positive(text)


def _rate(text):
    rate = text if text == "auto" else _positive(text)
    if rate == np.inf:
        raise argparse.ArgumentTypeError(f"must be finite, not {text!r}")
    return rate


def _share(text):
    try:
        share = float(text)
    except ValueError:
        share = np.nan
    if not 0 <= share < 1:
        raise argparse.ArgumentTypeError(f"must be 0, or lie between 0 and 1, not {text!r}")
    return share


def _tolerance(text):
    return 0.0 if text.strip() == "0" else _positive(text)


def _count(text):
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"must be a whole number, 0 or more, not {text!r}")
    return int(text)


def _row(text):
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(
            f"must be a whole number, 1 or more, not {text!r}: 1 is the first row under the heading"
        )
    return int(text)


def _seed(text):
    seed = _count(text)
    if seed > LARGEST_SEED:
        raise argparse.ArgumentTypeError(f"must be at most {LARGEST_SEED}, not {text}")
    return seed


def _separator(text):
    separator = NAMED_SEPARATORS.get(text, text)
    if len(separator) != 1 and separator != NAMED_SEPARATORS["space"]:
        raise argparse.ArgumentTypeError(f"must be one sign, or tab or space, not {text!r}")
    return separator


def check_skops(what: str) -> None:
    """Complain if skops, which keeps models, is not there."""
    if find_spec("skops") is None:
        raise ImportError(f"{what} needs skops: pip install '.[files]' from the checkout, or pip install skops")
