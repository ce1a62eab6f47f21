"""Make up illustrative figures for a project from its kind, the same every time (`seeds/demonstration.csv`)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

FIRST_START, LAST_START = 2021 * 12, 2028 * 12 + 11
AS_OF = 2026 * 12 + 5
SILENT_SHARE = 0.06
CURVE = (0.18, 0.32, 0.30, 0.20)
LAND_SHARES = (
    ("land.agri.arable.general.dry", 22),
    ("land.agri.arable.general.paddy", 10),
    ("land.agri.garden", 14),
    ("land.agri.woodland", 24),
    ("land.built", 22),
    ("land.unused", 8),
)
FOREST_SHARES = (("forest.grade3.production", 55), ("forest.grade4.production", 30), ("forest.grade2.protection", 15))
OFFICES_STEP = {"fund": 100 * 10_000, "land": 100, "sea": 100, "forest": 100}


@dataclass(frozen=True)
class Parameters:
    """Ranges of one kind: 万元, months, hectares; `funds` names a profile of sources in percent."""

    invest_wan: tuple[int, int]
    months: tuple[int, int]
    funds: tuple[tuple[str, int], ...]
    land_ha: tuple[int, int]
    forest_ha: tuple[int, int]
    sea_ha: tuple[int, int]
    sea_item: str


@dataclass(frozen=True)
class Figures:
    """The figures of one project: yuan, months `YYYY-MM`, (item, year) → base units, elements not concerned."""

    total_investment_yuan: int
    start_month: str
    finish_month: str
    stage: str
    needs: Mapping[tuple[str, int], int]
    not_applicable: tuple[str, ...]


def figures(
    code: str, parameters: Parameters, sea_related: bool | None, sensitive: Sequence[tuple[str, str, int]] = ()
) -> Figures:
    """The illustrative figures of project `code`; the code alone is the source of chance.

    `sensitive` holds (item, what a few projects need instead, in how many of a hundred), so that gates have something
    to stop.
    """
    chance = Random(int.from_bytes(hashlib.sha256(code.encode()).digest()[:8], "big"))
    invest_yuan = _rounded(chance.uniform(*parameters.invest_wan) * 10_000, OFFICES_STEP["fund"] * 5)
    start = chance.randint(FIRST_START, LAST_START)
    finish = start + chance.randint(*parameters.months) - 1
    silent = chance.random() < SILENT_SHARE
    areas = {
        "land": (parameters.land_ha, LAND_SHARES),
        "forest": (parameters.forest_ha, FOREST_SHARES),
        "sea": (parameters.sea_ha if sea_related is not False else (0, 0), ((parameters.sea_item, 100),)),
    }
    needs = _funds(invest_yuan, parameters.funds, start, finish)
    absent = []
    for element, ((low, high), shares) in areas.items():
        total_m2 = _rounded(chance.uniform(low, high) * 10_000, OFFICES_STEP[element])
        if high == 0 or total_m2 == 0:
            absent.append(element)
        else:
            needs |= _areas(total_m2, shares, start // 12)
    stage = _stage(start, finish, chance)
    needs = _moved(code, needs, sensitive)
    return Figures(
        invest_yuan, month(start), month(finish), stage, {} if silent else needs, () if silent else tuple(absent)
    )


def _moved(
    code: str, needs: Mapping[tuple[str, int], int], sensitive: Sequence[tuple[str, str, int]]
) -> dict[tuple[str, int], int]:
    """The same needs, some of them on another leaf."""
    seed = hashlib.sha256(f"{code} sensitive".encode()).digest()[:8]
    chance = Random(int.from_bytes(seed, "big"))
    instead = {item: other for item, other, percent in sensitive if chance.random() * 100 < percent}
    return {(instead.get(item, item), year): base for (item, year), base in needs.items()}


def month(number: int) -> str:
    """Months since year 0 as `YYYY-MM`."""
    return f"{number // 12}-{number % 12 + 1:02d}"


def _rounded(value: float, step: int) -> int:
    return round(value / step) * step


def _stage(start: int, finish: int, chance: Random) -> str:
    if finish < AS_OF:
        return "completed"
    if start <= AS_OF:
        return "under_construction"
    ahead = start - AS_OF
    return "ready" if ahead <= 4 else "preliminary" if ahead <= 18 or chance.random() < 0.3 else "reserve"


def _funds(total_yuan: int, sources: Sequence[tuple[str, int]], start: int, finish: int) -> dict[tuple[str, int], int]:
    needs: dict[tuple[str, int], int] = {}
    years = _year_shares(start, finish)
    for item, source_yuan in split(total_yuan, sources, OFFICES_STEP["fund"]).items():
        for year, yuan in split(source_yuan, years, OFFICES_STEP["fund"]).items():
            if yuan:
                needs[item, int(year)] = yuan
    return needs


def _year_shares(start: int, finish: int) -> list[tuple[str, int]]:
    """What share of the works falls in each year, along a curve slow at both ends."""
    span = finish - start + 1
    shares: dict[str, int] = {}
    for place in range(span):
        year = str((start + place) // 12)
        shares[year] = shares.get(year, 0) + int(CURVE[place * len(CURVE) // span] * 1000)
    return list(shares.items())


def _areas(total_m2: int, shares: Sequence[tuple[str, int]], year: int) -> dict[tuple[str, int], int]:
    """Areas are needed before works: seven tenths in the first year, the rest in the second."""
    needs: dict[tuple[str, int], int] = {}
    for item, item_m2 in split(total_m2, shares, 100).items():
        for part, m2 in split(item_m2, [(str(year), 7), (str(year + 1), 3)], 100).items():
            if m2:
                needs[item, int(part)] = m2
    return needs


def split(total: int, shares: Sequence[tuple[str, int]], step: int) -> dict[str, int]:
    """`total` divided by `shares` in whole steps, the last part taking the remainder, so the parts add up exactly."""
    whole = sum(share for _, share in shares)
    parts: dict[str, int] = {}
    left = total
    for name, share in shares[:-1]:
        parts[name] = min(left, total * share // whole // step * step)
        left -= parts[name]
    parts[shares[-1][0]] = left
    return parts
