"""Simulates plans, all with the same luck, and remembers what came of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib.metadata import version

import numpy as np

from lamplighter.rehearsal.calls import Calls
from lamplighter.rehearsal.plain import plain
from lamplighter.rehearsal.simulator import simulate
from lamplighter.rehearsal.staffing.kept import Kept, Run
from lamplighter.rehearsal.staffing.slots import Numbers, Slot, teams_with
from lamplighter.rehearsal.staffing.target import Places, Score, Scores, Target, score_of
from lamplighter.rehearsal.teams import Teams

Progress = Callable[[int, int], None]
THREADS = 2


class ScenariosSpentError(Exception):
    """As many scenarios have been simulated as were allowed."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What plans are simulated in. Two searches with one setting share what they found."""

    calls: Calls
    teams: Teams
    kinds: tuple[str, ...]
    slots: tuple[Slot, ...]
    counted: tuple[Places, ...]  # the calls of each kind
    target: Target
    seed: int

    def key(self) -> str:
        """A hash of all that decides a score: not of costs, nor of the shares of the target."""
        calls = sha256()
        for name in self.calls.__dataclass_fields__:
            column = getattr(self.calls, name)
            told = column.tobytes() if isinstance(column, np.ndarray) else repr(column).encode()
            calls.update(name.encode() + told)
        settled = {
            "lamplighter": version("lamplighter"),
            "calls": calls.hexdigest(),
            "teams": plain(_without_words(self.teams)),
            "slots": plain(self.slots),
            "counted": [sha256(its.tobytes()).hexdigest() for its in self.counted],
            "minutes": self.target.minutes,
            "seed": self.seed,
        }
        text = json.dumps(settled, sort_keys=True, default=str)
        return sha256(text.encode()).hexdigest()


class Evaluations:
    """Scores of plans: each replication of a plan is simulated once, in threads.

    Every plan meets the same calls with the same luck (common random numbers): replication 3 of
    one plan differs from replication 3 of another by the plan alone. Which thread is faster
    changes nothing. Of a run only its score is kept.
    """

    def __init__(
        self, setting: Setting, *, most: int, kept: Kept | None, progress: Progress | None
    ) -> None:
        self._setting = setting
        self._most = most
        self._kept = kept
        self._progress = progress
        self._earlier = dict(kept.scores) if kept is not None else {}
        self._scores: dict[Run, Score] = {}
        self.known = 0

    @property
    def scenarios(self) -> int:
        """The runs that this search has asked for, whether now simulated or kept from before."""
        return len(self._scores)

    def scores(
        self, plans: Sequence[Numbers], replications: int = 1, *, leave: int = 0
    ) -> tuple[Scores, ...]:
        """The scores of plans over replications 0, 1, …

        ScenariosSpentError: they would leave less than `leave` of the scenarios that are allowed;
        as many as fit have been simulated.
        """
        wanted = [(plan, number) for plan in plans for number in range(replications)]
        missing = list(dict.fromkeys(run for run in wanted if run not in self._scores))
        room = max(self._most - leave - self.scenarios, 0)
        self._simulate(missing[:room])
        if len(missing) > room:
            raise ScenariosSpentError
        return tuple(
            Scores(tuple(self._scores[plan, number] for number in range(replications)))
            for plan in plans
        )

    def evaluated(self) -> dict[Numbers, Scores]:
        """Every plan that this search has asked for, with all its replications."""
        found: dict[Numbers, dict[int, Score]] = {}
        for (plan, number), score in self._scores.items():
            found.setdefault(plan, {})[number] = score
        return {
            plan: Scores(tuple(scores[number] for number in sorted(scores)))
            for plan, scores in found.items()
        }

    def _simulate(self, runs: Sequence[Run]) -> None:
        for run in runs:
            if run in self._earlier:
                self.known += 1
                self._note(run, self._earlier[run])
        with ThreadPoolExecutor(THREADS) as pool:
            coming = {pool.submit(self._play, run): run for run in runs if run not in self._earlier}
            try:
                for future in as_completed(coming):
                    run, score = coming[future], future.result()
                    if self._kept is not None:
                        self._kept.keep(run, score)
                    self._note(run, score)
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise

    def _play(self, run: Run) -> Score:
        plan, replication = run
        one = self._setting
        teams = teams_with(one.teams, one.kinds, one.slots, plan)
        played = simulate(one.calls, teams, seed=one.seed, replication=replication)
        return score_of(one.calls, played, one.counted, one.kinds, one.target)

    def _note(self, run: Run, score: Score) -> None:
        self._scores[run] = score
        if self._progress is not None:
            self._progress(self.scenarios, self._most)


def _without_words(teams: Teams) -> Teams:
    return replace(teams, costs={}, content_hash="", path=None, assumed=(), lines={})
