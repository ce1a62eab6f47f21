"""What is wrong with a file: where, which value, why, and what to do about it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from portfolio.core.i18n import t
from portfolio.core.stored_words import stored_remedy, stored_text

LISTED = 10_000
SHOWN_LENGTH = 80
# What says "this value is not a …": of an empty cell it is said that it may not be empty.
JUDGED = frozenset(
    ("bad_year", "bad_month", "bad_day", "bad_flag", "bad_key", "not_a_number", "unknown_code", "unknown_item")
) | {"unknown_project"}


@dataclass(frozen=True)
class Finding:
    """One finding; a `code` with a point is one of the product's errors.

    `row` is the line a spreadsheet shows (1 is the heading), None for the file as a whole.
    """

    code: str
    file: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)

    def reason(self, lang: str) -> str:
        """Why, in `lang`."""
        words = {"value": self.value or "", **self.params}
        return stored_text("error" if "." in self.code else "finding", self.code, lang, words)

    def remedy(self, lang: str) -> str:
        """What to do, in `lang`."""
        code = "fault" if "." in self.code else self.code
        return stored_remedy(code, lang, {"value": self.value or "", **self.params})

    def as_record(self, lang: str) -> dict[str, Any]:
        """The finding with its words, as `--json` and the API give it."""
        place = {"file": self.file, "sheet": self.sheet, "row": self.row, "column": self.column, "value": self.value}
        return {**place, "code": self.code, "reason": self.reason(lang), "remedy": self.remedy(lang)}


class Findings:
    """All findings of a run: the first `LISTED` are kept, all are counted; rows with a finding are counted once."""

    def __init__(self) -> None:
        self.kept: list[Finding] = []
        self.warnings: list[Finding] = []
        self.total = 0
        self.failed_rows = 0
        self._last_row: tuple[str, str | None, int] | None = None

    def add(self, finding: Finding) -> None:
        """Count a finding and keep it while there is room."""
        self.total += 1
        if len(self.kept) < LISTED:
            self.kept.append(finding)
        if finding.row is not None and finding.row > 1:
            key = (finding.file, finding.sheet, finding.row)
            self.failed_rows += key != self._last_row
            self._last_row = key

    def warn(self, finding: Finding) -> None:
        """Keep a warning while there is room; it stops nothing."""
        if len(self.warnings) < LISTED:
            self.warnings.append(finding)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.kept)

    def __bool__(self) -> bool:
        return self.total > 0


def counted(rows: int, findings: int, lang: str) -> str:
    """How much is wrong, in words: rows with a finding and all findings, those of the file as a whole among them."""
    if not findings:
        return t("import-problems-none", lang)
    key = "import-problems" if rows else "import-problems-file"
    return t(key, lang, rows=str(rows), findings=str(findings))


def shown(value: Any) -> str:
    """A cell's value as a finding shows it."""
    text = "" if value is None else str(value)
    return text if len(text) <= SHOWN_LENGTH else text[: SHOWN_LENGTH - 1] + "…"


@dataclass
class Place:
    """Where reading stands; findings are reported against it."""

    file: str
    findings: Findings
    sheet: str | None = None
    row: int | None = None

    def report(self, code: str, /, column: str | None = None, value: Any = None, **params: Any) -> None:
        """Add a finding at this place."""
        self.findings.add(self._finding(code, column, value, params))

    def warn(self, code: str, /, column: str | None = None, value: Any = None, **params: Any) -> None:
        """Add something to look at again, which stops nothing."""
        self.findings.warn(self._finding(code, column, value, params))

    def _finding(self, code: str, column: str | None, value: Any, params: Mapping[str, Any]) -> Finding:
        text = None if value is None else shown(value)
        if text == "" and code in JUDGED:
            code = "blank"
        return Finding(code, self.file, self.sheet, self.row, column, text, params)
