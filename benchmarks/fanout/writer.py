"""Saves calls at a steady rate; prints for each incident when `take_call` had returned."""

from __future__ import annotations

import json
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import django

django.setup()

from uuid_utils.compat import uuid7  # noqa: E402

from lamplighter.city.accounts.models import User  # noqa: E402
from lamplighter.city.dispatch.models import Unit  # noqa: E402
from lamplighter.city.intake.actions import NewCall, take_call  # noqa: E402

NATURES = ("welfare_check", "trespass", "noise", "medical_emergency", "intoxicated_person")
THREADS = 4


def main(rate: int, seconds: int) -> None:
    """Calls are due at fixed times, whether or not the one before was quick."""
    rosa = User.objects.get(username="rosa")
    points = list(Unit.objects.exclude(latitude=None).values_list("latitude", "longitude"))
    chance = random.Random(7)
    saved: dict[str, int] = {}

    def save(due: float, nature: str, point: tuple[float, float]) -> None:
        time.sleep(max(0.0, due - time.monotonic()))
        now = datetime.now(UTC)
        taken = take_call(
            NewCall(
                id=uuid7(),
                channel="911",
                received_at=now,
                facts={"nature": nature},
                latitude=point[0],
                longitude=point[1],
                simulated=True,
            ),
            by=rosa,
            now=now,
        )
        saved[str(taken.call.incident_id)] = time.monotonic_ns()

    start = time.monotonic() + 0.5
    with ThreadPoolExecutor(THREADS) as threads:
        for number in range(rate * seconds):
            due = start + number / rate
            threads.submit(save, due, chance.choice(NATURES), chance.choice(points))
    assert len(saved) == rate * seconds, "a call was not saved"
    time.sleep(1)  # the last calls are still on their way to the boards
    print(json.dumps(saved))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
