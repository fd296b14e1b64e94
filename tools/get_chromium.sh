#!/usr/bin/env bash
# Find or fetch a Chromium for the browser tests. Ends well when there is none: the tests say so.
set -uo pipefail
cd "$(dirname "$0")/.."
. tools/steps.sh

found() {
  .venv/bin/python -m tests.support.chromium >/dev/null 2>&1
}
found && exit 0

# With fonts for the words that the pages' own lack, and a library that Playwright's driver needs.
if can_install && step "Chromium, from the distribution" install_packages chromium fonts-liberation libatomic1; then
  found && exit 0
fi

playwright=(.venv/bin/python -m playwright install --no-shell chromium)
# The libraries that it needs come from the distribution.
can_install && playwright+=(--with-deps)
if step "Chromium, as Playwright brings it" "${playwright[@]}"; then
  found && exit 0
  echo "tests: Playwright's Chromium does not start here, most likely for want of system libraries" >&2
fi
cat >&2 <<'END'

  ****************************************************************************
  NO CHROMIUM could be had: the browser tests will NOT run, and the summary
  names them as skipped. As root install it (on Debian: apt install chromium
  libatomic1), then run make test again.
  ****************************************************************************

END
