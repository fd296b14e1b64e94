"""The quality page: one file that needs no network and no scripts, light and dark, en and es."""

from collections.abc import Iterator, Mapping
from html import escape
from importlib import resources
from zoneinfo import ZoneInfo

from lamplighter.history.quality.figures import Figures
from lamplighter.history.quality.quality import Quality
from lamplighter.history.quality.words import LANGUAGES
from lamplighter.pictures import definitions, house, style

# By which a page of ours is known again.
HEADER = '<header class="night"><p class="brand">Lamplighter</p>'


def quality_page(
    quality: Quality, language: str = "en", *, labels: Mapping[str, str] | None = None
) -> str:
    """Return the page as HTML; `labels` name our natures for readers, by their code.

    It is for whoever may see the call file: numbers stand as they are. No address, id or unit
    of a call is on it.
    """
    shown = language if language in LANGUAGES else "en"
    figures = Figures(quality, shown, labels or {})
    report = quality.report
    own = resources.files(__package__).joinpath("quality.css").read_text("utf-8")
    notes = "".join(f"<li>{escape(note)}</li>" for note in _notes(quality, figures))
    heading = f"<h2>{escape(figures.say('notes'))}</h2>"
    look_at = f'<section class="notes">{heading}<ul>{notes}</ul></section>' if notes else ""
    tiles = "".join(_tile(*tile) for tile in _tiles(quality, figures))
    made = figures.say(
        "made",
        file=report.file,
        layout=report.layout,
        hash=report.layout_hash[:12],
        output=report.output,
    )
    read_as = figures.say("read_as", file=report.file, layout=report.layout)
    return f"""<!DOCTYPE html>
<html lang="{shown}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>{escape(report.city)} · {escape(figures.say("kicker"))}</title>
<style>
{house()}{style()}{own}</style>
</head>
<body>
{definitions(*([figures.shapes] if figures.shapes else []))}
{HEADER}<p>{escape(read_as)}</p></header>
<main>
<p class="kicker">{escape(figures.say("kicker"))}</p>
<h1>{escape(report.city)}</h1>
<p class="lead">{escape(_lead(quality, figures))}</p>
<ul class="tiles">{tiles}</ul>
{look_at}
<div class="figures">{"".join(figures.all())}</div>
</main>
<footer><p>{escape(figures.say("private"))}</p><p>{escape(made)}</p></footer>
</body>
</html>
"""


def _lead(quality: Quality, figures: Figures) -> str:
    report = quality.report
    if report.first is None or report.last is None:
        return figures.say("lead_none", read=report.rows_read)
    zone = ZoneInfo(quality.time_zone)
    return figures.say(
        "lead",
        kept=report.rows_kept,
        read=report.rows_read,
        first=figures.written(report.first.astimezone(zone).date()),
        last=figures.written(report.last.astimezone(zone).date()),
    )


def _tiles(quality: Quality, figures: Figures) -> Iterator[tuple[str, str, str]]:
    report, say = quality.report, figures.say
    yield say("rows_read"), f"{report.rows_read:,}", ""
    share = _share(report.rows_kept, report.rows_read)
    yield say("calls"), f"{report.rows_kept:,}", say("calls_note", share=share)
    yield say("set_aside"), f"{report.rows_set_aside():,}", say("set_aside_note")
    if report.rows_joined:
        yield say("joined"), f"{report.rows_joined:,}", say("joined_note")
    mapped = report.not_by_officers
    yield say("mapped"), _share(mapped.mapped, mapped.rows), say("mapped_note")
    yield say("placed"), _share(report.coordinates.good, report.rows_kept), say("placed_note")
    if linked := report.linked:
        yield say("linked"), f"{linked.calls:,}", say("linked_note", incidents=linked.incidents)


def _notes(quality: Quality, figures: Figures) -> Iterator[str]:
    report, say = quality.report, figures.say
    if report.cut_short:
        yield say("cut_short")
    for key, count in (
        ("recoded", report.lines_recoded),
        ("undecodable", report.lines_undecodable),
        ("ids_made", report.ids_made),
        ("bad_times", report.bad_times),
        ("gaps", len(quality.empty_days)),
        ("other", report.information_or_other),
    ):
        if count:
            yield say(key, count=count)
    if report.rows_kept and not quality.times:
        yield say("times_none")
    for one in quality.times:
        if one.backwards:
            yield say("backwards_note", step=say(one.step), calls=one.backwards)
    if report.placed:
        yield from report.placed.notes


def _tile(name: str, number: str, note: str) -> str:
    said = f'<span class="tile__note">{escape(note)}</span>' if note else ""
    return (
        f'<li class="tile"><span class="tile__name">{escape(name)}</span>'
        f'<strong class="tile__number">{escape(number)}</strong>{said}</li>'
    )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "–"
