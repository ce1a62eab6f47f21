"""Rules of entry and review: what each stage requires, how complete a record is, what two editors disagree about."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from portfolio.core.errors import FieldError
from portfolio.core.rulebook import Row, Rulebook
from portfolio.projects.rules.works import MONTHS

BOOK = Rulebook(Path(__file__).parent / "data", ("required_fields", "batch_categories"))
STAGES = ("planning", "reserve", "preliminary", "ready", "under_construction", "completed")
ANNUAL = "annual"
DOCUMENT = re.compile(r"^(.*?)[\[(（［〔](\d{4})[\])）］〕]\s*(?:第\s*)?(\d+)\s*号$")
NOTHING: tuple[Any, ...] = (None, "", (), [], {})


@dataclass(frozen=True)
class Field:
    """A field of the form: its section, the flag it depends on, and the stages that require it."""

    name: str
    section: str
    when: str
    stages: frozenset[str]


@lru_cache
def fields() -> tuple[Field, ...]:
    """Every field that some stage requires, in the order of the form."""
    return tuple(_field(row) for row in BOOK.rows("required_fields"))


def _field(row: Row) -> Field:
    stages = frozenset(stage for stage in (*STAGES, ANNUAL) if row[stage] == "yes")
    return Field(row["field"], row["section"], row["when"], stages)


def stage_asked(stage: str | None) -> str:
    """The column that holds for a stage; one that is not stated, put off or gone asks for the least."""
    return stage if stage in (*STAGES, ANNUAL) else STAGES[0]


def required(record: Mapping[str, Any], stage: str | None) -> list[str]:
    """The fields a record of that stage must state, in the order of the form."""
    asked = stage_asked(stage)
    return [field.name for field in fields() if asked in field.stages and _concerned(field, record)]


def lacking(record: Mapping[str, Any], stage: str | None) -> list[FieldError]:
    """A fault for each required field the record does not state. Zero and 不涉及 are statements."""
    return [FieldError(name, "field.required") for name in required(record, stage) if value_of(record, name) in NOTHING]


@dataclass(frozen=True)
class Answer:
    """What became of a field that is asked: whether it is stated and holds, and the fault that keeps it from counting.

    `now` says that the record's stage asks for it; what is not stated, or fails its rule, does not count.
    """

    name: str
    section: str
    now: bool
    stated: bool
    fault: FieldError | None = None

    @property
    def holds(self) -> bool:
        """Whether it counts as filled."""
        return self.stated and self.fault is None


@dataclass(frozen=True)
class Completeness:
    """How complete a record is: every field an annual plan asks of it, in the order of the form.

    The one number and the one list of the whole product: `percent` is rounded down, so that 100 means all of it.
    """

    answers: tuple[Answer, ...]

    @property
    def percent(self) -> int:
        """How much of it is filled, in whole per cent."""
        return 100 * (len(self.answers) - len(self.missing)) // len(self.answers)

    @property
    def missing(self) -> tuple[Answer, ...]:
        """What is lacking: not stated, or stated against its rule."""
        return tuple(one for one in self.answers if not one.holds)

    @property
    def now(self) -> tuple[Answer, ...]:
        """What of it the record's stage asks for already."""
        return tuple(one for one in self.missing if one.now)

    def of(self, section: str) -> "Completeness":
        """The same of one section of the form."""
        return Completeness(tuple(one for one in self.answers if one.section == section))


def completeness(record: Mapping[str, Any], faults: Iterable[FieldError] = ()) -> Completeness:
    """How complete a record is against the whole list; `faults` are those of its values, by their names in the domain.

    The list and its stages are `data/required_fields.csv`. What an annual plan asks is everybody's measure, so that
    two records can be compared and a change of stage does not change the number; `now` tells what is due already.
    """
    wrong: dict[str, FieldError] = {}
    for fault in faults:
        wrong.setdefault(_held_by(fault.field), fault)
    stage = stage_asked(record.get("stage"))
    return Completeness(
        tuple(
            Answer(
                field.name,
                field.section,
                stage in field.stages,
                value_of(record, field.name) not in NOTHING,
                wrong.get(field.name),
            )
            for field in fields()
            if ANNUAL in field.stages and _concerned(field, record)
        )
    )


def _held_by(name: str) -> str:
    """The field whose value a fault is of: `contacts.0.phone` is one of the persons, a latitude one of the pin."""
    group, _, rest = name.partition(".")
    if group in ("bases", "needs"):
        return f"{group}.{rest.partition('.')[0]}"
    return "lon" if group == "lat" else group


def _concerned(field: Field, record: Mapping[str, Any]) -> bool:
    return not field.when or bool(record.get(field.when))


def value_of(record: Mapping[str, Any], name: str) -> Any:
    """The value of a field; `bases.plan` is a basis's words, `needs.fund` whether the element is answered."""
    group, _, part = name.partition(".")
    if not part:
        return record.get(name)
    held = (record.get(group) or {}).get(part)
    return held.get("words") if isinstance(held, Mapping) else held


@dataclass(frozen=True)
class Merged:
    """What results of two editors' work: `values` to save, and per field in conflict (theirs, mine)."""

    values: Mapping[str, Any]
    conflicts: Mapping[str, tuple[Any, Any]]


def merge(base: Mapping[str, Any], theirs: Mapping[str, Any], mine: Mapping[str, Any]) -> Merged:
    """Three-way: what only one side changed is taken from it; what both changed differently is a conflict.

    `values` holds mine for a conflict until a person chooses.
    """
    values: dict[str, Any] = {}
    conflicts: dict[str, tuple[Any, Any]] = {}
    for name, own in mine.items():
        was, other = _plain(base.get(name)), _plain(theirs.get(name))
        values[name] = own if _plain(own) != was or other == was else theirs.get(name)
        if _plain(own) != was and other != was and _plain(own) != other:
            conflicts[name] = (theirs.get(name), own)
    return Merged(values, conflicts)


def _plain(value: Any) -> Any:
    """Blank and absent are the same to a person."""
    if value in NOTHING:
        return None
    return list(value) if isinstance(value, tuple) else value


def contradictions(category: Row, record: Mapping[str, Any]) -> FieldError | None:
    """The field of a record that contradicts the category it is submitted under, if any."""
    name, allowed = category["field"], category["values"].split(";")
    value = record.get(name)
    spoken = ("yes" if value else "no") if isinstance(value, bool) else value or ""
    if spoken in allowed:
        return None
    return FieldError(f"{record['code']}.{name}", "batch.contradicts", {"project": record["code"], "field": name})


def document_number(text: str) -> str:
    """A document number as offices print it, `桂发改〔2027〕3号`; what is no such number is only trimmed."""
    found = DOCUMENT.match(text.strip())
    return f"{found[1].strip()}〔{found[2]}〕{int(found[3])}号" if found else text.strip()


def days_left(due_on: str, today: date) -> int:
    """Whole days until the due day; negative once it is past."""
    return (date.fromisoformat(due_on) - today).days


def days_to_week_end(today: date) -> int:
    """Whole days until this week's Sunday."""
    return 7 - today.isoweekday()


def round_faults(values: Mapping[str, Any], units: Iterable[str], cities: Iterable[str]) -> list[FieldError]:
    """Every fault of a round of reporting."""
    found = [FieldError(name, "field.required") for name in ("code", "title_zh") if not values[name]]
    limits = {"code": 40, "title_zh": 120, "title_en": 200}
    found += [
        FieldError(n, "field.too_long", {"limit": limit}) for n, limit in limits.items() if len(values[n]) > limit
    ]
    for name in ("opens_on", "due_on"):
        if not _is_day(values[name]):
            found.append(FieldError(name, "field.bad_day", {"value": values[name]}))
    if not found and values["due_on"] < values["opens_on"]:
        found.append(FieldError("due_on", "rounds.due_before_opening"))
    if values["stage"] not in ("", *STAGES, ANNUAL):
        found.append(FieldError("stage", "field.unknown_code", {"value": values["stage"]}))
    for name, known in (("units", set(units)), ("cities", set(cities))):
        found += [FieldError(name, "field.unknown_code", {"value": one}) for one in values[name] if one not in known]
    return found


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def unremarkable(new: bool, warnings: int, changed: Sequence[str], needs_changed: int) -> bool:
    """Whether a submitted record may be accepted with others at once: known, and neither money nor needs moved."""
    weighty = {"total_investment_yuan", "stage", *MONTHS, "region_codes", "kind"}
    return not new and not warnings and not needs_changed and not weighty.intersection(changed)
