"""Can I see it? One file a picture, each with scikit-learn's contract of displays.

``SomeDisplay.from_estimator(neuron, X, y)`` computes what there is to see and draws it; the object keeps both, the data
as its attributes and the artists as attributes that end with an underscore, and draws again with ``plot()``. Nothing is
refitted and no window is opened. Everything here needs matplotlib: ``pip install 'sklearn-neuron[plot]'``.
"""
