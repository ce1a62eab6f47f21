"""Gates and scores: the matrix, and the policies behind it."""
