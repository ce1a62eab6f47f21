"""The same list, written plainly in other ways, on the same database."""
