"""Attributes whose names carry a hyphen."""

from typing import Any


def aria(**named: str) -> dict[str, Any]:
    """`aria-*` attributes: `aria(label="…")`."""
    return {f"aria-{name}": value for name, value in named.items()}


def data(**named: str) -> dict[str, Any]:
    """`data-*` attributes: `data(project="…")`."""
    return {f"data-{name}": value for name, value in named.items()}
