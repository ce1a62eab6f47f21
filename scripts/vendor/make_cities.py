"""Make the outlines of the six cities from an outline of Guangxi's: two decimals, label points.

Usage: python scripts/vendor/make_cities.py SOURCE.geojson portfolio/vocabulary/data/cities.geojson
"""

import json
import sys
from pathlib import Path
from typing import Any

CITIES = {
    "450100": ("南宁市", "Nanning"),
    "450500": ("北海市", "Beihai"),
    "450600": ("防城港市", "Fangchenggang"),
    "450700": ("钦州市", "Qinzhou"),
    "450900": ("玉林市", "Yulin"),
    "451400": ("崇左市", "Chongzuo"),
}
SMALLEST_RING = 12


def main(source: Path, target: Path) -> None:
    """Write the simplified outlines."""
    features = []
    for feature in json.loads(source.read_text(encoding="utf-8"))["features"]:
        code = str(feature.get("id") or feature["properties"].get("adcode"))
        if code in CITIES:
            features.append(_feature(code, feature["geometry"]))
    features.sort(key=lambda feature: feature["properties"]["code"])
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":"))
    target.write_text(text + "\n", encoding="utf-8")


def _feature(code: str, geometry: dict[str, Any]) -> dict[str, Any]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    rings = [ring for ring in (_rounded(polygon[0]) for polygon in polygons) if len(ring) >= SMALLEST_RING]
    largest = max(rings, key=len)
    lon = (min(p[0] for p in largest) + max(p[0] for p in largest)) / 2
    lat = (min(p[1] for p in largest) + max(p[1] for p in largest)) / 2
    names = {"name_zh": CITIES[code][0], "name_en": CITIES[code][1]}
    properties = {"code": code, **names, "label_lon": round(lon, 2), "label_lat": round(lat, 2)}
    coordinates = [[ring] for ring in rings]
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "MultiPolygon", "coordinates": coordinates},
    }


def _rounded(ring: list[Any]) -> list[Any]:
    """The ring to two decimals without repeated points, closed."""
    kept: list[Any] = []
    for lon, lat in ring:
        point = [round(lon, 2), round(lat, 2)]
        if not kept or kept[-1] != point:
            kept.append(point)
    return kept if kept[0] == kept[-1] else [*kept, kept[0]]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
