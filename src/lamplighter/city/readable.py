"""Requests that nothing of ours can read are refused before anything tries."""

from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

# Two languages in one text: which one somebody reads is not known yet.
SENTENCE = (
    "This request cannot be read: open the page again by its own address.\n"
    "Esta petición no se puede leer: abra la página de nuevo por su propia dirección.\n"
)

_PLAIN = "text/plain; charset=utf-8"
# Two files of areas with their form are the most that any page takes, but for that of call files.
MOST_BYTES = 45_000_000
TOO_LARGE = (
    "This is larger than the 45 MB that are taken here: send less.\n"
    "Esto es más grande que los 45 MB que aquí se aceptan: envíe menos.\n"
)


class ReadableOnly:
    """Answer 400 to what would otherwise fail deep inside, and there into a log with its content.

    A host that is not ours; a form that says that it is not UTF-8, which Django refuses only while
    it answers, and then cannot answer; a cookie with the one character that PostgreSQL cannot keep.
    And 413 to what is too large: Django writes files of a form to the disk before it asks who sends
    them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _readable(request):
            return HttpResponse(SENTENCE, status=400, content_type=_PLAIN)
        if _too_large(request):
            return HttpResponse(TOO_LARGE, status=413, content_type=_PLAIN)
        return self.get_response(request)


def _too_large(request: HttpRequest) -> bool:
    """Call files are larger, go to their place as they come in, and are refused there."""
    said = request.META.get("CONTENT_LENGTH", "")
    large = said.isdecimal() and int(said[:20]) > MOST_BYTES
    return large and request.path_info != reverse("policies:bring_file")


def _readable(request: HttpRequest) -> bool:
    try:
        request.get_host()
    except DisallowedHost:
        return False
    charset = (request.content_params or {}).get("charset", "utf-8").lower()
    return charset in {"utf-8", "utf8"} and not any(
        "\0" in text for cookie in request.COOKIES.items() for text in cookie
    )
