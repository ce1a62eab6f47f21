"""Rows of a table that are no records: totals, groups, units, notes, signatures, counts; told by the row as a whole.

A name alone is never enough where it could be a project's (一带一路展览馆, 注江水库, 一、二期码头): what makes such a
row a record is that it says something else of it, a code above all.
"""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from portfolio.core.number_reading import narrow
from portfolio.core.plain_text import clean, says_nothing
from portfolio.projects.rules.works import MONTHS
from portfolio.vocabulary.codes import read_list

TOTALS, GROUP, UNIT, FOOT = "totals_row", "group_row", "unit_row", "foot_row"
LIKE = "like_no_record"
MUCH = 2  # so many answers of its own make a record even of a name that ends in 合计
# Columns whose answer makes a row a record, whatever its name looks like.
OWN = frozenset(
    ("national_code", "kind", "nature", "approval_type", "stage", "owner", "lead_unit", "units", "task_ids", "person")
) | {*MONTHS, "lon", "lat", "capacity_zh", "section", "category", "content", "name_en"}
IDENTITY = frozenset(("code", "national_code"))
_NUMERAL = "一二三四五六七八九十百"
_COUNT = r"(?:共计?|计|合计)?\s*\d+\s*(?:个|项|宗|条|处|家)(?:项目)?"
_IN_BRACKETS = rf"(?:\((?:{_COUNT}|[^()]{{0,12}})\))"
_SUM = r"(?:合计|总计|小计|共计|累计|总合计|汇总|总和)(?:数|额|项目|金额)?"
_TOTAL = re.compile(rf"{_SUM}{_IN_BRACKETS}?:?(?:{_COUNT})?|(?:sub|grand)?-?totals?{_IN_BRACKETS}?:?|sum:?", re.ASCII)
_TOTAL_OF = re.compile(
    rf"(?:[{_NUMERAL}]+、|\([{_NUMERAL}\d]+\))?[^,。;]{{1,20}}?(?:合计|总计|小计|共计|汇总)(?:数|额)?{_IN_BRACKETS}?:?"
    rf"|.{{1,40}}?(?:sub|grand)?-?total{_IN_BRACKETS}?:?",
    re.ASCII,
)
_NUMBERED = re.compile(
    rf"(?:[{_NUMERAL}]+[、.,:]|\([{_NUMERAL}]+\)|第[{_NUMERAL}]+(?:部分|类|大类)|[ⅰⅱⅲⅳⅴⅵⅶⅷⅸⅹ]+[、.]).*"
)
_NUMERAL_ALONE = re.compile(rf"[{_NUMERAL}]+、?|\([{_NUMERAL}]+\)")
_COUNTED = re.compile(rf".{{1,30}}\({_COUNT}\)", re.ASCII)
_CATEGORY = re.compile(r"(?:续建|新开工|新建|计划新开工|竣工投产|投产|竣工|预备|前期|储备|收尾|在建)(?:类)?项目")
_UNITS = re.compile(r"\(?(?:金额|面积|计量|货币|数量|资金)?单位:.*|(?:in|units?):.*")
_WHO = "填表|填报|制表|编制|审核|复核|审批|审定|签发|报送|上报|经办|负责|主管|分管|联系|校对|统计|单位负责"
_SIGNED = re.compile(
    rf"(?:{_WHO})(?:人员?|单位|部门|机构|机关|日期|时间|电话|领导|责任人)(?:\([^()]*\))?(?::.*)?"
    r"|填表|制表|审核|复核|编制|校对|经办|(?:日期|时间|电话|联系方式|签字|签名|盖章|公章):.*|\((?:盖章|公章|签字)\)"
    r"|(?:filledin|prepared|checked|approved|reviewed)by:?.*|(?:date|contact|signature):.*"
)
_NOTE = re.compile(
    r"(?:注|备注|附注|说明|填表说明|填报说明|注释|注意|注明|notes?|remarks?)[\d一二三四五六七八九十]*[:.、].*|备注|注|notes?:?"
)
_NOTE_NEXT = re.compile(r"(?:\d{1,2}|\([\d一二三四五六七八九十]+\)|[①-⑳])[.、)]?\D.*")
_TALLY = re.compile(r"(?:以上|本表)?(?:共计?|合计|总计)\s*\d+\s*(?:个|项|宗|条|处|家|万元|亿元)(?:项目)?.*", re.ASCII)
_CODE = re.compile(r"(?=.*\d)[a-z0-9][a-z0-9-]{2,40}", re.ASCII)
_FIGURE = re.compile(rf"[-+¥]?[\d,. ]+%?|=.*|#.*|{_COUNT}", re.ASCII)


class FootRows:
    """Tells which rows of one table are no records; a numbered line under a note goes on with it."""

    def __init__(self, names: Sequence[str | None]) -> None:
        self.names = names
        self._identity = [place for place, name in enumerate(names) if name in IDENTITY]
        self._after_note = False

    def kind(self, cells: Sequence[str]) -> str | None:
        """What the row is if it is no record: its code among the findings; None for a record.

        A record that is named as if it were none is `LIKE`: it says too much to be refused, and is to be looked at.
        """
        first = next((bare for cell in cells if (bare := _bare(cell))), "")
        unlike = _shape(first) is None and not _NUMERAL_ALONE.fullmatch(first) and not self._after_note
        if unlike or any(_CODE.fullmatch(_bare(cells[place])) for place in self._identity):
            self._after_note = False
            return None
        found = _kind(self._filled(cells), self._after_note)
        self._after_note = found == FOOT and (self._after_note or _NOTE.fullmatch(first) is not None)
        return found

    def _filled(self, cells: Sequence[str]) -> list[tuple[str | None, str]]:
        return [(name, bare) for name, cell in zip(self.names, cells, strict=False) if (bare := _bare(cell))]


def _kind(filled: Sequence[tuple[str | None, str]], after_note: bool) -> str | None:
    first, rest = filled[0][1], [bare for _, bare in filled[1:]]
    if _NUMERAL_ALONE.fullmatch(first) and rest and not _FIGURE.fullmatch(rest[0]):
        first, rest, filled = f"{first}、{rest[0]}", rest[1:], filled[1:]
    owned = sum(name in OWN for name, _ in filled[1:])
    shape = _shape(first)
    if _TOTAL.fullmatch(first) or (shape == TOTALS and owned < MUCH):
        return TOTALS
    if after_note and _NOTE_NEXT.fullmatch(first) and not rest:
        return FOOT
    bare = all(_FIGURE.fullmatch(text) or _is_foot(text) for text in rest)
    if shape is None or (bare and (shape == FOOT or not owned)):
        return shape
    return LIKE if any(name == "name_zh" for name, _ in filled) else None


@lru_cache(4096)
def _shape(first: str) -> str | None:
    """What the first cell alone looks like."""
    if _TOTAL.fullmatch(first) or _TOTAL_OF.fullmatch(first):
        return TOTALS
    if _UNITS.fullmatch(first):
        return UNIT
    return FOOT if _is_foot(first) else GROUP if _is_group(first) else None


def _is_foot(bare: str) -> bool:
    return any(shape.fullmatch(bare) for shape in (_NOTE, _SIGNED, _TALLY, _UNITS))


def _is_group(bare: str) -> bool:
    return bare in _places() or any(shape.fullmatch(bare) for shape in (_NUMBERED, _COUNTED, _CATEGORY))


@lru_cache(4096)
def _bare(cell: str) -> str:
    """A cell as it is judged: half width, small letters, no blanks."""
    if not cell or says_nothing(cell):
        return ""
    return "".join(narrow(clean(cell)).split()).casefold()


@lru_cache
def _places() -> Collection[str]:
    """Names that head a group of rows when they stand alone: the regions', with 本级 and what belongs to none."""
    names = {row["name_zh"] for row in read_list("regions")}
    return names | {f"{name}本级" for name in names} | {"自治区本级", "市本级", "区直", "跨市", "跨区域"}
