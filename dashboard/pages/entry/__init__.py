"""The entry form."""
