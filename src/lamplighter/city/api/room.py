"""A part of the API on which nothing opens unless it says to whom."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router
from ninja.security import HttpBearer
from pydantic import BaseModel

from lamplighter.city.accounts.models import Role, User
from lamplighter.city.accounts.tokens import user_of_token
from lamplighter.city.refusal import Refusal

from .errors import Problem
from .once import answer_once, json_answer

# Anybody who works here and holds a role.
ALL = tuple(Role)


class Token(HttpBearer):
    """Whoever a token acts as, if they hold a role that the operation opens to."""

    def __init__(self, roles: frozenset[str]) -> None:
        super().__init__()
        self.roles = roles

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        user = user_of_token(token, timezone.now())
        if user is None:
            return None
        if not user.has_role(*self.roles):
            raise Refusal(
                "role-needed",
                _("This token's person has none of the roles that this opens to."),
                status=403,
                data={"roles": sorted(self.roles)},
            )
        return user


@dataclass(frozen=True)
class Operation:
    """One thing that the API does, and the roles that it opens to."""

    name: str
    method: str
    path: str
    roles: frozenset[str]


class Room:
    """Operations that belong together. Each declares its roles, or it does not register."""

    def __init__(self, tag: str) -> None:
        self.router = Router(tags=[tag])
        self.operations: list[Operation] = []

    def get(
        self, path: str, *, roles: Sequence[Role], answer: type[BaseModel], summary: str
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Register something that may be seen by holders of these roles."""
        return self._register("GET", path, roles, answer, summary, 200)

    def post(
        self,
        path: str,
        *,
        roles: Sequence[Role],
        answer: type[BaseModel],
        summary: str,
        status: int = 201,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Register a verb: done once for each Idempotency-Key, in one transaction with its key."""
        return self._register("POST", path, roles, answer, summary, status)

    def _register(
        self,
        method: str,
        path: str,
        roles: Sequence[Role],
        answer: type[BaseModel],
        summary: str,
        status: int,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        if not roles:
            raise ValueError(f"{method} {path} names no role: it would open to nobody.")
        held = frozenset(role.value for role in roles)

        def register(operation: Callable[..., BaseModel]) -> Callable[..., Any]:
            @functools.wraps(operation)
            def run(request: HttpRequest, **values: Any) -> HttpResponse:
                def done() -> bytes:
                    result = operation(request, **values)
                    if type(result) is not answer:
                        raise TypeError(f"{method} {path} did not answer with {answer.__name__}.")
                    return result.model_dump_json().encode()

                if method == "POST":
                    return answer_once(request, request.auth, status, done)
                return json_answer(done(), status)

            self.operations.append(Operation(operation.__name__, method, path, held))
            self.router.api_operation(
                [method],
                path,
                auth=Token(held),
                response={status: answer, **dict.fromkeys(_REFUSALS, Problem)},
                summary=summary,
                description=_description(operation, roles),
                operation_id=operation.__name__,
                url_name=f"api_{operation.__name__}",
                openapi_extra=_KEY_HEADER if method == "POST" else None,
            )(run)
            return run

        return register


_REFUSALS = (400, 401, 403, 404, 409, 413, 422, 503)
_KEY_HEADER = {
    "parameters": [
        {
            "in": "header",
            "name": "Idempotency-Key",
            "required": False,
            "schema": {"type": "string", "minLength": 1, "maxLength": 120},
            "description": (
                "Any text of your own for this one request. The same request sent again with it"
                " within 24 hours gets the same answer, and nothing is done twice."
            ),
        }
    ]
}


def _description(operation: Callable[..., Any], roles: Sequence[Role]) -> str:
    words = (operation.__doc__ or "").strip()
    opens = ", ".join(role.value.replace("_", " ") for role in roles)
    return f"{words}\n\nOpens to: {opens}.".strip()
