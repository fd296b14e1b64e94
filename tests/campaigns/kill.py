"""Kill a working city for minutes: `python -m tests.campaigns.kill --minutes 30`."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.support.killed_city import campaign


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lamplighter-kill-") as home:
        said = campaign(Path(home), kills=None, seconds=given.minutes * 60, seed=given.seed)
    sys.stdout.write(f"{said}\n")


if __name__ == "__main__":
    main()
