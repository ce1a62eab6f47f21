"""Spreadsheets in and out: read, check, preview, apply, write (CSV, XLSX, JSON)."""
