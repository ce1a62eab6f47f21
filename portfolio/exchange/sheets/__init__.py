"""How a table looks: its columns, values, findings, marks and feet; and how one is written."""
