"""What somebody fills in for a search: the target that teams must meet."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lamplighter.city.rehearsal.models import LEAST_SCENARIOS, MOST_SCENARIOS, StaffingSearch


class SearchForm(forms.Form):
    """The target that teams must meet, and how it is searched."""

    percent_within = forms.FloatField(
        label=_("In time, of 100 calls"),
        help_text=_("At least so many, for each kind of team."),
        min_value=1,
        max_value=100,
        initial=90,
    )
    minutes = forms.FloatField(
        label=_("Minutes"),
        help_text=_("From the call until the team is there."),
        min_value=1,
        max_value=1_440,
        initial=20,
    )
    percent_fall_back = forms.FloatField(
        label=_("To others, of 100 calls"),
        help_text=_("At most so many: others take over, or nobody comes."),
        min_value=0,
        max_value=100,
        initial=5,
    )
    bases = forms.ChoiceField(
        label=_("Where units may be based"),
        choices=StaffingSearch.Bases.choices,
        initial=StaffingSearch.Bases.FILE,
        widget=forms.RadioSelect,
    )
    most_scenarios = forms.IntegerField(
        label=_("How many runs at most"),
        help_text=_("It ends sooner where no near plan is better. 1,000 take some minutes."),
        min_value=LEAST_SCENARIOS,
        max_value=MOST_SCENARIOS,
        initial=1_000,
    )

    @classmethod
    def of(cls, search: StaffingSearch) -> "SearchForm":
        """The form with what an earlier search was asked for."""
        return cls(initial={name: getattr(search, name) for name in cls.base_fields})
