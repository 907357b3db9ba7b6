"""What can be asked of a fitted neuron: its plain numbers, an explanation, a check of its gradients."""
