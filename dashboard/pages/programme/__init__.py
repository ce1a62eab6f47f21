"""Editions of the rolling programme: rolled, decided, consulted on, approved, compared."""
