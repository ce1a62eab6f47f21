"""Which projects are supported, and when: the optimiser, its proof and its explanations."""
