"""Sign-in: the few pages of allauth that are used, each opened by name, and what the journal keeps.

There is no sign-up and no e-mail: an administrator adds the people who work here.
"""

from typing import Any

from allauth.account import views as account
from allauth.account.signals import password_changed
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from allauth.mfa.totp import views as totp
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.contrib.sessions.models import Session
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.views.i18n import set_language

from lamplighter.city.journal.actions import act

from .access import EVERYONE, SIGNED_IN, open_library_view
from .browsers import remember
from .models import User


def change_password(request: HttpRequest) -> HttpResponse:
    """allauth's own view; the browser in which a password is changed stays a known one."""
    before = request.user.password
    response = account.password_change(request)
    if request.user.password != before:
        remember(request, response, request.user, timezone.now())
    return response


urlpatterns = [
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/password/", change_password, name="account_change_password"),
    path("accounts/second-step/", mfa.index, name="mfa_index"),
    path("accounts/second-step/enter/", mfa.authenticate, name="mfa_authenticate"),
    path("accounts/second-step/confirm/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("accounts/second-step/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("accounts/second-step/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path(
        "accounts/second-step/codes/",
        recovery_codes.view_recovery_codes,
        name="mfa_view_recovery_codes",
    ),
    path(
        "accounts/second-step/codes/new/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path("language/", set_language, name="set_language"),
]

# Who is not signed in yet must be able to sign in, in both steps, and to choose a language.
for _name in ("account_login", "mfa_authenticate", "set_language"):
    open_library_view(_name, EVERYONE)
for _name in (
    "account_logout",
    "account_reauthenticate",
    "account_change_password",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
):
    open_library_view(_name, SIGNED_IN)


def _journal(verb: str, user: User | None, about: object = "", **codes: Any) -> None:
    """Journal an act of signing in or out: who, and codes; never a name or what was typed."""
    with act(user, timezone.now()) as done:
        done.record(verb, subject_id=about or (user.pk if user else ""), **codes)


@receiver(user_logged_in)
def _signed_in(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    _journal("signed in", user, how=getattr(request, "signed_in_by", "password"))
    # Nothing else removes the sessions of those who closed their browser without signing out.
    Session.objects.filter(expire_date__lte=timezone.now()).delete()


@receiver(user_logged_out)
def _signed_out(user: User | None, **_kwargs: Any) -> None:
    if user is not None:
        _journal("signed out", user)


@receiver(user_login_failed)
def _failed(credentials: dict[str, Any], **_kwargs: Any) -> None:
    """A failure is about a person, if there is one of that name, and by nobody."""
    name = str(credentials.get("username", ""))
    known = User.objects.filter(username=name).values_list("pk", flat=True).first()
    _journal("sign-in failed", None, known, reason="password" if known else "nobody")


@receiver(user_locked_out)
def _locked_out(request: HttpRequest, **_kwargs: Any) -> None:
    """The signal's own user name is the digest by which axes counts."""
    name = str((getattr(request, "axes_credentials", None) or {}).get("username", ""))
    known = User.objects.filter(username=name).values_list("pk", flat=True).first()
    _journal("sign-in locked", None, known)


@receiver(authentication_failed)
def _wrong_code(user: User, **_kwargs: Any) -> None:
    _journal("sign-in failed", None, user.pk, reason="second_step")


@receiver(password_changed)
def _password_changed(user: User, **_kwargs: Any) -> None:
    User.objects.filter(pk=user.pk).update(password_is_temporary=False)
    _journal("password changed", user)


@receiver(authenticator_added)
def _second_step_added(user: User, authenticator: Any, **_kwargs: Any) -> None:
    _journal("second step added", user, kind=authenticator.type)


@receiver(authenticator_removed)
def _second_step_removed(user: User, authenticator: Any, **_kwargs: Any) -> None:
    _journal("second step removed", user, kind=authenticator.type)


@receiver(authenticator_reset)
def _second_step_reset(user: User, authenticator: Any, **_kwargs: Any) -> None:
    _journal("second step renewed", user, kind=authenticator.type)
