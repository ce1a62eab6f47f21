"""Filters as people give them: codes or names, as imports take them; what is neither is refused with what is meant."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from sqlmodel import Session

from portfolio.access.local import EVERYTHING
from portfolio.cli.telling import language
from portfolio.core.errors import FieldError, InvalidError
from portfolio.needs.rules.items import FIRST_YEAR, LAST_YEAR
from portfolio.projects.filters import NONE, ProjectFilters
from portfolio.scheme.directory import unit_directory
from portfolio.scheme.queries import tasks
from portfolio.vocabulary import codes
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.regions import region_directory

LISTED_AT_MOST = 16
LIKELY = 5
Values = Sequence[str]


@dataclass(frozen=True)
class Known:
    """What a filter takes: how a text is understood, and every code with its name."""

    resolve: Callable[[str], str | None]
    names: Mapping[str, str]

    def offered(self, text: str) -> str:
        """All there is where that is little, else what looks like `text`."""
        shown = [f"{code} {name}".strip() for code, name in self.names.items()]
        if len(shown) <= LISTED_AT_MOST:
            return ", ".join(shown)
        spelled = {spelling: line for line, pair in zip(shown, self.names.items(), strict=True) for spelling in pair}
        near = get_close_matches(text, spelled, LIKELY, 0.4)
        return ", ".join(dict.fromkeys(spelled[one] for one in near)) or ", ".join([*shown[:LIKELY], "…"])


def project_filters(session: Session, q: str = "", **asked: Values | None) -> ProjectFilters:
    """The filters that `asked` means, by name of the filter.

    Raises `InvalidError` (`filter.invalid`) with every value that is no code and no name of one.
    """
    known, faults = _known(session, [name for name, values in asked.items() if values]), list[FieldError]()
    found: dict[str, Any] = {
        name: tuple(_codes(name, values, known[name], faults)) for name, values in asked.items() if values
    }
    if faults:
        raise InvalidError("filter.invalid", faults)
    return ProjectFilters(q=q, **found)


def chosen_item(session: Session, text: str | None) -> str | None:
    """The code of the element tree's item that `text` names."""
    if text is None:
        return None
    tree = element_tree(session)
    node = tree.resolve(text)
    if node is None:
        known = Known(lambda _: None, {one.code: one.name(language()) for one in tree.nodes})
        raise InvalidError("filter.invalid", [_fault("item", text, known)])
    return node.code


def chosen_years(years: Iterable[int] | None) -> tuple[int, ...]:
    """The years, each one that needs may have."""
    found = tuple(years or ())
    limits = {"first": str(FIRST_YEAR), "last": str(LAST_YEAR)}
    wrong = [year for year in found if not FIRST_YEAR <= year <= LAST_YEAR]
    if wrong:
        faults = [FieldError("--year", "need.bad_year", {"value": str(year), **limits}) for year in wrong]
        raise InvalidError("filter.invalid", faults)
    return found


def _codes(name: str, values: Values, known: Known, faults: list[FieldError]) -> Iterator[str]:
    for value in values:
        code = NONE if value == NONE else known.resolve(value)
        if code is None:
            faults.append(_fault(name, value, known))
        else:
            yield code


def _fault(name: str, value: str, known: Known) -> FieldError:
    option = "--" + name.replace("_", "-")
    return FieldError(option, "filter.unknown", {"value": value, "allowed": known.offered(value)})


def _known(session: Session, names: Iterable[str]) -> dict[str, Known]:
    makers: dict[str, Callable[[Session], Known]] = {
        "kind": lambda _: _listed("kinds"),
        "stage": lambda _: _listed("stages"),
        "city": _cities,
        "region": _regions,
        "lead_unit": _units,
        "task": _tasks,
    }
    return {name: makers[name](session) for name in names}


def _listed(name: str) -> Known:
    names = {code: row[f"name_{language()}"] for code, row in codes.entries(name).items()}
    return Known(lambda text: codes.resolve(name, text), names)


def _cities(session: Session) -> Known:
    directory = region_directory(session)
    names = {region.code: directory.name(region.code, language()) for region in directory.cities}

    def resolve(text: str) -> str | None:
        code = directory.resolve(text)
        return code if code in names else None

    return Known(resolve, names)


def _regions(session: Session) -> Known:
    directory = region_directory(session)
    return Known(directory.resolve, {one.code: directory.path_name(one.code, language()) for one in directory.present})


def _units(session: Session) -> Known:
    directory = unit_directory(session)
    return Known(directory.resolve, {code: directory.name(code, language()) for code in directory.by_code})


def _tasks(session: Session) -> Known:
    held = dict.fromkeys(tasks(session, EVERYTHING)["id"].tolist(), "")
    return Known(lambda text: text.strip() if text.strip() in held else None, held)
