"""Where a project lies, from a list of regions or from the choice of city and county; and the sector of its kind."""

import re
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from portfolio.exchange.sheets import values
from portfolio.exchange.sheets.findings import Place
from portfolio.vocabulary.codes import label, resolve, sector_of
from portfolio.vocabulary.regions import region_directory


class ProjectRegions:
    """Reads the regions of a row: `region_codes`, else `county`, else `city`."""

    def __init__(self, session: Session, place: Place) -> None:
        self.directory, self.place = region_directory(session), place

    def read(self, cells: Mapping[str, str]) -> dict[str, Any]:
        """`region_codes` where the file has a column for them; what cannot be read or does not agree is reported."""
        if not {"region_codes", "city", "county"} & cells.keys():
            return {}
        listed = self._listed(cells.get("region_codes", ""))
        city, county = self._one(cells, "city", ""), self._one(cells, "county", cells.get("city", ""))
        chosen = county or city
        if county and city and self.directory.by_code[county].city_code != city:
            self.place.report("county_of_other_city", "county", cells["county"], city=cells["city"])
        if chosen and listed and chosen not in listed:
            self.place.report("regions_disagree", "region_codes", cells["region_codes"])
        if "region_codes" not in cells and not chosen:
            return {}
        return {"region_codes": listed or ([chosen] if chosen else [])}

    def _listed(self, cell: str) -> list[str]:
        parts = [part.strip() for part in re.split("[;；、]", cell) if part.strip()]
        return [code for code in (self.resolve(part, "region_codes") for part in parts) if code]

    def _one(self, cells: Mapping[str, str], name: str, above: str) -> str | None:
        cell = cells.get(name, "").strip()
        if not cell:
            return None
        inside = self.directory.resolve(f"{above.strip()}/{cell}") if above.strip() else None
        return inside or self.resolve(cell, name)

    def resolve(self, text: str, column: str) -> str | None:
        """The region meant; a shortened name is reported with the whole one."""
        return resolve_region(self.directory, text, column, self.place)


def resolve_region(directory: Any, text: str, column: str, place: Place) -> str | None:
    """The code of the region meant by a code or name, None when reported; 南宁 is told to be written 南宁市."""
    code: str | None = directory.resolve(text)
    if code is None:
        likely = directory.likely(text)
        if likely:
            place.report("short_region", column, text, plain=likely)
        else:
            place.report("unknown_code", column, text)
        return None
    former = directory.former(text) if text.strip() != code else None
    if former is not None and directory.heir(former.code) == code:
        told = {"heir": directory.name(code, "zh"), "on": former.valid_to or "—"}
        place.warn("renamed_region", column, text.strip(), **told)
    return code


def check_sector(cells: Mapping[str, str], kind: str | None, place: Place) -> None:
    """Report a sector that is not the one of the row's kind; the sector itself is not kept."""
    cell = cells.get("sector", "").strip()
    sector = values.coded(cell, lambda text: resolve("sectors", text), "sector", place)
    if sector and kind and sector_of(kind) != sector:
        place.report("sector_of_other_kind", "sector", cell, kind=label("kinds", kind, "zh"))
