"""What to say while a neuron learns, and afterwards: narration, progress, advice."""
