"""Where every project stands in its checklist on a day, as arrays: what applies, what is done, what is left."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.needs.cube import Snapshot, snapshot
from portfolio.needs.tables import NotApplicable
from portfolio.projects.tables import Project
from portfolio.readiness.rules.approvals import DONE
from portfolio.readiness.rules.templates import Template, authority_rules, statuses, step_kinds, template
from portfolio.readiness.tables import ProjectStep
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.tree import ElementTree

Mask = NDArray[np.bool_]
ELEMENTS = ("land", "sea", "forest")
STARTED = ("under_construction", "completed")
_BATCH = 50_000


@dataclass(frozen=True)
class State:
    """All projects in the order of the needs' copy; steps in the order of `codes` (every step there is)."""

    cube: Snapshot
    codes: tuple[str, ...]
    done: Mask
    left: NDArray[np.float64]
    started: Mask
    concerned: dict[str, Mask]


@dataclass(frozen=True)
class Group:
    """The projects (places) of one template, with its steps' columns of `State`."""

    template: Template
    places: NDArray[np.int64]
    columns: NDArray[np.int64]
    assumed: bool


def read_state(session: Session, as_of: str) -> State:
    """The state on the day `as_of`: an approval that has run out before the works began is to be done again."""
    cube, codes = snapshot(session), tuple(step_kinds())
    done = np.zeros((len(cube.ids), len(codes)), np.bool_)
    left = np.ones((len(cube.ids), len(codes)))
    shares = {code: int(row["left_percent"]) / 100 for code, row in statuses().items()}
    column = {code: place for place, code in enumerate(codes)}
    for rows in _step_rows(session):
        project, step, status, until = zip(*rows, strict=True)
        places = np.searchsorted(cube.ids, np.array(project, np.int64))
        steps = np.array([column.get(code, -1) for code in step])
        left[places, steps] = [shares.get(code, 1.0) for code in status]
        valid = [s in DONE and (u is None or u >= as_of) for s, u in zip(status, until, strict=True)]
        done[places, steps] = valid
        expired = np.array([s in DONE for s in status]) & ~np.array(valid)
        left[places[expired], steps[expired]] = 1.0
    return State(cube, codes, done, left, _started(session, cube), _concerned(session, cube, element_tree(session)))


def groups(state: State) -> list[Group]:
    """The projects by their template; those that state no approval type get the longest one, marked `assumed`."""
    types, sectors = state.cube.attributes["approval_type"], state.cube.attributes["sector"]
    keys = types.codes.astype(np.int64) * len(sectors.labels) + sectors.codes
    found = []
    for key in np.unique(keys[state.cube.alive]):
        kind, sector = types.labels[key // len(sectors.labels)], sectors.labels[key % len(sectors.labels)]
        chosen = template(kind, sector)
        columns = np.array([state.codes.index(code) for code in chosen.codes], np.int64)
        found.append(Group(chosen, np.flatnonzero((keys == key) & state.cube.alive), columns, kind is None))
    return found


def applicable(state: State, group: Group) -> Mask:
    """Which steps of its template each project of the group has to take: projects × steps."""
    found = np.ones((len(group.places), len(group.columns)), np.bool_)
    for place, step in enumerate(group.template.steps):
        if step.applies in ELEMENTS:
            found[:, place] = state.concerned[step.applies][group.places]
        elif step.applies == "optional":
            found[:, place] = False
    return found


def areas_by_rule(session: Session, cube: Snapshot) -> list[NDArray[np.int64]]:
    """For each authority rule the area (m²) its items take in every project, all years together."""
    tree = element_tree(session)
    found = []
    for rule in authority_rules():
        wanted = np.zeros(max(tree.by_id) + 1, np.bool_)
        for item in rule.items:
            wanted[[leaf.id for leaf in tree.leaves_under(item)]] = True
        keep = wanted[cube.item]
        sums = np.bincount(cube.project[keep], weights=cube.required[keep], minlength=len(cube.ids))
        found.append(sums.astype(np.int64))
    return found


def authority_places(session: Session, cube: Snapshot, rule: str) -> NDArray[np.int64]:
    """For each project the place in `authority_rules()` of who approves by `rule`; -1 where it takes no area."""
    found = np.full(len(cube.ids), -1, np.int64)
    for place, (one, area) in enumerate(zip(authority_rules(), areas_by_rule(session, cube), strict=True)):
        if one.rule == rule:
            fits = area >= one.threshold_m2 if one.inclusive else area > one.threshold_m2
            found[(found < 0) & fits & (area > 0)] = place
    return found


def _step_rows(session: Session) -> Any:
    columns: list[Any] = [ProjectStep.project_id, ProjectStep.step, ProjectStep.status, ProjectStep.valid_until]
    cursor = session.connection().connection.cursor()
    cursor.execute(str(select(*columns).compile(session.connection())))
    yield from iter(lambda: cursor.fetchmany(_BATCH), [])
    cursor.close()


def _started(session: Session, cube: Snapshot) -> Mask:
    """Whether works began: by the stage, or since the month is stated in which they did."""
    stage = cube.attributes["stage"]
    by_stage = np.isin(stage.codes, [place for place, label in enumerate(stage.labels) if label in STARTED])
    told = session.execute(select(col(Project.id)).where(col(Project.actual_start_month).is_not(None))).scalars()
    return by_stage | np.isin(cube.ids, np.array(sorted(told), np.int64))


def _concerned(session: Session, cube: Snapshot, tree: ElementTree) -> dict[str, Mask]:
    """Whether a project has to do with land, sea and forest (see docs/decisions/0005)."""
    marked = session.execute(select(col(Project.id)).where(col(Project.sea_related).is_(True))).scalars()
    sea_project = np.isin(cube.ids, np.array(list(marked), np.int64))
    found = {}
    for element in ELEMENTS:
        leaves = [leaf.id for leaf in tree.leaves_under(element)]
        here = np.isin(cube.item, leaves)
        asked, said = np.zeros(len(cube.ids), np.bool_), np.zeros(len(cube.ids), np.bool_)
        said[cube.project[here]] = True
        asked[cube.project[here & (cube.required > 0)]] = True
        no = select(col(NotApplicable.project_id)).where(col(NotApplicable.item_id) == tree.by_code[element].id)
        said[np.isin(cube.ids, np.array(list(session.execute(no).scalars()), np.int64))] = True
        silent = {"land": ~said, "sea": ~said & sea_project, "forest": np.zeros_like(said)}[element]
        found[element] = asked | silent
    return found
