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


@contextmanager
def cluster() -> Iterator[str]:
    """Start a cluster and yield the URL of its maintenance database."""
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
    quick = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off"
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 {quick}"
    control = [program("pg_ctl"), "-D", str(data), "-w"]
    subprocess.run([*control, "-o", options, "-l", str(folder / "log"), "start"], check=True, **quiet)
    try:
        yield f"postgresql+psycopg://{USER}@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=True, **quiet)
        shutil.rmtree(folder, ignore_errors=True)
