"""The parts of an XLSX package besides its sheets' cells: which sheets there are, shared texts, number formats.

All XML is parsed, prefixes and namespaces aside; a document type is refused, so no entity is ever expanded.
"""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.parsers import expat

from portfolio.exchange.files.cell_formats import Form, built_in, form_of

PIECE = 1 << 18
MOST_PARTS = 20_000
UNPACKED_LIMIT = 2 * 1024**3
WHOLE_LIMIT = 256 << 20  # parts other than sheets (texts, styles, drawings) are held in memory whole
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
Attributes = dict[str, str]


class DamagedError(Exception):
    """The file is no workbook, or one that is not whole."""


@dataclass(frozen=True)
class SheetPart:
    """A sheet as the workbook lists it; `path` is empty where the part is missing."""

    name: str
    visible: bool
    chart: bool
    path: str


class Package:
    """An XLSX file; every fault of its container or its XML is a `DamagedError`."""

    def __init__(self, path: Path) -> None:
        try:
            self._archive = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise DamagedError(str(error)) from error
        listed = self._archive.infolist()
        if len(listed) > MOST_PARTS:
            raise DamagedError("too many parts")
        self._names = {one.filename.replace("\\", "/").lstrip("/").casefold(): one for one in listed}

    @property
    def too_large(self) -> bool:
        """Whether it unpacks to more than is read; what a part says of its size is what is read of it at most."""
        sheets = sum(one.file_size for name, one in self._names.items() if name.startswith("xl/worksheets/"))
        whole = sum(one.file_size for one in self._names.values()) - sheets
        return whole > WHOLE_LIMIT or sheets + whole > UNPACKED_LIMIT

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return name.casefold() in self._names

    def pieces(self, name: str) -> Iterator[bytes]:
        """A part's bytes, piece by piece."""
        found = self._names.get(name.casefold())
        if found is None:
            raise DamagedError(f"no part {name}")
        try:
            with self._archive.open(found) as file:
                while piece := file.read(PIECE):
                    yield piece
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError) as error:
            # RuntimeError is a part behind a password; NotImplementedError, one of them, a packing that is not known.
            raise DamagedError(str(error)) from error

    def parse(self, name: str, parser: Any) -> Iterator[None]:
        """Hand a part to `parser`, pausing after each piece."""
        try:
            for piece in self.pieces(name):
                parser.Parse(piece, False)
                yield
            parser.Parse(b"", True)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise DamagedError(str(error)) from error
        yield

    def each(self, name: str, start: Callable[[str, Attributes], None]) -> None:
        """Call `start` for every element of a part, its name and attributes without prefixes."""
        parser = make_parser()
        parser.StartElementHandler = lambda tag, given: start(local(tag), {local(key): given[key] for key in given})
        for _ in self.parse(name, parser):
            pass


def make_parser() -> Any:
    """A parser that gives texts whole and refuses a document type."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    return parser


def _refuse(*_: Any) -> None:
    raise DamagedError("a document type")


def local(name: str) -> str:
    """An XML name without its prefix."""
    return name.rpartition(":")[2]


@dataclass(frozen=True)
class Book:
    """A workbook's list of sheets and what its cells' values are read with."""

    sheets: list[SheetPart]
    texts: list[str]
    forms: list[Form]
    since_1904: bool


def open_book(package: Package) -> Book:
    """The workbook of a package."""
    root = _target(package, "_rels/.rels", "/officedocument") or "xl/workbook.xml"
    folder = posixpath.dirname(root)
    links = _links(package, f"{folder}/_rels/{posixpath.basename(root)}.rels".lstrip("/"), folder)
    sheets, since_1904 = _listed(package, root, links)
    by_kind = {kind.rpartition("/")[2].casefold(): path for kind, path in links.values()}
    texts = _texts(package, by_kind["sharedstrings"]) if package.has(by_kind.get("sharedstrings", "")) else []
    forms = _forms(package, by_kind["styles"]) if package.has(by_kind.get("styles", "")) else []
    return Book(sheets, texts, forms, since_1904)


def _links(package: Package, name: str, folder: str) -> dict[str, tuple[str, str]]:
    """A part's relations by their id: kind and path."""
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, given: Attributes) -> None:
        if tag == "Relationship" and given.get("TargetMode") != "External":
            target = given.get("Target", "").replace("\\", "/")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[given.get("Id", "")] = (given.get("Type", ""), path)

    if package.has(name):
        package.each(name, start)
    return found


def _target(package: Package, name: str, kind: str) -> str | None:
    links = _links(package, name, "")
    return next((path for each, path in links.values() if each.casefold().endswith(kind)), None)


def _listed(package: Package, root: str, links: dict[str, tuple[str, str]]) -> tuple[list[SheetPart], bool]:
    sheets: list[SheetPart] = []
    dates: list[bool] = []

    def start(tag: str, given: Attributes) -> None:
        if tag == "sheet":
            kind, path = links.get(given.get("id", ""), ("", ""))
            chart = kind.casefold().endswith(("/chartsheet", "/dialogsheet"))
            visible = given.get("state", "visible") == "visible"
            sheets.append(SheetPart(given.get("name", ""), visible, chart, path if package.has(path) else ""))
        elif tag == "workbookPr":
            dates.append(given.get("date1904") in ("1", "true"))

    package.each(root, start)
    if not sheets:
        raise DamagedError("no sheets")
    return sheets, any(dates)


def _texts(package: Package, name: str) -> list[str]:
    """The shared texts, without their reading aids."""
    texts: list[str] = []
    pieces: list[str] = []
    within = {"t": 0, "rPh": 0}

    def start(tag: str, _: Attributes) -> None:
        tag = local(tag)
        if tag == "si":
            pieces.clear()
        elif tag in within:
            within[tag] += 1

    def end(tag: str) -> None:
        tag = local(tag)
        if tag == "si":
            texts.append(plain_text(pieces))
        elif tag in within:
            within[tag] -= 1

    def said(text: str) -> None:
        if within["t"] and not within["rPh"]:
            pieces.append(text)

    parser = make_parser()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, said
    for _ in package.parse(name, parser):
        pass
    return texts


def plain_text(pieces: list[str]) -> str:
    """A cell's text from its pieces, with the characters that are written as `_x000D_`, and without outer blanks."""
    text = "".join(pieces)
    if "_x" in text:
        text = _ESCAPED.sub(_unescaped, text)
    return text.strip()


def _unescaped(found: re.Match[str]) -> str:
    number = int(found.group(1), 16)
    return "\ufffd" if 0xD800 <= number <= 0xDFFF else chr(number)


def _forms(package: Package, name: str) -> list[Form]:
    """The form of every cell format, in their order."""
    own: dict[int, Form] = {}
    forms: list[Form] = []
    open_parts: list[str] = []

    def start(tag: str, given: Attributes) -> None:
        tag = local(tag)
        if tag == "numFmt":
            number = next((value for key, value in given.items() if local(key) == "numFmtId"), "")
            code = next((value for key, value in given.items() if local(key) == "formatCode"), "")
            if number.isdecimal():
                own[int(number)] = form_of(code)
        elif tag == "xf" and "cellXfs" in open_parts:
            text = next((value for key, value in given.items() if local(key) == "numFmtId"), "0")
            number_of = int(text) if text.isdecimal() else 0
            forms.append(own[number_of] if number_of in own else built_in(number_of))
        open_parts.append(tag)

    parser = make_parser()
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: open_parts.pop()
    for _ in package.parse(name, parser):
        pass
    return forms
