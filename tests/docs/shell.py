"""A folder as an office has it after `make run`, where the blocks of a document are run by a real shell.

`.venv/bin/portfolio` hands each command to a process forked from one that has loaded the product; `curl` is the
machine's own, which fails on a refusal and asks the product that the test has started.
"""

import json
import os
import shutil
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.docs.blocks import ROOT, Block
from tests.support.command import run_command

STATED = "127.0.0.1:8050"
WAIT_SECONDS = 500
CLIENT = """#!{python} -SE
import json, os, socket, sys
typed = "" if sys.stdin is None or os.path.sameopenfile(0, 2) or sys.stdin.isatty() else sys.stdin.read()
asked = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ), typed])
with socket.socket(socket.AF_UNIX) as line:
    line.connect({place!r})
    line.sendall(asked.encode() + b"\\n")
    code, out, err = json.loads(line.makefile().readline())
sys.stdout.write(out)
sys.stderr.write(err)
sys.exit(code)
"""
CURL = """#!/bin/sh
# The product of this test in the place of the one that the document means; a refusal fails.
for word; do shift; set -- "$@" "$(printf %s "$word" | sed 's#{stated}#{served}#g')"; done
exec {curl} --fail-with-body --silent --show-error "$@"
"""


class _Asked(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        arguments, folder, environment, typed = json.loads(self.rfile.readline())
        told = run_command(arguments, environment, Path(folder), typed)
        self.wfile.write(json.dumps([told.returncode, told.stdout, told.stderr]).encode() + b"\n")


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


class Office:
    """The folder, and the shell in it."""

    def __init__(self, folder: Path, served: str, settings: dict[str, str]) -> None:
        self.folder, self.served, self.settings = folder, served, settings

    def run(self, parts: Sequence[Block]) -> "subprocess.CompletedProcess[str]":
        """Run blocks one after the other in one shell, which ends at the first command that fails."""
        script = "\n".join(f"echo '@@ {part.document}:{part.line}'\n{part.text}" for part in parts)
        path = f"{self.folder / '.tools'}:{os.environ['PATH']}"
        outside = {name: value for name, value in os.environ.items() if name not in ("SIGN_IN", "DATABASE_URL")}
        return subprocess.run(
            ["bash", "-e", "-u", "-o", "pipefail", "-c", script],
            cwd=self.folder,
            env={**outside, "PATH": path, **self.settings},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=WAIT_SECONDS,
            check=False,
        )


@contextmanager
def office(folder: Path, served: str = "", **settings: str) -> Iterator[Office]:
    """A folder with the command, the documents and their examples; `served` is where the product answers."""
    for name in (".venv/bin", ".tools"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    shutil.copytree(ROOT / "docs" / "examples", folder / "docs" / "examples")
    (folder / "portfolio").symlink_to(ROOT / "portfolio")
    place = str(folder / ".tools" / "line")
    _program(folder / ".venv/bin/portfolio", CLIENT.format(python=sys.executable, place=place))
    curl = CURL.format(stated=STATED, served=served.removeprefix("http://") or STATED, curl=shutil.which("curl"))
    _program(folder / ".tools/curl", curl)
    server = _Server(place, _Asked)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Office(folder, served, settings)
    finally:
        server.shutdown()
        server.server_close()


def _program(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
