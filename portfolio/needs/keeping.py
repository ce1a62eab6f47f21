"""A project's needs as one value: as they were accepted, or with what is proposed laid over them."""

from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.needs.changes import held_needs, proposed_over
from portfolio.needs.details import details_proposed
from portfolio.needs.tables import Need, NeedDetail, NotApplicable
from portfolio.vocabulary.elements import element_tree


def kept_needs(session: Session, project_id: int) -> dict[str, Any]:
    """`needs` as [item, year, base units], `not_applicable` item codes, `details` as [item, attribute, value]."""
    codes = element_tree(session).by_id
    own, closed, said = col(Need.project_id), col(NotApplicable.project_id), col(NeedDetail.project_id)
    needs = select(col(Need.item_id), col(Need.year), col(Need.required)).where(own == project_id)
    shut = select(col(NotApplicable.item_id)).where(closed == project_id)
    details = select(col(NeedDetail.item_id), col(NeedDetail.attribute), col(NeedDetail.value)).where(
        said == project_id
    )
    return {
        "needs": sorted([codes[item].code, year, required] for item, year, required in session.execute(needs)),
        "not_applicable": sorted(codes[item].code for item in session.execute(shut).scalars()),
        "details": sorted([codes[item].code, name, value] for item, name, value in session.execute(details)),
    }


def needs_as_proposed(session: Session, project_id: int) -> dict[str, Any]:
    """`kept_needs` with what is proposed laid over it."""
    tree, accepted = element_tree(session), kept_needs(session, project_id)
    held = proposed_over(session, tree, project_id, held_needs(session, project_id))
    said = {(item, name): value for item, name, value in accepted["details"]}
    return {
        "needs": sorted([tree.by_id[item].code, year, value[0]] for (item, year), value in held.needs.items()),
        "not_applicable": sorted(tree.by_id[item].code for item in held.closed),
        "details": sorted([*key, value] for key, value in details_proposed(session, project_id, said).items()),
    }
