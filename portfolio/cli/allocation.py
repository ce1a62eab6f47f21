"""`portfolio allocate`: solve a problem from a folder of tables, without a database."""

import signal
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from sqlmodel import Session
from tqdm import tqdm

from portfolio.access.local import LOCAL_OWNER
from portfolio.allocation.model.answer import Answer, Finding, Progress, Reason, Settings
from portfolio.allocation.model.policies import PANEL, Policy, policies
from portfolio.allocation.model.problem import MAX_DELAY, Problem, Terms
from portfolio.allocation.search.engine import Stopping, solve
from portfolio.cli.destination import require_destination
from portfolio.cli.opening import read_library
from portfolio.cli.telling import AsJson, finding_line, language, say_record
from portfolio.cli.usage import WrongUsage
from portfolio.core.formatting import number
from portfolio.core.i18n import t
from portfolio.core.settings import get_settings
from portfolio.core.units import outer_number
from portfolio.exchange.rows.problem_folder import read_problem
from portfolio.exchange.sheets.writing import write_csv
from portfolio.scenarios.options import Options
from portfolio.scenarios.service import NewScenario, make_scenario
from portfolio.scenarios.solving.solving import read_problem as read_scenario
from portfolio.scenarios.words import finding_words

HEADING = ("project", "supported", "delay", "value", "rung", "reason")
LISTED_ON_SCREEN = 200


def allocate(
    problem: Annotated[Path | None, typer.Option("--problem", metavar="DIR")] = None,
    edition: Annotated[str | None, typer.Option("--edition", metavar="EDITION")] = None,
    policy: Annotated[str | None, typer.Option(metavar="POLICY")] = None,
    max_delay: Annotated[int, typer.Option(metavar="YEARS", min=0, max=MAX_DELAY)] = 0,
    time_limit: Annotated[float, typer.Option(metavar="SECONDS", min=0)] = 60.0,
    gap: Annotated[float, typer.Option(metavar="GAP", min=0, max=1)] = 0.0,
    stability: Annotated[float, typer.Option(metavar="POINTS", min=0)] = 0.0,
    as_json: AsJson = False,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE")] = None,
) -> None:
    """Choose the projects to support within the pools; Ctrl-C keeps the best found."""
    if (problem is None) == (edition is None):
        raise WrongUsage("usage.one_of", names="--edition EDITION, --problem DIR")
    if problem is not None and not problem.is_dir():
        raise WrongUsage("usage.no_folder", name="--problem", value=str(problem.absolute()))
    if output is not None:
        require_destination(output, (".csv",))
    if edition is not None:
        asked = Options(max_delay, time_limit, gap, stability)
        allocate_edition(NewScenario(edition, edition, policy or "default", "", asked), as_json, output)
    if problem is None:
        return
    chosen = policies().get(policy or PANEL)
    if chosen is None:
        raise WrongUsage("usage.not_of", name="--policy", value=policy or PANEL, allowed=", ".join(policies()))
    terms = Terms(max_delay, chosen.delay_loss)
    allocate_problem(_read(problem, chosen, terms, stability, as_json), Settings(time_limit, gap), as_json, output)


def allocate_edition(asked: NewScenario, as_json: bool, output: Path | None) -> None:
    """Solve an edition against the ledger's pools as they now are; nothing is written to the database."""
    with Session(read_library()) as session:
        code = f"~{uuid.uuid4().hex[:12]}"
        make_scenario(session, LOCAL_OWNER, replace(asked, code=code))
        built, settings = read_scenario(session, code)
        session.rollback()
    severe = [finding for finding in built.findings if finding.severe]
    if severe:
        _refuse(severe, as_json)
    allocate_problem(built.problem, settings, as_json, output)


def _refuse(found: list[Finding], as_json: bool) -> NoReturn:
    lang = language()
    for finding in found if not as_json else ():
        typer.echo(told(finding, lang))
    typer.echo(t("cli-allocation-refused", lang, count=str(len(found))))
    told_ = [{"code": one.code, **one.params, "text": told(one, lang)} for one in found]
    say_record(as_json, {**_nothing("invalid"), "findings": told_})
    raise typer.Exit(1)


def allocate_problem(problem: Problem, settings: Settings, as_json: bool, output: Path | None) -> None:
    """Solve, tell and write an answer; exit 0 with an allocation, 1 without one."""
    lang = language()
    with _interrupted() as stopping, _progress() as watch:
        answer = solve(problem, settings, watch, stopping)
    for finding in answer.findings[:LISTED_ON_SCREEN] if not as_json else ():
        typer.echo(told(finding, lang))
    if output is not None and answer.value is not None:
        write_csv(output, HEADING, _rows(answer, lang))
    typer.echo(_line(answer, lang))
    for reason in answer.conflict:
        typer.echo(f"  {reason_text(reason, lang)}")
    say_record(as_json, as_record(problem, answer, lang))
    raise typer.Exit(0 if answer.value is not None else 1)


def _read(folder: Path, policy: Policy, terms: Terms, stability: float, as_json: bool) -> Problem:
    settings = get_settings()
    problem, findings = read_problem(folder, policy, terms, settings.max_import_mb, stability)
    if problem is not None:
        return problem
    lang = settings.language
    for finding in list(findings)[:LISTED_ON_SCREEN] if not as_json else []:
        typer.echo(finding_line(finding, lang))
    typer.echo(t("cli-allocation-refused", lang, count=str(findings.total)))
    found = [finding.as_record(lang) for finding in findings]
    say_record(as_json, {**_nothing("invalid"), "findings": found})
    raise typer.Exit(1)


@contextmanager
def _interrupted() -> Iterator[Stopping]:
    """Ctrl-C asks the search to stop instead of ending the command."""
    stop = threading.Event()
    before = signal.signal(signal.SIGINT, lambda number, frame: stop.set())
    try:
        yield stop.is_set
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _progress() -> Iterator[Any]:
    lang = language()
    with tqdm(desc="allocate", unit="", disable=not sys.stderr.isatty(), bar_format="{desc}") as bar:

        def watch(progress: Progress) -> None:
            parts = [number(progress.value, lang, 2), number(progress.bound, lang, 2), f"{progress.seconds:.1f} s"]
            bar.set_description_str("allocate  " + "  ".join(parts))

        yield watch


def told(finding: Finding, lang: str) -> str:
    """A finding with its remedy as one line."""
    return "  →  ".join(finding_words({"code": finding.code, "params": finding.params}, lang))


def reason_text(reason: Reason, lang: str) -> str:
    """A reason in words."""
    shown = {
        key: number(value, lang, 4) if isinstance(value, float) else str(value) for key, value in reason.params.items()
    }
    return t(f"allocation-reason-{reason.code}", lang, **shown)


def _rows(answer: Answer, lang: str) -> Iterator[list[Any]]:
    for one in answer.decisions:
        delay = "" if one.delay is None else one.delay
        yield [one.project, int(one.supported), delay, plain(one.value), one.rung, reason_text(one.reason, lang)]


def plain(value: float | None) -> float | int | None:
    """A value as a JSON number: whole ones without a point."""
    return int(value) if value is not None and value == int(value) else value


def _line(answer: Answer, lang: str) -> str:
    if answer.value is None:
        return t("cli-allocation-none", lang, status=t(f"allocation-status-{answer.status}", lang))
    return t(
        "cli-allocation-done",
        lang,
        status=t(f"allocation-status-{answer.status}", lang),
        value=number(answer.value, lang, 4),
        bound=number(answer.bound, lang, 4),
        gap=number((answer.gap or 0) * 100, lang, 4),
        count=str(len(answer.supported)),
        seconds=number(answer.seconds, lang, 1),
        ranked=number(answer.greedy_value, lang, 4),
    )


def _nothing(status: str) -> dict[str, Any]:
    empty = dict.fromkeys(("value", "bound", "gap", "greedy_value"))
    return {"status": status, **empty, "seconds": 0.0, "supported": [], "pools": []}


def as_record(problem: Problem, answer: Answer, lang: str) -> dict[str, Any]:
    """The answer as `--json` gives it; quantities in 万元 and 公顷."""
    return {
        "status": answer.status,
        "value": plain(answer.value),
        "bound": plain(answer.bound),
        "gap": answer.gap,
        "seconds": answer.seconds,
        "engine": answer.engine,
        "supported": list(answer.supported),
        "delays": {one.project: one.delay for one in answer.decisions if one.delay},
        "greedy_value": plain(answer.greedy_value),
        "rungs": [vars(rung) for rung in answer.rungs],
        "pools": list(_pools(problem, answer)),
        "conflict": [{"code": one.code, **one.params, "text": reason_text(one, lang)} for one in answer.conflict],
        "findings": [{"code": one.code, **one.params, "text": told(one, lang)} for one in answer.findings],
    }


def _pools(problem: Problem, answer: Answer) -> Iterator[dict[str, Any]]:
    for pool, use in zip(problem.pools, answer.pools, strict=False):
        dimension = "money" if pool.item.startswith("fund") else "area"
        numbers = {
            name: outer_number(getattr(use, name), dimension) for name in ("limit", "carried_in", "used", "left")
        }
        head = {"pool": pool.code, "item": pool.item, "year": pool.year, "region_code": pool.region}
        yield {**head, "level": pool.level, "unit": "wan_yuan" if dimension == "money" else "ha", **numbers}
