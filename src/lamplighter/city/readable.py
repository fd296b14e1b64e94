"""Requests that nothing of ours can read are refused before anything tries."""

from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse

# Two languages in one text: which one somebody reads is not known yet.
SENTENCE = (
    "This request cannot be read: open the page again by its own address.\n"
    "Esta petición no se puede leer: abra la página de nuevo por su propia dirección.\n"
)


class ReadableOnly:
    """Answer 400 to what would otherwise fail deep inside, and there into a log with its content.

    A host that is not ours; a form that says that it is not UTF-8, which Django refuses only while
    it answers, and then cannot answer; a cookie with the one character that PostgreSQL cannot keep.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _readable(request):
            return self.get_response(request)
        return HttpResponse(SENTENCE, status=400, content_type="text/plain; charset=utf-8")


def _readable(request: HttpRequest) -> bool:
    try:
        request.get_host()
    except DisallowedHost:
        return False
    charset = (request.content_params or {}).get("charset", "utf-8").lower()
    return charset in {"utf-8", "utf8"} and not any(
        "\0" in text for cookie in request.COOKIES.items() for text in cookie
    )
