"""What a template workbook says of itself on a hidden sheet: whose it is, its version, its kind, its sample row."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import orjson

from portfolio.core.i18n import LANGUAGES, t
from portfolio.exchange.files.reader import TEMPLATE_SHEET
from portfolio.exchange.sheets.columns import KINDS
from portfolio.exchange.sheets.findings import Place

SHEET = TEMPLATE_SHEET
MARK = "major-project-portfolio"
VERSION = 1


@dataclass(frozen=True)
class Template:
    """The hidden sheet's words; `sample` is the sample row as text, `sheet` the one that is filled in."""

    mark: str
    version: str
    kind: str
    lang: str
    sheet: str
    sample: tuple[str, ...]

    def lines(self) -> list[tuple[str, str]]:
        """The rows of the hidden sheet."""
        words = {name: str(value) for name, value in self.__dict__.items() if name != "sample"}
        return [*words.items(), ("sample", orjson.dumps(self.sample).decode())]


def of(lines: Iterable[tuple[str, str]] | None) -> Template | None:
    """What a workbook says of itself, by the lines of its hidden sheet; None when it has none."""
    if lines is None:
        return None
    told = dict(lines)
    return Template(**{name: told.get(name, "") for name in NAMES}, sample=_sample(told))


def _sample(told: Mapping[str, str]) -> tuple[str, ...]:
    try:
        cells = orjson.loads(told.get("sample", "[]"))
    except orjson.JSONDecodeError:
        return ()
    return tuple(map(str, cells)) if isinstance(cells, list) else ()


def fits(template: Template, kind: str | None, place: Place) -> bool:
    """Whether the template can be read as `kind` (None: as what it says); what speaks against it is reported."""
    if template.mark != MARK or template.kind not in KINDS:
        place.report("template_foreign", value=template.mark or template.kind)
    elif not template.version.isdigit() or int(template.version) > VERSION:
        place.report("template_newer", value=template.version, ours=str(VERSION))
    elif kind is not None and kind != template.kind:
        place.report("template_of_other_kind", value=template.kind, asked=kind)
    else:
        if int(template.version) < VERSION:
            place.warn("template_older", value=template.version, ours=str(VERSION))
        return True
    return False


def is_sample(text: str) -> bool:
    """Whether a cell begins as the samples of templates do."""
    return text.startswith(SAMPLES)


NAMES = ("mark", "version", "kind", "lang", "sheet")
SAMPLES = tuple(t("template-sample", lang) for lang in LANGUAGES)
