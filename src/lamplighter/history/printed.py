"""Print a quality report for the terminal: numbers and line numbers, never what a person told."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from lamplighter.history.quality.words import REASONS
from lamplighter.history.report import Mapped, Report


def print_report(report: Report, time_zone: str, console: Console) -> None:
    """Print the report; times are shown in the city's own time zone."""
    console.print(f"[bold]{escape(report.file)}[/bold] read as {report.layout} ({report.city})")
    console.print(_facts(report, time_zone))
    if report.set_aside:
        console.print(_set_aside(report))
    if report.unmapped:
        console.print(_unmapped(report))
    for warning in _warnings(report):
        console.print(f"[yellow]{warning}[/yellow]")
    console.print(f"Written to [bold]{escape(report.output)}[/bold].")


def _facts(report: Report, time_zone: str) -> Table:
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(style="dim")
    table.add_column(justify="right")
    table.add_column()
    coordinates = report.coordinates
    rows = (
        ("rows read", report.rows_read, ""),
        ("kept", report.rows_kept, _percent(report.rows_kept, report.rows_read)),
        ("set aside", report.rows_set_aside(), ""),
        ("of these duplicates", report.duplicates, ""),
        *_joined_and_linked(report),
        ("started by the public", report.rows_by_public, _of_kept(report.rows_by_public, report)),
        ("started by officers", report.rows_by_officers, _of_kept(report.rows_by_officers, report)),
        ("started by, unknown", report.rows_by_unknown, _of_kept(report.rows_by_unknown, report)),
        ("understood, of public's rows", *_mapped(report.by_public)),
        ("understood, of all but officers'", *_mapped(report.not_by_officers)),
        ("understood, of all rows", *_mapped(report.all_rows)),
        ("of these 'information or other'", report.information_or_other, ""),
        ("good coordinates", coordinates.good, _of_kept(coordinates.good, report)),
        ("coordinates out of bounds", coordinates.out_of_bounds, "made empty"),
        ("coordinates missing", coordinates.missing, ""),
        ("coordinates unreadable", coordinates.unreadable, ""),
    )
    for name, number, note in rows:
        table.add_row(name, f"{number:,}", note)
    if report.first and report.last:
        zone = ZoneInfo(time_zone)
        span = f"{report.first.astimezone(zone):%Y-%m-%d %H:%M} to "
        table.add_row("span", "", f"{span}{report.last.astimezone(zone):%Y-%m-%d %H:%M}")
    return table


def _joined_and_linked(report: Report) -> Iterator[tuple[str, int, str]]:
    if report.rows_joined:
        yield "joined to a row of the same call", report.rows_joined, ""
    if linked := report.linked:
        yield "calls that share an incident", linked.calls, f"{linked.incidents:,} incidents"
    if placed := report.placed:
        yield "in one of the areas", placed.inside, _of_kept(placed.inside, report)
        yield "outside all areas", placed.outside, _of_kept(placed.outside, report)


def _set_aside(report: Report) -> Table:
    table = Table(title="Set aside", title_justify="left")
    table.add_column("why")
    table.add_column("rows", justify="right")
    table.add_column("for example in line")
    for entry in report.set_aside:
        lines = ", ".join(str(line) for line in entry.lines)
        table.add_row(REASONS["en"][entry.reason], f"{entry.rows:,}", lines)
    return table


def _unmapped(report: Report) -> Table:
    table = Table(title="Codes that are none of our natures", title_justify="left")
    table.add_column("as written")
    table.add_column("rows", justify="right")
    table.add_column("why")
    for entry in report.unmapped:
        why = entry.because or "not in the layout: add it"
        table.add_row(escape(entry.nature_as_written or "(empty)"), f"{entry.rows:,}", why)
    return table


def _warnings(report: Report) -> Iterator[str]:
    if report.cut_short:
        yield "The file ends in the middle: fetch it again to have the rest."
    if report.lines_recoded:
        yield f"Lines not in UTF-8, read as the layout says: {report.lines_recoded:,}."
    if report.lines_undecodable:
        yield f"Lines with characters that no encoding could read: {report.lines_undecodable:,}."
    if report.ids_made:
        yield f"Rows without an id, named after their line: {report.ids_made:,}."
    if report.placed:
        yield from (escape(note) for note in report.placed.notes)
        if report.placed.outside and not report.placed.inside:
            yield "No call lies in any of the areas: give areas of this city, in degrees."
    if report.bad_times:
        yield f"Unusable times of dispatch, arrival or clearing: {report.bad_times:,}."


def _mapped(mapped: Mapped) -> tuple[int, str]:
    return mapped.mapped, _percent(mapped.mapped, mapped.rows)


def _of_kept(rows: int, report: Report) -> str:
    return _percent(rows, report.rows_kept)


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.1%} of {whole:,}" if whole else ""
