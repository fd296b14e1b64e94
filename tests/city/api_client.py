"""A program that talks to the API as a person: `api.post("/calls", {...})`."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.test import Client


@dataclass
class ApiClient:
    """Sends JSON with a token to /api/v1; a problem is an answer, not an exception."""

    token: str | None
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.client.get(f"/api/v1{path}", headers=self._headers(headers))

    def post(self, path: str, body: Any, **headers: str) -> HttpResponse:
        content = body if isinstance(body, bytes) else json.dumps(body, default=str)
        return self.client.post(
            f"/api/v1{path}",
            data=content,
            content_type="application/json",
            headers=self._headers(headers),
        )

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        bearer = {} if self.token is None else {"Authorization": f"Bearer {self.token}"}
        return bearer | {name.replace("_", "-"): value for name, value in more.items()}
