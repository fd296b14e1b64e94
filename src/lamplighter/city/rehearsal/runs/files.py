"""The files that a run leaves in the city's folder: the report, its tables, its numbers."""

import uuid
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lamplighter.city.rehearsal.models import ScenarioRun, StaffingSearch

FOLDER = "rehearsals"
REPORT, TABLES, NUMBERS = "report.html", "tables.zip", "numbers.json"


@dataclass(frozen=True)
class Download:
    """A file that can be taken along."""

    file: str
    label: Promise
    says: Promise


DOWNLOADS = {
    "report": Download(
        REPORT, _("The report"), _("One page with all pictures, for people without an account")
    ),
    "tables": Download(TABLES, _("The tables"), _("Behind every picture, as CSV and Parquet")),
    "numbers": Download(NUMBERS, _("The numbers"), _("As JSON, with the hashes of all inputs")),
}


@dataclass(frozen=True)
class Offered:
    """A file of a run, as its page offers it."""

    name: str
    label: Promise
    says: Promise
    kilobytes: int


def folder_of_run(run_id: uuid.UUID) -> Path:
    """Where the files of a run are kept."""
    return Path(settings.CITY_HOME) / FOLDER / str(run_id)


def file_of_run(run_id: uuid.UUID, name: str) -> Path:
    """Where one file of a run is kept."""
    return folder_of_run(run_id) / name


def file_of_search(search: StaffingSearch) -> Path:
    """Where searches for teams of one scenario keep what they simulated, to be gone on with.

    The shares of the target do not decide what a run is worth, so targets with the same minutes
    share a file.
    """
    name = f"{search.scenario_id}-{search.minutes:g}-{search.bases}.jsonl"
    return Path(settings.CITY_HOME) / FOLDER / "staffing" / name


def downloads_of(run: ScenarioRun | None) -> list[Offered]:
    """What there is to take along; a file that was lost is not offered."""
    if run is None or not run.result_hash:
        return []
    found = []
    for name, kind in DOWNLOADS.items():
        path = file_of_run(run.pk, kind.file)
        if path.is_file():
            size = max(1, round(path.stat().st_size / 1000))
            found.append(Offered(name, kind.label, kind.says, size))
    return found
