"""Wrong usage, told in the reader's language with what the option or argument takes."""

from datetime import date
from typing import Any

import typer
from typer.core import TyperArgument, TyperOption

from portfolio.cli.help_texts import parameter_text
from portfolio.cli.telling import language
from portfolio.core.i18n import error_text

# What the parser found, by the name of its exception: it words them in English alone.
CODES = {
    "MissingParameter": "usage.missing",
    "NoSuchOption": "usage.no_option",
    "BadOptionUsage": "usage.no_value",
    "BadParameter": "usage.bad_value",
}


class WrongUsage(typer.BadParameter):
    """The command was called in a way it does not know: exit code 2, nothing done."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(error_text(code, language(), params))
        self.code = code


def usage_code(error: typer.TyperException) -> str:
    """The stable code of what the parser, or a command, found wrong."""
    return error.code if isinstance(error, WrongUsage) else CODES.get(type(error).__name__, "usage.wrong")


def usage_text(error: typer.TyperException) -> str:
    """What is wrong, and what belongs there."""
    if isinstance(error, WrongUsage):
        return error.message
    code, lang = usage_code(error), language()
    if code == "usage.wrong":
        return error_text(code, lang, {"detail": error.format_message()})
    parameter = getattr(error, "param", None)
    if isinstance(parameter, TyperOption | TyperArgument):
        words = {"name": shown_name(parameter), "words": parameter_text(_path(error), parameter, lang)}
        return error_text(code, lang, words)
    return error_text(code, lang, {"name": getattr(error, "option_name", ""), "words": ""})


def command_path(error: typer.TyperException) -> str:
    """The command that was meant, as it is typed."""
    context = getattr(error, "ctx", None)
    return str(context.command_path) if context is not None else "portfolio"


def _path(error: typer.TyperException) -> tuple[str, ...]:
    return tuple(command_path(error).split()[1:])


def shown_name(parameter: TyperOption | TyperArgument) -> str:
    """An option by its longest name, an argument by what stands for it."""
    if isinstance(parameter, TyperOption):
        return max(parameter.opts, key=len)
    return parameter.metavar or parameter.name.upper()


def read_day(text: str, option: str) -> date:
    """The day that `text` names; `WrongUsage` for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongUsage("usage.bad_day", name=option, value=text) from None
