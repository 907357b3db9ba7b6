"""What objective, datasets and solvers of the benchmark share; benchopt imports it under this name."""
