#!/bin/sh
# Install the first available of the named system packages with apt, as root or with sudo; elsewhere say what is missing.
set -eu
if ! command -v apt-get >/dev/null 2>&1; then
    echo "Please install: $* （请安装：$*）" >&2
    exit 1
fi
as_root=
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
        echo "Please install as root: apt-get install $1 （请以管理员安装：$1）" >&2
        exit 1
    fi
    as_root=sudo
fi
$as_root apt-get update -q >/dev/null
for package in "$@"; do
    if $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$package" >/dev/null 2>&1; then
        exit 0
    fi
done
echo "Could not install any of: $* （安装失败）" >&2
exit 1
