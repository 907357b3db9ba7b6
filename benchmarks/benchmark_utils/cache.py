"""Where downloaded data are kept: ``$XDG_CACHE_HOME`` or ``~/.cache``, in ``sklearn_neuron_benchmarks``."""

import os
import subprocess
from pathlib import Path

SECONDS = 300  # for a download


def folder():
    """Folder where downloads are kept; it need not exist."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sklearn_neuron_benchmarks"


def fetched(pattern, command):
    """A downloaded file, fetched if it is not there; None if it cannot be had.

    Parameters
    ----------
    pattern : str
        What the file is called, with wildcards; of several the last is taken.
    command : list of str
        What fetches it into the folder in which it is run.
    """
    if not kept(pattern):
        folder().mkdir(parents=True, exist_ok=True)
        try:
            subprocess.run(command, cwd=folder(), capture_output=True, timeout=SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return None
    return kept(pattern)[-1] if kept(pattern) else None


def kept(pattern):
    """Files of that name in the folder."""
    return sorted(folder().glob(pattern))
