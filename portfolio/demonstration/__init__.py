"""Illustrative figures for demonstration: plausible, repeatable, marked, and removed at one call."""
