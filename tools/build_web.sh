#!/usr/bin/env bash
# Build the pages' scripts and styles into the package; nothing to do when no source has changed.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/steps.sh

built=src/lamplighter/city/static/built
sources=$(find web src/lamplighter/pictures -path web/node_modules -prune -o -type f ! -name '*.py' ! -name '*.pyc' -exec cksum {} + | LC_ALL=C sort | cksum)
[ "$(cat "$built/.sources" 2>/dev/null)" = "$sources" ] && exit 0

node=$PWD/tools/with_node.sh
"$node" true
fail() {
  echo "web: the pages could not be built: see the lines above, and run make again" >&2
  exit 1
}

# npm fails without a place to keep what it fetched; some service accounts have no home to write in.
[ -w "${HOME:-}" ] || export npm_config_cache=$PWD/build/npm
packages=$(cksum < web/package-lock.json)
if [ "$(cat web/node_modules/.packages 2>/dev/null)" != "$packages" ]; then
  step "packages of the pages" "$node" npm --prefix web ci --no-audit --no-fund || fail
  echo "$packages" > web/node_modules/.packages
fi

# Built aside and then put in place at once: a city that is running never finds half of it.
new=$PWD/build/web
step "scripts and styles, with Node $("$node" node --version)" \
  "$node" npm --prefix web run build -- --outDir "$new" --emptyOutDir || fail
echo "$sources" > "$new/.sources"
rm -rf "$new.old"
mkdir -p "$built"
mv "$built" "$new.old"
mv "$new" "$built"
rm -rf "$new.old"
