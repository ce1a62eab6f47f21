"""The pure optimiser: `model/` makes a program of values, `search/` an answer of a program."""
