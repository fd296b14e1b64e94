"""The figures of the quality page: each a picture with its table."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property

from lamplighter.history.quality.quality import LEVELS, Quality
from lamplighter.history.quality.shown import Column, Table, figure
from lamplighter.history.quality.words import MONTHS, REASONS, WEEKDAYS, WORDS
from lamplighter.pictures import (
    Bar,
    Frame,
    Gap,
    Line,
    Outlines,
    Piece,
    Range,
    bars,
    choropleth,
    heat,
    lines,
    outlines,
    ranges,
)

MOST_NATURES = 15
MAP_METERS = 40.0
MOST_DATES = 5
WIDE, NARROW = 520, 310

Draw = Callable[[Frame], str]


class Figures:
    """Draws the figures in one language; `labels` name our natures for readers."""

    def __init__(self, quality: Quality, language: str, labels: Mapping[str, str]) -> None:
        self.quality = quality
        self.language = language
        self.labels = labels
        self.words = WORDS[language]

    def all(self) -> Iterator[str]:
        """Yield every figure that there is something to show of."""
        yield self.rows()
        yield self.who()
        if self.quality.days:
            yield self.hours()
            yield self.by_day()
        yield self.natures()
        if self.quality.report.unmapped:
            yield self.unmapped()
        yield self.where()
        if self.quality.areas is not None:
            yield self.map()
        if self.quality.times:
            yield self.times()

    def say(self, key: str, **values: object) -> str:
        """Return the words of a key; whole numbers have their thousands marked."""
        shown = {k: f"{v:,}" if isinstance(v, int) else v for k, v in values.items()}
        return self.words[key].format(**shown)

    def written(self, day: date, *, year: bool = True) -> str:
        """Return a day as people write it."""
        month = MONTHS[self.language][day.month - 1]
        short = f"{month} {day.day}" if self.language == "en" else f"{day.day} {month}"
        if not year:
            return short
        return f"{short}, {day.year}" if self.language == "en" else f"{short} {day.year}"

    def rows(self) -> str:
        report = self.quality.report
        counts = [(self.say("kept"), report.rows_kept, "")]
        if report.rows_joined:
            counts.append((self.say("joined"), report.rows_joined, ""))
        for entry in report.set_aside:
            lines_ = ", ".join(map(str, entry.lines))
            counts.append((REASONS[self.language][entry.reason], entry.rows, lines_))
        columns = (self._text("why"), self._number("row_count"), self._text("lines"))
        shown = [
            _bar(label, rows, "tone-team" if place == 0 else "tone-over")
            for place, (label, rows, _) in enumerate(counts)
        ]
        rows = [(label, f"{rows:,}", lines_) for label, rows, lines_ in counts]
        return self._figure("rows", self._bars(shown), columns, rows)

    def who(self) -> str:
        report = self.quality.report
        return self._shares(
            "who",
            (
                ("public", report.rows_by_public, "tone-team"),
                ("officer", report.rows_by_officers, "tone-over"),
                ("unknown", report.rows_by_unknown, "tone-other"),
            ),
        )

    def hours(self) -> str:
        days = WEEKDAYS[self.language]
        hours = [f"{hour:02}" for hour in range(24)]
        columns = (self._text("weekday"), *(Column(hour, is_number=True) for hour in hours))
        rows = [
            (day, *(f"{calls:,}" for calls in counts))
            for day, counts in zip(days, self.quality.by_hour, strict=True)
        ]

        def draw(frame: Frame) -> str:
            return heat(
                frame,
                days,
                hours,
                self.quality.by_hour,
                show=_count,
                empty="",
                across=self.say("hour"),
                unit=self.say("unit"),
            )

        words = self.say("hours_words", zone=self.quality.time_zone)
        return self._figure("hours", draw, columns, rows, words)

    def by_day(self) -> str:
        counts = {count.day: count for count in self.quality.days}
        first, last = min(counts), max(counts)
        every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        found = [counts.get(day) for day in every]
        gaps = [
            Gap(
                (start - first).days - 0.5,
                (end - first).days + 0.5,
                self.say("gap", first=self.written(start), last=self.written(end)),
            )
            for start, end in self.quality.empty_days
        ]
        shown = (
            Line(self.say("all_calls"), [c.calls if c else None for c in found]),
            Line(self.say("public"), [c.public if c else None for c in found], "line-3"),
            Line(self.say("officer"), [c.officers if c else None for c in found], "line-2"),
        )

        def draw(frame: Frame) -> str:
            named = self._dates(every, MOST_DATES if frame.width > NARROW else MOST_DATES - 2)
            return lines(frame, range(len(every)), shown, named=named, gaps=gaps)

        columns = (
            self._text("day"),
            *(self._number(key) for key in ("all_calls", "public", "officer", "unknown")),
        )
        rows = [
            (self.written(c.day), *(f"{n:,}" for n in (c.calls, c.public, c.officers, c.unknown)))
            for c in self.quality.days
        ]
        words = self.say("days_words" if gaps else "days_whole")
        return self._figure("days", draw, columns, rows, words)

    def natures(self) -> str:
        mapped = [count for count in self.quality.natures if count.nature is not None]
        others = self.quality.report.not_by_officers
        shown = [_bar(self.label(count.nature), count.calls) for count in mapped[:MOST_NATURES]]
        if rest := mapped[MOST_NATURES:]:
            label = self.say("other_natures", count=len(rest))
            shown.append(_bar(label, sum(count.calls for count in rest), "tone-other"))
        none = sum(count.calls for count in self.quality.natures if count.nature is None)
        if none:
            shown.append(_bar(self.say("none_of_ours"), none, "tone-over"))
        columns = (self._text("nature"), self._number("unit"))
        rows = [(self.label(count.nature), f"{count.calls:,}") for count in self.quality.natures]
        words = self.say("natures_words", mapped=others.mapped, all=others.rows)
        return self._figure("natures", self._bars(shown), columns, rows, words)

    def unmapped(self) -> str:
        entries = self.quality.report.unmapped
        names = [entry.nature_as_written or "–" for entry in entries]
        shown = [
            _bar(name, entry.rows, "tone-other" if entry.because else "tone-over")
            for name, entry in zip(names, entries, strict=True)
        ]
        columns = (self._text("as_written"), self._number("unit"), self._text("why"))
        rows = [
            (name, f"{entry.rows:,}", entry.because or self.say("not_in_layout"))
            for name, entry in zip(names, entries, strict=True)
        ]
        return self._figure("unmapped", self._bars(shown), columns, rows)

    def where(self) -> str:
        found = self.quality.report.coordinates
        return self._shares(
            "where",
            (
                ("good", found.good, "tone-team"),
                ("missing", found.missing, "tone-other"),
                ("out_of_bounds", found.out_of_bounds, "tone-over"),
                ("unreadable", found.unreadable, "tone-nobody"),
            ),
        )

    def map(self) -> str:
        calls, placed = self.quality.area_calls, self.quality.report.placed
        shapes = self.shapes
        assert shapes is not None
        words = ""
        if placed is not None:
            words = self.say(
                "map_words",
                inside=placed.inside,
                areas=placed.areas,
                outside=placed.outside,
                nowhere=placed.nowhere,
            )
        values = [float(count) if count else float("nan") for count in calls]

        def draw(frame: Frame) -> str:
            none = self.say("no_call")
            return choropleth(frame, shapes, values, show=_count, hidden=none, empty=none)

        ordered = sorted(zip(shapes.names, calls, strict=True), key=lambda one: (-one[1], one[0]))
        columns = (self._text("area"), self._number("unit"))
        rows = [(name, f"{count:,}") for name, count in ordered]
        return self._figure("map", draw, columns, rows, words)

    @cached_property
    def shapes(self) -> Outlines | None:
        """The areas as the page's maps refer to them, None where there are none."""
        areas = self.quality.areas
        if areas is None:
            return None
        rings = [[ring.tolist() for ring in area] for area in areas.simplified(MAP_METERS)]
        return outlines("quality-area", areas.names, rings)

    def times(self) -> str:
        times = self.quality.times
        unit = self.say("minutes")
        p10, p25, p50, p75, p90, _ = range(len(LEVELS))
        shown = [
            Range(
                self.say(one.step),
                low=one.minutes[p10],
                first=one.minutes[p25],
                middle=one.minutes[p50],
                third=one.minutes[p75],
                high=one.minutes[p90],
                note=f"{one.minutes[p50]:,.1f} {unit}",
            )
            for one in times
        ]
        columns = (
            self._text("from_to"),
            self._number("told"),
            self._number("backwards"),
            *(Column(f"{level}%", is_number=True) for level in LEVELS),
        )
        rows = [
            (
                self.say(one.step),
                f"{one.told:,}",
                f"{one.backwards:,}",
                *(f"{minutes:,.1f}" for minutes in one.minutes),
            )
            for one in times
        ]

        def draw(frame: Frame) -> str:
            return ranges(frame, shown, show=lambda minutes: f"{minutes:,.0f} {unit}")

        return self._figure("times", draw, columns, rows)

    def label(self, nature: str | None) -> str:
        """Return the name of a nature for readers."""
        if nature is None:
            return self.say("none_of_ours")
        return self.labels.get(nature) or nature.replace("_", " ").capitalize()

    def _dates(self, days: Sequence[date], most: int) -> list[tuple[float, str]]:
        """Return a few days of the axis with their names, the first and the last among them."""
        last = len(days) - 1
        parts = min(most - 1, last)
        places = sorted({round(last * n / parts) for n in range(parts + 1)}) if parts else [0]
        years = days[0].year != days[last].year
        return [
            (
                float(place),
                f"{MONTHS[self.language][days[place].month - 1]} {days[place].year}"
                if years
                else self.written(days[place], year=False),
            )
            for place in places
        ]

    def _shares(self, key: str, counts: Sequence[tuple[str, int, str]]) -> str:
        """Return bars of counts with their shares of all calls."""
        kept = self.quality.report.rows_kept
        told = [
            (self.say(name), calls, f"{calls / kept:.1%}" if kept else "–", tone)
            for name, calls, tone in counts
        ]
        shown = [
            _bar(name, calls, tone, note=f"{calls:,} · {share}")
            for name, calls, share, tone in told
        ]
        columns = (self._text(key), self._number("unit"), self._number("placed_note"))
        rows = [(name, f"{calls:,}", share) for name, calls, share, _ in told]
        return self._figure(key, self._bars(shown, most=float(kept or 1)), columns, rows)

    def _bars(self, shown: Sequence[Bar], most: float | None = None) -> Draw:
        return lambda frame: bars(frame, shown, show=_count, most=most)

    def _text(self, key: str) -> Column:
        return Column(self.say(key))

    def _number(self, key: str) -> Column:
        return Column(self.say(key), is_number=True)

    def _figure(
        self,
        key: str,
        draw: Draw,
        columns: Sequence[Column],
        rows: Sequence[Sequence[str]],
        words: str = "",
    ) -> str:
        title, said = self.say(key), words or self.words.get(f"{key}_words", "")
        pictures = [
            draw(Frame(f"quality-{key}-{width}", title, said, width)) for width in (WIDE, NARROW)
        ]
        table = Table(title, tuple(columns), rows)
        return figure(pictures, title, said, table.html(), self.say("numbers"))


def _bar(name: str, count: int, tone: str = "tone-team", *, note: str = "") -> Bar:
    says = note or f"{count:,}"
    return Bar(name, (Piece(count, tone, f"{name}: {says}"),), says)


def _count(value: float) -> str:
    return f"{value:,.0f}"
