"""What facts, answers and promises say, part by part, in words: so two versions are compared."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from lamplighter.policy import Input, Output, Promise, Words

from .wording import NO, YES, PolicyWords


@dataclass(frozen=True)
class Part:
    """One part of what is declared: what it is called, and what it says; choices one by one."""

    label: str
    says: tuple[str, ...]


def of_fact(words: PolicyWords, fact: Input) -> dict[str, Part]:
    """How a fact is asked, what it can be, and what it is taken for when nobody knows."""
    taken = fact.when_unknown
    nobody = _("nothing: it stays not known") if taken is None else words.value(fact.name, taken)
    return {
        "label": _part(_("In words"), words.say(fact.label)),
        "ask": _part(_("The question"), _said(words, fact.ask)),
        "help": _part(_("Help for who asks"), _said(words, fact.help)),
        "values": Part(_("What it can be"), _can_be(words, fact)),
        "taken": _part(_("When nobody knows, it is taken for"), nobody),
        "known": _part(_("Always known"), _yes_or_no(words, fact.always_known)),
        "safety": _part(_("Safety"), _yes_or_no(words, fact.safety)),
    }


def of_answer(words: PolicyWords, table: str, answer: Output) -> dict[str, Part]:
    """What an answer can be, which table gives it, and whether it is part of the outcome."""
    return {
        "label": _part(_("In words"), words.say(answer.label)),
        "values": Part(_("What it can be"), _can_be(words, answer)),
        "table": _part(_("Table"), table),
        "outcome": _part(
            _("Part of what the policy answers"),
            _yes_or_no(words, answer.name in words.policy.outcome),
        ),
    }


def of_promise(words: PolicyWords, promise: Promise) -> dict[str, Part]:
    """What is promised in words, and the expression that is proved."""
    return {
        "says": _part(_("What is promised"), words.say(promise.says)),
        "never": _part(_("What must never happen, as an expression"), never_of(promise)),
        "source": _part(_("Source"), promise.source),
    }


def never_of(promise: Promise) -> str:
    """The expression of a promise in one line."""
    return " ".join(promise.never.split())


def _part(label: str, says: str) -> Part:
    return Part(label, (says,) if says else ())


def _said(words: PolicyWords, said: Words | None) -> str:
    return words.say(said) if said else ""


def _yes_or_no(words: PolicyWords, yes: bool) -> str:
    return words.say(YES if yes else NO)


def _can_be(words: PolicyWords, declared: Input | Output) -> tuple[str, ...]:
    domain = declared.domain
    if domain.kind == "boolean":
        return (_("Yes or no"),)
    if domain.kind == "choice":
        return tuple(words.say(value.label) for value in declared.values)
    whole = f" · {_('Whole numbers only')}" if domain.integer else ""
    return (domain.show(domain.range) + whole,)
