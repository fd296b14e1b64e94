"""One replication of a scenario, or many of them in threads."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed

from lamplighter.rehearsal.calls import Calls
from lamplighter.rehearsal.outcome import Run
from lamplighter.rehearsal.simulator.errors import SimulationError
from lamplighter.rehearsal.simulator.plan import Scenario, make_scenario
from lamplighter.rehearsal.simulator.state import new_state
from lamplighter.rehearsal.teams import Teams

THREADS = 2


def simulate(calls: Calls, teams: Teams, *, seed: int, replication: int = 0) -> Run:
    """Play the calls against the teams once.

    The same calls, teams, seed and replication give the same run, bit for bit. What is drawn for a
    call depends on the seed, the replication and the call alone, so other teams meet the same
    luck. Raises SimulationError where teams and calls make no scenario.
    """
    return _play(make_scenario(calls, teams), seed, replication)


def simulate_many(
    calls: Calls,
    teams: Teams,
    *,
    seed: int,
    replications: int,
    progress: Callable[[int, int], None] | None = None,
) -> list[Run]:
    """Play replications 0, 1, … on two cores; progress is told how many of how many are done.

    Raises SimulationError as `simulate` does, and for fewer than one replication.
    """
    if replications < 1:
        raise SimulationError(f"{replications} replications are none: ask for at least one.")
    scenario = make_scenario(calls, teams)
    with ThreadPoolExecutor(min(THREADS, replications)) as pool:
        coming = [pool.submit(_play, scenario, seed, number) for number in range(replications)]
        try:
            for done, future in enumerate(as_completed(coming), 1):
                future.result()
                if progress is not None:
                    progress(done, replications)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return [future.result() for future in coming]


def _play(scenario: Scenario, seed: int, replication: int) -> Run:
    # The compiler is loaded only where something is played.
    from lamplighter.rehearsal.simulator.draws import key_of
    from lamplighter.rehearsal.simulator.kernel import run

    state = new_state(scenario.plan, scenario.on_duty, key_of(seed, replication))
    events = run(scenario.plan, state)
    return Run(
        seed=seed,
        status=state.status,
        reason=state.reason,
        kind=state.kind,
        unit=state.unit,
        dispatched=state.dispatched,
        arrived=state.arrived,
        cleared=state.cleared,
        backup=state.backup,
        busy=state.busy,
        on_duty=state.on_duty,
        kinds=scenario.kinds,
        unit_names=scenario.unit_names,
        unit_kinds=scenario.unit_kinds,
        events=int(events),
    )
