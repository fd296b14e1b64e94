"""A policy laid out for its readers: questions, tables, promises, and a place to try it."""

from collections.abc import Mapping
from dataclasses import dataclass

from lamplighter.policy import Input, Policy

from .answers import Fact, is_answer, written
from .interview import Interview, interview
from .wording import NOT_KNOWN, Explained, PolicyWords, TableInWords


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Asked:
    """An input as readers see it: the question, its answers, what it is taken for when unknown."""

    name: str
    label: str
    question: str
    help: str
    choices: tuple[Choice, ...]
    is_number: bool
    range: str
    given: str
    unknown_as: str
    always_known: bool


@dataclass(frozen=True)
class Promised:
    id: str
    says: str
    source: str


@dataclass(frozen=True)
class Trial:
    """What the policy says of the facts that a reader chose, and what could still change it."""

    explained: Explained | None
    rules_hit: frozenset[str]
    settled: bool
    may_go: tuple[str, ...]
    open_questions: tuple[str, ...]
    left_out: int


@dataclass(frozen=True)
class PolicyPage:
    title: str
    about: str
    questions: tuple[Asked, ...]
    tables: tuple[TableInWords, ...]
    promises: tuple[Promised, ...]
    rules: int
    trial: Trial | None

    @property
    def more_is_known(self) -> bool:
        """Whether the reader chose more than what every call says."""
        return any(asked.given for asked in self.questions if not asked.always_known)


def lay_out(policy: Policy, language: str, facts: Mapping[str, Fact]) -> PolicyPage:
    """The whole policy in one language; with facts, also who would go and why."""
    words = PolicyWords(policy, language)
    usable = {name: fact for name, fact in facts.items() if is_answer(policy.inputs[name], fact)}
    return PolicyPage(
        title=words.say(policy.title),
        about=words.say(policy.about),
        questions=tuple(
            _asked(words, declared, usable.get(declared.name))
            for declared in policy.inputs.values()
        ),
        tables=tuple(words.table(table) for table in policy.tables),
        promises=tuple(
            Promised(promise.id, words.say(promise.says), promise.source)
            for promise in policy.promises
        ),
        rules=sum(len(table.rules) for table in policy.tables),
        trial=_trial(words, interview(policy, usable), len(facts) - len(usable)) if facts else None,
    )


def _asked(words: PolicyWords, declared: Input, given: Fact | None) -> Asked:
    values = declared.domain.values or ((True, False) if declared.type == "boolean" else ())
    choices = [
        Choice(written(value), words.value(declared.name, value), value == given)
        for value in values
    ]
    if not declared.always_known:
        choices.append(Choice("unknown", _capitalised(words.say(NOT_KNOWN)), given == "unknown"))
    return Asked(
        name=declared.name,
        label=words.label(declared.name),
        question=words.say(declared.ask) if declared.ask else "",
        help=words.say(declared.help) if declared.help else "",
        choices=tuple(choices),
        is_number=declared.type == "number",
        range=str(declared.range) if declared.range else "",
        given="" if given is None else written(given),
        unknown_as=(
            ""
            if declared.when_unknown is None
            else words.value(declared.name, declared.when_unknown)
        ),
        always_known=declared.always_known,
    )


def _trial(words: PolicyWords, asked: Interview, left_out: int) -> Trial:
    decision = asked.decision
    matter = asked.open.can_matter if asked.open else ()
    return Trial(
        explained=words.explain(decision) if decision else None,
        rules_hit=frozenset(hit.rule for hit in decision.hits) if decision else frozenset(),
        settled=asked.settled,
        may_go=tuple(
            words.value("responder", code)
            for code in asked.responders
            if decision is None or code != decision.outcome["responder"]
        ),
        open_questions=tuple(words.label(name) for name in matter if name not in asked.facts),
        left_out=left_out,
    )


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
