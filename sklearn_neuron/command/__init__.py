"""The command line: from a file as people have it to a neuron that has learned, is seen, kept and used again."""
