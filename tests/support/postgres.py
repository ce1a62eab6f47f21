"""A throwaway PostgreSQL cluster: its own port and folder, removed afterwards; PostgreSQL refuses to run as root."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

USER = "portfolio"


def program(name: str) -> str:
    """A PostgreSQL program, on the path or where Debian keeps the newest version."""
    found = shutil.which(name)
    if found:
        return found
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    if not kept:
        raise FileNotFoundError(f"{name}: install PostgreSQL (scripts/system-packages.sh)")
    return str(kept[-1])


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _as_server() -> dict[str, int]:
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam("postgres")
    return {"user": account.pw_uid, "group": account.pw_gid}


@dataclass(frozen=True)
class Cluster:
    """A cluster that can be stopped beneath whoever uses it, and started again in its place."""

    url: str
    _control: tuple[str, ...]
    _options: str
    _quiet: dict[str, Any]

    def start(self) -> None:
        """Start it, and wait until it answers."""
        subprocess.run([*self._control, "-o", self._options, "start"], check=True, **self._quiet)

    def stop(self, mode: str = "fast") -> None:
        """Stop it: `fast` ends the sessions in words, `immediate` as a crash would."""
        subprocess.run([*self._control, "-m", mode, "stop"], check=True, **self._quiet)


@contextmanager
def cluster(durable: bool = False) -> Iterator[str]:
    """Start a cluster and yield the URL of its maintenance database; a `durable` one waits for the disk."""
    with cluster_of_its_own(durable) as made:
        yield made.url


@contextmanager
def cluster_of_its_own(durable: bool = False) -> Iterator[Cluster]:
    """Start a cluster for one user alone, who may stop it."""
    folder = Path(tempfile.mkdtemp(prefix="portfolio-pg-"))
    identity = _as_server()
    if identity:
        os.chown(folder, identity["user"], identity["group"])
    data, port = folder / "data", free_port()
    quiet = {"stdout": subprocess.DEVNULL, "cwd": folder, **identity}
    subprocess.run(
        [program("initdb"), "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"],
        check=True,
        **quiet,
    )
    quick = "" if durable else "-c fsync=off -c full_page_writes=off -c synchronous_commit=off"
    control = (program("pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"))
    url = f"postgresql+psycopg://{USER}@127.0.0.1:{port}/postgres"
    made = Cluster(url, control, f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 {quick}", quiet)
    made.start()
    try:
        yield made
    finally:
        made.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)
