"""PostgreSQL's own programs: which are installed, which may speak with a server, and how they are told where it is."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL

from portfolio.core.errors import ConflictError
from portfolio.core.settings import get_settings

# Where Debian and the packages of the PostgreSQL project keep each version.
KEPT = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin")
# What an address may say beside host, name and password, as the programs read it from their environment.
WORDS = {
    "host": "PGHOST",
    "port": "PGPORT",
    "options": "PGOPTIONS",
    "service": "PGSERVICE",
    "passfile": "PGPASSFILE",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}


@dataclass(frozen=True)
class Program:
    """An installed program and the version it is of, the first number."""

    path: Path
    version: int


def program(name: str, wanted: int) -> Program:
    """The program `name` of version `wanted`, else of the next later one that is installed.

    Raises `ConflictError` when there is none (`backup.no_program`) or only older ones (`backup.program_old`): an older
    one does not know everything that a newer server holds.
    """
    found = {one.version: one for one in _installed(name)}
    later = sorted(version for version in found if version >= wanted)
    if later:
        return found[later[0]]
    if not found:
        raise ConflictError("backup.no_program", program=name, version=str(wanted))
    raise ConflictError("backup.program_old", program=name, version=str(wanted), held=str(max(found)))


def _installed(name: str) -> Iterator[Program]:
    """Every version that is installed; of one version the one that the setting or the path names comes last."""
    chosen = get_settings().postgres_programs
    if chosen:
        places = [Path(chosen) / name]
    else:
        on_path = shutil.which(name)
        kept = [path for pattern in KEPT for path in sorted(Path("/").glob(f"{pattern}/{name}"))]
        places = [*kept, *([Path(on_path)] if on_path else [])]
    for path in places:
        version = _version(path)
        if version is not None:
            yield Program(path, version)


def _version(path: Path) -> int | None:
    try:
        told = subprocess.run([path, "--version"], capture_output=True, text=True, check=False, timeout=20)
    except OSError:
        return None
    matched = re.search(r"\s(\d+)(?:\.\d+)*", told.stdout)
    return int(matched[1]) if matched and told.returncode == 0 else None


def environment(url: URL) -> dict[str, str]:
    """The environment that tells a program where the database is; the password stands in no argument."""
    told = {WORDS[name]: str(value) for name, value in url.query.items() if name in WORDS}
    stated = {"PGHOST": url.host, "PGPORT": url.port, "PGUSER": url.username, "PGPASSWORD": url.password}
    told |= {name: str(value) for name, value in stated.items() if value is not None}
    return {**os.environ, **told, "PGDATABASE": url.database or "", "PGCLIENTENCODING": "UTF8", "LC_MESSAGES": "C"}
