"""What allauth is told of this city: by what it counts, and what it remembers of a browser."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .attempts import counted_name
from .browsers import count_of, remember
from .models import User


class Adapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _(
            "No name here goes with this password. Look at both, and try again."
        ),
        "too_many_login_attempts": _("Too many wrong tries. Wait five minutes, then try again."),
        "too_many_passwords": _(
            "The password of this name was wrong too often, here or elsewhere. Wait five minutes, "
            "or sign in with a browser in which you signed in before."
        ),
        "too_many_passwords_here": _(
            "The password of this name was wrong too often in this browser. Wait five minutes, or "
            "sign in with another browser."
        ),
    }

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """By what axes counts, too: a known browser by itself, all others by the name.

        allauth's own key has the host in it, with the port: whoever asks can write any.
        """
        return counted_name(request, credentials) or ""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            # A known browser has a count of its own: one that is not known is then of help.
            here = count_of(request, str(credentials.get("username", "")), timezone.now())
            code = "too_many_passwords_here" if here else "too_many_passwords"
            raise self.validation_error(code) from None

    def post_login(self, request: HttpRequest, user: User, **login: Any) -> HttpResponse:
        """After both steps."""
        response = super().post_login(request, user, **login)
        remember(request, response, user, timezone.now())
        return response
