"""What a CSV file is written in: its encoding and the sign between its cells, told from its bytes alone."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

SEPARATORS = (",", "\t", ";")
_SAMPLE = 1 << 20
_JUDGED = 4 << 20
_BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
# The share of two-byte characters outside those that simplified Chinese is written with. Simplified text has hardly
# any, whatever names are in it; Big5 read as GB18030 has half of them, since its commonest characters lie there.
FEW, MANY, ENOUGH = 0.1, 0.3, 5


class DialectError(Exception):
    """The file's encoding cannot be read, or not be told; `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Dialect:
    """How to open a CSV file: a Python encoding, and the separator."""

    encoding: str
    separator: str = ","


def dialect_of(path: Path) -> Dialect:
    """How to open the file: UTF-8, UTF-16 with a mark at its start, or GB18030; comma, tab or semicolon.

    Big5 decodes as GB18030 without a fault and gives other words, so its bytes are judged before they are believed.
    Raises `DialectError`: `bad_encoding`, `looks_big5`, or `doubtful_encoding` where it may be either.
    """
    encoding = _encoding(path)
    return Dialect(encoding, _separator(path, encoding))


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(2)
    if start in _BOMS and _decodes(path, _BOMS[start]) and _is_table(path, _BOMS[start]):
        return _BOMS[start]
    if _decodes(path, "utf-8-sig"):
        return "utf-8-sig"
    if not _decodes(path, "gb18030"):
        raise DialectError("looks_big5" if _decodes(path, "cp950") else "bad_encoding")
    usual, unusual = _characters(path)
    share = unusual / max(1, usual + unusual)
    if share >= FEW and _decodes(path, "cp950"):
        raise DialectError("looks_big5" if share >= MANY and unusual >= ENOUGH else "doubtful_encoding")
    return "gb18030"


def _decodes(path: Path, encoding: str) -> bool:
    with path.open(encoding=encoding, newline="") as file:
        try:
            while file.read(_SAMPLE):
                pass
        except UnicodeError:
            return False
    return True


def _is_table(path: Path, encoding: str) -> bool:
    """Whether it reads as more than one cell: most pairs of bytes are some character of UTF-16."""
    with path.open(encoding=encoding, newline="") as file:
        return not {*SEPARATORS, "\n"}.isdisjoint(file.read(_SAMPLE))


def _characters(path: Path) -> tuple[int, int]:
    """How many two-byte characters are hanzi and marks of GB2312, and how many others; four-byte ones are neither."""
    with path.open("rb") as file:
        data = file.read(_JUDGED)
    usual, unusual, at = 0, 0, 0
    while at < len(data) - 1:
        lead, trail = data[at], data[at + 1]
        if lead < 0x81:
            at += 1
        elif 0x30 <= trail <= 0x39:
            at += 4
        else:
            plain = trail >= 0xA1 and (0xA1 <= lead <= 0xA3 or 0xB0 <= lead <= 0xF7)
            usual, unusual, at = usual + plain, unusual + (not plain), at + 2
    return usual, unusual


def _separator(path: Path, encoding: str) -> str:
    """What splits the heading into most cells; the comma where nothing does."""
    with path.open(encoding=encoding, newline="") as file:
        line = file.readline(_SAMPLE)
    try:
        counts = {sign: len(next(csv.reader(io.StringIO(line), delimiter=sign), [])) for sign in SEPARATORS}
    except csv.Error:  # whoever reads the rows will say so
        return ","
    return max(SEPARATORS, key=lambda sign: (counts[sign], sign == ","))
