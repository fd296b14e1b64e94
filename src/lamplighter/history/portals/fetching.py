"""Fetch a table from a portal page by page; what was read stays when the portal stops half-way."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lamplighter.history.portals.arcgis import ArcGis
from lamplighter.history.portals.asking import TIMEOUT_SECONDS, Asking, Wait
from lamplighter.history.portals.ckan import Ckan
from lamplighter.history.portals.part import Part
from lamplighter.history.portals.portal import Ask, Portal, PortalError
from lamplighter.history.portals.socrata import Socrata

if TYPE_CHECKING:
    import ssl

PAGE_ROWS = 10_000
ENDINGS = (".jsonl", ".jsonl.gz")

RowsDone = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Fetched:
    """A table that was fetched to its end.

    rows: in the file; `rows_before` of them were there from an earlier try
    told: rows that the portal says it has, at the end
    note: one sentence when rows came or went meanwhile, else empty
    """

    portal: str
    output: Path
    rows: int
    rows_before: int
    told: int
    note: str


def portal_at(address: str) -> Portal:
    """Return the table at an address of a Socrata, ArcGIS or CKAN portal, or raise PortalError."""
    if urlsplit(address).scheme not in ("http", "https"):
        raise PortalError(f"{address!r} is no web address: give one that starts with https://.")
    for portal in (ArcGis, Ckan, Socrata):
        if found := portal.at(address):
            return found
    raise PortalError(
        f"{address.partition('?')[0]} is the address of no table that we know: give one like "
        "https://HOST/resource/abcd-1234.json (Socrata), https://HOST/.../FeatureServer/0 (ArcGIS) "
        "or https://HOST/dataset/NAME/resource/ID (CKAN), or download the file yourself."
    )


def fetch_calls(
    address: str,
    output: str | Path,
    *,
    wait: Wait,
    page_rows: int | None = None,
    app_token: str | None = None,
    progress: RowsDone | None = None,
) -> Fetched:
    """Fetch the table at `address` into `output`, JSON lines (.jsonl or .jsonl.gz).

    A portal that is busy is asked again after `wait(seconds)`, up to six times. When it stops
    half-way, what was read stays in `OUTPUT.part`, and the same call goes on from there.
    `app_token` is that of a Socrata portal, for more requests an hour. `progress` is called with
    the rows read and the rows in all.

    Raises PortalError, one sentence with the place and what to do.
    """
    output = Path(output)
    if not output.name.endswith(ENDINGS):
        raise PortalError(f"{output.name} must end in .jsonl.gz or .jsonl: name it so.")
    if not output.parent.is_dir():
        raise PortalError(f"There is no folder {output.parent}: make it, or write elsewhere.")
    portal = portal_at(address)
    try:
        return _fetch_into(output, address, portal, wait, page_rows, app_token, progress)
    except OSError as error:
        raise PortalError(
            f"{output.name} could not be written ({error.strerror}); what was read so far is kept, "
            "so see to the disk and its permissions, and run the same command again."
        ) from error


def _fetch_into(
    output: Path,
    address: str,
    portal: Portal,
    wait: Wait,
    page_rows: int | None,
    app_token: str | None,
    progress: RowsDone | None,
) -> Fetched:
    import httpx

    headers = {"User-Agent": "lamplighter", **({"X-App-Token": app_token} if app_token else {})}
    with (
        httpx.Client(
            headers=headers,
            timeout=TIMEOUT_SECONDS,
            follow_redirects=True,
            verify=_certificates(),
        ) as client,
        Part(output, address) as part,
    ):
        ask = Asking(client, wait)
        before = part.state.rows
        told = _fetch(portal, ask, part, page_rows or PAGE_ROWS, progress)
        part.finish()
    rows = part.state.rows
    return Fetched(portal.kind, output, rows, before, told, _note(rows, told))


@cache
def _certificates() -> "ssl.SSLContext":
    """Return the certificates to trust; reading them takes a tenth of a second."""
    import httpx

    return httpx.create_ssl_context()


def _fetch(portal: Portal, ask: Ask, part: Part, size: int, progress: RowsDone | None) -> int:
    """Add page after page until there is none; return how many rows the portal then tells."""
    try:
        portal = portal.ready(ask)
        size = min(size, portal.most_rows)
        total = portal.count(ask)
        while True:
            if progress:
                progress(part.state.rows, max(total, part.state.rows))
            page = portal.page(ask, part.state.rows, size)
            if page.rows:
                part.add(page.rows)
            if not page.rows or (part.state.rows >= total and not page.more):
                break
        now = portal.count(ask)
    except PortalError as error:
        raise PortalError(_with_what_is_kept(str(error), part)) from error
    if not page.rows and part.state.rows < now:
        raise PortalError(
            _with_what_is_kept(
                f"The portal tells of {now:,} rows and gives none after row {part.state.rows:,}: "
                "try again later.",
                part,
            )
        )
    return now


def _with_what_is_kept(sentence: str, part: Part) -> str:
    if not part.state.rows:
        return sentence
    return (
        f"{sentence.removesuffix('.')}; the {part.state.rows:,} rows read so far are kept in "
        f"{part.path.name}, and the same command goes on from there."
    )


def _note(rows: int, told: int) -> str:
    if rows == told:
        return ""
    return (
        f"The portal now tells of {told:,} rows and {rows:,} were read: rows came or went "
        "meanwhile, so fetch again if each one matters."
    )
