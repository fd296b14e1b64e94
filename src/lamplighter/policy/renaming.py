"""A fact, an answer or a value under another name: in the cells and promises that speak of it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lamplighter.policy.never_tokens import KEYWORDS, NeverError, Token, tokens_of

_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')


def renamed_in_cell(test: str, values: Mapping[str, str]) -> str:
    """The cell of a choice with these values under their new names.

    >>> renamed_in_cell('"threat", "now"', {"now": "going on"})
    '"threat", "going on"'
    """

    def renamed(found: re.Match[str]) -> str:
        value = _plain(found.group())
        return _quoted(values[value]) if value in values else found.group()

    return _STRING.sub(renamed, test)


def renamed_in_never(
    never: str, names: Mapping[str, str], values: Mapping[str, Mapping[str, str]]
) -> str:
    """The `never` of a promise with other names; `values` are those of each (old) name.

    A text that is no promise is left as it is.

    >>> never = 'weapon = true and risk = "low"'
    >>> renamed_in_never(never, {"weapon": "armed"}, {"risk": {"low": "none"}})
    'armed = true and risk = "none"'
    """
    try:
        tokens = tokens_of(never)
    except NeverError:
        return never
    out: list[str] = []
    at, subject, in_value, in_set = 0, "", False, False
    for token in tokens:
        new = token.text
        if token.kind == "compare" or new == "contains":
            in_value = True
        elif token.kind == "word" and new == "in":
            in_set = True
        elif token.kind == "string" or _is_value(token, in_value or in_set):
            wanted = values.get(subject, {})
            new = _quoted(wanted[_plain(new)]) if _plain(new) in wanted else new
            in_value = False
        elif token.kind == "word" and new not in KEYWORDS:
            subject = new
            new = names.get(new, new)
        else:
            in_value = False
            in_set = in_set and new != ")"
        # What stands between two tokens is blanks, and stays.
        start = token.offset + len(never[token.offset :]) - len(never[token.offset :].lstrip())
        out += [never[at:start], new]
        at = start + len(token.text)
    return "".join(out) + never[at:]


def _is_value(token: Token, expected: bool) -> bool:
    return expected and token.kind == "word" and token.text not in KEYWORDS


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if text.startswith('"') else text


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
