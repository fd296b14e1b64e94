#!/usr/bin/env bash
# Fetch the other tools that the benchmarks are held against. Ends well when they cannot be had:
# the benchmark then says so. They live apart from the environment, which they must not change.
set -uo pipefail
cd "$(dirname "$0")/.."
. tools/steps.sh

peers=build/peers
lock=$(cat requirements-bench.lock | cksum)
[ "$(cat "$peers/installed" 2>/dev/null)" = "$lock" ] && exit 0

rm -rf "$peers"
if step "Other tools, to measure against" .venv/bin/python -m pip install \
  --disable-pip-version-check --no-input --progress-bar off --require-hashes --target "$peers" \
  -r requirements-bench.lock; then
  echo "$lock" > "$peers/installed"
else
  echo "bench: the other tools could not be installed: the benchmark of peers will not run" >&2
fi
exit 0
