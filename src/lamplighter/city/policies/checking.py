"""A draft's text checked: what cannot be read, what no rule covers, which promises hold; in words.

The library is the only judge. What it finds is told here in the reader's language, with each call
in the policy's own words.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from lamplighter.city.refusal import Refusal
from lamplighter.policy import Policy, PolicyError, parse_policy
from lamplighter.policy.check import Finding, Report, check
from lamplighter.policy.errors import Problem, ProofError, sentence

from .needed import check_needed
from .queries import FIRST_RESPONSE
from .wording import NOT_KNOWN, PolicyWords


@dataclass(frozen=True)
class Unread:
    """Something by which the text cannot be read as a policy, in the library's words.

    `language` is that of the message: English where the library has it in no other.
    """

    message: str
    language: str
    line: int
    table: str
    rule: str
    cell: str


@dataclass(frozen=True)
class Told:
    """Something that the check found; `call` is the call that shows it, in words."""

    kind: str
    fails: bool
    says: str
    table: str
    rules: tuple[str, ...]
    call: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PromiseTold:
    """A promise with what became of it: `kept`, `broken`, `contradictory` or `open` (not proved).

    `call` breaks it, and `gives` is what the policy decides for that call.
    """

    id: str
    says: str
    state: str
    status: str
    message: str
    rules: tuple[str, ...]
    call: tuple[tuple[str, str], ...]
    gives: tuple[tuple[str, str], ...] = ()

    @property
    def fails(self) -> bool:
        return self.state in {"broken", "contradictory"}


@dataclass(frozen=True)
class Checked:
    """All that is known of a text; without a policy only `problems`."""

    policy: Policy | None
    passed: bool
    problems: tuple[Unread, ...] = ()
    found: tuple[Told, ...] = ()
    promises: tuple[PromiseTold, ...] = ()
    lacking: str = ""

    @property
    def failures(self) -> int:
        """How many things stand in the way of a signature."""
        failing = sum(told.fails for told in self.found)
        return len(self.problems) + failing + len(self.broken) + bool(self.lacking)

    @property
    def broken(self) -> tuple[PromiseTold, ...]:
        """The promises that do not hold."""
        return tuple(promise for promise in self.promises if promise.fails)

    @property
    def kept(self) -> int:
        return sum(promise.state == "kept" for promise in self.promises)

    def to_json(self) -> dict[str, Any]:
        """For the grid."""
        policy = self.policy
        return {
            "readable": policy is not None,
            "passed": self.passed,
            "failures": self.failures,
            "kept": self.kept,
            "hash": "" if policy is None else policy.content_hash,
            "lacking": self.lacking,
            "problems": [asdict(problem) for problem in self.problems],
            "found": [asdict(told) for told in self.found],
            "promises": [asdict(promise) for promise in self.promises],
        }


def check_text(text: str, language: str) -> Checked:
    """Read and check a text; whatever is wrong is told, and nothing is raised."""
    policy, problems, report = result_of(text)
    if policy is None:
        return Checked(None, False, tuple(_unread(problem, language) for problem in problems))
    assert report is not None
    lacking = _lacking(policy)
    words = PolicyWords(policy, language)
    return Checked(
        policy=policy,
        passed=report.passed and not lacking,
        found=tuple(_told(words, finding) for finding in report.findings),
        promises=tuple(_promise(words, row.to_dict()) for row in report.promises),
        lacking=lacking,
    )


@lru_cache(maxsize=16)
def result_of(text: str) -> tuple[Policy | None, tuple[Problem, ...], Report | None]:
    """The policy of a text with the report of its check, or what keeps it from being read."""
    try:
        policy = parse_policy(text)
    except PolicyError as error:
        return None, error.problems, None
    try:
        return policy, (), check(policy)
    except ProofError as error:
        return None, (Problem(str(error), "", 0, 0, said=error.said),), None


def _unread(problem: Problem, language: str) -> Unread:
    said = problem.said
    return Unread(
        message=problem.message if said is None else said.in_language(language),
        language="en" if said is None else language[:2],
        line=problem.line,
        table=problem.table or "",
        rule=problem.rule or "",
        cell=problem.cell or "",
    )


def _lacking(policy: Policy) -> str:
    if policy.name != FIRST_RESPONSE:
        return ""
    try:
        check_needed(policy)
    except Refusal as refusal:
        return refusal.sentence
    return ""


def _told(words: PolicyWords, finding: Finding) -> Told:
    """A finding in the city's words; where neither call nor rule shows it, in the library's."""
    shown = bool(finding.call or finding.rules)
    said = finding.said.in_language(words.language)
    return Told(
        kind=finding.kind,
        fails=finding.fails,
        says=_says(words, finding) if shown else sentence(said[:1].upper() + said[1:]),
        table=finding.table or "",
        rules=finding.rules,
        call=call_in_words(words, finding.to_dict()["call"]),
    )


def _says(words: PolicyWords, finding: Finding) -> str:
    table = next(one for one in words.policy.tables if one.name == finding.table)
    first, *others = finding.rules or ("",)
    sentences = {
        "gap": _("No rule of “%(table)s” fits this call: add one that does."),
        "overlap": _("The rules %(first)s and %(others)s both fit this call: narrow one of them."),
        "dead": _("The rule %(first)s fits no call: mend it or take it out."),
        "shadowed": _("The rule %(first)s is never reached: %(others)s takes all its calls.")
        if len(others) == 1
        else _("The rule %(first)s is never reached: others take all its calls."),
    }
    named = {"table": words.say(table.title), "first": first, "others": ", ".join(others)}
    return sentences[finding.kind] % named


def _promise(words: PolicyWords, row: Mapping[str, Any]) -> PromiseTold:
    status = str(row["status"])
    states = {"proved": "kept", "refuted": "broken", "contradictory": "contradictory"}
    state = states.get(status, "open")
    declared = {promise.id: promise for promise in words.policy.promises}
    promise = declared.get(str(row["id"]))
    return PromiseTold(
        id=str(row["id"]),
        says=words.say(promise.says) if promise else str(row.get("says", "")),
        state=state,
        status=status,
        message=str(row.get("message") or ""),
        rules=tuple(str(rule) for rule in row.get("rules") or ()),
        call=call_in_words(words, row.get("call")),
        gives=call_in_words(words, row.get("outputs")),
    )


def declares(policy: Policy, name: str) -> bool:
    """Whether this is an input or an output of the policy."""
    return name in policy.inputs or any(name in table.outputs for table in policy.tables)


def call_in_words(
    words: PolicyWords, call: Mapping[str, Any] | None
) -> tuple[tuple[str, str], ...]:
    """A call that shows something: each known fact with its value, as people say them."""
    told = []
    unknown = 0
    for name, value in (call or {}).items():
        if value == "unknown":
            unknown += 1
        elif declares(words.policy, name):
            told.append((words.label(name), words.value(name, value)))
        else:
            told.append((name, str(value)))
    if unknown:
        told.append((_("Everything else"), words.say(NOT_KNOWN)))
    return tuple(told)
