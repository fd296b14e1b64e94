"""Where the questions stand: what was answered, what can still matter, who would go now."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from lamplighter.policy import UNKNOWN, Decision, Fact, Input, Open, Policy, decide
from lamplighter.policy.ask import next_question, usual_rates

NATURE = "nature"


@dataclass(frozen=True)
class Interview:
    """The state of the questions for one set of facts.

    `decision` is what the policy says as it stands, as if what is open stayed unknown; it is None
    until what must always be known is known. `possible` are the answers that are still in reach,
    the standing one first; with one there, nothing can change any more who goes.
    """

    policy: Policy
    facts: Mapping[str, Fact]
    decision: Decision | None
    open: Open | None

    @property
    def question(self) -> Input | None:
        """The next question to ask: safety first, then what leads to the fewest questions."""
        if self.decision is None or self.open is None:
            return None
        asked = self.policy.inputs[self.open.ask]
        return asked if asked.ask else None

    @property
    def answered(self) -> tuple[Input, ...]:
        """The facts given so far, what is happening apart, in the policy's order."""
        return tuple(i for i in self._beside_nature() if i.name in self.facts)

    @property
    def can_matter(self) -> tuple[Input, ...]:
        """What is not known, can still change the answer, and is not the question being asked."""
        matter = self.open.can_matter if self.open else ()
        asked = self.question
        return tuple(
            i
            for i in self._beside_nature()
            if i.name in matter and i.name not in self.facts and i is not asked
        )

    @property
    def cannot_matter(self) -> tuple[Input, ...]:
        """What is not known and changes nothing, yet may help the team to know."""
        matter = self.open.can_matter if self.open else ()
        return tuple(
            i for i in self._beside_nature() if i.name not in matter and i.name not in self.facts
        )

    @property
    def responders(self) -> tuple[str, ...]:
        """Who may still go, each once, in the order of the policy's declared answers."""
        if self.open is None:
            return ()
        possible = {outcome["responder"] for outcome in self.open.possible}
        declared = self.policy.output("responder").values
        return tuple(value.value for value in declared if value.value in possible)

    @property
    def settled(self) -> bool:
        """Whether no answer can change the outcome any more."""
        return self.decision is not None and self.open is None

    def _beside_nature(self) -> tuple[Input, ...]:
        return tuple(i for i in self.policy.inputs.values() if i.name != NATURE)


def decide_or_ask(policy: Policy, facts: Mapping[str, Fact]) -> Decision | Open:
    """Decide a call; where it is open, `ask` is the question that leads to the fewest.

    How often each answer occurs is what ships with the library, or even where that is silent.
    """
    answer = decide(policy, facts)
    if isinstance(answer, Open):
        asked = next_question(policy, facts, usual_rates(policy))
        return replace(answer, ask=asked or answer.ask)
    return answer


def interview(policy: Policy, facts: Mapping[str, Fact]) -> Interview:
    """Ask the policy what it says now and what it still wants to know.

    Raises FactError for a fact that the policy does not know or a value that is not declared.
    """
    known = {name: UNKNOWN if value == "unknown" else value for name, value in facts.items()}
    answer = decide_or_ask(policy, known)
    complete = all(i.name in known for i in policy.inputs.values() if i.always_known)
    standing = decide(policy, known, final=True) if complete else None
    if isinstance(standing, Open):
        raise AssertionError("a final decision is open")
    return Interview(
        policy,
        MappingProxyType(known),
        standing,
        answer if isinstance(answer, Open) else None,
    )
