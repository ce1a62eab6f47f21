"""Answers in words, in both languages: every reason, finding and explanation says what it should, with its names."""

from typing import Any

import pytest

from portfolio.allocation.model.check import check
from portfolio.allocation.model.problem import Need, Pool, Project, make_problem
from portfolio.allocation.search.admitting import VERDICTS
from portfolio.core.i18n import has_text
from portfolio.scenarios.queries import UNDER_WAY
from portfolio.scenarios.tables import STATES
from portfolio.scenarios.words import (
    Names,
    admission_words,
    admitting_words,
    curve_words,
    finding_words,
    line_words,
    reason_words,
)

POOLS = {"L": "2026年钦州市用地", "F": "2026年中央预算内投资"}
ZH = Names("zh", POOLS, {"L": "area", "F": "money"}, {"P": "码头", "Q": "航道"})
EN = Names("en", {"L": "Land, Qinzhou, 2026"}, {"L": "area"}, {"P": "Berth"})
OUT: dict[str, Any] = {
    "project": "P",
    "inside": False,
    "refusing": ["L", "F"],
    "admission": {"project": "P", "verdict": "added", "addition": {"L": 12_000, "F": 3_000_000}, "least": True},
    "earliest": 2,
    "possible": True,
    "entering": [],
    "leaving": ["Q"],
    "loss": 1.25,
    "proven": True,
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ["scenario-state", "job", "allocation-status", "allocation-rung", "scenarios-done"])
def test_every_state_has_its_text(lang: str, name: str) -> None:
    codes = {
        "scenario-state": STATES,
        "job": (*UNDER_WAY, "done", "stopped", "failed"),
        "allocation-status": ("optimal", "time_limit", "stopped", "infeasible", "invalid"),
        "allocation-rung": ("co_agreed", "finishing", "continuing", "ready", "preparatory", "idea"),
        "scenarios-done": ("solve", "stop", "copy", "drop"),
    }[name]
    assert [code for code in codes if not has_text(f"{name}-{code}", lang)] == []


def test_a_reason_names_its_pools() -> None:
    reason = {"code": "pools", "params": {"pools": ["L", "F"]}}
    assert reason_words(reason, ZH) == "额度不足：2026年钦州市用地、2026年中央预算内投资"
    assert reason_words('{"code":"pools","params":{"pools":["L"]}}', EN) == "Not enough left in Land, Qinzhou, 2026"
    assert reason_words({"code": "vetoed", "params": {}}, ZH) == "有未解除的否决项"
    assert reason_words("", ZH) == ""


def test_many_pools_are_counted() -> None:
    names = Names("zh", {str(place): f"池{place}" for place in range(9)}, {}, {})
    said = reason_words({"code": "pools", "params": {"pools": [str(place) for place in range(9)]}}, names)
    assert said == "额度不足：池0、池1、池2、池3、池4、池5等，另有3个"


def told(**changed: Any) -> dict[str, Any]:
    return {**OUT, "admission": {**OUT["admission"], **changed}}


def test_what_would_let_a_project_in() -> None:
    assert admission_words(told(leaving=["Q"], delay=1), ZH) == [
        "被以下指标池拦下：2026年钦州市用地、2026年中央预算内投资。",
        "已带追加额度重新求解核实：至少再增加 2026年中央预算内投资 300 万元、2026年钦州市用地 1.2 公顷，"
        "该项目即在最优方案之中；其中任何一项再少一元或一平方米，就有不含它而同样好或更好的方案。",
        "届时推迟1年。",
        "届时退出：航道。",
        "其他项目不变时，最早推迟2年可以纳入。",
        "若必须纳入，则退出：航道；总价值变化 −1.25。",
    ]


def test_what_was_not_proven_to_be_the_least_says_so() -> None:
    said = admission_words(told(verdict="open", least=False), ZH)[1]
    assert said.startswith("已带追加额度重新求解核实：再增加 ") and said.endswith("限时内未能证明这是最少的。")
    assert admission_words(told(verdict="open", least=False, addition={}), EN)[1].startswith("How much quota would")


def test_what_no_quota_lets_in_names_the_rule_and_the_others() -> None:
    rules = [{"rule": "together", "name": "BANK", "projects": ["Q"]}, {"rule": "must", "name": "Q", "projects": []}]
    given = {"verdict": "forbidden", "addition": {}, "rules": rules}
    said = admission_words({**told(**given), "earliest": None}, ZH)
    assert said[1] == "增加多少额度都不能纳入，须先调整：配套关系“BANK”（航道）、必保项目“航道”。"
    own = told(**{**given, "rules": [{"rule": "must_not", "name": "P", "projects": []}]})
    assert admission_words(own, ZH)[1].startswith("该项目有未解除的否决项，或已指定不列")
    assert admission_words({**own, "refusing": []}, EN)[:2] == [
        "There is room for it, but a rule keeps it out.",
        "It has a veto that stands, or was pinned out: no quota admits it before that is lifted.",
    ]


def test_who_is_worth_more_under_a_rule_is_named_with_what_is_lost() -> None:
    rules = [{"rule": "exclude", "name": "BANK", "projects": ["Q"]}]
    given = {"verdict": "outbid", "addition": {}, "rules": rules, "leaving": ["Q"], "rung": "ready"}
    assert admission_words(told(**given, worth=2.5), ZH)[1] == (
        "即使额度满足全部需求，最优方案也不含该项目：受互斥关系“BANK”（航道）限制，"
        "纳入它就要退出 航道，“新开工”梯次因此少 2.5。"
    )
    assert "同样好" in admission_words(told(**given, worth=0.0), ZH)[1]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_verdict_has_its_sentence(verdict: str, lang: str) -> None:
    names = ZH if lang == "zh" else EN
    (said, *_) = admitting_words({"verdict": verdict, "project": "P"}, names)
    assert "allocation-" not in said and verdict not in said.split()


def test_an_explanation_that_was_not_solved_with_the_addition_names_no_quota() -> None:
    earlier = {name: value for name, value in OUT.items() if name != "admission"} | {"addition": {"L": 12_000}}
    assert "1.2 公顷" not in "".join(admission_words(earlier, ZH))
    assert admission_words(earlier, ZH)[1].startswith("这份说明出自以前的版本")


def test_who_is_next_in_line_is_told_with_who_leaves() -> None:
    one = {"project": "P", "verdict": "added", "addition": {"L": 12_000}, "least": True, "leaving": ["Q"]}
    assert line_words({"waiting": [one]}, ZH) == ["码头：2026年钦州市用地 1.2 公顷；届时退出：航道"]
    assert line_words({}, ZH) == []


@pytest.mark.parametrize(
    ("changed", "last"),
    [
        ({"leaving": [], "loss": -2.0}, "若必须纳入，无需他人退出，只需调整年度；总价值变化 +2。"),
        ({"possible": False, "loss": None}, "以现有额度，即使其他项目都让出额度，也无法纳入。"),
        ({"loss": None}, "限时内未算出必须纳入时的方案，请稍后再试。"),
    ],
)
def test_what_forcing_it_in_would_do(changed: dict[str, Any], last: str) -> None:
    assert admission_words({**OUT, **changed}, ZH)[-1] == last


def test_a_higher_value_that_a_higher_rung_pays_for_is_told_why_it_was_not_chosen() -> None:
    rungs = [("continuing", -21.5), ("ready", 169.93)]
    assert admission_words({**OUT, "loss": -148.43, "rungs": rungs}, ZH)[-2:] == [
        "若必须纳入，则退出：航道；总价值变化 +148.43。",
        "其中“续建”梯次 −21.5：前一梯次优先，不以低梯次的增加相抵，故未采用。",
    ]
    assert len(admission_words({**OUT, "rungs": [("continuing", -1.25)]}, ZH)) == 4
    noise = [("continuing", -0.003), ("ready", -2.0), ("idea", 150.43)]
    assert "“新开工”" in admission_words({**OUT, "loss": -148.43, "rungs": noise}, ZH)[-1]


@pytest.mark.parametrize(("earliest", "said"), [(None, "fits in no year"), (0, "fits this year"), (1, "put off by 1")])
def test_the_earliest_year(earliest: int | None, said: str) -> None:
    assert said in admission_words({**OUT, "earliest": earliest}, EN)[2]


def test_what_more_of_a_pool_buys() -> None:
    steps = [{"value": 10.0, "entering": []}, {"value": 12.5, "entering": ["P"]}]
    bought = curve_words({"pool": "L", "step": 1_000_000, "steps": steps}, ZH)
    assert bought == "2026年钦州市用地再增加100 公顷，总价值增加2.5，新纳入：码头。"
    nothing = curve_words({"pool": "F", "step": 100_000_000, "steps": [steps[0], steps[0]]}, ZH)
    assert nothing == "2026年中央预算内投资再增加1 亿元，总价值不变：拦住其余项目的不是它。"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("code", ["allocation_pin_without_entry", "allocation_pinned_veto", "allocation_no_pools"])
def test_findings_have_a_remedy(lang: str, code: str) -> None:
    params = {} if code == "allocation_no_pools" else {"project": "GX-2018-0001"}
    reason, remedy = finding_words({"code": code, "params": params}, lang)
    assert reason and remedy


def test_needs_that_no_pool_binds_are_named_once_an_element_with_their_years() -> None:
    needs = [Need("A", "land.built", 2027, 10), Need("A", "land.built", 2028, 5), Need("B", "land.built", 2028, 5)]
    problem = make_problem([Project("A", 1.0), Project("B", 1.0)], needs, [Pool("K", "fund.own", 2027, 1)])
    (found,) = check(problem)
    said = finding_words({"code": found.code, "params": found.params}, "zh")[0]
    assert said == "“用地/建设用地”的需求在以下年度没有任何指标池约束（括号内为项数）：2027 (1), 2028 (2)"
