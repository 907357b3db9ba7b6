"""A neuron under your hands: one page that holds a neuron, its data and its arithmetic, and asks no network."""

from sklearn_neuron.playground.page import playground_page, write_playground
from sklearn_neuron.playground.tables import PlayTable, built_in, table_of

__all__ = ["PlayTable", "built_in", "playground_page", "table_of", "write_playground"]
