"""The rows of a problem's tables, and how they become a problem."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from portfolio.allocation.model.policies import Policy
from portfolio.allocation.model.problem import (
    EXCLUDE,
    REQUIRE,
    RUNGS,
    TOGETHER,
    Group,
    Need,
    Pool,
    Problem,
    Project,
    Share,
    Stability,
    Terms,
    make_problem,
)
from portfolio.core.i18n import LANGUAGES, t
from portfolio.core.units import UNITS
from portfolio.exchange.sheets import values
from portfolio.exchange.sheets.columns import Heading
from portfolio.exchange.sheets.findings import Findings, Place
from portfolio.ledger.rules import LEVELS
from portfolio.needs.rules.items import FIRST_YEAR, LAST_YEAR
from portfolio.vocabulary.codes import WHOLE_REGION, read_list
from portfolio.vocabulary.loader import shipped_tree
from portfolio.vocabulary.tree import ElementTree, Node

Cells = Mapping[str, str]
RUNG_WORDS = {"new": "ready", "new_start": "ready", "completing": "finishing"}


@dataclass(frozen=True)
class ProjectRow:
    """A project as its row has it; `names` are all that other tables may call it by."""

    code: str
    names: tuple[str, ...]
    regions: frozenset[str]
    rung: str
    must: bool | None
    exclude: tuple[str, ...]
    together: tuple[str, ...]
    requires: tuple[str, ...]
    phases: tuple[float, ...]
    least: int
    max_delay: int | None
    approved: int | None
    line: int


@dataclass(frozen=True)
class NeedRow:
    """A need; `project` as written."""

    project: str
    item: str
    year: int
    quantity: int
    phase: int
    line: int


@dataclass(frozen=True)
class CriterionRow:
    """One criterion of a project, which is as written."""

    project: str
    criterion: str
    value: float
    line: int


@lru_cache
def tree() -> ElementTree:
    """The element tree as it ships."""
    return shipped_tree()


@lru_cache
def _regions() -> tuple[dict[str, str], dict[str, str]]:
    """Spelling → code, and code → parent."""
    rows = read_list("regions")
    spelled = {row[name].casefold(): row["code"] for row in rows for name in ("name_en", "name_zh", "code")}
    return spelled, {row["code"]: row["parent"] for row in rows}


def region_named(text: str) -> str | None:
    """The code of a region meant by a code or a name."""
    return _regions()[0].get(text.strip().casefold())


def closed_upward(codes: Sequence[str]) -> frozenset[str]:
    """The codes with all regions they lie in."""
    found, parents = set[str](), _regions()[1]
    for code in codes:
        here: str | None = code
        while here:
            found.add(here)
            here = parents.get(here)
    return frozenset(found)


def rung_named(text: str) -> str | None:
    """A rung by its code, its name in either language or another word for it; a number is a rung of its own."""
    plain = text.strip().casefold()
    if re.fullmatch(r"\d{1,3}", plain):
        return str(int(plain))
    for rung in RUNGS:
        if plain in {rung, *(t(f"allocation-rung-{rung}", lang).casefold() for lang in LANGUAGES)}:
            return rung
    return RUNG_WORDS.get(plain)


def level_named(text: str) -> str | None:
    """A level by its code or name."""
    plain = text.strip().casefold()
    for level in LEVELS:
        if plain in {level, *(t(f"level-{level}", lang).casefold() for lang in LANGUAGES)}:
            return level
    return None


class Reader:
    """Reads the rows of one table; what is wrong is reported at its place."""

    def __init__(self, heading: Heading, place: Place) -> None:
        self.heading, self.place = heading, place

    def project(self, cells: Cells) -> ProjectRow:
        """A row of `projects`."""
        names = tuple(cells.get(name, "").strip() for name in ("code", "national_code", "name_zh"))
        code = next(filter(None, names), "")
        if not code:
            self.place.report("blank", "code")
        regions = values.listed(cells.get("region_codes", ""), region_named, "region_codes", self.place)
        rung = values.coded(cells.get("rung", ""), rung_named, "rung", self.place) or ""
        must = values.flag(cells.get("must", ""), "must", self.place)
        exclude, together, requires = (
            _split(cells.get(name, "")) for name in ("exclude_group", "together_group", "requires")
        )
        phases = tuple(float(number or 0) for number in self._numbers(cells, "phases"))
        least = self._whole(cells, "least_phases", 1)
        return ProjectRow(
            code=code,
            names=tuple(name for name in names if name),
            regions=closed_upward(regions),
            rung=rung,
            must=must,
            exclude=exclude,
            together=together,
            requires=requires,
            phases=phases,
            least=least,
            max_delay=self._years(cells, "max_delay"),
            approved=self._years(cells, "approved"),
            line=self._line(),
        )

    def need(self, cells: Cells) -> NeedRow:
        """A row of `needs`."""
        node = self._node(cells)
        quantity = self._quantity(cells, "required", node)
        year, phase = self._year(cells), self._whole(cells, "phase", 1)
        project = cells.get("project", "").strip()
        return NeedRow(project, node.code if node else "", year, quantity, phase, self._line())

    def pool(self, cells: Cells) -> Pool:
        """A row of `pools`; a blank region is the whole region, a blank level binds every level."""
        code = values.text(cells.get("pool", ""), "pool", self.place)
        if not code:
            self.place.report("blank", "pool")
        node = self._node(cells)
        limit, year = self._quantity(cells, "quantity", node), self._year(cells)
        region = values.coded(cells.get("region_code", ""), region_named, "region_code", self.place) or WHOLE_REGION
        level = values.coded(cells.get("level", ""), level_named, "level", self.place) or ""
        carries = bool(values.flag(cells.get("carries", ""), "carries", self.place))
        return Pool(code, node.code if node else "", year, limit, region, level, carries)

    def criterion(self, cells: Cells) -> CriterionRow:
        """A row of `criteria`."""
        criterion = values.text(cells.get("criterion", ""), "criterion", self.place)
        if not criterion:
            self.place.report("blank", "criterion")
        number = values.number(cells.get("value", ""), "value", self.place)
        if number is None and not cells.get("value", "").strip():
            self.place.report("blank", "value")
        elif number is not None and number < 0:
            self.place.report("negative", "value", cells["value"])
        return CriterionRow(cells.get("project", "").strip(), criterion.casefold(), float(number or 0), self._line())

    def share(self, cells: Cells) -> Share:
        """A row of `shares`."""
        region = values.coded(cells.get("region_code", ""), region_named, "region_code", self.place)
        if region is None and not cells.get("region_code", "").strip():
            self.place.report("blank", "region_code")
        node = self._node(cells)
        return Share(region or "", node.code if node else "", self._whole(cells, "percent", 0))

    def _line(self) -> int:
        return self.place.row or 0

    def _node(self, cells: Cells) -> Node | None:
        text = cells.get("item", "").strip()
        node = tree().resolve(text)
        if node is None:
            self.place.report("unknown_item" if text else "blank", "item", text)
        return node

    def _year(self, cells: Cells) -> int:
        text = cells.get("year", "").strip()
        if not re.fullmatch(r"\d{4}", text) or not FIRST_YEAR <= int(text) <= LAST_YEAR:
            plain = re.sub(r"\D", "", text)[:4]
            self.place.report("bad_year", "year", text, plain=plain, first=str(FIRST_YEAR), last=str(LAST_YEAR))
            return FIRST_YEAR
        return int(text)

    def _quantity(self, cells: Cells, column: str, node: Node | None) -> int:
        text = cells.get(column, "")
        if not text.strip():
            self.place.report("blank", column)
        if node is None:
            return 0
        unit = self.heading.units.get(column, "wan_yuan" if node.dimension == "money" else "ha")
        if UNITS[unit].dimension != node.dimension:
            self.place.report("unit_of_other_dimension", column, self.place.headings[column][0])
            return 0
        return values.quantity(text, unit, column, self.place) or 0

    def _whole(self, cells: Cells, column: str, blank: int) -> int:
        number = values.number(cells.get(column, ""), column, self.place)
        if number is None:
            return blank
        if number != int(number):
            self.place.report("not_a_number", column, cells[column])
        return int(number)

    def _years(self, cells: Cells, column: str) -> int | None:
        """A number of years, None when blank."""
        if not cells.get(column, "").strip():
            return None
        years = self._whole(cells, column, 0)
        if years < 0:
            self.place.report("negative", column, cells[column])
        return max(years, 0)

    def _numbers(self, cells: Cells, column: str) -> list[float | None]:
        found = [values.number(part, column, self.place) for part in _split(cells.get(column, ""))]
        return [None if number is None else float(number) for number in found]


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split(r"[;；、]", cell) if part.strip())


class Names:
    """What tables may call a project by: a code, a national code, or a name that only one project bears."""

    def __init__(self, projects: Sequence[ProjectRow]) -> None:
        self._code_of: dict[str, str] = {}
        spelled = Counter(name for row in projects for name in set(row.names))
        for row in projects:
            for name in row.names:
                if spelled[name] == 1 or name == row.code:
                    self._code_of[name] = row.code
        self._spelled = spelled

    def code(self, name: str, place: Place, column: str) -> str | None:
        """The code meant, None when it was reported."""
        code = self._code_of.get(name)
        if code is None:
            fault = "doubtful_project" if self._spelled[name] > 1 else "unknown_project"
            place.report(fault if name else "blank", column, name)
        return code


@dataclass
class Loaded:
    """The rows of a folder's tables."""

    projects: list[ProjectRow] = field(default_factory=list)
    needs: list[NeedRow] = field(default_factory=list)
    pools: list[Pool] = field(default_factory=list)
    criteria: list[CriterionRow] = field(default_factory=list)
    shares: list[Share] = field(default_factory=list)


def assemble(loaded: Loaded, policy: Policy, terms: Terms, findings: Findings, change_cost: float = 0.0) -> Problem:
    """The problem of the rows; unknown projects and missing values are reported. `change_cost` is what each project
    decided otherwise than its row says was approved costs in points."""
    names = Names(loaded.projects)
    place = Place("projects.csv", findings)
    projects = _projects(loaded, names, policy, place)
    groups = _groups(loaded.projects, names, place)
    needs = _needs(loaded.needs, names, Place("needs.csv", findings))
    ladder = replace(terms, rungs=_ladder(loaded.projects))
    shares = tuple(loaded.shares)
    approved = {row.code: row.approved for row in loaded.projects if row.approved is not None}
    held = Stability(approved, change_cost) if change_cost else None
    rest = {"groups": groups, "shares": shares, "terms": ladder, "stability": held}
    return make_problem(projects, needs, loaded.pools, **rest)


def _projects(loaded: Loaded, names: Names, policy: Policy, place: Place) -> list[Project]:
    criteria = _criteria_by_project(loaded.criteria, names, Place("criteria.csv", place.findings))
    made = []
    for row in loaded.projects:
        place.row = row.line
        value = policy.value(criteria.get(row.code, {}))
        if math.isnan(value):
            place.report("allocation_no_value", "code", row.code, policy=policy.code)
        plain = (row.code, value, row.rung, row.regions, row.must, row.phases, row.least)
        made.append(Project(*plain, max_delay=row.max_delay))
    return made


def _needs(rows: Sequence[NeedRow], names: Names, place: Place) -> list[Need]:
    asked = []
    for need in rows:
        place.row = need.line
        code = names.code(need.project, place, "project")
        if code is not None:
            asked.append(Need(code, need.item, need.year, need.quantity, need.phase))
    return asked


def _ladder(projects: Sequence[ProjectRow]) -> tuple[str, ...]:
    """The rungs by name, then those that are numbers."""
    numbers = sorted({int(row.rung) for row in projects if row.rung.isdigit()})
    return (*RUNGS, *map(str, numbers))


def _criteria_by_project(rows: Sequence[CriterionRow], names: Names, place: Place) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for row in rows:
        place.row = row.line
        code = names.code(row.project, place, "project")
        if code is None:
            continue
        mine = found.setdefault(code, {})
        if row.criterion in mine:
            place.report("doubled_key", "criterion", f"{code} {row.criterion}")
        mine[row.criterion] = row.value
    return found


def _groups(projects: Sequence[ProjectRow], names: Names, place: Place) -> tuple[Group, ...]:
    groups = []
    for kind, column in ((EXCLUDE, "exclude"), (TOGETHER, "together")):
        members: dict[str, list[str]] = {}
        for row in projects:
            for group in getattr(row, column):
                members.setdefault(group, []).append(row.code)
        groups += [Group(f"{kind}:{name}", kind, tuple(codes)) for name, codes in members.items()]
    for row in projects:
        place.row = row.line
        codes = [names.code(name, place, "requires") for name in row.requires]
        if codes and None not in codes:
            groups.append(Group(f"{REQUIRE}:{row.code}", REQUIRE, (row.code, *(code for code in codes if code))))
    return tuple(groups)
