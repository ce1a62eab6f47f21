#!/bin/sh
# Make the Python environment: `run` (what the product needs) or `dev` (and what its tests need). Quick when it is there.
set -eu
cd "$(dirname "$0")/.."
kind=${1:-run}
venv=.venv
case $kind in
    run) lock=requirements.lock ;;
    dev) lock=requirements-dev.lock ;;
    *) echo "usage: environment.sh run|dev" >&2; exit 2 ;;
esac

stamp_of() { cat "$1" pyproject.toml | cksum | cut -d' ' -f1; }
held() { [ -f "$venv/.stamp-$1" ] && [ "$(cat "$venv/.stamp-$1")" = "$(stamp_of "$2")" ]; }
if held dev requirements-dev.lock || { [ "$kind" = run ] && held run requirements.lock; }; then
    exit 0
fi

python=
for name in python3.13 python3.12 python3.11 python3; do
    if command -v "$name" >/dev/null 2>&1 && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$name
        break
    fi
done
if [ -z "$python" ]; then
    echo "Python 3.11 or newer is needed. 需要 Python 3.11 或更新版本。" >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    package=$("$python" -c 'import sys; print("python3.%d-venv" % sys.version_info[1])')
    sh scripts/install-packages.sh "$package" python3-venv
fi
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
"$venv/bin/python" -m pip --version >/dev/null 2>&1 || "$venv/bin/python" -m ensurepip >/dev/null
echo "Installing the pinned dependencies … 正在安装依赖 …"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
stamp_of "$lock" > "$venv/.stamp-$kind"
