"""How the rows of a table become records, and records the rows of one."""
