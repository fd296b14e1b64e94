#!/usr/bin/env bash
# Find or fetch a Chromium for the browser tests. Ends well when there is none: the tests say so.
set -uo pipefail
cd "$(dirname "$0")/.."

for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null && exit 0
done
.venv/bin/python -m tests.support.chromium >/dev/null 2>&1 && exit 0

as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo -n"
if command -v apt-get >/dev/null; then
  echo "tests: installing Chromium from the distribution's packages"
  if { $as_root apt-get update -qq && $as_root apt-get install -y -qq chromium; } >/dev/null 2>&1 && command -v chromium >/dev/null; then
    exit 0
  fi
fi
echo "tests: fetching Playwright's own Chromium"
.venv/bin/python -m playwright install chromium >/dev/null 2>&1 && exit 0
echo "tests: NO CHROMIUM could be had: the browser tests will NOT run; install Chromium and run again" >&2
