"""Which records in the library may be the same project as one about to be entered."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz, process
from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.access.rules import Scope, row_of
from portfolio.projects import national_code
from portfolio.projects.tables import Project, ProjectRegion

NEAR_NAME = 82.0
NEAR_KM = 2.0
SHOWN = 8
DEGREE_KM = 111.32
NOISE = re.compile(r"[\s()（）\[\]〔〕“”\"'·、,，.。—–-]+")


@dataclass(frozen=True)
class Likeness:
    """A record that may be the same: why (`same_code`, `same_name`, `near_name`, `same_place`) and how near, 0 to 100.

    Of a record outside the reader's scope only the reporting unit is told: `code` and names are empty.
    """

    why: str
    score: int
    code: str
    name_zh: str
    name_en: str
    office_unit: str | None


def likely_duplicates(
    session: Session, scope: Scope, record: Mapping[str, Any], own_code: str | None = None
) -> list[Likeness]:
    """Records like `record` (its facts as typed), the most certain first; the whole library is searched."""
    rows = {row["id"]: dict(row) for row in session.execute(_LIBRARY).mappings() if row["code"] != own_code}
    found: dict[int, tuple[str, int]] = {}
    for key, why, score in [
        *_same_code(rows, record),
        *_like_names(rows, record),
        *_same_place(session, rows, record),
    ]:
        if key not in found:
            found[key] = (why, score)
    listed = [_told(rows[key], scope, why, score) for key, (why, score) in found.items()]
    order = ("same_code", "same_name", "same_place", "near_name")
    return sorted(listed, key=lambda one: (order.index(one.why), -one.score, one.code))[:SHOWN]


def _told(row: Mapping[str, Any], scope: Scope, why: str, score: int) -> Likeness:
    names = ("code", "name_zh", "name_en") if scope.covers(row_of(row)) else ()
    told = {name: row[name] if name in names else "" for name in ("code", "name_zh", "name_en")}
    return Likeness(why, score, **told, office_unit=row["office_unit"])


def _same_code(rows: Mapping[int, Any], record: Mapping[str, Any]) -> list[tuple[int, str, int]]:
    code = national_code.normalise(record.get("national_code") or "")
    return [(key, "same_code", 100) for key, row in rows.items() if code and row["national_code"] == code]


def _like_names(rows: Mapping[int, Any], record: Mapping[str, Any]) -> list[tuple[int, str, int]]:
    wanted = plain_name(record.get("name_zh") or "")
    if len(wanted) < 2:
        return []
    names = {key: plain_name(row["name_zh"]) for key, row in rows.items()}
    near = process.extract(wanted, names, scorer=fuzz.ratio, score_cutoff=NEAR_NAME, limit=SHOWN)
    return [(key, "same_name" if score == 100 else "near_name", round(score)) for _, score, key in near]


def _same_place(session: Session, rows: Mapping[int, Any], record: Mapping[str, Any]) -> list[tuple[int, str, int]]:
    """Of the same kind and within two kilometres; without coordinates, in the same county with half the name."""
    kind = record.get("kind")
    same = {key: row for key, row in rows.items() if kind and row["kind"] == kind}
    if not same:
        return []
    lon, lat = record.get("lon"), record.get("lat")
    if lon is not None and lat is not None:
        near = {key: _distance(row, lon, lat) for key, row in same.items() if row["lon"] is not None}
        return [(key, "same_place", 90) for key, away in near.items() if away <= NEAR_KM]
    counties = [code for code in record.get("region_codes") or () if not code.endswith("00")]
    if not counties:
        return []
    touching = select(col(ProjectRegion.project_id)).where(col(ProjectRegion.region_code).in_(counties))
    name = plain_name(record.get("name_zh") or "")
    here = [key for key in session.execute(touching.distinct()).scalars() if key in same]
    alike = {key: fuzz.partial_ratio(name, plain_name(same[key]["name_zh"])) for key in here}
    return [(key, "same_place", round(score)) for key, score in alike.items() if name and score >= 60]


def plain_name(name: str) -> str:
    """A name without blanks, brackets and punctuation, in lower case: what names are compared by."""
    return NOISE.sub("", name).casefold()


def _distance(row: Mapping[str, Any], lon: float, lat: float) -> float:
    """Kilometres, near enough at this latitude for telling neighbours from others."""
    east = (row["lon"] - lon) * math.cos(math.radians(lat))
    return math.hypot(east, row["lat"] - lat) * DEGREE_KM


_COLUMNS: list[Any] = [
    Project.id,
    Project.code,
    Project.national_code,
    Project.name_zh,
    Project.name_en,
    Project.kind,
    Project.lon,
    Project.lat,
    Project.office_unit,
    Project.lead_unit,
    Project.city_code,
]
_LIBRARY: Any = select(*_COLUMNS)
