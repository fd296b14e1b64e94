"""What somebody fills in for areas: the files, and which of their columns count people."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from .actions import CountedGroup
from .files import MOST_BYTES, Brought, NumberColumn

_TOO_LARGE = _("The file is larger than 20 MB: give simpler outlines.")


def _file_input(accept: str) -> forms.FileInput:
    """A file that the page refuses before it is sent, where it is too large."""
    return forms.FileInput(
        attrs={"accept": accept, "data-most": MOST_BYTES, "data-too-large": _TOO_LARGE}
    )


class AreaFileForm(forms.Form):
    """A name, a GeoJSON file, and a table of people where the file has none."""

    name = forms.CharField(
        label=_("Name"), help_text=_("Such as “Council districts, census 2020”."), max_length=120
    )
    file = forms.FileField(
        label=_("The areas"),
        help_text=_("GeoJSON: polygons in degrees, each with a name. At most 20 MB."),
        widget=_file_input(".geojson,.json,application/geo+json"),
    )
    people = forms.FileField(
        label=_("Who lives there"),
        help_text=_(
            "Where the areas have no such columns: a CSV with the name of the area and numbers "
            "of people, or a GeoJSON of census tracts."
        ),
        required=False,
        widget=_file_input(".csv,.geojson,.json,text/csv"),
    )

    def clean_file(self) -> Brought:
        return _brought(self.cleaned_data["file"])

    def clean_people(self) -> Brought | None:
        found = self.cleaned_data["people"]
        return None if found is None else _brought(found)


def _brought(file: UploadedFile) -> Brought:
    if (file.size or 0) > MOST_BYTES:
        raise forms.ValidationError(_TOO_LARGE)
    return Brought(file.name or "file", file.read())


class PeopleForm(forms.Form):
    """For each column whether it counts people and what they are called; which counts everyone."""

    everyone = forms.ChoiceField(
        label=_("Which column counts all people"),
        help_text=_("With it, each group is compared with everyone; without it, with the others."),
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        columns: Sequence[NumberColumn],
        groups: Sequence[dict[str, str]],
        **kw: Any,
    ) -> None:
        super().__init__(*args, **kw)
        self.columns = tuple(columns)
        called = {group["column"]: group["name"] for group in groups}
        choices = [("", _("None of them")), *((one.name, one.name) for one in columns)]
        self.fields["everyone"].choices = choices  # type: ignore[attr-defined]
        for place, column in enumerate(self.columns):
            self.fields[f"counts-{place}"] = forms.BooleanField(
                label=column.name, required=False, initial=column.name in called
            )
            self.fields[f"called-{place}"] = forms.CharField(
                label=_("What these people are called"),
                max_length=60,
                required=False,
                initial=called.get(column.name, column.name.replace("_", " ")),
            )

    @property
    def rows(self) -> list[tuple[NumberColumn, Any, Any]]:
        return [
            (column, self[f"counts-{place}"], self[f"called-{place}"])
            for place, column in enumerate(self.columns)
        ]

    def clean(self) -> None:
        for place, _column in enumerate(self.columns):
            if self.cleaned_data.get(f"counts-{place}") and not self.cleaned_data.get(
                f"called-{place}"
            ):
                self.add_error(f"called-{place}", _("Say what these people are called."))

    def groups(self) -> list[CountedGroup]:
        """The groups that were ticked."""
        return [
            CountedGroup(column.name, self.cleaned_data[f"called-{place}"])
            for place, column in enumerate(self.columns)
            if self.cleaned_data[f"counts-{place}"]
        ]
