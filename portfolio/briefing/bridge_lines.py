"""The bridges from an edition's parent to itself as lines of a file: what was, every cause there is, what is now."""

from dataclasses import dataclass

from sqlmodel import Session

from portfolio.access.rules import Scope
from portfolio.core.i18n import t
from portfolio.rolling.queries import compare
from portfolio.rolling.rules.bridge import Bridge
from portfolio.rolling.tables import Edition


@dataclass(frozen=True)
class Part:
    """One bridge: its title and its lines (words, yuan), the remainder last."""

    title: str
    lines: tuple[tuple[str, int], ...]


def bridge_parts(session: Session, scope: Scope, edition: Edition, lang: str) -> list[Part]:
    """From the annual plan of the parent to that of the edition, then from window to window; none without a parent."""
    parent = session.get(Edition, edition.parent_id) if edition.parent_id else None
    if parent is None:
        return []
    cells, plan = compare(session, scope, parent.code, edition.code)
    told = {"annual": plan.bridge(), "window": cells.window_bridge()}
    title = t("diff-title", lang, before=parent.code, after=edition.code)
    return [Part(f"{title}: {t(f'bridge-{name}', lang)}", _lines(bridge, lang)) for name, bridge in told.items()]


def _lines(bridge: Bridge, lang: str) -> tuple[tuple[str, int], ...]:
    causes = [(t(f"cause-{cause}", lang), amount) for cause, amount in bridge.causes.items() if amount]
    ends = (t("diff-before", lang), bridge.before), (t("diff-after", lang), bridge.after)
    return (ends[0], *causes, ends[1], (t("prog-remainder", lang), bridge.remainder))
