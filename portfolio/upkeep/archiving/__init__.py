"""Backups: one archive of the database with its files, and a library put back from one."""
