#!/usr/bin/env bash
# Make the virtual environment .venv with the locked dependencies; nothing to do when it is up to date.
set -euo pipefail
cd "$(dirname "$0")/.."

stamp=.venv/installed
lock=$(cat requirements.lock pyproject.toml | cksum)
[ -f "$stamp" ] && [ "$(cat "$stamp")" = "$lock" ] && exit 0

python=${PYTHON:-}
if [ -z "$python" ]; then
  for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      python=$candidate
      break
    fi
  done
fi
if [ -z "$python" ]; then
  echo "setup: no Python 3.11 or later was found: install one, or name it: make PYTHON=/path/to/python3" >&2
  exit 1
fi

if [ ! -x .venv/bin/python ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
  echo "setup: making the virtual environment with $("$python" --version)"
  if ! "$python" -m venv .venv >/dev/null 2>&1; then
    # Debian and Ubuntu keep the part of venv that brings pip in a package of its own.
    version=$("$python" -c 'import sys; print(f"{sys.version_info.major}.{sys.version_info.minor}")')
    as_root=""
    [ "$(id -u)" = 0 ] || as_root="sudo -n"
    if command -v apt-get >/dev/null && { $as_root apt-get update -qq && $as_root apt-get install -y -qq "python$version-venv"; } >/dev/null 2>&1; then
      "$python" -m venv --clear .venv
    else
      echo "setup: this Python cannot make virtual environments: install its venv package (Debian, Ubuntu: sudo apt install python$version-venv), then run make again" >&2
      exit 1
    fi
  fi
fi

echo "setup: installing the locked dependencies (about a minute the first time)"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
echo "$lock" > "$stamp"
