"""Set-up, migration, invariants, backup: what keeps a library sound."""
