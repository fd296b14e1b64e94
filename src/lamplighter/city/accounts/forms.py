"""What an administrator fills in."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .actions import NewPerson
from .models import Agency, Role, User

LAST_DAY = date(2999, 12, 31)


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Roles add up. Without one, nothing opens."),
    )


class PersonForm(RolesForm):
    """Somebody new."""

    username = forms.CharField(label=_("User name"), max_length=150)
    first_name = forms.CharField(label=_("First name"), max_length=150)
    last_name = forms.CharField(label=_("Last name"), max_length=150, required=False)
    agency = forms.ModelChoiceField(
        label=_("Agency"), queryset=Agency.objects.order_by("name"), required=False
    )
    field_order = ("username", "first_name", "last_name", "agency", "roles")

    def person(self) -> NewPerson:
        """The person as typed."""
        agency: Agency | None = self.cleaned_data["agency"]
        return NewPerson(
            username=self.cleaned_data["username"],
            first_name=self.cleaned_data["first_name"],
            last_name=self.cleaned_data["last_name"],
            roles=tuple(self.cleaned_data["roles"]),
            agency_id=None if agency is None else agency.pk,
        )


class TokenForm(forms.Form):
    """A program's way in."""

    name = forms.CharField(
        label=_("Which program will use it"),
        max_length=80,
        help_text=_("For example: phone system"),
    )
    user = forms.ModelChoiceField(
        label=_("It acts as"),
        queryset=User.objects.filter(is_active=True).order_by("first_name", "username"),
        help_text=_("It may do what this person may, and the journal says that they did it."),
    )
    until = forms.DateField(
        label=_("Until the end of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Empty: until it is revoked."),
    )

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["user"].label_from_instance = lambda user: user.display_name

    def clean_until(self) -> date | None:
        """A day that has a day after it."""
        until: date | None = self.cleaned_data["until"]
        if until is not None and until > LAST_DAY:
            raise forms.ValidationError(_("That day is too far away: leave it empty for no end."))
        return until

    def expires_at(self) -> datetime | None:
        """The end of the last day, on the city's clocks."""
        until = self.cleaned_data["until"]
        if until is None:
            return None
        return timezone.make_aware(datetime.combine(until + timedelta(days=1), time.min))
