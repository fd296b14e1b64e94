"""Whatever bytes come, a file is described or refused, and what is written can be read again."""

import doctest
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter import history
from lamplighter.history import HistoryError, LayoutError, describing, formats, parse_layout
from lamplighter.history.describing import describe_file, layout_text

CELLS = st.sampled_from(
    [
        "",
        "1",
        "43.05",
        "-87.9",
        "2026-05-01 12:00",
        "5/1/2026",
        "12:30",
        "TRBL W/SUBJ",
        "911",
        "N/A",
    ]
    + [
        '"a',
        "a;b",
        "x|y",
        "\t",
        "'",
        "TRAFFIC STOP",
        "1777000000000",
        "POINT (-87.9 43.0)",
        "Y",
        "é",
    ]
    + ["id", "time", "nature", "lat", "lon", "Call Received", "disposition", "Priority", "{", "[1]"]
)
ROWS = st.lists(CELLS, min_size=1, max_size=6).map(",".join)
TEXTS = st.lists(ROWS, min_size=1, max_size=30).map(lambda rows: "\n".join(rows).encode())
MAGIC = st.sampled_from(
    [
        b"",
        b"\x1f\x8b",
        b"\x28\xb5\x2f\xfd",
        b"PK\x03\x04",
        b"PAR1",
        b"{",
        b'[{"a": 1},',
        b'{"data": [',
    ]
    + [b"\xff\xfe", b"\xef\xbb\xbf", b"\xd0\xcf\x11\xe0", b'{"features": [{"attributes": {}}', b"<"]
)


@settings(max_examples=30, deadline=None)
@given(magic=MAGIC, content=TEXTS | st.binary(max_size=60))
def test_any_bytes_are_described_or_refused(magic: bytes, content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "calls.csv"
        path.write_bytes(magic + content)
        try:
            proposal = describe_file(path, time_zone="America/Chicago")
        except HistoryError:
            return
    text = layout_text(proposal)
    if not {"time", "nature"} <= {guess.field for guess in proposal.columns}:
        with pytest.raises(LayoutError, match="which column holds"):
            parse_layout(text)
        return
    layout = parse_layout(text)
    assert dict(layout.columns) == {guess.field: guess.columns for guess in proposal.columns}


def modules() -> list[str]:
    return [
        f"{package.__name__}.{module.name}"
        for package in (history, describing, formats)
        for module in iter_modules(package.__path__)
    ]


@pytest.mark.parametrize("name", modules())
def test_the_examples_in_its_code_hold(name: str) -> None:
    assert doctest.testmod(import_module(name)).failed == 0
