"""`portfolio serve`."""

import socket
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from sqlmodel import Session

from portfolio.cli.opening import sqlite_file
from portfolio.cli.telling import language, say
from portfolio.core.errors import ConflictError, ForbiddenError, NotReadyError
from portfolio.core.i18n import t
from portfolio.core.schema import head, own_engine
from portfolio.core.settings import get_settings
from portfolio.demonstration.people import PASSWORD
from portfolio.people.identity import demonstration_people, sign_in_required
from portfolio.people.sign_in import on_this_machine


def serve(
    host: Annotated[str | None, typer.Option(metavar="HOST")] = None,
    port: Annotated[int | None, typer.Option(metavar="PORT", min=1, max=65535)] = None,
) -> None:
    """Start the product."""
    settings = get_settings()
    address, number = host or settings.host, port or settings.port
    _tell_and_guard(address)
    _require_free(address, number)
    say("cli-serving", url=f"http://{address}:{number}/", docs=f"http://{address}:{number}/api/docs")
    proxies = settings.trusted_proxies
    uvicorn.run(
        "asgi:create_app",
        factory=True,
        # The one beside this package: an installed copy of an earlier day must not come first.
        app_dir=str(Path(__file__).resolve().parents[2]),
        host=address,
        port=number,
        log_level=settings.log_level.lower(),
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies or None,
    )


def _tell_and_guard(host: str) -> None:
    """Say the demonstration accounts; refuse to show them, or the local owner, to other machines."""
    file = sqlite_file()
    if file is not None and not file.exists():
        raise NotReadyError("schema.empty", held="-", own=head())
    with Session(own_engine(get_settings().database_url)) as session:
        shown, open_door = demonstration_people(session), not sign_in_required(session)
    if (shown or open_door) and not on_this_machine(host):
        raise ForbiddenError("people.exposed", host=host)
    if shown and not open_door:
        say("cli-demo-accounts", password=PASSWORD)
        for person in shown:
            typer.echo(f"  {person.name}\t{t(f'role-{person.role}', language())}")


def _require_free(host: str, port: int) -> None:
    """Raise `ConflictError` where this machine does not let the product listen; the server would say it in its log."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(found[0], found[1]) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(found[4])
    except OSError as error:
        raise ConflictError("serve.cannot_listen", host=host, port=str(port), reason=str(error)) from error
