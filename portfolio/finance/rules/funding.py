"""Rules of finance: the published checks, funding certainty, instruments a project qualifies for, trims."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from portfolio.finance.rules.books import by_code, capital_ratio, read

CERTAINTIES = ("funded", "part_funded", "source_known", "none")
STEP_YUAN = 10_000


@dataclass(frozen=True)
class Check:
    """The answer of a published check: `ok` None when an input is missing; `value` and `limit` as text in `unit`."""

    code: str
    ok: bool | None
    value: str | None
    limit: str
    unit: str
    severity: str
    note: str = ""


def trimmed(asked_yuan: int, percent: Decimal) -> int:
    """`percent` of an asked amount, down to whole 万元; never more than was asked."""
    exact = Fraction(asked_yuan) * Fraction(percent) / 100
    return min(asked_yuan, int(exact) // STEP_YUAN * STEP_YUAN) if percent < 100 else asked_yuan


def project_checks(
    project: Mapping[str, Any],
    sector: str | None,
    asked: Mapping[str, int],
    flags: Mapping[str, frozenset[str]],
    records: Sequence[Mapping[str, Any]],
) -> list[Check]:
    """Every published check of a project; `asked` is yuan by leaf of funds over all years, `flags` the tree's."""
    bonds = [record for record in records if record["instrument"] == "special_bond"]
    found = [_sources_total(project, asked), _capital(project, sector, asked, flags)]
    for record in bonds:
        found += [_cover(record), _libraries(record), _use(record)]
    return found


def _made(code: str, ok: bool | None, value: str | None, limit: str, note: str = "") -> Check:
    rule = by_code("checks")[code]
    return Check(code, ok, value, limit, rule["unit"], rule["severity"], note)


def _sources_total(project: Mapping[str, Any], asked: Mapping[str, int]) -> Check:
    total = project["total_investment_yuan"]
    tolerance = Decimal(by_code("checks")["sources_total"]["parameter"]) * STEP_YUAN
    limit = "" if total is None else str(total)
    if total is None or not asked:
        return _made("sources_total", None, str(sum(asked.values())) if asked else None, limit)
    gap = sum(asked.values()) - total
    return _made("sources_total", abs(gap) <= tolerance, str(sum(asked.values())), limit)


def _capital(
    project: Mapping[str, Any], sector: str | None, asked: Mapping[str, int], flags: Mapping[str, frozenset[str]]
) -> Check:
    rule, total = capital_ratio(project["kind"], sector), project["total_investment_yuan"]
    if rule is None:
        return _made("capital_ratio", None, None, "", "no_ratio")
    if not total or not asked:
        return _made("capital_ratio", None, None, str(rule.percent))
    capital = sum(yuan for item, yuan in asked.items() if _is_capital(flags.get(item, frozenset())))
    share = Fraction(capital * 100, total)
    value = str(round(float(share), 1))
    if share >= rule.percent:
        return _made("capital_ratio", True, value, str(rule.percent))
    within = share >= rule.percent - rule.short_board_points and rule.short_board_points > 0
    return _made("capital_ratio", False, value, str(rule.percent), "short_board" if within else "")


def _is_capital(flags: frozenset[str]) -> bool:
    """Capital is money without debt: what the tree marks as capital, and fiscal money that is no bond."""
    return "capital" in flags or ("fiscal" in flags and "bond" not in flags)


def _cover(record: Mapping[str, Any]) -> Check:
    limit = by_code("checks")["bond_cover"]["parameter"]
    if record["cover_milli"] is None:
        return _made("bond_cover", None, None, limit)
    cover = Decimal(record["cover_milli"]) / 1000
    return _made("bond_cover", cover >= Decimal(limit), format(cover.normalize(), "f"), limit)


def _libraries(record: Mapping[str, Any]) -> Check:
    held = (record["in_national_library"], record["in_debt_library"])
    ok = False if False in held else None if None in held else True
    return _made("bond_libraries", ok, str(sum(bool(one) for one in held)), "2")


def _use(record: Mapping[str, Any]) -> Check:
    use = by_code("bond_uses").get(record["bond_use"])
    if use is None:
        return _made("bond_use", None, None, "")
    return _made("bond_use", use["negative"] == "0", use["code"], "")


def ppp_check(payments_yuan: int, budget_yuan: int | None) -> Check:
    """A region's payments under contracts of the old regime in a year against its general public budget."""
    limit = by_code("checks")["ppp_limit"]["parameter"]
    if not budget_yuan:
        return _made("ppp_limit", None, None, limit)
    share = Fraction(payments_yuan * 100, budget_yuan)
    return _made("ppp_limit", share <= Fraction(limit), str(round(float(share), 2)), limit)


@dataclass(frozen=True)
class Suggestion:
    """An instrument and whether a project qualifies: the conditions that hold, fail, or cannot be told."""

    code: str
    item: str
    met: tuple[str, ...]
    failed: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def qualifies(self) -> bool | None:
        """False when a condition fails, None when one cannot be told, else true."""
        return False if self.failed else None if self.unknown else True


def suggestions(facts: Mapping[str, Any]) -> list[Suggestion]:
    """Every instrument against `facts`: code and number facts by name, None for what is not known."""
    found = []
    for row in read("instruments"):
        answers = [(token, _holds(token, facts)) for token in row["requires"].split(";") if token]
        parts = [tuple(token for token, answer in answers if answer is wanted) for wanted in (True, False, None)]
        found.append(Suggestion(row["code"], row["item"], *parts))
    rank: dict[bool | None, int] = {True: 0, None: 1, False: 2}
    return sorted(found, key=lambda one: rank[one.qualifies])


def _holds(token: str, facts: Mapping[str, Any]) -> bool | None:
    name, comparison, wanted = token.partition(">=") if ">=" in token else token.partition("=")
    value = facts.get(name)
    if value is None:
        return None
    if comparison == ">=":
        return bool(Decimal(str(value)) >= Decimal(wanted))
    return value in wanted.split("|") if comparison else bool(value)
