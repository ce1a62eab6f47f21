"""Workbooks and CSV files as nobody should send them, made from a good one by a seed: every seed gives the same file.

Each says how many rows it still holds, as far as that is known without reading it the way the product does: None where
what is left depends on the reader, who must then find something or agree with another reader.
"""

import io
import random
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

import xlsxwriter

SHEET, STYLES, BOOK = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"
TEXTS, LINKS = "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels"
ROWS = 6
HEADING = ("项目", "要素", "年份", "需求（万元/公顷）")
LEAVES = ("fund.tbd", "fund.own", "land.built", "land.farm", "fund.bond", "energy.tce")
Parts = dict[str, bytes]
Chance = random.Random


@dataclass(frozen=True)
class Hostile:
    """A file, what was done to it, and its rows (None: another reader has to say)."""

    name: str
    content: bytes
    how: str
    rows: int | None


def hostile(seed: int, code: str) -> Hostile:
    """The file of a seed: a table of needs of the project `code` with one to three mutations."""
    chance = random.Random(seed)
    return _csv(chance, code) if chance.random() < 0.3 else _workbook(chance, code)


def good_rows(code: str) -> list[tuple[str, str, int, float]]:
    """The rows the files are made from."""
    return [(code, "fund.tbd" if n % 2 else "fund.own", 2030 + n // 2, 100 + n) for n in range(ROWS)]


def good_workbook(code: str) -> bytes:
    """A workbook of the good rows, its texts shared."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page = book.add_worksheet("填报")
        for number, row in enumerate([HEADING, *good_rows(code)]):
            page.write_row(number, 0, row)
    return target.getvalue()


def parts_of(content: bytes) -> Parts:
    """The parts of a package."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts: Parts) -> bytes:
    """A package of parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return target.getvalue()


def _workbook(chance: Chance, code: str) -> Hostile:
    parts, told, rows = parts_of(good_workbook(code)), list[str](), list[int | None]()
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        name = chance.choice(list(IN_PARTS))
        told.append(name)
        change, left = IN_PARTS[name]
        parts = change(parts, chance)
        rows.append(left)
    content = packed(parts)
    if chance.random() < 0.15:
        told.append("broken container")
        content = _broken(content, chance)
        rows.append(None)
    known = ROWS if all(one is not None for one in rows) else None
    return Hostile("hostile.xlsx", content, " + ".join(told), known)


def _in_sheet(change: Callable[[str, Chance], str], part: str = SHEET) -> Callable[[Parts, Chance], Parts]:
    def changed(parts: Parts, chance: Chance) -> Parts:
        if part not in parts:
            return parts
        return {**parts, part: change(parts[part].decode("utf-8", "replace"), chance).encode("utf-8", "replace")}

    return changed


def _dimension(xml: str, chance: Chance) -> str:
    said = chance.choice(("A1", "A1:B2", "A1:XFD1048576", "Z9:A1", "?", ""))
    return re.sub(r"<dimension [^>]*/>", f'<dimension ref="{said}"/>' if said else "", xml)


def _prefixed(xml: str, _: Chance) -> str:
    xml = xml.replace(' xmlns="', ' xmlns:x="', 1)
    return re.sub(r"<(/?)([a-zA-Z])", r"<\1x:\2", xml).replace("<x:?xml", "<?xml")


def _last_row(xml: str, row: str) -> str:
    return xml.replace("</sheetData>", f"{row}</sheetData>", 1)


def _stray(xml: str, chance: Chance) -> str:
    at = chance.choice((("XFD", 1048576), ("ZZ", 500000), ("AA", 9), ("H", 1048576)))
    return _last_row(xml, f'<row r="{at[1]}"><c r="{at[0]}{at[1]}"><v>1</v></c></row>')


def _blank_rows(xml: str, chance: Chance) -> str:
    first = 20
    return _last_row(
        xml, "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(first, first + chance.randrange(3000)))
    )


def _odd_value(xml: str, chance: Chance) -> str:
    value = chance.choice(("NaN", "inf", "-inf", "1e999", "1e308", "abc", "", "0x12", "１２", "9" * 400, "\u202e1"))
    kind = chance.choice(("", ' t="n"', ' t="d"', ' t="b"', ' t="e"', ' t="str"', ' t="s"', ' t="zz"'))
    cells = list(re.finditer(r'<c r="D\d"[^>]*><v>[^<]*</v></c>', xml))
    if not cells:
        return xml
    found = chance.choice(cells)
    reference = re.search(r'r="(D\d)"', found.group(0))
    place = reference.group(1) if reference else "D2"
    return f'{xml[: found.start()]}<c r="{place}"{kind}><v>{value}</v></c>{xml[found.end() :]}'


def _odd_attribute(xml: str, chance: Chance) -> str:
    names = list(re.finditer(r' (r|s|t|spans|hidden|ht|min|max|width)="([^"]*)"', xml))
    if not names:
        return xml
    found = chance.choice(names)
    value = chance.choice(("", "-1", "0", "A0", "XFE1", "1048577", "99999999999999999999", "x" * 5000, "1.5", "é"))
    return f"{xml[: found.start(2)]}{value}{xml[found.end(2) :]}"


def _slice(xml: str, chance: Chance) -> str:
    start = chance.randrange(len(xml) + 1)
    end = min(len(xml), start + chance.randrange(1, 400))
    return chance.choice(
        (
            lambda: xml[:start] + xml[end:],
            lambda: xml[:end] + xml[start:],
            lambda: xml[: len(xml) // 2],
            lambda: xml[:start] + "".join(chr(chance.randrange(1, 0x3000)) for _ in range(20)) + xml[start:],
            lambda: "",
        )
    )()


def _entities(xml: str, _: Chance) -> str:
    bomb = '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    plain = re.sub(r"^<\?xml[^>]*\?>\s*", "", xml).replace("<v>", "<v>&j;", 1)
    return f'<?xml version="1.0"?>{bomb}]>{plain}'


def _merged(xml: str, chance: Chance) -> str:
    cells = chance.choice(("A2:A3", "B2:C2", "A1:XFD1048576", "D6:D7", "nonsense", "A0:A1"))
    return xml.replace("</sheetData>", f'</sheetData><mergeCells count="1"><mergeCell ref="{cells}"/></mergeCells>', 1)


def _hidden(xml: str, chance: Chance) -> str:
    if chance.random() < 0.5:
        return xml.replace('<row r="3"', '<row r="3" hidden="1"', 1)
    return xml.replace("<sheetData", '<cols><col min="3" max="16384" width="0" hidden="1"/></cols><sheetData', 1)


def _formula(xml: str, chance: Chance) -> str:
    formula = chance.choice(("<f>SUM(D2:D3)</f>", '<f t="array" ref="D2:D3">D2:D3*2</f>', '<f t="shared" si="0"/>'))
    return re.sub(r'(<c r="D3"[^>]*>)', lambda found: found.group(1) + formula, xml, count=1)


def _styles(parts: Parts, chance: Chance) -> Parts:
    styles = parts.get(STYLES, b"")
    odd = chance.choice(
        (
            styles.replace(b"</fills>", b"<fill/></fills>"),
            re.sub(rb"<cellXfs.*</cellXfs>", b"<cellXfs/>", styles, flags=re.S),
            styles.replace(b'numFmtId="0"', b'numFmtId="9"'),
            styles.replace(b'numFmtId="0"', b'numFmtId="-7"'),
            b"<styleSheet/>",
            b"not xml",
        )
    )
    return {**parts, STYLES: odd}


def _fewer(parts: Parts, chance: Chance) -> Parts:
    gone = chance.choice((SHEET, STYLES, BOOK, TEXTS, LINKS, "[Content_Types].xml", "_rels/.rels"))
    return {name: content for name, content in parts.items() if name != gone}


def _renamed(parts: Parts, chance: Chance) -> Parts:
    if chance.random() < 0.5:
        return {name.upper() if name.endswith("sheet1.xml") else name: content for name, content in parts.items()}
    return {name.replace("/", "\\"): content for name, content in parts.items()}


def _chart(parts: Parts, _: Chance) -> Parts:
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/chartsheet"
    link = b'<Relationship Id="rId99" Type="' + kind + b'" Target="chartsheets/sheet1.xml"/></Relationships>'
    sheet = b'<sheet name="chart" sheetId="99" r:id="rId99"/></sheets>'
    return {
        **parts,
        LINKS: parts.get(LINKS, b"").replace(b"</Relationships>", link),
        BOOK: parts.get(BOOK, b"").replace(b"</sheets>", sheet),
        "xl/chartsheets/sheet1.xml": b"<chartsheet/>",
    }


def _wide_letters(parts: Parts, chance: Chance) -> Parts:
    code = chance.choice(("utf-16", "gb18030"))
    text = parts.get(SHEET, b"").decode("utf-8", "replace")
    return {**parts, SHEET: text.replace('encoding="UTF-8"', f'encoding="{code}"').encode(code, "replace")}


def _bomb(parts: Parts, chance: Chance) -> Parts:
    cells = b"<c/>" * chance.choice((100_000, 3_000_000))
    sheet = parts.get(SHEET, b"")
    return {**parts, SHEET: sheet.replace(b"</sheetData>", b'<row r="999999">' + cells + b"</row></sheetData>")}


def _broken(content: bytes, chance: Chance) -> bytes:
    if chance.random() < 0.4:
        return content[: chance.randrange(len(content) + 1)]
    changed = bytearray(content)
    for _ in range(chance.randrange(1, 30)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


# By name: how the parts are changed, and whether all rows are still there for sure.
IN_PARTS: dict[str, tuple[Callable[[Parts, Chance], Parts], int | None]] = {
    "dimension": (_in_sheet(_dimension), ROWS),
    "prefix": (_in_sheet(_prefixed), ROWS),
    "stray cell": (_in_sheet(_stray), None),
    "blank rows": (_in_sheet(_blank_rows), ROWS),
    "odd value": (_in_sheet(_odd_value), None),
    "odd attribute": (_in_sheet(_odd_attribute), None),
    "slice of a sheet": (_in_sheet(_slice), None),
    "slice of the texts": (_in_sheet(_slice, TEXTS), None),
    "slice of the book": (_in_sheet(_slice, BOOK), None),
    "slice of the styles": (_in_sheet(_slice, STYLES), None),
    "entities": (_in_sheet(_entities), None),
    "merged": (_in_sheet(_merged), None),
    "hidden": (_in_sheet(_hidden), ROWS),
    "formula": (_in_sheet(_formula), None),
    "styles": (_styles, None),
    "a part less": (_fewer, None),
    "names": (_renamed, ROWS),
    "chart sheet": (_chart, ROWS),
    "letters": (_wide_letters, None),
    "many cells": (_bomb, None),
}


def good_csv(code: str) -> str:
    """The good rows as CSV."""
    return "\n".join(",".join(map(str, row)) for row in [HEADING, *good_rows(code)]) + "\n"


def _csv(chance: Chance, code: str) -> Hostile:
    text = good_csv(code)
    name = chance.choice(list(IN_CSV))
    change, rows = IN_CSV[name]
    content = change(text, chance)
    return Hostile("hostile.csv", content, name, rows)


def _bytes(text: str, chance: Chance) -> bytes:
    return _broken(text.encode(), chance)


def _inserted(text: str, chance: Chance) -> bytes:
    place = chance.randrange(len(text))
    what = chance.choice(('"', "\0", "\x1a", '""', ",,", "\u202e", "\ufeff", "\r", "=1+1", '"\n', "\ud800"))
    return (text[:place] + what + text[place:]).encode("utf-8", "surrogatepass")


def _lines(text: str, chance: Chance) -> bytes:
    lines = text.splitlines(keepends=True)
    rest = [line for line in lines[1:] for _ in range(1 + (chance.random() < 0.2) * 4)]
    return "".join([lines[0], *rest, *["\n"] * chance.randrange(40)]).encode()


IN_CSV: dict[str, tuple[Callable[[str, Chance], bytes], int | None]] = {
    "bytes": (_bytes, None),
    "inserted": (_inserted, None),
    "lines": (_lines, None),
    "gb18030": (lambda text, _: text.encode("gb18030"), ROWS),
    "byte order mark": (lambda text, _: text.encode("utf-8-sig"), ROWS),
    "utf-16": (lambda text, _: text.encode("utf-16"), None),
    "line ends": (lambda text, _: text.replace("\n", "\r\n").encode(), ROWS),
    "old line ends": (lambda text, _: text.replace("\n", "\r").encode(), ROWS),
    "tabs": (lambda text, _: text.replace(",", "\t").encode(), None),
    "huge field": (lambda text, chance: (text + "x" * chance.choice((140_000, 5_000_000))).encode(), None),
    "huge heading": (lambda text, chance: (",".join(["项目"] * 200_000) + "\n" + text).encode(), None),
    "wide row": (lambda text, _: (text + "," * 1_000_000 + "1\n").encode(), None),
    "nothing": (lambda text, _: b"", None),
}
