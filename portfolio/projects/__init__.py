"""The project library."""
