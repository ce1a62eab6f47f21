"""A throwaway PostgreSQL cluster: its own port and folder, removed afterwards; PostgreSQL refuses to run as root."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def cluster() -> Iterator[str]:
    """Start a cluster of one's own and yield the URL of its maintenance database."""
    folder = Path(tempfile.mkdtemp(prefix="portfolio-pg-"))
    url = _start(folder)
    try:
        yield url
    finally:
        _stop(folder)
        shutil.rmtree(folder, ignore_errors=True)


def cluster_url() -> str:
    """The URL of the maintenance database of the run's cluster, started by the process that asks first."""
    known = run_folder.folder() / "cluster.url"
    with run_folder.alone("cluster"):
        if not known.exists():
            known.write_text(_start(run_folder.folder() / "cluster"), encoding="utf-8")
    return known.read_text(encoding="utf-8")


def stop_cluster(folder: Path) -> None:
    """End the cluster of a run, if one was started."""
    if (folder / "cluster.url").exists():
        _stop(folder / "cluster")


def _stop(folder: Path) -> None:
    control = [program("pg_ctl"), "-D", str(folder / "data"), "-w", "-m", "immediate", "stop"]
    subprocess.run(control, check=True, **_quiet(folder))


def _quiet(folder: Path) -> dict[str, Any]:
    return {"stdout": subprocess.DEVNULL, "cwd": folder, **_as_server()}


def _start(folder: Path) -> str:
    folder.mkdir(mode=0o700, exist_ok=True)
    identity = _as_server()
    if identity:
        os.chown(folder, identity["user"], identity["group"])
    data, port = folder / "data", free_port()
    subprocess.run(
        [program("initdb"), "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"],
        check=True,
        **_quiet(folder),
    )
    options = f"-p {port} -k {folder} " + " ".join(f"-c {name}={value}" for name, value in OPTIONS.items())
    control = [program("pg_ctl"), "-D", str(data), "-w", "-o", options, "-l", str(folder / "log"), "start"]
    subprocess.run(control, check=True, **_quiet(folder))
    return f"postgresql+psycopg://{USER}@127.0.0.1:{port}/postgres"
