"""What a team types on its phone, read back into the shape that the action takes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lamplighter.city.accounts.models import new_id
from lamplighter.city.dispatch.models import Assignment, BackupRequest, UnitKind
from lamplighter.city.refusal import Refusal

from .actions import NAME_LENGTH, NOTE_LENGTH, NewEncounter
from .models import Encounter, Help, Need

NOT_OFFERED, OFFERED, ACCEPTED = "not_offered", "offered", "accepted"
OFFER_STATES = [
    (NOT_OFFERED, pgettext_lazy("help", "Not offered")),
    (OFFERED, pgettext_lazy("help", "Offered")),
    (ACCEPTED, pgettext_lazy("help", "Accepted")),
]
# A unit that was sent ends its part itself; only a dispatcher recalls it.
DISPOSITIONS = [choice for choice in Assignment.Cleared.choices if choice[0] != "recalled"]
AS_RECORDED = ("", _("As recorded above"))


def _one_of(
    label: Any, choices: list[tuple[str, Any]], sentence: Any, **more: Any
) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=more.pop("widget", forms.RadioSelect),
        error_messages={"invalid_choice": sentence, "required": sentence},
        **more,
    )


class EncounterForm(forms.Form):
    """One encounter. Its identifier comes with the form: sent twice, it is saved once."""

    id = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={
            "required": _("The record has no identifier: open the form again."),
            "invalid": _("The record has no identifier: open the form again."),
        },
    )
    met = _one_of(_("Whom did you meet?"), Encounter.Met.choices, _("Say whom you met."))
    needs = forms.MultipleChoiceField(
        label=_("What did the person need?"),
        help_text=_("Everything that you saw, as you saw it."),
        choices=Need.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("A need is not on the list: choose from the list.")},
    )
    transport = _one_of(
        _("Where did you take the person?"),
        Encounter.Transport.choices,
        _("Say where the ride went."),
        required=False,
        initial=Encounter.Transport.NONE.value,
    )
    outcome = _one_of(
        _("How did it end?"),
        [choice for choice in Encounter.Outcome.choices if choice[0] != "no_contact"],
        _("Say how it ended."),
        required=False,
    )
    person_name = forms.CharField(
        label=_("Name"),
        help_text=_("The person may stay unnamed. Only your crew sees the name."),
        required=False,
        widget=forms.TextInput(attrs={"class": "usa-input", "autocomplete": "off"}),
    )
    note = forms.CharField(
        label=_("Note"),
        help_text=_("Only your crew sees the note. Police and dispatch do not."),
        required=False,
        widget=forms.Textarea(attrs={"class": "usa-textarea", "rows": 3}),
    )
    cleared_as = _one_of(
        _("How the call ends"),
        [AS_RECORDED, *DISPOSITIONS],
        _("There is no such way to end a call: choose one of the list."),
        required=False,
        widget=forms.Select(attrs={"class": "usa-select"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("id", new_id())
        self.fields["person_name"].widget.attrs["maxlength"] = NAME_LENGTH
        self.fields["note"].widget.attrs["maxlength"] = NOTE_LENGTH
        for code, label in Help.choices:
            self.fields[f"help_{code}"] = _one_of(
                label,
                OFFER_STATES,
                _("An offer is not on the list: choose from the list."),
                required=False,
                initial=NOT_OFFERED,
            )

    @property
    def offers(self) -> list[forms.BoundField]:
        """The fields of what can be offered, in the order of the list."""
        return [self[f"help_{code}"] for code in Help.values]

    def new_encounter(self, assignment: Assignment) -> NewEncounter:
        """The encounter as typed; where nobody was found, how it ended needs no saying."""
        said = self.cleaned_data
        states = {code: said[f"help_{code}"] or NOT_OFFERED for code in Help.values}
        outcome = said["outcome"]
        if said["met"] == Encounter.Met.NOT_FOUND and not outcome:
            outcome = Encounter.Outcome.NO_CONTACT.value
        return NewEncounter(
            id=said["id"],
            assignment_id=assignment.pk,
            met=said["met"],
            outcome=outcome,
            needs=tuple(said["needs"]),
            offered=tuple(code for code, state in states.items() if state != NOT_OFFERED),
            accepted=tuple(code for code, state in states.items() if state == ACCEPTED),
            transport=said["transport"] or Encounter.Transport.NONE.value,
            person_name=said["person_name"],
            note=said["note"],
        )

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal beside the field that it is about, else at the head of the form."""
        if refusal.code == "encounter-id-used":
            # Going back and changing a saved record makes a second one; the first stays as it is.
            self.data = self.data.copy()
            self.data["id"] = str(new_id())
            self.add_error(
                None,
                _(
                    "This record was saved before, with other content, and that stays."
                    " To save this as another record, press Save again."
                ),
            )
            return
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.sentence)


class ClearForm(forms.Form):
    """How a unit's part of a call ends, when no more is to be recorded."""

    cleared_as = _one_of(
        _("How does the call end?"),
        DISPOSITIONS,
        _("There is no such way to end a call: choose one of the list."),
    )


# Who can come to a place; desks and lines cannot.
COMES_TO_HELP = (
    UnitKind.POLICE,
    UnitKind.EMS,
    UnitKind.CO_RESPONSE,
    UnitKind.COMMUNITY_TEAM,
    UnitKind.FIRE,
    UnitKind.OUTREACH_TEAM,
    UnitKind.VIOLENCE_INTERRUPTERS,
    UnitKind.MEDIATION,
)


class BackupForm(forms.Form):
    """Who should come, and why."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    kind = _one_of(
        _("Who should come?"),
        [(kind.value, kind.label) for kind in COMES_TO_HELP],
        _("Choose who should come."),
    )
    reason = _one_of(_("Why?"), BackupRequest.Reason.choices, _("Choose why."))
