"""Simplified outlines of the cities, and how far a point lies from one. CGCS2000 degrees; see docs/third-party.md."""

import math
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

DEGREE_KM = 111.32
_FILE = Path(__file__).parent / "data" / "cities.geojson"
Ring = list[list[float]]


@lru_cache
def outlines() -> list[dict[str, Any]]:
    """The outline features, each with `code`, names and a place for its label among its properties."""
    features: list[dict[str, Any]] = orjson.loads(_FILE.read_bytes())["features"]
    return features


def kilometres_outside(city: str, lon: float, lat: float) -> float | None:
    """How far a point lies outside a city: 0 within it, None for a city whose outline is not known."""
    rings = list(_rings(city))
    if not rings:
        return None
    inside = sum(_crosses(ring, lon, lat) for ring in rings) % 2 == 1
    return 0.0 if inside else min(_distance_km(ring, lon, lat) for ring in rings)


def _rings(city: str) -> Iterator[Ring]:
    for feature in outlines():
        if feature["properties"]["code"] == city:
            shape = feature["geometry"]
            for polygon in shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]:
                yield from polygon


def _crosses(ring: Ring, lon: float, lat: float) -> int:
    """How often a line from the point eastwards crosses the ring."""
    found = 0
    for (x0, y0), (x1, y1) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y0 > lat) != (y1 > lat) and lon < x0 + (lat - y0) / (y1 - y0) * (x1 - x0):
            found += 1
    return found


def _distance_km(ring: Ring, lon: float, lat: float) -> float:
    """From the point to the nearest edge, on a plane that is true enough within the region."""
    narrow = math.cos(math.radians(lat))
    points = [((x - lon) * narrow * DEGREE_KM, (y - lat) * DEGREE_KM) for x, y in ring]
    return min(_to_edge(*edge) for edge in zip(points, [*points[1:], points[0]], strict=True))


def _to_edge(one: tuple[float, float], other: tuple[float, float]) -> float:
    """From the origin to the line between two points."""
    (x0, y0), (x1, y1) = one, other
    long = (x1 - x0) ** 2 + (y1 - y0) ** 2
    share = 0.0 if long == 0 else max(0.0, min(1.0, -(x0 * (x1 - x0) + y0 * (y1 - y0)) / long))
    return math.hypot(x0 + share * (x1 - x0), y0 + share * (y1 - y0))
