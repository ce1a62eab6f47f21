#!/bin/sh
# What the tests need of the system: PostgreSQL's programs, Chromium, a Chinese font, a client that reads compose files. Does nothing when they are there.
set -eu
cd "$(dirname "$0")/.."
has_postgresql() { command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }
has_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
reads_compose() { docker stack config --help >/dev/null 2>&1; }
has_font() { command -v fc-list >/dev/null 2>&1 && fc-list :lang=zh-cn | grep -q .; }
has_postgresql || sh scripts/install-packages.sh postgresql
has_chromium >/dev/null 2>&1 || sh scripts/install-packages.sh chromium chromium-browser
command -v fc-list >/dev/null 2>&1 || sh scripts/install-packages.sh fontconfig
has_font || sh scripts/install-packages.sh fonts-noto-cjk
# Where no client that reads a compose file is to be had (Debian 12), its published schema alone checks it.
reads_compose || sh scripts/install-packages.sh docker-cli 2>/dev/null ||
    echo "No docker client that reads compose files; the schema alone checks docker-compose.yml." >&2
has_postgresql && has_chromium >/dev/null && has_font
