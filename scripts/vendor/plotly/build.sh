#!/bin/sh
# Build dashboard/assets/vendor/plotly-chosen.min.js: plotly.js with the traces that entry.js names, from the versions
# and hashes of package-lock.json. Needs npm; the same lock gives the same bytes. Then renew docs/third-party.md.
set -eu
cd "$(dirname "$0")"
target=$(cd ../../.. && pwd)/dashboard/assets/vendor/plotly-chosen.min.js
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp entry.js package.json package-lock.json "$work"
cd "$work"
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
version=$(node -p "require('plotly.js/package.json').version")
traces=$(sed -n "s|.*require('plotly.js/lib/\(.*\)').*|\1|p" entry.js | sed 's/^core$/scatter/' | sort | paste -sd, -)
banner="/**
* plotly.js v$version, built with $(echo "$traces" | sed 's/,/, /g; s/\(.*\), /\1 and /')
* Copyright 2012-2026, Plotly, Inc.
* All rights reserved.
* Licensed under the MIT license
*/"
node_modules/.bin/esbuild entry.js --bundle --minify --format=iife --global-name=Plotly --target=es2016 \
    --define:global=window --define:define.amd=false --alias:stream=stream-browserify --loader:.css=empty \
    --legal-comments=none --banner:js="$banner" --outfile="$target" --log-level=error
sha256sum "$target"
