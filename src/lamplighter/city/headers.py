"""Response headers: pages run nothing that is not ours, and nothing of them is kept."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from .live_address import live_address


class ContentSecurityPolicy:
    """Allow scripts, styles and connections from this city only."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policy = "; ".join(
            [
                "default-src 'self'",
                "img-src 'self' data: blob:",
                "style-src 'self'",
                "script-src 'self'",
                "worker-src 'self' blob:",
                "connect-src 'self' {live}",
                "object-src 'none'",
                "base-uri 'none'",
                "form-action 'self'",
                "frame-ancestors 'none'",
            ]
        )

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        policy = self.policy.replace("{live}", live_address(request))
        response.headers.setdefault("Content-Security-Policy", policy)
        # After the sign-out, Back must not show what a person told us; nor may a proxy keep it.
        response.headers.setdefault("Cache-Control", "no-store")
        return response
