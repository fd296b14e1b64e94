"""The policy that decides, for everybody to read, try, print and take along."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from lamplighter.city.accounts.access import opens_to_everyone
from lamplighter.city.refusal import Refusal

from .answers import read_answers
from .changes import Changes, changes_between
from .queries import InForce, compiled, in_force, stored_version
from .reading import lay_out
from .record import Spell, spells


@opens_to_everyone
@require_safe
def policy(request: HttpRequest, slug: str) -> HttpResponse:
    """The version in force, in words; with facts in the address, also who would go and why."""
    return _page(request, slug, _in_force(slug))


@opens_to_everyone
@require_safe
def version(request: HttpRequest, slug: str, content_hash: str) -> HttpResponse:
    """A version by its hash, in force now or once: what explains a decision years later."""
    found = stored_version(slug.replace("-", " "), content_hash, timezone.now())
    if found is None:
        raise Http404
    return _page(request, slug, found)


@opens_to_everyone
@require_safe
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """Which version was in force from when to when, who signed it, and what it changed."""
    found = spells(slug.replace("-", " "), timezone.now())
    if not found:
        raise Http404
    rows = [(spell, _changed(spell)) for spell in found]
    return render(request, "policies/history.html", {"slug": slug, "rows": rows})


@opens_to_everyone
@require_safe
def download(_request: HttpRequest, slug: str) -> HttpResponse:
    """The policy's file, as it was put in force."""
    return _file(slug, _in_force(slug))


@opens_to_everyone
@require_safe
def version_file(_request: HttpRequest, slug: str, content_hash: str) -> HttpResponse:
    """The file of a version by its hash, in force now or once."""
    found = stored_version(slug.replace("-", " "), content_hash, timezone.now())
    if found is None:
        raise Http404
    return _file(slug, found)


def _file(slug: str, current: InForce) -> HttpResponse:
    name = f"{slug}-{slugify(current.stored.version)}.yaml"
    return HttpResponse(
        current.stored.text,
        content_type="application/yaml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _page(request: HttpRequest, slug: str, shown: InForce) -> HttpResponse:
    facts = read_answers(shown.policy, request.GET.dict())
    page = lay_out(shown.policy, get_language() or "en", facts)
    context = {"slug": slug, "shown": shown, "page": page, "coming": shown.since > timezone.now()}
    return render(request, "policies/policy.html", context)


def _changed(spell: Spell) -> Changes | None:
    """What a version changed against the one before it."""
    if spell.before is None:
        return None
    old, new = compiled(spell.before.policy), compiled(spell.activation.policy)
    return changes_between(old, new, get_language() or "en")


def _in_force(slug: str) -> InForce:
    try:
        return in_force(slug.replace("-", " "), timezone.now())
    except Refusal as refusal:
        raise Http404 from refusal
