"""What names are compared by: the one place that says when two spellings are one name."""

import re
import unicodedata

LONGEST = 200
_BRACKETS = str.maketrans("〔〕[]{}【】〖〗", "()()()()()")
_INVISIBLE = frozenset(("Cc", "Cf", "Co", "Cs", "Zl", "Zp", "Zs"))
# Marks that show nothing and are no format characters: joiners, fillers, selectors of a glyph's variant.
_FILLERS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_NOISE = re.compile(r"[()“”\"'‘’·、,.。—–-]+")


def plain_name(name: str) -> str:
    """What a name is known by: NFKC, nothing invisible, no blanks, brackets alike, one case.

    Two names with the same plain name are the same name; the result is at most `LONGEST` characters.
    """
    if name.isascii() and name.isalnum():
        return name.casefold()[:LONGEST]
    wide = unicodedata.normalize("NFKC", _FILLERS.sub("", name)).translate(_BRACKETS).casefold()
    shown = "".join(one for one in wide if unicodedata.category(one) not in _INVISIBLE)
    # What a blank kept apart may come together now: "Y¯" is Y, a blank and a mark that joins the letter before it.
    return unicodedata.normalize("NFKC", _FILLERS.sub("", shown))[:LONGEST]


def bare_name(plain: str) -> str:
    """A plain name without brackets and punctuation: what likeness is measured on, never identity."""
    return _NOISE.sub("", plain)
