#!/bin/sh
# What the tests need of the system: PostgreSQL's programs, Chromium, a Chinese font. Does nothing when they are there.
set -eu
cd "$(dirname "$0")/.."
has_postgresql() { command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }
has_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
has_font() { command -v fc-list >/dev/null 2>&1 && fc-list :lang=zh-cn | grep -q .; }
has_postgresql || sh scripts/install-packages.sh postgresql
has_chromium >/dev/null 2>&1 || sh scripts/install-packages.sh chromium chromium-browser
command -v fc-list >/dev/null 2>&1 || sh scripts/install-packages.sh fontconfig
has_font || sh scripts/install-packages.sh fonts-noto-cjk
has_postgresql && has_chromium >/dev/null && has_font
