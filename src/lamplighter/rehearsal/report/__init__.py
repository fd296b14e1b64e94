"""The report of a rehearsal: one page for everybody, and the tables behind every picture."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import mkdtemp

from lamplighter.rehearsal.rehearsing import Rehearsal
from lamplighter.rehearsal.report.few import FEWEST
from lamplighter.rehearsal.report.gate import GivenAwayError
from lamplighter.rehearsal.report.page import page, sections
from lamplighter.rehearsal.report.say import Language
from lamplighter.rehearsal.report.shown import Shown

__all__ = ["ReportError", "check_folder", "write_report"]


class ReportError(ValueError):
    """The report cannot be written; one sentence."""


def write_report(
    rehearsal: Rehearsal, folder: str | Path, *, language: Language = "en", force: bool = False
) -> Path:
    """Write `index.html` and `tables/` into a new folder; returns the path of the page.

    The folder is written beside its place and then renamed: it is there whole or not at all.
    With `force` a report that is there is replaced. Raises ReportError when the folder is there,
    or cannot be written.
    """
    folder = Path(folder)
    check_folder(folder, force=force)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise ReportError(f"{folder} cannot be written: {error.strerror}.") from error
    try:
        _write(rehearsal, beside, language)
        if folder.exists():
            shutil.rmtree(folder)
        beside.chmod(0o755)
        beside.rename(folder)
    except OSError as error:
        raise ReportError(f"{folder} cannot be written: {error.strerror}.") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return folder / "index.html"


def check_folder(folder: Path, *, force: bool = False) -> None:
    """Raise ReportError where a report cannot be put: before the work, not after it."""
    if folder.exists() and not (force and _is_report(folder)):
        raise ReportError(
            f"{folder} is there already: give another folder, or --force to replace a report."
        )


def _write(rehearsal: Rehearsal, folder: Path, language: Language) -> None:
    tables = folder / "tables"
    tables.mkdir()
    shown = Shown(rehearsal)
    if 0 < shown.asked.own.whole.calls < FEWEST:
        raise ReportError(
            f"{rehearsal.history}: fewer than {FEWEST} calls are for these teams, and a report "
            "would tell of single people; take a longer history or other teams."
        )
    try:
        parts = sections(shown)
    except GivenAwayError:
        raise ReportError(
            f"{rehearsal.history} has too few calls ({_days(rehearsal)}): how many there are "
            f"in groups of fewer than {FEWEST} could be worked out from the other numbers of a "
            "report; take a longer history."
        ) from None
    for section in parts:
        for sheet in (*(figure.sheet for figure in section.figures), *section.sheets):
            sheet.write(tables)
    (folder / "index.html").write_text(page(shown, parts, language), encoding="utf-8")


def _days(rehearsal: Rehearsal) -> str:
    days = round(rehearsal.asked.calls.days)
    return "one day" if days == 1 else f"{days} days"


def _is_report(folder: Path) -> bool:
    """Only what a report wrote is ever replaced."""
    return folder.is_dir() and {one.name for one in folder.iterdir()} <= {"index.html", "tables"}
