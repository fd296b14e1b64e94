"""Finds what Spark needs to run here: pyspark and a Java."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

OLDEST_JAVA = 17
# Spark writes Java for each question it is asked. Compiling that to the end pays off in a run of
# hours, not for the few calls of a test.
os.environ.setdefault("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")


def find_java() -> Path | None:
    """The Java of JAVA_HOME, else of PATH, when it is new enough for Spark."""
    home = os.environ.get("JAVA_HOME")
    found = Path(home, "bin", "java") if home else Path(shutil.which("java") or "")
    if not found.is_file():
        return None
    said = subprocess.run([str(found), "-version"], capture_output=True, text=True, check=False)
    version = re.search(r'version "(\d+)', said.stderr + said.stdout)
    return found if version and int(version[1]) >= OLDEST_JAVA else None


def what_is_missing() -> str | None:
    """One sentence about what Spark lacks here; None where its tests can run."""
    if find_spec("pyspark") is None:
        return "pyspark is not installed: run tools/get_spark.sh"
    if find_java() is None:
        return f"no Java {OLDEST_JAVA} or later was found: install one or set JAVA_HOME"
    return None


if __name__ == "__main__":
    sys.exit(find_java() is None)
