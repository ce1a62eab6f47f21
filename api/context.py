"""What every route depends on: the session, the reader's scope, the writer and the language."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Header, Query, Request
from sqlmodel import Session

from api.origin import origin_of_request
from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.access.origin import stamp
from portfolio.access.rules import Actor, Scope
from portfolio.core.database import transaction
from portfolio.core.errors import PortfolioError
from portfolio.core.i18n import choose_language


class PreconditionMissingError(PortfolioError):
    """A change came without If-Match."""

    kind = "precondition_required"


async def read_session(request: Request) -> AsyncIterator[Session]:
    """A session to read with; nothing is committed. Opening and closing one does not wait, so no thread is needed."""
    with Session(request.app.state.engine, expire_on_commit=False) as session:
        yield session


def write_session(request: Request) -> Iterator[Session]:
    """The one transaction of a writing request, committed before the answer is sent."""
    with transaction(request.app.state.engine) as session:
        stamp(session, origin_of_request(request))
        yield session


async def reader_scope() -> Scope:
    """What the caller may read (until accounts exist, everything)."""
    return EVERYTHING


async def writer(request: Request) -> Actor:
    """Who the caller is (until accounts exist, the local owner), with address and request."""
    origin = origin_of_request(request)
    return replace(LOCAL_OWNER, address=origin.address, request_id=origin.request_id)


async def language(
    lang: Annotated[str | None, Query(description="zh / en", pattern="^(zh|en)$")] = None,
    accept_language: Annotated[str | None, Header()] = None,
) -> str:
    """The language of messages: `lang`, else Accept-Language, else Chinese."""
    return choose_language(lang or accept_language)


def request_language(request: Request) -> str:
    """The language of a request that failed before its parameters were read."""
    return choose_language(request.query_params.get("lang") or request.headers.get("accept-language"))


async def expected_version(
    if_match: Annotated[str | None, Header(description="ETag of the record as it was read")] = None,
) -> int:
    """The version in If-Match; raises when it is missing, and 0 (never current) when it is not ours."""
    return version_of(if_match)


def version_of(if_match: str | None) -> int:
    """The version an If-Match header names; raises when there is none."""
    if if_match is None:
        raise PreconditionMissingError("request.no_if_match")
    text = if_match.strip().removeprefix("W/").strip('"')
    return int(text) if text.isdigit() else 0


Reading = Annotated[Session, Depends(read_session)]
Writing = Annotated[Session, Depends(write_session, scope="function")]
Within = Annotated[Scope, Depends(reader_scope)]
By = Annotated[Actor, Depends(writer)]
Language = Annotated[str, Depends(language)]
Expected = Annotated[int, Depends(expected_version)]


def etag(version: int | None) -> str:
    """The ETag of a record's version."""
    return f'"{version or 0}"'
