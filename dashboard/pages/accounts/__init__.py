"""Quotas and budgets as accounts: pools, entries, recoveries."""
