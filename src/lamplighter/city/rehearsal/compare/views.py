"""Scenarios side by side."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lamplighter.city.accounts.access import opens_to
from lamplighter.city.rehearsal.queries import IN_THE_ROOM, latest_results
from lamplighter.city.rehearsal.scenarios.inputs import (
    inputs_of,
    policies_that_differ,
    teams_that_differ,
)
from lamplighter.pictures import Outlines, definitions

from .groups import compare_groups
from .maps import draw_maps
from .pictures import draw_sides
from .sides import LETTERS, Side, compare_runs

LEAST, MOST = 2, 4


@never_cache
@require_safe
@opens_to(*IN_THE_ROOM)
def compare(request: HttpRequest) -> HttpResponse:
    """The scenarios of the address, compared with the first; from the room, with the oldest."""
    language = get_language() or "en"
    found = latest_results(request.user, _chosen(request.GET.getlist("of")))
    if "oldest_first" in request.GET:
        found.sort(key=lambda run: (run.scenario.at, run.scenario_id))
    if len(found) < LEAST:
        messages.error(request, _("Choose two to four scenarios that are done."))
        return redirect("rehearsal:room")
    sides = [Side(letter, run.scenario, run) for letter, run in zip(LETTERS, found, strict=False)]
    compared = compare_runs(sides, language)
    shapes = _shapes(sides[0])
    maps = draw_maps(sides, shapes, language, can_differ=compared.can_differ)
    context = {
        "compared": compared,
        "pictures": draw_sides(sides, language, mapped=bool(maps)),
        "maps": maps,
        "groups": compare_groups(sides, language, can_differ=compared.can_differ),
        "definitions": definitions(*(() if shapes is None else (shapes,))),
        "inputs": inputs_of(sides),
        "teams": teams_that_differ(sides),
        "policies": policies_that_differ(sides, language),
    }
    return render(request, "rehearsal/compare.html", context)


def _shapes(side: Side) -> Outlines | None:
    """The outlines that a run has kept."""
    kept = side.outlines
    if kept is None:
        return None
    return Outlines(
        kept["key"],
        tuple(kept["names"]),
        tuple(kept["paths"]),
        tuple((x, y) for x, y in kept["marks"]),
        kept["height"],
    )


def _chosen(values: list[str]) -> list[uuid.UUID]:
    """The scenarios that the address names: each once, in their order."""
    found: list[uuid.UUID] = []
    for value in values:
        try:
            one = uuid.UUID(value)
        except ValueError:
            continue
        if one not in found:
            found.append(one)
    return found[:MOST]
