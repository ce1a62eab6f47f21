"""Answers in words, in both languages: reasons, findings, what a project would take, and what quota would buy."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.access.rules import Scope
from portfolio.core.formatting import number, quantity, signed
from portfolio.core.i18n import t
from portfolio.core.stored_words import stored_name, stored_remedy, stored_text
from portfolio.core.units import OUTER_UNIT
from portfolio.scenarios.comparing import Precedence
from portfolio.scenarios.queries import pool_rows, project_frame
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.loader import shipped_tree
from portfolio.vocabulary.tables import Region

MOST_NAMED = 6
LARGE = {"money": "yi_yuan", "area": "ha"}
# What an explanation says of itself when an earlier version did not ask that yet.
UNKNOWN: Mapping[str, Any] = {
    "inside": False,
    "refusing": (),
    "admission": None,
    "earliest": None,
    "possible": True,
    "loss": None,
    "leaving": (),
}

UNTOLD: Mapping[str, Any] = {
    "project": "",
    "addition": {},
    "least": False,
    "delay": None,
    "entering": (),
    "leaving": (),
    "rules": (),
    "rung": "",
    "worth": 0.0,
}


@dataclass(frozen=True)
class Names:
    """What codes of pools and projects stand for, in a language; `dimensions` of pools."""

    lang: str
    pools: Mapping[str, str]
    dimensions: Mapping[str, str]
    projects: Mapping[str, str]

    def listed(self, codes: Sequence[str], of: Mapping[str, str]) -> str:
        """Names in a row, the first six of them and how many more."""
        shown = [of.get(code, code) for code in codes[:MOST_NAMED]]
        words = (", " if self.lang == "en" else "、").join(shown)
        more = len(codes) - MOST_NAMED
        return t("allocation-and-more", self.lang, names=words, count=str(more)) if more > 0 else words


def names_of(session: Session, scope: Scope, code: str, lang: str) -> Names:
    """The names a scenario's answer needs."""
    tree = element_tree(session).by_code
    regions = {row.code: row.name_en if lang == "en" else row.name_zh for row in _regions(session)}
    pools, dimensions = {}, {}
    for row in pool_rows(session, scope, code):
        parts = {"item": tree[row["item"]].name(lang), "region": regions.get(row["region_code"], row["region_code"])}
        pools[row["pool"]] = t("allocation-pool-name", lang, **parts, year=str(row["year"]))
        dimensions[row["pool"]] = row["dimension"]
    frame = project_frame(session, scope, code)
    named = {
        row_code: (english or chinese) if lang == "en" else chinese
        for row_code, chinese, english in zip(frame["code"], frame["name_zh"], frame["name_en"], strict=True)
    }
    return Names(lang, pools, dimensions, named)


def _regions(session: Session) -> Iterable[Region]:
    return session.execute(select(Region).order_by(col(Region.code))).scalars()


def reason_words(kept: str | Mapping[str, Any], names: Names) -> str:
    """A reason as it was kept (JSON text of code and params) in words; empty for none."""
    if not kept:
        return ""
    reason = orjson.loads(kept) if isinstance(kept, str) else kept
    return stored_text("allocation-reason", reason["code"], names.lang, _shown(reason.get("params", {}), names))


def _shown(params: Mapping[str, Any], names: Names) -> dict[str, str]:
    found = {}
    for key, value in params.items():
        if key == "pools":
            codes = value if isinstance(value, list) else str(value).split(", ")
            found[key] = names.listed(codes, names.pools)
        elif isinstance(value, float):
            found[key] = number(value, names.lang, 2)
        elif isinstance(value, list):
            found[key] = names.listed([str(one) for one in value], {})
        else:
            known = {**names.pools, **names.projects}
            found[key] = known.get(str(value), str(value)) if key in ("project", "value") else str(value)
    return found


def finding_words(finding: Mapping[str, Any], lang: str) -> tuple[str, str]:
    """A finding and its remedy; an element of the shipped tree by the names on its way from the root."""
    code, params = finding["code"], dict(finding.get("params", {}))
    if code == "allocation_uncovered":
        params = _uncovered(params, lang)
    return stored_text("finding", code, lang, params), stored_remedy(code, lang, params)


def _uncovered(params: dict[str, Any], lang: str) -> dict[str, Any]:
    """A need without a pool: its element in words; earlier versions kept each year by itself."""
    if "years" not in params and {"year", "count"} <= params.keys():
        params["years"] = f"{params.pop('year')} ({params.pop('count')})"
    if params.get("value") in shipped_tree().by_code:
        params["value"] = shipped_tree().path_name(params["value"], lang)
    return params


def admission_words(found: Mapping[str, Any], names: Names) -> list[str]:
    """Why a project is out and what would let it in, a sentence each."""
    lang, found = names.lang, {**UNKNOWN, **found}
    if found["inside"]:
        return [t("allocation-why-inside", lang)]
    said = []
    if found["refusing"]:
        said.append(t("allocation-why-refusing", lang, pools=names.listed(found["refusing"], names.pools)))
    else:
        said.append(t("allocation-why-room", lang))
    said += admitting_words(found["admission"], names)
    earliest = found["earliest"]
    key = "allocation-why-never" if earliest is None else "allocation-why-now" if not earliest else ""
    said.append(t(key, lang) if key else t("allocation-why-earliest", lang, years=str(earliest)))
    return [*said, _forced(found, names), *_rung_first(found, names.lang)]


def admitting_words(told: Mapping[str, Any] | None, names: Names) -> list[str]:
    """What would admit a project, or what keeps it out whatever is added (`allocation.search.admitting.Admission`); of
    an earlier version, which did not solve with the addition, that it has to be asked anew."""
    lang = names.lang
    if told is None or "verdict" not in told:
        return [t("allocation-admit-earlier", lang)]
    told = {**UNTOLD, **told}
    if told["verdict"] == "added" or told["addition"]:
        key = "added" if told["least"] else "nearly"
        said = [t(f"allocation-admit-{key}", lang, quotas=addition_words(told["addition"], names))]
        return said + _sentences(told, names)
    if told["verdict"] == "outbid":
        return [_outbid(told, names)]
    if told["verdict"] == "forbidden":
        if any(one["rule"] == "must_not" and one["name"] == told["project"] for one in told["rules"]):
            return [t("allocation-admit-own", lang)]
        return [t("allocation-admit-forbidden", lang, rules=_rules(told["rules"], names))]
    said = [stored_name("allocation-admit", told["verdict"], lang)]
    return said + (_sentences(told, names) if told["verdict"] == "enough" else [])


def _sentences(told: Mapping[str, Any], names: Names) -> list[str]:
    end = "." if names.lang == "en" else "。"
    return [f"{words[0].upper()}{words[1:]}{end}" for words in _with_it(told, names)]


def _with_it(told: Mapping[str, Any], names: Names) -> Iterator[str]:
    """What else the best answer with the project changes."""
    if told["delay"]:
        yield t("allocation-admit-delay", names.lang, years=str(told["delay"]))
    for who in ("leaving", "entering"):
        if told[who]:
            yield t(f"allocation-admit-{who}", names.lang, projects=names.listed(told[who], names.projects))


def _outbid(told: Mapping[str, Any], names: Names) -> str:
    lang = names.lang
    given = {"rules": _rules(told["rules"], names), "projects": names.listed(told["leaving"], names.projects) or "—"}
    if not told["worth"]:
        return t("allocation-admit-outbid-even", lang, **given)
    rung = stored_name("allocation-rung", told["rung"], lang)
    return t("allocation-admit-outbid", lang, **given, rung=rung, worth=number(told["worth"], lang, 2))


def _rules(rules: Iterable[Mapping[str, Any]], names: Names) -> str:
    """The rules that no quota mends, as those of a conflict are named, with the other projects of each."""
    called = {"together": "require"}
    said = []
    for one in rules:
        reason = {"code": f"conflict_{called.get(one['rule'], one['rule'])}", "params": {"value": one["name"]}}
        others = names.listed(one["projects"], names.projects)
        words = reason_words(reason, names)
        said.append(t("allocation-admit-rule", names.lang, rule=words, projects=others) if others else words)
    return names.listed(said, {})


def waiting_words(told: Mapping[str, Any], names: Names) -> str:
    """What would admit one that is next in line, and who would leave for it, in a row."""
    told = {**UNTOLD, **told}
    if not told["addition"]:
        return t("allocation-admit-enough", names.lang)
    said = [
        addition_words(told["addition"], names),
        *([] if told["least"] else [t("allocation-next-nearly", names.lang)]),
    ]
    gap = "; " if names.lang == "en" else "；"
    return gap.join([*said, *_with_it({**told, "entering": ()}, names)])


def line_words(found: Mapping[str, Any], names: Names) -> list[str]:
    """Who is next in line, a line each, the first of them."""
    colon = ": " if names.lang == "en" else "："
    rows = found.get("waiting", ())[:MOST_NAMED]
    return [f"{names.projects.get(one['project'], one['project'])}{colon}{waiting_words(one, names)}" for one in rows]


def addition_words(addition: Mapping[str, int], names: Names) -> str:
    """What would have to be added to which pools, the largest first."""
    rows = sorted(addition.items(), key=lambda one: -one[1])
    gap = ": " if names.lang == "en" else " "
    return names.listed(
        [f"{names.pools.get(pool, pool)}{gap}{_quantity(pool, base, names)}" for pool, base in rows], {}
    )


def _forced(found: Mapping[str, Any], names: Names) -> str:
    lang = names.lang
    if not found["possible"]:
        return t("allocation-why-impossible", lang)
    if found["loss"] is None:
        return t("allocation-why-unknown", lang)
    loss = signed(-float(found["loss"]), lang, 2)
    if not found["leaving"]:
        return t("allocation-why-nobody", lang, loss=loss)
    return t("allocation-why-leaving", lang, projects=names.listed(found["leaving"], names.projects), loss=loss)


def _rung_first(found: Mapping[str, Any], lang: str) -> Iterator[str]:
    """Why an answer of a higher value was not chosen: a higher rung would have had less."""
    changes = [(rung, round(change, 2)) for rung, change in found.get("rungs", ())]
    rung, change = next(((rung, change) for rung, change in changes if change), ("", 0.0))
    if found["loss"] is not None and found["loss"] < 0 and change < 0:
        name = stored_name("allocation-rung", rung, lang)
        yield t("allocation-why-rung", lang, rung=name, loss=signed(change, lang, 2))


def _quantity(pool: str, base: int, names: Names) -> str:
    dimension = names.dimensions.get(pool, "money")
    return quantity(base, dimension, names.lang, OUTER_UNIT[dimension])


def precedence_words(one: Precedence, lang: str) -> str:
    """Why a scenario is worth less in all than another though a higher rung gains."""
    named = {"lower": one.lower, "higher": one.higher, "rung": stored_name("allocation-rung", one.rung, lang)}
    points = {"less": number(one.less, lang, 2), "more": number(one.more, lang, 2)}
    return t("compare-precedence", lang, **named, **points)


def curve_words(found: Mapping[str, Any], names: Names) -> str:
    """What the first further step of a pool would buy."""
    steps = [step for step in found["steps"] if step["value"] is not None]
    pool = found["pool"]
    dimension = names.dimensions.get(pool, "money")
    step = quantity(found["step"], dimension, names.lang, LARGE[dimension], 2)
    gained = steps[1]["value"] - steps[0]["value"] if len(steps) > 1 else 0.0
    named = {"pool": names.pools.get(pool, pool), "step": step}
    if gained <= 0:
        return t("allocation-curve-nothing", names.lang, **named)
    entering = names.listed(steps[1]["entering"], names.projects) or "—"
    return t("allocation-curve-buys", names.lang, **named, value=number(gained, names.lang, 2), projects=entering)
