"""What a page needs to know of the request: language, theme, path and query."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import request

from portfolio.core.i18n import LANGUAGES, error_text, t
from portfolio.core.settings import get_settings


@dataclass(frozen=True)
class Context:
    """Language, theme (`light`, `dark`), path and query (name → values) of a page."""

    lang: str
    theme: str
    path: str = "/"
    query: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def text(self, key: str, **params: Any) -> str:
        """The text `key` in the page's language."""
        return t(key, self.lang, **params)

    def listed(self, names: Iterable[str]) -> str:
        """Names in a row, separated as the language does it."""
        return (", " if self.lang == "en" else "、").join(names)

    def width(self, pixels: int) -> int:
        """The width of a column of words in a grid, half as wide again in English; pinned ones keep theirs (phones)."""
        return pixels * 3 // 2 if self.lang == "en" else pixels

    def error(self, code: str, /, **params: Any) -> str:
        """The message of an error in the page's language."""
        return error_text(code, self.lang, params)

    def values(self, name: str) -> tuple[str, ...]:
        """Every value of a query parameter."""
        return self.query.get(name, ())

    def value(self, name: str) -> str:
        """The first value of a query parameter, empty when absent."""
        return next(iter(self.values(name)), "")


def request_context(path: str = "/", search: str = "") -> Context:
    """The context of the current request, for the page at `path` with `search`."""
    lang = request.cookies.get("lang", "")
    theme = request.cookies.get("theme", "")
    query = {name: tuple(values) for name, values in parse_qs((search or "").lstrip("?")).items()}
    return Context(
        lang if lang in LANGUAGES else get_settings().language,
        theme if theme in ("light", "dark") else "light",
        path,
        query,
    )


def referred_context() -> Context:
    """The context of the page that asks for its layout (told by the Referer), else the overview."""
    parts = urlsplit(request.headers.get("Referer", ""))
    return request_context(parts.path or "/", parts.query)
