#!/usr/bin/env bash
# Make the virtual environment .venv with the locked dependencies; nothing to do when it is up to date.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/steps.sh

# The scripts of an environment hold its path, so a folder that was moved needs a new one.
made_here() {
  [ -x .venv/bin/python ] && grep -qF "$(pwd -P)/.venv/bin/python" "$1" 2>/dev/null
}

stamp=.venv/installed
lock=$(cat requirements.lock pyproject.toml | cksum)
[ "$(cat "$stamp" 2>/dev/null)" = "$lock" ] && made_here .venv/bin/lamplighter && exit 0

new_enough() {
  "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
  local name
  if [ -n "${PYTHON:-}" ]; then
    new_enough "$PYTHON" && echo "$PYTHON"
    return
  fi
  for name in python3 python3.14 python3.13 python3.12 python3.11; do
    new_enough "$name" && echo "$name" && return
  done
  return 1
}

if ! python=$(find_python); then
  if [ -n "${PYTHON:-}" ]; then
    echo "setup: $PYTHON is not a Python 3.11 or later: name another, as in make run PYTHON=/path/to/python3" >&2
  else
    echo "setup: no Python 3.11 or later was found on PATH: install one, or name it, as in make run PYTHON=/path/to/python3" >&2
  fi
  exit 1
fi

if ! { made_here .venv/bin/pip && .venv/bin/python -m pip --version >/dev/null 2>&1; }; then
  # Debian and Ubuntu keep the part of venv that brings pip in a package of its own.
  if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    if ! can_install || ! step "$package, from the distribution" install_packages "$package"; then
      echo "setup: $("$python" --version) cannot make virtual environments here: install its venv package as root (on Debian and Ubuntu: apt install $package), then run make again" >&2
      exit 1
    fi
  fi
  step "virtual environment of $("$python" --version)" "$python" -m venv --clear .venv || exit 1
fi

pip() {
  .venv/bin/python -m pip "$@" --disable-pip-version-check --no-input --progress-bar off
}
step "Python packages (one or two minutes the first time)" pip install --require-hashes -r requirements.lock || {
  echo "setup: the Python packages could not be installed: see the lines above, and run make again, which goes on from here" >&2
  exit 1
}
step "Lamplighter itself" pip install --no-deps --no-build-isolation -e . || exit 1
echo "$lock" > "$stamp"
