# How the set-up shows its work: one line for each step. Sourced by the other scripts, from the root.
# shellcheck shell=bash

# Everything that the last step's command said, also when the step went well.
step_log=build/set-up.log

# step NAME COMMAND…: run it, with a sign of life; what it says is shown only when it fails.
step() {
  local name=$1 started=$SECONDS failed=0 pulse=""
  shift
  mkdir -p "$(dirname "$step_log")"
  : > "$step_log"
  if [ -t 1 ]; then
    pulse_of "$name" "$started" &
    pulse=$!
  else
    echo "  ...    $name"
  fi
  "$@" > "$step_log" 2>&1 < /dev/null || failed=$?
  if [ -n "$pulse" ]; then
    kill "$pulse" 2>/dev/null || true
    wait "$pulse" 2>/dev/null || true
    printf '\r\033[K'
  fi
  if [ "$failed" = 0 ]; then
    echo "  ready  $name $((SECONDS - started)) s"
  else
    echo "  failed $name; the last lines of $step_log:" >&2
    tail -n 15 "$step_log" >&2
  fi
  return "$failed"
}

# On a terminal: the step, its seconds, and the last line that its command said, in one moving line.
pulse_of() {
  local shown
  # It ends with the script, even when the script is killed.
  while kill -0 $$ 2>/dev/null; do
    shown="  ...    $1 $((SECONDS - $2)) s  $(tail -n 1 "$step_log" | LC_ALL=C tr -cd '[:print:]')"
    printf '\r\033[K%s' "${shown:0:78}"
    sleep 1
  done
}

# Whether packages of the distribution can be installed without asking anybody for a password.
can_install() {
  command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }
}

# install_packages PACKAGE…: from the distribution.
install_packages() {
  local as_root=""
  [ "$(id -u)" = 0 ] || as_root="sudo -n"
  # An old list may still do, so one broken source of packages does not stop us here.
  $as_root apt-get update || true
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}
