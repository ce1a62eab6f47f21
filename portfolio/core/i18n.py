"""Texts for people, in Chinese and English, from the Fluent catalogues beside this module."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from fluent.runtime import FluentBundle, FluentResource

from portfolio.core.errors import FieldError

LANGUAGES = ("zh", "en")
DEFAULT_LANGUAGE = "zh"
CATALOGUES = Path(__file__).parent / "catalogues"
LOCALES = {"zh": "zh-CN", "en": "en-GB"}


@lru_cache
def _bundle(lang: str) -> FluentBundle:
    bundle = FluentBundle([LOCALES[lang]], use_isolating=False)
    for path in sorted((CATALOGUES / lang).glob("*.ftl")):
        bundle.add_resource(FluentResource(path.read_text(encoding="utf-8")))
    return bundle


@lru_cache(maxsize=8192)
def _plain(key: str, lang: str) -> str:
    return _format(key, lang, {})


def _format(key: str, lang: str, params: Mapping[str, Any]) -> str:
    bundle = _bundle(lang)
    if not bundle.has_message(key):
        raise KeyError(f"no text {key!r} in catalogue {lang!r}")
    value = bundle.get_message(key).value
    if value is None:
        raise KeyError(f"text {key!r} has no value in catalogue {lang!r}")
    text, faults = bundle.format_pattern(value, dict(params))
    if faults:
        raise KeyError(f"text {key!r} in {lang!r}: {faults[0]}")
    return str(text)


def t(key: str, lang: str = DEFAULT_LANGUAGE, **params: Any) -> str:
    """The text `key` in `lang`; `params` fill its places. A missing text or place raises KeyError."""
    return _format(key, lang, params) if params else _plain(key, lang)


def has_text(key: str, lang: str = DEFAULT_LANGUAGE) -> bool:
    """Whether catalogue `lang` knows `key`."""
    return _bundle(lang).has_message(key)


def choose_language(asked: str | None) -> str:
    """The product's language for what was asked (`zh`, `en`, or an Accept-Language value); Chinese when in doubt."""
    for part in (asked or "").lower().split(","):
        tag = part.split(";")[0].strip()[:2]
        if tag in LANGUAGES:
            return tag
    return DEFAULT_LANGUAGE


def error_text(code: str, lang: str, params: Mapping[str, Any]) -> str:
    """The message of error `code` (`project.not_found` is the text `error-project-not_found`)."""
    return _format("error-" + code.replace(".", "-"), lang, params)


def fault_text(fault: FieldError, lang: str) -> str:
    """The message of a fault, after what it is of where it is one of a batch."""
    words = error_text(fault.code, lang, fault.params)
    if fault.about is None:
        return words
    return f"{fault.about.en}: {words}" if lang == "en" else f"{fault.about.zh}：{words}"
