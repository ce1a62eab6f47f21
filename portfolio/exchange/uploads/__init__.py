"""Uploads that are kept: previewed, confirmed, annotated, undone."""
