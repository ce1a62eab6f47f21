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

from tests.support import run_folder

USER = "portfolio"
# Nothing here outlives the run, so nothing is written twice or waited for; many files' tests hold connections at once.
OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "300",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "256MB",
    "autovacuum": "off",
    "dynamic_shared_memory_type": "mmap",
}


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
    """A cluster in a folder of its own; it can be stopped beneath whoever uses it, and started again in its place."""

    folder: Path
    port: int
    durable: bool = False

    @property
    def url(self) -> str:
        """The URL of its maintenance database."""
        return f"postgresql+psycopg://{USER}@127.0.0.1:{self.port}/postgres"

    def make(self) -> None:
        """Make its files, and start it."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        identity = _as_server()
        if identity:
            os.chown(self.folder, identity["user"], identity["group"])
        subprocess.run(
            [program("initdb"), "-D", self._data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"],
            check=True,
            **_quiet(self.folder),
        )
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        given = {"listen_addresses": "127.0.0.1"} if self.durable else OPTIONS
        options = f"-p {self.port} -k {self.folder} " + " ".join(f"-c {name}={value}" for name, value in given.items())
        self._control("-o", options, "-l", str(self.folder / "log"), "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop it: `fast` ends the sessions in words, `immediate` as a crash would."""
        self._control("-m", mode, "stop")

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def _control(self, *words: str) -> None:
        subprocess.run([program("pg_ctl"), "-D", self._data, "-w", *words], check=True, **_quiet(self.folder))


@contextmanager
def cluster(durable: bool = False) -> Iterator[str]:
    """Start a cluster and yield the URL of its maintenance database; a `durable` one waits for the disk."""
    with cluster_of_its_own(durable) as made:
        yield made.url


@contextmanager
def cluster_of_its_own(durable: bool = False) -> Iterator[Cluster]:
    """Start a cluster for one user alone, who may stop it."""
    made = Cluster(Path(tempfile.mkdtemp(prefix="portfolio-pg-")), free_port(), durable)
    made.make()
    try:
        yield made
    finally:
        made.stop("immediate")
        shutil.rmtree(made.folder, ignore_errors=True)


def cluster_url() -> str:
    """The URL of the maintenance database of the run's cluster, started by the process that asks first."""
    known = run_folder.folder() / "cluster.url"
    with run_folder.alone("cluster"):
        if not known.exists():
            made = Cluster(run_folder.folder() / "cluster", free_port())
            made.make()
            known.write_text(made.url, encoding="utf-8")
    return known.read_text(encoding="utf-8")


def stop_cluster(folder: Path) -> None:
    """End the cluster of a run, if one was started."""
    if (folder / "cluster.url").exists():
        Cluster(folder / "cluster", 0).stop("immediate")


def _quiet(folder: Path) -> dict[str, Any]:
    return {"stdout": subprocess.DEVNULL, "cwd": folder, **_as_server()}
