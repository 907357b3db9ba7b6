"""The neuron beside its peers: a benchopt benchmark, and what it does not measure (see docs/benchmarks.rst)."""
