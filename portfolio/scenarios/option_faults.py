"""What is wrong with shares and groups of a scenario, each fault at its own field."""

from collections.abc import Collection, Iterator

from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.core.errors import FieldError, InvalidError
from portfolio.rolling.standing import standing
from portfolio.rolling.tables import EditionEntry
from portfolio.scenarios.options import GroupOption, Options, ShareOption
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.tables import Region

NO_OPTIONS = Options()
LONGEST_CODE = 40


def require_known(session: Session, edition_id: int, options: Options, held: Options = NO_OPTIONS) -> None:
    """Raise `InvalidError` with every fault of the shares and groups that are not among `held` already.

    Fields are named `shares.0.region`, `groups.1.projects`: list, place, field.
    """
    found = list[FieldError]()
    for place, share in enumerate(options.shares):
        if share not in held.shares:
            others = [*options.shares[:place], *options.shares[place + 1 :]]
            found += _placed("shares", place, _share_faults(session, share, others))
    for place, group in enumerate(options.groups):
        if group not in held.groups:
            codes = [one.code for other, one in enumerate(options.groups) if other != place]
            found += _placed("groups", place, _group_faults(session, edition_id, group, codes))
    if found:
        raise InvalidError("allocation.bad_scenario", found)


def _placed(name: str, place: int, faults: Iterator[FieldError]) -> Iterator[FieldError]:
    return (FieldError(f"{name}.{place}.{fault.field}", fault.code, fault.params) for fault in faults)


def _share_faults(session: Session, share: ShareOption, others: Collection[ShareOption]) -> Iterator[FieldError]:
    if not share.region:
        yield FieldError("region", "field.required")
    elif session.get(Region, share.region) is None:
        yield FieldError("region", "field.unknown_code", {"value": share.region})
    if not share.item:
        yield FieldError("item", "field.required")
    elif share.item not in element_tree(session).by_code:
        yield FieldError("item", "item.not_found", {"value": share.item})
    rest = sum(one.percent for one in others if one.item == share.item)
    if not 0 < share.percent <= 100:
        yield FieldError("percent", "allocation.bad_percent", {"value": str(share.percent)})
    elif rest + share.percent > 100 and share.region not in {one.region for one in others}:
        yield FieldError("percent", "allocation.shares_over_whole", {"value": str(rest + share.percent)})
    if any((one.region, one.item) == (share.region, share.item) for one in others):
        yield FieldError("region", "allocation.share_exists")


def _group_faults(
    session: Session, edition_id: int, group: GroupOption, codes: Collection[str]
) -> Iterator[FieldError]:
    if not group.code.strip():
        yield FieldError("code", "field.required")
    elif len(group.code) > LONGEST_CODE:
        yield FieldError("code", "field.too_long", {"limit": str(LONGEST_CODE)})
    elif group.code in codes:
        yield FieldError("code", "allocation.group_exists", {"value": group.code})
    if len(set(group.projects)) < 2:
        yield FieldError("projects", "allocation.group_of_one")
    if len(set(group.projects)) < len(group.projects):
        yield FieldError("projects", "allocation.group_twice")
    entries = select(col(EditionEntry.code)).where(col(EditionEntry.edition_id) == edition_id, standing())
    known = set(session.execute(entries.where(col(EditionEntry.code).in_(group.projects))).scalars())
    for code in sorted(set(group.projects) - known):
        yield FieldError("projects", "allocation.not_in_edition", {"value": code})
