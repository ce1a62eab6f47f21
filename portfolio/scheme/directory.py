"""The units as people write them: by code, short name, full name or alias."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.core.clock import today
from portfolio.core.kept import Kept
from portfolio.scheme.tables import Unit


@dataclass
class UnitDirectory:
    """All units, resolvable by any of their spellings."""

    units: tuple[Unit, ...]
    by_code: dict[str, Unit] = field(init=False)

    def __post_init__(self) -> None:
        self.by_code = {unit.code: unit for unit in self.units}
        self._spellings: dict[str, str] = {}
        for unit in self.units:
            aliases = [alias for alias in unit.aliases_zh.split(";") if alias]
            for text in (unit.code, unit.name_zh, unit.full_name_zh, unit.name_en, *aliases):
                if text:
                    self._spellings.setdefault(text.casefold(), unit.code)

    def resolve(self, text: str) -> str | None:
        """The code of the unit meant by `text`, or None."""
        return self._spellings.get(text.strip().casefold())

    def name(self, code: str | None, lang: str = "zh") -> str:
        """The unit's short name in `lang`; an unknown code is shown as itself, none as empty."""
        unit = self.by_code.get(code or "")
        if unit is None:
            return code or ""
        return unit.name_en or unit.name_zh if lang == "en" else unit.name_zh

    def heir_on(self, code: str | None, month: str) -> str | None:
        """The unit that stands for `code` in a month (`2027-01`): itself while its name is valid."""
        seen: set[str] = set()
        while code and code not in seen:
            seen.add(code)
            unit = self.by_code.get(code)
            if unit is None or not unit.successor or not unit.valid_to or month < unit.valid_to:
                return code
            code = unit.successor
        return code

    def line_of(self, code: str) -> tuple[str, ...]:
        """The units that took `code` over, one after another; none while it goes on."""
        found: list[str] = []
        while (unit := self.by_code.get(code)) is not None and unit.successor and unit.successor not in found:
            code = unit.successor
            found.append(code)
        return tuple(found)

    def heir_today(self, code: str) -> str:
        """The unit that stands for `code` today: itself while its name is valid."""
        month, standing = today().isoformat()[:7], code
        for following in self.line_of(code):
            unit = self.by_code[standing]
            if unit.valid_to and month < unit.valid_to[:7]:
                break
            standing = following
        return standing

    @property
    def present(self) -> tuple[Unit, ...]:
        """The units that no other one took over."""
        return tuple(unit for unit in self.units if not unit.successor)

    @property
    def kind_of(self) -> dict[str, str]:
        """Unit code → kind."""
        return {unit.code: unit.kind for unit in self.units}


_directories = Kept(size=1)


def unit_directory(session: Session) -> UnitDirectory:
    """The directory as the session's database has it."""
    return _directories.get(session, "units", lambda: UnitDirectory(tuple(_units(session))))


def _units(session: Session) -> Iterable[Unit]:
    return session.execute(select(Unit).order_by(col(Unit.code))).scalars().all()
