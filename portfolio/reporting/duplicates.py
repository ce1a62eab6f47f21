"""Which records in the library may be the same project as one about to be entered."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz, process
from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.access.rules import Scope, row_of
from portfolio.core.kept import Kept
from portfolio.projects.rules import national_code
from portfolio.projects.rules.naming import bare_name, plain_name
from portfolio.projects.tables import Project, ProjectRegion

NEAR_NAME = 82.0
NEAR_KM = 2.0
SHOWN = 8
DEGREE_KM = 111.32
ORDER = ("same_code", "same_name", "same_place", "near_name")
Found = tuple[int, str, int]  # project id, why, how near
_kept = Kept(size=1)


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


class Library:
    """Every record as it stands, arranged so that many can be compared with it."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        self.rows = {row["id"]: row for row in rows}
        self.names = {key: bare_name(row["name_key"]) for key, row in self.rows.items()}
        self.by_national = {row["national_code"]: key for key, row in self.rows.items() if row["national_code"]}
        self.by_name: dict[str, list[int]] = defaultdict(list)
        self.by_kind: dict[str | None, list[int]] = defaultdict(list)
        for key, row in self.rows.items():
            self.by_name[self.names[key]].append(key)
            self.by_kind[row["kind"]].append(key)

    def certain(self, record: Mapping[str, Any]) -> list[Found]:
        """Those of the same national code or the same name, without looking through all."""
        code = national_code.normalise(record.get("national_code") or "")
        same = [(self.by_national[code], "same_code", 100)] if code in self.by_national else []
        name = bare_name(plain_name(record.get("name_zh") or ""))
        return [*same, *((key, "same_name", 100) for key in self.by_name.get(name, ()) if len(name) > 1)]

    def near(self, session: Session, record: Mapping[str, Any]) -> list[Found]:
        """Those of a like name, and those of the same kind in the same place."""
        wanted = bare_name(plain_name(record.get("name_zh") or ""))
        found = []
        if len(wanted) > 1:
            close = process.extract(wanted, self.names, scorer=fuzz.ratio, score_cutoff=NEAR_NAME, limit=SHOWN)
            found = [(key, "near_name", round(score)) for _, score, key in close if score < 100]
        return [*self._same_place(session, record, wanted), *found]

    def _same_place(self, session: Session, record: Mapping[str, Any], name: str) -> list[Found]:
        """Of the same kind and within two kilometres; without coordinates, in the same county with half the name."""
        same = self.by_kind.get(record["kind"], []) if record.get("kind") else []
        lon, lat = record.get("lon"), record.get("lat")
        if same and lon is not None and lat is not None:
            placed = [key for key in same if self.rows[key]["lon"] is not None]
            return [(key, "same_place", 90) for key in placed if _distance(self.rows[key], lon, lat) <= NEAR_KM]
        counties = [code for code in record.get("region_codes") or () if not code.endswith("00")]
        if not same or not counties or not name:
            return []
        touching = select(col(ProjectRegion.project_id)).where(col(ProjectRegion.region_code).in_(counties))
        here = set(session.execute(touching.distinct()).scalars()).intersection(same)
        alike = {key: fuzz.partial_ratio(name, self.names[key]) for key in sorted(here)}
        return [(key, "same_place", round(score)) for key, score in alike.items() if score >= 60]

    def told(self, scope: Scope, found: Iterable[Found], own_code: str | None = None) -> list[Likeness]:
        """What was found as the reader may know it, each record once and the most certain first."""
        first: dict[int, tuple[str, int]] = {}
        for key, why, score in found:
            if self.rows[key]["code"] != own_code:
                first.setdefault(key, (why, score))
        listed = [_told(self.rows[key], scope, why, score) for key, (why, score) in first.items()]
        return sorted(listed, key=lambda one: (ORDER.index(one.why), -one.score, one.code))[:SHOWN]


def library(session: Session) -> Library:
    """The library as the session sees it, kept until somebody changes anything."""
    return _kept.get(session, "library", lambda: Library([dict(row) for row in session.execute(_LIBRARY).mappings()]))


def likely_duplicates(
    session: Session, scope: Scope, record: Mapping[str, Any], own_code: str | None = None
) -> list[Likeness]:
    """Records like `record` (its facts as typed), the most certain first; the whole library is searched."""
    held = library(session)
    return held.told(scope, [*held.certain(record), *held.near(session, record)], own_code)


def _told(row: Mapping[str, Any], scope: Scope, why: str, score: int) -> Likeness:
    names = ("code", "name_zh", "name_en") if scope.covers(row_of(row)) else ()
    told = {name: row[name] if name in names else "" for name in ("code", "name_zh", "name_en")}
    return Likeness(why, score, **told, office_unit=row["office_unit"])


def _distance(row: Mapping[str, Any], lon: float, lat: float) -> float:
    """Kilometres, near enough at this latitude for telling neighbours from others."""
    east = (row["lon"] - lon) * math.cos(math.radians(lat))
    return math.hypot(east, row["lat"] - lat) * DEGREE_KM


_COLUMNS: list[Any] = [
    Project.id,
    Project.code,
    Project.national_code,
    Project.name_zh,
    Project.name_key,
    Project.name_en,
    Project.kind,
    Project.lon,
    Project.lat,
    Project.office_unit,
    Project.lead_unit,
    Project.city_code,
]
_LIBRARY: Any = select(*_COLUMNS)
