"""Policies: built in or saved as versions; a version that scores or a scenario used is frozen."""

import msgspec
from sqlalchemy import func, select
from sqlmodel import Session, col

from portfolio.access.rules import Actor, require
from portfolio.core import revision
from portfolio.core.clock import utc_now
from portfolio.core.errors import ConflictError, FieldError, InvalidError, NotFoundError
from portfolio.journal import service as journal
from portfolio.screening.facts import known_facts
from portfolio.screening.records import PolicyRecord
from portfolio.screening.rules.books import built_in
from portfolio.screening.rules.checking import findings
from portfolio.screening.rules.policy import Policy, decode, encode
from portfolio.screening.tables import PolicyVersion
from portfolio.vocabulary.codes import entries

DRAFT, FROZEN, BUILT_IN = "draft", "frozen", "built_in"


def get_policy(session: Session, policy: str) -> Policy:
    """The policy `code` (its newest version) or `code@version`; raises `NotFoundError`."""
    code, _, version = policy.partition("@")
    wanted = int(version) if version.isdigit() else None
    if version and wanted is None:
        raise NotFoundError("screening.no_policy", value=policy)
    row = _row(session, code, wanted)
    shipped = built_in().get(code)
    if row is not None and (wanted is not None or shipped is None or row.version >= shipped.version):
        return decode(row.definition)
    if shipped is not None and wanted in (None, shipped.version):
        return shipped
    raise NotFoundError("screening.no_policy", value=policy)


def _row(session: Session, code: str, version: int | None) -> PolicyVersion | None:
    statement = select(PolicyVersion).where(col(PolicyVersion.code) == code)
    if version is not None:
        statement = statement.where(col(PolicyVersion.version) == version)
    return session.execute(statement.order_by(col(PolicyVersion.version).desc()).limit(1)).scalars().first()


def list_policies(session: Session) -> list[PolicyRecord]:
    """Every version by code and version: `code`, `version`, `state`, `name_zh`, `name_en`, `note`, `at`, `actor`."""
    rows = session.execute(select(PolicyVersion)).scalars()
    found = {(row.code, row.version): _listed(_kept(row), row.state, row) for row in rows}
    for policy in built_in().values():
        found.setdefault((policy.code, policy.version), _listed(policy, BUILT_IN, None))
    return [found[key] for key in sorted(found)]


def policy_name(row: PolicyRecord, lang: str) -> str:
    """What people call a policy of the list."""
    return row["name_en"] if lang == "en" else row["name_zh"]


def _kept(row: PolicyVersion) -> Policy:
    """The policy as it was saved; one that an earlier version wrote otherwise stands in the list by its code alone."""
    try:
        return decode(row.definition)
    except InvalidError:
        return Policy(row.code, row.version, row.code, row.code, (), (), ())


def _listed(policy: Policy, state: str, row: PolicyVersion | None) -> PolicyRecord:
    return {
        "code": policy.code,
        "version": policy.version,
        "name_zh": policy.name_zh,
        "name_en": policy.name_en,
        "state": state,
        "note": row.note if row else "",
        "at": row.at if row else None,
        "actor": row.actor if row else "",
    }


def policy_findings(session: Session, policy: Policy) -> list[FieldError]:
    """What is wrong with a policy over the facts this database knows."""
    return findings(policy, known_facts(session), entries("sectors"))


def save_policy(session: Session, actor: Actor, policy: Policy, note: str = "", over: int | None = None) -> Policy:
    """Save a policy as the next version of its code, or over the draft version `over`; returns it as it is stored.

    Raises `InvalidError` (`screening.invalid_policy`) with every finding, `ConflictError` when `over` is frozen.
    """
    require(actor, "policy.edit")
    revision.bump(session)
    version = _next(session, policy.code) if over is None else over
    fresh = msgspec.structs.replace(policy, version=version)
    faults = policy_findings(session, fresh)
    if faults:
        raise InvalidError("screening.invalid_policy", faults)
    held = _row(session, policy.code, version)
    if over is not None and (held is None or held.state != DRAFT):
        raise ConflictError("screening.policy_frozen", value=fresh.key)
    before = held.definition if held else None
    row = held or PolicyVersion(code=fresh.code, version=version, state=DRAFT, definition="", at=utc_now(), actor="")
    row.definition, row.note, row.at, row.actor = encode(fresh), note, utc_now(), actor.name
    session.add(row)
    session.flush()
    journal.record(session, actor, "screening", [journal.Entry(fresh.key, "policy", before, row.definition)], note)
    return fresh


def _next(session: Session, code: str) -> int:
    newest = session.execute(select(func.max(col(PolicyVersion.version))).where(col(PolicyVersion.code) == code))
    shipped = built_in().get(code)
    return max(newest.scalar() or 0, shipped.version if shipped else 0) + 1


def freeze(session: Session, actor: Actor, policy: Policy) -> int:
    """Keep the version for good because it was used; returns its row's number. Whoever used it was asked before."""
    revision.bump(session)
    row = _row(session, policy.code, policy.version)
    if row is None:
        row = PolicyVersion(
            code=policy.code,
            version=policy.version,
            state=FROZEN,
            definition=encode(policy),
            at=utc_now(),
            actor=actor.name,
        )
    elif row.state == DRAFT:
        row.state = FROZEN
    session.add(row)
    session.flush()
    return int(row.id or 0)
