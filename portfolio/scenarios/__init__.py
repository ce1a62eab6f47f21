"""Scenarios of an edition: kept, solved as jobs, compared, approved."""
