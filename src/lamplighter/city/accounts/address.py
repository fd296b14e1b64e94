"""Where a request comes from, for counting wrong passwords."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The address of whoever asks.

    A real city is served through a proxy, from which everybody would come: wrong passwords would
    then lock a name for all, so that anybody could lock out a dispatcher. The last address of
    X-Forwarded-For is what the proxy itself saw; those before it are what the sender claims. The
    sample city has no proxy, so there the whole header is a claim.
    """
    peer = str(request.META.get("REMOTE_ADDR", ""))
    if settings.SAMPLE_CITY:
        return peer
    seen = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    try:
        return str(ip_address(seen))
    except ValueError:
        return peer
