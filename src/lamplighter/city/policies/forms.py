"""What authors and signers fill in."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import PolicyVersion
from .proposing import NewProposal

_WHEN = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class ProposeForm(forms.Form):
    """Why, and from when on."""

    reason = forms.CharField(
        label=_("Why it changes"),
        help_text=_(
            "Two or three sentences in plain words. Everybody who reads the policy reads them."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2_000,
    )
    from_at = forms.DateTimeField(
        label=_("In force from"),
        help_text=_("On the city's clock. Left empty: as soon as two people have signed."),
        widget=_WHEN,
        required=False,
    )

    def proposal(self, now: datetime) -> NewProposal:
        """What was filled in."""
        return NewProposal(self.cleaned_data["reason"], self.cleaned_data["from_at"] or now)


class ReturnForm(ProposeForm):
    """Back to an earlier version: which, why, from when on."""

    version = forms.ModelChoiceField(
        label=_("Go back to"), queryset=PolicyVersion.objects.none(), empty_label=None
    )
    field_order = ("version", "reason", "from_at")

    def __init__(self, *args: Any, versions: Any, proposes: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].queryset = versions  # type: ignore[attr-defined]
        if not proposes:  # whoever goes back alone does so at once
            del self.fields["from_at"]


class TextForm(forms.Form):
    """A draft's text, with the revision that it was changed from."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_000_000_000)
    text = forms.CharField(
        label=_("The policy as text (YAML)"),
        strip=False,
        max_length=2_000_000,
        widget=forms.Textarea(
            attrs={
                "rows": 28,
                "spellcheck": "false",
                "class": "code-text",
                "wrap": "off",
                "lang": "en",
            }
        ),
    )


class UploadForm(forms.Form):
    """A policy's file."""

    file = forms.FileField(label=_("A policy file"), help_text=_("YAML, XLSX, CSV or DMN"))
