"""How a template is filled in: the notes on its headings and the sheet that explains every column."""

from collections.abc import Sequence
from typing import Any

from portfolio.core.i18n import has_text, t
from portfolio.exchange.sheets.template_spec import Field, fields
from portfolio.projects.rules.facts import LAT_RANGE, LON_RANGE

LINES = 8
WIDTHS = (26, 10, 70, 34)


def note(field: Field, lang: str) -> str:
    """What to write into a column, in a few lines."""
    ranges = {"longitude": LON_RANGE, "latitude": LAT_RANGE}.get(field.type, (0.0, 0.0))
    bounds = {"low": str(ranges[0]), "high": str(ranges[1])} if field.type in ("longitude", "latitude") else {}
    lines = [t("template-required", lang)] if field.required else []
    lines.append(t(f"template-note-{field.type}", lang, **bounds))
    special = f"template-note-{field.kind}-{field.column}"
    if has_text(special, lang):
        lines.append(t(special, lang))
    return "\n".join(lines)


def write_guide(book: Any, kind: str, lang: str, samples: Sequence[str]) -> None:
    """Write the sheet that explains the template."""
    page = book.add_worksheet(t("template-guide", lang))
    title = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#DBE9F6"})
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
    for place, width in enumerate(WIDTHS):
        page.set_column(place, place, width)
    page.write_string(0, 0, t("template-title", lang, kind=t(f"kind-{kind}", lang)), title)
    for number in range(1, LINES + 1):
        page.write_string(number, 0, f"{number}. " + t(f"template-how-{number}", lang))
    for place, name in enumerate(("column", "required", "how", "sample")):
        page.write_string(LINES + 2, place, t(f"template-guide-{name}", lang), head)
    for number, (field, sample) in enumerate(zip(fields(kind), samples, strict=True), LINES + 3):
        needed = t("template-yes" if field.required else "template-no", lang)
        for place, text in enumerate((field.heading(lang), needed, note(field, lang), sample)):
            page.write_string(number, place, text, cell)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.protect("")
