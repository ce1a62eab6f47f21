"""What the columns of a template choose from, in the template's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.access.rules import Scope
from portfolio.core.i18n import t
from portfolio.exchange.rows.projects_named import named_project
from portfolio.ledger.queries import list_pools
from portfolio.ledger.rules import FREE, HELD, LEVELS, MOVES, POOL_KINDS
from portfolio.projects.filters import WITH_PROPOSED, conditions
from portfolio.projects.tables import Project
from portfolio.readiness.rules.templates import statuses, step_kinds
from portfolio.scheme.directory import UnitDirectory, unit_directory
from portfolio.vocabulary.codes import entries, label
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.regions import RegionDirectory, region_directory
from portfolio.vocabulary.tree import ELEMENTS, ElementTree

CODE_LISTS = ("sectors", "natures", "approval_types", "stages", "bases")
Words = Mapping[str, str]  # code → what people read


@dataclass(frozen=True)
class Lists:
    """The choices of one language. `parents` names, for a list that depends on another column, each code's parent."""

    lang: str
    words: Mapping[str, Words]
    parents: Mapping[str, Words]
    tree: ElementTree
    units: UnitDirectory
    regions: RegionDirectory

    def word(self, name: str, code: str) -> str:
        """What people read for a code; what the list does not hold is shown as itself."""
        return self.words[name].get(code, code)

    def rows(self, name: str) -> Sequence[tuple[str, str]]:
        """(parent's word, word) of a list that depends on another column, those of a parent together."""
        parents = self.parents[name]
        return sorted(((parents[code], word) for code, word in self.words[name].items()), key=lambda row: row[0])


def lists(session: Session, scope: Scope, lang: str) -> Lists:
    """Every list a template may need; the projects are those of the scope."""
    tree, units, regions = element_tree(session), unit_directory(session), region_directory(session)
    words: dict[str, Words] = {name: _labels(name, lang) for name in (*CODE_LISTS, "kinds")}
    words["flags"] = {"1": t("template-yes", lang), "0": t("template-no", lang)}
    words["units"] = {unit.code: units.name(unit.code, lang) for unit in units.units if not unit.valid_to}
    words["cities"] = {city.code: regions.name(city.code, lang) for city in regions.cities}
    words["regions"] = {region.code: regions.path_name(region.code, lang) for region in regions.present}
    inside = [region for city in regions.cities for region in regions.under(city.code)]
    words["counties"] = {region.code: regions.name(region.code, lang) for region in inside}
    words["elements"] = {code: tree.by_code[code].name(lang) for code in ELEMENTS}
    words["items"] = {leaf.code: tree.path_name(leaf.code, lang) for leaf in tree.leaves}
    words["nodes"] = {node.code: tree.path_name(node.code, lang) for node in tree.nodes}
    words["steps"] = {code: step.name(lang) for code, step in step_kinds().items()}
    words["statuses"] = {code: row[f"name_{lang}"] for code, row in statuses().items()}
    words |= _of_ledger(session, scope, lang)
    words["projects"] = _projects(session, scope)
    parents: dict[str, Words] = {
        "kinds": {code: label("sectors", row["sector"], lang) for code, row in entries("kinds").items()},
        "counties": {region.code: regions.name(region.city_code or "", lang) for region in inside},
        "items": {leaf.code: tree.by_code[leaf.element].name(lang) for leaf in tree.leaves},
    }
    return Lists(lang, words, parents, tree, units, regions)


def _labels(name: str, lang: str) -> Words:
    return {code: label(name, code, lang) for code in entries(name)}


def _of_ledger(session: Session, scope: Scope, lang: str) -> dict[str, Words]:
    return {
        "levels": {code: t(f"level-{code}", lang) for code in LEVELS},
        "pool_kinds": {code: t(f"pool-kind-{code}", lang) for code in POOL_KINDS},
        "entry_kinds": {code: t(f"entry-kind-{code}", lang) for code in (*MOVES, "reverse")},
        "buckets": {code: t(f"bucket-{code}", lang) for code in (FREE, *HELD)},
        "pools": {pool["code"]: pool["code"] for pool in list_pools(session, scope)},
    }


def _projects(session: Session, scope: Scope) -> Words:
    statement = select(col(Project.code), col(Project.name_zh)).where(*conditions(WITH_PROPOSED, scope))
    rows = session.execute(statement.order_by(col(Project.code)))
    return {code: named_project(code, name) for code, name in rows}
