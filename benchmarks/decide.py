"""One decision of the shipped policy, against the limit and against plain Python.

The peer is what a programmer would write by hand: the same rules as one function of
`if … elif …`, with sets of values. It gives the outcome of complete facts, without a reason
and without a check of the facts, and it cannot say what is still possible: for that it has to
try every answer to every open question, as the last line does.

Times are CPU time of the process, so that what else runs on the machine does not count; the
percentiles are by the clock; of policies too large to be followed all are CPU time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from random import Random
from statistics import fmean, quantiles
from time import perf_counter_ns, process_time_ns

from benchmarks.harsh import harsh_policy
from benchmarks.machine import machine, set_apart
from lamplighter.policy import (
    UNKNOWN,
    Decision,
    DecisionError,
    Fact,
    Open,
    Policy,
    Value,
    decide,
    read_policy,
    shipped_policy,
)

LIMIT = 20.0
# An open decision of a policy too large to be followed: as the next question, in microseconds.
LIMIT_LARGE = 5_000.0
CALLS = 5_000
Facts = Mapping[str, Fact]


def answers(policy: Policy, name: str) -> list[Fact]:
    """Everything that may be said about an input."""
    declared = policy.inputs[name]
    values: list[Fact] = list(declared.domain.values) or [True, False]
    return values if declared.always_known else [*values, UNKNOWN]


def random_calls(policy: Policy, random: Random, share: float) -> list[dict[str, Fact]]:
    """Calls of which a share of the facts is known, drawn evenly."""
    return [
        {
            name: random.choice(answers(policy, name))
            for name, declared in policy.inputs.items()
            if declared.always_known or random.random() < share
        }
        for _ in range(CALLS)
    ]


def interviews(policy: Policy, random: Random) -> list[dict[str, Fact]]:
    """The facts at each step of calls that are asked in the policy's order."""
    steps: list[dict[str, Fact]] = []
    while len(steps) < CALLS:
        facts: dict[str, Fact] = {}
        while True:
            answer = decide(policy, facts)
            steps.append(dict(facts))
            if isinstance(answer, Decision):
                break
            facts[answer.ask] = random.choice(answers(policy, answer.ask))
    return steps


def written_by_hand(policy: Policy) -> Callable[[Facts], dict[str, Value]]:
    """The peer: the tables as a function of `if … elif …`."""
    names: dict[str, object] = {"UNKNOWN": UNKNOWN}
    lines = ["def decide_by_hand(facts):"]
    lines += [f"    {name} = facts.get({name!r}, UNKNOWN)" for name in policy.inputs]
    for table in policy.tables:
        word = "if"
        for rule in table.rules:
            tests = []
            for column, cell in rule.when.items():
                constant = f"set_{len(names)}"
                accepted: set[Fact] = set(cell.side.values)
                names[constant] = frozenset(accepted | ({UNKNOWN} if cell.side.unknown else set()))
                tests.append(f"{column} in {constant}")
            lines.append(f"    {word} {' and '.join(tests) or 'True'}:")
            lines += [f"        {name} = {value!r}" for name, value in rule.then.items()]
            word = "elif"
    every = [name for table in policy.tables for name in table.outputs]
    lines.append(f"    return {{{', '.join(f'{name!r}: {name}' for name in every)}}}")
    exec("\n".join(lines), names)
    by_hand = names["decide_by_hand"]
    assert callable(by_hand)
    return by_hand


@dataclass(frozen=True)
class Times:
    """Microseconds a call."""

    mean: float
    p50: float
    p99: float


def timed(act: Callable[[Facts], object], calls: list[dict[str, Fact]]) -> Times:
    """The best of three rounds, after one round to warm up."""
    for facts in calls:
        act(facts)
    means = []
    for _ in range(3):
        start = process_time_ns()
        for facts in calls:
            act(facts)
        means.append((process_time_ns() - start) / len(calls) / 1_000)
    each = []
    for facts in calls:
        start = perf_counter_ns()
        act(facts)
        each.append((perf_counter_ns() - start) / 1_000)
    cuts = quantiles(each, n=100)
    return Times(min(means), cuts[49], cuts[98])


def try_all(policy: Policy, act: Callable[[Facts], object], facts: dict[str, Fact]) -> None:
    """All outcomes that are possible, the slow way."""
    absent = [name for name in policy.inputs if name not in facts]
    for values in product(*(answers(policy, name) for name in absent)):
        act({**facts, **dict(zip(absent, values, strict=True))})


def timed_too_large(hit: str) -> tuple[list[float], list[float], int]:
    """Milliseconds of CPU of open decisions, and microseconds of final ones, of a policy of 400
    rules that is too large to be followed; and how many of the open ones do not list all."""
    policy = harsh_policy(hit, 1, cells=(2, 5))
    policy.engine.make_ready()
    set_apart()
    random = Random(2026)
    axes = policy.engine.compiled.axes
    opened, final, unlisted = [], [], 0
    for nature in policy.inputs["nature"].domain.values:
        facts: dict[str, Fact] = {"nature": nature}
        for axis in [None, *random.sample(axes[1:], len(axes) - 1)]:
            if axis is not None:
                facts[axis.name] = random.choice(axis.examples)
            start = process_time_ns()
            try:
                answer = decide(policy, facts)
            except DecisionError:
                break
            took = (process_time_ns() - start) / 1_000
            if isinstance(answer, Decision):
                start = process_time_ns()
                decide(policy, facts, final=True)
                final.append((process_time_ns() - start) / 1_000)
                break
            opened.append(took / 1_000)
            unlisted += not answer.exact
    return opened, final, unlisted


def main() -> None:
    policy = read_policy(shipped_policy("first_response"))
    random = Random(2026)
    rules = sum(len(table.rules) for table in policy.tables)
    print(f"{policy.name} {policy.version}: {len(policy.inputs)} inputs, {rules} rules")
    print(machine())

    start = perf_counter_ns()
    decide(policy, {})
    first = (perf_counter_ns() - start) / 1_000_000
    print(f"first question of a process (compiles the tables): {first:.0f} ms\n")

    complete = random_calls(policy, random, 0.8)
    steps = interviews(policy, random)
    scattered = random_calls(policy, random, 0.4)
    by_hand = written_by_hand(policy)
    for facts in complete:
        decision = decide(policy, facts, final=True)
        assert isinstance(decision, Decision)
        outputs = {name: value for hit in decision.hits for name, value in hit.outputs.items()}
        assert outputs == by_hand(facts), facts

    peer = timed(by_hand, complete)
    final = timed(lambda facts: decide(policy, facts, final=True), complete)
    in_order = timed(lambda facts: decide(policy, facts), steps)
    in_any_order = timed(lambda facts: decide(policy, facts), scattered)
    print(f"{'µs a call':36} {'mean':>6} {'p50':>6} {'p99':>6} {'of limit':>9} {'of if/elif':>11}")
    for name, times in (
        ("final decision with its reason", final),
        ("open, asked in the policy's order", in_order),
        ("open, facts in any order", in_any_order),
        ("if/elif, complete facts, no reason", peer),
    ):
        print(
            f"{name:36} {times.mean:6.1f} {times.p50:6.1f} {times.p99:6.1f} "
            f"{times.mean / LIMIT:8.2f}x {times.mean / peer.mean:10.2f}x"
        )

    few = next(
        facts
        for facts in random_calls(policy, random, 0.7)
        if isinstance(decide(policy, facts), Open) and len(policy.inputs) - len(facts) == 6
    )
    start = process_time_ns()
    try_all(policy, by_hand, few)
    slow = (process_time_ns() - start) / 1_000
    fast = timed(lambda facts: decide(policy, facts), [few] * 500).mean
    print(
        f"\nsix open questions, every outcome that is possible: {fast:.1f} µs; "
        f"by trying all answers with if/elif: {slow:,.0f} µs ({slow / fast:,.0f} times)"
    )

    print(
        f"\n{'400 rules, too large: ms an open decision':42} {'mean':>6} {'p50':>6} {'p99':>6} "
        f"{'max':>6} {'of limit':>9} {'some listed':>12} {'µs final':>9}"
    )
    for hit in ("first", "collect min", "rule order", "collect sum", "collect count"):
        opened, decided, unlisted = timed_too_large(hit)
        cuts = quantiles(opened, n=100, method="inclusive")
        print(
            f"{hit:42} {fmean(opened):6.2f} {cuts[49]:6.2f} {cuts[98]:6.2f} {max(opened):6.2f} "
            f"{cuts[98] / LIMIT_LARGE * 1_000:8.2f}x {unlisted / len(opened):11.0%} "
            f"{fmean(decided):9.1f}"
        )


if __name__ == "__main__":
    main()
