#!/bin/sh
# Refuse files over 500 KB that are not named in docs/third-party.md: what was put here by accident stays in the history.
set -eu
limit=512000
status=0
for file in "$@"; do
    [ -f "$file" ] || continue
    if [ "$(wc -c < "$file")" -gt "$limit" ] && ! grep -qF "\`$file\`" docs/third-party.md; then
        echo "$file: over 500 KB" >&2
        status=1
    fi
done
exit $status
