"""What a fact is called, and which input of the form holds it."""

from dashboard.context import Context
from portfolio.projects.rules.works import MONTHS

AMOUNT = "total_investment"
INPUT_OF = {"total_investment_yuan": AMOUNT, "region_codes": "cities", "code": "name_zh"}
FACT_OF = {AMOUNT: "total_investment_yuan", "cities": "region_codes"}
CODED = {"kind": "kinds", "nature": "natures", "approval_type": "approval_types", "stage": "stages"}
NAMED_AS_COLUMNS = {"lon", "lat", "task_ids", "lead_unit", "office_unit", "section", "source"} | {
    "sea_related",
    "cross_province",
    "co_agreed",
    "co_agreed_doc",
}


def label_key(name: str) -> str:
    """The catalogue key of an input's label."""
    if name.split(".")[0] in ("bases", "scales", "contacts"):
        group, middle, part = name.split(".")
        return f"entry-{group}-{part}" if group != "bases" else f"entry-basis-{middle if part == 'words' else 'doc_no'}"
    if name in ("name_zh", "name_en", *CODED, "national_code", "owner", "capacity_zh", *MONTHS):
        return f"col-{name}"
    if name in NAMED_AS_COLUMNS:
        return f"col-{name}"
    return f"entry-{name}"


def inputs_of(field: str) -> str:
    """The input that is marked for a required field."""
    if field.startswith("bases."):
        return f"{field}.words"
    first = {"scales": "scales.0.name", "contacts": "contacts.0.name"}
    return first.get(field) or INPUT_OF.get(field, field)


def field_name(context: Context, field: str) -> str:
    """What a required field is called."""
    if field.startswith("needs."):
        return context.text(f"headline-{field.partition('.')[2]}")
    if field in ("scales", "contacts"):
        return context.text(f"entry-{field}")
    return context.text(label_key(inputs_of(field)))
