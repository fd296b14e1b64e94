"""An invented call file as a dispatch system might export it, with more in it than is kept."""

from datetime import UTC, datetime, timedelta

_KINDS = (
    ("10-70", "WELFARE CHECK"),
    ("10-45", "ACCIDENT NO INJURY"),
    ("10-88", "LOUD MUSIC"),
    ("10-34", "TRESPASS"),
    ("10-99", "ZQX"),
)
HEADER = "Incident No,Received,Code,Description,Address,Caller,Lat,Long\n"
SECRET = "41 Hidden Lane"


def invented_calls(rows: int = 120) -> bytes:
    """A CSV with a call every three hours; addresses and callers' names are in it."""
    first = datetime(2026, 1, 1, tzinfo=UTC)
    lines = [HEADER]
    for n in range(rows):
        code, words = _KINDS[n % len(_KINDS)]
        at = first + timedelta(hours=3 * n)
        lines.append(
            f"A{n:05},{at:%m/%d/%Y %I:%M:%S %p},{code},{words},{SECRET},Ana Ruiz,"
            f"{39.7 + n % 10 / 100:.4f},{-105 + n % 7 / 100:.4f}\n"
        )
    return "".join(lines).encode()
