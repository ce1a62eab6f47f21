"""Words for what was stored with the texts and the parameters of its day: findings, reasons, notes, faults, codes.

What is stored outlives the catalogue: a text may be gone, or may ask for more than was kept. Then what was kept is
shown as it stands, so that a page never fails for what an earlier version wrote.
"""

from collections.abc import Mapping
from typing import Any

from portfolio.core.i18n import has_text, t


def stored_text(
    kind: str, code: str, lang: str, params: Mapping[str, Any], kept: Mapping[str, Any] | None = None
) -> str:
    """Today's text `<kind>-<code>` when what was stored fills it, else the code with what was stored beside it.

    `kept` is what was stored where `params` hold more than that.
    """
    key = f"{kind}-{code.replace('.', '-')}"
    if has_text(key, lang):
        try:
            return t(key, lang, **params)
        except KeyError:  # the text asks for a place that was not stored
            pass
    held = params if kept is None else kept
    told = "; ".join(f"{name} {_plain(value)}" for name, value in held.items() if value not in ("", None))
    return t("stored-words", lang, code=code, words=told) if told else code


def stored_remedy(code: str, lang: str, params: Mapping[str, Any]) -> str:
    """Today's remedy of a stored finding; that there is none any more when its text is gone or asks for more."""
    key = f"remedy-{code}"
    try:
        return t(key, lang, **params) if has_text(key, lang) else t("stored-remedy", lang)
    except KeyError:  # the text asks for a place that was not stored
        return t("stored-remedy", lang)


def stored_name(kind: str, code: str, lang: str) -> str:
    """The name `<kind>-<code>` of a stored code, the code itself when it has none any more; empty for none."""
    return stored_text(kind, code, lang, {}) if code else ""


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
