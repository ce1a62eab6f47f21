"""What was arranged, in words: 拟安排 or 拟不安排, and what of it does not hold any more."""

from portfolio.core.clock import LOCAL_ZONE
from portfolio.core.i18n import t
from portfolio.scenarios.following.arranged import Arranged
from portfolio.scenarios.rules.holding import CHANGED, HOLDS


def outcome(one: Arranged, lang: str) -> str:
    """What was decided on a project."""
    if not one.supported:
        return t("arranged-no", lang)
    delay = one.decision.delay
    return t("arranged-later", lang, years=str(delay)) if delay else t("arranged-yes", lang)


def holding(one: Arranged, lang: str) -> str:
    """What of the decision does not hold any more; empty while it holds as it was approved."""
    if one.state == HOLDS:
        return ""
    if one.state == CHANGED and one.changed_at is not None:
        return t("arranged-state-changed", lang, day=one.changed_at.astimezone(LOCAL_ZONE).date().isoformat())
    return t(f"arranged-state-{one.state}", lang)


def whole(one: Arranged, reason: str, lang: str) -> str:
    """What was decided on a project, of a refused one with the reason, and what of it does not hold any more."""
    said = outcome(one, lang)
    if not one.supported and reason:
        said = t("arranged-why", lang, outcome=said, reason=reason)
    kept = holding(one, lang)
    return t("arranged-but", lang, said=said, state=kept) if kept else said
