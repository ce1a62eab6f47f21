"""How a spreadsheet checks the cells of a template as they are typed; the import checks everything again."""

from typing import Any

from portfolio.core.i18n import t
from portfolio.exchange.sheets.template_spec import LISTED, Field
from portfolio.needs.rules.items import FIRST_YEAR, LAST_YEAR
from portfolio.projects.rules.facts import LAT_RANGE, LON_RANGE

MONTH = (
    '=AND(LEN({cell})=7,MID({cell},5,1)="-",ISNUMBER(VALUE(LEFT({cell},4))),'
    "VALUE(RIGHT({cell},2))>=1,VALUE(RIGHT({cell},2))<=12)"
)
DAY = '=AND(LEN({cell})=10,MID({cell},5,1)="-",MID({cell},8,1)="-",ISNUMBER(DATEVALUE({cell})))'
NEED = '=OR(AND(ISNUMBER({cell}),{cell}>=0),{cell}="{word}")'
RANGES = {"longitude": LON_RANGE, "latitude": LAT_RANGE}


def check_of(field: Field, cell: str, source: str | None, lang: str) -> dict[str, Any] | None:
    """The validation of a column whose first open cell is `cell`; None where anything may stand."""
    rule = _rule(field, cell, source)
    if rule is None:
        return None
    texts = {
        "error_title": t("template-error-title", lang),
        "error_message": t(f"template-error-{_sort(field)}", lang),
        "error_type": "stop",
    }
    return {**rule, **texts, "ignore_blank": True}


def _sort(field: Field) -> str:
    return "list" if field.type in LISTED else field.type


def _rule(field: Field, cell: str, source: str | None) -> dict[str, Any] | None:
    if field.type in LISTED:
        return {"validate": "list", "source": source} if source else None
    if field.type == "year":
        return {"validate": "integer", "criteria": "between", "minimum": FIRST_YEAR, "maximum": LAST_YEAR}
    if field.type == "amount":
        return {"validate": "decimal", "criteria": ">=", "value": 0}
    if field.type in RANGES:
        low, high = RANGES[field.type]
        return {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": high}
    if field.type in FORMULAS:
        formula = FORMULAS[field.type].format(cell=cell, word=t("need-not-applicable", "zh"))
        return {"validate": "custom", "value": formula}
    return None


FORMULAS = {"month": MONTH, "day": DAY, "need": NEED}
