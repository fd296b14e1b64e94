"""The next question of the shipped policy, against the limit, the policy's order and asking all.

The peer of the time is `decide`, which names the first question in the policy's order that can
still matter. The peers of the number of questions are that order, and asking everything. Times
are of the clock, each question by itself, over random interviews.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from statistics import fmean, quantiles
from time import perf_counter_ns, process_time_ns

from benchmarks.decide import answers, random_calls
from benchmarks.harsh import harsh_policy
from benchmarks.machine import machine, set_apart
from lamplighter.policy import (
    Decision,
    DecisionError,
    Fact,
    Policy,
    decide,
    read_policy,
    shipped_policy,
)
from lamplighter.policy.ask import Planner, next_question, questions_report, usual_rates

LIMIT = 5_000.0
INTERVIEWS = 2_000


def interviews(
    policy: Policy, ask: Callable[[dict[str, Fact]], str | None], random: Random
) -> list[dict[str, Fact]]:
    """The facts before each question of random interviews."""
    steps: list[dict[str, Fact]] = []
    for _ in range(INTERVIEWS):
        facts: dict[str, Fact] = {}
        while (name := ask(facts)) is not None:
            steps.append(dict(facts))
            facts[name] = random.choice(answers(policy, name))
    return steps


def timed(ask: Callable[[dict[str, Fact]], object], steps: list[dict[str, Fact]]) -> list[float]:
    """Microseconds of each question, after one round to warm up."""
    for facts in steps:
        ask(facts)
    each = []
    for facts in steps:
        start = perf_counter_ns()
        ask(facts)
        each.append((perf_counter_ns() - start) / 1_000)
    return each


def in_order(policy: Policy, facts: dict[str, Fact]) -> str | None:
    """The peer: the first question in the policy's order that can still matter."""
    answer = decide(policy, facts)
    return None if isinstance(answer, Decision) else answer.ask


def timed_too_large() -> dict[str, list[float]]:
    """Microseconds of CPU of each question of interviews with policies that are too large.

    The first question about a nature finds out that it is too large; so it is told apart. What
    follows such questions is loaded before, as a city does at its start.
    """
    harsh_policy("first", 2).engine.make_ready()
    harsh_policy("collect", 2).engine.make_ready()
    each: dict[str, list[float]] = {}
    for hit in ("first", "any", "collect", "collect sum"):
        policy = harsh_policy(hit, 1, cells=(2, 5))
        _ = policy.engine.compiled
        set_apart()
        random = Random(2026)
        axes = {axis.name: axis for axis in policy.engine.compiled.axes}
        for nature in policy.inputs["nature"].domain.values:
            facts: dict[str, Fact] = {"nature": nature}
            moment = "first question of each nature"
            while True:
                start = process_time_ns()
                try:
                    name = next_question(policy, facts)
                except DecisionError:
                    break  # rules that contradict each other
                each.setdefault(f"{hit}, {moment}", []).append((process_time_ns() - start) / 1_000)
                if name is None:
                    break
                facts[name] = random.choice(axes[name].examples)
                moment = "later"
    return each


def _row(name: str, each: list[float]) -> str:
    cuts = quantiles(each, n=100, method="inclusive")
    return (
        f"{name:44} {fmean(each):7.1f} {cuts[49]:7.1f} {cuts[98]:7.1f} {max(each):8.1f} "
        f"{cuts[98] / LIMIT:8.4f}x"
    )


def main() -> None:
    policy = read_policy(shipped_policy("first_response"))
    rates = usual_rates(policy)
    print(f"{policy.name} {policy.version}: {len(policy.inputs)} inputs; rates: {rates.source}")
    print(machine())

    decide(policy, {})
    planner = Planner(policy, rates)
    start = perf_counter_ns()
    for nature in policy.inputs["nature"].domain.values:
        planner.plan({"nature": nature})
    plans = (perf_counter_ns() - start) / 1_000_000
    print(f"plans of all {len(policy.inputs['nature'].domain.values)} natures: {plans:.0f} ms\n")

    def planned(facts: dict[str, Fact]) -> str | None:
        return next_question(policy, facts, rates)

    def ordered(facts: dict[str, Fact]) -> str | None:
        return in_order(policy, facts)

    steps = interviews(policy, planned, Random(2026))
    scattered = random_calls(policy, Random(2026), 0.4)
    print(f"{'µs a question':44} {'mean':>7} {'p50':>7} {'p99':>7} {'max':>8} {'of limit':>9}")
    for name, ask, asked in (
        ("planned, in interviews", planned, steps),
        ("planned, facts in any order", planned, scattered),
        ("first in the policy's order", ordered, steps),
    ):
        print(_row(name, timed(ask, asked)))

    print("\ntoo large to be followed, 400 rules, by hit policy, processor time")
    for name, times in timed_too_large().items():
        print(_row(name, times))

    report = questions_report(policy, rates)
    print(f"\n{'questions a call, natures evenly':36} {'mean':>7} {'worst':>7} {'of all':>7}")
    for name, mean, worst in (
        ("planned", report.planned.mean, report.planned.worst),
        ("in the policy's order", report.in_order.mean, report.in_order.worst),
        ("asking everything", float(report.all), report.all),
    ):
        print(f"{name:36} {mean:7.2f} {worst:7d} {mean / report.all:6.2f}x")


if __name__ == "__main__":
    main()
