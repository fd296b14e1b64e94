"""What somebody fills in for a scenario."""

import copy
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lamplighter.city.rehearsal.models import MOST_REPLICATIONS, Answers, Scenario
from lamplighter.city.rehearsal.teams.files import LONGEST_TEXT

from .choosing import Choice

_TEXT_ATTRIBUTES = {
    "rows": 24,
    "spellcheck": "false",
    "class": "code-text",
    "wrap": "off",
    "lang": "en",
    # Checked a third of a second after the last key; a newer question replaces the one under way.
    "hx-trigger": "input changed delay:350ms",
    "hx-target": "#told",
    "hx-sync": "this:replace",
}


class ScenarioForm(forms.Form):
    """A history, a policy, teams, and how often it is run."""

    name = forms.CharField(
        label=_("Name"),
        help_text=_("What sets it apart from the others: “One more van in the evening”."),
        max_length=120,
    )
    history = forms.ModelChoiceField(label=_("On which calls"), queryset=None, empty_label=None)
    policy = forms.ChoiceField(label=_("Which policy decides"))
    teams_text = forms.CharField(
        label=_("The team file"),
        help_text=_("All that the table has, and more. It is checked as you type."),
        strip=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs=_TEXT_ATTRIBUTES),
    )
    replications = forms.IntegerField(
        label=_("How often it is run"),
        help_text=_("Each time with other chance. More runs give narrower intervals."),
        min_value=1,
        max_value=MOST_REPLICATIONS,
    )
    answers = forms.ChoiceField(
        label=_("What the history does not tell"),
        help_text=_("A call file has a code and an hour, not whether somebody saw a weapon."),
        choices=Answers.choices,
    )
    areas = forms.ChoiceField(
        label=_("By which areas"),
        help_text=_("Areas that count people say for whom it is better or worse."),
    )
    seed = forms.IntegerField(
        label=_("Seed of chance"),
        help_text=_("Scenarios with the same seed meet the same chance, and compare best."),
        min_value=0,
        max_value=2_000_000_000,
    )

    def clean_name(self) -> str:
        """A name that no other scenario of the room has: pictures tell them apart by it."""
        name = str(self.cleaned_data["name"])
        if Scenario.objects.filter(name=name, put_away_at=None).exists():
            raise forms.ValidationError(_("There is a scenario of this name: give it another."))
        return name

    def __init__(
        self,
        *args: Any,
        histories: Any,
        policies: list[Choice],
        areas: list[Choice],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["teams_text"].widget.attrs["hx-post"] = reverse("rehearsal:check")
        self.fields["history"].queryset = histories  # type: ignore[attr-defined]
        self.fields["policy"].choices = [  # type: ignore[attr-defined]
            (choice.value, choice.label) for choice in policies
        ]
        self.fields["areas"].choices = [  # type: ignore[attr-defined]
            (choice.value, f"{choice.label} ({choice.says})" if choice.says else choice.label)
            for choice in areas
        ]
        self.fields["history"].label_from_instance = lambda history: history.name  # type: ignore[attr-defined]


def text_field(text: str) -> str:
    """The field of the text alone, to be put in the place of the one on the page."""
    field = ScenarioForm.base_fields["teams_text"]
    widget = copy.deepcopy(field.widget)
    attributes = {"id": "id_teams_text", "hx-post": reverse("rehearsal:check")}
    attributes |= {"hx-swap-oob": "true", "required": True, "maxlength": str(LONGEST_TEXT)}
    return str(widget.render("teams_text", text, attributes))
