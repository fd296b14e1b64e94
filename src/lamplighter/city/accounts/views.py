"""The administrator's pages: who works here, and the tokens of programs."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lamplighter.city.refusal import Refusal

from .access import opens_to
from .actions import (
    add_person,
    deactivate_person,
    reactivate_person,
    reset_password,
    set_roles,
)
from .forms import PersonForm, RolesForm, TokenForm
from .models import ApiToken, Role, User
from .tokens import issue_token, revoke_token


@never_cache
@require_safe
@opens_to(Role.ADMINISTRATOR)
def people(request: HttpRequest) -> HttpResponse:
    everybody = User.objects.select_related("agency").order_by(
        "-is_active", "first_name", "last_name", "username"
    )
    return render(request, "accounts/people.html", {"people": everybody})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@opens_to(Role.ADMINISTRATOR)
def new_person(request: HttpRequest) -> HttpResponse:
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            added = add_person(form.person(), by=request.user, now=timezone.now())
        except Refusal as refusal:
            _show(form, refusal)
        else:
            return render(request, "accounts/password_once.html", {"added": added})
    return render(request, "accounts/new_person.html", {"form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@opens_to(Role.ADMINISTRATOR)
def person(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """One person; a POST sets their roles."""
    shown = get_object_or_404(User.objects.select_related("agency"), pk=person_id)
    form = RolesForm(request.POST if request.method == "POST" else None, initial=_initial(shown))
    if request.method == "POST" and form.is_valid():
        try:
            set_roles(shown.pk, form.cleaned_data["roles"], by=request.user, now=timezone.now())
        except Refusal as refusal:
            _show(form, refusal)
        else:
            messages.success(request, _("The roles were changed."))
            return redirect("accounts:person", shown.pk)
    return render(request, "accounts/person.html", {"person": shown, "form": form})


@require_POST
@opens_to(Role.ADMINISTRATOR)
def deactivate(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    done = _("Nothing opens to them any more, and they were signed out.")
    return _act(request, person_id, deactivate_person, done)


@require_POST
@opens_to(Role.ADMINISTRATOR)
def reactivate(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    return _act(request, person_id, reactivate_person, _("They can sign in again."))


@never_cache
@require_POST
@opens_to(Role.ADMINISTRATOR)
def new_password(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    try:
        added = reset_password(person_id, by=request.user, now=timezone.now())
    except Refusal as refusal:
        raise Http404 from refusal
    return render(request, "accounts/password_once.html", {"added": added})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@opens_to(Role.ADMINISTRATOR)
def tokens(request: HttpRequest) -> HttpResponse:
    """The tokens of programs; a POST makes one, which is shown this one time."""
    form = TokenForm(request.POST or None)
    issued = None
    if request.method == "POST" and form.is_valid():
        try:
            issued = issue_token(
                form.cleaned_data["user"],
                form.cleaned_data["name"],
                by=request.user,
                now=timezone.now(),
                expires_at=form.expires_at(),
            )
        except Refusal as refusal:
            _show(form, refusal)
        else:
            form = TokenForm()
    known = ApiToken.objects.select_related("user").order_by("-created_at")
    return render(
        request,
        "accounts/tokens.html",
        {"form": form, "tokens": known, "issued": issued, "now": timezone.now()},
    )


@require_POST
@opens_to(Role.ADMINISTRATOR)
def revoke(request: HttpRequest, token_id: uuid.UUID) -> HttpResponse:
    revoke_token(token_id, by=request.user, now=timezone.now())
    messages.success(request, _("The token opens nothing any more."))
    return redirect("accounts:tokens")


def _act(
    request: HttpRequest, person_id: uuid.UUID, verb: Callable[..., Any], done: str
) -> HttpResponse:
    try:
        verb(person_id, by=request.user, now=timezone.now())
    except Refusal as refusal:
        if refusal.status == 404:
            raise Http404 from refusal
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, done)
    return redirect("accounts:person", person_id)


def _initial(shown: User) -> dict[str, Any]:
    return {"roles": shown.roles}


def _show(form: forms.Form, refusal: Refusal) -> None:
    """Put a refusal's sentence beside its field, or above the form."""
    field = refusal.field if refusal.field in form.fields else None
    form.add_error(field, refusal.sentence)
