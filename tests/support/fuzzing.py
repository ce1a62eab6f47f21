"""Schemathesis over the API's own document: what it sends is made from the document, what it checks is the document."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zlib import crc32

import schemathesis
from fastapi import FastAPI
from hypothesis import strategies as st
from schemathesis.config import GenerationConfig, SchemathesisConfig
from schemathesis.engine import events, from_schema

from api.routes.narrowing import ProjectParameters
from api.schemas.values import FIRST_YEAR, LAST_YEAR, MOST
from tests.support.filled import name_in

# A rule of the domain (a code nobody knows, a unit that is none) is no part of the document, and answers 422 or 409.
ACCEPTED = ["2xx", "401", "403", "404", "409", "412", "422", "428", "429"]
REFUSED = ["400", "401", "403", "404", "405", "409", "412", "413", "415", "422", "428", "429"]
LACKING = ["400", "401", "403", "415", "422", "428"]
SHARED = set(ProjectParameters.model_fields)  # the filters of twenty lists: tried on one of them
ONCE = "list_projects"


@dataclass
class Tried:
    """How many requests were made, what they were answered, and what was found."""

    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    @property
    def cases(self) -> int:
        """How many requests were made."""
        return self.statuses.total()


@schemathesis.hook
def map_path_parameters(context: Any, path_parameters: dict[str, Any] | None) -> dict[str, Any] | None:
    """Three of four addresses name something that is there."""
    if not path_parameters or not context.operation:
        return path_parameters
    declared = context.operation.definition.raw.get("parameters", ())
    numbers = {one["name"] for one in declared if one["in"] == "path" and one["schema"].get("type") == "integer"}
    return {
        name: _there(context.operation.path, name, value, name in numbers) for name, value in path_parameters.items()
    }


def _there(path: str, name: str, value: Any, number: bool) -> Any:
    known = name_in(path, name)
    low, high = (FIRST_YEAR, LAST_YEAR) if name == "year" else (1, MOST)
    # What is wrong is left wrong: a number that became null comes here as the word.
    sound = type(value) is int and low <= value <= high if number else isinstance(value, str)
    return known if known and sound and crc32(repr(value).encode()) % 4 else value


def tried(app: FastAPI, examples: int, chosen: Callable[[str], bool], seed: int = 1) -> Tried:
    """Try the operations whose method and path are chosen: every boundary once, then `examples` drawn at random."""
    days = st.dates(date(1900, 1, 1), date(2099, 12, 31)).map(date.isoformat)
    schemathesis.openapi.format("date", days)
    schema = schemathesis.openapi.from_dict(_once(app.openapi()), config=_settings(examples, seed))
    schema.app = app
    found = Tried()
    for event in from_schema(schema.include(lambda context: chosen(context.operation.label))).execute():
        if isinstance(event, events.ScenarioFinished):
            found.faults.extend(_told(event, found.statuses))
        elif isinstance(event, events.NonFatalError):
            found.faults.append(f"{event.label}: {event.value!r}")
        elif isinstance(event, events.FatalError):
            raise event.exception
    return found


def _once(document: dict[str, Any]) -> dict[str, Any]:
    """The document with the shared filters at one operation alone."""
    paths = {
        path: {
            method: operation if operation["operationId"] == ONCE else _without_shared(operation)
            for method, operation in methods.items()
        }
        for path, methods in document["paths"].items()
    }
    return {**document, "paths": paths}


def _without_shared(operation: dict[str, Any]) -> dict[str, Any]:
    own = [one for one in operation.get("parameters", ()) if one["in"] != "query" or one["name"] not in SHARED]
    filtered = {one["name"] for one in operation.get("parameters", ())} >= SHARED
    return {**operation, "parameters": own} if filtered else operation


def _settings(examples: int, seed: int) -> SchemathesisConfig:
    config = SchemathesisConfig(seed=seed)
    project = config.projects.default
    # Who comes is no part of it: the suite's owner may do everything, and others are tried in tests/access.
    project.generation = GenerationConfig(
        max_examples=examples, no_shrink=True, deterministic=True, with_security_parameters=False
    )
    project.continue_on_failure = True
    project.phases.stateful.enabled = False
    project.phases.fuzzing.enabled = examples > 0
    checks = project.checks
    checks.positive_data_acceptance.expected_statuses = ACCEPTED
    checks.negative_data_rejection.expected_statuses = REFUSED
    checks.missing_required_header.expected_statuses = LACKING
    checks.ignored_auth.enabled = False
    return config


def _told(event: events.ScenarioFinished, statuses: Counter[int]) -> Iterator[str]:
    recorder = event.recorder
    for number, node in recorder.cases.items():
        interaction = recorder.interactions.get(number)
        if interaction is not None and interaction.response is not None:
            statuses[interaction.response.status_code] += 1
        for check in recorder.checks.get(number, ()):
            if check.failure_info is not None:
                fault = check.failure_info.failure
                yield f"{recorder.label} {check.name}: {fault.title} {fault.message}\n{node.value.as_curl_command()}"[
                    :1500
                ]
