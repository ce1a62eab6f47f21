"""What is wrong with a file: where, which value, why, and what to do about it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from portfolio.core.i18n import has_text, t
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

    `row` is the line a spreadsheet shows (1 is the heading), None for the file as a whole. `column` is the machine
    name, `heading` what the file calls it, at `place` from the left; `kind` is that of the table; `record` is what the
    row calls its record: a project by name and code.
    """

    code: str
    file: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    heading: str = ""
    kind: str = ""
    place: int = -1
    record: str = ""

    def head(self, lang: str) -> str | None:
        """The column as the file's heading has it, else as people call it in `lang`; None when it is about none."""
        return self.heading or (self.column and _label(self.kind, self.column, lang))

    def reason(self, lang: str) -> str:
        """Why, in `lang`."""
        kept = {"value": self.value or "", **self.params}
        return stored_text("error" if "." in self.code else "finding", self.code, lang, self._words(lang), kept)

    def remedy(self, lang: str) -> str:
        """What to do, in `lang`."""
        code = "fault" if "." in self.code else self.code
        return stored_remedy(code, lang, self._words(lang))

    def _words(self, lang: str) -> dict[str, Any]:
        # What findings kept from earlier versions do not say is `none`, which their texts know.
        heading = (self.head(lang) if self.heading or self.kind else self.value) or ""
        words = {"plain": "none", "decimals": "none", "value": self.value or "", "heading": heading, **self.params}
        if self.kind and "known" in words:
            mark = "、" if lang == "zh" else ", "
            words["known"] = mark.join(_label(self.kind, name, lang) for name in str(words["known"]).split(", "))
        return words

    def as_record(self, lang: str) -> dict[str, Any]:
        """The finding with its words, as `--json` and the API give it; `field` is the machine name of `column`."""
        place = {
            "file": self.file,
            "sheet": self.sheet,
            "row": self.row,
            "record": self.record or None,
            "column": self.head(lang),
            "value": self.value,
        }
        told = {"code": self.code, "reason": self.reason(lang), "remedy": self.remedy(lang)}
        return {**place, "field": self.column, **told}


def _label(kind: str, column: str, lang: str) -> str:
    key = f"column-{kind}-{column}"
    return t(key, lang) if has_text(key, lang) else column


class Findings:
    """All findings of a run: the first `LISTED` are kept, all are counted; rows with a finding are counted once.

    They are given in the order of the files, their sheets, the rows and the columns.
    """

    def __init__(self) -> None:
        self._kept: list[Finding] = []
        self._warned: list[Finding] = []
        self.total = 0
        self.failed_rows = 0
        self._last_row: tuple[str, str | None, int] | None = None
        self._cells: set[tuple[object, ...]] = set()

    def add(self, finding: Finding) -> None:
        """Count a finding and keep it while there is room; what is wrong with a cell is told once.

        A row of an office's table gives several of ours, each of which finds the same project unknown.
        """
        words = tuple(sorted((name, str(value)) for name, value in finding.params.items()))
        cell = (finding.code, finding.file, finding.sheet, finding.row, finding.column, finding.value, words)
        if finding.row is not None and cell in self._cells:
            return
        if len(self._cells) < LISTED:
            self._cells.add(cell)
        self.total += 1
        if len(self._kept) < LISTED:
            self._kept.append(finding)
        if finding.row is not None and finding.row > 1:
            key = (finding.file, finding.sheet, finding.row)
            self.failed_rows += key != self._last_row
            self._last_row = key

    def warn(self, finding: Finding) -> None:
        """Keep a warning while there is room; it stops nothing."""
        if len(self._warned) < LISTED:
            self._warned.append(finding)

    @property
    def kept(self) -> list[Finding]:
        """The findings that are kept, in order."""
        return _ordered(self._kept)

    @property
    def warnings(self) -> list[Finding]:
        """The warnings that are kept, in order."""
        return _ordered(self._warned)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.kept)

    def __bool__(self) -> bool:
        return self.total > 0


def _ordered(found: Sequence[Finding]) -> list[Finding]:
    """By file and sheet as they were come upon, then by row and column; what is about the whole comes first."""
    files = {file: at for at, file in enumerate(dict.fromkeys(one.file for one in found))}
    sheets = {key: at for at, key in enumerate(dict.fromkeys((one.file, one.sheet) for one in found))}

    def at(one: Finding) -> tuple[int, int, int, int]:
        return files[one.file], -1 if one.sheet is None else sheets[one.file, one.sheet], one.row or 0, one.place

    return sorted(found, key=at)


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
    kind: str = ""
    headings: dict[str, tuple[str, int]] = field(default_factory=dict)
    _settled: set[tuple[int | None, str | None]] = field(default_factory=set)
    _before: int = 0
    _record: tuple[int | None, str] = (None, "")

    def head(self, kind: str, headings: Mapping[str, tuple[str, int]]) -> None:
        """A table of `kind` begins; `headings` says what it calls each column, and at which place."""
        self.kind, self.headings = kind, dict(headings)
        self.begin(1)

    def begin(self, row: int) -> None:
        """The row `row` is read."""
        self.row, self._before = row, self.findings.total
        if self._settled:
            self._settled.clear()

    def called(self, record: str) -> None:
        """What the row that is read calls its record."""
        self._record = (self.row, record)

    def at(self, row: int) -> "Place":
        """The same place at another row, to report there later."""
        return replace(self, row=row, _settled=set(), _before=self.findings.total)

    @property
    def harmed(self) -> bool:
        """Whether there is a finding since the row was begun."""
        return self.findings.total != self._before

    def report(self, code: str, /, column: str | None = None, value: Any = None, **params: Any) -> None:
        """Add a finding at this place, unless the cell's was settled."""
        if not self._settled or (self.row, column) not in self._settled:
            self.findings.add(self._finding(code, column, value, params))

    def settle(self, code: str, /, column: str | None = None, value: Any = None, **params: Any) -> None:
        """Add the finding that says all of this cell: what others say of it later is not told."""
        self.report(code, column, value, **params)
        self._settled.add((self.row, column))

    def warn(self, code: str, /, column: str | None = None, value: Any = None, **params: Any) -> None:
        """Add something to look at again, which stops nothing."""
        self.findings.warn(self._finding(code, column, value, params))

    def _finding(self, code: str, column: str | None, value: Any, params: Mapping[str, Any]) -> Finding:
        text = None if value is None else shown(value)
        if text == "" and code in JUDGED:
            code = "blank"
        heading, at = self.headings.get(column or "", ("", -1))
        row, record = self._record
        told = (code, self.file, self.sheet, self.row, column, text, params, heading, self.kind, at)
        return Finding(*told, record if row == self.row else "")
