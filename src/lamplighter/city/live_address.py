"""Where live streams come from, as the page that asks was reached."""

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port


def live_address(request: HttpRequest) -> str:
    """The origin of the live process; empty where pages and streams share one.

    Without a proxy the streams have a port of their own on the host that the person typed: the
    session cookie goes to a host, whatever the port.
    """
    if settings.LIVE_URL or not settings.LIVE_PORT:
        return settings.LIVE_URL
    host, _port = split_domain_port(request.get_host())
    return f"{request.scheme}://{host}:{settings.LIVE_PORT}"
