"""Rules of readiness: who approves by area, how long an approval holds, what a step may say."""

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from portfolio.core.errors import FieldError
from portfolio.readiness.rules.templates import AuthorityRule, StepKind, statuses, step_kinds

DONE = ("approved", "not_needed")
DATES = ("planned_on", "actual_on", "valid_until")


def authority(rules: Sequence[AuthorityRule], rule: str, areas_m2: Mapping[str, int]) -> AuthorityRule | None:
    """Who approves, by the area (m²) of each leaf item; None when the rule's element takes no area at all."""
    for one in rules:
        if one.rule != rule:
            continue
        area = sum(m2 for item, m2 in areas_m2.items() if _under(item, one.items))
        if area > one.threshold_m2 or (one.inclusive and area == one.threshold_m2):
            return one
    return None


def _under(item: str, roots: Sequence[str]) -> bool:
    return any(item == root or item.startswith(root + ".") for root in roots)


def valid_until(kind: StepKind, actual_on: str | None, stated: str | None) -> str | None:
    """The last day an approval holds: as stated, else by the step's usual validity from its date; None for no end."""
    if stated:
        return stated
    if not actual_on or kind.validity_months is None:
        return None
    end: pd.Timestamp = pd.Timestamp(actual_on) + pd.DateOffset(months=kind.validity_months)
    return end.date().isoformat()


def faults(step: str, values: Mapping[str, object]) -> list[FieldError]:
    """Every fault of what an office says about a step."""
    found: list[FieldError] = []
    if step not in step_kinds():
        found.append(FieldError("step", "readiness.unknown_step", {"value": step}))
    status = str(values.get("status") or "")
    if status not in statuses():
        found.append(FieldError("status", "field.unknown_code", {"value": status}))
    dates = {name: str(values.get(name) or "") for name in DATES}
    for name, text in dates.items():
        if text and not _is_day(text):
            found.append(FieldError(name, "ledger.bad_date", {"value": text}))
    if found:
        return found
    if status == "approved" and not dates["actual_on"]:
        found.append(FieldError("actual_on", "readiness.approved_without_date"))
    if status == "approved" and not str(values.get("doc_no") or "").strip() and step != "project_code":
        found.append(FieldError("doc_no", "readiness.approved_without_document"))
    if dates["valid_until"] and dates["actual_on"] and dates["valid_until"] < dates["actual_on"]:
        found.append(FieldError("valid_until", "readiness.ends_before_begin", {"value": dates["valid_until"]}))
    return found


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
