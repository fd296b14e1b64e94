"""How long people waited for help, against the time that was promised, drawn as a small bar."""

from dataclasses import dataclass
from datetime import datetime, timedelta

WIDTH = 100.0


@dataclass(frozen=True)
class Wait:
    """Minutes from the first call until help was there, or until now while it is not.

    `bar` and `mark` are widths of 100: the wait and the target on the same scale.
    """

    minutes: int
    target_minutes: int
    over: bool
    late: bool
    bar: float
    mark: float


def wait_for_help(
    first_call_at: datetime,
    reached: datetime | None,
    target_minutes: int,
    *,
    until: datetime,
) -> Wait:
    """Measure a wait; `until` is now, or when the incident closed without anybody arriving.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
    >>> wait = wait_for_help(noon, noon + timedelta(minutes=10), 20, until=noon)
    >>> wait.minutes, wait.late, wait.bar, wait.mark
    (10, False, 45.0, 90.0)
    """
    end = reached or until
    waited = max(timedelta(0), end - first_call_at) / timedelta(minutes=1)
    # The longer of the two fills nine tenths, so that the other's end can always be seen.
    scale = 0.9 * WIDTH / max(waited, target_minutes, 1)
    return Wait(
        minutes=int(waited),
        target_minutes=target_minutes,
        over=reached is not None,
        late=waited > target_minutes,
        bar=round(waited * scale, 1),
        mark=round(target_minutes * scale, 1),
    )
