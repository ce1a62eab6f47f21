"""`portfolio init`, `migrate`, `check` and `illustrative`: the state a library is in."""

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from tqdm import tqdm

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.cli.opening import looked_at, open_library, read_library, require_there
from portfolio.cli.telling import AsJson, language, say, say_record
from portfolio.cli.usage import WrongUsage
from portfolio.core import schema
from portfolio.core.database import make_engine, transaction
from portfolio.core.i18n import t
from portfolio.core.settings import get_settings
from portfolio.demonstration import service as demonstration
from portfolio.upkeep.invariants import breaches
from portfolio.upkeep.setup import Level, bring_up, initialise

ACTIONS = ("status", "remove", "add")


def init(
    demo: Annotated[bool, typer.Option("--demo")] = False,
    bare: Annotated[bool, typer.Option("--bare")] = False,
    as_json: AsJson = False,
) -> None:
    """Schema up to date, scheme loaded."""
    if demo and bare:
        raise WrongUsage("usage.one_of", names="--demo, --bare")
    level: Level = "bare" if bare else "demo" if demo else "scheme"
    with tqdm(desc="init", unit="", disable=not sys.stderr.isatty()) as bar:
        engine = make_engine(get_settings().database_url)
        initialise(engine, level, lambda: _advance(bar, 1), _tell_copy)
    say("cli-init-done")
    say_record(as_json, {"database": looked_at(), "level": level, "schema": schema.head()})


def migrate(as_json: AsJson = False) -> None:
    """Schema up to date, data as it is."""
    require_there()
    engine = make_engine(get_settings().database_url)
    bring_up(engine, told=_tell_copy)
    engine.dispose()
    say("cli-migrated", version=schema.head())
    say_record(as_json, {"database": looked_at(), "schema": schema.head()})


def _tell_copy(copy: Path | None) -> None:
    say("cli-migrate-copied", file=str(copy)) if copy else say("cli-migrate-not-copied")


def check(as_json: AsJson = False) -> None:
    """Recompute every invariant of the database."""
    require_there()
    typer.echo(t("cli-looked-at", language(), place=looked_at()), err=True)
    found = []
    for breach in breaches(make_engine(get_settings().database_url)):
        words = t(f"check-{breach.code}", language(), subject=breach.subject)
        typer.echo(words)
        found.append({"code": breach.code, "subject": breach.subject, "warning": breach.warning, "text": words})
    failed = sum(not one["warning"] for one in found)
    say("cli-check-failed" if failed else "cli-check-passed", count=str(failed))
    say_record(as_json, {"passed": not failed, "failed": failed, "findings": found})
    raise typer.Exit(1 if failed else 0)


def illustrative(
    action: Annotated[str, typer.Argument(metavar="ACTION")] = "status",
    as_json: AsJson = False,
) -> None:
    """Show, remove or add the illustrative figures; what was reported stays as it is."""
    if action not in ACTIONS:
        raise WrongUsage("usage.not_of", name="ACTION", value=action, allowed=", ".join(ACTIONS))
    engine = read_library() if action == "status" else open_library()
    with transaction(engine) as session:
        if action == "remove":
            removed = demonstration.remove_figures(session, LOCAL_OWNER, EVERYTHING)
            say("cli-illustrative-removed", **{name: str(count) for name, count in removed.items()})
            record: dict[str, object] = {"removed": dict(removed)}
        elif action == "add":
            count = demonstration.add_figures(session, LOCAL_OWNER, EVERYTHING)
            say("cli-illustrative-added", count=str(count))
            record = {"projects": count}
        else:
            version = demonstration.status(session)
            say("cli-illustrative-status", version=version or "-")
            record = {"version": version}
    say_record(as_json, record)


def _advance(bar: "tqdm[NoReturn]", pieces: int) -> None:
    bar.update(pieces)
