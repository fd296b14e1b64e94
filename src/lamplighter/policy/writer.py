"""Writes a policy as YAML in the house's form, so that reading it back gives the same policy."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from lamplighter.policy.declarations import spoken
from lamplighter.policy.domains import Domain, Value, format_value
from lamplighter.policy.model import (
    ChoiceValue,
    Input,
    Output,
    Policy,
    Promise,
    Rule,
    Table,
    Words,
)

_WIDTH = 100
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:[- ][A-Za-z0-9_]+)*")
# Words that some reader of YAML, whatever its version, takes for something other than a text.
_NOT_PLAIN = frozenset(["true", "false", "yes", "no", "on", "off", "y", "n", "null"])
# The tests of a cell, between its commas.
_TESTS = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^,"])+')
_FOLDABLE = re.compile(r"\S+(?: \S+)*")


def policy_to_yaml(policy: Policy) -> str:
    """The policy as a YAML text; `parse_policy` of it has the same content hash.

    What need not be written is left out: labels that follow from a name, cells that accept
    everything, an outcome of all outputs. Comments of the file that was read are not kept.

    >>> from lamplighter.policy import read_policy, shipped_policy, parse_policy
    >>> policy = read_policy(shipped_policy("first_response"))
    >>> parse_policy(policy_to_yaml(policy)).content_hash == policy.content_hash
    True
    """
    return "\n".join(_policy(policy)) + "\n"


def _policy(policy: Policy) -> Iterator[str]:
    yield f"policy: {_text(policy.name)}"
    yield f"version: {_quoted(policy.version)}"
    if policy.title != spoken(policy.name):
        yield from _words("title", policy.title)
    if policy.about.en:
        yield from _words("about", policy.about)
    yield ""
    yield "inputs:"
    for declared in policy.inputs.values():
        yield from _indented(_input(declared))
    every = tuple(name for table in policy.tables for name in table.outputs)
    if policy.outcome != every:
        yield ""
        yield f"outcome: [{', '.join(_text(name) for name in policy.outcome)}]"
    yield ""
    yield "tables:"
    for table in policy.tables:
        yield from _indented(_table(table))
    if policy.promises:
        yield ""
        yield "promises:"
        for promise in policy.promises:
            yield from _indented(_item(_promise(promise)))


def _input(declared: Input) -> Iterator[str]:
    yield f"{_text(declared.name)}:"
    yield from _indented(_domain(declared.domain))
    if declared.label != spoken(declared.name):
        yield from _indented(_words("label", declared.label))
    if declared.ask is not None:
        yield from _indented(_words("ask", declared.ask))
    if declared.help is not None:
        yield from _indented(_words("help", declared.help))
    if declared.always_known:
        yield "  always known: true"
    yield from _indented(_values(declared.values))
    if declared.when_unknown is not None:
        yield f"  when unknown: {_value(declared.when_unknown)}"
    if declared.safety:
        yield "  safety: true"


def _output(output: Output) -> Iterator[str]:
    yield f"{_text(output.name)}:"
    yield from _indented(_domain(output.domain))
    if output.label != spoken(output.name):
        yield from _indented(_words("label", output.label))
    yield from _indented(_values(output.values))


def _domain(domain: Domain) -> Iterator[str]:
    yield f"type: {domain.kind}"
    if domain.range is not None:
        yield f"range: {_quoted(range_text(domain))}"
    if domain.integer:
        yield "integer: true"


def range_text(domain: Domain) -> str:
    """A declared range as it is written: no exponents, which cells do not know.

    >>> from lamplighter.policy.domains import Interval
    >>> range_text(Domain("number", range=Interval(0.0000001, 24, True, False)))
    '[0.0000001..24)'
    >>> range_text(Domain("date", range=Interval(0, 10)))
    '[date("1970-01-01")..date("1970-01-11")]'
    """
    shown = domain.show(domain.range)
    return re.sub(r"\d+(?:\.\d+)?e-?\d+", lambda m: f"{Decimal(m.group()):f}", shown)


def _values(values: tuple[ChoiceValue, ...]) -> Iterator[str]:
    if not values:
        return
    if all(choice.label == spoken(choice.value) for choice in values):
        line = f"values: [{', '.join(_text(choice.value) for choice in values)}]"
        if len(line) <= _WIDTH:
            yield line
            return
    yield "values:"
    for choice in values:
        yield from _indented(_words(_text(choice.value), choice.label))


def _table(table: Table) -> Iterator[str]:
    yield f"{_text(table.name)}:"
    if table.title != spoken(table.name):
        yield from _indented(_words("title", table.title))
    yield f"  hit: {table.hit} {table.aggregate}" if table.aggregate else f"  hit: {table.hit}"
    yield "  outputs:"
    for output in table.outputs.values():
        yield from _indented(_output(output), 2)
    yield "  rules:"
    for rule in table.rules:
        yield from _indented(_item(_rule(rule)), 2)


def _rule(rule: Rule) -> Iterator[str]:
    yield f"id: {_text(rule.id)}"
    if rule.when:
        yield from _when({name: cell.text for name, cell in rule.when.items()})
    yield from _mapping("then", {name: _value(value) for name, value in rule.then.items()})
    yield from _words("because", rule.because)
    yield from _long_text("source", rule.source)


def _promise(promise: Promise) -> Iterator[str]:
    yield f"id: {_text(promise.id)}"
    yield from _words("says", promise.says)
    if promise.source:
        yield from _long_text("source", promise.source)
    # Its spaces and line ends have no meaning.
    yield from _long_text("never", " ".join(promise.never.split()))


def _words(key: str, words: Words) -> Iterator[str]:
    """`key: {en: …, es: …}`, on two more lines where one would be too long."""
    if not words.es:
        line = f"{key}: {{en: {_quoted(words.en)}}}"
    else:
        line = f"{key}: {{en: {_quoted(words.en)}, es: {_quoted(words.es)}}}"
    if len(line) <= _WIDTH:
        yield line
        return
    yield f"{key}:"
    yield from _indented(_long_text("en", words.en))
    if words.es:
        yield from _indented(_long_text("es", words.es))


def _long_text(key: str, text: str) -> Iterator[str]:
    """One line in quotes, or a folded block where that is long and folding is without loss."""
    line = f"{key}: {_quoted(text)}"
    if len(line) <= _WIDTH or not text.isprintable() or not _FOLDABLE.fullmatch(text):
        yield line
        return
    yield f"{key}: >-"
    lines = textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
    yield from _indented(lines)


def _mapping(key: str, entries: Mapping[str, str]) -> Iterator[str]:
    pairs = [f"{_text(name)}: {value}" for name, value in entries.items()]
    line = f"{key}: {{{', '.join(pairs)}}}"
    if len(line) <= _WIDTH:
        yield line
    else:
        yield f"{key}:"
        yield from _indented(pairs)


def _when(cells: Mapping[str, str]) -> Iterator[str]:
    """The cells of a rule; a cell that is too long for a line is folded between its tests."""
    pairs = {name: _cell(text) for name, text in cells.items()}
    if all(len(pair) < _WIDTH for pair in pairs.values()):
        yield from _mapping("when", pairs)
        return
    yield "when:"
    for name, text in cells.items():
        tests = [part.strip() for part in _TESTS.findall(text)]
        if len(pairs[name]) < _WIDTH or not text.isprintable():
            yield f"  {_text(name)}: {pairs[name]}"
            continue
        yield f"  {_text(name)}: >-"
        line = ""
        for number, test in enumerate(tests):
            test += "," if number < len(tests) - 1 else ""
            if line and len(line) + len(test) >= _WIDTH:
                yield f"    {line}"
                line = ""
            line += f" {test}" if line else test
        yield f"    {line}"


def _cell(text: str) -> str:
    """A cell stands in quotes; in single ones where it has double ones itself."""
    if '"' in text and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return _quoted(text)


def _value(value: Value) -> str:
    return _text(value) if isinstance(value, str) else format_value(value)


def _text(text: str) -> str:
    """A name or a value: plain where every reader of YAML takes it for a text, else in quotes."""
    if _PLAIN.fullmatch(text) and text.lower() not in _NOT_PLAIN:
        return text
    return _quoted(text)


def _quoted(text: str) -> str:
    """A text in double quotes. JSON's escapes are YAML's, but YAML wants more of them."""
    return "".join(
        char if char.isprintable() else f"\\U{ord(char):08X}"
        for char in json.dumps(text, ensure_ascii=False)
    )


def _item(lines: Iterable[str]) -> Iterator[str]:
    """An item of a list, after an empty line: the dash stands before its first line."""
    yield ""
    for number, line in enumerate(lines):
        yield f"{'  ' if number else '- '}{line}"


def _indented(lines: Iterable[str], levels: int = 1) -> Iterator[str]:
    for line in lines:
        yield "  " * levels + line if line else line
