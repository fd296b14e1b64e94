"""Server-Sent Events: how a message is written on the stream."""

import json
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

# The page waits this long before it opens a lost stream again (milliseconds).
RETRY = b"retry: 1000\n\n"


def encoded(value: Any) -> bytes:
    """JSON in one line, as an event's data must be."""
    return json.dumps(value, cls=DjangoJSONEncoder, separators=(",", ":")).encode()


def event(name: str, data: bytes) -> bytes:
    """One event; `data` is JSON in one line.

    >>> event("beat", b'{"seq":7}')
    b'event: beat\\ndata: {"seq":7}\\n\\n'
    """
    return b"event: " + name.encode() + b"\ndata: " + data + b"\n\n"


def beat(at: datetime) -> bytes:
    """A sign of life, with the server's clock."""
    return event("beat", encoded({"at": at}))


def changed(at: datetime) -> bytes:
    """To a crew: something about your calls is different, look again."""
    return event("changed", encoded({"at": at}))


def ended(reason: str) -> bytes:
    """The stream ends and is not to be opened again: signed out, or the role is gone."""
    return event("ended", encoded({"reason": reason}))
