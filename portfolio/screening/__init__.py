"""Gates before scores: the negative list, checks, scoring policies, and scores with their reasons."""
