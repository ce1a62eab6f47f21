"""What comes from a browser into any callback: what nobody can see in a text is cut before a page reads it.

One place for every page there is or will be. What no text may hold at all is left in it: the form that asked says so at
its field, or the column that should store it does (`portfolio.core.text_columns`), and a draft keeps what was typed.
"""

from typing import Any

from flask import Flask, request

from portfolio.core.plain_text import seen_only

CALLBACK = "/_dash-update-component"
SECRETS = frozenset(("own-old", "own-new", "second-password", "person-password"))  # taken as they were chosen
PASTED = frozenset(("entry-paste",))  # a table from a spreadsheet: tabs are what its cells are told apart by
CONTENTS = "contents"  # a file's bytes as letters: nothing typed, and large


def install(server: Flask) -> None:
    """Cut what cannot be seen in whatever is sent to the callbacks of `server`."""
    server.before_request(_cut)


def _cut() -> None:
    if request.path != CALLBACK:
        return
    body = request.get_json(silent=True)
    for side in ("inputs", "state"):
        for given in _each(body.get(side) if isinstance(body, dict) else None):
            if given.get("property") != CONTENTS and not _is_kept(given.get("id")):
                given["value"] = seen_only(given.get("value"))


def _is_kept(identity: Any) -> bool:
    return isinstance(identity, str) and identity in SECRETS | PASTED


def _each(given: Any) -> list[dict[str, Any]]:
    """Every value of a side; those of a pattern of ids lie in a list of their own."""
    if isinstance(given, dict):
        return [given] if "value" in given else []
    return [one for part in given for one in _each(part)] if isinstance(given, list) else []
