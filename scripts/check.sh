#!/bin/sh
# Lint, format, types, import contracts, shell syntax, the compose file.
set -eu
cd "$(dirname "$0")/.."
bin=.venv/bin
for script in scripts/*.sh scripts/vendor/*/*.sh .ci/run; do sh -n "$script"; done
# Strict: a key that stands twice in one mapping is refused, and what no compose file may say.
$bin/check-jsonschema --quiet --builtin-schema vendor.compose-spec docker-compose.yml
$bin/ruff check .
$bin/ruff format --check .
$bin/lint-imports
$bin/mypy
