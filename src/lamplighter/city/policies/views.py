"""The policy that decides, for everybody to read, try, print and take along."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from lamplighter.city.accounts.access import opens_to_everyone
from lamplighter.city.refusal import Refusal

from .queries import InForce, in_force
from .wording import PolicyWords


@opens_to_everyone
@require_safe
def policy(request: HttpRequest, slug: str) -> HttpResponse:
    """The version in force, in words; with facts in the address, also who would go and why."""
    current = _in_force(slug)
    words = PolicyWords(current.policy, get_language() or "en")
    context = {
        "current": current,
        "title": words.say(current.policy.title),
        "about": words.say(current.policy.about),
        "tables": [words.table(table) for table in current.policy.tables],
    }
    return render(request, "policies/policy.html", context)


@opens_to_everyone
@require_safe
def download(_request: HttpRequest, slug: str) -> HttpResponse:
    """The policy's file, as it was put in force."""
    current = _in_force(slug)
    return HttpResponse(
        current.stored.text,
        content_type="application/yaml; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{slug}-{current.stored.version}.yaml"'
        },
    )


def _in_force(slug: str) -> InForce:
    try:
        return in_force(slug.replace("-", " "), timezone.now())
    except Refusal as refusal:
        raise Http404 from refusal
