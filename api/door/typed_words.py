"""What a field takes, in the reader's language: the framework words its refusals in English alone."""

from collections.abc import Mapping
from typing import Any

from portfolio.core.i18n import t

# What the framework calls a refusal (its beginning) and the text that says what belongs there.
TEXTS: Mapping[str, str] = {
    "int": "typed-whole_number",
    "float": "typed-number",
    "decimal": "typed-number",
    "finite": "typed-number",
    "bool": "typed-truth",
    "string_too_long": "typed-at_most_long",
    "string_too_short": "typed-at_least_long",
    "string_pattern_mismatch": "typed-pattern",
    "string": "typed-text",
    "too_long": "typed-at_most_many",
    "too_short": "typed-at_least_many",
    "list": "typed-list",
    "dict": "typed-object",
    "model": "typed-object",
    "literal_error": "typed-one_of",
    "enum": "typed-one_of",
    "greater_than_equal": "typed-at_least",
    "greater_than": "typed-more_than",
    "less_than_equal": "typed-at_most",
    "less_than": "typed-less_than",
    "date": "typed-day",
    "extra_forbidden": "typed-unknown_field",
}
LIMITS = ("ge", "gt", "le", "lt", "max_length", "min_length", "pattern", "expected")


def typed_words(item: Mapping[str, Any], lang: str) -> str:
    """The words for one refusal of the framework."""
    kind, context = str(item["type"]), item.get("ctx") or {}
    key = next((TEXTS[begin] for begin in TEXTS if kind.startswith(begin)), "typed-other")
    limit = next((context[name] for name in LIMITS if name in context), "")
    return t(key, lang, limit=str(limit).replace("'", "").replace(" or ", ", "))
