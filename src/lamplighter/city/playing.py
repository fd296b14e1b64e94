"""`lamplighter play`: a history's calls come to a running city, as simulated callers make them."""

import json
import random
import signal
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from datetime import time as time_of_day
from itertools import dropwhile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

if TYPE_CHECKING:
    from lamplighter.city.playing_screen import Screen
    from lamplighter.history import CallRow, History
    from lamplighter.rehearsal.play import Pace, Player

DEFAULT_URL = "http://127.0.0.1:8000"


@dataclass(frozen=True)
class Tokens:
    """Access to a city: of somebody who takes calls and sends units, and of crews by unit."""

    desk: str
    crews: dict[str, str]


def play(
    history: Annotated[Path, typer.Argument(help="A history, from `lamplighter history read`.")],
    speed: Annotated[
        float, typer.Option(min=0.01, help="How many times faster than in the history.")
    ] = 60,
    url: Annotated[str, typer.Option(help="Address of the running city.")] = DEFAULT_URL,
    token_file: Annotated[
        Path | None,
        typer.Option(help='Tokens in JSON: {"desk": "…", "crews": {"UNIT-ID": "…"}}.'),
    ] = None,
    home: Annotated[
        Path, typer.Option(help="Folder of a sample city, whose tokens.json is used.")
    ] = Path(".lamplighter"),
    from_day: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="Begin with this day's calls.")
    ] = None,
    day: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="Play only this day's calls.")
    ] = None,
    at_this_hour: Annotated[
        bool, typer.Option("--at-this-hour", help="Begin that day at the hour that it is now.")
    ] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Play at most so many calls.")] = None,
    seed: Annotated[int, typer.Option(help="What callers answer and how long teams take.")] = 1,
    teams: Annotated[
        bool, typer.Option(help="Let simulated teams answer what nobody else answers.")
    ] = True,
    team_speed: Annotated[
        float | None, typer.Option(min=0.01, help="The teams' own speed, if another.")
    ] = None,
    begin_with: Annotated[
        int, typer.Option(min=0, help="So many calls come at once, on an empty board.")
    ] = 0,
    longest_gap: Annotated[
        float | None, typer.Option(min=1, help="Wait at most so many seconds for the next call.")
    ] = None,
) -> None:
    """Feed a history's calls to a running city, marked as simulated.

    Calls come now, in their own order. What a history does not know (is there a weapon?) is drawn
    from stated rates. A call outside the city is given an address inside. What a person sends or
    answers is left to that person. Ctrl-C ends it.
    """
    from lamplighter.city.playing_screen import open_screen
    from lamplighter.history import HistoryError, open_history
    from lamplighter.rehearsal.city_api import CityGone, CityRefused
    from lamplighter.rehearsal.play import Pace

    signal.signal(signal.SIGTERM, _leave)
    with open_screen() as screen:
        try:
            opened = open_history(history)
            rows = _chosen(opened, from_day, day, at_this_hour, datetime.now(UTC))
            tokens = _read_tokens(token_file or home / "tokens.json")
            pace = Pace(speed, team_speed or speed, begin_with, longest_gap=longest_gap)
            player = _player(url, tokens, pace, teams=teams, seed=seed, screen=screen)
            screen.begin(player.report, opened.info.city, speed)
            player.play(_at_most(rows, limit))
        except KeyboardInterrupt:
            pass
        except CityGone as gone:
            screen.problem(f"{gone} The play ends here.")
            raise typer.Exit(1) from gone
        except CityRefused as refused:
            screen.problem(f"The city does not let this play in: {refused.sentence}")
            raise typer.Exit(1) from refused
        except (HistoryError, PlayError) as error:
            screen.problem(str(error))
            raise typer.Exit(1) from error


class PlayError(ValueError):
    """The play cannot begin; the message says why and what to do."""


def _leave(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _player(
    url: str, tokens: Tokens, pace: "Pace", *, teams: bool, seed: int, screen: "Screen"
) -> "Player":
    from lamplighter.rehearsal.answers import load_rates
    from lamplighter.rehearsal.caller import Caller
    from lamplighter.rehearsal.city_api import CityApi
    from lamplighter.rehearsal.durations import Durations
    from lamplighter.rehearsal.play import Player
    from lamplighter.rehearsal.streets import Streets
    from lamplighter.rehearsal.team import Teams

    generator = random.Random(seed)  # noqa: S311 (a game, not a secret)
    desk = CityApi(url, tokens.desk, tell=screen.waiting)
    crews = {unit: CityApi(url, token, tell=screen.waiting) for unit, token in tokens.crews.items()}
    streets = Streets.of(desk.get("/city"))
    if not streets.lines:
        raise PlayError(f"The city at {url} has no streets to put calls on: draw its map first.")
    return Player(
        Caller(desk, load_rates(), streets, generator),
        Teams(desk, crews, generator) if teams else None,
        pace=pace,
        durations=Durations(),
        generator=generator,
        clock=lambda: datetime.now(UTC),
        sleep=time.sleep,
        tell=screen.tell,
    )


def _chosen(
    history: "History", from_day: str | None, day: str | None, at_this_hour: bool, now: datetime
) -> Iterator["CallRow"]:
    """The calls to play: all, those from a day on, or those of one day, by the history's clock."""
    zone = ZoneInfo(history.info.time_zone)
    if from_day and day:
        raise PlayError("Give --from-day or --day, not both.")
    rows: Iterator[CallRow] = iter(history)
    if wanted := from_day or day:
        try:
            first = date.fromisoformat(wanted)
        except ValueError:
            raise PlayError(f"{wanted!r} is not a day: write it like 2025-11-22.") from None
        hour = now.astimezone(zone).time() if at_this_hour else time_of_day.min
        begins = datetime.combine(first, hour, zone)
        rows = dropwhile(lambda row: row.time < begins, rows)
        if day:
            rows = _of_day(rows, first, zone)
    found = next(rows, None)
    if found is None:
        raise PlayError(f"{history.path} has no calls then: choose a day that it has.")
    return _with_first(found, rows)


def _of_day(rows: Iterable["CallRow"], day: date, zone: ZoneInfo) -> Iterator["CallRow"]:
    for row in rows:
        if row.time.astimezone(zone).date() > day:
            return
        yield row


def _with_first(first: "CallRow", rest: Iterable["CallRow"]) -> Iterator["CallRow"]:
    yield first
    yield from rest


def _at_most(rows: Iterable["CallRow"], limit: int | None) -> Iterator["CallRow"]:
    """At most so many calls that somebody made; what is skipped is counted by the player."""
    from lamplighter.history import StartedBy

    if limit is None:
        yield from rows
        return
    left = limit
    for row in rows:
        if row.started_by is not StartedBy.OFFICER and row.nature is not None:
            left -= 1
        yield row
        if left == 0:
            return


def _read_tokens(path: Path) -> Tokens:
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
        return Tokens(str(read["desk"]), {str(k): str(v) for k, v in read["crews"].items()})
    except FileNotFoundError:
        raise PlayError(
            f"There is no file of tokens at {path}: start a city with `lamplighter city run "
            "--sample`, or name yours with --token-file."
        ) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise PlayError(
            f'{path} is not a file of tokens: it needs {{"desk": "…", "crews": {{}}}}.'
        ) from None
