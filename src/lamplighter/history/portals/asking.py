"""Ask a portal over HTTP: wait and try again when it is busy, give up when that cannot help."""

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from lamplighter.history.portals.portal import PortalError

if TYPE_CHECKING:
    import httpx

MOST_TRIES = 6
LONGEST_WAIT_SECONDS = 120.0
TIMEOUT_SECONDS = 120.0
# 202: the answer is still being made (Socrata).
BUSY = frozenset({202, 408, 425, 429, 500, 502, 503, 504})
LOCKED = frozenset({401, 403, 498, 499})

Wait = Callable[[float], None]


class _Busy(Exception):
    """The portal may answer later: why it did not, and the seconds it asks to wait, if it does."""

    def __init__(self, why: str, seconds: float | None = None) -> None:
        super().__init__(why)
        self.seconds = seconds


class Asking:
    """Gets JSON from a portal; `wait` is called with the seconds to wait before another try."""

    def __init__(self, client: "httpx.Client", wait: Wait) -> None:
        self._client = client
        self._wait = wait

    def __call__(self, url: str, parameters: Mapping[str, str]) -> Any:
        """Return the JSON that the address answers with.

        Raises PortalError when the portal refuses, or is still busy after six tries.
        """
        attempt = 0
        while True:
            try:
                return self._once(url, parameters)
            except _Busy as busy:
                attempt += 1
                if attempt == MOST_TRIES:
                    raise PortalError(
                        f"{_short(url)} could not be read, {busy}, after {MOST_TRIES} tries: "
                        "try again later."
                    ) from busy
                seconds = 2.0 ** (attempt - 1) if busy.seconds is None else busy.seconds
                self._wait(min(seconds, LONGEST_WAIT_SECONDS))

    def _once(self, url: str, parameters: Mapping[str, str]) -> Any:
        answer = self._get(url, parameters)
        content = _content(answer)
        status = _status(answer.status_code, content)
        if status in BUSY:
            asked = answer.headers.get("Retry-After", "").strip()
            seconds = float(asked) if asked.isdigit() else None
            raise _Busy(f"it answered with status {status}", seconds)
        if status >= 400:
            raise PortalError(_refused(url, status, content))
        if content is None:
            raise _Busy("its answer was no JSON or was cut short")
        return content

    def _get(self, url: str, parameters: Mapping[str, str]) -> "httpx.Response":
        import httpx

        try:
            return self._client.get(url, params=dict(parameters))
        except httpx.TimeoutException as error:
            raise _Busy("it did not answer in time") from error
        except httpx.TransportError as error:
            raise _Busy(f"the connection failed ({type(error).__name__})") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise PortalError(
                f"{_short(url)} cannot be read ({type(error).__name__}): open it in a browser."
            ) from error


def _content(answer: "httpx.Response") -> Any:
    try:
        return answer.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        return None


def _status(status: int, content: Any) -> int:
    """Return the status, which ArcGIS writes into the answer."""
    error = content.get("error") if isinstance(content, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    return code if status == 200 and isinstance(code, int) and code >= 400 else status


def _refused(url: str, status: int, content: Any) -> str:
    where = _short(url)
    if status in LOCKED:
        return f"{where} needs permission (status {status}): ask its owner, or find an open table."
    if status in (404, 410):
        return f"{where} is not there (status {status}): check the address in a browser."
    said = content.get("message") or content.get("error") if isinstance(content, dict) else None
    if isinstance(said, dict):
        said = said.get("message") or json.dumps(said)
    words = f": {' '.join(str(said).split())[:200]!r}" if said else ""
    return (
        f"{where} refuses the question (status {status}){words}; check the filters in the address."
    )


def _short(url: str) -> str:
    return url.partition("?")[0]
