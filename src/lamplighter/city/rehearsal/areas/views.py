"""Areas to rehearse by: those that were brought, what they say, and whom they count."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lamplighter.city.accounts.access import opens_to
from lamplighter.city.refusal import Refusal
from lamplighter.city.rehearsal.models import AreaFile
from lamplighter.city.rehearsal.queries import IN_THE_ROOM, REHEARSES, area_files
from lamplighter.pictures import definitions

from .actions import bring_areas, count_people, put_areas_away
from .files import areas_of, number_columns
from .forms import AreaFileForm, PeopleForm
from .pictures import draw_people, outlines_of


@never_cache
@require_safe
@opens_to(*IN_THE_ROOM)
def areas(request: HttpRequest) -> HttpResponse:
    """All areas that were brought."""
    context = {
        "files": area_files(request.user),
        "rehearses": request.user.has_role(*REHEARSES),
    }
    return render(request, "rehearsal/areas.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@opens_to(*REHEARSES)
def bring(request: HttpRequest) -> HttpResponse:
    """Bring areas; what they count is said on their page."""
    form = AreaFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            kept = bring_areas(
                said["name"], said["file"], said["people"], by=request.user, now=timezone.now()
            )
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            return redirect("rehearsal:area_file", kept.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "rehearsal/bring_areas.html", {"form": form}, status=status)


@never_cache
@require_safe
@opens_to(*IN_THE_ROOM)
def area_file(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """What a file of areas says: its map, its columns, what was mended."""
    found = get_object_or_404(area_files(request.user), pk=file_id)
    return _page(request, found, _people_form(found))


@require_POST
@opens_to(*REHEARSES)
def people(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """Say which columns count people."""
    found = get_object_or_404(area_files(request.user), pk=file_id)
    form = _people_form(found, request.POST)
    if form.is_valid():
        try:
            count_people(
                found,
                form.groups(),
                form.cleaned_data["everyone"],
                by=request.user,
                now=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("Kept. New scenarios can be told by these people."))
            return redirect("rehearsal:area_file", found.pk)
    return _page(request, found, form, status=422)


@require_POST
@opens_to(*REHEARSES)
def away(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """Offer areas no longer."""
    found = get_object_or_404(area_files(request.user), pk=file_id)
    put_areas_away(found.pk, by=request.user, now=timezone.now())
    messages.success(request, _("The areas were put away. Scenarios that have them keep them."))
    return redirect("rehearsal:areas")


def _people_form(found: AreaFile, *given: object) -> PeopleForm:
    return PeopleForm(
        *given,
        columns=number_columns(areas_of(found.text)),
        groups=found.groups,
        initial={"everyone": found.everyone},
    )


def _page(
    request: HttpRequest, found: AreaFile, form: PeopleForm, *, status: int = 200
) -> HttpResponse:
    shapes = outlines_of(found.text)
    context = {
        "file": found,
        "form": form,
        "definitions": definitions(shapes),
        "picture": draw_people(found, shapes, get_language() or "en"),
        "count": len(shapes.names),
        "rehearses": request.user.has_role(*REHEARSES),
    }
    return render(request, "rehearsal/area_file.html", context, status=status)
