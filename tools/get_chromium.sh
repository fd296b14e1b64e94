#!/usr/bin/env bash
# Find or fetch a Chromium for the browser tests. Ends well when there is none: the tests say so.
set -uo pipefail
cd "$(dirname "$0")/.."
. tools/steps.sh

found() {
  .venv/bin/python -m tests.support.chromium
}
found && exit 0

# Its fonts too, for the words that the pages' own fonts lack.
if can_install && step "Chromium, from the distribution" install_packages chromium fonts-liberation; then
  found && exit 0
fi

playwright=(.venv/bin/python -m playwright install)
# The libraries that it needs come from the distribution.
can_install && playwright+=(--with-deps)
if step "Chromium, as Playwright brings it" "${playwright[@]}" --no-shell chromium; then
  found && exit 0
  echo "tests: Playwright's Chromium does not start here, most likely for want of system libraries" >&2
fi
cat >&2 <<'END'

  ****************************************************************************
  NO CHROMIUM could be had: the browser tests will NOT run, and the summary
  names them as skipped. Install it as root (Debian: apt install chromium),
  then run make test again.
  ****************************************************************************

END
