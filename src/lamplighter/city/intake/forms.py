"""The call form and its smaller companions: what was typed, read into what the verbs take."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from lamplighter.city.policies.answers import Fact

from .actions import NewCall
from .models import Call, Channel, Decision, Neighborhood


class CityTimeField(forms.DateTimeField):
    """A time on the city's clocks. In the hour that comes twice a year, the first one is meant."""

    def to_python(self, value: Any) -> datetime | None:
        if isinstance(value, str) and value:
            try:
                parsed = parse_datetime(value)
            except ValueError:
                parsed = None
            if parsed is not None and timezone.is_naive(parsed):
                return parsed.replace(tzinfo=timezone.get_current_timezone())
        return super().to_python(value)


def _text(model: type, name: str, **more: Any) -> forms.CharField:
    limit = model._meta.get_field(name).max_length
    return forms.CharField(
        required=False,
        max_length=limit,
        error_messages={
            "max_length": _(
                "The text is longer than the %(limit_value)d characters that can be kept: "
                "shorten it."
            )
        },
        **more,
    )


class _LookForm(forms.Form):
    """A form whose fields wear the classes of the look, and point to their problem beside them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if field.widget.is_hidden:
                continue
            look = {forms.Select: "usa-select", forms.Textarea: "usa-textarea"}
            of_type = (css for widget, css in look.items() if isinstance(field.widget, widget))
            field.widget.attrs["class"] = next(of_type, "usa-input")
            field.widget.attrs["aria-describedby"] = f"{name}-problem"


class OverrideForm(_LookForm):
    """Somebody else goes than the policy says, and why."""

    override_responder = forms.ChoiceField(
        label=_("Who goes instead"),
        required=False,
        error_messages={"invalid_choice": _("Nobody by that name can be sent: choose again.")},
    )
    override_reason = _text(Decision, "override_reason", label=_("Why"))

    def __init__(self, *args: Any, responders: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["override_responder"].choices = [("", _("Choose")), *responders]


class NewInformationForm(_LookForm):
    """What was learned after the call was saved. `based_on` is the decision that it was told to."""

    based_on = forms.UUIDField(widget=forms.HiddenInput)
    note = _text(Call, "narrative", label=_("Notes"), widget=forms.Textarea(attrs={"rows": 3}))
    drop_override = forms.BooleanField(required=False)


class CallForm(OverrideForm):
    """A call being taken. What the caller answers is read apart, as facts of the policy."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    opened_at = forms.DateTimeField(widget=forms.HiddenInput)
    channel = forms.ChoiceField(
        label=_("How the call came"),
        choices=Channel.choices,
        error_messages={
            "invalid_choice": _("The call's channel is not one of ours: choose how the call came.")
        },
    )
    address = _text(
        Call,
        "address",
        label=_("Address or place, in words"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    latitude = forms.FloatField(required=False, widget=forms.HiddenInput)
    longitude = forms.FloatField(required=False, widget=forms.HiddenInput)
    neighborhood = forms.ModelChoiceField(
        label=_("Neighborhood"),
        queryset=Neighborhood.objects.defer("outline"),
        required=False,
        empty_label=_("Not known"),
    )
    callback = _text(
        Call,
        "callback",
        label=_("Caller's number"),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    narrative = _text(Call, "narrative", label=_("Notes"), widget=forms.Textarea(attrs={"rows": 3}))
    received_at = CityTimeField(
        label=_("When the call came, if not now"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    join_incident = forms.UUIDField(required=False)

    @property
    def point(self) -> tuple[float | None, float | None]:
        """The pin as submitted, whatever else is wrong with the form."""
        return tuple(_float(self[name].value()) for name in ("latitude", "longitude"))  # type: ignore[return-value]

    @property
    def joined(self) -> uuid.UUID | None:
        """The incident that the call is to join, if one was chosen."""
        try:
            return uuid.UUID(str(self["join_incident"].value()))
        except ValueError:
            return None

    def new_call(self, facts: Mapping[str, Fact]) -> NewCall:
        """The call as `take_call` wants it; only after `is_valid()`."""
        typed = self.cleaned_data
        neighborhood = typed["neighborhood"]
        return NewCall(
            id=typed["id"],
            channel=typed["channel"],
            received_at=typed["received_at"] or typed["opened_at"],
            facts=dict(facts),
            address=typed["address"],
            latitude=typed["latitude"],
            longitude=typed["longitude"],
            neighborhood_id=neighborhood.pk if neighborhood else None,
            callback=typed["callback"],
            narrative=typed["narrative"],
            join_incident=typed["join_incident"],
            override_responder=typed["override_responder"],
            override_reason=typed["override_reason"],
        )


def _float(value: object) -> float | None:
    try:
        return float(str(value))
    except ValueError:
        return None
