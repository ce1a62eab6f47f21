"""Scenarios: made, answered, compared, approved."""
