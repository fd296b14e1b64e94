"""Reading the body of a request: small, JSON, and nothing that PostgreSQL cannot keep."""

import json
from datetime import UTC, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.parser import Parser
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, StringConstraints
from pydantic_core import PydanticCustomError

from lamplighter.city.intake.actions import EARLIEST
from lamplighter.city.refusal import Refusal

BODY_LIMIT = 64 * 1024


class SmallJson(Parser):
    """JSON as its standard has it, up to 64 KiB."""

    def parse_body(self, request: HttpRequest) -> Any:
        if int(request.headers.get("Content-Length") or 0) > BODY_LIMIT:
            raise Refusal(
                "too-large", _("The request is larger than 64 KiB: send less."), status=413
            )
        return json.loads(request.body, parse_constant=_no_constant)


def _no_constant(_name: str) -> None:
    raise ValueError("NaN and Infinity are not JSON")


def _written_as_text(value: Any) -> Any:
    """A bare number could be seconds or milliseconds, of any zone: times are written out."""
    if not isinstance(value, str):
        raise PydanticCustomError("datetime_type", "a time is written as text")
    return value


def _in_utc(value: datetime) -> datetime:
    try:
        utc = value.astimezone(UTC)
    except OverflowError:
        utc = None
    if utc is None or utc < EARLIEST:
        raise PydanticCustomError("datetime_too_early", "this cannot be the time of a call")
    return utc


def text(longest: int) -> Any:
    """Text up to a length, without the one character that PostgreSQL cannot keep."""
    return Annotated[str, StringConstraints(max_length=longest, pattern=r"^[^\x00]*$")]


Time = Annotated[AwareDatetime, BeforeValidator(_written_as_text), AfterValidator(_in_utc)]
