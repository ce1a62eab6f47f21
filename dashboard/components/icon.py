"""Inline SVG icons (Tabler, MIT), so that no icon is ever fetched."""

import base64
from functools import lru_cache
from pathlib import Path

import orjson
from dash import html

from dashboard.components.aria import aria

ICONS = Path(__file__).resolve().parents[1] / "data" / "icons.json"


@lru_cache
def _bodies() -> dict[str, str]:
    bodies: dict[str, str] = orjson.loads(ICONS.read_bytes())
    return bodies


@lru_cache
def _mask(name: str) -> str:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">{_bodies()[name]}</svg>'
    return f"url(data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()})"


def icon(name: str, size: int = 18) -> html.Span:
    """The icon `name` in the colour of the text around it."""
    style = {"width": size, "height": size, "WebkitMaskImage": _mask(name), "maskImage": _mask(name)}
    return html.Span(className="icon", style=style, **aria(hidden="true"))
