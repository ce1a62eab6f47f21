#!/bin/sh
# Lint, format, types, import contracts, shell syntax.
set -eu
cd "$(dirname "$0")/.."
bin=.venv/bin
for script in scripts/*.sh .ci/run; do sh -n "$script"; done
$bin/ruff check .
$bin/ruff format --check .
$bin/lint-imports
$bin/mypy
