"""Who acts, and how much of the database a reader sees."""
