"""The checklists as data: steps, templates by approval type and sector, authorities by area, statuses."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from graphlib import TopologicalSorter
from pathlib import Path

from portfolio.core.rulebook import Row, Rulebook

BOOK = Rulebook(Path(__file__).parents[1] / "data", ("steps", "templates", "authorities", "statuses"))
LONGEST = "approval"
ANY_SECTOR = "*"


@dataclass(frozen=True)
class StepKind:
    """A step of preparation; `authority_rule` names the rule that finds who approves it by area (empty: the office)."""

    code: str
    name_zh: str
    name_en: str
    office_zh: str
    office_en: str
    authority_rule: str
    validity_months: int | None
    source: str

    def name(self, lang: str) -> str:
        """The step's name."""
        return self.name_en if lang == "en" else self.name_zh

    def office(self, lang: str) -> str:
        """The office in charge."""
        return self.office_en if lang == "en" else self.office_zh


@dataclass(frozen=True)
class TemplateStep:
    """A step in a checklist: when it applies (`always`, `land`, `sea`, `forest`, `optional`), after what, how long."""

    code: str
    applies: str
    after: tuple[str, ...]
    days: tuple[int, int, int]


@dataclass(frozen=True)
class Template:
    """The checklist of an approval type and sector, predecessors before successors."""

    approval_type: str
    sector: str
    steps: tuple[TemplateStep, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The steps' codes in the template's order."""
        return tuple(step.code for step in self.steps)


@dataclass(frozen=True)
class AuthorityRule:
    """Who approves when the area of `items` is `over` or `at_least` a threshold (m²); the first that fits decides."""

    rule: str
    items: tuple[str, ...]
    inclusive: bool
    threshold_m2: int
    level: str
    authority_zh: str
    authority_en: str
    source: str


def read(name: str) -> tuple[Row, ...]:
    """The rows of one of the room's files."""
    return BOOK.rows(name)


def version() -> str:
    """The version of all four files."""
    return BOOK.version


@lru_cache
def step_kinds() -> Mapping[str, StepKind]:
    """Every step by its code, in the order of a checklist."""
    kinds = {}
    for row in read("steps"):
        months = row["validity_months"]
        words = {name: text for name, text in row.items() if name != "validity_months"}
        kinds[row["code"]] = StepKind(**words, validity_months=int(months) if months else None)
    return kinds


def statuses() -> Mapping[str, Row]:
    """Every status by its code."""
    return BOOK.by_code("statuses")


@lru_cache
def authority_rules() -> tuple[AuthorityRule, ...]:
    """The rules in the order they are tried."""
    return tuple(
        AuthorityRule(
            row["rule"],
            tuple(row["items"].split(";")),
            row["compare"] == "at_least",
            round(float(row["threshold_ha"]) * 10_000),
            row["level"],
            row["authority_zh"],
            row["authority_en"],
            row["source"],
        )
        for row in read("authorities")
    )


@lru_cache
def template(approval_type: str | None, sector: str | None) -> Template:
    """The checklist of an approval type (none: the longest), the sector's own rows in place of the general ones."""
    kind = approval_type if approval_type in {row["approval_type"] for row in read("templates")} else LONGEST
    chosen: dict[str, TemplateStep] = {}
    for wanted in (ANY_SECTOR, sector):
        for row in read("templates"):
            if (row["approval_type"], row["sector"]) == (kind, wanted):
                chosen[row["step"]] = _step(row)
    order = TopologicalSorter({code: [a for a in step.after if a in chosen] for code, step in chosen.items()})
    return Template(str(kind), sector or ANY_SECTOR, tuple(chosen[code] for code in order.static_order()))


def _step(row: Mapping[str, str]) -> TemplateStep:
    after = tuple(part for part in row["after"].split(";") if part)
    days = (int(row["days_low"]), int(row["days_mode"]), int(row["days_high"]))
    return TemplateStep(row["step"], row["applies"], after, days)
