"""Commands whose help is in the reader's language, wrapped by the width that its characters have on a terminal."""

import re
import unicodedata
from collections.abc import Iterator
from shutil import get_terminal_size
from typing import Any

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from portfolio.cli.help_texts import command_key, filled, parameter_text
from portfolio.cli.telling import language
from portfolio.cli.usage import WrongUsage
from portfolio.core.i18n import has_text, t

WIDEST, NARROWEST, INDENT = 110, 50, 2
NAMES_AT_MOST = 30


class Command(TyperCommand):
    """A command with its help in the reader's language."""

    allow_extra_args = True

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments; more of them than the command takes are refused here, in words."""
        rest: list[str] = super().parse_args(ctx, args)
        if ctx.args:
            raise WrongUsage("usage.too_many", values=" ".join(ctx.args))
        return rest

    def get_help(self, ctx: Any) -> str:
        """The whole help."""
        return "\n".join(_help(self, ctx))


class Group(TyperGroup):
    """A command of commands with its help in the reader's language."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command that is meant; an unknown one is told with those there are."""
        if args[0] not in self.commands and not args[0].startswith("-"):
            raise WrongUsage("usage.no_command", value=args[0], allowed=", ".join(self.commands))
        return super().resolve_command(ctx, args)

    def get_help(self, ctx: Any) -> str:
        """The whole help."""
        return "\n".join(_help(self, ctx))


def _help(command: Command | Group, ctx: Any) -> Iterator[str]:
    lang, path = language(), tuple(ctx.command_path.split()[1:])
    width = max(NARROWEST, min(WIDEST, get_terminal_size().columns))
    yield t("help-usage", lang, command=" ".join([ctx.command_path, *_pieces(command, lang)]))
    yield ""
    yield from wrapped(filled(command_key(path), lang), width)
    if isinstance(command, Group):
        short = [(name, _first_sentence(filled(command_key((*path, name)), lang))) for name in command.commands]
        yield from _table("help-commands", short, width, lang)
    for kind, heading in ((TyperArgument, "help-arguments"), (TyperOption, "help-options")):
        rows = [(_names(one, lang), parameter_text(path, one, lang)) for one in command.params if isinstance(one, kind)]
        if kind is TyperOption:
            rows.append(("--help", t("help-option-help", lang)))
        yield from _table(heading, rows, width, lang)
    example = f"{command_key(path)}-example"
    if has_text(example):
        yield from ("", t("help-example", lang), *(f"  {line}" for line in t(example, lang).splitlines()))


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=。)|(?<=\.) ", text)[0]


def _pieces(command: Command | Group, lang: str) -> Iterator[str]:
    """What follows the command: its required options, that there are others, and its arguments."""
    options = [one for one in command.params if isinstance(one, TyperOption)]
    yield from (_names(one, lang).split(", ")[-1] for one in options if one.required)
    if not all(one.required for one in options):
        yield t("help-any-options", lang)
    if isinstance(command, Group):
        yield t("help-any-command", lang)
    for one in command.params:
        if isinstance(one, TyperArgument):
            name = one.metavar or one.name.upper()
            yield name if one.required else f"[{name}]"


def _names(parameter: TyperOption | TyperArgument, lang: str) -> str:
    if isinstance(parameter, TyperArgument):
        return parameter.metavar or parameter.name.upper()
    names = ", ".join(sorted(parameter.opts, key=len))
    return names if parameter.is_flag else f"{names} {parameter.metavar or t('help-value', lang)}"


def _table(heading: str, rows: list[tuple[str, str]], width: int, lang: str) -> Iterator[str]:
    if not rows:
        return
    column = min(NAMES_AT_MOST, max(wide(name) for name, _ in rows)) + 2 * INDENT
    yield from ("", t(heading, lang))
    for name, words in rows:
        lines = list(wrapped(words, width - column))
        first = " " * INDENT + name
        if wide(first) > column - INDENT:
            yield first
        else:
            yield first + " " * (column - wide(first)) + lines.pop(0)
        yield from (" " * column + line for line in lines)


def wide(text: str) -> int:
    """How many columns a terminal gives `text`: two for a character of full width."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def wrapped(text: str, width: int) -> Iterator[str]:
    """`text` in lines of at most `width` columns, broken at blanks and between characters of full width."""
    line = ""
    for piece in _breakable(text.replace("\n", " ")):
        if line and wide((line + piece).rstrip()) > width:
            yield line.rstrip()
            line = piece.lstrip()
        else:
            line += piece
    yield line.rstrip()


def _breakable(text: str) -> Iterator[str]:
    """The pieces of `text` between which a line may end; a sign that closes stays with what stands before it."""
    piece = ""
    for character in text:
        full = unicodedata.east_asian_width(character) in "WF"
        closes = unicodedata.category(character) in ("Po", "Pe", "Pf")
        after_full = bool(piece) and unicodedata.east_asian_width(piece[-1]) in "WF"
        opens = bool(piece) and unicodedata.category(piece[-1]) in ("Ps", "Pi")
        if piece and not closes and not opens and (piece[-1] == " " or full or after_full) and character != " ":
            yield piece
            piece = ""
        piece += character
    yield piece
