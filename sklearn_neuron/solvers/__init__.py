"""Which way, how far, in which coordinates, by which stages, and when to stop: all that may surround the one loop."""
