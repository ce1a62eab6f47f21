"""What a file says of itself when whoever asked for it sees only a part of the projects."""

from portfolio.access.rules import Scope
from portfolio.core.i18n import t


def part_note(scope: Scope, lang: str) -> str:
    """That sums and absences in the file are about the projects its reader may see; empty when that is all of them."""
    return "" if scope.everything else t("file-part-note", lang)
