"""How records come in: drafts, submission and review, batches, and rounds of reporting with those who are late."""
