"""Who comes in: accounts of persons, one's own account, the journal."""
