"""Run the benchmarks and print one table: `python -m bench [--projects N] [--seconds S] [name …]`."""

import argparse
import tempfile
from pathlib import Path

from bench import (
    accounts,
    allocation,
    data,
    importing,
    lists,
    page,
    pivot,
    posting,
    readiness,
    rolling,
    scoping,
    updating,
    uploads,
)

NAMES = {
    "lists": lists.run,
    "pivot": pivot.run,
    "importing": importing.run,
    "page": page.run,
    "accounts": accounts.run,
    "readiness": readiness.run,
    "posting": posting.run,
    "rolling": rolling.run,
    "updating": updating.run,
    "scoping": scoping.run,
    "allocation": allocation.run,
    "uploads": uploads.run,
}


def main() -> None:
    """Make the database, run the named benchmarks (all by default), print the table; exit 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(NAMES))
    parser.add_argument("--projects", type=int, default=100_000)
    parser.add_argument("--needs-each", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=8.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="portfolio-bench-") as folder:
        database = data.make(Path(folder), options.projects, options.needs_each)
        rows = [row for name in options.names or NAMES for row in NAMES[name](database, options)]
    print(f"\n{options.projects:,} projects, {options.projects * options.needs_each:,} needs, SQLite")
    print("| what | measured | against | ratio | target | met |\n|---|---|---|---|---|---|")
    for row in rows:
        print("| " + " | ".join(row) + " |")
    raise SystemExit(any(row[-1] == "no" for row in rows))


if __name__ == "__main__":
    main()
