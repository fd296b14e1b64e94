"""What the list of incidents can be narrowed to."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from lamplighter.city.intake.models import Responder

from .queries import Wanted

_SELECT = {"class": "usa-select"}
_INPUT = {"class": "usa-input", "type": "date"}


class FilterForm(forms.Form):
    """Open or closed, what, who, which day. What cannot be read is said, and does not narrow."""

    state = forms.ChoiceField(
        label=_("Open or closed"),
        required=False,
        choices=[("", _("All")), ("open", _("Open")), ("closed", _("Closed"))],
        widget=forms.Select(attrs=_SELECT),
        error_messages={"invalid_choice": _("Choose open, closed or all.")},
    )
    nature = forms.ChoiceField(
        label=_("What is happening"),
        required=False,
        widget=forms.Select(attrs=_SELECT),
        error_messages={"invalid_choice": _("Choose from the list.")},
    )
    responder = forms.ChoiceField(
        label=_("Who goes"),
        required=False,
        choices=[("", _("All")), *Responder.choices],
        widget=forms.Select(attrs=_SELECT),
        error_messages={"invalid_choice": _("Choose from the list.")},
    )
    day = forms.DateField(
        label=_("Day"),
        required=False,
        widget=forms.DateInput(attrs=_INPUT, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("Write the day as year-month-day, such as 2026-06-01.")},
    )

    def __init__(self, *args: Any, natures: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_label = sorted(natures.items(), key=lambda item: item[1].casefold())
        self.fields["nature"].choices = [("", _("All")), *by_label]

    def clean_day(self) -> date | None:
        """A day that has a day after it, for a list of the time between the two."""
        day: date | None = self.cleaned_data["day"]
        if day is not None and not date(1970, 1, 1) <= day <= date(2999, 12, 31):
            raise forms.ValidationError(self.fields["day"].error_messages["invalid"])
        return day

    def wanted(self) -> Wanted:
        """What was asked for, as far as it could be read."""
        return Wanted(**{name: value for name, value in self.cleaned_data.items() if value})

    def asked_as_query(self) -> str:
        """The same question again, for the links to other pages of the list."""
        return urlencode({name: value for name, value in self.cleaned_data.items() if value})
