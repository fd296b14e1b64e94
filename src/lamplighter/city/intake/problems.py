"""Why something was not saved: one sentence for each problem, each leading to its field."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from lamplighter.city.policies.interview import NATURE
from lamplighter.city.refusal import Refusal

# Where a refusal's field is shown when the form has another name for it.
_SHOWN_AT = {"place": "address"}


@dataclass(frozen=True)
class Problem:
    """A sentence, and the field it belongs to or the page that helps further."""

    sentence: str
    field_id: str = ""
    url: str = ""


def place_refusal(form: forms.Form, refusal: Refusal) -> None:
    """Put what a verb refused beside the field it belongs to."""
    # Nobody can mend an identifier by hand: what is wrong with it belongs to the form as a whole.
    field = None if refusal.field == "id" else _SHOWN_AT.get(refusal.field or "", refusal.field)
    form.add_error(field if field in form.fields else None, refusal.sentence)


def says_refusals(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Show what is refused before there is a form to show it in, such as for want of a policy."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            context = {"sentence": refusal.sentence}
            return render(request, "intake/refused.html", context, status=refusal.status)

    return guarded


def problems_of(form: forms.Form, refused: Refusal | None) -> tuple[Problem, ...]:
    """Everything that is wrong with a submitted form."""
    if not form.is_bound:
        return ()
    problems = []
    for name, sentences in form.errors.items():
        for sentence in sentences:
            if name in form.fields:
                problems.append(Problem(sentence, form[name].id_for_label))
            elif refused is not None and refused.field == NATURE:
                problems.append(Problem(sentence, "fact-nature"))
            elif refused is not None and refused.code == "call-id-used":
                saved = reverse("intake:call", args=[form["id"].value()])
                problems.append(Problem(sentence, url=saved))
            else:
                problems.append(Problem(sentence))
    return tuple(problems)
