"""Regions as people write them: by code, by a name only one of them bears, or as city and county."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.core.kept import Kept
from portfolio.vocabulary.tables import Region

CITY, PROVINCE = "city", "province"
SEPARATOR = "/"


@dataclass
class RegionDirectory:
    """All regions; those that no longer exist are still read by their code, and by their name as who took them over."""

    regions: tuple[Region, ...]
    by_code: dict[str, Region] = field(init=False)

    def __post_init__(self) -> None:
        self.by_code = {region.code: region for region in self.regions}
        self._spellings: dict[str, str] = {}
        doubled: set[str] = set()
        for region in self.present:
            for lang in ("zh", "en"):
                self._spellings[self.path_name(region.code, lang).casefold()] = region.code
                name = self.name(region.code, lang).casefold()
                if self._spellings.get(name, region.code) != region.code:
                    doubled.add(name)
                self._spellings[name] = region.code
        for name in doubled:
            del self._spellings[name]
        self._former = {
            name.casefold(): region.code
            for region in self.regions
            if region.valid_to and region.successor in self.by_code
            for name in (region.name_zh, region.name_en)
            if name.casefold() not in self._spellings
        }

    @property
    def present(self) -> tuple[Region, ...]:
        """The regions that still exist."""
        return tuple(region for region in self.regions if not region.valid_to)

    @property
    def cities(self) -> tuple[Region, ...]:
        """The autonomous region itself and its cities."""
        return tuple(region for region in self.present if region.level in (PROVINCE, CITY))

    def under(self, city: str) -> tuple[Region, ...]:
        """The counties and local areas of a city."""
        return tuple(region for region in self.present if region.city_code == city and region.level != CITY)

    def name(self, code: str, lang: str) -> str:
        """A region's name; an unknown code is shown as itself."""
        region = self.by_code.get(code)
        if region is None:
            return code
        return region.name_en if lang == "en" else region.name_zh

    def path_name(self, code: str, lang: str) -> str:
        """City and name of what lies in a city, else the name alone."""
        region = self.by_code[code]
        inside = region.city_code if region.level not in (PROVINCE, CITY) else None
        return SEPARATOR.join([*([self.name(inside, lang)] if inside else []), self.name(code, lang)])

    def resolve(self, text: str) -> str | None:
        """The code meant by a code, an unambiguous name or `city/name`; None when there is none.

        A name that is no longer valid means who bears the place today (横县: 横州市).
        """
        plain = text.strip()
        if plain in self.by_code:
            return plain
        former = self.former(plain)
        return self._spellings.get(plain.casefold()) or (self.heir(former.code) if former else None)

    def former(self, text: str) -> Region | None:
        """The region that bore the name `text`, alone or after its city, and bears it no longer; None when none did."""
        name = text.strip().rpartition(SEPARATOR)[2].casefold()
        return self.by_code.get(self._former.get(name, ""))

    def heir(self, code: str) -> str:
        """The region that stands for `code` today: the end of its line of successors."""
        seen = {code}
        while (region := self.by_code.get(code)) is not None and region.successor and region.successor not in seen:
            code = region.successor
            seen.add(code)
        return code

    def likely(self, text: str) -> str | None:
        """The full name that `text` looks like a shortened form of (城市名缺“市”字), None when there is none."""
        plain = text.strip()
        found = [region.name_zh for region in self.present if region.name_zh[:-1] == plain]
        return found[0] if len(found) == 1 else None


_directories = Kept(size=1)


def region_directory(session: Session) -> RegionDirectory:
    """The directory as the session's database has it."""
    return _directories.get(session, "regions", lambda: RegionDirectory(tuple(_regions(session))))


def _regions(session: Session) -> Iterable[Region]:
    return session.execute(select(Region).order_by(col(Region.code))).scalars().all()
