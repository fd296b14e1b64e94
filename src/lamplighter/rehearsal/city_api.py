"""A running city's API, as a program uses it: each request is sent until it is answered, once."""

import ssl
import time
from collections.abc import Callable
from functools import cache
from typing import Any
from uuid import UUID

import httpx


class CityRefused(Exception):
    """The city answered no; `code` and `sentence` are the city's own."""

    def __init__(self, status: int, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code
        self.sentence = sentence


class CityGone(Exception):
    """The city did not answer for longer than we wait."""


class CityApi:
    """One person's access to a running city.

    A request that gets no answer, or one from a server in trouble, is sent again with the same
    idempotency key: the city does it once, however often it is sent.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        patience: float = 60.0,
        wait: Callable[[float], None] = time.sleep,
        tell: Callable[[str], None] = lambda text: None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._client = httpx.Client(
            base_url=f"{url.rstrip('/')}/api/v1",
            headers={"Authorization": f"Bearer {token}"},
            timeout=10.0,
            verify=_trusted(),
            transport=transport,
        )
        self._patience = patience
        self._wait = wait
        self._tell = tell

    def get(self, path: str) -> Any:
        return self._send("GET", path, {}, None)

    def ask(self, path: str, body: dict[str, Any]) -> Any:
        """Post a question, which changes nothing however often it is asked."""
        return self._send("POST", path, {}, body)

    def post(self, path: str, body: dict[str, Any], *, key: UUID) -> Any:
        """Post an act, once: `key` names it, and is the same when it is sent again."""
        return self._send("POST", path, {"Idempotency-Key": str(key)}, body)

    def close(self) -> None:
        self._client.close()

    def _send(self, method: str, path: str, headers: dict[str, str], body: Any) -> Any:
        pause, waited = 0.25, 0.0
        while True:
            try:
                response = self._client.request(method, path, headers=headers, json=body)
            except httpx.TransportError:
                response = None
            if response is not None and response.status_code < 500:
                break
            if waited >= self._patience:
                raise CityGone(f"The city at {self._client.base_url} has not answered for a while.")
            if waited == 0.0:
                self._tell("The city does not answer: waiting for it.")
            self._wait(pause)
            waited += pause
            pause = min(pause * 2, 4.0)
        if response.is_success:
            return response.json() if response.content else None
        try:
            told = response.json()
            raise CityRefused(response.status_code, str(told["code"]), str(told["sentence"]))
        except (ValueError, KeyError, TypeError):
            raise CityRefused(
                response.status_code, "refused", f"The city refused with {response.status_code}."
            ) from None


@cache
def _trusted() -> ssl.SSLContext:
    """Whom a connection trusts: read once, not for each unit that has an access of its own."""
    return httpx.create_ssl_context()
