"""A search for a unit or a place by a name of its line finds what is borne or lies there, under old names and new."""

import re
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, or_, select
from sqlmodel import col

from portfolio.core.plain_text import searchable
from portfolio.projects.tables import Project, ProjectRegion, ProjectUnit
from portfolio.scheme.heirs import line_of
from portfolio.scheme.tables import Unit
from portfolio.vocabulary.tables import Region

_NAME = re.compile(r"[\u4e00-\u9fff]{2,30}")


def may_name(text: str) -> bool:
    """Whether what is searched for may be the name of a unit or a place: Chinese characters and nothing else."""
    return _NAME.fullmatch(searchable(text)) is not None


def of_named(text: str) -> ColumnElement[bool]:
    """The projects of units or places that bear the name `text`, took over who bore it, or were taken over by them.

    The whole name is meant: 国土资源厅 and 横县 are names, 资源 is none.
    """
    name = searchable(text)
    units = line_of(Unit, or_(*(col(Unit.name_zh) == name, col(Unit.full_name_zh) == name, _alias(name))))
    places = line_of(Region, col(Region.name_zh) == name)
    linked = select(col(ProjectUnit.project_id)).where(col(ProjectUnit.unit_code).in_(units))
    touching = select(col(ProjectRegion.project_id)).where(col(ProjectRegion.region_code).in_(_with_parts(places)))
    return or_(
        col(Project.lead_unit).in_(units),
        col(Project.office_unit).in_(units),
        col(Project.id).in_(linked),
        col(Project.id).in_(touching),
    )


def _alias(name: str) -> ColumnElement[bool]:
    aliases: Any = ";" + col(Unit.aliases_zh) + ";"
    found: ColumnElement[bool] = aliases.contains(f";{name};", autoescape=True)
    return found


def _with_parts(places: CompoundSelect[Any]) -> Select[Any]:
    """The regions and, of a city, what lies in it."""
    return select(col(Region.code)).where(or_(col(Region.code).in_(places), col(Region.city_code).in_(places)))
