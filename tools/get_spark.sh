#!/usr/bin/env bash
# Find or fetch Spark and a Java for its tests. Ends well when there is none: the tests say so.
set -uo pipefail
cd "$(dirname "$0")/.."
. tools/steps.sh

stamp=.venv/installed-spark
lock=$(cat requirements-spark.lock | cksum)

has_java() {
  .venv/bin/python -m tests.support.spark >/dev/null 2>&1
}

if [ "$(cat "$stamp" 2>/dev/null)" != "$lock" ]; then
  # No dependency of the lock may move what the environment already has; --require-hashes and the
  # common constraints see to it.
  if step "Spark, for its tests (a large download, once)" .venv/bin/python -m pip install \
    --disable-pip-version-check --no-input --progress-bar off --require-hashes -r requirements-spark.lock; then
    echo "$lock" > "$stamp"
  fi
fi

# Debian 12 has Java 17; later ones have only newer ones, which Spark 4 can use as well.
if ! has_java && can_install; then
  step "Java, from the distribution" install_packages openjdk-17-jre-headless ||
    step "Java, from the distribution" install_packages default-jre-headless || true
fi

has_java && [ -f "$stamp" ] && exit 0
cat >&2 <<'END'

  ****************************************************************************
  NO SPARK could be had (it needs pyspark and a Java 17 or later): the tests
  of Spark will NOT run, and the summary names them as skipped. As root
  install a Java (on Debian: apt install openjdk-17-jre-headless), or point
  JAVA_HOME at one, then run make test again.
  ****************************************************************************

END
exit 0
