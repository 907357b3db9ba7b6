"""All C at once: the path of weights along C, and the choice of C by cross-validation, to the same gap."""
