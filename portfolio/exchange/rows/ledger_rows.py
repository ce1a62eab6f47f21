"""Pools and ledger entries as rows of a table."""

from collections.abc import Iterator
from typing import Any

from sqlmodel import Session

from portfolio.access.rules import Scope
from portfolio.core.i18n import t
from portfolio.core.units import outer_text
from portfolio.ledger.queries import iterate_entries, list_pools
from portfolio.vocabulary import codes
from portfolio.vocabulary.elements import element_tree


def pool_rows(session: Session, scope: Scope, lang: str | None) -> Iterator[list[Any]]:
    """Pools with the quantity they were given in all; the day of opening stays blank."""
    for pool in list_pools(session, scope):
        yield [
            pool["code"],
            _item(session, pool["item"], lang),
            pool["year"],
            pool["region_code"],
            _named("level", pool["level"], lang),
            outer_text(pool["total"], pool["dimension"]),
            pool["valid_until"] or "",
            pool["doc_no"],
            _named("pool-kind", pool["kind"], lang),
            pool["name"],
            "",
            codes.label("bases", pool["basis"], lang) if lang else pool["basis"],
            int(pool["carries"]),
        ]


def entry_rows(session: Session, scope: Scope, lang: str | None) -> Iterator[list[Any]]:
    """Every entry, the oldest first."""
    for entry in iterate_entries(session, scope):
        yield [
            entry["id"],
            _named("entry-kind", entry["kind"], lang),
            entry["pool"],
            entry["project"] or "",
            _item(session, entry["item"], lang),
            entry["year"],
            outer_text(entry["quantity"], entry["dimension"]),
            entry["on_date"],
            entry["doc_no"],
            entry["note"],
            "" if entry["kind"] == "reverse" else entry["source"],
            entry["counter_pool"] or "",
            entry["reverses_id"] or "",
        ]


def _item(session: Session, code: str, lang: str | None) -> str:
    return element_tree(session).path_name(code, lang) if lang else code


def _named(prefix: str, code: str, lang: str | None) -> str:
    return t(f"{prefix}-{code}", lang) if lang else code
