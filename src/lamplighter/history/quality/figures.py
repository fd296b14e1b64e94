"""The figures of the quality page: each a picture with its table."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import TypedDict

from lamplighter.history.quality.quality import LEVELS, Quality
from lamplighter.history.quality.words import MONTHS, REASONS, WEEKDAYS, WORDS
from lamplighter.pictures import (
    Bar,
    Column,
    Gap,
    Line,
    Range,
    bars,
    choropleth,
    figure,
    heat_map,
    lines,
    quantile_edges,
    ranges,
    table,
)

MOST_NATURES = 15
MAP_METERS = 40.0
MOST_DATES = 5


class Named(TypedDict):
    """What names a picture."""

    name: str
    title: str
    about: str


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
        return self._figure(
            "rows",
            bars(
                [
                    Bar(label, rows, tone=1 if i == 0 else 2)
                    for i, (label, rows, _) in enumerate(counts)
                ],
                **self._named("rows"),
            ),
            columns,
            [(label, f"{rows:,}", lines_) for label, rows, lines_ in counts],
        )

    def who(self) -> str:
        report = self.quality.report
        counts = (
            ("public", report.rows_by_public, 1),
            ("officer", report.rows_by_officers, 2),
            ("unknown", report.rows_by_unknown, 6),
        )
        shares = [(self.say(who), calls, self._share(calls), tone) for who, calls, tone in counts]
        return self._figure(
            "who",
            bars(
                [
                    Bar(label, calls, shown=f"{calls:,} · {share}", tone=tone)
                    for label, calls, share, tone in shares
                ],
                top=report.rows_kept or 1,
                **self._named("who"),
            ),
            (self._text("who"), self._number("unit"), self._number("placed_note")),
            [(label, f"{calls:,}", share) for label, calls, share, _ in shares],
        )

    def hours(self) -> str:
        days = WEEKDAYS[self.language]
        hours = [f"{hour:02}" for hour in range(24)]
        words = self.say("hours_words", zone=self.quality.time_zone)
        drawn = heat_map(
            self.quality.by_hour,
            rows=days,
            columns=hours,
            form=partial(_count, unit=self.say("unit")),
            edge_form=_count,
            none=self.say("not_known"),
            **self._named("hours", words),
        )
        columns = (self._text("weekday"), *(Column(hour, is_number=True) for hour in hours))
        rows = [
            (day, *(f"{calls:,}" for calls in counts))
            for day, counts in zip(days, self.quality.by_hour, strict=True)
        ]
        return self._figure("hours", drawn, columns, rows, words)

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
        words = self.say("days_words" if gaps else "days_whole")
        drawn = lines(
            list(range(len(every))),
            [
                Line(self.say("all_calls"), [c.calls if c else None for c in found]),
                Line(self.say("public"), [c.public if c else None for c in found], tone=3),
                Line(self.say("officer"), [c.officers if c else None for c in found], tone=2),
            ],
            x_ticks=self._dates(every),
            gaps=gaps,
            **self._named("days", words),
        )
        columns = (
            self._text("day"),
            *(self._number(key) for key in ("all_calls", "public", "officer", "unknown")),
        )
        rows = [
            (self.written(c.day), *(f"{n:,}" for n in (c.calls, c.public, c.officers, c.unknown)))
            for c in self.quality.days
        ]
        return self._figure("days", drawn, columns, rows, words)

    def natures(self) -> str:
        mapped = [count for count in self.quality.natures if count.nature is not None]
        others = self.quality.report.not_by_officers
        words = self.say("natures_words", mapped=others.mapped, all=others.rows)
        entries = [Bar(self.label(count.nature), count.calls) for count in mapped[:MOST_NATURES]]
        if rest := mapped[MOST_NATURES:]:
            label = self.say("other_natures", count=len(rest))
            entries.append(Bar(label, sum(count.calls for count in rest), tone=6))
        none = sum(count.calls for count in self.quality.natures if count.nature is None)
        if none:
            entries.append(Bar(self.say("none_of_ours"), none, tone=2))
        return self._figure(
            "natures",
            bars(entries, **self._named("natures", words)),
            (self._text("nature"), self._number("unit")),
            [(self.label(count.nature), f"{count.calls:,}") for count in self.quality.natures],
            words,
        )

    def unmapped(self) -> str:
        entries = self.quality.report.unmapped
        shown = [entry.nature_as_written or "–" for entry in entries]
        return self._figure(
            "unmapped",
            bars(
                [
                    Bar(words, entry.rows, tone=6 if entry.because else 2)
                    for words, entry in zip(shown, entries, strict=True)
                ],
                **self._named("unmapped"),
            ),
            (self._text("as_written"), self._number("unit"), self._text("why")),
            [
                (words, f"{entry.rows:,}", entry.because or self.say("not_in_layout"))
                for words, entry in zip(shown, entries, strict=True)
            ],
        )

    def where(self) -> str:
        found = self.quality.report.coordinates
        counts = [
            ("good", found.good, 1),
            ("missing", found.missing, 6),
            ("out_of_bounds", found.out_of_bounds, 2),
            ("unreadable", found.unreadable, 5),
        ]
        return self._figure(
            "where",
            bars(
                [
                    Bar(self.say(key), calls, shown=f"{calls:,} · {self._share(calls)}", tone=tone)
                    for key, calls, tone in counts
                ],
                top=self.quality.report.rows_kept or 1,
                **self._named("where"),
            ),
            (self._text("where"), self._number("unit"), self._number("placed_note")),
            [(self.say(key), f"{calls:,}", self._share(calls)) for key, calls, _ in counts],
        )

    def map(self) -> str:
        areas, placed = self.quality.areas, self.quality.report.placed
        assert areas is not None
        words = ""
        if placed is not None:
            words = self.say(
                "map_words",
                inside=placed.inside,
                areas=placed.areas,
                outside=placed.outside,
                nowhere=placed.nowhere,
            )
        calls = self.quality.area_calls
        drawn = choropleth(
            [[ring.tolist() for ring in outline] for outline in areas.simplified(MAP_METERS)],
            calls,
            labels=areas.names,
            edges=quantile_edges(calls),
            form=partial(_count, unit=self.say("unit")),
            edge_form=_count,
            **self._named("map", words),
        )
        ordered = sorted(zip(areas.names, calls, strict=True), key=lambda one: (-one[1], one[0]))
        columns = (self._text("area"), self._number("unit"))
        return self._figure("map", drawn, columns, [(n, f"{c:,}") for n, c in ordered], words)

    def times(self) -> str:
        times = self.quality.times
        if not times:
            return (
                f'<figure class="drawn" id="times"><figcaption><h2>{self.say("times")}</h2>'
                f"<p>{self.say('times_none')}</p></figcaption></figure>"
            )
        unit = self.say("minutes")
        p10, p25, p50, p75, p90, _ = range(len(LEVELS))
        drawn = ranges(
            [
                Range(
                    self.say(one.step),
                    one.minutes[p10],
                    one.minutes[p50],
                    one.minutes[p90],
                    (one.minutes[p25], one.minutes[p75]),
                    shown=f"{one.minutes[p50]:,.1f} {unit}",
                )
                for one in times
            ],
            form=lambda minutes: f"{minutes:,.0f} {unit}",
            **self._named("times"),
        )
        columns = (
            self._text("from_to"),
            self._number("told"),
            self._number("backwards"),
            *(Column(f"{level} %", is_number=True) for level in LEVELS),
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
        return self._figure("times", drawn, columns, rows)

    def label(self, nature: str | None) -> str:
        """Return the name of a nature for readers."""
        if nature is None:
            return self.say("none_of_ours")
        return self.labels.get(nature) or nature.replace("_", " ").capitalize()

    def _dates(self, days: Sequence[date]) -> list[tuple[float, str]]:
        """Return a few days of the axis with their names, the first and the last among them."""
        last = len(days) - 1
        parts = min(MOST_DATES - 1, last)
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

    def _share(self, calls: int) -> str:
        kept = self.quality.report.rows_kept
        return f"{calls / kept:.1%}" if kept else "–"

    def _named(self, key: str, words: str = "") -> Named:
        about = words or self.words.get(f"{key}_words", "")
        return {"name": f"quality-{key}", "title": self.say(key), "about": about}

    def _text(self, key: str) -> Column:
        return Column(self.say(key))

    def _number(self, key: str) -> Column:
        return Column(self.say(key), is_number=True)

    def _figure(
        self,
        key: str,
        drawn: str,
        columns: Sequence[Column],
        rows: Sequence[Sequence[str]],
        words: str = "",
    ) -> str:
        return figure(
            drawn,
            heading=self.say(key),
            words=words or self.words.get(f"{key}_words", ""),
            numbers=table(columns, rows, caption=self.say(key)),
            fold=self.say("numbers"),
            level=2,
        )


def _count(value: float, unit: str = "") -> str:
    return f"{value:,.0f} {unit}".rstrip()
