"""What was typed beside the quantities of land, sea and forest: read, saved together, each fault by its field."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from dashboard.components.answers import Naming
from dashboard.context import Context
from dashboard.data import references
from dashboard.questions.project import change_details
from portfolio.core.errors import FieldError, InvalidError
from portfolio.core.units import NotExactError, to_base
from portfolio.needs.details import DetailEdit
from portfolio.needs.rules.attributes import attributes

Identity = Mapping[str, str]


def save_typed(code: str, ids: Sequence[Identity], given: Sequence[Any], reason: str | None = None) -> bool:
    """Save every detail of the form; raises `InvalidError`, values as typed: unreadable areas, else all faults."""
    typed = [str(value or "").strip() for value in given]
    edits = [_edit(one, text) for one, text in zip(ids, typed, strict=True)]
    unread = [_no_area(place, typed) for place, edit in enumerate(edits) if edit is None]
    if unread:
        raise InvalidError("need.invalid", unread)
    try:
        return change_details(code, [edit for edit in edits if edit is not None], reason)
    except InvalidError as error:
        raise InvalidError(error.code, [_as_typed(fault, typed) for fault in error.fields], **error.params) from error


def naming(ids: Sequence[Identity]) -> Naming:
    """What the field of a fault is called: the item and its attribute."""

    def named(context: Context, field: str) -> str:
        place = _place(field)
        if place is None:
            return ""
        item, one = ids[place]["item"].replace("/", "."), attributes()[ids[place]["attribute"]]
        return f"{references().tree.path_name(item, context.lang)} {one.name(context.lang)}"

    return named


def _edit(identity: Identity, text: str) -> DetailEdit | None:
    """The edit that was typed; None for an area that is none, or finer than a square metre."""
    item, one = identity["item"].replace("/", "."), attributes()[identity["attribute"]]
    if not text or one.type != "area":
        return DetailEdit(item, one.code, text or None)
    try:
        m2 = to_base(Decimal(text.replace(",", "")), "ha")
    except (InvalidOperation, NotExactError, ValueError):
        return None
    return DetailEdit(item, one.code, str(m2)) if m2 >= 0 else None


def _no_area(place: int, typed: Sequence[str]) -> FieldError:
    return FieldError(f"{place}.value", "detail.not_an_area", {"value": typed[place]})


def _as_typed(fault: FieldError, typed: Sequence[str]) -> FieldError:
    place = _place(fault.field)
    if place is None or "value" not in fault.params:
        return fault
    return FieldError(fault.field, fault.code, {**fault.params, "value": typed[place]})


def _place(field: str) -> int | None:
    place = field.split(".")[0]
    return int(place) if place.isdigit() else None
