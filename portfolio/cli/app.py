"""The `portfolio` command. Exit codes: 0 done, 1 findings or refused (then nothing was written), 2 wrong usage."""

import os
import sys
from collections.abc import Callable
from typing import Any

import typer

from portfolio.cli import (
    allocation,
    archiving,
    imports,
    keeping,
    people,
    rolling,
    screening,
    serving,
    succession,
    tables,
)
from portfolio.cli.faults import OUTSIDE, outside_fault
from portfolio.cli.helping import Command, Group
from portfolio.cli.opening import looked_at
from portfolio.cli.telling import language, say_record
from portfolio.cli.usage import command_path, usage_code, usage_text
from portfolio.core.errors import PortfolioError
from portfolio.core.i18n import error_text, fault_text, t

INTERRUPTED = 130

Commands = dict[str, Callable[..., None]]
COMMANDS: Commands = {
    "init": keeping.init,
    "serve": serving.serve,
    "import": imports.import_,
    "export": tables.export,
    "template": tables.template,
    "roll": rolling.roll,
    "screen": screening.screen,
    "allocate": allocation.allocate,
    "check": keeping.check,
    "backup": archiving.backup,
    "restore": archiving.restore,
    "migrate": keeping.migrate,
    "illustrative": keeping.illustrative,
}
GROUPS: dict[str, Commands] = {
    "edition": rolling.EDITIONS,
    "unit": succession.UNITS,
    "user": {**people.PEOPLE, "hand-over": succession.hand_over_user},
    "token": people.TOKENS,
}


def _made(commands: Commands) -> typer.Typer:
    made = typer.Typer(cls=Group, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    for name, function in commands.items():
        made.command(name, cls=Command)(function)
    return made


app = _made(COMMANDS)
for group, held in GROUPS.items():
    app.add_typer(_made(held), name=group, cls=Group)


def main() -> None:
    """Run the command; whatever comes from outside is told in words, with `--json` as one object too."""
    try:
        code = typer.main.get_command(app).main(prog_name="portfolio", standalone_mode=False)
    except typer.TyperException as error:
        code = _tell_usage(error)
    except typer.Abort:
        code = INTERRUPTED
    except BrokenPipeError:
        # Who read the answer has left (`| head`): nothing more can be said, and nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except PortfolioError as error:
        code = _tell(error)
    except OUTSIDE as error:
        fault = outside_fault(error)
        if fault is None:
            raise
        code = _tell(fault)
    if code == INTERRUPTED:
        _tell_interrupted()
    sys.exit(code or 0)


def _tell_usage(error: typer.TyperException) -> int:
    if type(error).__name__ == "NoArgsIsHelpError":
        typer.echo(error.message, err=True)
        _say_error("usage.no_command_given", t("error-usage-no_command_given", language()))
        return error.exit_code
    words = usage_text(error)
    typer.echo(words, err=True)
    typer.echo(t("cli-usage-hint", language(), command=command_path(error)), err=True)
    _say_error(usage_code(error), words)
    return error.exit_code


def _tell(error: PortfolioError) -> int:
    lang = language()
    words = error_text(error.code, lang, error.params)
    typer.echo(words, err=True)
    fields = [{"field": fault.field, "code": fault.code, "text": fault_text(fault, lang)} for fault in error.fields]
    for fault in fields:
        typer.echo(f"  {fault['field']}: {fault['text']}", err=True)
    if error.code.startswith("schema."):
        typer.echo(t("cli-looked-at", lang, place=looked_at()))
    _say_error(error.code, words, fields=fields)
    return 2 if error.code == "setting.invalid" else 1


def _tell_interrupted() -> None:
    words = t("error-command-interrupted", language())
    typer.echo(words, err=True)
    _say_error("command.interrupted", words)


def _say_error(code: str, words: str, **more: Any) -> None:
    say_record("--json" in sys.argv[1:], {"error": {"code": code, "text": words, **more}})
