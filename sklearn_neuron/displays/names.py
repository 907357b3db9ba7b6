"""Names as people write them. In a picture a name is text, whatever it is made of.

matplotlib reads more into text: what stands between two dollar signs is mathematics, and what begins with an underscore
is left out of legends.
"""

UNSEEN = "\u200b"  # of no width: what comes after it is no longer the beginning
CONTROLS = dict.fromkeys([*range(32), *range(127, 160)], " ")  # no font has them, and a name is one line


def plain(name) -> str:
    r"""A name of anything, or a sentence that contains names, as matplotlib draws it letter by letter, in legends too.

    To be applied once, to what becomes text of an artist, axis, tick or legend.

    Examples
    --------
    >>> from sklearn_neuron.displays.names import plain
    >>> plain("leaf length (cm)")
    'leaf length (cm)'
    >>> print(plain("total_$_in_$"))
    total_\$_in_\$
    """
    text = str(name).translate(CONTROLS).replace("$", r"\$")
    return UNSEEN + text if text.startswith("_") or not text else text


def shortened(name, longest) -> str:
    """A name without its middle, on one line, if it has more letters: it is mostly the ends that tell names apart.

    Examples
    --------
    >>> from sklearn_neuron.displays.names import shortened
    >>> shortened("remainder__mean_length_of_the_leaf_cm", 24)
    'remainder__mean_…leaf_cm'
    """
    name = " ".join(str(name).split())
    if len(name) <= longest:
        return name
    tail = (longest - 1) // 3
    return f"{name[: longest - 1 - tail].rstrip()}\u2026{name[-tail:].lstrip()}"
