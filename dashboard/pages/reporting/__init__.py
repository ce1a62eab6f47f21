"""Work at hand: one's own, the review queue, rounds of reporting."""
