"""Facts, gates, acts, policies and kept scores on both databases."""

from collections.abc import Mapping

import msgspec
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session

from portfolio.access.rules import Actor, Scope
from portfolio.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from portfolio.core.frames import records
from portfolio.finance.financing import save_record
from portfolio.journal.queries import history
from portfolio.needs.changes import NOT_APPLICABLE, NeedEdit
from portfolio.needs.details import DetailEdit, save_details
from portfolio.needs.service import save_needs
from portfolio.projects.filters import ProjectFilters
from portfolio.projects.service import update_project
from portfolio.screening.criteria import Statement, project_criteria, save_criteria, save_many_criteria
from portfolio.screening.explaining import explained, project_scores, run_scores, score_runs
from portfolio.screening.facts import fact_frame
from portfolio.screening.gates import gate_sheet, gate_totals, project_gates, worst
from portfolio.screening.missing import missing_by_project, missing_facts
from portfolio.screening.policies import get_policy, list_policies, save_policy
from portfolio.screening.queries import COLUMNS, score_frame
from portfolio.screening.rules.books import gates
from portfolio.screening.rules.policy import Policy
from portfolio.screening.rules.robust import Limit
from portfolio.screening.service import Act, answer_gate, keep_scores
from portfolio.screening.sureness import robust_core
from portfolio.upkeep.invariants import breaches

CODE, OTHER = "GX-2018-0207", "GX-2018-0206"
HA, WAN = 10_000, 10_000


def facts(session: Session, scope: Scope, code: str = CODE) -> dict[str, float]:
    row = fact_frame(session, scope, ProjectFilters(code=(code,))).iloc[0]
    return {str(name): value for name, value in row.items() if isinstance(value, float) and value == value}


def state(session: Session, scope: Scope, gate: str) -> str:
    return next(one["state"] for one in project_gates(session, scope, CODE) if one["gate"] == gate)


def take_farmland(session: Session, actor: Actor, scope: Scope, ha: int = 2) -> None:
    save_needs(session, actor, scope, CODE, [NeedEdit("land.agri.arable.pbf.dry", 2026, ha * HA)])


def test_what_nobody_reported_is_not_known(session: Session, scope: Scope) -> None:
    found = facts(session, scope)
    assert not {"land_ha", "pbf_ha", "funds_wan", "redline_ha", "jobs", "total_wan"} & found.keys()
    assert state(session, scope, "basic_farmland") == "unknown"


def test_an_answer_without_the_leaf_is_zero_of_it(session: Session, actor: Actor, scope: Scope) -> None:
    edits = [NeedEdit("land.built", 2026, 5 * HA), NeedEdit("sea", None, NOT_APPLICABLE)]
    save_needs(session, actor, scope, CODE, edits)
    found = facts(session, scope)
    assert (found["land_ha"], found["pbf_ha"], found["sea_ha"], found["reclamation_ha"]) == (5, 0, 0, 0)
    assert "forest_ha" not in found
    assert found["areas_stated"] == 0
    assert state(session, scope, "basic_farmland") == "pass"
    assert state(session, scope, "forest_grade1") == "unknown"


def test_a_part_not_concerned_says_nothing_of_the_rest(session: Session, actor: Actor, scope: Scope) -> None:
    save_needs(session, actor, scope, CODE, [NeedEdit("land.agri.garden", None, NOT_APPLICABLE)])
    assert state(session, scope, "basic_farmland") == "unknown"


def test_facts_of_money_details_and_bonds(session: Session, actor: Actor, scope: Scope) -> None:
    update_project(session, actor, scope, CODE, {"total_investment_yuan": 1000 * WAN})
    edits = [
        NeedEdit("fund.own", 2026, 300 * WAN),
        NeedEdit("fund.tbd", 2027, 100 * WAN),
        NeedEdit("land.built", 2026, 9 * HA),
    ]
    save_needs(session, actor, scope, CODE, edits)
    save_details(session, actor, scope, CODE, [DetailEdit("land", "ecological_redline", str(3 * HA))])
    bond = {"instrument": "special_bond", "amount_yuan": 50 * WAN, "first_year": 2026, "status": "planned"}
    save_record(session, actor, scope, CODE, bond | {"bond_use": "theme_park", "cover_milli": 1300})
    found = facts(session, scope)
    assert (found["funds_wan"], found["tbd_wan"], found["sources_gap_wan"]) == (400, 100, 600)
    assert (found["settled_share"], found["capital_share"], found["redline_ha"]) == (0.75, 30, 3)
    assert (found["special_bond_wan"], found["bond_use_negative"], found["bond_cover"]) == (50, 1, 1.3)
    assert [state(session, scope, gate) for gate in ("redline", "bond_use", "bond_cover", "bond_libraries")] == [
        "veto",
        "veto",
        "pass",
        "unknown",
    ]


def test_a_veto_is_lifted_by_a_person_with_a_document_and_both_stay(
    session: Session, actor: Actor, scope: Scope
) -> None:
    take_farmland(session, actor, scope)
    with pytest.raises(InvalidError) as refused:
        answer_gate(session, actor, scope, CODE, "basic_farmland", Act("lift", " ", ""))
    assert {fault.field for fault in refused.value.fields} == {"person", "doc_no"}
    answer_gate(session, actor, scope, CODE, "basic_farmland", Act("lift", "李明", "桂自然资〔2026〕7号", "国家项目"))
    held = next(one for one in project_gates(session, scope, CODE) if one["gate"] == "basic_farmland")
    assert (held["state"], held["raw"], held["evidence"]["pbf_ha"]) == ("lifted", "veto", 2)
    assert [(act["kind"], act["person"], act["holds"]) for act in held["acts"]] == [("lift", "李明", True)]
    assert not gate_sheet(session, scope).vetoed.any()


def test_a_lift_covers_no_more_than_it_was_given_on(session: Session, actor: Actor, scope: Scope) -> None:
    take_farmland(session, actor, scope)
    answer_gate(session, actor, scope, CODE, "basic_farmland", Act("lift", "李明", "1号"))
    take_farmland(session, actor, scope, 50)
    assert state(session, scope, "basic_farmland") == "veto"
    take_farmland(session, actor, scope, 2)
    assert state(session, scope, "basic_farmland") == "lifted"


def test_what_was_lifted_can_be_taken_back(session: Session, actor: Actor, scope: Scope) -> None:
    take_farmland(session, actor, scope)
    with pytest.raises(ConflictError):
        answer_gate(session, actor, scope, CODE, "basic_farmland", Act("restore", "李明"))
    answer_gate(session, actor, scope, CODE, "basic_farmland", Act("lift", "李明", "1号"))
    answer_gate(session, actor, scope, CODE, "basic_farmland", Act("restore", "王芳"))
    held = next(one for one in project_gates(session, scope, CODE) if one["gate"] == "basic_farmland")
    assert (held["state"], [act["kind"] for act in held["acts"]]) == ("veto", ["lift", "restore"])


def test_a_failed_check_needs_words_and_a_veto_more_than_words(session: Session, actor: Actor, scope: Scope) -> None:
    take_farmland(session, actor, scope)
    with pytest.raises(InvalidError):
        answer_gate(session, actor, scope, CODE, "owner", Act("justify", "李明"))
    answer_gate(session, actor, scope, CODE, "owner", Act("justify", "李明", words="正在组建项目公司"))
    assert state(session, scope, "owner") == "justified"
    with pytest.raises(ConflictError) as refused:
        answer_gate(session, actor, scope, CODE, "basic_farmland", Act("justify", "李明", words="重要"))
    assert refused.value.code == "screening.cannot_justify"
    with pytest.raises(NotFoundError):
        answer_gate(session, actor, scope, CODE, "no_gate", Act("lift", "李明", "1号"))


def test_a_fact_that_is_missing_is_named_and_once_stated_the_gate_follows(
    session: Session, actor: Actor, scope: Scope
) -> None:
    def missing() -> dict[tuple[str, str], tuple[str, int]]:
        rows = missing_facts(session, gate_sheet(session, scope, ProjectFilters(code=(CODE,))))
        return {(row["gate"], row["fact"]): (row["source"], row["projects"]) for row in records(rows)}

    save_needs(session, actor, scope, CODE, [NeedEdit("land.built", 2026, 5 * HA)])
    assert missing()["redline", "redline_ha"] == ("details", 1)
    assert ("basic_farmland", "pbf_ha") not in missing()
    held = next(one for one in project_gates(session, scope, CODE) if one["gate"] == "redline")
    assert (held["state"], held["missing"]) == ("unknown", ["redline_ha"])
    save_details(session, actor, scope, CODE, [DetailEdit("land", "ecological_redline", "0")])
    assert state(session, scope, "redline") == "pass"
    assert ("redline", "redline_ha") not in missing()
    lacking = missing_by_project(session, gate_sheet(session, scope, ProjectFilters(code=(CODE,))))
    assert "redline_ha" not in lacking[0] and "funds_wan" not in lacking[0]


@pytest.mark.parametrize("gate", [one.code for one in gates().values() if one.list in ("completeness", "consistency")])
def test_a_check_that_fails_passes_only_by_a_written_justification(
    session: Session, actor: Actor, scope: Scope, gate: str
) -> None:
    """Every check of both lists, failed or not known: words make it pass, and the failure stays beside them."""
    before = next(one for one in project_gates(session, scope, CODE) if one["gate"] == gate)
    if before["state"] not in ("explain", "unknown"):
        with pytest.raises(ConflictError):
            answer_gate(session, actor, scope, CODE, gate, Act("justify", "李明", words="说明"))
        return
    with pytest.raises(InvalidError):
        answer_gate(session, actor, scope, CODE, gate, Act("justify", "李明"))
    answer_gate(session, actor, scope, CODE, gate, Act("justify", "李明", words="说明"))
    held = next(one for one in project_gates(session, scope, CODE) if one["gate"] == gate)
    assert (held["state"], held["raw"], held["acts"][0]["words"]) == ("justified", before["raw"], "说明")
    entry = history(session, CODE, 1)[0]
    assert (entry.action, entry.after["words"], entry.before) == ("justify", "说明", {"state": before["state"]})


def test_totals_count_every_project_once(session: Session, actor: Actor, scope: Scope) -> None:
    take_farmland(session, actor, scope)
    sheet = gate_sheet(session, scope)
    totals = gate_totals(sheet)
    assert (totals.drop(columns=["gate", "list"]).sum(axis=1) == 401).all()
    assert sheet.where("basic_farmland", "veto").codes == (CODE,)
    assert worst(sheet.where("", "veto").states[:, 0].tolist()) == "veto"


def test_scope_and_filters_narrow(session: Session, scope: Scope) -> None:
    city = Scope(cities=frozenset({"450500"}))
    whole, part = score_frame(session, scope, "default"), score_frame(session, city, "default")
    assert list(whole.columns) == COLUMNS
    assert (len(whole), whole["rank"].tolist()) == (401, list(range(1, 402)))
    assert 0 < len(part) < 401
    assert len(gate_sheet(session, city).codes) == len(part)
    one = score_frame(session, scope, "default@1", ProjectFilters(code=(CODE,)))
    assert one["code"].tolist() == [CODE]
    assert score_frame(session, scope, "default", ProjectFilters(code=("none",))).empty


def test_a_veto_moves_a_project_behind_all_others(session: Session, actor: Actor, scope: Scope) -> None:
    save_criteria(session, actor, scope, CODE, {"panel": 99})
    assert score_frame(session, scope, "panel").iloc[0]["code"] == CODE
    take_farmland(session, actor, scope)
    last = score_frame(session, scope, "panel").iloc[-1]
    assert (last["code"], last["points"], bool(last["vetoed"])) == (CODE, 99, True)


def test_criteria_are_checked_and_marked(session: Session, actor: Actor, scope: Scope) -> None:
    given = {"jobs": 120, "own_view": 3.5}
    assert save_criteria(session, actor, scope, CODE, given, "illustrative") == "new"
    assert save_criteria(session, actor, scope, CODE, {"jobs": 120}) == "unchanged"
    project = fact_frame(session, scope, ProjectFilters(code=(CODE,)))
    assert project.iloc[0]["own_view"] == 3.5
    assert save_criteria(session, actor, scope, CODE, {"jobs": 121}) == "changed"
    held = project_criteria(session, int(project.index[0]))
    assert {name: (row.value, row.basis) for name, row in held.items()} == {
        "jobs": (121, "reported"),
        "own_view": (3.5, "illustrative"),
    }
    for bad in ({"total_wan": 1.0}, {"jbos": 1.0}, {"two_high": 2.0}, {"jobs": float("inf")}):
        with pytest.raises(InvalidError):
            save_criteria(session, actor, scope, CODE, bad)
    with pytest.raises(ForbiddenError):
        save_criteria(session, Actor("reader", may_write=False), scope, CODE, {"jobs": 1})


def test_reviewers_state_criteria_of_their_own_projects_only(session: Session, scope: Scope) -> None:
    """The table of permissions gives `screening.score` to a city's reviewer for the city's own projects."""
    own = session.execute(text("SELECT code, id FROM projects WHERE city_code = '450500' LIMIT 1")).one()
    other = session.execute(text("SELECT code, id FROM projects WHERE city_code = '450700' LIMIT 1")).one()
    reviewer = Actor("reviewer", role="city_reviewer", city="450500")
    assert save_criteria(session, reviewer, scope, own.code, {"jobs": 7}) == "new"
    for refused in (
        lambda: save_criteria(session, reviewer, scope, other.code, {"jobs": 7}),
        lambda: save_many_criteria(session, reviewer, [Statement(other.id, other.code, "jobs", 7.0)]),
        lambda: save_criteria(session, Actor("office", role="project_office"), scope, own.code, {"jobs": 8}),
    ):
        with pytest.raises(ForbiddenError):
            refused()


def weighed_anew(policy: Policy, profile: str, weights: Mapping[str, float]) -> Policy:
    """The policy with other group weights in one profile."""
    profiles = tuple(
        msgspec.structs.replace(one, weights={**one.weights, **weights}) if one.code == profile else one
        for one in policy.profiles
    )
    return msgspec.structs.replace(policy, profiles=profiles)


def reweighed(session: Session) -> Policy:
    weights = {"strategy": 30, "maturity": 15}
    return weighed_anew(get_policy(session, "default"), "industry", weights)


def test_versions_are_drafts_until_they_are_used(session: Session, actor: Actor, scope: Scope) -> None:
    first = save_policy(session, actor, reweighed(session), "试算")
    assert (first.key, get_policy(session, "default").version) == ("default@2", 2)
    assert save_policy(session, actor, first, over=2).version == 2
    keep_scores(session, actor, scope, "default@2")
    with pytest.raises(ConflictError):
        save_policy(session, actor, first, over=2)
    assert save_policy(session, actor, first).version == 3
    states = {(row["code"], row["version"]): row["state"] for row in list_policies(session)}
    assert states == {
        ("default", 1): "built_in",
        ("default", 2): "frozen",
        ("default", 3): "draft",
        ("panel", 1): "built_in",
    }
    for unknown in ("nothing", "default@9", "default@x"):
        with pytest.raises(NotFoundError):
            get_policy(session, unknown)


def test_a_policy_with_findings_is_not_saved(session: Session, actor: Actor) -> None:
    bad = weighed_anew(get_policy(session, "default"), "industry", {"strategy": 90})
    with pytest.raises(InvalidError) as refused:
        save_policy(session, actor, bad)
    assert [fault.code for fault in refused.value.fields] == ["screening.weights_not_100"]


def test_kept_scores_can_be_explained_and_recomputed(engine: Engine, actor: Actor, scope: Scope) -> None:
    with Session(engine) as session:
        save_criteria(session, actor, scope, CODE, {"jobs": 120})
        run = keep_scores(session, actor, scope, "default", note="年度")
        before = score_frame(session, scope, "default@1")
        save_criteria(session, actor, scope, CODE, {"jobs": 1})
        session.commit()
        assert [(one["run"], one["policy"], one["projects"]) for one in score_runs(session)] == [
            (run, "default@1", 401)
        ]
        kept = run_scores(session, scope, run)
        assert kept["project"].tolist() == before["code"].tolist()
        assert kept["points"].tolist() == pytest.approx(before["points"].tolist())
        mine = kept[kept["project"] == CODE].iloc[0]
        assert mine["inputs"]["jobs"] == 120
        assert sum(mine["parts"].values()) == pytest.approx(mine["points"])
        number = int(fact_frame(session, scope, ProjectFilters(code=(CODE,))).index[0])
        history = [(one["run"], one["policy"], one["rank"]) for one in project_scores(session, number)]
        assert history == [(run, "default@1", mine["rank"])]
    assert "score" not in {one.code for one in breaches(engine)}


def test_a_score_that_its_inputs_do_not_give_is_a_breach(engine: Engine, actor: Actor, scope: Scope) -> None:
    with Session(engine) as session:
        run = keep_scores(session, actor, scope, "default")
        values = "SELECT run_id + 1, project_id, rank, points + 1, vetoed, missing, profile, inputs, parts FROM scores"
        session.execute(
            text("INSERT INTO score_runs SELECT id + 1, policy_id, 1, rules_version, '', at, actor FROM score_runs")
        )
        session.execute(text(f"INSERT INTO scores {values} WHERE rank = 1"))
        session.commit()
    assert [one.subject.split(" ")[0] for one in breaches(engine) if one.code == "score"] == [str(run + 1)]


@pytest.mark.parametrize(
    "statement", ["UPDATE gate_acts SET person = 'x'", "DELETE FROM scores", "DELETE FROM score_runs"]
)
def test_acts_and_kept_scores_cannot_be_changed(engine: Engine, actor: Actor, scope: Scope, statement: str) -> None:
    with Session(engine) as session:
        answer_gate(session, actor, scope, CODE, "owner", Act("justify", "李明", words="在建"))
        keep_scores(session, actor, scope, "panel")
        session.commit()
    with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
        connection.execute(text(statement))


def test_a_used_policy_cannot_be_changed_past_the_service(engine: Engine, actor: Actor, scope: Scope) -> None:
    with Session(engine) as session:
        save_policy(session, actor, get_policy(session, "panel"))
        keep_scores(session, actor, scope, "panel@1")
        session.commit()
    with engine.begin() as connection:
        connection.execute(text("UPDATE policy_versions SET note = 'x' WHERE version = 2"))
    with pytest.raises(DatabaseError, match="never changed"), engine.begin() as connection:
        connection.execute(text("UPDATE policy_versions SET note = 'x' WHERE version = 1"))


def test_criteria_written_past_the_service_are_seen(engine: Engine, actor: Actor, scope: Scope) -> None:
    with Session(engine) as session:
        number = int(fact_frame(session, scope, ProjectFilters(code=(CODE,))).index[0])
    with engine.begin() as connection:
        connection.execute(text(f"INSERT INTO criteria VALUES ({number}, 'panel', 7, 'reported')"))
    with Session(engine) as session:
        assert score_frame(session, scope, "panel").iloc[0]["points"] == 7


def test_an_explanation_adds_up_and_names_its_evidence(session: Session, actor: Actor, scope: Scope) -> None:
    save_criteria(session, actor, scope, CODE, {"people_served": 50_000}, "illustrative")
    found = explained(session, scope, get_policy(session, "default"), CODE)
    assert sum(part.points for part in found.parts) == pytest.approx(found.points)
    people = next(part for part in found.parts if part.criterion == "people")
    assert (people.evidence, people.percent, people.illustrative) == ({"people_served": 50_000}, 50, ("people_served",))
    funding = next(part for part in found.parts if part.criterion == "funding")
    assert (funding.unknown, funding.points, funding.evidence) == (True, 0, {"granted_share": None})
    assert {bar.group for bar in found.bars} == {group.code for group in found.policy.weighed}


def test_evidence_says_what_is_illustrative(session: Session, actor: Actor, scope: Scope) -> None:
    facts = {"total_investment_yuan": 10, "investment_basis": "illustrative"}
    update_project(session, actor, scope, CODE, facts)
    save_needs(session, actor, scope, CODE, [NeedEdit("land.built", 2026, HA, "illustrative")])
    save_needs(session, actor, scope, CODE, [NeedEdit("fund.own", 2026, 10)])
    marked = {one["gate"]: one["illustrative"] for one in project_gates(session, scope, CODE)}
    assert (marked["basic_farmland"], marked["sources_total"]) == (["pbf_ha"], ["sources_gap_wan"])
    parts = {part.criterion: part for part in explained(session, scope, get_policy(session, "default"), CODE).parts}
    assert set(parts["land_use"].illustrative) == {"land_ha", "total_wan"}
    assert parts["settled"].illustrative == ()


def test_the_robust_core_leaves_vetoed_projects_out(session: Session, actor: Actor, scope: Scope) -> None:
    take_farmland(session, actor, scope)
    frame = robust_core(session, scope, get_policy(session, "default"), Limit(20), draws=200)
    assert (len(frame), CODE in set(frame["code"])) == (400, False)
    assert frame["share"].sum() == pytest.approx(20)
    assert (frame["low_rank"] <= frame["high_rank"]).all()
