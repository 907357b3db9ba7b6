"""The same on another processor: as it is, and without AVX-512, in a process each.

NumPy chooses among the instructions that it was compiled for when it is imported, OpenBLAS when it is loaded, and both
can be told what not to see. Contenders with compiled code of their own choose by themselves, and see what is there.
"""

import os
import subprocess
import sys

from ..loaded import FOLDER

CORE = "Haswell"  # the last family of OpenBLAS kernels without AVX-512
HERE, WITHOUT = "the processor as it is", "without AVX-512"


def settings():
    """Environments by name; one alone if NumPy finds no AVX-512 here."""
    found = wide_features()
    if not found:
        return {HERE: {}}
    return {HERE: {}, WITHOUT: {"NPY_DISABLE_CPU_FEATURES": " ".join(found), "OPENBLAS_CORETYPE": CORE}}


def wide_features():
    """Names of AVX-512 that this NumPy has code for, that are present, and that may be disabled therefore."""
    from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

    return [name for name in __cpu_dispatch__ if is_wide(name) and __cpu_features__.get(name)]


def is_wide(name):
    """Whether a feature is AVX-512, of which X86_V4 is the newer name."""
    return name.startswith("AVX512") or name == "X86_V4"


def run_each(arguments, out):
    """Run the population in every setting; the reports one after the other.

    Parameters
    ----------
    arguments : list of str
        Of ``python -m benchmarks.population``, without "--processors" and "--out".
    out : Path
        Folder for a folder each.
    """
    parts = []
    for name, environment in settings().items():
        folder = out / name.replace(" ", "-")
        command = [sys.executable, "-m", "benchmarks.population", *arguments, "--out", str(folder.resolve())]
        subprocess.run(command, cwd=FOLDER.parent, env=os.environ | environment, stdout=subprocess.DEVNULL, check=True)
        parts.append(f"# {name[0].upper()}{name[1:]}\n\n{(folder / 'report.md').read_text()}")
    if len(parts) == 1:
        parts.append("NumPy finds no AVX-512 here, or has no code for it: without it all would be the same.")
    return "\n".join(parts)
