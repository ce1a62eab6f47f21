"""Plotly figures: frame in, figure out."""
