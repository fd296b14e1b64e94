"""The calls of a history meet a policy: who is to answer each of them, and how fast."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from lamplighter.history import HistoryError, open_history
from lamplighter.policy.model import Policy
from lamplighter.policy.replay.bulk import FAILURE, Bulk
from lamplighter.policy.replay.facts import Batch, Facts
from lamplighter.policy.replay.mapping import FactMapping, mapping_for
from lamplighter.policy.replay.possible import Possible
from lamplighter.policy.replay.replaying import told
from lamplighter.policy.replay.sets import Sets
from lamplighter.policy.replay.tally import main_output
from lamplighter.rehearsal.answers import Rates, load_rates
from lamplighter.rehearsal.calls import NOT_TOLD, Calls
from lamplighter.rehearsal.demand.drawing import drawn_classes, uniform
from lamplighter.rehearsal.demand.outcomes import Needs, needs_of
from lamplighter.rehearsal.demand.times import LocalTimes

if TYPE_CHECKING:
    from lamplighter.history.areas import Areas

Answering: TypeAlias = Literal["stated", "least", "most"]
Progress: TypeAlias = Callable[[int, int], None]
Array: TypeAlias = npt.NDArray[Any]

_INCIDENT = "incident"
NO_NATURE = "nature not told"
NO_ANSWER = "the policy has no answer"
SAME_INCIDENT = "another call of the same incident"

# Who comes without arms and without an officer beside them, as the shipped policy calls them.
UNARMED = (
    "community_team",
    "ems_and_community_team",
    "outreach_team",
    "violence_interrupters",
    "mediation",
)


@dataclass(frozen=True, slots=True)
class Demand:
    """Calls for help with who is to answer them, and how far that is known.

    left_out: calls of the history that are not among `calls`, by the reason (`officer` for those
        that officers started, where the mapping leaves them out)
    settled: calls of which the history alone tells who answers; in the others it rests on answers
        that were drawn (`stated`), or taken for the best or worst (`least`, `most`)
    drawn: for each input, the calls in which it was not told
    history_hash: SHA-256 of the file
    """

    calls: Calls
    left_out: Mapping[str, int]
    settled: int
    drawn: Mapping[str, int]
    answers: Answering
    seed: int
    city: str
    history: str
    history_hash: str
    policy: str
    policy_version: str
    policy_hash: str


def calls_of(
    history: str | Path,
    policy: Policy,
    *,
    answers: Answering = "stated",
    seed: int = 1,
    areas: Areas | None = None,
    mapping: FactMapping | None = None,
    unarmed: Collection[str] = UNARMED,
    rates: Rates | None = None,
    progress: Progress | None = None,
) -> Demand:
    """Who is to answer each call of a history, if the policy had been in force.

    What the history does not tell is drawn from `rates` (the shipped ones where none are given),
    by the seed, the place of the call in the history and the name of the fact: two policies hear
    the same answers. With `least` and `most`, of the outcomes that the history leaves possible
    each call gets one that sends it to none, or to one, of `unarmed`, where there is such a one.

    Areas are the polygons that are given, else what the history calls the area. Of the calls that
    the history links to one incident the first stands for all.

    Raises `HistoryError` where the file is no history, fits no fact of the policy, or has no call
    for help.
    """
    mapping = mapping or mapping_for(policy)
    reading = _Reading(Facts(policy, history, mapping), rates or load_rates(), seed)
    if answers != "stated":
        reading.choose = frozenset(unarmed), answers == "most"
    calls = reading.calls(areas, progress)
    info = reading.facts.info
    return Demand(
        calls=calls,
        left_out=MappingProxyType({**reading.facts.left_out, **reading.left_out}),
        settled=reading.settled,
        drawn=MappingProxyType(dict(reading.drawn)),
        answers=answers,
        seed=seed,
        city=info.city,
        history=Path(history).name,
        history_hash=_hash_of(Path(history)),
        policy=policy.name,
        policy_version=policy.version,
        policy_hash=policy.content_hash,
    )


def calls_alone(
    history: str | Path, policy: Policy, *, seed: int = 1, progress: Progress | None = None
) -> Calls:
    """The calls of `calls_of`, with the answers as stated; what is certain is not looked into.

    That takes half of the time or more, the more so where it is compiled first.
    Raises `HistoryError` as `calls_of`.
    """
    facts = Facts(policy, history, mapping_for(policy))
    return _Reading(facts, load_rates(), seed, settles=False).calls(None, progress)


@dataclass(frozen=True, slots=True)
class _Places:
    """When and where the calls were that the mapping keeps, and their places in the history.

    `incident` has a number for each, another for each incident; -1: of no other call.
    """

    rows: Array
    time: Any
    latitude: Array
    longitude: Array
    incident: Array


def _places(path: Path, mapping: FactMapping) -> _Places:
    import pyarrow as pa
    from pyarrow import compute, parquet

    wanted = ["time", "latitude", "longitude", "started_by"]
    if _INCIDENT in parquet.read_schema(path).names:
        wanted.append(_INCIDENT)
    table = open_history(path).table(wanted)
    gone = compute.is_in(table.column("started_by"), pa.array(mapping.leave_out, pa.string()))
    kept = ~gone.to_numpy()
    table = table.filter(pa.array(kept))
    latitude, longitude = (
        table.column(name).to_numpy().astype(np.float64) for name in ("latitude", "longitude")
    )
    incident = np.full(table.num_rows, -1, np.int32)
    if _INCIDENT in wanted:
        coded = table.column(_INCIDENT).combine_chunks().dictionary_encode()
        incident = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    time = table.column("time").combine_chunks()
    return _Places(np.flatnonzero(kept), time, latitude, longitude, incident)


class _Reading:
    """Decides the calls of a history batch by batch."""

    def __init__(self, facts: Facts, rates: Rates, seed: int, *, settles: bool = True) -> None:
        self.facts = facts
        self.rates = rates
        self.seed = seed
        self.choose: tuple[frozenset[str], bool] | None = None
        self.bulk = Bulk(facts.policy)
        self.possible = Possible(self.bulk, told(facts.mapping)) if settles else None
        self.main = main_output(facts.policy)
        self.settled = 0
        self.drawn: Counter[str] = Counter()
        self.left_out: Counter[str] = Counter()
        self._outcomes: list[Array] = []
        self._natures: list[Array] = []
        self._areas: list[Array] = []

    def add(self, batch: Batch, rows: Array) -> None:
        nature = batch.dimensions["nature"].each()
        natures = self.facts.labels["nature"].values
        classes: dict[int, Array] = {}
        for place, axis in enumerate(self.bulk.compiled.axes):
            found = np.full(batch.rows, -1, np.int32)
            if axis.name in batch.columns:
                column = batch.columns[axis.name]
                found = np.array(self.bulk.classes(axis.name, column.values), np.int32)[
                    column.codes
                ]
            open_rows = np.flatnonzero(found < 0)
            if len(open_rows) and axis.declared.always_known:
                found[open_rows] = len(axis.examples)
            elif len(open_rows):
                self.drawn[axis.name] += len(open_rows)
                numbers = uniform(self.seed, axis.name, rows[open_rows])
                found[open_rows] = drawn_classes(
                    axis, self.rates, natures, nature[open_rows], numbers
                )
            classes[place] = found
        decided = self.bulk.decide_classes(classes, batch.rows)
        # Other outcomes than those that were decided may be chosen, whose numbers are larger.
        outcomes = decided.outcomes.astype(np.int32)
        self.bulk.mark_not_asked(batch.columns, outcomes)
        if self.possible is not None:
            sets = self.possible.sets_of(batch.columns, batch.rows)
            self._settle(outcomes, sets, self.possible.sets)
        self._outcomes.append(outcomes)
        self._natures.append(nature)
        self._areas.append(batch.dimensions["area"].each())

    def _settle(self, outcomes: Array, sets: Array, listed: Sets) -> None:
        """Count what is certain, and choose among the possible where that is asked for."""
        answered = outcomes > FAILURE
        for place in np.unique(sets[answered]).tolist():
            members = [one for one in listed[place] if one != FAILURE]
            responders = {self.bulk.outcomes[one][self.main] for one in members}
            rows = np.flatnonzero(answered & (sets == place))
            if len(responders) == 1:
                self.settled += len(rows)
            if self.choose is None or not members:
                continue
            wanted, most = self.choose
            fit = [one for one in members if (self._responder(one) in wanted) == most]
            # A call whose drawn outcome is one of these keeps it.
            changed = rows[~np.isin(outcomes[rows], fit)] if fit else rows[:0]
            if len(changed):
                outcomes[changed] = min(fit, key=self._urgency)

    def _responder(self, outcome: int) -> str:
        return str(self.bulk.outcomes[outcome][self.main])

    def _urgency(self, outcome: int) -> tuple[float, str]:
        said = self.bulk.outcomes[outcome]
        priority = said.get("priority")
        number = float(priority) if isinstance(priority, int | float) else 0.0
        return number, str(sorted(said.items()))

    def calls(self, areas: Areas | None, progress: Progress | None) -> Calls:
        """The calls that somebody is to answer, in order of time."""
        places = _places(Path(self.facts.path), self.facts.mapping)
        done = 0
        for batch in self.facts:
            self.add(batch, places.rows[done : done + batch.rows])
            done += batch.rows
            if progress:
                progress(done + sum(self.facts.left_out.values()), self.facts.rows)
        outcomes = np.concatenate(self._outcomes) if self._outcomes else np.zeros(0, np.int32)
        for number, reason in ((-1, NO_NATURE), (FAILURE, NO_ANSWER)):
            count = int(np.count_nonzero(outcomes == number))
            if count:
                self.left_out[reason] += count
        kept = np.flatnonzero(outcomes > FAILURE)
        if not len(kept) and set(self.left_out) == {NO_NATURE}:
            raise HistoryError(
                f"{self.facts.path} has no call with a nature of ours: put the city's codes under "
                "'natures' in its layout, and read the file again."
            )
        if not len(kept):
            raise HistoryError(
                f"{self.facts.path} has no call for help that the policy answers: give a history "
                "with calls that the public started."
            )
        times = LocalTimes.of(places.time.take(kept), self.facts.info.time_zone)
        order = np.argsort(times.minute, kind="stable")
        order = order[_first_of_each(places.incident[kept[order]])]
        if len(order) < len(kept):
            self.left_out[SAME_INCIDENT] += len(kept) - len(order)
        kept = kept[order]
        natures, nature = _in_order(
            self.facts.labels["nature"].values, np.concatenate(self._natures)[kept]
        )
        if areas is None:
            names, area = _in_order(
                self.facts.labels["area"].values, np.concatenate(self._areas)[kept]
            )
        else:
            names = tuple(areas.names)
            area = areas.of(places.latitude[kept], places.longitude[kept])
            if (area < 0).all() and not np.isnan(places.latitude[kept]).all():
                raise HistoryError(
                    f"no call of {self.facts.path} lies in any of the areas: give areas of "
                    "its city."
                )
        needs: Needs = needs_of(self.facts.policy, self.bulk.outcomes)
        outcome = outcomes[kept]
        return Calls(
            start=times.start,
            days=times.days,
            time_zone=self.facts.info.time_zone,
            minute=times.minute[order],
            hour_of_week=times.hour_of_week[order],
            nature=nature,
            area=area,
            latitude=places.latitude[kept],
            longitude=places.longitude[kept],
            responder=needs.responder[outcome],
            priority=needs.priority[outcome],
            target=needs.target[outcome],
            backup=needs.backup[outcome],
            natures=natures,
            areas=names,
            responders=needs.responders,
            backups=needs.backups,
        )


def _first_of_each(incident: Array) -> Array:
    """The calls that are the first of their incident, or of none, in order."""
    known = np.flatnonzero(incident >= 0)
    _, first = np.unique(incident[known], return_index=True)
    return np.sort(np.concatenate((np.flatnonzero(incident < 0), known[first])))


def _in_order(labels: list[str | None], codes: Array) -> tuple[tuple[str, ...], Array]:
    """The names that occur, in order of the alphabet, and the place of each call among them."""
    seen = np.unique(codes)
    names = sorted(name for code in seen.tolist() if (name := labels[code]) is not None)
    places = np.array(
        [NOT_TOLD if name is None or name not in names else names.index(name) for name in labels],
        np.int16,
    )
    return tuple(names), places[codes]


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
